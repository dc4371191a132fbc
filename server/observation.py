"""Observation: every request gets an id, a line in the log and its place in the metrics.

The line and the metrics tell the GraphQL operation's name, cost and error codes, which the endpoint leaves on
the state of the request as `operation`, `cost` and `error_codes`.
"""

import re
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from server.errors import INTERNAL, problem
from server.logs import logger
from server.metrics import Finished, Metrics

_logger = logger("server.requests")

# What load balancers and tracing libraries send; anything else could be made to forge lines of a log.
_WELL_FORMED = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
# There is no status for an answer that nobody waited for; this is the one that proxies log.
_GONE_AWAY = 499


def request_id(headers: Headers) -> str:
    """The id that the client or a proxy gave the request where it is well formed, else a new one."""
    sent = headers.get("x-request-id", "")
    return sent if _WELL_FORMED.fullmatch(sent) else uuid4().hex


@dataclass(slots=True)
class _Answer:
    """What was sent of an answer until now."""

    send: Send
    id: str
    status: int | None = None
    size: int = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)["X-Request-Id"] = self.id
        else:
            self.size += len(message.get("body", b""))
        await self.send(message)


class Observation:
    """Answers as the app does, and tells of it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what nobody foresaw is logged once and told without its words."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer, started = _Answer(send, request_id(Headers(scope=scope))), perf_counter()
        state = scope.setdefault("state", {})
        state["request_id"] = answer.id
        self._metrics.begin()
        with bound_contextvars(request_id=answer.id):
            try:
                await self._app(scope, receive, answer)
            except ClientDisconnect:
                pass
            except Exception as error:
                _logger.error("failed", path=scope["path"][:200], exc_info=error)
                if answer.status is not None:
                    raise
                state["error_codes"] = [INTERNAL.code]
                await problem(INTERNAL)(scope, receive, answer)
            finally:
                self._tell(scope, state, answer, perf_counter() - started)

    def _tell(self, scope: Scope, state: dict[str, Any], answer: _Answer, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = getattr(scope.get("route"), "path", "unmatched")
        status = answer.status or _GONE_AWAY
        # An endpoint that is no operation costs nothing.
        cost, codes = state.get("cost") or None, tuple(state.get("error_codes", ()))
        self._metrics.end(Finished(method, route, status, seconds, cost, codes))
        fields = {
            "method": method,
            "route": route,
            "path": scope["path"][:200],
            "status": status,
            "ms": round(seconds * 1000, 1),
            "bytes": answer.size,
            "operation": (state.get("operation") or "")[:100] or None,
            "cost": cost,
            "errors": codes or None,
        }
        tell = _logger.error if status >= 500 else _logger.info
        tell("request", **{name: value for name, value in fields.items() if value is not None})

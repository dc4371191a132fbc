"""Response: how an outcome is told over HTTP, with status, headers and body (GraphQL over HTTP, Response)."""

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response

from ontology.errors import (
    CompactgraphError,
    MethodNotAllowed,
    Overloaded,
    RateLimited,
    TooLarge,
    UnsupportedMediaType,
)
from server.errors import described
from server.graphql import Asked
from server.graphql_request import JSON, METHODS

# Smaller answers fit into one packet anyway.
_WORTH_PACKING = 1000

_CODING = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q=([\d.]+))?\s*")

_NOTHING: Mapping[str, str] = MappingProxyType({})

# What errors of a request say in headers, beside their words.
_HEADERS: dict[type[CompactgraphError], dict[str, str]] = {
    MethodNotAllowed: {"Allow": ", ".join(METHODS)},
    UnsupportedMediaType: {"Accept-Post": JSON, "Accept-Encoding": "identity"},
    # What was not read of the body would be taken for the next request.
    TooLarge: {"Connection": "close"},
    Overloaded: {"Retry-After": "1"},
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told to a client: data, or errors, and the cost where it is known."""

    maximum: int
    requested: int | None = None
    data: dict[str, Any] | None = None
    errors: list[dict[str, Any]] | None = None
    has_data: bool = False
    #: How many changes a token may ask for in a minute, and how many are left, where it asked for some.
    changes: tuple[int, int] | None = None

    def body(self) -> bytes:
        """The GraphQL response (GraphQL specification, section 7.1) as JSON in UTF-8."""
        told: dict[str, Any] = {"errors": self.errors} if self.errors else {}
        if self.has_data:
            told["data"] = self.data
        if self.requested is not None:
            told["extensions"] = {"cost": {"requested": self.requested, "maximum": self.maximum}}
        return orjson.dumps(told)

    def limits(self) -> dict[str, str]:
        """The RateLimit fields (draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4).

        The quota of cost is one operation's: nothing is kept of what a client asked before, so there is no
        window. That of changes is a token's, and fills up again within a minute.
        """
        policies, left = [f'"operation";q={self.maximum};qu="cost"'], []
        if self.requested is not None:
            left.append(f'"operation";r={max(self.maximum - self.requested, 0)}')
        if self.changes is not None:
            policies.append(f'"mutations";q={self.changes[0]};w=60')
            left.append(f'"mutations";r={self.changes[1]}')
        fields = {"RateLimit-Policy": ", ".join(policies)}
        return fields | {"RateLimit": ", ".join(left)} if left else fields


@dataclass(frozen=True, slots=True)
class Form:
    """How the answer to one request is sent."""

    media_type: str = JSON
    is_packed: bool = False
    is_safe: bool = False
    #: Whether the answer is for one person: no cache keeps it, and no tag names it.
    is_private: bool = False

    def headers(self) -> dict[str, str]:
        """What the form alone says."""
        return {"Vary": "Accept, Accept-Encoding, Authorization"}

    def _unkept(self) -> dict[str, str]:
        return {"Cache-Control": "private, no-store" if self.is_private else "no-store"}

    def status(self, errors: list[GraphQLError]) -> int:
        """The status of an answer without data: that of its first error, or 200 for the older media type."""
        if self.media_type == JSON:
            return 200
        cause = errors[0].original_error if errors else None
        return cause.status if isinstance(cause, CompactgraphError) else CompactgraphError.status

    def answered(self, answer: Answer, status: int, tag: str | None) -> Response:
        """The response to a well-formed request."""
        if answer.errors or self.is_private:
            return self._sent(answer, status, self._unkept())
        fresh = {"Cache-Control": "no-cache"}
        return self._sent(answer, status, fresh | {"ETag": tag} if tag else fresh)

    def refused(self, error: CompactgraphError, maximum: int, told: Mapping[str, str] = _NOTHING) -> Response:
        """The response to a request that is not well-formed, or that is not taken."""
        answer = Answer(maximum, errors=[described(GraphQLError(error.message, original_error=error))])
        headers = next((_HEADERS[each] for each in type(error).__mro__ if each in _HEADERS), {})
        if isinstance(error, RateLimited):
            headers = {"Retry-After": str(error.seconds)}
        return self._sent(answer, error.status, {**self._unkept(), **headers, **told})

    def unchanged(self, answer: Answer, tag: str) -> Response:
        """304: the client has this answer already."""
        headers = {"ETag": tag, "Cache-Control": "no-cache", **answer.limits(), **self.headers()}
        return Response(status_code=304, headers=headers)

    def _sent(self, answer: Answer, status: int, headers: dict[str, str]) -> Response:
        body = answer.body()
        told = {**self.headers(), **answer.limits(), **headers}
        told["Content-Type"] = f"{self.media_type}; charset=utf-8"
        if self.is_packed and len(body) >= _WORTH_PACKING:
            # Without a time the same answer has the same bytes.
            body = gzip.compress(body, 5, mtime=0)
            told["Content-Encoding"] = "gzip"
        return Response(body, status, told)


def takes_gzip(accept: str | None) -> bool:
    """Whether an Accept-Encoding header takes gzip (RFC 9110, section 12.5.3)."""
    found = [_CODING.fullmatch(each) for each in (accept or "").split(",")]
    codings = {each[1].lower(): each[2] for each in found if each}
    quality = codings.get("gzip", codings.get("x-gzip", codings.get("*", "0"))) or "1"
    return quality.strip("0.") != ""


def entity_tag(asked: Asked, media_type: str, service: str, version: int | None) -> str:
    """The tag of an answer: of data version, document, operation, variables and media type.

    It is weak, because the answer has other bytes when it is packed (RFC 9110, section 8.8.1).
    """
    of = [service, version, asked.query, asked.operation_name, asked.variables, media_type]
    return f'W/"{sha256(orjson.dumps(of, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]}"'


def known_tags(request: Request) -> frozenset[str]:
    """The tags of If-None-Match (RFC 9110, section 13.1.2); `*` stands for any."""
    sent = ",".join(request.headers.getlist("if-none-match"))
    return frozenset(each.strip().removeprefix("W/") for each in sent.split(",") if each.strip())

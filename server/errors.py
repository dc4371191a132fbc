"""Errors: how the tree of `ontology.errors` is told, as problem+json and in GraphQL answers.

Both carry the same stable code, message and suggestion. What a client did wrong is never logged as a failure
of ours, and what failed inside never reaches a client in its own words.
"""

import logging
from collections.abc import Mapping
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLSyntaxError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ontology.errors import CompactgraphError, MethodNotAllowed, NotFound, Unavailable

_logger = logging.getLogger(__name__)

_INTERNAL = CompactgraphError("Something failed inside the service.", "Try again; tell us if it stays so.")


def problem(
    error: CompactgraphError,
    headers: dict[str, str] | None = None,
    members: Mapping[str, str] | None = None,
) -> Response:
    """An error as an answer of its own, with what else it has to tell (RFC 9457)."""
    body: dict[str, Any] = {
        **(members or {}),
        "type": f"/errors#{error.code}",
        "title": (type(error).__doc__ or "").partition("\n")[0],
        "status": error.status,
        "code": error.code,
        "detail": error.message,
        "suggestion": error.suggestion,
    }
    return Response(
        orjson.dumps(body),
        error.status,
        {"Cache-Control": "no-store", **(headers or {})},
        "application/problem+json",
    )


async def on_error(request: Request, error: Exception) -> Response:
    """Answer one of our own errors."""
    if not isinstance(error, CompactgraphError):
        return await on_failure(request, error)
    if isinstance(error, Unavailable):
        _logger.error("%s %s: %s", request.method, request.url.path, error.message, exc_info=error)
    return problem(error)


async def on_failure(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw, and log it."""
    _logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(_INTERNAL)


async def on_http(request: Request, error: Exception) -> Response:
    """Answer what Starlette refuses: an unknown path, or a method that a path has not."""
    if not isinstance(error, HTTPException):
        return await on_failure(request, error)
    unknown = NotFound(f"there is nothing at {request.url.path}", "Begin at / for what there is.")
    if error.status_code == unknown.status:
        return problem(unknown)
    refused = MethodNotAllowed(f"{request.method} is not possible here", "See the Allow header.")
    return problem(refused, dict(error.headers or {}))


def described(error: GraphQLError) -> dict[str, Any]:
    """A GraphQL error as the answer tells it, with code and suggestion under `extensions`."""
    told = dict(error.formatted)
    cause = error.original_error
    if isinstance(cause, CompactgraphError):
        extensions = {"code": cause.code, "suggestion": cause.suggestion}
        return {**told, "message": cause.message, "extensions": extensions}
    if isinstance(error, GraphQLSyntaxError):
        extensions = {"code": "GRAPHQL_PARSE_FAILED", "suggestion": "Correct the document at this place."}
    elif cause is None or error.path is None:
        extensions = {
            "code": "GRAPHQL_VALIDATION_FAILED",
            "suggestion": "Compare the document and its variables with /schema.graphql.",
        }
    else:
        _logger.error("a field failed after fetch", exc_info=cause)
        return {
            "message": _INTERNAL.message,
            "extensions": {"code": _INTERNAL.code, "suggestion": _INTERNAL.suggestion},
        }
    return {**told, "extensions": extensions}

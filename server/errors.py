"""Errors: how the tree of `ontology.errors` is told, as problem+json and in GraphQL answers.

Both carry the same stable code, message and suggestion. What a client did wrong is never logged as a failure
of ours, and what failed inside never reaches a client in its own words.
"""

import logging
from collections.abc import Mapping
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.responses import Response

from ontology.errors import CompactgraphError

_logger = logging.getLogger(__name__)

# A message may quote what the client sent, of any length.
_LONGEST = 1000

#: What failed inside, as it is told outside.
INTERNAL = CompactgraphError("Something failed inside the service.", "Try again; tell us if it stays so.")


def title(error: CompactgraphError) -> str:
    """What kind of error it is, in one sentence."""
    return (type(error).__doc__ or "").partition("\n")[0]


def problem(
    error: CompactgraphError,
    headers: dict[str, str] | None = None,
    members: Mapping[str, str] | None = None,
) -> Response:
    """An error as an answer of its own, with what else it has to tell (RFC 9457)."""
    body: dict[str, Any] = {
        **(members or {}),
        "type": f"/errors#{error.code}",
        "title": title(error),
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


def described(error: GraphQLError) -> dict[str, Any]:
    """A GraphQL error as the answer tells it, with code and suggestion under `extensions`."""
    cause = error.original_error
    if not isinstance(cause, CompactgraphError):
        # Every mistake of a client was found before: what fails now is our own.
        _logger.error("a field failed after fetch", exc_info=cause or error)
        cause = INTERNAL
    message = cause.message if len(cause.message) <= _LONGEST else f"{cause.message[:_LONGEST]}..."
    told: dict[str, Any] = {"message": message}
    if error.locations:
        told["locations"] = [each.formatted for each in error.locations]
    if error.path is not None:
        told["path"] = error.path
    return {**told, "extensions": {"code": cause.code, "suggestion": cause.suggestion}}

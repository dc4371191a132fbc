"""Request: what a client asks for, read from the address or the body (GraphQL over HTTP, section Request)."""

import asyncio
import re
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect, Request

from ontology.errors import (
    AddressTooLong,
    BadRequest,
    MethodNotAllowed,
    NotAcceptable,
    RequestTimeout,
    TooLarge,
    UnsupportedMediaType,
)
from server.graphql import Asked
from server.negotiation import chosen
from server.settings import Settings

GRAPHQL_JSON, JSON, HTML = "application/graphql-response+json", "application/json", "text/html"
METHODS = ("GET", "HEAD", "POST", "OPTIONS")

_SAFE = ("GET", "HEAD")
_CHARSET = re.compile(r';\s*charset\s*=\s*"?([^\s";]*)', re.IGNORECASE)


def check_method(method: str) -> None:
    """Raises MethodNotAllowed."""
    if method not in METHODS:
        raise MethodNotAllowed(f"{method} is not possible here", f"Use one of {', '.join(METHODS)}.")


def wants_page(request: Request) -> bool:
    """Whether a browser asks for a page to look at, rather than for an answer."""
    accept = ",".join(request.headers.getlist("accept"))
    return request.method in _SAFE and chosen(accept, (JSON, GRAPHQL_JSON, HTML)) == HTML


def media_type(request: Request) -> str:
    """The media type of the answer. Raises NotAcceptable.

    Who names the newer type gets it; who takes anything gets the older one, which everybody understands.
    """
    accept = ",".join(request.headers.getlist("accept"))
    offered = (GRAPHQL_JSON, JSON) if GRAPHQL_JSON in accept.lower() else (JSON, GRAPHQL_JSON)
    found = chosen(accept, offered)
    if found is None:
        raise NotAcceptable(
            "none of the media types in the Accept header is offered", f"Ask for {GRAPHQL_JSON} or {JSON}."
        )
    return found


async def asked(request: Request, limits: Settings) -> Asked:
    """The parameters of a request. Raises the errors of a request that is not well-formed."""
    if request.method in _SAFE:
        return _of_address(request.scope["query_string"], round(limits.max_body_kb * 1000))
    _check_type(request)
    return _of_body(await _body(request, limits))


def _of_address(query: bytes, longest: int) -> Asked:
    if len(query) > longest:
        raise AddressTooLong(f"the address is longer than {longest} bytes", "Send the operation by POST.")
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise BadRequest("the address is not encoded in UTF-8", "Percent-encode its parameters.") from None
    found: dict[str, Any] = dict(pairs)
    if len(found) < len(pairs):
        raise BadRequest("a parameter stands twice in the address", "Send each of them once.")
    for name in ("variables", "extensions"):
        if found.get(name):
            found[name] = _json(found[name].encode(), f"{name} in the address")
        else:
            found.pop(name, None)
    # An empty name is no name (GraphQL over HTTP, section GET).
    return _well_formed({**found, "operationName": found.get("operationName") or None}, is_safe=True)


def _check_type(request: Request) -> None:
    """Raises UnsupportedMediaType for what forms send without asking first, and for what we cannot read."""
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != JSON:
        sent = content_type.partition(";")[0].strip()[:100] or "of no type"
        raise UnsupportedMediaType(f"the body is {sent}", f"Send JSON, with Content-Type: {JSON}.")
    charset = _CHARSET.search(content_type)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType(f"the body is in {charset[1][:40]}", "Send JSON in UTF-8.")
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", ""}:
        raise UnsupportedMediaType(f"the body is packed with {coding[:40]}", "Send it as it is.")


def _too_large(longest: int) -> TooLarge:
    return TooLarge(f"the body is longer than {longest} bytes", "Ask in several operations.")


async def _body(request: Request, limits: Settings) -> bytes:
    """The body, of which no more is read than may be sent."""
    longest = round(limits.max_body_kb * 1000)
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length[:20]) > longest:
        raise _too_large(longest)
    body = bytearray()
    try:
        async with asyncio.timeout(limits.deadline_seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > longest:
                    raise _too_large(longest)
    except TimeoutError:
        raise RequestTimeout("the body did not arrive in time", "Send it at once.") from None
    except ClientDisconnect:
        # Nobody reads this answer.
        raise BadRequest("the body ends before its end", "Send all of it.") from None
    return bytes(body)


def _json(text: bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}" if text else "nothing was sent"
        raise BadRequest(f"{what} is no JSON in UTF-8 ({place})", "Send a JSON object in UTF-8.") from None


def _of_body(body: bytes) -> Asked:
    found = _json(body, "the body")
    if isinstance(found, list):
        raise BadRequest("the body is a list", "Send one operation at a time: batches are not taken.")
    if not isinstance(found, dict):
        raise BadRequest("the body is no JSON object", "Send an object with the property query.")
    return _well_formed(found, is_safe=False)


def _well_formed(found: dict[str, Any], *, is_safe: bool) -> Asked:
    """Raises BadRequest for a parameter that is missing or of the wrong kind; null is the same as nothing."""
    query, name = found.get("query"), found.get("operationName")
    if not isinstance(query, str):
        problem = "is no string" if query is not None else "is missing"
        raise BadRequest(f"query {problem}", "Send a GraphQL document in the parameter query.")
    if name is not None and not isinstance(name, str):
        raise BadRequest("operationName is no string", "Send the name of an operation, or leave it out.")
    for parameter in ("variables", "extensions"):
        if not isinstance(found.get(parameter), dict | None):
            raise BadRequest(f"{parameter} is no JSON object", "Send an object, or leave it out.")
    return Asked(query, name, found.get("variables") or {}, is_safe)

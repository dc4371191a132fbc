"""Failure: how an error is answered, with a page for browsers and problem+json for all others."""

import logging
from collections.abc import Iterable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ontology.errors import (
    CompactgraphError,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    PublicationRunning,
    Unavailable,
)
from server.errors import INTERNAL, problem, title
from server.pages.rendering import policy, rendered
from server.representation import HTML, OFFERS, Offer, alternates, in_format, prefers_html

_logger = logging.getLogger(__name__)

# What errors say in headers, beside their words.
_HEADERS: dict[type[CompactgraphError], dict[str, str]] = {PublicationRunning: {"Retry-After": "60"}}

_HEADINGS = {404: "There is nothing here", 410: "This was deleted"}

#: A format: its name and its address.
Formats = Iterable[tuple[str, str]]


def failure(
    request: Request,
    error: CompactgraphError,
    members: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    formats: Formats = (),
) -> Response:
    """The error as a page for browsers, else as problem+json with further members (RFC 9457, section 3.2).

    `formats` are those that there are, for the page to lead to.
    """
    request.state.error_codes = [error.code]
    told = {**(headers or {}), "Vary": "Accept"}
    is_page = request.url.path.endswith(f".{HTML.suffix}") or prefers_html(request)
    if not is_page or request.method not in ("GET", "HEAD"):
        return problem(error, told, members)
    body = rendered(
        "failure.html",
        base=request.app.state.iris.base,
        error=error,
        heading=_HEADINGS.get(error.status) or title(error),
        members=members or {},
        formats=[*formats],
    )
    told |= {"Content-Security-Policy": policy(), "Cache-Control": "no-store"}
    return Response(body, error.status, told, f"{HTML.media_type}; charset=utf-8")


def refused(request: Request, url: str, offers: Mapping[str, Offer] = OFFERS) -> Response:
    """406, with the address of every format that there is."""
    there = [(each, in_format(url, each.suffix)) for each in offers.values()]
    offered = ", ".join(f"{each.media_type} at {address}" for each, address in there)
    error = NotAcceptable("none of the media types in the Accept header is offered", f"Ask for {offered}.")
    links = {"Link": ", ".join(alternates(url, offers))}
    return failure(request, error, None, links, ((each.name, address) for each, address in there))


async def on_error(request: Request, error: Exception) -> Response:
    """Answer one of our own errors."""
    if not isinstance(error, CompactgraphError):
        return await on_failure(request, error)
    if isinstance(error, Unavailable) and not isinstance(error, PublicationRunning):
        _logger.error("%s %s: %s", request.method, request.url.path, error.message, exc_info=error)
    return failure(request, error, headers=_HEADERS.get(type(error)))


async def on_failure(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw, and log it."""
    _logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return failure(request, INTERNAL)


async def on_http(request: Request, error: Exception) -> Response:
    """Answer what Starlette refuses: an unknown path, or a method that a path has not."""
    if not isinstance(error, HTTPException):
        return await on_failure(request, error)
    unknown = NotFound(f"there is nothing at {request.url.path}", "Begin at / for what there is.")
    not_allowed = MethodNotAllowed(f"{request.method} is not possible here", "See the Allow header.")
    told = unknown if error.status_code == unknown.status else not_allowed
    return failure(request, told, None, dict(error.headers or {}))

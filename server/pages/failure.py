"""Failure: the page that a browser gets where there is nothing, or nothing any more."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from ontology.errors import CompactgraphError
from server.errors import problem
from server.pages.rendering import policy, rendered
from server.representation import HTML, prefers_html


def failure(
    request: Request,
    error: CompactgraphError,
    members: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The error as a page for browsers, else as problem+json with further members (RFC 9457, section 3.2)."""
    request.state.error_codes = [error.code]
    told = {**(headers or {}), "Vary": "Accept"}
    is_page = request.url.path.endswith(f".{HTML.suffix}") or prefers_html(request)
    if not is_page:
        return problem(error, told, members)
    body = rendered("failure.html", base=request.app.state.iris.base, error=error, members=members or {})
    told |= {"Content-Security-Policy": policy(), "Cache-Control": "no-store"}
    return Response(body, error.status, told, f"{HTML.media_type}; charset=utf-8")

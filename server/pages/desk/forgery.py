"""Forgery: whether a request that changes something was sent by a page of our own (OWASP, CSRF prevention).

Two things have to hold, and each would do by itself: the browser names our own site as the one that sends the
form, and the form carries the mark of the session, which no other site can read. Signing in has no session
yet, and rests on the first.
"""

from urllib.parse import urlsplit

from starlette.requests import Request

from ontology.errors import Forbidden
from schema.session import is_marked

#: The name of the field that carries the mark.
FIELD = "mark"

_SUGGESTION = "Open the desk in a tab of its own, and send the form from there."


def _check_origin(request: Request, base: str) -> None:
    """Raises Forbidden where the browser says that another site sent the request.

    A browser says so by Sec-Fetch-Site where the connection is secure, and else by Origin, which may name
    the configured base or, behind no proxy, the host that was asked. Who sends neither is no browser.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        raise Forbidden(f"the form was sent by another site ({site[:40]})", _SUGGESTION)
    origin = request.headers.get("origin")
    if origin is None:
        return
    own = urlsplit(base)
    hosts = {own.netloc, request.headers.get("host")}
    if urlsplit(origin).netloc not in hosts or origin == "null":
        raise Forbidden(f"the form was sent by {origin[:200]}, which is another site", _SUGGESTION)


def check(request: Request, base: str, secret: str | None, sent: str) -> None:
    """Raises Forbidden for a form that is not of this session; without one only its origin is looked at."""
    _check_origin(request, base)
    if secret is not None and not is_marked(secret, sent):
        raise Forbidden("the form is not one of this session", "Load the page again, then send its form.")

"""Style: the style sheet of the desk, a file of its own, so that its pages need no style inside of them."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from ontology.errors import NotFound
from server.pages.rendering import style

_FILE = files("server") / "pages" / "templates" / "desk" / "desk.css"


@cache
def _sheet() -> str:
    """The style of all pages, and what the desk adds."""
    return style() + _FILE.read_text(encoding="utf-8")


@cache
def _release() -> str:
    return sha256(_sheet().encode()).hexdigest()[:16]


def address(root: str) -> str:
    """Where the sheet is, with its hash, so that browsers may keep it for ever."""
    return f"{root}/style-{_release()}.css"


def sheet(request: Request) -> Response:
    """The sheet. Raises NotFound for that of another release."""
    if request.path_params["release"] != _release():
        raise NotFound("there is no such style sheet", "Load the page again.")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(_sheet(), 200, headers, "text/css; charset=utf-8")

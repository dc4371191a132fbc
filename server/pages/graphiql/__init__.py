"""GraphiQL: the page at /graphql for browsers, with our examples and nothing from another host."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ontology.errors import NotFound
from server.examples import examples

_WHEEL = files("graphene_django_graphiql_static") / "static" / "graphene_django_graphiql_static"
_OURS = files(__name__)

#: The files of the page, each with the folder that it is in, in the order in which they are loaded.
_FILES = {
    "graphiql.min.css": _WHEEL,
    "style.css": _WHEEL,
    "page.css": _OURS,
    "react.production.min.js": _WHEEL,
    "react-dom.production.min.js": _WHEEL,
    "graphiql.min.js": _WHEEL,
    "graphiql-plugin-explorer.umd.js": _WHEEL,
    "page.js": _OURS,
}
_MEDIA_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}

_FOR_EVER = "public, max-age=31536000, immutable"
# The dialogs of GraphiQL write style elements whose words differ from screen to screen.
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "font-src": "'self' data:",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class _Asset:
    """A file of the page, as it is and packed."""

    body: bytes
    media_type: str
    packed: bytes = field(init=False)

    def __post_init__(self) -> None:
        # The time of the packing would else stand in the bytes.
        object.__setattr__(self, "packed", gzip.compress(self.body, mtime=0))


@cache
def _assets() -> Mapping[str, _Asset]:
    return {
        name: _Asset((folder / name).read_bytes(), _MEDIA_TYPES[name.rpartition(".")[2]])
        for name, folder in _FILES.items()
    }


@cache
def _release() -> str:
    """What stands in the addresses of the files, so that they may be kept for ever: a hash of all of them."""
    digest = sha256()
    for asset in _assets().values():
        digest.update(asset.body)
    return digest.hexdigest()[:12]


@cache
def _page() -> str:
    template = Template((_OURS / "page.html").read_text(encoding="utf-8"))
    paths = [f"/graphql/assets/{_release()}/{name}" for name in _FILES]
    shown = [
        {"title": each.title, "query": each.query, "variables": each.variables or None} for each in examples()
    ]
    return template.substitute(
        styles="\n".join(
            f'    <link rel="stylesheet" href="{each}">' for each in paths if each.endswith(".css")
        ),
        scripts="\n".join(f'    <script src="{each}"></script>' for each in paths if each.endswith(".js")),
        # Within a script element only `<` could end it.
        examples=json.dumps(shown, ensure_ascii=False).replace("<", "\\u003c"),
    )


def graphiql(_request: Request) -> Response:
    """The page; a query in the address opens in a tab of its own."""
    return HTMLResponse(_page(), headers=_HEADERS)


def _asset(request: Request) -> Response:
    """A file of the page. Raises NotFound, also for files of another release."""
    name = request.path_params["name"]
    if request.path_params["release"] != _release() or name not in _assets():
        raise NotFound(f"there is nothing at {request.url.path}", "Load /graphql again.")
    asset = _assets()[name]
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            asset.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.media_type
        )
    return Response(asset.body, headers=headers, media_type=asset.media_type)


routes = [Route("/graphql/assets/{release}/{name}", _asset)]

"""Resources: what answers at the IRIs of things, at the documents about them, and at the vocabulary."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from hashlib import sha256

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ontology import vocabularies
from ontology.context import document_context
from ontology.errors import NotAcceptable, NotFound
from ontology.formats import FORMATS, Format
from ontology.iri import Iris
from schema.exchange import SEGMENTS
from schema.snapshot import Snapshot
from schema.store import reading
from server.documents import declarations, document, living_key
from server.errors import problem
from server.negotiation import chosen

_METHODS = ("GET", "HEAD", "OPTIONS")
_BY_MEDIA_TYPE = {each.media_type: each for each in FORMATS.values()}
# Many clients know no other name for JSON; what they get still says that it is JSON-LD.
_BY_MEDIA_TYPE["application/json"] = FORMATS["jsonld"]

# A cache that guessed how long a document stays fresh would hide changes from harvesters.
_ALWAYS_ASK = {"Cache-Control": "no-cache"}


@dataclass(frozen=True, slots=True)
class _Representation:
    """One format of what is at an address; the body is only written when it is sent."""

    url: str
    format: Format
    tag: str
    body: Callable[[], bytes]
    modified: str | None = None
    is_negotiated: bool = False

    def headers(self) -> dict[str, str]:
        headers = {
            **_ALWAYS_ASK,
            "Content-Location": f"{self.url}.{self.format.suffix}",
            "ETag": self.tag,
            "Link": ", ".join([*_alternates(self.url, self.format), f'<{self.url}>; rel="canonical"']),
        }
        if self.modified:
            headers["Last-Modified"] = format_datetime(datetime.fromisoformat(self.modified), usegmt=True)
        return headers | ({"Vary": "Accept"} if self.is_negotiated else {})


def _alternates(url: str, sent: Format | None = None) -> list[str]:
    return [
        f'<{url}.{each.suffix}>; rel="alternate"; type="{each.media_type}"'
        for each in FORMATS.values()
        if each is not sent
    ]


def _tag_of(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'


def _is_known(request: Request, tag: str) -> bool:
    """Whether the client holds these bytes already (RFC 9110, section 13.1.2).

    If-Modified-Since is not answered: the times of vocabulary records come from the data and not from a
    clock, so a time alone cannot say that nothing has changed.
    """
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    return tag in known or "*" in known


def _sent(request: Request, found: _Representation) -> Response:
    if _is_known(request, found.tag):
        return Response(status_code=304, headers=found.headers())
    media_type = f"{found.format.media_type}; charset=utf-8"
    return Response(found.body(), headers={"Content-Type": media_type, **found.headers()})


def _wanted(request: Request) -> Format | None:
    accept = ",".join(request.headers.getlist("accept"))
    media_type = chosen(accept, tuple(_BY_MEDIA_TYPE))
    return _BY_MEDIA_TYPE[media_type] if media_type else None


def _refused(url: str) -> Response:
    """406, with the address of every format that there is."""
    offered = ", ".join(f"{each.media_type} at {url}.{each.suffix}" for each in FORMATS.values())
    error = NotAcceptable("none of the media types in the Accept header is offered", f"Ask for {offered}.")
    return problem(error, {"Link": ", ".join(_alternates(url)), "Vary": "Accept"})


def _split(path: str) -> tuple[str, Format | None]:
    """An address without its suffix, and the format of the suffix; the dot of `PN.0008` begins none."""
    stem, _, suffix = path.rpartition(".")
    return (stem, FORMATS[suffix]) if stem and suffix in FORMATS else (path, None)


def _asked(snapshot: Snapshot, segment: str, path: str) -> tuple[str, str, Format | None]:
    """The key that an address asks for, the key that it leads to, and the format of its suffix."""
    key, of_suffix = _split(path)
    try:
        return key, living_key(snapshot, segment, key), of_suffix
    except NotFound:
        if of_suffix is None:
            raise
    # A key may itself end like a suffix.
    return path, living_key(snapshot, segment, path), None


def about(segment: str, request: Request) -> Response:
    """The document about a thing, in the format of its suffix or of the Accept header."""
    iris: Iris = request.app.state.iris
    with reading(request.app.state.engine) as snapshot:
        asked, key, of_suffix = _asked(snapshot, segment, request.path_params["key"])
        url = iris.document(segment, key)
        if asked != key:
            return RedirectResponse(f"{url}.{of_suffix.suffix}" if of_suffix else url, 308)
        if (wanted := of_suffix or _wanted(request)) is None:
            return _refused(url)
        found = document(snapshot, segment, key)
    body, tag = partial(found.body, wanted, iris), found.tag(wanted, iris)
    return _sent(request, _Representation(url, wanted, tag, body, found.modified(), of_suffix is None))


def _leads_to(snapshot: Snapshot, segment: str, key: str, iris: Iris) -> RedirectResponse:
    """303 from a thing to the document about it; 308 from a key that leads to another."""
    living = living_key(snapshot, segment, key)
    if living != key:
        return RedirectResponse(f"{iris.base}/id/{segment}/{living}", 308)
    return RedirectResponse(iris.document(segment, key), 303, {"Vary": "Accept"})


def _result_leads_to(snapshot: Snapshot, key: str, iris: Iris) -> RedirectResponse:
    """A result has no document of its own: it stands in that of its project."""
    project, _, code = key.partition("~")
    living = living_key(snapshot, "project", project)
    if living != project:
        return RedirectResponse(f"{iris.base}/id/result/{living}~{code}", 308)
    record = snapshot.record("project", project) or {}
    if code not in (each["code"] for each in record.get("results", ())):
        raise NotFound(f"project/{project} has no result {code}", f"See {iris.document('project', project)}.")
    return RedirectResponse(iris.document("project", project), 303, {"Vary": "Accept"})


def thing(request: Request) -> Response:
    """The IRI of a thing, which leads to the document about it."""
    segment, key = request.path_params["segment"], request.path_params["key"]
    with reading(request.app.state.engine) as snapshot:
        if segment == "result":
            return _result_leads_to(snapshot, key, request.app.state.iris)
        if segment not in SEGMENTS:
            raise NotFound(f"there is no class {segment}", f"Use one of {', '.join(SEGMENTS)}.")
        return _leads_to(snapshot, segment, key, request.app.state.iris)


def ontology(request: Request) -> Response:
    """Our own classes and properties under the configured base, in every format."""
    iris: Iris = request.app.state.iris
    url = f"{iris.base}/ns"
    suffix = request.path_params.get("suffix")
    if suffix is not None and suffix not in FORMATS:
        raise NotFound(f"there is no /ns.{suffix}", f"Use one of {', '.join(FORMATS)}.")
    if (wanted := FORMATS[suffix] if suffix else _wanted(request)) is None:
        return _refused(url)
    body = "".join(wanted.statements([(None, vocabularies.ontology(iris))], iris)).encode()
    return _sent(
        request, _Representation(url, wanted, _tag_of(body), lambda: body, is_negotiated=suffix is None)
    )


def _file(request: Request, body: bytes, media_type: str) -> Response:
    headers = {**_ALWAYS_ASK, "ETag": _tag_of(body)}
    if _is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers={"Content-Type": f"{media_type}; charset=utf-8", **headers})


def vocabulary(request: Request) -> Response:
    """A vocabulary file as it is: its relative IRIs follow the address it is served at."""
    name = request.path_params["name"]
    if name not in vocabularies.NAMES:
        raise NotFound(f"there is no vocabulary {name}", f"Use one of {', '.join(vocabularies.NAMES)}.")
    return _file(request, vocabularies.file(name).read_bytes(), FORMATS["ttl"].media_type)


def context(request: Request) -> Response:
    """The JSON-LD context of all classes; documents carry theirs themselves."""
    found = {"@context": document_context(declarations(), request.app.state.iris)}
    body = orjson.dumps(found, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return _file(request, body, FORMATS["jsonld"].media_type)


def _route(path: str, answer: Callable[[Request], Response], name: str) -> Route:
    def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(_METHODS)})
        return answer(request)

    return Route(path, endpoint, methods=_METHODS, name=name)


#: Everything that is read as linked data.
routes: list[Route] = [
    _route("/id/{segment}/{key:path}", thing, "thing"),
    *(_route(f"/{each}/{{key:path}}", partial(about, each), each) for each in SEGMENTS),
    _route("/vocabulary/{name}.ttl", vocabulary, "vocabulary"),
    _route("/ns", ontology, "ontology"),
    _route("/ns.{suffix}", ontology, "ontology-format"),
    _route("/context.jsonld", context, "context"),
]

"""Resources: what answers at the IRIs of things, and at the documents about them."""

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ontology.collections import collection_of
from ontology.errors import Gone, NotFound
from ontology.formats import FORMATS
from ontology.iri import Iris, encoded
from ontology.terms import SDO
from schema.exchange import SEGMENTS
from schema.parts import KindOfParts, kind_of_parts
from schema.snapshot import Snapshot, Standing
from schema.store import reading
from server.documents import Document, document, standing
from server.pages.failure import failure, refused
from server.pages.rendering import policy
from server.pages.thing import page
from server.pages.values import part_anchor
from server.representation import (
    HTML,
    OFFERS,
    Offer,
    Representation,
    http_date,
    link,
    sent,
    wanted,
)

METHODS = ("GET", "HEAD", "OPTIONS")


def _split(path: str) -> tuple[str, Offer | None]:
    """An address without its suffix, and the format of the suffix; the dot of `PN.0008` begins none."""
    stem, _, suffix = path.rpartition(".")
    return (stem, OFFERS[suffix]) if stem and suffix in OFFERS else (path, None)


def _asked(snapshot: Snapshot, segment: str, path: str) -> tuple[Standing, Offer | None]:
    """Where the thing that an address asks for stands, and the format of its suffix."""
    key, of_suffix = _split(path)
    try:
        return standing(snapshot, segment, key), of_suffix
    except NotFound:
        if of_suffix is None:
            raise
    # A key may itself end like a suffix.
    return standing(snapshot, segment, path), None


def _tombstone(request: Request, snapshot: Snapshot, found: Standing) -> Response:
    """410: what there was, and when it was deleted (RFC 9110, section 15.5.11)."""
    iris: Iris = request.app.state.iris
    identifier = f"{found.segment}/{found.key}"
    at = str((snapshot.last(found.segment, found.key) or {}).get("updatedAt", ""))
    error = Gone(f"{identifier} was deleted at {at}", "Remove what refers to it.")
    members = {"id": identifier, "iri": str(iris.thing(found.segment, found.key)), "deletedAt": at}
    headers = {"Last-Modified": http_date(at)} if at else {}
    return failure(request, error, members, headers)


def _links(found: Document, offer: Offer, iris: Iris, licence: str) -> tuple[str, ...]:
    """What a document says of itself and of the thing beside its formats (FAIR Signposting, level 1)."""
    url = iris.document(found.segment, found.key)
    declared, record = found.described[0]
    links = [
        link(str(iris.thing(found.segment, found.key)), "cite-as"),
        link(f"{iris.base}/shapes", "describedby", type="text/turtle", profile="http://www.w3.org/ns/shacl#"),
        link(f"{iris.base}/shapes", "profile"),
    ]
    if offer is HTML:
        links += [link(str(SDO.AboutPage), "type"), link(str(iris.term(declared.types[0])), "type")]
        described = (FORMATS["ttl"], FORMATS["jsonld"])
        links += [link(f"{url}.{each.suffix}", "describedby", type=each.media_type) for each in described]
    else:
        links.append(link(f"{url}.{HTML.suffix}", "describes", type=HTML.media_type))
    links.append(link(iris.dataset(collection_of(record).name), "collection", type=HTML.media_type))
    if (scheme := declared.scheme_of(record)) is not None:
        links.append(link(iris.document("scheme", scheme), "collection", type=HTML.media_type))
    if licence:
        links.append(link(licence, "license"))
    return tuple(links)


def _body(snapshot: Snapshot, found: Document, offer: Offer, iris: Iris) -> bytes:
    if offer is HTML:
        return page(snapshot, found, iris)
    return found.body(FORMATS[offer.suffix], iris)


def about(segment: str, request: Request) -> Response:
    """The document about a thing, in the format of its suffix or of the Accept header."""
    iris: Iris = request.app.state.iris
    with reading(request.app.state.engine) as snapshot:
        stands, of_suffix = _asked(snapshot, segment, request.path_params["key"])
        if stands.deleted:
            return _tombstone(request, snapshot, stands)
        url = iris.document(segment, stands.key)
        if stands.is_alias:
            return RedirectResponse(f"{url}.{of_suffix.suffix}" if of_suffix else url, 308)
        if (offer := of_suffix or wanted(request)) is None:
            return refused(request, url)
        found = document(snapshot, segment, stands.key)
        body = _body(snapshot, found, offer, iris)
    licence = str(getattr(request.app.state, "licence", ""))
    return sent(
        request,
        Representation(
            url=url,
            media_type=offer.media_type,
            body=body,
            offer=offer,
            modified=found.modified(),
            links=_links(found, offer, iris, licence),
            is_negotiated=of_suffix is None,
            policy=policy() if offer is HTML else "",
        ),
    )


def _part_leads_to(request: Request, snapshot: Snapshot, kind: KindOfParts, key: str) -> Response:
    """A result or a rule has no document of its own: it stands in that of its project or entry."""
    iris: Iris = request.app.state.iris
    segment, of, (owner, _, code) = kind.whole.segment, kind.part.segment, key.partition("~")
    stands = standing(snapshot, segment, owner)
    if stands.deleted:
        return _tombstone(request, snapshot, stands)
    if stands.is_alias:
        return RedirectResponse(f"{iris.base}/id/{of}/{stands.key}~{code}", 308)
    url = iris.document(segment, owner)
    if key not in kind.keys(snapshot.record(segment, owner) or {"key": owner}):
        raise NotFound(f"{segment}/{owner} has no {of} {code}", f"See {url}.")
    return RedirectResponse(f"{url}#{part_anchor(of, encoded(key))}", 303, {"Vary": "Accept"})


def thing(request: Request) -> Response:
    """The IRI of a thing: 303 to the document about it, 308 from a key that leads to another."""
    iris: Iris = request.app.state.iris
    segment, key = request.path_params["segment"], request.path_params["key"]
    with reading(request.app.state.engine) as snapshot:
        if (kind := kind_of_parts(segment)) is not None:
            return _part_leads_to(request, snapshot, kind, key)
        if segment not in SEGMENTS:
            raise NotFound(f"there is no class {segment}", f"Use one of {', '.join(SEGMENTS)}.")
        stands = standing(snapshot, segment, key)
        if stands.deleted:
            return _tombstone(request, snapshot, stands)
    if stands.is_alias:
        return RedirectResponse(f"{iris.base}/id/{segment}/{stands.key}", 308)
    return RedirectResponse(iris.document(segment, stands.key), 303, {"Vary": "Accept"})


def route(path: str, answer: Callable[[Request], Response], name: str) -> Route:
    """A route that is read and never written."""

    def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})
        return answer(request)

    return Route(path, endpoint, methods=METHODS, name=name)


#: Things and the documents about them.
routes: list[Route] = [
    route("/id/{segment}/{key:path}", thing, "thing"),
    *(route(f"/{each}/{{key:path}}", partial(about, each), each) for each in SEGMENTS),
]

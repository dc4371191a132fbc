"""Catalogue: what answers at `/catalog`, at each dataset and service in it, and at `/.well-known/void`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ontology import catalog, void
from ontology.collections import COLLECTIONS
from ontology.errors import NotFound
from ontology.formats import FORMATS
from ontology.graph import Triple
from ontology.iri import Iris
from ontology.terms import CATALOGUE_PREFIXES
from server.inventory import Inventory, cut, inventory, window
from server.pages import catalogue as pages
from server.pages.failure import refused
from server.pages.rendering import policy
from server.publication import WHOLE
from server.representation import HTML, OFFERS, Offer, Representation, sent, wanted

_METHODS = ("GET", "HEAD", "OPTIONS")

#: The syntaxes of documents and dumps, as VoID names them (W3C, Unique URIs for File Formats).
_SYNTAXES = {
    "jsonld": "http://www.w3.org/ns/formats/JSON-LD",
    "nq": "http://www.w3.org/ns/formats/N-Quads",
    "nt": "http://www.w3.org/ns/formats/N-Triples",
    "rdf": "http://www.w3.org/ns/formats/RDF_XML",
    "trig": "http://www.w3.org/ns/formats/TriG",
    "ttl": "http://www.w3.org/ns/formats/Turtle",
}

_RDF = {suffix: each for suffix, each in OFFERS.items() if each is not HTML}


def _written(statements: Iterable[Triple], offer: Offer, iris: Iris) -> bytes:
    written = FORMATS[offer.suffix].statements([(None, statements)], iris, CATALOGUE_PREFIXES)
    return "".join(written).encode()


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is at an address: its statements by the suffix of a format, and what browsers get, if anything."""

    url: str
    statements: Callable[[str], list[Triple]]
    modified: str
    page: Callable[[list[Triple]], bytes] | None = None


def _answer(request: Request, subject: _Subject) -> Response:
    """One format of a subject: that of the suffix, or the one that the Accept header asks for most."""
    offers = OFFERS if subject.page else _RDF
    suffix = request.path_params.get("suffix")
    if suffix is not None and suffix not in offers:
        raise NotFound(f"there is no format {suffix}", f"Use one of {', '.join(offers)}.")
    if (offer := offers[suffix] if suffix else wanted(request, offers)) is None:
        return refused(request, subject.url, offers)
    found = subject.statements(offer.suffix)
    is_page = subject.page is not None and offer is HTML
    body = subject.page(found) if subject.page and is_page else _written(found, offer, request.app.state.iris)
    representation = Representation(
        subject.url,
        offer.media_type,
        body,
        offer,
        subject.modified,
        is_negotiated=suffix is None,
        policy=policy() if is_page else "",
        offers=offers,
    )
    return sent(request, representation)


def whole(request: Request) -> Response:
    """`/catalog`: the catalogue, a page at a time."""
    found = inventory(request)
    page = cut(found, window(request), request.app.state.settings.catalogue_page_size)
    stated, url = found.catalogue(), f"{found.iris.base}/catalog"

    def statements(suffix: str) -> list[Triple]:
        return catalog.page(page.entries, page.view(f"{url}.{suffix}"), stated)

    shown = partial(pages.catalogue, page, found)
    return _answer(request, _Subject(f"{url}{page.query()}", statements, stated.modified, shown))


def dataset(request: Request) -> Response:
    """The description of one dataset; its HTML is where portals send people."""
    found = inventory(request)
    described = found.dataset(request.path_params["name"])
    made = catalog.one_dataset(described, found.catalogue())
    url = f"{found.iris.base}/dataset/{described.name}"
    shown = partial(pages.dataset, described, found)
    return _answer(request, _Subject(url, lambda _: made, described.modified, shown))


def service(request: Request) -> Response:
    """The description of one data service."""
    found = inventory(request)
    described, stated = found.service(request.path_params["name"]), found.catalogue()
    made = catalog.one_service(described, stated)
    url = f"{found.iris.base}/service/{described.name}"
    shown = partial(pages.service, described, found)
    return _answer(request, _Subject(url, lambda _: made, stated.modified, shown))


def _void(found: Inventory) -> list[Triple]:
    statements = [*void.head(WHOLE, COLLECTIONS, sorted(_SYNTAXES.values()), found.iris)]
    for each in found.datasets():
        dumps = [one.path for one in each.distributions if one.format in _SYNTAXES]
        statements += void.subset(each.name, each.title, dumps, found.facts[each.name].counts(), found.iris)
    return statements


def well_known(request: Request) -> Response:
    """`/.well-known/void`: every dataset with its dumps and its counts (W3C Note on VoID, section 7.2)."""
    found = inventory(request)
    url = f"{found.iris.base}/.well-known/void"
    return _answer(request, _Subject(url, lambda _: _void(found), found.catalogue().modified))


def _routes(path: str, answer: Callable[[Request], Response], name: str) -> list[Route]:
    def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(_METHODS)})
        return answer(request)

    return [
        Route(f"{path}.{{suffix}}", endpoint, methods=_METHODS, name=f"{name}-format"),
        Route(path, endpoint, methods=_METHODS, name=name),
    ]


#: Everything that portals begin with.
routes: list[Route] = [
    *_routes("/catalog", whole, "catalog"),
    *_routes("/dataset/{name}", dataset, "dataset"),
    *_routes("/service/{name}", service, "service"),
    *_routes("/.well-known/void", well_known, "void"),
]

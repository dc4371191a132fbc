"""Codebook: what answers at `/about/codebook`, all entries on one page in a reader's language, or as data."""

from functools import lru_cache

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ontology.errors import InvalidInput, NotFound
from ontology.formats import FORMATS
from ontology.graph import Described
from ontology.iri import Iris
from schema.model import CodebookEntry, Scheme
from schema.record import NOUNS, declaration
from schema.snapshot import Snapshot
from schema.sound import all_sound
from schema.store import reading
from server.negotiation import language
from server.pages.codebook import LANGUAGES, page
from server.pages.failure import refused
from server.pages.rendering import policy
from server.representation import HTML, OFFERS, Offer, Representation, link, sent, wanted
from server.resources import route

_PATH = "/about/codebook"


def _everything(snapshot: Snapshot) -> list[Described]:
    """The codebook as a whole, which says its version, and all of its entries. Raises NotFound."""
    scheme = snapshot.record(Scheme.segment, CodebookEntry.in_scheme or "")
    if scheme is None:
        raise NotFound("there is no codebook", "Start the service once, which loads the vocabularies.")
    entries = all_sound(snapshot.records(CodebookEntry.segment))
    of_entry = declaration(NOUNS[CodebookEntry.__name__])
    return [(declaration(NOUNS[Scheme.__name__]), scheme), *((of_entry, each) for each in entries)]


def _modified(everything: list[Described]) -> str:
    return max(str(record["updatedAt"]) for _, record in everything)


@lru_cache(maxsize=16)
def _body(engine: Engine, _version: int, iris: Iris, suffix: str, chosen: str) -> tuple[bytes, str]:
    """The codebook in one format and language, worked out once for a version of the data; when it changed."""
    with reading(engine) as snapshot:
        everything = _everything(snapshot)
        if suffix == HTML.suffix:
            return page(snapshot, everything, iris, chosen), _modified(everything)
    return FORMATS[suffix].document(everything, iris).encode(), _modified(everything)


def _language(request: Request) -> str:
    """The language that the address or the Accept-Language header asks for. Raises InvalidInput."""
    asked = request.query_params.get("lang")
    if asked is None:
        return language(",".join(request.headers.getlist("accept-language")), LANGUAGES)
    if asked not in LANGUAGES:
        raise InvalidInput(
            f"lang: {asked[:40]!r} is none of the languages of the codebook",
            f"Use one of {', '.join(LANGUAGES)}.",
        )
    return asked


def _offer(request: Request) -> Offer | None:
    suffix = request.path_params.get("suffix")
    if suffix is None:
        return wanted(request)
    if suffix not in OFFERS:
        raise NotFound(f"there is no {_PATH}.{suffix}", f"Use one of {', '.join(OFFERS)}.")
    return OFFERS[suffix]


def codebook(request: Request) -> Response:
    """The codebook in the format of the suffix or of the Accept header; RDF has all languages at once."""
    iris: Iris = request.app.state.iris
    engine: Engine = request.app.state.engine
    url, offer = f"{iris.base}{_PATH}", _offer(request)
    if offer is None:
        return refused(request, url)
    chosen = _language(request) if offer is HTML else ""
    with reading(engine) as snapshot:
        version = snapshot.version()
    body, modified = _body(engine, version, iris, offer.suffix, chosen)
    return sent(
        request,
        Representation(
            f"{url}?lang={chosen}" if chosen else url,
            offer.media_type,
            body,
            offer,
            modified,
            (link(str(iris.thing(Scheme.segment, CodebookEntry.in_scheme or "")), "describes"),),
            is_negotiated="suffix" not in request.path_params,
            policy=policy() if offer is HTML else "",
            language=chosen,
        ),
    )


#: The page that reviews and papers cite.
routes: list[Route] = [
    route(f"{_PATH}.{{suffix}}", codebook, "codebook-format"),
    route(_PATH, codebook, "codebook-page"),
]

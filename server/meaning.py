"""Meaning: the addresses of the ontology, the shapes, the JSON-LD context and the vocabulary files."""

from collections.abc import Callable
from functools import cache, partial

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ontology import vocabularies
from ontology.context import document_context
from ontology.errors import NotFound
from ontology.formats import FORMATS
from ontology.graph import Triple
from ontology.iri import Iris
from ontology.shapes import shapes
from schema.linked import answer_context
from schema.store import reading
from schema.text import LANGUAGES
from server.documents import declarations
from server.pages.failure import refused
from server.pages.rendering import policy
from server.pages.statements import page
from server.representation import HTML, OFFERS, Offer, Representation, file, link, sent, wanted
from server.resources import route
from server.usage import usage_at


def _ontology(request: Request) -> list[Triple]:
    """Our own terms, each with its field in GraphQL and an example from the data."""
    iris: Iris = request.app.state.iris
    engine = request.app.state.engine
    with reading(engine) as snapshot:
        version = snapshot.version()
    return [*vocabularies.ontology(iris), *usage_at(engine, version, iris)]


@cache
def _shapes_under(iris: Iris) -> list[Triple]:
    return shapes(declarations(), iris, LANGUAGES)


def _shapes(request: Request) -> list[Triple]:
    return _shapes_under(request.app.state.iris)


_ABOUT = {
    "ns": (
        "Ontology",
        (
            "Our own classes and properties: what no common vocabulary has a term for. "
            "Each is given with its field in GraphQL, a document that has it, and a query that shows it."
        ),
    ),
    "shapes": (
        "Shapes",
        "What every published document keeps to, as SHACL, from the same declaration as the documents.",
    ),
}


def _body(name: str, statements: list[Triple], offer: Offer, iris: Iris) -> bytes:
    if offer is HTML:
        return page(*_ABOUT[name], f"{iris.base}/{name}", statements, iris)
    return "".join(FORMATS[offer.suffix].statements([(None, statements)], iris)).encode()


def _graph(name: str, statements: Callable[[Request], list[Triple]], request: Request) -> Response:
    """A graph in the format of its suffix or of the Accept header."""
    iris: Iris = request.app.state.iris
    url, suffix = f"{iris.base}/{name}", request.path_params.get("suffix")
    if suffix is not None and suffix not in OFFERS:
        raise NotFound(f"there is no /{name}.{suffix}", f"Use one of {', '.join(OFFERS)}.")
    if (offer := OFFERS[suffix] if suffix else wanted(request)) is None:
        return refused(request, url)
    return sent(
        request,
        Representation(
            url=url,
            media_type=offer.media_type,
            body=_body(name, statements(request), offer, iris),
            offer=offer,
            links=(link("https://www.apache.org/licenses/LICENSE-2.0", "license"),),
            is_negotiated=suffix is None,
            policy=policy() if offer is HTML else "",
        ),
    )


def vocabulary(request: Request) -> Response:
    """A vocabulary file as it is: its relative IRIs follow the address it is served at."""
    name = request.path_params["name"]
    if name not in vocabularies.NAMES:
        raise NotFound(f"there is no vocabulary {name}", f"Use one of {', '.join(vocabularies.NAMES)}.")
    url = f"{request.app.state.iris.base}/vocabulary/{name}.ttl"
    return file(request, url, vocabularies.file(name).read_bytes(), FORMATS["ttl"].media_type)


def context(request: Request) -> Response:
    """The JSON-LD context of all classes, or of the answer to one GraphQL query; documents carry theirs."""
    iris: Iris = request.app.state.iris
    query = request.query_params.get("query")
    made = document_context(declarations(), iris) if query is None else answer_context(query, iris)
    found = {"@context": made}
    body = orjson.dumps(found, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return file(request, f"{iris.base}/context.jsonld", body, FORMATS["jsonld"].media_type)


_ontology_answer = partial(_graph, "ns", _ontology)
_shapes_answer = partial(_graph, "shapes", _shapes)

#: What words mean, and what documents keep to.
routes: list[Route] = [
    route("/vocabulary/{name}.ttl", vocabulary, "vocabulary"),
    route("/ns", _ontology_answer, "ontology"),
    route("/ns.{suffix}", _ontology_answer, "ontology-format"),
    route("/shapes", _shapes_answer, "shapes"),
    route("/shapes.{suffix}", _shapes_answer, "shapes-format"),
    route("/context.jsonld", context, "context"),
]

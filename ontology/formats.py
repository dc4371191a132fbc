"""Formats: the RDF syntaxes that documents and dumps are written in, with suffix and media type."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from ontology import jsonld
from ontology.declaration import Declaration
from ontology.graph import Chunk, Described
from ontology.iri import Iris
from ontology.ntriples import nquads, ntriples, quads_of_records, triples_of_records
from ontology.prefixes import Names, Prefixes
from ontology.rdfxml import descriptions_of_records, rdfxml
from ontology.rdfxml import head as rdfxml_head
from ontology.terms import PREFIXES
from ontology.turtle import blocks_of_records, graphs_of_records, trig, turtle
from ontology.turtle import head as turtle_head
from ontology.walk import Pieces, together


@dataclass(frozen=True, slots=True)
class Writer:
    """What writes records in one syntax, each as a piece of its own: `head piece between piece ... tail`."""

    texts: Pieces
    head: str = ""
    between: str = ""
    tail: str = ""

    def pieces(self, described: Iterable[Described]) -> Iterator[str]:
        """The whole text of the records, piece by piece."""
        yield self.head
        before = ""
        for declaration, records in together(described):
            yield before + self.between.join(self.texts(declaration, records))
            before = self.between
        yield self.tail


class Statements(Protocol):
    """What writes any statements, piece by piece, with short names where the syntax has them."""

    def __call__(self, chunks: Iterable[Chunk], _iris: Iris, _names: Names = PREFIXES, /) -> Iterator[str]:
        """The text of the statements."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """One syntax. `statements` writes any statements, and `writer` records of these classes."""

    suffix: str
    media_type: str
    name: str
    statements: Statements
    writer: Callable[[Iterable[Declaration], Iris], Writer]

    def document(self, described: Iterable[Described], iris: Iris) -> str:
        """The document of the records. It is the same text for the same records, in every process."""
        if self.suffix == "jsonld":
            return jsonld.text(jsonld.document(described, iris))
        return "".join(_for_documents(self.suffix, iris).pieces(described))


def _turtle(make: Callable[[Iris], Pieces]) -> Callable[[Iterable[Declaration], Iris], Writer]:
    return lambda _, iris: Writer(make(iris), turtle_head(Prefixes(iris)))


def _lines(make: Callable[[Iris], Pieces]) -> Callable[[Iterable[Declaration], Iris], Writer]:
    return lambda _, iris: Writer(make(iris))


def _rdfxml(_: Iterable[Declaration], iris: Iris) -> Writer:
    return Writer(descriptions_of_records(iris), rdfxml_head(Prefixes(iris)), tail="</rdf:RDF>\n")


def _jsonld(declarations: Iterable[Declaration], iris: Iris) -> Writer:
    beginning = jsonld.beginning(declarations, iris)
    return Writer(jsonld.lines_of_records(iris), beginning, jsonld.BETWEEN, jsonld.ENDING)


#: The formats by suffix, the one that is sent to whoever has no wish first.
FORMATS = {
    each.suffix: each
    for each in (
        Format("ttl", "text/turtle", "Turtle", turtle, _turtle(blocks_of_records)),
        Format("jsonld", "application/ld+json", "JSON-LD", jsonld.flat, _jsonld),
        Format("rdf", "application/rdf+xml", "RDF/XML", rdfxml, _rdfxml),
        Format("nt", "application/n-triples", "N-Triples", ntriples, _lines(triples_of_records)),
        Format("nq", "application/n-quads", "N-Quads", nquads, _lines(quads_of_records)),
        Format("trig", "application/trig", "TriG", trig, _turtle(graphs_of_records)),
    )
}


@lru_cache(maxsize=64)
def _for_documents(suffix: str, iris: Iris) -> Writer:
    """A writer that remembers what it has worked out of each class."""
    return FORMATS[suffix].writer((), iris)

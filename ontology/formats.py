"""Formats: the RDF syntaxes that documents and dumps are written in, with suffix and media type."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ontology import jsonld
from ontology.graph import Chunk, Described, chunks
from ontology.iri import Iris
from ontology.ntriples import nquads, ntriples
from ontology.rdfxml import rdfxml
from ontology.turtle import trig, turtle


@dataclass(frozen=True, slots=True)
class Format:
    """One syntax. `statements` writes any statements, piece by piece."""

    suffix: str
    media_type: str
    name: str
    statements: Callable[[Iterable[Chunk], Iris], Iterator[str]]

    def document(self, described: Iterable[Described], iris: Iris) -> str:
        """The document of the records. It is the same text for the same records, in every process."""
        if self.suffix == "jsonld":
            return jsonld.text(jsonld.document(described, iris))
        return "".join(self.statements(chunks(described, iris), iris))


#: The formats by suffix, the one that is sent to whoever has no wish first.
FORMATS = {
    each.suffix: each
    for each in (
        Format("ttl", "text/turtle", "Turtle", turtle),
        Format("jsonld", "application/ld+json", "JSON-LD", jsonld.flat),
        Format("rdf", "application/rdf+xml", "RDF/XML", rdfxml),
        Format("nt", "application/n-triples", "N-Triples", ntriples),
        Format("nq", "application/n-quads", "N-Quads", nquads),
        Format("trig", "application/trig", "TriG", trig),
    )
}

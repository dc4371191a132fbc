"""RDF/XML: a description a subject, in the order of the declaration, without building a graph."""

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from rdflib import Literal, URIRef

from ontology.graph import Chunk, Triple, triples
from ontology.iri import Iris
from ontology.prefixes import Prefixes
from ontology.turtle import by_subject
from ontology.walk import Pieces

# An XML parser turns a carriage return into a newline unless it is written as a character reference.
_REFERENCES = {"\r": "&#xD;"}


def _name(predicate: URIRef, prefixes: Prefixes) -> tuple[str, str]:
    """The qualified name of an element, and the namespace to be declared on it where no prefix fits."""
    if short := prefixes.short(predicate):
        return short, ""
    local = re.split(r"[^\w.-]", predicate)[-1].lstrip("-.0123456789")
    return f"ns:{local}", f" xmlns:ns={quoteattr(predicate.removesuffix(local))}"


def _element(predicate: URIRef, node: URIRef | Literal, prefixes: Prefixes) -> str:
    name, namespace = _name(predicate, prefixes)
    if isinstance(node, URIRef):
        return f"    <{name}{namespace} rdf:resource={quoteattr(node)}/>\n"
    attribute = f" rdf:datatype={quoteattr(node.datatype)}" if node.datatype else ""
    if node.language:
        attribute = f" xml:lang={quoteattr(node.language)}"
    return f"    <{name}{namespace}{attribute}>{escape(str(node), _REFERENCES)}</{name}>\n"


def head(prefixes: Prefixes) -> str:
    """What a document begins with."""
    names = "".join(f"\n  xmlns:{each}={quoteattr(name)}" for each, name in prefixes.namespaces.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{names}>\n'


def _descriptions(statements: Iterable[Triple], prefixes: Prefixes) -> Iterator[str]:
    for subject, properties in by_subject(statements).items():
        yield f"  <rdf:Description rdf:about={quoteattr(subject)}>\n"
        for predicate, nodes in properties.items():
            yield from (_element(predicate, node, prefixes) for node in nodes)
        yield "  </rdf:Description>\n"


def rdfxml(chunks: Iterable[Chunk], iris: Iris) -> Iterator[str]:
    """RDF/XML, piece by piece: the union of all graphs."""
    prefixes = Prefixes(iris)
    yield head(prefixes)
    for _, statements in chunks:
        yield from _descriptions(statements, prefixes)
    yield "</rdf:RDF>\n"


def descriptions_of_records(iris: Iris) -> Pieces:
    """What writes living records as their descriptions."""
    prefixes = Prefixes(iris)
    return lambda declaration, records: [
        "".join(_descriptions(triples(declaration, each, iris), prefixes)) for each in records
    ]

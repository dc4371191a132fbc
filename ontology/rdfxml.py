"""RDF/XML: a description a subject, in the order of the declaration, without building a graph."""

import re
from collections.abc import Callable, Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from rdflib import Literal, URIRef

from ontology.declaration import Declaration, ExchangeRecord
from ontology.graph import Chunk, Triple
from ontology.iri import Iris
from ontology.prefixes import Names, Prefixes
from ontology.terms import PREFIXES, XSD
from ontology.turtle import by_subject
from ontology.walk import Block, Piece, Walk

# An XML parser turns a carriage return into a newline unless it is written as a character reference.
_REFERENCES = {"\r": "&#xD;"}


def _escaped(words: str) -> str:
    return escape(words, _REFERENCES)


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
    is_typed = node.datatype is not None and node.datatype != XSD.string
    attribute = f" rdf:datatype={quoteattr(str(node.datatype))}" if is_typed else ""
    if node.language:
        attribute = f" xml:lang={quoteattr(node.language)}"
    return f"    <{name}{namespace}{attribute}>{_escaped(str(node))}</{name}>\n"


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


def rdfxml(chunks: Iterable[Chunk], iris: Iris, names: Names = PREFIXES) -> Iterator[str]:
    """RDF/XML, piece by piece: the union of all graphs."""
    prefixes = Prefixes(iris, names)
    yield head(prefixes)
    for _, statements in chunks:
        yield from _descriptions(statements, prefixes)
    yield "</rdf:RDF>\n"


class _Syntax:
    """How RDF/XML writes terms: an element's name, and what stands behind it up to the closing tag."""

    kind = "rdf:type"

    def __init__(self, prefixes: Prefixes) -> None:
        self._prefixes = prefixes

    def iri(self, iri: str) -> str:
        return "".join(_name(URIRef(iri), self._prefixes))

    def value(self, iri: str) -> str:
        return f" rdf:resource={quoteattr(iri)}/>"

    def node(self, iri: str) -> str:
        return f" rdf:resource={quoteattr(iri)}/>"

    def quoted(self, words: str) -> str:
        return f">{_escaped(words)}"

    def tagged(self, words: str, language: str) -> str:
        return f" xml:lang={quoteattr(language)}>{_escaped(words)}"

    def typed(self, datatype: URIRef) -> Callable[[str], str]:
        begin = f" rdf:datatype={quoteattr(datatype)}>"
        return lambda words: begin + _escaped(words)


def descriptions_of_records(iris: Iris) -> Piece:
    """What writes a living record as the descriptions that `rdfxml` would write of it."""
    blocks = Walk.of(iris, _Syntax(Prefixes(iris))).blocks

    def piece(declaration: Declaration, record: ExchangeRecord) -> str:
        return "".join(_of_blocks(blocks(declaration, record)))

    return piece


def _of_blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for subject, stated in blocks:
        yield f"  <rdf:Description rdf:about={quoteattr(subject)}>\n"
        for name, nodes in stated:
            closing = f"</{name.partition(' ')[0]}>\n"
            for node in nodes:
                # No literal ends like this: what would close a tag in it is escaped.
                yield f"    <{name}{node}\n" if node.endswith("/>") else f"    <{name}{node}{closing}"
        yield "  </rdf:Description>\n"

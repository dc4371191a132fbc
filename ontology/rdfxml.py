"""RDF/XML: a description a subject, in the order of the declaration, without building a graph."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from rdflib import Literal, URIRef

from ontology.graph import Chunk, Triple
from ontology.iri import Iris
from ontology.prefixes import Names, Prefixes
from ontology.terms import PREFIXES, XSD
from ontology.turtle import by_subject
from ontology.walk import Block, Column, Pieces, Values, Walk

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
    """How RDF/XML is written: a property is an element's name, and a value what stands behind it."""

    kind = "rdf:type"
    is_sorted = False

    def __init__(self, prefixes: Prefixes) -> None:
        self._prefixes = prefixes

    def iri(self, iri: str) -> str:
        return "".join(_name(URIRef(iri), self._prefixes))

    def subject(self, iri: str) -> str:
        return quoteattr(iri)

    def value(self, iri: str) -> str:
        return self.node(iri)

    def node(self, iri: str) -> str:
        return f" rdf:resource={quoteattr(iri)}{_EMPTY}"

    def escaped(self, words: list[str]) -> list[str]:
        return [*map(_escaped, words)]

    def tagged(self, escaped: str, language: str) -> str:
        return f" xml:lang={quoteattr(language)}>{escaped}"

    def quoted(self, words: str) -> str:
        return f">{_escaped(words)}"

    def typed(self, datatype: URIRef) -> Callable[[str], str]:
        begin = f" rdf:datatype={quoteattr(datatype)}>"
        return lambda words: begin + _escaped(words)

    def one(self, predicate: str, before: str = "", after: str = "") -> Column:
        begin, end = f"    <{predicate}", f"</{predicate.partition(' ')[0]}>\n"

        def column(_: Sequence[str], words: Values) -> list[str]:
            return [
                "" if each is None else _element_of(begin, f"{before}{each}{after}", end) for each in words
            ]

        return column

    def fixed(self, predicate: str, objects: list[str]) -> Column:
        stated = self.many(predicate, "", objects)
        return lambda subjects, _: [stated] * len(subjects)

    def many(self, predicate: str, subject: str, objects: list[str]) -> str:
        begin, end = f"    <{predicate}", f"</{predicate.partition(' ')[0]}>\n"
        return "".join([_element_of(begin, each, end) for each in objects])

    def block(self, subject: str, said: Iterable[str]) -> str:
        return f"  <rdf:Description rdf:about={subject}>\n{''.join(said)}  </rdf:Description>\n"

    def record(self, blocks: list[Block]) -> str:
        return "".join([text for _, text in blocks])

    def generic(self, statements: list[Triple]) -> str:
        return "".join(_descriptions(statements, self._prefixes))


#: What an element ends with that has no content.
_EMPTY = "/>"


def _element_of(begin: str, value: str, end: str) -> str:
    # No literal ends like an empty element: what would close a tag in it is escaped.
    return f"{begin}{value}\n" if value.endswith(_EMPTY) else f"{begin}{value}{end}"


def descriptions_of_records(iris: Iris) -> Pieces:
    """What writes living records as the descriptions that `rdfxml` would write of each."""
    return Walk(iris, _Syntax(Prefixes(iris))).texts

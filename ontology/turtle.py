"""Turtle and TriG: a block a subject, in the order of the declaration, without building a graph."""

from collections.abc import Iterable, Iterator

from rdflib import Literal, URIRef

from ontology import ntriples
from ontology.graph import Chunk, Triple
from ontology.iri import Iris
from ontology.prefixes import Prefixes
from ontology.terms import RDF, XSD

BySubject = dict[URIRef, dict[URIRef, dict[URIRef | Literal, None]]]


def by_subject(statements: Iterable[Triple]) -> BySubject:
    """The statements by subject and property without repeats, in the order in which they come first."""
    found: BySubject = {}
    for subject, predicate, node in statements:
        found.setdefault(subject, {}).setdefault(predicate, {})[node] = None
    return found


def _iri(iri: URIRef, prefixes: Prefixes) -> str:
    return prefixes.short(iri) or f"<{iri}>"


def _object(node: URIRef | Literal, prefixes: Prefixes) -> str:
    if isinstance(node, URIRef):
        return _iri(node, prefixes)
    if node.language or node.datatype is None:
        return ntriples.term(node)
    words = str(node)
    if node.datatype == XSD.boolean and words in ("true", "false"):
        return words
    if node.datatype == XSD.integer and words.isascii() and words.isdigit():
        return words
    return f"{ntriples.quoted(words)}^^{_iri(node.datatype, prefixes)}"


def _property(predicate: URIRef, nodes: Iterable[URIRef | Literal], prefixes: Prefixes) -> str:
    name = "a" if predicate == RDF.type else _iri(predicate, prefixes)
    written = [_object(node, prefixes) for node in nodes]
    if len(written) == 1 or name == "a":
        return f"    {name} {', '.join(written)}"
    return f"    {name}\n        " + ",\n        ".join(written)


def blocks(statements: Iterable[Triple], prefixes: Prefixes) -> str:
    """The statements as Turtle, each subject in a block of its own, without the prefixes."""
    return "".join(
        f"\n<{subject}>\n"
        + " ;\n".join(_property(predicate, nodes, prefixes) for predicate, nodes in properties.items())
        + " .\n"
        for subject, properties in by_subject(statements).items()
    )


def _head(prefixes: Prefixes) -> str:
    return "".join(f"@prefix {prefix}: <{name}> .\n" for prefix, name in sorted(prefixes.namespaces.items()))


def turtle(chunks: Iterable[Chunk], iris: Iris) -> Iterator[str]:
    """Turtle, piece by piece: the prefixes once, then the union of all graphs."""
    prefixes = Prefixes(iris)
    yield _head(prefixes)
    for _, statements in chunks:
        yield blocks(statements, prefixes)


def trig(chunks: Iterable[Chunk], iris: Iris) -> Iterator[str]:
    """TriG, piece by piece: the prefixes once, then each piece within its graph."""
    prefixes = Prefixes(iris)
    yield _head(prefixes)
    for graph, statements in chunks:
        written = blocks(statements, prefixes)
        yield f"\n<{graph}> {{{written}}}\n" if graph else written

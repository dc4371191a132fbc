"""N-Triples and N-Quads: escaped lines, one statement a line, without building a graph.

The escapes are those of the canonical form of N-Triples (W3C RDF 1.2 N-Triples, section 4): only what must
be escaped is, so that the same statements are the same bytes everywhere.
"""

from collections.abc import Iterable, Iterator

from rdflib import Literal, URIRef

from ontology.graph import Chunk, Triple
from ontology.iri import Iris
from ontology.terms import XSD

_ESCAPES = str.maketrans(
    {chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)}
    | {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


def quoted(text: str) -> str:
    """A string in quotes with its escapes, which N-Triples and Turtle share."""
    return f'"{text.translate(_ESCAPES)}"'


def term(node: URIRef | Literal) -> str:
    """One node as N-Triples writes it."""
    if isinstance(node, URIRef):
        return f"<{node}>"
    words = quoted(str(node))
    if node.language:
        return f"{words}@{node.language}"
    if node.datatype is None or node.datatype == XSD.string:
        return words
    return f"{words}^^<{node.datatype}>"


def lines(statements: Iterable[Triple], graph: URIRef | None = None) -> list[str]:
    """The statements as sorted lines without repeats, of N-Triples or, with a graph, of N-Quads."""
    tail = f" <{graph}> .\n" if graph else " .\n"
    return sorted({f"{term(s)} {term(p)} {term(o)}{tail}" for s, p, o in statements})


def ntriples(chunks: Iterable[Chunk], _iris: Iris) -> Iterator[str]:
    """N-Triples, piece by piece: the graphs' names are left out."""
    return ("".join(lines(statements)) for _, statements in chunks)


def nquads(chunks: Iterable[Chunk], _iris: Iris) -> Iterator[str]:
    """N-Quads, piece by piece."""
    return ("".join(lines(statements, graph)) for graph, statements in chunks)

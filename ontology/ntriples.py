"""N-Triples and N-Quads: escaped lines, one statement a line, without building a graph.

The escapes are those of the canonical form of N-Triples (W3C RDF 1.2 N-Triples, section 4): only what must
be escaped is, so that the same statements are the same bytes everywhere.
"""

from collections.abc import Callable, Iterable, Iterator

import orjson
from rdflib import Literal, URIRef

from ontology.declaration import Declaration, ExchangeRecord
from ontology.graph import Chunk, Triple, graph_name
from ontology.iri import Iris
from ontology.prefixes import Names
from ontology.terms import PREFIXES, RDF, XSD
from ontology.walk import Block, Piece, Walk

#: What must be escaped, by code point.
ESCAPES = str.maketrans(
    {chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)}
    | {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


def quoted(text: str) -> str:
    """A string in quotes with its escapes, which N-Triples and Turtle share."""
    # JSON has the same short escapes, and is written by faster code than any of ours; the rest is rare.
    written = orjson.dumps(text).decode()
    if "\\u" in written or "\x7f" in written or (not written.isascii() and _is_rare(written)):
        return f'"{text.translate(ESCAPES)}"'
    return written


def _is_rare(text: str) -> bool:
    return "\ufffe" in text or "\uffff" in text


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


def ntriples(chunks: Iterable[Chunk], _iris: Iris, _names: Names = PREFIXES) -> Iterator[str]:
    """N-Triples, piece by piece: the graphs' names are left out."""
    return ("".join(lines(statements)) for _, statements in chunks)


def nquads(chunks: Iterable[Chunk], _iris: Iris, _names: Names = PREFIXES) -> Iterator[str]:
    """N-Quads, piece by piece."""
    return ("".join(lines(statements, graph)) for graph, statements in chunks)


class _Syntax:
    kind = f"<{RDF.type}>"

    def iri(self, iri: str) -> str:
        return f"<{iri}>"

    def value(self, iri: str) -> str:
        return self.iri(iri)

    def node(self, iri: str) -> str:
        return f"<{iri}>"

    def tagged(self, words: str, language: str) -> str:
        return f"{quoted(words)}@{language}"

    def quoted(self, words: str) -> str:
        return quoted(words)

    def typed(self, datatype: URIRef) -> Callable[[str], str]:
        ending = f"^^<{datatype}>"
        return lambda words: quoted(words) + ending


def triples_of_records(iris: Iris) -> Piece:
    """What writes a living record as the lines that `ntriples` would write of it."""
    blocks = Walk.of(iris, _Syntax()).blocks

    def piece(declaration: Declaration, record: ExchangeRecord) -> str:
        return _sorted(blocks(declaration, record), " .\n")

    return piece


def quads_of_records(iris: Iris) -> Piece:
    """What writes a living record as the lines that `nquads` would write of it."""
    blocks = Walk.of(iris, _Syntax()).blocks
    tails = {name: f" <{iris.graph(name)}> .\n" for name in ("facts", "claims")}

    def piece(declaration: Declaration, record: ExchangeRecord) -> str:
        return _sorted(blocks(declaration, record), tails[graph_name(declaration, record)])

    return piece


def _sorted(blocks: Iterable[Block], tail: str) -> str:
    found = [
        f"<{subject}> {predicate} {node}{tail}"
        for subject, stated in blocks
        for predicate, nodes in stated
        for node in nodes
    ]
    found.sort()
    return "".join(found)

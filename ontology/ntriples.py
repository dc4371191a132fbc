"""N-Triples and N-Quads: escaped lines, one statement a line, without building a graph.

The escapes are those of the canonical form of N-Triples (W3C RDF 1.2 N-Triples, section 4): only what must
be escaped is, so that the same statements are the same bytes everywhere.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

import orjson
from rdflib import Literal, URIRef

from ontology.declaration import Declaration, ExchangeRecord
from ontology.graph import Chunk, Triple, graph_name
from ontology.iri import Iris
from ontology.prefixes import Names
from ontology.terms import PREFIXES, RDF, XSD
from ontology.walk import Block, Column, Pieces, Walk

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


def escaped(words: list[str]) -> list[str]:
    """Strings with their escapes, without the quotes around them, as `quoted` writes each.

    JSON has the short escapes of Turtle and N-Triples, and is written by faster code than any of ours; within
    it, `","` only stands between two strings. Where there is anything rare, each string is looked at.
    """
    if not words:
        return []
    written = orjson.dumps(words).decode()
    if "\\u" in written or "\x7f" in written or not (written.isascii() or _is_usual(written)):
        return [quoted(each)[1:-1] for each in words]
    return written[2:-2].split('","')


def _is_usual(text: str) -> bool:
    return "\ufffe" not in text and "\uffff" not in text


class _Syntax:
    """How N-Triples are written: a line a statement, sorted."""

    kind = f"<{RDF.type}>"
    is_sorted = True

    def iri(self, iri: str) -> str:
        return f"<{iri}>"

    def subject(self, iri: str) -> str:
        return f"<{iri}>"

    def value(self, iri: str) -> str:
        return self.iri(iri)

    def node(self, iri: str) -> str:
        return f"<{iri}>"

    def escaped(self, words: list[str]) -> list[str]:
        return escaped(words)

    def tagged(self, escaped: str, language: str) -> str:
        return f'"{escaped}"@{language}'

    def quoted(self, words: str) -> str:
        return quoted(words)

    def typed(self, datatype: URIRef) -> Callable[[str], str]:
        ending = f"^^<{datatype}>"
        return lambda words: quoted(words) + ending

    def one(self, predicate: str, before: str = "", after: str = "") -> Column:
        middle, end = f" {predicate} {before}", f"{after} .\n"
        return lambda subjects, words: [
            "" if each is None else f"{subject}{middle}{each}{end}"
            for subject, each in zip(subjects, words, strict=True)
        ]

    def fixed(self, predicate: str, objects: list[str]) -> Column:
        endings = [f" {predicate} {each} .\n" for each in sorted(objects)]
        return lambda subjects, _: [subject + subject.join(endings) for subject in subjects]

    def many(self, predicate: str, subject: str, objects: list[str]) -> str:
        if len(objects) == 1:
            return f"{subject} {predicate} {objects[0]} .\n"
        found = [f"{subject} {predicate} {each} .\n" for each in objects]
        found.sort()
        return "".join(found)

    def block(self, subject: str, said: Iterable[str]) -> str:
        return "".join(said)

    def record(self, blocks: list[Block]) -> str:
        blocks.sort()
        return "".join([text for _, text in blocks])

    def generic(self, statements: list[Triple]) -> str:
        return "".join(lines(statements))


@lru_cache(maxsize=16)
def triples_of_records(iris: Iris) -> Pieces:
    """What writes living records as the lines that `ntriples` would write of each."""
    return Walk(iris, _Syntax()).texts


def quads_of_records(iris: Iris) -> Pieces:
    """What writes living records as the lines that `nquads` would write of each."""
    triples = triples_of_records(iris)
    endings = {name: f" <{iris.graph(name)}> .\n" for name in ("facts", "claims")}

    def pieces(declaration: Declaration, records: Sequence[ExchangeRecord]) -> list[str]:
        # The end of a line is the only one that is not written with an escape.
        return [
            text.replace(" .\n", endings[graph_name(declaration, record)])
            for text, record in zip(triples(declaration, records), records, strict=True)
        ]

    return pieces

"""Turtle and TriG: a block a subject, in the order of the declaration, without building a graph."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from rdflib import Literal, URIRef

from ontology import ntriples
from ontology.declaration import Declaration, ExchangeRecord
from ontology.graph import Chunk, Triple, graph_name
from ontology.iri import Iris
from ontology.prefixes import Names, Prefixes
from ontology.terms import PREFIXES, RDF, XSD
from ontology.walk import Block, Column, Pieces, Walk

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
    if node.language or node.datatype is None or node.datatype == XSD.string:
        return ntriples.term(node)
    words = str(node)
    if node.datatype == XSD.boolean and words in ("true", "false"):
        return words
    if node.datatype == XSD.integer and words.isascii() and words.isdigit():
        return words
    return f"{ntriples.quoted(words)}^^{_iri(node.datatype, prefixes)}"


def _property(predicate: URIRef, nodes: Iterable[URIRef | Literal], prefixes: Prefixes) -> str:
    name = "a" if predicate == RDF.type else _iri(predicate, prefixes)
    return _stated(name, [_object(node, prefixes) for node in nodes])


def _stated(name: str, objects: list[str]) -> str:
    if len(objects) == 1 or name == "a":
        return f"    {name} {', '.join(objects)}"
    return f"    {name}\n        " + ",\n        ".join(objects)


def blocks(statements: Iterable[Triple], prefixes: Prefixes) -> str:
    """The statements as Turtle, each subject in a block of its own, without the prefixes."""
    return "".join(
        f"\n<{subject}>\n"
        + " ;\n".join(_property(predicate, nodes, prefixes) for predicate, nodes in properties.items())
        + " .\n"
        for subject, properties in by_subject(statements).items()
    )


def head(prefixes: Prefixes) -> str:
    """What a text in Turtle begins with: all prefixes, whether they are used or not."""
    return "".join(f"@prefix {prefix}: <{name}> .\n" for prefix, name in sorted(prefixes.namespaces.items()))


def turtle(chunks: Iterable[Chunk], iris: Iris, names: Names = PREFIXES) -> Iterator[str]:
    """Turtle, piece by piece: the prefixes once, then the union of all graphs."""
    prefixes = Prefixes(iris, names)
    yield head(prefixes)
    for _, statements in chunks:
        yield blocks(statements, prefixes)


def trig(chunks: Iterable[Chunk], iris: Iris, names: Names = PREFIXES) -> Iterator[str]:
    """TriG, piece by piece: the prefixes once, then each piece within its graph."""
    prefixes = Prefixes(iris, names)
    yield head(prefixes)
    for graph, statements in chunks:
        written = blocks(statements, prefixes)
        yield f"\n<{graph}> {{{written}}}\n" if graph else written


class _Syntax:
    """How Turtle is written: a block a subject, and terms short where a prefix fits."""

    kind = "a"
    is_sorted = False

    def __init__(self, prefixes: Prefixes) -> None:
        self._prefixes = prefixes

    def iri(self, iri: str) -> str:
        return _iri(URIRef(iri), self._prefixes)

    def subject(self, iri: str) -> str:
        return f"<{iri}>"

    def value(self, iri: str) -> str:
        return self.iri(iri)

    def node(self, iri: str) -> str:
        return f"<{iri}>"

    def escaped(self, words: list[str]) -> list[str]:
        return ntriples.escaped(words)

    def tagged(self, escaped: str, language: str) -> str:
        return f'"{escaped}"@{language}'

    def quoted(self, words: str) -> str:
        return ntriples.quoted(words)

    def typed(self, datatype: URIRef) -> Callable[[str], str]:
        quoted, ending = ntriples.quoted, f"^^{_iri(datatype, self._prefixes)}"
        if datatype == XSD.boolean:
            return lambda words: words
        if datatype == XSD.integer:
            return lambda words: words if words.isascii() and words.isdigit() else quoted(words) + ending
        return lambda words: quoted(words) + ending

    def one(self, predicate: str, before: str = "", after: str = "") -> Column:
        begin = f"    {predicate} {before}"
        return lambda _, words: ["" if each is None else f"{begin}{each}{after}" for each in words]

    def fixed(self, predicate: str, objects: list[str]) -> Column:
        stated = _stated(predicate, objects)
        return lambda subjects, _: [stated] * len(subjects)

    def many(self, predicate: str, subject: str, objects: list[str]) -> str:
        return _stated(predicate, objects)

    def block(self, subject: str, said: Iterable[str]) -> str:
        return f"\n{subject}\n{_AND.join(filter(None, said))} .\n"

    def record(self, blocks: list[Block]) -> str:
        return "".join([text for _, text in blocks])

    def generic(self, statements: list[Triple]) -> str:
        return blocks(statements, self._prefixes)


_AND = " ;\n"


@lru_cache(maxsize=16)
def blocks_of_records(iris: Iris) -> Pieces:
    """What writes living records as the blocks that `turtle` would write of each."""
    return Walk(iris, _Syntax(Prefixes(iris))).texts


def graphs_of_records(iris: Iris) -> Pieces:
    """What writes living records as `trig` would write each: the blocks within their graph."""
    blocks_of = blocks_of_records(iris)
    names = {name: str(iris.graph(name)) for name in ("facts", "claims")}

    def pieces(declaration: Declaration, records: Sequence[ExchangeRecord]) -> list[str]:
        return [
            f"\n<{names[graph_name(declaration, record)]}> {{{text}}}\n"
            for text, record in zip(blocks_of(declaration, records), records, strict=True)
        ]

    return pieces

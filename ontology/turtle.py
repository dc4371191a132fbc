"""Turtle and TriG: a block a subject, in the order of the declaration, without building a graph."""

from collections.abc import Callable, Iterable, Iterator

from rdflib import Literal, URIRef

from ontology import ntriples
from ontology.declaration import Declaration, ExchangeRecord
from ontology.graph import Chunk, Triple, graph_name
from ontology.iri import Iris
from ontology.prefixes import Names, Prefixes
from ontology.terms import PREFIXES, RDF, XSD
from ontology.walk import Piece, Stated, Walk

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
    """How Turtle writes terms: short where a prefix fits."""

    kind = "a"

    def __init__(self, prefixes: Prefixes) -> None:
        self._prefixes = prefixes

    def iri(self, iri: str) -> str:
        return _iri(URIRef(iri), self._prefixes)

    def value(self, iri: str) -> str:
        return self.iri(iri)

    def node(self, iri: str) -> str:
        return f"<{iri}>"

    def tagged(self, words: str, language: str) -> str:
        return f"{ntriples.quoted(words)}@{language}"

    def quoted(self, words: str) -> str:
        return ntriples.quoted(words)

    def typed(self, datatype: URIRef) -> Callable[[str], str]:
        quoted, ending = ntriples.quoted, f"^^{_iri(datatype, self._prefixes)}"
        if datatype == XSD.boolean:
            return lambda words: words
        if datatype == XSD.integer:
            return lambda words: words if words.isascii() and words.isdigit() else quoted(words) + ending
        return lambda words: quoted(words) + ending


def blocks_of_records(iris: Iris) -> Piece:
    """What writes a living record as the blocks that `turtle` would write of it."""
    walked = Walk.of(iris, _Syntax(Prefixes(iris))).blocks

    def piece(declaration: Declaration, record: ExchangeRecord) -> str:
        return "".join(
            [
                f"\n<{subject}>\n" + " ;\n".join([_stated(each) for each in stated]) + " .\n"
                for subject, stated in walked(declaration, record)
            ]
        )

    return piece


def graphs_of_records(iris: Iris) -> Piece:
    """What writes a living record as `trig` would write it: the blocks within their graph."""
    blocks_of = blocks_of_records(iris)
    names = {name: str(iris.graph(name)) for name in ("facts", "claims")}

    def piece(declaration: Declaration, record: ExchangeRecord) -> str:
        return f"\n<{names[graph_name(declaration, record)]}> {{{blocks_of(declaration, record)}}}\n"

    return piece


def _stated(stated: Stated) -> str:
    name, nodes = stated
    if len(nodes) == 1:
        return f"    {name} {nodes[0]}"
    if name == "a":
        return f"    a {', '.join(nodes)}"
    return f"    {name}\n        " + ",\n        ".join(nodes)

"""Graphs for tests: what rdflib and PyLD read from our texts, every literal in the form it was written in."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import rdflib
from pyld import jsonld
from rdflib import Dataset, Graph, URIRef
from rdflib.term import Node

Statement = tuple[Node, Node, Node]

SYNTAX = {
    "ttl": "turtle",
    "jsonld": "json-ld",
    "rdf": "xml",
    "nt": "nt",
    "nq": "nquads",
    "trig": "trig",
}


@contextmanager
def lexical_forms_kept() -> Iterator[None]:
    """Else rdflib would read `2026-01-01T00:00:00Z` as another literal than the one that was written."""
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before


def read(data: str | bytes, suffix: str, base: str | None = None) -> set[Statement]:
    """Reads the statements of a text, those of all its graphs together."""
    return {statement for _, statement in read_graphs(data, suffix, base)}


def read_graphs(data: str | bytes, suffix: str, base: str | None = None) -> set[tuple[str, Statement]]:
    """Reads the statements of a text, each with the name of its graph."""
    with lexical_forms_kept(), warnings.catch_warnings():
        # The parsers of rdflib call what rdflib itself has deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset = Dataset()
        dataset.parse(data=data, format=SYNTAX[suffix], publicID=base)
        return {(str(name), (s, p, o)) for s, p, o, name in dataset.quads()}


def _refuse(url: str, _options: dict[str, Any]) -> Any:
    raise AssertionError(f"a context elsewhere was asked for: {url}")


def read_with_pyld(document: Any) -> set[Statement]:
    """Reads a JSON-LD document with a second processor, which may fetch nothing."""
    options = {"format": "application/n-quads", "documentLoader": _refuse}
    return read(jsonld.to_rdf(document, options), "nq")


def turned(statements: set[Statement], old: str, new: str) -> set[Statement]:
    """Puts one base in the place of another in every IRI."""

    def turn(node: Node) -> Node:
        return URIRef(str(node).replace(old, new, 1)) if isinstance(node, URIRef) else node

    return {(turn(s), turn(p), turn(o)) for s, p, o in statements}


def graph(statements: set[Statement]) -> Graph:
    """A graph to ask questions of."""
    found = Graph()
    for statement in statements:
        found.add(statement)
    return found

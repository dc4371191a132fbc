"""Replay: a small harvester of the feed, which knows LDES and TREE and nothing of this program."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rdflib import URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, Namespace
from rdflib.term import Node

from tests.graphs import Statement, read_graphs

AS = Namespace("https://www.w3.org/ns/activitystreams#")
LDES = Namespace("https://w3id.org/ldes#")
SCHEMA = Namespace("https://schema.org/")
TREE = Namespace("https://w3id.org/tree#")

_OWN = (
    PROV.generatedAtTime,
    SCHEMA.position,
    URIRef("http://www.w3.org/ns/dcat#version"),
    DCTERMS.isReplacedBy,
)


class Answer(Protocol):
    """What a client gets for an address."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...


Get = Callable[[str, dict[str, str]], Answer]


@dataclass(frozen=True, slots=True)
class Seen:
    """One member as a harvester reads it."""

    iri: str
    kind: str
    thing: str
    published: str
    number: int
    replacement: str | None
    statements: frozenset[Statement]


@dataclass
class Harvester:
    """Follows a feed from its root in one format, and keeps what every thing says now."""

    get: Get
    root: str
    suffix: str = "nq"
    things: dict[str, frozenset[Statement]] = field(default_factory=dict)
    replaced: dict[str, str] = field(default_factory=dict)
    known: dict[str, Seen] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    requests: int = 0
    tag: str = ""

    def harvest(self) -> list[Seen]:
        """The members that are new since the last time, in their order, after applying them."""
        found: dict[str, Seen] = {}
        self._read(self.root, found)
        new = sorted(found.values(), key=lambda each: each.number)
        for each in new:
            self.known[each.iri] = each
            self._apply(each)
        return new

    def graph(self) -> set[Statement]:
        """All that all things say."""
        return set().union(*self.things.values())

    def _apply(self, member: Seen) -> None:
        if member.kind == "Delete":
            self.things.pop(member.thing, None)
            if member.replacement is not None:
                self.replaced[member.thing] = member.replacement
        else:
            assert member.kind in ("Create", "Update")
            self.things[member.thing] = member.statements
            self.replaced.pop(member.thing, None)

    def _read(self, node: str, found: dict[str, Seen]) -> None:
        headers = {"If-None-Match": self.tag} if node == self.root and self.tag else {}
        answer = self.get(f"{node}.{self.suffix}", headers)
        self.requests += 1
        if answer.status_code == 304:
            return
        assert answer.status_code == 200, (node, answer.status_code)
        if "immutable" in answer.headers["cache-control"]:
            self.closed.add(node)
        elif node == self.root:
            self.tag = answer.headers["etag"]
        statements = read_graphs(answer.content, self.suffix)
        about = Statements(statements)
        for member in about.objects(None, TREE.member):
            if str(member) not in self.known:
                found[str(member)] = about.member(URIRef(member))
        children = {str(about.one(each, TREE.node)) for each in about.objects(URIRef(node), TREE.relation)}
        for child in sorted(children - self.closed):
            self._read(child, found)


class Statements:
    """The statements of a page, by subject and graph."""

    def __init__(self, statements: set[tuple[str, Statement]]) -> None:
        self._by_subject: dict[str, list[Statement]] = {}
        self._by_graph: dict[str, list[Statement]] = {}
        for graph, statement in statements:
            self._by_graph.setdefault(graph, []).append(statement)
            if str(graph) in ("urn:x-rdflib:default", "None"):
                self._by_subject.setdefault(str(statement[0]), []).append(statement)

    def objects(self, subject: URIRef | None, predicate: URIRef) -> list[Node]:
        """The objects of a property, of one subject or of all."""
        some = [] if subject is None else [self._by_subject.get(str(subject), [])]
        return [o for each in some or self._by_subject.values() for _, p, o in each if p == predicate]

    def one(self, subject: Node, predicate: URIRef) -> Node:
        """The one object of a property."""
        (found,) = self.objects(URIRef(subject), predicate)
        return found

    def member(self, iri: URIRef) -> Seen:
        """A member, from the graph of its name or, in a format without graphs, from its version objects."""
        kinds = [each for each in self.objects(iri, RDF.type) if str(each).startswith(str(AS))]
        replacement = self.objects(iri, DCTERMS.isReplacedBy)
        thing = self.one(iri, DCTERMS.isVersionOf)
        in_graph = self._by_graph.get(str(iri))
        statements = in_graph if in_graph is not None else self._materialized(iri)
        return Seen(
            str(iri),
            str(kinds[0]).removeprefix(AS),
            str(thing),
            str(self.one(iri, PROV.generatedAtTime)),
            int(str(self.one(iri, SCHEMA.position))),
            str(replacement[0]) if replacement else None,
            frozenset(statements),
        )

    def _materialized(self, iri: URIRef) -> list[Statement]:
        """What version objects say, with the things in their places again."""
        names = (each for each in self._by_subject if each == str(iri) or each.startswith(f"{iri}#"))
        things = {URIRef(each): self.one(URIRef(each), DCTERMS.isVersionOf) for each in names}
        return [
            (things.get(s, s), p, things.get(o, o))
            for statements in self._by_subject.values()
            for s, p, o in statements
            if (s in things or o in things) and not _is_of_the_member(iri, s, p, o)
        ]


def _is_of_the_member(iri: URIRef, subject: Node, predicate: Node, value: Node) -> bool:
    """Whether a statement is about a member or version and not about the thing."""
    if predicate in (TREE.member, DCTERMS.isVersionOf):
        return True
    return subject == iri and (predicate in _OWN or (predicate == RDF.type and str(value).startswith(AS)))

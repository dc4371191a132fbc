"""Feed: every change as a member of a Linked Data Event Stream, in pages that close and never change again.

There are two: `/feed` tells what changes of the facts, `/feed/claims` what changes of claims, reviews and
candidates. The root holds the newest members and leads to the closed pages, and to shelves of a hundred pages
each. An address of a closed node has the digest of what it holds in it, so that caches may keep it for good.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain

from rdflib import URIRef
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ontology import ldes
from ontology.declaration import GraphName
from ontology.errors import BadArgument, InvalidRecord, NotFound
from ontology.formats import FORMATS, Format
from ontology.graph import Chunk, Triple, triples
from ontology.iri import Iris
from ontology.terms import FEED_PREFIXES
from schema import feed
from schema.feed import Fragment, Member
from schema.snapshot import Snapshot
from schema.store import reading
from schema.values import moment
from server.documents import described
from server.pages.failure import refused
from server.representation import OFFERS, Representation, in_format, link, sent, wanted

#: The version of the data that an answer tells.
DATA_VERSION = "Data-Version"

_TITLES: dict[GraphName, str] = {
    "facts": "Changes of projects, states, networks, vocabularies and sources",
    "claims": "Changes of claims, reviews, codings and candidates",
}
_LEVELS = {"page": 0, "shelf": 1}

# The root is asked for again and again, and what is closed never: a year is what caches take for ever.
_CLOSED = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _Stream:
    """One of the two feeds under its addresses; without texts it is another stream, with other members."""

    graph: GraphName
    iris: Iris
    texts: bool

    @property
    def root(self) -> URIRef:
        return URIRef(self.iris.feed(self.graph))

    @property
    def iri(self) -> URIRef:
        return URIRef(f"{self.root}#stream{'' if self.texts else '-without-texts'}")

    def part(self, kind: str, name: str) -> URIRef:
        return URIRef(self.iris.feed(self.graph, f"{kind}/{name}"))

    def event(self, member: Member) -> ldes.Event:
        segment, record = member.record["class"], member.record
        leads = record.get("aliasOf")
        says = described([record]) if member.operation in ("create", "update") else ()
        return ldes.Event(
            self.part("member", member.name),
            member.operation,
            self.iris.thing(segment, record["key"]),
            member.published,
            member.number,
            member.version,
            None if leads is None else self.iris.thing(segment, leads),
            tuple(chain.from_iterable(triples(*each, self.iris) for each in says)),
        )

    def child(self, fragment: Fragment) -> ldes.Child:
        kind = next(name for name, level in _LEVELS.items() if level == fragment.level)
        node = self.part(kind, fragment.name)
        return ldes.Child(node, f"{kind}-{fragment.number}", fragment.starts, fragment.ends)


@dataclass(frozen=True, slots=True)
class _Node:
    """What stands at one address of a feed: statements about it, children that it leads to, and members."""

    stream: _Stream
    iri: URIRef
    version: int
    statements: tuple[Triple, ...] = ()
    children: tuple[Fragment, ...] = ()
    members: tuple[Member, ...] = ()
    previous: Fragment | None = None
    is_closed: bool = True

    def chunks(self, *, with_graphs: bool) -> Iterator[Chunk]:
        """All statements, those about the stream and the node first."""
        events = [*map(self.stream.event, self.members)]
        yield None, self.statements
        if children := [*map(self.stream.child, self.children)]:
            yield None, ldes.relations(self.iri, children)
        yield from ldes.members(self.stream.iri, events, with_graphs=with_graphs)

    def body(self, format: Format) -> bytes:
        """The node in one format."""
        chunks = self.chunks(with_graphs=format.suffix in ldes.WITH_GRAPHS)
        return "".join(format.statements(chunks, self.stream.iris, FEED_PREFIXES)).encode()


# What stands at the addresses


def _root(snapshot: Snapshot, stream: _Stream, since: str | None) -> _Node:
    """The newest members and the way to all others, or as much of it as was published at a time or later."""
    connection, graph = snapshot.connection, stream.graph
    page, member = feed.open_from(connection, graph)
    shelves = feed.fragments(connection, graph, 1)
    pages = feed.fragments(connection, graph, 0, page)
    members = [*feed.members(connection, graph, member)]
    first = feed.first_published(connection, graph)
    newest = feed.last_closed(connection, graph, 0)
    iri = stream.root
    if since is not None:
        iri = URIRef(f"{iri}?modified_since={since}")
        shelves, pages = ([each for each in some if each.ends >= since] for some in (shelves, pages))
        members = [each for each in members if each.published >= since]
        newest = newest if newest is not None and newest.ends >= since else None
    statements = (
        *ldes.stream(stream.iri, iri, _TITLES[graph], URIRef(f"{stream.iris.base}/shapes")),
        *ldes.shape(stream.iri),
        *ldes.node(iri, is_closed=False),
        *ldes.retention(iri, first),
    )
    return _Node(
        stream, iri, snapshot.version(), statements, (*shelves, *pages), (*members,), newest, is_closed=False
    )


def _fragment(snapshot: Snapshot, stream: _Stream, kind: str, name: str) -> _Node:
    """A closed page or shelf. Raises NotFound."""
    connection, graph, level = snapshot.connection, stream.graph, _LEVELS[kind]
    found = feed.closed(connection, graph, level, _number(name))
    if found is None or found.name != name:
        raise _no_such(stream, kind, name)
    statements = (
        ldes.is_stream(stream.iri),
        *ldes.node(iri := stream.part(kind, name), is_closed=True),
    )
    if level:
        children = (*feed.fragments(connection, graph, level - 1, found.first, found.last),)
        return _Node(stream, iri, feed.version_of(connection, graph, children[-1].last), statements, children)
    members = (*feed.members(connection, graph, found.first, found.last),)
    previous = feed.closed(connection, graph, level, found.number - 1)
    return _Node(stream, iri, members[-1].version, statements, members=members, previous=previous)


def _member(snapshot: Snapshot, stream: _Stream, name: str) -> _Node:
    """One member by itself. Raises NotFound."""
    number = _number(name)
    found = (*feed.members(snapshot.connection, stream.graph, number, number),)
    if [each.name for each in found] != [name]:
        raise _no_such(stream, "member", name)
    statements = (ldes.is_stream(stream.iri),)
    return _Node(stream, stream.part("member", name), found[0].version, statements, members=found)


def _number(name: str) -> int:
    """The number that a name begins with; 0, which nothing has, where there is none."""
    number = name.partition("-")[0]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0


def _no_such(stream: _Stream, kind: str, name: str) -> NotFound:
    return NotFound(f"the feed has no {kind} {name}", f"Begin again at {stream.root}.")


# How it is sent

_METHODS = ("GET", "HEAD", "OPTIONS")

# Formats with graphs come first: in them a member says what the thing's own document says, word for word.
_OFFERS = {each: OFFERS[each] for each in ("trig", "nq", "jsonld", "ttl", "nt", "rdf")}


def _sent(request: Request, node: _Node, of_suffix: Format | None) -> Response:
    offer = _OFFERS[of_suffix.suffix] if of_suffix else wanted(request, _OFFERS)
    if offer is None:
        return refused(request, node.iri, _OFFERS)
    links = [] if node.iri == node.stream.root else [link(node.stream.root, "current")]
    if node.previous is not None:
        before = node.stream.part("page", node.previous.name)
        links.append(link(in_format(before, offer.suffix) if of_suffix else before, "prev"))
    body = node.body(FORMATS[offer.suffix])
    # No time is sent along: two versions may come in one second, and only a tag tells them apart.
    found = Representation(
        node.iri, offer.media_type, body, offer, None, (*links,), of_suffix is None, offers=_OFFERS
    )
    answer = sent(request, found)
    answer.headers[DATA_VERSION] = str(node.version)
    if node.is_closed:
        answer.headers["Cache-Control"] = _CLOSED
    return answer


def _split(name: str) -> tuple[str, Format | None]:
    stem, _, suffix = name.partition(".")
    if suffix and suffix not in FORMATS:
        raise NotFound(f"there is no format {suffix}", f"Use one of {', '.join(FORMATS)}.")
    return stem, FORMATS[suffix] if suffix else None


def _since(request: Request) -> str | None:
    """The time of `modified_since`, in UTC to the second. Raises BadArgument."""
    text = request.query_params.get("modified_since")
    try:
        # A plus sign that was not encoded has come as a space.
        return None if text is None else moment(text.replace(" ", "+"), "modified_since")
    except InvalidRecord as error:
        raise BadArgument(error.message, "Write a time with its zone: 2026-11-23T00:00:00Z.") from None


def _answered(graph: GraphName, request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ", ".join(_METHODS)})
    kind = request.path_params.get("kind")
    with reading(request.app.state.engine) as snapshot:
        stream = _Stream(graph, request.app.state.iris, snapshot.texts)
        if kind is None:
            of_suffix = _split(f".{request.path_params.get('suffix', '')}")[1]
            return _sent(request, _root(snapshot, stream, _since(request)), of_suffix)
        name, of_suffix = _split(request.path_params["name"])
        if kind == "member":
            return _sent(request, _member(snapshot, stream, name), of_suffix)
        if kind in _LEVELS:
            return _sent(request, _fragment(snapshot, stream, kind, name), of_suffix)
    raise NotFound(f"the feed has no {kind}", f"Begin at {stream.root}.")


def _routes(graph: GraphName) -> Iterator[Route]:
    path = Iris("").feed(graph)
    for each in (path, f"{path}.{{suffix}}", f"{path}/{{kind}}/{{name}}"):
        yield Route(each, partial(_answered, graph), methods=_METHODS)


#: The addresses of both feeds. Those of claims come first: facts would take them for a kind of node.
routes: list[Route] = [*_routes("claims"), *_routes("facts")]

"""LDES: a feed of changes as a Linked Data Event Stream, with its pages told in TREE hypermedia.

Sources: the Linked Data Event Streams specification and its server primer (SEMIC), TREE hypermedia (W3C TREE
community group), Activity Streams 2.0 for the kinds of changes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rdflib import Literal, URIRef

from ontology.graph import Chunk, Triple
from ontology.terms import AS, DCAT, DCTERMS, LDES, PROV, RDF, RDFS, SDO, SH, TREE, XSD

#: The formats, by suffix, that keep what a member says in a graph of its own.
WITH_GRAPHS = frozenset({"nq", "trig", "jsonld"})

_KINDS = {"create": AS.Create, "update": AS.Update, "delete": AS.Delete, "alias": AS.Delete}


@dataclass(frozen=True, slots=True)
class Event:
    """One member of a stream: which change of which thing, and all that the thing's record says from then on.

    `published` is a time in UTC that no earlier member exceeds, `number` the place in the stream, counted
    from 1, and `version` the data version. `replacement` is the thing that a former key leads to.
    """

    iri: URIRef
    operation: str
    thing: URIRef
    published: str
    number: int
    version: int
    replacement: URIRef | None
    statements: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Child:
    """A node that another one leads to, with the times between which all its members were published."""

    node: URIRef
    name: str
    starts: str
    ends: str


def _time(moment: str) -> Literal:
    return Literal(moment, datatype=XSD.dateTime, normalize=False)


def is_stream(iri: URIRef) -> Triple:
    """That something is a stream, for the pages that are not its root."""
    return iri, RDF.type, LDES.EventStream


def stream(iri: URIRef, root: URIRef, title: str, shapes: URIRef) -> Iterator[Triple]:
    """What the root says of a stream: the paths by which its members are ordered and belong to things.

    `shapes` is where the shapes of the things are that members are versions of.
    """
    yield is_stream(iri)
    yield iri, DCTERMS.title, Literal(title, lang="en")
    yield iri, DCTERMS.conformsTo, shapes
    yield iri, TREE.view, root
    yield iri, LDES.timestampPath, PROV.generatedAtTime
    yield iri, LDES.sequencePath, SDO.position
    yield iri, LDES.versionOfPath, DCTERMS.isVersionOf
    for kind, object_ in (("Create", AS.Create), ("Update", AS.Update), ("Delete", AS.Delete)):
        yield iri, LDES[f"version{kind}Path"], RDF.type
        yield iri, LDES[f"version{kind}Object"], object_


def shape(iri: URIRef) -> Iterator[Triple]:
    """The shape of the members of a stream, as SHACL: what each of them says of itself, once."""
    member = URIRef(f"{iri}-member")
    yield iri, TREE.shape, member
    yield member, RDF.type, SH.NodeShape
    for name, path in (
        ("thing", DCTERMS.isVersionOf),
        ("time", PROV.generatedAtTime),
        ("place", SDO.position),
        ("version", DCAT.version),
    ):
        each = URIRef(f"{member}-{name}")
        yield member, SH.property, each
        yield each, RDF.type, SH.PropertyShape
        yield each, SH.path, path
        yield each, SH.minCount, Literal("1", datatype=XSD.integer)
        yield each, SH.maxCount, Literal("1", datatype=XSD.integer)


def retention(root: URIRef, first: str | None) -> Iterator[Triple]:
    """That every member is kept from the first one on, which was published at `first`."""
    policy = URIRef(f"{root}#retention")
    yield root, LDES.retentionPolicy, policy
    yield policy, RDF.type, LDES.RetentionPolicy
    yield policy, RDFS.comment, Literal("Every member is kept, and none is ever changed.", lang="en")
    if first is not None:
        yield policy, LDES.startingFrom, _time(first)


def node(iri: URIRef, *, is_closed: bool) -> Iterator[Triple]:
    """That something is a node of the tree; nothing is ever added to a closed one."""
    yield iri, RDF.type, TREE.Node
    if is_closed:
        yield iri, LDES.immutable, Literal("true", datatype=XSD.boolean)


def relations(iri: URIRef, children: Iterable[Child]) -> Iterator[Triple]:
    """Where a node leads: a relation for each bound of the times of each child."""
    for each in children:
        for bound, kind, value in (
            ("from", TREE.GreaterThanOrEqualToRelation, each.starts),
            ("to", TREE.LessThanOrEqualToRelation, each.ends),
        ):
            relation = URIRef(f"{iri}#{each.name}-{bound}")
            yield iri, TREE.relation, relation
            yield relation, RDF.type, kind
            yield relation, TREE.node, each.node
            yield relation, TREE.path, PROV.generatedAtTime
            yield relation, TREE.value, _time(value)


def about(event: Event) -> Iterator[Triple]:
    """What a member says of itself."""
    yield event.iri, RDF.type, _KINDS[event.operation]
    yield event.iri, DCTERMS.isVersionOf, event.thing
    yield event.iri, PROV.generatedAtTime, _time(event.published)
    yield event.iri, SDO.position, Literal(str(event.number), datatype=XSD.integer, normalize=False)
    yield event.iri, DCAT.version, Literal(str(event.version))
    if event.replacement is not None:
        yield event.iri, DCTERMS.isReplacedBy, event.replacement


def _version_object(event: Event) -> Iterator[Triple]:
    """The statements with the member in the place of the thing, so that no two versions of it run together.

    What the record says the class of is its own: the thing and its parts. A part becomes a part of the
    member, with `dcterms:isVersionOf` leading back.
    """
    own = {subject for subject, predicate, _ in event.statements if predicate == RDF.type}
    parts = sorted(own - {event.thing})
    versions = {each: URIRef(f"{event.iri}#{place}") for place, each in enumerate(parts, start=1)}
    versions[event.thing] = event.iri
    for subject, predicate, value in event.statements:
        found = versions.get(value, value) if isinstance(value, URIRef) else value
        yield versions.get(subject, subject), predicate, found
    for each in parts:
        yield versions[each], DCTERMS.isVersionOf, each


def member(event: Event, *, with_graphs: bool) -> Iterator[Chunk]:
    """A member: what it says of itself, and its thing's record in the graph of its name or as its own."""
    if with_graphs:
        yield None, about(event)
        if event.statements:
            yield event.iri, event.statements
    else:
        yield None, (*about(event), *_version_object(event))


def members(iri: URIRef, events: Sequence[Event], *, with_graphs: bool) -> Iterator[Chunk]:
    """The members of a stream that stand on one page."""
    yield None, [(iri, TREE.member, each.iri) for each in events]
    for each in events:
        yield from member(each, with_graphs=with_graphs)

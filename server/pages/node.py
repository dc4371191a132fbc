"""Node: a thing or a part of one as a page shows it, field by field in the order of the declaration."""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import URIRef

from ontology.declaration import Declaration, Declared, ExchangeRecord
from ontology.graph import RELATIONS, part_nodes, places
from ontology.labels import NAMING, spaced, term_label
from ontology.terms import DCTERMS, OA, SKOS, XSD, Property, Reference, TextProperty
from server.pages.values import Shown, Value, part_anchor, values

#: The properties of a quote: what stands before it, the words themselves, what stands behind.
QUOTE = (OA.prefix, OA.exact, OA.suffix)

_CHANGED = Property(DCTERMS.modified, XSD.dateTime)


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of a node with its values or, where it holds parts, with these.

    `back` is the property of the same statement the other way round; `is_named` says that its parts have IRIs
    of their own, as results have.
    """

    label: str
    term: str
    values: tuple[Value, ...] = ()
    parts: tuple["Node", ...] = ()
    back: str = ""
    part_label: str = ""
    is_named: bool = False
    is_text: bool = False

    @property
    def columns(self) -> dict[str, str]:
        """The fields of its parts, where all of them are short enough to stand in one table."""
        return columns_of(self.parts)


@dataclass(frozen=True, slots=True)
class Node:
    """A thing or a part: its IRI, its classes, and its facts."""

    resource: str
    types: str
    anchor: str
    facts: tuple[Fact, ...]
    href: str = ""
    label: str = ""

    def of(self, *terms: str) -> tuple[Fact, ...]:
        """Its facts of these properties, in this order."""
        found = {each.term: each for each in self.facts}
        return tuple(found[str(each)] for each in terms if str(each) in found)

    def besides(self, *terms: str) -> tuple[Fact, ...]:
        """Its facts of all other properties that have values."""
        return tuple(each for each in self.facts if each.values and each.term not in terms)

    @property
    def quote(self) -> tuple[Fact, ...]:
        """The quote that it is, with what stands around it; nothing where it is none."""
        return self.of(*QUOTE) if self.of(OA.exact) else ()

    @property
    def language(self) -> str:
        """The language that its words are in, where it says one that pages may name."""
        said = [value.words for fact in self.of(DCTERMS.language) for value in fact.values]
        return said[0] if said and said[0].isascii() and said[0].isalpha() and len(said[0]) == 2 else ""

    @property
    def heading(self) -> tuple[Fact, ...]:
        """The number that it goes by."""
        return self.of(SKOS.notation)

    @property
    def texts(self) -> tuple[Fact, ...]:
        """What it says in words."""
        return tuple(each for each in self.facts if each.is_text and each.values)

    @property
    def rest(self) -> tuple[Fact, ...]:
        """What is left for a list beside number, words and quote."""
        shown = {*map(id, self.heading), *map(id, self.texts), *map(id, self.quote)}
        return tuple(each for each in self.facts if each.values and id(each) not in shown)

    @property
    def groups(self) -> tuple[Fact, ...]:
        """Its fields that hold parts."""
        return tuple(each for each in self.facts if each.parts)

    @property
    def name(self) -> tuple[Value, ...]:
        """What it is called, the language that is chosen by default first."""
        facts = (each for each in self.facts if each.is_text and URIRef(each.term) in NAMING)
        return next((each.values for each in facts), ())


def columns_of(nodes: tuple[Node, ...]) -> dict[str, str]:
    """The labels of the fields of nodes by property; none where they have parts, quotes or long texts."""
    is_table = nodes and not any(
        each.groups or each.quote or each.of(DCTERMS.description, SKOS.definition) for each in nodes
    )
    return {fact.term: fact.label for each in nodes for fact in each.facts} if is_table else {}


def _own(term: URIRef | None, shown: Shown) -> str:
    return "" if term is None else str(shown.iris.term(term))


def _fact(declared: Declared, record: ExchangeRecord, subject: str, owner: str, shown: Shown) -> Fact:
    stated, value = declared.property, record[declared.name]
    label, term = term_label(stated.iri, declared.name), _own(stated.iri, shown)
    if declared.part is None:
        is_text = isinstance(stated, TextProperty) and not declared.many
        return Fact(label, term, tuple(values(declared, value, shown)), is_text=is_text)
    namespace = shown.iris.namespace(declared.part.segment)
    named = part_nodes(declared.part, namespace, (subject, owner), value)
    parts = tuple(_node(declared.part, each, *of, shown) for of, each in zip(named, value, strict=True))
    return Fact(
        spaced(declared.name),
        term,
        parts=parts,
        part_label=term_label(declared.part.types[0], declared.part.name),
        is_named=bool(declared.part.segment),
    )


def _node(declaration: Declaration, record: ExchangeRecord, subject: str, key: str, shown: Shown) -> Node:
    facts = tuple(
        _fact(each, record, subject, key, shown)
        for each in declaration.fields
        if record.get(each.name) is not None and each.property.iri is not None
    )
    types = " ".join(_own(each, shown) for each in declaration.types)
    anchor = key.partition("#")[2] or part_anchor(declaration.segment, key)
    return Node(subject, types, anchor, facts, label=term_label(declaration.types[0], declaration.name))


def _around(declaration: Declaration, record: ExchangeRecord, shown: Shown) -> Iterator[Fact]:
    """What the walk adds to the fields: the place in a scheme, and the time of the last change."""
    named = declaration.by_name.get(declaration.broader)
    for relation, other in places(declaration, record, shown.iris).items():
        forth, back = RELATIONS[relation]
        identifier = f"scheme/{declaration.scheme_of(record)}"
        if named is not None and relation == "broader" and isinstance(named.property, Reference):
            identifier = f"{named.property.to}/{record[declaration.broader]}"
        value = shown.thing(identifier, str(other))
        yield Fact(term_label(None, relation), str(forth), (value,), back=str(back or ""))
    if "updatedAt" in record:
        changed = values(Declared("updatedAt", _CHANGED), record["updatedAt"], shown)
        yield Fact("Last changed", str(DCTERMS.modified), tuple(changed))


def node(declaration: Declaration, record: ExchangeRecord, shown: Shown) -> Node:
    """A thing as a page shows it: the same statements as in `ontology.graph.triples`."""
    subject = shown.iris.thing(declaration.segment, record["key"])
    found = _node(declaration, record, str(subject), record["key"], shown)
    facts = (*found.facts, *_around(declaration, record, shown))
    href = shown.iris.document(declaration.segment, record["key"])
    return Node(found.resource, found.types, found.anchor, facts, href, found.label)

"""Nodes: records as nodes of JSON-LD, with IRIs for keys; what a class needs for it is worked out once."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from ontology.context import back, compact
from ontology.declaration import Declaration, Declared, ExchangeRecord
from ontology.graph import DATE_BY_LENGTH, RELATIONS, lexical, part_nodes, places
from ontology.iri import Iris, are_plain, encoded, legal
from ontology.prefixes import Prefixes
from ontology.terms import XSD, IriProperty, Reference, TextProperty

Node = dict[str, Any]

#: What gives a field's value in JSON-LD; None where it stands there as in the record.
Change = Callable[[Any], Any]


# What every record says of itself, and its node says by its IRI and types.
_ENVELOPE = ("format", "class", "key")

# A value of any other datatype may be a number with a fraction.
_WITHOUT_FRACTION = {
    None,
    XSD.boolean,
    XSD.dateTime,
    XSD.gYear,
    XSD.integer,
    XSD.nonNegativeInteger,
    XSD.string,
}


class _Class(NamedTuple):
    """A class, and by their names the fields that are left out, those that change and how, and the parts."""

    declaration: Declaration
    namespace: str
    types: list[str]
    untold: tuple[str, ...]
    changes: tuple[tuple[str, Change], ...]
    parts: "tuple[tuple[str, _Class], ...]"
    is_concept: bool


class Nodes:
    """The nodes of records under one base."""

    def __init__(self, iris: Iris) -> None:
        self.prefixes = Prefixes(iris)
        self._classes: dict[str, _Class] = {}

    def node(self, declaration: Declaration, record: ExchangeRecord) -> Node:
        """A living record, which the declaration knows all of, as a node of a document, its parts inside."""
        return self.nodes(declaration, [record])[0]

    def nodes(self, declaration: Declaration, records: Sequence[ExchangeRecord]) -> list[Node]:
        """Living records of a class as nodes."""
        known = self._classes.get(declaration.name)
        if known is None or known.declaration is not declaration:
            known = self._classes[declaration.name] = _class(declaration, self.prefixes)
        keys = [each["key"] for each in records]
        begin = known.namespace
        iris = [begin + each for each in (keys if are_plain(keys) else map(encoded, keys))]
        told = zip(iris, keys, records, strict=True)
        found = [_node(known, iri, key, record) for iri, key, record in told]
        if known.is_concept:
            for node, record in zip(found, records, strict=True):
                self._place(node, declaration, record)
        return found

    def _place(self, node: Node, declaration: Declaration, record: ExchangeRecord) -> None:
        for name, other in places(declaration, record, self.prefixes.iris).items():
            node[name] = str(other)
            if RELATIONS[name][1] is not None:
                node[back(name)] = str(other)


@lru_cache(maxsize=16)
def nodes(iris: Iris) -> Nodes:
    """The nodes under a base, with all that was worked out before."""
    return Nodes(iris)


def _node(known: _Class, subject: str, owner: str, record: ExchangeRecord) -> Node:
    # Most of what a record says stands in its node as it is, so that a copy is most of the work.
    node = record.copy()
    for name in known.untold:
        node.pop(name, None)
    for name, change in known.changes:
        if name in node:
            node[name] = change(node[name])
    for name, part in known.parts:
        if name in node:
            named = part_nodes(part.declaration, part.namespace, (subject, owner), node[name])
            node[name] = [_node(part, *named[place], each) for place, each in enumerate(node[name])]
    node["@id"], node["@type"] = subject, known.types
    return node


def _class(declaration: Declaration, prefixes: Prefixes) -> _Class:
    told = [each for each in declaration.fields if each.property.iri is not None]
    untold = [each.name for each in declaration.fields if each.property.iri is None]
    parts = [(each.name, _class(each.part, prefixes)) for each in told if each.part is not None]
    found = [(each.name, _change(each, prefixes)) for each in told if each.part is None]
    changes = [(name, change) for name, change in found if change is not None]
    types = [declaration.name, *(compact(each, prefixes) for each in declaration.types[1:])]
    is_concept = declaration.scheme is not None or declaration.by_scheme is not None
    namespace = prefixes.iris.namespace(declaration.segment)
    envelope = () if declaration.is_part else _ENVELOPE
    return _Class(
        declaration, namespace, types, (*envelope, *untold), tuple(changes), tuple(parts), is_concept
    )


def _change(declared: Declared, prefixes: Prefixes) -> Change | None:
    if isinstance(declared.property, TextProperty):
        return None
    one = _one(declared, prefixes)
    if one is None or not declared.many:
        return one
    return lambda values: [*map(one, values)]


def _one(declared: Declared, prefixes: Prefixes) -> Change | None:
    stated = declared.property
    if isinstance(stated, Reference):
        if not stated.to:
            return _kept(lambda value: str(prefixes.iris.node(value)))
        begin = prefixes.iris.namespace(stated.to)
        return _kept(lambda key: begin + encoded(key))
    if isinstance(stated, IriProperty):
        return legal
    if stated.datatype == XSD.date:
        types = {length: compact(each, prefixes) for length, each in DATE_BY_LENGTH.items()}
        whole = len("2001-03-04")
        return lambda date: date if len(date) == whole else {"@type": types[len(date)], "@value": date}
    if stated.datatype in _WITHOUT_FRACTION:
        return None
    # JSON-LD would write a number with a fraction as a double, whatever its type.
    return _kept(lambda value: lexical(value) if isinstance(value, float) else value)


def _kept(change: Change) -> Change:
    """Remembers some of what it gave: states, codes and sources come again and again."""
    return lru_cache(maxsize=256, typed=True)(change)

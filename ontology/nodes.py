"""Nodes: records as nodes of JSON-LD, with IRIs for keys; what a class needs for it is worked out once."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from ontology.context import back, compact
from ontology.declaration import Declaration, Declared, ExchangeRecord
from ontology.graph import DATE_BY_LENGTH, RELATIONS, lexical, part_node, places
from ontology.iri import Iris, encoded, legal
from ontology.prefixes import Prefixes
from ontology.terms import XSD, IriProperty, Reference, TextProperty

Node = dict[str, Any]

#: What gives a field's value in JSON-LD; None where it stands there as in the record.
Change = Callable[[Any], Any]


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
    """A class, and by the names of its fields how their values change, or what their parts are."""

    declaration: Declaration
    namespace: str
    types: list[str]
    fields: "dict[str, Change | _Class | None]"
    is_concept: bool


class Nodes:
    """The nodes of records under one base."""

    def __init__(self, iris: Iris) -> None:
        self.prefixes = Prefixes(iris)
        self._classes: dict[str, _Class] = {}

    def node(self, declaration: Declaration, record: ExchangeRecord) -> Node:
        """A living record as a node of a document, its parts inside it."""
        found = self._classes.get(declaration.name)
        if found is None or found.declaration is not declaration:
            found = self._classes[declaration.name] = _class(declaration, self.prefixes)
        key = record["key"]
        node = _node(found, found.namespace + encoded(key), key, record)
        if found.is_concept:
            for name, other in places(declaration, record, self.prefixes.iris).items():
                node[name] = str(other)
                if RELATIONS[name][1] is not None:
                    node[back(name)] = str(other)
        if "updatedAt" in record:
            node["updatedAt"] = record["updatedAt"]
        return node


@lru_cache(maxsize=16)
def nodes(iris: Iris) -> Nodes:
    """The nodes under a base, with all that was worked out before."""
    return Nodes(iris)


def _node(known: _Class, subject: str, owner: str, record: ExchangeRecord) -> Node:
    node: Node = {"@id": subject, "@type": known.types}
    fields = known.fields
    # A record has few of the fields that its class has.
    for name, value in record.items():
        if name not in fields or value is None:
            continue
        change = fields[name]
        if change is None:
            node[name] = value
        elif isinstance(change, _Class):
            node[name] = _parts(change, (subject, owner), value)
        else:
            node[name] = change(value)
    return node


def _parts(part: _Class, of: tuple[str, str], records: list[ExchangeRecord]) -> list[Node]:
    found: list[Node] = []
    for place, record in enumerate(records, start=1):
        iri, key = part_node(part.declaration, part.namespace, of, place, record)
        found.append(_node(part, iri, key, record))
    return found


def _class(declaration: Declaration, prefixes: Prefixes) -> _Class:
    fields = {
        each.name: _change(each, prefixes) if each.part is None else _class(each.part, prefixes)
        for each in declaration.fields
        if each.property.iri is not None
    }
    types = [declaration.name, *(compact(each, prefixes) for each in declaration.types[1:])]
    is_concept = declaration.scheme is not None or declaration.by_scheme is not None
    return _Class(declaration, prefixes.iris.namespace(declaration.segment), types, fields, is_concept)


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
    return lambda value: lexical(value) if isinstance(value, float) else value


def _kept(change: Change) -> Change:
    """Remembers some of what it gave: states, codes and sources come again and again."""
    return lru_cache(maxsize=256)(change)

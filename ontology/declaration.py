"""The declaration as its readers see it: what a class of things is called, and what each field says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from rdflib import URIRef

from ontology.terms import SKOS, Property

#: One record of the exchange format: JSON values under the declared names.
ExchangeRecord = dict[str, Any]

#: Facts are what portals harvest; claims, reviews and candidates are published apart from them.
GraphName = Literal["facts", "claims"]


@dataclass(frozen=True, slots=True)
class Declared:
    """One published field: its name in records, its property, and whether it holds one value or many.

    A required field is in every record; `allowed` are the only values that it can have, where all are known.
    """

    name: str
    property: Property
    many: bool = False
    part: "Declaration | None" = None
    required: bool = False
    allowed: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One class of things, or of the parts that things are made of.

    `scheme` is the concept scheme that all of them belong to, where no field of theirs names one; `broader`
    is the field that leads to the broader concept. Concepts without it are the top concepts of their scheme.
    """

    name: str
    segment: str
    types: tuple[URIRef, ...]
    fields: tuple[Declared, ...]
    graph: GraphName = "facts"
    scheme: str | None = None
    key_pattern: str = ""
    broader: str = ""
    is_part: bool = False
    by_name: dict[str, Declared] = field(init=False, repr=False, compare=False)
    #: What the fragment of a part of this class begins with, before its place.
    fragment: str = field(init=False, repr=False, compare=False)
    by_scheme: str | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fragment", f"{self.name[0].lower()}{self.name[1:]}-")
        object.__setattr__(self, "by_name", {each.name: each for each in self.fields})
        naming = (each.name for each in self.fields if each.property.iri == SKOS.inScheme)
        object.__setattr__(self, "by_scheme", next(naming, None))

    def scheme_of(self, record: ExchangeRecord) -> str | None:
        """The key of the concept scheme that a thing of this class belongs to, or None."""
        if self.scheme is None and self.by_scheme is not None:
            return record.get(self.by_scheme)
        return self.scheme

    def parts(self) -> Iterator[Declared]:
        """The fields that hold parts, such as the results of a project."""
        return (each for each in self.fields if each.part is not None)


def part_key(owner: str, part: Declaration, position: int, record: ExchangeRecord) -> str:
    """The key of a part of the thing `owner`, counted from 1.

    Results have a code of their own (`PN.0008~1.1`); all other parts are counted behind the thing
    (`PN.0008~objective-23#claim-1`, and one level down `...#claim-1.evidence-1`).
    """
    if part.segment:
        return f"{owner}~{record['code']}"
    return f"{owner}{part_mark(owner)}{part.fragment}{position}"


def part_mark(owner: str) -> str:
    """What stands between the key of the thing `owner` and the fragment of a part of it."""
    return "." if "#" in owner else "#"

"""Record: the base of all tables, and how a class says what its fields and relations mean.

A noun is an SQLModel class. Every column carries its property in `Annotated`; what is not a column of its own
(lists of other things, parts, accepted links, the way back) is declared beside them as a class variable.
`published` reads that once; tables, records, GraphQL types and triples are made from what it read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from inspect import get_annotations
from types import NoneType, UnionType
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin

from rdflib import URIRef
from sqlalchemy import (
    Column,
    DefaultClause,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    text,
)
from sqlmodel import Field, SQLModel
from sqlmodel.sql.sqltypes import AutoString

from ontology.declaration import Declaration, Declared, GraphName
from ontology.terms import Property, Reference
from schema.columns import EnumColumn, KeyColumn
from schema.text import Text, Texts

#: One path segment of a key: readable, and the same after percent-encoding.
KEY = r"[A-Za-z0-9][A-Za-z0-9._\-]{0,99}"

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of other things, in order, kept in a table of its own."""

    noun: str
    iri: URIRef
    description: str


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that only exist with this thing, in order."""

    noun: str
    iri: URIRef
    description: str


@dataclass(frozen=True, slots=True)
class Linked:
    """The targets of this project's links: in records and RDF the accepted ones, in GraphQL by status."""

    noun: str
    iri: URIRef
    description: str


@dataclass(frozen=True, slots=True)
class Matched:
    """What accepted mappings say that a concept matches, by one predicate: in records and RDF."""

    iri: URIRef
    description: str
    noun: str = ""


@dataclass(frozen=True, slots=True)
class Inverse:
    """The way back along a field of another class: in GraphQL only, since a record holds its own side."""

    noun: str
    attribute: str
    description: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """The rules of the codebook that a claim's rules rest on: in GraphQL only, read from the lexicon."""

    description: str
    noun: str = ""


@dataclass(frozen=True, slots=True)
class SortKey:
    """That a column is private: what a text sorts by, worked out anew at every write of it."""

    of: str


Beside = Relation | Parts | Linked | Matched | Inverse | Grounds


@dataclass(frozen=True, slots=True)
class Attribute:
    """What the declaration says about one field of a noun."""

    attribute: str
    name: str
    property: Property | None
    type: Any
    nullable: bool
    many: bool
    description: str
    beside: Beside | None = None
    default: Any = None


@dataclass(slots=True, eq=False)
class Noun:
    """One class of the domain as its readers see it."""

    model: type["Entity"]
    name: str
    attributes: tuple[Attribute, ...]
    relations: dict[str, Table] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The table of the class."""
        return SQLModel.metadata.tables[str(self.model.__tablename__)]

    @property
    def sort_keys(self) -> dict[str, str]:
        """The private columns that texts sort by, each with the field of the text."""
        return {
            name: stated.of
            for name, info in self.model.model_fields.items()
            for stated in info.metadata
            if isinstance(stated, SortKey)
        }

    def order_column(self, name: str) -> str:
        """The column that an order by a field reads: its own, or the private one of a text."""
        return next((column for column, of in self.sort_keys.items() if of == name), name)

    @property
    def segment(self) -> str:
        """The class of the contract, which begins every identifier: `project`, `state`, ..."""
        return self.model.segment

    def attribute(self, name: str) -> Attribute:
        """The declared field with this Python name."""
        return next(each for each in self.attributes if each.attribute == name)

    def columns(self) -> Iterator[Attribute]:
        """The fields that are columns of the table."""
        return (each for each in self.attributes if each.beside is None)

    def beside(self, kind: type[Beside]) -> Iterator[Attribute]:
        """The fields of one kind that are not columns."""
        return (each for each in self.attributes if isinstance(each.beside, kind))

    def parts(self) -> Iterator[tuple[Attribute, "Noun"]]:
        """The fields that hold parts, each with the noun of its parts."""
        return ((each, NOUNS[each.beside.noun]) for each in self.attributes if isinstance(each.beside, Parts))

    def related(self) -> Iterator[tuple[Attribute, "Noun"]]:
        """The fields that list other things, each with the noun of the things."""
        return (
            (each, NOUNS[each.beside.noun]) for each in self.attributes if isinstance(each.beside, Relation)
        )

    def linked(self) -> Iterator[tuple[Attribute, "Noun"]]:
        """The fields that list accepted links' targets, each with the noun of the targets."""
        return (
            (each, NOUNS[each.beside.noun]) for each in self.attributes if isinstance(each.beside, Linked)
        )


NOUNS: dict[str, Noun] = {}


class Entity(SQLModel):
    """What things and parts have in common."""

    segment: ClassVar[str] = ""
    rdf_types: ClassVar[tuple[URIRef, ...]]
    graph: ClassVar[GraphName] = "facts"
    in_scheme: ClassVar[str | None] = None
    broader: ClassVar[str] = ""
    in_graphql: ClassVar[bool] = True
    # Whether all things of the class fit in memory: a closed vocabulary of a few hundred rows at most.
    is_reference: ClassVar[bool] = False
    # The columns that lists are ordered by; each has an index for either way.
    orders: ClassVar[tuple[str, ...]] = ()
    key_pattern: ClassVar[str] = KEY

    key: str = Field(primary_key=True, description="The public key, which never changes.")


class Record(Entity):
    """A thing with an identity of its own: it has documents, versions and a history."""

    updated_at: str = Field(index=True, description="When the record last changed (ISO 8601, UTC).")


class Part(Entity):
    """A piece of a thing, written and deleted with it."""

    owner: str = Field(index=True, description="The key of what this is a part of.")
    position: int = Field(description="Its place among its kind, counted from 1.")


_BASE_FIELDS = {"key", "updated_at", "owner", "position"}
E_ = TypeVar("E_", bound=type[Entity])


def camel(name: str) -> str:
    """`start_year` as `startYear`: one name in GraphQL, JSON-LD and records."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def _unwrapped(annotation: Any) -> tuple[Any, bool, bool]:
    """The plain type of an annotation, whether it may be missing, and whether it is a list."""
    nullable = False
    if get_origin(annotation) in (Union, UnionType):
        kept = [each for each in get_args(annotation) if each is not NoneType]
        nullable, annotation = len(kept) < len(get_args(annotation)), kept[0]
    if get_origin(annotation) is list:
        return get_args(annotation)[0], nullable, True
    if annotation == Texts:
        return Text, nullable, True
    return annotation, nullable, False


def _columns(model: type[Entity]) -> Iterator[Attribute]:
    own = get_annotations(model)
    # What a class inherits comes last, so that documents begin with what a thing is.
    for name, info in sorted(model.model_fields.items(), key=lambda item: item[0] not in own):
        if name in _BASE_FIELDS or any(isinstance(each, SortKey) for each in info.metadata):
            continue
        stated = next((each for each in info.metadata if isinstance(each, Property)), None)
        plain, nullable, many = _unwrapped(info.annotation)
        default = None if info.is_required() else info.get_default(call_default_factory=True)
        yield Attribute(
            name, camel(name), stated, plain, nullable, many, info.description or "", None, default
        )


def _beside(model: type[Entity]) -> Iterator[Attribute]:
    for name, value in vars(model).items():
        if not isinstance(value, Beside):
            continue
        stated = None
        if not isinstance(value, Inverse | Grounds):
            stated = Reference(value.iri, noun=value.noun, derived=isinstance(value, Linked | Matched))
        yield Attribute(name, camel(name), stated, None, False, True, value.description, value)


def _foreign_key(column: str, referred: str, *, cascade: bool = False) -> ForeignKeyConstraint:
    # Deferred: within one transaction records may come in any order.
    return ForeignKeyConstraint(
        [column],
        [f"{referred}.key"],
        deferrable=True,
        initially="DEFERRED",
        ondelete="CASCADE" if cascade else None,
        use_alter=False,
    )


def _relation_table(noun: Noun, attribute: Attribute, referred: str) -> Table:
    return Table(
        f"{noun.table.name}_{attribute.attribute}",
        SQLModel.metadata,
        Column(
            "owner",
            KeyColumn,
            ForeignKey(f"{noun.table.name}.key", deferrable=True, initially="DEFERRED", ondelete="CASCADE"),
            primary_key=True,
        ),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column(
            "target",
            KeyColumn,
            ForeignKey(f"{referred}.key", deferrable=True, initially="DEFERRED"),
            nullable=False,
        ),
        # Everything that leads to a thing, in the order of its keys, without a look at the table.
        Index(None, "target", "owner"),
    )


def published(model: E_) -> E_:
    """Read the declaration of a class and register it as a noun."""
    attributes = (*_columns(model), *_beside(model))
    noun = Noun(model, model.__name__, attributes)
    NOUNS[noun.name] = noun
    for column in noun.table.columns:
        if isinstance(column.type, AutoString):
            column.type = KeyColumn
    for attribute in noun.columns():
        _settle(noun.table.columns[attribute.attribute], attribute)
    if issubclass(model, Record):
        _carry_keys(noun.table)
        _carry_orders(noun)
    return model


def _carry_keys(table: Table) -> None:
    """Let the indices of one column hold the key too.

    Which things have a value is then read from the index alone, and in the order of lists.
    """
    for index in [each for each in table.indexes if len(each.columns) == 1]:
        (column,) = index.columns
        table.indexes.discard(index)
        Index(None, column, table.c.key)


def _carry_orders(noun: Noun) -> None:
    """Let lists run down too: their values fall while the keys behind equal ones run up."""
    for name in noun.model.orders:
        column = noun.table.c[name]
        Index(f"ix_{noun.table.name}_{name}_desc_key", column.desc(), noun.table.c.key)


def _settle(column: Column[Any], attribute: Attribute) -> None:
    """Store enumerations by value, and let a column be added to a table that has rows."""
    if isinstance(attribute.type, type) and issubclass(attribute.type, Enum):
        column.type = EnumColumn(attribute.type)
    if attribute.many:
        column.nullable = True
    elif attribute.default is False:
        column.server_default = DefaultClause(text("false"))


def complete() -> None:
    """Make what needs every noun to be known: foreign keys, and the tables of relations and parts."""
    for noun in NOUNS.values():
        for attribute in noun.columns():
            if isinstance(attribute.property, Reference) and attribute.property.noun:
                referred = NOUNS[attribute.property.noun]
                # Parts are written anew with what they are part of, so those of other things are looked up.
                if issubclass(referred.model, Record) or referred is noun:
                    noun.table.append_constraint(_foreign_key(attribute.attribute, referred.table.name))
        for attribute, other in noun.related():
            noun.relations[attribute.attribute] = _relation_table(noun, attribute, other.table.name)
        for _, part in noun.parts():
            part.table.append_constraint(_foreign_key("owner", noun.table.name, cascade=True))


def _allowed(declared: Any) -> tuple[str, ...]:
    """The only values of a field whose type names them all."""
    if isinstance(declared, type) and issubclass(declared, Enum):
        return tuple(str(each.value) for each in declared)
    return ()


def _declared(attribute: Attribute) -> Declared | None:
    stated = attribute.property
    if stated is None:
        return None
    part = None
    if isinstance(attribute.beside, Parts):
        part = declaration(NOUNS[attribute.beside.noun])
    elif isinstance(stated, Reference) and stated.noun:
        stated = replace(stated, to=NOUNS[stated.noun].segment)
    required = not (attribute.nullable or attribute.many) and attribute.default is None
    allowed = _allowed(attribute.type)
    return Declared(attribute.name, stated, attribute.many, part, required, allowed, attribute.description)


@cache
def declaration(noun: Noun) -> Declaration:
    """The declaration of a noun for the pure readers of `ontology`."""
    model = noun.model
    fields = tuple(each for each in map(_declared, noun.attributes) if each is not None)
    return Declaration(
        noun.name,
        noun.segment,
        model.rdf_types,
        fields,
        model.graph,
        model.in_scheme,
        model.key_pattern,
        camel(model.broader),
        not issubclass(model, Record),
    )

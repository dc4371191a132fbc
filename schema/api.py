"""Api: which GraphQL fields each noun has, read from the declaration; types and plans are made of these."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache
from typing import Any

from rdflib import URIRef

from ontology.terms import DCTERMS, XSD, Property, Reference, TextProperty
from schema.record import NOUNS, Attribute, Grounds, Inverse, Linked, Matched, Noun, Record


class Shape(StrEnum):
    """What a field gives, and so how a plan reads it."""

    ID = "id"
    IRI = "iri"
    UPDATED_AT = "updatedAt"
    COLUMN = "column"
    TEXT = "text"
    TEXTS = "texts"
    THING = "thing"
    TARGET = "target"
    GROUNDS = "grounds"
    LIST = "list"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a field: its name, type and default as Strawberry takes them."""

    name: str
    type: str
    description: str
    default: Any = None


@dataclass(frozen=True, slots=True)
class ApiField:
    """One GraphQL field of a noun."""

    name: str
    type: str
    description: str
    shape: Shape
    attribute: Attribute | None = None
    arguments: tuple[Argument, ...] = ()
    noun: str = ""

    @property
    def column(self) -> str:
        """The column that the field shows; empty where it shows none."""
        return self.attribute.attribute if self.attribute else ""

    @property
    def is_list(self) -> bool:
        """Whether the field gives a list."""
        return self.type.startswith("list[")

    @classmethod
    def plain(cls, name: str, type_: str, description: str, *arguments: Argument) -> "ApiField":
        """A field that the plan of its own type fills in, not the declaration."""
        return cls(name, type_, description, Shape.COLUMN, None, arguments)


LANGUAGES_ARGUMENT = Argument(
    "languages",
    "list[Language] | None",
    "The first of these languages that there is, else null; without it the configured order.",
)
STATUS_ARGUMENT = Argument(
    "status", "list[LinkStatus] | None", "Only links with one of these statuses.", ("ACCEPTED",)
)
ANY_STATUS_ARGUMENT = Argument("status", "list[LinkStatus] | None", "Only links with one of these statuses.")
PAGE_ARGUMENTS = (
    Argument("first", "int | None", "How many from the start, 1 to 100; 20 when nothing is said."),
    Argument("after", "str | None", "Only what comes behind this cursor."),
    Argument("last", "int | None", "How many from the end, 1 to 100."),
    Argument("before", "str | None", "Only what comes before this cursor."),
)
PROJECT_ARGUMENTS = (
    *PAGE_ARGUMENTS,
    Argument("filter", "ProjectFilter | None", "Only projects of which all of this is true."),
    Argument("orderBy", "ProjectOrderBy | None", "The order; by key when nothing is said."),
)

_SCALARS = {int: "int", str: "str", float: "float", bool: "bool"}
_BY_DATATYPE: dict[URIRef | None, str] = {XSD.date: "Date", XSD.dateTime: "DateTime"}

#: References that the contract shows as the plain key.
_PLAIN_REFERENCES = {"Scheme", "CodebookRule"}


def _value_type(attribute: Attribute, stated: Property) -> str:
    if isinstance(attribute.type, type) and issubclass(attribute.type, Enum):
        return attribute.type.__name__
    if stated.iri == DCTERMS.language:
        return "Language"
    if stated.datatype == XSD.decimal and attribute.type is int:
        return "USD"
    return _BY_DATATYPE.get(stated.datatype) or _SCALARS[attribute.type]


def _column_type(attribute: Attribute, stated: Property) -> str:
    name = _value_type(attribute, stated)
    if attribute.many:
        return f"list[{name}]"
    return f"{name} | None" if attribute.nullable else name


def _text_fields(attribute: Attribute) -> list[ApiField]:
    if attribute.many:
        return [ApiField(attribute.name, "list[TextValue]", attribute.description, Shape.TEXTS, attribute)]
    one = attribute.description
    return [
        ApiField(attribute.name, "TextValue | None", one, Shape.TEXT, attribute, (LANGUAGES_ARGUMENT,)),
        ApiField(
            f"{attribute.name}s", "list[TextValue]", f"{one} In every language.", Shape.TEXTS, attribute
        ),
    ]


def _column_fields(attribute: Attribute, stated: Property) -> list[ApiField]:
    if isinstance(stated, TextProperty):
        return _text_fields(attribute)
    is_enumeration = isinstance(attribute.type, type) and issubclass(attribute.type, Enum)
    if isinstance(stated, Reference) and not is_enumeration and stated.noun not in _PLAIN_REFERENCES:
        shape = Shape.THING if stated.noun else Shape.TARGET
        name = stated.noun or "LinkTarget"
        nullable = f"{name} | None" if attribute.nullable else name
        return [ApiField(attribute.name, nullable, attribute.description, shape, attribute, noun=stated.noun)]
    return [
        ApiField(
            attribute.name, _column_type(attribute, stated), attribute.description, Shape.COLUMN, attribute
        )
    ]


def is_through_links(attribute: Attribute) -> bool:
    """Whether a list follows links, so that it can be narrowed by their status."""
    beside = attribute.beside
    if isinstance(beside, Inverse):
        return isinstance(NOUNS[beside.noun].attribute(beside.attribute).beside, Linked)
    return isinstance(beside, Linked)


def _beside_fields(attribute: Attribute) -> list[ApiField]:
    beside = attribute.beside
    if isinstance(beside, Grounds):
        return [ApiField(attribute.name, "list[str]", attribute.description, Shape.GROUNDS, attribute)]
    if beside is None or isinstance(beside, Matched) or not NOUNS[beside.noun].model.in_graphql:
        return []
    through_links = (STATUS_ARGUMENT,) if is_through_links(attribute) else ()
    shape, type_, arguments = Shape.LIST, f"list[{beside.noun}]", through_links
    if isinstance(beside, Inverse) and beside.noun == "Project":
        shape, type_ = Shape.CONNECTION, "ProjectConnection"
        arguments = (*PROJECT_ARGUMENTS, *through_links)
    elif isinstance(beside, Inverse) and beside.noun == "Link":
        arguments = (ANY_STATUS_ARGUMENT,)
    return [ApiField(attribute.name, type_, attribute.description, shape, attribute, arguments, beside.noun)]


def _own_fields(noun: Noun) -> list[ApiField]:
    is_record = issubclass(noun.model, Record)
    # Of the parts of things only those with a class of their own have an id.
    if not is_record and not noun.segment:
        return []
    own = [
        ApiField("id", "ID", f"Readable: {noun.segment}/ and the key.", Shape.ID),
        ApiField("iri", "str", "The IRI that names it in RDF.", Shape.IRI),
    ]
    if is_record:
        own.append(ApiField("updatedAt", "DateTime", "When the record last changed.", Shape.UPDATED_AT))
    return own


@cache
def api_fields(noun: str) -> dict[str, ApiField]:
    """The GraphQL fields of a noun by name, in the order of the declaration."""
    found = _own_fields(NOUNS[noun])
    for attribute in NOUNS[noun].attributes:
        # A field without an IRI is exchanged in records and shown nowhere else.
        if attribute.beside is not None:
            found += _beside_fields(attribute)
        elif attribute.property is not None and attribute.property.iri is not None:
            found += _column_fields(attribute, attribute.property)
    return {each.name: each for each in found}


def api_nouns() -> list[Noun]:
    """The nouns that the API shows."""
    return [noun for noun in NOUNS.values() if noun.model.in_graphql]

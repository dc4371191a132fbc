"""Types: the GraphQL types of the nouns, made from the declaration, and the few that it cannot say.

The classes made here have no resolvers: a plan reads the rows, and graphql-core completes the answer over
them. Strawberry finds the types that annotations name in this module's namespace.
"""

from functools import reduce
from operator import or_
from typing import Annotated, Any, NewType

import strawberry
from sqlmodel import SQLModel
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import get_object_definition

from schema import filters, matrix, mutation, scalars, stats
from schema.api import LANGUAGES_ARGUMENT, ApiField, Argument, api_fields, api_nouns
from schema.counted import COUNTED
from schema.enumerations import describe
from schema.model import codebook, link, network, project, source
from schema.model.link import LinkStatus
from schema.mutation import MUTATIONS
from schema.record import Noun, Record
from schema.scalars import DateTime

# What annotations may name besides the types that are made below.
ID = strawberry.ID
for _module in (filters, matrix, mutation, scalars, stats, codebook, link, network, project, source):
    for _name, _each in vars(_module).items():
        if isinstance(_each, NewType) or (isinstance(_each, type) and not issubclass(_each, SQLModel)):
            globals()[_name] = _each


@strawberry.interface(description="A thing with an identity that every lookup takes.")
class Node:
    """A thing with an identity."""

    id: strawberry.ID = strawberry.field(description="Readable: the class, a slash and the key.")


@strawberry.interface(description="A thing that has a document of its own in RDF.")
class Resource:
    """A thing that has a document."""

    id: strawberry.ID = strawberry.field(description="Readable: the class, a slash and the key.")
    iri: str = strawberry.field(description="The IRI that names it in RDF.")
    updated_at: DateTime = strawberry.field(description="When the record last changed.")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool = strawberry.field(description="Whether more follows.")
    has_previous_page: bool = strawberry.field(description="Whether something comes before.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first item.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last item.")


def _default(argument: Argument) -> Any:
    if argument.default is None:
        return strawberry.UNSET
    return [LinkStatus[name] for name in argument.default]


def strawberry_arguments(arguments: tuple[Argument, ...]) -> list[StrawberryArgument]:
    """The arguments of a field as Strawberry holds them."""
    return [
        StrawberryArgument(
            python_name=each.name,
            graphql_name=each.name,
            type_annotation=StrawberryAnnotation(each.type, namespace=globals()),
            description=each.description,
            default=_default(each),
        )
        for each in arguments
    ]


def object_type(
    name: str, description: str, fields: list[ApiField], interfaces: tuple[type, ...] = ()
) -> type:
    """A Strawberry type without resolvers, made of fields."""
    namespace: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": description,
        "__annotations__": {each.name: each.type for each in fields},
    }
    namespace |= {
        each.name: strawberry.field(name=each.name, description=each.description) for each in fields
    }
    made: type = strawberry.type(type(name, interfaces, namespace), name=name, description=description)
    by_name = {each.name: each for each in fields}
    for field in get_object_definition(made, strict=True).fields:
        if (declared := by_name.get(field.graphql_name or "")) and declared.arguments:
            field.arguments = strawberry_arguments(declared.arguments)
    return made


def _noun_type(noun: Noun) -> type:
    interfaces = (Node, Resource) if issubclass(noun.model, Record) else ()
    fields = list(api_fields(noun.name).values())
    return object_type(noun.name, noun.model.__doc__ or "", fields, interfaces)


def _edge_types(noun: str) -> dict[str, type]:
    plural = f"A page of a list of the type {noun}."
    edge = [
        ApiField.plain("cursor", "str", "Where this item stands; good for `after` and `before`."),
        ApiField.plain("node", noun, "The item."),
    ]
    connection = [
        ApiField.plain("nodes", f"list[{noun}]", "The items of this page."),
        ApiField.plain("edges", f"list[{noun}Edge]", "The same items, each with its cursor."),
        ApiField.plain("pageInfo", "PageInfo", "Where this page stands in the list."),
        ApiField.plain("totalCount", "int", "How many items the whole list has."),
    ]
    return {
        f"{noun}Edge": object_type(f"{noun}Edge", f"An item of a list of the type {noun}.", edge),
        f"{noun}Connection": object_type(f"{noun}Connection", plural, connection),
    }


StatCell = object_type(
    "StatCell",
    "One key of a row.",
    [
        ApiField.plain("key", "StatKey", "What was counted by."),
        ApiField.plain("id", "ID | None", "The thing counted by; null for years, and where there is none."),
        ApiField.plain("label", "str", "Its name, its code or the year; empty for none.", LANGUAGES_ARGUMENT),
    ],
)
StatRow = object_type(
    "StatRow",
    "Projects that share the keys of the row.",
    [
        ApiField.plain("keys", "list[StatCell]", "One cell for every key asked for, in order."),
        ApiField.plain("projects", "int", "How many projects: the accepted and the proposed."),
        ApiField.plain("accepted", "int", "How many by accepted links or by facts of the project itself."),
        ApiField.plain("proposed", "int", "How many by links that are only proposed."),
        ApiField.plain("budgetUsd", "USD", "The sum of their whole budgets."),
        ApiField.plain("multiCounted", "bool", "Whether a project can stand in several rows."),
    ],
)

for _type, (_says, _has) in COUNTED.items():
    globals()[_type] = object_type(_type, _says, _has)
ReliabilityBin = object_type(
    "ReliabilityBin",
    "Decided claims of like confidence.",
    [
        ApiField.plain("low", "float", "The least confidence of the bin."),
        ApiField.plain("high", "float", "Where the next bin begins."),
        ApiField.plain("claims", "int", "How many claims."),
        ApiField.plain("meanConfidence", "float", "How sure they were on average."),
        ApiField.plain("acceptedShare", "float", "Which share of them reviewers accepted."),
    ],
)
Reliability = object_type(
    "Reliability",
    "How far the confidence of the lexicon's claims agrees with what reviewers decided.",
    [
        ApiField.plain("decisions", "int", "How many links with such a claim were accepted or rejected."),
        ApiField.plain("calibrated", "bool", "Whether there are enough to measure confidence by: 100."),
        ApiField.plain(
            "brierSkill",
            "float | None",
            "1 for claims that know, 0 for those that know no more than the share of all; null where it "
            "cannot be told.",
        ),
        ApiField.plain("brierSkillLow", "float | None", "The lower end of its 95 % interval."),
        ApiField.plain("brierSkillHigh", "float | None", "The upper end."),
        ApiField.plain("bins", "list[ReliabilityBin]", "The claims by confidence, tenth by tenth."),
    ],
)

#: The nouns that have lists in pages.
PAGED = ("Project", "Link", "Mapping", "MemberState", "Network")

for _noun in api_nouns():
    globals()[_noun.name] = _noun_type(_noun)
for _paged in PAGED:
    globals().update(_edge_types(_paged))
for _mutation in MUTATIONS.values():
    _told = f"What `{_mutation.name}` gives."
    globals()[_mutation.payload] = object_type(_mutation.payload, _told, _mutation.fields())

TARGETS = ("Objective", "SdgGoal", "SdgTarget", "Network", "NationalInstrument")
globals()["LinkTarget"] = Annotated[
    reduce(or_, (globals()[each] for each in TARGETS)),
    strawberry.union("LinkTarget", description="What a project can be linked to."),
]
describe()
TYPES: list[type] = [globals()[noun.name] for noun in api_nouns()]

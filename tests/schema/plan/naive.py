"""A naive GraphQL server: one resolver for every field and row, over whole records in memory.

It shares the schema with the real one and nothing of its plans, tables or SQL, so that the two can be
compared.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from graphql import GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema, graphql_sync

from ontology.declaration import part_key
from ontology.iri import Iris
from ontology.linking.grounds import grounds
from schema.api import ApiField, Shape, api_fields
from schema.exchange import noun_of
from schema.model import NOUNS
from schema.record import Inverse, Linked, Noun, Parts, declaration
from schema.scalars import Language
from schema.stats import natural
from schema.text import LANGUAGES
from server.graphql import api_schema


@dataclass(frozen=True)
class Thing:
    """A record or a part of one, with its class and key."""

    noun: Noun
    key: str
    record: dict[str, Any]

    @property
    def identifier(self) -> str:
        """Class and key."""
        return f"{self.noun.segment}/{self.key}"


def parts_of(owner: Thing, name: str, noun: Noun) -> list[Thing]:
    """The parts that a record holds under a name."""
    return [
        Thing(noun, part_key(owner.key, declaration(noun), place, each), each)
        for place, each in enumerate(owner.record.get(name, ()), start=1)
    ]


class World:
    """All records by identifier, and results by key."""

    def __init__(self, records: Iterable[dict[str, Any]], iris: Iris) -> None:
        self.iris = iris
        things = [Thing(noun_of(each["class"], each["key"]), each["key"], each) for each in records]
        self.things = {each.identifier: each for each in things}
        results = [part for each in things for part in parts_of(each, "results", NOUNS["ResultItem"])]
        self.things |= {each.identifier: each for each in results}

    def of(self, noun: str) -> list[Thing]:
        """Everything of one class, in the natural order of keys."""
        found = [each for each in self.things.values() if each.noun.name == noun]
        return sorted(found, key=lambda each: natural(each.key))

    def targets(self, project: Thing, noun: str, statuses: list[str]) -> list[Thing]:
        """What a project's links of some statuses lead to."""
        links = [each for each in self.of("Link") if each.record["project"] == project.key]
        links = [each for each in links if not each.record.get("derived")]
        found = [self.things[each.record["target"]] for each in links if each.record["status"] in statuses]
        return sorted((each for each in found if each.noun.name == noun), key=lambda each: natural(each.key))


def column(thing: Thing, declared: ApiField) -> Any:
    """The value of a plain field."""
    attribute = declared.attribute
    assert attribute is not None
    value = thing.record.get(declared.name)
    if value is None:
        return [] if declared.is_list else attribute.default
    if isinstance(attribute.type, type) and issubclass(attribute.type, Enum):
        return attribute.type(value).name
    if declared.type.startswith("Language"):
        return Language(value).name
    return value


def texts(thing: Thing, name: str) -> list[dict[str, Any]]:
    """A text in all its languages."""
    found = thing.record.get(name) or {}
    return [
        {"value": words, "language": Language(language).name}
        for language in LANGUAGES
        if language in found
        for words in (found[language] if isinstance(found[language], list) else [found[language]])
    ]


def text(thing: Thing, name: str, languages: list[Language] | None) -> dict[str, Any] | None:
    """A text in the first language that there is."""
    by_language = {each["language"]: each for each in texts(thing, name)}
    order = [Language(each) for each in LANGUAGES] if languages is None else languages
    wanted = [each.name for each in order]
    return next((by_language[each] for each in wanted if each in by_language), None)


def statuses_of(arguments: dict[str, Any], without: list[str]) -> list[str]:
    """The statuses asked for."""
    asked = arguments.get("status")
    return without if asked is None else [each.value for each in asked]


def leads_to(world: World, thing: Thing, backwards: Inverse, arguments: dict[str, Any]) -> list[Thing]:
    """Everything of a class whose field leads to this thing."""
    forward = NOUNS[backwards.noun].attribute(backwards.attribute)
    found = []
    for each in world.of(backwards.noun):
        if isinstance(forward.beside, Linked):
            ends = world.targets(each, thing.noun.name, statuses_of(arguments, ["accepted"]))
            holds = thing in ends
        else:
            value = each.record.get(forward.name)
            names = (thing.key, thing.identifier)
            holds = thing.key in value if isinstance(value, list) else value in names
        if holds:
            found.append(each)
    return found


def listed(world: World, thing: Thing, declared: ApiField, arguments: dict[str, Any]) -> list[Thing]:
    """The things of a list field."""
    assert declared.attribute is not None
    beside = declared.attribute.beside
    if isinstance(beside, Parts):
        return parts_of(thing, declared.name, NOUNS[beside.noun])
    if isinstance(beside, Linked):
        return world.targets(thing, beside.noun, statuses_of(arguments, ["accepted"]))
    if isinstance(beside, Inverse):
        found = leads_to(world, thing, beside, arguments)
        if beside.noun == "Link":
            wanted = statuses_of(arguments, ["proposed", "accepted", "rejected"])
            found = [each for each in found if each.record["status"] in wanted]
        return found
    segment = NOUNS[declared.noun].segment
    return [world.things[f"{segment}/{key}"] for key in thing.record.get(declared.name, ())]


def codebook_rules(claim: Thing) -> list[str]:
    """What the rules of a claim rest on, by what its link leads to."""
    target = claim.key.partition("#")[0].partition("~")[2]
    return list(grounds(claim.record.get("ruleIds", ()), target.replace("-", "/", 1)))


def connection(found: list[Thing], arguments: dict[str, Any]) -> dict[str, Any]:
    """A page of things by key; only sizes are taken, since cursors have tests of their own."""
    ordered = sorted(found, key=lambda each: each.key)
    first, last = arguments.get("first"), arguments.get("last")
    page = ordered[-last:] if last else ordered[: first or 20]
    return {
        "nodes": page,
        "edges": [{"node": each} for each in page],
        "totalCount": len(ordered),
        "pageInfo": {
            "hasNextPage": bool(page) and page[-1] is not ordered[-1],
            "hasPreviousPage": bool(page) and page[0] is not ordered[0],
        },
    }


def value_of(world: World, thing: Thing, declared: ApiField, arguments: dict[str, Any]) -> Any:
    """The value of any field of a noun."""
    name = declared.attribute.name if declared.attribute else ""
    readers: dict[Shape, Callable[[], Any]] = {
        Shape.ID: lambda: thing.identifier,
        Shape.IRI: lambda: str(world.iris.thing(thing.noun.segment, thing.key)),
        Shape.UPDATED_AT: lambda: thing.record["updatedAt"],
        Shape.COLUMN: lambda: column(thing, declared),
        Shape.TEXT: lambda: text(thing, name, arguments.get("languages")),
        Shape.TEXTS: lambda: texts(thing, name),
        Shape.THING: lambda: world.things.get(f"{NOUNS[declared.noun].segment}/{thing.record.get(name)}"),
        Shape.TARGET: lambda: world.things.get(thing.record.get(name)),
        Shape.GROUNDS: lambda: codebook_rules(thing),
        Shape.LIST: lambda: listed(world, thing, declared, arguments),
        Shape.CONNECTION: lambda: connection(listed(world, thing, declared, arguments), arguments),
    }
    return readers[declared.shape]()


def decided(world: World, noun: str, arguments: dict[str, Any]) -> list[Thing]:
    """The links or mappings with one of the statuses asked for."""
    wanted = statuses_of(arguments, ["proposed", "accepted", "rejected"])
    return [each for each in world.of(noun) if each.record["status"] in wanted]


def _roots(world: World) -> dict[str, Callable[..., Any]]:
    return {
        "objectives": lambda: world.of("Objective"),
        "guidingPrinciples": lambda: world.of("GuidingPrinciple"),
        "sdgGoals": lambda: world.of("SdgGoal"),
        "codebook": lambda: world.of("CodebookEntry"),
        "projects": lambda **arguments: connection(world.of("Project"), arguments),
        "memberStates": lambda **arguments: connection(world.of("MemberState"), arguments),
        "networks": lambda **arguments: connection(world.of("Network"), arguments),
        "links": lambda **arguments: connection(decided(world, "Link", arguments), arguments),
        "mappings": lambda **arguments: connection(decided(world, "Mapping", arguments), arguments),
        "node": lambda **arguments: world.things.get(arguments["id"]),
        "nodes": lambda **arguments: [world.things.get(each) for each in arguments["ids"]],
    }


def naive_schema(world: World) -> GraphQLSchema:
    """The schema of the API with naive resolvers."""
    schema = api_schema()._schema
    roots = _roots(world)

    def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if source is None:
            return roots[info.field_name](**arguments)
        if isinstance(source, Thing):
            return value_of(world, source, api_fields(source.noun.name)[info.field_name], arguments)
        return source[info.field_name]

    for each in schema.type_map.values():
        if isinstance(each, GraphQLObjectType) and not each.name.startswith("__"):
            for field in each.fields.values():
                field.resolve = resolve
        elif hasattr(each, "resolve_type"):
            each.resolve_type = lambda value, _info, _type: value.noun.name
    return schema


def answer(schema: GraphQLSchema, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The naive answer to an operation."""
    result = graphql_sync(schema, query, variable_values=variables)
    assert not result.errors, result.errors
    assert result.data is not None
    return result.data

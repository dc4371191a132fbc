"""Plans against a naive reference: whatever is asked, both give the same answer."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    parse,
    parse_value,
    value_from_ast_untyped,
)
from graphql.execution import execute_sync
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontology.iri import Iris
from schema.links import Verdict, review_link
from schema.model.link import Decision
from schema.plan import Reader, compiled
from schema.store import reading, writing
from server.graphql import api_schema
from tests.databases import KINDS, Databases
from tests.schema.plan.naive import World, answer, naive_schema
from tests.serving import BASE, UNLIMITED, Service, serving

LANGUAGES = ["EN", "FR", "ES", "AR", "ZH", "RU"]
STATUSES = ["PROPOSED", "ACCEPTED", "REJECTED"]
IDS = ["project/PN.0008", "project/IS.0163", "objective/11", "sdg/10.7", "sdg/10", "state/SLV", "state/COL",
       "network/global", "link/IS.0163~objective-16", "code/region/lac", "codebook/objective-23",
       "mapping/1~sdg-17.18~relatedMatch", "nothing"]  # fmt: skip

ARGUMENTS: dict[str, st.SearchStrategy[str]] = {
    "languages": st.lists(st.sampled_from(LANGUAGES), max_size=3).map(lambda each: f"[{', '.join(each)}]"),
    "status": st.lists(st.sampled_from(STATUSES), max_size=3).map(lambda each: f"[{', '.join(each)}]"),
    "first": st.integers(1, 7).map(str),
    "last": st.integers(1, 7).map(str),
    "id": st.sampled_from(IDS).map(json.dumps),
    "ids": st.lists(st.sampled_from(IDS), max_size=4).map(json.dumps),
}
# Counts have tests of their own, lookups by other names too, and cursors are opaque.
LEFT_OUT = {"cursor", "startCursor", "endCursor", "projectStats", "dataVersion", "project", "memberState",
            "network", "objective", "sdgGoal", "sdgTarget", "codebookEntry", "codebookVersion",
            "projectMatrix", "matrixProjects", "agreement", "reliability"}  # fmt: skip
# Stands for an alias until all of them are numbered.
ALIAS = "*"
# So that the variable is always used.
ALWAYS = "used: objectives @include(if: $yes) { id }"


class Drawn:
    """An operation while it is drawn: its variables, declared and given."""

    def __init__(self, draw: Any, schema: GraphQLSchema) -> None:
        self.draw, self.schema = draw, schema
        self.declared: list[str] = []
        self.given: dict[str, Any] = {}

    def value(self, argument: GraphQLArgument, literal: str) -> str:
        """A literal, or a variable that holds it, or null where that may stand."""
        kind = self.draw(st.integers(0, 5))
        if kind == 0 and not str(argument.type).endswith("!"):
            return "null"
        if kind > 2:
            return literal
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {argument.type}")
        self.given[name] = value_from_ast_untyped(parse_value(literal))
        return f"${name}"


def arguments(drawn: Drawn, field: GraphQLField) -> str:
    """Some of the arguments of a field; `first` and `last` exclude each other."""
    given_ones = []
    for name, argument in field.args.items():
        if name not in ARGUMENTS or (name == "last" and any(each.startswith("first") for each in given_ones)):
            continue
        if str(argument.type).endswith("!") or drawn.draw(st.booleans()):
            given_ones.append(f"{name}: {drawn.value(argument, drawn.draw(ARGUMENTS[name]))}")
    return f"({', '.join(given_ones)})" if given_ones else ""


def selected(drawn: Drawn, type_: GraphQLNamedType, depth: int) -> str:
    """A selection on a type: fields under aliases, in fragments, with directives."""
    draw, schema = drawn.draw, drawn.schema
    if is_abstract_type(type_):
        variants = sorted(schema.get_possible_types(type_), key=str)
        chosen = draw(st.lists(st.sampled_from(variants), min_size=1, max_size=3, unique=True))
        inner = " ".join(f"... on {each.name} {selected(drawn, each, depth)}" for each in chosen)
        return f"{{ __typename {inner} }}"
    assert isinstance(type_, GraphQLObjectType)
    names = [
        name
        for name, field in type_.fields.items()
        if name not in LEFT_OUT and (depth > 0 or not is_composite_type(get_named_type(field.type)))
    ]
    if not names:
        return "{ __typename }"
    return "{ " + " ".join(one(drawn, type_, name, depth) for name in picked(draw, names)) + " }"


def picked(draw: Any, names: list[str]) -> list[str]:
    """A few names, perhaps one of them twice."""
    found: list[str] = draw(st.lists(st.sampled_from(names), min_size=1, max_size=4))
    return found


def one(drawn: Drawn, type_: GraphQLObjectType, name: str, depth: int) -> str:
    """One field, under an alias where it could collide with another selection of it."""
    field, draw = type_.fields[name], drawn.draw
    result = get_named_type(field.type)
    inner = f" {selected(drawn, result, depth - 1)}" if is_composite_type(result) else ""
    directive = draw(st.sampled_from(["", "", "", " @include(if: $yes)", " @skip(if: $yes)"]))
    alias = f"{ALIAS}: " if inner or field.args or draw(st.booleans()) else ""
    asked = f"{alias}{name}{arguments(drawn, field)}{directive}{inner}"
    return f"... on {type_.name} {{ {asked} }}" if draw(st.integers(0, 5)) == 0 else asked


@st.composite
def operations(draw: Any, schema: GraphQLSchema) -> tuple[str, dict[str, Any]]:
    """A whole operation and its variables: every alias in it another, some of its fields in a fragment."""
    query = schema.query_type
    assert query is not None
    drawn = Drawn(draw, schema)
    body = f"{{ ...shared {ALWAYS} {selected(drawn, query, 4)[1:]}"
    fragment = f"fragment shared on Query {selected(drawn, query, 2)}"
    declared = ", ".join(["$yes: Boolean!", *drawn.declared])
    first, *rest = f"query({declared}) {body} {fragment}".split(ALIAS)
    return first + "".join(f"a{place}{each}" for place, each in enumerate(rest)), drawn.given


@pytest.fixture(scope="module", params=KINDS)
def reviewed(request: pytest.FixtureRequest, databases: Databases) -> Iterator[tuple[Service, GraphQLSchema]]:
    """A service whose sample has accepted and rejected links too, and the naive server over its records."""
    with databases.fresh(request.param) as fresh:
        url = fresh.url.render_as_string(hide_password=False)
        with serving(url, **UNLIMITED) as service:
            review_every_other_link(service)
            with reading(service.engine) as snapshot:
                world = World(snapshot.records(), Iris(BASE))
            yield service, naive_schema(world)


def review_every_other_link(service: Service) -> None:
    """Of three links one stays proposed, one is accepted, one rejected."""
    with reading(service.engine) as snapshot:
        links = [each["key"] for each in snapshot.records("link")]
    decisions = (None, Decision.ACCEPT, Decision.REJECT)
    with writing(service.engine) as transaction:
        for place, key in enumerate(links):
            if decision := decisions[place % 3]:
                review_link(transaction, key, Verdict(decision, "a reviewer"))


def completed(service: Service, query: str, variables: dict[str, Any]) -> str:
    """The bytes of an answer that graphql-core completes over what the plan fetched."""
    schema = api_schema()._schema
    document = parse(query)
    with reading(service.engine) as snapshot:
        fetched = compiled(schema, document, None).fetch(Reader(snapshot, Iris(BASE)), variables)
    assert fetched.is_complete
    result = execute_sync(schema, document, fetched.data, variable_values=variables)
    assert not result.errors, result.errors
    assert json.dumps(result.data) == json.dumps(fetched.data)
    return json.dumps(result.data)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data(), yes=st.booleans())
def test_a_plan_answers_like_a_naive_server(
    reviewed: tuple[Service, GraphQLSchema], data: st.DataObject, yes: bool
) -> None:
    service, naive = reviewed
    query, given_ones = data.draw(operations(naive))
    variables = {"yes": yes} | given_ones
    found = service.data(query, **variables)
    assert found == answer(naive, query, variables)
    # What the plan fetched is the answer, in the same order too; graphql-core finds nothing to change.
    assert json.dumps(found) == completed(service, query, variables)

"""Plans against a naive reference: whatever is asked, both give the same answer."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontology.iri import Iris
from schema.links import Verdict, review_link
from schema.model.link import Decision
from schema.store import reading, writing
from tests.databases import KINDS, Databases
from tests.schema.plan.naive import World, answer, naive_schema
from tests.serving import BASE, UNLIMITED, Service, serving

LANGUAGES = ["EN", "FR", "ES", "AR", "ZH", "RU"]
STATUSES = ["PROPOSED", "ACCEPTED", "REJECTED"]
IDS = ["project/PN.0008", "project/IS.0163", "objective/11", "sdg/10.7", "sdg/10", "state/SLV", "state/COL",
       "network/global", "link/IS.0163~objective-16", "code/region/lac", "nothing"]  # fmt: skip

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
            "network", "objective", "sdgGoal", "sdgTarget"}  # fmt: skip
# So that the variable is always used.
# Stands for an alias until all of them are numbered.
ALIAS = "*"
ALWAYS = "used: objectives @include(if: $yes) { id }"


def arguments(draw: Any, field: GraphQLField) -> str:
    """Some of a field's arguments, and all that it needs."""
    given_ones = []
    for name, argument in field.args.items():
        if name not in ARGUMENTS or (name == "last" and any(each.startswith("first") for each in given_ones)):
            continue
        if str(argument.type).endswith("!") or draw(st.booleans()):
            given_ones.append(f"{name}: {draw(ARGUMENTS[name])}")
    return f"({', '.join(given_ones)})" if given_ones else ""


def selected(draw: Any, schema: GraphQLSchema, type_: GraphQLNamedType, depth: int) -> str:
    """A selection on a type: fields under aliases, in fragments, with directives."""
    if is_abstract_type(type_):
        variants = sorted(schema.get_possible_types(type_), key=str)
        chosen = draw(st.lists(st.sampled_from(variants), min_size=1, max_size=3, unique=True))
        inner = " ".join(f"... on {each.name} {selected(draw, schema, each, depth)}" for each in chosen)
        return f"{{ __typename {inner} }}"
    assert isinstance(type_, GraphQLObjectType)
    names = [
        name
        for name, field in type_.fields.items()
        if name not in LEFT_OUT and (depth > 0 or not is_composite_type(get_named_type(field.type)))
    ]
    if not names:
        return "{ __typename }"
    return "{ " + " ".join(one(draw, schema, type_, name, depth) for name in picked(draw, names)) + " }"


def picked(draw: Any, names: list[str]) -> list[str]:
    """A few names, perhaps one of them twice."""
    found: list[str] = draw(st.lists(st.sampled_from(names), min_size=1, max_size=4))
    return found


def one(draw: Any, schema: GraphQLSchema, type_: GraphQLObjectType, name: str, depth: int) -> str:
    """One field, under an alias where it could collide with another selection of it."""
    field = type_.fields[name]
    result = get_named_type(field.type)
    inner = f" {selected(draw, schema, result, depth - 1)}" if is_composite_type(result) else ""
    directive = draw(st.sampled_from(["", "", "", " @include(if: $yes)", " @skip(if: $yes)"]))
    alias = f"{ALIAS}: " if inner or field.args or draw(st.booleans()) else ""
    asked = f"{alias}{name}{arguments(draw, field)}{directive}{inner}"
    return f"... on {type_.name} {{ {asked} }}" if draw(st.integers(0, 5)) == 0 else asked


@st.composite
def operations(draw: Any, schema: GraphQLSchema) -> str:
    """A whole operation, every alias in it another."""
    query = schema.query_type
    assert query is not None
    text = f"query($yes: Boolean!) {{ {ALWAYS} {selected(draw, schema, query, 4)[1:]}"
    first, *rest = text.split(ALIAS)
    return first + "".join(f"a{place}{each}" for place, each in enumerate(rest))


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


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data(), yes=st.booleans())
def test_a_plan_answers_like_a_naive_server(
    reviewed: tuple[Service, GraphQLSchema], data: st.DataObject, yes: bool
) -> None:
    service, naive = reviewed
    query = data.draw(operations(naive))
    assert service.data(query, yes=yes) == answer(naive, query, {"yes": yes})

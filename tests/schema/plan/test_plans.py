"""How plans read: compiled once, a statement a level, counts only when asked for, ranges of indices."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import parse
from sqlalchemy import event

from ontology.iri import Iris
from schema.plan import Plan, Reader, compiled
from schema.store import reading, writing
from server.graphql import api_schema
from tests.databases import KINDS, Databases
from tests.schema.plan.test_answers import statements
from tests.serving import BASE, Service, serving

NESTED = """query($n: Int, $m: Int) { projects(first: $n) { totalCount nodes {
    region { code } memberStates { iso3 networks { id } instruments { id }
        projects(first: $m, orderBy: {field: BUDGET, direction: DESC}) { totalCount nodes { id } } }
    objectives(status: [PROPOSED]) { number projects(first: $m, status: [PROPOSED]) { totalCount nodes { id
        sources { id } } } }
    links { claims { evidence { source { url } } } reviews { at } }
    results { code children { code } parent { code } } provenance { source { id } } } } }"""


@pytest.fixture(params=KINDS)
def own(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Service]:
    """A service with the sample projects that a test may write to."""
    with (
        databases.fresh(request.param) as engine,
        serving(engine.url.render_as_string(hide_password=False)) as service,
    ):
        yield service


def selects(seen: list[str]) -> int:
    return len([each for each in seen if each.lstrip().upper().startswith("SELECT")])


def test_a_level_is_one_statement_whatever_the_number_of_rows(sample: Service) -> None:
    sample.data(NESTED, n=1, m=1)
    # Levels of the operation that no vocabulary answers, counts that may not be known yet, and the version.
    levels, counts = 17, 3
    for size in (1, 5, 21):
        with statements(sample) as seen:
            sample.data(NESTED, n=size, m=size)
        # Where nothing stands on a level there is nothing to read below it.
        assert selects(seen) <= levels + counts + 1


def test_many_lookups_are_as_many_statements_as_one(sample: Service) -> None:
    asked = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Project { budgetUsd } } }"
    keys = [
        each["id"] for each in sample.data("{ projects(first: 21) { nodes { id } } }")["projects"]["nodes"]
    ]
    seen_for = []
    for ids in (keys[:1], keys, ["project/SV10P0560", "project/nothing"], [*keys, "project/SV10P0560", "x"]):
        with statements(sample) as seen:
            sample.data(asked, ids=ids)
        seen_for.append(selects(seen))
    # One more asks for the version, which every answer is read at.
    assert seen_for[0] == seen_for[1] <= 2
    assert seen_for[2] == seen_for[3] <= 5


def test_what_was_not_asked_for_is_not_counted(own: Service) -> None:
    for query, counts in (("{ projects { nodes { id } } }", 0), ("{ projects { totalCount } }", 1)):
        with writing(own.engine) as transaction:
            # A version of its own, of which nothing is counted yet.
            transaction.put(something_new(own))
        with statements(own) as seen:
            own.data(query)
        assert len([each for each in seen if "count(" in each.lower()]) == counts
        with statements(own) as seen:
            own.data(query)
        assert not any("count(" in each.lower() for each in seen)


def something_new(own: Service) -> dict[str, Any]:
    """Something small that is never there yet."""
    with reading(own.engine) as snapshot:
        version = snapshot.version()
    return {"class": "code", "key": f"type/T{version}", "scheme": "type", "code": f"T{version}"}


def test_reference_rows_are_read_once_for_a_data_version(own: Service) -> None:
    query = "{ sdgGoals { code targets { code title { value } goal { code } } } objectives { number } }"
    first = own.data(query)
    with statements(own) as seen:
        assert own.data(query) == first
    # The version alone, which on PostgreSQL comes with the beginning of the snapshot.
    assert selects(seen) <= 1
    with writing(own.engine) as transaction:
        record = {"class": "objective", "key": "1", "number": 1, "title": {"en": "Other"}}
        transaction.put(record | {"shortTitle": {"en": "Other"}})
    other = own.data("{ objective(id: 1) { title { value } shortTitle { value } } }")["objective"]
    assert other == {"title": {"value": "Other"}, "shortTitle": {"value": "Other"}}


def fetched(plan: Plan, service: Service, variables: dict[str, Any]) -> dict[str, Any]:
    with reading(service.engine) as snapshot:
        return plan.fetch(Reader(snapshot, Iris(BASE)), variables).data


def test_a_plan_is_compiled_once_for_a_text_and_operation(sample: Service) -> None:
    schema, text = api_schema()._schema, "query a { dataVersion } query b { projects { totalCount } }"
    plan = compiled(schema, parse(text), "a")
    assert compiled(schema, parse(text), "a") is plan
    assert compiled(schema, parse(text), "b") is not plan
    assert list(fetched(compiled(schema, parse(text), "b"), sample, {})) == ["projects"]


def test_one_plan_answers_every_set_of_variables(sample: Service) -> None:
    text = """query($yes: Boolean!, $id: ID!, $l: [Language!] = [FR]) { memberState(id: $id) {
        iso3 @include(if: $yes) ...more @skip(if: $yes) name(languages: $l) { value } } }
        fragment more on MemberState { iso2 }"""
    plan = compiled(api_schema()._schema, parse(text), None)
    with_code = {"memberState": {"iso3": "COM", "name": {"value": "Comores"}}}
    without = {"memberState": {"iso2": "SV", "name": {"value": "El Salvador"}}}
    for _ in range(2):
        assert fetched(plan, sample, {"yes": True, "id": "COM"}) == with_code
        assert fetched(plan, sample, {"yes": False, "id": "SLV", "l": ["ES"]}) == without


ORDERED = """query($after: String, $f: ProjectFilter, $o: ProjectOrderBy) {
    projects(first: 5, after: $after, filter: $f, orderBy: $o) { pageInfo { endCursor } nodes { id } } }"""
WALKED = {
    "TITLE": "title_order",
    "START_YEAR": "start_year",
    "YEAR": "year",
    "BUDGET": "budget_usd",
    "UPDATED_AT": "updated_at",
}


def explained(service: Service, query: str, variables: dict[str, Any]) -> str:
    """How the database says that it reads what a query asks for."""
    engine = service.client.app.state.engine  # type: ignore[attr-defined]
    kept: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        kept.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    service.data(query, **variables)
    event.remove(engine, "before_cursor_execute", note)
    is_sqlite = engine.dialect.name == "sqlite"
    told = []
    with engine.connect() as connection:
        if not is_sqlite:
            # A few rows are read fastest from first to last; what is asked here is whether it must be so.
            connection.exec_driver_sql("SET enable_seqscan = off")
            connection.exec_driver_sql("SET enable_bitmapscan = off")
            connection.exec_driver_sql("SET enable_sort = off")
        for statement, values in kept:
            rows = connection.exec_driver_sql(
                f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{statement}", values
            )
            told += [str(row[3] if is_sqlite else row[0]) for row in rows]
    return "\n".join(told)


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("order", WALKED)
def test_an_index_carries_every_order(sample: Service, order: str, direction: str) -> None:
    asked = {"o": {"field": order, "direction": direction}}
    first = sample.data(ORDERED, **asked)["projects"]["pageInfo"]["endCursor"]
    told = explained(sample, ORDERED, asked | {"after": first, "f": {"startYear": {"from": 1}}})
    falls = "_desc" if direction == "DESC" else ""
    assert f"ix_project_{WALKED[order]}{falls}_key" in told


def test_an_index_carries_the_lists_within_things(sample: Service) -> None:
    told = explained(
        sample,
        "{ memberStates { nodes { projects { nodes { id } } } } objectives { projects { nodes { id } } } }",
        {},
    )
    assert "ix_project_member_states_target_owner" in told
    assert "ix_link_target_status_project" in told
    assert "WindowAgg" not in told

"""Pages against a list in memory: every order, from both ends, between cursors, whole and within things."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Engine

from schema.store import writing
from tests.databases import KINDS, Databases
from tests.schema.world import ground, link, project, review
from tests.serving import Service, serving

TIES = [
    ("A-1", "émigré", 2020, "10.00"),
    ("A.1", "Zebra", 2020, None),
    ("A", "zebra", None, "10.00"),
    ("B", "Émigré", 2019, None),
    ("C", "ßteps", 2021, "9.00"),
    ("a", "SSteps", None, None),
    ("Z", "zz", 2020, "11.00"),
]
ORDERS = ("ID", "TITLE", "START_YEAR", "BUDGET")
FIELDS = """nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            totalCount"""
ARGUMENTS = "first: $first, after: $after, last: $last, before: $before, orderBy: $order"
VARIABLES = "$first: Int, $after: String, $last: Int, $before: String, $order: ProjectOrderBy"
WHOLE = f"query({VARIABLES}) {{ projects({ARGUMENTS}) {{ {FIELDS} }} }}"
WITHIN = f"""query({VARIABLES}) {{
    memberState(id: "SLV") {{ projects({ARGUMENTS}) {{ {FIELDS} }} }}
    objective(id: "23") {{ projects({ARGUMENTS}, status: [ACCEPTED, PROPOSED]) {{ {FIELDS} }} }}
    objectives {{ projects({ARGUMENTS}, filter: {{states: ["SLV"]}}) {{ {FIELDS} }} }} }}"""


def fill(engine: Engine) -> None:
    with writing(engine, "2026-11-01T00:00:00Z") as transaction:
        for each in ground():
            transaction.put(each)
        for place, (key, title, year, budget) in enumerate(TIES):
            known = {"startYear": year, "budgetUsd": budget}
            fields = {name: value for name, value in known.items() if value is not None}
            transaction.put(project(key, title={"en": title}, memberStates=["SLV"], **fields))
            reviews = [review("ann")] if place % 2 else []
            transaction.put(link(key, "objective/23", reviews=reviews))


@pytest.fixture(scope="module", params=KINDS)
def ties(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Service]:
    """A service with a few projects that have much in common."""
    with databases.fresh(request.param) as engine:
        fill(engine)
        with serving(engine.url.render_as_string(hide_password=False), sample=False) as service:
            yield service


def expected(order: str, direction: str) -> list[str]:
    """The keys in an order: without a value last, equal values by their keys, which run up."""
    falls = direction == "DESC"
    if order == "ID":
        return sorted((row[0] for row in TIES), reverse=falls)
    values = {
        "TITLE": lambda row: row[1].casefold(),
        "START_YEAR": lambda row: row[2],
        "BUDGET": lambda row: row[3] and float(row[3]),
    }
    value: Any = values[order]
    known = sorted((row for row in TIES if value(row) is not None), key=lambda row: row[0])
    known.sort(key=value, reverse=falls)
    return [row[0] for row in known] + sorted(row[0] for row in TIES if value(row) is None)


def shown(page: dict[str, Any]) -> tuple[list[str], bool, bool]:
    keys = [each["id"].partition("/")[2] for each in page["nodes"]]
    info = page["pageInfo"]
    assert info["startCursor"] == (page["edges"][0]["cursor"] if keys else None)
    assert info["endCursor"] == (page["edges"][-1]["cursor"] if keys else None)
    assert page["totalCount"] == len(TIES)
    return keys, info["hasPreviousPage"], info["hasNextPage"]


def cut(whole: list[str], after: int | None, before: int | None, size: int, from_end: bool) -> Any:
    """The window between two places, and whether anything lies outside of it on either side."""
    start, end = 0 if after is None else after + 1, len(whole) if before is None else before
    if from_end:
        start = max(start, end - size)
    else:
        end = min(end, start + size)
    return whole[start:end], start > 0, end < len(whole)


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("order", ORDERS)
def test_a_page_is_what_a_list_in_memory_gives(ties: Service, order: str, direction: str) -> None:
    asked = {"order": {"field": order, "direction": direction}}
    whole = expected(order, direction)
    page = ties.data(WHOLE, first=100, **asked)["projects"]
    assert shown(page) == (whole, False, False)
    cursors = [each["cursor"] for each in page["edges"]]
    places = [None, 0, 2, 3, 5, 6]
    for after, before, end in product(places, places, ("first", "last")):
        # Between two cursors that stand the wrong way round there is nothing.
        if after is not None and before is not None and after >= before:
            continue
        given = {"after": None if after is None else cursors[after]}
        given |= {"before": None if before is None else cursors[before]}
        found = ties.data(WHOLE, **asked, **given, **{end: 2})["projects"]
        assert shown(found) == cut(whole, after, before, 2, end == "last"), (after, before, end)


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("order", ORDERS)
def test_a_page_within_a_thing_is_the_same(ties: Service, order: str, direction: str) -> None:
    asked = {"order": {"field": order, "direction": direction}}
    whole = expected(order, direction)
    cursors = [each["cursor"] for each in ties.data(WHOLE, first=100, **asked)["projects"]["edges"]]
    for after, before, end in ((None, None, "first"), (2, None, "first"), (None, 4, "last"), (1, 6, "last")):
        given = {"after": None if after is None else cursors[after]}
        given |= {"before": None if before is None else cursors[before]}
        data = ties.data(WITHIN, **asked, **given, **{end: 2})
        wanted = cut(whole, after, before, 2, end == "last")
        for name in ("memberState", "objective"):
            assert shown(data[name]["projects"]) == wanted, name
        accepted = [each["projects"] for each in data["objectives"]]
        assert [each["totalCount"] for each in accepted] == [0] * 22 + [len(TIES) // 2]
        assert not any(each["nodes"] for each in accepted[:22])


def test_a_cursor_of_the_other_direction_or_of_another_list_is_refused(ties: Service) -> None:
    rising = {"field": "BUDGET", "direction": "ASC"}
    falling = {"field": "BUDGET", "direction": "DESC"}
    end = ties.data(WHOLE, first=1, order=rising)["projects"]["pageInfo"]["endCursor"]
    links = ties.data("{ links(first: 1) { pageInfo { endCursor } } }")["links"]["pageInfo"]["endCursor"]
    for order, after in ((falling, end), (rising, links), (None, links), (rising, "")):
        error = ties.error(WHOLE, after=after, order=order)
        assert error["extensions"]["code"] == "BAD_CURSOR", (order, after)

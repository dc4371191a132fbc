"""Lists in pages: cursors, orders, and what they do when the data changes."""

import pytest

from schema.model import NOUNS
from schema.page import Order, Place, cursor, place_of
from schema.store import writing
from tests.serving import Service

ORDERS = ("ID", "TITLE", "START_YEAR", "YEAR", "BUDGET", "UPDATED_AT")
PAGE = """query($first: Int, $after: String, $last: Int, $before: String, $order: ProjectOrderBy) {
    projects(first: $first, after: $after, last: $last, before: $before, orderBy: $order) {
        totalCount nodes { id } edges { cursor node { id } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ORDERS)
def test_forward_pages_hold_every_project_once(sample: Service, field: str, direction: str) -> None:
    order = {"field": field, "direction": direction}
    whole = [each["id"] for each in sample.data(PAGE, first=100, order=order)["projects"]["nodes"]]
    seen: list[str] = []
    after = None
    while True:
        page = sample.data(PAGE, first=4, after=after, order=order)["projects"]
        seen += [each["id"] for each in page["nodes"]]
        assert page["totalCount"] == len(whole) == 21
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert seen == whole
    assert len(set(seen)) == 21


def test_backward_pages_hold_the_same_in_the_same_order(sample: Service) -> None:
    order = {"field": "BUDGET", "direction": "DESC"}
    whole = [each["id"] for each in sample.data(PAGE, first=100, order=order)["projects"]["nodes"]]
    seen: list[str] = []
    before = None
    while True:
        page = sample.data(PAGE, last=4, before=before, order=order)["projects"]
        seen = [each["id"] for each in page["nodes"]] + seen
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        before = page["pageInfo"]["startCursor"]
    assert seen == whole


def test_projects_without_the_value_come_last_both_ways(sample: Service) -> None:
    query = """query($d: Direction!) {
        projects(first: 100, orderBy: {field: START_YEAR, direction: $d}) { nodes { startYear } } }"""
    for direction in ("ASC", "DESC"):
        years = [each["startYear"] for each in sample.data(query, d=direction)["projects"]["nodes"]]
        known = [year for year in years if year is not None]
        assert years == known + [None] * (len(years) - len(known))
        assert known == sorted(known, reverse=direction == "DESC")
        assert None in years


def test_edges_and_nodes_are_the_same_items(sample: Service) -> None:
    page = sample.data(PAGE, first=5)["projects"]
    assert [each["node"] for each in page["edges"]] == page["nodes"]
    assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]


def test_missing_size_means_twenty(sample: Service) -> None:
    assert len(sample.data(PAGE)["projects"]["nodes"]) == 20


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"first": 0}, "BAD_ARGUMENT"),
        ({"first": -1}, "BAD_ARGUMENT"),
        ({"first": 101}, "BAD_ARGUMENT"),
        ({"last": 0}, "BAD_ARGUMENT"),
        ({"first": 1, "last": 1}, "BAD_ARGUMENT"),
        ({"after": "no cursor"}, "BAD_CURSOR"),
        ({"before": "bnVsbA"}, "BAD_CURSOR"),
        ({"after": "\ud7ff"}, "BAD_CURSOR"),
        ({"after": "\ud7ff\u0000"}, "BAD_ARGUMENT"),
    ],
)
def test_wrong_pages_are_refused_with_a_code_and_a_suggestion(
    sample: Service, arguments: dict[str, object], code: str
) -> None:
    error = sample.error(PAGE, **arguments)
    assert error["extensions"]["code"] == code
    assert error["extensions"]["suggestion"]


def test_a_cursor_of_another_order_is_refused(sample: Service) -> None:
    page = sample.data(PAGE, first=1, order={"field": "TITLE", "direction": "ASC"})["projects"]
    error = sample.error(
        PAGE, after=page["pageInfo"]["endCursor"], order={"field": "YEAR", "direction": "ASC"}
    )
    assert error["extensions"]["code"] == "BAD_CURSOR"


def test_a_cursor_survives_the_deletion_of_its_item_and_the_insertion_of_others(service: Service) -> None:
    record = {"class": "project", "title": {"en": "A project"}}
    with writing(service.engine) as transaction:
        for key in ("B.1", "D.1", "F.1"):
            transaction.put({**record, "key": key})
    after = service.data(PAGE, first=2)["projects"]["pageInfo"]["endCursor"]
    with writing(service.engine) as transaction:
        transaction.delete("project", "D.1")
        transaction.put({**record, "key": "A.1"})
        transaction.put({**record, "key": "E.1"})
    page = service.data(PAGE, first=2, after=after)["projects"]
    assert [each["id"] for each in page["nodes"]] == ["project/E.1", "project/F.1"]


def test_the_pages_of_things_are_pages_too(sample: Service) -> None:
    query = """{ memberState(id: "CRI") { projects(first: 1) { totalCount nodes { id }
        pageInfo { hasNextPage endCursor } } all: projects(first: 100) { nodes { id } } } }"""
    state = sample.data(query)["memberState"]
    assert state["projects"]["nodes"] == state["all"]["nodes"][:1]
    assert state["projects"]["totalCount"] == len(state["all"]["nodes"]) > 1
    assert state["projects"]["pageInfo"]["hasNextPage"]


def test_cursors_come_back_as_the_places_they_stand_for() -> None:
    noun = NOUNS["Project"]
    order = Order(noun, noun.table.c.title_order)
    place = Place("équateur", "PN.0008")
    assert place_of(cursor(order, place), order) == place

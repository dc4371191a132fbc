"""Agreement: its figures on labellings that can be counted by hand, and what a second reader gets."""

import json

import pytest

from tests.linking.agreement import (
    Decisions,
    Pair,
    decisions,
    differences,
    interval,
    pairs_of,
    report,
    sheet,
    unsettled,
)
from tests.linking.development import Item, Labels, development_set

ITEMS = development_set()


def labels(id_: str, gcm: list[int], gcm_ok: list[int]) -> Labels:
    return {"id": id_, "gcm": gcm, "gcm_ok": gcm_ok, "sdg": [], "sdg_ok": []}


def pair() -> Pair:
    first = {"x": labels("x", [1, 2], []), "y": labels("y", [3], []), "z": labels("z", [], [])}
    second = {"x": labels("x", [1], [2]), "y": labels("y", [3, 4], []), "z": labels("z", [], [])}
    return Pair(first, second)


def test_decisions_count_every_code_of_every_text() -> None:
    assert decisions(pair(), "gcm", ["x", "y", "z"]) == Decisions(2, 1, 1, 3 * 23 - 4)
    assert decisions(pair(), "sdg", ["x", "y", "z"]) == Decisions(0, 0, 0, 3 * 17)


def test_a_code_that_one_reader_finds_arguable_is_left_out_unless_strict() -> None:
    assert decisions(pair(), "gcm", ["x", "y", "z"], strict=False) == Decisions(2, 0, 1, 3 * 23 - 4)


def test_kappa_is_what_cohen_worked_out_from_the_shares_of_yes() -> None:
    found = Decisions(20, 5, 10, 15)
    assert found.same == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.f1 == pytest.approx(40 / 55)


def test_readers_who_give_the_same_agree_wholly_and_by_chance_not_at_all() -> None:
    assert Decisions(0, 0, 0, 5).kappa == Decisions(3, 0, 0, 5).kappa == Decisions(3, 0, 0, 5).f1 == 1
    assert Decisions(25, 25, 25, 25).kappa == 0


def test_an_interval_holds_the_figure_and_is_the_same_every_time() -> None:
    low, high = interval(pair(), "gcm", ["x", "y", "z"])
    assert low <= decisions(pair(), "gcm", ["x", "y", "z"]).f1 <= high
    assert (low, high) == interval(pair(), "gcm", ["x", "y", "z"])


def test_a_difference_is_named_until_the_text_says_how_it_was_settled() -> None:
    assert differences(pair()) == [("x", "gcm", {2}, set()), ("y", "gcm", set(), {4})]
    items: list[Item] = [
        {**ITEMS[0], "id": "x", "adjudicated": "gcm 2 is a side activity"},
        {**ITEMS[1], "id": "y"},
    ]
    assert unsettled(items, [pair()]) == {"y"}


def test_a_report_has_a_row_for_every_two_readers_scheme_and_language() -> None:
    one, two = (
        {item["id"]: labels(item["id"], item["gcm"], item["gcm_ok"]) for item in half}
        for half in (ITEMS, ITEMS[::2])
    )
    rows = report(ITEMS, {"A": one, "B": two}).splitlines()[2:]
    assert len(rows) == 2 * 4
    assert rows[0] == f"| A, B | gcm | all | {len(two)} | 1.000 | 1.00 | 1.00 | 1.00-1.00 | 1.00 |"
    assert list(pairs_of({"A": one, "B": two, "C": one})) == [("A", "B"), ("A", "C"), ("B", "C")]


def test_a_report_of_one_reader_says_that_there_is_no_other() -> None:
    assert report(ITEMS, {"A": {}}).endswith("There is no second labelling yet.")


def test_a_sheet_has_every_text_and_no_label_and_tells_nothing_by_its_order() -> None:
    lines = [json.loads(line) for line in sheet(ITEMS).splitlines()]
    assert {line["id"]: line["text"] for line in lines} == {item["id"]: item["text"] for item in ITEMS}
    assert all(line.keys() == {"id", "text"} for line in lines)
    assert [line["id"] for line in lines] != [item["id"] for item in ITEMS]

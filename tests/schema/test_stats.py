"""Counts against a naive count over whole records: the same rows in the same order, on both databases."""

from collections.abc import Iterator
from itertools import permutations, product
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, event

from ontology.declaration import ExchangeRecord
from ontology.errors import BadArgument
from schema.money import cents
from schema.stats import Row, StatKey, count, labels, natural
from schema.store import reading
from tests.schema.world import full, ground, link, project, put, review

KEYS = [[one] for one in StatKey] + [list(pair) for pair in permutations(StatKey, 2)]
TARGETS = ["objective/1", "objective/23", "sdg/10", "sdg/10.7", "network/global", "network/SLV"]
REVIEWS: list[list[dict[str, Any]]] = [[], [review("ann")], [review("ann", "reject")]]


def some_project(number: int, random: Random) -> ExchangeRecord:
    fields = {
        "year": random.choice([None, 2019, 2020, 2021]),
        "status": random.choice([None, "status/active", "status/completed"]),
        "region": random.choice([None, "region/lac", "region/africa"]),
        "type": random.choice([None, "type/PN"]),
        "budgetUsd": random.choice([None, "0.01", "1000.10", "999999999999.99"]),
        "memberStates": random.sample(["SLV", "TON"], random.randrange(3)),
    }
    return project(f"PN.{number:04}", **{name: value for name, value in fields.items() if value})


@pytest.fixture
def world(engine: Engine) -> Iterator[tuple[Engine, list[ExchangeRecord]]]:
    """Projects with all sorts of values and links, and their records."""
    random = Random(73195)
    projects = [some_project(number, random) for number in range(40)]
    links = [
        link(each["key"], target, reviews=random.choice(REVIEWS))
        for each in projects
        for target in random.sample(TARGETS, random.randrange(4))
    ]
    put(engine, *ground(), *projects, *links)
    with reading(engine) as snapshot:
        yield engine, list(snapshot.records())


def values_of(key: StatKey, record: ExchangeRecord, links: list[ExchangeRecord]) -> list[tuple[Any, bool]]:
    """What a record and its links say for a key, and whether only a proposed link says it."""
    found: list[tuple[Any, bool]] = []
    if key is StatKey.STATE:
        found = [(f"state/{each}", False) for each in record.get("memberStates", ())]
    elif key in (StatKey.OBJECTIVE, StatKey.NETWORK, StatKey.SDG_GOAL, StatKey.SDG_TARGET):
        segment = key.value.partition("_")[0]
        found = [
            (each["target"], each["status"] == "proposed")
            for each in links
            if each["project"] == record["key"]
            and each["status"] != "rejected"
            and each["target"].startswith(f"{segment}/")
            and (segment != "sdg" or ("." in each["target"]) == (key is StatKey.SDG_TARGET))
        ]
    elif key.value in record:
        value = record[key.value]
        found = [(value if key is StatKey.YEAR else f"code/{value}", False)]
    return found or [(None, False)]


def naive(records: list[ExchangeRecord], keys: list[StatKey]) -> list[Row]:
    """The rows of a count, project by project."""
    links = [each for each in records if each["class"] == "link"]
    rows: dict[tuple[Any, ...], list[int]] = {}
    for record in (each for each in records if each["class"] == "project"):
        for combined in product(*(values_of(key, record, links) for key in keys)):
            row = rows.setdefault(tuple(value for value, _ in combined), [0, 0, 0])
            row[any(proposed for _, proposed in combined)] += 1
            row[2] += cents(record["budgetUsd"]) if "budgetUsd" in record else 0
    made = [Row(values, *figures) for values, figures in rows.items()]
    return sorted(made, key=lambda row: [natural(str(each or "")) for each in row.values])


def counted(engine: Engine, keys: list[StatKey], filter_: dict[str, Any] | None = None) -> list[Row]:
    with reading(engine) as snapshot:
        return count(snapshot.connection, keys, filter_).rows


def test_every_key_and_pair_of_keys_counts_what_the_records_say(
    world: tuple[Engine, list[ExchangeRecord]],
) -> None:
    engine, records = world
    for keys in KEYS:
        assert counted(engine, keys) == naive(records, keys), keys


def test_a_filter_leaves_the_projects_that_are_counted(world: tuple[Engine, list[ExchangeRecord]]) -> None:
    engine, records = world
    left = [each for each in records if each["class"] != "project" or each.get("region") == "region/lac"]
    for keys in KEYS:
        assert counted(engine, keys, {"regions": ["lac"]}) == naive(left, keys), keys


def selected(statements: list[str]) -> list[str]:
    return [each for each in statements if each.startswith("SELECT")]


def test_a_count_takes_two_statements_and_its_names_a_third(store: Engine) -> None:
    put(store, full("PN.0001"), full("PN.0002"))
    seen: list[str] = []
    event.listen(store, "after_cursor_execute", lambda *told: seen.append(told[2]))
    with reading(store) as snapshot:
        count(snapshot.connection, [StatKey.STATE, StatKey.REGION], None)
        assert len(selected(seen)) == 2
        count(snapshot.connection, [StatKey.STATE, StatKey.REGION], None)
        assert len(selected(seen)) == 3
        asked = ["state/SLV", "code/region/lac", "sdg/10", "sdg/10.7", "state/TON", "state/XXX"]
        names = labels(snapshot.connection, asked)
        assert len(selected(seen)) == 4
    assert set(names) == set(asked) - {"state/XXX"}
    assert names["sdg/10.7"] == {"en": "Safe migration"}
    assert names["state/TON"] == {"en": "TON"}


def test_there_are_no_names_of_nothing(engine: Engine) -> None:
    with reading(engine) as snapshot:
        assert labels(snapshot.connection, []) == {}


def test_what_was_counted_is_forgotten_with_the_next_version(store: Engine) -> None:
    by_year = [StatKey.YEAR]
    put(store, full("PN.0001"))
    assert counted(store, by_year) == [Row((2024,), 1, 0, 30000000)]
    put(store, project("PN.0002", year=2024))
    assert counted(store, by_year) == [Row((2024,), 2, 0, 30000000)]


def test_a_snapshot_that_began_before_a_change_counts_without_it_and_leaves_no_trace(store: Engine) -> None:
    put(store, full("PN.0001"))
    with reading(store) as earlier:
        assert earlier.version() == 2
        put(store, project("PN.0002", year=2024))
        assert counted(store, [StatKey.YEAR]) == [Row((2024,), 2, 0, 30000000)]
        assert count(earlier.connection, [StatKey.YEAR], None).rows == [Row((2024,), 1, 0, 30000000)]
    assert counted(store, [StatKey.YEAR]) == [Row((2024,), 2, 0, 30000000)]


@pytest.mark.parametrize("keys", [[], [StatKey.YEAR] * 2, [StatKey.YEAR, StatKey.TYPE, StatKey.STATE]])
def test_a_count_by_no_key_one_key_twice_or_three_is_refused(store: Engine, keys: list[StatKey]) -> None:
    with pytest.raises(BadArgument, match="groupBy"):
        counted(store, keys)

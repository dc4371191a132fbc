"""Bulk: an import that leaves memory comes to the same database and the same report as one that does not."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Select, Table, func, select

import schema.pending
from ontology.declaration import ExchangeRecord
from ontology.errors import UnknownReference
from schema.exchange import alias, line, tombstone
from schema.feed import fragment
from schema.log import change, resource
from schema.sql import Values
from schema.store import METADATA, reading, writing
from server.importer.jsonl import take
from server.importer.report import Report
from server.importer.settle import settle
from tests.benchmarks.generated import records
from tests.databases import Databases
from tests.schema.test_history import Step, run, steps
from tests.schema.world import LATER, THEN, full, ground, instrument, link, project, put, review, source


@contextmanager
def chunks_of(size: int) -> Iterator[None]:
    """Everything in chunks so small that a few records leave memory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema.pending, "CHUNK", size)
        yield


def content(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, whatever the order of the entries within a version."""
    with engine.connect() as connection:
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(_without_order(table))), key=repr)
            for table in METADATA.tables.values()
        }
        here = (change.c.version == resource.c.version) & (change.c.ordinal == resource.c.ordinal)
        same = (change.c["class"] == resource.c["class"]) & (change.c.key == resource.c.key)
        stand = select(func.count()).select_from(resource.join(change, here & same))
        assert connection.scalar(stand) == len(found["resource"])
        return found


def _without_order(table: Table) -> Select[Values]:
    # Members of the feeds are numbered in the order of the log, and fragments hold them by their numbers.
    ordered = {"ordinal", "number", "id"} | ({"digest"} if table is fragment else set())
    return select(*(each for each in table.columns if each.name not in ordered))


def imported(engine: Engine, lines: list[bytes]) -> str:
    report = Report()
    with writing(engine, LATER) as transaction:
        take(transaction, "lines.jsonl", lines, report)
        settle(transaction, report)
    return report.to_json()


# Lines of which some refer to others, some to nothing, and some contradict each other.
LINES: list[ExchangeRecord] = [
    source(),
    instrument(),
    instrument() | {"name": {"en": "A plan"}},
    full(),
    full() | {"objectives": ["7"]},
    full("PN.0009"),
    project("A", year=2020),
    project("A"),
    project("B", memberStates=["XXX"]),
    project("C", startYear="2020"),
    link(reviews=[review("ann")]),
    link(status="accepted"),
    link(target="objective/7", reviews=[review("ann")], status="rejected"),
    link("A", f"instrument/{instrument()['key']}", reviews=[review("ann")]),
    link("B"),
    alias("project", "PN.0009", "A", THEN),
    alias("project", "OLD", "PN.0009", THEN),
    alias("project", "A", "OLD", THEN),
    tombstone("project", "A", THEN),
    tombstone("project", "PN.0008", THEN),
    tombstone("source", source()["key"], THEN),
    tombstone("state", "SLV", THEN),
]

shuffled = st.lists(st.sampled_from(LINES), min_size=1, max_size=14)
relaxed = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@relaxed
@given(first=shuffled, second=shuffled, size=st.sampled_from([1, 2, 5]))
def test_lines_in_small_chunks_come_to_the_same_database_and_report(
    databases: Databases, kind: str, first: list[ExchangeRecord], second: list[ExchangeRecord], size: int
) -> None:
    with databases.fresh(kind) as plain, databases.fresh(kind) as bulk:
        for engine in (plain, bulk):
            put(engine, *ground())
        for some in (first, second):
            data = [line(each) + b"\n" for each in some]
            told = imported(plain, data)
            with chunks_of(size):
                assert imported(bulk, data) == told
            assert content(bulk) == content(plain)


@relaxed
@given(transactions=st.lists(st.lists(steps(), min_size=1, max_size=6), max_size=5))
def test_every_kind_of_change_in_small_chunks_comes_to_the_same_database(
    databases: Databases, transactions: list[list[Step]]
) -> None:
    with databases.fresh("sqlite") as plain, databases.fresh("sqlite") as bulk:
        for engine in (plain, bulk):
            put(engine, *ground(), source(), instrument())
        run(plain, transactions)
        with chunks_of(1):
            run(bulk, transactions)
        assert content(bulk) == content(plain)


def test_two_flushes_of_one_transaction_that_left_memory_are_two_versions(engine: Engine) -> None:
    put(engine, *ground())
    with chunks_of(1), writing(engine) as transaction:
        for key in "ABC":
            transaction.put(project(key))
        assert len(transaction.pending()) == 3
        assert transaction.flush() == 2
        for key in "CDE":
            transaction.put(project(key, year=2020))
    with reading(engine) as snapshot:
        assert snapshot.version() == 3
        snapshot.check()


def test_readers_go_on_while_an_import_that_left_memory_is_under_way(engine: Engine) -> None:
    put(engine, *ground())
    with chunks_of(2), writing(engine) as transaction:
        for each in records(10):
            transaction.put(each)
        with reading(engine) as snapshot:
            assert (snapshot.version(), snapshot.record("project", "GN.0000001")) == (1, None)
        transaction.flush()
        with reading(engine) as snapshot:
            assert (snapshot.version(), snapshot.record("project", "GN.0000001")) == (1, None)
    with reading(engine) as snapshot:
        assert snapshot.version() == 2
        assert snapshot.record("project", "GN.0000001") is not None
        snapshot.check()


def test_what_fails_after_it_left_memory_leaves_nothing(engine: Engine) -> None:
    put(engine, *ground())
    before = content(engine)
    for _ in range(2):
        with chunks_of(1), pytest.raises(UnknownReference):
            put(engine, *records(5), project("B", memberStates=["XXX"]))
        assert content(engine) == before


def test_generated_lines_in_any_order_are_taken_whole(databases: Databases, kind: str) -> None:
    data = [line(each) + b"\n" for each in records(30)]
    random.Random(7).shuffle(data)
    with databases.fresh(kind) as engine:
        with chunks_of(7):
            assert '"refused": 0' in imported(engine, data)
            assert '"taken": 0' in imported(engine, data)
        with reading(engine) as snapshot:
            assert snapshot.version() == 1
            assert snapshot.check() == len(data)

"""History: rows, last records, replayed log and exports of every version tell the same."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ontology.declaration import ExchangeRecord
from ontology.errors import CompactgraphError
from schema.exchange import SEGMENTS, line, noun_of
from schema.following import followed
from schema.links import Verdict, assert_link, merge, review_link, undo_review
from schema.model.link import Decision
from schema.rows import record_of
from schema.snapshot import Snapshot
from schema.store import reading, writing
from schema.transaction import Transaction
from tests.databases import Databases
from tests.schema.world import claim, coding, full, ground, instrument, lines, link, project, put, source

PROJECTS = ("PN.0008", "PN.0009")
TARGETS = ("objective/23", "sdg/10.7", f"instrument/{instrument()['key']}")
REVIEWERS = ("ann", "bea")

Step = Callable[[Transaction], Any]


def steps() -> st.SearchStrategy[Step]:
    """One change: a put, a deletion, a merge, a claim, a decision, or one taken back."""
    key, target, reviewer = st.sampled_from(PROJECTS), st.sampled_from(TARGETS), st.sampled_from(REVIEWERS)
    decision = st.sampled_from(list(Decision))
    link_keys = st.builds(lambda key, target: f"{key}~{target.replace('/', '-')}", key, target)
    changes = st.fixed_dictionaries(
        {},
        optional={
            "budgetUsd": st.integers(0, 10**13).map(lambda cents: f"{cents // 100}.{cents % 100:02d}"),
            "description": st.dictionaries(
                st.sampled_from(["en", "ar"]), st.text("aé\n\u200f\U0001f30d", min_size=1), min_size=1
            ),
            "memberStates": st.lists(st.sampled_from(["SLV", "TON"]), unique=True),
            "year": st.integers(1900, 2200),
        },
    )
    return st.one_of(
        st.builds(lambda key, fields: lambda t: t.put(full(key) | fields), key, changes),
        st.builds(lambda key: lambda t: t.put(project(key)), key),
        st.builds(lambda key: lambda t: t.put(coding(key)), key),
        st.builds(lambda key, target: lambda t: t.put(link(key, target)), key, target),
        st.builds(lambda year: lambda t: t.put(instrument() | {"name": {"en": year}}), st.sampled_from("ab")),
        st.builds(lambda key: lambda t: t.delete("project", key), key),
        st.builds(lambda key: lambda t: t.delete("link", key), link_keys),
        st.just(lambda t: t.delete("instrument", instrument()["key"])),
        st.just(lambda t: merge(t, *PROJECTS)),
        st.builds(lambda key, target: lambda t: assert_link(t, key, target, claim()), key, target),
        st.builds(
            lambda key, decision, reviewer: lambda t: review_link(t, key, Verdict(decision, reviewer)),
            link_keys,
            decision,
            reviewer,
        ),
        st.builds(lambda key, reviewer: lambda t: undo_review(t, key, reviewer), link_keys, reviewer),
    )


def run(engine: Engine, transactions: list[list[Step]]) -> dict[int, list[str]]:
    """Runs each list in a transaction, whatever comes of it, and gives what stood at each version."""
    stood = {0: lines(engine)}
    for number, transaction_steps in enumerate(transactions):
        try:
            with writing(engine, f"2026-11-{number + 1:02d}T00:00:00Z") as transaction:
                for step in transaction_steps:
                    step(transaction)
        except CompactgraphError:
            pass
        with reading(engine) as snapshot:
            stood[snapshot.version()] = list(snapshot.lines())
    return stood


def check_rows(snapshot: Snapshot) -> None:
    for record in snapshot.records():
        rows = record_of(noun_of(record["class"], record["key"]), record["key"], snapshot.connection)
        assert rows is not None
        assert followed(snapshot.connection, rows) == record
    assert snapshot.check() == len(list(snapshot.records()))


def replayed(snapshot: Snapshot) -> list[str]:
    """What the log comes to when it is read from its beginning, in pages."""
    last: dict[tuple[int, str], ExchangeRecord] = {}
    after = (0, -1)
    while page := snapshot.changes(after, 7):
        for each in page:
            last[SEGMENTS.index(each.segment), each.key] = each.record
        after = (page[-1].version, page[-1].ordinal)
    return [line(last[place]).decode() for place in sorted(last)]


def check_history(engine: Engine, transactions: list[list[Step]]) -> None:
    put(engine, *ground(), source(), instrument())
    stood = run(engine, transactions)
    with reading(engine) as snapshot:
        check_rows(snapshot)
        assert replayed(snapshot) == list(snapshot.lines())
        for version, then in stood.items():
            assert list(snapshot.lines(version)) == (then if version else [])


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(transactions=st.lists(st.lists(steps(), min_size=1, max_size=4), max_size=8))
def test_rows_log_and_every_version_agree_whatever_is_written(
    databases: Databases, kind: str, transactions: list[list[Step]]
) -> None:
    with databases.fresh(kind) as engine:
        check_history(engine, transactions)


def test_a_version_that_is_past_is_exported_as_it_was(store: Engine) -> None:
    first = lines(store)
    put(store, full(), link())
    second = lines(store)
    with writing(store) as transaction:
        transaction.delete("project", "PN.0008")
        transaction.put(project("B"))
    assert lines(store, 0) == []
    assert lines(store, 1) == first
    assert lines(store, 2) == second
    assert lines(store, 3) == lines(store)


def test_an_export_names_what_is_referred_to_first_and_sorts_by_key(store: Engine) -> None:
    put(store, project("b"), project("B"), project("a"), project("A1"), project("é".encode().hex()))
    keys = [
        line.partition('"key":"')[2].partition('"')[0] for line in lines(store) if '"class":"project"' in line
    ]
    assert keys == sorted(keys)
    segments = [line.partition('"class":"')[2].partition('"')[0] for line in lines(store)]
    assert segments == sorted(segments, key=SEGMENTS.index)


def test_a_page_of_the_log_is_no_longer_than_asked_for(store: Engine) -> None:
    with reading(store) as snapshot:
        assert [len(snapshot.changes((0, -1), limit)) for limit in (-1, 0, 1, 5)] == [0, 0, 1, 5]

"""JSON Lines: what goes out comes in again, byte by byte, and of what comes in only the good is taken."""

import io
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from ontology.declaration import ExchangeRecord
from ontology.errors import BadArgument
from schema.exchange import alias, line, tombstone
from schema.history import earlier
from schema.links import Verdict, merge, review_link, undo_review
from schema.model.link import Decision
from schema.store import reading, writing
from server.exporter.jsonl import write
from server.importer.jsonl import take
from server.importer.report import Outcome, Report
from server.importer.settle import settle
from server.load import load_vocabularies
from tests.databases import KINDS, Databases
from tests.schema.world import (
    LATER,
    THEN,
    coding,
    full,
    ground,
    instrument,
    link,
    project,
    put,
    record,
    review,
    source,
    stored,
    version,
)


def exported(engine: Engine, as_of: int | None = None) -> bytes:
    out = io.BytesIO()
    with reading(engine) as snapshot:
        write(snapshot if as_of is None else earlier(snapshot, as_of), out)
    return out.getvalue()


def imported(engine: Engine, *files: bytes) -> Report:
    report = Report()
    with writing(engine, LATER) as transaction:
        for number, data in enumerate(files, start=1):
            take(transaction, f"{number}.jsonl", data.splitlines(keepends=True), report)
        settle(transaction, report)
    return report


def written(*records: ExchangeRecord) -> bytes:
    return b"".join(line(each) + b"\n" for each in records)


def live_through_much(engine: Engine) -> None:
    """Leaves aliases, tombstones, reviews, codings, conflicts and provenance behind."""
    plan = instrument()
    quote = {"quote": "words", "prefix": "The ", "suffix": " of", "start": 4, "end": 9, "language": "en"}
    evidence = [quote | {"textSha256": source()["key"], "source": source()["key"]}]
    claims = [{**link()["claims"][0], "evidence": evidence, "ruleIds": ["r1"], "confidence": 0.25}]
    put(engine, source(), plan, full(), full("PN.0009"), project("OLD"), project("GONE"), project("LEFT"))
    put(engine, link(claims=claims), link(target=f"instrument/{plan['key']}"), link("OLD"), link("GONE"))
    put(engine, coding(startedAt=THEN), coding("OLD", "bea"), coding("GONE"))
    with writing(engine, LATER) as transaction:
        for key in ("PN.0008~objective-23", f"PN.0008~instrument-{plan['key']}", "OLD~objective-23"):
            verdict = Verdict(Decision.ACCEPT, "ann", "Es steht dort.", "objective-23~include-1", blind=True)
            review_link(transaction, key, verdict)
        undo_review(transaction, "OLD~objective-23", "ann")
    with writing(engine, LATER) as transaction:
        merge(transaction, "OLD", "PN.0008")
        transaction.lead("project", "LEFT", "GONE")
        transaction.lead("project", "SV10P0560", "PN.0008")
        transaction.delete("project", "GONE")


@pytest.fixture
def lived(engine: Engine) -> Engine:
    put(engine, *ground())
    live_through_much(engine)
    return engine


@pytest.fixture(params=KINDS)
def other(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    """Another empty database, of each kind in turn."""
    with databases.fresh(request.param) as fresh:
        yield fresh


def test_what_goes_out_comes_in_byte_by_byte(lived: Engine, other: Engine) -> None:
    out = exported(lived)
    report = imported(other, out)
    assert exported(other) == out
    assert report.exit_status == 0
    assert report.counts()["note"] == 0
    with reading(other) as snapshot:
        snapshot.check()
    words = (b'"aliasOf"', b'"deleted"', b'"reviews"', b'"conflicts"', b'"provenance"', b'"class":"coding"')
    assert all(each in out for each in words)


def test_what_goes_out_comes_into_a_database_that_holds_the_vocabularies(
    engine: Engine, other: Engine
) -> None:
    load_vocabularies(engine)
    load_vocabularies(other)
    live_through_much(engine)
    out = exported(engine)
    imported(other, out)
    assert exported(other) == out


def test_what_comes_in_twice_changes_nothing(lived: Engine, other: Engine) -> None:
    out = exported(lived)
    imported(other, out)
    report = imported(other, out)
    assert set(report.counts().items()) >= {("unchanged", len(out.splitlines())), ("taken", 0)}
    assert version(other) == 1


def test_lines_may_come_in_any_order_and_in_several_files(lived: Engine, other: Engine) -> None:
    out = exported(lived)
    backwards = out.splitlines(keepends=True)[::-1]
    middle = len(backwards) // 2
    report = imported(other, b"".join(backwards[:middle]), b"".join(backwards[middle:]))
    assert report.refused == []
    assert exported(other) == out


@pytest.mark.parametrize("as_of", [-1, 2, 10**9])
def test_a_version_that_is_not_there_is_refused(engine: Engine, as_of: int) -> None:
    put(engine, *ground())
    with pytest.raises(BadArgument, match=f"as of {as_of}"):
        exported(engine, as_of)
    assert exported(engine, 1) == exported(engine)
    assert exported(engine, 0) == b""


def test_a_past_version_is_exported_as_it_was(lived: Engine) -> None:
    before, then = exported(lived), version(lived)
    put(lived, project("NEW"))
    assert exported(lived, then) == before != exported(lived)


def test_bad_lines_are_refused_one_by_one_and_the_good_ones_taken(engine: Engine) -> None:
    put(engine, *ground())
    good = [written(project(key)).strip() for key in "ABC"]
    bad = [
        b"{",
        b'{"class":"project","key":"D","title":{"fr":"\xff"}}',
        written(project("E", budgetUSD="1.00")).strip(),
        written(project("F", startYear="2024")).strip(),
        written(project("G", memberStates=["XXX"])).strip(),
    ]
    data = b"\n".join([good[0], bad[0], b"", bad[1], good[1], bad[2], b"  \t", bad[3], bad[4], good[2]])
    report = imported(engine, data)
    assert [(each.line, each.code, each.field, each.identifier) for each in report.refused] == [
        (2, "INVALID_RECORD", None, None),
        (4, "INVALID_RECORD", None, None),
        (6, "INVALID_RECORD", "budgetUSD", "project/E"),
        (8, "INVALID_RECORD", "startYear", "project/F"),
        (9, "UNKNOWN_REFERENCE", "memberStates", "project/G"),
    ]
    assert all(each.reason and each.suggestion and each.file == "1.jsonl" for each in report.refused)
    assert "Did you mean budgetUsd?" in str(report.refused[2].suggestion)
    assert report.counts()["taken"] == 3
    assert report.exit_status == 1
    assert [stored(engine, "project", key) is not None for key in "ABCDEFG"] == [True] * 3 + [False] * 4


def test_invalid_utf_8_is_refused_with_its_place(engine: Engine) -> None:
    report = imported(engine, b'{"a":"\xe9"}\n')
    assert "byte 7 of the line is 0xe9" in str(report.refused[0].reason)


def test_a_byte_order_mark_and_carriage_returns_do_no_harm(engine: Engine) -> None:
    data = b"\xef\xbb\xbf" + written(project("A")).replace(b"\n", b"\r\n") + b"\r\n" + written(project("B"))
    assert imported(engine, data).counts()["taken"] == 2
    again = imported(engine, written(project("C")) + b"\xef\xbb\xbf" + written(project("D")))
    assert [each.line for each in again.refused] == [2]


def test_what_refers_to_something_refused_is_refused_too(engine: Engine) -> None:
    put(engine, *ground())
    chain = [
        record("network", "TON", level="country", certain=True, parent="regional-xx"),
        record("network", "regional-xx", level="regional", certain=True, parent="regional-yy"),
        record("network", "regional-yy", level="regional", certain=True, states=["XXX"]),
        project("A"),
        link("A", "network/TON"),
        link("A", "network/SLV"),
        alias("link", "B~network-TON", "A~network-TON", THEN),
    ]
    report = imported(engine, written(*chain))
    assert [each.identifier for each in report.refused] == [
        "network/TON",
        "network/regional-xx",
        "network/regional-yy",
        "link/A~network-TON",
        "link/B~network-TON",
    ]
    assert {each.code for each in report.refused} == {"UNKNOWN_REFERENCE"}
    assert report.counts()["taken"] == 2
    assert stored(engine, "link", "A~network-SLV") is not None


def test_a_deletion_of_what_is_still_referred_to_is_refused(engine: Engine) -> None:
    put(engine, *ground(), source(), full())
    report = imported(engine, written(tombstone("state", "SLV", THEN), project("B", memberStates=["SLV"])))
    assert [each.identifier for each in report.refused] == ["state/SLV"]
    assert stored(engine, "project", "B") is not None


def test_a_deletion_takes_links_and_codings_along(engine: Engine) -> None:
    put(engine, *ground(), project(), link(), coding())
    report = imported(engine, written(tombstone("project", "PN.0008", THEN)))
    assert [each.outcome for each in report.entries] == [Outcome.DELETED]
    assert stored(engine, "link", "PN.0008~objective-23") is None


def test_what_follows_from_reviews_is_not_believed_but_noted(engine: Engine) -> None:
    put(engine, *ground())
    believed = link(reviews=[review("ann")], status="accepted")
    report = imported(
        engine, written(project(objectives=["23", "7"]), believed, link(target="sdg/10", status="accepted"))
    )
    notes = [each for each in report.entries if each.outcome == Outcome.NOTE]
    assert [(each.identifier, each.line, each.field) for each in notes] == [
        ("project/PN.0008", 1, "objectives"),
        ("link/PN.0008~sdg-10", 3, "status"),
    ]
    assert "['23']" in str(notes[0].reason)
    assert "proposed" in str(notes[1].reason)
    assert report.exit_status == 0
    assert (stored(engine, "project", "PN.0008") or {})["objectives"] == ["23"]


def test_one_import_is_one_version_and_an_empty_one_is_none(engine: Engine) -> None:
    imported(engine, written(*ground()))
    assert version(engine) == 1
    report = imported(engine, b"\n\n", b"")
    assert (report.entries, version(engine)) == ([], 1)


def test_outcomes_tell_what_became_of_each_line(engine: Engine) -> None:
    put(engine, *ground(), project("A", updatedAt=THEN), project("B", updatedAt=THEN), project("C"))
    report = imported(
        engine,
        written(
            project("A", updatedAt=THEN),
            project("B", year=2020),
            tombstone("project", "C", THEN),
            project("D"),
            alias("project", "E", "D", THEN),
        ),
    )
    outcomes = {each.identifier: each.outcome.value for each in report.entries}
    assert outcomes == {
        "project/A": "unchanged",
        "project/B": "changed",
        "project/C": "deleted",
        "project/D": "taken",
        "project/E": "merged",
    }
    assert '"taken": 1' in report.to_json()
    assert [each.line for each in report.of("project/D")] == [4]


def test_a_key_that_stands_twice_ends_as_its_last_line(engine: Engine) -> None:
    report = imported(engine, written(project("A", year=2020), project("A", year=2021)))
    assert [each.outcome for each in report.entries] == ["taken", "changed"]
    assert (stored(engine, "project", "A") or {})["year"] == 2021

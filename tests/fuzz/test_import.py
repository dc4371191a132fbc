"""Whatever bytes an import is given, it takes or refuses them, and writes whole or nothing."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ontology.errors import CompactgraphError
from schema.store import reading
from server.database import open_database
from server.importer.formats import NAMES
from server.importer.report import Outcome
from server.importer.run import import_paths
from server.load import first_start
from tests.server.importer.inputs import DASHES, PAGES, version

BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

SEEDS = [each.read_bytes() for each in sorted(PAGES.glob("*.txt"))]
RECORD = {"class": "project", "key": "ZZ.0001", "title": {"en": "Invented"}, "memberStates": ["SLV"]}
LINES = [json.dumps(RECORD).encode(), b'{"class":"project","key":"ZZ.0001","deleted":true}', b"", b"[]", b"{"]
MARKS = [b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"\x00", b"\r", b"\r\n", b"\xed\xa0\x80"]
MARKUP = [b"<html>", b"<main>", b"<p>", b"</p>", b"<li>", b"&#0;", b"&#xD800;", b"<!--", b"<script>", b"<br>"]

WRITTEN = {Outcome.TAKEN, Outcome.CHANGED, Outcome.MERGED, Outcome.DELETED}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One store for all examples of a test, so that they also meet what others have left."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('fuzz')}/own.db")
    first_start(engine, sample=True)
    yield engine
    with reading(engine) as snapshot:
        snapshot.check()
    engine.dispose()


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A page of which some bytes were cut out, put in, or said twice."""
    data = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 200)))
        put = draw(st.one_of(st.binary(max_size=20), st.sampled_from(MARKS), st.just(data[start:end] * 2)))
        data = data[:start] + put + data[end:]
    return data


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
NAMED = st.sampled_from(
    [
        "class",
        "key",
        "title",
        "memberStates",
        "deleted",
        "aliasOf",
        "results",
        "status",
        "sources",
        "budgetUsd",
    ]
)
CHANGED = st.dictionaries(NAMED, JSON, max_size=4).map(lambda some: json.dumps({**RECORD, **some}).encode())


def joined(pieces: list[bytes], end: bytes = b"") -> st.SearchStrategy[bytes]:
    return st.lists(st.one_of(st.sampled_from(pieces), st.binary(max_size=30)), max_size=12).map(end.join)


ANY = st.one_of(
    st.binary(max_size=2000),
    mangled(),
    joined([*MARKUP, *MARKS, *SEEDS[:2]]),
    joined([*LINES, *MARKS], b"\n"),
    st.lists(CHANGED, max_size=5).map(b"\n".join),
)
ZIPPED = ANY.map(gzip.compress)
TORN = st.tuples(ZIPPED, st.integers(1, 30)).map(lambda pair: pair[0][: -pair[1]])
PACKED = st.one_of(ANY, ZIPPED, TORN)


@pytest.mark.parametrize("format", [*NAMES, None])
@BOUNDED
@given(data=PACKED)
@example(data=b"\xff\xfe")
@example(data=b"\x1f\x8b")
@example(data=b'{"class":"project","key":"ZZ.0001","title":{"en":"\\ud800"}}')
@example(data=DASHES.encode().replace(b"A Title", b"A\x00Title"))
@example(data=("[" * 100_000).encode())
@example(data=b"<div>" * 20_000)
def test_arbitrary_bytes_are_taken_or_refused(
    kept: Engine, tmp_path: Path, format: str | None, data: bytes
) -> None:
    file = tmp_path / "any"
    file.write_bytes(data)
    before = version(kept)
    try:
        report = import_paths(kept, [file], format)
    except CompactgraphError:
        assert version(kept) == before
        return
    assert all(each.code and each.reason for each in report.refused)
    if not any(each.outcome in WRITTEN for each in report.entries):
        assert version(kept) == before
    assert version(kept) - before <= 1
    again = import_paths(kept, [file], format)
    assert version(kept) - before <= 1, "a second import of the same bytes writes nothing"
    assert [each.code for each in again.refused] == [each.code for each in report.refused]

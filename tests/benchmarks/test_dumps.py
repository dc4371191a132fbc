"""The benchmark of dumps runs, and its bare loops say what dumps say; how fast they are, nobody asserts."""

import io
from pathlib import Path

import pytest

from schema.store import reading
from server.database import open_database
from server.exporter.formats import EXPORTS, Wanted
from tests.benchmarks import bare
from tests.benchmarks.dumps import FORMATS, compare, loaded, publications, table
from tests.graphs import read


@pytest.mark.parametrize("format_", FORMATS)
def test_a_bare_loop_says_what_a_dump_says_of_the_classes_that_grow(tmp_path: Path, format_: str) -> None:
    engine = open_database(loaded(tmp_path, 20))
    dumped, looped = io.BytesIO(), io.StringIO()
    with reading(engine) as snapshot:
        EXPORTS[format_].write(snapshot, dumped, Wanted(bare.IRIS))
        bare.LOOPS[format_](snapshot, looped.write)
    engine.dispose()
    expected = {
        statement
        for statement in read(dumped.getvalue(), format_)
        if any(f"/id/{name}/" in statement[0] for name in bare.GROWING)
    }
    assert read(looped.getvalue(), format_) == expected


def test_the_benchmark_of_dumps_runs(tmp_path: Path) -> None:
    told = table(compare(tmp_path, loaded(tmp_path, 20), runs=1))
    assert [row.split(" | ")[0] for row in told.splitlines()[2:]] == [f"| {each}" for each in FORMATS]


def test_the_benchmark_of_publications_runs(tmp_path: Path) -> None:
    told = publications(tmp_path, 20, runs=1)
    assert [row.split(" | ")[0] for row in told.splitlines()[2:]] == [
        "| import",
        "| publish",
        "| publish, import = 1",
    ]

"""The benchmark of bulk imports runs, on both databases; how fast it is, nobody asserts."""

from pathlib import Path

import pytest

from tests.benchmarks.bulk import compare, table
from tests.benchmarks.bulk_memory import most
from tests.benchmarks.generated import lines


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_benchmark_of_bulk_imports_runs(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    server = request.getfixturevalue("postgres_url") if kind == "postgresql" else None
    told = table(compare(tmp_path, projects=20, runs=1, server=server), projects=20)
    assert "of the speed of bare inserts" in told


def test_the_benchmark_of_memory_runs(tmp_path: Path) -> None:
    count, peak = most(tmp_path, projects=20)
    assert count == sum(1 for _ in lines(20))
    assert peak > 0

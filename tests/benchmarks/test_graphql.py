"""The benchmark of GraphQL: both servers give the same answers; how fast they do, nobody asserts."""

from pathlib import Path

import pytest

from tests.benchmarks.graphql import SERVERS, check, table
from tests.benchmarks.graphql_data import fill
from tests.databases import Databases


def test_both_servers_of_the_benchmark_answer_the_same(
    databases: Databases, kind: str, tmp_path: Path
) -> None:
    with databases.bare(kind) as engine:
        url = engine.url.render_as_string(hide_password=False)
        fill(url, 60, tmp_path)
        check(url, 60)


@pytest.mark.parametrize("ratio", [1.0, 4.0])
def test_the_table_tells_how_the_servers_compare(ratio: float) -> None:
    names = ("first page, filtered and sorted", "page 1,000 or the last, filtered and sorted", "memory")
    found = {server: dict.fromkeys(names, 1.0) for server in SERVERS}
    found["baseline"] = dict.fromkeys(names, ratio)
    lines = list(table(found))
    assert lines[2].endswith(f"| {ratio:.1f} |")
    assert lines[-2].startswith("| deep page / first page | 1.00 | 1.00 | 1.00 |")

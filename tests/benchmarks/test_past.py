"""The benchmark of earlier versions runs; how fast it is, nobody asserts."""

from pathlib import Path

from tests.benchmarks.past import compare


def test_the_benchmark_of_earlier_versions_runs(tmp_path: Path) -> None:
    told = compare(tmp_path, projects=50)
    assert [each.partition(":")[0] for each in told] == [
        "50 projects",
        "as they stand",
        "as of an earlier version",
        "as of the same version again",
    ]

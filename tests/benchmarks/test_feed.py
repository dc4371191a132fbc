"""The benchmark of the feed runs; how fast it is, nobody asserts."""

from pathlib import Path

from tests.benchmarks.feed import compare


def test_the_benchmark_of_the_feed_runs(tmp_path: Path) -> None:
    told = compare(tmp_path, projects=700, repeats=1)
    assert "of what it takes without the feed" in told[0]
    assert [each.partition(":")[0] for each in told[1:]] == ["root", "newest page", "second page"]

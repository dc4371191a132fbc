"""The benchmark of pages runs, and its generated pages are all taken."""

import re
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.pages import page_text


def test_the_benchmark_of_pages_prints_its_table() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.pages", "10"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("10 pages of ")
    rows = re.findall(r"^\| ([a-z ,]+) \| \d+\.\d\d \| \d+% \| \d+ \|$", done.stdout, re.MULTILINE)
    assert rows == ["read pages", "merge, propose and write", "whole import", "the same import again"]


def test_the_same_number_gives_the_same_page() -> None:
    assert page_text(7) == page_text(7) != page_text(8)

"""Tables of many projects: how long an export takes, how large it gets, and how much memory it needs.

`python -m tests.benchmarks.tables [PROJECTS]` generates projects with two links each in an SQLite file,
and writes them as the flat table, as a folder and as records, each in a process of its own.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typer

from schema.store import writing
from server.database import open_database
from server.load import first_start
from tests.schema.world import claim, link, project

_AT_ONCE = 5000
_STATES = ("SLV", "ZMB", "MOZ", "MDA", "COL")


def records(number: int) -> Iterator[dict[str, Any]]:
    """A project that looks like a real one, and its proposed links."""
    letters = f"{chr(65 + number // 260_000 % 26)}{chr(65 + number // 10_000 % 26)}"
    key = f"{letters}.{number % 10_000:04d}"
    yield project(
        key,
        projectId=key,
        title={"en": f"Project {number} on migration", "fr": f"Projet {number} sur la migration"},
        description={"en": f"What project {number} does, in some words. " * 12},
        startYear=2000 + number % 25,
        endYear=2001 + number % 25,
        status="status/active" if number % 2 else "status/completed",
        region="region/lac",
        budgetUsd=f"{100_000 + number}.00",
        memberStates=[_STATES[number % 5], _STATES[(number + 1) % 5]],
    )
    yield link(key, f"objective/{1 + number % 23}", claims=[claim()])
    yield link(key, f"sdg/{1 + number % 17}", claims=[claim()])


def fill(url: str, projects: int) -> None:
    """Put the projects into a new database, a part at a time."""
    engine = open_database(url)
    first_start(engine, sample=False)
    for start in range(0, projects, _AT_ONCE):
        with writing(engine) as transaction:
            for number in range(start, min(start + _AT_ONCE, projects)):
                for each in records(number):
                    transaction.put(each)
    engine.dispose()


def measured(url: str, *arguments: str) -> tuple[float, float]:
    """The seconds that a command takes, and the most memory that it has at once, in megabytes."""
    environment = {**os.environ, "COMPACTGRAPH_DATABASE_URL": url}
    began = time.perf_counter()
    command = [sys.executable, "-m", "server", *arguments]
    process = os.posix_spawn(sys.executable, command, environment)
    _, status, usage = os.wait4(process, 0)
    assert status == 0
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def size(path: Path) -> float:
    """The megabytes of a file, or of all files of a folder."""
    files = path.iterdir() if path.is_dir() else (path,)
    return sum(each.stat().st_size for each in files) / 1e6


def main(projects: int) -> None:
    """Print the table."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/many.db"
        began = time.perf_counter()
        fill(url, projects)
        typer.echo(f"{projects} projects were generated in {time.perf_counter() - began:.0f} s")
        typer.echo(f"{'export':<24}{'seconds':>9}{'MB written':>12}{'max RSS MB':>12}")
        for name, format_, output, more in (
            ("flat table", "csv", "flat.csv", ()),
            ("folder of tables", "csv", "tables", ()),
            ("flat, two fifths of it", "csv", "some.csv", ("--filter", '{"states": ["SLV"]}')),
            ("records", "jsonl", "all.jsonl", ()),
        ):
            path = Path(folder) / output
            seconds, memory = measured(url, "export", "--format", format_, "-o", str(path), *more)
            typer.echo(f"{name:<24}{seconds:>9.1f}{size(path):>12.1f}{memory:>12.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)

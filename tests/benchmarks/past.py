"""Past: what making the tables of an earlier data version takes, beside a matrix of the data as they stand.

Run it as `python -m tests.benchmarks.past --projects 10000`. Both are counted in one process, one after the
other; all times are CPU time.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from schema import matrix, past
from schema.matrix import Asked, MoneyRule
from schema.stats import StatKey
from schema.store import reading, writing
from server.database import open_database
from server.revisions import upgrade
from tests.benchmarks.bulk import imported
from tests.benchmarks.generated import lines

ASKED = Asked(StatKey.OBJECTIVE, StatKey.STATE, MoneyRule.SPLIT)


def seconds(work: Callable[[], object]) -> float:
    """CPU time of this process."""
    began = time.process_time()
    work()
    return time.process_time() - began


def counted(engine: Engine, version: int | None) -> int:
    """How many cells a matrix has that nobody has asked for before."""
    matrix._REMEMBERED.clear()
    with reading(engine) as snapshot, past.counting(snapshot, version) as (connection, _):
        return len(matrix.matrix(connection, ASKED).cells)


def compare(folder: Path, projects: int) -> list[str]:
    """What was measured, in lines for people."""
    file = folder / "records.jsonl"
    file.write_bytes(b"".join(lines(projects)))
    engine = open_database(f"sqlite:///{folder}/own.db")
    upgrade(engine)
    try:
        imported(engine, file)
        with writing(engine) as transaction:
            transaction.put(
                {"format": "compactgraph/1", "class": "project", "key": "ZZ.1", "title": {"en": "One"}}
            )
        now = seconds(lambda: counted(engine, None))
        first = seconds(lambda: counted(engine, 1))
        again = seconds(lambda: counted(engine, 1))
    finally:
        engine.dispose()
    return [
        f"{projects} projects",
        f"as they stand: {now:.2f} s",
        f"as of an earlier version: {first:.2f} s",
        f"as of the same version again: {again:.2f} s",
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write("\n".join(compare(Path(folder), asked.projects)) + "\n")


if __name__ == "__main__":
    main()

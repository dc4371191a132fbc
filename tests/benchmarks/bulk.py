"""Bulk: how fast generated projects come in, beside bare inserts of the same rows, and in how much memory.

Run it as `python -m tests.benchmarks.bulk --projects 100000 --runs 3`, with `--postgresql URL` for COPY (of a
server where it may create databases). Every measurement is a process of its own, with a memory of its own.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url, select, text

from schema.snapshot import Snapshot
from schema.sql import Values, insert_rows, written
from schema.store import METADATA, reading
from server.database import open_database
from server.importer.report import Report
from server.importer.run import import_paths
from server.revisions import upgrade
from tests.benchmarks.generated import lines

Figures = dict[str, float]


def measured(work: Callable[[], object]) -> Figures:
    """How long the work takes, and the most memory that each process has had until its end.

    CPU time is that of the writer; `both` adds that of the process beside it, which has ended by then.
    """
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    found = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    own, beside = (resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    found |= {"both": found["cpu"] + beside.ru_utime + beside.ru_stime}
    return found | {"memory": own.ru_maxrss / 1024, "beside": beside.ru_maxrss / 1024}


def imported(engine: Engine, file: Path) -> Report:
    """One import of the file, as the command does it."""
    report = import_paths(engine, [file])
    if report.exit_status:
        raise RuntimeError(report.refused[0].reason)
    return report


def _read_once(snapshot: Snapshot) -> None:
    snapshot.version()
    snapshot.record("state", "SLV")


def measure_import(url: str, file: Path) -> Figures:
    """An import into an upgraded database, until it is closed."""
    engine = open_database(url)

    def import_and_close() -> None:
        imported(engine, file)
        engine.dispose()

    return measured(import_and_close)


def measure_reads(url: str, file: Path) -> Figures:
    """An import, and beside it the slowest of the reads of another connection."""
    engine, done, slowest = open_database(url), threading.Event(), [0.0]

    def read() -> None:
        while not done.wait(0.01):
            began = time.perf_counter()
            with reading(engine) as snapshot:
                _read_once(snapshot)
            slowest.append(time.perf_counter() - began)

    reader = threading.Thread(target=read)
    reader.start()
    found = measured(lambda: imported(engine, file))
    done.set()
    reader.join()
    engine.dispose()
    return found | {"read": max(slowest)}


def measure_bare(url: str, filled: str) -> Figures:
    """Bare inserts of all rows of a filled database, which stand in memory, a table at a time."""
    rows: dict[str, list[Values]] = {}
    source = open_database(filled)
    with source.connect() as connection:
        for table in METADATA.tables.values():
            columns = ", ".join(f'"{each}"' for each in written(table))
            found = connection.exec_driver_sql(f'SELECT {columns} FROM "{table.name}"')
            rows[table.name] = [] if table.name == "head" else [tuple(each) for each in found]
    source.dispose()
    engine = open_database(url)

    def insert_all() -> None:
        with engine.connect() as connection:
            connection.execution_options(immediate=True)
            with connection.begin():
                for name, of_table in rows.items():
                    insert_rows(connection, METADATA.tables[name], of_table)
        # SQLite does a part of its work when the last connection closes.
        engine.dispose()

    found_figures = measured(insert_all)
    return found_figures | {"rows": float(sum(map(len, rows.values())))}


MEASURES: dict[str, Callable[..., Figures]] = {
    "import": lambda url, file: measure_import(url, Path(file)),
    "reads": lambda url, file: measure_reads(url, Path(file)),
    "bare": measure_bare,
}


def in_a_process(*arguments: str) -> Figures:
    """The figures of one measurement in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bulk", "--measure", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


class Addresses:
    """New, upgraded databases: files in a folder, or databases of a PostgreSQL server, dropped at the end."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self._folder, self._server, self._made = folder, server, 0

    def fresh(self) -> str:
        """The address of another one."""
        self._made += 1
        name = f"benchmark_{self._made}"
        url = f"sqlite:///{self._folder / name}.db"
        if self._server is not None:
            self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
            url = make_url(self._server).set(database=name).render_as_string(hide_password=False)
        engine = open_database(url)
        upgrade(engine)
        engine.dispose()
        return url

    def drop(self) -> None:
        """Drop the databases of the server; files go with their folder."""
        if self._server is not None:
            names = range(1, self._made + 1)
            self._execute(*(f"DROP DATABASE IF EXISTS benchmark_{each} WITH (FORCE)" for each in names))

    def _execute(self, *statements: str) -> None:
        assert self._server is not None
        engine = create_engine(self._server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for each in statements:
                connection.execute(text(each))
        engine.dispose()


def compare(folder: Path, projects: int, runs: int, server: str | None = None) -> dict[str, list[Figures]]:
    """The figures of every run of an import, a second one, one with readers beside it, and bare inserts."""
    file = folder / "projects.jsonl"
    with file.open("wb") as out:
        out.writelines(lines(projects))
    addresses = Addresses(folder, server)
    url, found = "", {name: list[Figures]() for name in ("import", "again", "reads", "bare")}
    try:
        for _ in range(runs):
            url = addresses.fresh()
            found["import"].append(in_a_process("import", url, str(file)))
            found["again"].append(in_a_process("import", url, str(file)))
            found["bare"].append(in_a_process("bare", addresses.fresh(), url))
            found["reads"].append(in_a_process("reads", addresses.fresh(), str(file)))
        check(url)
    finally:
        addresses.drop()
    return found


def check(url: str) -> None:
    """That the second import wrote nothing: there is one version and no more."""
    engine = open_database(url)
    with engine.connect() as connection:
        assert connection.scalar(select(METADATA.tables["head"].c.version)) == 1
    engine.dispose()


_FIGURES = (("wall", "s"), ("cpu", "s"), ("both", "s"), ("memory", "MB"), ("beside", "MB"), ("read", "s"))


def table(found: dict[str, list[Figures]], projects: int) -> str:
    """The figures as text: the least and the median of all runs, and how the import compares."""
    count = sum(1 for _ in lines(projects))
    rows = int(found["bare"][0]["rows"])
    told = [f"{projects} projects, {count} lines, {rows} rows; least and median of {len(found['bare'])}"]
    for name, runs in found.items():
        shown = [f"{name:8}"]
        for figure, unit in _FIGURES:
            if values := [each[figure] for each in runs if figure in each]:
                shown.append(f"{figure} {min(values):.3f} {statistics.median(values):.3f} {unit}")
        told.append("  ".join(shown))
    for figure in ("wall", "cpu", "both"):
        ratios = [
            bare[figure] / whole[figure] for bare, whole in zip(found["bare"], found["import"], strict=True)
        ]
        told.append(f"of the speed of bare inserts ({figure}): {statistics.median(ratios):.2f}")
    return "\n".join(told)


def main() -> None:
    """Read the arguments, measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--postgresql", metavar="URL")
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        name, *arguments = chosen.measure
        sys.stdout.write(json.dumps(MEASURES[name](*arguments)))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = compare(Path(folder), chosen.projects, chosen.runs, chosen.postgresql)
    sys.stdout.write(table(found, chosen.projects) + "\n")


if __name__ == "__main__":
    main()

"""What goes wrong around an import: whatever it is, the store holds the old or new state, and says why."""

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from ontology.errors import DatabaseLost
from server.database import open_database
from server.importer.progress import Silent
from server.importer.run import Wishes, run
from tests.databases import Databases
from tests.documentation import ROOT
from tests.stories.faults import (
    IMPORT,
    bound_by_permissions,
    command,
    ended,
    holds,
    importing,
    is_locked,
    lose,
    open_copy,
    refused,
    terminated,
    url,
)

MANY = 800
LASTING = 5_000


@pytest.fixture
def loaded(databases: Databases, kind: str) -> Iterator[Engine]:
    """A database of each kind that holds the vocabularies."""
    with databases.fresh(kind, vocabularies=True) as fresh:
        yield fresh


@pytest.fixture
def sqlite(databases: Databases) -> Iterator[Engine]:
    with databases.fresh("sqlite", vocabularies=True) as fresh:
        yield fresh


def written(file: Path, number_of_them: int) -> Path:
    """A file of invented projects, as exchange records."""
    with file.open("w") as out:
        for number in range(number_of_them):
            record = {"class": "project", "key": f"ZZ.{number:05}", "title": {"en": f"Invented {number}"}}
            out.write(json.dumps({**record, "memberStates": ["SLV"], "budgetUsd": "100.00"}) + "\n")
    return file


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Many projects."""
    return written(tmp_path / "many.jsonl", MANY)


@pytest.fixture
def lasting(tmp_path: Path) -> Path:
    """So many projects that their import still runs when somebody from outside has seen it begin."""
    return written(tmp_path / "lasting.jsonl", LASTING)


# Killed


def test_an_import_that_is_killed_leaves_the_old_or_the_new_state(loaded: Engine, records: Path) -> None:
    old = holds(loaded)
    begun = time.monotonic()
    with open_copy(loaded) as rehearsal:
        assert ended(rehearsal, *IMPORT, records).returncode == 0
    whole = time.monotonic() - begun
    seen = set()
    for _ in range(4):
        with subprocess.Popen(**command(loaded, *IMPORT, records)) as process:
            time.sleep(random.uniform(0.4, 1.05) * whole)
            process.kill()
            process.communicate()
        seen.add(holds(loaded))
        assert seen <= {old, (old[0] + 1, MANY)}
    assert ended(loaded, *IMPORT, records).returncode == 0
    assert ended(loaded, "db", "check").returncode == 0
    assert holds(loaded) == (old[0] + 1, MANY)


@pytest.mark.parametrize("phase", ["reading", "writing", "writing to the disk"])
def test_an_import_that_is_killed_in_any_phase_leaves_the_old_state(
    loaded: Engine, records: Path, phase: str
) -> None:
    old = holds(loaded)
    code = """if 1:
        import os, signal, sys
        from pathlib import Path
        from server.database import open_database
        from server.importer.progress import Silent
        from server.importer.run import Wishes, run
        class Killed(Silent):
            def read(self, size):
                if sys.argv[3] == "reading": os.kill(os.getpid(), signal.SIGKILL)
            def phase(self, words):
                if sys.argv[3] == words: os.kill(os.getpid(), signal.SIGKILL)
        run(open_database(sys.argv[1]), [Path(sys.argv[2])], Wishes(), Killed())
    """
    done = subprocess.run([sys.executable, "-c", code, url(loaded), records, phase], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert holds(loaded) == old
    assert ended(loaded, *IMPORT, records).returncode == 0
    assert holds(loaded) == (old[0] + 1, MANY)


def test_an_import_that_is_stopped_by_hand_says_so(sqlite: Engine, lasting: Path, tmp_path: Path) -> None:
    old = holds(sqlite)
    report = tmp_path / "report.json"
    with subprocess.Popen(**command(sqlite, *IMPORT, lasting, "--report", report)) as process:
        while not is_locked(sqlite):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=30)[1]
    assert (process.returncode, told.partition(":")[0]) == (2, "INTERRUPTED")
    assert json.loads(report.read_text())["error"]["code"] == "INTERRUPTED"
    assert holds(sqlite) == old


# Many at once


def test_reads_see_the_old_version_while_an_import_runs(loaded: Engine, records: Path) -> None:
    old = holds(loaded)
    with importing(loaded, records):
        assert holds(loaded) == old
        exported = ended(loaded, "export", "--format", "jsonl")
        assert (exported.returncode, "ZZ." in exported.stdout) == (0, False), exported.stderr
    assert holds(loaded) == (old[0] + 1, MANY)


def test_of_two_imports_at_once_the_second_waits(loaded: Engine, records: Path, tmp_path: Path) -> None:
    old = holds(loaded)
    other = tmp_path / "other.jsonl"
    other.write_text('{"class": "project", "key": "YY.0001", "title": {"en": "Another"}}\n')
    with importing(loaded, records) as held, subprocess.Popen(**command(loaded, *IMPORT, other)) as second:
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(3)
        held.go_on.set()
        assert "1 taken" in second.communicate(timeout=60)[1]
    assert second.returncode == 0
    assert holds(loaded) == (old[0] + 2, MANY + 1)


def test_an_import_that_waits_too_long_refuses(loaded: Engine, records: Path, tmp_path: Path) -> None:
    old, report = holds(loaded), tmp_path / "report.json"
    with importing(loaded, records):
        done = ended(loaded, *IMPORT, records, "--report", report, COMPACTGRAPH_LOCK_SECONDS="0.2")
    refused(done, "DATABASE_BUSY")
    assert "COMPACTGRAPH_LOCK_SECONDS" in done.stderr
    assert json.loads(report.read_text())["error"]["code"] == "DATABASE_BUSY"
    assert holds(loaded) == (old[0] + 1, MANY)


def test_a_database_that_is_locked_by_another_program_refuses(sqlite: Engine, records: Path) -> None:
    connection = sqlite3.connect(str(sqlite.url.database), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    refused(ended(sqlite, *IMPORT, records, COMPACTGRAPH_LOCK_SECONDS="0.2"), "DATABASE_BUSY")
    connection.close()
    assert ended(sqlite, *IMPORT, records).returncode == 0


# Disks


def test_a_file_that_may_not_grow_refuses_and_loses_nothing(sqlite: Engine, records: Path) -> None:
    old = holds(sqlite)
    sqlite.dispose()
    # What is written goes into a file beside the database first, which grows from nothing.
    limit = 65536

    def tighten() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    started = command(sqlite, *IMPORT, records)
    done = subprocess.run(**started, preexec_fn=tighten, check=False, timeout=120)
    refused(done, "DATABASE_FULL")
    assert holds(sqlite) == old
    assert ended(sqlite, *IMPORT, records).returncode == 0
    assert holds(sqlite) == (old[0] + 1, MANY)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with few megabytes, where the machine lets us have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    arguments = ["-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if mount is None or subprocess.run([mount, *arguments], check=False, capture_output=True).returncode:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_refuses_and_loses_nothing(sqlite: Engine, records: Path, small_disk: Path) -> None:
    sqlite.dispose()
    copy = small_disk / "own.db"
    with sqlite3.connect(str(sqlite.url.database)) as source:
        source.execute("VACUUM INTO ?", [str(copy)])
    source.close()
    engine = open_database(f"sqlite:///{copy}")
    old = holds(engine)
    left = os.statvfs(small_disk)
    (small_disk / "other").write_bytes(bytes(max(left.f_bavail * left.f_frsize - 200_000, 0)))
    refused(ended(engine, *IMPORT, records), "DATABASE_FULL")
    assert holds(engine) == old
    engine.dispose()


def test_a_file_that_may_not_be_written_refuses(sqlite: Engine, records: Path) -> None:
    old = holds(sqlite)
    sqlite.dispose()
    path = Path(str(sqlite.url.database))
    path.chmod(0o444)
    try:
        started = command(sqlite, *IMPORT, records)
        started["args"] = [*bound_by_permissions(path), *started["args"]]
        refused(subprocess.run(**started, check=False, timeout=120), "DATABASE_READ_ONLY")
    finally:
        path.chmod(0o644)
    assert holds(sqlite) == old


# Servers


def test_a_connection_that_is_lost_in_the_middle_loses_nothing(
    databases: Databases, lasting: Path, tmp_path: Path
) -> None:
    with databases.fresh("postgresql", vocabularies=True) as engine:
        old, report = holds(engine), tmp_path / "report.json"
        with subprocess.Popen(**command(engine, *IMPORT, lasting, "--report", report)) as process:
            while not terminated(engine):
                assert process.poll() is None
            told = process.communicate(timeout=60)[1]
        refused(subprocess.CompletedProcess([], process.returncode, "", told), "DATABASE_LOST")
        assert json.loads(report.read_text())["status"] == 2
        assert holds(engine) == old
        assert ended(engine, *IMPORT, lasting).returncode == 0
        assert holds(engine) == (old[0] + 1, LASTING)


@pytest.mark.parametrize("phase", ["reading", "writing", "writing to the disk"])
def test_a_connection_that_is_lost_in_any_phase_is_a_coded_error(
    databases: Databases, records: Path, phase: str
) -> None:
    class Losing(Silent):
        def read(self, size: int) -> None:
            if phase == "reading":
                lose(engine)

        def phase(self, words: str) -> None:
            if words == phase:
                lose(engine)

    with databases.fresh("postgresql", vocabularies=True) as engine:
        old = holds(engine)
        with pytest.raises(DatabaseLost):
            run(engine, [records], Wishes(), Losing())
        assert holds(engine) == old


def test_a_server_that_is_not_there_refuses(records: Path) -> None:
    nowhere = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    refused(ended(nowhere, *IMPORT, records), "DATABASE_LOST")


Change = Callable[[Path], object]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda path: path.write_bytes(b"no database at all" * 1000), "DATABASE_UNAVAILABLE"),
        (lambda path: (path.unlink(), path.mkdir()), "DATABASE_UNAVAILABLE"),
    ],
    ids=["other bytes", "a folder"],
)
def test_a_file_that_is_no_database_refuses(sqlite: Engine, records: Path, change: Change, code: str) -> None:
    sqlite.dispose()
    change(Path(str(sqlite.url.database)))
    refused(ended(sqlite, *IMPORT, records), code)


def test_a_database_of_a_later_release_refuses(sqlite: Engine, records: Path) -> None:
    with sqlite3.connect(str(sqlite.url.database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    refused(ended(sqlite, *IMPORT, records), "DATABASE_UNAVAILABLE")

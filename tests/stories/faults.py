"""Faults: imports as processes of their own, and what goes wrong around them."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from schema.store import reading
from server.database import open_database
from server.importer.progress import Silent
from server.importer.run import Wishes, run
from tests.documentation import ROOT

#: An import by itself: what is published afterwards has tests of its own.
IMPORT = ("import", "--no-publish")


def url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def command(engine: Engine, *arguments: object, **environment: str) -> dict[str, Any]:
    """How a process with the command line over this database is started."""
    settings = {"COMPACTGRAPH_DATABASE_URL": url(engine), "COMPACTGRAPH_SAMPLE": "0", **environment}
    return {
        "args": [sys.executable, "-m", "server", *map(str, arguments)],
        "cwd": ROOT,
        "env": {**os.environ, **settings},
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
    }


def ended(engine: Engine, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(**command(engine, *arguments, **environment), check=False, timeout=120)


def refused(done: subprocess.CompletedProcess[str], code: str) -> None:
    """The command ended with a code, a suggestion and status 2."""
    assert done.stderr.startswith(f"{code}: "), done.stderr
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 2
    assert "Traceback" not in done.stderr


def holds(engine: Engine) -> tuple[int, int]:
    """The data version, and how many projects there are; rows and log agree."""
    with reading(engine) as snapshot:
        snapshot.check()
        return snapshot.version(), sum(1 for _ in snapshot.records("project"))


@contextmanager
def open_copy(engine: Engine) -> Iterator[Engine]:
    """The database itself on PostgreSQL, where a copy is not worth it, in a state that is put back."""
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        copy = path.with_suffix(".copy")
        engine.dispose()
        shutil.copy(path, copy)
        other = open_database(f"sqlite:///{copy}")
    else:
        name = f"{engine.url.database}_copy"
        engine.dispose()
        execute(engine, f"CREATE DATABASE {name} TEMPLATE {engine.url.database}")
        other = open_database(engine.url.set(database=name).render_as_string(hide_password=False))
    yield other
    other.dispose()
    if engine.dialect.name == "postgresql":
        execute(engine, f"DROP DATABASE {other.url.database} WITH (FORCE)")


def execute(engine: Engine, statement: str) -> None:
    """Run a statement beside the database, as an operator would."""
    beside = create_engine(engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with beside.connect() as connection:
        connection.execute(text(statement))
    beside.dispose()


def is_locked(engine: Engine) -> bool:
    """Whether somebody else is writing."""
    connection = sqlite3.connect(str(engine.url.database), timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


class Held(Silent):
    """Stops an import in its transaction until it is let go."""

    def __init__(self) -> None:
        self.inside, self.go_on = threading.Event(), threading.Event()

    def phase(self, words: str) -> None:
        if words == "writing to the disk":
            self.inside.set()
            assert self.go_on.wait(60)


@contextmanager
def importing(engine: Engine, records: Path) -> Iterator[Held]:
    """An import that has written everything and not yet committed it, while this lasts."""
    held = Held()
    thread = threading.Thread(target=lambda: run(engine, [records], Wishes(), held))
    thread.start()
    assert held.inside.wait(60)
    try:
        yield held
    finally:
        held.go_on.set()
        thread.join()


def bound_by_permissions(path: Path) -> list[str]:
    """What to put before a command that permissions are to bind, since they do not bind root."""
    prefix = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    if prefix and shutil.which("setpriv") is None:
        pytest.skip("permissions do not bind root, and setpriv is not installed")
    writes = [*prefix, "sh", "-c", 'exec 3>>"$0"', str(path)]
    if subprocess.run(writes, check=False, capture_output=True).returncode == 0:
        pytest.skip("permissions bind nobody here")
    return prefix


def terminated(engine: Engine) -> bool:
    """Whether a connection that held the writer's lock was ended from outside."""
    engine.dispose()
    statement = f"""SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a
        JOIN pg_locks l ON l.pid = a.pid AND l.mode = 'RowShareLock'
        WHERE a.datname = '{engine.url.database}' AND a.xact_start < now() - interval '0.1 s'"""
    beside = create_engine(engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with beside.connect() as connection:
        ended_ones = connection.scalar(text(statement))
    beside.dispose()
    return bool(ended_ones)


def lose(engine: Engine) -> None:
    execute(
        engine,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{engine.url.database}' AND pid <> pg_backend_pid()",
    )

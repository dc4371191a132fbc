"""Database: engines for SQLite and PostgreSQL, by an address."""

from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from ontology.errors import DatabaseUnavailable, WrongEnvironment
from server.settings import settings

# How long a request waits for a connection that others hold, or for the server to take a new one.
_POOL_SECONDS = 5

# Beside the few connections that are kept, as many as there may be threads that answer.
_POOL_OVERFLOW = 40

# For how long a connection counts as alive after its last use: asking it each time is a round trip of every
# request. HikariCP, a pool of connections for Java, does the same, for the same time (aliveBypassWindow).
_TRUSTED_SECONDS = 0.5
_LAST_USE = "last_use"


def _on_sqlite_connect(connection: Any, wait: float) -> None:
    # The driver would begin transactions by itself, and too late for a snapshot; `_on_begin` does it instead.
    connection.isolation_level = None
    waiting = f"busy_timeout = {round(wait * 1000)}"
    for pragma in (waiting, "journal_mode = WAL", "foreign_keys = ON", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _on_sqlite_begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _note_use(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[_LAST_USE] = monotonic()


def _check_alive(dialect: Dialect, connection: Any, record: ConnectionPoolEntry) -> None:
    """Let the pool replace a connection that was lost while it lay idle; one just used needs no question."""
    if monotonic() - record.info.get(_LAST_USE, monotonic()) < _TRUSTED_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except psycopg.Error as error:
        raise DisconnectionError from error


def open_database(url: str, wait: float | None = None) -> Engine:
    """The engine of a database address, with writers that wait for others as long as the settings say.

    Raises WrongEnvironment for an address of another kind, and DatabaseUnavailable.
    """
    seconds = settings().lock_seconds if wait is None else wait
    try:
        address = make_url(url)
    except ArgumentError:
        raise WrongEnvironment(
            "COMPACTGRAPH_DATABASE_URL is no database address",
            "Write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.",
        ) from None
    if address.get_backend_name() == "postgresql":
        # Zero would wait for ever.
        waiting = f"-c lock_timeout={max(round(seconds * 1000), 1)}"
        engine = create_engine(
            address,
            hide_parameters=True,
            max_overflow=_POOL_OVERFLOW,
            pool_timeout=_POOL_SECONDS,
            # A server that does not answer at all is told about in time, too.
            connect_args={"options": waiting, "connect_timeout": _POOL_SECONDS},
        )
        event.listen(engine, "checkin", _note_use)
        event.listen(
            engine,
            "checkout",
            lambda connection, record, _: _check_alive(engine.dialect, connection, record),
        )
        return engine
    if address.get_backend_name() != "sqlite":
        raise WrongEnvironment(
            f"a database of the kind {address.get_backend_name()!r} is not supported",
            "Use SQLite or PostgreSQL.",
        )
    is_in_memory = not address.database or address.database == ":memory:"
    if address.database and not is_in_memory:
        _make_folder(Path(address.database).parent)
    # Databases in memory have a pool of one connection that nobody waits for.
    waiting_for_one = {} if is_in_memory else {"pool_timeout": _POOL_SECONDS, "max_overflow": _POOL_OVERFLOW}
    # What a query asked with belongs in no log.
    engine = create_engine(address, hide_parameters=True, **waiting_for_one)
    event.listen(engine, "connect", lambda connection, _: _on_sqlite_connect(connection, seconds))
    event.listen(engine, "begin", _on_sqlite_begin)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(
            f"the folder of the database cannot be made: {error.strerror}", "Check COMPACTGRAPH_DATABASE_URL."
        ) from None

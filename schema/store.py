"""Store: one transaction per write, one version per transaction, and snapshots to read from."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from sqlite3 import Connection as SQLiteConnection

import psycopg
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from schema.blind import veil, veiled
from schema.deadline import Deadline
from schema.faults import coded_errors
from schema.log import head
from schema.snapshot import Snapshot
from schema.sql import is_postgresql
from schema.token import Person, person
from schema.transaction import Transaction

#: Every table: those of the declaration, and those of the log.
METADATA = head.metadata


def now() -> str:
    """This moment in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def reading(engine: Engine, deadline: Deadline | None = None) -> Generator[Snapshot]:
    """A snapshot: one transaction that sees one data version.

    Raises DatabaseUnavailable, and DeadlineExceeded where there is one and reading takes longer.
    """
    with coded_errors(), engine.connect() as connection:
        watching = _watching(connection, deadline)
        if not is_postgresql(connection):
            with watching, connection.begin():
                yield Snapshot(connection)
            return
        # The driver would begin by itself, in a round trip of its own; here the first brings the version too.
        connection.execution_options(isolation_level="AUTOCOMMIT")
        with watching, connection.begin():
            yield Snapshot(connection, _begun(connection))


def _watching(connection: Connection, deadline: Deadline | None) -> AbstractContextManager[None]:
    return deadline.watching(connection) if deadline else nullcontext()


@contextmanager
def reading_as(engine: Engine, text: str, deadline: Deadline) -> Generator[tuple[Snapshot, Person]]:
    """A snapshot as the person with this token sees it, and the person.

    What was remembered of earlier reads is not used, and nothing of this one is remembered: it may be true
    for the person only. Raises Unauthenticated, DatabaseUnavailable, DeadlineExceeded.
    """
    own = engine.execution_options()
    with coded_errors(), own.connect() as connection:
        if is_postgresql(connection):
            # A read-only transaction could cover no table.
            connection.execution_options(isolation_level="REPEATABLE READ")
        with _watching(connection, deadline), connection.begin():
            reader = person(connection, text)
            with veiled(connection, veil(connection, reader.name)):
                yield Snapshot(connection), reader


_BEGIN = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {select(head.c.version)}"


def _begun(connection: Connection) -> int:
    """The data version of a snapshot that begins with this statement (PostgreSQL)."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_BEGIN)
        cursor.nextset()
        row = cursor.fetchone()
        return int(row[0]) if row else 0
    except psycopg.Error as error:
        raise DBAPIError.instance(_BEGIN, None, error, psycopg.Error, dialect=connection.dialect) from None
    finally:
        cursor.close()


def _take_writer_lock(connection: Connection) -> None:
    # SQLite took it with BEGIN IMMEDIATE; on PostgreSQL whoever holds the head's row is the one writer.
    connection.execute(select(head.c.version).with_for_update()).scalar_one()


@contextmanager
def _waiting(connection: Connection, deadline: Deadline | None) -> Generator[None]:
    """Wait for other writers no longer than the deadline; PostgreSQL is told to stop when it is over."""
    driver = connection.connection.driver_connection
    if deadline is None or not isinstance(driver, SQLiteConnection):
        yield
        return
    (usual,) = driver.execute("PRAGMA busy_timeout").fetchone()
    try:
        driver.execute(f"PRAGMA busy_timeout = {min(round(deadline.remaining() * 1000), usual)}")
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout = {usual}")


@contextmanager
def writing(
    engine: Engine, at: str | None = None, deadline: Deadline | None = None
) -> Generator[Transaction]:
    """A transaction under the writer lock; what it changed becomes one version at its end, or nothing does.

    `at` is the time of the change where the data says it; else it is now.
    Raises InvalidRecord, UnknownReference, Conflict or DatabaseUnavailable, and DeadlineExceeded where there
    is a deadline and writing takes longer.
    """
    with coded_errors(), engine.connect() as connection:
        connection.execution_options(immediate=True)
        with _waiting(connection, deadline), _watching(connection, deadline), connection.begin():
            _take_writer_lock(connection)
            transaction = Transaction(connection, at or now())
            yield transaction
            transaction.flush()

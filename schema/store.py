"""Store: one transaction per write, one version per transaction, and snapshots to read from."""

from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime

import psycopg
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from schema.deadline import Deadline
from schema.faults import coded_errors
from schema.log import head
from schema.snapshot import Snapshot
from schema.sql import is_postgresql
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
        watching = deadline.watching(connection) if deadline else nullcontext()
        if not is_postgresql(connection):
            with watching, connection.begin():
                yield Snapshot(connection)
            return
        # The driver would begin by itself, in a round trip of its own; here the first brings the version too.
        connection.execution_options(isolation_level="AUTOCOMMIT")
        with watching, connection.begin():
            yield Snapshot(connection, _begun(connection))


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
def writing(engine: Engine, at: str | None = None) -> Generator[Transaction]:
    """A transaction under the writer lock; what it changed becomes one version at its end, or nothing does.

    `at` is the time of the change where the data says it; else it is now.
    Raises InvalidRecord, UnknownReference, Conflict or DatabaseUnavailable.
    """
    with coded_errors(), engine.connect() as connection:
        connection.execution_options(immediate=True)
        with connection.begin():
            _take_writer_lock(connection)
            transaction = Transaction(connection, at or now())
            yield transaction
            transaction.flush()

"""Store: one transaction per write, one version per transaction, and snapshots to read from."""

from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, select

from schema.deadline import Deadline
from schema.faults import coded_errors
from schema.log import head
from schema.snapshot import Snapshot
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
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with deadline.watching(connection) if deadline else nullcontext(), connection.begin():
            yield Snapshot(connection)


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

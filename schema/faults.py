"""Faults: what databases fail with, told as errors with a code and a suggestion."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, DBAPIError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ontology.errors import (
    DatabaseBusy,
    DatabaseFull,
    DatabaseLost,
    DatabaseReadOnly,
    DatabaseUnavailable,
)

# SQLite's primary result codes: busy, locked; read-only; I/O error, full; corrupt, cannot open, no database.
_SQLITE: dict[int, type[DatabaseUnavailable]] = {
    5: DatabaseBusy,
    6: DatabaseBusy,
    8: DatabaseReadOnly,
    10: DatabaseFull,
    13: DatabaseFull,
    11: DatabaseUnavailable,
    14: DatabaseUnavailable,
    26: DatabaseUnavailable,
}

# PostgreSQL's: lock timeout; read-only transaction; disk full; no such table or column.
_POSTGRESQL: dict[str, type[DatabaseUnavailable]] = {
    "55P03": DatabaseBusy,
    "25006": DatabaseReadOnly,
    "53100": DatabaseFull,
    "42P01": DatabaseUnavailable,
    "42703": DatabaseUnavailable,
}

# Of PostgreSQL's classes: no connection, and an operator who ends it.
_LOST = ("08", "57P")

_TOLD: dict[type[DatabaseUnavailable], tuple[str, str]] = {
    DatabaseBusy: (
        "another writer holds the database, and goes on doing so",
        "Wait until it has finished, or raise COMPACTGRAPH_LOCK_SECONDS.",
    ),
    DatabaseReadOnly: (
        "the database may be read and not written",
        "Check who may write its file and folder, or which server COMPACTGRAPH_DATABASE_URL names.",
    ),
    DatabaseFull: (
        "the disk under the database is full, or fails",
        "Make room, then run the command again; what was there before is as it was.",
    ),
    DatabaseLost: (
        "the server of the database cannot be reached, or the connection was lost",
        "Check that it runs, and COMPACTGRAPH_DATABASE_URL; then run the command again.",
    ),
    DatabaseUnavailable: (
        "the database cannot be used: it is missing, damaged or not upgraded",
        "Check COMPACTGRAPH_DATABASE_URL, then run `compactgraph db check`.",
    ),
}


def _kind(error: DBAPIError) -> type[DatabaseUnavailable] | None:
    """Which fault it is, or None for an error that no database but a program makes."""
    if (code := getattr(error.orig, "sqlite_errorcode", None)) is not None:
        found = _SQLITE.get(code & 0xFF)
    else:
        state = getattr(error.orig, "sqlstate", None)
        found = DatabaseLost if _is_lost(error, state) else _POSTGRESQL.get(state or "")
    if found is None and isinstance(error, OperationalError | InternalError):
        return DatabaseUnavailable
    return found


def _is_lost(error: DBAPIError, state: str | None) -> bool:
    if state is None:
        return error.connection_invalidated or isinstance(error, OperationalError)
    return state.startswith(_LOST)


def fault(error: DBAPIError) -> DatabaseUnavailable | None:
    """The coded error of a database's error, or None where the database is not to blame."""
    kind = _kind(error) if isinstance(error, DatabaseError) or error.connection_invalidated else None
    return None if kind is None else kind(*_TOLD[kind])


@contextmanager
def coded_errors() -> Generator[None]:
    """Raise DatabaseUnavailable, or the closer kind of it, for what the database fails with inside."""
    try:
        yield
    except DBAPIError as error:
        known = fault(error)
        if known is None:
            raise
        raise known from error
    except PoolTimeout as error:
        raise DatabaseBusy("all connections to the database are in use", "Try again in a moment.") from error

"""Revisions: the migration that a database is at, and how it comes to the newest one.

Alembic is imported when there is something to migrate: whoever opens a database would wait for it, and most
find it in place.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, String, column, func, inspect, select, table
from sqlalchemy.engine import Connection

from ontology.errors import DatabaseUnavailable
from schema.faults import coded_errors
from schema.noting import note

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
_TABLE = table("alembic_version", column("version_num", String))

# Any number that nothing else in the database locks by.
_UPGRADE = 73195


def known() -> list[str]:
    """The migrations that this release has, from the first to the newest, by the names of their files."""
    return sorted(each.name.partition("_")[0] for each in (_MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def migrations(connection: Connection) -> "Config":
    """How Alembic finds our migrations and uses a connection of ours."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, fill: Callable[[Connection], None] = note) -> None:
    """Bring the tables to the newest migration, and fill those that follow. Raises DatabaseUnavailable."""
    # Whoever finds everything in place takes no lock, and so does not wait for an import that runs.
    if _is_upgraded(engine):
        return
    from alembic import command

    with coded_errors(), engine.connect() as connection:
        connection.execution_options(immediate=True)
        with connection.begin():
            if connection.dialect.name == "postgresql":
                # Several machines may start on one empty database; SQLite has its lock already.
                connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE)))
            command.upgrade(migrations(connection), "head")
            fill(connection)


def _is_upgraded(engine: Engine) -> bool:
    revision = current(engine)
    if revision is not None and revision not in known():
        raise DatabaseUnavailable(
            f"the database is at migration {revision}, which this release does not know",
            "Use the release that made it, or a later one.",
        )
    return revision == known()[-1]


def current(engine: Engine) -> str | None:
    """The migration that a database is at; None where it has no tables. Raises DatabaseUnavailable."""
    with coded_errors(), engine.connect() as connection:
        if not inspect(connection).has_table(_TABLE.name):
            return None
        found = connection.scalar(select(_TABLE.c.version_num))
    return None if found is None else str(found)


def check_upgraded(engine: Engine) -> None:
    """Raises DatabaseUnavailable when the tables are not those of this release."""
    revision, newest = current(engine), known()[-1]
    if revision != newest:
        raise DatabaseUnavailable(
            f"the database is at migration {revision}, this release needs {newest}",
            "Run `compactgraph db upgrade`.",
        )

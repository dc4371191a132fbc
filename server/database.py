"""Database: engines for SQLite and PostgreSQL, migrations, and the first load."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, func, make_url, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError

from ontology.errors import DatabaseUnavailable, WrongEnvironment

_HERE = Path(__file__).parent

# Any number that nothing else in the database locks by.
_UPGRADE = 73195


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    # The driver would begin transactions by itself, and too late for a snapshot; `_on_begin` does it instead.
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "busy_timeout = 30000", "foreign_keys = ON", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _on_sqlite_begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def open_database(url: str) -> Engine:
    """The engine of a database address. Raises WrongEnvironment for an address of another kind."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise WrongEnvironment(
            "COMPACTGRAPH_DATABASE_URL is no database address",
            "Write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.",
        ) from None
    if address.get_backend_name() == "postgresql":
        return create_engine(address, pool_pre_ping=True)
    if address.get_backend_name() != "sqlite":
        raise WrongEnvironment(
            f"a database of the kind {address.get_backend_name()!r} is not supported",
            "Use SQLite or PostgreSQL.",
        )
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address)
    event.listen(engine, "connect", _on_sqlite_connect)
    event.listen(engine, "begin", _on_sqlite_begin)
    return engine


def migrations(connection: Connection) -> Config:
    """How Alembic finds our migrations and uses a connection of ours."""
    config = Config()
    config.set_main_option("script_location", str(_HERE / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest migration."""
    with engine.connect() as connection:
        connection.execution_options(immediate=True)
        with connection.begin():
            if connection.dialect.name == "postgresql":
                # Several machines may start on one empty database; SQLite took its lock with BEGIN IMMEDIATE.
                connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE)))
            command.upgrade(migrations(connection), "head")


def check_upgraded(engine: Engine) -> None:
    """Raises DatabaseUnavailable when the tables are not those of this release."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        newest = ScriptDirectory.from_config(migrations(connection)).get_current_head()
    if current != newest:
        raise DatabaseUnavailable(
            f"the database is at migration {current}, this release needs {newest}",
            "Run `compactgraph db upgrade`.",
        )

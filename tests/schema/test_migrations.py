"""Migrations: they lead to what the declaration says, and back to nothing."""

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select

from ontology.errors import DatabaseUnavailable
from schema.filters import filtered
from schema.model import NOUNS
from schema.scalars import Language
from schema.store import reading
from server.load import first_start
from server.revisions import check_upgraded, current, known, migrations, upgrade
from tests.databases import Databases
from tests.schema.world import full, ground, put, source, version


def test_the_migrations_lead_to_the_declaration(engine: Engine) -> None:
    with engine.connect() as connection:
        command.check(migrations(connection))


def test_migrations_are_known_by_their_files_as_alembic_knows_them(engine: Engine) -> None:
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(migrations(connection))
        assert current(engine) == MigrationContext.configure(connection).get_current_revision()
    # Alembic walks from the newest one back.
    assert known() == [each.revision for each in scripts.walk_revisions()][::-1]


def test_every_migration_can_be_taken_back_and_applied_again(engine: Engine) -> None:
    put(engine, *ground(), source(), full())
    with engine.connect() as connection, connection.begin():
        command.downgrade(migrations(connection), "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    upgrade(engine)
    check_upgraded(engine)
    assert version(engine) == 0
    put(engine, *ground())


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(engine: Engine) -> None:
    put(engine, *ground())
    upgrade(engine)
    assert version(engine) == 1


def test_a_database_without_tables_is_not_up_to_date(databases: Databases, kind: str) -> None:
    with databases.bare(kind) as bare, pytest.raises(DatabaseUnavailable, match="migration None"):
        check_upgraded(bare)


def test_every_noun_has_a_table(engine: Engine) -> None:
    tables = set(inspect(engine).get_table_names())
    assert {noun.table.name for noun in NOUNS.values()} <= tables


def test_projects_of_an_earlier_release_are_found_after_an_upgrade(engine: Engine) -> None:
    put(engine, *ground(), source(), full())
    with engine.connect() as connection, connection.begin():
        command.downgrade(migrations(connection), "0002")
    first_start(engine, sample=False)
    with reading(engine) as snapshot:
        for filter_ in ({"search": "projets"}, {"language": Language.FR}):
            keys = snapshot.connection.scalars(filtered(select(NOUNS["Project"].table.c.key), filter_))
            assert list(keys) == ["PN.0008"]
        snapshot.check()

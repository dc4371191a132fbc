"""The PostgreSQL of the tests."""

import pytest
from sqlalchemy import create_engine, inspect, text

from tests.postgres import fresh_database


def test_the_server_answers_as_version_18(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        version = connection.execute(text("SHOW server_version")).scalar_one()
    engine.dispose()
    assert version.startswith("18.")


def test_two_fresh_databases_do_not_see_each_other(postgres_url: str) -> None:
    with fresh_database(postgres_url) as one, fresh_database(postgres_url) as other:
        here, there = create_engine(one), create_engine(other)
        with here.begin() as connection:
            connection.execute(text("CREATE TABLE project (key text PRIMARY KEY)"))
        assert inspect(here).get_table_names() == ["project"]
        assert inspect(there).get_table_names() == []
        here.dispose()
        there.dispose()


def test_a_fresh_database_is_gone_after_a_failure(postgres_url: str) -> None:
    with pytest.raises(ZeroDivisionError), fresh_database(postgres_url) as url:
        raise ZeroDivisionError
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        names = connection.execute(text("SELECT datname FROM pg_database")).scalars().all()
    engine.dispose()
    assert url.rpartition("/")[2] not in names

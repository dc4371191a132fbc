"""Fresh databases for tests: copies of an upgraded one, made in a moment, on SQLite and on PostgreSQL."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from server.database import open_database
from server.load import first_start, load_vocabularies, refresh_search
from server.revisions import upgrade

KINDS = ("sqlite", "postgresql")


class Databases:
    """Makes databases that the migrations have upgraded and that hold nothing."""

    def __init__(self, folder: Path, postgres_url: str) -> None:
        self._folder, self._postgres_url = folder, postgres_url
        self._templates: dict[tuple[str, str], str] = {}

    @contextmanager
    def fresh(self, kind: str, *, vocabularies: bool = False, sample: bool = False) -> Iterator[Engine]:
        """A database of its own, gone after; it holds nothing, the vocabularies, or the sample with them."""
        url = self._copy(kind, "sample" if sample else "vocabularies" if vocabularies else "")
        engine = open_database(url)
        try:
            yield engine
        finally:
            engine.dispose()
            if kind == "postgresql":
                self._execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    @contextmanager
    def bare(self, kind: str) -> Iterator[Engine]:
        """A database without any table, gone after."""
        name = f"bare_{uuid.uuid4().hex}"
        if kind == "postgresql":
            self._execute(f"CREATE DATABASE {name}")
        engine = open_database(self._url(kind, name))
        try:
            yield engine
        finally:
            engine.dispose()
            if kind == "postgresql":
                self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _copy(self, kind: str, held: str) -> str:
        template = self._templates.get((kind, held)) or self._make_template(kind, held)
        self._templates[kind, held] = template
        name = f"test_{uuid.uuid4().hex}"
        if kind == "postgresql":
            self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        else:
            shutil.copy(self._folder / template, self._folder / name)
        return self._url(kind, name)

    def _make_template(self, kind: str, held: str) -> str:
        name = f"template_{kind}_{uuid.uuid4().hex}"
        if kind == "postgresql":
            self._execute(f"CREATE DATABASE {name}")
        engine = open_database(self._url(kind, name))
        upgrade(engine)
        if held == "sample":
            first_start(engine, sample=True)
        elif held:
            load_vocabularies(engine)
            refresh_search(engine)
        engine.dispose()
        return name

    def _url(self, kind: str, name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{self._folder / name}"
        return make_url(self._postgres_url).set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        engine = create_engine(self._postgres_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Databases:
    """What makes databases for the tests of a run."""
    return Databases(tmp_path_factory.mktemp("databases"), postgres_url)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def engine(databases: Databases, kind: str) -> Iterator[Engine]:
    """An upgraded database that holds nothing, of each kind in turn."""
    with databases.fresh(kind) as fresh:
        yield fresh

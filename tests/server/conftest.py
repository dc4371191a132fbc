"""What the server's tests share: databases with things in them, clients of documents, and a portal's view."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.databases import KINDS, Databases
from tests.server.catalogued import PUBLISHING, catalogued
from tests.server.things import client_of, fill
from tests.serving import Service


@pytest.fixture(scope="session", params=KINDS)
def things(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    """A database of each kind with things in it; tests only read from it."""
    with databases.fresh(request.param) as engine:
        fill(engine)
        yield engine


@pytest.fixture
def own(databases: Databases) -> Iterator[Engine]:
    """A database that one test may write to."""
    with databases.fresh("sqlite") as engine:
        fill(engine)
        yield engine


@pytest.fixture
def client(things: Engine) -> TestClient:
    """A client of the documents about the things."""
    return client_of(things)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A published service, as portals meet it; tests only read from it."""
    with catalogued(tmp_path_factory.mktemp("portal"), **PUBLISHING) as service:
        yield service

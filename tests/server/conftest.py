"""What the tests of documents share: databases with things in them, and clients of their documents."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.databases import KINDS, Databases
from tests.server.things import client_of, fill


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

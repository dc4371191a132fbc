"""What the store's tests share."""

import pytest
from sqlalchemy import Engine

from tests.schema.world import ground, instrument, put, source


@pytest.fixture
def store(engine: Engine) -> Engine:
    """A database with what projects refer to, at version 1."""
    put(engine, *ground(), source(), instrument())
    return engine

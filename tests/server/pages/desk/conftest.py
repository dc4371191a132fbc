"""What the tests of the desk share."""

from tests.schema.conftest import store

__all__ = ["store"]

"""What is remembered: for one version, within a bound, the least lately used forgotten first."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine

from schema.remembered import Remembered


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as made:
        yield made
    engine.dispose()


class Counter:
    """Makes values, and counts how often."""

    def __init__(self, connection: Connection, most: int) -> None:
        self.made: list[str] = []
        self._connection = connection
        self._memory: Remembered[str] = Remembered(most, lambda _, value: len(value))

    def ask(self, name: str, version: int = 1) -> str:
        def make() -> str:
            self.made.append(name)
            return name

        return self._memory.value(self._connection, version, name, make)


def test_a_value_is_made_once_for_a_version(connection: Connection) -> None:
    counter = Counter(connection, 10)
    assert [counter.ask("a"), counter.ask("a"), counter.ask("a", version=2)] == ["a", "a", "a"]
    assert counter.made == ["a", "a"]


def test_an_older_version_is_neither_answered_from_memory_nor_kept(connection: Connection) -> None:
    counter = Counter(connection, 10)
    counter.ask("a", version=2)
    counter.ask("a", version=1)
    counter.ask("a", version=2)
    assert counter.made == ["a", "a"]


def test_the_least_lately_used_is_forgotten_where_room_is_short(connection: Connection) -> None:
    counter = Counter(connection, 6)
    for name in ("aa", "bb", "cc", "aa", "dd", "aa", "bb"):
        counter.ask(name)
    assert counter.made == ["aa", "bb", "cc", "dd", "bb"]


def test_what_is_larger_than_all_the_room_is_not_kept(connection: Connection) -> None:
    counter = Counter(connection, 2)
    counter.ask("large")
    counter.ask("large")
    assert counter.made == ["large", "large"]


def test_databases_are_not_mixed_up(connection: Connection) -> None:
    counter = Counter(connection, 10)
    counter.ask("a")
    other = create_engine("sqlite://")
    with other.connect() as another:
        counter._connection = another
        counter.ask("a")
    other.dispose()
    assert counter.made == ["a", "a"]

"""Feeds are read by number: no page, root or member makes a database look through its log."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from schema import feed, noting
from schema.store import reading
from tests.schema.world import full, ground, project, put, source


@pytest.fixture
def filled(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr(noting, "PAGE_SIZE", 5)
    monkeypatch.setattr(noting, "SHELF_SIZE", 2)
    put(engine, *ground(), source(), full())
    for number in range(30):
        put(engine, project(f"N.{number}"))
    return engine


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent meanwhile."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def read_everything(engine: Engine) -> int:
    """Reads an open root, a shelf, a page and a member, as answers do."""
    with reading(engine) as snapshot:
        connection = snapshot.connection
        page, first = feed.open_from(connection, "facts")
        shelves = feed.fragments(connection, "facts", 1)
        pages = feed.fragments(connection, "facts", 0, page)
        feed.closed(connection, "facts", 0, 3)
        feed.first_published(connection, "facts")
        feed.version_of(connection, "facts", 7)
        newest = feed.last_closed(connection, "facts", 0)
        assert newest is not None
        members = [
            *feed.members(connection, "facts", newest.first, newest.last),
            *feed.members(connection, "facts", 3, 3),
            *feed.members(connection, "facts", first),
        ]
    assert shelves
    assert len(members) >= 6
    return len(pages)


def test_no_read_of_a_feed_looks_through_a_table(filled: Engine) -> None:
    with statements(filled) as sent:
        read_everything(filled)
    asked = [each for each in sent if each[0].lstrip().startswith("SELECT")]
    assert len(asked) >= 10
    plans = [plan for statement, parameters in asked for plan in explained(filled, statement, parameters)]
    assert [each for each in plans if "SCAN" in each.upper().split("(")[0]] == []


def explained(engine: Engine, statement: str, parameters: Any) -> list[str]:
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return [each[-1].replace("SCAN CONSTANT ROW", "") for each in rows]
        # A small table is looked through because it is small: what is asked is whether it must be.
        connection.execute(text("SET enable_seqscan = off"))
        rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        return [
            each[0]
            .replace("Index Only Scan", "")
            .replace("Index Scan", "")
            .replace("Bitmap Heap Scan", "")
            .replace("Bitmap Index Scan", "")
            for each in rows
        ]


def test_a_version_without_anything_new_notes_nothing(filled: Engine) -> None:
    before = read_everything(filled)
    put(filled, project("N.1"))
    assert read_everything(filled) == before


def test_members_and_pages_are_numbered_without_gaps(filled: Engine) -> None:
    with reading(filled) as snapshot:
        members = [*feed.members(snapshot.connection, "facts")]
        pages = feed.fragments(snapshot.connection, "facts", 0)
        shelves = feed.fragments(snapshot.connection, "facts", 1)
    assert [each.number for each in members] == list(range(1, len(members) + 1))
    assert [(each.number, each.first, each.last) for each in pages] == [
        (number, 5 * number - 4, 5 * number) for number in range(1, len(members) // 5 + 1)
    ]
    assert [(each.number, each.first, each.last) for each in shelves] == [
        (number, 2 * number - 1, 2 * number) for number in range(1, len(pages) // 2 + 1)
    ]

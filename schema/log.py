"""The change log: what every thing was at every version, and where each thing stands now.

A version is one transaction. The single row of `head` is the writer lock: whoever writes updates it first, so
versions commit in the order of their numbers and a reader that follows the log loses nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Index, Integer, Table, delete, select, update
from sqlalchemy import Text as LongString
from sqlmodel import SQLModel

from schema.columns import KeyColumn
from schema.sql import among, insert_rows

head = Table(
    "head",
    SQLModel.metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    # The hash of the vocabulary files that were loaded last, so that a start only loads new ones.
    Column("vocabulary", KeyColumn),
    # The rules by which the rows for searches were made, so that those of other rules are made anew.
    Column("search", KeyColumn),
)

change = Table(
    "change",
    SQLModel.metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("class", KeyColumn, nullable=False),
    Column("key", KeyColumn, nullable=False),
    Column("operation", KeyColumn, nullable=False),
    Column("at", KeyColumn, nullable=False),
    Column("record", LongString, nullable=False),
    Index("ix_change_class_key_version", "class", "key", "version"),
)

#: One row for every thing there ever was: its last change, and whether it lives, was deleted or is an alias.
resource = Table(
    "resource",
    SQLModel.metadata,
    Column("class", KeyColumn, primary_key=True),
    Column("key", KeyColumn, primary_key=True),
    Column("version", Integer, nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("alias_of", KeyColumn, index=True),
)


@dataclass(slots=True)
class Entry:
    """What one version says of one thing: the operation, and the line that stands from then on.

    `is_known` says whether the log has anything of it already.
    """

    segment: str
    key: str
    operation: str
    line: str
    is_known: bool
    deleted: bool = False
    alias_of: str | None = None


def append(connection: Connection, at: str, chunks: Iterable[list[Entry]]) -> int:
    """Write the entries, in their order, as the next version, and give it. The writer lock is held."""
    version = int(connection.execute(select(head.c.version)).scalar_one()) + 1
    connection.execute(update(head).values(version=version))
    written = 0
    for entries in chunks:
        _write(connection, version, written, at, entries)
        written += len(entries)
    return version


def _write(connection: Connection, version: int, first: int, at: str, entries: list[Entry]) -> None:
    earlier: dict[str, list[str]] = defaultdict(list)
    for each in entries:
        if each.is_known:
            earlier[each.segment].append(each.key)
    for segment, keys in earlier.items():
        gone = (resource.c["class"] == segment) & among(connection, resource.c.key, keys)
        connection.execute(delete(resource).where(gone))
    numbered = list(enumerate(entries, start=first))
    changed = [
        (version, place, each.segment, each.key, each.operation, at, each.line) for place, each in numbered
    ]
    insert_rows(connection, change, changed)
    standing = [
        (each.segment, each.key, version, place, int(each.deleted), each.alias_of) for place, each in numbered
    ]
    insert_rows(connection, resource, standing)


def last_lines(connection: Connection, segment: str, keys: list[str]) -> dict[str, str]:
    """Of these keys those that the log knows, each with its last line, whether it lives or not."""
    last = (change.c.version == resource.c.version) & (change.c.ordinal == resource.c.ordinal)
    statement = select(resource.c.key, change.c.record).join(change, last)
    where = (resource.c["class"] == segment) & among(connection, resource.c.key, keys)
    return {row.key: row.record for row in connection.execute(statement.where(where))}

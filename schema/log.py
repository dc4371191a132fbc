"""The change log: what every thing was at every version, and where each thing stands now.

A version is one transaction. The single row of `head` is the writer lock: whoever writes updates it first, so
versions commit in the order of their numbers and a reader that follows the log loses nothing.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, Table, bindparam, delete, insert, select, update
from sqlalchemy import Text as LongString
from sqlmodel import SQLModel

from schema.columns import KeyColumn

head = Table(
    "head",
    SQLModel.metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    # The hash of the vocabulary files that were loaded last, so that a start only loads new ones.
    Column("vocabulary", KeyColumn),
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


@dataclass(frozen=True, slots=True)
class Entry:
    """What one version says of one thing: the operation, and the line that stands from then on."""

    segment: str
    key: str
    operation: str
    line: str
    deleted: bool = False
    alias_of: str | None = None


def append(connection: Connection, at: str, entries: list[Entry]) -> int:
    """Write the entries, in their order, as the next version, and give it. The writer lock is held."""
    version = connection.execute(select(head.c.version)).scalar_one() + 1
    connection.execute(update(head).values(version=version))
    numbered = list(enumerate(entries))
    connection.execute(insert(change), [_changed(each, version, place, at) for place, each in numbered])
    standing = [_standing(each, version, place) for place, each in numbered]
    earlier = (resource.c["class"] == bindparam("of")) & (resource.c.key == bindparam("gone"))
    connection.execute(
        delete(resource).where(earlier), [{"of": each.segment, "gone": each.key} for each in entries]
    )
    connection.execute(insert(resource), standing)
    return int(version)


def _changed(entry: Entry, version: int, ordinal: int, at: str) -> dict[str, Any]:
    place = {"version": version, "ordinal": ordinal, "class": entry.segment, "key": entry.key}
    return place | {"operation": entry.operation, "at": at, "record": entry.line}


def _standing(entry: Entry, version: int, ordinal: int) -> dict[str, Any]:
    place = {"version": version, "ordinal": ordinal, "class": entry.segment, "key": entry.key}
    return place | {"deleted": int(entry.deleted), "alias_of": entry.alias_of}

"""The change log: what every thing was at every version, and where each thing stands now.

A version is one transaction. The single row of `head` is the writer lock: whoever writes updates it first, so
versions commit in the order of their numbers and a reader that follows the log loses nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Table,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy import Text as LongString
from sqlmodel import SQLModel

from schema.columns import KeyColumn
from schema.sql import Values, among, insert_rows

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


#: What the log calls the first change of a thing.
CREATE = "create"

#: A thing that was never there: class, key and line.
New = tuple[str, str, str]


class Last(NamedTuple):
    """The last entry of the log for a thing: its line, and its place."""

    line: str
    version: int
    ordinal: int


class Entry(NamedTuple):
    """What a version says of one thing: the operation, and the line that stands from then on.

    `is_known` says whether an earlier version has anything of it.
    """

    segment: str
    key: str
    operation: str
    line: str
    ordinal: int
    is_known: bool
    deleted: bool
    alias_of: str | None


def next_version(connection: Connection) -> int:
    """The version that the holder of the writer lock is going to write."""
    return int(connection.execute(select(head.c.version)).scalar_one()) + 1


def advance(connection: Connection, version: int) -> None:
    """Make a version the newest."""
    connection.execute(update(head).values(version=version))


def write(connection: Connection, version: int, at: str, entries: list[Entry]) -> None:
    """Write entries of a version."""
    _forget(connection, ((each.segment, each.key) for each in entries if each.is_known))
    changed = [
        (version, each.ordinal, each.segment, each.key, each.operation, at, each.line) for each in entries
    ]
    insert_rows(connection, change, changed)
    insert_rows(connection, resource, [_standing(each, version) for each in entries])


def write_new(connection: Connection, version: int, at: str, first: int, new: Iterable[New]) -> None:
    """Write that living things are new in a version, with ordinals from the first on."""
    entries = list(enumerate(new, start=first))
    changed = [(version, place, segment, key, CREATE, at, text) for place, (segment, key, text) in entries]
    insert_rows(connection, change, changed)
    standing = [(segment, key, version, place, 0, None) for place, (segment, key, _) in entries]
    insert_rows(connection, resource, standing)


def erase(connection: Connection, version: int, places: list[tuple[str, str, int]]) -> None:
    """Take back entries of a version that is being written: classes, keys and ordinals."""
    if places:
        ordinals = [ordinal for _, _, ordinal in places]
        here = (change.c.version == version) & among(connection, change.c.ordinal, ordinals)
        connection.execute(delete(change).where(here))
        _forget(connection, ((segment, key) for segment, key, _ in places))


def stand(connection: Connection, entry: Entry, version: int) -> None:
    """Let a thing stand where an earlier version has left it."""
    insert_rows(connection, resource, [_standing(entry, version)])


def _standing(entry: Entry, version: int) -> Values:
    return entry.segment, entry.key, version, entry.ordinal, int(entry.deleted), entry.alias_of


def _forget(connection: Connection, identities: Iterable[tuple[str, str]]) -> None:
    by_segment: dict[str, list[str]] = defaultdict(list)
    for segment, key in identities:
        by_segment[segment].append(key)
    for segment, keys in by_segment.items():
        gone = (resource.c["class"] == segment) & among(connection, resource.c.key, keys)
        connection.execute(delete(resource).where(gone))


def is_known(connection: Connection, segment: str, keys: list[str]) -> bool:
    """Whether the log has anything of one of these keys."""
    here = (resource.c["class"] == segment) & among(connection, resource.c.key, keys)
    return connection.execute(select(resource.c.key).where(here).limit(1)).first() is not None


def lives(connection: Connection, segment: str, keys: Sequence[str]) -> bool:
    """Whether a thing lives under each of these keys, which are different ones."""
    living = (resource.c.deleted == 0) & resource.c.alias_of.is_(None)
    here = (resource.c["class"] == segment) & among(connection, resource.c.key, keys)
    found = connection.scalar(select(func.count()).select_from(resource).where(here & living))
    return found == len(keys)


_LAST = select(resource.c.key, change.c.record, change.c.version, change.c.ordinal).join(
    change, (change.c.version == resource.c.version) & (change.c.ordinal == resource.c.ordinal)
)

# Of one thing at a time, so often that the statement is made once.
_LAST_OF_ONE = _LAST.where(resource.c["class"] == bindparam("segment"), resource.c.key == bindparam("asked"))


def last_entries(connection: Connection, segment: str, keys: list[str]) -> dict[str, Last]:
    """Of these keys those that the log knows, each with its last entry, whether it lives or not."""
    if len(keys) == 1:
        found = connection.execute(_LAST_OF_ONE, {"segment": segment, "asked": keys[0]})
    else:
        where = (resource.c["class"] == segment) & among(connection, resource.c.key, keys)
        found = connection.execute(_LAST.where(where))
    return {key: Last(*rest) for key, *rest in found.all()}


def last_before(connection: Connection, version: int, segment: str, key: str) -> Last | None:
    """The last entry for a thing before a version."""
    statement = select(change.c.record, change.c.version, change.c.ordinal).where(
        change.c["class"] == segment, change.c.key == key, change.c.version < version
    )
    row = connection.execute(statement.order_by(change.c.version.desc()).limit(1)).one_or_none()
    return None if row is None else Last(*row)


def changes_of(
    connection: Connection, version: int, ordinals: Sequence[int]
) -> list[tuple[str, str, str, str]]:
    """Class, key, operation and line of these entries of a version, in their order."""
    columns = change.c["class"], change.c.key, change.c.operation, change.c.record
    statement = select(*columns).where(change.c.version == version)
    chosen: ColumnElement[bool]
    if isinstance(ordinals, range):
        chosen = change.c.ordinal.between(ordinals.start, ordinals.stop - 1)
    else:
        chosen = among(connection, change.c.ordinal, ordinals)
    rows = connection.execute(statement.where(chosen).order_by(change.c.ordinal)).all()
    return [(segment, key, operation, text) for segment, key, operation, text in rows]

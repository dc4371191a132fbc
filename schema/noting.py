"""Noting: the changes of a version as members of the feeds, written with the log in one transaction."""

from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from ontology.declaration import GraphName
from ontology.graph import graph_name
from schema.exchange import is_gone, noun_at, nouns_of, parse
from schema.feed import FEEDS, PAGE_SIZE, SHELF_SIZE, fragment, last_closed, member
from schema.log import change
from schema.record import declaration
from schema.sql import Values, among, insert_rows

_CHUNK = 5_000

# What an entry is, and in which feed.
_Parts = list[tuple[GraphName, str]]


def note(connection: Connection) -> None:
    """Note what the log has and the feeds have not: the version just written, and any before."""
    ends = _Ends(connection)
    behind = change.c.version > max(ends.version.values())
    versions = select(change.c.version, func.min(change.c.at)).where(behind).group_by(change.c.version)
    for version, at in connection.execute(versions.order_by(change.c.version)).all():
        last = -1
        while entries := _logged(connection, version, last):
            ends.write(version, at, entries, list(_operations(connection, version, entries)))
            last = entries[-1].ordinal
        ends.close()


class _Entry(NamedTuple):
    """What the log has of a thing at a version."""

    ordinal: int
    segment: str
    key: str
    operation: str
    line: str


def _logged(connection: Connection, version: int, last: int) -> list[_Entry]:
    """The next entries that the log has of a version."""
    columns = change.c.ordinal, change.c["class"], change.c.key, change.c.operation, change.c.record
    behind = (change.c.version == version) & (change.c.ordinal > last)
    statement = select(*columns).where(behind).order_by(change.c.ordinal).limit(_CHUNK)
    return [_Entry(*row) for row in connection.execute(statement).all()]


def _operations(connection: Connection, version: int, entries: Sequence[_Entry]) -> Iterator[_Parts]:
    """What each entry is in which feed."""
    moving: dict[str, list[str]] = {}
    for each in entries:
        if _only_graph(each.segment) is None:
            moving.setdefault(each.segment, []).append(each.key)
    before = {
        (segment, key): line
        for segment, keys in moving.items()
        for key, line in _lines_before(connection, version, segment, keys)
    }
    for each in entries:
        if (graph := _only_graph(each.segment)) is not None:
            yield [(graph, each.operation)]
        else:
            yield _of_moving(each, _graph(each, before.get((each.segment, each.key))))


@cache
def _only_graph(segment: str) -> GraphName | None:
    """The graph of all things of a class; None where they are candidates first and may be facts later."""
    nouns = [declaration(each) for each in nouns_of(segment)]
    return None if any("accepted" in each.by_name for each in nouns) else nouns[0].graph


def _graph(entry: _Entry, line: str | None) -> GraphName | None:
    """The graph that a line of the thing belongs to, or None where nothing lives by it."""
    record = None if line is None else parse(line)
    if record is None or is_gone(record):
        return None
    return graph_name(declaration(noun_at(entry.segment, entry.key)), record)


def _of_moving(entry: _Entry, before: GraphName | None) -> _Parts:
    now = _graph(entry, entry.line)
    if now is None:
        # What never lived here was no candidate as far as anybody knows.
        return [(before or "facts", entry.operation)]
    if before is None or before == now:
        return [(now, entry.operation)]
    return [(before, "delete"), (now, "create")]


def _lines_before(
    connection: Connection, version: int, segment: str, keys: list[str]
) -> Iterator[tuple[str, str]]:
    inner = change.alias("inner")
    of_thing = (inner.c["class"] == change.c["class"]) & (inner.c.key == change.c.key)
    last = select(func.max(inner.c.version)).where(of_thing, inner.c.version < version).scalar_subquery()
    where = (change.c["class"] == segment) & among(connection, change.c.key, keys)
    statement = select(change.c.key, change.c.record).where(where, change.c.version == last)
    return ((row.key, row.record) for row in connection.execute(statement).all())


class _Held(NamedTuple):
    """What a fragment holds, a member or a smaller fragment: its digest, and the times of its ends."""

    digest: str
    starts: str
    ends: str


class _Ends:
    """The ends of the feeds, where the next members and fragments go."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._number: dict[GraphName, int] = dict.fromkeys(FEEDS, 0)
        self.version: dict[GraphName, int] = dict.fromkeys(FEEDS, 0)
        self._published = ""
        for feed in FEEDS:
            last = select(member).where(member.c.feed == feed).order_by(member.c.number.desc()).limit(1)
            if (row := connection.execute(last).one_or_none()) is not None:
                self._number[feed], self.version[feed] = row.number, row.version
                self._published = max(self._published, row.published)

    def write(
        self,
        version: int,
        at: str,
        entries: Sequence[_Entry],
        operations: list[_Parts],
    ) -> None:
        """Add the members that these entries are."""
        # Data may state a time in the past; who reads on from a time must not miss it.
        self._published = max(self._published, at)
        rows: list[Values] = []
        for entry, parts in zip(entries, operations, strict=True):
            for feed, operation in parts:
                self._number[feed] += 1
                digest = sha256(f"{operation}\n{self._published}\n{entry.line}".encode()).hexdigest()[:16]
                rows.append(
                    (feed, self._number[feed], version, entry.ordinal, operation, self._published, digest)
                )
        insert_rows(self._connection, member, rows)

    def close(self) -> None:
        """Close the pages that are full, and the shelves that are full of those."""
        for feed in FEEDS:
            pages = self._closed(feed, 0, self._number[feed], PAGE_SIZE)
            self._closed(feed, 1, pages, SHELF_SIZE)

    def _closed(self, feed: GraphName, level: int, held: int, size: int) -> int:
        """Close what can be closed on a level whose fragments hold what is numbered up to `held`."""
        last = last_closed(self._connection, feed, level)
        number, end = (last.number, last.last) if last else (0, 0)
        rows: list[Values] = []
        while end + size <= held:
            number, first, end = number + 1, end + 1, end + size
            parts = _held(self._connection, feed, level, first, end)
            digest = sha256("\n".join(each.digest for each in parts).encode()).hexdigest()[:16]
            rows.append((feed, level, number, first, end, parts[0].starts, parts[-1].ends, digest))
        insert_rows(self._connection, fragment, rows)
        return number


def _held(connection: Connection, feed: GraphName, level: int, first: int, last: int) -> list[_Held]:
    """What a fragment holds, in order."""
    if level == 0:
        number, time = member.c.number, member.c.published
        held = select(member.c.digest, time.label("starts"), time.label("ends")).where(member.c.feed == feed)
    else:
        number = fragment.c.number
        held = select(fragment.c.digest, fragment.c.starts, fragment.c.ends)
        held = held.where(fragment.c.feed == feed, fragment.c.level == level - 1)
    rows = connection.execute(held.where(number.between(first, last)).order_by(number))
    return [_Held(*each) for each in rows]

"""Pending: what a transaction is going to write, the newest in memory and the rest in a temporary table."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import Column, Connection, Index, Integer, MetaData, Row, Select, Table, select, tuple_
from sqlalchemy import Text as LongString

from ontology.declaration import ExchangeRecord
from schema.columns import KeyColumn
from schema.exchange import SEGMENTS, line, parse
from schema.sql import Values, among, insert_rows, is_postgresql

#: A class and a key.
Identity = tuple[str, str]

#: How many records stand in memory, and how many are read, asked for and written at a time.
CHUNK = 2000

_PLACES = {segment: place for place, segment in enumerate(SEGMENTS)}

_table = Table(
    "pending",
    MetaData(),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("key", KeyColumn, primary_key=True),
    Column("before", Integer, nullable=False),
    Column("gone", Integer, nullable=False),
    Column("moves", Integer, nullable=False),
    Column("doubtful", Integer, nullable=False),
    Column("around", KeyColumn),
    Column("record", LongString, nullable=False),
    prefixes=["TEMPORARY"],
    # It is written and read in the order of its key, mostly, and needs no other order beside it.
    sqlite_with_rowid=False,
    postgresql_on_commit="DROP",
)
_by_around = Index("ix_pending_around", _table.c.place, _table.c.around)
_table.indexes.clear()


class Before(IntEnum):
    """What the log says last of a thing."""

    NOTHING = 0
    GONE = 1
    LIVES = 2


_BEFORE = tuple(Before)


@dataclass(slots=True)
class Planned:
    """What one thing is going to be. The record is parsed, and its line written, when somebody needs it."""

    segment: str
    key: str
    before: Before
    is_gone: bool
    known: ExchangeRecord | None = None
    text: str | None = None

    @property
    def record(self) -> ExchangeRecord:
        """The canonical record."""
        if self.known is None:
            self.known = parse(self.text or "")
        return self.known

    @property
    def line(self) -> str:
        """The canonical line of the record."""
        if self.text is None:
            self.text = line(self.record).decode()
        return self.text

    @property
    def identity(self) -> Identity:
        """The class and key."""
        return self.segment, self.key

    @property
    def moves(self) -> bool:
        """Whether what follows from links may be another: a link is or was there that can be accepted."""
        if self.segment != "link":
            return False
        return self.before is Before.LIVES or self.record.get("status") == "accepted"


def _around(record: ExchangeRecord) -> str | None:
    """The key that a record belongs or leads to."""
    of = record.get("aliasOf", record.get("project"))
    return None if of is None else str(of)


#: Tells which of the changes refer to what is not there yet, and so are to be looked at again.
Doubts = Callable[[list[Planned]], set[Identity]]


class Pending:
    """The changes of a transaction by identity. Small transactions never leave memory."""

    def __init__(self, connection: Connection, doubts: Doubts) -> None:
        self._connection = connection
        self._doubts = doubts
        self._recent: dict[Identity, Planned] = {}
        self._around: dict[Identity, set[str]] = defaultdict(set)
        # What the table holds of things that were asked for lately.
        self._found: dict[Identity, Planned | None] = {}
        self._is_spilled = False
        self._is_indexed = False
        self._is_left = False

    def __bool__(self) -> bool:
        return bool(self._recent) or (self._is_spilled and next(self.chunks(), None) is not None)

    def get(self, identity: Identity) -> Planned | None:
        """The change of a thing, or None."""
        recent = self._recent.get(identity)
        if recent is not None or not self._is_spilled:
            return recent
        if identity not in self._found:
            self.expect([identity])
        return self._found[identity]

    def put(self, change: Planned) -> None:
        """Take a change in the place of an earlier one of the same thing."""
        if len(self._recent) >= CHUNK:
            self._spill()
        self._recent[change.identity] = change
        if (of := _around(change.record)) is not None:
            self._around[change.segment, of].add(change.key)

    def pop(self, identity: Identity) -> None:
        """Forget the change of a thing."""
        self._recent.pop(identity, None)
        if self._is_spilled:
            self._found[identity] = None
            self._forget([identity])

    def expect(self, identities: Iterable[Identity]) -> None:
        """Read at once what the table holds of things that are going to be asked for."""
        if len(self._found) > 4 * CHUNK:
            self._found.clear()
        asked = {each for each in identities if each not in self._found}
        self._found.update(dict.fromkeys(asked))
        if not self._is_spilled:
            return
        for segment, keys in _by_segment(asked).items():
            statement = select(_table).where(_table.c.place == _PLACES[segment])
            rows = self._connection.execute(statement.where(among(self._connection, _table.c.key, keys)))
            for row in rows.all():
                self._found[segment, row.key] = _planned(row)

    def states(self, segment: str, keys: list[str]) -> dict[str, bool]:
        """Of these keys those with a change, and whether nothing lives under them then."""
        found: dict[str, bool] = {}
        if self._is_spilled:
            statement = select(_table.c.key, _table.c.gone).where(_table.c.place == _PLACES[segment])
            rows = self._connection.execute(statement.where(among(self._connection, _table.c.key, keys)))
            found = {key: bool(gone) for key, gone in rows}
        for key in keys:
            if (recent := self._recent.get((segment, key))) is not None:
                found[key] = recent.is_gone
        return found

    def around(self, segment: str, of: str) -> set[str]:
        """The keys that had a change that belongs or leads to `of`; some may have another by now."""
        keys = set(self._around.get((segment, of), ()))
        if self._is_spilled:
            if not self._is_indexed:
                _by_around.create(self._connection)
                self._is_indexed = True
            place, around = _table.c.place, _table.c.around
            statement = select(_table.c.key).where(place == _PLACES[segment], around == of)
            keys.update(self._connection.scalars(statement))
        return keys

    def identities(self) -> list[Identity]:
        """Everything that has a change."""
        if not self._is_spilled:
            return list(self._recent)
        return [each.identity for chunk in self.chunks() for each in chunk]

    def chunks(self, segment: str | None = None, only: str | None = None) -> Iterator[list[Planned]]:
        """The changes, or those that are `gone`, `moves` or `doubtful`, in the order of exports."""
        if not self._is_spilled:
            yield from self._chunks_of_recent(segment, only)
            return
        self._spill()
        statement = select(_table).order_by(_table.c.place, _table.c.key).limit(CHUNK)
        if segment is not None:
            statement = statement.where(_table.c.place == _PLACES[segment])
        if only is not None:
            statement = statement.where(_table.c[only] == 1)
        last = (-1, "")
        while chunk := self._page(statement, last):
            yield chunk
            last = _PLACES[chunk[-1].segment], chunk[-1].key

    def clear(self) -> None:
        """Forget everything."""
        self._recent.clear()
        self._around.clear()
        self._found.clear()
        if self._is_spilled:
            # A large table takes long to drop on SQLite, while its file goes in a moment with the connection.
            self._is_left = _is_in_file(self._connection)
            if not self._is_left:
                _table.drop(self._connection)
        self._is_spilled = self._is_indexed = False

    def _chunks_of_recent(self, segment: str | None, only: str | None) -> Iterator[list[Planned]]:
        chosen = [
            each
            for each in self._recent.values()
            if (segment is None or each.segment == segment) and _is(each, only)
        ]
        if chosen:
            yield sorted(chosen, key=lambda each: (_PLACES[each.segment], each.key))

    def _page(self, statement: Select[Values], last: tuple[int, str]) -> list[Planned]:
        behind = tuple_(_table.c.place, _table.c.key) > tuple_(*last)
        return [_planned(row) for row in self._connection.execute(statement.where(behind)).all()]

    def _spill(self) -> None:
        if not self._recent:
            return
        changes = list(self._recent.values())
        doubtful = self._doubts(changes)
        if self._is_spilled:
            self._forget(each for each in self._recent if self._found.get(each, True) is not None)
        else:
            self._create()
        insert_rows(self._connection, _table, [_row(each, each.identity in doubtful) for each in changes])
        self._is_spilled = True
        for identity in self._recent:
            self._found.pop(identity, None)
        self._recent.clear()
        self._around.clear()

    def _create(self) -> None:
        if self._is_left:
            _table.drop(self._connection)
        elif _is_in_file(self._connection):
            # It is not given to others, so that the table goes with it.
            self._connection.detach()
        _table.create(self._connection)
        self._is_left = False

    def _forget(self, identities: Iterable[Identity]) -> None:
        for segment, keys in _by_segment(identities).items():
            statement = _table.delete().where(_table.c.place == _PLACES[segment])
            self._connection.execute(statement.where(among(self._connection, _table.c.key, keys)))


def _is_in_file(connection: Connection) -> bool:
    """Whether the database is a file of SQLite, which another connection can go on with."""
    name = connection.engine.url.database
    return not is_postgresql(connection) and name not in (None, "", ":memory:")


def _is(change: Planned, only: str | None) -> bool:
    if only == "gone":
        return change.is_gone
    return only != "moves" or change.moves


def _by_segment(identities: Iterable[Identity]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for segment, key in identities:
        found[segment].append(key)
    return found


def _row(change: Planned, is_doubtful: bool) -> Values:
    record = change.record
    place = _PLACES[change.segment]
    gone, moves = int(change.is_gone), int(change.moves)
    return (
        place,
        change.key,
        int(change.before),
        gone,
        moves,
        int(is_doubtful),
        _around(record),
        change.line,
    )


def _planned(row: Row[*Values]) -> Planned:
    place, key, before, gone, _, _, _, record = row
    return Planned(SEGMENTS[place], key, _BEFORE[before], gone == 1, None, record)

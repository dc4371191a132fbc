"""Pending: what a transaction writes, the newest in memory and the rest in the tables already.

A transaction that is large leaves memory chunk by chunk: rows and entries of the log are written under the
version that the transaction is going to be. What is put again is replaced there, and what is withdrawn is
taken back. Only the rows of records that refer to what is not there yet wait for the end.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from ontology.declaration import ExchangeRecord
from schema.exchange import SEGMENTS, is_gone, line, noun_at, parse
from schema.log import (
    CREATE,
    Entry,
    Last,
    New,
    changes_of,
    erase,
    last_before,
    last_entries,
    next_version,
    stand,
    write,
    write_new,
)
from schema.rows import Rows, remove_things, write_rows
from schema.sql import Values

#: A class and a key.
Identity = tuple[str, str]

#: How many records stand in memory, and how many are read, asked for and written at a time.
CHUNK = 2000

#: The classes that have fields which follow from links or mappings.
FOLLOWERS = ("project", "instrument", "objective")

#: The classes whose status follows from reviews, and from which fields of others follow.
REVIEWED = ("link", "mapping")

#: The classes whose parts others refer to.
HOLDERS = ("codebook",)

_PLACES = {segment: place for place, segment in enumerate(SEGMENTS)}


class Mark(StrEnum):
    """What is remembered of a change that left memory."""

    #: Nothing lives under the key any more.
    GONE = "gone"
    #: What follows from links may be another: a link is or was there that can be accepted.
    MOVES = "moves"
    #: It lived before, and has fields that follow from links.
    FOLLOWS = "follows"
    #: It lived before, and others may cite parts of it that are gone.
    HOLDS = "holds"
    #: It refers to what was not there, and so has no rows yet.
    DOUBTFUL = "doubtful"


@dataclass(slots=True)
class Planned:
    """What one thing is going to be, and whether it lived before."""

    segment: str
    key: str
    record: ExchangeRecord
    lived: bool
    #: The record's line, where it is known already.
    text: str | None = None

    @property
    def identity(self) -> Identity:
        """The class and key."""
        return self.segment, self.key

    @property
    def is_gone(self) -> bool:
        """Whether nothing is going to live under the key."""
        return is_gone(self.record)

    @property
    def moves(self) -> bool:
        """Whether what follows from links may be another."""
        return self.segment in REVIEWED and (self.lived or self.record.get("status") == "accepted")

    @property
    def operation(self) -> str:
        """What the log calls the change."""
        if self.is_gone:
            return "alias" if "aliasOf" in self.record else "delete"
        return "update" if self.lived else CREATE


#: Tells which of the changes refer to what is not there yet.
Doubts = Callable[[list[Planned]], set[Identity]]


class Pending:
    """The changes of a transaction by identity."""

    def __init__(self, connection: Connection, at: str, doubts: Doubts) -> None:
        self._connection = connection
        self._at = at
        self._doubts = doubts
        self._recent: dict[Identity, Planned] = {}
        # The last entries of the log, also those of this transaction, as far as they were asked for lately.
        self._last: dict[Identity, Last | None] = {}
        self._version: int | None = None
        self._next = 0
        self._written = 0
        # The places in the log of what is remembered.
        self._marked: dict[Mark, set[int]] = {each: set() for each in Mark}

    @property
    def version(self) -> int:
        """The data version that this transaction is going to be; the writer lock is held."""
        if self._version is None:
            self._version = next_version(self._connection)
        return self._version

    def __bool__(self) -> bool:
        return bool(self._recent) or self._written > 0

    def __contains__(self, identity: Identity) -> bool:
        return identity in self._recent or self._own(identity) is not None

    def expect(self, identities: Iterable[Identity]) -> None:
        """Read at once what is known of things that are going to be asked for."""
        asked = {each for each in identities if each not in self._last}
        if len(self._last) + len(asked) > 4 * CHUNK:
            # What is in memory will be needed when it leaves it.
            self._last = {each: self._last[each] for each in self._recent if each in self._last}
        by_segment: dict[str, list[str]] = {}
        for segment, key in asked:
            self._last[segment, key] = None
            by_segment.setdefault(segment, []).append(key)
        for segment, keys in by_segment.items():
            for key, last in last_entries(self._connection, segment, keys).items():
                self._last[segment, key] = last

    def recent(self, identity: Identity) -> Planned | None:
        """The change of a thing, if it is in memory."""
        return self._recent.get(identity)

    def recent_keys(self, segment: str) -> list[str]:
        """The keys of a class that have a change in memory."""
        return [key for of, key in self._recent if of == segment]

    def last(self, identity: Identity) -> Last | None:
        """The last entry of the log for a thing, which may be of this transaction."""
        if identity not in self._last:
            self.expect([identity])
        return self._last[identity]

    def current(self, identity: Identity) -> ExchangeRecord | None:
        """What a thing is going to be, whether it lives or not; None for what there never was."""
        if (recent := self._recent.get(identity)) is not None:
            return recent.record
        last = self.last(identity)
        return None if last is None else parse(last.line)

    def earlier(self, identity: Identity) -> ExchangeRecord | None:
        """What a thing was before this transaction, whether it lived or not, or None."""
        last = self._last_earlier(identity)
        return None if last is None else parse(last.line)

    def put(self, change: Planned) -> None:
        """Take a change in the place of an earlier one of the same thing."""
        if len(self._recent) >= CHUNK:
            self.write()
        self._recent[change.segment, change.key] = change

    def pop(self, identity: Identity) -> None:
        """Forget the change of a thing, which is then what it was before."""
        self._recent.pop(identity, None)
        if (own := self._own(identity)) is None:
            return
        earlier = self._last_earlier(identity)
        segment, key = identity
        remove_things(self._connection, segment, [key])
        erase(self._connection, self.version, [(segment, key, own.ordinal)])
        self._unmark(own.ordinal)
        self._written -= 1
        self._last[identity] = earlier
        if earlier is not None:
            self._restore(Planned(segment, key, parse(earlier.line), lived=True), earlier)

    def _restore(self, change: Planned, earlier: Last) -> None:
        """Let a thing stand again as an earlier version has left it."""
        stand(self._connection, _entry(change, earlier.ordinal), earlier.version)
        _write_rows(self._connection, [change])

    def write(self) -> None:
        """Let everything leave memory."""
        if not self._recent:
            return
        changes = sorted(self._recent.values(), key=lambda each: (_PLACES[each.segment], each.key))
        self.expect(self._recent)
        doubtful = self._doubts(changes)
        own = {each.identity: last for each in changes if (last := self._own(each.identity)) is not None}
        self._replace(changes, own)
        certain = [each for each in changes if each.identity not in doubtful] if doubtful else changes
        _write_rows(self._connection, certain)
        entries = [self._numbered(each, own.get(each.identity)) for each in changes]
        write(self._connection, self.version, self._at, entries)
        for change, entry in zip(changes, entries, strict=True):
            self._mark(change, entry.ordinal, doubtful)
            self._last[change.identity] = Last(entry.line, self.version, entry.ordinal)
        self._written += len(changes) - len(own)
        self._recent.clear()

    def write_new(
        self, new: Sequence[New], rows: Mapping[str, list[Values]], accepted: Iterable[int]
    ) -> None:
        """Write things that nobody ever knew of, and that refer to nothing that is not there.

        `accepted` are the places of the accepted links among them.
        """
        self.write()
        # What was asked for before says of some of them that they are not there.
        self._last.clear()
        write_rows(self._connection, rows)
        write_new(self._connection, self.version, self._at, self._next, new)
        self._marked[Mark.MOVES].update(self._next + place for place in accepted)
        self._next += len(new)
        self._written += len(new)

    def write_doubtful(self) -> None:
        """Write the rows of what was doubtful and, as is known by now, refers to nothing that is missing."""
        for chunk in self.chunks(Mark.DOUBTFUL):
            _write_rows(self._connection, chunk)
        self._marked[Mark.DOUBTFUL].clear()

    def chunks(self, mark: Mark | None = None) -> Iterator[list[Planned]]:
        """The changes, or those that are remembered so, in the order of the log."""
        self.write()
        ordinals = range(self._next) if mark is None else sorted(self._marked[mark])
        for start in range(0, len(ordinals), CHUNK):
            some = ordinals[start : start + CHUNK]
            yield [
                Planned(segment, key, parse(text), lived=operation == "update")
                for segment, key, operation, text in changes_of(self._connection, self.version, some)
            ]

    def identities(self) -> list[Identity]:
        """Everything that has a change."""
        return [each.identity for chunk in self.chunks() for each in chunk]

    def clear(self) -> None:
        """Forget everything, which by now is a version."""
        self._last.clear()
        for marked in self._marked.values():
            marked.clear()
        self._version, self._next, self._written = None, 0, 0

    def _own(self, identity: Identity) -> Last | None:
        """The entry of a thing that this transaction has written."""
        if not self._written:
            return None
        last = self.last(identity)
        return last if last is not None and last.version == self.version else None

    def _last_earlier(self, identity: Identity) -> Last | None:
        if self._own(identity) is None:
            return self.last(identity)
        return last_before(self._connection, self.version, *identity)

    def _replace(self, changes: list[Planned], own: dict[Identity, Last]) -> None:
        """Take away what stands in the place of changes: rows, and the entries of this transaction."""
        stale: dict[str, list[str]] = {}
        for each in changes:
            if each.lived or each.identity in own:
                stale.setdefault(each.segment, []).append(each.key)
        for segment, keys in stale.items():
            remove_things(self._connection, segment, keys)
        erase(self._connection, self.version, [(*identity, last.ordinal) for identity, last in own.items()])
        for last in own.values():
            self._unmark(last.ordinal)

    def _numbered(self, change: Planned, own: Last | None) -> Entry:
        if own is not None:
            return _entry(change, own.ordinal)
        self._next += 1
        known = self._last[change.identity] is not None
        return _entry(change, self._next - 1, is_known=known)

    def _mark(self, change: Planned, ordinal: int, doubtful: set[Identity]) -> None:
        if change.is_gone:
            self._marked[Mark.GONE].add(ordinal)
        if change.moves:
            self._marked[Mark.MOVES].add(ordinal)
        if change.lived and change.segment in FOLLOWERS:
            self._marked[Mark.FOLLOWS].add(ordinal)
        if change.lived and change.segment in HOLDERS:
            self._marked[Mark.HOLDS].add(ordinal)
        if doubtful and change.identity in doubtful:
            self._marked[Mark.DOUBTFUL].add(ordinal)

    def _unmark(self, ordinal: int) -> None:
        for marked in self._marked.values():
            marked.discard(ordinal)


def _entry(change: Planned, ordinal: int, *, is_known: bool = False) -> Entry:
    text = line(change.record).decode() if change.text is None else change.text
    alias_of = change.record.get("aliasOf")
    deleted = change.is_gone and alias_of is None
    return Entry(change.segment, change.key, change.operation, text, ordinal, is_known, deleted, alias_of)


def _write_rows(connection: Connection, changes: list[Planned]) -> None:
    rows = Rows()
    for each in changes:
        if not each.is_gone:
            rows.add(noun_at(each.segment, each.key), each.record)
    rows.write(connection)

"""Transaction: collects whole records, and writes rows and log at its end."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import orjson
from sqlalchemy import Connection, select

from ontology.declaration import ExchangeRecord
from ontology.errors import InvalidRecord, NotFound, UnknownReference
from schema.exchange import alias, is_gone, is_key, is_tombstone, line, parse, tombstone
from schema.following import accepted, stated, touched
from schema.log import advance, is_known, lives, resource
from schema.memory import uncollected
from schema.noting import note
from schema.pending import FOLLOWERS, Identity, Mark, Pending, Planned
from schema.preparation import Batch, Fresh, Prepared, prepare
from schema.preparation import claims as claims_of
from schema.references import missing, unmet
from schema.snapshot import Snapshot


class Outcome(StrEnum):
    """What became of a record that was put."""

    TAKEN = "taken"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MERGED = "merged"
    DELETED = "deleted"


def _identity(record: ExchangeRecord) -> Identity:
    return record["class"], record["key"]


class Transaction(Snapshot):
    """A snapshot that can also be written to. `record` already sees what is pending; selections do not."""

    def __init__(self, connection: Connection, at: str) -> None:
        super().__init__(connection)
        self.at = at
        self._pending = Pending(connection, at, self._doubtful)
        # What records say themselves of what follows from others, as JSON, which takes the least room.
        self._claimed: dict[Identity, bytes] = {}
        # Whether something fell that others may have counted on when they came.
        self._has_fallen = False

    def record(self, segment: str, key: str) -> ExchangeRecord | None:
        """The record as this transaction leaves it, or None; accepted lists follow with the flush."""
        # Databases choke on some of the characters that no key has.
        last = self._pending.current((segment, key)) if is_key(segment, key) else None
        return None if last is None or is_gone(last) else last

    def foresee(self, segment: str, keys: Iterable[str]) -> set[str]:
        """Expect things that are going to be asked for.

        Gives the keys that the log says anything of, be it that the thing was deleted.
        """
        asked = {each for each in keys if is_key(segment, each)}
        self.expect((segment, each) for each in asked)
        return {each for each in asked if self._pending.last((segment, each)) is not None}

    def expect(self, identities: Iterable[Identity]) -> None:
        """Read at once what is known of things that are going to be put; else each is asked for by itself."""
        self._pending.expect(identities)

    def put(self, record: ExchangeRecord) -> Outcome:
        """Write a whole record, a tombstone or an alias. Raises InvalidRecord.

        What it refers to is checked at the end. A record without `updatedAt` counts as unchanged when all
        else is the same.
        """
        if self._stands(record):
            return Outcome.UNCHANGED
        return self.take(prepare(record, self.at))

    def take(self, new: Prepared) -> Outcome:
        """Write what was prepared for the time of this transaction. Raises InvalidRecord."""
        if (new.said or new.line) == self._line_of(new.identity):
            self._claim(new.identity, new.claims)
            return Outcome.UNCHANGED
        before = self._pending.current(new.identity)
        if is_gone(new.record):
            return self._put_gone(new, before)
        if before is not None and "aliasOf" in before:
            raise InvalidRecord(
                f"key: {new.key!r} leads to {before['aliasOf']!r}",
                f"Send the record under the key {before['aliasOf']!r}.",
                field="key",
            )
        self._claim(new.identity, new.claims)
        if before is None:
            # Most of what comes in bulk is new.
            self._pending.put(Planned(*new.identity, new.record, lived=False, text=new.line))
            return Outcome.TAKEN
        lived = None if is_gone(before) else before
        if lived is not None and _same(new, stated(new.record), stated(lived)):
            return Outcome.UNCHANGED
        self._pend(new.record)
        return Outcome.TAKEN if lived is None else Outcome.CHANGED

    def take_all(self, batch: Batch) -> list[Outcome | InvalidRecord]:
        """Write a batch that was prepared for the time of this transaction.

        Gives what became of each of its records, or the error for which it was left out.
        """
        fresh = batch.fresh()
        if fresh is not None and self._is_new(batch, fresh):
            new = list(zip(batch.segments, batch.keys, batch.lines, strict=True))
            self._pending.write_new(new, fresh.rows, batch.accepted)
            for place, claims in batch.claims.items():
                self._claim(new[place][:2], claims)
            return [Outcome.TAKEN] * len(batch)
        self.expect(zip(batch.segments, batch.keys, strict=True))
        return [self._taken(each) for each in batch]

    def _taken(self, new: Prepared) -> Outcome | InvalidRecord:
        try:
            return self.take(new)
        except InvalidRecord as error:
            return error

    def delete(self, segment: str, key: str) -> None:
        """Delete a thing, and with a project its links and codings. Raises NotFound."""
        if self.record(segment, key) is None:
            raise NotFound(f"there is no {segment}/{key}", "Check the key.")
        self.put(tombstone(segment, key, self.at))

    def lead(self, segment: str, key: str, of: str) -> None:
        """Make a key lead to another thing's; what lived under it is gone. Raises NotFound, InvalidRecord."""
        if self.record(segment, of) is None:
            raise NotFound(f"there is no {segment}/{of} that {key} could lead to", "Check both keys.")
        self.put(alias(segment, key, of, self.at))

    def pending(self) -> list[Identity]:
        """What the flush is going to write."""
        return self._pending.identities()

    def unmet(self) -> dict[Identity, UnknownReference]:
        """The pending records that the flush would refuse, each with its error.

        When they are withdrawn, others can prove unmet: ask until there are none.
        """
        return unmet(self.connection, self._pending, everything=self._has_fallen)

    def withdraw(self, identity: Identity) -> None:
        """Leave a pending record out; nothing that was put for it stays. Others may now refer to nothing."""
        self._pending.pop(identity)
        self._claimed.pop(identity, None)
        self._has_fallen = True

    def flush(self) -> int | None:
        """Write everything that is pending as one version, and give it; None when nothing changed.

        Raises UnknownReference for the first record that refers to what is not there.
        """
        if not self._pending:
            return None
        for error in self.unmet().values():
            raise error
        with uncollected():
            return self._flush()

    def _flush(self) -> int:
        self._pending.write_doubtful()
        # Accepted lists are read from the rows of links, so everything is written by now.
        self._follow()
        self._pending.write()
        version = self._pending.version
        advance(self.connection, version)
        note(self.connection)
        self._version = version
        self._pending.clear()
        self._has_fallen = False
        return version

    def contradicted(self) -> Iterator[tuple[Identity, str, object, object]]:
        """After the flush: what records said of a field that follows from others, and what it came to."""
        for identity, claims in self._claimed.items():
            record = super().record(*identity) or {}
            for field, said in parse(claims).items():
                if said != record.get(field):
                    yield identity, field, said, record.get(field)

    def _stands(self, record: ExchangeRecord) -> bool:
        """Whether the record is to the byte what stands already, so that nothing of it need be checked."""
        segment, key = record.get("class"), record.get("key")
        if not (isinstance(segment, str) and isinstance(key, str) and is_key(segment, key)):
            return False
        standing = self._line_of((segment, key))
        try:
            if standing is None or line(record).decode() != standing:
                return False
        except orjson.JSONEncodeError:
            return False
        if not is_gone(record):
            self._claim((segment, key), claims_of(record))
        return True

    def _line_of(self, identity: Identity) -> str | None:
        """The line of a thing that has no change in memory."""
        last = None if self._pending.recent(identity) is not None else self._pending.last(identity)
        return None if last is None else last.line

    def _is_new(self, batch: Batch, fresh: Fresh) -> bool:
        """Whether nobody ever knew of any of the batch, and all that it refers to is there."""
        self._pending.write()
        return not any(
            is_known(self.connection, segment, keys) for segment, keys in batch.by_segment().items()
        ) and all(lives(self.connection, segment, sorted(keys)) for segment, keys in fresh.refers.items())

    def _claim(self, identity: Identity, claims: bytes | None) -> None:
        if claims:
            self._claimed[identity] = claims
        elif claims is not None:
            self._claimed.pop(identity, None)

    def _doubtful(self, plans: list[Planned]) -> set[Identity]:
        """Of these changes those that refer to what is not there yet."""
        return {each.by for each in missing(self.connection, self._pending, plans)}

    def _pend(self, record: ExchangeRecord) -> None:
        identity = _identity(record)
        earlier = self._pending.earlier(identity)
        if earlier is not None and stated(record) == stated(earlier):
            # What was changed before is taken back.
            self._pending.pop(identity)
            return
        self._has_fallen |= is_gone(record)
        lived = earlier is not None and not is_gone(earlier)
        self._pending.put(Planned(*identity, record, lived))

    def _put_gone(self, new: Prepared, before: ExchangeRecord | None) -> Outcome:
        checked = new.record
        if "aliasOf" in checked:
            checked = checked | {"aliasOf": self._end_of(*new.identity, checked["aliasOf"])}
        if before is not None and _same(new, checked, before):
            return Outcome.UNCHANGED
        if new.segment == "project" and is_tombstone(checked):
            for segment in ("link", "coding"):
                for owned in list(self._owned(segment, new.key)):
                    self._pend(tombstone(segment, owned["key"], self.at))
        self._pend(checked)
        if is_tombstone(checked):
            return Outcome.DELETED
        for chained in self._leading_to(*new.identity):
            self._pend(alias(new.segment, chained, checked["aliasOf"], self.at))
        return Outcome.MERGED

    def _end_of(self, segment: str, key: str, of: str) -> str:
        """Where a key that leads to `of` leads in the end."""
        further = self._pending.current((segment, of))
        end = of if further is None else further.get("aliasOf", of)
        if end == key:
            raise InvalidRecord(
                f"aliasOf: {of!r} leads back to {key!r}", "Turn one of the two around.", field="aliasOf"
            )
        return str(end)

    def _leading_to(self, segment: str, key: str) -> list[str]:
        statement = select(resource.c.key).where(resource.c["class"] == segment, resource.c.alias_of == key)
        known = {*self._pending.recent_keys(segment), *self.connection.scalars(statement)}
        leading = (each for each in known if self._leads((segment, each), key))
        return sorted(leading)

    def _leads(self, identity: Identity, of: str) -> bool:
        return (self._pending.current(identity) or {}).get("aliasOf") == of

    def _owned(self, segment: str, project: str) -> Iterator[ExchangeRecord]:
        # The keys of links and codings begin with that of their project; some of them may have no rows yet.
        begin, end, key = f"{project}~", f"{project}\x7f", resource.c.key
        statement = select(key).where(resource.c["class"] == segment, key >= begin, key < end)
        keys = {each for each in self._pending.recent_keys(segment) if each.startswith(begin)}
        keys.update(self.connection.scalars(statement))
        self.expect((segment, each) for each in keys)
        found = (self.record(segment, each) for each in sorted(keys))
        return (each for each in found if each is not None)

    def _follow(self) -> None:
        """Let things say what follows from links, also those that nobody put."""
        for chunk in self._pending.chunks(Mark.MOVES):
            around = {each for plan in chunk for known in self._lives_of(plan) for each in touched(known)}
            self._accept(around)
        # What is new has no accepted links but those that have moved.
        for chunk in self._pending.chunks(Mark.FOLLOWS):
            self._accept({each.identity for each in chunk})

    def _lives_of(self, plan: Planned) -> Iterator[ExchangeRecord]:
        """What a link is going to be and what it was, as far as it lives."""
        # The log does not say whether what is gone lived before.
        earlier = self._pending.earlier(plan.identity) if plan.lived or plan.is_gone else None
        for each in (plan.record, earlier):
            if each is not None and not is_gone(each):
                yield each

    def _accept(self, identities: set[Identity]) -> None:
        self.expect(identities)
        for segment in FOLLOWERS:
            keys = sorted(key for of, key in identities if of == segment)
            found = accepted(self.connection, segment, keys)
            for key in keys:
                self._accept_one((segment, key), found.get(key, {}))

    def _accept_one(self, identity: Identity, derived: ExchangeRecord) -> None:
        record = self._pending.current(identity)
        if record is None or is_gone(record) or stated(record) | derived == record:
            return
        is_put = identity in self._pending
        changed = stated(record) | derived | ({} if is_put else {"updatedAt": self.at})
        earlier = self._pending.earlier(identity) if is_put else record
        self._pending.put(Planned(*identity, changed, lived=earlier is not None and not is_gone(earlier)))


def _same(new: Prepared, record: ExchangeRecord, before: ExchangeRecord) -> bool:
    """Whether nothing changes; without a time of its own the record keeps the one from before."""
    return record == before or (not new.is_dated and record | {"updatedAt": before["updatedAt"]} == before)

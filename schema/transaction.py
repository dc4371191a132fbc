"""Transaction: collects whole records, and writes rows and log at its end."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum

from sqlalchemy import Connection, bindparam, select

from ontology.declaration import ExchangeRecord
from ontology.errors import InvalidRecord, NotFound, UnknownReference
from schema.exchange import (
    SEGMENTS,
    alias,
    canonical,
    is_gone,
    is_key,
    is_tombstone,
    line,
    noun_of,
    parse,
    tombstone,
)
from schema.following import claimed, followed, stated, touched, with_status
from schema.log import Entry, append, change, resource
from schema.record import Noun
from schema.references import Identity, batches, unmet
from schema.rows import remove, write
from schema.snapshot import Snapshot


class Outcome(StrEnum):
    """What became of a record that was put."""

    TAKEN = "taken"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MERGED = "merged"
    DELETED = "deleted"


_LAST = select(change.c.record).join(
    resource, (change.c.version == resource.c.version) & (change.c.ordinal == resource.c.ordinal)
)
# Made once, since it is asked for every record.
_ONE = _LAST.where(resource.c["class"] == bindparam("of"), resource.c.key == bindparam("asked"))


def _identity(record: ExchangeRecord) -> Identity:
    return record["class"], record["key"]


class Transaction(Snapshot):
    """A snapshot that can also be written to. `record` already sees what is pending; selections do not."""

    def __init__(self, connection: Connection, at: str) -> None:
        super().__init__(connection)
        self.at = at
        self._pending: dict[Identity, ExchangeRecord] = {}
        self._claimed: dict[Identity, ExchangeRecord] = {}
        self._stored: dict[Identity, ExchangeRecord | None] = {}
        # What is pending by what it belongs or leads to, so that nobody has to go through all of it.
        self._around: dict[Identity, set[str]] = defaultdict(set)

    def record(self, segment: str, key: str) -> ExchangeRecord | None:
        """The record as this transaction leaves it, or None; accepted lists follow with the flush."""
        # Databases choke on some of the characters that no key has.
        last = self._before((segment, key)) if is_key(segment, key) else None
        return None if last is None or is_gone(last) else last

    def foresee(self, segment: str, keys: Iterable[str]) -> set[str]:
        """Read what the log says of many things at once, so that asking for each costs no statement.

        Gives the keys that it says anything of, be it that the thing was deleted.
        """
        asked = {each for each in keys if is_key(segment, each)}
        new = {each for each in asked if (segment, each) not in self._stored}
        self._stored.update({(segment, each): None for each in new})
        for batch in batches(new):
            many = _LAST.where(resource.c["class"] == segment, resource.c.key.in_(batch))
            for text in self.connection.scalars(many):
                found = parse(text)
                self._stored[_identity(found)] = found
        return {each for each in asked if self._stored[segment, each] is not None}

    def put(self, record: ExchangeRecord) -> Outcome:
        """Write a whole record, a tombstone or an alias. Raises InvalidRecord.

        What it refers to is checked at the end. A record without `updatedAt` counts as unchanged when all
        else is the same.
        """
        checked = canonical(record)
        before = self._before(_identity(checked))
        if is_gone(checked):
            return self._put_gone(checked, before)
        if before is not None and "aliasOf" in before:
            raise InvalidRecord(
                f"key: {checked['key']!r} leads to {before['aliasOf']!r}",
                f"Send the record under the key {before['aliasOf']!r}.",
                field="key",
            )
        if derived := claimed(checked):
            self._claimed[_identity(checked)] = derived
        lived = None if before is None or is_gone(before) else before
        if lived is not None and _same(stated(checked), stated(lived)):
            return Outcome.UNCHANGED
        self._pend(with_status({"updatedAt": self.at} | stated(checked)))
        return Outcome.TAKEN if lived is None else Outcome.CHANGED

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
        return list(self._pending)

    def unmet(self) -> dict[Identity, UnknownReference]:
        """The pending records that the flush would refuse, each with its error.

        When they are withdrawn, others can prove unmet: ask until there are none.
        """
        return unmet(self.connection, self._net())

    def withdraw(self, identity: Identity) -> None:
        """Leave a pending record out; nothing that was put for it stays. Others may now refer to nothing."""
        self._pending.pop(identity, None)
        self._claimed.pop(identity, None)

    def flush(self) -> int | None:
        """Write everything that is pending as one version, and give it; None when nothing changed.

        Raises UnknownReference for the first record that refers to what is not there.
        """
        pending = self._net()
        for error in unmet(self.connection, pending).values():
            raise error
        # Accepted lists are read from the rows of links, so these come first.
        links = {each: record for each, record in pending.items() if each[0] == "link"}
        self._write_rows(links)
        final = links | self._follow(pending)
        self._write_rows({each: record for each, record in final.items() if each not in links})
        self._pending.clear()
        self._around.clear()
        return self._log(final) if final else None

    def contradicted(self) -> Iterator[tuple[Identity, str, object, object]]:
        """After the flush: what records said of a field that follows from others, and what it came to."""
        for identity, claims in self._claimed.items():
            record = super().record(*identity) or {}
            for field, said in claims.items():
                if said != record.get(field):
                    yield identity, field, said, record.get(field)

    def _pend(self, record: ExchangeRecord) -> None:
        segment, key = _identity(record)
        self._pending[segment, key] = record
        of = record.get("aliasOf", record.get("project"))
        if of is not None:
            self._around[segment, of].add(key)

    def _before(self, identity: Identity) -> ExchangeRecord | None:
        return self._pending.get(identity) or self._last(identity)

    def _last(self, identity: Identity) -> ExchangeRecord | None:
        """The last line of the log for a thing, whether it lives or not."""
        if identity not in self._stored:
            segment, key = identity
            text = self.connection.scalar(_ONE, {"of": segment, "asked": key})
            self._stored[identity] = None if text is None else parse(text)
        return self._stored[identity]

    def _put_gone(self, checked: ExchangeRecord, before: ExchangeRecord | None) -> Outcome:
        if "aliasOf" in checked:
            checked["aliasOf"] = self._end_of(*_identity(checked), checked["aliasOf"])
        if before is not None and _same(checked, before):
            return Outcome.UNCHANGED
        if checked["class"] == "project" and is_tombstone(checked):
            for segment in ("link", "coding"):
                for owned in list(self._owned(segment, checked["key"])):
                    self._pend(tombstone(segment, owned["key"], self.at))
        self._pend({"updatedAt": self.at} | checked)
        if is_tombstone(checked):
            return Outcome.DELETED
        for chained in self._leading_to(*_identity(checked)):
            self._pend(alias(checked["class"], chained, checked["aliasOf"], self.at))
        return Outcome.MERGED

    def _end_of(self, segment: str, key: str, of: str) -> str:
        """Where a key that leads to `of` leads in the end."""
        further = self._before((segment, of))
        end = of if further is None else further.get("aliasOf", of)
        if end == key:
            raise InvalidRecord(
                f"aliasOf: {of!r} leads back to {key!r}", "Turn one of the two around.", field="aliasOf"
            )
        return str(end)

    def _leading_to(self, segment: str, key: str) -> list[str]:
        statement = select(resource.c.key).where(resource.c["class"] == segment, resource.c.alias_of == key)
        known = self._around[segment, key].union(self.connection.scalars(statement))
        leading = (each for each in known if (self._before((segment, each)) or {}).get("aliasOf") == key)
        return sorted(leading)

    def _owned(self, segment: str, project: str) -> Iterator[ExchangeRecord]:
        keys = {each["key"] for each in super()._owned(segment, project)}
        for key in sorted(keys | self._around[segment, project]):
            record = self.record(segment, key)
            if record is not None and record["project"] == project:
                yield record

    def _net(self) -> dict[Identity, ExchangeRecord]:
        """What is pending and not what the log says already."""
        return {
            identity: record
            for identity, record in self._pending.items()
            if (last := self._last(identity)) is None or stated(record) != stated(last)
        }

    def _write_rows(self, records: dict[Identity, ExchangeRecord]) -> None:
        by_noun: dict[str, tuple[Noun, list[ExchangeRecord]]] = {}
        for identity, record in records.items():
            noun = noun_of(*identity)
            by_noun.setdefault(noun.name, (noun, []))[1].append(record)
        for noun, all_of_it in by_noun.values():
            remove(self.connection, noun, [each["key"] for each in all_of_it if is_gone(each)])
            write(self.connection, noun, [each for each in all_of_it if not is_gone(each)])

    def _follow(self, pending: dict[Identity, ExchangeRecord]) -> dict[Identity, ExchangeRecord]:
        """The pending records and those that change with them, with the fields that follow from others."""
        final = dict(pending)
        around = {
            each
            for identity, record in pending.items()
            for known in (record, self._last(identity))
            if known is not None
            for each in touched(known)
        }
        for identity in sorted(around):
            record = final.get(identity) or super().record(*identity)
            if record is None or is_gone(record):
                continue
            found = followed(self.connection, record)
            if identity not in pending and found != record:
                found["updatedAt"] = self.at
            if identity in pending or found != record:
                final[identity] = found
        return final

    def _log(self, final: dict[Identity, ExchangeRecord]) -> int:
        ordered = sorted(final, key=lambda each: (SEGMENTS.index(each[0]), each[1]))
        version = append(self.connection, self.at, [self._entry(each, final[each]) for each in ordered])
        self._stored.update(final)
        return version

    def _entry(self, identity: Identity, record: ExchangeRecord) -> Entry:
        operation = self._operation(identity, record)
        text, leads = line(record).decode(), record.get("aliasOf")
        return Entry(*identity, operation, text, deleted=is_tombstone(record), alias_of=leads)

    def _operation(self, identity: Identity, record: ExchangeRecord) -> str:
        if is_gone(record):
            return "alias" if "aliasOf" in record else "delete"
        before = self._last(identity)
        return "update" if before is not None and not is_gone(before) else "create"


def _same(record: ExchangeRecord, before: ExchangeRecord) -> bool:
    """Whether nothing changes; without a time of its own the record keeps the one from before."""
    return {"updatedAt": before["updatedAt"]} | record == before

"""Transaction: collects whole records, and writes rows and log at its end."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import orjson
from sqlalchemy import Connection, select

from ontology.declaration import ExchangeRecord
from ontology.errors import InvalidRecord, NotFound, UnknownReference
from schema.exchange import alias, canonical, is_gone, is_key, is_tombstone, line, noun_at, parse, tombstone
from schema.following import accepted, claimed, stated, touched, with_status
from schema.log import Entry, append, last_lines, resource
from schema.memory import uncollected
from schema.noting import noted
from schema.pending import CHUNK, Before, Identity, Pending, Planned
from schema.record import Noun
from schema.references import missing, unmet
from schema.rows import Rows, remove
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
        self._pending = Pending(connection, self._doubtful)
        # What records say themselves of what follows from others, as JSON, which takes the least room.
        self._claimed: dict[Identity, bytes] = {}
        # The last lines of the log, as far as they were asked for lately.
        self._stored: dict[Identity, str | None] = {}
        # Whether something fell that others may have counted on when they came.
        self._has_fallen = False

    def record(self, segment: str, key: str) -> ExchangeRecord | None:
        """The record as this transaction leaves it, or None; accepted lists follow with the flush."""
        # Databases choke on some of the characters that no key has.
        last = self._before((segment, key)) if is_key(segment, key) else None
        return None if last is None or is_gone(last) else last

    def foresee(self, segment: str, keys: Iterable[str]) -> set[str]:
        """Expect things that are going to be asked for.

        Gives the keys that the log says anything of, be it that the thing was deleted.
        """
        asked = {each for each in keys if is_key(segment, each)}
        self.expect((segment, each) for each in asked)
        return {each for each in asked if self._stored.get((segment, each)) is not None}

    def expect(self, identities: Iterable[Identity]) -> None:
        """Read at once what is known of things that are going to be put; else each is asked for by itself."""
        asked = set(identities)
        if len(self._stored) + len(asked) > 4 * CHUNK:
            self._stored.clear()
        self._pending.expect(asked)
        by_segment: dict[str, list[str]] = {}
        for segment, key in asked:
            if (segment, key) not in self._stored:
                self._stored[segment, key] = None
                by_segment.setdefault(segment, []).append(key)
        for segment, keys in by_segment.items():
            for key, text in last_lines(self.connection, segment, keys).items():
                self._stored[segment, key] = text

    def put(self, record: ExchangeRecord) -> Outcome:
        """Write a whole record, a tombstone or an alias. Raises InvalidRecord.

        What it refers to is checked at the end. A record without `updatedAt` counts as unchanged when all
        else is the same.
        """
        if self._stands(record):
            return Outcome.UNCHANGED
        checked = canonical(record)
        identity = _identity(checked)
        before = self._before(identity)
        if is_gone(checked):
            return self._put_gone(checked, before)
        if before is not None and "aliasOf" in before:
            raise InvalidRecord(
                f"key: {checked['key']!r} leads to {before['aliasOf']!r}",
                f"Send the record under the key {before['aliasOf']!r}.",
                field="key",
            )
        self._claim(checked)
        own = stated(checked)
        if before is None:
            # Most of what comes in bulk is new.
            self._pending.put(Planned(*identity, Before.NOTHING, False, self._dated(own)))
            return Outcome.TAKEN
        lived = None if is_gone(before) else before
        if lived is not None and _same(own, stated(lived)):
            return Outcome.UNCHANGED
        self._pend(self._dated(own))
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
        # Accepted lists are read from the rows of links, so these come first.
        for chunk in self._pending.chunks(segment="link"):
            self._write_rows(chunk)
        self._follow()
        version = append(self.connection, self.at, noted(self.connection, self.at, self._final()))
        self._pending.clear()
        self._stored.clear()
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
        if not (isinstance(segment, str) and isinstance(key, str)):
            return False
        text = self._stored.get((segment, key))
        if text is None or self._pending.get((segment, key)) is not None:
            return False
        try:
            if line(record).decode() != text:
                return False
        except orjson.JSONEncodeError:
            return False
        if not is_gone(record):
            self._claim(record)
        return True

    def _claim(self, record: ExchangeRecord) -> None:
        derived = claimed(record)
        if not derived:
            return
        if record["class"] == "link" and derived == claimed(with_status(stated(record))):
            # The status follows from the record itself, so what is true now stays true.
            self._claimed.pop(_identity(record), None)
        else:
            self._claimed[_identity(record)] = orjson.dumps(derived)

    def _dated(self, own: ExchangeRecord) -> ExchangeRecord:
        """A record as it is written: with its status, and with the time of the transaction if it has none."""
        return with_status(own if "updatedAt" in own else {"updatedAt": self.at} | own)

    def _doubtful(self, plans: list[Planned]) -> set[Identity]:
        """Of these changes those that refer to what is not there yet."""
        return {each.by for each in missing(self.connection, self._pending, plans)}

    def _pend(self, record: ExchangeRecord) -> None:
        identity = _identity(record)
        last = self._last(identity)
        if last is not None and stated(record) == stated(last):
            # What was changed before is taken back.
            self._pending.pop(identity)
            return
        before = Before.NOTHING
        if last is not None:
            before = Before.GONE if is_gone(last) else Before.LIVES
        gone = is_gone(record)
        self._has_fallen |= gone
        self._pending.put(Planned(*identity, before, gone, record))

    def _before(self, identity: Identity) -> ExchangeRecord | None:
        pending = self._pending.get(identity)
        return self._last(identity) if pending is None else pending.record

    def _last(self, identity: Identity) -> ExchangeRecord | None:
        """The last line of the log for a thing, whether it lives or not."""
        if identity not in self._stored:
            self.expect([identity])
        text = self._stored[identity]
        return None if text is None else parse(text)

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
        known = self._pending.around(segment, key).union(self.connection.scalars(statement))
        leading = (each for each in known if (self._before((segment, each)) or {}).get("aliasOf") == key)
        return sorted(leading)

    def _owned(self, segment: str, project: str) -> Iterator[ExchangeRecord]:
        keys = {each["key"] for each in super()._owned(segment, project)}
        for key in sorted(keys | self._pending.around(segment, project)):
            record = self.record(segment, key)
            if record is not None and record["project"] == project:
                yield record

    def _write_rows(self, plans: list[Planned]) -> None:
        rows = Rows()
        replaced: dict[str, tuple[Noun, list[str]]] = {}
        for each in plans:
            noun = noun_at(*each.identity)
            if each.before is Before.LIVES:
                replaced.setdefault(noun.name, (noun, []))[1].append(each.key)
            if not each.is_gone:
                rows.add(noun, each.record)
        for noun, keys in replaced.values():
            remove(self.connection, noun, keys)
        rows.write(self.connection)

    def _follow(self) -> None:
        """Add the records that nobody put, but whose fields follow from links that change."""
        for chunk in self._pending.chunks(segment="link", only="moves"):
            around = {each for plan in chunk for known in self._lives_of(plan) for each in touched(known)}
            self.expect(around)
            for segment in ("project", "instrument"):
                keys = sorted(key for of, key in around if of == segment)
                self._follow_those(
                    segment, [key for key in keys if self._pending.get((segment, key)) is None]
                )

    def _lives_of(self, plan: Planned) -> Iterator[ExchangeRecord]:
        """What a link is going to be and what it was, as far as it lives."""
        for each in (plan.record, self._last(plan.identity) if plan.before is Before.LIVES else None):
            if each is not None and not is_gone(each):
                yield each

    def _follow_those(self, segment: str, keys: list[str]) -> None:
        found = accepted(self.connection, segment, keys)
        for key in keys:
            record = self._last((segment, key))
            if record is None or is_gone(record):
                continue
            now = stated(record) | found.get(key, {})
            if now != record:
                changed = stated(record) | {"updatedAt": self.at}
                self._pending.put(Planned(segment, key, Before.LIVES, False, changed))

    def _final(self) -> Iterator[list[Entry]]:
        """Everything in the order of exports, with what follows from links; rows are written on the way."""
        for chunk in self._pending.chunks():
            by_segment: dict[str, list[str]] = {}
            for each in chunk:
                by_segment.setdefault(each.segment, []).append(each.key)
            for segment, keys in by_segment.items():
                found = accepted(self.connection, segment, keys)
                for each in chunk:
                    if each.segment == segment and each.key in found and not each.is_gone:
                        each.known, each.text = each.record | found[each.key], None
            self._write_rows([each for each in chunk if each.segment != "link"])
            yield [_entry(each) for each in chunk]


def _entry(plan: Planned) -> Entry:
    known = plan.before is not Before.NOTHING
    if not plan.is_gone:
        operation = "update" if plan.before is Before.LIVES else "create"
        return Entry(plan.segment, plan.key, operation, plan.line, known)
    leads = plan.record.get("aliasOf")
    operation = "delete" if leads is None else "alias"
    return Entry(plan.segment, plan.key, operation, plan.line, known, deleted=leads is None, alias_of=leads)


def _same(record: ExchangeRecord, before: ExchangeRecord) -> bool:
    """Whether nothing changes; without a time of its own the record keeps the one from before."""
    return {"updatedAt": before["updatedAt"]} | record == before

"""Preparation: what putting records comes to as far as no database is needed, one by one and in batches.

Everything here is a function of the records alone, so that another process can do it ahead of the writer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from ontology.declaration import ExchangeRecord
from schema.exchange import canonical, is_gone, is_key, line, noun_at, parse
from schema.following import claimed, stated, with_status
from schema.model.link import LinkStatus
from schema.pending import REVIEWED, Identity
from schema.references import keys_of
from schema.rows import Rows
from schema.sql import Values


@dataclass(slots=True)
class Prepared:
    """A record that was checked: the line that it is going to be, and what it claims beside it."""

    segment: str
    key: str
    #: The canonical line, without the accepted links that it claims; dated, and a link's with its status.
    line: str
    #: Whether the record says itself when it changed.
    is_dated: bool = True
    #: What it says of fields that follow from others, as JSON; empty when that is true whatever else is put,
    #: None when it says nothing.
    claims: bytes | None = None
    #: The line with what it claims, where that is another.
    said: str | None = None
    _record: ExchangeRecord | None = None

    @property
    def identity(self) -> Identity:
        """The class and key."""
        return self.segment, self.key

    @property
    def record(self) -> ExchangeRecord:
        """The record of the line, read from it when it is first asked for."""
        if self._record is None:
            self._record = parse(self.line)
        return self._record


def claims(record: ExchangeRecord) -> bytes | None:
    """What a record says of fields that follow from others, as `Prepared` holds it."""
    derived = claimed(record)
    if not derived:
        return None
    # The status follows from the record itself, so what is true now stays true.
    is_true = record["class"] in REVIEWED and derived == claimed(with_status(stated(record)))
    return b"" if is_true else orjson.dumps(derived)


def prepare(record: ExchangeRecord, at: str) -> Prepared:
    """What putting a record comes to; `at` is its time if it has none. Raises InvalidRecord."""
    checked = canonical(record)
    is_dated = "updatedAt" in checked
    whole = checked if is_dated else {"updatedAt": at} | checked
    segment, key = whole["class"], whole["key"]
    if is_gone(whole):
        return Prepared(segment, key, line(whole).decode(), is_dated, _record=whole)
    own, said = with_status(stated(whole)), claims(whole)
    told = line(whole).decode() if said else None
    return Prepared(segment, key, line(own).decode(), is_dated, said, told, own)


@dataclass(slots=True)
class Batch:
    """Records that were prepared together, in their order: as columns, which travel well."""

    segments: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    #: By place: those that do not say when they changed, and those that claim something.
    undated: set[int] = field(default_factory=set)
    claims: dict[int, bytes] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)
    #: The places of accepted links.
    accepted: list[int] = field(default_factory=list)
    _records: list[ExchangeRecord] | None = field(default_factory=list)
    _fresh: "Fresh | None" = None

    def add(self, each: Prepared) -> None:
        """Add a record."""
        place = len(self.keys)
        self.segments.append(each.segment)
        self.keys.append(each.key)
        self.lines.append(each.line)
        if not each.is_dated:
            self.undated.add(place)
        if each.claims is not None:
            self.claims[place] = each.claims
        if each.said is not None:
            self.said[place] = each.said
        if self._records is not None:
            self._records.append(each.record)
        if each.segment in REVIEWED and each.record.get("status") == LinkStatus.ACCEPTED.value:
            self.accepted.append(place)

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[Prepared]:
        records: Sequence[ExchangeRecord | None] = self._records or [None] * len(self)
        for place, (segment, key, text, record) in enumerate(
            zip(self.segments, self.keys, self.lines, records, strict=True)
        ):
            is_dated, told = place not in self.undated, self.said.get(place)
            yield Prepared(segment, key, text, is_dated, self.claims.get(place), told, record)

    def identifiers(self) -> list[str]:
        """What each of them is called, such as `project/PN.0008`."""
        return [f"{segment}/{key}" for segment, key in zip(self.segments, self.keys, strict=True)]

    def by_segment(self) -> dict[str, list[str]]:
        """The keys by class."""
        found: dict[str, list[str]] = {}
        for segment, key in zip(self.segments, self.keys, strict=True):
            found.setdefault(segment, []).append(key)
        return found

    def fresh(self) -> "Fresh | None":
        """What the batch is when all of it is new, or None when it can never be written as it stands."""
        if self._records is not None and self._fresh is None:
            self._fresh = _fresh_of(self, self._records)
        return self._fresh

    def pack(self) -> None:
        """Make all that can be made, and let go of the records, which their lines say again."""
        self.fresh()
        self._records = None


@dataclass(frozen=True, slots=True)
class Fresh:
    """A batch of living things of which none stands twice: their rows, and all that they refer to outside."""

    rows: dict[str, list[Values]]
    refers: Mapping[str, set[str]]


def _fresh_of(batch: Batch, records: list[ExchangeRecord]) -> Fresh | None:
    own = {segment: set(keys) for segment, keys in batch.by_segment().items()}
    if sum(map(len, own.values())) < len(batch) or any(map(is_gone, records)):
        return None
    rows, refers = Rows(), keys_of(records)
    for record in records:
        rows.add(noun_at(record["class"], record["key"]), record)
    outside = {segment: keys - own.get(segment, set()) for segment, keys in refers.items()}
    # Databases choke on some of the characters that no key has.
    if not all(is_key(segment, key) for segment, keys in outside.items() for key in keys):
        return None
    return Fresh(rows.by_table(), {segment: keys for segment, keys in outside.items() if keys})

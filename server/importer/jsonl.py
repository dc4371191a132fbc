"""JSON Lines: exchange records, one a line; bad lines are refused one by one and all the good ones taken."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import orjson

from ontology.declaration import ExchangeRecord
from ontology.errors import InvalidInput, InvalidRecord
from schema import pending
from schema.exchange import is_key, parse
from schema.memory import collect_young, uncollected
from schema.preparation import Batch, prepare
from schema.transaction import Transaction
from server.importer.limits import NO_LIMITS, Limits
from server.importer.report import Report, refusal

# How much of a refused line is told.
_SHOWN = 200

_BYTE_ORDER_MARK = "\ufeff"


class Refused(NamedTuple):
    """A line that cannot be taken, whatever the store holds: what it looks like, what it names, and why."""

    number: int
    text: str
    identifier: str | None
    error: InvalidInput


@dataclass(slots=True)
class Chunk:
    """So many lines as far as no store is needed: the records of the good ones, and the bad ones."""

    numbers: list[int] = field(default_factory=list)
    batch: Batch = field(default_factory=Batch)
    refused: list[Refused] = field(default_factory=list)
    #: How many bytes of the file were read for it.
    read: int = 0


def take(
    transaction: Transaction, file: str, lines: Iterable[bytes], report: Report, limits: Limits = NO_LIMITS
) -> None:
    """Put every record of the lines, and report each; `settle` then finds references that lead nowhere."""
    take_chunks(transaction, file, chunks(lines, pending.CHUNK, limits, transaction.at), report)


def chunks(lines: Iterable[bytes], size: int, limits: Limits, at: str) -> Iterator[Chunk]:
    """The lines, `size` of them at a time; `at` is the time of the records that say none."""
    numbered = enumerate(lines, start=1)
    while some := list(islice(numbered, size)):
        yield _chunk(some, limits, at)


def take_chunks(transaction: Transaction, file: str, chunks: Iterable[Chunk], report: Report) -> None:
    """Put every record of the chunks, and report each line."""
    with uncollected():
        for each in chunks:
            _take(transaction, file, each, report)
            collect_young()


def _chunk(lines: list[tuple[int, bytes]], limits: Limits, at: str) -> Chunk:
    found = Chunk()
    for number, raw in lines:
        record: ExchangeRecord | None = None
        try:
            limits.check_line(raw)
            record = _parsed(raw, number)
            limits.check_record(raw, record)
            # Blank lines hold none.
            if record is not None:
                found.batch.add(prepare(record, at))
                found.numbers.append(number)
        except InvalidInput as error:
            found.refused.append(Refused(number, _shown(raw), _identifier(record or {}), error))
    return found


def _parsed(raw: bytes, number: int) -> ExchangeRecord | None:
    """The record of a line, or None for a blank one. Raises InvalidRecord."""
    try:
        record = orjson.loads(raw)
    except orjson.JSONDecodeError:
        # Also what is no mistake at all: a byte order mark, or a blank line.
        text = _decoded(raw, number).strip(" \t\r\n")
        return parse(text) if text else None
    return record if isinstance(record, dict) else parse(raw)


def _identifier(record: ExchangeRecord) -> str | None:
    segment, key = record.get("class"), record.get("key")
    if isinstance(segment, str) and isinstance(key, str) and is_key(segment, key):
        return f"{segment}/{key}"
    return None


def _take(transaction: Transaction, file: str, chunk: Chunk, report: Report) -> None:
    refused, taken = [*chunk.refused], []
    told = zip(
        chunk.numbers,
        transaction.take_all(chunk.batch),
        chunk.batch.identifiers(),
        chunk.batch.lines,
        strict=True,
    )
    for number, outcome, identifier, text in told:
        if isinstance(outcome, InvalidRecord):
            refused.append(Refused(number, text[:_SHOWN], identifier, outcome))
        else:
            taken.append((number, outcome, identifier))
    begun = 0
    for each in sorted(refused, key=lambda each: each.number):
        end = bisect_left(taken, each.number, key=lambda told: told[0])
        report.entries.append_lines(file, taken[begun:end])
        entry = refusal(file, each.number, each.error, each.text)
        entry.identifier = each.identifier
        report.add(entry)
        begun = end
    report.entries.append_lines(file, taken[begun:])


def _decoded(raw: bytes, number: int) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise InvalidRecord(
            f"no UTF-8: byte {error.start + 1} of the line is {raw[error.start]:#04x}",
            "Save the file in UTF-8.",
        ) from None
    return text.removeprefix(_BYTE_ORDER_MARK) if number == 1 else text


def _shown(raw: bytes) -> str:
    return raw[:_SHOWN].decode(errors="replace").strip()

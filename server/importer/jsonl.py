"""JSON Lines: exchange records, one a line; bad lines are refused one by one and all the good ones taken."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import orjson

from ontology.declaration import ExchangeRecord
from ontology.errors import InvalidInput, InvalidRecord
from schema.exchange import is_key, parse
from schema.memory import uncollected
from schema.pending import CHUNK, Identity
from schema.transaction import Transaction
from server.importer.limits import NO_LIMITS, Limits
from server.importer.report import Outcome, Report, refusal

_BYTE_ORDER_MARK = "\ufeff"


class _Line(NamedTuple):
    """A line that holds a record, of which nothing is checked yet, or for which there is an error."""

    number: int
    raw: bytes
    record: ExchangeRecord
    identity: Identity | None
    error: InvalidInput | None


def take(
    transaction: Transaction, file: str, lines: Iterable[bytes], report: Report, limits: Limits = NO_LIMITS
) -> None:
    """Put every record of the lines, and report each; `settle` then finds references that lead nowhere."""
    numbered = enumerate(lines, start=1)
    with uncollected():
        while some := list(islice(numbered, CHUNK)):
            read = list(_read(some, limits))
            transaction.expect(each.identity for each in read if each.identity is not None)
            for each in read:
                _take(transaction, file, each, report)


def _read(lines: list[tuple[int, bytes]], limits: Limits) -> Iterator[_Line]:
    """The lines that are not blank."""
    for number, raw in lines:
        try:
            limits.check_line(raw)
            record = _parsed(raw, number)
            limits.check_record(raw, record)
        except InvalidInput as error:
            yield _Line(number, raw, {}, None, error)
            continue
        if record is not None:
            yield _Line(number, raw, record, _identity(record), None)


def _parsed(raw: bytes, number: int) -> ExchangeRecord | None:
    """The record of a line, or None for a blank one. Raises InvalidRecord."""
    try:
        record = orjson.loads(raw)
    except orjson.JSONDecodeError:
        # Also what is no mistake at all: a byte order mark, or a blank line.
        text = _decoded(raw, number).strip(" \t\r\n")
        return parse(text) if text else None
    return record if isinstance(record, dict) else parse(raw)


def _identity(record: ExchangeRecord) -> Identity | None:
    segment, key = record.get("class"), record.get("key")
    if isinstance(segment, str) and isinstance(key, str) and is_key(segment, key):
        return segment, key
    return None


def _take(transaction: Transaction, file: str, line: _Line, report: Report) -> None:
    named = None if line.identity is None else "/".join(line.identity)
    try:
        if line.error is not None:
            raise line.error
        outcome = Outcome(transaction.put(line.record))
    except InvalidInput as error:
        entry = refusal(file, line.number, error, _shown(line.raw))
        entry.identifier = named
        report.add(entry)
    else:
        report.entries.append_line(file, line.number, outcome, named or "")


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
    return raw[:200].decode(errors="replace").strip()

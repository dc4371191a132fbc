"""JSON Lines: exchange records, one a line; bad lines are refused one by one and all the good ones taken."""

from collections.abc import Iterable

from ontology.errors import InvalidInput, InvalidRecord
from schema.exchange import is_key, parse
from schema.transaction import Transaction
from server.importer.limits import NO_LIMITS, Limits
from server.importer.report import Entry, Outcome, Report

_BYTE_ORDER_MARK = "\ufeff"


def take(
    transaction: Transaction, file: str, lines: Iterable[bytes], report: Report, limits: Limits = NO_LIMITS
) -> None:
    """Put every record of the lines, and report each; `settle` then finds references that lead nowhere."""
    for number, raw in enumerate(lines, start=1):
        entry = Entry(file, number, Outcome.REFUSED, text=_shown(raw))
        try:
            limits.check_line(raw)
            text = _decoded(raw, number).strip(" \t\r\n")
            if text:
                _take_line(transaction, text, entry, limits)
                report.add(entry)
        except InvalidInput as error:
            entry.refuse(error)
            report.add(entry)


def _take_line(transaction: Transaction, text: str, entry: Entry, limits: Limits) -> None:
    record = parse(text)
    segment, key = record.get("class"), record.get("key")
    if isinstance(segment, str) and isinstance(key, str) and is_key(segment, key):
        entry.identifier = f"{segment}/{key}"
    limits.check_record(text, record)
    entry.outcome = Outcome(transaction.put(record))
    entry.text = None


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

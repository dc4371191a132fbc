"""Sound: what the log holds is read with care, since somebody may have written to it behind the store's back.

The one rule: a record that cannot be what the store wrote is left out and logged, wherever many are read, so
that it breaks no document and no dump of others. Asked for by itself, it is an error of the service.
"""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from ontology.declaration import ExchangeRecord
from ontology.errors import DamagedRecord, InvalidRecord
from ontology.withheld import without_texts
from schema.exchange import SEGMENTS, canonical, canonical_line, noun_of, parse
from schema.record import declaration

_logger = logging.getLogger(__name__)


class Withheld(dict[str, Any]):
    """A record that was sound when its imported texts were left out, without which no record is."""


def withheld(record: ExchangeRecord) -> ExchangeRecord:
    """The record without imported texts, for whom they are not published. Raises DamagedRecord."""
    found = sound(record)
    return Withheld(without_texts(declaration(noun_of(found["class"], found["key"])), found))


def sound(record: ExchangeRecord) -> ExchangeRecord:
    """The record as the declaration knows it. Raises DamagedRecord."""
    if isinstance(record, Withheld):
        return record
    try:
        return canonical(record)
    # Whatever a value is that no check expects, it must not reach a writer.
    except (InvalidRecord, KeyError, TypeError, ValueError, AttributeError) as error:
        identifier = f"{record.get('class')}/{record.get('key')}"[:150]
        raise DamagedRecord(
            f"the stored record of {identifier} is damaged: {str(error)[:200]}",
            "Run `compactgraph db check`, and import the thing again.",
        ) from error


def all_sound(records: Iterable[ExchangeRecord]) -> Iterator[ExchangeRecord]:
    """Those of the records that are sound; the others are logged."""
    for record in records:
        try:
            yield sound(record)
        except DamagedRecord as error:
            _logger.error("left out: %s", error.message)


def parsed(lines: Iterable[str]) -> Iterator[ExchangeRecord]:
    """The records of lines of the log; what is no JSON object is left out and logged."""
    for line in lines:
        try:
            record = parse(line)
        except InvalidRecord as error:
            _logger.error("left out: a line of the log that begins with %r: %s", line[:80], error.message)
            continue
        if record.get("class") in SEGMENTS:
            yield record
        else:
            _logger.error("left out: a line of the log that is of no class: %r", line[:80])


def sound_lines(segment: str, lines: Iterable[str]) -> Iterator[ExchangeRecord]:
    """The sound records of lines of the log, which are of one class; the others are left out and logged.

    Almost every line is recognised while it is read, which is faster than reading it first.
    """
    for line in lines:
        found = canonical_line(segment, line)
        if found is not None:
            yield found
        else:
            yield from all_sound(_of_class(segment, parsed([line])))


def _of_class(segment: str, records: Iterable[ExchangeRecord]) -> Iterator[ExchangeRecord]:
    for record in records:
        if record["class"] == segment:
            yield record
        else:
            _logger.error("left out: a record among those of %s that is a %s", segment, record["class"])

"""Printed: what a layout finds on a page before any rule reads it: title, values, description."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from server.importer.lines import Line


class Layout(StrEnum):
    """How values are printed: behind labels, in the order of the old site without any, or in a table."""

    LABELLED = "labelled"
    OLD_SITE = "old site"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Value:
    """Words that stand for a value of a field: where they stand, and on which line of the file."""

    field: str
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader of the import should know, though it is no fault."""

    code: str
    reason: str
    field: str | None = None
    line: int | None = None
    text: str | None = None


@dataclass(slots=True)
class Printed:
    """What a layout found, and where the text of the page begins and at least ends.

    Places count code points of the whole text.
    """

    layout: Layout
    languages: list[str]
    begin: int
    end: int
    values: list[Value] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def value_of(field: str, lines: Sequence[Line]) -> Value:
    """The value that stands on these lines."""
    return Value(field, lines[0].span[0], lines[-1].span[1], lines[0].number)


def description_of(lines: Sequence[Line]) -> list[Value]:
    """The description that these lines are, without the blank lines around it; none when all are blank."""
    kept = list(lines)
    while kept and kept[0].is_blank:
        del kept[0]
    while kept and kept[-1].is_blank:
        del kept[-1]
    return [value_of("description", kept)] if kept else []

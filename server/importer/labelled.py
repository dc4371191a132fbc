"""Labelled: pages that print a label on a line and its value below it, with dashes, with bullets or plain.

Or the value stands on the line of its label, behind a colon.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ontology.linking.names import words
from server.importer.labels import STATES, Label, label
from server.importer.lines import Line, RefusedLine
from server.importer.printed import Layout, Note, Printed, description_of, value_of
from server.importer.values import is_prose

#: Whether a rule reads words as a value of a field.
Readable = Callable[[str, str], bool]

_COLON = re.compile(r"\s*:\s*(?=\S)")

# What stands before a label: a bullet, a dash on the line above, or nothing; on a page always the same.
_Mark = Literal["bullet", "dash", "none"]
_MARKS: tuple[_Mark, ...] = ("bullet", "dash", "none")

# A line with a label and its value is no longer than this; the longest lists of states are.
_LONGEST = 2000
# So many lines can be one list of states that was broken at the width of a screen.
_MOST_LINES = 40
# Labels further apart than this are not of one block: a menu may hold a word that is also a label.
_FURTHEST = 12


@dataclass(frozen=True, slots=True)
class _Hit:
    place: int
    label: Label
    mark: _Mark
    #: Where the value begins that stands on the line of the label, and else nothing.
    value: int | None = None


def _hits(lines: Sequence[Line]) -> list[_Hit]:
    """The lines that are labels; an entry of a menu with a dash before it is none."""
    hits: list[_Hit] = []
    dashed = False
    for place, line in enumerate(lines):
        mark: _Mark = "bullet" if line.is_bullet else "dash" if dashed else "none"
        found = label(line.bare) if mark == "bullet" or not line.is_menu else None
        if found is not None:
            hits.append(_Hit(place, found, mark))
        dashed = line.is_mark or (dashed and line.is_blank)
    return hits


def _with_values(lines: Sequence[Line]) -> list[_Hit]:
    """The lines that begin with a label and a colon, with the value behind it or blank."""
    hits: list[_Hit] = []
    for place, line in enumerate(lines):
        colon = _COLON.search(line.text) if len(line.text) < _LONGEST else None
        words = line.text[: colon.start()] if colon else line.text
        bare = Line(line.number, line.start, words).bare
        found = label(bare) if colon or line.text.rstrip().endswith(":") else None
        if found is not None:
            hits.append(_Hit(place, found, "none", line.start + colon.end() if colon else None))
    return hits


def _block(lines: Sequence[Line], hits: list[_Hit]) -> list[_Hit]:
    """The labels of the page's table: the run of labels with the most fields, at least two."""
    best = max((_longest([hit for hit in hits if hit.mark == mark]) for mark in _MARKS), key=_fields)
    lined = _longest(_with_values(lines))
    # Two of them can stand in any prose.
    if _fields([hit for hit in lined if hit.value is not None]) > max(2, _fields(best)):
        best = lined
    return best if _fields(best) > 1 else []


def _longest(hits: list[_Hit]) -> list[_Hit]:
    runs: list[list[_Hit]] = []
    for hit in hits:
        if runs and hit.place - runs[-1][-1].place <= _FURTHEST:
            runs[-1].append(hit)
        else:
            runs.append([hit])
    return max(runs, key=_fields, default=[])


def _fields(hits: list[_Hit]) -> int:
    return len({hit.label.field for hit in hits})


def _title(lines: Sequence[Line]) -> Line:
    before = [line for line in lines if not line.is_blank]
    if not before or before[-1].is_menu or label(before[-1].bare) or not words(before[-1].text):
        raise RefusedLine(
            "no title stands before the first label",
            "Write the title on the line before the values.",
            field="title",
            line=before[-1].number if before else None,
            text=before[-1].text if before else None,
        )
    return before[-1]


def _unknown(line: Line) -> Note:
    return Note("UNKNOWN_LABEL", "no field is known under this label", line=line.number, text=line.bare)


def _between(printed: Printed, hit: _Hit, head: Line, lines: Sequence[Line]) -> None:
    """Take the value between a label and the next one; what stands under a label nobody knows is left out."""
    values = [Line(head.number, hit.value, head.text[hit.value - head.start :])] if hit.value else []
    marked = unknown = False
    for line in lines:
        if line.is_mark:
            marked = True
        elif not line.is_blank:
            if marked or line.is_bullet or (hit.value and ":" in line.text):
                printed.notes.append(_unknown(line))
                unknown = True
            if not unknown:
                values.append(line)
            marked = False
    if values:
        printed.values.append(value_of(hit.label.field, values))


def _behind(printed: Printed, hit: _Hit, lines: Sequence[Line], readable: Readable) -> None:
    """Take the value of the last label and the description behind it."""
    field = hit.label.field
    head, rest = lines[0], list(lines[1:])
    while rest and not rest[0].is_mark and rest[0].is_blank:
        del rest[0]
    if hit.value:
        rest[:0] = [Line(head.number, hit.value, head.text[hit.value - head.start :])]
        count = max(1, _listed(field, rest, readable))
    elif head.is_bullet and head.is_indented:
        count = _indented(rest)
    else:
        count = _unindented(printed, field, rest, readable)
    if count:
        printed.values.append(value_of(field, rest[:count]))
    printed.values += description_of(rest[count:])


def _indented(lines: list[Line]) -> int:
    """How many lines stand indented under a bullet; a new bullet ends them."""
    count = 0
    while count < len(lines) and lines[count].is_indented and not lines[count].is_blank:
        if lines[count].is_bullet:
            break
        count += 1
    return count


def _unindented(printed: Printed, field: str, lines: list[Line], readable: Readable) -> int:
    """How many lines are a value: one, for lists of states all that are read, for prose none."""
    if not lines or lines[0].is_mark:
        return 0
    first = lines[0]
    if count := _listed(field, lines, readable):
        return count
    if not readable(field, first.text):
        if not is_prose(first.text):
            return 1
        reason = "a sentence follows the label and counts as the description"
        printed.notes.append(Note("NO_VALUE", reason, field, first.number, first.text))
        return 0
    return 1


def _listed(field: str, lines: Sequence[Line], readable: Readable) -> int:
    """How many lines are one list of states, also where lines end in the middle of a name."""
    count, together = 0, ""
    for number, line in enumerate(lines[:_MOST_LINES] if field in STATES else (), start=1):
        if line.is_blank or is_prose(line.text):
            break
        together += f" {line.text}"
        if readable(field, together):
            count = number
    return count


def _refuse_strays(lines: Sequence[Line], block: list[_Hit], hits: list[_Hit]) -> None:
    """Refuse a page with a marked label behind its table: the table was not understood."""
    known = {hit.label.field for hit in block}
    for hit in hits:
        line = lines[hit.place]
        if hit.place > block[-1].place and hit.mark != "none" and hit.label.field not in known:
            raise RefusedLine(
                f"{hit.label.field}: the label stands apart from the others",
                "Put all labels and values between the title and the description.",
                field=hit.label.field,
                line=line.number,
                text=line.bare,
            )


def labelled(lines: Sequence[Line], readable: Readable) -> Printed | None:
    """What a page with labels prints, or None when there are none. Raises RefusedLine."""
    hits = _hits(lines)
    block = _block(lines, hits)
    if not block:
        return None
    title = _title(lines[: block[0].place])
    begin, end = title.span[0], lines[block[-1].place].span[1]
    printed = Printed(Layout.LABELLED, _languages(block), begin, end, [value_of("title", [title])])
    for hit, following in pairwise(block):
        _between(printed, hit, lines[hit.place], lines[hit.place + 1 : following.place])
    _refuse_strays(lines, block, hits)
    _behind(printed, block[-1], lines[block[-1].place :], readable)
    return printed


def _languages(block: list[_Hit]) -> list[str]:
    """The languages that most of the labels are in."""
    votes: dict[str, int] = {}
    for hit in block:
        for language in hit.label.languages:
            votes[language] = votes.get(language, 0) + 1
    most = max(votes.values())
    return sorted(language for language, count in votes.items() if count == most)

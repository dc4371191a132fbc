"""Telling: what the command line prints of an import, and the report as a file."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ontology.errors import UnwritableFile
from schema.difference import FieldChange
from server.importer.report import Entry, Outcome, Report

Tell = Callable[[str], object]

# Nobody reads more lines than these; the rest is in the report.
_PLAIN_LINES, _LINES = 50, 1000
_QUIET = {Outcome.TAKEN, Outcome.UNCHANGED}

# How long a value is shown, and how much of what two values share stands before their difference.
_SHOWN, _SHARED = 60, 20


def tell(report: Report, say: Tell) -> None:
    """Print the entries, what changes in a dry run, and how many there are of each outcome."""
    left = Counter[bool]()
    for entry in report.entries:
        quiet = entry.outcome in _QUIET and not entry.changes
        left[quiet] += 1
        if left[quiet] <= (_PLAIN_LINES if quiet else _LINES):
            for line in _lines(entry, fields=report.dry_run):
                say(line)
    untold = max(left[True] - _PLAIN_LINES, 0) + max(left[False] - _LINES, 0)
    if untold:
        say(f"... and {untold} more; --report FILE.json has all")
    if report.dry_run:
        for each in report.alongside[:_LINES]:
            say(f"{each.operation:9} {each.identifier}")
    say(_summary(report))


def _summary(report: Report) -> str:
    read = Counter(report.formats.values())
    formats = ", ".join(f"{number} as {name}" for name, number in sorted(read.items()))
    counted = ", ".join(f"{number} {outcome}" for outcome, number in report.counts().items())
    dry = "; nothing was written, this was a dry run" if report.dry_run else ""
    return f"{counted}{dry} (files read: {formats})" if formats else f"nothing to import{dry}"


def _lines(entry: Entry, *, fields: bool) -> Iterator[str]:
    place = f"{entry.file}:{entry.line}" if entry.line else entry.file
    # Most reasons begin with the field that they are about.
    field = None if entry.field and (entry.reason or "").startswith(entry.field) else entry.field
    words = (f"{entry.outcome:9}", place, entry.identifier, field, entry.reason)
    yield " ".join(each for each in words if each)
    if entry.suggestion:
        yield f"{'':9} {entry.suggestion}"
    for each in entry.changes if fields else ():
        yield f"{'':9} {difference(each)}"


def difference(change: FieldChange) -> str:
    """A field with its value before and after, shortened to where they differ."""
    before, after = _value(change.before), _value(change.after)
    if before is None:
        return f"{change.field}: + {_cut(after or '', 0)}"
    if after is None:
        return f"{change.field}: - {_cut(before, 0)}"
    pairs = enumerate(zip(before, after, strict=False))
    same = next((place for place, (old, new) in pairs if old != new), min(len(before), len(after)))
    start = max(same - _SHARED, 0) if max(len(before), len(after)) > _SHOWN else 0
    return f"{change.field}: {_cut(before, start)} -> {_cut(after, start)}"


def _value(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _cut(text: str, start: int) -> str:
    end = start + _SHOWN
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def check_writable(path: Path) -> None:
    """Raises UnwritableFile where no report can be written, before anything is imported."""
    try:
        path.open("a", encoding="utf-8").close()
    except OSError as error:
        raise unwritable(path, error) from None


def write_report(report: Report, path: Path) -> None:
    """Write the report as JSON. Raises UnwritableFile."""
    try:
        with path.open("w", encoding="utf-8") as out:
            out.writelines(report.parts())
    except OSError as error:
        raise unwritable(path, error) from None


def unwritable(path: Path, error: OSError) -> UnwritableFile:
    """The coded error of a file that the system does not let us write."""
    return UnwritableFile(
        f"{path} cannot be written: {error.strerror}", "Check folder, permissions and disk."
    )

"""Report: what became of everything that an import met, entry by entry."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Annotated, Any

from ontology.errors import CompactgraphError
from schema.difference import Difference, FieldChange

#: What the reports of this form call themselves.
FORM = "compactgraph-import/1"


class Outcome(StrEnum):
    """What became of one thing; a note tells something without being a fault."""

    TAKEN = "taken"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MERGED = "merged"
    DELETED = "deleted"
    REFUSED = "refused"
    NOTE = "note"


@dataclass(slots=True)
class Entry:
    """One thing that an import met: where it stood, what became of it, and why."""

    file: Annotated[str, "the path, `-` for a pipe, empty for what stands in no file"]
    line: Annotated[int | None, "the number of the line, where it is about one"]
    outcome: Annotated[
        Outcome, "`taken` (new), `changed`, `unchanged`, `merged`, `deleted`, `refused` or `note`"
    ]
    identifier: Annotated[str | None, "class and key of the thing, such as `project/PN.0008`"] = None
    field: Annotated[str | None, "the field that a refusal or note is about"] = None
    text: Annotated[str | None, "the words that could not be taken"] = None
    code: Annotated[str | None, "the stable code of the error or note"] = None
    reason: Annotated[str | None, "what was wrong"] = None
    suggestion: Annotated[str | None, "what to do about it"] = None
    changes: Annotated[
        tuple[FieldChange, ...],
        "the fields that change: `field`, `before`, `after` (null: no value); new things in a dry run only",
    ] = ()

    def refuse(self, error: CompactgraphError) -> None:
        """Turn the entry into a refusal for this error."""
        self.outcome = Outcome.REFUSED
        self.field, self.code = error.field, error.code
        self.reason, self.suggestion = error.message, error.suggestion

    def to_json(self) -> dict[str, Any]:
        """The entry as a JSON object, without what is not known."""
        found = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "changes"}
        if self.changes:
            found["changes"] = [asdict(each) for each in self.changes]
        return {name: value for name, value in found.items() if value is not None}


def refusal(file: str, line: int | None, error: CompactgraphError, text: str | None = None) -> Entry:
    """The entry of something that was refused for this error; `text` is what it looked like."""
    entry = Entry(file, line, Outcome.REFUSED, text=text)
    entry.refuse(error)
    return entry


@dataclass(slots=True)
class Report:
    """What an import comes to: every entry in the order in which it was met."""

    entries: list[Entry] = field(default_factory=list)
    #: What each file was read as.
    formats: dict[str, str] = field(default_factory=dict)
    #: What was written along with the entries, without standing in a file itself.
    alongside: list[Difference] = field(default_factory=list)
    dry_run: bool = False
    #: The data version that the import made, or None when it made none.
    version: int | None = None
    #: Why nothing could be done at all.
    error: CompactgraphError | None = None

    def add(self, entry: Entry) -> None:
        """Add an entry at the end."""
        self.entries.append(entry)

    def counts(self) -> dict[str, int]:
        """How many entries there are of each outcome, also of those that nothing came to."""
        counted = Counter(each.outcome for each in self.entries)
        return {each.value: counted[each] for each in Outcome}

    @property
    def refused(self) -> list[Entry]:
        """The entries that were refused."""
        return [each for each in self.entries if each.outcome == Outcome.REFUSED]

    @property
    def exit_status(self) -> int:
        """0 when all was taken, 1 when some was refused, 2 when nothing could be done."""
        if self.error is not None:
            return 2
        return 1 if any(each.outcome == Outcome.REFUSED for each in self.entries) else 0

    def of(self, identifier: str) -> Iterator[Entry]:
        """The entries of a thing."""
        return (each for each in self.entries if each.identifier == identifier)

    def compare(self, differences: Iterator[Difference]) -> None:
        """Give each difference to the last entry of its thing, or put it alongside."""
        last = {each.identifier: each for each in self.entries if each.outcome in _WRITTEN}
        for each in differences:
            if (entry := last.get(each.identifier)) is None:
                self.alongside.append(each)
            else:
                entry.changes = each.changes

    def parts(self) -> Iterator[str]:
        """The report as JSON text in pieces, an entry a line; `docs/import.md` describes it."""
        head: dict[str, Any] = {"form": FORM, "status": self.exit_status, "dryRun": self.dry_run}
        head |= {"version": self.version, "counts": self.counts()}
        if self.error is not None:
            told = {"code": self.error.code, "message": self.error.message}
            head["error"] = told | {"suggestion": self.error.suggestion}
        yield _json(head)[:-1]
        yield from _listed("entries", (self._entry(each) for each in self.entries))
        yield from _listed("alongside", map(asdict, self.alongside))
        yield "}\n"

    def to_json(self) -> str:
        """The whole report as JSON text."""
        return "".join(self.parts())

    def _entry(self, entry: Entry) -> dict[str, Any]:
        read_as = self.formats.get(entry.file)
        return entry.to_json() | ({} if read_as is None else {"format": read_as})


_WRITTEN = {Outcome.TAKEN, Outcome.CHANGED, Outcome.MERGED, Outcome.DELETED}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _listed(name: str, values: Iterator[dict[str, Any]]) -> Iterator[str]:
    """A list of a JSON object, one value a line."""
    yield f',\n"{name}": ['
    for place, each in enumerate(values):
        yield f"{',' if place else ''}\n{_json(each)}"
    yield "]"

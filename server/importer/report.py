"""Report: what became of everything that an import met, entry by entry."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from ontology.errors import CompactgraphError


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

    file: str
    line: int | None
    outcome: Outcome
    identifier: str | None = None
    field: str | None = None
    text: str | None = None
    code: str | None = None
    reason: str | None = None
    suggestion: str | None = None

    def refuse(self, error: CompactgraphError) -> None:
        """Turn the entry into a refusal for this error."""
        self.outcome = Outcome.REFUSED
        self.field, self.code = error.field, error.code
        self.reason, self.suggestion = error.message, error.suggestion

    def to_json(self) -> dict[str, Any]:
        """The entry as a JSON object, without what is not known."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def refusal(file: str, line: int | None, error: CompactgraphError, text: str | None = None) -> Entry:
    """The entry of something that was refused for this error; `text` is what it looked like."""
    entry = Entry(file, line, Outcome.REFUSED, text=text)
    entry.refuse(error)
    return entry


@dataclass(slots=True)
class Report:
    """What an import comes to: every entry in the order in which it was met."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Add an entry at the end."""
        self.entries.append(entry)

    def counts(self) -> dict[str, int]:
        """How many entries there are of each outcome, also of those that nothing came to."""
        return {each.value: sum(entry.outcome == each for entry in self.entries) for each in Outcome}

    @property
    def refused(self) -> list[Entry]:
        """The entries that were refused."""
        return [each for each in self.entries if each.outcome == Outcome.REFUSED]

    @property
    def exit_status(self) -> int:
        """0 when all was taken, 1 when some was refused."""
        return 1 if self.refused else 0

    def of(self, identifier: str) -> Iterator[Entry]:
        """The entries of a thing."""
        return (each for each in self.entries if each.identifier == identifier)

    def to_json(self) -> str:
        """The whole report as JSON text: the counts first, then the entries."""
        value = {"counts": self.counts(), "entries": [each.to_json() for each in self.entries]}
        return json.dumps(value, ensure_ascii=False, indent=2) + "\n"

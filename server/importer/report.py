"""Report: what became of everything that an import met, entry by entry."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from ontology.errors import CompactgraphError
from server.importer.entries import Entries, Entry, Outcome

__all__ = ["Entry", "Outcome", "Report", "refusal"]


def refusal(file: str, line: int | None, error: CompactgraphError, text: str | None = None) -> Entry:
    """The entry of something that was refused for this error; `text` is what it looked like."""
    entry = Entry(file, line, Outcome.REFUSED, text=text)
    entry.refuse(error)
    return entry


@dataclass(slots=True)
class Report:
    """What an import comes to: every entry in the order in which it was met."""

    entries: Entries = field(default_factory=Entries)

    def add(self, entry: Entry) -> None:
        """Add an entry at the end."""
        self.entries.append(entry)

    def counts(self) -> dict[str, int]:
        """How many entries there are of each outcome, also of those that nothing came to."""
        return {outcome.value: count for outcome, count in self.entries.counts().items()}

    @property
    def refused(self) -> list[Entry]:
        """The entries that were refused."""
        return [each for each in self.entries if each.outcome == Outcome.REFUSED]

    @property
    def exit_status(self) -> int:
        """0 when all was taken, 1 when some was refused."""
        return 1 if self.counts()[Outcome.REFUSED] else 0

    def of(self, identifier: str) -> Iterator[Entry]:
        """The entries of a thing."""
        return (each for each in self.entries if each.identifier == identifier)

    def to_json(self) -> str:
        """The whole report as JSON text: the counts first, then the entries."""
        value = {"counts": self.counts(), "entries": [each.to_json() for each in self.entries]}
        return json.dumps(value, ensure_ascii=False, indent=2) + "\n"

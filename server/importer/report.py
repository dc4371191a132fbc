"""Report: what became of everything that an import met, entry by entry."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from ontology.errors import CompactgraphError
from schema.difference import Difference
from server.importer.entries import Entries, Entry, Outcome

__all__ = ["FORM", "Entry", "Outcome", "Report", "refusal"]

#: What the reports of this form call themselves.
FORM = "compactgraph-import/1"


def refusal(file: str, line: int | None, error: CompactgraphError, text: str | None = None) -> Entry:
    """The entry of something that was refused for this error; `text` is what it looked like."""
    entry = Entry(file, line, Outcome.REFUSED, text=text)
    entry.refuse(error)
    return entry


@dataclass(slots=True)
class Report:
    """What an import comes to: every entry in the order in which it was met."""

    entries: Entries = field(default_factory=Entries)
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
        return {outcome.value: count for outcome, count in self.entries.counts().items()}

    @property
    def refused(self) -> list[Entry]:
        """The entries that were refused."""
        return [each for each in self.entries if each.outcome == Outcome.REFUSED]

    @property
    def exit_status(self) -> int:
        """0 when all was taken, 1 when some was refused, 2 when nothing could be done."""
        if self.error is not None:
            return 2
        return 1 if self.counts()[Outcome.REFUSED] else 0

    def of(self, identifier: str) -> Iterator[Entry]:
        """The entries of a thing."""
        return (each for each in self.entries if each.identifier == identifier)

    def compare(self, differences: Iterator[Difference]) -> None:
        """Give each difference to the last entry of its thing, or put it alongside."""
        last = {each.identifier: place for place, each in enumerate(self.entries) if each.outcome in _WRITTEN}
        for each in differences:
            if (place := last.get(each.identifier)) is None:
                self.alongside.append(each)
            else:
                entry = self.entries[place]
                entry.changes = each.changes
                self.entries.replace(place, entry)

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

"""Entries: what an import has to tell of everything that it met, in little room for what went well."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from itertools import accumulate, islice, repeat
from typing import Annotated, Any, overload

from ontology.errors import CompactgraphError
from schema.difference import FieldChange


class Outcome(StrEnum):
    """What became of one thing; a note tells something without being a fault."""

    TAKEN = "taken"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MERGED = "merged"
    DELETED = "deleted"
    REFUSED = "refused"
    NOTE = "note"


_OUTCOMES = tuple(Outcome)
_CODES = {outcome: code for code, outcome in enumerate(_OUTCOMES)}
# Other enumerations name outcomes by the same words.
_BY_NAME: dict[str, int] = {outcome.value: code for outcome, code in _CODES.items()}


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


class Entries(Sequence[Entry]):
    """Entries in the order in which they were met.

    Of a million lines nearly all say no more than what became of them, which takes some forty bytes each.
    """

    def __init__(self) -> None:
        self._whole: dict[int, Entry] = {}
        self._files: list[str] = []
        self._file = array("H")
        self._line = array("L")
        self._outcome = bytearray()
        self._identifiers = bytearray()
        self._end = array("Q")

    def append(self, entry: Entry) -> None:
        """Add an entry, which may still change."""
        self._whole[len(self)] = entry
        self._file.append(0)
        self._line.append(0)
        self._outcome.append(_CODES[entry.outcome])
        self._end.append(len(self._identifiers))

    def append_lines(
        self, file: str, lines: Sequence[int], outcomes: Iterable[str], identifiers: Iterable[str]
    ) -> None:
        """Add what became of lines when there is nothing else to be said of them."""
        if not self._files or self._files[-1] != file:
            self._files.append(file)
        encoded = [each.encode() for each in identifiers]
        ends = accumulate(map(len, encoded), initial=len(self._identifiers))
        self._file.extend(repeat(len(self._files) - 1, len(lines)))
        self._line.extend(lines)
        self._outcome.extend(map(_BY_NAME.__getitem__, outcomes))
        self._end.extend(islice(ends, 1, None))
        self._identifiers += b"".join(encoded)

    def replace(self, place: int, entry: Entry) -> None:
        """Put an entry in the place of another."""
        self._whole[place] = entry

    def __len__(self) -> int:
        return len(self._outcome)

    @overload
    def __getitem__(self, place: int) -> Entry: ...

    @overload
    def __getitem__(self, place: slice) -> list[Entry]: ...

    def __getitem__(self, place: int | slice) -> Entry | list[Entry]:
        if isinstance(place, slice):
            return [self._at(each) for each in range(*place.indices(len(self)))]
        return self._at(range(len(self))[place])

    def __iter__(self) -> Iterator[Entry]:
        return (self._at(place) for place in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return id(self)

    def counts(self) -> dict[Outcome, int]:
        """How many entries there are of each outcome."""
        codes = bytearray(self._outcome)
        for place, entry in self._whole.items():
            codes[place] = _CODES[entry.outcome]
        return {outcome: codes.count(code) for outcome, code in _CODES.items()}

    def _at(self, place: int) -> Entry:
        if (whole := self._whole.get(place)) is not None:
            return whole
        start = self._end[place - 1] if place else 0
        identifier = self._identifiers[start : self._end[place]].decode()
        file, outcome = self._files[self._file[place]], _OUTCOMES[self._outcome[place]]
        return Entry(file, self._line[place], outcome, identifier)

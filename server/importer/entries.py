"""Entries: what an import has to tell of everything that it met, in little room for what went well."""

import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
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
# Other enumerations name outcomes by the same words.
_CODES = {outcome.value: code for code, outcome in enumerate(_OUTCOMES)}

#: The number of a line, what became of it, in the words of `Outcome`, and the identifier of its thing.
Told = tuple[int, str, str]


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


@dataclass(frozen=True, slots=True)
class _Block:
    """What became of lines that nothing else is to be said of, packed: neighbours are much alike."""

    file: str
    outcomes: bytes
    packed: bytes

    @staticmethod
    def of(file: str, told: Sequence[Told]) -> "_Block":
        """The lines as a block. No identifier has a line break."""
        text = "\n".join([f"{line}\t{identifier}" for line, _, identifier in told])
        outcomes = bytes([_CODES[outcome] for _, outcome, _ in told])
        return _Block(file, outcomes, zlib.compress(text.encode(), 1))

    def entries(self) -> list[Entry]:
        """The lines as entries."""
        told = zlib.decompress(self.packed).decode().split("\n")
        return [
            Entry(self.file, int(line), _OUTCOMES[code], identifier)
            for code, (line, _, identifier) in zip(
                self.outcomes, (each.partition("\t") for each in told), strict=True
            )
        ]


class Entries(Sequence[Entry]):
    """Entries in the order in which they were met.

    Of a million lines nearly all say no more than what became of them, which takes some five bytes each.
    """

    def __init__(self) -> None:
        #: By place: entries of which all is kept, and blocks of others with the places at which they begin.
        self._whole: dict[int, Entry] = {}
        self._starts: list[int] = []
        self._blocks: list[_Block] = []
        self._length = 0
        self._opened: tuple[int, list[Entry]] = (-1, [])

    def append(self, entry: Entry) -> None:
        """Add an entry, which may still change."""
        self._whole[self._length] = entry
        self._length += 1

    def append_lines(self, file: str, told: Sequence[Told]) -> None:
        """Add what became of lines when there is nothing else to be said of them."""
        if told:
            self._starts.append(self._length)
            self._blocks.append(_Block.of(file, told))
            self._length += len(told)

    def replace(self, place: int, entry: Entry) -> None:
        """Put an entry in the place of another."""
        self._whole[place] = entry

    def __len__(self) -> int:
        return self._length

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
        found = Counter(each.outcome for each in self._whole.values())
        for block in self._blocks:
            found.update({outcome: block.outcomes.count(code) for code, outcome in enumerate(_OUTCOMES)})
        # Of those that were replaced the first outcome does not count.
        found.subtract(outcome for place in self._whole if (outcome := self._packed_outcome(place)))
        return {outcome: found[outcome] for outcome in _OUTCOMES}

    def _packed_outcome(self, place: int) -> Outcome | None:
        number = bisect_right(self._starts, place) - 1
        within = place - self._starts[number] if number >= 0 else 0
        is_packed = number >= 0 and within < len(self._blocks[number].outcomes)
        return _OUTCOMES[self._blocks[number].outcomes[within]] if is_packed else None

    def _at(self, place: int) -> Entry:
        if (whole := self._whole.get(place)) is not None:
            return whole
        number = bisect_right(self._starts, place) - 1
        if self._opened[0] != number:
            self._opened = number, self._blocks[number].entries()
        return self._opened[1][place - self._starts[number]]

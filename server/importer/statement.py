"""Statement: what one source says of one field of a project, and which of several statements wins.

A page wins over a table, and of tables the row that was first taken in last, so that corrections count. The
newest page wins: by the time at which it was fetched; where that is unknown, a page with labels before
one of the old site, then by address and hash, so that the order of files never matters. Equal values stand
together with all their sources; a value that lost is kept as a conflict. The type that the letters of a
Project ID say stands above every printed one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ontology.declaration import ExchangeRecord
from ontology.linking.names import words
from schema.model.source import SourceKind
from server.importer.labels import STATES
from server.importer.page import Page
from server.importer.printed import Layout

NEWEST = (
    "The newest page wins: by time of retrieval; where that is unknown, pages with labels before the old "
    "site's, then by address."
)
TABLES = "A page wins over a table; of tables, the row that was first taken in last wins."
LETTERS = "The letters of the Project ID are the type; a printed type gives way."

#: The fields that pages fill, in the order in which their provenance is listed.
FIELDS = (
    "projectId", "primaId", "title", "description", "startYear", "endYear", "year", "status", "coverage",
    "region", "type", "budgetUsd", "memberStates", "otherStates", "results",
)  # fmt: skip
TEXTS = ("title", "description")

#: Compared from the left: whether it is a page, time of retrieval, layout, address, key.
Rank = tuple[bool, str, bool, str, str]


def rank(source: ExchangeRecord, layout: Layout | None = None) -> Rank:
    """How new a source is; the larger, the newer."""
    labelled = layout is Layout.LABELLED
    is_page = source["kind"] == SourceKind.PAGE.value
    return is_page, source.get("retrievedAt", ""), labelled, source.get("url", ""), source["key"]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a source says of a field, or of one language or numbered result in it (the slot).

    A placeholder has no value.
    """

    field: str
    slot: tuple[str, ...]
    value: Any
    raw: str
    source: str
    rank: Rank
    start: int | None = None
    end: int | None = None
    kind: str = ""

    @property
    def language(self) -> str | None:
        """The language of a text."""
        return self.slot[-1] if self.slot else None

    @property
    def is_lettered(self) -> bool:
        """Whether it is a type that the letters of the Project ID say."""
        return self.field == "type" and self.value == f"type/{self.raw}"

    def provenance(self) -> ExchangeRecord:
        """The provenance entry of the value."""
        entry = {
            "field": self.field,
            "language": self.language,
            "value": self.raw,
            "source": self.source,
            "start": self.start,
            "end": self.end,
        }
        return {name: value for name, value in entry.items() if value is not None}

    def agrees(self, other: "Statement") -> bool:
        """Whether two values are the same: states in any order, titles whatever their capitals."""
        if self.field in STATES:
            return set(self.value) == set(other.value)
        if self.field == "title":
            return words(self.value) == words(other.value)
        return bool(self.value == other.value and self.kind == other.kind)

    def shown(self) -> str:
        """The value in words, for a conflict."""
        return " ".join(self.value) if isinstance(self.value, list) else str(self.value)


def statements(page: Page, source: ExchangeRecord) -> Iterator[Statement]:
    """Everything that a page says."""
    order = rank(source, page.layout)
    key = source["key"]
    for each in page.fields:
        said = (each.language or page.language,) if each.name in TEXTS else ()
        yield Statement(each.name, said, each.value, each.raw, key, order, each.start, each.end)
    for result in page.results:
        slot, place = (result.code, result.language or page.language), (result.start, result.end)
        yield Statement("results", slot, result.text, result.text, key, order, *place, result.kind)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the statements about one slot of a field come to."""

    winner: Statement
    provenance: tuple[ExchangeRecord, ...]
    conflicts: tuple[ExchangeRecord, ...]


def decisions(all_of_them: Iterable[Statement]) -> list[Decision]:
    """One decision for each slot that something was said about, in the order of fields and slots."""
    ordered = sorted(all_of_them, key=lambda each: (each.is_lettered, each.rank), reverse=True)
    ordered.sort(key=lambda each: (FIELDS.index(each.field), _slot_order(each.slot)))
    return [_decided(list(same)) for _, same in groupby(ordered, lambda each: (each.field, each.slot))]


def _slot_order(slot: tuple[str, ...]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Results by number, texts by language."""
    numbers = tuple(map(int, slot[0].split("."))) if len(slot) > 1 and _is_numbered(slot[0]) else ()
    return numbers, slot


def _is_numbered(code: str) -> bool:
    return all(each.isdecimal() for each in code.split("."))


def _decided(same: list[Statement]) -> Decision:
    valued = [each for each in same if each.value is not None]
    if not valued:
        return Decision(same[0], tuple(each.provenance() for each in same), ())
    newest = valued[0]
    agreeing = [each for each in valued if each.agrees(newest)]
    # A title in capitals only is the same title; the one with small letters is the better form of it.
    winner = next((each for each in agreeing if each.field != "title" or not each.value.isupper()), newest)
    return Decision(
        winner,
        tuple(each.provenance() for each in agreeing),
        tuple(_conflict(winner, each) for each in valued if not each.agrees(newest)),
    )


def _conflict(winner: Statement, other: Statement) -> ExchangeRecord:
    return {
        "field": other.field,
        "kept": winner.shown(),
        "other": other.shown(),
        "source": other.source,
        "rule": _rule(winner, other),
    }


def _rule(winner: Statement, other: Statement) -> str:
    if winner.is_lettered and not other.is_lettered:
        return LETTERS
    # The rank begins with whether the source is a page.
    return NEWEST if winner.rank[0] and other.rank[0] else TABLES

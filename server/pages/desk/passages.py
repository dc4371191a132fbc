"""Passages: stored texts with the words marked that claims quote, near to them or whole.

Offsets count code points of the stored text, as Python does. Evidence whose text is not stored any more, or
says something else at its place, is told from what it keeps itself: the words and a little around them.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from ontology.declaration import ExchangeRecord
from schema.snapshot import Snapshot
from server.pages.values import direction

#: How many code points are shown before and behind a quote, until the next space.
AROUND = 400


class Piece(NamedTuple):
    """A piece of a text: `number` is that of the quote that begins here, empty where none does."""

    words: str
    is_quote: bool = False
    number: str = ""
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its quotes: what is near to them, and the whole where that is more."""

    near: list[Piece]
    whole: list[Piece]
    language: str
    url: str
    kind: str

    @property
    def direction(self) -> str:
        """How the text is written."""
        return direction(self.language)


class _Span(NamedTuple):
    start: int
    end: int
    number: str


class _Quotes:
    """The quotes of a link by their numbers: two claims that quote the same place have one number."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[Any, ...], str] = {}
        self.spans: dict[str, list[_Span]] = defaultdict(list)
        self.loose: list[tuple[dict[str, Any], str]] = []

    def add(self, evidence: dict[str, Any], text: str | None) -> str:
        """The number of a quote."""
        source, start, end = evidence.get("source", ""), evidence["start"], evidence["end"]
        place = source, start, end, evidence["quote"]
        if place not in self.numbers:
            self.numbers[place] = number = str(len(self.numbers) + 1)
            if text is not None and text[start:end] == evidence["quote"]:
                self.spans[source].append(_Span(start, end, number))
            else:
                self.loose.append((evidence, number))
        return self.numbers[place]


def passages(snapshot: Snapshot, claims: list[dict[str, Any]]) -> tuple[list[Passage], list[list[str]]]:
    """The texts that claims quote, and the numbers of the quotes of each claim."""
    evidence = [each.get("evidence", []) for each in claims]
    keys = sorted({one["source"] for each in evidence for one in each if "source" in one})
    sources = {each["key"]: each for each in snapshot.several("source", keys)}
    quotes = _Quotes()
    numbers = [
        [quotes.add(one, sources.get(one.get("source", ""), {}).get("text")) for one in each]
        for each in evidence
    ]
    found = [_passage(sources[key], spans) for key, spans in quotes.spans.items()]
    return [*found, *(_kept(*each) for each in quotes.loose)], numbers


def _passage(source: ExchangeRecord, spans: list[_Span]) -> Passage:
    text = source["text"]
    windows = list(_windows(text, spans))
    near: list[Piece] = []
    reached = 0
    for start, end in windows:
        if start > reached:
            near.append(Piece("", is_gap=True))
        near += _pieces(text, start, end, spans)
        reached = end
    if reached < len(text):
        near.append(Piece("", is_gap=True))
    is_all = windows == [(0, len(text))]
    whole = [] if is_all else list(_pieces(text, 0, len(text), spans))
    return Passage(near, whole, source.get("language", ""), source.get("url", ""), source["kind"])


def _kept(evidence: dict[str, Any], number: str) -> Passage:
    near = [Piece(evidence.get("prefix", "")), Piece(evidence["quote"], is_quote=True, number=number)]
    near.append(Piece(evidence.get("suffix", "")))
    return Passage([each for each in near if each.words], [], evidence["language"], "", "")


def _windows(text: str, spans: list[_Span]) -> Iterator[tuple[int, int]]:
    """What is near to the quotes, from a space to a space; what touches is one."""
    current: tuple[int, int] | None = None
    for span in sorted(spans):
        start, end = _begin(text, span.start - AROUND), _end(text, span.end + AROUND)
        if current is not None and start <= current[1]:
            current = current[0], max(end, current[1])
            continue
        if current is not None:
            yield current
        current = start, end
    if current is not None:
        yield current


def _begin(text: str, place: int) -> int:
    if place <= 0:
        return 0
    while place > 0 and not text[place - 1].isspace():
        place -= 1
    return place


def _end(text: str, place: int) -> int:
    while place < len(text) and not text[place].isspace():
        place += 1
    return min(place, len(text))


def _pieces(text: str, start: int, end: int, spans: list[_Span]) -> Iterator[Piece]:
    """A part of a text in pieces, at whose borders quotes begin or end; quotes may overlap."""
    inside = [each for each in spans if each.start < end and each.end > start]
    places = {place for each in inside for place in (each.start, each.end) if start < place < end}
    borders = sorted({start, end, *places})
    for one, other in pairwise(borders):
        begun = " ".join(each.number for each in inside if each.start == one)
        is_quote = any(each.start <= one and other <= each.end for each in inside)
        yield Piece(text[one:other], is_quote, begun)

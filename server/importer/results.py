"""Results: the outcomes and outputs that a description numbers, such as "(Outcome 1)" or "(produit 1.1)".

The text of a result goes from the end of the marker or sentence before it to its own marker. White space and
the punctuation that parts results (`;`, `,`, `.`) are cut off its ends; every word stays, an "and" too.
Plain lists ("1) ...") are no results.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ontology.linking.names import fold

Kind = Literal["outcome", "output"]

_KINDS: dict[str, Kind] = {
    "outcome": "outcome",
    "effet direct": "outcome",
    "resultado": "outcome",
    "output": "output",
    "produit": "output",
    "producto": "output",
}
_MARKER = re.compile(r"\(({}) ?(\d{{1,3}}(?:\.\d{{1,3}}){{0,3}})\)".format("|".join(_KINDS)), re.ASCII)
# A sentence ends where white space and a capital, digit or opening quote follow, and at the end of a line.
_END = re.compile(r"[.!?…](?=\s+[^\W_a-z]|\s+[«“\"(¿¡])|\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:st|sta|sto|ste|mr|mrs|ms|dr|mme|no|art|e\.g|i\.e|vs|approx|p\.ej)|\b[a-z])\.$"
)
_CUT = " \t\n\xa0;,.:!?…"


@dataclass(frozen=True, slots=True)
class Result:
    """An outcome or output: its number, its words, and where they stand in the text."""

    kind: Kind
    code: str
    text: str
    start: int
    end: int
    language: str | None = None


def _sentence_ends(text: str, folded: str, start: int, end: int) -> Iterator[int]:
    for match in _END.finditer(text, start, end):
        if match.group() == "\n" or not _ABBREVIATION.search(
            folded, max(start, match.end() - 8), match.end()
        ):
            yield match.end()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _CUT:
        start += 1
    while start < end and text[end - 1] in _CUT:
        end -= 1
    return start, end


def results(text: str, start: int, end: int) -> Iterator[Result]:
    """The results that the text numbers between two places, in the order in which they stand."""
    folded = fold(text)
    before = start
    for marker in _MARKER.finditer(folded, start, end):
        begin = max(_sentence_ends(text, folded, before, marker.start()), default=before)
        span = _trimmed(text, begin, marker.start())
        if span[0] < span[1]:
            yield Result(_KINDS[marker[1]], marker[2], text[slice(*span)], *span)
        before = marker.end()

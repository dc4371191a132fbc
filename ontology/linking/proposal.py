"""Proposal: a link that a text supports, the rules that say so, and the words that they rest on."""

from dataclasses import dataclass
from typing import Literal

#: How many code points of the text stand before and behind a quote.
AROUND = 32

InstrumentKind = Literal["coordination-mechanism", "implementation-plan"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a text, where they stand, and what stands around them."""

    start: int
    end: int
    quote: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """A national instrument that a text names together with its year."""

    kind: InstrumentKind
    state: str
    year: int
    name: str

    @property
    def key(self) -> str:
        """Its key: state, kind and year."""
        return f"{self.state}-{self.kind}-{self.year}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A link that a text supports: the target's identifier, the rules that fired, and the quotes.

    `confidence` lies between 0 and 1, and is None where a method does not say how sure it is.
    """

    target: str
    rules: tuple[str, ...]
    quotes: tuple[Quote, ...]
    instrument: Instrument | None = None
    confidence: float | None = None


def quoted(text: str, start: int, end: int) -> Quote:
    """The words of the text between two places, with what stands around them."""
    return Quote(start, end, text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND])

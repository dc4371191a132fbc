"""Quotes: words that a person quotes, found to the letter in a project's stored texts, as evidence.

The quote is what stands in the text, from one code point to another; line ends are characters too. Words
around it, or the source, tell places apart where it stands more than once (text quote selectors of the Web
Annotation Data Model, section 4.2.4).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ontology.declaration import ExchangeRecord
from ontology.errors import InvalidRecord, QuoteAmbiguous, QuoteNotFound, TooLarge
from ontology.linking.proposal import Quote
from ontology.linking.proposal import quoted as words_at
from schema.snapshot import Snapshot
from schema.text import clean

#: In code points. What is quoted stays public where texts are withheld, so it has to stay a quotation.
LONGEST_QUOTE = 2_000

# How many places are named where a quote stands in several.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a person quotes: the words, and what stands right before and behind them, and in which source."""

    words: str
    prefix: str = ""
    suffix: str = ""
    source: str | None = None

    def cleaned(self) -> "Quoted":
        """The same in the form in which texts are stored. Raises InvalidRecord, TooLarge."""
        return Quoted(
            _cleaned(self.words, "quote"),
            _cleaned(self.prefix, "prefix"),
            _cleaned(self.suffix, "suffix"),
            self.source,
        )


def _cleaned(text: str, field: str) -> str:
    if len(text) > LONGEST_QUOTE:
        raise TooLarge(
            f"{field} has {len(text)} characters, at most {LONGEST_QUOTE} are taken",
            "Quote less.",
            field=field,
        )
    return clean(text, field)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a quote stands."""

    source: ExchangeRecord
    start: int

    def __str__(self) -> str:
        return f"source/{self.source['key']} at {self.start}"


def evidence(snapshot: Snapshot, project: ExchangeRecord, quoted: Quoted) -> ExchangeRecord:
    """The quote as the evidence of a claim, with offsets, language and the hash of its text.

    Raises QuoteNotFound and QuoteAmbiguous, and InvalidRecord or TooLarge for what can be no quote.
    """
    asked = quoted.cleaned()
    if not asked.words.strip():
        raise InvalidRecord("quote: holds no words", "Quote the words that support the claim.", field="quote")
    texts = list(_texts(snapshot, project, asked.source))
    places = [_Place(text, start) for text in texts for start in _starts(text["text"], asked)]
    if not places:
        raise _absent(project, texts, asked)
    if len(places) > 1:
        named = ", ".join(map(str, places[:_NAMED]))
        raise QuoteAmbiguous(
            f"the quote stands in {len(places)} places: {named}{', ...' if len(places) > _NAMED else ''}",
            "Say which: quote more words, or send prefix, suffix or source.",
            field="quote",
        )
    (place,), length = places, len(asked.words)
    found = words_at(place.source["text"], place.start, place.start + length)
    return evidence_of(found, place.source["key"], _language(place, found.end, project))


def _texts(snapshot: Snapshot, project: ExchangeRecord, source: str | None) -> Iterator[ExchangeRecord]:
    """The project's stored texts, or the one that is named of them. Raises QuoteNotFound."""
    keys = project.get("sources", [])
    named = None if source is None else source.removeprefix("source/")
    if named is not None and named not in keys:
        raise QuoteNotFound(
            f"{source[:100]!r} is no source of project/{project['key']}" if source else "source is empty",
            "Read the project's sources, or leave the source out.",
            field="source",
        )
    for key in keys if named is None else [named]:
        if (found := snapshot.record("source", key)) is not None:
            yield found


def _starts(text: str, asked: Quoted) -> Iterator[int]:
    """Where the quote begins in a text, at each place where what is asked to stand around it does."""
    start = text.find(asked.words)
    while start >= 0:
        end = start + len(asked.words)
        if text.endswith(asked.prefix, 0, start) and text.startswith(asked.suffix, end):
            yield start
        start = text.find(asked.words, start + 1)


def _absent(project: ExchangeRecord, texts: list[ExchangeRecord], asked: Quoted) -> QuoteNotFound:
    suggestion = "Quote the words as they stand there, with the same characters, spaces and line ends."
    # Who copies from a page gets other spaces than the text has, and capitals change at will.
    loose = re.compile(r"\s+".join(map(re.escape, asked.words.split())), re.IGNORECASE)
    for each in texts:
        if found := loose.search(each["text"]):
            suggestion = f"Quote what stands in source/{each['key']} from {found.start()} to {found.end()}."
            if found.group() != asked.words:
                suggestion += f" It is {found.group()[:500]!r}."
            else:
                suggestion += " It has another prefix or suffix."
            break
    return QuoteNotFound(
        f"the quote stands in none of the {len(texts)} stored texts of project/{project['key']}",
        suggestion,
        field="quote",
    )


def evidence_of(quote: Quote, source: str, language: str) -> ExchangeRecord:
    """The evidence that a quote from a source's text is; the key of a source is the hash of its text."""
    return {
        "quote": quote.quote,
        "prefix": quote.prefix,
        "suffix": quote.suffix,
        "start": quote.start,
        "end": quote.end,
        "language": language,
        "textSha256": source,
        "source": source,
    }


def _language(place: _Place, end: int, project: ExchangeRecord) -> str:
    """The language of the value that the quote stands in, else of the whole text. Raises InvalidRecord."""
    for each in project.get("provenance", []):
        is_there = each["source"] == place.source["key"] and "language" in each
        if is_there and each.get("start", end) <= place.start and end <= each.get("end", -1):
            return str(each["language"])
    if "language" not in place.source:
        raise InvalidRecord(
            f"quote: source/{place.source['key']} says no language",
            "Import the text again with its language.",
            field="quote",
        )
    return str(place.source["language"])

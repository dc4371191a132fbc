"""Sentences: the sentences of a text, each with its place, without the furniture of pages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_END = re.compile(
    r"[.!?…]+[\"'»”’)\]]*(?=\s+[\"'«“‘(\[¿¡•–-]*\s?[^\W\d_a-zà-öø-ÿ])|[.!?…]+[\"'»”’)\]]*(?=\s+\d)|[;:]?\s*\n"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-Z]|e\.g|i\.e|cf|no|nos|art|arts|mr|mrs|ms|dr|st|vs|approx|para|ch|fig|vol|p|pp|n|num|núm|sr|sra"
    r"|mm?e|ee\.\s?uu|u\.s|u\.n|etc|inc|al|mio|env|págs?|párr)\.$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_LOWER = re.compile(r"\s*[a-zà-öø-ÿ]")

# A line of this length was broken by an editor where the next one goes on in lower case.
_FULL_LINE = 50
_FEWEST_WORDS = 3
# What stands below these labels of a page are values of fields.
_LABEL = re.compile(
    r"(?:project type|type de projet|tipo de proyecto|benefiting member states?|other countries benefiting"
    r"|[ée]tats?\(?s?\)? membre\(?s?\)? b[ée]n[ée]ficiaire.*|estados miembros beneficiarios.*|idf region"
    r"|coverage|couverture|cobertura.*|project status|statut du projet):?",
    re.IGNORECASE,
)
# A text of this many lines is a page, whose short lines are labels, values and menus.
_PAGE_LINES = 12
_FEWEST_WORDS_OF_LINE = 6


@dataclass(frozen=True, slots=True)
class Sentence:
    """Where a sentence stands in its text (code points), without the space around it."""

    start: int
    end: int


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Sentence]:
    """The sentences between two places of a text that say something, titles and items of lists too."""
    end = len(text) if end is None else end
    is_page = text.count("\n", start, end) >= _PAGE_LINES
    found: list[Sentence] = []
    is_value = False
    for each in _pieces(text, start, end):
        if not is_value and _says_something(text, each, is_page):
            found.append(each)
        is_value = _LABEL.fullmatch(text, each.start, each.end) is not None
    return found


def _pieces(text: str, start: int, end: int) -> Iterator[Sentence]:
    begin = start
    for match in _END.finditer(text, start, end):
        if not _continues(text, begin, match):
            yield from _trimmed(text, begin, match.end())
            begin = match.end()
    yield from _trimmed(text, begin, end)


def _continues(text: str, begin: int, match: re.Match[str]) -> bool:
    """Whether what looks like an end is none: behind an abbreviation, or where a line was broken."""
    if match[0].endswith("\n"):
        line = match.start() - (text.rfind("\n", begin, match.start()) + 1)
        return line >= _FULL_LINE and bool(_LOWER.match(text, match.end())) and match[0].strip() != ";"
    return bool(_ABBREVIATION.search(text[max(begin, match.start() - 12) : match.start() + 1]))


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    words = text[start:end]
    left = start + len(words) - len(words.lstrip(" \t\n\r\f\v\u00a0•-–*·"))
    right = start + len(words.rstrip())
    if left < right:
        yield Sentence(left, right)


def _says_something(text: str, sentence: Sentence, is_page: bool) -> bool:
    words = text[sentence.start : sentence.end]
    if "://" in words and " " not in words:
        return False
    count = len(_WORD.findall(words))
    if is_page and words[-1] not in ".!?;:…)":
        return count >= _FEWEST_WORDS_OF_LINE
    return count >= _FEWEST_WORDS

"""Cues: the turns of speech that take words out of what a text is about, or make them count for less.

All of them stand in the lexicon as data. What a sentence denies, what it only agrees with, and names of
institutions are no topic; what it tells as background counts for less than what somebody is to do.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from ontology.linking.index import Index
from ontology.linking.lexicon import words
from ontology.linking.patterns import Pattern

#: What a sentence tells: what is to be done, how things stand, how an office works, or what any page has.
Kind = Literal["work", "background", "office", "furniture"]

# What joins the words of a name: "Alliance for Decent Work", "Dirección de Empleo y Salud".
_JOINT = (
    r"(?:,?[ \-’']+(?:of|and|for|the|on|in|to|against|&"
    r"|d[eu]s?|d|la|les?|l|et|aux?|à|pour|contre|sur|en|el|los|las|del|y|e|por|para|contra|al?|con"
    r")(?=[ ’']))*[ \-’']+"
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ]\w*"
_NAME_GOES_ON = re.compile(rf"(?:{_JOINT}{_CAPITAL})+")
_NAME = re.compile(rf"{_CAPITAL}(?:(?: and | & |[ \-]){_CAPITAL})+")
# Few words with a capital in quotation marks are what something is called.
_CALLED = re.compile(rf"[«“\"‘]\s?{_CAPITAL}(?:[ \-’']+\w+){{0,5}}\s?[»”\"’]")
_STOP = re.compile(r"[;:]")
_LISTS = re.compile(r"[^.;:!?]{0,60}:")
_LABELLED = re.compile(r"\s*:")
_ONE_WORD = re.compile(r"\W*\w*\W*")
_TWO_WORDS = re.compile(r"\w+(?: +\w+)?")

# How far the name of the Compact may stand behind the words that agree with it.
_REACH = 160


@cache
def _cues(language: str) -> tuple[tuple[tuple[str, Pattern], ...], Index]:
    """The patterns of all cues of a language with the names of these, and the index of them."""
    patterns = tuple((name, each) for name, several in words(language).cues.items() for each in several)
    return patterns, Index([pattern for _, pattern in patterns])


class Said:
    """The turns of speech in a piece of a folded text, by the names of their cues."""

    def __init__(self, folded: str, start: int, end: int, language: str) -> None:
        self._piece = folded, start, end
        self._candidates: dict[str, list[Pattern]] = {}
        patterns, index = _cues(language)
        for place in index.places(folded, start, end):
            name, pattern = patterns[place]
            self._candidates.setdefault(name, []).append(pattern)

    def has(self, *names: str) -> bool:
        """Whether one of these cues is in it."""
        return any(
            pattern.found(*self._piece) for name in names for pattern in self._candidates.get(name, ())
        )

    def places(self, *names: str) -> list[tuple[int, int]]:
        """Where these cues stand, in the order of the text."""
        return sorted(
            place
            for name in names
            for pattern in self._candidates.get(name, ())
            for place in pattern.everywhere(*self._piece)
        )


def names(text: str, folded: str, language: str) -> Iterator[tuple[int, int]]:
    """Where words stand that are part of a name or mean something else than people who move."""
    said = Said(folded, 0, len(folded), language)
    yield from said.places("office", "other-sense")
    yield from _bodies(text, said)
    agreed = [start for start, _ in said.places("agrees")]
    for start, end in said.places("compact"):
        before = [each for each in agreed if start - _REACH < each < start and "." not in folded[each:start]]
        # Else two words stay that name the Compact: putting it into practice is what a project can do.
        named = _TWO_WORDS.match(folded, start)
        yield before[-1] if before else (named.end() if named else start), end


def _bodies(text: str, said: Said) -> Iterator[tuple[int, int]]:
    """Where the names of bodies, places and persons stand: words with capitals that have such a head."""
    for start, end in said.places("begins-name"):
        if text[start].isupper() and (rest := _NAME_GOES_ON.match(text, end)):
            yield start, rest.end()
    ends = {end for _, end in said.places("ends-name")}
    yield from (match.span() for match in _NAME.finditer(text) if match.end() in ends)
    yield from (match.span() for match in _CALLED.finditer(text))


def denied(folded: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Where a sentence speaks of what is not meant."""
    said = Said(folded, start, end, language)
    turns = [each for each, _ in said.places("turns")]
    turns = sorted(turns + [match.start() for match in _STOP.finditer(folded, start, end)])
    for _, ends in said.places("denies"):
        # A colon right behind it announces what is not meant.
        listed = _LISTS.match(folded, ends, end)
        from_here = listed.end() if listed else ends
        yield from_here, min((each for each in turns if each >= from_here), default=end)
    for _, ends in said.places("labels"):
        # Whom a label names is not what is done for them.
        if listed := _LABELLED.match(folded, ends, end):
            yield listed.end(), end
    for begins, ends in said.places("is-denied"):
        # A pronoun alone stands for what was named before.
        own = (each for each in turns if each < begins and not _ONE_WORD.fullmatch(folded, each, begins))
        yield max(own, default=start), ends


def is_of_work(folded: str, start: int, end: int, language: str) -> bool:
    """Whether a sentence says in so many words that somebody does something, or names a project."""
    return Said(folded, start, end, language).has("project", "acts")


def doings(folded: str, start: int, end: int, language: str) -> int:
    """How many words of a sentence tell that somebody does something, less those of how things stand."""
    said = Said(folded, start, end, language)
    return len(set(said.places("project", "acts", "doing"))) - len(set(said.places("standing", "background")))


def kind(folded: str, start: int, end: int, language: str) -> Kind:
    """What a sentence tells; where somebody is to do something, that counts."""
    said = Said(folded, start, end, language)
    does = said.has("project", "acts")
    if said.has("furniture") or (said.has("frames") and not does):
        return "furniture"
    if said.has("logistics", "elsewhere"):
        return "office"
    if said.has("project"):
        return "work"
    if not said.has("acts") and said.has("administrative"):
        return "office"
    return "background" if said.has("background") else "work"

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

_FR = r"(?:de la |de l['’]|de |du |des |d['’])"
_ES = r"(?:de la |de los |de |del )"

#: What a sentence tells: what is to be done, how things stand, how an office works, or what any page has.
Kind = Literal["work", "background", "office", "furniture"]

# By their capitals, which folded text has lost: a ministry of health is no project on health.
_INSTITUTION = re.compile(
    r"(?:Ministr(?:y|ies)|Ministers?|Department|Secretary|Secretariat) (?:of|for)(?: the)?"
    r"(?:,? (?:and (?:the )?|of |for )*[A-Z]\w+)+"
    rf"|(?:[Mm]inist[èe]res?|[Mm]inistres?|[Ss]ecr[ée]tariat) {_FR}[A-ZÉ]\w+"
    rf"(?:(?:,? (?:et )?{_FR}|,? et |, )[A-ZÉ]\w+)*(?: (?:sociale?|publique)s?\b)?"
    rf"|(?:[Mm]inisteri?os?|[Mm]inistr[ao]s?|[Ss]ecretar[ií]a) {_ES}[A-ZÁÉ]\w+"
    rf"(?:(?:,? (?:y )?{_ES}|, | y )[A-ZÁÉ]\w+)*(?: (?:[Ss]ocial|[Pp]ública)\b)?"
    r"|International Organi[sz]ation for Migration|Organisation internationale pour les migrations"
    r"|Organización Internacional para las Migraciones|International Labour Organi[sz]ation"
    r"|Organisation internationale du [Tt]ravail|Organización Internacional del Trabajo"
    r"|World Health Organi[sz]ation|Organisation mondiale de la [Ss]anté|Organización Mundial de la Salud"
    r"|(?:UN|United Nations) High Commissioner for (?:Refugees|Human Rights)"
    r"|Haut[- ]Commissariat (?:des Nations Unies )?(?:pour les réfugiés|aux droits de l['’]homme)"
    r"|Alto Comisionado (?:de las Naciones Unidas )?para los (?:Refugiados|Derechos Humanos)"
)
_STOP = re.compile(r"[;:]")
_LISTS = re.compile(r"[^.;:!?]{0,60}:")
_LABELLED = re.compile(r"\s*:")
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
    yield from (match.span() for match in _INSTITUTION.finditer(text))
    yield from said.places("office", "other-sense")
    agreed = [start for start, _ in said.places("agrees")]
    for start, end in said.places("compact"):
        before = [each for each in agreed if start - _REACH < each < start and "." not in folded[each:start]]
        # Else two words stay that name the Compact: putting it into practice is what a project can do.
        named = _TWO_WORDS.match(folded, start)
        yield before[-1] if before else (named.end() if named else start), end


def denied(folded: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Where a sentence speaks of what is not meant."""
    said = Said(folded, start, end, language)
    turns = [each for each, _ in said.places("turns")]
    turns = sorted(turns + [match.start() for match in _STOP.finditer(folded, start, end)])
    for begins, ends in said.places("denies"):
        # A colon right behind it announces what is not meant.
        listed = _LISTS.match(folded, ends, end)
        from_here = listed.end() if listed else ends
        yield begins, min((each for each in turns if each >= from_here), default=end)
    for _, ends in said.places("labels"):
        # Whom a label names is not what is done for them.
        if listed := _LABELLED.match(folded, ends, end):
            yield listed.end(), end
    for begins, ends in said.places("is-denied"):
        yield max((each for each in turns if each < begins), default=start), ends


def is_of_work(folded: str, start: int, end: int, language: str) -> bool:
    """Whether a sentence says in so many words that somebody does something, or names a project."""
    return Said(folded, start, end, language).has("project", "acts")


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

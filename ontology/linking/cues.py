"""Cues: the turns of speech that take words out of what a text is about, or make them count for less.

All of them stand in the lexicon as data. What a sentence denies, what it only agrees with, and names of
institutions are no topic; what it tells as background counts for less than what somebody is to do.
"""

import re
from collections.abc import Iterator
from typing import Literal

from ontology.linking.lexicon import words

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
_LISTS = re.compile(r"(?: \w+)?\s*:")
_TWO_WORDS = re.compile(r"\w+(?: +\w+)?")

# How far the name of the Compact may stand behind the words that agree with it.
_REACH = 160


def names(text: str, folded: str, language: str) -> Iterator[tuple[int, int]]:
    """Where words stand that are part of a name or mean something else than people who move."""
    cues = words(language).cues
    yield from (match.span() for match in _INSTITUTION.finditer(text))
    for each in (cues["office"], cues["other-sense"]):
        yield from (match.span() for match in each.finditer(folded))
    agreed = [match.start() for match in cues["agrees"].finditer(folded)]
    for match in cues["compact"].finditer(folded):
        before = [
            start
            for start in agreed
            if match.start() - _REACH < start < match.start() and "." not in folded[start : match.start()]
        ]
        # Else two words stay that name the Compact: putting it into practice is what a project can do.
        named = _TWO_WORDS.match(folded, match.start())
        yield before[-1] if before else (named.end() if named else match.start()), match.end()


def denied(folded: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Where a sentence speaks of what is not meant."""
    cues = words(language).cues
    turns = [match.start() for each in (cues["turns"], _STOP) for match in each.finditer(folded, start, end)]
    for match in cues["denies"].finditer(folded, start, end):
        # A colon right behind it announces what is not meant.
        listed = _LISTS.match(folded, match.end(), end)
        from_here = listed.end() if listed else match.end()
        yield match.start(), min((each for each in turns if each >= from_here), default=end)
    for match in cues["is-denied"].finditer(folded, start, end):
        yield max((each for each in turns if each < match.start()), default=start), match.end()


def is_of_work(folded: str, start: int, end: int, language: str) -> bool:
    """Whether a sentence says in so many words that somebody does something, or names a project."""
    cues = words(language).cues
    return any(cues[each].search(folded, start, end) for each in ("project", "acts"))


def kind(folded: str, start: int, end: int, language: str) -> Kind:
    """What a sentence tells; where somebody is to do something, that counts."""
    cues = words(language).cues
    if cues["furniture"].search(folded, start, end):
        return "furniture"
    if cues["logistics"].search(folded, start, end):
        return "office"
    if cues["project"].search(folded, start, end):
        return "work"
    is_done = cues["acts"].search(folded, start, end)
    if not is_done and cues["administrative"].search(folded, start, end):
        return "office"
    return "background" if cues["background"].search(folded, start, end) else "work"

"""Mentions: networks and national instruments that a text names, proposed as links with evidence.

What is proposed is what the words say and no more. A network counts as the global one only where no place
stands behind its name. An instrument is proposed only where the text itself says that it was set up, and in
which year. Each rule has an id that ends in its language, such as `mention.network.country/fr`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from ontology.linking.names import Names, fold
from ontology.linking.proposal import AROUND, Instrument, InstrumentKind, Proposal, Quote, quoted

METHOD = "mention"
METHOD_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to be found: states by their names, and the keys of the networks."""

    states: Names
    networks: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Mention:
    target: str
    rule: str
    start: int
    end: int
    instrument: Instrument | None = None


@dataclass(frozen=True, slots=True)
class _Phrases:
    """The words of one language, folded; a space stands for any number of them.

    In a shape, NAME stands for an instrument's name and YEAR for its year; a shape without YEAR takes that of
    the sentence before.
    """

    network: str
    places: str
    limits: str
    instruments: dict[InstrumentKind, str]
    shapes: dict[str, str]


_ADVERBS_FR = r"(?:(?!pas |jamais |plus )\w+ ){0,4}"
_MADE_FR = r"(?:cree|institue|etabli|mis en place|mis au point|elabore|adopte|lance)e?"
_ADVERBS_EN = r"(?:(?!not |never )\w+ ){0,2}"
_MADE_EN = r"(?:created|established|set up|adopted|developed|launched|put in place)"
_MADE_ES = r"(?:creado|establecido|instituido|elaborado|adoptado|puesto en marcha)"
_DID_ES = r"se (?:creo|establecio|instituyo|elaboro|adopto|puso en marcha)"

_PHRASES: dict[str, _Phrases] = {
    "en": _Phrases(
        network=r"\b(?:un|united nations) network on migration\b",
        places=r" (?:in|for|of)(?: the)? ",
        limits=r"\b(?:regional|national|country|subregional) $",
        instruments={
            "coordination-mechanism": (
                r"national (?:migration )?coordination mechanism(?: (?:on|for) (?:human mobility|migration))?"
            ),
            "implementation-plan": (
                r"national (?:implementation plan (?:of|for)|plan (?:for|on) the implementation of)"
                r" the global compact(?: (?:on|for)(?: safe, orderly and regular)? migration)?"
            ),
        },
        shapes={
            "founding": r"\bin YEAR, (?:the )?(?:creation|establishment|adoption|launch) of (?:the|a) NAME",
            "founded": rf"\bin YEAR, (?:the|a) NAME (?:was|has been) {_ADVERBS_EN}{_MADE_EN}",
            "founded-in": rf"\bNAME,? (?:which )?(?:was )?{_MADE_EN} in YEAR",
            "same-year": rf"\b(?:that|the) same year, (?:the|a) NAME was {_ADVERBS_EN}{_MADE_EN}",
        },
    ),
    "fr": _Phrases(
        network=r"\breseau des nations unies (?:sur|pour) (?:les migrations|la migration)\b",
        places=r" (?:(?:en|au|aux|dans|a|de|du|des)(?: (?:la|les|le))? |(?:de |a )?l'|d')",
        limits=r"\b(?:regional|national) $",
        instruments={
            "coordination-mechanism": (
                r"mecanisme national de coordination"
                r"(?: (?:de la|des|sur les|sur la|en matiere de) (?:mobilite humaine|migrations?))?"
            ),
            "implementation-plan": (
                r"plan national (?:de|pour la) mise en (?:œ|oe)uvre du pacte mondial"
                r"(?: (?:sur les migrations|pour des migrations sures, ordonnees et regulieres))?"
            ),
        },
        shapes={
            "founding": (
                r"\ben YEAR, (?:la creation|la mise en place|l'etablissement|l'institution|l'adoption"
                r"|le lancement) d(?:u |'un )NAME"
            ),
            "founded": rf"\ben YEAR, (?:le|un) NAME a {_ADVERBS_FR}ete {_MADE_FR}",
            "founded-in": rf"\bNAME,? (?:(?:qui )?a ete )?{_MADE_FR} en YEAR",
            "same-year": rf"\bcette meme annee, (?:le|un) NAME a {_ADVERBS_FR}ete {_MADE_FR}",
        },
    ),
    "es": _Phrases(
        network=r"\bred de (?:las )?naciones unidas (?:sobre|para) (?:las? )?migraci(?:on|ones)\b",
        places=r" (?:en|de|para)(?: (?:el|la|los|las))? ",
        limits=r"\b(?:regional|nacional) $",
        instruments={
            "coordination-mechanism": (
                r"mecanismo nacional de coordinacion"
                r"(?: (?:de|sobre|para)(?: las?)? (?:movilidad humana|migraci(?:on|ones)))?"
            ),
            "implementation-plan": (
                r"plan nacional (?:de|para la) (?:implementacion|aplicacion|ejecucion) del pacto mundial"
                r"(?: (?:sobre|para) (?:la |una )?migraci(?:on|ones)(?: segura, ordenada y regular)?)?"
            ),
        },
        shapes={
            "founding": (
                r"\ben YEAR, (?:la creacion|la puesta en marcha|la adopcion|el establecimiento)"
                r" de(?:l| un) NAME"
            ),
            "founded": rf"\ben YEAR,? {_DID_ES} (?:el|un) NAME",
            "founded-in": rf"\bNAME,? (?:que )?(?:fue )?{_MADE_ES} en YEAR",
            "same-year": rf"\b(?:ese|este) mismo ano,? {_DID_ES} (?:el|un) NAME",
        },
    ),
}

#: The languages that there are rules for.
LANGUAGES = tuple(_PHRASES)

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PART_END = re.compile(r"[.,;:!?…()\n]")
# No more than this is read back for the sentence before.
_LONGEST = 2000
_SENTENCE_END = re.compile(r"[.!?…](?=\s)|\n")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", " +"))


@cache
def _network(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    phrases = _PHRASES[language]
    return _compiled(phrases.network), _compiled(phrases.places), _compiled(phrases.limits)


@cache
def _shapes(language: str) -> tuple[tuple[InstrumentKind, str, re.Pattern[str]], ...]:
    phrases = _PHRASES[language]
    return tuple(
        (kind, f"mention.instrument.{shape}/{language}", _compiled(_filled(pattern, name)))
        for kind, name in phrases.instruments.items()
        for shape, pattern in phrases.shapes.items()
    )


def _filled(shape: str, name: str) -> str:
    return shape.replace("NAME", rf"(?P<name>{name})").replace("YEAR", r"(?P<year>\d{4})")


def _networks(text: str, folded: str, language: str, known: Known) -> Iterator[_Mention]:
    name, places, limits = _network(language)
    for match in name.finditer(folded):
        if limits.search(folded, max(0, match.start() - AROUND), match.start()):
            continue
        place = places.match(folded, match.end())
        found = known.states.at(text, place.end()) if place else None
        if found is not None:
            state, end = found
            if state in known.networks:
                rule = f"mention.network.country/{language}"
                yield _Mention(f"network/{state}", rule, match.start(), end)
        elif "global" in known.networks and not (
            _is_of_state(folded, match.start(), known) or _is_placed(text, place)
        ):
            yield _Mention("network/global", f"mention.network.global/{language}", match.start(), match.end())


def _is_of_state(folded: str, start: int, known: Known) -> bool:
    """Whether a state stands right before the name, as in "the Zambia UN Network on Migration"."""
    before = _PART_END.split(folded[max(0, start - 4 * AROUND) : start])[-1]
    return known.states.ends_at(before, len(before))


def _is_placed(text: str, place: re.Match[str] | None) -> bool:
    """Whether a place that is no state stands behind the name, such as a region."""
    return place is not None and text[place.end() : place.end() + 1].isupper()


def _instruments(text: str, folded: str, language: str, state: str) -> Iterator[_Mention]:
    for kind, rule, shape in _shapes(language):
        for match in shape.finditer(folded):
            dated = "year" in shape.groupindex
            year = match["year"] if dated else _year_before(folded, match.start())
            if year is None or not _YEAR.fullmatch(year):
                continue
            instrument = Instrument(
                kind, state, int(year), " ".join(text[slice(*match.span("name"))].split())
            )
            yield _Mention(f"instrument/{instrument.key}", rule, match.start(), match.end(), instrument)


def _year_before(folded: str, start: int) -> str | None:
    """The one year of the sentence before; None when it has none or several."""
    furthest = max(0, start - _LONGEST)
    ends = [each.end() for each in _SENTENCE_END.finditer(folded, furthest, start)]
    if furthest == 0:
        ends.insert(0, 0)
    if len(ends) < 2 or folded[ends[-1] : start].strip():
        return None
    years = set(_YEAR.findall(folded[ends[-2] : ends[-1]]))
    return years.pop() if len(years) == 1 else None


def mentions(
    text: str, language: str, known: Known, states: Sequence[str], within: tuple[int, int] | None = None
) -> list[Proposal]:
    """The links that a text, or the part of it `within` two places, proposes: one for each target.

    All mentions of a target are its quotes. `states` are the beneficiaries; national instruments are proposed
    only where there is exactly one.
    """
    if language not in _PHRASES:
        return []
    start, end = within or (0, len(text))
    # Spaces stand for what is before, so that places in both texts are the same.
    folded = " " * start + fold(text[start:end])
    found = list(_networks(text, folded, language, known))
    if len(states) == 1:
        found += _instruments(text, folded, language, states[0])
    found.sort(key=lambda each: (each.target, each.start, -each.end))
    return [_proposal(text, target, list(same)) for target, same in groupby(found, lambda each: each.target)]


def _proposal(text: str, target: str, found: list[_Mention]) -> Proposal:
    rules = tuple(sorted({each.rule for each in found}))
    quotes: list[Quote] = []
    for each in found:
        if not quotes or each.start >= quotes[-1].end:
            quotes.append(quoted(text, each.start, each.end))
    return Proposal(target, rules, tuple(quotes), found[0].instrument)

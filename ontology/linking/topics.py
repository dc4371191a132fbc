"""Topics: the objectives, goals and targets that a text is about, proposed with the sentences that say so.

Rules of the lexicon are tried on each sentence. A code's confidence grows with the rules that speak for it,
is less where a sentence only tells the background, and gives way to codes that the words show better.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ontology.linking.abstention import enough
from ontology.linking.hits import Hit, Reading
from ontology.linking.lexicon import LANGUAGES, is_goal, is_objective, lexicon
from ontology.linking.names import fold
from ontology.linking.proposal import Proposal, quoted

_WORD = re.compile(r"\w+")
_CERTAIN = 0.97
# What is this sure takes the place of weaker readings of the same words.
_CLEAR = 0.75
_MOST_OBJECTIVES = 4
_MOST_GOALS = 3
# A code far weaker than the best one of its kind is an aside.
_OBJECTIVE_SHARE_OF_BEST = 0.7
_GOAL_SHARE_OF_BEST = 0.58
_LONGEST_QUOTE = 320
_MOST_QUOTES = 3
# Words that add little beside better ones are not quoted, such as a hint in the background.
_SHARE_TO_QUOTE = 0.3
_FURTHEST = 20_000


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_FUNCTION_WORDS = {
    "en": _words(
        "the of and to in for is are on with that this by from as be will at its an has have their which "
        "or who not it they through between into under was been than more other these such where while how "
        "each"
    ),
    "fr": _words(
        "le les des et du en un une est sont pour dans que qui par sur au aux avec ce cette ses leur d l "
        "la de ou il elle ils n s plus entre afin leurs ainsi sera seront ont pas vers chez sans sous ces a"
    ),
    "es": _words(
        "el los las y del en un una es son para que por con su sus al se como lo esta este la sobre "
        "de o e no mas entre fin asi sera seran han ha hacia sin desde quienes cuando donde tambien a"
    ),
}

# A title has few of the words above; endings of longer words tell its language too.
_ENDINGS = {
    "en": re.compile(r"[a-z]{2,}(?:ing|tion|tions|ity|ies|ed|ly|ness|ers|ment|ments|ance|al)"),
    "fr": re.compile(
        r"[a-z]{2,}(?:tion|tions|ment|ments|eur|eurs|euse|euses|aux|ee|ees|ite|ites|ique|iques|ance|er|ir|elle|elles)"
    ),
    "es": re.compile(
        r"[a-z]{2,}(?:cion|ciones|dad|dades|miento|mientos|anza|encia|ar|er|ir"
        r"|[aeilnrst]os|[aeilnrdt]as|[dtlnri]o|[dtnri]a)"
    ),
}


def language_of(text: str) -> str:
    """The language of a text among those of the lexicon, by common words and endings; else English."""
    found = _WORD.findall(fold(text[:_FURTHEST]))
    counts = {
        language: sum(map(known.__contains__, found))
        + sum(_ENDINGS[language].fullmatch(word) is not None for word in found)
        for language, known in _FUNCTION_WORDS.items()
    }
    return max(LANGUAGES, key=lambda language: counts[language])


def topics(
    text: str, language: str | None = None, within: Iterable[tuple[int, int]] | None = None
) -> list[Proposal]:
    """What a text, or its parts `within` places, is about: one proposal a target, the surest first.

    Offsets are code points of `text`. Without a language it is found out; of others nothing is known.
    """
    language = language or language_of(text)
    if language not in LANGUAGES:
        return []
    parts = [(0, len(text))] if within is None else list(within)
    reading = Reading(text, language, parts)
    hits = _by_target(reading.hits())
    weighed = dict(_weighed(hits))
    proposed = {target: hits[target] for target in weighed}
    told = enough(text, reading, proposed, weighed)
    return [_proposal(text, target, same, weighed[target]) for target, same in told.items()]


def _by_target(found: Iterable[Hit]) -> dict[str, list[Hit]]:
    """The hits of each target, without those that give way to another code."""
    hits: dict[str, list[Hit]] = {}
    for hit in found:
        hits.setdefault(hit.target, []).append(hit)
    left = {target: [each for each in same if not _gives_way(each, hits)] for target, same in hits.items()}
    return {target: same for target, same in left.items() if same}


def _weighed(hits: dict[str, list[Hit]]) -> Iterator[tuple[str, float]]:
    """The targets to propose with their confidence; goals that follow from an objective join the hits."""
    for target in _best(_sure(hits)):
        for rule in {hit.rule for hit in hits[target] if hit.implies}:
            own = [hit for hit in hits[target] if hit.rule == rule]
            confidence = _confidence(own)
            for goal in own[0].implies if confidence >= _threshold(target) else ():
                implied = [replace(hit, target=goal, weight=confidence) for hit in own]
                hits.setdefault(goal, []).extend(implied)
    sure = _sure(hits)
    yield from ((target, sure[target]) for target in _best(sure))


def _sure(hits: dict[str, list[Hit]]) -> dict[str, float]:
    confidences = {target: _confidence(same) for target, same in hits.items()}
    return {target: each for target, each in confidences.items() if each >= _threshold(target)}


def _threshold(target: str) -> float:
    return lexicon().thresholds.get(target, lexicon().threshold)


def _gives_way(hit: Hit, hits: dict[str, list[Hit]]) -> bool:
    """Whether other rules clearly show a code that this one gives way to."""
    return any(
        _confidence([each for each in hits.get(target, ()) if each.rule != hit.rule]) >= _CLEAR
        for target in hit.yields
    )


def _confidence(hits: list[Hit]) -> float:
    """How sure several rules make it together; words that count for one do not count for another as well."""
    doubt = 1.0
    taken: list[Hit] = []
    for hit in sorted(hits, key=lambda each: (-each.weight, each.words, each.start, each.rule)):
        overlaps = (
            (each.rule, each.pattern) == (hit.rule, hit.pattern)
            or (each.rule == hit.rule and hit.target in hit.implies)
            or each.shares_words_with(hit)
            for each in taken
        )
        if not any(overlaps):
            taken.append(hit)
            doubt *= 1 - hit.weight
    return round(min(1 - doubt, _CERTAIN), 2)


def _best(sure: dict[str, float]) -> list[str]:
    """The targets to propose: of each kind those near the surest, and targets of a goal with it."""
    kept: list[str] = []
    for is_kind, most, share in (
        (is_objective, _MOST_OBJECTIVES, _OBJECTIVE_SHARE_OF_BEST),
        (is_goal, _MOST_GOALS, _GOAL_SHARE_OF_BEST),
    ):
        of_kind = sorted(filter(is_kind, sure), key=lambda target: (-sure[target], _order(target)))
        kept += [each for each in of_kind[:most] if sure[each] >= share * sure[of_kind[0]]]
    kept += sorted((each for each in sure if each.partition(".")[0] in kept and "." in each), key=_order)
    return kept


def _order(target: str) -> tuple[str, int, str]:
    segment, _, code = target.partition("/")
    whole, _, part = code.partition(".")
    return segment, int(whole), part


def _proposal(text: str, target: str, hits: list[Hit], confidence: float) -> Proposal:
    places: dict[tuple[int, int], float] = {}
    for each in hits:
        place = _around(text, each)
        places[place] = max(each.weight, places.get(place, 0.0))
    least = _SHARE_TO_QUOTE * max(places.values())
    told = (place for place in places if places[place] >= least)
    best = sorted(told, key=lambda place: (-places[place], place))[:_MOST_QUOTES]
    quotes = tuple(quoted(text, *place) for place in sorted(best))
    return Proposal(target, tuple(sorted({each.rule for each in hits})), quotes, None, confidence)


_CLAUSE_END = re.compile(r"[;:]\s|\)[;,]?\s|,\s(?=(?:and|et|y|while|tandis|mientras)\s)")

_OPENS_A_LIST = re.compile(
    r",?\s+(?:including|such as|namely|notamment|[àa] savoir|tel(?:le)?s? que"
    r"|entre otr[oa]s|incluid[oa]s?|tales como|a saber)"
    r"\s*[:,]?\s*\Z",
    re.IGNORECASE,
)


def _around(text: str, hit: Hit) -> tuple[int, int]:
    """The sentence that the words stand in, or the clause of a long one, without the opening of a list."""
    start, end = hit.sentence.start, hit.sentence.end
    for match in _CLAUSE_END.finditer(text, start, end) if end - start > _LONGEST_QUOTE else ():
        if match.end() <= hit.start:
            start = match.end()
        elif match.start() >= hit.end:
            end = match.start() + (match[0][0] == ")")
            break
    opens = _OPENS_A_LIST.search(text, hit.end, end)
    return start, opens.start() if opens else end

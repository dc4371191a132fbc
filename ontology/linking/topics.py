"""Topics: the objectives, goals and targets that a text is about, proposed with the sentences that say so.

Rules of the lexicon are tried on each sentence. A code's confidence grows with the rules that speak for it,
is less where a sentence only tells the background, and gives way to codes that the words show better.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from ontology.linking import cues
from ontology.linking.explicit import named
from ontology.linking.lexicon import LANGUAGES, Lexicon, Rule, lexicon
from ontology.linking.names import fold
from ontology.linking.patterns import Pattern
from ontology.linking.proposal import Proposal, quoted
from ontology.linking.sentences import Sentence, sentences

_WORD = re.compile(r"\w+")
_BACKGROUND = 0.5
_BACKGROUND_BESIDE_WORK = 0.4
# A goal that is not about people who move is often named in passing where they are the topic.
_GENERAL = 0.75
_EXPLICIT = 0.93
_CERTAIN = 0.97
_MOST_OBJECTIVES = 4
_MOST_GOALS = 3
# A code far weaker than the best one is an aside.
_SHARE_OF_BEST = 0.6
_LONGEST_QUOTE = 320
_MOST_QUOTES = 3
_SHORTEST_KEY = 2


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_FUNCTION_WORDS = {
    "en": _words(
        "the of and to in for is are on with that this by from as be will at its an has have their which"
    ),
    "fr": _words(
        "le les des et du en un une est sont pour dans que qui par sur au aux avec ce cette ses leur d l"
    ),
    "es": _words(
        "el los las y del en un una es son para que por con su sus al se como lo esta este la sobre"
    ),
}


@dataclass(frozen=True, slots=True)
class _Hit:
    """A rule that speaks for a target in a sentence, from the first to behind the last of its words."""

    target: str
    rule: str
    pattern: str
    weight: float
    start: int
    end: int
    sentence: Sentence
    yields: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Index:
    """The patterns of a language, found by the beginnings of words that they need."""

    patterns: tuple[tuple[Rule, Pattern], ...]
    by_key: dict[str, tuple[int, ...]]
    longest: int


@cache
def _index(language: str) -> _Index:
    patterns = tuple((rule, each) for rule in lexicon().rules[language] for each in rule.patterns)
    by_key: dict[str, list[int]] = {}
    for place, (_, pattern) in enumerate(patterns):
        for key in pattern.keys:
            by_key.setdefault(key, []).append(place)
    places = {key: tuple(found) for key, found in by_key.items()}
    return _Index(patterns, places, max(map(len, by_key), default=0))


@lru_cache(maxsize=1 << 16)
def _met(word: str, language: str) -> tuple[int, ...]:
    """Where the patterns are that a word may be part of."""
    index = _index(language)
    ends = range(_SHORTEST_KEY, min(len(word), index.longest) + 1)
    return tuple(each for end in ends for each in index.by_key.get(word[:end], ()))


def language_of(text: str) -> str:
    """The language of a text among those of the lexicon, by its commonest words; English where none tells."""
    found = _WORD.findall(fold(text[:20_000]))
    counts = {language: sum(map(known.__contains__, found)) for language, known in _FUNCTION_WORDS.items()}
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
    parts = list(within) if within is not None else [(0, len(text))]
    reading = _Reading(text, language, parts)
    return list(_chosen(text, reading.hits(), lexicon()))


class _Reading:
    """One text as rules see it: folded, and without the words that are no topic."""

    def __init__(self, text: str, language: str, parts: list[tuple[int, int]]) -> None:
        self._language = language
        self._folded = fold(text)
        self._sentences = [each for start, end in parts for each in sentences(text, start, end)]
        denied = [
            span
            for each in self._sentences
            for span in cues.denied(self._folded, each.start, each.end, language)
        ]
        self._plain = _without(self._folded, denied)
        self._topical = _without(self._plain, cues.names(text, self._folded, language))
        self._is_about_migration = any(
            lexicon().cues[language]["context"].search(self._topical, each.start, each.end)
            for each in self._sentences
        )

    def hits(self) -> Iterator[_Hit]:
        """What the rules and the numbers in the text speak for."""
        told = {
            each: cues.is_background(self._folded, each.start, each.end, self._language)
            for each in self._sentences
        }
        beside_work = not all(told.values())
        for each, is_background in told.items():
            share = (_BACKGROUND_BESIDE_WORK if beside_work else _BACKGROUND) if is_background else 1.0
            yield from self._ruled(each, share)
            for code in named(self._plain, each.start, each.end):
                yield _Hit(
                    code.target, code.rule, "", _EXPLICIT, code.start, code.end, each, frozenset()
                )

    def _ruled(self, sentence: Sentence, share: float) -> Iterator[_Hit]:
        words = set(_WORD.findall(self._topical, sentence.start, sentence.end))
        candidates = sorted({each for word in words for each in _met(word, self._language)})
        for candidate in candidates:
            rule, pattern = _index(self._language).patterns[candidate]
            if rule.in_context and not self._is_about_migration:
                continue
            place = pattern.found(self._topical, sentence.start, sentence.end)
            if place is not None:
                less = _GENERAL if rule.is_general and self._is_about_migration else 1.0
                for each in rule.supports:
                    weight = each.weight * share * less
                    yield _Hit(
                        each.target, rule.identifier, pattern.source, weight, *place, sentence, rule.yields
                    )


def _without(folded: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with semicolons, which no pattern reaches over, in the place of these spans."""
    for start, end in spans:
        folded = folded[:start] + ";" * (end - start) + folded[end:]
    return folded


def _chosen(text: str, found: Iterable[_Hit], words: Lexicon) -> Iterator[Proposal]:
    hits: dict[str, list[_Hit]] = {}
    for hit in found:
        hits.setdefault(hit.target, []).append(hit)
    first = {target: _confidence(same) for target, same in hits.items()}
    shown = {target for target, confidence in first.items() if confidence >= _threshold(target, words)}
    left = {
        target: [each for each in same if not _gives_way(each, hits, shown)] for target, same in hits.items()
    }
    sure = {
        target: confidence
        for target, same in left.items()
        if same and (confidence := _confidence(same)) >= _threshold(target, words)
    }
    for target in _best(sure):
        yield _proposal(text, target, left[target], sure[target])


def _threshold(target: str, words: Lexicon) -> float:
    return words.thresholds.get(target, words.threshold)


def _gives_way(hit: _Hit, hits: dict[str, list[_Hit]], shown: set[str]) -> bool:
    """Whether another rule shows a code that this one gives way to."""
    return any(
        target in shown and any(each.rule != hit.rule for each in hits[target]) for target in hit.yields
    )


def _confidence(hits: list[_Hit]) -> float:
    """How sure several rules make it together; words that count for one do not count for another as well."""
    doubt = 1.0
    taken: list[_Hit] = []
    for hit in sorted(hits, key=lambda each: (-each.weight, each.start, each.rule)):
        overlaps = (
            (each.rule, each.pattern) == (hit.rule, hit.pattern)
            or (each.start < hit.end and hit.start < each.end)
            for each in taken
        )
        if not any(overlaps):
            taken.append(hit)
            doubt *= 1 - hit.weight
    return round(min(1 - doubt, _CERTAIN), 2)


def _best(sure: dict[str, float]) -> list[str]:
    """The targets to propose: of each kind those near the surest, and targets of a goal with it."""
    kept: list[str] = []
    for is_kind, most in ((_is_objective, _MOST_OBJECTIVES), (_is_goal, _MOST_GOALS)):
        of_kind = sorted(filter(is_kind, sure), key=lambda target: (-sure[target], _order(target)))
        kept += [each for each in of_kind[:most] if sure[each] >= _SHARE_OF_BEST * sure[of_kind[0]]]
    kept += sorted((each for each in sure if each.partition(".")[0] in kept and "." in each), key=_order)
    return kept


def _is_objective(target: str) -> bool:
    return target.startswith("objective/")


def _is_goal(target: str) -> bool:
    return target.startswith("sdg/") and "." not in target


def _order(target: str) -> tuple[str, int, str]:
    segment, _, code = target.partition("/")
    whole, _, part = code.partition(".")
    return segment, int(whole), part


def _proposal(text: str, target: str, hits: list[_Hit], confidence: float) -> Proposal:
    places: dict[tuple[int, int], float] = {}
    for each in hits:
        place = _around(text, each)
        places[place] = max(each.weight, places.get(place, 0.0))
    best = sorted(places, key=lambda place: (-places[place], place))[:_MOST_QUOTES]
    quotes = tuple(quoted(text, *place) for place in sorted(best))
    return Proposal(target, tuple(sorted({each.rule for each in hits})), quotes, None, confidence)


_CLAUSE_END = re.compile(r"[;:]\s|\)[;,]?\s|,\s(?=(?:and|et|y|while|tandis|mientras)\s)")


def _around(text: str, hit: _Hit) -> tuple[int, int]:
    """The sentence that the words stand in; of a very long one the clause."""
    start, end = hit.sentence.start, hit.sentence.end
    if end - start <= _LONGEST_QUOTE:
        return start, end
    for match in _CLAUSE_END.finditer(text, start, end):
        if match.end() <= hit.start:
            start = match.end()
        elif match.start() >= hit.end:
            end = match.start() + (match[0][0] == ")")
            break
    return start, end

"""Hits: where the rules of the lexicon, and codes named by number, speak for a target in a text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ontology.linking import cues
from ontology.linking.explicit import named
from ontology.linking.index import Index
from ontology.linking.lexicon import Rule, words
from ontology.linking.names import fold
from ontology.linking.patterns import Pattern
from ontology.linking.sentences import Sentence, sentences

# How much the rules weigh in a sentence of each kind, and how much of it is left where others tell of work.
_SHARES: dict[cues.Kind, float] = {"work": 1.0, "background": 0.5, "office": 0.25, "furniture": 0.0}
_BESIDE_WORK = 0.8
# A goal that is not about people who move is often named in passing where they are the topic.
_GENERAL = 0.75
# Who names more goals than these in one sentence lists them.
_MOST_GOALS = 5
_EXPLICIT = 0.93
_IDLE = 0.25


@dataclass(frozen=True, slots=True)
class Hit:
    """Words that speak for a target: by which rule and pattern, how much, from where up to where."""

    target: str
    rule: str
    pattern: str
    weight: float
    start: int
    end: int
    sentence: Sentence
    parts: tuple[tuple[int, int], ...] = ()
    yields: frozenset[str] = frozenset()
    implies: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """How many characters it rests on."""
        return sum(end - start for start, end in self.parts)

    def shares_words_with(self, other: "Hit") -> bool:
        """Whether both rest on the same words; what stands between the parts of a pattern is free."""
        return any(start < end_ and start_ < end for start, end in self.parts for start_, end_ in other.parts)


@cache
def _patterns(language: str) -> tuple[tuple[tuple[Rule, Pattern], ...], Index]:
    """The patterns of a language with their rules, and the index of them."""
    patterns = tuple((rule, each) for rule in words(language).rules for each in rule.patterns)
    return patterns, Index([pattern for _, pattern in patterns])


class Reading:
    """One text as rules see it: folded, and without the words that are no topic."""

    def __init__(self, text: str, language: str, parts: Sequence[tuple[int, int]]) -> None:
        self.parts = parts
        self._language = language
        self._folded = fold(text)
        self.sentences = [each for start, end in parts for each in sentences(text, start, end)]
        denied = [
            span
            for each in self.sentences
            for span in cues.denied(self._folded, each.start, each.end, language)
        ]
        self._plain = _without(self._folded, denied)
        self._topical = _without(self._plain, cues.names(text, self._folded, language))
        self._told: dict[Sentence, cues.Kind] = {
            each: cues.kind(self._folded, each.start, each.end, language) for each in self.sentences
        }
        self.is_about_migration = any(
            cues.Said(self._topical, each.start, each.end, language).has("context") for each in self.sentences
        )

    @property
    def is_of_office(self) -> bool:
        """Whether an office writes about its business in some sentence."""
        return "office" in self._told.values()

    def hits(self) -> Iterator[Hit]:
        """What the rules and the numbers in the text speak for."""
        beside_work = "work" in self._told.values()
        # Where an office writes about its business and nobody does anything, the rest is said in passing.
        idle = _IDLE if self.is_of_office and not self._is_of_work() else 1.0
        for each, kind in self._told.items():
            beside = _BESIDE_WORK if beside_work and kind != "work" else 1.0
            yield from self._ruled(each, _SHARES[kind] * beside * idle)
            for code in named(self._plain, each.start, each.end):
                yield Hit(
                    code.target,
                    code.rule,
                    "",
                    _EXPLICIT,
                    code.start,
                    code.end,
                    each,
                    ((code.start, code.end),),
                )

    def doings(self) -> dict[Sentence, int]:
        """How many words of each sentence tell that something is done, less those of how things stand."""
        return {
            each: cues.doings(self._plain, each.start, each.end, self._language)
            if kind in ("work", "background")
            else 0
            for each, kind in self._told.items()
        }

    def _is_of_work(self) -> bool:
        return any(
            kind != "office" and cues.is_of_work(self._folded, each.start, each.end, self._language)
            for each, kind in self._told.items()
        )

    def _ruled(self, sentence: Sentence, share: float) -> Iterator[Hit]:
        found = list(self._found(sentence))
        goals = {each.target for rule, _, _ in found if rule.is_general for each in rule.supports}
        lists_goals = len(goals) > _MOST_GOALS
        for rule, pattern, parts in found:
            if not (rule.is_general and lists_goals):
                yield from self._spoken(rule, pattern, share, parts, sentence)

    def _found(self, sentence: Sentence) -> Iterator[tuple[Rule, Pattern, tuple[tuple[int, int], ...]]]:
        """The patterns whose words are in the sentence, and where."""
        patterns, index = _patterns(self._language)
        for place in index.places(self._topical, sentence.start, sentence.end):
            rule, pattern = patterns[place]
            if rule.in_context and not self.is_about_migration:
                continue
            parts = pattern.found(self._topical, sentence.start, sentence.end)
            if parts:
                yield rule, pattern, parts

    def _spoken(
        self,
        rule: Rule,
        pattern: Pattern,
        share: float,
        parts: tuple[tuple[int, int], ...],
        sentence: Sentence,
    ) -> Iterator[Hit]:
        less = _GENERAL if rule.is_general and self.is_about_migration else 1.0
        for each in rule.supports:
            weight = each.weight * share * less
            yield Hit(
                each.target,
                rule.identifier,
                pattern.source,
                weight,
                min(start for start, _ in parts),
                max(end for _, end in parts),
                sentence,
                parts,
                rule.yields,
                rule.implies,
            )


def _without(folded: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with semicolons, which no pattern reaches over, in the place of these spans."""
    for start, end in spans:
        folded = folded[:start] + ";" * (end - start) + folded[end:]
    return folded

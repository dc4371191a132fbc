"""Scoring: how far proposals agree with the labels of readers, in the format of development sets.

A label that is arguable is neither right nor wrong when it is proposed, and costs nothing when it is not.
Texts without a label test that nothing is proposed.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ontology.linking.grounds import grounds
from ontology.linking.proposal import Proposal
from ontology.linking.topics import topics

#: The kinds of codes, with the class of their targets and how many there are.
SCHEMES = {"gcm": ("objective", 23), "sdg": ("sdg", 17)}

_BOOTSTRAP = 1000

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counts:
    """Codes that were rightly proposed, wrongly proposed, and not proposed though they are labels."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of proposals that are right; 0 where nothing was proposed."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """The share of labels that were proposed; 0 where there are none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        whole = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / whole if whole else 0.0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was proposed for one item of one scheme: the codes, surest first."""

    language: str
    labels: frozenset[int]
    arguable: frozenset[int]
    proposed: tuple[int, ...]

    def counts(self, code: int | None = None) -> Counts:
        """How far it agrees, in all codes or in one."""
        mine = set(self.proposed) if code is None else {code} & set(self.proposed)
        labels = self.labels if code is None else self.labels & {code}
        return Counts(
            len(mine & labels), len(mine - self.labels - self.arguable), len(labels - set(self.proposed))
        )


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one scheme."""

    answers: list[Answer]
    micro: Counts
    interval: tuple[float, float]
    macro_f1: float
    by_language: dict[str, Counts]
    by_code: dict[int, Counts]
    #: The precision of a code, divided by the share of texts that have it: what proposing it at random gives.
    lift: dict[int, float]

    @property
    def empty(self) -> tuple[int, int]:
        """How many texts without a label got no proposal, and how many such texts there are."""
        without = [each for each in self.answers if not each.labels]
        return sum(not each.proposed for each in without), len(without)


@dataclass(frozen=True, slots=True)
class Quotes:
    """How many quotes there are and stand in their text; how many right links have one in a rationale."""

    spans: int = 0
    valid: int = 0
    compared: int = 0
    overlapping: int = 0


@dataclass(slots=True)
class Evaluation:
    """All figures of proposals for a set of labelled texts."""

    scores: dict[str, Score] = field(default_factory=dict)
    quotes: Quotes = field(default_factory=Quotes)


def prediction(text: str) -> dict[str, Any]:
    """What is proposed for a text, as `compactgraph propose --text` writes it."""
    return as_prediction(topics(text))


def as_prediction(proposals: Iterable[Proposal]) -> dict[str, Any]:
    """Proposals in the form of the contract; targets of goals are left to their goals."""
    found: dict[str, Any] = {"sdg": [], "gcm": [], "sdg_scores": {}, "gcm_scores": {}, "evidence": []}
    found |= {f"{scheme}_codebook_rules": {} for scheme in SCHEMES}
    for each in proposals:
        segment, _, code = each.target.partition("/")
        scheme = "gcm" if segment == "objective" else "sdg"
        if not code.isdigit():
            continue
        found[scheme].append(int(code))
        found[f"{scheme}_scores"][code] = each.confidence
        found[f"{scheme}_codebook_rules"][code] = list(grounds(each.rules, each.target))
        found["evidence"] += [
            {
                "scheme": scheme,
                "code": int(code),
                "start": quote.start,
                "end": quote.end,
                "quote": quote.quote,
            }
            for quote in each.quotes
        ]
    return found


def evaluation(items: Sequence[Item]) -> Evaluation:
    """Propose for every text, and compare with its labels."""
    predictions = [prediction(item["text"]) for item in items]
    made = Evaluation()
    for scheme, (_, most) in SCHEMES.items():
        answers = [
            Answer(
                item["lang"],
                frozenset(item[scheme]),
                frozenset(item.get(f"{scheme}_ok") or ()) - frozenset(item[scheme]),
                tuple(each[scheme]),
            )
            for item, each in zip(items, predictions, strict=True)
        ]
        made.scores[scheme] = _score(answers, range(1, most + 1))
    made.quotes = _quotes(items, predictions)
    return made


def _total(answers: Iterable[Answer], code: int | None = None) -> Counts:
    return sum((each.counts(code) for each in answers), Counts())


def _score(answers: list[Answer], codes: range) -> Score:
    by_code = {code: _total(answers, code) for code in codes}
    labelled = {code: each for code, each in by_code.items() if each.right + each.missed}
    shares = {code: sum(code in each.labels for each in answers) / len(answers) for code in labelled}
    return Score(
        answers,
        _total(answers),
        _interval(answers),
        sum(each.f1 for each in labelled.values()) / len(labelled) if labelled else 0.0,
        {
            language: _total(each for each in answers if each.language == language)
            for language in sorted({each.language for each in answers})
        },
        labelled,
        {code: labelled[code].precision / share for code, share in shares.items()},
    )


def _interval(answers: list[Answer]) -> tuple[float, float]:
    """The middle 95 % of micro-F1 over samples of the texts, drawn with replacement and always the same."""
    draw = random.Random(0)
    counts = [each.counts() for each in answers]
    columns = [
        [each.right for each in counts],
        [each.wrong for each in counts],
        [each.missed for each in counts],
    ]
    sampled: list[float] = []
    for _ in range(_BOOTSTRAP):
        drawn = [draw.randrange(len(counts)) for _ in counts]
        sampled.append(Counts(*(sum(each[place] for place in drawn) for each in columns)).f1)
    sampled.sort()
    return sampled[int(0.025 * _BOOTSTRAP)], sampled[int(0.975 * _BOOTSTRAP)]


def _quotes(items: Sequence[Item], predictions: list[dict[str, Any]]) -> Quotes:
    spans = valid = compared = overlapping = 0
    for item, each in zip(items, predictions, strict=True):
        spans += len(each["evidence"])
        valid += sum(
            item["text"][one["start"] : one["end"]] == one["quote"] != "" for one in each["evidence"]
        )
        for scheme in SCHEMES:
            for code in set(each[scheme]) & set(item[scheme]):
                rationale = _rationale(item, scheme, code)
                compared += bool(rationale)
                overlapping += any(
                    start < end_ and start_ < end
                    for start, end in rationale
                    for start_, end_ in _spans(each["evidence"], scheme, code)
                )
    return Quotes(spans, valid, compared, overlapping)


def _rationale(item: Item, scheme: str, code: int) -> list[tuple[int, int]]:
    """Where the words of a label stand; words that come without a place are those of every label."""
    entries: list[Any] = item.get("rationale") or []
    words = [each for each in entries if isinstance(each, str)]
    places = [(item["text"].find(each), len(each)) for each in words]
    spans = _spans([each for each in entries if isinstance(each, dict)], scheme, code)
    return spans + [(start, start + length) for start, length in places if start >= 0]


def _spans(entries: Iterable[dict[str, Any]], scheme: str, code: int) -> list[tuple[int, int]]:
    return [
        (each["start"], each["end"]) for each in entries if (each["scheme"], each["code"]) == (scheme, code)
    ]

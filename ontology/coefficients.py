"""Coefficients: how far persons agree who judged the same things by yes or no.

Any number of persons, each of whom need not have judged everything. Of every thing, only the judgements of
those count that at least one other person judged too.

- Agreement is the share of pairs of judgements of one thing that are the same.
- Kappa is Cohen's (J. Cohen 1960, Educational and Psychological Measurement 20:37-46). Of more than two
  persons it is the mean over their pairs (R. J. Light 1971, Psychological Bulletin 76:365-377), each pair by
  the number of things that both judged, since pairs need not share as many.
- Alpha is Krippendorff's for nominal data (K. Krippendorff 2011, Computing Krippendorff's Alpha-Reliability),
  which takes any number of persons and judgements that are missing.

Kappa and alpha are not defined where chance alone makes all agree, such as when nobody ever said yes.
Intervals are percentiles of a bootstrap (B. Efron and R. Tibshirani 1993, An Introduction to the Bootstrap,
chapter 13) over whole groups, such as projects, because what is judged of one project is not independent.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, floor
from random import Random

#: Two persons, in the order of their names.
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Measures:
    """The three coefficients, None where they are not defined."""

    agreement: float | None
    kappa: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Interval:
    """The interval that holds 95 of 100 values of resampled data."""

    low: float
    high: float


@dataclass(slots=True)
class Tally:
    """What was judged of one group, counted.

    Of each pair of persons how often both, only the first or only the second said yes; and of all persons
    the coincidences of two yes, and of a yes with a no.
    """

    yes: Counter[tuple[Pair, str]]
    both_yes: float = 0.0
    mixed: float = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether nobody ever said yes."""
        return not self.yes


class Judged:
    """Judgements of the same questions on many groups, ready to be counted with any weights.

    `persons` are those who judged each group; `positives` say of each group, for each question of which
    anyone said yes, who did. There are `questions` questions, and whoever judged a group answered them all.
    """

    def __init__(
        self,
        persons: Sequence[Sequence[str]],
        positives: Sequence[Iterable[frozenset[str]]],
        questions: int = 1,
    ) -> None:
        self._persons = [sorted(each) for each in persons]
        self._pairs = [list(combinations(each, 2)) for each in self._persons]
        self._questions = questions
        self._tallies = [
            _tally(everyone, several) for everyone, several in zip(self._persons, positives, strict=True)
        ]
        self._groups: dict[tuple[str, ...], list[int]] = {}
        for place, everyone in enumerate(self._persons):
            self._groups.setdefault(tuple(everyone), []).append(place)
        self._marked = [place for place, each in enumerate(self._tallies) if not each.is_empty]

    def __len__(self) -> int:
        return len(self._persons)

    def measures(self, weights: Sequence[int] | None = None) -> Measures:
        """The coefficients, each group counted so many times; once when nothing is said."""
        counted = [1] * len(self) if weights is None else weights
        judged: Counter[Pair] = Counter()
        values = 0
        for everyone, places in self._groups.items():
            times = sum(counted[place] for place in places) * self._questions
            values += times * len(everyone)
            for pair in self._pairs[places[0]]:
                judged[pair] += times
        yes: Counter[tuple[Pair, str]] = Counter()
        both_yes = mixed = 0.0
        for place in self._marked:
            if times := counted[place]:
                tally = self._tallies[place]
                both_yes += times * tally.both_yes
                mixed += times * tally.mixed
                for name, count in tally.yes.items():
                    yes[name] += times * count
        return Measures(_agreement(judged, yes), _kappa(judged, yes), _alpha(values, both_yes, mixed))


def _tally(everyone: Sequence[str], positives: Iterable[frozenset[str]]) -> Tally:
    found = Tally(Counter())
    for said_yes in positives:
        count = len(said_yes)
        found.both_yes += count * (count - 1) / (len(everyone) - 1)
        found.mixed += count * (len(everyone) - count) / (len(everyone) - 1)
        for pair in combinations(everyone, 2):
            first, second = pair[0] in said_yes, pair[1] in said_yes
            if first or second:
                found.yes[pair, "both" if first and second else "first" if first else "second"] += 1
    return found


def _agreement(judged: Counter[Pair], yes: Counter[tuple[Pair, str]]) -> float | None:
    compared = sum(judged.values())
    differing = sum(count for (_, how), count in yes.items() if how != "both")
    return None if compared == 0 else 1 - differing / compared


def _kappa_of(judged: int, both: int, first: int, second: int) -> float | None:
    """Cohen's kappa of two persons who judged as many things, from how often either said yes."""
    observed = (judged - first - second) / judged
    one, other = (both + first) / judged, (both + second) / judged
    chance = one * other + (1 - one) * (1 - other)
    return None if chance >= 1 else (observed - chance) / (1 - chance)


def _kappa(judged: Counter[Pair], yes: Counter[tuple[Pair, str]]) -> float | None:
    total, weight = 0.0, 0
    for pair, count in sorted(judged.items()):
        if count == 0:
            continue
        value = _kappa_of(count, *(yes[pair, how] for how in ("both", "first", "second")))
        if value is not None:
            total, weight = total + value * count, weight + count
    return total / weight if weight else None


def _alpha(values: int, both_yes: float, mixed: float) -> float | None:
    yes = both_yes + mixed
    no = values - yes
    return None if yes <= 0 or no <= 0 else 1 - (values - 1) * mixed / (yes * no)


#: The intervals of agreement, kappa and alpha; None where a coefficient is defined in no resample.
Intervals = tuple[Interval | None, Interval | None, Interval | None]


def intervals(several: Sequence[Judged], seed: int, times: int) -> list[Intervals]:
    """The 95 % intervals of the coefficients of several questions on the same groups.

    The same seed draws the same groups: the generator is Python's own, which is the same everywhere.
    """
    random, size = Random(seed), len(several[0]) if several else 0  # noqa: S311
    found: list[tuple[list[float], list[float], list[float]]] = [([], [], []) for _ in several]
    for _ in range(times):
        weights = [0] * size
        for _ in range(size):
            weights[floor(random.random() * size)] += 1
        for values, judged in zip(found, several, strict=True):
            measures = judged.measures(weights)
            for into, value in zip(values, (measures.agreement, measures.kappa, measures.alpha), strict=True):
                if value is not None:
                    into.append(value)
    return [(_percentiles(one), _percentiles(two), _percentiles(three)) for one, two, three in found]


def _percentiles(values: list[float]) -> Interval | None:
    if not values:
        return None
    ordered, last = sorted(values), len(values) - 1
    return Interval(ordered[floor(last * 0.025)], ordered[ceil(last * 0.975)])

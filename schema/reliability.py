"""Reliability: how far the confidence of the lexicon's claims agrees with what reviewers decided.

Counted are links that reviewers accepted or rejected and that the lexicon claims, each once, with its latest
claim.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlmodel import col

from ontology.linking.lexicon import METHOD
from schema.model.link import Claim, Link, LinkStatus

#: So many decisions are needed before confidence is measured by them.
ENOUGH = 100

_BINS = 10
_BOOTSTRAP = 500
# A rule of which little is known stands near the share of all, as if so many more decisions were like all.
_WEIGHT_OF_ALL = 4


@dataclass(frozen=True, slots=True)
class Decided:
    """A claim on a link that was decided: how sure it was, by which rules, and whether it was accepted."""

    confidence: float
    rules: tuple[str, ...]
    accepted: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Claims of like confidence: how many, how sure on average, and which share was accepted."""

    low: float
    high: float
    claims: int
    mean_confidence: float
    accepted_share: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """The table, and the Brier skill score against always saying the share of all, with its 95 % interval.

    The score is 1 for claims that know, 0 for those that know no more than the share, and None where it
    cannot be told.
    """

    decisions: int
    calibrated: bool
    bins: list[Bin]
    brier_skill: float | None
    interval: tuple[float, float] | None


def decided(connection: Connection) -> list[Decided]:
    """All decided claims of the lexicon."""
    asked = (
        select(col(Claim.owner), col(Claim.confidence), col(Claim.rule_ids), col(Link.status))
        .join(Link, col(Link.key) == col(Claim.owner))
        .where(col(Claim.method) == METHOD, col(Claim.confidence).is_not(None))
        .where(col(Link.status).in_([LinkStatus.ACCEPTED, LinkStatus.REJECTED]))
        .order_by(col(Claim.owner), col(Claim.position))
    )
    latest = {row[0]: row for row in connection.execute(asked)}
    return [
        Decided(float(confidence or 0), tuple(rules or ()), status == LinkStatus.ACCEPTED)
        for _, confidence, rules, status in latest.values()
    ]


def reliability(found: Sequence[Decided]) -> Reliability:
    """How far confidence and decisions agree."""
    skill = _skill(found)
    interval = _interval(found) if skill is not None else None
    return Reliability(len(found), len(found) >= ENOUGH, _binned(found), skill, interval)


def _binned(found: Sequence[Decided]) -> list[Bin]:
    bins: dict[int, list[Decided]] = {}
    for each in found:
        bins.setdefault(min(_BINS - 1, int(each.confidence * _BINS)), []).append(each)
    return [
        Bin(
            place / _BINS,
            (place + 1) / _BINS,
            len(same),
            sum(each.confidence for each in same) / len(same),
            sum(each.accepted for each in same) / len(same),
        )
        for place, same in sorted(bins.items())
    ]


def _skill(found: Sequence[Decided]) -> float | None:
    """The Brier skill score; None where all were decided alike, since nothing can be told apart then."""
    share = sum(each.accepted for each in found) / len(found) if found else 0.0
    if not 0 < share < 1:
        return None
    score = sum((each.confidence - each.accepted) ** 2 for each in found) / len(found)
    return 1 - score / (share * (1 - share))


def _interval(found: Sequence[Decided]) -> tuple[float, float] | None:
    """The middle 95 % of the score over samples drawn with replacement, always the same."""
    draw = random.Random(0)
    sampled = [_skill([found[draw.randrange(len(found))] for _ in found]) for _ in range(_BOOTSTRAP)]
    scores = sorted(each for each in sampled if each is not None)
    if not scores:
        return None
    return scores[int(0.025 * len(scores))], scores[int(0.975 * len(scores))]


def acceptance(found: Sequence[Decided]) -> Mapping[str, float] | None:
    """The smoothed acceptance rate of each rule, and under "" that of all; None before there are enough."""
    if len(found) < ENOUGH:
        return None
    share = sum(each.accepted for each in found) / len(found)
    accepted = Counter(rule for each in found if each.accepted for rule in each.rules)
    all_of_it = Counter(rule for each in found for rule in each.rules)
    rates = {
        rule: (accepted[rule] + _WEIGHT_OF_ALL * share) / (number + _WEIGHT_OF_ALL)
        for rule, number in all_of_it.items()
    }
    return {"": share, **rates}


def measured(rules: Iterable[str], rates: Mapping[str, float]) -> float:
    """The confidence of a claim by the acceptance of its rules: that of the best one."""
    return round(max((rates.get(rule, rates[""]) for rule in rules), default=rates[""]), 2)

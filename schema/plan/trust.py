"""Trust: the reliability of proposals, as the API tells it."""

from typing import Any

from schema.plan.read import Fetch
from schema.plan.reference import Answer
from schema.plan.selection import TYPENAME, Selection
from schema.reliability import Bin, decided, reliability


def reliability_of(fetch: Fetch, selection: Selection) -> Answer:
    """The answer to what was selected of `reliability`."""
    found = reliability(decided(fetch.reader.connection))
    low, high = found.interval or (None, None)
    plain: dict[str, Any] = {
        TYPENAME: "Reliability",
        "decisions": found.decisions,
        "calibrated": found.calibrated,
        "brierSkill": found.brier_skill,
        "brierSkillLow": low,
        "brierSkillHigh": high,
    }
    return {
        each.key: [_bin(each.only, one) for one in found.bins] if each.name == "bins" else plain[each.name]
        for each in selection
    }


def _bin(selection: Selection, one: Bin) -> Answer:
    plain: dict[str, Any] = {
        TYPENAME: "ReliabilityBin",
        "low": one.low,
        "high": one.high,
        "claims": one.claims,
        "meanConfidence": one.mean_confidence,
        "acceptedShare": one.accepted_share,
    }
    return {each.key: plain[each.name] for each in selection}

"""Reliability: what decisions say of confidence."""

import pytest

from schema.reliability import ENOUGH, Decided, acceptance, measured, reliability


def claims(number: int, accepted: int, confidence: float, rule: str = "r") -> list[Decided]:
    return [Decided(confidence, (rule,), place < accepted) for place in range(number)]


def test_a_table_says_how_sure_claims_were_and_which_share_was_accepted() -> None:
    found = reliability([*claims(10, 9, 0.9), *claims(10, 1, 0.15)])
    assert [(each.low, each.claims, round(each.accepted_share, 2)) for each in found.bins] == [
        (0.1, 10, 0.1),
        (0.9, 10, 0.9),
    ]
    assert found.brier_skill is not None
    assert found.interval is not None
    assert 0 < found.interval[0] <= found.brier_skill <= found.interval[1] < 1
    assert (found.decisions, found.calibrated) == (20, False)


@pytest.mark.parametrize("decided", [[], claims(5, 5, 0.9), claims(5, 0, 0.9)])
def test_without_both_kinds_of_decisions_there_is_no_skill(decided: list[Decided]) -> None:
    found = reliability(decided)
    assert (found.brier_skill, found.interval) == (None, None)


def test_confidence_is_measured_only_once_there_are_enough_decisions() -> None:
    assert acceptance(claims(ENOUGH - 1, 50, 0.9)) is None
    rates = acceptance([*claims(80, 80, 0.9, "good"), *claims(40, 4, 0.9, "bad")])
    assert rates is not None
    assert measured(["good"], rates) > 0.95
    assert measured(["bad"], rates) < 0.2
    assert measured(["bad", "good"], rates) == measured(["good"], rates)
    assert measured(["new"], rates) == pytest.approx(rates[""], abs=0.01)

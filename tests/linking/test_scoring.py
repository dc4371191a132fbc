"""Scoring: what counts as right, wrong and missed."""

import pytest

from ontology.linking.scoring import Answer, Counts


@pytest.mark.parametrize(
    ("labels", "arguable", "proposed", "counts"),
    [
        ({1, 2}, set(), (1, 3), Counts(1, 1, 1)),
        ({1}, {3}, (1, 3), Counts(1, 0, 0)),
        ({1}, {3}, (), Counts(0, 0, 1)),
        (set(), set(), (), Counts()),
        (set(), set(), (4,), Counts(0, 1, 0)),
    ],
)
def test_an_arguable_code_is_neither_right_nor_wrong(
    labels: set[int], arguable: set[int], proposed: tuple[int, ...], counts: Counts
) -> None:
    assert Answer("en", frozenset(labels), frozenset(arguable), proposed).counts() == counts


def test_figures_follow_from_counts() -> None:
    counts = Counts(3, 1, 2)
    assert (counts.precision, counts.recall) == (0.75, 0.6)
    assert counts.f1 == pytest.approx(2 / 3)
    assert (Counts().precision, Counts().recall, Counts().f1) == (0, 0, 0)

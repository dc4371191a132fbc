"""Rate: so many changes at once and in a minute, for each token by itself."""

import pytest

from ontology.errors import RateLimited
from server.rate import Rate


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_token_may_ask_for_all_at_once_and_waits_for_the_next() -> None:
    clock = Clock()
    rate = Rate(6, clock)
    assert [rate.take("a", 1) for _ in range(6)] == [5, 4, 3, 2, 1, 0]
    with pytest.raises(RateLimited) as caught:
        rate.take("a", 1)
    assert caught.value.seconds == 10
    clock.now = 10
    assert rate.take("a", 1) == 0


def test_what_is_refused_is_not_counted_and_nobody_else_waits() -> None:
    clock = Clock()
    rate = Rate(6, clock)
    rate.take("a", 5)
    for _ in range(3):
        with pytest.raises(RateLimited) as caught:
            rate.take("a", 3)
    assert caught.value.seconds == 20
    assert rate.take("b", 6) == 0
    assert rate.take("a", 1) == 0


def test_more_than_ever_allowed_at_once_takes_all_that_there_is() -> None:
    rate = Rate(3, Clock())
    assert rate.take("a", 20) == 0
    with pytest.raises(RateLimited):
        rate.take("a", 1)


def test_buckets_that_are_full_again_are_forgotten() -> None:
    clock = Clock()
    rate = Rate(60, clock)
    for number in range(10_001):
        rate.take(str(number), 1)
    clock.now = 2
    rate.take("last", 1)
    assert len(rate._buckets) == 1

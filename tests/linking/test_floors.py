"""Floors: what proposals come to on labelled texts never falls below what the project asks of them."""

import pytest

from ontology.linking.scoring import prediction
from tests.linking import nothing, sets
from tests.linking.development import development_set
from tests.linking.sets import measured

FLOORS = {"gcm": (0.70, 0.75), "sdg": (0.65, 0.70)}
BETWEEN_LANGUAGES = 0.15


@pytest.mark.parametrize("name", sets.NAMES)
@pytest.mark.parametrize("scheme", FLOORS)
def test_each_set_reaches_its_floors(scheme: str, name: str) -> None:
    f1, precision = FLOORS[scheme]
    micro = measured(name).scores[scheme].micro
    assert micro.f1 >= f1
    assert micro.precision >= precision


@pytest.mark.parametrize("name", sets.NAMES)
@pytest.mark.parametrize("scheme", FLOORS)
def test_no_language_is_far_from_english(scheme: str, name: str) -> None:
    by_language = measured(name).scores[scheme].by_language
    for language in ("fr", "es"):
        assert by_language[language].f1 >= by_language["en"].f1 - BETWEEN_LANGUAGES


@pytest.mark.parametrize("name", sets.NAMES)
def test_every_quote_stands_in_its_text_and_nearly_all_overlap_the_rationale(name: str) -> None:
    quotes = measured(name).quotes
    assert quotes.valid == quotes.spans > 0
    assert quotes.overlapping >= 0.95 * quotes.compared


def test_nothing_is_proposed_for_a_text_without_a_topic() -> None:
    without = [item for item in development_set() if item["kind"] == "none"]
    assert len(without) >= 15
    for item in without:
        found = prediction(item["text"])
        assert (found["gcm"], found["sdg"]) == ([], []), item["id"]


@pytest.mark.parametrize("name", ["unread", "validation"])
def test_hardly_anything_is_proposed_for_texts_without_a_topic_of_the_other_sets(name: str) -> None:
    for scheme in FLOORS:
        silent, without = measured(name).scores[scheme].empty
        assert silent >= 0.95 * without > 0


def test_nothing_is_proposed_for_office_business_general_statements_and_other_worlds() -> None:
    found = nothing.counted(nothing.texts())
    proposed, number = map(sum, zip(*(found[kind] for kind in nothing.NO_TOPIC), strict=True))
    assert proposed <= 0.01 * number


def test_nothing_is_proposed_for_those_of_them_for_which_nothing_was_written() -> None:
    found = nothing.counted([item for item in nothing.texts() if item["id"].startswith(nothing.APART)])
    assert all(found[kind][0] == 0 < found[kind][1] for kind in nothing.NO_TOPIC)


@pytest.mark.parametrize("kind", nothing.NEAR_MISSES)
def test_little_is_proposed_for_near_misses(kind: str) -> None:
    proposed, number = nothing.counted(nothing.texts())[kind]
    assert proposed <= 0.15 * number


def test_lift_and_macro_f1_are_told_beside_micro_f1() -> None:
    score = measured("a").scores["gcm"]
    assert 0 < score.macro_f1 <= 1
    assert min(score.lift.values()) > 1
    low, high = score.interval
    assert low <= score.micro.f1 <= high

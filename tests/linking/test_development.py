"""The development set: quotes stand where they say, every code is there, and its page tells the figures."""

import json
import re
from collections import Counter
from itertools import product

import pytest
from rdflib import Literal

from ontology.terms import SKOS
from ontology.vocabularies import vocabulary
from tests import documentation
from tests.linking.agreement import FIRST, labellings, pairs_of, unsettled
from tests.linking.development import (
    DEVELOPMENT,
    SCHEMES,
    SIZES,
    Item,
    Labels,
    Scheme,
    arguable,
    core,
    development_set,
    how_often_core,
    located,
    written,
)

ITEMS = development_set()
LANGUAGES = ("en", "fr", "es")
HALVES = ("a", "b")
LEAST: dict[Scheme, int] = {"gcm": 6, "sdg": 4}


@pytest.fixture(params=ITEMS, ids=[item["id"] for item in ITEMS])
def item(request: pytest.FixtureRequest) -> Item:
    found: Item = request.param
    return found


# Each text


def test_a_quote_stands_where_its_offsets_say(item: Item) -> None:
    for each in item["rationale"]:
        assert item["text"][each["start"] : each["end"]] == each["quote"] == each["quote"].strip() != ""


def test_every_core_label_and_no_other_has_its_words(item: Item) -> None:
    explained = {(each["scheme"], each["code"]) for each in item["rationale"]}
    assert explained == {(scheme, code) for scheme in SCHEMES for code in core(item, scheme)}


def test_labels_are_codes_in_order_and_core_or_arguable_or_near_and_never_two_of_them(item: Item) -> None:
    near = {(each["scheme"], each["code"]) for each in item["near"]}
    for scheme in SCHEMES:
        taken, argued = core(item, scheme), arguable(item, scheme)
        assert taken | argued <= set(range(1, SIZES[scheme] + 1))
        assert not taken & argued
        assert not {(scheme, code) for code in taken | argued} & near
    assert all(
        codes == sorted(set(codes)) for codes in (item["gcm"], item["gcm_ok"], item["sdg"], item["sdg_ok"])
    )


def test_the_kind_of_a_text_says_what_its_labels_are(item: Item) -> None:
    labelled = bool(item["gcm"] or item["sdg"])
    assert labelled or item["kind"] != "topic"
    assert not (labelled and item["kind"] == "none")
    assert bool(item["near"]) == (item["kind"] == "near-miss")
    assert item["kind"] != "near-miss" or not item["gcm"]


def test_an_id_is_a_number_in_its_language_and_tells_nothing_else(item: Item) -> None:
    assert re.fullmatch(rf"{item['lang']}-\d\d", item["id"])


def test_no_text_holds_the_official_title_of_an_objective(item: Item) -> None:
    text = folded(item["text"])
    assert [title for title in official_titles() if folded(title) in text] == []


def folded(text: str) -> str:
    """A text without what spelling varies in: case, and the two apostrophes."""
    return text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def official_titles() -> list[str]:
    found = vocabulary("objectives").objects(None, SKOS.prefLabel)
    titles = [str(title) for title in found if isinstance(title, Literal)]
    assert len(titles) == 3 * SIZES["gcm"]
    return titles


# All texts


def test_ids_and_texts_are_unique() -> None:
    assert len({item["id"] for item in ITEMS}) == len({folded(item["text"]) for item in ITEMS}) == len(ITEMS)


def test_the_languages_and_halves_hold_equally_many_texts() -> None:
    found = Counter((item["lang"], item["split"]) for item in ITEMS)
    assert len(ITEMS) >= 180
    assert found == dict.fromkeys(product(LANGUAGES, HALVES), len(ITEMS) // 6)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fifth_text_of_a_language_has_no_topic_or_is_a_near_miss(language: str) -> None:
    kinds = Counter(item["kind"] for item in ITEMS if item["lang"] == language)
    assert 0.2 <= 1 - kinds["topic"] / kinds.total() <= 0.25
    assert min(kinds["none"], kinds["near-miss"]) >= 6


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_code_is_core_often_enough_and_in_both_halves(scheme: Scheme) -> None:
    often = how_often_core(ITEMS, scheme)
    assert {code: often[code] for code in all_codes(scheme) if often[code] < LEAST[scheme]} == {}
    for half in HALVES:
        assert how_often_core([item for item in ITEMS if item["split"] == half], scheme).keys() == all_codes(
            scheme
        )


@pytest.mark.parametrize(("language", "half"), list(product(LANGUAGES, HALVES)))
def test_every_objective_is_core_in_every_language_of_either_half(language: str, half: str) -> None:
    these = [item for item in ITEMS if (item["lang"], item["split"]) == (language, half)]
    assert how_often_core(these, "gcm").keys() == all_codes("gcm")


def all_codes(scheme: Scheme) -> set[int]:
    return set(range(1, SIZES[scheme] + 1))


def test_a_third_of_the_texts_about_a_topic_is_one_sentence() -> None:
    topics = [item["text"] for item in ITEMS if item["kind"] == "topic"]
    assert sum(not re.search(r"[.!?]\s", text) for text in topics) >= len(topics) / 3


# Labellings


def test_every_reader_of_the_file_knows_its_texts() -> None:
    ids = {item["id"] for item in ITEMS}
    found = labellings()
    assert found["A"].keys() == ids
    assert [reader for reader, labels in found.items() if not labels.keys() <= ids] == []
    assert len(FIRST.read_text(encoding="utf-8").splitlines()) == len(ids)


def test_a_label_that_holds_is_that_of_the_first_reader_unless_it_was_settled_otherwise() -> None:
    first = labellings()["A"]
    assert [
        item["id"]
        for item in ITEMS
        if codes(item) != codes(first[item["id"]]) and not item.get("adjudicated")
    ] == []


def codes(labels: Labels) -> list[set[int]]:
    return [labelled for scheme in SCHEMES for labelled in (core(labels, scheme), arguable(labels, scheme))]


def test_where_readers_differ_the_text_says_what_was_decided() -> None:
    assert unsettled(ITEMS, pairs_of(labellings()).values()) == set()


# The file and its page


def test_the_file_is_as_it_would_be_written() -> None:
    again = [located(json.loads(json.dumps(item))) for item in ITEMS]
    assert written(again) == DEVELOPMENT.read_text(encoding="utf-8")


def test_the_page_tells_the_counts_and_the_agreement_that_the_scripts_print() -> None:
    text = documentation.DEVELOPMENT_SET.read_text(encoding="utf-8")
    assert documentation.development() == text, "remake it with: python -m tests.documentation"
    assert text.startswith(f"# The development set for links\n\n{len(ITEMS)} short texts")


def test_a_quote_is_found_again_near_its_old_place_after_an_edit() -> None:
    item: Item = json.loads(json.dumps(ITEMS[0]))
    item["text"] = f"{item['rationale'][0]['quote']} and again: {item['text']}"
    moved = [each["start"] for each in located(item)["rationale"]]
    assert all(
        item["text"][at:].startswith(each["quote"]) for at, each in zip(moved, item["rationale"], strict=True)
    )
    item["text"] = "Nothing is left."
    with pytest.raises(ValueError, match="is not in the text"):
        located(item)

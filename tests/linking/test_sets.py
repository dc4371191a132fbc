"""The other labelled sets have the form that `evaluate` reads, in three languages, and share no text."""

from collections import Counter

import pytest

from tests.linking import nothing, sets
from tests.linking.development import SIZES

FILES = ("unread", "validation", "read")
KEYS = {"id", "lang", "text", "sdg", "sdg_ok", "gcm", "gcm_ok", "certainty", "why", "rationale"}


@pytest.mark.parametrize("name", FILES)
def test_every_text_has_codes_of_its_schemes_and_words_that_they_rest_on(name: str) -> None:
    for item in sets.texts(name):
        assert item.keys() == KEYS
        for scheme, size in SIZES.items():
            core, arguable = set(item[scheme]), set(item[f"{scheme}_ok"])
            assert core | arguable <= set(range(1, size + 1)), item["id"]
            assert not core & arguable, item["id"]
        assert all(words in item["text"] for words in item["rationale"]), item["id"]
        assert bool(item["rationale"]) == bool(item["gcm"] or item["sdg"]), item["id"]


@pytest.mark.parametrize("name", FILES)
def test_the_languages_have_about_as_many_texts_of_a_set(name: str) -> None:
    found = Counter(item["lang"] for item in sets.texts(name))
    assert found.keys() == {"en", "fr", "es"}
    assert min(found.values()) >= 0.75 * max(found.values())


@pytest.mark.parametrize(("scheme", "size"), SIZES.items())
def test_the_unread_set_has_every_code(scheme: str, size: int) -> None:
    codes = {code for item in sets.texts("unread") for code in item[scheme]}
    assert codes == set(range(1, size + 1))


def test_texts_without_a_topic_have_each_kind_as_often_in_each_language() -> None:
    items = nothing.texts()
    found = Counter((item["lang"], item["kind"]) for item in items)
    for kind in (*nothing.NO_TOPIC, *nothing.NEAR_MISSES):
        assert found["en", kind] == found["fr", kind] == found["es", kind] > 0
    assert all(item.keys() == {*KEYS, "kind"} for item in items)
    assert not any(item[key] for item in items for key in ("gcm", "gcm_ok", "sdg", "sdg_ok", "rationale"))


def test_no_text_is_in_two_sets() -> None:
    labelled = [item for name in sets.NAMES for item in sets.texts(name)]
    texts = Counter(item["text"] for item in [*labelled, *nothing.texts()])
    assert set(texts.values()) == {1}

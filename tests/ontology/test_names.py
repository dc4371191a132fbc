"""Names in running text and in lists, whatever their accents, capitals, hyphens and apostrophes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.linking.names import Names, fold, words

NAMES = Names(
    [
        ("Guinea", "GIN"),
        ("Guinea-Bissau", "GNB"),
        ("Papua New Guinea", "PNG"),
        ("Côte d’Ivoire", "CIV"),
        ("Iran (Islamic Republic of)", "IRN"),
        ("Sudan", "SDN"),
        ("South Sudan", "SSD"),
        ("Saint Lucia", "LCA"),
        ("St. Lucia", "LCA"),
        ("Lucia", "XXA"),
        ("Lucia", "XXB"),
    ]
)


@given(st.text())
def test_folding_keeps_the_place_of_every_code_point(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(), st.text())
def test_a_text_is_folded_code_point_by_code_point(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)


@pytest.mark.parametrize(
    "spelling", ["Côte d'Ivoire", "COTE D’IVOIRE", "cote d ivoire", "Co\u0302te d´Ivoire"]
)
def test_a_name_is_found_in_every_spelling_that_differs_in_marks_only(spelling: str) -> None:
    import unicodedata

    assert NAMES.whole(unicodedata.normalize("NFC", spelling)) == "CIV"


def test_syllables_that_share_their_first_sound_are_not_the_same() -> None:
    assert words("한국") != words("하국")


def test_a_name_that_two_things_share_leads_to_neither() -> None:
    assert NAMES.whole("Lucia") is None


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Guinea Guinea-Bissau", ("GIN", "GNB")),
        ("Guinea-Bissau Guinea Papua New Guinea", ("GNB", "GIN", "PNG")),
        ("South Sudan Sudan South Sudan", ("SSD", "SDN")),
        ("Iran (Islamic Republic of), St. Lucia", ("IRN", "LCA")),
    ],
)
def test_a_list_is_read_with_the_longest_names_each_once(text: str, keys: tuple[str, ...]) -> None:
    listing = NAMES.listed(text)
    assert (listing.keys, listing.rest) == (keys, "")


def test_a_list_with_a_word_that_no_name_covers_is_not_read_at_all() -> None:
    listing = NAMES.listed("Guinea Atlantis Sudan")
    assert (listing.keys, listing.rest) == ((), "Atlantis Sudan")


def test_an_empty_list_has_no_names() -> None:
    assert NAMES.listed(" , ").keys == ()
    assert Names([]).listed("Guinea").rest == "Guinea"


@given(st.lists(st.sampled_from(["Guinea", "Guinea-Bissau", "Papua New Guinea", "South Sudan"]), max_size=60))
def test_any_list_of_names_is_read_as_these_states(names: list[str]) -> None:
    expected = dict.fromkeys(NAMES.whole(each) for each in names)
    assert list(NAMES.listed(" ".join(names)).keys) == list(expected)


def test_the_longest_name_at_a_place_is_found_with_its_end() -> None:
    text = "from Papua New Guinea on"
    assert NAMES.at(text, 5) == ("PNG", text.index(" on"))
    assert NAMES.at(text, 4) is None
    assert NAMES.at(text, len(text)) is None
    assert NAMES.ends_at(text, text.index(" on"))
    assert not NAMES.ends_at(text, 4)

"""Links that a text proposes by naming networks and instruments, each with its words as evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.linking.mentions import Known, mentions
from ontology.linking.names import Names
from ontology.linking.proposal import Proposal

KNOWN = Known(
    Names(
        [
            ("Zambia", "ZMB"),
            ("Zambie", "ZMB"),
            ("Ecuador", "ECU"),
            ("Tunisie", "TUN"),
            ("Tunisia", "TUN"),
            ("Nepal", "NPL"),
        ]
    ),
    frozenset({"global", "ZMB", "ECU", "TUN"}),
)


def proposed(text: str, language: str, *states: str) -> dict[str, list[str]]:
    """The quotes by target, after a check that every quote stands where it is said to."""
    found = mentions(text, language, KNOWN, states)
    for each in found:
        check(text, each)
    return {each.target: [quote.quote for quote in each.quotes] for each in found}


def check(text: str, proposal: Proposal) -> None:
    assert proposal.quotes
    for each in proposal.quotes:
        assert text[each.start : each.end] == each.quote != ""
        assert text[: each.start].endswith(each.prefix)
        assert len(each.prefix) == min(32, each.start)
        assert text[each.end :].startswith(each.suffix)
        assert len(each.suffix) == min(32, len(text) - each.end)


# Networks


@pytest.mark.parametrize(
    ("language", "text", "quote"),
    [
        ("en", "the UN Network on Migration in Zambia acts", "UN Network on Migration in Zambia"),
        (
            "en",
            "United Nations network on  migration for Zambia.",
            "United Nations network on  migration for Zambia",
        ),
        (
            "fr",
            "le Réseau des Nations Unies sur les migrations en Zambie sera",
            "Réseau des Nations Unies sur les migrations en Zambie",
        ),
        (
            "es",
            "la Red de las Naciones Unidas sobre la Migración en Zambia.",
            "Red de las Naciones Unidas sobre la Migración en Zambia",
        ),
    ],
)
def test_a_network_with_a_state_behind_it_is_the_one_of_the_state(
    language: str, text: str, quote: str
) -> None:
    assert proposed(text, language) == {"network/ZMB": [quote]}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The UN Network on Migration in 2018 began."),
        ("fr", "Le réseau des Nations Unies sur la migration a été établi."),
        ("es", "Red de las Naciones Unidas sobre Migración"),
    ],
)
def test_a_network_with_no_place_behind_it_is_the_global_one(language: str, text: str) -> None:
    assert list(proposed(text, language)) == ["network/global"]


@pytest.mark.parametrize(
    "text",
    [
        "the Regional UN Network on Migration",
        "the national UN Network on Migration",
        "the UN Network on Migration in Central America",
        "the UN Network on Migration in Nepal",
        "the Zambia UN Network on Migration",
        "the UN Networks on Migration",
    ],
)
def test_a_network_of_a_region_or_of_a_state_without_one_is_not_proposed(text: str) -> None:
    assert proposed(text, "en") == {}


def test_all_mentions_of_a_network_are_evidence_of_one_proposal() -> None:
    text = "The UN Network on Migration met. Later the UN Network on Migration left."
    (only,) = mentions(text, "en", KNOWN, [])
    assert [each.start for each in only.quotes] == [4, 43]
    assert only.rules == ("mention.network.global/en",)


# National instruments

FOUNDED = {
    "en": [
        "In 2021, the establishment of the National Coordination Mechanism on Migration",
        "In 2021, a National Coordination Mechanism was formally established",
        "National Coordination Mechanism, which was created in 2021",
    ],
    "fr": [
        "En 2021, la création du Mécanisme national de coordination de la mobilité humaine",
        "En 2021, un Mécanisme national de coordination a par la suite été créé",
        "Mécanisme national de coordination, créé en 2021",
    ],
    "es": [
        "En 2021, la creación del Mecanismo Nacional de Coordinación sobre Migración",
        "En 2021 se estableció un Mecanismo Nacional de Coordinación",
        "Mecanismo Nacional de Coordinación, creado en 2021",
    ],
}
SAME_YEAR = {
    "en": "That same year, a National Implementation Plan for the Global Compact for Migration was adopted",
    "fr": (
        "Cette même année, un Plan national de mise en œuvre du Pacte mondial sur les migrations a en outre "
        "été mis au point"
    ),
    "es": "Ese mismo año se elaboró un Plan Nacional de Implementación del Pacto Mundial",
}


@pytest.mark.parametrize(
    ("language", "quote"), [(key, each) for key, all_ in FOUNDED.items() for each in all_]
)
def test_an_instrument_with_its_year_is_proposed_with_words_that_hold_the_year(
    language: str, quote: str
) -> None:
    text = f"Vorher. {quote}, xyz."
    assert proposed(text, language, "NPL") == {"instrument/NPL-coordination-mechanism-2021": [quote]}


@pytest.mark.parametrize("language", FOUNDED)
def test_the_same_year_is_that_of_the_sentence_before(language: str) -> None:
    text = f"{FOUNDED[language][0]}, xyz. {SAME_YEAR[language]}."
    assert proposed(text, language, "NPL") == {
        "instrument/NPL-coordination-mechanism-2021": [FOUNDED[language][0]],
        "instrument/NPL-implementation-plan-2021": [SAME_YEAR[language]],
    }


@pytest.mark.parametrize(
    "before",
    ["", "Nothing has a year.", "From 2019 to 2021, much was done.", "In 2021, all began.\nNo year here."],
)
def test_without_one_year_in_the_sentence_before_there_is_no_proposal(before: str) -> None:
    assert proposed(f"{before} {SAME_YEAR['en']}.", "en", "NPL") == {}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A National Coordination Mechanism will be established in 2021."),
        ("en", "In 2021, a National Coordination Mechanism was not established."),
        ("en", "In 2021, people spoke of a National Coordination Mechanism."),
        ("fr", "En 2021, un Mécanisme national de coordination n’a pas été créé."),
        ("fr", "Un Mécanisme national de coordination sera créé en 2021."),
        ("fr", "En 9999, la création du Mécanisme national de coordination."),
        ("es", "Se creará un Mecanismo Nacional de Coordinación en 2021."),
    ],
)
def test_an_instrument_that_the_text_does_not_date_is_not_proposed(language: str, text: str) -> None:
    assert proposed(text, language, "NPL") == {}


def test_instruments_need_exactly_one_state() -> None:
    text = FOUNDED["en"][0]
    assert proposed(text, "en") == proposed(text, "en", "NPL", "ZMB") == {}


def test_an_instrument_carries_its_name_as_the_text_gives_it() -> None:
    (only,) = mentions(SAME_YEAR["fr"].replace("Cette", "En 2020, rien. Cette"), "fr", KNOWN, ["NPL"])
    assert only.instrument is not None
    assert only.instrument.name == "Plan national de mise en œuvre du Pacte mondial sur les migrations"
    assert (only.instrument.key, only.instrument.year) == ("NPL-implementation-plan-2020", 2020)
    assert only.rules == ("mention.instrument.same-year/fr",)


# Any text


def test_a_part_of_a_text_is_searched_with_places_in_the_whole() -> None:
    text = "UN Network on Migration. UN Network on Migration. UN Network on Migration."
    (only,) = mentions(text, "en", KNOWN, [], within=(25, 49))
    assert [(each.start, each.end) for each in only.quotes] == [(25, 48)]
    check(text, only)


def test_a_language_without_rules_proposes_nothing() -> None:
    assert mentions("UN Network on Migration", "ru", KNOWN, []) == []


PHRASES = [*FOUNDED["en"], SAME_YEAR["en"], "UN Network on Migration", " in Zambia", ". ", "\n", "É", "🦩"]


@given(st.lists(st.one_of(st.sampled_from(PHRASES), st.text(max_size=5)), max_size=12))
def test_quotes_of_any_text_stand_where_they_are_said_to(parts: list[str]) -> None:
    proposed("".join(parts), "en", "ZMB")

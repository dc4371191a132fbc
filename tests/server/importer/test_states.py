"""Lists of states: every state under each of its names, in any order, in any mixture of languages."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology.linking.names import words
from ontology.reading import records
from ontology.vocabularies import vocabulary as graph
from schema.record import NOUNS, declaration
from server.importer.lines import RefusedLine
from server.importer.page import page_of_file
from server.importer.vocabulary import Vocabulary
from tests.invented import PROJECTS, Invented
from tests.server.importer.inputs import changed

LANGUAGES = ("en", "fr", "es")
STATES = {each["key"]: each for each in records(graph("states"), [declaration(NOUNS["MemberState"])])}


def names(key: str) -> Iterator[str]:
    """Every name and alias of a state in the languages of pages."""
    state = STATES[key]
    for language in LANGUAGES:
        yield state["name"][language]
        yield from state.get("spellings", {}).get(language, [])


NAMED = [(key, name) for key in sorted(STATES) for name in names(key)]


def test_every_state_is_found_by_each_of_its_names(vocabulary: Vocabulary) -> None:
    assert len(STATES) == 195
    for key, name in NAMED:
        assert vocabulary.states.listed(name).keys == (key,), name


def test_no_joined_list_of_names_can_be_read_in_two_ways() -> None:
    """Sardinas and Patterson (1953): no rest of a name that another name begins is a name in the end.

    So a list of any length and order has one reading; the words of the vocabulary prove it, not samples.
    """
    codes = {words(name) for _, name in NAMED}
    rests = {more[len(less) :] for less in codes for more in codes if _begins(more, less)}
    assert rests
    seen = set(rests)
    while rests:
        assert not rests & codes
        crossed = {
            one[len(other) :]
            for name in codes
            for rest in rests
            for one, other in ((name, rest), (rest, name))
            if _begins(one, other)
        }
        rests = crossed - seen
        seen |= rests


def _begins(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    return len(longer) > len(shorter) and longer[: len(shorter)] == shorter


@settings(max_examples=300, deadline=None)
@given(listed=st.lists(st.sampled_from(NAMED), min_size=1, max_size=47), glue=st.sampled_from([" ", ", "]))
def test_any_list_of_states_is_read_each_once_in_its_order(
    listed: list[tuple[str, str]], glue: str, vocabulary: Vocabulary
) -> None:
    found = vocabulary.states.listed(glue.join(name for _, name in listed))
    assert (list(found.keys), found.rest) == (list(dict.fromkeys(key for key, _ in listed)), "")


@settings(max_examples=100, deadline=None)
@given(
    before=st.lists(st.sampled_from(NAMED), max_size=20), behind=st.lists(st.sampled_from(NAMED), max_size=20)
)
def test_a_list_with_a_name_that_nobody_knows_is_refused_from_there_on(
    before: list[tuple[str, str]], behind: list[tuple[str, str]], vocabulary: Vocabulary
) -> None:
    printed = [name for _, name in (*before, ("", "Atlantis"), *behind)]
    found = vocabulary.states.listed(" ".join(printed))
    assert found.keys == ()
    assert found.rest == " ".join(printed[len(before) :])


@pytest.mark.parametrize(
    ("printed", "keys"),
    [
        ("Guinea Guinea-Bissau Equatorial Guinea Papua New Guinea", ["GIN", "GNB", "GNQ", "PNG"]),
        ("Guinée équatoriale Guinée Papouasie-Nouvelle-Guinée Guinée-Bissau", ["GNQ", "GIN", "PNG", "GNB"]),
        ("Guinea Guinea Ecuatorial Guinea Papua Nueva Guinea", ["GIN", "GNQ", "PNG"]),
        ("Niger Nigeria Níger", ["NER", "NGA"]),
        ("Dominica Dominican Republic Republic of Moldova", ["DMA", "DOM", "MDA"]),
        ("Dominique République dominicaine", ["DMA", "DOM"]),
        ("Sudan South Sudan Sudán Sudán del Sur", ["SDN", "SSD"]),
        ("Soudan Soudan du Sud Soudan", ["SDN", "SSD"]),
        ("Congo Democratic Republic of the Congo", ["COG", "COD"]),
        ("République démocratique du Congo Congo", ["COD", "COG"]),
        ("Republic of Korea Democratic People's Republic of Korea", ["KOR", "PRK"]),
        ("United Kingdom of Great Britain and Northern Ireland Ireland", ["GBR", "IRL"]),
        ("Micronesia (Federated States of) Federated States of Micronesia", ["FSM"]),
    ],
)
def test_names_that_hold_other_names_are_told_apart(
    printed: str, keys: list[str], vocabulary: Vocabulary
) -> None:
    assert list(vocabulary.states.listed(printed).keys) == keys


def with_states(invented: Invented, printed: str) -> Invented:
    label = list(invented.values)[-2]
    values = invented.values | {label: printed}
    return Invented(invented.language, invented.address, invented.title, values, invented.description)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_47_states_is_read_in_every_layout(language: str, vocabulary: Vocabulary) -> None:
    keys = sorted(STATES)[::4][:47]
    printed = " ".join(STATES[key]["name"][language] for key in keys)
    invented = with_states(PROJECTS[language], printed)
    for content in (invented.dashes(), invented.bullets(), invented.plain()):
        assert page_of_file(content, vocabulary).value("memberStates") == keys


@pytest.mark.parametrize("language", ["fr", "es"])
def test_english_names_on_other_pages_and_repeated_states_are_read(
    language: str, vocabulary: Vocabulary
) -> None:
    printed = f"{STATES['FSM']['name'][language]} Federated States of Micronesia Germany South Africa Germany"
    content = with_states(PROJECTS[language], printed).dashes()
    assert page_of_file(content, vocabulary).value("memberStates") == ["FSM", "DEU", "ZAF"]


def test_a_list_that_is_broken_within_a_name_is_one_list(vocabulary: Vocabulary) -> None:
    content = changed(
        "Zambia\n", "Zambia Papua New\nGuinea Côte\nd’Ivoire Saint Vincent and the\nGrenadines\n"
    )
    found = page_of_file(content, vocabulary)
    assert found.value("memberStates") == ["ZMB", "PNG", "CIV", "VCT"]
    assert found.value("description") == "Words of a description."


def test_a_page_with_a_state_that_nobody_knows_is_refused_with_the_rest(vocabulary: Vocabulary) -> None:
    with pytest.raises(RefusedLine, match="found 'Atlantis Kenya'") as caught:
        page_of_file(changed("Zambia\n", "Zambia Niger Atlantis Kenya\n"), vocabulary)
    assert (caught.value.field, caught.value.text) == ("memberStates", "Zambia Niger Atlantis Kenya")

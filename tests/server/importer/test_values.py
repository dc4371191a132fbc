"""Values: only forms whose meaning is certain are read, whether below a label or behind it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.importer.lines import RefusedLine
from server.importer.page import Page, page_of_file
from server.importer.values import Unread, value
from server.importer.vocabulary import Vocabulary
from tests.invented import FACTS, PROJECTS
from tests.server.importer.inputs import DASHES, changed

AMOUNTS = {
    "300000.00": "300000.00",
    "300,000": "300000.00",
    "300,000.50": "300000.50",
    "300 000": "300000.00",
    "300\u202f000,00": "300000.00",
    "300’000.00": "300000.00",
    "300.000,00": "300000.00",
    "1.300.000": "1300000.00",
    "300000,00": "300000.00",
    "USD 300,000": "300000.00",
    "US$300000.00": "300000.00",
    "300 000 USD": "300000.00",
    "100": "100.00",
}
UNCERTAIN = (
    "300.000", "USD 300.000", "300,000,00", "300.000.00", "30,00,000", "300 0000", "300,000 000", "300000.5",
    "1,300 000", "EUR 300,000", "$ 300,000", "-300000", "300k", "about 300000", "USD", "USD 1 USD", "300000.",
)  # fmt: skip


@pytest.mark.parametrize(("printed", "amount"), AMOUNTS.items())
def test_an_amount_with_one_meaning_is_read(printed: str, amount: str, vocabulary: Vocabulary) -> None:
    assert value("budgetUsd", printed, vocabulary) == amount


@pytest.mark.parametrize("printed", UNCERTAIN)
def test_an_amount_with_two_meanings_or_none_is_refused(printed: str, vocabulary: Vocabulary) -> None:
    with pytest.raises(Unread):
        value("budgetUsd", printed, vocabulary)


@given(cents=st.integers(0, 10**15 - 1), parting=st.sampled_from(["", ",", " ", "’"]))
def test_any_amount_comes_back_from_every_way_of_printing_it(
    cents: int, parting: str, vocabulary: Vocabulary
) -> None:
    printed = f"{cents // 100:,}.{cents % 100:02d}".replace(",", parting)
    assert value("budgetUsd", printed, vocabulary) == f"{cents // 100}.{cents % 100:02d}"


@pytest.mark.parametrize(
    ("label", "printed", "nothing"),
    [
        ("End Date", "2018", {"startYear": "2020", "endYear": "2018"}),
        ("End Date", "1970", {"endYear": "1970"}),
        ("Year", "1900", {"year": "1900"}),
        ("Budget Amount (USD)", "0.00", {"budgetUsd": "0.00"}),
    ],
)
def test_a_value_that_stands_for_nothing_is_noted_and_only_its_words_are_kept(
    label: str, printed: str, nothing: dict[str, str], vocabulary: Vocabulary
) -> None:
    found = page_of_file(changed("-\nPrima", f"-\n{label}\n{printed}\n-\nPrima"), vocabulary)
    assert {each.name: each.raw for each in found.fields if each.value is None} == nothing
    assert {each.field: each.text for each in found.notes} == nothing
    assert {each.code.partition("_")[0] for each in found.notes} == {"PLACEHOLDER"}


# Values on the lines of their labels


def lined(language: str, colon: str = ": ") -> str:
    invented = PROJECTS[language]
    table = "".join(f"{label}{colon}{words}\n" for label, words in invented.values.items())
    return f"{invented.address}\n\n{invented.title}\n{table}" + "\n".join(invented.description)


def facts(found: Page) -> dict[str, object]:
    return {name: found.value(name) for name in FACTS}


@pytest.mark.parametrize("colon", [": ", ":", " : ", "\u00a0: "])
@pytest.mark.parametrize("language", PROJECTS)
def test_values_behind_a_colon_are_those_below_the_label(
    language: str, colon: str, vocabulary: Vocabulary
) -> None:
    found = page_of_file(lined(language, colon), vocabulary)
    assert facts(found) == FACTS
    assert found.value("title") == PROJECTS[language].title
    assert found.value("description") == "\n".join(PROJECTS[language].description)
    for each in found.fields:
        assert found.text[each.start : each.end] == each.raw


def test_a_blank_behind_a_colon_is_blank_and_other_labels_are_noted(vocabulary: Vocabulary) -> None:
    content = lined("en").replace("FJ10P9977", "").replace("Coverage: ", "Ink: black\nCoverage: ")
    found = page_of_file(content, vocabulary)
    assert facts(found) == FACTS | {"primaId": None}
    assert [(each.code, each.text) for each in found.notes] == [("UNKNOWN_LABEL", "Ink: black")]


def test_a_list_of_states_behind_a_colon_may_go_on_below(vocabulary: Vocabulary) -> None:
    found = page_of_file(lined("en").replace("Papua New ", "Papua New\n"), vocabulary)
    assert facts(found) == FACTS
    found = page_of_file(lined("en").replace(": Guinea ", ": Equatorial\nGuinea "), vocabulary)
    assert found.value("otherStates") == ["GNQ", "GNB"]


def test_an_unread_value_behind_a_colon_refuses_the_page(vocabulary: Vocabulary) -> None:
    with pytest.raises(RefusedLine, match="budgetUsd: expected an amount"):
        page_of_file(lined("en").replace("123456.00", "123.456"), vocabulary)


def test_values_below_and_behind_labels_on_one_page_are_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(RefusedLine, match="startYear"):
        page_of_file(changed("Start Date\n2020\n", "Start Date\n2020\nYear: 2019\n"), vocabulary)


def test_a_colon_in_a_description_makes_no_label(vocabulary: Vocabulary) -> None:
    prose = "Coverage: all of it\nYear: 1999\nWords."
    found = page_of_file(DASHES.replace("Words of a description.", prose), vocabulary)
    assert found.value("description") == prose
    assert (found.value("coverage"), found.value("year")) == (None, None)

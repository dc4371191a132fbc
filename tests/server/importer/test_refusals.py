"""What no rule reads is refused, with its line, its words, a reason and a suggestion; nothing is guessed."""

import pytest

from ontology.errors import RefusedPage
from server.importer.lines import RefusedLine
from server.importer.page import page, page_of_file
from server.importer.vocabulary import Vocabulary
from tests.server.importer.inputs import DASHES, PAGES, changed


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("2020", "1/2020", ("startYear", 6, "1/2020")),
        ("2020", "2020\n2021", ("startYear", 6, "2020\n2021")),
        ("IB.9999", "IB 9999", ("projectId", 12, "IB 9999")),
        ("IB.9999", "IB.٩٩٩٩", ("projectId", 12, "IB.٩٩٩٩")),
        ("ZM10P9999", "ZM-9999", ("primaId", 9, "ZM-9999")),
        ("Zambia", "Zambia Atlantis", ("memberStates", 15, "Zambia Atlantis")),
        ("Start Date\n2020", "Coverage\nGalactic", ("coverage", 6, "Galactic")),
        ("Start Date\n2020", "Budget Amount (USD)\n300.000", ("budgetUsd", 6, "300.000")),
        ("Start Date\n2020", "Project Status\nCompleted\n-\nProject Status\nActive", ("status", 9, "Active")),
        ("A Title", "- A menu", ("title", 3, "- A menu")),
        ("A Title\n", "", ("title", None, None)),
        ("A Title", "A \x07 Title", (None, 3, "'A \\x07 Title'")),
    ],
)
def test_what_no_rule_reads_is_refused_with_its_line_and_words(
    old: str, new: str, place: tuple[str | None, int | None, str | None], vocabulary: Vocabulary
) -> None:
    with pytest.raises(RefusedLine) as refused:
        page_of_file(changed(old, new), vocabulary)
    assert (refused.value.field, refused.value.line, refused.value.text) == place
    assert refused.value.message
    assert refused.value.suggestion


def test_the_words_that_no_state_has_are_named(vocabulary: Vocabulary) -> None:
    with pytest.raises(RefusedPage, match="found 'Atlantis Kenya'"):
        page_of_file(changed("Zambia", "Zambia Atlantis Kenya"), vocabulary)


def test_a_label_that_stands_twice_and_is_decided_by_no_list_is_noted(vocabulary: Vocabulary) -> None:
    doubled = "Project Type\nGardening\n-\nProject Type\nTCMMCB"
    found = page_of_file(changed("Start Date\n2020", doubled), vocabulary)
    assert ("AMBIGUOUS_LABEL", "Gardening") in [(each.code, each.text) for each in found.notes]


def test_a_label_apart_from_the_others_is_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(RefusedLine) as refused:
        page_of_file(DASHES + "More words.\n" * 20 + "-\nYear\n2020\n", vocabulary)
    assert (refused.value.field, refused.value.text) == ("year", "Year")


def test_a_line_of_the_old_site_that_no_rule_reads_is_refused(vocabulary: Vocabulary) -> None:
    content = (PAGES / "oldsite-en.txt").read_text().replace("Republic of Moldova", "Atlantis")
    with pytest.raises(RefusedLine) as refused:
        page_of_file(content, vocabulary)
    assert refused.value.text == "Atlantis"


@pytest.mark.parametrize("content", ["", "no address\nTitle", "https://example.org/a b\nTitle"])
def test_a_page_without_its_address_is_refused(content: str, vocabulary: Vocabulary) -> None:
    with pytest.raises(RefusedLine) as refused:
        page_of_file(content, vocabulary)
    assert refused.value.line == 1


@pytest.mark.parametrize("content", ["", "Title\nTitle\nNothing else", "Year\n2020"])
def test_a_text_that_is_no_project_page_is_refused(content: str, vocabulary: Vocabulary) -> None:
    with pytest.raises(RefusedPage, match="no labels"):
        page(content, None, vocabulary)

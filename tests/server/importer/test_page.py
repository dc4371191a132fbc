"""Reading a page: every layout and language, every value with its place, and refusals instead of guesses."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology.errors import RefusedPage
from server.importer.labels import LABELS
from server.importer.page import Page, page, page_of_file
from server.importer.printed import Layout
from server.importer.vocabulary import Vocabulary
from tests.server.importer.inputs import DASHES, PAGES, changed


def read(name: str, vocabulary: Vocabulary) -> Page:
    return checked(page_of_file((PAGES / name).read_text(encoding="utf-8"), vocabulary), vocabulary)


def checked(found: Page, vocabulary: Vocabulary) -> Page:
    """The page, after a check that all places hold and that its stored text gives it again."""
    for each in found.fields:
        assert found.text[each.start : each.end] == each.raw != ""
    for result in found.results:
        assert found.text[result.start : result.end] == result.text != ""
    again = page(found.text, found.address, vocabulary)
    assert (again.text, again.fields, again.results, again.language) == (
        found.text,
        found.fields,
        found.results,
        found.language,
    )
    return found


def values(found: Page) -> dict[str, object]:
    return {each.name: each.value for each in found.fields}


def notes(found: Page) -> list[tuple[str, str | None]]:
    return [(each.code, each.text) for each in found.notes]


# Layouts and languages


def test_a_french_page_with_dashes_and_a_menu(vocabulary: Vocabulary) -> None:
    found = read("dash-fr.txt", vocabulary)
    assert (found.language, found.layout, found.address) == (
        "fr",
        Layout.LABELLED,
        "https://example.org/fr/node/900001",
    )
    description = found.value("description")
    assert values(found) == {
        "title": "Appui fictif au mécanisme de coordination de la mobilité en Tunisie",
        "startYear": 2022,
        "endYear": 2024,
        "status": "status/active",
        "budgetUsd": "123456.00",
        "coverage": "coverage/national",
        "year": 2021,
        "region": "region/africa",
        "primaId": "TN10P9901",
        "projectId": "PN.9901",
        "memberStates": ["TUN"],
        "type": "type/PN",
        "description": description,
    }
    assert description.startswith("Ce texte")
    assert description.endswith("(produit 1.2).")
    assert found.text.startswith("Appui fictif")
    assert found.text.endswith("(produit 1.2).")
    assert "Abonnements" not in found.text
    assert [(each.kind, each.code, each.text) for each in found.results] == [
        ("outcome", "1", "Les bureaux fictifs apprennent à se parler"),
        (
            "output",
            "1.1",
            "D’abord, le Réseau des Nations Unies sur les migrations en Tunisie reçoit un carnet d’adresses",
        ),
        ("output", "1.2", "et les agents inventés suivent un cours de dessin"),
    ]
    assert found.notes == ()


def test_the_type_stands_at_the_letters_of_the_project_id(vocabulary: Vocabulary) -> None:
    found = {each.name: each for each in read("dash-fr.txt", vocabulary).fields}
    assert found["type"].raw == "PN"
    assert found["type"].start == found["projectId"].start


def test_an_english_page_with_bullets(vocabulary: Vocabulary) -> None:
    found = read("bullet-en.txt", vocabulary)
    assert found.language == "en"
    assert (found.value("budgetUsd"), found.value("type"), found.value("primaId")) == (
        "75000.50",
        "type/IB",
        None,
    )
    assert "1) Buy pencils.\n2) Sharpen them." in found.value("description")
    assert [(each.code, each.text) for each in found.results] == [
        ("1", "Clerks own pencils of many colours"),
        ("1.1", "The UN Network on Migration in Zambia lends a sharpener"),
    ]


def test_a_spanish_page_whose_label_stands_twice(vocabulary: Vocabulary) -> None:
    found = read("bullet-es.txt", vocabulary)
    assert found.language == "es"
    assert (found.value("status"), found.value("type")) == ("status/completed", "type/PR")
    assert found.value("memberStates") == ["LCA", "GNB", "GIN", "PNG", "BLZ"]
    assert "• Lápices de cera;" in found.value("description")
    assert [each.code for each in found.results] == ["1", "1.1"]
    assert notes(found) == [("UNREAD_STATES", "Atlántida")]


def test_a_page_of_the_old_site_without_labels(vocabulary: Vocabulary) -> None:
    found = read("oldsite-en.txt", vocabulary)
    assert (found.language, found.layout) == ("en", Layout.OLD_SITE)
    assert values(found) == {
        "title": "The Lantern School of Nowhere",
        "region": "region/europe",
        "projectId": "CE.9904",
        "primaId": "MD10P9904",
        "budgetUsd": "20000.00",
        "memberStates": ["MDA"],
        "coverage": "coverage/national",
        "status": "status/completed",
        "type": "type/CE",
        "description": "An invented school lights lanterns at dusk.\n\nIt has two paragraphs.",
    }


def test_an_end_without_start_and_year_is_a_placeholder(vocabulary: Vocabulary) -> None:
    found = read("placeholder-fr.txt", vocabulary)
    assert next((each.value, each.raw) for each in found.fields if each.name == "endYear") == (None, "2024")
    assert notes(found) == [("PLACEHOLDER_YEAR", "2024")]
    assert found.value("type") == "type/TC"
    assert found.value("memberStates") == ["FSM", "MEX", "GNB", "IRN"]


def test_an_end_with_a_year_of_allocation_is_an_end(vocabulary: Vocabulary) -> None:
    found = page_of_file(changed("Start Date\n2020", "Year\n2019\n-\nEnd Date\n2021"), vocabulary)
    assert (found.value("year"), found.value("endYear")) == (2019, 2021)


def test_blank_values_are_absent(vocabulary: Vocabulary) -> None:
    found = read("blank-en.txt", vocabulary)
    assert values(found) == {"title": "The Lantern School of Nowhere"}
    assert notes(found) == [("UNREAD_TYPE", "Labour Migration")]


def test_a_stray_quotation_mark_is_no_part_of_a_text(vocabulary: Vocabulary) -> None:
    found = read("dash-en.txt", vocabulary)
    assert found.value("description") == "An invented school lights its lanterns at noon, which is"
    wrapped = page_of_file(changed("A Title", '"A Title"'), vocabulary)
    assert wrapped.value("title") == "A Title"
    inside = page_of_file(changed("A Title", 'A "Title" here'), vocabulary)
    assert inside.value("title") == 'A "Title" here'


def test_labels_are_known_whatever_their_accents_capitals_and_apostrophes(vocabulary: Vocabulary) -> None:
    content = changed("Start Date", "START DATE:").replace("Projects ID", "projects id")
    found = page_of_file(content, vocabulary)
    assert (found.value("startYear"), found.value("projectId")) == (2020, "IB.9999")


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_label_of_every_language_is_read(language: str, vocabulary: Vocabulary) -> None:
    samples = {
        "status": "Completed",
        "type": "TCMMCB",
        "coverage": "National",
        "region": "Africa",
        "budgetUsd": "1,000",
        "primaId": "ZM10P9999",
        "projectId": "V99-805",
        "memberStates": "Zambia",
        "otherStates": "Kenya",
    }
    for number in range(3):
        block = "".join(
            f"-\n{labels[min(number, len(labels) - 1)]}\n{samples.get(field, '2020')}\n"
            for field, by_language in LABELS.items()
            for labels in [by_language[language]]
        )
        found = page_of_file(f"https://example.org/x\nTitle\n{block}Words.", vocabulary)
        assert found.language == language
        assert {each.name for each in found.fields} == {*LABELS, "title", "description"}


# Lines


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_and_byte_order_marks_change_nothing(end: str, vocabulary: Vocabulary) -> None:
    plain = page_of_file(DASHES, vocabulary)
    assert page_of_file("\ufeff" + DASHES.replace("\n", end), vocabulary) == plain


def test_the_text_is_composed(vocabulary: Vocabulary) -> None:
    found = page_of_file(changed("A Title", "Un te\u0301moin"), vocabulary)
    assert found.value("title") == "Un t\u00e9moin"


def test_plain_labels_without_marks_are_read(vocabulary: Vocabulary) -> None:
    found = page_of_file(DASHES.replace("-\n", ""), vocabulary)
    assert values(found) == values(page_of_file(DASHES, vocabulary))


def test_states_on_lines_of_their_own_are_one_list(vocabulary: Vocabulary) -> None:
    found = page_of_file(changed("Zambia\n", "Zambia\nKenya\nCôte d'Ivoire\n"), vocabulary)
    assert found.value("memberStates") == ["ZMB", "KEN", "CIV"]
    assert found.value("description") == "Words of a description."


def test_a_long_list_of_states_is_read_whole(vocabulary: Vocabulary) -> None:
    names = (
        "Angola Benin Botswana Burkina Faso Burundi Cameroon Cape Verde Central African Republic "
        "Chad Comoros Congo Côte d’Ivoire Democratic Republic of the Congo Djibouti Egypt Eritrea "
        "Eswatini Ethiopia Gabon Gambia Ghana Guinea Guinea-Bissau Kenya Lesotho Liberia Libya "
        "Madagascar Malawi Mali Mauritania Mauritius Morocco Mozambique Namibia Niger Nigeria "
        "Rwanda Senegal Seychelles Sierra Leone Somalia South Sudan Sudan Togo Tunisia Uganda "
    )
    states = page_of_file(changed("Zambia\n", f"{names}\n"), vocabulary).value("memberStates")
    assert len(states) == len(set(states)) == 47
    assert states[10:13] == ["COG", "CIV", "COD"]


@pytest.mark.parametrize("printed", ["Kenya Belize Kenya", "Kenya\nBelize"])
@pytest.mark.parametrize(
    "label", ["Other Countries Benefiting", "Autres pays bénéficiaires", "Otros países beneficiarios"]
)
def test_other_countries_that_benefit_are_kept_apart(
    label: str, printed: str, vocabulary: Vocabulary
) -> None:
    for content in (
        changed("Zambia\n", f"Zambia\n-\n{label}\n{printed}\n"),
        changed("-\nBenefiting", f"-\n{label}\n{printed}\n-\nBenefiting"),
    ):
        found = checked(page_of_file(content, vocabulary), vocabulary)
        assert found.value("memberStates") == ["ZMB"]
        assert found.value("otherStates") == ["KEN", "BLZ"]
        assert found.value("description") == "Words of a description."


def test_other_countries_with_one_that_is_no_state_are_left_out_and_noted(vocabulary: Vocabulary) -> None:
    content = changed("Zambia\n", "Zambia\n-\nOther Countries Benefiting\nKenya Atlantis Belize\n")
    found = page_of_file(content, vocabulary)
    assert (found.value("memberStates"), found.value("otherStates")) == (["ZMB"], None)
    assert notes(found) == [("UNREAD_STATES", "Atlantis Belize")]


def test_a_blank_list_of_states_leaves_the_sentence_behind_it_to_the_description(
    vocabulary: Vocabulary,
) -> None:
    found = page_of_file(changed("Zambia\nWords", "Zambia has words. Words"), vocabulary)
    assert found.value("memberStates") is None
    assert found.value("description") == "Zambia has words. Words of a description."
    assert [each.code for each in found.notes] == ["NO_VALUE"]


def test_a_label_that_nobody_knows_is_noted_and_left_out(vocabulary: Vocabulary) -> None:
    for content in (
        changed("Start Date", "Favourite Colour\nBlue\n-\nStart Date").replace("2020", "2020", 1),
        changed("Projects ID", "Favourite Colour\nBlue\n-\nProjects ID"),
    ):
        found = page_of_file(content, vocabulary)
        assert found.value("projectId") == "IB.9999"
    assert notes(found) == [("UNKNOWN_LABEL", "Favourite Colour")]


def test_a_printed_type_that_differs_from_the_letters_is_noted(vocabulary: Vocabulary) -> None:
    found = page_of_file(changed("Start Date\n2020", "Project Type\nTCMMCB"), vocabulary)
    assert found.value("type") == "type/IB"
    assert notes(found) == [("TYPE_DIFFERS", "TCMMCB")]


def test_letters_that_no_type_has_are_noted(vocabulary: Vocabulary) -> None:
    found = page_of_file(changed("IB.9999", "ZZ.9999"), vocabulary)
    assert (found.value("type"), notes(found)) == (None, [("UNKNOWN_TYPE", "ZZ")])


def test_a_result_that_stands_twice_counts_once(vocabulary: Vocabulary) -> None:
    content = changed("Words of", "We sing (Outcome 1). We dance (Output 1.1). We rest (Outcome 1). Words of")
    found = checked(page_of_file(content, vocabulary), vocabulary)
    assert [(each.code, each.text) for each in found.results] == [("1", "We sing"), ("1.1", "We dance")]
    assert notes(found) == [("REPEATED_RESULT", "We rest")]


def test_an_abbreviation_ends_no_sentence_before_a_result(vocabulary: Vocabulary) -> None:
    content = changed(
        "Words of", "It ends. The clerks of St. Lucia and Dr. U. Nobody sing (Outcome 1). Words of"
    )
    (only,) = page_of_file(content, vocabulary).results
    assert only.text == "The clerks of St. Lucia and Dr. U. Nobody sing"


def test_an_old_site_type_that_no_rule_reads_is_noted(vocabulary: Vocabulary) -> None:
    content = (
        (PAGES / "oldsite-en.txt").read_text().replace("Community and Economic Development", "Gardening")
    )
    found = page_of_file(content, vocabulary)
    assert (found.value("type"), found.value("status")) == ("type/CE", "status/completed")
    assert [each.code for each in found.notes] == ["NO_LABEL", "UNREAD_TYPE"]


@pytest.mark.parametrize(
    ("address", "language"),
    [("https://x.org/fr/1", "fr"), ("https://x.org/1", "en"), ("https://x.org/es", "es")],
)
def test_where_labels_do_not_tell_the_address_gives_the_language(
    address: str, language: str, vocabulary: Vocabulary
) -> None:
    found = page("Title\n-\nPrima ID\nZM10P9999\n-\nIDF Region\nAfrica\n", address, vocabulary)
    assert found.language == language


# Any text

PIECES = [
    *(labels[0] for by_language in LABELS.values() for labels in by_language.values()),
    *(
        "-",
        ": ",
        "•",
        "  • ",
        "    ",
        "\n",
        "2020",
        "IB.9999",
        "ZM10P9999",
        "Zambia",
        "National",
        "Europe",
        "Completed",
    ),
    *("(Outcome 1)", "(Output 1.1)", "200,000", '"', ". ", "Title", "\ufeff", "e\u0301", "\u2028", "🦩"),
]


@settings(max_examples=300)
@given(
    parts=st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=40),
    glue=st.sampled_from(["", "\n"]),
)
def test_any_text_is_read_or_refused_and_all_places_hold(
    parts: list[str], glue: str, vocabulary: Vocabulary
) -> None:
    try:
        found = page(glue.join(parts), "https://example.org/x", vocabulary)
    except RefusedPage:
        return
    checked(found, vocabulary)


@settings(max_examples=100)
@given(
    name=st.sampled_from(sorted(each.name for each in PAGES.glob("*.txt"))),
    place=st.floats(0, 1),
    word=st.one_of(st.sampled_from(PIECES), st.text(max_size=20)),
    cut=st.integers(0, 30),
)
def test_a_page_with_any_change_is_read_or_refused_and_all_places_hold(
    name: str, place: float, word: str, cut: int, vocabulary: Vocabulary
) -> None:
    content = (PAGES / name).read_text(encoding="utf-8")
    at = int(len(content) * place)
    try:
        found = page_of_file(content[:at] + word + content[at + cut :], vocabulary)
    except RefusedPage:
        return
    checked(found, vocabulary)


def test_the_invented_pages_are_no_real_ones() -> None:
    for path in Path(PAGES).glob("*.txt"):
        assert path.read_text(encoding="utf-8").partition("\n")[0].split("/")[2].endswith("example.org")

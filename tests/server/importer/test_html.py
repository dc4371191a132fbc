"""HTML of any markup comes to the same lines as the text of the page."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.errors import RefusedPage, UnreadableFile
from server.importer.html import reduced
from server.importer.labels import label
from server.importer.markup import LARGEST, MOST_ATTRIBUTES, MOST_TAGS
from server.importer.page import Page, page, page_of_file
from server.importer.run import import_paths
from server.importer.vocabulary import Vocabulary
from tests.invented import FACTS, MARKUPS, PROJECTS
from tests.server.importer.inputs import PAGES, Stores, facts

ADDRESS = "https://example.org/project/imaginary-harbour"


def twin(text: str) -> str:
    """The invented page with bullets as a web page with menu, script and footer around it."""
    address, _, title, *lines = text.rstrip("\n").split("\n")
    items, words = [], []
    for line in lines:
        if line.startswith("  • "):
            items.append(f"<div class='label'>{line.removeprefix('  • ')}</div>")
        elif line.startswith("    "):
            items[-1] += f"\n<div><p>{line.strip()}</p></div>"
        else:
            words.append(f"<p>{line}</p>")
    return (
        f"<!doctype html><html><head><title>x</title><link rel=canonical href='{address}'></head><body>"
        f"<header><a>Home</a></header><nav><ul><li>Coverage</li></ul></nav><script>var Year = 2020</script>"
        f"<main><header><h1>{title}</h1></header><!-- Year --><ul>"
        f"{''.join(f'<li>{each}</li>' for each in items)}</ul>{''.join(words)}</main>"
        f"<footer>Year<br>2020</footer></body></html>"
    )


@pytest.mark.parametrize("name", ["bullet-en.txt", "blank-en.txt"])
def test_the_lines_of_a_page_are_those_of_its_text(name: str) -> None:
    text = (PAGES / name).read_text(encoding="utf-8")
    address, lines = reduced(twin(text))
    assert address == text.split("\n")[0]
    assert lines == text.partition("\n\n")[2].rstrip("\n")


def test_html_and_text_give_the_same_records(
    stores: Stores, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = PAGES / "bullet-en.txt"
    markup = tmp_path_factory.mktemp("html") / "page.html"
    markup.write_text(twin(text.read_text(encoding="utf-8")), encoding="utf-8")
    one, other = stores(False), stores(False)
    import_paths(one, [text])
    import_paths(other, [markup])
    assert facts(one) == facts(other)


UNNAMED = {
    "definitions": (
        "<dl><dt>Projects ID</dt><dd>IB.9999</dd><dt>Benefiting Member States</dt><dd>Zambia</dd></dl>"
    ),
    "a table": (
        "<table><tr><th>Projects ID</th><td>IB.9999</td></tr>"
        "<tr><th>Benefiting Member States</th><td>Zambia</td></tr></table>"
    ),
    "breaks": "<p>Projects ID<br>IB.9999<br>Benefiting Member States<br/>Zambia</p>",
    "blocks": (
        "<div><span>Projects ID</span><div>IB.9999</div></div>"
        "<div>Benefiting Member States<p>Zambia</p></div>"
    ),
}


@pytest.mark.parametrize("markup", UNNAMED.values(), ids=UNNAMED)
def test_labels_and_values_are_found_in_any_markup(markup: str, vocabulary: Vocabulary) -> None:
    address, text = reduced(f"<body><h1>A <b>Title</b></h1>{markup}<p>Words.</p></body>")
    found = page(text, address, vocabulary)
    assert address is None
    assert {each.name: each.value for each in found.fields} == {
        "title": "A Title",
        "projectId": "IB.9999",
        "type": "type/IB",
        "memberStates": ["ZMB"],
        "description": "Words.",
    }


@pytest.mark.parametrize("language", PROJECTS)
@pytest.mark.parametrize("markup", MARKUPS)
def test_every_markup_comes_to_the_lines_of_the_text(markup: str, language: str) -> None:
    invented = PROJECTS[language]
    address, _, lines = invented.bullets().partition("\n\n")
    assert reduced(invented.html(markup)) == (address, lines.rstrip("\n"))


def pairs(lines: list[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """The labels of a page's text with their values, and the lines of its description."""
    found: list[tuple[str, str]] = []
    for place, line in enumerate(lines):
        words = line.strip(" •")
        if label(words) is not None:
            found.append((words, ""))
        elif (
            found and not found[-1][1] and (line.startswith("    ") or not lines[place - 1].startswith("  "))
        ):
            found[-1] = found[-1][0], words
        elif words != "-":
            return found, lines[place:]
    return found, []


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("path", sorted(PAGES.glob("*.txt")), ids=lambda path: path.stem)
def test_every_invented_page_has_the_same_values_in_every_markup(
    path: Path, markup: str, vocabulary: Vocabulary
) -> None:
    text = page_of_file(path.read_text(encoding="utf-8"), vocabulary)
    title, *lines = text.text.split("\n")
    labelled, words = pairs(lines)
    body = MARKUPS[markup](labelled) + "".join(f"<p>{each}</p>" for each in words)
    web = page(reduced(f"<main><h1>{title}</h1>{body}</main>")[1], text.address, vocabulary)
    assert (web.language, web.layout) == (text.language, text.layout)
    assert values(web) == values(text)
    assert [each.text for each in web.results] == [each.text for each in text.results]
    assert [(each.code, each.text) for each in web.notes] == [(each.code, each.text) for each in text.notes]


def values(found: Page) -> dict[str, object]:
    """The values of a page, whatever lines are blank between those of its description."""
    return {
        each.name: each.value.replace("\n\n", "\n") if isinstance(each.value, str) else each.value
        for each in found.fields
    }


@pytest.mark.parametrize("markup", MARKUPS)
def test_colons_behind_labels_change_no_value(markup: str, vocabulary: Vocabulary) -> None:
    markup = PROJECTS["en"].html(markup)
    for name in PROJECTS["en"].values:
        markup = markup.replace(f">{name}", f">{name}:&nbsp;")
    found = page(reduced(markup)[1], None, vocabulary)
    assert {name: found.value(name) for name in FACTS} == FACTS


def test_labels_that_nobody_knows_and_prose_stay_as_they_are() -> None:
    prose = "<div><div class=field__label>Body</div><div>It is <b>invented</b>.</div></div>"
    table = "<table><tr><th>Colour</th><td>Red</td></tr></table><dl><dt>Ink</dt><dd>Black</dd></dl>"
    assert reduced(prose + table)[1] == "Body\nIt is invented.\nColour\nRed\nInk\nBlack"


def test_several_labels_side_by_side_are_lines_of_their_own() -> None:
    markup = "<p><i class=label>Year</i> 2020 <i class=label>Prima ID</i> ZM10P9999</p>"
    assert reduced(markup)[1] == "Year\n2020\nPrima ID\nZM10P9999"


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ("<meta charset=iso-8859-1>", "Début"),
        ("<meta http-equiv=Content-Type content='text/html; charset=windows-1252'>", "Début"),
        ("<?xml version='1.0' encoding='ISO-8859-15'?>", "Début"),
        ("<meta charset=utf-7>", "Debut"),
        ("<meta charset=no-such-encoding>", "Debut"),
    ],
)
def test_a_page_that_says_it_is_in_another_encoding_is_refused(declared: str, words: str) -> None:
    with pytest.raises(UnreadableFile, match="the page says it is in") as caught:
        reduced(f"{declared}<p>{words}</p>")
    place = f"{declared}<p>D".encode()
    assert words == "Debut" or f"byte {len(place) + 1} is 0xc3" in caught.value.message


@pytest.mark.parametrize(
    "markup",
    [
        "\ufeff<meta charset=UTF-8><p>Début</p>",
        "<meta http-equiv=content-type content='text/html;charset=utf-8'><p>Début</p>",
        "<meta http-equiv=content-type content='text/html'><p>Début</p>",
        "<?xml version='1.0' encoding='utf-8'?><p>Début</p>",
        "<meta charset=latin-1><p>D&eacute;but</p>",
    ],
)
def test_a_page_in_utf_8_is_read(markup: str) -> None:
    assert reduced(markup)[1] == "Début"


def test_no_markup_takes_long_or_much_memory() -> None:
    attributes = " ".join(f"a{number}" for number in range(MOST_ATTRIBUTES + 1))
    for markup, what in (
        ("x" * (LARGEST + 1), "characters"),
        ("<div>" * (MOST_TAGS + 1), "tags"),
        (f"<p>x</p><a {attributes}>", "attributes, after 8 characters"),
    ):
        with pytest.raises(UnreadableFile, match=what):
            reduced(markup)
    # Unclosed elements that parsers open again in every block would make millions of nodes of this.
    reopened = "<p>" + "".join(f"<b id={number}>" for number in range(4000)) + "</p>" + "<p>x</p>" * 4000
    assert reduced(reopened)[1] == "\n".join(["x"] * 4000)


def test_a_page_can_give_its_address_to_others() -> None:
    assert reduced(f"<meta property='og:url' content='{ADDRESS}'><p>x</p>") == (ADDRESS, "x")
    assert reduced("<link rel=canonical href='/relative'><p>x</p>") == (None, "x")


def test_entries_of_lists_stand_with_bullets() -> None:
    assert reduced("<ul><li>One<p>more</p><li>Two</ul>Out")[1] == "  • One\n    more\n  • Two\nOut"


def test_deep_markup_is_read() -> None:
    assert reduced("<div>" * 5000 + "deep")[1] == "deep"


def test_no_markup_is_no_page() -> None:
    assert reduced("") == (None, "")


@given(markup=st.text(max_size=200))
def test_any_markup_is_read_or_refused(markup: str, vocabulary: Vocabulary) -> None:
    address, text = reduced(markup)
    with contextlib.suppress(RefusedPage):
        page(text, address, vocabulary)

"""Tables in: one project a row, headers in three languages, and what is wrong is refused where it stands."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from schema.store import reading
from schema.text import LANGUAGES
from server.database import open_database
from server.importer import csv_table
from server.importer.csv_header import HEADERS, header, template
from server.importer.csv_row import Cells, page_of, row
from server.importer.report import Entry, Outcome, Report
from server.importer.run import import_paths
from server.importer.statement import TABLES
from server.importer.vocabulary import Vocabulary, vocabulary
from tests.databases import Databases
from tests.server.importer.inputs import DASHES, no_write, records, written

ROW = "Project ID,Title,Member States,Budget (USD)\n"


@pytest.fixture(name="store")
def _store(databases: Databases, kind: str) -> Iterator[Engine]:
    """A store of each kind that holds the vocabularies."""
    with databases.fresh(kind, vocabularies=True) as engine:
        yield engine


@pytest.fixture(scope="module", name="known")
def _known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vocabulary]:
    from server.importer.vocabulary import stored_vocabulary
    from server.load import first_start

    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('known')}/known.db")
    first_start(engine, sample=False)
    with reading(engine) as snapshot:
        yield stored_vocabulary(snapshot)
    engine.dispose()


def taken(engine: Engine, folder: Path, content: str | bytes, name: str = "table.csv") -> Report:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_paths(engine, [path])


def the_refused(report: Report) -> Entry:
    (entry,) = report.refused
    return entry


# What is taken


def test_a_row_with_headers_of_records_becomes_a_project(store: Engine, tmp_path: Path) -> None:
    content = (
        "projectId,primaId,title,description,startYear,endYear,year,status,coverage,region,budgetUsd,"
        "memberStates,url\r\n"
        'PN.0001,SV10P0001,A title,"Two lines,\r\nand a ""quote""",2020,2022,2019,active,coverage/national,'
        'Latin America and the Caribbean,"300,000",SLV;Zambia,https://example.org/a\r\n'
    )
    assert taken(store, tmp_path, content).exit_status == 0
    project = records(store, "project")["PN.0001"]
    assert project["title"] == {"en": "A title"}
    assert project["description"] == {"en": 'Two lines,\nand a "quote"'}
    assert (project["startYear"], project["endYear"], project["year"]) == (2020, 2022, 2019)
    assert (project["status"], project["coverage"]) == ("status/active", "coverage/national")
    assert (project["region"], project["type"]) == ("region/lac", "type/PN")
    assert (project["budgetUsd"], project["memberStates"]) == ("300000.00", ["SLV", "ZMB"])
    (source,) = records(store, "source").values()
    assert (source["kind"], source["url"], source["language"]) == ("table", "https://example.org/a", "en")


def test_every_value_is_found_again_where_its_provenance_says(store: Engine, tmp_path: Path) -> None:
    taken(store, tmp_path, ROW + 'PN.0001,"A ""quoted""\n--- title.fr\ntitle",SLV,1000\n')
    project = records(store, "project")["PN.0001"]
    for each in project["provenance"]:
        text = records(store, "source")[each["source"]]["text"]
        assert text[each["start"] : each["end"]] == each["value"]
    assert project["title"] == {"en": 'A "quoted"\n--- title.fr\ntitle'}


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_template_is_a_file_that_can_be_imported_and_filled_in(
    store: Engine, tmp_path: Path, language: str
) -> None:
    assert taken(store, tmp_path, template(language)).exit_status == 0
    assert not records(store, "project")
    names = next(csv.reader(io.StringIO(template(language))))
    cells = dict.fromkeys(names, "") | {
        HEADERS["projectId"][language]: "PN.0001",
        HEADERS["title"][language]: "Un titre",
        HEADERS["memberStates"][language]: "SLV",
    }
    out = io.StringIO(newline="")
    csv.writer(out).writerows((cells.keys(), cells.values()))
    assert taken(store, tmp_path, out.getvalue()).exit_status == 0
    assert records(store, "project")["PN.0001"]["title"] == {language: "Un titre"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_delimiter_and_byte_order_mark_are_found(
    store: Engine, tmp_path: Path, delimiter: str, mark: bytes
) -> None:
    lines = "Project ID;Title;États membres\nPN.0001;Words, more;Zambie\n".replace(";", delimiter)
    if delimiter == ",":
        lines = lines.replace("Words, more", '"Words, more"')
    report = taken(store, tmp_path, mark + lines.replace("Title", "Title (en)").encode())
    assert report.exit_status == 0
    assert records(store, "project")["PN.0001"]["title"] == {"en": "Words, more"}
    (note,) = (each for each in report.entries if each.outcome is Outcome.NOTE)
    assert note.code == "DELIMITER"


@pytest.mark.parametrize(
    "cell", ["SLV;ZMB", "El Salvador; Zambia", "El Salvador;Zambie", "EL SALVADOR;zmb", "El Salvador Zambia"]
)
def test_states_are_codes_or_names_in_any_language(store: Engine, tmp_path: Path, cell: str) -> None:
    taken(store, tmp_path, f"{ROW}PN.0001,A title,{cell},\n")
    assert records(store, "project")["PN.0001"]["memberStates"] == ["SLV", "ZMB"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1"])
def test_a_cell_that_looks_like_a_formula_is_text(store: Engine, tmp_path: Path, cell: str) -> None:
    taken(store, tmp_path, f"{ROW}PN.0001,{cell},SLV,\n")
    assert records(store, "project")["PN.0001"]["title"] == {"en": cell}


def test_texts_in_several_languages_stand_side_by_side(store: Engine, tmp_path: Path) -> None:
    taken(store, tmp_path, "Project ID,title (fr),title_es,Title (en)\nPN.0001,Un,Dos,Three\n")
    assert records(store, "project")["PN.0001"]["title"] == {"fr": "Un", "es": "Dos", "en": "Three"}
    taken(store, tmp_path, "Project ID,Description,Language\nPN.0001,Quatre,fr\nPN.0001,Cinco,ES\n")
    assert records(store, "project")["PN.0001"]["description"] == {"fr": "Quatre", "es": "Cinco"}


def test_a_second_import_of_the_same_table_changes_nothing(store: Engine, tmp_path: Path) -> None:
    content = ROW + "PN.0001,A title,SLV,5\nPN.0002,Another,ZMB,6\n"
    taken(store, tmp_path, content)
    with no_write(store):
        assert taken(store, tmp_path, content.replace(",", ";")).counts()["unchanged"] == 2


def test_a_page_wins_over_a_table_which_fills_what_the_page_lacks(store: Engine, tmp_path: Path) -> None:
    row = "Project ID,Title,Start year,Budget (USD)\nIB.9999,A Title,2019,7\n"
    taken(store, tmp_path, row)
    assert records(store, "project")["IB.9999"]["startYear"] == 2019
    import_paths(store, written(tmp_path, page=DASHES))
    project = records(store, "project")["IB.9999"]
    assert (project["startYear"], project["budgetUsd"]) == (2020, "7.00")
    (conflict,) = project["conflicts"]
    assert (conflict["kept"], conflict["other"], conflict["rule"]) == ("2020", "2019", TABLES)
    with no_write(store):
        taken(store, tmp_path, row)


def test_a_corrected_row_wins_over_the_row_before_it(store: Engine, tmp_path: Path) -> None:
    for amount in (5, 7, 6, 9, 8):
        taken(store, tmp_path, f"{ROW}PN.0001,A title,SLV,{amount}\n")
    project = records(store, "project")["PN.0001"]
    assert project["budgetUsd"] == "8.00"
    assert {each["rule"] for each in project["conflicts"]} == {TABLES}
    assert [each["other"] for each in project["conflicts"]] == ["9.00", "6.00", "7.00", "5.00"]


def test_a_row_without_identifier_is_of_the_one_project_with_its_title(store: Engine, tmp_path: Path) -> None:
    taken(store, tmp_path, ROW + "PN.0001,A title,SLV,\n")
    report = taken(store, tmp_path, "Title,Year\nA TITLE,2020\nNo such title,2020\n")
    assert records(store, "project")["PN.0001"]["year"] == 2020
    assert (the_refused(report).line, the_refused(report).field) == (3, "projectId")


def test_a_key_stands_in_the_place_of_identifiers_and_cannot_be_that_of_another_project(
    store: Engine, tmp_path: Path
) -> None:
    taken(store, tmp_path, "key,Project ID,Title\nZZ-old,,A title\nMD10P0001,CE.0001,Another\n")
    assert records(store, "project").keys() == {"ZZ-old", "MD10P0001"}
    report = taken(store, tmp_path, "key,Project ID,Title\nMD10P0001,CE.0002,A third\nno key,,A fourth\n")
    assert [(each.line, each.field) for each in report.refused] == [(2, "key"), (3, "key")]


def test_the_letters_of_the_project_id_are_the_type(store: Engine, tmp_path: Path) -> None:
    report = taken(store, tmp_path, "Project ID,Title,Project type\nPN.0001,A title,CE\n")
    assert records(store, "project")["PN.0001"]["type"] == "type/PN"
    assert "TYPE_DIFFERS" in [each.code for each in report.entries]


def test_results_and_links_come_from_descriptions_as_on_pages(store: Engine, tmp_path: Path) -> None:
    cell = "Words. A thing is done (Outcome 1). Another thing (Output 1.1). Again (Output 1.1)."
    taken(store, tmp_path, f'Project ID,Title,Description\nPN.0001,A title,"{cell}"\n')
    found = records(store, "project")["PN.0001"]["results"]
    assert [(each["code"], each["text"]) for each in found] == [
        ("1", {"en": "A thing is done"}),
        ("1.1", {"en": "Another thing"}),
    ]


# What is refused


@pytest.mark.parametrize(
    ("header_", "cells", "column"),
    [
        ("Budget (USD)", "300.000", "Budget (USD)"),
        ("Start year", "20", "Start year"),
        ("Member States", "Atlantis", "Member States"),
        ("Member States", "SLV;SLX", "Member States"),
        ("Region", "Nowhere", "Region"),
        ("Statut du projet", "peut-être", "Statut du projet"),
        ("Prima ID", "what?", "Prima ID"),
        ("URL", "example", "URL"),
        ("Language", "de", "Language"),
        ("region_code,region_name", "lac,Africa", "region_name"),
        ("region_code,region_name", "lac,Nowhere", "region_name"),
        ("", "stray", None),
        ("Year", "2020,2021", None),
        ("Year,Region", "2020", None),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place_and_the_good_rows_are_taken(
    store: Engine, tmp_path: Path, header_: str, cells: str, column: str | None
) -> None:
    empty = "," * header_.count(",")
    content = (
        f"Project ID,Title (en),{header_}\nPN.0001,One,{empty}\nPN.0002,Two,{cells}\nPN.0003,Three,{empty}\n"
    )
    report = taken(store, tmp_path, content)
    assert records(store, "project").keys() == {"PN.0001", "PN.0003"}
    entry = the_refused(report)
    assert (entry.line, entry.field, entry.code) == (3, column, "REFUSED_ROW")
    assert entry.text
    assert entry.reason
    assert entry.suggestion


def test_a_column_without_a_known_name_is_refused_and_the_rest_is_taken(
    store: Engine, tmp_path: Path
) -> None:
    report = taken(store, tmp_path, "Project ID,Titel,Title (en),Colour\nPN.0001,a,One,red\n")
    assert [(each.line, each.field) for each in report.refused] == [(1, "Titel"), (1, "Colour")]
    assert report.refused[0].suggestion == "Did you mean Titre?"
    assert report.exit_status == 1
    assert records(store, "project").keys() == {"PN.0001"}


def test_words_whose_language_nothing_says_are_refused(store: Engine, tmp_path: Path) -> None:
    report = taken(store, tmp_path, "ID du projet,Estado del proyecto,Description,Titre (fr)\nPN.0001,,a,b\n")
    assert the_refused(report).field == "Description"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n\n",
        "Project ID,project_id,Title\nPN.0001,PN.0001,One\n",
        "Project ID,Title,Region,region\nPN.0001,One,,\n",
        "Project ID,Title,Titre (en),Title (en)\nPN.0001,One,,\n",
        "nothing,that,is,known\n1,2,3,4\n",
        ",".join(f"c{number}" for number in range(10_000)) + "\n",
        'Project ID,"Title\nPN.0001,One\n',
        b"Project ID,Title\nPN.0001,\xff\n",
    ],
)
def test_what_is_no_table_is_refused_whole(store: Engine, tmp_path: Path, content: str | bytes) -> None:
    with no_write(store):
        report = taken(store, tmp_path, content)
    assert report.exit_status == 1
    assert the_refused(report).reason


@pytest.mark.parametrize(
    "broken",
    ['PN.0002,"Two,SLV,\nPN.0003,Three,SLV,\n', f"PN.0002,{'x' * 1_000_001},SLV,\n", 'PN.0002,"a"b,,\n'],
)
def test_behind_broken_quotes_and_endless_cells_nothing_is_read(
    store: Engine, tmp_path: Path, broken: str
) -> None:
    report = taken(store, tmp_path, f"{ROW}PN.0001,One,SLV,\n{broken}PN.0004,Four,SLV,\n")
    assert records(store, "project").keys() == {"PN.0001"}
    assert the_refused(report).line == 3
    assert "what follows is not read" in (the_refused(report).reason or "")


# What holds for every table


def test_every_header_leads_to_its_own_field() -> None:
    for field, by_language in HEADERS.items():
        for name in by_language.values():
            (column,) = header([name, "key"]).columns[:1]
            assert column is not None
            assert column.field == field


CELLS = st.dictionaries(
    st.sampled_from([f"{name}.{language}" for name in ("title", "description") for language in LANGUAGES]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("-\n \"',;"), min_size=1),
    min_size=1,
)


@given(CELLS)
def test_the_text_of_a_row_is_read_again_as_the_same_row(cells: Cells) -> None:
    nothing = vocabulary([], [])
    page = page_of(cells, None, nothing)
    again = row(page.text, None, nothing)
    assert again == page
    assert {f"{each.name}.{each.language}": each.value for each in again.fields} == cells


class _NoPages:
    def add(self, page: object, entry: Entry) -> None:
        """Forgets the page."""


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(st.characters() | st.sampled_from('",;\n\r\t\x00'), max_size=300), st.booleans())
def test_no_text_at_all_makes_the_reader_fail(known: Vocabulary, text: str, headed: bool) -> None:
    report = Report()
    pages: Any = _NoPages()
    csv_table.take(pages, "any.csv", ROW + text if headed else text, known, report)
    assert all(each.reason for each in report.refused)


def test_a_table_with_a_byte_that_no_text_has_is_refused_whole(store: Engine, tmp_path: Path) -> None:
    report = taken(store, tmp_path, "Project ID,Title (en)\nPN.0001,One\nPN.0002,T\x00o\n")
    assert records(store, "project") == {}
    assert [each.code for each in report.refused] == ["UNREADABLE_FILE"]

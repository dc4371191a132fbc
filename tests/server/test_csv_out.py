"""Tables out: codes and names, one file for each relation, filters of the API, and the round trip."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ontology.errors import BadArgument
from schema.links import Verdict, review_link
from schema.model.link import Decision
from schema.store import reading, writing
from schema.text import clean
from server.database import open_database
from server.exporter import jsonl
from server.exporter.columns import project_columns
from server.exporter.tables import Style, write_flat, write_folder
from server.importer.run import import_paths
from server.load import first_start, load_vocabularies
from server.project_filter import project_filter, projects
from server.settings import Settings
from tests.databases import Databases
from tests.schema.world import project as project_record
from tests.schema.world import put
from tests.serving import Service

FOLLOWING = {each.header for each in project_columns() if each.follows}
REAL = Settings().test_pages
INVENTED = Path(__file__).parents[1] / "pages"


def flat(engine: Engine, filter_: str | None = None, **style: Any) -> bytes:
    out = io.BytesIO()
    chosen = projects(None if filter_ is None else project_filter(filter_))
    with reading(engine) as snapshot:
        write_flat(snapshot, out, Style(**style), chosen)
    return out.getvalue()


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def folder_of(
    engine: Engine, folder: Path, filter_: str | None = None, language: str = "en"
) -> dict[str, list[dict[str, str]]]:
    chosen = projects(None if filter_ is None else project_filter(filter_))
    with reading(engine) as snapshot:
        names = write_folder(snapshot, folder, Style(language), chosen)
    return {name: table((folder / f"{name}.csv").read_bytes()) for name in names}


def imported(engine: Engine, content: bytes, folder: Path) -> None:
    (folder / "flat.csv").write_bytes(content)
    assert import_paths(engine, [folder / "flat.csv"]).exit_status == 0


def stated(content: bytes) -> list[dict[str, str]]:
    """What a flat table says itself, without what follows from links."""
    return [{name: cell for name, cell in row.items() if name not in FOLLOWING} for row in table(content)]


@pytest.fixture(name="store")
def _store(engine: Engine) -> Engine:
    """A store of each kind that holds the vocabularies and the sample."""
    first_start(engine, sample=True)
    return engine


# The round trip


def test_a_flat_table_of_the_sample_changes_no_byte_of_itself(store: Engine, tmp_path: Path) -> None:
    before = flat(store)
    imported(store, before, tmp_path)
    assert flat(store) == before


def test_a_flat_table_says_the_same_of_the_sample_in_another_store(
    store: Engine, databases: Databases, kind: str, tmp_path: Path
) -> None:
    before = flat(store, language="fr")
    with databases.fresh(kind) as other:
        load_vocabularies(other)
        imported(other, before, tmp_path)
        assert stated(flat(other, language="fr")) == stated(before)


@pytest.mark.parametrize(
    "pages",
    [
        INVENTED,
        pytest.param(
            REAL, marks=pytest.mark.skipif(not REAL.exists(), reason="the real pages are not there")
        ),
    ],
)
def test_a_flat_table_of_pages_comes_out_of_another_store_byte_by_byte(
    databases: Databases, kind: str, tmp_path: Path, pages: Path
) -> None:
    with databases.fresh(kind) as one, databases.fresh(kind) as other:
        load_vocabularies(one)
        load_vocabularies(other)
        import_paths(one, [pages])
        before = flat(one)
        imported(one, before, tmp_path)
        assert flat(one) == before
        imported(other, before, tmp_path)
        assert flat(other) == before


@pytest.fixture(scope="module", name="workshop")
def _workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Path]]:
    folder = tmp_path_factory.mktemp("workshop")
    engine = open_database(f"sqlite:///{folder}/own.db")
    first_start(engine, sample=False)
    yield engine, folder
    engine.dispose()


WORDS = (
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
        | st.sampled_from("\n\t\"',;=+-@|"),
        min_size=1,
    )
    .map(lambda words: clean(words.strip(), "words"))
    .filter(bool)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(WORDS, WORDS)
def test_any_words_come_out_as_they_went_in(workshop: tuple[Engine, Path], title: str, words: str) -> None:
    engine, folder = workshop
    put(engine, project_record("PN.0001", title={"fr": title}, description={"zh": words}))
    before = flat(engine)
    assert (table(before)[0]["title_fr"], table(before)[0]["description_zh"]) == (title, words)
    imported(engine, before, folder)
    assert flat(engine) == before


# What stands in the tables


def test_codes_and_names_stand_beside_each_other_in_the_chosen_language(store: Engine) -> None:
    row = next(each for each in table(flat(store, language="fr")) if each["key"] == "PN.0008")
    assert (row["status_code"], row["status_name"]) == ("active", "Actif")
    assert (row["member_states_codes"], row["member_states_names"]) == ("SLV", "El Salvador")
    assert row["budget_usd"] == "300000.00"


def test_what_is_accepted_and_what_is_proposed_stand_apart(store: Engine) -> None:
    with writing(store) as transaction:
        link = next(
            each for each in transaction.links_of("CE.0186") if each["target"].startswith("objective")
        )
        review_link(transaction, link["key"], Verdict(Decision.ACCEPT, "ann"))
    number = link["target"].partition("/")[2]
    row = next(each for each in table(flat(store)) if each["key"] == "CE.0186")
    assert number in row["objectives_accepted_codes"].split(";")
    assert number not in row["objectives_proposed_codes"].split(";")


def test_there_is_a_file_for_each_relation_with_as_many_rows_as_there_are_entries(
    store: Engine, tmp_path: Path
) -> None:
    found = folder_of(store, tmp_path / "tables")
    with reading(store) as snapshot:
        projects = list(snapshot.records("project"))
        links = list(snapshot.records("link"))
        counts = {
            name: sum(1 for _ in snapshot.records(segment))
            for name, segment in (
                ("sdg", "sdg"),
                ("codes", "code"),
                ("states", "state"),
                ("sources", "source"),
            )
        }
    assert {name: len(found[name]) for name in counts} == counts
    for name, field in (
        ("results", "results"),
        ("beneficiaries", "memberStates"),
        ("provenance", "provenance"),
    ):
        assert len(found[name]) == sum(len(each.get(field, ())) for each in projects)
    assert [int(each["claims"]) for each in found["links"]] == [len(each["claims"]) for each in links]
    quotes = [part["quote"] for each in links for claim in each["claims"] for part in claim["evidence"]]
    assert [each["quote"] for each in found["evidence"]] == quotes
    assert all(each["method"] and each["source_url"] for each in found["evidence"])
    assert all(each["target_name"] for each in found["links"])


def test_a_spreadsheet_gets_a_mark_and_no_formulas_and_others_get_the_cells_as_they_are(
    engine: Engine,
) -> None:
    load_vocabularies(engine)
    put(engine, project_record("PN.0001", title={"en": "=1+1"}))
    assert table(flat(engine))[0]["title_en"] == "=1+1"
    marked = flat(engine, spreadsheet=True)
    assert marked.startswith(b"\xef\xbb\xbfkey,")
    assert table(marked)[0]["title_en"] == "'=1+1"


def test_rows_end_as_rfc_4180_says(store: Engine) -> None:
    assert flat(store).count(b"\r\n") == 22


def test_a_folder_cannot_be_where_a_file_is(store: Engine, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(BadArgument, match="the tables cannot be written here"):
        folder_of(store, tmp_path / "taken")


# Filters


@pytest.mark.parametrize(
    "filter_",
    [
        {"states": ["SLV"], "status": ["ACTIVE"]},
        {"startYear": {"from": 2012, "to": 2015}},
        {"budgetUsd": {"to": "200000.00"}},
        {"objectives": ["23"], "linkStatus": ["PROPOSED", "ACCEPTED"]},
        {"search": "migra", "language": "EN"},
        {"ids": ["nothing"]},
    ],
)
def test_a_filter_picks_the_projects_that_graphql_picks(sample: Service, filter_: dict[str, object]) -> None:
    query = "query ($filter: ProjectFilter) { projects(first: 100, filter: $filter) { nodes { id } } }"
    asked = [each["id"] for each in sample.data(query, filter=filter_)["projects"]["nodes"]]
    found = table(flat(sample.engine, json.dumps(filter_)))
    assert [f"project/{each['key']}" for each in found] == asked


def test_with_the_projects_of_a_filter_comes_what_belongs_to_them(store: Engine, tmp_path: Path) -> None:
    found = folder_of(store, tmp_path / "tables", '{"states": ["SLV"]}')
    chosen = {each["key"] for each in found["projects"]}
    assert 0 < len(chosen) < 21
    assert {each["project"] for each in found["links"]} <= chosen
    assert {each["project"] for each in found["beneficiaries"]} == chosen
    cited = {each["source"] for name in ("provenance", "evidence", "project_sources") for each in found[name]}
    assert {each["key"] for each in found["sources"]} == cited
    assert len(found["states"]) == 195


def test_the_records_of_a_filter_can_be_imported_elsewhere(
    store: Engine, databases: Databases, kind: str, tmp_path: Path
) -> None:
    out = tmp_path / "some.jsonl"
    with reading(store) as snapshot, out.open("wb") as file:
        jsonl.write(snapshot, file, projects=projects(project_filter('{"states": ["SLV"]}')))
    with databases.fresh(kind) as other:
        assert import_paths(other, [out]).exit_status == 0
        assert table(flat(other)) == table(flat(store, '{"states": ["SLV"]}'))


@pytest.mark.parametrize(
    "text",
    ["", "no json", "[]", '{"state": ["SLV"]}', '{"status": ["RUNNING"]}', '{"budgetUsd": {"from": "much"}}',
     '{"updatedSince": "yesterday"}'],
)  # fmt: skip
def test_a_filter_that_the_api_would_refuse_is_refused(text: str) -> None:
    with pytest.raises(BadArgument) as caught:
        project_filter(text)
    assert caught.value.message.startswith("filter: ")
    assert caught.value.suggestion


@pytest.mark.parametrize(
    "filter_", ['{"search": "%"}', '{"year": {"from": 2, "to": 1}}', '{"ids": ["\\u0000"]}']
)
def test_a_filter_that_says_nothing_possible_is_refused_before_anything_is_written(filter_: str) -> None:
    with pytest.raises(BadArgument):
        project_filter(filter_)

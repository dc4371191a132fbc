"""One project on several pages and over summaries: equal values stand together, the newest page wins."""

import hashlib
import json
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from schema.exchange import line
from server.importer.run import import_paths
from server.importer.statement import NEWEST
from tests.server.importer.inputs import (
    DASHES,
    PAGES,
    Stores,
    facts,
    no_write,
    records,
    told,
    written,
)

# One project on several pages


def test_equal_values_stand_together_and_the_newest_page_wins(store: Engine) -> None:
    import_paths(store, [PAGES])
    project, sources = records(store, "project")["CE.9904"], records(store, "source")
    urls = {key: each["url"] for key, each in sources.items()}
    assert [urls[key] for key in project["sources"]] == [
        "https://example.org/project/lantern-school-again",
        "https://example.org/project/lantern-school",
        "https://old.example.org/project/lantern-school",
    ]
    assert project["budgetUsd"] == "20000.00"
    assert sorted(each["value"] for each in project["provenance"] if each["field"] == "budgetUsd") == [
        "20,000",
        "20000.00",
    ]
    (conflict,) = project["conflicts"]
    assert (conflict["field"], conflict["rule"]) == ("description", NEWEST)
    assert conflict["kept"] == project["description"]["en"]
    assert conflict["other"].startswith("An invented school lights lanterns at dusk.")
    assert urls[conflict["source"]] == "https://old.example.org/project/lantern-school"


def test_fields_come_from_whichever_page_has_them(store: Engine) -> None:
    import_paths(store, [PAGES])
    project = records(store, "project")["CE.9904"]
    assert (project["primaId"], project["startYear"], project["endYear"]) == ("MD10P9904", 2011, 2012)


def test_a_title_in_capitals_is_the_same_title(store: Engine) -> None:
    import_paths(store, [PAGES])
    assert records(store, "project")["CE.9904"]["title"] == {"en": "The Lantern School of Nowhere"}


def test_two_languages_stand_side_by_side(store: Engine, tmp_path: Path) -> None:
    french = (
        DASHES.replace("project/x", "fr/x")
        .replace("A Title", "Un titre")
        .replace("Start Date", "Date de début")
        .replace("Projects ID", "Projet ID")
        .replace("Benefiting Member States", "Etats membres bénéficiaires")
        .replace("Words of a description.", "Nous chantons (effet direct 1).")
    )
    english = DASHES.replace("Words of a description.", "We sing (Outcome 1). We dance (Output 1.1).")
    import_paths(store, written(tmp_path, one=english, two=french))
    project = records(store, "project")["IB.9999"]
    assert project["title"] == {"en": "A Title", "fr": "Un titre"}
    assert set(project["description"]) == {"en", "fr"}
    assert project["results"] == [
        {"kind": "outcome", "code": "1", "text": {"en": "We sing", "fr": "Nous chantons"}},
        {"kind": "output", "code": "1.1", "text": {"en": "We dance"}, "parent": "IB.9999~1"},
    ]
    assert "conflicts" not in project
    assert len(project["sources"]) == 2


def test_a_later_page_adds_to_what_earlier_ones_said(store: Engine, tmp_path: Path) -> None:
    one, two = written(
        tmp_path, one=DASHES, two=DASHES.replace("2020", "2021").replace("project/x", "project/y")
    )
    import_paths(store, [one])
    assert records(store, "project")["IB.9999"]["startYear"] == 2020
    assert told(import_paths(store, [two])) == [("two.txt", "changed", "project/IB.9999")]
    project = records(store, "project")["IB.9999"]
    assert project["startYear"] == 2021
    assert [(each["kept"], each["other"]) for each in project["conflicts"]] == [("2021", "2020")]
    with no_write(store):
        import_paths(store, [one])


def test_the_time_of_retrieval_decides_where_it_is_known(store: Engine, tmp_path: Path) -> None:
    one, two = written(
        tmp_path, one=DASHES, two=DASHES.replace("2020", "2021").replace("project/x", "project/y")
    )
    import_paths(store, [one])
    (source,) = records(store, "source").values()
    (tmp_path / "fetched.jsonl").write_bytes(line(source | {"retrievedAt": "2025-01-01T00:00:00Z"}))
    import_paths(store, [tmp_path / "fetched.jsonl"])
    import_paths(store, [one, two])
    project = records(store, "project")["IB.9999"]
    assert project["startYear"] == 2020
    assert [(each["kept"], each["other"]) for each in project["conflicts"]] == [("2020", "2021")]


def test_the_letters_of_the_project_id_stand_above_a_printed_type(store: Engine, tmp_path: Path) -> None:
    unnamed = DASHES.replace("Projects ID\nIB.9999", "Project Type\nTCMMCB").replace(
        "Prima ID\nZM10P9999", "Year\n2019"
    )
    import_paths(store, written(tmp_path, one=DASHES, two=unnamed.replace("project/x", "project/z")))
    project = records(store, "project")["IB.9999"]
    assert project["type"] == "type/IB"
    (conflict,) = (each for each in project["conflicts"] if each["field"] == "type")
    assert conflict["rule"].startswith("The letters")


def test_the_same_text_at_two_addresses_is_one_source(stores: Stores, tmp_path: Path) -> None:
    paths = written(
        tmp_path, one=DASHES.replace("project/x", "project/b"), two=DASHES.replace("project/x", "project/a")
    )
    outcomes = []
    for imports in ([[paths[0]], [paths[1]]], [[paths[1]], [paths[0]]], [paths]):
        store = stores(False)
        for each in imports:
            import_paths(store, each)
        outcomes.append(facts(store))
        (source,) = records(store, "source").values()
        assert source["url"].endswith("/a")
    assert outcomes[0] == outcomes[1] == outcomes[2]


# The sample, and other records in the store


def test_pages_replace_summaries_without_a_conflict(stores: Stores, tmp_path: Path) -> None:
    empty, sample = stores(False), stores(True)
    page = DASHES.replace("IB.9999", "PN.0008").replace("We", "Nous")
    page = page.replace("Words of a description.", "Words. We sing (Outcome 1).")
    for store in (empty, sample):
        import_paths(store, written(tmp_path, one=page))
    before, after = facts(empty)["PN.0008"], facts(sample)["PN.0008"]
    for name in ("title", "description", "results", "startYear", "memberStates", "primaId", "type"):
        assert after[name] == before[name]
    assert "conflicts" not in after
    # What the page does not speak of stays, and with it the summary that supports it.
    assert after["budgetUsd"] == "300000.00"
    assert len(after["sources"]) == 2


def test_a_page_that_speaks_of_everything_leaves_no_summary_behind(stores: Stores, tmp_path: Path) -> None:
    empty, sample = stores(False), stores(True)
    page = (PAGES / "dash-fr.txt").read_text(encoding="utf-8").replace("PN.9901", "PN.0008")
    for store in (empty, sample):
        import_paths(store, written(tmp_path, one=page))
    assert facts(sample)["PN.0008"] == facts(empty)["PN.0008"]


def test_values_of_sources_that_no_rule_reads_take_part_in_the_merge(store: Engine, tmp_path: Path) -> None:
    text = "A text that is no page of any layout."
    key = hashlib.sha256(text.encode()).hexdigest()
    source = {
        "format": "compactgraph/1",
        "class": "source",
        "key": key,
        "kind": "page",
        "sha256": key,
        "text": text,
    }
    entry = {"source": key}
    project: dict[str, Any] = {
        "format": "compactgraph/1",
        "class": "project",
        "key": "IB.9999",
        "projectId": "IB.9999",
        "title": {"en": "Another Title", "es": "Un título"},
        "startYear": 1999,
        "year": 1998,
        "results": [{"kind": "outcome", "code": "2", "text": {"en": "We rest"}}],
        "sources": [key],
        "provenance": [
            entry | {"field": "title", "language": "en", "value": "Another Title"},
            entry | {"field": "title", "language": "es", "value": "Un título"},
            entry | {"field": "startYear", "value": "1999"},
            entry | {"field": "year", "value": "1998"},
            entry | {"field": "results", "language": "en", "value": "We rest"},
        ],
    }
    (tmp_path / "own.jsonl").write_text("\n".join(json.dumps(each) for each in (source, project)))
    page = written(tmp_path, one=DASHES.replace("Words of", "We sing (Outcome 1). Words of"))
    import_paths(store, [tmp_path / "own.jsonl"])
    import_paths(store, page)
    stored = records(store, "project")["IB.9999"]
    assert stored["title"] == {"en": "A Title", "es": "Un título"}
    assert (stored["startYear"], stored["year"]) == (2020, 1998)
    assert [each["code"] for each in stored["results"]] == ["1", "2"]
    assert {(each["kept"], each["other"]) for each in stored["conflicts"]} == {
        ("A Title", "Another Title"),
        ("2020", "1999"),
    }
    assert stored["sources"][-1] == key
    with no_write(store):
        import_paths(store, page)

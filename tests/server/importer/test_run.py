"""Importing files and folders: what is stored, in any order and any number of times, and what is refused."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from ontology.errors import UnreadableFile
from server.importer.project import RIGHTS
from server.importer.report import Outcome
from server.importer.run import import_paths
from tests.databases import Databases
from tests.server.importer.inputs import DASHES, PAGES, Stores, facts, no_write, records, told, written

# A folder of pages


def test_a_folder_comes_in_with_its_outcome_by_file(store: Engine) -> None:
    report = import_paths(store, [PAGES])
    assert told(report) == [
        ("blank-en.txt", "merged", "project/CE.9904"),
        ("bullet-en.txt", "taken", "project/IB.9902"),
        ("bullet-es.txt", "taken", "project/PR.9903"),
        ("dash-en.txt", "taken", "project/CE.9904"),
        ("dash-fr.txt", "taken", "project/PN.9901"),
        ("oldsite-en.txt", "taken", "project/CE.9904"),
        ("placeholder-fr.txt", "taken", "project/V99-805"),
        ("unknown-en.txt", "refused", None),
    ]
    assert report.exit_status == 1
    assert sorted(records(store, "project")) == ["CE.9904", "IB.9902", "PN.9901", "PR.9903", "V99-805"]


def test_a_refused_page_says_where_why_and_what_to_do(store: Engine) -> None:
    (refused,) = import_paths(store, [PAGES]).refused
    assert refused.file.endswith("unknown-en.txt")
    assert (refused.field, refused.code, refused.text) == (
        "projectId",
        "REFUSED_PAGE",
        "A Title That Nobody Knows",
    )
    assert refused.reason
    assert refused.suggestion


def test_a_second_import_changes_nothing(store: Engine) -> None:
    import_paths(store, [PAGES])
    before = facts(store)
    with no_write(store):
        report = import_paths(store, [PAGES])
    assert {outcome for _, outcome, _ in told(report)} == {"unchanged", "refused"}
    assert facts(store) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(store: Engine) -> None:
    with no_write(store):
        report = import_paths(store, [PAGES], dry_run=True)
    assert told(report) == told(import_paths(store, [PAGES]))


def test_the_order_of_files_and_imports_does_not_matter(stores: Stores) -> None:
    together, forwards, backwards = stores(False), stores(False), stores(False)
    import_paths(together, [PAGES])
    paths = sorted(PAGES.glob("*.txt"))
    for path in (*paths, PAGES / "blank-en.txt"):
        import_paths(forwards, [path])
    for path in (*reversed(paths), PAGES / "blank-en.txt"):
        import_paths(backwards, [path])
    assert facts(together) == facts(forwards) == facts(backwards)


def test_every_kind_of_database_holds_the_same(databases: Databases, kind: str, store: Engine) -> None:
    from server.load import load_vocabularies

    import_paths(store, [PAGES])
    with databases.fresh(kind) as engine:
        load_vocabularies(engine)
        import_paths(engine, [PAGES])
        assert facts(engine) == facts(store)
        with no_write(engine):
            import_paths(engine, [PAGES])


# Sources and provenance


def test_every_value_knows_its_source_and_place(store: Engine) -> None:
    import_paths(store, [PAGES])
    sources = records(store, "source")
    for project in records(store, "project").values():
        named = {each["field"] for each in project["provenance"]}
        assert named >= {
            name for name in project if name in ("title", "budgetUsd", "memberStates", "results", "type")
        }
        for each in project["provenance"]:
            text = sources[each["source"]]["text"]
            assert text[each["start"] : each["end"]] == each["value"]


def test_a_source_holds_the_text_of_the_article_and_what_is_known_of_its_rights(store: Engine) -> None:
    import_paths(store, [PAGES / "dash-fr.txt"])
    (source,) = records(store, "source").values()
    assert (source["kind"], source["language"], source["rights"]) == ("page", "fr", RIGHTS)
    assert source["url"] == "https://example.org/fr/node/900001"
    assert source["key"] == source["sha256"]
    assert source["text"].startswith("Appui fictif")


def test_a_placeholder_is_kept_in_provenance_only(store: Engine) -> None:
    report = import_paths(store, [PAGES / "placeholder-fr.txt"])
    project = records(store, "project")["V99-805"]
    assert "endYear" not in project
    assert [each["value"] for each in project["provenance"] if each["field"] == "endYear"] == ["2024"]
    assert [
        (each.code, each.field, each.text) for each in report.entries if each.outcome is Outcome.NOTE
    ] == [("PLACEHOLDER_YEAR", "endYear", "2024")]


# Proposed links


def test_links_are_proposed_with_their_evidence(store: Engine) -> None:
    import_paths(store, [PAGES / "dash-fr.txt"])
    (source,) = records(store, "source").values()
    links = records(store, "link")
    assert sorted(links) == [
        "PN.9901~instrument-TUN-coordination-mechanism-2019",
        "PN.9901~instrument-TUN-implementation-plan-2019",
        "PN.9901~network-TUN",
        "PN.9901~network-global",
    ]
    for each in links.values():
        assert each["status"] == "proposed"
        (claim,) = each["claims"]
        assert (claim["method"], claim["methodVersion"], claim["madeBy"]) == (
            "mention",
            "1",
            "compactgraph import",
        )
        assert "confidence" not in claim
        for evidence in claim["evidence"]:
            assert source["text"][evidence["start"] : evidence["end"]] == evidence["quote"]
            assert evidence["source"] == evidence["textSha256"] == source["key"]
    instruments = records(store, "instrument")
    assert instruments["TUN-implementation-plan-2019"]["name"] == {
        "fr": "Plan national de mise en œuvre du Pacte mondial"
    }
    assert all("accepted" not in each for each in instruments.values())


# Files


def test_a_path_that_is_not_there_is_an_error(store: Engine, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        import_paths(store, [tmp_path / "nowhere"])


def test_files_that_cannot_be_read_are_refused_one_by_one(store: Engine, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(DASHES.replace("A Title", "Été").encode("latin-1"))
    (tmp_path / "what.bin").write_bytes(b"\x00\x01")
    paths = [*written(tmp_path, good=DASHES), tmp_path / "latin.txt", tmp_path / "what.bin"]
    report = import_paths(store, paths)
    assert told(report) == [
        ("good.txt", "taken", "project/IB.9999"),
        ("latin.txt", "refused", None),
        ("what.bin", "refused", None),
    ]
    assert {each.code for each in report.refused} == {"UNREADABLE_FILE"}


def test_a_file_that_the_system_refuses_is_refused(
    store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("server.importer.input._Counted", refuse)
    (refused,) = import_paths(store, written(tmp_path, one=DASHES)).refused
    assert refused.reason == "the file cannot be read: Permission denied"


def test_a_format_is_seen_by_the_beginning_or_named(store: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "page").write_text(DASHES, encoding="utf-8")
    (folder / ".hidden").write_text("nothing")
    assert import_paths(store, [folder / "page"]).exit_status == 0
    assert told(import_paths(store, [folder])) == []
    assert told(import_paths(store, [folder], format="page")) == [("page", "unchanged", "project/IB.9999")]


def test_an_import_of_nothing_writes_nothing(store: Engine, tmp_path: Path) -> None:
    with no_write(store):
        assert import_paths(store, [tmp_path]).entries == []

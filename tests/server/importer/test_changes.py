"""What an import changes and deletes, as it tells before and after."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from ontology.errors import BadArgument
from schema.store import reading
from server.importer.progress import Silent
from server.importer.report import Outcome, Report
from server.importer.run import Wishes, import_paths, run
from tests.server.importer.inputs import DASHES, PAGES, Stores, no_write, records, written

# What changes


def compared(store: Engine, tmp_path: Path, record: dict[str, Any], **wishes: Any) -> Report:
    (tmp_path / "a.jsonl").write_text(json.dumps({"class": "project", "key": "ZZ.0001", **record}))
    return run(store, [tmp_path / "a.jsonl"], Wishes(**wishes), Silent())


def test_a_dry_run_shows_every_field_before_and_after(store: Engine, tmp_path: Path) -> None:
    old = {"title": {"en": "Old", "fr": "Vieux"}, "budgetUsd": "1.00", "startYear": 2020}
    new = {"title": {"en": "New", "fr": "Vieux"}, "budgetUsd": "2.00", "memberStates": ["SLV"]}
    (fresh,) = compared(store, tmp_path, old, dry_run=True).entries
    assert ("budgetUsd", None, "1.00") in [(each.field, each.before, each.after) for each in fresh.changes]
    compared(store, tmp_path, old)
    with no_write(store):
        report = compared(store, tmp_path, new, dry_run=True)
    assert [(each.field, each.before, each.after) for each in report.entries[0].changes] == [
        ("budgetUsd", "1.00", "2.00"),
        ("memberStates", None, ["SLV"]),
        ("startYear", 2020, None),
        ("title.en", "Old", "New"),
    ]
    assert compared(store, tmp_path, new, compare=True).entries[0].changes == report.entries[0].changes


def test_what_pages_bring_along_stands_beside_the_entries(store: Engine) -> None:
    report = run(store, [PAGES / "dash-fr.txt"], Wishes(dry_run=True), Silent())
    beside = {each.identifier.partition("/")[0] for each in report.alongside}
    assert beside == {"source", "link", "instrument"}
    assert all(each.operation == "create" for each in report.alongside)


# Replacing

SITE = "https://example.org"


def replacing(store: Engine, *paths: Path, under: str = SITE, dry_run: bool = False) -> Report:
    return run(store, list(paths), Wishes(replace_source=under, dry_run=dry_run), Silent())


def deleted(report: Report) -> list[str | None]:
    return [each.identifier for each in report.entries if each.outcome is Outcome.DELETED]


def test_projects_that_a_site_no_longer_has_are_deleted_on_request_only(store: Engine) -> None:
    import_paths(store, [PAGES])
    before = records(store, "project")
    kept = PAGES / "dash-en.txt"
    assert deleted(import_paths(store, [kept])) == []
    gone = sorted(f"project/{key}" for key in before if key != "CE.9904")
    with no_write(store):
        assert deleted(replacing(store, kept, dry_run=True)) == gone
    assert deleted(replacing(store, kept)) == gone
    assert sorted(records(store, "project")) == ["CE.9904"]
    with reading(store) as snapshot:
        snapshot.check()
        standing = snapshot.standing("project", "PN.9901")
    assert standing is not None
    assert standing.deleted


@pytest.mark.parametrize("under", [f"{SITE}.com", SITE[:-1], f"{SITE}/fr/node/90000", f"{SITE}/x"])
def test_pages_elsewhere_keep_their_projects(store: Engine, under: str) -> None:
    import_paths(store, [PAGES])
    with no_write(store):
        assert deleted(replacing(store, PAGES / "dash-en.txt", under=under)) == []


def test_summaries_and_records_without_pages_keep_their_projects(stores: Stores) -> None:
    store = stores(True)
    before = records(store, "project")
    assert deleted(replacing(store, PAGES / "dash-en.txt")) == []
    assert records(store, "project").keys() > before.keys()


def test_a_refused_page_keeps_its_project(store: Engine, tmp_path: Path) -> None:
    import_paths(store, written(tmp_path, a=DASHES, b=DASHES.replace("9999", "8888").replace("/x", "/y")))
    other = DASHES.replace("9999", "7777").replace("/x", "/z")
    broken = DASHES.replace("\n2020\n", "\nsoon\n")
    report = replacing(store, *written(tmp_path, a=broken, c=other))
    assert ([each.file[-5:] for each in report.refused], deleted(report)) == (["a.txt"], ["project/IB.8888"])


def test_nothing_is_deleted_while_a_refused_file_may_be_of_any_project(store: Engine, tmp_path: Path) -> None:
    import_paths(store, [PAGES])
    paths = written(tmp_path, a=DASHES, b="what is this")
    report = replacing(store, *paths)
    assert deleted(report) == []
    assert "NOTHING_DELETED" in [each.code for each in report.entries]


def test_replacing_by_nothing_or_under_no_address_is_an_error(store: Engine, tmp_path: Path) -> None:
    import_paths(store, [PAGES])
    with no_write(store):
        with pytest.raises(BadArgument, match="holds no project"):
            replacing(store, tmp_path)
        with pytest.raises(BadArgument, match="no address"):
            replacing(store, PAGES, under="example.org")

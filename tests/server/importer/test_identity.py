"""Which pages are of one project, and under which key it lives."""

import json
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Engine

from schema.store import reading, writing
from server.importer.run import import_paths
from tests.server.importer.inputs import (
    DASHES,
    Stores,
    no_write,
    records,
    told,
    without,
    written,
)


def test_a_project_id_that_appears_later_becomes_an_alias_of_the_prima_id(
    store: Engine, tmp_path: Path
) -> None:
    import_paths(store, written(tmp_path, one=without("Projects ID")))
    assert list(records(store, "project")) == ["ZM10P9999"]
    page = written(tmp_path, two=DASHES)
    assert told(import_paths(store, page)) == [("two.txt", "changed", "project/ZM10P9999")]
    project = records(store, "project")["ZM10P9999"]
    assert (project["projectId"], len(project["sources"])) == ("IB.9999", 2)
    with reading(store) as snapshot:
        standing = snapshot.standing("project", "IB.9999")
    assert standing is not None
    assert standing.key == "ZM10P9999"
    with no_write(store):
        import_paths(store, page)


def test_in_one_import_the_project_id_is_the_key_in_any_order_of_files(
    stores: Stores, tmp_path: Path
) -> None:
    for names in (("a", "b"), ("b", "a")):
        store = stores(False)
        import_paths(
            store, written(tmp_path, **dict(zip(names, (without("Projects ID"), DASHES), strict=True)))
        )
        assert list(records(store, "project")) == ["IB.9999"]


def test_two_projects_that_prove_to_be_one_are_merged_into_the_older(store: Engine, tmp_path: Path) -> None:
    import_paths(
        store, written(tmp_path, one=without("Prima ID").replace("Words", "UN Network on Migration. Words"))
    )
    import_paths(store, written(tmp_path, two=without("Projects ID")))
    assert sorted(records(store, "project")) == ["IB.9999", "ZM10P9999"]
    page = written(tmp_path, three=DASHES.replace("2020", "2021"))
    import_paths(store, page)
    project = records(store, "project")["IB.9999"]
    assert list(records(store, "project")) == ["IB.9999"]
    assert len(project["sources"]) == 3
    assert list(records(store, "link")) == ["IB.9999~network-global"]
    with no_write(store):
        import_paths(store, page)


def test_two_project_ids_are_two_projects_whatever_their_prima_id(store: Engine, tmp_path: Path) -> None:
    other = DASHES.replace("IB.9999", "IB.9998").replace("A Title", "B Title")
    unclear = without("Projects ID").replace("A Title", "C Title")
    report = import_paths(store, written(tmp_path, one=DASHES, two=other, three=unclear))
    assert sorted(records(store, "project")) == ["IB.9998", "IB.9999"]
    assert [Path(each.file).name for each in report.refused] == ["three.txt"]


def test_a_title_that_two_projects_have_decides_nothing(store: Engine, tmp_path: Path) -> None:
    pages: Iterable[str] = (DASHES, DASHES.replace("IB.9999", "IB.9998"), without("Projects ID", "Prima ID"))
    report = import_paths(store, written(tmp_path, **dict(zip("abc", pages, strict=True))))
    assert [each.reason for each in report.refused] == [
        "projectId: the page prints no identifier, and several projects have its title"
    ]


def test_a_page_stays_with_its_project_when_another_gets_the_same_title(
    store: Engine, tmp_path: Path
) -> None:
    unnamed = without("Projects ID", "Prima ID")
    paths = written(tmp_path, one=DASHES, two=unnamed)
    assert told(import_paths(store, paths))[1] == ("two.txt", "merged", "project/IB.9999")
    import_paths(store, written(tmp_path, three=DASHES.replace("IB.9999", "IB.9998")))
    assert told(import_paths(store, paths[1:])) == [("two.txt", "unchanged", "project/IB.9999")]


def test_a_page_meets_a_project_of_the_same_import(store: Engine, tmp_path: Path) -> None:
    record = {"format": "compactgraph/1", "class": "project", "key": "own-key", "title": {"en": "A Title"}}
    (tmp_path / "z.jsonl").write_text(json.dumps(record))
    report = import_paths(
        store, [tmp_path / "z.jsonl", *written(tmp_path, one=without("Projects ID", "Prima ID"))]
    )
    assert report.exit_status == 0
    assert records(store, "project")["own-key"]["startYear"] == 2020


def test_a_page_whose_key_leads_to_something_deleted_is_refused(store: Engine, tmp_path: Path) -> None:
    import_paths(store, written(tmp_path, one=without("Projects ID")))
    page = written(tmp_path, two=DASHES)
    import_paths(store, page)
    with writing(store) as transaction:
        transaction.delete("project", "ZM10P9999")
    report = import_paths(store, page)
    assert report.exit_status == 1
    assert records(store, "project") == {}

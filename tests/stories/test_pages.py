"""Pages from outside: every layout in every language goes in, is asked for, and comes out again."""

import io
import random
from collections.abc import Iterator
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import pytest
from rdflib import Namespace, URIRef
from typer.testing import CliRunner

from schema.store import reading
from server.cli import app
from server.exporter.jsonl import write
from server.importer.run import import_paths
from server.importer.statement import NEWEST
from server.settings import Settings, settings
from tests.graphs import graph as graph_of
from tests.graphs import read
from tests.invented import FACTS, MARKUPS, OLD_SITE, PROJECTS, Invented
from tests.serving import BASE, Service, serving
from tests.stories.test_same_story import assert_same_story

CG = Namespace(f"{BASE}/ns#")
KEY = "IB.9977"
LAYOUTS = {"dash": Invented.dashes, "bullet": Invented.bullets, "label-less": Invented.plain}
ASKED = """query($id: ID!) { project(id: $id) {
    projectId primaId startYear endYear year status coverage region { code } type { code } budgetUsd
    memberStates { iso3 } otherStates { iso3 }
    titles { value language } descriptions { value language }
    results { code kind texts { value language } } sources { language url }
    conflicts { field kept other rule source { url } }
    provenance { field value start end }
    links { status target { ... on Network { id } } } } }"""


def taken(service: Service, folder: Path, *contents: str, suffix: str = "txt") -> None:
    """Import these pages, all of which are taken."""
    paths = [folder / f"{number}.{suffix}" for number, _ in enumerate(contents)]
    for path, content in zip(paths, contents, strict=True):
        path.write_text(content, encoding="utf-8")
    assert import_paths(service.engine, paths).exit_status == 0


def told(service: Service) -> dict[str, Any]:
    """What GraphQL says of the project, after a check that RDF says the same."""
    assert_same_story(service, KEY)
    project: dict[str, Any] = service.data(ASKED, id=KEY)["project"]
    return project


def facts(project: dict[str, Any]) -> dict[str, Any]:
    """The same facts as `FACTS` has them."""
    found = {name: project[name] for name in FACTS}
    for name in ("status", "coverage"):
        found[name] = found[name] and f"{name}/{found[name].lower()}"
    for name in ("region", "type"):
        found[name] = found[name] and f"{name}/{found[name]['code']}"
    for name in ("memberStates", "otherStates"):
        found[name] = [each["iso3"] for each in found[name]]
    return found


def exported(service: Service) -> bytes:
    out = io.BytesIO()
    with reading(service.engine) as snapshot:
        write(snapshot, out)
    return out.getvalue()


@pytest.mark.parametrize("language", PROJECTS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_goes_in_is_asked_for_and_comes_out_again(
    layout: str, language: str, service: Service, tmp_path: Path
) -> None:
    page = PROJECTS[language]
    taken(service, tmp_path, LAYOUTS[layout](page))
    project = told(service)

    printed = OLD_SITE if layout == "label-less" else tuple(FACTS)
    blank = {"memberStates": [], "otherStates": []}
    assert facts(project) == {name: FACTS[name] if name in printed else blank.get(name) for name in FACTS}
    assert project["titles"] == [{"value": page.title, "language": language.upper()}]
    assert project["descriptions"] == [{"value": "\n".join(page.description), "language": language.upper()}]
    assert [(each["code"], each["kind"]) for each in project["results"]] == [
        ("1", "OUTCOME"),
        ("1.1", "OUTPUT"),
    ]
    assert project["sources"] == [{"language": language.upper(), "url": page.address}]
    assert project["links"] == [{"status": "PROPOSED", "target": {"id": "network/ZMB"}}]
    assert project["conflicts"] == []
    with reading(service.engine) as snapshot:
        (source,) = snapshot.records("source")
    for each in project["provenance"]:
        assert source["text"][each["start"] : each["end"]] == each["value"]

    whole = exported(service)
    (tmp_path / "all.jsonl").write_bytes(whole)
    with serving(f"sqlite:///{tmp_path}/again.db", sample=False) as again:
        assert import_paths(again.engine, [tmp_path / "all.jsonl"]).exit_status == 0
        assert exported(again) == whole
        assert told(again) == project


@pytest.mark.parametrize("language", PROJECTS)
@pytest.mark.parametrize("markup", MARKUPS)
def test_a_web_page_says_what_its_text_says(
    markup: str, language: str, service: Service, tmp_path: Path
) -> None:
    page = PROJECTS[language]
    taken(service, tmp_path, page.bullets())
    before, version = told(service), exported(service)
    taken(service, tmp_path, page.html(markup), suffix="html")
    assert (told(service), exported(service)) == (before, version)


# One project in several languages, and pages that contradict each other

#: An older page that says something else of the money, the end and the states.
OTHER = (
    PROJECTS["en"]
    .plain()
    .replace("project/tide-ledger", "old/tide-ledger")
    .replace("123456.00", "123,000")
    .replace("Fiji Papua New Guinea Vanuatu Fiji", "Fiji Vanuatu")
)
PAGES = (PROJECTS["en"].dashes(), PROJECTS["fr"].bullets(), PROJECTS["es"].dashes(), OTHER)


def test_three_languages_are_one_project_with_all_texts_and_sources(service: Service, tmp_path: Path) -> None:
    taken(service, tmp_path, *PAGES[:3])
    project = told(service)
    assert facts(project) == FACTS
    assert project["conflicts"] == []
    assert {each["language"]: each["value"] for each in project["titles"]} == {
        each.language.upper(): each.title for each in PROJECTS.values()
    }
    assert sorted(each["language"] for each in project["sources"]) == ["EN", "ES", "FR"]
    for result in project["results"]:
        assert sorted(each["language"] for each in result["texts"]) == ["EN", "ES", "FR"]


def test_contradictions_are_shown_with_the_rule_that_decided(service: Service, tmp_path: Path) -> None:
    taken(service, tmp_path, *PAGES)
    project = told(service)
    assert facts(project) == FACTS
    assert [
        (each["field"], each["kept"], each["other"], each["rule"], each["source"]["url"])
        for each in project["conflicts"]
    ] == [
        ("budgetUsd", "123456.00", "123000.00", NEWEST, "https://example.org/old/tide-ledger"),
        ("memberStates", "FJI PNG VUT", "FJI VUT", NEWEST, "https://example.org/old/tide-ledger"),
    ]
    graph = graph_of(read(service.client.get(f"/project/{KEY}.ttl").text, "ttl"))
    shown = [
        {str(graph.value(part, CG[name])) for name in ("kept", "other", "rule")}
        for part in graph.objects(URIRef(f"{BASE}/id/project/{KEY}"), CG.conflict)
    ]
    assert {"123456.00", "123000.00", NEWEST} in shown
    assert {"FJI PNG VUT", "FJI VUT", NEWEST} in shown


def splits() -> Iterator[list[list[str]]]:
    """Some of the ways to import the pages: in any order, together or in several imports."""
    chance = random.Random(7)
    for order in chance.sample(list(permutations(PAGES)), 6):
        cuts = sorted(chance.sample(range(1, len(order)), chance.randrange(len(order))))
        places = [0, *cuts, len(order)]
        yield [list(order[start:end]) for start, end in pairwise(places)]


def timeless(value: Any) -> Any:
    """Records without when and how often they were written, and claims in an order of their own."""
    if isinstance(value, dict):
        kept = {name: timeless(each) for name, each in value.items()}
        return {name: each for name, each in kept.items() if name not in ("updatedAt", "madeAt", "version")}
    if isinstance(value, list):
        plain = [timeless(each) for each in value]
        return (
            sorted(plain, key=str) if plain and isinstance(plain[0], dict) and "method" in plain[0] else plain
        )
    return value


def test_any_order_of_pages_in_any_imports_comes_to_the_same(tmp_path: Path) -> None:
    outcomes = []
    for number, imports in enumerate([[list(PAGES)], *splits()]):
        with serving(f"sqlite:///{tmp_path}/{number}.db", sample=False) as service:
            for contents in imports:
                taken(service, tmp_path, *contents)
            with reading(service.engine) as snapshot:
                outcomes.append(
                    [timeless(list(snapshot.records(each))) for each in ("project", "source", "link")]
                )
    assert all(each == outcomes[0] for each in outcomes)


# The command line, and the real pages

FOLDER = Settings().test_pages
REAL = pytest.mark.skipif(not (FOLDER / "001.txt").exists(), reason=f"the real pages are not in {FOLDER}")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    """The command line over a database of its own, without the sample."""
    monkeypatch.setenv("COMPACTGRAPH_DATABASE_URL", f"sqlite:///{tmp_path}/shell.db")
    monkeypatch.setenv("COMPACTGRAPH_SAMPLE", "0")
    settings.cache_clear()
    yield CliRunner()
    settings.cache_clear()


def test_the_command_ends_with_1_where_a_page_is_refused(shell: CliRunner, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "good.txt").write_text(PROJECTS["fr"].dashes(), encoding="utf-8")
    assert shell.invoke(app, ["import", str(folder)]).exit_code == 0
    bad = PROJECTS["en"].dashes().replace("Papua New Guinea Vanuatu", "Papua New Guinea Atlantis Vanuatu")
    (folder / "wrong.txt").write_text(bad, encoding="utf-8")
    done = shell.invoke(app, ["import", str(folder)])
    assert done.exit_code == 1
    assert "Atlantis Vanuatu Fiji" in done.output


@REAL
def test_the_real_folder_has_21_projects_and_a_second_run_changes_nothing(
    shell: CliRunner, service: Service, tmp_path: Path
) -> None:
    first = shell.invoke(app, ["import", str(FOLDER), "--report", str(tmp_path / "first.json")])
    assert first.exit_code == 1
    before = shell.invoke(app, ["export", "--format", "jsonl", "-o", str(tmp_path / "before.jsonl")])
    assert shell.invoke(app, ["import", str(FOLDER)]).exit_code == 1
    after = shell.invoke(app, ["export", "--format", "jsonl", "-o", str(tmp_path / "after.jsonl")])
    assert (before.exit_code, after.exit_code) == (0, 0)
    assert (tmp_path / "before.jsonl").read_bytes() == (tmp_path / "after.jsonl").read_bytes()

    report = import_paths(service.engine, [FOLDER])
    assert [Path(each.file).name for each in report.refused] == ["012.txt", "034.txt"]
    nodes = service.data("{ projects(first: 100) { nodes { projectId } } }")["projects"]["nodes"]
    assert len(nodes) == 21
    for node in nodes:
        assert_same_story(service, node["projectId"])

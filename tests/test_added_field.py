"""The added field: one line in the declaration, and the field stands in every face of the product."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from tests.databases import Databases

ROOT = Path(__file__).parent.parent

BEHIND = "    title: Annotated[Text, TextProperty(DCTERMS.title)] = Field(\n"
LINE = (
    "    short_name: Annotated[str | None, Property(SDO.alternateName)]"
    ' = Field(default=None, description="A shorter name.")\n'
)
NAMED = {"format": "compactgraph/1", "class": "project", "key": "NEW-1", "title": {"en": "New"}}
NAMED |= {"shortName": "Newt", "updatedAt": "2026-11-23T00:00:00Z"}


def run(tree: Path, url: str, *arguments: str) -> str:
    """What a module of the tree prints."""
    environment = os.environ | {"COMPACTGRAPH_DATABASE_URL": url, "COMPACTGRAPH_SAMPLE": "1"}
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree with one line more, and the migration that the script writes for it."""
    tree = tmp_path_factory.mktemp("changed")
    for room in ("ontology", "schema", "server"):
        shutil.copytree(ROOT / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
    model = tree / "schema" / "model" / "project.py"
    before = model.read_text(encoding="utf-8")
    assert before.count(BEHIND) == 1
    model.write_text(before.replace(BEHIND, LINE + BEHIND), encoding="utf-8")
    run(tree, "sqlite://", "server.migrations", "a shorter name")
    return tree


@dataclass(frozen=True, slots=True)
class Before:
    """A database of the release before the field, with the sample in it, and what that exports."""

    url: str
    export: str


@pytest.fixture
def before(databases: Databases, kind: str) -> Iterator[Before]:
    with databases.bare(kind) as engine:
        url = engine.url.render_as_string(hide_password=False)
        yield Before(url, run(ROOT, url, "server", "export", "--format", "jsonl"))


def columns(url: str) -> dict[str, str]:
    engine = create_engine(url)
    found = {each["name"]: str(each["type"]) for each in inspect(engine).get_columns("project")}
    engine.dispose()
    return found


def test_the_script_writes_one_migration_and_only_for_the_new_column(changed: Path) -> None:
    migrations = sorted((changed / "server" / "migrations" / "versions").glob("*.py"))
    known = sorted((ROOT / "server" / "migrations" / "versions").glob("*.py"))
    assert len(migrations) == len(known) + 1
    text = migrations[-1].read_text(encoding="utf-8")
    upgrade, _, downgrade = text.partition("def downgrade")
    assert upgrade.count("op.") == 2
    assert "add_column(" in upgrade
    assert "short_name" in upgrade
    assert "drop_column" in downgrade


def test_a_field_of_one_line_stands_in_every_face(changed: Path, before: Before, tmp_path: Path) -> None:
    url = before.url
    assert "short_name" not in columns(url)

    run(changed, url, "server", "db", "upgrade")
    assert columns(url)["short_name"].startswith("VARCHAR")
    # Adding a field changes no line that was written before.
    assert run(changed, url, "server", "export", "--format", "jsonl") == before.export

    (tmp_path / "new.jsonl").write_text(json.dumps(NAMED), encoding="utf-8")
    run(changed, url, "server", "import", str(tmp_path / "new.jsonl"))
    exported = run(changed, url, "server", "export", "--format", "jsonl").splitlines()
    assert NAMED in [json.loads(each) for each in exported]
    assert len(exported) == len(before.export.splitlines()) + 1

    triples = run(changed, url, "server", "export", "--format", "nt")
    assert '/id/project/NEW-1> <https://schema.org/alternateName> "Newt" .' in triples
    linked = json.loads(run(changed, url, "server", "export", "--format", "jsonld"))
    assert linked["@context"]["Project"]["@context"]["shortName"] == "schema:alternateName"
    (graphed,) = (each for each in linked["@graph"] if str(each.get("@id", "")).endswith("/NEW-1"))
    assert graphed["shortName"] == "Newt"


def test_a_field_of_one_line_stands_in_the_printed_schema(changed: Path) -> None:
    def project_type(tree: Path) -> str:
        printed = run(tree, "sqlite://", "server", "schema")
        return printed.partition("type Project implements")[2].partition("\n}")[0]

    assert "shortName: String\n" in project_type(changed)
    assert "shortName" not in project_type(ROOT)

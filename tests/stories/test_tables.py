"""The story of a table: printed empty, filled in, imported, asked for, and written out again."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from server.cli import app
from server.settings import settings
from tests.databases import Databases
from tests.serving import serving
from tests.stories.faults import IMPORT


@pytest.fixture(name="url")
def _url(databases: Databases, kind: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a fresh database of each kind, which the command line uses too."""
    with databases.fresh(kind) as engine:
        url = engine.url.render_as_string(hide_password=False)
        monkeypatch.setenv("COMPACTGRAPH_DATABASE_URL", url)
        monkeypatch.setenv("COMPACTGRAPH_SAMPLE", "0")
        # A command leaves its engine to the end of the process; here it takes one that is closed.
        for command in ("import", "export"):
            monkeypatch.setattr(f"server.{command}_command.open_database", lambda _: engine)
        settings.cache_clear()
        yield url
        settings.cache_clear()


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def filled(template: str, **cells: str) -> bytes:
    names = next(csv.reader(io.StringIO(template, newline="")))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows((names, [cells.get(name, "") for name in names]))
    return out.getvalue().encode("utf-8-sig")


def test_a_table_goes_in_is_asked_for_and_comes_out_again(url: str, tmp_path: Path) -> None:
    template = run("import", "--template", "csv", "--language", "fr").stdout
    sheet = tmp_path / "projets.csv"
    cells = {
        "ID du projet": "PN.0042",
        "Titre": "Un projet inventé",
        "Description": "Le « projet »; sur deux\nlignes.",
        "Statut du projet": "Actif",
        "États membres": "El Salvador;ZMB",
        "Budget (USD)": "300,000",
    }
    sheet.write_bytes(filled(template, **cells))
    assert run(*IMPORT, sheet).exit_code == 0

    with serving(url, sample=False) as service:
        asked = '{ project(id: "PN.0042") { budgetUsd status memberStates { iso3 }'
        asked += " title { value language } sources { kind language } } }"
        project = service.data(asked)["project"]
        turtle = service.client.get("/project/PN.0042.ttl").text
    assert project["budgetUsd"] == "300000.00"
    assert project["title"] == {"value": "Un projet inventé", "language": "FR"}
    assert [each["iso3"] for each in project["memberStates"]] == ["SLV", "ZMB"]
    assert project["sources"] == [{"kind": "TABLE", "language": "FR"}]
    assert '"Un projet inventé"@fr' in turtle

    flat, folder = tmp_path / "flat.csv", tmp_path / "tables"
    assert run("export", "--format", "csv", "--language", "es", "-o", flat).exit_code == 0
    (row,) = csv.DictReader(io.StringIO(flat.read_bytes().decode(), newline=""))
    assert (row["description_fr"], row["status_name"]) == (cells["Description"], "Activo")
    before = flat.read_bytes()
    assert run(*IMPORT, flat).exit_code == 0
    assert run("export", "--format", "csv", "--language", "es").stdout_bytes == before
    told = run("export", "--format", "csv", "-o", folder)
    assert told.exit_code == 0
    assert "tables at data version" in told.stderr
    assert (folder / "beneficiaries.csv").read_bytes() == (
        b"project,state_code,state_name\r\nPN.0042,SLV,El Salvador\r\nPN.0042,ZMB,Zambia\r\n"
    )


@pytest.mark.usefixtures("url")
def test_a_bad_table_tells_what_to_do(tmp_path: Path) -> None:
    sheet, report = tmp_path / "bad.csv", tmp_path / "report.json"
    sheet.write_text("Project ID,Title,Budget\nPN.0001,One,5\nPN.0002,Two,5,6\n", encoding="utf-8")
    ended = run(*IMPORT, sheet, "--report", report)
    assert ended.exit_code == 1
    refused = [each for each in json.loads(report.read_text())["entries"] if each["outcome"] == "refused"]
    assert [(each["line"], each.get("field")) for each in refused] == [(1, "Budget"), (3, None)]
    assert all(each["suggestion"] and each["text"] for each in refused)


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize(
    "arguments",
    [
        ("import",),
        ("import", "--template", "docx"),
        ("export", "--format", "csv", "--as-of", "99"),
        ("export", "--format", "csv", "--filter", '{"nothing": 1}'),
        ("export", "--format", "ttl", "--filter", "{}"),
        ("export", "--format", "jsonl", "--filter", "{}", "--as-of", "1"),
        ("export", "--format", "csv", "--language", "tlh"),
    ],
)
def test_what_a_table_cannot_do_ends_with_status_2(arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert ended.exit_code == 2
    assert "Traceback" not in ended.output

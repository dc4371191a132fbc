"""The command line, run as its users run it."""

import contextlib
import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from server.cli import COMMANDS, app
from server.settings import settings
from tests.databases import Databases
from tests.documentation import ROOT
from tests.stories.faults import IMPORT, url

PAGES = ROOT / "tests" / "pages"
RECORD = {"class": "project", "key": "ZZ.0001", "title": {"en": "An invented project"}}


@pytest.fixture
def run(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Runs a command over a database of the test's own."""
    with databases.fresh("sqlite", vocabularies=True) as engine:
        monkeypatch.setenv("COMPACTGRAPH_DATABASE_URL", url(engine))
        monkeypatch.setenv("COMPACTGRAPH_SAMPLE", "0")
        settings.cache_clear()
        yield lambda *arguments: CliRunner().invoke(app, [str(each) for each in arguments])
        settings.cache_clear()


def written(folder: Path, *records: dict[str, Any]) -> Path:
    """A file of exchange records."""
    file = folder / "records.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
    return file


def test_what_was_imported_is_exported(run: Any, tmp_path: Path) -> None:
    taken = run(*IMPORT, written(tmp_path, RECORD))
    assert (taken.exit_code, "1 taken" in taken.stderr) == (0, True)
    line = next(each for each in run("export", "--format", "jsonl").stdout.splitlines() if "ZZ.0001" in each)
    assert json.loads(line)["title"] == {"en": "An invented project"}


def test_an_export_goes_to_a_file_and_can_be_of_an_earlier_version(run: Any, tmp_path: Path) -> None:
    run(*IMPORT, written(tmp_path, RECORD))
    now, before = tmp_path / "now.jsonl", tmp_path / "before.jsonl"
    assert run("export", "--format", "jsonl", "-o", now).exit_code == 0
    assert run("export", "--format", "jsonl", "--as-of", 1, "-o", before).exit_code == 0
    assert len(now.read_text().splitlines()) == len(before.read_text().splitlines()) + 1


@pytest.mark.parametrize("format_", ["nt", "nq", "ttl", "trig", "jsonld"])
def test_everything_is_exported_as_rdf(run: Any, tmp_path: Path, format_: str) -> None:
    run(*IMPORT, written(tmp_path, RECORD))
    assert "An invented project" in run("export", "--format", format_).stdout


def test_a_refused_record_ends_with_status_1_and_is_in_the_report(run: Any, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    file = written(tmp_path, RECORD, {**RECORD, "key": "ZZ.0002", "budgetUsd": "much"})
    assert run("import", file, "--report", report).exit_code == 1
    entries = json.loads(report.read_text())["entries"]
    refused = next(each for each in entries if each["outcome"] == "refused")
    assert (refused["line"], refused["field"]) == (2, "budgetUsd")
    assert refused["reason"]
    assert refused["suggestion"]


def test_a_dry_run_changes_nothing(run: Any, tmp_path: Path) -> None:
    assert run(*IMPORT, written(tmp_path, RECORD), "--dry-run").exit_code == 0
    assert "ZZ.0001" not in run("export", "--format", "jsonl").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "no/such/file"),
        ("export", "--format", "jsonl", "--as-of", "99"),
        ("export", "--format", "nt", "--as-of", "99"),
        ("export", "--format", "ttl", "--as-of", "-1"),
        ("export", "--format", "docx"),
        ("serve", "--host", "0.0.0.0"),
    ],
)
def test_what_cannot_be_done_ends_with_status_2(run: Any, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert ended.exit_code == 2
    assert "Traceback" not in ended.output


def test_a_database_of_another_kind_ends_with_a_code_and_a_suggestion(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPACTGRAPH_DATABASE_URL", "mysql://nowhere/x")
    settings.cache_clear()
    ended = run("export", "--format", "jsonl")
    assert ended.exit_code == 2
    assert ended.stderr.startswith("WRONG_ENVIRONMENT: ")
    assert "Use SQLite or PostgreSQL." in ended.stderr


def test_a_database_can_be_upgraded_and_checked(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPACTGRAPH_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    settings.cache_clear()
    assert run("db", "check").exit_code == 2
    assert run("db", "upgrade").exit_code == 0
    checked = run("db", "check")
    assert (checked.exit_code, checked.stderr) == (0, "580 records agree with their rows.\n")


def test_a_row_that_somebody_changed_by_hand_is_found(run: Any, tmp_path: Path) -> None:
    import sqlite3

    run(*IMPORT, written(tmp_path, RECORD))
    connection = sqlite3.connect(settings().database_url.removeprefix("sqlite:///"))
    with connection:
        connection.execute("UPDATE project SET budget_usd = 1")
    connection.close()
    checked = run("db", "check")
    assert checked.exit_code == 2
    assert "project/ZZ.0001" in checked.stderr


def test_the_schema_is_printed(run: Any) -> None:
    assert run("schema").stdout == (ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def first_answer(address: str) -> dict[str, Any]:
    """What an address answers once the service is up."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")


def test_serve_answers_after_its_first_start_and_ends_when_told(tmp_path: Path) -> None:
    port = free_port()
    environment = {**os.environ, "COMPACTGRAPH_DATABASE_URL": f"sqlite:///{tmp_path}/own.db"}
    command = [sys.executable, "-m", "server", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            query = "%7Bprojects%7BtotalCount%7D%7D"
            answer = first_answer(f"http://127.0.0.1:{port}/graphql?query={query}")
        finally:
            process.send_signal(signal.SIGTERM)
            told = process.communicate(timeout=30)[1]
    assert answer["data"] == {"projects": {"totalCount": 21}}
    assert "/graphql" in told
    assert str(tmp_path) in told


def test_a_foreign_package_of_the_same_name_is_refused_at_the_start(tmp_path: Path) -> None:
    foreign = tmp_path / "schema"
    foreign.mkdir()
    (foreign / "__init__.py").write_text("", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONSAFEPATH": "1"}
    code = "import sys; sys.path.append(sys.argv[1]); import server"
    ended = subprocess.run(
        [sys.executable, "-c", code, str(ROOT)], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "is not compactgraph's own" in ended.stderr


# What is imported, and what is not


@pytest.mark.parametrize(
    ("command", "unneeded"),
    [
        ("token", "strawberry"),
        ("db", "alembic"),
        ("evaluate", "sqlalchemy"),
        ("import", "uvicorn"),
        ("import", "strawberry"),
        ("import", "alembic"),
    ],
)
def test_a_command_imports_nothing_that_only_others_need(command: str, unneeded: str) -> None:
    code = f"import sys; from server.cli import app; app({[command, '--help']}, standalone_mode=False)"
    ended = subprocess.run(
        [sys.executable, "-c", f"{code}; print({unneeded!r} in sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.splitlines()[-1] == "False"


def test_every_command_is_in_the_help_with_what_it_does() -> None:
    told = CliRunner().invoke(app, ["--help"]).stdout
    assert re.findall(r"^│ (\w+) +\w", told, flags=re.MULTILINE) == list(COMMANDS)


def test_for_a_command_that_is_none_the_nearest_is_named() -> None:
    told = CliRunner().invoke(app, ["exprt"])
    assert told.exit_code == 2
    assert "'export'" in told.stderr


# What an import tells


def piped(data: bytes, *arguments: object) -> Any:
    return CliRunner().invoke(app, ["import", "-", *map(str, arguments)], input=data)


@pytest.mark.usefixtures("run")
def test_a_pipe_is_imported_with_its_format_seen_or_named() -> None:
    line = json.dumps(RECORD).encode()
    assert "1 taken" in piped(gzip.compress(line)).stderr
    assert "1 unchanged" in piped(b"\n" + line, "--format", "jsonl").stderr
    unknown = piped(b"what")
    assert unknown.exit_code == 1
    assert "--format: page, html, csv, jsonl" in unknown.stderr


def test_a_dry_run_prints_old_and_new(run: Any, tmp_path: Path) -> None:
    words = "the same words that stand at the beginning of both of them, "
    run(*IMPORT, written(tmp_path, {**RECORD, "description": {"en": f"{words}then"}, "year": 2020}))
    told = run(
        "import", written(tmp_path, {**RECORD, "description": {"en": f"{words}now"}}), "--dry-run"
    ).stderr
    assert 'description.en: …ng of both of them, then" -> …ng of both of them, now"' in told
    assert "year: - 2020" in told
    assert "nothing was written, this was a dry run" in told


def test_long_lists_are_cut_on_the_screen_and_whole_in_the_report(run: Any, tmp_path: Path) -> None:
    many = [{**RECORD, "key": f"ZZ.{number:04}"} for number in range(60)]
    report = tmp_path / "report.json"
    told = run(*IMPORT, written(tmp_path, *many), "--report", report).stderr
    assert "... and 10 more; --report FILE.json has all" in told
    found = json.loads(report.read_text())
    assert (len(found["entries"]), found["counts"]["taken"], found["status"]) == (60, 60, 0)
    assert found["version"] == 2
    assert {each["format"] for each in found["entries"]} == {"jsonl"}


def test_a_report_is_also_written_when_nothing_could_be_done(run: Any, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert run("import", "no/such/file", "--report", report).exit_code == 2
    found = json.loads(report.read_text())
    assert (found["status"], found["version"], found["entries"]) == (2, None, [])
    assert found["error"]["code"] == "UNREADABLE_FILE"


def test_nothing_is_imported_when_the_report_cannot_be_written(run: Any, tmp_path: Path) -> None:
    ended = run(*IMPORT, written(tmp_path, RECORD), "--report", tmp_path / "no" / "report.json")
    assert (ended.exit_code, ended.stderr.partition(":")[0]) == (2, "UNWRITABLE_FILE")
    assert "ZZ.0001" not in run("export", "--format", "jsonl").stdout


def test_a_setting_that_cannot_be_read_is_named(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPACTGRAPH_MAX_PAGE_MB", "many")
    settings.cache_clear()
    ended = run("import", PAGES)
    assert (ended.exit_code, ended.stderr.partition(":")[0]) == (2, "WRONG_ENVIRONMENT")
    assert "COMPACTGRAPH_MAX_PAGE_MB" in ended.stderr


def test_an_export_that_fails_leaves_the_file_as_it_was(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("before")
    assert run("export", "--format", "jsonl", "--as-of", 99, "-o", file).exit_code == 2
    assert (file.read_text(), [each.name for each in tmp_path.glob("out*")]) == ("before", ["out.jsonl"])
    ended = run("export", "--format", "nt", "-o", tmp_path / "no" / "out.nt")
    assert (ended.exit_code, ended.stderr.partition(":")[0]) == (2, "UNWRITABLE_FILE")


def test_an_export_ends_quietly_when_its_reader_has_seen_enough(tmp_path: Path) -> None:
    environment = {**os.environ, "COMPACTGRAPH_DATABASE_URL": f"sqlite:///{tmp_path}/own.db"}
    command = [sys.executable, "-m", "server", "export", "--format", "nt"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert process.returncode == 128 + signal.SIGPIPE


def test_a_terminal_shows_a_bar_that_goes_away(tmp_path: Path) -> None:
    import pty

    environment = {**os.environ, "COMPACTGRAPH_DATABASE_URL": f"sqlite:///{tmp_path}/own.db", "TERM": "xterm"}
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "server", "import", str(PAGES)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=theirs, stdout=theirs) as process:
        os.close(theirs)
        told = b""
        with contextlib.suppress(OSError):
            while more := os.read(ours, 65536):
                told += more
    os.close(ours)
    assert process.returncode == 1
    assert b"reading" in told
    assert told.count(b"\x1b[2K") >= 2, "the line of the bar is cleared"
    assert b"8 as page" in told

"""The commands that publish: by name, after each import, and when a service starts for the first time."""

import fcntl
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from server.app import create_app
from server.cli import app
from server.publication import Publication, latest
from server.settings import settings
from tests.documentation import ROOT
from tests.server.test_cli import first_answer, free_port

RECORD = {"class": "project", "key": "ZZ.0001", "title": {"en": "An invented project"}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the dumps of a database of the test's own."""
    monkeypatch.setenv("COMPACTGRAPH_DATABASE_URL", f"sqlite:///{tmp_path}/own.db")
    monkeypatch.setenv("COMPACTGRAPH_SAMPLE", "0")
    settings.cache_clear()
    yield tmp_path / "own.db.publication"
    settings.cache_clear()


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def records(folder: Path, **fields: Any) -> Path:
    file = folder / "records.jsonl"
    file.write_text(json.dumps(RECORD | fields) + "\n", encoding="utf-8")
    return file


def published(folder: Path) -> Publication:
    found = latest(folder)
    assert found is not None
    return found


def lines(folder: Path) -> bytes:
    [whole] = folder.glob(f"{published(folder).version}-*/dump.jsonl.gz")
    return gzip.decompress(whole.read_bytes())


def test_publish_makes_the_dumps_and_says_where(folder: Path) -> None:
    done = run("publish")
    assert (done.exit_code, done.stdout) == (0, "")
    files = published(folder).files
    megabytes = sum(each.size for each in files) / 1e6
    assert done.stderr == f"Published data version 1, {len(files)} files, {megabytes:.1f} MB, in {folder}\n"
    again = run("publish")
    assert (again.exit_code, again.stderr.partition(":")[0]) == (0, "Published already")


def test_an_import_publishes_what_it_took(folder: Path, tmp_path: Path) -> None:
    done = run("import", records(tmp_path))
    assert done.exit_code == 0
    assert "Published data version 2" in done.stderr
    assert b"An invented project" in lines(folder)
    again = run("import", records(tmp_path))
    assert (again.exit_code, "Published" in again.stderr) == (0, False)


def test_an_import_without_publishing_leaves_the_dumps_as_they_are(folder: Path, tmp_path: Path) -> None:
    assert run("import", records(tmp_path), "--no-publish").exit_code == 0
    assert latest(folder) is None
    run("publish")
    assert run("import", records(tmp_path, projectId="ZZ.0001"), "--dry-run").exit_code == 0
    assert published(folder).version == 2


def test_an_import_whose_dumps_cannot_be_written_has_taken_all_and_says_so(
    folder: Path, tmp_path: Path
) -> None:
    folder.write_text("in the way")
    done = run("import", records(tmp_path))
    assert done.exit_code == 0
    assert "1 taken" in done.stderr
    assert "UNWRITABLE_FILE: " in done.stderr
    assert "`compactgraph publish`" in done.stderr
    ended = run("publish")
    assert (ended.exit_code, ended.stderr.partition(":")[0]) == (2, "UNWRITABLE_FILE")


@pytest.mark.usefixtures("folder")
def test_publishing_that_is_stopped_by_hand_says_what_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("server.publish_command.publish_now", stopped)
    done = run("import", records(tmp_path))
    assert done.exit_code == 0
    assert "INTERRUPTED: publishing was stopped; what was imported is stored" in done.stderr


def test_a_service_publishes_at_its_first_start_and_under_another_base(folder: Path) -> None:
    for base in ("http://127.0.0.1:8000", "https://data.example.org", "https://data.example.org"):
        port = free_port()
        environment = {**os.environ, "COMPACTGRAPH_BASE_IRI": base}
        command = [sys.executable, "-m", "server", "serve", "--port", str(port)]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                answer = first_answer(f"http://127.0.0.1:{port}/dump")
            finally:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=30)
        assert answer["dataVersion"] == "1"
        assert answer["files"][0]["url"] == f"{base}/dump.nt.gz"
        assert json.loads((folder / "manifest.json").read_bytes())["base"] == base


def test_a_service_over_data_that_nobody_published_answers_first_and_publishes_beside(
    folder: Path, tmp_path: Path
) -> None:
    assert run("import", "--no-publish", records(tmp_path)).exit_code == 0
    port = free_port()
    command = [sys.executable, "-m", "server", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            first_answer(f"http://127.0.0.1:{port}/health")
            deadline = time.monotonic() + 60
            while latest(folder) is None:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            assert first_answer(f"http://127.0.0.1:{port}/dump")["dataVersion"] == "2"
        finally:
            process.send_signal(signal.SIGTERM)
            _, told = process.communicate(timeout=30)
    assert "Published data version 2" in told


def test_the_first_dumps_are_to_be_asked_for_later_while_they_are_written(folder: Path) -> None:
    run("db", "upgrade")
    folder.mkdir()
    client = TestClient(create_app())
    assert client.get("/dump.nt.gz").status_code == 404
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = client.get("/dump.nt.gz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.json()["code"] == "PUBLICATION_RUNNING"

"""The token command, run as its users run it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.documentation import ROOT


@pytest.fixture
def environment(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands' database is the test's, of each kind."""
    monkeypatch.setenv("COMPACTGRAPH_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("COMPACTGRAPH_SAMPLE", "0")


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "server", "token", *words]
    return subprocess.run(command, cwd=Path(ROOT), capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("environment")
def test_a_token_is_printed_alone_and_once_listed_without_its_secret_and_revoked() -> None:
    made = run("create", "--name", "ann", "--role", "reviewer", "--scope", "review")
    assert made.returncode == 0
    assert re.fullmatch(r"cgt_[0-9a-f]{16}_[0-9a-f]{64}\n", made.stdout)
    assert "for: review" in made.stderr
    listed = run("list").stdout
    header, row = (each.split() for each in listed.splitlines())
    assert header == ["name", "scopes", "created", "revoked", "id"]
    assert row[:2] == ["ann", "review"]
    assert made.stdout.strip().rpartition("_")[2] not in listed
    assert run("revoke", "ann").returncode == 0
    again = run("revoke", "ann")
    assert (again.returncode, again.stderr.split(":")[0]) == (2, "NOT_FOUND")
    assert run("list").stdout.splitlines()[1].split()[3] != "-"


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("create", "--name", "[red]", "--role", "reviewer"), "BAD_ARGUMENT: '[red]' is no name"),
        (("create", "--name", "ann", "--role", "king"), "BAD_ARGUMENT: there is no role"),
        (("create", "--name", "ann", "--role", "proposer", "--scope", "review"), "BAD_ARGUMENT: a proposer"),
    ],
)
def test_what_cannot_be_made_is_refused_with_a_code(words: tuple[str, ...], code: str) -> None:
    refused = run(*words)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(code)

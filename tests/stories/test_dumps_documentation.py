"""The description of dumps: every command that it shows does what it says, against a running service."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documentation import ROOT
from tests.server.test_cli import first_answer, free_port

DUMPS = ROOT / "docs" / "dumps.md"
COMMANDS = re.findall(r"```sh\n(.*?)```", DUMPS.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, dict[str, str]]]:
    """A folder to work in, the address of a service, and the environment of its database."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "COMPACTGRAPH_DATABASE_URL": f"sqlite:///{folder}/own.db"}
    environment["COMPACTGRAPH_BASE_IRI"] = address
    command = [sys.executable, "-m", "server", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE) as process:
        try:
            first_answer(f"{address}/dump")
            yield folder, address, environment
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the commands are for curl, which is not installed")
@pytest.mark.parametrize("command", COMMANDS, ids=[each.partition("\n")[0][:60] for each in COMMANDS])
def test_a_command_of_the_description_does_what_it_says(
    served: tuple[Path, str, dict[str, str]], command: str
) -> None:
    folder, address, environment = served
    script = command.replace("http://127.0.0.1:8000", address)
    script = re.sub(r"^compactgraph ", f"{sys.executable} -m server ", script, flags=re.MULTILINE)
    environment = {**environment, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-eu", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if "SHA256SUMS" in command:
        # What was fetched before stands in the same folder.
        assert done.stdout == "dump.nt.gz: OK\n"


def test_the_description_shows_commands_for_all_that_it_tells() -> None:
    shown = "\n".join(COMMANDS)
    for each in ("SHA256SUMS", "--etag-compare", "If-Range", "compactgraph publish", "--as-of"):
        assert each in shown

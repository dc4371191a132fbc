"""Processes: the service as a process of its own on a free port, as `compactgraph serve` starts it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.documentation import ROOT

#: How long a start or an end may take on a busy machine; no test asserts that it is fast.
PATIENCE = 120.0


class Running:
    """A service that runs: its address, its process, and what it wrote."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
        self.process, self.port, self._log = process, port, log
        self.address = f"http://127.0.0.1:{port}"

    def fetched(self, path: str) -> str:
        """The text at a path."""
        with urllib.request.urlopen(f"{self.address}{path}", timeout=PATIENCE) as answer:
            text: str = answer.read().decode()
        return text

    def log(self) -> str:
        """What it has written to its output until now."""
        return self._log.read_text(encoding="utf-8")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def _await_start(service: Running) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert service.process.poll() is None, service.log()
        try:
            service.fetched("/ready")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the service did not start: {service.log()}")


@contextmanager
def running(folder: Path, *, workers: int = 1, **settings: str) -> Iterator[Running]:
    """A service with the sample over an SQLite database in this folder; it is ended at the end."""
    port = free_port()
    environment = {
        **os.environ,
        "COMPACTGRAPH_DATABASE_URL": f"sqlite:///{folder}/running.db",
        **{f"COMPACTGRAPH_{name.upper()}": value for name, value in settings.items()},
    }
    command = [sys.executable, "-m", "server", "serve", "--port", str(port), "--workers", str(workers)]
    log = folder / "running.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
        service = Running(process, port, log)
        try:
            _await_start(service)
            yield service
        finally:
            process.terminate()
            process.wait(PATIENCE)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service with the sample that runs for all tests of a run; tests only read from it."""
    with running(tmp_path_factory.mktemp("live")) as service:
        yield service

"""Running: the service as a process of its own on a free port, published once, with small pages."""

import json
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

ROOT = Path(__file__).parents[2]
PAGE_SIZE = "3"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise AssertionError(f"the service ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError("the service did not answer")


_COMMAND = [sys.executable, "-m", "server"]

#: A project that comes after the first harvest; what portals see of it is its dataset and that of everything.
LATER = {
    "class": "project",
    "format": "compactgraph/1",
    "key": "LATER.1",
    "title": {"en": "A project that came later"},
    "updatedAt": "2026-11-25T00:00:00Z",
}
CHANGED_LATER = ["all", "projects"]


def _environment(folder: Path, base: str) -> dict[str, str]:
    return os.environ | {
        "COMPACTGRAPH_DATABASE_URL": f"sqlite:///{folder}/harvested.db",
        "COMPACTGRAPH_BASE_IRI": base,
        "COMPACTGRAPH_CATALOGUE_PAGE_SIZE": PAGE_SIZE,
        "COMPACTGRAPH_LICENCE": "CC_BY_4_0",
        "COMPACTGRAPH_PUBLISHER": "A fund",
        "COMPACTGRAPH_CONTACT_EMAIL": "data@example.org",
    }


def change(folder: Path, base: str) -> None:
    """Import a project beside the running service, which publishes it."""
    file = folder / "later.jsonl"
    file.write_text(json.dumps(LATER) + "\n", encoding="utf-8")
    command = [*_COMMAND, "import", str(file)]
    subprocess.run(command, cwd=ROOT, env=_environment(folder, base), check=True, capture_output=True)


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a running service with the sample, over a database in the folder."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    environment = _environment(folder, base)
    subprocess.run([*_COMMAND, "publish"], cwd=ROOT, env=environment, check=True, capture_output=True)
    serve = [*_COMMAND, "serve", "--port", str(port)]
    with subprocess.Popen(
        serve, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(process, f"{base}/health")
            yield base
        finally:
            process.terminate()

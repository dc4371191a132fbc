"""Clients: the real harvesters, each installed in an environment of its own and run as a program."""

import json
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

#: The harvesters: each has a list of what it needs and a program beside this module.
CLIENTS = ("ckan", "udata")


def _python(folder: Path, name: str) -> Path:
    return folder / name / "bin" / "python"


def is_installed(folder: Path, name: str) -> bool:
    """Whether a client is there, with all that its list names."""
    done = folder / name / "installed.txt"
    return done.exists() and done.read_bytes() == (HERE / f"{name}.txt").read_bytes()


def installed(folder: Path, name: str) -> None:
    """Install a client from its list, unless it is there."""
    if is_installed(folder, name):
        return
    venv.create(folder / name, with_pip=True, clear=True)
    command = [_python(folder, name), "-m", "pip", "install", "--quiet", "-r", HERE / f"{name}.txt"]
    subprocess.run(command, check=True, stdout=sys.stderr)
    (folder / name / "installed.txt").write_bytes((HERE / f"{name}.txt").read_bytes())


class Client:
    """A portal that stays between the nights on which it harvests."""

    def __init__(self, process: "subprocess.Popen[str]", name: str) -> None:
        self._process, self._name = process, name

    def harvest(self, address: str) -> dict[str, Any]:
        """What the portal holds after its harvester has read the catalogue at an address."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{address}\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("{"):
                found: dict[str, Any] = json.loads(line)
                return found
        raise AssertionError(f"{self._name} failed: its messages are in {self._name}.log beside it")


@contextmanager
def portal(folder: Path, name: str) -> Iterator[Client]:
    """A portal without a dataset, with the harvester of this name."""
    command = [_python(folder, name), HERE / f"{name}_client.py"]
    # It runs elsewhere, so that none of our packages is taken for one of its own.
    with (folder / f"{name}.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            yield Client(process, name)
        finally:
            process.terminate()
            process.wait()


def harvest(folder: Path, name: str, address: str) -> dict[str, Any]:
    """What a new portal holds after one harvest."""
    with portal(folder, name) as client:
        return client.harvest(address)

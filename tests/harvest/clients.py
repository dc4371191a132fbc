"""Clients: the real harvesters, each installed in an environment of its own and run as a program."""

import json
import subprocess
import sys
import venv
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


def harvest(folder: Path, name: str, address: str) -> dict[str, Any]:
    """What a portal holds after its harvester has read the catalogue at an address."""
    command = [_python(folder, name), HERE / f"{name}_client.py", address]
    # It runs elsewhere, so that none of our packages is taken for one of its own.
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if run.returncode:
        raise AssertionError(f"{name} failed:\n{run.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found

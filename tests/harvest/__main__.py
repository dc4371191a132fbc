"""Harvests a catalogue of several pages with the real clients, and prints what a portal would hold after it.

`scripts/harvest` runs it. The clients are installed once, in environments of their own, in the folder that
COMPACTGRAPH_TEST_HARVEST names, else in `.harvest`.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.harvest.clients import CLIENTS, harvest, installed, portal
from tests.harvest.running import change, running


def told(found: dict[str, Any]) -> str:
    """The result for people: without the checksums, of which only the number is of interest."""
    shown = {**found, "hashes": f"{sum(bool(value[0]) for value in found['hashes'].values())} checksums"}
    return "\n".join(f"  {name}: {value}" for name, value in shown.items())


def main() -> None:
    """Install what is missing, serve, harvest in three formats, then again and after a change, and print."""
    folder = Path(os.environ.get("COMPACTGRAPH_TEST_HARVEST", ".harvest")).resolve()
    for name in CLIENTS:
        installed(folder, name)
    for name in CLIENTS:
        with TemporaryDirectory() as data, running(Path(data)) as base:
            for suffix in ("rdf", "jsonld"):
                found = harvest(folder, name, f"{base}/catalog.{suffix}")
                sys.stdout.write(f"{found.pop('client')}, {suffix}\n{told(found)}\n\n")
            with portal(folder, name) as client:
                found = client.harvest(f"{base}/catalog.ttl")
                sys.stdout.write(f"{found['client']}, ttl\n{told(found)}\n\n")
                again = client.harvest(f"{base}/catalog.ttl")
                sys.stdout.write(f"{found['client']}, once more: {_changed(again)}\n")
                change(Path(data), base)
                later = client.harvest(f"{base}/catalog.ttl")
                sys.stdout.write(f"{found['client']}, after an import of one project: {_changed(later)}\n\n")


def _changed(found: dict[str, Any]) -> str:
    number, errors = found["datasets"], found["errors"]
    return f"of {number} datasets {found['changed'] or 'none'} changed, errors: {errors or 'none'}"


if __name__ == "__main__":
    main()

"""Harvests a catalogue of several pages with the real clients, and prints what a portal would hold after it.

`scripts/harvest` runs it. The clients are installed once, in environments of their own, in the folder that
COMPACTGRAPH_TEST_HARVEST names, else in `.harvest`.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.harvest.clients import CLIENTS, harvest, installed
from tests.harvest.running import running


def told(found: dict[str, Any]) -> str:
    """The result for people: without the checksums, of which only the number is of interest."""
    shown = {**found, "hashes": f"{sum(bool(value[0]) for value in found['hashes'].values())} checksums"}
    return "\n".join(f"  {name}: {value}" for name, value in shown.items())


def main() -> None:
    """Install what is missing, serve, harvest in three formats, and print."""
    folder = Path(os.environ.get("COMPACTGRAPH_TEST_HARVEST", ".harvest")).resolve()
    for name in CLIENTS:
        installed(folder, name)
    with TemporaryDirectory() as data, running(Path(data)) as base:
        for name in CLIENTS:
            for suffix in ("ttl", "rdf", "jsonld"):
                found = harvest(folder, name, f"{base}/catalog.{suffix}")
                sys.stdout.write(f"{found.pop('client')}, {suffix}\n{told(found)}\n\n")


if __name__ == "__main__":
    main()

"""Feed: what noting changes costs an import, and how long nodes of the feed take, few projects or many.

Run it as `python -m tests.benchmarks.feed --projects 100000`. Imports with and without the feed run in one
process, one after the other; nodes are asked for as N-Quads. All times are CPU time.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest.mock import patch

from starlette.testclient import TestClient

from schema import transaction
from server.app import create_app
from server.database import open_database
from server.revisions import upgrade
from server.settings import Settings
from tests.benchmarks.bulk import imported
from tests.benchmarks.generated import lines

BASE = "http://127.0.0.1:8000"


def seconds(work: Callable[[], object]) -> float:
    """CPU time of this process."""
    began = time.process_time()
    work()
    return time.process_time() - began


def import_seconds(folder: Path, file: Path, name: str, *, with_feed: bool) -> float:
    """How long an import into a database of its own takes."""
    engine = open_database(f"sqlite:///{folder}/{name}.db")
    upgrade(engine)
    try:
        if with_feed:
            return seconds(lambda: imported(engine, file))
        with patch.object(transaction, "note", lambda _connection: None):
            return seconds(lambda: imported(engine, file))
    finally:
        engine.dispose()


def node_seconds(url: str, repeats: int) -> dict[str, float]:
    """How long the root and the first and last page take, in the middle of some repetitions."""
    app = create_app(Settings(database_url=url, base_iri=BASE))
    with TestClient(app, base_url=BASE) as client:
        newest = second = client.get("/feed.nq").links["prev"]["url"]
        while "/page/2-" not in second:
            second = client.get(second).links["prev"]["url"]
        found = {}
        for name, address in (("root", "/feed.nq"), ("newest page", newest), ("second page", second)):
            taken = [seconds(partial(client.get, address)) for _ in range(repeats)]
            found[name] = statistics.median(taken)
    app.state.engine.dispose()
    return found


def compare(folder: Path, projects: int, repeats: int) -> list[str]:
    """What was measured, a line each."""
    file = folder / "projects.jsonl"
    file.write_bytes(b"".join(lines(projects)))
    bare = import_seconds(folder, file, "bare", with_feed=False)
    noted = import_seconds(folder, file, "noted", with_feed=True)
    told = [
        f"import of {projects} projects: {noted:.2f} s, {noted / bare:.3f} of what it takes without the feed"
    ]
    nodes = node_seconds(f"sqlite:///{folder}/noted.db", repeats)
    return told + [f"{name}: {1000 * taken:.1f} ms" for name, taken in nodes.items()]


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=9)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = compare(Path(folder), wanted.projects, wanted.repeats)
    sys.stdout.write("\n".join(told) + "\n")


if __name__ == "__main__":
    main()

"""The reference client of Linked Data Event Streams reads both feeds whole, and later only what is new."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from sqlalchemy import Engine

from schema import feed
from schema.links import merge
from schema.store import reading, writing
from server.database import open_database
from tests.documentation import ROOT

# The client prints statements in a mixture of N-Quads and Turtle: numbers stand without quotes.
STATEMENT = re.compile(r"<([^>]*)> <([^>]*)> .*?(?: <([^>]*)>)? \.")

# The version that is known to work; another one would be another test.
CLIENT = "ldes-client@0.3.0"


@pytest.fixture(scope="module")
def program(request: pytest.FixtureRequest) -> Path:
    """The client, installed by npm in the cache of pytest, where the next run finds it again."""
    cache = request.config.cache
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("ldes-client needs Node.js and npm, which are not installed here")
    assert cache is not None
    folder = cache.mkdir("ldes-client")
    program = folder / "node_modules" / "ldes-client" / "dist" / "bin" / "cli.js"
    if not program.exists():
        command = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", CLIENT]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode:
            pytest.skip(f"npm cannot install {CLIENT}: {done.stderr.strip().splitlines()[-1:]}")
    return program


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(database: str) -> Iterator[str]:
    """The service in a process of its own, over a database; gives its base."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    settings = {"COMPACTGRAPH_DATABASE_URL": database, "COMPACTGRAPH_BASE_IRI": base}
    command = [sys.executable, "-m", "server", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **settings}, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_for(f"{base}/ready", process)
            yield base
        finally:
            process.terminate()


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert process.poll() is None, "the service ended by itself"
        try:
            with urlopen(address):
                return
        except URLError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")


def followed(program: Path, address: str, *options: str) -> dict[str, set[str]]:
    """The members that the client tells of, each with the subjects that it speaks of."""
    command = ["node", str(program), address, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    said = [each.groups() for line in done.stdout.splitlines() if (each := STATEMENT.fullmatch(line))]
    found = {s: set[str]() for s, p, _ in said if p.endswith("/isVersionOf")}
    for subject, _, graph in said:
        if graph in found:
            found[graph].add(subject)
    return found


def members(engine: Engine, base: str, after: int = 0) -> set[str]:
    with reading(engine) as snapshot:
        found = list(feed.members(snapshot.connection, "facts", after + 1))
    return {f"{base}/feed/member/{each.name}" for each in found}


def change(engine: Engine) -> None:
    with writing(engine) as transaction:
        transaction.delete("project", "CE.0186")
        merge(transaction, "PO.0196", "PN.0008")


def test_ldes_client_reads_every_member_once_and_later_only_the_new_ones(
    program: Path, tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path}/feed.db"
    state = ("--save", str(tmp_path / "state"))
    with served(database) as base:
        engine = open_database(database)
        first = followed(program, f"{base}/feed", *state)
        assert first.keys() == members(engine, base)
        assert len(first) > 500
        # Each comes with all that the record says, its parts among it.
        assert all(first.values())
        assert any(f"{base}/id/result/PN.0008~1.1" in each for each in first.values())
        assert followed(program, f"{base}/feed", *state) == {}
        change(engine)
        later = followed(program, f"{base}/feed", *state)
        assert later.keys() == members(engine, base, after=len(first))
        assert sorted(map(bool, later.values())) == [False, False]
        again = followed(program, f"{base}/feed", "--ordered", "ascending")
        assert again.keys() == first.keys() | later.keys()
        claims = followed(program, f"{base}/feed/claims")
        for kind in ("link", "mapping"):
            told = [each for each in claims.values() if any(f"/id/{kind}/" in one for one in each)]
            assert len(told) > 15, kind
        engine.dispose()

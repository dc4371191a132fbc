"""RDF dumps: everything that lives, the same bytes everywhere, and the same statements in every format."""

import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ontology.errors import BadArgument
from ontology.graph import chunks
from ontology.iri import Iris
from schema.store import reading
from server.database import open_database
from server.documents import described
from server.exporter.rdf import DUMPS, write
from server.revisions import upgrade
from tests.databases import Databases
from tests.graphs import read, read_graphs
from tests.server.things import fill

ROOT = Path(__file__).parent.parent.parent
IRIS = Iris("https://data.example.org")
EVERY = pytest.mark.parametrize("format", DUMPS)


@pytest.fixture(scope="module")
def database(databases: Databases) -> Iterator[Engine]:
    with databases.fresh("sqlite") as engine:
        fill(engine)
        yield engine


def dump(engine: Engine, format: str) -> bytes:
    out = io.BytesIO()
    with reading(engine) as snapshot:
        write(snapshot, out, format, IRIS)
    return out.getvalue()


def digests(engine: Engine) -> str:
    """Hashes what every format writes of a database."""
    return " ".join(hashlib.sha256(dump(engine, each)).hexdigest() for each in DUMPS)


def installed(url: str) -> None:
    """Makes a database of the same things and says the hashes of its dumps."""
    engine = open_database(url)
    upgrade(engine)
    fill(engine)
    sys.stdout.write(digests(engine))
    engine.dispose()


@EVERY
def test_a_dump_says_what_all_living_records_say(database: Engine, format: str) -> None:
    with reading(database) as snapshot:
        found = list(described(snapshot.records()))
    expected = set(chain.from_iterable(statements for _, statements in chunks(found, IRIS)))
    assert read(dump(database, format), format) == expected


@pytest.mark.parametrize("format", ["nq", "trig"])
def test_a_dump_with_graphs_keeps_claims_apart_from_facts(database: Engine, format: str) -> None:
    graphs = read_graphs(dump(database, format), format)
    subjects = {str(s) for graph, (s, _, _) in graphs if graph == "https://data.example.org/graph/claims"}
    assert {each.removeprefix("https://data.example.org/id/").partition("/")[0] for each in subjects} == {
        "coding",
        "instrument",
        "link",
        "mapping",
    }


def test_what_is_deleted_or_leads_elsewhere_is_in_no_dump(database: Engine) -> None:
    dumped = dump(database, "nt").decode()
    assert "/id/project/PN.0008>" in dumped
    assert "GONE.1" not in dumped
    assert "OLD.1" not in dumped


def test_classes_come_in_the_order_of_exports_and_keys_in_their_own(database: Engine) -> None:
    lines = dump(database, "nt").decode().splitlines()
    subjects = list(dict.fromkeys(line.split(" ")[0] for line in lines))
    states = [each for each in subjects if "/id/state/" in each and "#" not in each]
    assert states == sorted(states)
    assert "/id/scheme/" in subjects[0]
    assert "/id/mapping/" in subjects[-1]


@EVERY
def test_a_dump_is_written_piece_by_piece(database: Engine, format: str) -> None:
    class Pieces(io.BytesIO):
        longest = 0

        def writelines(self, lines: Iterator[bytes]) -> None:  # type: ignore[override]
            for each in lines:
                self.longest = max(self.longest, len(each))
                self.write(each)

    out = Pieces()
    with reading(database) as snapshot:
        write(snapshot, out, format, IRIS)
    # A piece holds 50 records at most, and there are some hundreds of them.
    assert out.longest < len(out.getvalue()) / 2


def test_two_installs_in_other_processes_write_the_same_bytes(database: Engine, tmp_path: Path) -> None:
    program = "import sys; from tests.server.test_rdf_export import installed; installed(sys.argv[1])"
    seen = {
        subprocess.run(
            [sys.executable, "-c", program, f"sqlite:///{tmp_path / seed}.db"],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert seen == {digests(database)}


def test_an_unknown_format_is_refused(database: Engine) -> None:
    with pytest.raises(BadArgument, match="rdf"):
        dump(database, "rdf")

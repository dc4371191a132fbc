"""Publishing: whole snapshots, the same bytes for the same data, put in place in one step."""

import csv
import gzip
import io
import json
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ontology.collections import COLLECTIONS, collection_of
from ontology.errors import UnwritableFile
from ontology.graph import chunks
from ontology.iri import Iris
from schema.model.link import Decision
from schema.store import reading
from server.documents import described
from server.exporter import rdf
from server.exporter.formats import EXPORTS, Wanted
from server.exporter.tables import Style, write_folder
from server.publication import WHOLE, DumpFile, Publication, latest, manifest
from server.publishing import is_published, publish
from tests.databases import Databases
from tests.graphs import read, read_graphs
from tests.schema.test_mappings import decide, mapping
from tests.schema.world import project, put
from tests.server.test_as_of import live

ROOT = Path(__file__).parents[2]
IRIS = Iris("https://data.example.org")


@pytest.fixture
def filled(databases: Databases) -> Iterator[Engine]:
    """Records of all collections: links that are accepted and proposed, an alias, a tombstone."""
    with databases.fresh("sqlite") as engine:
        live(engine)
        yield engine


def content(folder: Path, file: DumpFile) -> bytes:
    """What is published under the path of a file, as it is served."""
    found = manifest(folder)
    assert found is not None
    return found.place(folder, file).read_bytes()


def text(folder: Path, collection: str, format: str) -> bytes:
    """What is packed in a dump."""
    found = latest(folder)
    assert found is not None
    [file] = [each for each in found.of(collection) if (each.format, each.compression) == (format, "gzip")]
    return gzip.decompress(content(folder, file))


def tables(folder: Path, collection: str) -> dict[str, bytes]:
    found = latest(folder)
    assert found is not None
    [file] = [each for each in found.of(collection) if each.compression == "zip"]
    with zipfile.ZipFile(io.BytesIO(content(folder, file))) as packed:
        assert packed.testzip() is None
        return {each: packed.read(each) for each in packed.namelist()}


def exported(engine: Engine, format: str) -> bytes:
    out = io.BytesIO()
    with reading(engine) as snapshot:
        EXPORTS[format].write(snapshot, out, Wanted(IRIS))
    return out.getvalue()


def everything(folder: Path) -> dict[str, bytes]:
    """All published bytes by path, the manifest too."""
    found = {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    assert found.pop("lock") == b""
    return found


def test_a_dump_of_all_is_what_an_export_writes(filled: Engine, tmp_path: Path) -> None:
    publish(filled, tmp_path, IRIS)
    for name in ("jsonl", *rdf.DUMPS):
        assert text(tmp_path, WHOLE, name) == exported(filled, name)
    with reading(filled) as snapshot:
        names = write_folder(snapshot, tmp_path / "out", Style())
    assert tables(tmp_path, WHOLE) == {
        f"{each}.csv": (tmp_path / "out" / f"{each}.csv").read_bytes() for each in names
    }


@pytest.mark.parametrize("format", rdf.DUMPS)
def test_a_collection_holds_its_records_and_all_of_them_hold_all(
    filled: Engine, tmp_path: Path, format: str
) -> None:
    put(filled, mapping())
    decide(filled, Decision.ACCEPT, version=1)
    publish(filled, tmp_path, IRIS)
    with reading(filled) as snapshot:
        records = list(snapshot.records())
    whole = set()
    for name in COLLECTIONS:
        own = described(each for each in records if collection_of(each).name == name)
        expected = set(chain.from_iterable(statements for _, statements in chunks(own, IRIS)))
        assert read(text(tmp_path, name, format), format) == expected
        assert expected, name
        whole |= expected
    assert read(text(tmp_path, WHOLE, format), format) == whole


def test_proposals_are_in_no_file_of_facts(filled: Engine, tmp_path: Path) -> None:
    publish(filled, tmp_path, IRIS)
    proposed = b'"status":"proposed"'
    assert proposed in text(tmp_path, "proposals", "jsonl")
    for name in set(COLLECTIONS) - {"proposals"}:
        assert proposed not in text(tmp_path, name, "jsonl")
    graphs = {
        name: {graph for graph, _ in read_graphs(text(tmp_path, name, "nq"), "nq")} for name in COLLECTIONS
    }
    claims = {f"{IRIS.base}/graph/claims"}
    assert {name for name, found in graphs.items() if found & claims} == {"links", "proposals"}
    assert graphs["proposals"] == claims
    accepted, others = (tables(tmp_path, each)["links.csv"].decode() for each in ("links", "proposals"))
    assert ",accepted," in accepted
    assert ",proposed," not in accepted
    assert ",accepted," not in others


def test_the_tables_of_projects_are_those_of_an_export_without_what_is_proposed(
    filled: Engine, tmp_path: Path
) -> None:
    publish(filled, tmp_path, IRIS)
    published = text(tmp_path, "projects", "csv")
    assert tables(tmp_path, "projects")["projects.csv"] == published
    rows, whole = (
        [*csv.DictReader(io.StringIO(each.decode(), newline=""))]
        for each in (published, exported(filled, "csv"))
    )
    left_out = whole[0].keys() - rows[0].keys()
    assert left_out == {each for each in whole[0] if "_proposed" in each} != set()
    assert rows == [{name: words for name, words in row.items() if name not in left_out} for row in whole]


def test_a_file_has_the_size_and_the_hash_that_the_manifest_tells(filled: Engine, tmp_path: Path) -> None:
    publication, _ = publish(filled, tmp_path, IRIS)
    assert latest(tmp_path) == publication
    with reading(filled) as snapshot:
        assert publication.version == snapshot.version()
        assert publication.at == snapshot.beginning(1)[0].at
    for each in publication.files:
        data = content(tmp_path, each)
        assert (len(data), sha256(data).hexdigest()) == (each.size, each.sha256)
    assert len({each.path for each in publication.files}) == len(publication.files)
    assert {each.collection for each in publication.files} == {WHOLE, *COLLECTIONS}


def test_the_same_data_are_the_same_bytes_and_no_new_snapshot(filled: Engine, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    first, is_new = publish(filled, one, IRIS)
    assert is_new
    before = everything(one)
    assert publish(filled, one, IRIS) == (first, False)
    assert everything(one) == before
    publish(filled, other, IRIS)
    assert everything(other) == before


def test_postgresql_publishes_the_same_bytes_as_sqlite(
    filled: Engine, databases: Databases, tmp_path: Path
) -> None:
    publish(filled, tmp_path / "sqlite", IRIS)
    with databases.fresh("postgresql") as engine:
        live(engine)
        publish(engine, tmp_path / "postgresql", IRIS)
    assert everything(tmp_path / "sqlite") == everything(tmp_path / "postgresql")


def test_nothing_in_a_packed_file_depends_on_the_clock_or_the_machine(filled: Engine, tmp_path: Path) -> None:
    publication, _ = publish(filled, tmp_path, IRIS)
    for each in publication.files:
        data = content(tmp_path, each)
        if each.compression == "gzip":
            assert data[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
        else:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                entries = packed.infolist()
            assert {each.date_time for each in entries} == {(1980, 1, 1, 0, 0, 0)}
            assert [each.filename for each in entries] == sorted(each.filename for each in entries)


def test_other_data_another_base_and_lost_files_are_published_anew(filled: Engine, tmp_path: Path) -> None:
    first, _ = publish(filled, tmp_path, IRIS)
    put(filled, project("NEW.1"), at="2026-11-26T00:00:00Z")
    second, is_new = publish(filled, tmp_path, IRIS)
    assert (is_new, second.version, second.at) == (True, first.version + 1, "2026-11-26T00:00:00Z")
    assert b"NEW.1" in text(tmp_path, WHOLE, "nt")
    other = Iris("https://other.example.org")
    assert (is_published(tmp_path, IRIS), is_published(tmp_path, other)) == (True, False)
    assert publish(filled, tmp_path, other)[1]
    assert b"data.example.org" not in text(tmp_path, WHOLE, "nt")
    found = manifest(tmp_path)
    assert found is not None
    found.place(tmp_path, found.publication.files[0]).unlink()
    again, is_new = publish(filled, tmp_path, other)
    assert (is_new, again) == (True, found.publication)
    assert content(tmp_path, again.files[0])


def test_another_database_at_the_same_version_is_another_publication(
    databases: Databases, tmp_path: Path
) -> None:
    with databases.fresh("sqlite") as one, databases.fresh("sqlite") as other:
        put(one, project("A.1"))
        put(other, project("B.1"))
        first, _ = publish(one, tmp_path, IRIS)
        second, is_new = publish(other, tmp_path, IRIS)
    assert (first.version, second.version, is_new) == (1, 1, True)
    assert b"B.1" in text(tmp_path, WHOLE, "jsonl")


def test_the_snapshot_before_stays_for_who_reads_it_and_goes_with_the_next(
    filled: Engine, tmp_path: Path
) -> None:
    places: list[Path] = []
    for number in range(3):
        put(filled, project(f"NEW.{number}"))
        publish(filled, tmp_path, IRIS)
        found = manifest(tmp_path)
        assert found is not None
        places.append(tmp_path / found.folder)
    assert [each.exists() for each in places] == [False, True, True]


def test_what_was_published_of_nothing_is_empty_and_well_formed(databases: Databases, tmp_path: Path) -> None:
    with databases.fresh("sqlite") as engine:
        publication, _ = publish(engine, tmp_path, IRIS)
    assert (publication.version, publication.at) == (0, "1970-01-01T00:00:00Z")
    for name in rdf.DUMPS:
        assert read(text(tmp_path, WHOLE, name), name) == set()
    assert text(tmp_path, WHOLE, "jsonl") == b""


def test_nothing_is_published_before_the_first_time(tmp_path: Path) -> None:
    assert latest(tmp_path) is None
    assert latest(tmp_path / "not made") is None
    assert is_published(tmp_path, IRIS) is None


def test_a_file_in_the_place_of_the_folder_is_an_error_with_a_code(filled: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnwritableFile, match="cannot be written"):
        publish(filled, tmp_path / "file", IRIS)


def test_a_full_disk_leaves_the_publication_before(
    filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(filled, tmp_path, IRIS)
    before = everything(tmp_path)
    put(filled, project("NEW.1"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("server.publishing.zip_files", full)
    with pytest.raises(UnwritableFile, match="No space left"):
        publish(filled, tmp_path, IRIS)
    assert everything(tmp_path) == before


# A process that publishes again and again, and is killed at some moment of it.
PUBLISHER = """
import sys
from pathlib import Path
from ontology.iri import Iris
from server.database import open_database
from server.publishing import publish
from tests.schema.world import coding, instrument, link, project, put
engine, folder = open_database(sys.argv[1]), Path(sys.argv[2])
number = 0
while True:
    put(engine, project(f"KILLED.{number}"))
    publish(engine, folder, Iris(sys.argv[3]))
    number += 1
    print(number, flush=True)
"""


def checked(folder: Path) -> Publication:
    """What a reader finds now: every file of one manifest, with its size and hash."""
    found = manifest(folder)
    assert found is not None
    for each in found.publication.files:
        assert sha256(found.place(folder, each).read_bytes()).hexdigest() == each.sha256
    return found.publication


def test_who_is_killed_while_publishing_leaves_a_whole_publication(
    databases: Databases, tmp_path: Path
) -> None:
    with databases.fresh("sqlite") as engine:
        publish(engine, tmp_path, IRIS)
        for pause in (0.0, 0.02, 0.05, 0.11):
            command = [sys.executable, "-c", PUBLISHER, str(engine.url), str(tmp_path), IRIS.base]
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                process.stdout.readline()
                time.sleep(pause)
                process.send_signal(signal.SIGKILL)
            checked(tmp_path)
        publication, _ = publish(engine, tmp_path, IRIS)
        assert checked(tmp_path) == publication
        assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []


def test_readers_beside_a_publisher_never_see_files_of_two_versions(
    databases: Databases, tmp_path: Path
) -> None:
    with databases.fresh("sqlite") as engine:
        publish(engine, tmp_path, IRIS)
        command = [sys.executable, "-c", PUBLISHER, str(engine.url), str(tmp_path), IRIS.base]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            seen = set()
            for _ in range(3):
                process.stdout.readline()
                seen.add(read_of_one_version(tmp_path))
            process.kill()
    assert len(seen) > 1


def read_of_one_version(folder: Path) -> int:
    """The version that all files of one manifest are of, counted in the records they hold."""
    found = manifest(folder)
    assert found is not None
    counts = {
        gzip.decompress(found.place(folder, each).read_bytes()).count(b"KILLED")
        for each in found.publication.files
        if (each.collection, each.format) in (("projects", "jsonl"), (WHOLE, "jsonl"))
    }
    assert len(counts) == 1
    return found.publication.version


def test_two_at_once_publish_one_after_the_other(filled: Engine, tmp_path: Path) -> None:
    program = PUBLISHER.partition("number = 0")[0] + "print(publish(engine, folder, Iris(sys.argv[3]))[1])"
    url = filled.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", program, url, str(tmp_path), IRIS.base]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sorted(each.communicate()[0].strip() for each in running) == ["False", "False", "True"]
    checked(tmp_path)


def test_the_manifest_is_plain_json_that_other_programs_can_read(filled: Engine, tmp_path: Path) -> None:
    publication, _ = publish(filled, tmp_path, IRIS)
    told = json.loads((tmp_path / "manifest.json").read_bytes())
    assert told["publication"]["version"] == publication.version
    assert {"collection", "format", "path", "size", "sha256"} <= told["publication"]["files"][0].keys()


@pytest.fixture(autouse=True)
def _no_trace_left(tmp_path: Path) -> Iterator[None]:
    """Nothing but snapshots, manifest and lock is left in a folder of dumps."""
    yield
    if (tmp_path / "manifest.json").exists():
        assert not list(tmp_path.glob("*/tables*"))

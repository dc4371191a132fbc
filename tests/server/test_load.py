"""Load: a first start leaves the same bytes everywhere, and a later one leaves what is there alone."""

import hashlib
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from ontology.vocabularies import NAMES
from schema.exchange import SEGMENTS, canonical, line
from schema.log import head
from schema.store import reading, writing
from server.load import first_start, load_sample, load_vocabularies, sample_records
from tests.databases import Databases
from tests.schema.world import lines, project, put, stored, version

ROOT = Path(__file__).parent.parent.parent

FIRST_START = """
import sys
from server.database import open_database
from server.load import first_start
from schema.store import reading
engine = open_database(sys.argv[1])
first_start(engine, sample=True)
with reading(engine) as snapshot:
    sys.stdout.buffer.writelines(line.encode() + b"\\n" for line in snapshot.lines())
"""


def first_export(engine: Engine, seed: str) -> str:
    """The hash of what a process of its own exports after a first start."""
    url = engine.url.render_as_string(hide_password=False)
    environment = os.environ | {"PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", FIRST_START, url], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert done.stdout
    return hashlib.sha256(done.stdout).hexdigest()


def test_two_fresh_installs_export_the_same_bytes(databases: Databases) -> None:
    with (
        databases.bare("sqlite") as one,
        databases.bare("sqlite") as two,
        databases.bare("postgresql") as three,
    ):
        exports = {first_export(one, "1"), first_export(two, "2"), first_export(three, "3")}
    assert len(exports) == 1


def test_a_first_start_loads_vocabularies_and_sample(databases: Databases, kind: str) -> None:
    with databases.bare(kind) as engine:
        first_start(engine, sample=True)
        first_start(engine, sample=True)
        with reading(engine) as snapshot:
            counts = {each: len(list(snapshot.records(each))) for each in SEGMENTS}
            snapshot.check()
            assert snapshot.version() == 2
        assert (counts["objective"], counts["principle"], counts["sdg"]) == (23, 10, 17 + 169)
        assert (counts["project"], counts["source"], counts["link"]) == (21, 21, 17)


def test_a_start_without_sample_loads_the_vocabularies_only(databases: Databases) -> None:
    with databases.bare("sqlite") as engine:
        first_start(engine, sample=False)
        first_start(engine, sample=True)
        assert version(engine) == 1
        assert stored(engine, "project", "PN.0008") is None


def test_a_start_leaves_what_was_deleted_deleted(databases: Databases) -> None:
    with databases.bare("sqlite") as engine:
        first_start(engine, sample=True)
        with writing(engine) as transaction:
            transaction.delete("project", "PN.0008")
        first_start(engine, sample=True)
        assert stored(engine, "project", "PN.0008") is None


def test_vocabularies_are_loaded_again_only_when_their_files_are_others(engine: Engine) -> None:
    load_vocabularies(engine)
    changed = {**(stored(engine, "state", "SLV") or {}), "compactChampion": False}
    put(engine, changed)
    load_vocabularies(engine)
    assert version(engine) == 2
    with engine.begin() as connection:
        connection.execute(update(head).values(vocabulary="of another release"))
    load_vocabularies(engine)
    assert version(engine) == 3
    assert (stored(engine, "state", "SLV") or {})["compactChampion"] is True


def test_every_vocabulary_file_but_the_classes_is_rows(engine: Engine) -> None:
    load_vocabularies(engine)
    with reading(engine) as snapshot:
        loaded = {each["class"] for each in snapshot.records()}
    assert loaded == {
        "scheme",
        "code",
        "objective",
        "principle",
        "sdg",
        "codebook",
        "state",
        "network",
        "mapping",
    }
    assert set(NAMES) == {
        "classes",
        "schemes",
        "codes",
        "objectives",
        "principles",
        "sdg",
        "states",
        "networks",
        "codebook",
        "codebook_objectives",
        "mappings",
        "codebook_sdg",
    }


def test_vocabularies_have_the_time_of_the_data(engine: Engine) -> None:
    load_vocabularies(engine)
    with reading(engine) as snapshot:
        (times,) = {(each.at, each.record["updatedAt"]) for each in snapshot.changes((0, -1), 10**6)}
    assert times[0] == times[1]


def test_the_sample_is_what_an_export_of_it_writes(engine: Engine) -> None:
    load_vocabularies(engine)
    before = set(lines(engine))
    load_sample(engine)
    own = [each for each in lines(engine) if each not in before]
    (file,) = (each for each in (files("server") / "sample").iterdir() if each.name.endswith(".jsonl"))
    assert "".join(f"{each}\n" for each in own).encode() == file.read_bytes()


@pytest.mark.parametrize(
    "record", sample_records(), ids=lambda record: f"{record['class']}/{record['key'][:20]}"
)
def test_the_sample_is_canonical(record: dict[str, object]) -> None:
    assert line(canonical(record)) == line(record)


def test_the_sample_says_that_it_is_ours_and_quotes_itself() -> None:
    texts = {each["key"]: each for each in sample_records() if each["class"] == "source"}
    for each in texts.values():
        assert (each["kind"], each["language"]) == ("summary", "en")
        assert each["url"].startswith("https://")
        assert "Written for compactgraph" in each["rights"]
    for record in sample_records():
        for claim in record.get("claims", ()):
            for found in claim["evidence"]:
                text, start, end = texts[found["source"]]["text"], found["start"], found["end"]
                assert found["quote"] == text[start:end]
                assert found["prefix"] == text[max(0, start - 32) : start]
                assert found["suffix"] == text[end : end + 32]
        for read in record.get("provenance", ()):
            if "start" in read:
                assert read["value"] == texts[read["source"]]["text"][read["start"] : read["end"]]


def test_every_fact_of_the_sample_knows_its_source() -> None:
    for record in sample_records():
        if record["class"] == "project":
            known = {each["field"] for each in record["provenance"]}
            facts = record.keys() - {"class", "format", "key", "updatedAt", "sources", "provenance"}
            assert known == facts


def test_a_project_of_ones_own_is_no_hindrance_to_the_vocabularies(engine: Engine) -> None:
    put(engine, project())
    load_vocabularies(engine)
    assert version(engine) == 2

"""Imported texts can be left out of everything public: documents, dumps and what the catalogue counts."""

import gzip
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ontology.iri import Iris
from schema.store import reading, writing
from server import facts
from server.app import create_app
from server.publication import manifest
from server.publishing import publish
from server.settings import Settings
from tests.schema.world import source
from tests.serving import BASE, Service, serving

SECRET = "Nobody may read these words of a page"
KEPT = "a short quotation"


@pytest.fixture(params=[True, False], ids=["with texts", "without texts"])
def published(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Service, Path, bool]]:
    """A service whose sample has a project with imported texts, and its publication."""
    texts: bool = request.param
    with serving(f"sqlite:///{tmp_path}/texts.db", publish_texts=texts) as service:
        with writing(service.engine, "2026-11-25T10:00:00Z") as transaction:
            text = f"{SECRET}. {KEPT}"
            where = source(text)
            transaction.put(where)
            read = {"source": where["key"], "start": 0, "end": 4}
            transaction.put(
                {
                    "class": "project",
                    "key": "SECRET.1",
                    "title": {"en": "A title"},
                    "description": {"en": text},
                    "results": [{"code": "1", "kind": "outcome", "text": {"en": SECRET}}],
                    "sources": [where["key"]],
                    "provenance": [
                        {"field": "year", "value": "2024", **read},
                        {"field": "description", "value": SECRET, **read},
                    ],
                    "conflicts": [
                        {
                            "field": "description",
                            "kept": text,
                            "other": SECRET,
                            "source": where["key"],
                            "rule": "newest",
                        }
                    ],
                }
            )
        engine = service.engine.execution_options(texts=texts)
        publish(engine, tmp_path / "texts.db.publication", Iris(BASE))
        yield service, tmp_path / "texts.db.publication", texts


def unpacked(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    with zipfile.ZipFile(path) as packed:
        return b"".join(packed.read(each) for each in packed.namelist())


def test_documents_have_the_texts_or_not(published: tuple[Service, Path, bool]) -> None:
    service, _, texts = published
    for suffix in ("ttl", "jsonld", "rdf", "nt", "nq", "trig"):
        body = service.client.get(f"/project/SECRET.1.{suffix}").text
        assert "A title" in body
        assert (SECRET in body) is texts, suffix


def test_answers_have_the_texts_or_not(published: tuple[Service, Path, bool]) -> None:
    service, _, texts = published
    asked = """{ project(id: "SECRET.1") { title { value } description { value } descriptions { value }
        results { code text { value } texts { value } }
        provenance { field value } conflicts { field kept } } }"""
    found = service.data(asked)["project"]
    assert found["title"]["value"] == "A title"
    assert found["results"][0]["code"] == "1"
    assert (SECRET in str(found)) is texts
    told = [each["field"] for each in found["provenance"]]
    assert told == (["year", "description"] if texts else ["year"])
    assert [each["field"] for each in found["conflicts"]] == (["description"] if texts else [])


def test_members_of_the_feed_have_the_texts_or_not(published: tuple[Service, Path, bool]) -> None:
    service, _, texts = published
    body = service.client.get("/feed.trig").text
    assert "A title" in body
    assert (SECRET in body) is texts


def nodes_of(url: str, texts: bool) -> tuple[str, dict[str, bytes]]:
    """The stream of the feed as it names itself, and every closed node and member of it with its bytes."""
    app = create_app(Settings(database_url=url, base_iri=BASE, publish_texts=texts))
    found: dict[str, bytes] = {}
    with TestClient(app, base_url=BASE) as client:
        root = client.get("/feed.nq").text
        waiting = [*re.findall(rf"<({BASE}/feed/(?:page|shelf|member)/[^>#]+)>", root)]
        while waiting:
            if (address := waiting.pop()) not in found:
                found[address] = client.get(f"{address}.nq").content
                waiting += re.findall(rf"<({BASE}/feed/(?:page|member)/[^>#]+)>", found[address].decode())
    app.state.engine.dispose()
    (stream,) = set(re.findall(r"<([^>]+)> <[^>]+> <https://w3id.org/ldes#EventStream>", root))
    return stream, found


def test_what_is_closed_stays_as_it_is_when_texts_are_left_out_and_shown_again(
    published: tuple[Service, Path, bool],
) -> None:
    service, _, _ = published
    url = service.engine.url.render_as_string(hide_password=False)
    whole, less, again = (nodes_of(url, texts) for texts in (True, False, True))
    assert whole == again
    assert sum("/page/" in each for each in whole[1]) >= 1
    assert whole[0] != less[0]
    assert not whole[1].keys() & less[1].keys()
    assert len(whole[1]) == len(less[1])
    assert any(SECRET.encode() in each for each in whole[1].values())
    assert not any(SECRET.encode() in each for each in less[1].values())
    assert service.client.get(f"{min((whole if not published[2] else less)[1])}.nq").status_code == 404


def test_dumps_have_the_texts_or_not(published: tuple[Service, Path, bool]) -> None:
    _, folder, texts = published
    current = manifest(folder)
    assert current is not None
    for each in current.publication.files:
        content = unpacked(current.place(folder, each))
        if each.collection in ("projects", "all"):
            assert (SECRET.encode() in content) is texts, each.path
            assert b"SECRET.1" in content


def test_what_is_stored_keeps_its_texts(published: tuple[Service, Path, bool]) -> None:
    service, _, _ = published
    with reading(service.engine) as snapshot:
        record = snapshot.record("project", "SECRET.1")
    assert record is not None
    assert SECRET in record["description"]["en"]


def test_what_the_catalogue_says_of_sources_does_not_depend_on_their_texts(
    published: tuple[Service, Path, bool], caplog: pytest.LogCaptureFixture
) -> None:
    service, folder, texts = published
    current = manifest(folder)
    assert current is not None
    kept = facts.kept(folder / current.folder)
    assert kept is not None
    assert "en" in kept["sources"].languages
    assert kept["sources"].modified == "2026-11-25T10:00:00Z"
    tally_of = partial(facts.tally_of_files, current.publication, partial(current.place, folder))
    with reading(service.engine.execution_options(texts=texts)) as snapshot:
        assert facts.worked_out(snapshot, current.publication, tally_of, None) == kept
    assert "left out" not in caplog.text

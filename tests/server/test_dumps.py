"""Dumps over HTTP: what a client meets that downloads, resumes, checks or only asks whether there is more."""

import base64
import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response

from ontology.iri import Iris
from schema.store import reading
from server.publication import DumpFile, Publication, latest
from server.publishing import publish
from tests.databases import Databases
from tests.schema.world import project, put
from tests.server.test_as_of import live
from tests.serving import BASE, Service, lasting_headers, serving


@pytest.fixture(scope="module")
def published(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with a publication, which tests only read."""
    folder = tmp_path_factory.mktemp("published")
    with databases.fresh("sqlite") as engine:
        live(engine)
        with serving(str(engine.url), sample=False, publication_folder=folder) as service:
            publish(service.engine, folder, Iris(BASE))
            yield service


@pytest.fixture(scope="module")
def publication(published: Service) -> Publication:
    found = latest(published.client.app.state.publication_folder)  # type: ignore[attr-defined]
    assert found is not None
    return found


@pytest.fixture(scope="module")
def nt(publication: Publication) -> DumpFile:
    return next(each for each in publication.files if each.path == "/dump.nt.gz")


def got(service: Service, path: str, **headers: str) -> Response:
    return service.client.get(
        path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def test_every_file_of_the_listing_is_there_as_it_is_described(published: Service) -> None:
    listing = got(published, "/dump")
    told = listing.json()
    with reading(published.engine) as snapshot:
        assert told["dataVersion"] == str(snapshot.version())
    assert len(told["files"]) > 70
    for each in told["files"]:
        response = published.client.get(each["url"])
        assert response.status_code == 200
        assert len(response.content) == each["byteSize"] == int(response.headers["content-length"])
        assert hashlib.sha256(response.content).hexdigest() == each["sha256"]
    assert got(published, "/dump", If_None_Match=listing.headers["etag"]).status_code == 304


def test_a_packed_file_is_sent_as_a_file_and_not_as_an_encoding(published: Service, nt: DumpFile) -> None:
    response = got(published, nt.path, Accept_Encoding="gzip")
    assert "content-encoding" not in response.headers
    assert response.headers["content-type"] == "application/gzip"
    assert gzip.decompress(response.content).startswith(b"<http://127.0.0.1:8000/id/")
    assert got(published, "/dump.csv.zip").headers["content-type"] == "application/zip"


def test_the_headers_say_what_it_is_and_how_it_is_checked(
    published: Service, publication: Publication, nt: DumpFile
) -> None:
    headers = got(published, nt.path).headers
    digest = base64.b64encode(bytes.fromhex(nt.sha256)).decode()
    assert headers["repr-digest"] == f"sha-256=:{digest}:"
    assert headers["etag"] == f'"{nt.sha256}"'
    assert headers["accept-ranges"] == "bytes"
    assert headers["cache-control"] == "no-cache, no-transform"
    assert headers["last-modified"] == "Mon, 23 Nov 2026 00:00:00 GMT"
    name = f'filename="compactgraph-{publication.version}.nt.gz"'
    assert headers["content-disposition"] == f"attachment; {name}"
    name = f'filename="compactgraph-{publication.version}-projects.csv.gz"'
    assert name in got(published, "/dump/projects.csv.gz").headers["content-disposition"]


def test_head_says_the_same_as_get_without_the_file(published: Service, nt: DumpFile) -> None:
    response = published.client.head(nt.path, headers={"Range": "bytes=0-9"})
    assert (response.status_code, response.content) == (200, b"")
    assert lasting_headers(response) == lasting_headers(got(published, nt.path))


def test_who_has_the_file_gets_304(published: Service, nt: DumpFile) -> None:
    for tag in (f'"{nt.sha256}"', f'"other", W/"{nt.sha256}"', "*"):
        response = got(published, nt.path, If_None_Match=tag)
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == f'"{nt.sha256}"'
    assert got(published, nt.path, If_None_Match='"other"').status_code == 200


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [("bytes=0-9", 0, 10), ("bytes=5-", 5, None), ("bytes=-7", -7, None), ("bytes=3-999999999", 3, None)],
)
def test_a_part_can_be_asked_for(
    published: Service, nt: DumpFile, asked: str, begin: int, end: int | None
) -> None:
    whole, part = got(published, nt.path).content, got(published, nt.path, Range=asked)
    assert part.status_code == 206
    assert part.content == whole[begin:end]
    first = begin % nt.size
    last = (end or nt.size) - 1
    assert part.headers["content-range"] == f"bytes {first}-{last}/{nt.size}"
    assert part.headers["repr-digest"] == got(published, nt.path).headers["repr-digest"]


def test_several_parts_come_as_several_and_those_behind_the_end_are_left_out(
    published: Service, nt: DumpFile
) -> None:
    several = got(published, nt.path, Range="bytes=0-3,10-13")
    assert several.headers["content-type"].startswith("multipart/byteranges")
    assert several.content.count(b"Content-Range: ") == 2
    one = got(published, nt.path, Range=f"bytes=0-3,{nt.size}-")
    assert (one.status_code, one.headers["content-range"]) == (206, f"bytes 0-3/{nt.size}")


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0", "bytes=999999998-999999999, -0"])
def test_a_part_behind_the_end_is_refused_with_the_size(published: Service, nt: DumpFile, asked: str) -> None:
    response = got(published, nt.path, Range=asked)
    assert (response.status_code, response.headers["content-range"]) == (416, f"bytes */{nt.size}")
    assert response.json()["code"] == "RANGE_NOT_SATISFIABLE"


@pytest.mark.parametrize(
    "asked", ["bytes=a-b", "bytes=", "bytes=9-3", "lines=1-2", "bytes 0-9", "bytes=0-9;", "bytes=--1"]
)
def test_a_range_that_is_none_is_passed_over(published: Service, nt: DumpFile, asked: str) -> None:
    response = got(published, nt.path, Range=asked)
    assert (response.status_code, len(response.content)) == (200, nt.size)


def test_a_download_goes_on_only_where_it_is_the_same_file(published: Service, nt: DumpFile) -> None:
    same = got(published, nt.path, Range="bytes=10-", If_Range=f'"{nt.sha256}"')
    assert (same.status_code, len(same.content)) == (206, nt.size - 10)
    modified = same.headers["last-modified"]
    for other in ('"other"', f'W/"{nt.sha256}"', modified):
        response = got(published, nt.path, Range="bytes=10-", If_Range=other)
        assert (response.status_code, len(response.content)) == (200, nt.size)


def test_a_file_that_is_not_there_is_answered_with_one_that_is(published: Service) -> None:
    response = got(published, "/dump/project.nt.gz")
    assert (response.status_code, response.json()["code"]) == (404, "NOT_FOUND")
    assert "Did you mean /dump/projects.nt.gz?" in response.json()["suggestion"]
    for path in (
        "/dump.docx",
        "/dump/",
        "/dump/../manifest.json",
        "/dump/%2e%2e/manifest.json",
        "/dump/lock",
    ):
        assert got(published, path).status_code == 404


@pytest.mark.parametrize("path", ["/dump", "/dump.nt.gz", "/dump/projects.ttl.gz", "/dump/SHA256SUMS"])
def test_methods_are_told_and_others_refused(published: Service, path: str) -> None:
    options = published.client.options(path)
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    refused = published.client.post(path)
    assert (refused.status_code, refused.json()["code"]) == (405, "METHOD_NOT_ALLOWED")


def test_a_page_of_another_site_may_read_dumps_and_their_headers(published: Service, nt: DumpFile) -> None:
    response = got(published, nt.path, Origin="https://elsewhere.example.org", Range="bytes=0-9")
    assert response.headers["access-control-allow-origin"] == "*"
    exposed = response.headers["access-control-expose-headers"].lower()
    assert {"content-range", "etag", "repr-digest", "accept-ranges"} <= set(exposed.split(", "))


def test_the_checksums_are_those_of_the_files(published: Service, publication: Publication) -> None:
    lines = got(published, "/dump/SHA256SUMS").text.splitlines()
    assert lines == [f"{each.sha256}  {each.path[1:]}" for each in publication.files]


def test_before_the_first_publication_there_is_nothing_and_the_answer_says_what_to_do(
    service: Service,
) -> None:
    assert got(service, "/dump").json() == {"dataVersion": None, "updatedAt": None, "files": []}
    for path in ("/dump.nt.gz", "/dump/SHA256SUMS"):
        response = got(service, path)
        assert response.status_code == 404
        assert response.json()["suggestion"] == "Run `compactgraph publish`."


def test_a_running_service_sees_the_next_publication(databases: Databases, tmp_path: Path) -> None:
    with databases.fresh("sqlite") as engine:
        put(engine, project("A.1"))
        with serving(str(engine.url), sample=False, publication_folder=tmp_path) as service:
            publish(engine, tmp_path, Iris(BASE))
            before = got(service, "/dump.jsonl.gz")
            put(engine, project("B.1"))
            assert got(service, "/dump.jsonl.gz").headers["etag"] == before.headers["etag"]
            publish(engine, tmp_path, Iris(BASE))
            after = got(service, "/dump.jsonl.gz", If_None_Match=before.headers["etag"])
    assert after.status_code == 200
    assert b"B.1" in gzip.decompress(after.content)

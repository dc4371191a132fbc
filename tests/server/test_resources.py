"""Resources: what a client meets at the IRIs of things, at documents, and at the vocabulary."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from itertools import chain
from typing import Any

import pytest
from rdflib import RDF, URIRef
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from ontology import vocabularies
from ontology.errors import CompactgraphError, NotFound
from ontology.formats import FORMATS
from ontology.graph import chunks
from ontology.iri import Iris
from ontology.terms import CG
from schema.links import Verdict, review_link
from schema.model.link import Decision
from schema.store import reading, writing
from server import resources
from server.documents import described, document, release
from server.errors import on_error, on_http
from tests.databases import KINDS, Databases
from tests.graphs import Statement, read, read_graphs, read_with_pyld
from tests.server.things import MECHANISM, fill

BASE = "https://data.example.org"
IRIS = Iris(BASE)
EVERY = pytest.mark.parametrize("suffix", FORMATS)


@pytest.fixture(scope="module", params=KINDS)
def engine(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    with databases.fresh(request.param) as engine:
        fill(engine)
        yield engine


@pytest.fixture
def own(databases: Databases) -> Iterator[Engine]:
    """A database that one test may write to."""
    with databases.fresh("sqlite") as engine:
        fill(engine)
        yield engine


def client_of(engine: Engine, base: str = BASE) -> TestClient:
    app = Starlette(
        routes=resources.routes, exception_handlers={CompactgraphError: on_error, HTTPException: on_http}
    )
    app.state.engine, app.state.iris = engine, Iris(base)
    return TestClient(app, base_url="http://elsewhere.test", follow_redirects=False)


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return client_of(engine)


def expected(engine: Engine, segment: str, key: str) -> set[Statement]:
    with reading(engine) as snapshot:
        found = described(document(snapshot, segment, key).records)
    return set(chain.from_iterable(statements for _, statements in chunks(found, IRIS)))


# The IRIs of things


@pytest.mark.parametrize(
    ("thing", "about"),
    [
        ("project/PN.0008", "project/PN.0008"),
        ("state/SLV", "state/SLV"),
        ("network/regional-lac", "network/regional-lac"),
        ("objective/23", "objective/23"),
        ("sdg/10", "sdg/10"),
        ("sdg/10.7", "sdg/10.7"),
        ("scheme/region", "scheme/region"),
        ("code/region/lac", "code/region/lac"),
        ("code/region%2Flac", "code/region/lac"),
        ("result/PN.0008~1.1", "project/PN.0008"),
        ("link/PN.0008~objective-23", "link/PN.0008~objective-23"),
        (f"instrument/{MECHANISM}", f"instrument/{MECHANISM}"),
    ],
)
def test_a_thing_leads_to_the_document_about_it(client: TestClient, thing: str, about: str) -> None:
    answer = client.get(f"/id/{thing}", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BASE}/{about}")
    assert answer.headers["vary"] == "Accept"
    assert client.get(f"/{about}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "living"),
    [
        ("/id/project/OLD.1", "/id/project/PN.0008"),
        ("/id/project/SV10P0560", "/id/project/PN.0008"),
        ("/id/result/OLD.1~1.1", "/id/result/PN.0008~1.1"),
        ("/project/OLD.1", "/project/PN.0008"),
        ("/project/SV10P0560.ttl", "/project/PN.0008.ttl"),
    ],
)
def test_another_key_leads_to_the_one_that_lives(client: TestClient, asked: str, living: str) -> None:
    answer = client.get(asked)
    assert (answer.status_code, answer.headers["location"]) == (308, BASE + living)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/id/project/GONE.1", 410, "GONE"),
        ("/id/result/GONE.1~1.1", 410, "GONE"),
        ("/project/GONE.1", 410, "GONE"),
        ("/project/GONE.1.ttl", 410, "GONE"),
        ("/id/project/NONE", 404, "NOT_FOUND"),
        ("/id/result/PN.0008~9.9", 404, "NOT_FOUND"),
        ("/id/nothing/PN.0008", 404, "NOT_FOUND"),
        ("/id/state/%00", 404, "NOT_FOUND"),
        ("/id/state/%FF%FE", 404, "NOT_FOUND"),
        ("/id/state/", 404, "NOT_FOUND"),
        ("/state/slv", 404, "NOT_FOUND"),
        ("/state/.ttl", 404, "NOT_FOUND"),
        ("/state/SLV.html", 404, "NOT_FOUND"),
        ("/state/NONE.ttl", 404, "NOT_FOUND"),
        ("/vocabulary/nothing.ttl", 404, "NOT_FOUND"),
        ("/ns.html", 404, "NOT_FOUND"),
    ],
)
def test_what_is_not_there_says_so(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (status, status, code)
    assert answer.json()["suggestion"]


# Documents


@EVERY
@pytest.mark.parametrize(
    ("segment", "key"),
    [
        ("project", "PN.0008"),
        ("state", "SLV"),
        ("network", "global"),
        ("instrument", MECHANISM),
        ("objective", "23"),
        ("principle", "1"),
        ("sdg", "10"),
        ("sdg", "10.7"),
        ("scheme", "region"),
        ("code", "region/lac"),
        ("link", "PN.0008~objective-23"),
    ],
)
def test_a_document_says_the_same_in_every_format(
    client: TestClient, engine: Engine, suffix: str, segment: str, key: str
) -> None:
    by_suffix = client.get(f"/{segment}/{key}.{suffix}")
    by_accept = client.get(f"/{segment}/{key}", headers={"Accept": FORMATS[suffix].media_type})
    assert by_suffix.content == by_accept.content
    assert read(by_suffix.content, suffix) == expected(engine, segment, key)


def test_json_ld_needs_no_context_from_elsewhere(client: TestClient, engine: Engine) -> None:
    found = client.get("/project/PN.0008.jsonld").json()
    assert read_with_pyld(found) == expected(engine, "project", "PN.0008")


def test_a_project_says_why_its_links_are_proposed_in_a_graph_of_its_own(client: TestClient) -> None:
    graphs = read_graphs(client.get("/project/PN.0008.trig").content, "trig")
    claims = {statement for graph, statement in graphs if graph == f"{BASE}/graph/claims"}
    facts = {statement for graph, statement in graphs if graph == f"{BASE}/graph/facts"}
    types = {str(o).rpartition("#")[2] for _, p, o in claims if p == RDF.type}
    assert {"Link", "Claim", "Evidence", "NationalInstrument"} <= types
    assert {s for s, _, _ in facts} == {
        URIRef(f"{BASE}/id/project/PN.0008"),
        URIRef(f"{BASE}/id/result/PN.0008~1.1"),
    }
    assert not any(IRIS.term(CG.objective) == p for _, p, _ in claims | facts)


@EVERY
def test_a_document_says_what_it_is(client: TestClient, suffix: str) -> None:
    headers = client.get("/project/PN.0008", headers={"Accept": FORMATS[suffix].media_type}).headers
    assert headers["content-type"] == f"{FORMATS[suffix].media_type}; charset=utf-8"
    assert headers["content-location"] == f"{BASE}/project/PN.0008.{suffix}"
    assert headers["vary"] == "Accept"
    assert headers["last-modified"] == "Tue, 24 Nov 2026 10:00:00 GMT"
    links = headers["link"].split(", ")
    assert f'<{BASE}/project/PN.0008>; rel="canonical"' in links
    assert len([each for each in links if 'rel="alternate"' in each]) == len(FORMATS) - 1
    assert not any(f"PN.0008.{suffix}>" in each for each in links)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/turtle"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/turtle"),
        ("application/json", "application/ld+json"),
        ("application/ld+json;q=0.5, application/n-quads;q=0.7", "application/n-quads"),
    ],
)
def test_a_document_is_negotiated(client: TestClient, accept: str, media_type: str) -> None:
    answer = client.get("/state/SLV", headers={"Accept": accept})
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"


def test_two_accept_headers_are_one(client: TestClient) -> None:
    headers = [("Accept", "text/html"), ("Accept", "application/n-triples")]
    answer = client.get("/state/SLV", headers=headers)
    assert answer.headers["content-type"].startswith("application/n-triples")


def test_a_suffix_decides_whatever_is_accepted(client: TestClient) -> None:
    answer = client.get("/state/SLV.nt", headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("application/n-triples")
    assert "vary" not in answer.headers


@pytest.mark.parametrize("path", ["/project/PN.0008", "/ns"])
def test_who_accepts_nothing_that_is_offered_is_told_what_is(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["code"]) == (406, "NOT_ACCEPTABLE")
    for suffix, each in FORMATS.items():
        assert f"{each.media_type} at {BASE}{path}.{suffix}" in answer.json()["suggestion"]
        assert f'<{BASE}{path}.{suffix}>; rel="alternate"; type="{each.media_type}"' in answer.headers["link"]
    assert answer.headers["vary"] == "Accept"


def test_a_key_may_itself_end_like_a_suffix(own: Engine) -> None:
    with writing(own) as transaction:
        transaction.put(
            {"class": "project", "key": "PN.ttl", "projectId": "PN.ttl", "title": {"en": "A title"}}
        )
    client = client_of(own)
    for path in ("/project/PN.ttl", "/project/PN.ttl.ttl"):
        assert "A title" in client.get(path).text


def test_there_is_no_document_about_what_is_not_there(engine: Engine) -> None:
    with reading(engine) as snapshot, pytest.raises(NotFound):
        document(snapshot, "state", "XXX")


# Caches


@pytest.mark.parametrize(
    "path", ["/project/PN.0008", "/state/SLV.nt", "/ns", "/ns.rdf", "/vocabulary/sdg.ttl", "/context.jsonld"]
)
def test_who_holds_the_bytes_gets_none(client: TestClient, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers.get("vary") == first.headers.get("vary")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert first.headers["cache-control"] == "no-cache"


def test_each_format_has_a_tag_of_its_own(client: TestClient) -> None:
    tags = {client.head(f"/project/PN.0008.{suffix}").headers["etag"] for suffix in FORMATS}
    assert len(tags) == len(FORMATS)


def test_the_tag_follows_the_base(engine: Engine) -> None:
    here, there = client_of(engine), client_of(engine, "https://other.example.org")
    assert here.get("/state/SLV").headers["etag"] != there.get("/state/SLV").headers["etag"]
    assert "https://other.example.org/id/state/SLV" in there.get("/state/SLV").text


def test_the_tag_of_a_project_changes_with_its_links_and_only_then(own: Engine) -> None:
    client = client_of(own)

    def tags() -> list[str]:
        return [client.get(path).headers["etag"] for path in ("/project/PN.0008", "/state/SLV")]

    before = tags()
    with writing(own) as transaction:
        review_link(transaction, "PN.0008~objective-23", Verdict(Decision.REJECT, "ann"))
    rejected = tags()
    with writing(own) as transaction:
        review_link(transaction, f"PN.0008~instrument-{MECHANISM}", Verdict(Decision.ACCEPT, "ann"))
    accepted = tags()
    assert len({before[0], rejected[0], accepted[0]}) == 3
    assert before[1] == rejected[1] == accepted[1]
    found = read(client.get("/project/PN.0008").content, "ttl")
    instrument = URIRef(f"{BASE}/id/instrument/{MECHANISM}")
    assert (URIRef(f"{BASE}/id/project/PN.0008"), IRIS.term(CG.instrument), instrument) in found
    assert not any(s == instrument for s, _, _ in found)


def test_the_release_is_named_even_where_the_checkout_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("server.documents.version", version)
    assert release.__wrapped__() == "checkout"


# Methods


@pytest.mark.parametrize("path", ["/id/project/PN.0008", "/project/PN.0008", "/ns", "/context.jsonld"])
def test_methods_are_answered(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    options = client.options(path)
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    refused = client.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


# The vocabulary


@EVERY
def test_the_ontology_is_negotiated_like_a_document(client: TestClient, suffix: str) -> None:
    by_suffix = client.get(f"/ns.{suffix}")
    by_accept = client.get("/ns", headers={"Accept": FORMATS[suffix].media_type})
    assert by_suffix.content == by_accept.content
    assert by_accept.headers["content-location"] == f"{BASE}/ns.{suffix}"
    assert read(by_suffix.content, suffix) == set(vocabularies.ontology(IRIS))


def test_every_own_term_in_a_document_is_defined_in_the_ontology(client: TestClient) -> None:
    def terms(path: str) -> set[str]:
        statements = read(client.get(path).content, "ttl")
        return {str(each) for triple in statements for each in triple if str(each).startswith(f"{BASE}/ns#")}

    assert terms("/project/PN.0008") <= terms("/ns")


@pytest.mark.parametrize("name", vocabularies.NAMES)
def test_a_vocabulary_is_served_as_it_is(client: TestClient, name: str) -> None:
    answer = client.get(f"/vocabulary/{name}.ttl")
    assert answer.content == vocabularies.file(name).read_bytes()
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"


def test_a_vocabulary_and_a_document_name_a_thing_alike(client: TestClient) -> None:
    address = f"{BASE}/vocabulary/states.ttl"
    whole = read(client.get("/vocabulary/states.ttl").content, "ttl", address)
    own = {each for each in whole if str(each[0]).startswith(f"{BASE}/id/state/SLV")}
    assert own <= read(client.get("/state/SLV").content, "ttl")


def test_the_context_is_that_of_every_class(client: TestClient) -> None:
    answer = client.get("/context.jsonld")
    context: dict[str, Any] = answer.json()["@context"]
    assert answer.headers["content-type"] == "application/ld+json; charset=utf-8"
    own = client.get("/project/PN.0008.jsonld").json()["@context"]
    assert own.items() <= context.items()

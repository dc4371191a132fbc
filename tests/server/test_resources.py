"""Resources: what a client meets at the IRIs of things, and at the documents about them."""

import pytest
from rdflib import RDF, URIRef
from sqlalchemy import Engine
from starlette.testclient import TestClient

from ontology.errors import NotFound
from ontology.formats import FORMATS
from ontology.terms import CG
from schema.keys import text_key
from schema.store import reading, writing
from server.documents import document
from server.representation import OFFERS
from tests.graphs import Statement, read, read_graphs, read_with_pyld
from tests.rdfa import read_page
from tests.records import HOSTILE
from tests.server.things import BASE, IRIS, MECHANISM, client_of, expected

EVERY = pytest.mark.parametrize("suffix", OFFERS)
ONE_OF_EACH_CLASS = pytest.mark.parametrize(
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
        ("scheme", "sdg"),
        ("code", "region/lac"),
        ("source", text_key(HOSTILE)),
        ("link", "PN.0008~objective-23"),
        ("coding", "PN.0008~gcm~1~ann"),
    ],
)


def read_any(body: bytes, suffix: str) -> set[Statement]:
    return read_page(body) if suffix == "html" else read(body, suffix)


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
        ("result/PN.0008~1.1", "project/PN.0008#result-PN.0008~1.1"),
        ("codebook/objective-23", "codebook/objective-23"),
        ("rule/objective-23~include-1", "codebook/objective-23#rule-objective-23~include-1"),
        ("link/PN.0008~objective-23", "link/PN.0008~objective-23"),
        (f"instrument/{MECHANISM}", f"instrument/{MECHANISM}"),
    ],
)
def test_a_thing_leads_to_the_document_about_it(client: TestClient, thing: str, about: str) -> None:
    answer = client.get(f"/id/{thing}")
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
        ("/project/SV10P0560.html", "/project/PN.0008.html"),
    ],
)
def test_another_key_leads_to_the_one_that_lives(client: TestClient, asked: str, living: str) -> None:
    answer = client.get(asked)
    assert (answer.status_code, answer.headers["location"]) == (308, BASE + living)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"},
        {"Forwarded": 'host="evil.example";proto=gopher', "X-Original-URL": "http://evil.example/"},
        {"Host": "evil.example\t<script>"},
    ],
)
@pytest.mark.parametrize(
    "path",
    ["/id/state/SLV", "/project/OLD.1", "/project/GONE.1", "/state/NONE", "/ns", "/shapes", "/context.jsonld"]
    + [f"/project/PN.0008.{suffix}" for suffix in OFFERS],
)
def test_no_answer_takes_an_address_from_the_request(
    client: TestClient, path: str, headers: dict[str, str]
) -> None:
    plain, hostile = client.get(path), client.get(path, headers=headers)
    assert hostile.content == plain.content
    assert hostile.headers == plain.headers
    assert "evil.example" not in hostile.text + str(hostile.headers)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/id/project/GONE.1", 410, "GONE"),
        ("/id/result/GONE.1~1.1", 410, "GONE"),
        ("/project/GONE.1", 410, "GONE"),
        ("/project/GONE.1.ttl", 410, "GONE"),
        ("/id/project/NONE", 404, "NOT_FOUND"),
        ("/id/result/PN.0008~9.9", 404, "NOT_FOUND"),
        ("/id/rule/objective-23~include-9", 404, "NOT_FOUND"),
        ("/id/rule/R1", 404, "NOT_FOUND"),
        ("/id/nothing/PN.0008", 404, "NOT_FOUND"),
        ("/id/state/%00", 404, "NOT_FOUND"),
        ("/id/state/%FF%FE", 404, "NOT_FOUND"),
        ("/id/state/", 404, "NOT_FOUND"),
        ("/state/slv", 404, "NOT_FOUND"),
        ("/state/.ttl", 404, "NOT_FOUND"),
        ("/state/NONE.ttl", 404, "NOT_FOUND"),
        ("/vocabulary/nothing.ttl", 404, "NOT_FOUND"),
        ("/ns.csv", 404, "NOT_FOUND"),
        ("/shapes.csv", 404, "NOT_FOUND"),
    ],
)
def test_what_is_not_there_says_so(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (status, status, code)
    assert answer.json()["suggestion"]
    page = client.get(path, headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert code in page.text
    assert page.headers["vary"] == answer.headers["vary"] == "Accept"


def test_a_tombstone_says_what_there_was_and_when_it_was_deleted(client: TestClient) -> None:
    answer = client.get("/project/GONE.1")
    told = answer.json()
    assert told["iri"] == f"{BASE}/id/project/GONE.1"
    assert (told["id"], told["deletedAt"]) == ("project/GONE.1", "2026-11-25T10:00:00Z")
    assert "2026-11-25T10:00:00Z" in told["detail"]
    assert answer.headers["last-modified"] == "Wed, 25 Nov 2026 10:00:00 GMT"
    page = client.get("/project/GONE.1.html").text
    assert f"{BASE}/id/project/GONE.1" in page
    assert "2026-11-25 10:00:00 UTC" in page


# Documents


@EVERY
@ONE_OF_EACH_CLASS
def test_a_document_says_the_same_in_every_format(
    client: TestClient, things: Engine, suffix: str, segment: str, key: str
) -> None:
    by_suffix = client.get(f"/{segment}/{key}.{suffix}")
    by_accept = client.get(f"/{segment}/{key}", headers={"Accept": OFFERS[suffix].media_type})
    assert by_suffix.content == by_accept.content
    assert read_any(by_suffix.content, suffix) == expected(things, segment, key)


@ONE_OF_EACH_CLASS
def test_turtle_is_the_union_of_the_graphs_of_trig(client: TestClient, segment: str, key: str) -> None:
    graphs = read_graphs(client.get(f"/{segment}/{key}.trig").content, "trig")
    assert read(client.get(f"/{segment}/{key}.ttl").content, "ttl") == {each for _, each in graphs}
    assert graphs == read_graphs(client.get(f"/{segment}/{key}.nq").content, "nq")


@ONE_OF_EACH_CLASS
def test_a_second_processor_of_json_ld_reads_the_same_without_fetching_anything(
    client: TestClient, things: Engine, segment: str, key: str
) -> None:
    found = client.get(f"/{segment}/{key}.jsonld").json()
    assert read_with_pyld(found) == expected(things, segment, key)


def test_a_project_says_why_its_links_are_proposed_in_a_graph_of_its_own(client: TestClient) -> None:
    graphs = read_graphs(client.get("/project/PN.0008.trig").content, "trig")
    claims = {statement for graph, statement in graphs if graph == f"{BASE}/graph/claims"}
    facts = {statement for graph, statement in graphs if graph == f"{BASE}/graph/facts"}
    types = {str(o).rpartition("#")[2] for _, p, o in claims if p == RDF.type}
    assert {"Link", "Claim", "Evidence", "NationalInstrument"} <= types
    assert {"TextQuoteSelector", "TextPositionSelector", "Entity"} <= types
    assert {s for s, _, _ in facts} == {
        URIRef(f"{BASE}/id/project/PN.0008"),
        URIRef(f"{BASE}/id/result/PN.0008~1.1"),
    }
    assert not any(IRIS.term(CG.objective) == p for _, p, _ in claims | facts)


@EVERY
def test_a_document_says_what_it_is(client: TestClient, suffix: str) -> None:
    headers = client.get("/project/PN.0008", headers={"Accept": OFFERS[suffix].media_type}).headers
    assert headers["content-type"] == f"{OFFERS[suffix].media_type}; charset=utf-8"
    assert headers["content-location"] == f"{BASE}/project/PN.0008.{suffix}"
    assert headers["vary"] == "Accept, Accept-Encoding"
    assert headers["last-modified"] == "Tue, 24 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/turtle"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/html;q=0.4, text/turtle;q=0.5", "text/turtle"),
        ("text/html, text/turtle;q=0.9", "text/html"),
        ("application/json", "application/ld+json"),
        ("application/ld+json;q=0.5, application/n-quads;q=0.7", "application/n-quads"),
    ],
)
def test_a_document_is_negotiated(client: TestClient, accept: str, media_type: str) -> None:
    for path in ("/state/SLV", "/ns", "/shapes"):
        answer = client.get(path, headers={"Accept": accept})
        assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"


def test_two_accept_headers_are_one(client: TestClient) -> None:
    headers = [("Accept", "image/png"), ("Accept", "application/n-triples")]
    answer = client.get("/state/SLV", headers=headers)
    assert answer.headers["content-type"].startswith("application/n-triples")


def test_a_suffix_decides_whatever_is_accepted(client: TestClient) -> None:
    answer = client.get("/state/SLV.nt", headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("application/n-triples")
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/project/PN.0008", "/ns", "/shapes"])
def test_who_accepts_nothing_that_is_offered_is_told_what_is(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (406, "NOT_ACCEPTABLE")
    for suffix, each in OFFERS.items():
        assert f"{each.media_type} at {BASE}{path}.{suffix}" in answer.json()["suggestion"]
        assert f'<{BASE}{path}.{suffix}>; rel="alternate"; type="{each.media_type}"' in answer.headers["link"]
    assert answer.headers["vary"] == "Accept"


def test_a_key_may_itself_end_like_a_suffix(own: Engine) -> None:
    with writing(own) as transaction:
        transaction.put(
            {"class": "project", "key": "PN.ttl", "projectId": "PN.ttl", "title": {"en": "A title"}}
        )
    client = client_of(own)
    for path in ("/project/PN.ttl", "/project/PN.ttl.ttl", "/project/PN.ttl.html"):
        assert "A title" in client.get(path).text


def test_there_is_no_document_about_what_is_not_there(things: Engine) -> None:
    with reading(things) as snapshot, pytest.raises(NotFound):
        document(snapshot, "state", "XXX")
    with reading(things) as snapshot, pytest.raises(NotFound):
        document(snapshot, "project", "GONE.1")


def test_a_new_claim_changes_no_fact_that_portals_harvest(own: Engine) -> None:
    client = client_of(own)

    def facts() -> set[Statement]:
        graphs = read_graphs(client.get("/project/PN.0008.trig").content, "trig")
        return {each for graph, each in graphs if graph == f"{BASE}/graph/facts"}

    def others() -> list[str]:
        paths = ("/objective/23.ttl", "/state/SLV.ttl", "/scheme/objective.ttl")
        return [client.get(path).headers["etag"] for path in paths]

    before, tags = facts(), others()
    with writing(own) as transaction:
        for link in [*transaction.links_of("PN.0008")]:
            claims = [each | {"methodVersion": "2"} for each in link["claims"]]
            transaction.put(link | {"claims": [*link["claims"], *claims], "version": link["version"] + 1})
    assert facts() == before
    assert others() == tags
    assert "methodVersion" in client.get("/project/PN.0008.ttl").text
    with reading(own) as snapshot:
        changed = {each.segment for each in snapshot.changes((snapshot.version() - 1, 1000))}
    assert changed == {"link"}


# Methods


@pytest.mark.parametrize(
    "path",
    ["/id/project/PN.0008", "/project/PN.0008", "/state/SLV.html", "/ns", "/shapes", "/context.jsonld"],
)
def test_methods_are_answered(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers == got.headers
    options = client.options(path)
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    for method in ("DELETE", "PUT", "POST", "PATCH"):
        refused = client.request(method, path)
        assert (refused.status_code, refused.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
        assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_format_of_rdf_is_no_page(client: TestClient, suffix: str) -> None:
    assert "content-security-policy" not in client.get(f"/state/SLV.{suffix}").headers

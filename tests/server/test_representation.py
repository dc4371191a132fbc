"""Representations: their tags, times and packing, and the links by which machines find their way."""

import gzip
import re

import pytest
from rdflib import URIRef
from sqlalchemy import Engine
from starlette.testclient import TestClient

from ontology.formats import FORMATS
from ontology.iri import Iris
from ontology.terms import CG
from schema.links import Verdict, review_link
from schema.model.link import Decision
from schema.store import writing
from server.representation import OFFERS
from tests.graphs import read
from tests.server.things import BASE, IRIS, MECHANISM, client_of
from tests.serving import Service

PATHS = ["/project/PN.0008", "/state/SLV.nt", "/state/SLV.html", "/ns", "/ns.rdf", "/shapes.ttl"]
PATHS += ["/vocabulary/sdg.ttl", "/context.jsonld"]


def links(client: TestClient, path: str) -> set[tuple[str, str, str]]:
    """The Link header as relation, address and media type."""
    found = set()
    for each in client.get(path).headers["link"].split(", "):
        address = re.match(r"<([^>]+)>", each)
        said = dict(re.findall(r'(\w+)="([^"]*)"', each))
        assert address is not None
        found.add((said["rel"], address[1].replace(BASE, ""), said.get("type", "")))
    return found


# Caches


@pytest.mark.parametrize("path", PATHS)
def test_who_holds_the_bytes_gets_none(client: TestClient, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        for name in ("vary", "link", "content-location", "last-modified", "cache-control"):
            assert again.headers.get(name) == first.headers.get(name)
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert first.headers["cache-control"] == "no-cache"


def test_a_time_is_believed_only_when_it_is_exactly_ours(client: TestClient) -> None:
    known = client.get("/state/SLV").headers["last-modified"]
    answers = {
        known: 304,
        "Sun, 22 Nov 2026 23:59:59 GMT": 200,
        "Mon, 23 Nov 2026 00:00:01 GMT": 200,
        "yesterday": 200,
        "": 200,
        "Mon, 99 Nov 2026 00:00:01 GMT": 200,
    }
    for since, status in answers.items():
        assert client.get("/state/SLV", headers={"If-Modified-Since": since}).status_code == status


def test_a_tag_decides_over_a_time(client: TestClient) -> None:
    known = client.get("/state/SLV").headers["last-modified"]
    headers = {"If-None-Match": '"other"', "If-Modified-Since": known}
    assert client.get("/state/SLV", headers=headers).status_code == 200


def test_a_record_that_is_corrected_backwards_in_time_is_sent_again(own: Engine) -> None:
    client = client_of(own)
    known = client.get("/project/PN.0008").headers["last-modified"]
    with writing(own) as transaction:
        record = transaction.record("project", "PN.0008") or {}
        transaction.put(record | {"startYear": 2020, "updatedAt": "2026-11-01T00:00:00Z"})
        for link in [*transaction.links_of("PN.0008")]:
            transaction.delete("link", link["key"])
    assert client.get("/project/PN.0008", headers={"If-Modified-Since": known}).status_code == 200


def test_each_format_has_a_tag_of_its_own(client: TestClient) -> None:
    tags = {client.head(f"/project/PN.0008.{suffix}").headers["etag"] for suffix in OFFERS}
    assert len(tags) == len(OFFERS)


def test_the_tag_follows_from_the_bytes_and_from_nothing_else(things: Engine) -> None:
    here, again, there = (client_of(things, base) for base in (BASE, BASE, "https://other.example.org"))
    for suffix in OFFERS:
        path = f"/state/SLV.{suffix}"
        assert here.get(path).headers["etag"] == again.get(path).headers["etag"]
        assert here.get(path).headers["etag"] != there.get(path).headers["etag"]
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


# Packing


@pytest.mark.parametrize("path", PATHS)
def test_what_is_packed_is_another_representation_of_the_same(client: TestClient, path: str) -> None:
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    packed = client.get(path, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content)
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == plain.headers["vary"]
    assert "Accept-Encoding" in packed.headers["vary"]
    for encoding, tag, status in (
        ("gzip", packed.headers["etag"], 304),
        ("identity", packed.headers["etag"], 200),
        ("identity", plain.headers["etag"], 304),
    ):
        headers = {"Accept-Encoding": encoding, "If-None-Match": tag}
        assert client.get(path, headers=headers).status_code == status


def test_packing_writes_the_same_bytes_every_time(client: TestClient) -> None:
    def raw() -> bytes:
        with client.stream("GET", "/project/PN.0008.ttl", headers={"Accept-Encoding": "gzip"}) as answer:
            return b"".join(answer.iter_raw())

    assert raw() == raw()
    assert gzip.decompress(raw()) == client.get("/project/PN.0008.ttl").content


# Links


def test_a_page_leads_machines_to_what_they_look_for(client: TestClient) -> None:
    """FAIR Signposting, level 1, for a landing page."""
    found = links(client, "/project/PN.0008.html")
    assert ("cite-as", "/id/project/PN.0008", "") in found
    assert ("canonical", "/project/PN.0008", "") in found
    assert ("type", "https://schema.org/AboutPage", "") in found
    assert ("type", "/ns#Project", "") in found
    assert ("describedby", "/project/PN.0008.ttl", "text/turtle") in found
    assert ("describedby", "/project/PN.0008.jsonld", "application/ld+json") in found
    assert ("describedby", "/shapes", "text/turtle") in found
    assert ("profile", "/shapes", "") in found
    alternates = {(address, kind) for relation, address, kind in found if relation == "alternate"}
    assert alternates == {(f"/project/PN.0008.{each.suffix}", each.media_type) for each in FORMATS.values()}


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_format_leads_back_to_the_page(client: TestClient, suffix: str) -> None:
    found = links(client, f"/project/PN.0008.{suffix}")
    assert ("describes", "/project/PN.0008.html", "text/html") in found
    assert ("cite-as", "/id/project/PN.0008", "") in found
    alternates = {address for relation, address, _ in found if relation == "alternate"}
    assert alternates == {f"/project/PN.0008.{each}" for each in OFFERS if each != suffix}


@pytest.mark.parametrize(
    ("path", "scheme"),
    [("/objective/23", "objective"), ("/sdg/10.7", "sdg"), ("/code/region/lac", "region")],
)
def test_a_concept_leads_to_its_scheme(client: TestClient, path: str, scheme: str) -> None:
    assert ("collection", f"/scheme/{scheme}", "text/html") in links(client, path)
    assert client.get(f"/scheme/{scheme}").status_code == 200


@pytest.mark.parametrize(
    ("path", "dataset"),
    [
        ("/project/PN.0008.html", "projects"),
        ("/objective/23.ttl", "objectives"),
        ("/link/PN.0008~objective-23.nq", "proposals"),
        (f"/instrument/{MECHANISM}", "proposals"),
    ],
)
def test_a_document_leads_to_the_dataset_that_it_is_in(client: TestClient, path: str, dataset: str) -> None:
    assert ("collection", f"/dataset/{dataset}", "text/html") in links(client, path)


def test_every_link_leads_somewhere(sample: Service) -> None:
    for path in ("/project/PN.0008.html", "/objective/23.ttl"):
        for _, address, kind in links(sample.client, path):
            if address.startswith("/"):
                answer = sample.client.get(address.partition("#")[0], headers={"Accept": kind or "*/*"})
                assert answer.status_code == 200


def test_the_licence_is_named_where_there_is_one(things: Engine) -> None:
    client = client_of(things)
    assert "license" not in {relation for relation, _, _ in links(client, "/state/SLV")}
    licence = "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"
    client.app.state.licence = licence
    assert ("license", licence, "") in links(client, "/state/SLV")


def test_the_base_may_have_a_path(things: Engine) -> None:
    client = client_of(things, "https://data.example.org/compact")
    assert client.get("/id/state/SLV").headers["location"] == f"{Iris(BASE + '/compact').base}/state/SLV"

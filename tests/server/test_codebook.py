"""The page of the codebook: every rule in three languages at a place of its own, and the same as data."""

import re

import pytest
from rdflib import Literal, URIRef
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from ontology.declaration import ExchangeRecord
from ontology.terms import CG, OWL, RDF, SKOS
from schema.links import Verdict, review_link
from schema.model.link import Decision
from schema.store import reading, writing
from server.pages.codebook import LANGUAGES
from server.representation import OFFERS
from tests.graphs import read
from tests.schema.world import link, project, put
from tests.server.test_resources import read_any
from tests.serving import BASE, Service

PATH = "/about/codebook"
BROWSER = {"Accept": "text/html"}


def entries(service: Service) -> list[ExchangeRecord]:
    with reading(service.engine) as snapshot:
        return list(snapshot.records("codebook"))


def keys(service: Service) -> set[str]:
    return {f"{each['key']}~{rule['code']}" for each in entries(service) for rule in each["rules"]}


def shown(client: TestClient, language: str) -> LexborHTMLParser:
    return LexborHTMLParser(client.get(f"{PATH}?lang={language}", headers=BROWSER).text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_its_place_and_its_words_in_each_language(sample: Service, language: str) -> None:
    tree = shown(sample.client, language)
    for entry in entries(sample):
        assert tree.css_first(f'[id="{entry["key"]}"]').text() == entry["title"][language]
        for rule in entry["rules"]:
            place = tree.css_first(f'[id="{entry["key"]}~{rule["code"]}"]')
            assert rule["text"][language] in place.text()
    places = [each.attributes["id"] for each in tree.css("[id]")]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_within_the_page_leads_somewhere(sample: Service, language: str) -> None:
    tree = shown(sample.client, language)
    places = {each.attributes["id"] for each in tree.css("[id]")}
    within = {str(each.attributes["href"])[1:] for each in tree.css('a[href^="#"]')}
    assert within <= places
    assert keys(sample) <= within


def test_the_page_has_no_script_and_names_its_version_and_language(sample: Service) -> None:
    answer = sample.client.get(f"{PATH}?lang=es", headers=BROWSER)
    assert "<script" not in answer.text
    assert "Versión 1" in answer.text
    assert '<html lang="es">' in answer.text
    assert answer.headers["content-language"] == "es"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("fr", "fr"),
        ("fr-CA,fr;q=0.8,en;q=0.5", "fr"),
        ("de,es;q=0.7", "es"),
        ("de", "en"),
        ("*", "en"),
        ("en;q=0.1,es;q=0.2", "es"),
        ("fr;q=0,en;q=0", "es"),
        ("", "en"),
        ("fr;q=very, es", "es"),
        (",;q,,", "en"),
    ],
)
def test_the_language_is_that_of_the_header_where_the_address_names_none(
    sample: Service, asked: str, language: str
) -> None:
    headers = BROWSER | {"Accept-Language": asked}
    answer = sample.client.get(PATH, headers=headers)
    assert answer.headers["content-language"] == language
    assert answer.headers["content-location"].endswith(f"{PATH}.html?lang={language}")
    assert "Accept-Language" in answer.headers["vary"]
    other = sample.client.get(f"{PATH}?lang=fr", headers=headers)
    assert other.headers["content-language"] == "fr"


def test_a_language_that_it_is_not_written_in_is_refused_with_those_that_there_are(sample: Service) -> None:
    answer = sample.client.get(f"{PATH}?lang=<de>", headers=BROWSER)
    assert answer.status_code == 400
    assert "INVALID_INPUT" in answer.text
    assert "en, fr, es" in answer.text


@pytest.mark.parametrize("suffix", [each for each in OFFERS if each != "html"])
def test_the_same_is_to_be_had_as_data_in_every_format(sample: Service, suffix: str) -> None:
    by_suffix = sample.client.get(f"{PATH}.{suffix}")
    by_accept = sample.client.get(PATH, headers={"Accept": OFFERS[suffix].media_type})
    assert by_suffix.content == by_accept.content
    found = read_any(by_suffix.content, suffix)
    rules = {s for s, p, o in found if p == RDF.type and o == URIRef(f"{BASE}/ns#CodebookRule")}
    assert rules == {URIRef(f"{BASE}/id/rule/{each}") for each in keys(sample)}
    assert (URIRef(f"{BASE}/id/scheme/codebook"), OWL.versionInfo, Literal("1")) in found


def test_the_page_is_sent_once_to_who_keeps_it(sample: Service) -> None:
    first = sample.client.get(PATH, headers=BROWSER)
    again = sample.client.get(PATH, headers=BROWSER | {"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert sample.client.get(f"{PATH}.csv").status_code == 404
    assert sample.client.get(PATH, headers={"Accept": "image/png"}).status_code == 406


def test_without_a_codebook_the_page_is_not_found(service: Service) -> None:
    with writing(service.engine) as transaction:
        transaction.delete("scheme", "codebook")
    assert service.client.get(PATH, headers=BROWSER).status_code == 404


def test_every_page_leads_to_the_codebook(sample: Service) -> None:
    assert f'href="{BASE}{PATH}"' in sample.client.get("/objective/23.html").text
    assert f"{BASE}{PATH}" in sample.client.get("/").json()["addresses"]
    assert f"<loc>{BASE}{PATH}</loc>" in sample.client.get("/sitemap/catalogue.xml").text


def test_a_review_links_to_its_rule_in_pages_rdf_and_graphql(service: Service) -> None:
    put(service.engine, project(), link())
    with writing(service.engine) as transaction:
        verdict = Verdict(Decision.ACCEPT, "ann", codebook_rule="objective-23~include-1")
        review_link(transaction, "PN.0008~objective-23", verdict)
    rule = f"{BASE}/id/rule/objective-23~include-1"
    place = f"{BASE}/codebook/objective-23#rule-objective-23~include-1"
    assert re.search(
        rf'<a href="{re.escape(place)}"[^>]*resource="{re.escape(rule)}"',
        service.client.get("/project/PN.0008.html").text,
    )
    stated = read(service.client.get("/project/PN.0008.ttl").content, "ttl")
    assert {o for _, p, o in stated if str(p).endswith("#codebookRule")} == {URIRef(rule)}
    led = service.client.get(rule.removeprefix(BASE), follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, place)
    assert 'id="rule-objective-23~include-1"' in service.client.get("/codebook/objective-23.html").text
    query = '{ project(id: "PN.0008") { links { reviews { codebookRule } } } }'
    assert service.data(query)["project"]["links"] == [
        {"reviews": [{"codebookRule": "objective-23~include-1"}]}
    ]


def test_graphql_has_the_codebook_and_the_way_to_it(sample: Service) -> None:
    found = sample.data(
        """{ codebookVersion codebook { id }
             codebookEntry(id: "sdg-10.7") { subject { ... on SdgTarget { code } } }
             objective(id: "23") { codebook { rules { id kind confusedWith {
               ... on Objective { number } } } } }
             sdgGoal(id: "10") { codebook { id } } sdgTarget(id: "1.1") { codebook { id } } }"""
    )
    assert found["codebookVersion"] == "1"
    ids = [each["id"].removeprefix("codebook/") for each in found["codebook"]]
    assert ids[:3] == ["objective-1", "objective-2", "objective-3"]
    assert ids[-2:] == ["sdg-17", "sdg-17.18"]
    assert found["codebookEntry"]["subject"] == {"code": "10.7"}
    [entry] = found["objective"]["codebook"]
    assert [each["kind"] for each in entry["rules"]] == sorted(
        (each["kind"] for each in entry["rules"]), key=["INCLUDE", "EXCLUDE", "CONFUSION"].index
    )
    assert entry["rules"][0]["id"] == "rule/objective-23~include-1"
    assert entry["rules"][-1]["confusedWith"] == {"number": 5}
    assert found["sdgGoal"]["codebook"] == [{"id": "codebook/sdg-10"}]
    assert found["sdgTarget"]["codebook"] == []


def test_the_terms_of_the_codebook_are_in_a_document_of_an_entry(sample: Service) -> None:
    statements = read(sample.client.get("/codebook/objective-23.ttl").content, "ttl")
    used = {str(p) for _, p, _ in statements}
    for term in (CG.entryRule, CG.ruleKind, CG.confusedWith):
        assert f"{BASE}/ns#{str(term).rpartition('#')[2]}" in used
    assert {str(SKOS.scopeNote), str(SKOS.example), str(SKOS.definition)} <= used

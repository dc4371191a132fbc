"""Meaning: the ontology with examples that live, the shapes, the vocabulary files and the context."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from rdflib import Literal, URIRef
from sqlalchemy import Engine
from starlette.testclient import TestClient

from ontology import vocabularies
from ontology.terms import CG, RDFS, SKOS
from schema.store import writing
from server.representation import OFFERS
from server.usage import own_terms
from tests.graphs import read
from tests.rdfa import read_page
from tests.server.test_resources import read_any
from tests.server.things import BASE, IRIS, client_of
from tests.serving import Service

EVERY = pytest.mark.parametrize("suffix", OFFERS)


# The ontology


@EVERY
@pytest.mark.parametrize("name", ["ns", "shapes"])
def test_ontology_and_shapes_are_negotiated_like_documents(
    client: TestClient, suffix: str, name: str
) -> None:
    by_suffix = client.get(f"/{name}.{suffix}")
    by_accept = client.get(f"/{name}", headers={"Accept": OFFERS[suffix].media_type})
    assert by_suffix.content == by_accept.content
    assert by_accept.headers["content-location"] == f"{BASE}/{name}.{suffix}"
    assert read_any(by_suffix.content, suffix) == read(client.get(f"/{name}.nt").content, "nt")


def test_the_ontology_is_the_vocabulary_of_our_own_terms(client: TestClient) -> None:
    found = read(client.get("/ns.ttl").content, "ttl")
    added = found - set(vocabularies.ontology(IRIS))
    assert set(vocabularies.ontology(IRIS)) <= found
    assert {p for _, p, _ in added} == {SKOS.note, SKOS.example, RDFS.seeAlso}


def test_every_term_names_its_field_in_graphql_or_is_not_in_it(client: TestClient) -> None:
    found = read(client.get("/ns.ttl").content, "ttl")
    named = {s for s, p, _ in found if p == SKOS.note}
    silent = {each for each in own_terms() if IRIS.term(each) not in named}
    assert silent == {CG.Scheme}
    assert (IRIS.term(CG.budgetUsd), SKOS.note, Literal("GraphQL: Project.budgetUsd", lang="en")) in found


def test_an_example_is_a_document_that_has_the_term(client: TestClient) -> None:
    examples = [(s, o) for s, p, o in read(client.get("/ns.ttl").content, "ttl") if p == SKOS.example]
    assert len(examples) >= 45
    for term, address in examples:
        path = str(address).removeprefix(BASE)
        statements = read(client.get(path).content, "ttl")
        assert any(term in statement for statement in statements), term


def test_an_example_query_is_answered_with_the_term(sample: Service) -> None:
    statements = read(sample.client.get("/ns.ttl").content, "ttl")
    queries = {s: parse_qs(urlsplit(str(o)).query)["query"][0] for s, p, o in statements if p == RDFS.seeAlso}
    examples = {s for s, p, _ in statements if p == SKOS.example}
    assert len(queries) > 45
    # The classes and fields that the API does not show have a document and no query.
    assert {str(each).rpartition("#")[2] for each in examples - set(queries)} <= {"Scheme"}
    for query in queries.values():
        assert sample.data(query)["node"]


def test_examples_follow_the_data(own: Engine) -> None:
    client = client_of(own)
    term = IRIS.term(CG.allocationYear)

    def example() -> list[object]:
        found = read(client.get("/ns.ttl").content, "ttl")
        return [o for s, p, o in found if s == term and p == SKOS.example]

    assert example() == []
    with writing(own) as transaction:
        transaction.put({"class": "project", "key": "A.1", "title": {"en": "A"}, "year": 2020})
    assert example() == [URIRef(f"{BASE}/project/A.1")]


def test_every_own_term_in_a_document_is_defined_in_the_ontology(client: TestClient) -> None:
    def terms(path: str) -> set[str]:
        statements = read(client.get(path).content, "ttl")
        return {str(each) for triple in statements for each in triple if str(each).startswith(f"{BASE}/ns#")}

    assert terms("/project/PN.0008") <= terms("/ns")


def test_a_term_has_a_place_in_the_page_of_the_ontology(client: TestClient) -> None:
    page = client.get("/ns.html")
    for each in own_terms():
        assert f'id="{each.rpartition("#")[2]}"' in page.text
    assert read_page(page.content)


# The vocabulary files and the context


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
    for path in ("/project/PN.0008.jsonld", "/sdg/10.7.jsonld", "/scheme/region.jsonld"):
        own = client.get(path).json()["@context"]
        assert own.items() <= context.items()

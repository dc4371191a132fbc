"""Linked answers: what GraphQL answers is exact RDF by a context alone, and never more than documents say."""

from typing import Any

import pytest
from rdflib import Literal, URIRef

from ontology.terms import DCTERMS, RDF
from schema.store import reading
from tests.graphs import Statement, read, read_with_pyld
from tests.serving import BASE, Service

PROJECT = URIRef(f"{BASE}/id/project/FM.0283")


def linked(service: Service, query: str) -> set[Statement]:
    """What an answer says in RDF, as it is, with the context for its query beside it."""
    context = service.client.get("/context.jsonld", params={"query": query}).json()
    return read_with_pyld(context | service.answer(query))


def published(service: Service) -> set[Statement]:
    found: set[Statement] = set()
    with reading(service.engine) as snapshot:
        paths = [
            f"/{segment}/{each['key']}.nt"
            for segment in ("project", "objective", "state", "sdg", "code")
            for each in snapshot.records(segment)
        ]
    for path in paths:
        found |= read(service.client.get(path).content, "nt")
    return found


@pytest.fixture(scope="module")
def everything(sample: Service) -> set[Statement]:
    return published(sample)


def asking(query: str) -> str:
    """The query with what makes each thing a node in place of the star."""
    return query.replace("*", "iri __typename")


QUERIES = {
    name: asking(query)
    for name, query in {
        "one thing": '{ project(id: "FM.0283") { * titles { value language } budgetUsd startYear } }',
        "an alias": '{ p: project(id: "FM.0283") { * t: title { value language } money: budgetUsd } }',
        "two roots": '{ project(id: "FM.0283") { * primaId } objective(id: "23") { * number } }',
        "codes": '{ project(id: "FM.0283") { * status coverage region { * code } } }',
        "nested things": '{ project(id: "FM.0283") { * memberStates { * iso3 m49 } } }',
        "a list in pages": "{ projects(first: 3) { totalCount pageInfo { hasNextPage } "
        "nodes { * projectId updatedAt } } }",
        "the way back": '{ memberState(id: "FSM") { * projects { totalCount nodes { * } } } }',
        "a fragment": 'query Q { node(id: "sdg/10") { ...f } } fragment f on SdgGoal '
        "{ * code titles { value language } targets { * } }",
        "links": '{ project(id: "FM.0283") { * links { * version target '
        "{ ... on Resource { * } ... on Objective { number } ... on SdgTarget { code } } } } }",
    }.items()
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_an_answer_says_in_rdf_what_documents_say(
    sample: Service, everything: set[Statement], query: str
) -> None:
    found = linked(sample, query)
    assert len(found) > 2
    assert found <= everything


def test_an_answer_says_each_field_that_was_asked_for(sample: Service) -> None:
    found = linked(sample, QUERIES["codes"]) | linked(sample, QUERIES["an alias"])
    found |= linked(sample, QUERIES["nested things"])
    term = f"{BASE}/ns#"
    said = {(p, o) for s, p, o in found if s == PROJECT}
    assert (RDF.type, URIRef(f"{term}Project")) in said
    assert (URIRef(f"{term}status"), URIRef(f"{BASE}/id/code/status/completed")) in said
    assert (URIRef(f"{term}beneficiary"), URIRef(f"{BASE}/id/state/FSM")) in said
    assert any(p == DCTERMS.title and o.language == "fr" for p, o in said)
    assert any(p == URIRef(f"{term}budgetUsd") and str(o) == "100000.00" for p, o in said)


def test_links_that_nobody_accepted_never_become_facts(sample: Service) -> None:
    asked = asking('{ project(id: "FM.0283") { * objectives(status: [PROPOSED]) { * number } } }')
    found = linked(sample, asked)
    assert sample.data(asked)["project"]["objectives"]
    assert not any(p == URIRef(f"{BASE}/ns#objective") for _, p, _ in found)


def test_what_json_cannot_say_exactly_is_left_out(sample: Service) -> None:
    asked = asking('{ project(id: "PN.0008") { * results { * kind code } links { * status } } }')
    found = linked(sample, asked)
    assert not any(p in (URIRef(f"{BASE}/ns#kind"), URIRef(f"{BASE}/ns#linkStatus")) for _, p, _ in found)
    assert not any(isinstance(o, Literal) and str(o).isupper() for _, _, o in found)


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("{", "Syntax"),
        ("{ nothing }", "nothing"),
        ("query A { dataVersion } query B { dataVersion }", "more than one"),
        ("{ projects { n: nodes { iri } } }", "alias"),
        ("{ projects { __typename nodes { iri } } }", "no thing"),
        ("{ __typename dataVersion }", "no thing"),
        ('mutation { undoReview(input: {link: "x", version: 1}) { link { id } } }', "is a mutation"),
        (
            '{ a: project(id: "1") { t: title { value } } b: project(id: "2") { t: startYear } }',
            "two different",
        ),
    ],
)
def test_a_query_without_a_context_is_refused(service: Service, query: str, part: str) -> None:
    answer = service.client.get("/context.jsonld", params={"query": query})
    told: dict[str, Any] = answer.json()
    assert (answer.status_code, told["code"]) == (400, "BAD_ARGUMENT")
    assert part in told["detail"]


def test_fragments_that_multiply_are_refused(service: Service) -> None:
    spreads = " ".join(
        f"fragment f{each} on Project {{ ...f{each + 1} ...f{each + 1} }}" for each in range(30)
    )
    query = f'{{ project(id: "1") {{ ...f0 }} }} {spreads} fragment f30 on Project {{ iri }}'
    answer = service.client.get("/context.jsonld", params={"query": query})
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")

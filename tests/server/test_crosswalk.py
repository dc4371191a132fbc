"""The crosswalk as it is told: SSSOM, RDF, GraphQL and a page, and nothing that is proposed as accepted."""

import csv
import io
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from rdflib import OWL, RDF, SKOS, Graph, URIRef
from sqlalchemy import update

from ontology.terms import SDG
from schema.links import Verdict
from schema.log import head
from schema.mappings import review_mapping
from schema.model.link import Decision
from schema.store import reading, writing
from schema.token import Scope, create
from tests.browser import page
from tests.processes import Running
from tests.serving import BASE, Service, serving

ACCEPTED, REJECTED = "10~sdg-16.2~relatedMatch", "5~sdg-4.b~relatedMatch"
SUBJECT, TARGET = URIRef(f"{BASE}/id/objective/10"), URIRef(f"{SDG}16.2")

# The slots of SSSOM 1.0 that a mapping and a set of mappings may have, and those that they must have.
SLOTS = {
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "author_label", "reviewer_label", "mapping_date", "match_string", "see_also",
    "comment",
}  # fmt: skip
REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
REQUIRED_OF_SET = ("mapping_set_id", "license")
OF_SET = {
    "curie_map", "mapping_set_id", "mapping_set_version", "mapping_set_title", "mapping_set_description",
    "license", "mapping_provider", "extension_definitions",
}  # fmt: skip


@pytest.fixture
def crosswalk(service: Service) -> Service:
    """A service in which one candidate was accepted and one rejected."""
    with writing(service.engine, "2026-11-26T00:00:00Z") as transaction:
        review_mapping(transaction, ACCEPTED, Verdict(Decision.ACCEPT, "ann"))
        review_mapping(transaction, REJECTED, Verdict(Decision.REJECT, "ann"))
    return service


def told(service: Service, name: str, query: str = "") -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The metadata of a mapping set, and its rows."""
    response = service.client.get(f"/{name}.sssom.tsv{query}")
    assert response.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    lines = response.text.splitlines(keepends=True)
    header = "".join(line[1:] for line in lines if line.startswith("#"))
    rows = io.StringIO("".join(line for line in lines if not line.startswith("#")))
    return yaml.safe_load(header), list(csv.DictReader(rows, delimiter="\t"))


@pytest.mark.parametrize("name", ["crosswalk", "crosswalk-candidates"])
def test_a_set_has_the_slots_of_sssom_and_those_that_it_must_have(crosswalk: Service, name: str) -> None:
    header, rows = told(crosswalk, name)
    extensions = {each["slot_name"] for each in header["extension_definitions"]}
    assert header.keys() == OF_SET
    assert all(header[each] for each in REQUIRED_OF_SET)
    assert rows[0].keys() == SLOTS | extensions
    prefixes = header["curie_map"]
    for row in rows:
        assert all(row[each] for each in REQUIRED)
        for each in REQUIRED:
            prefix, _, local = row[each].partition(":")
            assert prefix in prefixes
            assert local
        assert row["predicate_modifier"] in ("", "Not")
        assert row["mapping_justification"].startswith("semapv:")


def test_candidates_and_what_was_decided_stand_in_two_sets(crosswalk: Service) -> None:
    _, decided = told(crosswalk, "crosswalk")
    assert [(each["subject_id"], each["predicate_modifier"], each["object_id"]) for each in decided] == [
        ("gcm:10", "", "sdg:16.2"),
        ("gcm:5", "Not", "sdg:4.b"),
    ]
    assert {each["reviewer_label"] for each in decided} == {"ann"}
    _, candidates = told(crosswalk, "crosswalk-candidates")
    assert {each["ext_status"] for each in candidates} == {"candidate"}
    with reading(crosswalk.engine) as snapshot:
        assert len(candidates) == len(list(snapshot.records("mapping"))) - 2


def test_the_permanent_address_of_a_set_gives_the_same_bytes_after_changes(crosswalk: Service) -> None:
    before = crosswalk.client.get("/crosswalk.sssom.tsv")
    header, _ = told(crosswalk, "crosswalk")
    with writing(crosswalk.engine) as transaction:
        review_mapping(transaction, ACCEPTED, Verdict(Decision.REJECT, "bea"))
    assert crosswalk.client.get("/crosswalk.sssom.tsv").content != before.content
    assert crosswalk.client.get(header["mapping_set_id"]).content == before.content
    assert crosswalk.client.get("/crosswalk?version=1").status_code == 200
    assert crosswalk.client.get("/crosswalk?version=99").status_code == 400


def document(service: Service, path: str) -> Graph:
    return Graph().parse(data=service.client.get(f"{path}.ttl").text, format="turtle")


def test_only_what_is_accepted_is_a_plain_statement(crosswalk: Service) -> None:
    objective = document(crosswalk, "/objective/10")
    assert set(objective.objects(SUBJECT, SKOS.relatedMatch)) == {TARGET}
    assert not set(document(crosswalk, "/objective/5").objects(None, SKOS.relatedMatch))
    mapping = document(crosswalk, f"/mapping/{ACCEPTED}")
    axiom = URIRef(f"{BASE}/id/mapping/{ACCEPTED}")
    assert (axiom, RDF.type, OWL.Axiom) in mapping
    assert set(mapping.objects(axiom, OWL.annotatedSource)) == {SUBJECT}
    assert set(mapping.objects(axiom, OWL.annotatedProperty)) == {SKOS.relatedMatch}
    assert set(mapping.objects(axiom, OWL.annotatedTarget)) == {TARGET}
    assert (SUBJECT, SKOS.relatedMatch, None) not in mapping


def test_the_crosswalk_can_be_asked_for_from_both_ends(crosswalk: Service) -> None:
    found = crosswalk.data(
        '{ mappings(status: [ACCEPTED], subject: "10") { totalCount nodes { id predicate official status '
        "version subject { id } target { ... on Node { id } } claims { justification matchString madeBy } "
        'reviews { reviewer decision } } } objective(id: "10") { mappings { id status } } '
        'sdgTarget(id: "16.2") { mappings { id } } all: mappings { totalCount } '
        'none: mappings(target: "sdg/99") { totalCount } some: mappings(target: "10.7") { totalCount } }'
    )
    (node,) = found["mappings"]["nodes"]
    assert (node["id"], node["status"], node["official"]) == (f"mapping/{ACCEPTED}", "ACCEPTED", False)
    assert (node["subject"]["id"], node["target"]["id"]) == ("objective/10", "sdg/16.2")
    assert node["reviews"] == [{"reviewer": "ann", "decision": "ACCEPT"}]
    assert {"id": f"mapping/{ACCEPTED}", "status": "ACCEPTED"} in found["objective"]["mappings"]
    assert found["sdgTarget"]["mappings"] == [{"id": f"mapping/{ACCEPTED}"}]
    assert (found["all"]["totalCount"], found["none"]["totalCount"], found["some"]["totalCount"]) == (
        55,
        0,
        2,
    )


MUTATION = """mutation($id: ID!, $version: Int!, $decision: Decision!) {
  reviewMapping(input: {mapping: $id, version: $version, decision: $decision, reason: "So it is."}) {
    changed mapping { status version reviews { reviewer reason } }
  }
}"""
UNDO = """mutation($id: ID!, $version: Int!) {
  undoMappingReview(input: {mapping: $id, version: $version}) { changed mapping { status } }
}"""


def sent(service: Service, query: str, token: str | None, **variables: Any) -> dict[str, Any]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    found: dict[str, Any] = service.client.post(
        "/graphql", json={"query": query, "variables": variables}, headers=headers
    ).json()
    return found


def test_a_mapping_is_reviewed_by_whoever_has_a_token_for_it(service: Service) -> None:
    with writing(service.engine) as transaction:
        token = create(transaction.connection, "ann", [Scope.REVIEW], "2026-11-26T00:00:00Z")
        other = create(transaction.connection, "bea", [Scope.PROPOSE], "2026-11-26T00:00:00Z")
    asked: dict[str, Any] = {"id": f"mapping/{ACCEPTED}", "version": 1}
    for credentials, code in ((None, "UNAUTHENTICATED"), ("wrong", "UNAUTHENTICATED"), (other, "FORBIDDEN")):
        for query in (MUTATION, UNDO):
            more = {"decision": "ACCEPT"} if query is MUTATION else {}
            errors = sent(service, query, credentials, **asked, **more)["errors"]
            assert errors[0]["extensions"]["code"] == code
    done = sent(service, MUTATION, token, **asked, decision="ACCEPT")["data"]["reviewMapping"]
    assert done["changed"]
    assert done["mapping"] == {
        "status": "ACCEPTED",
        "version": 2,
        "reviews": [{"reviewer": "ann", "reason": "So it is."}],
    }
    assert (
        sent(service, MUTATION, token, **asked, decision="ACCEPT")["data"]["reviewMapping"]["changed"]
        is False
    )
    stale = sent(service, MUTATION, token, **asked, decision="REJECT")["errors"]
    assert stale[0]["extensions"]["code"] == "CONFLICT"
    undone = sent(service, UNDO, token, id=ACCEPTED, version=2)["data"]["undoMappingReview"]
    assert undone == {"changed": True, "mapping": {"status": "PROPOSED"}}


def test_a_new_start_leaves_what_reviewers_decided(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path}/own.db"
    with serving(url, sample=False) as service, writing(service.engine) as transaction:
        review_mapping(transaction, ACCEPTED, Verdict(Decision.ACCEPT, "ann"))
        # As a release with other vocabularies finds it.
        transaction.connection.execute(update(head).values(vocabulary="other"))
    with serving(url, sample=False) as service, reading(service.engine) as snapshot:
        assert (snapshot.record("mapping", ACCEPTED) or {})["status"] == "accepted"
        assert (snapshot.record("objective", "10") or {})["relatedMatch"] == ["sdg/16.2"]
        snapshot.check()


def test_the_page_of_the_crosswalk_is_accessible(browser: Browser, live: Running) -> None:
    with page(browser) as seen:
        seen.page.goto(f"{live.address}/crosswalk")
        assert Axe().run(seen.page).response["violations"] == []
        assert seen.complaints == []
        assert seen.page.locator("#proposed + .scroll tbody tr").count() == 55

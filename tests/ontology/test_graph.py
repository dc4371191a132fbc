"""Record to triples: what each kind of field says, and under which IRI."""

from hashlib import sha256
from typing import Any

import pytest
from rdflib import Literal, URIRef

from ontology.graph import Triple, chunks, graph_name, lexical, triples
from ontology.iri import Iris
from ontology.terms import CG, DCTERMS, OA, ORG, RDF, SDO, SKOS, XSD
from tests.records import AT, CANDIDATE, HOSTILE, LINK, OBJECTIVE, PROJECT, STATE, TARGET, described

IRIS = Iris("https://data.example.org")
BASE = "https://data.example.org/id/"


def said(record: dict[str, Any]) -> set[Triple]:
    [(declaration, canonical)] = described(record)
    return set(triples(declaration, canonical, IRIS))


def objects(record: dict[str, Any], subject: str, predicate: URIRef) -> set[str]:
    """What a record says of a subject, as N-Triples writes it."""
    of = URIRef(subject)
    found = {(p, o) for s, p, o in said(record) if s == of}
    return {o.n3() for p, o in found if p == IRIS.term(predicate)}


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (True, "true"),
        (False, "false"),
        (0.7, "0.7"),
        (1.0, "1.0"),
        (0.0, "0.0"),
        (1e-7, "0.0000001"),
        (1.5e-12, "0.0000000000015"),
        (2024, "2024"),
        ("300000.00", "300000.00"),
    ],
)
def test_a_value_has_a_form_that_xml_schema_allows(value: object, form: str) -> None:
    assert lexical(value) == form


@pytest.mark.parametrize(
    ("record", "subject", "predicate", "expected"),
    [
        (PROJECT, "project/PN.0008", DCTERMS.identifier, {'"PN.0008"'}),
        (PROJECT, "project/PN.0008", SDO.startDate, {f'"2024"^^<{XSD.gYear}>'}),
        (PROJECT, "project/PN.0008", CG.budgetUsd, {f'"300000.00"^^<{XSD.decimal}>'}),
        (PROJECT, "project/PN.0008", CG.beneficiary, {f"<{BASE}state/SLV>", f"<{BASE}state/GTM>"}),
        (PROJECT, "project/PN.0008", CG.status, {f"<{BASE}code/status/active>"}),
        (PROJECT, "project/PN.0008", CG.sdgTarget, {"<http://metadata.un.org/sdg/10.7>"}),
        (PROJECT, "project/PN.0008", DCTERMS.modified, {f'"{AT}"^^<{XSD.dateTime}>'}),
        (PROJECT, "project/PN.0008", CG.provenance, {f"<{BASE}project/PN.0008#fieldProvenance-1>"}),
        (
            PROJECT,
            "project/PN.0008",
            CG.result,
            {f"<{BASE}result/PN.0008~1>", f"<{BASE}result/PN.0008~1.1>"},
        ),
        (PROJECT, "result/PN.0008~1.1", DCTERMS.isPartOf, {f"<{BASE}result/PN.0008~1>"}),
        (PROJECT, "result/PN.0008~1.1", SKOS.notation, {'"1.1"'}),
        (
            PROJECT,
            "project/PN.0008#fieldProvenance-1",
            OA.start,
            {f'"0"^^<{XSD.nonNegativeInteger}>'},
        ),
        (LINK, "link/PN.0008~objective-23", CG.target, {f"<{BASE}objective/23>"}),
        (LINK, "link/PN.0008~objective-23", SDO.version, {f'"2"^^<{XSD.integer}>'}),
        (LINK, "link/PN.0008~objective-23#claim-1", CG.calibrated, {f'"true"^^<{XSD.boolean}>'}),
        (LINK, "link/PN.0008~objective-23#claim-1", CG.confidence, {f'"0.0000001"^^<{XSD.decimal}>'}),
        (LINK, "link/PN.0008~objective-23#claim-1", CG.ruleId, {'"r1"', '"r2"'}),
        (
            LINK,
            "link/PN.0008~objective-23#claim-1",
            CG.evidence,
            {f"<{BASE}link/PN.0008~objective-23#claim-1.evidence-{place}>" for place in (1, 2)},
        ),
        (STATE, "state/SLV", SKOS.altLabel, {'"Salvador"@en', '"Republic of El Salvador"@en'}),
        (STATE, "state/SLV", SKOS.exactMatch, {"<http://www.wikidata.org/entity/Q792>"}),
        (STATE, "state/SLV#membership-1", SDO.startDate, {f'"1968"^^<{XSD.gYear}>'}),
        (STATE, "state/SLV#membership-1", SDO.endDate, {f'"2001-02"^^<{XSD.gYearMonth}>'}),
        (STATE, "state/SLV#membership-2", SDO.startDate, {f'"2001-03-04"^^<{XSD.date}>'}),
        (STATE, "state/SLV#membership-1", CG.certain, {f'"false"^^<{XSD.boolean}>'}),
        (OBJECTIVE, "objective/23", SKOS.notation, {f'"23"^^<{XSD.integer}>'}),
        (OBJECTIVE, "objective/23", SKOS.inScheme, {f"<{BASE}scheme/objective>"}),
    ],
)
def test_a_field_says_what_it_declares(
    record: dict[str, Any], subject: str, predicate: URIRef, expected: set[str]
) -> None:
    assert objects(record, BASE + subject, predicate) == expected


def test_a_target_is_the_thing_of_the_united_nations() -> None:
    subject = "http://metadata.un.org/sdg/10.7"
    assert objects(TARGET, subject, SKOS.notation) == {'"10.7"'}
    assert objects(TARGET, subject, SKOS.inScheme) == {f"<{BASE}scheme/sdg>"}


def test_types_are_our_own_and_those_of_common_vocabularies() -> None:
    assert objects(STATE, f"{BASE}state/SLV", RDF.type) == {
        "<https://data.example.org/ns#State>",
        f"<{SDO.Country}>",
    }
    assert f"<{ORG.Membership}>" in objects(STATE, f"{BASE}state/SLV#membership-1", RDF.type)


def test_a_text_is_a_literal_in_its_language_and_loses_nothing() -> None:
    titles = {
        str(o): o.language
        for _, p, o in said(PROJECT)
        if p == DCTERMS.title and isinstance(o, Literal)
    }  # fmt: skip
    assert titles == {HOSTILE: "en", "عنوان": "ar"}


def test_an_iri_from_elsewhere_can_break_no_syntax() -> None:
    [(declaration, record)] = described(STATE)
    bad = {**record, "exactMatches": ['http://example.org/<a> "b"{c}|\\^`\n']}
    found = {o for _, p, o in triples(declaration, bad, IRIS) if p == SKOS.exactMatch}
    assert found == {URIRef("http://example.org/%3Ca%3E%20%22b%22%7Bc%7D%7C%5C%5E%60%0A")}


def test_a_field_that_is_published_nowhere_is_not_said() -> None:
    text = "The stored text."
    digest = sha256(text.encode()).hexdigest()
    source = {"class": "source", "key": digest, "kind": "page", "sha256": digest, "text": text}
    assert text not in {str(o) for _, _, o in said(source)}


@pytest.mark.parametrize("gone", [{"deleted": True}, {"aliasOf": "XX.1"}])
def test_a_tombstone_and_an_alias_say_nothing(gone: dict[str, Any]) -> None:
    record = {"class": "project", "key": "PN.0008", "updatedAt": AT, **gone}
    assert said(record) == set()
    assert list(chunks(described(record), IRIS)) == []


@pytest.mark.parametrize(
    ("record", "name"),
    [
        (PROJECT, "facts"),
        (STATE, "facts"),
        (LINK, "claims"),
        (CANDIDATE, "claims"),
        (CANDIDATE | {"accepted": True}, "facts"),
    ],
)
def test_claims_and_candidates_stand_in_a_graph_of_their_own(record: dict[str, Any], name: str) -> None:
    [(declaration, canonical)] = described(record)
    assert graph_name(declaration, canonical) == name
    assert [graph for graph, _ in chunks(described(record), IRIS)] == [
        URIRef(f"https://data.example.org/graph/{name}")
    ]

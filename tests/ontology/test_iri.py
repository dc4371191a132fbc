"""IRIs: made from the configured base and a key, and read back."""

import pytest
from rdflib import URIRef

from ontology.iri import Iris, is_absolute_iri, legal
from ontology.prefixes import Prefixes
from ontology.terms import CG, DCTERMS

IRIS = Iris("https://data.example.org/compact")


@pytest.mark.parametrize(
    ("segment", "key", "iri"),
    [
        ("project", "PN.0008", "https://data.example.org/compact/id/project/PN.0008"),
        ("code", "region/lac", "https://data.example.org/compact/id/code/region/lac"),
        ("result", "PN.0008~1.1", "https://data.example.org/compact/id/result/PN.0008~1.1"),
        ("state", "SLV#membership-1", "https://data.example.org/compact/id/state/SLV#membership-1"),
        ("sdg", "10.7", "http://metadata.un.org/sdg/10.7"),
        ("project", 'a <b>"é', "https://data.example.org/compact/id/project/a%20%3Cb%3E%22%C3%A9"),
    ],
)
def test_a_thing_has_an_iri_that_leads_back_to_its_identifier(segment: str, key: str, iri: str) -> None:
    assert str(IRIS.thing(segment, key)) == iri
    assert IRIS.node(f"{segment}/{key}") == URIRef(iri)
    assert IRIS.identifier(iri) == f"{segment}/{key}"


def test_a_document_has_an_address_with_and_without_a_suffix() -> None:
    assert IRIS.document("project", "PN.0008") == "https://data.example.org/compact/project/PN.0008"
    assert IRIS.document("sdg", "10.7", ".ttl") == "https://data.example.org/compact/sdg/10.7.ttl"
    assert IRIS.identifier("https://data.example.org/compact/sdg/10.7") == "sdg/10.7"


def test_both_spellings_of_a_un_iri_are_the_same_thing() -> None:
    assert IRIS.identifier("https://metadata.un.org/sdg/10.7") == "sdg/10.7"


def test_an_iri_of_another_service_is_nothing_here() -> None:
    assert IRIS.identifier("https://example.org/id/project/PN.0008") is None


def test_own_terms_follow_the_base_and_others_stay() -> None:
    assert str(IRIS.term(CG.beneficiary)) == "https://data.example.org/compact/ns#beneficiary"
    assert IRIS.term(DCTERMS.title) == DCTERMS.title


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://data.example.org/compact/ns#beneficiary", "cg:beneficiary"),
        ("http://purl.org/dc/terms/title", "dcterms:title"),
        ("http://purl.org/dc/terms/", None),
        ("http://purl.org/dc/terms/10.7", None),
        ("https://data.example.org/compact/id/state/SLV", None),
    ],
)
def test_a_term_is_short_where_every_syntax_can_write_it(iri: str, short: str | None) -> None:
    assert Prefixes(IRIS).short(iri) == short


@pytest.mark.parametrize(
    "text",
    [
        *("http://a b", "ftp://example.org", "http://", "http://a/<b>", "x", "http://a/\n"),
        *("http://a/\u00a0", "http://a/\u2028", "http://a/\u202e", "http://a/\u200f"),
    ],
)
def test_what_no_syntax_can_write_is_no_iri(text: str) -> None:
    assert not is_absolute_iri(text)


def test_an_iri_that_is_legal_stays_as_it_is() -> None:
    assert legal("https://example.org/ü?a=%20#b") == "https://example.org/ü?a=%20#b"

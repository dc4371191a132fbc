"""SKOS: the concepts and schemes that are published keep the conditions of the SKOS reference (W3C, 2009)."""

from itertools import chain

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node
from sqlalchemy import Engine
from starlette.testclient import TestClient

from ontology.graph import chunks
from ontology.terms import RDF, RDFS, SKOS
from schema.store import reading
from server.documents import described
from tests.graphs import graph, read
from tests.server.things import BASE, IRIS

SCHEMES = ("objective", "principle", "sdg", "status", "coverage", "region", "type")


@pytest.fixture(scope="module")
def published(things: Engine) -> Graph:
    """Everything that is published of the vocabularies and of the things."""
    with reading(things) as snapshot:
        every = chunks(described(snapshot.records()), IRIS)
        return graph(set(chain.from_iterable(statements for _, statements in every)))


def of_type(data: Graph, kind: URIRef) -> set[Node]:
    return set(data.subjects(RDF.type, kind))


def pairs(data: Graph, predicate: URIRef) -> set[tuple[Node, Node]]:
    return set(data.subject_objects(predicate))


def test_a_scheme_is_no_concept(published: Graph) -> None:
    """S9."""
    assert of_type(published, SKOS.Concept)
    assert of_type(published, SKOS.Concept).isdisjoint(of_type(published, SKOS.ConceptScheme))


def test_a_label_is_either_preferred_or_another_one(published: Graph) -> None:
    """S13."""
    preferred, others = pairs(published, SKOS.prefLabel), pairs(published, SKOS.altLabel)
    assert preferred
    assert preferred.isdisjoint(others)


def test_there_is_one_preferred_label_in_each_language(published: Graph) -> None:
    """S14."""
    for concept in of_type(published, SKOS.Concept):
        languages = [each.language for each in published.objects(concept, SKOS.prefLabel)]
        assert len(languages) == len(set(languages))


def test_no_concept_is_above_itself(published: Graph) -> None:
    """S27, of which only the hierarchy can be broken where nothing is related."""
    assert pairs(published, SKOS.related) == set()
    for concept in of_type(published, SKOS.Concept):
        above = set(published.transitive_objects(concept, SKOS.broader)) - {concept}
        for each in above:
            assert concept not in set(published.transitive_objects(each, SKOS.broader))


def test_an_exact_match_is_no_other_match(published: Graph) -> None:
    """S46."""
    exact = pairs(published, SKOS.exactMatch)
    assert exact.isdisjoint(pairs(published, SKOS.broadMatch) | pairs(published, SKOS.relatedMatch))


def test_everything_that_has_a_scheme_is_a_concept_and_has_a_label(published: Graph) -> None:
    """S4, and that a concept is called something."""
    for concept, scheme in pairs(published, SKOS.inScheme):
        assert scheme in of_type(published, SKOS.ConceptScheme)
        assert concept in of_type(published, SKOS.Concept)
        said = [*published.objects(concept, SKOS.prefLabel), *published.objects(concept, RDFS.label)]
        assert said or published.value(concept, SKOS.notation) is not None
    assert of_type(published, SKOS.Concept) == {concept for concept, _ in pairs(published, SKOS.inScheme)}


def test_every_relation_is_stated_in_both_directions(published: Graph) -> None:
    """S8 and S25."""
    for forth, back in ((SKOS.topConceptOf, SKOS.hasTopConcept), (SKOS.broader, SKOS.narrower)):
        assert pairs(published, forth)
        assert {(o, s) for s, o in pairs(published, forth)} == pairs(published, back)
    # S7 with S8: a top concept is in its scheme.
    assert pairs(published, SKOS.topConceptOf) <= pairs(published, SKOS.inScheme)


def test_every_concept_is_reached_from_its_scheme(published: Graph) -> None:
    for scheme in of_type(published, SKOS.ConceptScheme):
        members = {s for s, o in pairs(published, SKOS.inScheme) if o == scheme}
        reached = set(published.objects(scheme, SKOS.hasTopConcept))
        reached |= {o for top in reached for o in published.objects(top, SKOS.narrower)}
        assert members == reached
        assert members


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_is_looked_up_by_its_iri_and_lists_its_concepts(
    client: TestClient, published: Graph, scheme: str
) -> None:
    iri = URIRef(f"{BASE}/id/scheme/{scheme}")
    found = graph(read(client.get(f"/id/scheme/{scheme}", follow_redirects=True).content, "ttl"))
    members = {s for s, o in pairs(published, SKOS.inScheme) if o == iri}
    assert {s for s, o in pairs(found, SKOS.inScheme) if o == iri} == members
    assert set(found.objects(iri, SKOS.hasTopConcept)) == set(published.objects(iri, SKOS.hasTopConcept))
    # What a scheme says of a concept is in the concept's own document too.
    assert set(found) <= set(published)


@pytest.mark.parametrize("path", ["objective/23", "sdg/10.7", "code/region/lac", "principle/1"])
def test_a_concept_is_looked_up_by_its_iri_and_names_its_scheme(client: TestClient, path: str) -> None:
    found = graph(read(client.get(f"/id/{path}", follow_redirects=True).content, "ttl"))
    [(concept, scheme)] = pairs(found, SKOS.inScheme)
    assert scheme.startswith(f"{BASE}/id/scheme/")
    assert (scheme, SKOS.hasTopConcept, concept) in found or list(found.objects(concept, SKOS.broader))
    assert all(isinstance(each, Literal) for each in found.objects(concept, SKOS.notation))

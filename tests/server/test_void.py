"""VoID: the counts are those of the dump, counted by rdflib, for the whole and for each collection."""

import gzip
from collections import Counter
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from ontology.collections import COLLECTIONS
from ontology.formats import FORMATS
from ontology.iri import Iris
from ontology.terms import FOAF, RDF, VOID
from ontology.void import Counts, counted
from server.publication import manifest
from tests.records import ALL
from tests.server.catalogued import fetched
from tests.serving import BASE, Service

NAMES = ("all", *COLLECTIONS)


@pytest.fixture(scope="module")
def described(portal: Service) -> Graph:
    return fetched(portal, "/.well-known/void")


def dump(service: Service, name: str) -> Graph:
    folder: Path = service.client.app.state.settings.publication_folder  # type: ignore[attr-defined]
    current = manifest(folder)
    assert current is not None
    file = next(each for each in current.publication.of(name) if each.format == "nt")
    return Graph().parse(data=gzip.decompress(current.place(folder, file).read_bytes()), format="nt")


def number(described: Graph, subject: URIRef, stated: URIRef) -> int:
    return int(str(described.value(subject, stated)))


@pytest.mark.parametrize("name", NAMES)
def test_statements_and_things_are_as_many_as_in_the_dump(
    portal: Service, described: Graph, name: str
) -> None:
    subject, graph = URIRef(f"{BASE}/dataset/{name}"), dump(portal, name)
    assert number(described, subject, VOID.triples) == len(graph)
    assert number(described, subject, VOID.entities) == len(set(graph.subjects(RDF.type, None)))
    assert number(described, subject, VOID.classes) == len(set(graph.objects(None, RDF.type)))
    assert number(described, subject, VOID.properties) == len(set(graph.predicates()))


@pytest.mark.parametrize("name", NAMES)
def test_partitions_are_those_of_the_dump(portal: Service, described: Graph, name: str) -> None:
    subject, graph = URIRef(f"{BASE}/dataset/{name}"), dump(portal, name)
    classes = {
        described.value(part, VOID["class"]): number(described, part, VOID.entities)
        for part in described.objects(subject, VOID.classPartition)
        if isinstance(part, URIRef)
    }
    assert classes == {
        kind: len(set(graph.subjects(RDF.type, kind))) for kind in graph.objects(None, RDF.type)
    }
    properties = {
        described.value(part, VOID.property): number(described, part, VOID.triples)
        for part in described.objects(subject, VOID.propertyPartition)
        if isinstance(part, URIRef)
    }
    assert properties == Counter(graph.predicates())


def test_the_whole_is_what_the_collections_are_together(described: Graph) -> None:
    whole = URIRef(f"{BASE}/dataset/all")
    parts = [each for each in described.objects(whole, VOID.subset) if isinstance(each, URIRef)]
    assert len(parts) == len(COLLECTIONS)
    assert sum(number(described, each, VOID.triples) for each in parts) == number(
        described, whole, VOID.triples
    )


def test_the_description_is_about_the_whole_and_names_its_dumps(described: Graph) -> None:
    whole = URIRef(f"{BASE}/dataset/all")
    assert described.value(URIRef(f"{BASE}/.well-known/void"), FOAF.primaryTopic) == whole
    assert URIRef(f"{BASE}/dump.nt.gz") in set(described.objects(whole, VOID.dataDump))


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "rdf", "nt", "nq", "trig"])
def test_every_format_has_the_same_description(portal: Service, described: Graph, suffix: str) -> None:
    assert set(fetched(portal, f"/.well-known/void.{suffix}", suffix)) == set(described)


def test_before_the_first_publication_nothing_is_counted(service: Service) -> None:
    graph = fetched(service, "/.well-known/void")
    assert (None, VOID.dataDump, None) not in graph
    assert (None, VOID.triples, None) not in graph
    assert len(set(graph.subjects(RDF.type, VOID.Dataset))) == len(NAMES)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_lines_are_counted_the_same_in_whatever_pieces_they_come(size: int) -> None:
    lines = "".join(FORMATS["nt"].writer((), Iris(BASE)).pieces(ALL)).split("\n")[:-1]
    found = Counts()
    for place in range(0, len(lines), size):
        found.take(lines[place : place + size])
    assert found == counted(lines)


def test_texts_with_every_character_are_counted_right() -> None:
    text = "".join(FORMATS["nt"].writer((), Iris(BASE)).pieces(ALL))
    graph = Graph().parse(data=text, format="nt")
    found = counted(text.split("\n")[:-1])
    assert found.triples == len(graph)
    assert found.entities == len(set(graph.subjects(RDF.type, None)))
    assert found.properties == Counter(str(each) for each in graph.predicates())

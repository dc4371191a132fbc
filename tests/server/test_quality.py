"""The metadata quality assessment of data.europa.eu, as far as it needs no network: 405 points of 405.

The points are those of its published scoring: findability 100, accessibility 100, interoperability 110,
reusability 75, contextuality 20; from 351 on a catalogue is excellent. Each indicator gives the share of its
points that the datasets or distributions reach.
"""

import re
from collections.abc import Callable, Iterable

from rdflib import Graph, URIRef

from ontology.authorities import EU, IANA, LICENCES
from ontology.terms import DCAT, DCTERMS, RDF
from tests.server.catalogued import fetched
from tests.serving import Service

# Formats that the assessment counts as open and as readable by machines, among those that we have.
OPEN_AND_READABLE = {
    f"{EU}file-type/{each}"
    for each in (
        "CSV",
        "JSON",
        "JSON_LD",
        "RDF_N_QUADS",
        "RDF_N_TRIPLES",
        "RDF_TRIG",
        "RDF_TURTLE",
        "RDF_XML",
    )
}
# What IANA registered of the types that we might name.
MEDIA_TYPES = re.compile(
    rf"{IANA}(?:application/(?:json|ld\+json|n-quads|n-triples|rdf\+xml|trig)|text/(?:csv|plain|turtle))"
)


def share(subjects: Iterable[URIRef], reached: Callable[[URIRef], bool]) -> float:
    """How many of these reach an indicator, between 0 and 1."""
    found = [reached(each) for each in subjects]
    return sum(found) / len(found)


def points(graph: Graph, *, valid: bool, reachable: Callable[[str], bool]) -> dict[str, float]:
    """The points of each indicator."""
    datasets = [each for each in graph.subjects(RDF.type, DCAT.Dataset) if isinstance(each, URIRef)]
    files = [each for each in graph.subjects(RDF.type, DCAT.Distribution) if isinstance(each, URIRef)]

    def has(stated: URIRef) -> Callable[[URIRef], bool]:
        return lambda each: graph.value(each, stated) is not None

    def listed(stated: URIRef, known: Callable[[str], object]) -> Callable[[URIRef], bool]:
        return lambda each: (
            graph.value(each, stated) is not None and bool(known(str(graph.value(each, stated))))
        )

    formats = OPEN_AND_READABLE.__contains__
    return {
        "keywords": 30 * share(datasets, has(DCAT.keyword)),
        "categories": 30 * share(datasets, has(DCAT.theme)),
        "geographic search": 20 * share(datasets, has(DCTERMS.spatial)),
        "search by time": 20 * share(datasets, has(DCTERMS.temporal)),
        "access URL answers": 50 * share(files, listed(DCAT.accessURL, reachable)),
        "download URL": 20 * share(files, has(DCAT.downloadURL)),
        "download URL answers": 30 * share(files, listed(DCAT.downloadURL, reachable)),
        "format": 20 * share(files, has(DCTERMS.format)),
        "media type": 10 * share(files, has(DCAT.mediaType)),
        "format and media type of a vocabulary": 10
        * share(
            files,
            lambda each: (
                listed(DCTERMS.format, formats)(each) and listed(DCAT.mediaType, MEDIA_TYPES.fullmatch)(each)
            ),
        ),
        "open format": 20 * share(files, listed(DCTERMS.format, formats)),
        "machine-readable format": 20 * share(files, listed(DCTERMS.format, formats)),
        "DCAT-AP": 30.0 * valid,
        "licence": 20 * share(files, has(DCTERMS.license)),
        "licence of a vocabulary": 10
        * share(files, listed(DCTERMS.license, lambda each: each.startswith(LICENCES))),
        "access rights": 10 * share(datasets, has(DCTERMS.accessRights)),
        "access rights of a vocabulary": 5
        * share(datasets, listed(DCTERMS.accessRights, lambda each: each.startswith(f"{EU}access-right/"))),
        "contact": 20 * share(datasets, has(DCAT.contactPoint)),
        "publisher": 10 * share(datasets, has(DCTERMS.publisher)),
        "rights": 5 * share(files, has(DCTERMS.rights)),
        "size": 5 * share(files, has(DCAT.byteSize)),
        "issued": 5 * share(datasets, has(DCTERMS.issued)),
        "modified": 5 * share(datasets, has(DCTERMS.modified)),
    }


def test_the_points_add_up_to_those_of_the_assessment(portal: Service) -> None:
    # That it breaks no shape, `tests.server.test_dcat_ap` holds.
    def reachable(address: str) -> bool:
        return portal.client.head(address).status_code == 200

    found = points(fetched(portal, "/catalog.ttl"), valid=True, reachable=reachable)
    assert sum(found.values()) == 405, found


def test_a_catalogue_that_says_less_has_fewer_points(portal: Service) -> None:
    graph = fetched(portal, "/catalog.ttl")
    for stated in (DCAT.keyword, DCTERMS.license, DCAT.byteSize):
        graph.remove((None, stated, None))
    assert sum(points(graph, valid=True, reachable=lambda _: True).values()) == 405 - 30 - 30 - 5

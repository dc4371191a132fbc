"""Shapes: every published document keeps to them, and wrong data does not."""

from collections.abc import Callable
from functools import cache

import pytest
from pyshacl import validate
from rdflib import BNode, Graph, Literal, URIRef

from ontology.formats import FORMATS
from ontology.graph import chunks
from ontology.shapes import shapes
from ontology.terms import CG, DCTERMS, OA, RDF, SDO, SH, SKOS, XSD
from schema.store import reading
from schema.text import LANGUAGES
from server.documents import declarations
from tests.graphs import graph, read
from tests.records import ALL
from tests.server.things import BASE, IRIS
from tests.serving import BASE as SERVED
from tests.serving import Service

SUBJECT = URIRef(f"{BASE}/id/project/PN.0008")
LINK = URIRef(f"{BASE}/id/link/PN.0008~objective-23")
STATE = URIRef(f"{BASE}/id/state/SLV")
Change = Callable[[Graph], None]


@cache
def shapes_graph() -> Graph:
    return graph(set(shapes(declarations(), IRIS, LANGUAGES)))


def violations(data: Graph, by: Graph) -> list[tuple[str, str]]:
    """The focus node and the path of everything that is wrong."""
    _, report, _ = validate(data, shacl_graph=by, inference="none", advanced=False)
    assert isinstance(report, Graph)
    return [
        (str(report.value(each, SH.focusNode)), str(report.value(each, SH.resultPath)))
        for each in report.subjects(RDF.type, SH.ValidationResult)
    ]


def good() -> Graph:
    return graph({statement for _, statements in chunks(ALL, IRIS) for statement in statements})


def test_every_published_document_keeps_to_the_published_shapes(sample: Service) -> None:
    client = sample.client
    by = graph(read(client.get("/shapes.ttl").content, "ttl"))
    with reading(sample.engine) as snapshot:
        paths = [f"/{each['class']}/{each['key']}.nt" for each in snapshot.records()]
    published = Graph()
    for path in paths:
        for statement in read(client.get(path).content, "nt"):
            published.add(statement)
    assert len(paths) > 500
    assert (URIRef(f"{SERVED}/id/state/SLV"), RDF.type, URIRef(f"{SERVED}/ns#State")) in published
    assert violations(published, by) == []


def test_shapes_are_shapes() -> None:
    """They keep to the shapes of shapes (SHACL, appendix C), without which the validator raises."""
    conforms, _, text = validate(good(), shacl_graph=shapes_graph(), meta_shacl=True)
    assert conforms, text
    assert not any(isinstance(each, BNode) for triple in shapes_graph() for each in triple)


def test_good_data_pass() -> None:
    assert violations(good(), shapes_graph()) == []


def put(subject: URIRef, predicate: URIRef, node: URIRef | Literal) -> Change:
    return lambda data: data.set((subject, predicate, node)) and None


def add(subject: URIRef, predicate: URIRef, node: URIRef | Literal) -> Change:
    return lambda data: data.add((subject, predicate, node)) and None


def drop(subject: URIRef, predicate: URIRef) -> Change:
    return lambda data: data.remove((subject, predicate, None)) and None


CLAIM = URIRef(f"{LINK}#claim-1")
EVIDENCE = URIRef(f"{LINK}#claim-1.evidence-1")


@pytest.mark.parametrize(
    ("subject", "path", "change"),
    [
        (SUBJECT, DCTERMS.title, drop(SUBJECT, DCTERMS.title)),
        (SUBJECT, DCTERMS.title, add(SUBJECT, DCTERMS.title, Literal("Another", lang="en"))),
        (SUBJECT, DCTERMS.title, add(SUBJECT, DCTERMS.title, Literal("Titel", lang="de"))),
        (SUBJECT, DCTERMS.title, add(SUBJECT, DCTERMS.title, Literal("No language"))),
        (SUBJECT, DCTERMS.modified, drop(SUBJECT, DCTERMS.modified)),
        (SUBJECT, DCTERMS.modified, put(SUBJECT, DCTERMS.modified, Literal("2026-01-01", datatype=XSD.date))),
        (SUBJECT, SDO.startDate, put(SUBJECT, SDO.startDate, Literal("2024", datatype=XSD.integer))),
        (SUBJECT, SDO.startDate, add(SUBJECT, SDO.startDate, Literal("2025", datatype=XSD.gYear))),
        (SUBJECT, CG.budgetUsd, put(SUBJECT, IRIS.term(CG.budgetUsd), Literal("much", datatype=XSD.decimal))),
        (SUBJECT, CG.status, put(SUBJECT, IRIS.term(CG.status), URIRef(f"{BASE}/id/code/status/unknown"))),
        (SUBJECT, CG.region, put(SUBJECT, IRIS.term(CG.region), Literal("lac"))),
        (SUBJECT, CG.beneficiary, add(SUBJECT, IRIS.term(CG.beneficiary), URIRef(f"{BASE}/id/objective/23"))),
        (SUBJECT, CG.objective, add(SUBJECT, IRIS.term(CG.objective), URIRef(f"{BASE}/id/objective/24"))),
        (SUBJECT, CG.result, add(SUBJECT, IRIS.term(CG.result), STATE)),
        (SUBJECT, RDF.type, lambda data: data.remove((SUBJECT, RDF.type, SDO.Project)) and None),
        (STATE, CG.m49, drop(STATE, IRIS.term(CG.m49))),
        (STATE, SKOS.exactMatch, add(STATE, SKOS.exactMatch, Literal("http://example.org"))),
        (LINK, CG.linkStatus, put(LINK, IRIS.term(CG.linkStatus), Literal("perhaps"))),
        (LINK, CG.target, put(LINK, IRIS.term(CG.target), URIRef("http://example.org/else"))),
        (LINK, SDO.version, put(LINK, SDO.version, Literal("1"))),
        (CLAIM, CG.method, drop(CLAIM, IRIS.term(CG.method))),
        (EVIDENCE, OA.exact, drop(EVIDENCE, OA.exact)),
        (EVIDENCE, OA.start, put(EVIDENCE, OA.start, Literal("-1", datatype=XSD.nonNegativeInteger))),
        (EVIDENCE, RDF.type, lambda data: data.remove((EVIDENCE, RDF.type, OA.TextQuoteSelector)) and None),
    ],
)
def test_wrong_data_do_not(subject: URIRef, path: URIRef, change: Change) -> None:
    data = good()
    change(data)
    assert (str(subject), str(IRIS.term(path))) in violations(data, shapes_graph())


def test_a_thing_under_another_base_is_found_out() -> None:
    data = good()
    stranger = URIRef("https://elsewhere.example.org/id/state/SLV")
    for _, predicate, node in list(data.triples((STATE, None, None))):
        data.add((stranger, predicate, node))
    assert str(stranger) in {focus for focus, _ in violations(data, shapes_graph())}


def required() -> list[tuple[URIRef, URIRef]]:
    """The classes and paths of which the shapes want a value."""
    by = shapes_graph()
    return sorted(
        (kind, path)
        for node, kind in by.subject_objects(SH.targetClass)
        for shape in by.objects(node, SH.property)
        if by.value(shape, SH.minCount) is not None
        and isinstance(kind, URIRef)
        and isinstance(path := by.value(shape, SH.path), URIRef)
    )


def test_every_required_field_is_missed_where_it_is_not() -> None:
    missed = set()
    for kind, path in required():
        data = good()
        for subject in list(data.subjects(RDF.type, kind)):
            data.remove((subject, path, None))
            missed.add((kind, path))
            assert (str(subject), str(path)) in violations(data, shapes_graph())
            break
    assert len(missed) > 20


def test_the_shapes_are_the_same_in_every_format() -> None:
    statements = shapes(declarations(), IRIS, LANGUAGES)
    for suffix, each in FORMATS.items():
        assert read("".join(each.statements([(None, statements)], IRIS)), suffix) == set(statements)

"""JSON-LD: the JSON of our records is exact RDF by its context alone."""

from collections.abc import Iterator
from copy import deepcopy
from itertools import chain
from typing import Any

import orjson
import pytest

from ontology import jsonld
from ontology.context import document_context
from ontology.declaration import Declaration
from ontology.formats import FORMATS
from ontology.graph import Described, chunks
from ontology.iri import INTERNAL_IRIS, Iris
from ontology.reading import records
from ontology.vocabularies import NAMES, ontology, vocabulary
from schema.exchange import canonical, noun_of
from schema.record import declaration
from server.documents import declarations
from tests.graphs import Statement, read, read_with_pyld
from tests.records import ALL, AT, LINK, PROJECT, STATE, described

IRIS = Iris("https://data.example.org")
DECLARATIONS = declarations()


def said(what: list[Described]) -> set[Statement]:
    return set(chain.from_iterable(statements for _, statements in chunks(what, IRIS)))


def vocabulary_records() -> Iterator[Described]:
    for name in NAMES[1:]:
        for record in records(vocabulary(name), DECLARATIONS):
            yield declaration(noun_of(record["class"], record["key"])), canonical(record)


def with_parts(declarations: list[Declaration]) -> Iterator[Declaration]:
    for each in declarations:
        yield each
        yield from with_parts([declared.part for declared in each.parts() if declared.part])


def test_two_processors_read_exactly_what_the_records_say() -> None:
    document = jsonld.document(ALL, IRIS)
    assert read_with_pyld(document) == said(ALL)
    assert read(jsonld.text(document), "jsonld") == said(ALL)


def test_two_processors_read_exactly_what_the_vocabularies_say() -> None:
    everything = list(vocabulary_records())
    text = "".join(FORMATS["jsonld"].writer(DECLARATIONS, IRIS).pieces(everything))
    assert read_with_pyld(orjson.loads(text)) == said(everything)
    assert read(text, "jsonld") == said(everything)


def test_the_ontology_is_the_same_for_two_processors() -> None:
    text = "".join(FORMATS["jsonld"].statements([(None, ontology(IRIS))], IRIS))
    assert read_with_pyld(orjson.loads(text)) == set(ontology(IRIS))


def test_a_stream_says_what_a_document_says() -> None:
    text = "".join(FORMATS["jsonld"].writer(DECLARATIONS, IRIS).pieces(ALL))
    assert orjson.loads(text)["@graph"] == jsonld.document(ALL, IRIS)["@graph"]
    assert text.count("\n") == len(ALL) + 3


def test_a_stream_of_nothing_is_a_document_that_says_nothing() -> None:
    gone = described({"class": "project", "key": "PN.1", "updatedAt": AT, "deleted": True})
    assert read("".join(FORMATS["jsonld"].writer(DECLARATIONS, IRIS).pieces(gone)), "jsonld") == set()


def test_the_context_is_in_the_document_and_names_only_the_classes_that_are_there() -> None:
    [context, nodes] = [jsonld.document(described(STATE), IRIS)[each] for each in ("@context", "@graph")]
    assert {"MemberState", "Membership"} <= context.keys()
    assert "Project" not in context
    assert [each["@id"] for each in nodes] == ["https://data.example.org/id/state/SLV"]


def test_every_published_field_of_every_class_is_in_the_context() -> None:
    context = document_context(DECLARATIONS, IRIS)
    for each in with_parts(DECLARATIONS):
        published = {declared.name for declared in each.fields if declared.property.iri is not None}
        assert context[each.name]["@context"].keys() == published


def test_no_field_has_the_name_of_a_prefix_or_of_a_class() -> None:
    context = document_context(DECLARATIONS, IRIS)
    names = {declared.name for each in with_parts(DECLARATIONS) for declared in each.fields}
    assert names & context.keys() == set()


def test_one_name_means_in_each_class_what_the_class_declares() -> None:
    context = document_context(DECLARATIONS, IRIS)
    titles = {each: context[each]["@context"]["title"]["@id"] for each in ("Project", "Objective", "SdgGoal")}
    assert titles == {"Project": "dcterms:title", "Objective": "skos:prefLabel", "SdgGoal": "rdfs:label"}


def test_a_node_says_nothing_that_the_context_does_not_know() -> None:
    everything = [*ALL, *vocabulary_records()]
    context = document_context(DECLARATIONS, IRIS)

    def check(node: dict[str, Any]) -> None:
        known = context.keys() | context[node["@type"][0]]["@context"].keys() | {"@id", "@type"}
        assert node.keys() <= known
        for each in chain.from_iterable(value for value in node.values() if isinstance(value, list)):
            if isinstance(each, dict) and "@id" in each:
                check(each)

    for each in jsonld.document(everything, IRIS)["@graph"]:
        check(each)


def test_making_nodes_leaves_the_records_as_they_are() -> None:
    records = described(PROJECT, LINK, STATE)
    before = deepcopy([record for _, record in records])
    jsonld.document(records, IRIS)
    assert [record for _, record in records] == before


def test_a_node_is_the_record_with_iris_for_keys() -> None:
    [node] = jsonld.document(described(PROJECT), IRIS)["@graph"]
    assert node["@type"] == ["Project", "schema:Project"]
    assert node["memberStates"] == [
        "https://data.example.org/id/state/SLV",
        "https://data.example.org/id/state/GTM",
    ]
    assert node["startYear"] == 2024
    assert node["budgetUsd"] == "300000.00"
    assert node["title"] == PROJECT["title"]
    assert [each["@id"] for each in node["results"]] == [
        "https://data.example.org/id/result/PN.0008~1",
        "https://data.example.org/id/result/PN.0008~1.1",
    ]


def test_dates_and_confidence_keep_their_form() -> None:
    [state, link] = jsonld.document(described(STATE, LINK), IRIS)["@graph"]
    assert [each["since"] for each in state["memberships"]] == [
        {"@type": "xsd:gYear", "@value": "1968"},
        "2001-03-04",
    ]
    assert link["claims"][0]["confidence"] == "0.0000001"


@pytest.mark.parametrize("record", [PROJECT, LINK, STATE])
def test_a_document_is_one_text_with_sorted_keys(record: dict[str, Any]) -> None:
    text = FORMATS["jsonld"].document(described(record), IRIS)
    again = orjson.dumps(
        orjson.loads(text), option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )
    assert text.encode() == again


def test_no_internal_iri_is_in_a_document_for_others() -> None:
    assert INTERNAL_IRIS.base not in jsonld.text(jsonld.document(ALL, IRIS))

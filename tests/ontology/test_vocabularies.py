"""The vocabulary files: what they define, that they are whole, and that no statement in them is lost."""

from collections.abc import Iterator
from functools import cache

import pytest
from rdflib import Graph, Literal, URIRef

from ontology.declaration import Declaration, Declared
from ontology.graph import RELATIONS, triples
from ontology.iri import INTERNAL_IRIS, Iris
from ontology.reading import records
from ontology.terms import (
    CG,
    DCTERMS,
    INTERNAL,
    OWL,
    PROV,
    RDF,
    RDFS,
    SKOS,
    XSD,
    IriProperty,
    Reference,
)
from ontology.vocabularies import NAMES, file, ontology, vocabulary
from schema.exchange import canonical, noun_of
from schema.record import NOUNS, declaration
from server.documents import declarations
from tests.graphs import graph, read, turned

DECLARATIONS = [declaration(noun) for noun in NOUNS.values()]
OF_THINGS = declarations()
LOADED = NAMES[1:]
CLASSES = vocabulary("classes")


def fields() -> Iterator[tuple[Declaration, Declared]]:
    return ((each, declared) for each in DECLARATIONS for declared in each.fields)


def users(iri: object) -> list[tuple[Declaration, Declared]]:
    return [(each, declared) for each, declared in fields() if declared.property.iri == iri]


def used_terms() -> set[URIRef]:
    types = {kind for each in DECLARATIONS for kind in each.types}
    properties = {declared.property.iri for _, declared in fields() if declared.property.iri is not None}
    # Collections are described by the catalogue, not by records.
    return {term for term in types | properties if term.startswith(CG)} | {CG.Collection}


def of_type(name: str, kind: URIRef) -> list[object]:
    return list(vocabulary(name).subjects(RDF.type, kind))


@cache
def as_written(name: str) -> Graph:
    base = f"{INTERNAL}/vocabulary/{name}.ttl"
    return graph(read(file(name).read_text(encoding="utf-8"), "ttl", base))


def loaded(name: str) -> list[dict[str, object]]:
    return [canonical(each) for each in records(vocabulary(name), OF_THINGS)]


# Our own terms


def test_every_own_term_that_is_used_is_defined_and_no_other() -> None:
    defined = {term for term in CLASSES.subjects(RDF.type) if str(term).startswith(CG)}
    assert defined == used_terms()


@pytest.mark.parametrize("term", sorted(used_terms()))
def test_a_term_has_a_label_and_a_definition_in_three_languages(term: URIRef) -> None:
    for said in (RDFS.label, SKOS.definition):
        languages = [each.language for each in CLASSES.objects(term, said) if isinstance(each, Literal)]
        assert sorted(map(str, languages)) == ["en", "es", "fr"]


def test_a_term_is_a_class_or_a_property_as_the_declaration_uses_it() -> None:
    for each in DECLARATIONS:
        assert (each.types[0], RDF.type, OWL.Class) in CLASSES
        assert set(CLASSES.objects(each.types[0], RDFS.subClassOf)) == set(each.types[1:])
    for _, declared in fields():
        if declared.property.iri in used_terms():
            refers = isinstance(declared.property, (Reference, IriProperty))
            kind = OWL.ObjectProperty if refers else OWL.DatatypeProperty
            assert (declared.property.iri, RDF.type, kind) in CLASSES


def test_a_domain_is_the_one_class_that_has_the_property() -> None:
    for term, domain in CLASSES.subject_objects(RDFS.domain):
        assert {each.types[0] for each, _ in users(term)} == {domain}


def test_a_range_holds_for_all_values() -> None:
    for term, wanted in CLASSES.subject_objects(RDFS.range):
        for _, declared in users(term):
            stated = declared.property
            if declared.part is not None:
                assert wanted == declared.part.types[0]
            elif isinstance(stated, Reference):
                assert wanted in {each.types[0] for each in DECLARATIONS if each.segment == stated.to}
            else:
                assert wanted == (stated.datatype or XSD.string)
                assert wanted != XSD.date


def test_the_ontology_says_that_it_is_unofficial_and_that_the_compact_has_no_signatories() -> None:
    said = {
        str(each.language): str(each)
        for each in CLASSES.objects(URIRef(f"{INTERNAL}/ns"), DCTERMS.description)
        if isinstance(each, Literal)
    }
    assert "unofficial" in said["en"]
    assert "no signatories" in said["en"]
    assert "non officiel" in said["fr"]
    assert "no oficial" in said["es"]


def test_the_ontology_stands_under_the_configured_base_always_in_one_order() -> None:
    statements = ontology(Iris("https://data.example.org"))
    assert (URIRef("https://data.example.org/ns"), RDF.type, OWL.Ontology) in statements
    assert len(statements) == len(CLASSES)
    assert INTERNAL not in str(statements)
    assert statements == ontology(Iris("https://data.example.org"))


# What the files hold


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_valid_for_any_base(name: str) -> None:
    text = file(name).read_text(encoding="utf-8")
    elsewhere = "https://data.example.org/some/where"
    there = read(text, "ttl", f"{elsewhere}/vocabulary/{name}.ttl")
    assert turned(there, elsewhere, INTERNAL) == set(as_written(name))


def test_the_files_hold_what_they_should() -> None:
    counts = {
        "objectives": len(of_type("objectives", CG.Objective)),
        "principles": len(of_type("principles", CG.GuidingPrinciple)),
        "goals": len(of_type("sdg", CG.SdgGoal)),
        "targets": len(of_type("sdg", CG.SdgTarget)),
        "states": len(of_type("states", CG.State)),
        "members": len(list(vocabulary("states").subjects(CG.role, Literal("member")))),
        "networks": len(of_type("networks", CG.Network)),
    }
    assert counts == {
        "objectives": 23,
        "principles": 10,
        "goals": 17,
        "targets": 169,
        "states": 195,
        "members": 175,
        "networks": 20,
    }


@pytest.mark.parametrize("scheme", ["objective", "principle"])
def test_objectives_and_principles_are_marked_unofficial_and_cite_the_resolution(scheme: str) -> None:
    subject = URIRef(f"{INTERNAL}/id/scheme/{scheme}")
    notes = {
        str(note.language): str(note)
        for note in vocabulary("schemes").objects(subject, SKOS.scopeNote)
        if isinstance(note, Literal)
    }
    unofficial = {"en": "unofficial", "fr": "rien d’officiel", "es": "no tienen carácter oficial"}
    assert {language: unofficial[language] in note for language, note in notes.items()} == {
        "en": True,
        "fr": True,
        "es": True,
    }
    assert all("A/RES/73/195" in note for note in notes.values())


def test_every_goal_and_target_has_the_iri_of_the_united_nations() -> None:
    subjects = of_type("sdg", CG.SdgGoal) + of_type("sdg", CG.SdgTarget)
    assert all(str(each).startswith("http://metadata.un.org/sdg/") for each in subjects)


def test_the_arabic_name_of_the_netherlands_has_no_placeholder_and_is_marked() -> None:
    record = next(each for each in loaded("states") if each["key"] == "NLD")
    assert record["name"]["ar"] == "هولندا"  # type: ignore[index]
    assert record["unverified"] == ["name.ar"]
    assert "placeholder" in str(record["statements"])


@pytest.mark.parametrize("name", LOADED)
def test_no_text_has_a_placeholder(name: str) -> None:
    texts = [each for each in vocabulary(name).objects() if isinstance(each, Literal) and each.language]
    assert [each for each in texts if "_" in each or not each.strip()] == []


# From file to record and back


@pytest.mark.parametrize("name", LOADED)
def test_every_statement_of_a_file_comes_back_from_its_records(name: str) -> None:
    header = URIRef(f"{INTERNAL}/vocabulary/{name}.ttl")
    written = {(s, p, o) for s, p, o in as_written(name) if s != header}
    again = {
        statement
        for record in loaded(name)
        for statement in triples(
            declaration(noun_of(str(record["class"]), str(record["key"]))), record, INTERNAL_IRIS
        )
    }
    assert written - again == set()
    # A record has a time of its own, which the file states once for all, and states relations both ways.
    both_ways = {each for pair in RELATIONS.values() for each in pair}
    stated = {(s, p) for s, p, _ in again - written if p not in both_ways}
    # The code of a rule stands in its IRI.
    is_rule = {s for s, p, _ in again if p == CG.ruleKind}
    assert {p for s, p in stated if s not in is_rule} <= {DCTERMS.modified}
    assert {p for s, p in stated if s in is_rule} <= {SKOS.notation}


@pytest.mark.parametrize("name", LOADED)
def test_every_record_has_the_time_of_its_file_in_utc(name: str) -> None:
    (changed,) = vocabulary(name).objects(URIRef(f"{INTERNAL}/vocabulary/{name}.ttl"), DCTERMS.modified)
    at = str(changed).replace("+00:00", "Z")
    assert at.endswith("T00:00:00Z")
    assert {each["updatedAt"] for each in records(vocabulary(name), OF_THINGS)} == {at}


def test_nothing_is_an_entity_and_an_activity_at_once() -> None:
    """Both are disjoint (PROV-O, section 3.1), and each has times of its own."""
    of_entities, of_activities = {"generatedAtTime", "invalidatedAtTime"}, {"startedAtTime", "endedAtTime"}
    for each in DECLARATIONS:
        used = {str(field.property.iri).rpartition("#")[2] for field in each.fields}
        is_entity = PROV.Entity in each.types or bool(used & of_entities)
        is_activity = PROV.Activity in each.types or bool(used & of_activities)
        assert not (is_entity and is_activity)
        assert is_entity == (PROV.Entity in each.types)

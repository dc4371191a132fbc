"""The two walks over a record: the one that gives terms, and the one that gives text, say the same bytes."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal

from ontology import ntriples
from ontology.declaration import Declaration, Declared
from ontology.formats import FORMATS
from ontology.graph import Described, chunks, triples
from ontology.iri import Iris
from ontology.reading import records
from ontology.terms import CG, DCTERMS, SKOS, XSD, IriProperty, Property, TextProperty
from ontology.vocabularies import NAMES, vocabulary
from schema.exchange import canonical, noun_of
from schema.record import declaration
from server.documents import declarations
from server.load import sample_records
from tests.records import ALL, AT, PROJECT, described

TEXT_SYNTAXES = pytest.mark.parametrize("suffix", ["nt", "nq", "ttl", "trig", "rdf"])
BASES = (
    "https://data.example.org",
    "http://127.0.0.1:8000/a~b",
    "https://schema.org",
    "http://www.w3.org/ns",
)
DECLARATIONS = declarations()


def everything() -> Iterator[Described]:
    yield from ALL
    for name in NAMES[1:]:
        for record in records(vocabulary(name), DECLARATIONS):
            yield declaration(noun_of(record["class"], record["key"])), canonical(record)
    yield from described(*sample_records())


def as_text(suffix: str, what: list[Described], iris: Iris) -> str:
    return "".join(FORMATS[suffix].writer(DECLARATIONS, iris).pieces(what))


def as_terms(suffix: str, what: list[Described], iris: Iris) -> str:
    return "".join(FORMATS[suffix].statements(chunks(what, iris), iris))


@TEXT_SYNTAXES
@pytest.mark.parametrize("base", BASES)
def test_both_walks_write_the_same_bytes_of_all_there_is(suffix: str, base: str) -> None:
    what = list(everything())
    assert as_text(suffix, what, Iris(base)) == as_terms(suffix, what, Iris(base))


@TEXT_SYNTAXES
@settings(deadline=None)
@given(st.text(min_size=1), st.text(min_size=1))
def test_both_walks_write_the_same_bytes_of_any_text_and_key(suffix: str, text: str, key: str) -> None:
    [(known, record)] = described(PROJECT)
    result = {"code": key, "kind": "output", "text": {"fr": text}}
    hostile = record | {"key": key, "title": {"en": text}, "memberStates": [key], "results": [result]}
    iris = Iris(BASES[0])
    assert as_text(suffix, [(known, hostile)], iris) == as_terms(suffix, [(known, hostile)], iris)


@TEXT_SYNTAXES
def test_what_two_fields_say_under_one_property_stands_together_and_once(suffix: str) -> None:
    fields = (
        Declared("a", Property(DCTERMS.source), many=True),
        Declared("b", TextProperty(SKOS.altLabel), many=True),
        Declared("c", Property(DCTERMS.source)),
        Declared("d", IriProperty(SKOS.exactMatch), many=True),
        Declared("e", Property(DCTERMS.modified, XSD.dateTime)),
        Declared("f", Property(CG.value, XSD.string)),
        Declared("g", Property(SKOS.inScheme)),
    )
    thing = Declaration("Thing", "thing", (CG.Thing,), fields, scheme="things")
    record = {"class": "thing", "key": "1", "a": ["x", "y"], "b": {"en": ["z", "z"]}, "c": "x", "g": "own"}
    record |= {"d": ["http://e.org/ ", "http://e.org/%20"], "e": AT, "f": "words", "updatedAt": AT}
    iris = Iris(BASES[0])
    assert as_text(suffix, [(thing, record)], iris) == as_terms(suffix, [(thing, record)], iris)


@settings(deadline=None)
@given(st.text())
def test_a_string_is_escaped_as_the_table_of_escapes_says(text: str) -> None:
    slowly = "".join(ntriples.ESCAPES.get(ord(each), each) for each in text)
    assert ntriples.quoted(text) == f'"{slowly}"'


def test_a_walk_that_met_another_class_of_the_same_name_begins_anew() -> None:
    iris = Iris(BASES[0])
    writer = FORMATS["nt"].writer((), iris)
    record = {"class": "thing", "key": "1", "a": "words"}
    one = Declaration("Thing", "thing", (CG.Thing,), (Declared("a", Property(CG.value)),))
    other = Declaration("Thing", "thing", (CG.Thing,), (Declared("a", Property(CG.other)),))
    for each in (one, other, one):
        [value] = [o for _, _, o in triples(each, record, iris) if isinstance(o, Literal)]
        assert (
            f"<{iris.term(each.fields[0].property.iri or CG.x)}> {value.n3()} ."
            in writer.texts(each, [record])[0]
        )

"""The RDF syntaxes: each says the same, whatever stands in the texts, in the same bytes every time."""

import hashlib
import os
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from ontology import ntriples
from ontology.formats import FORMATS
from ontology.graph import Triple, chunks
from ontology.iri import Iris
from ontology.terms import DCTERMS, XSD
from ontology.vocabularies import ontology
from tests.graphs import Statement, read, read_graphs
from tests.records import ALL, HOSTILE

ROOT = Path(__file__).parent.parent.parent
IRIS = Iris("https://data.example.org")
EVERY = pytest.mark.parametrize("suffix", FORMATS)

# Everything that the store lets into a text: XML 1.0 has no way to write the rest.
TEXTS = st.text(
    st.characters(
        exclude_categories=("Cs",),
        exclude_characters=[chr(code) for code in range(0x20) if chr(code) not in "\t\n\r"]
        + ["\ufffe", "\uffff"],
    )
)
SUBJECT = URIRef("https://data.example.org/id/project/PN.0008")


def expected() -> set[Statement]:
    return set(chain.from_iterable(statements for _, statements in chunks(ALL, IRIS)))


def written(suffix: str, *statements: Triple) -> str:
    return "".join(FORMATS[suffix].statements([(None, statements)], IRIS))


@EVERY
def test_a_document_says_exactly_what_its_records_say(suffix: str) -> None:
    assert read(FORMATS[suffix].document(ALL, IRIS), suffix) == expected()


@pytest.mark.parametrize("suffix", ["nq", "trig"])
def test_a_dataset_keeps_claims_apart_from_facts(suffix: str) -> None:
    graphs = {(str(graph), statement) for graph, statements in chunks(ALL, IRIS) for statement in statements}
    assert read_graphs(FORMATS[suffix].document(ALL, IRIS), suffix) == graphs


def test_turtle_is_the_union_of_the_graphs_of_trig() -> None:
    trig = FORMATS["trig"].document(ALL, IRIS)
    assert read(FORMATS["ttl"].document(ALL, IRIS), "ttl") == {each for _, each in read_graphs(trig, "trig")}


@EVERY
def test_the_ontology_is_the_same_in_every_syntax(suffix: str) -> None:
    statements = ontology(IRIS)
    assert read(written(suffix, *statements), suffix) == set(statements)


@EVERY
@settings(deadline=None)
@given(TEXTS)
def test_any_text_comes_back(suffix: str, text: str) -> None:
    statements = {
        (SUBJECT, DCTERMS.title, Literal(text, lang="en")),
        (SUBJECT, DCTERMS.identifier, Literal(text)),
    }
    assert read(written(suffix, *statements), suffix) == statements


@settings(deadline=None)
@given(st.text())
def test_n_triples_carry_every_character_that_unicode_has(text: str) -> None:
    statement = (SUBJECT, DCTERMS.title, Literal(text))
    [line] = ntriples.lines([statement])
    assert line.count("\n") == 1
    assert read(line, "nt") == {statement}


@pytest.mark.parametrize(
    ("literal", "line"),
    [
        (Literal("a"), '"a"'),
        (Literal("a", datatype=XSD.string), '"a"'),
        (Literal("a", lang="fr"), '"a"@fr'),
        (Literal("1", datatype=XSD.integer), f'"1"^^<{XSD.integer}>'),
        (Literal('"\\\n\r\t\b\f'), r'"\"\\\n\r\t\b\f"'),
        (Literal("\x00\x7f\ufffe"), r'"\u0000\u007F\uFFFE"'),
        (Literal("é\u2028\U0001f600"), '"é\u2028\U0001f600"'),
    ],
)
def test_n_triples_escape_what_must_be_escaped_and_no_more(literal: Literal, line: str) -> None:
    assert ntriples.term(literal) == line


def test_n_triples_are_sorted_and_say_nothing_twice() -> None:
    one, other = (SUBJECT, DCTERMS.title, Literal("b")), (SUBJECT, DCTERMS.title, Literal("a"))
    assert ntriples.lines([one, other, one]) == sorted(ntriples.lines([other, one]))
    assert len(ntriples.lines([one, other, one])) == 2


@EVERY
def test_what_is_said_twice_is_written_once(suffix: str) -> None:
    statement = (SUBJECT, DCTERMS.title, Literal("only once"))
    assert written(suffix, statement, statement).count("only once") == 1


@pytest.mark.parametrize("suffix", ["ttl", "trig"])
@pytest.mark.parametrize(
    ("literal", "form"),
    [
        (Literal("true", datatype=XSD.boolean), "true"),
        (Literal("True", datatype=XSD.boolean, normalize=False), '"True"^^xsd:boolean'),
        (Literal("23", datatype=XSD.integer), "23"),
        (Literal("-1", datatype=XSD.integer), '"-1"^^xsd:integer'),
        (Literal("\u0663", datatype=XSD.integer, normalize=False), '"\u0663"^^xsd:integer'),
        (Literal("1.00", datatype=XSD.decimal, normalize=False), '"1.00"^^xsd:decimal'),
        (Literal("x", datatype=URIRef("http://example.org/t")), '"x"^^<http://example.org/t>'),
    ],
)
def test_turtle_is_short_only_where_nothing_is_lost(suffix: str, literal: Literal, form: str) -> None:
    assert f"dcterms:title {form} ." in written(suffix, (SUBJECT, DCTERMS.title, literal))


@EVERY
def test_a_property_of_an_unknown_namespace_can_be_written(suffix: str) -> None:
    statement = (SUBJECT, URIRef("http://example.org/v1/10-x_é"), Literal("a"))
    assert read(written(suffix, statement), suffix) == {statement}


def test_other_processes_write_the_same_bytes() -> None:
    program = "import sys; from tests.ontology.test_formats import digests; sys.stdout.write(digests())"
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert seen == {digests()}


def digests() -> str:
    """Hashes what each format writes of the records and of the ontology."""
    bodies = [each.document(ALL, IRIS) + written(suffix, *ontology(IRIS)) for suffix, each in FORMATS.items()]
    return " ".join(hashlib.sha256(body.encode()).hexdigest() for body in bodies)


def test_the_hostile_text_really_is_in_every_document() -> None:
    texts = [str(o) for _, _, o in read(FORMATS["rdf"].document(ALL, IRIS), "rdf")]
    assert texts.count(HOSTILE) == 5

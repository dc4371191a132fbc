"""Usage: of each term of the ontology its field in GraphQL, and an example that lives in the data."""

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

from rdflib import Literal, URIRef
from sqlalchemy import Engine

from ontology.declaration import Declaration, ExchangeRecord
from ontology.graph import Triple
from ontology.iri import Iris
from ontology.terms import CG, RDFS, SKOS
from schema.api import Shape, api_fields
from schema.exchange import noun_at
from schema.record import NOUNS, declaration
from schema.snapshot import Snapshot
from schema.sound import all_sound
from schema.store import reading
from server.documents import declarations

#: How many things of a class are looked through for an example.
_LOOKED_THROUGH = 500

#: The way from a thing to where a term stands in its record: the names of fields.
Way = tuple[str, ...]


def _terms(declared: Declaration, record: ExchangeRecord, way: Way = ()) -> Iterator[tuple[URIRef, Way]]:
    """Our own terms that a record makes use of, each with the way to it."""
    yield declared.types[0], way
    for each in declared.fields:
        value = record.get(each.name)
        if value is None or each.property.iri is None:
            continue
        yield each.property.iri, (*way, each.name)
        if each.part is not None:
            for part in value:
                yield from _terms(each.part, part, (*way, each.name))


def _examples(snapshot: Snapshot) -> dict[URIRef, tuple[str, str, Way]]:
    """For each term the class and key of the first thing that has it, and the way to it."""
    found: dict[URIRef, tuple[str, str, Way]] = {}
    for segment in dict.fromkeys(each.segment for each in declarations()):
        for record in all_sound(snapshot.first(segment, _LOOKED_THROUGH)):
            declared = declaration(noun_at(segment, record["key"]))
            for term, way in _terms(declared, record):
                if term.startswith(CG):
                    found.setdefault(term, (segment, record["key"], way))
    return found


def _selected(noun: str, way: Way) -> str | None:
    """The selection that leads along a way from a type; None where the API does not show a field of it."""
    field = api_fields(noun).get(way[0])
    if field is None:
        return None
    if len(way) > 1:
        inner = _selected(field.noun, way[1:])
        return None if inner is None else f"{field.name} {{ {inner} }}"
    if field.shape in (Shape.TEXT, Shape.TEXTS):
        return f"{field.name} {{ value language }}"
    return field.name if field.shape is Shape.COLUMN else f"{field.name} {{ __typename }}"


def _query(segment: str, key: str, way: Way) -> str | None:
    """The query that shows a term in a thing; None where the API does not show it."""
    noun = noun_at(segment, key)
    if not noun.model.in_graphql:
        return None
    selected = _selected(noun.name, way) if way else "id iri"
    return (
        None
        if selected is None
        else f'{{ node(id: "{segment}/{key}") {{ ... on {noun.name} {{ {selected} }} }} }}'
    )


def _fields_of(term: URIRef) -> Iterator[str]:
    """The GraphQL types or fields that a term stands for."""
    for noun in NOUNS.values():
        if not noun.model.in_graphql:
            continue
        declared = declaration(noun)
        if declared.types[0] == term:
            yield noun.name
        for each in declared.fields:
            if each.property.iri == term and each.name in api_fields(noun.name):
                yield f"{noun.name}.{each.name}"


def own_terms() -> list[URIRef]:
    """Our own terms, as the declarations make use of them."""
    everything = [declaration(noun) for noun in NOUNS.values()]
    terms = {each.types[0] for each in everything}
    terms |= {field.property.iri for each in everything for field in each.fields if field.property.iri}
    return sorted(each for each in terms if each.startswith(CG))


def usage(snapshot: Snapshot, iris: Iris) -> Iterator[Triple]:
    """What the ontology says beside its own: of each term the GraphQL fields, a document and a query."""
    examples = _examples(snapshot)
    for term in own_terms():
        subject = iris.term(term)
        for each in sorted(_fields_of(term)):
            yield subject, SKOS.note, Literal(f"GraphQL: {each}", lang="en")
        if term in examples:
            segment, key, way = examples[term]
            yield subject, SKOS.example, URIRef(iris.document(segment, key))
            if (query := _query(segment, key, way)) is not None:
                yield subject, RDFS.seeAlso, URIRef(f"{iris.base}/graphql?query={quote(query, safe='')}")


@lru_cache(maxsize=4)
def usage_at(engine: Engine, _version: int, iris: Iris) -> tuple[Triple, ...]:
    """The same, worked out once for each version of the data."""
    with reading(engine) as snapshot:
        return tuple(usage(snapshot, iris))

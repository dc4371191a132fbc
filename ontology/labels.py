"""Labels: what terms and things are called, in the words of the ontology and of the records themselves."""

import re
from functools import cache

from rdflib import Literal, URIRef

from ontology.declaration import Declaration, ExchangeRecord
from ontology.terms import DCTERMS, RDFS, SDO, SKOS, TextProperty
from ontology.vocabularies import vocabulary

#: The properties that hold what a thing is called.
NAMING = frozenset({SDO.name, DCTERMS.title, SKOS.prefLabel, RDFS.label})

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@cache
def said(term: URIRef, of: URIRef) -> dict[str, str]:
    """What the ontology says of one of our own terms, such as its `rdfs:label`, by language."""
    words = (each for each in vocabulary("classes").objects(term, of) if isinstance(each, Literal))
    return {str(each.language): str(each) for each in words}


def capital(words: str) -> str:
    """The words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def spaced(name: str) -> str:
    """A name of the declaration as words: `startYear` as `Start year`."""
    head, *tail = _WORD.split(name)
    return " ".join([capital(head), *(each.lower() for each in tail)])


def term_label(term: URIRef | None, name: str) -> str:
    """The English label of a term of our own, else the declared name as words."""
    found = said(term, RDFS.label).get("en") if term is not None else None
    return capital(found) if found else spaced(name)


def name_of(declaration: Declaration, record: ExchangeRecord) -> dict[str, str]:
    """What a thing is called, by language; empty where its class has no names."""
    for each in declaration.fields:
        is_one_text = isinstance(each.property, TextProperty) and not each.many
        if is_one_text and each.property.iri in NAMING and each.name in record:
            found: dict[str, str] = record[each.name]
            return found
    return {}


def address_of(declaration: Declaration, record: ExchangeRecord) -> str | None:
    """The address of a thing's own page elsewhere, by which it is known where its class has no names."""
    found = (record.get(each.name) for each in declaration.fields if each.property.iri == SDO.url)
    return next((str(each) for each in found if each), None)

"""Contexts: what makes the JSON of our records exact RDF (JSON-LD 1.1).

The same field name means different things in different classes: `title` is the title of a project and the
preferred label of an objective. So each class has a context of its own, in force where its type stands.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from rdflib import URIRef

from ontology.declaration import Declaration
from ontology.graph import RELATIONS
from ontology.iri import Iris
from ontology.prefixes import Prefixes
from ontology.terms import DCTERMS, XSD, IriProperty, Property, Reference, TextProperty


def compact(iri: URIRef, prefixes: Prefixes) -> str:
    """An own or standard term as `prefix:name`."""
    known = prefixes.iris.term(iri)
    return prefixes.short(known) or str(known)


def _meaning(iri: URIRef, stated: Property, prefixes: Prefixes) -> str | dict[str, str]:
    name = compact(iri, prefixes)
    if isinstance(stated, TextProperty):
        return {"@id": name, "@container": "@language"}
    if isinstance(stated, (Reference, IriProperty)):
        return {"@id": name, "@type": "@id"}
    if stated.datatype is not None:
        return {"@id": name, "@type": compact(stated.datatype, prefixes)}
    return name


def back(name: str) -> str:
    """The name of the way back along a relation of a concept, which its record states too."""
    return f"{name}Back"


def _of_concepts(prefixes: Prefixes) -> Iterator[tuple[str, dict[str, str]]]:
    for name, (forth, reverse) in RELATIONS.items():
        yield name, {"@id": compact(forth, prefixes), "@type": "@id"}
        if reverse is not None:
            yield back(name), {"@reverse": compact(reverse, prefixes), "@type": "@id"}


def _of_things(prefixes: Prefixes) -> dict[str, dict[str, str]]:
    return {
        "updatedAt": {
            "@id": compact(DCTERMS.modified, prefixes),
            "@type": compact(XSD.dateTime, prefixes),
        },
    }


def _class(declaration: Declaration, prefixes: Prefixes) -> dict[str, Any]:
    fields = {
        each.name: _meaning(each.property.iri, each.property, prefixes)
        for each in declaration.fields
        if each.property.iri is not None
    }
    return {"@id": compact(declaration.types[0], prefixes), "@context": fields}


def with_parts(declarations: Iterable[Declaration]) -> Iterator[Declaration]:
    """The classes of things, each followed by those of its parts."""
    for declaration in declarations:
        yield declaration
        yield from with_parts(each.part for each in declaration.parts() if each.part is not None)


def document_context(declarations: Iterable[Declaration], iris: Iris) -> dict[str, Any]:
    """The context of the documents about things of these classes, their parts among them."""
    prefixes = Prefixes(iris)
    things = list(declarations)
    classes = {each.name: _class(each, prefixes) for each in with_parts(things)}
    are_concepts = any(each.scheme or each.by_scheme for each in things)
    concepts = dict(_of_concepts(prefixes)) if are_concepts else {}
    return {"@version": 1.1, **prefixes.namespaces, **_of_things(prefixes), **concepts, **classes}

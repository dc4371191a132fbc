"""Schema.org: what search engines are told of a thing, read from its record by the meaning of each field.

The table says which term of schema.org each property comes closest to. The context is inside: `@vocab` makes
the block exact RDF without a context that has to be fetched from elsewhere.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from rdflib import URIRef

from ontology.declaration import Declaration, ExchangeRecord
from ontology.graph import target
from ontology.iri import Iris
from ontology.terms import CG, DCTERMS, ORG, PROV, RDFS, SDO, SKOS, IriProperty, Reference, TextProperty

_VOCABULARY = "https://schema.org/"

#: The term of schema.org that a property comes closest to.
TERMS: Mapping[URIRef | None, str] = {
    CG.beneficiary: "areaServed",
    CG.iso2: "identifier",
    CG.iso3: "identifier",
    CG.m49: "identifier",
    CG.objective: "about",
    CG.otherBeneficiary: "areaServed",
    CG.primaId: "identifier",
    CG.sdgGoal: "about",
    CG.sdgTarget: "about",
    CG.target: "about",
    DCTERMS.description: "description",
    DCTERMS.identifier: "identifier",
    DCTERMS.language: "inLanguage",
    DCTERMS.source: "subjectOf",
    DCTERMS.title: "name",
    ORG.subOrganizationOf: "parentOrganization",
    RDFS.label: "name",
    SKOS.altLabel: "alternateName",
    SKOS.exactMatch: "sameAs",
    SKOS.inScheme: "inDefinedTermSet",
    SKOS.notation: "termCode",
    SKOS.prefLabel: "name",
    SKOS.scopeNote: "description",
}

#: The class of schema.org that a class of another vocabulary comes closest to.
TYPES: Mapping[URIRef, str] = {
    ORG.Organization: "Organization",
    PROV.Activity: "Action",
    PROV.Entity: "CreativeWork",
    SKOS.Concept: "DefinedTerm",
    SKOS.ConceptScheme: "DefinedTermSet",
}


def _term(iri: URIRef | None) -> str | None:
    return iri.removeprefix(SDO) if iri is not None and iri.startswith(SDO) else TERMS.get(iri)


def _type(declaration: Declaration) -> str:
    """The class of schema.org that a class comes closest to: the most special one that it says."""
    known = [each.removeprefix(SDO) for each in declaration.types if each.startswith(SDO)]
    return next(iter([*known, *(TYPES[each] for each in declaration.types if each in TYPES)]), "Thing")


def _values(declaration: Declaration, record: ExchangeRecord, iris: Iris) -> Iterator[tuple[str, Any]]:
    for each in declaration.fields:
        stated, value = each.property, record.get(each.name)
        term = _term(stated.iri)
        if term is None or value is None:
            continue
        several: list[Any] = value if isinstance(value, list) else [value]
        if isinstance(stated, TextProperty) and isinstance(value, dict):
            for language, words in value.items():
                for one in [words] if isinstance(words, str) else words:
                    yield term, {"@language": language, "@value": one}
        elif isinstance(stated, Reference):
            yield from ((term, {"@id": str(target(stated, one, iris))}) for one in several)
        elif isinstance(stated, IriProperty):
            yield from ((term, {"@id": one}) for one in several)
        else:
            yield from ((term, str(one)) for one in several)


def _funding(declaration: Declaration, record: ExchangeRecord) -> Iterator[tuple[str, Any]]:
    """The money of a project, as a grant of its own."""
    for each in declaration.fields:
        if each.property.iri == CG.budgetUsd and each.name in record:
            amount = {"@type": "MonetaryAmount", "currency": "USD", "value": record[each.name]}
            yield "funding", {"@type": "MonetaryGrant", "amount": amount}


def described(declaration: Declaration, record: ExchangeRecord, iris: Iris) -> dict[str, Any]:
    """A page about the thing, and the thing itself in terms of schema.org, as JSON-LD."""
    subject = str(iris.thing(declaration.segment, record["key"]))
    thing: dict[str, Any] = {"@id": subject, "@type": _type(declaration)}
    for term, value in (*_values(declaration, record, iris), *_funding(declaration, record)):
        thing.setdefault(term, []).append(value)
    page = iris.document(declaration.segment, record["key"])
    return {
        "@context": {"@vocab": _VOCABULARY},
        "@id": page,
        "@type": "WebPage",
        "dateModified": record["updatedAt"],
        "mainEntity": thing,
        "url": {"@id": page},
    }

"""Record to triples: one generic walk over the declaration, which every writer reads."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from rdflib import Literal, URIRef

from ontology.declaration import Declaration, Declared, ExchangeRecord, GraphName, part_key, part_mark
from ontology.iri import Iris, encoded, legal
from ontology.terms import (
    DCTERMS,
    RDF,
    SKOS,
    XSD,
    IriProperty,
    Reference,
    TextProperty,
)

Triple = tuple[URIRef, URIRef, URIRef | Literal]

#: A record, and what its fields mean.
Described = tuple[Declaration, ExchangeRecord]

#: The statements of one record, and the graph that they belong to; None for the default graph.
Chunk = tuple[URIRef | None, Iterable[Triple]]

#: A date may be known to the year or the month only (ISO 8601 reduced precision).
DATE_BY_LENGTH = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}


def lexical(value: Any) -> str:
    """A value in the lexical form of XML Schema: `true`, and numbers without an exponent."""
    if isinstance(value, bool):
        return "true" if value else "false"
    written = str(value)
    return f"{Decimal(written):f}" if "e" in written and isinstance(value, float) else written


def datatype_of(value: Any, declared: URIRef | None) -> URIRef | None:
    """The datatype of a value of a declared field: a date has that of its precision."""
    return DATE_BY_LENGTH[len(value)] if declared == XSD.date else declared


def is_about_something(record: ExchangeRecord) -> bool:
    """Whether a line is a living thing's record, not a tombstone and not an alias."""
    return not record.get("deleted") and not record.get("aliasOf")


def target(stated: Reference, key: str, iris: Iris) -> URIRef:
    """The IRI of what a reference's value stands for."""
    return iris.thing(stated.to, key) if stated.to else iris.node(key)


def part_nodes(
    part: Declaration, namespace: str, of: tuple[str, str], records: list[ExchangeRecord]
) -> list[tuple[str, str]]:
    """The IRI and the key of each part of the thing `of`, which has an IRI and a key itself.

    A part with a class of its own, such as a result, has an IRI in its namespace; all others are fragments of
    the thing's.
    """
    iri, owner = of
    if part.segment:
        keys = (part_key(owner, part, place, each) for place, each in enumerate(records, 1))
        return [(namespace + encoded(key), key) for key in keys]
    fragments = _fragments(part_mark(owner) + part.fragment, len(records))
    return [(iri + each, owner + each) for each in fragments]


@lru_cache(maxsize=1024)
def _fragments(begin: str, count: int) -> list[str]:
    """So many fragments; the parts of most things are few, so that theirs come again and again."""
    return [f"{begin}{place}" for place in range(1, count + 1)]


def _literal(value: Any, declared: URIRef | None) -> Literal:
    datatype = datatype_of(value, declared)
    if datatype is None:
        return Literal(value)
    # The lexical form is kept as it is: `300000.00` must not become `300000.0`.
    return Literal(lexical(value), datatype=datatype, normalize=False)


def _objects(declared: Declared, value: Any, iris: Iris) -> Iterator[URIRef | Literal]:
    stated = declared.property
    values = value if declared.many else [value]
    if isinstance(stated, TextProperty):
        for language, words in value.items():
            yield from (Literal(each, lang=language) for each in (words if declared.many else [words]))
    elif isinstance(stated, Reference):
        yield from (target(stated, each, iris) for each in values)
    elif isinstance(stated, IriProperty):
        yield from (URIRef(legal(each)) for each in values)
    else:
        yield from (_literal(each, stated.datatype) for each in values)


def _statements(
    subject: URIRef, owner: str, declaration: Declaration, record: ExchangeRecord, iris: Iris
) -> Iterator[Triple]:
    yield from ((subject, RDF.type, iris.term(each)) for each in declaration.types)
    for declared in declaration.fields:
        if (value := record.get(declared.name)) is None or declared.property.iri is None:
            continue
        predicate = iris.term(declared.property.iri)
        if declared.part is None:
            yield from ((subject, predicate, each) for each in _objects(declared, value, iris))
            continue
        named = part_nodes(declared.part, iris.namespace(declared.part.segment), (subject, owner), value)
        for each, (node, key) in zip(value, named, strict=True):
            yield (subject, predicate, URIRef(node))
            yield from _statements(URIRef(node), key, declared.part, each, iris)


def places(declaration: Declaration, record: ExchangeRecord, iris: Iris) -> dict[str, URIRef]:
    """Where a concept stands in its scheme: the other concept or the scheme, by the name of each relation.

    Every relation is stated in both directions (SKOS reference, sections 4.3 and 8.3), so that a scheme leads
    to its concepts without a search, and both directions stand in the concept's own record.
    """
    scheme = declaration.scheme_of(record)
    if scheme is None:
        return {}
    found = {"inScheme": iris.thing("scheme", scheme)}
    if declaration.broader:
        stated = declaration.by_name[declaration.broader].property
        if isinstance(stated, Reference):
            found["broader"] = target(stated, record[declaration.broader], iris)
    else:
        found["topConceptOf"] = found["inScheme"]
    if declaration.scheme is None:
        # A field of its own says it.
        del found["inScheme"]
    return found


#: The relations of `places`: each with its own direction, and the one back.
RELATIONS: dict[str, tuple[URIRef, URIRef | None]] = {
    "inScheme": (SKOS.inScheme, None),
    "topConceptOf": (SKOS.topConceptOf, SKOS.hasTopConcept),
    "broader": (SKOS.broader, SKOS.narrower),
}


def triples(declaration: Declaration, record: ExchangeRecord, iris: Iris) -> Iterator[Triple]:
    """Every statement that a record makes, in the order of the declaration; tombstones make none."""
    if not is_about_something(record):
        return
    subject = iris.thing(declaration.segment, record["key"])
    yield from _statements(subject, record["key"], declaration, record, iris)
    for name, other in places(declaration, record, iris).items():
        forth, back = RELATIONS[name]
        yield (subject, forth, other)
        if back is not None:
            yield (other, back, subject)
    if "updatedAt" in record:
        yield (subject, DCTERMS.modified, _literal(record["updatedAt"], XSD.dateTime))


def graph_name(declaration: Declaration, record: ExchangeRecord) -> GraphName:
    """The named graph of a record: candidates stay with the claims until they are accepted."""
    if "accepted" in declaration.by_name and not record.get("accepted"):
        return "claims"
    return declaration.graph


def chunks(described: Iterable[Described], iris: Iris) -> Iterator[Chunk]:
    """The statements of each record, with the named graph that it belongs to."""
    for declaration, record in described:
        if is_about_something(record):
            name = iris.graph(graph_name(declaration, record))
            yield name, triples(declaration, record, iris)

"""Graph to records: the same walk backwards, for vocabularies that are kept as Turtle."""

from collections.abc import Iterable, Iterator
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from ontology.declaration import Declaration, Declared, ExchangeRecord
from ontology.iri import INTERNAL_IRIS
from ontology.terms import DCTERMS, RDF, XSD, IriProperty, Reference, TextProperty

FORMAT = "compactgraph/1"


def _value(declared: Declared, node: Node) -> Any:
    if isinstance(declared.property, Reference):
        identifier = INTERNAL_IRIS.identifier(str(node)) or str(node)
        return identifier.partition("/")[2] if declared.property.to else identifier
    if isinstance(declared.property, IriProperty) or not isinstance(node, Literal):
        return str(node)
    if node.datatype in (XSD.boolean, XSD.integer, XSD.gYear) and declared.property.datatype != XSD.date:
        return node.toPython() if node.datatype == XSD.boolean else int(str(node))
    return str(node)


def _values(declared: Declared, nodes: list[Node], graph: Graph) -> Any:
    if declared.part is not None:
        return _parts(declared.part, nodes, graph)
    if isinstance(declared.property, TextProperty):
        words = sorted((str(node.language), str(node)) for node in nodes if isinstance(node, Literal))
        if declared.many:
            return {language: [w for tag, w in words if tag == language] for language, _ in words}
        return dict(words)
    values = [_value(declared, node) for node in nodes]
    return sorted(values) if declared.many else values[0]


def _parts(part: Declaration, nodes: list[Node], graph: Graph) -> list[ExchangeRecord]:
    """The parts in the order of their kinds as these are declared, and of their IRIs.

    The IRI of a part with a class of its own ends with its code, which need not be stated again.
    """
    found = [_fields(part, node, graph) | _code(part, node) for node in sorted(nodes, key=str)]
    closed = [each for each in part.fields if each.allowed]
    return sorted(found, key=lambda record: [each.allowed.index(record[each.name]) for each in closed])


def _code(part: Declaration, node: Node) -> ExchangeRecord:
    return {"code": str(node).rpartition("~")[2]} if part.segment else {}


def _fields(declaration: Declaration, subject: Node, graph: Graph) -> ExchangeRecord:
    record: ExchangeRecord = {}
    for declared in declaration.fields:
        if declared.property.iri is None or declared.property.derived:
            continue
        if nodes := list(graph.objects(subject, declared.property.iri)):
            record[declared.name] = _values(declared, nodes, graph)
    return record


def records(graph: Graph, declarations: Iterable[Declaration]) -> Iterator[ExchangeRecord]:
    """The exchange records of a vocabulary file, each with the time of its own or of the file's last change.

    `graph` was parsed with an internal address as its base (see `ontology.vocabularies`).
    """
    changed = (
        each for each in graph.subject_objects(DCTERMS.modified) if (each[0], RDF.type, None) not in graph
    )
    header = next(changed, None)
    for declaration in declarations:
        for subject in graph.subjects(RDF.type, declaration.types[0]):
            identifier = INTERNAL_IRIS.identifier(str(subject)) or ""
            record = _fields(declaration, subject, graph)
            own = graph.value(subject, DCTERMS.modified) if isinstance(subject, URIRef) else None
            modified = own or (header[1] if header else None)
            if modified is not None:
                # rdflib writes UTC as an offset.
                record["updatedAt"] = str(modified).replace("+00:00", "Z")
            record |= {"format": FORMAT, "class": declaration.segment, "key": identifier.partition("/")[2]}
            yield record

"""JSON-LD: records as they are, with IRIs for keys and the context in the document itself.

The context is inlined because portals lose what they harvest when a context elsewhere cannot be fetched.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from rdflib import Literal, URIRef

from ontology.context import back, compact, document_context
from ontology.declaration import Declaration, Declared, ExchangeRecord
from ontology.graph import (
    RELATIONS,
    Chunk,
    Described,
    Triple,
    datatype_of,
    is_about_something,
    lexical,
    part_nodes,
    places,
    target,
)
from ontology.iri import Iris, legal
from ontology.prefixes import Prefixes
from ontology.terms import RDF, IriProperty, Reference, TextProperty
from ontology.turtle import by_subject


def _literal(value: Any, declared: URIRef | None, prefixes: Prefixes) -> Any:
    datatype = datatype_of(value, declared)
    # JSON-LD would write a number with a fraction as a double, whatever its type.
    written = lexical(value) if isinstance(value, float) else value
    if datatype is None or datatype == declared:
        return written
    return {"@type": compact(datatype, prefixes), "@value": written}


def _value(declared: Declared, value: Any, prefixes: Prefixes) -> Any:
    stated = declared.property
    if isinstance(stated, Reference):
        return str(target(stated, value, prefixes.iris))
    if isinstance(stated, IriProperty):
        return legal(value)
    return _literal(value, stated.datatype, prefixes)


def _field(subject: str, owner: str, declared: Declared, value: Any, prefixes: Prefixes) -> Any:
    if declared.part is not None:
        nodes = part_nodes(declared.part, subject, owner, value, prefixes.iris)
        return [_node(node, key, declared.part, each, prefixes) for each, node, key in nodes]
    if isinstance(declared.property, TextProperty):
        return value
    if declared.many:
        return [_value(declared, each, prefixes) for each in value]
    return _value(declared, value, prefixes)


def _node(
    subject: str, key: str, declaration: Declaration, record: ExchangeRecord, prefixes: Prefixes
) -> dict[str, Any]:
    kinds = [declaration.name, *(compact(each, prefixes) for each in declaration.types[1:])]
    node: dict[str, Any] = {"@id": str(subject), "@type": kinds}
    for declared in declaration.fields:
        if (value := record.get(declared.name)) is not None and declared.property.iri is not None:
            node[declared.name] = _field(subject, key, declared, value, prefixes)
    return node


def node(declaration: Declaration, record: ExchangeRecord, prefixes: Prefixes) -> dict[str, Any]:
    """A record as a node of a JSON-LD document, its parts inside it."""
    subject = prefixes.iris.thing(declaration.segment, record["key"])
    found = _node(subject, record["key"], declaration, record, prefixes)
    for name, other in places(declaration, record, prefixes.iris).items():
        found[name] = str(other)
        if RELATIONS[name][1] is not None:
            found[back(name)] = str(other)
    if "updatedAt" in record:
        found["updatedAt"] = record["updatedAt"]
    return found


def document(described: Iterable[Described], iris: Iris) -> dict[str, Any]:
    """The JSON-LD document of the records, with the context that their classes need."""
    prefixes = Prefixes(iris)
    living = [each for each in described if is_about_something(each[1])]
    classes = {declaration.name: declaration for declaration, _ in living}
    return {
        "@context": document_context(classes.values(), iris),
        "@graph": [node(declaration, record, prefixes) for declaration, record in living],
    }


def _bytes(value: Any, option: int = 0) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | option).decode()


def text(value: dict[str, Any]) -> str:
    """A document as its one text: keys sorted, indented for people."""
    return _bytes(value, orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def pieces(described: Iterable[Described], declarations: Iterable[Declaration], iris: Iris) -> Iterator[str]:
    """The document of any number of records, piece by piece, with the context of all classes."""
    prefixes = Prefixes(iris)
    yield f'{{"@context":{_bytes(document_context(declarations, iris))},\n"@graph":['
    separator = "\n"
    for declaration, record in described:
        if is_about_something(record):
            yield separator + _bytes(node(declaration, record, prefixes))
            separator = ",\n"
    yield "\n]}\n"


def _expanded(node: URIRef | Literal) -> dict[str, str]:
    if isinstance(node, URIRef):
        return {"@id": str(node)}
    if node.language:
        return {"@language": node.language, "@value": str(node)}
    return {"@value": str(node)} | ({"@type": str(node.datatype)} if node.datatype else {})


def _flat_nodes(statements: Iterable[Triple], prefixes: Prefixes) -> Iterator[dict[str, Any]]:
    for subject, properties in by_subject(statements).items():
        kinds = {"@type": [compact(URIRef(each), prefixes) for each in properties.pop(RDF.type, ())]}
        found = {compact(each, prefixes): [*map(_expanded, properties[each])] for each in properties}
        yield {"@id": str(subject), **({} if kinds == {"@type": []} else kinds), **found}


def flat(chunks: Iterable[Chunk], iris: Iris) -> Iterator[str]:
    """Statements of no declared class, such as the ontology's own: a flat node for each subject.

    Those of a named graph stand within it.
    """
    prefixes = Prefixes(iris)
    nodes: list[dict[str, Any]] = []
    for graph, statements in chunks:
        found = [*_flat_nodes(statements, prefixes)]
        nodes += found if graph is None else [{"@id": str(graph), "@graph": found}]
    yield text({"@context": {"@version": 1.1, **prefixes.namespaces}, "@graph": nodes})

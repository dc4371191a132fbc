"""JSON-LD: records as they are, with IRIs for keys and the context in the document itself.

The context is inlined because portals lose what they harvest when a context elsewhere cannot be fetched.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from rdflib import Literal, URIRef

from ontology.context import compact, document_context
from ontology.declaration import Declaration
from ontology.graph import Chunk, Described, Triple, is_about_something
from ontology.iri import Iris
from ontology.nodes import nodes
from ontology.prefixes import Names, Prefixes
from ontology.terms import PREFIXES, RDF
from ontology.turtle import by_subject
from ontology.walk import Pieces


def document(described: Iterable[Described], iris: Iris) -> dict[str, Any]:
    """The JSON-LD document of the records, with the context that their classes need."""
    node = nodes(iris).node
    living = [each for each in described if is_about_something(each[1])]
    classes = {declaration.name: declaration for declaration, _ in living}
    return {
        "@context": document_context(classes.values(), iris),
        "@graph": [node(declaration, record) for declaration, record in living],
    }


def _bytes(value: Any, option: int = 0) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | option).decode()


def text(value: dict[str, Any]) -> str:
    """A document as its one text: keys sorted, indented for people."""
    return _bytes(value, orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def beginning(declarations: Iterable[Declaration], iris: Iris) -> str:
    """What a document of any number of records begins with: the context of all classes.

    The context stands first and each node is one line, so that the document can be read as a stream, by
    processors and line by line (Streaming JSON-LD, sections 3.1 and 4).
    """
    return f'{{"@context":{_bytes(document_context(declarations, iris))},\n"@graph":[\n'


#: What stands between two nodes of such a document, and what it ends with.
BETWEEN, ENDING = ",\n", "\n]}\n"


def lines_of_records(iris: Iris) -> Pieces:
    """What writes living records as nodes, each on a line of its own, without the end of the line."""
    made = nodes(iris).nodes
    return lambda declaration, records: [_bytes(each) for each in made(declaration, records)]


def _expanded(node: URIRef | Literal) -> dict[str, str]:
    if isinstance(node, URIRef):
        return {"@id": str(node)}
    if node.language:
        return {"@language": node.language, "@value": str(node)}
    return {"@value": str(node)} | ({"@type": str(node.datatype)} if node.datatype else {})


def _flat_nodes(statements: Iterable[Triple], prefixes: Prefixes) -> Iterator[dict[str, Any]]:
    for subject, properties in by_subject(statements).items():
        kinds = [compact(URIRef(each), prefixes) for each in properties.pop(RDF.type, ())]
        found = {compact(each, prefixes): [*map(_expanded, properties[each])] for each in properties}
        yield {"@id": str(subject), **({"@type": kinds} if kinds else {}), **found}


def flat(chunks: Iterable[Chunk], iris: Iris, names: Names = PREFIXES) -> Iterator[str]:
    """Statements of no declared class, such as the ontology's own: a flat node for each subject.

    Those of a named graph stand within it.
    """
    prefixes = Prefixes(iris, names)
    found_nodes: list[dict[str, Any]] = []
    for graph, statements in chunks:
        found = [*_flat_nodes(statements, prefixes)]
        found_nodes += found if graph is None else [{"@id": str(graph), "@graph": found}]
    yield text({"@context": {"@version": 1.1, **prefixes.namespaces}, "@graph": found_nodes})

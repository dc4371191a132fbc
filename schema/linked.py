"""Linked: the JSON-LD context that makes the answer of a GraphQL operation exact RDF, as it stands.

Each GraphQL type has a context of its own, in force where its `__typename` stands (JSON-LD 1.1, section
4.1.3), so an operation selects `iri` and `__typename` of every thing. What JSON cannot say exactly is left
out of the RDF: enumerations that are words, numbers with fractions, parts without IRIs, edges. So is a list
that an argument turns to links which nobody accepted.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    parse,
    validate,
)

from ontology.context import compact
from ontology.errors import BadArgument, TooLarge
from ontology.iri import Iris
from ontology.prefixes import Prefixes
from ontology.terms import DCTERMS, XSD, IriProperty, Reference
from schema.api import ApiField, Shape, api_fields, is_through_links
from schema.query import build_schema
from schema.record import NOUNS, Inverse, Record

_MOST_TOKENS = 5000
_MOST_SELECTIONS = 5000

#: What a connection is made of; its nodes are the things.
_AROUND = dict.fromkeys(("edges", "pageInfo", "totalCount"))


class _Terms:
    """What each field of the API means, as a term of a context."""

    def __init__(self, iris: Iris) -> None:
        self.prefixes = Prefixes(iris)

    def kind(self, noun: str) -> str:
        """The class of a GraphQL type."""
        return compact(NOUNS[noun].model.rdf_types[0], self.prefixes)

    def field(self, field: ApiField, *, is_narrowed: bool) -> Any:
        """The definition of a field; None where its values cannot be said exactly."""
        if field.shape is Shape.IRI:
            return "@id"
        if field.shape is Shape.UPDATED_AT:
            return self._typed(DCTERMS.modified, XSD.dateTime)
        attribute = field.attribute
        if attribute is None or attribute.property is None or attribute.property.iri is None:
            return self._inverse(field, is_narrowed=is_narrowed)
        iri = compact(attribute.property.iri, self.prefixes)
        if field.shape in (Shape.TEXT, Shape.TEXTS):
            scoped = {"value": "@value", "language": "@language", "__typename": None}
            return {"@id": iri, "@context": scoped}
        if field.shape in (Shape.THING, Shape.TARGET, Shape.LIST):
            says_nothing = (is_through_links(attribute) and is_narrowed) or not _has_iri(field)
            return None if says_nothing else {"@id": iri}
        return self._value(field, iri)

    def _typed(self, iri: Any, datatype: Any) -> dict[str, str]:
        return {"@id": compact(iri, self.prefixes), "@type": compact(datatype, self.prefixes)}

    def _inverse(self, field: ApiField, *, is_narrowed: bool) -> Any:
        beside = field.attribute.beside if field.attribute else None
        if not isinstance(beside, Inverse) or field.attribute is None:
            return None
        stated = NOUNS[beside.noun].attribute(beside.attribute).property
        if stated is None or stated.iri is None or (is_through_links(field.attribute) and is_narrowed):
            return None
        back: dict[str, Any] = {"@reverse": compact(stated.iri, self.prefixes)}
        if field.shape is Shape.CONNECTION:
            back["@context"] = {**_AROUND, "nodes": "@set"}
        return back

    def _value(self, field: ApiField, iri: str) -> Any:
        attribute = field.attribute
        stated = attribute.property if attribute else None
        if attribute is None or stated is None or stated.iri == DCTERMS.language:
            return None
        if isinstance(stated, Reference):
            return self._code(field, stated, iri)
        if isinstance(stated, IriProperty):
            return {"@id": iri, "@type": "@id"}
        if hasattr(attribute.type, "__members__") or attribute.type is float or stated.datatype == XSD.date:
            return None
        return {"@id": iri} | (
            {"@type": compact(stated.datatype, self.prefixes)} if stated.datatype is not None else {}
        )

    def _code(self, field: ApiField, stated: Reference, iri: str) -> Any:
        """A code that the API shows as an enumeration: each of its names is a term for the code's IRI."""
        members = getattr(field.attribute and field.attribute.type, "__members__", None)
        if members is None:
            return None
        segment = NOUNS[stated.noun].segment
        named = {name: str(self.prefixes.iris.thing(segment, each.value)) for name, each in members.items()}
        return {"@id": iri, "@type": "@vocab", "@context": named}


def _has_iri(field: ApiField) -> bool:
    """Whether what a field leads to has an IRI that the API shows."""
    return field.shape is Shape.TARGET or "iri" in api_fields(field.noun)


@cache
def _schema() -> GraphQLSchema:
    return build_schema([])._schema


class _Operation:
    """One operation: which response names stand for which fields, by type."""

    def __init__(self, document: DocumentNode, iris: Iris) -> None:
        self._terms = _Terms(iris)
        self._fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self._left = _MOST_SELECTIONS
        self.roots: dict[str, Any] = {}
        self.types: dict[str, dict[str, Any]] = {}

    def _selected(
        self, selections: SelectionSetNode, parent: GraphQLNamedType
    ) -> Iterator[tuple[GraphQLNamedType, FieldNode]]:
        for each in selections.selections:
            self._left -= 1
            if self._left < 0:
                raise TooLarge("the operation selects too much", "Ask for less at once.")
            if isinstance(each, FieldNode):
                yield parent, each
                continue
            inner = self._fragments[each.name.value] if isinstance(each, FragmentSpreadNode) else each
            if isinstance(inner, (InlineFragmentNode, FragmentDefinitionNode)):
                named = inner.type_condition
                on = _schema().type_map[named.name.value] if named else parent
                yield from self._selected(inner.selection_set, on)

    def root(self, selections: SelectionSetNode) -> None:
        """Read the fields of the query itself, and all that is below them."""
        query = _schema().query_type
        if query is None:
            return
        for _, node in self._selected(selections, query):
            key, name = _key(node), node.name.value
            _no_type(node, query)
            if name.startswith("__") or node.selection_set is None:
                self.roots[key] = None
                continue
            of = get_named_type(query.fields[name].type)
            if of.name.endswith("Connection"):
                self.roots |= _AROUND | {key: "@nest"}
                self._connection(node.selection_set, of)
            elif of.name in NOUNS or not isinstance(of, GraphQLObjectType):
                self.roots[key] = "@included"
                self._things(node.selection_set, of)
            else:
                self.roots[key] = None

    def _connection(self, selections: SelectionSetNode, of: GraphQLNamedType) -> None:
        for parent, node in self._selected(selections, of):
            _no_type(node, of)
            if node.name.value == "nodes" and node.selection_set and isinstance(parent, GraphQLObjectType):
                if _key(node) != "nodes":
                    raise BadArgument("nodes has an alias", "Ask for nodes under its own name.")
                self.roots["nodes"] = "@included"
                self._things(node.selection_set, get_named_type(parent.fields["nodes"].type))

    def _things(self, selections: SelectionSetNode, of: GraphQLNamedType) -> None:
        for parent, node in self._selected(selections, of):
            for noun in _nouns(parent):
                self._field(noun, node)

    def _field(self, noun: str, node: FieldNode) -> None:
        key, name = _key(node), node.name.value
        field = None if name == "__typename" else api_fields(noun).get(name)
        term: Any = "@type" if name == "__typename" else None
        if field is not None:
            narrowed = any(each.name.value == "status" for each in node.arguments or ())
            term = self._terms.field(field, is_narrowed=narrowed)
        known = self.types.setdefault(noun, {}).setdefault(key, term)
        if known != term:
            raise BadArgument(
                f"{noun}.{key} stands for two different things", "Give one of them another alias."
            )
        if field is not None and node.selection_set is not None and field.noun in NOUNS:
            kind = _schema().type_map[field.noun]
            if field.shape is Shape.CONNECTION:
                self._connection(node.selection_set, _schema().type_map[f"{field.noun}Connection"])
            else:
                self._things(node.selection_set, kind)
        elif field is not None and field.shape is Shape.TARGET and node.selection_set is not None:
            self._things(node.selection_set, _schema().type_map["LinkTarget"])

    def context(self) -> dict[str, Any]:
        """The context of the whole answer."""
        kinds = {
            noun: {"@id": self._terms.kind(noun), "@context": fields} for noun, fields in self.types.items()
        }
        answer = {"data": "@nest", "errors": None, "extensions": None, "__typename": "@type"}
        prefixes = self._terms.prefixes.namespaces
        return {"@version": 1.1, **prefixes, **self.roots, **answer, **kinds}


def _no_type(node: FieldNode, of: GraphQLNamedType) -> None:
    """What is no thing must not have a class, or something without an IRI would be one."""
    if node.name.value == "__typename":
        raise BadArgument(f"{of.name} is no thing", "Ask for __typename of things only.")


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def _nouns(kind: GraphQLNamedType) -> list[str]:
    """The nouns that a type of the API may stand for."""
    if kind.name in NOUNS:
        return [kind.name]
    if not isinstance(kind, (GraphQLInterfaceType, GraphQLUnionType)):
        return []
    possible = (each.name for each in _schema().get_possible_types(kind))
    return sorted(each for each in possible if each in NOUNS and issubclass(NOUNS[each].model, Record))


def answer_context(query: str, iris: Iris) -> dict[str, Any]:
    """The context of the answer to a query with one operation. Raises BadArgument, TooLarge."""
    try:
        document = parse(query, max_tokens=_MOST_TOKENS)
    except GraphQLError as error:
        raise BadArgument(f"query: {error.message}", "Correct the query.") from None
    for wrong in validate(_schema(), document, max_errors=1):
        raise BadArgument(f"query: {wrong.message}", "Compare it with /schema.graphql.")
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if len(operations) != 1:
        raise BadArgument("query: has more than one operation", "Send one operation.")
    if operations[0].operation is not OperationType.QUERY:
        kind = operations[0].operation.value
        raise BadArgument(f"query: is a {kind}, whose answer has no context", "Ask for the thing by a query.")
    read = _Operation(document, iris)
    read.root(operations[0].selection_set)
    return read.context()

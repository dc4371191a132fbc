"""Selection: what a validated operation asks for, as a tree of fields by type."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    VariableNode,
    get_argument_values,
    get_named_type,
    is_abstract_type,
    is_object_type,
)
from graphql.execution.collect_fields import (
    FieldDetailsList,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

TYPENAME = "__typename"


@dataclass(slots=True, eq=False)
class Selected:
    """One field that was asked for: the name to answer under, its arguments, and what of its value."""

    key: str
    name: str
    constant: dict[str, Any] | None = field(default_factory=dict)
    declared: GraphQLField | None = None
    node: FieldNode | None = None
    by_type: dict[str, "Selection"] = field(default_factory=dict)

    @property
    def only(self) -> "Selection":
        """What was asked of the value, where its type has no variants."""
        return next(iter(self.by_type.values()), [])

    def arguments(self, variables: VariableValues) -> dict[str, Any]:
        """The arguments with these variables. Raises GraphQLError when one of them does not fit."""
        if self.constant is not None or self.declared is None or self.node is None:
            return self.constant or {}
        return get_argument_values(self.declared, self.node, variables)


Selection = list[Selected]


def _nodes(node: Node) -> Iterator[Node]:
    """A node of a document and all below it."""
    yield node
    for key in node.keys:
        value = getattr(node, key, None)
        for each in value if isinstance(value, list | tuple) else (value,):
            if isinstance(each, Node):
                yield from _nodes(each)


def _variables(nodes: Iterable[Node]) -> set[str]:
    return {each.name.value for node in nodes for each in _nodes(node) if isinstance(each, VariableNode)}


def fragments_of(document: DocumentNode) -> list[FragmentDefinitionNode]:
    """The fragments that a document defines."""
    return [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]


def steering(document: DocumentNode, definition: OperationDefinitionNode) -> tuple[str, ...]:
    """The variables that decide what is selected: those of `@skip` and `@include`, in order.

    With the same values of these an operation selects the same, whatever the others are.
    """
    found: set[str] = set()
    for root in (definition, *fragments_of(document)):
        for node in _nodes(root.selection_set):
            found |= _variables(getattr(node, "directives", None) or ())
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class _Operation:
    schema: GraphQLSchema
    definition: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    variables: VariableValues

    def sub_selection(self, type_: GraphQLObjectType, asked: FieldDetailsList) -> Selection:
        """What was asked of a value when its type is this one."""
        found = collect_subfields(self.schema, self.fragments, self.variables, self.definition, type_, asked)
        return self.selection(type_, found.grouped_field_set)

    def selection(self, type_: GraphQLObjectType, grouped: dict[str, FieldDetailsList]) -> Selection:
        """The fields of a type under the names to answer under."""
        return [self.selected(type_, key, asked) for key, asked in grouped.items()]

    def selected(self, type_: GraphQLObjectType, key: str, asked: FieldDetailsList) -> Selected:
        """One field with its arguments and what was asked of its value."""
        node = asked[0].node
        # The fields of introspection have no place in a type; graphql-core completes them.
        if (declared := type_.fields.get(node.name.value)) is None:
            return Selected(key, node.name.value)
        result = get_named_type(declared.type)
        variants: list[GraphQLObjectType] = []
        if is_object_type(result):
            variants = [result]
        elif is_abstract_type(result):
            variants = list(self.schema.get_possible_types(result))
        by_type = {each.name: self.sub_selection(each, asked) for each in variants}
        is_bound_late = bool(_variables(node.arguments or ()))
        constant = None if is_bound_late else get_argument_values(declared, node, self.variables)
        return Selected(key, node.name.value, constant, declared, node, by_type)


def select(
    schema: GraphQLSchema,
    document: DocumentNode,
    definition: OperationDefinitionNode,
    variables: VariableValues,
) -> Selection:
    """What an operation asks of its root, with the steering variables as they are here.

    Uses graphql-core's own collection of fields, so that fragments, aliases and directives mean the same here
    as in the completion that follows (GraphQL specification, section 6.3.2).
    """
    fragments = {each.name.value: FragmentDetails(each, None) for each in fragments_of(document)}
    root = schema.get_root_type(definition.operation)
    if root is None:
        return []
    operation = _Operation(schema, definition, fragments, variables)
    grouped = collect_fields(schema, fragments, variables, root, definition).grouped_field_set
    return operation.selection(root, grouped)

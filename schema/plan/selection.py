"""Selection: what a validated operation asks for, as a tree of fields by type."""

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
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
from graphql.execution.values import VariableValues, get_variable_values


@dataclass(slots=True)
class Selected:
    """One field that was asked for: the name to answer under, its arguments, and what of its value."""

    key: str
    name: str
    arguments: dict[str, Any]
    by_type: dict[str, "Selection"] = field(default_factory=dict)

    @property
    def only(self) -> "Selection":
        """What was asked of the value, where its type has no variants."""
        return next(iter(self.by_type.values()), [])


Selection = list[Selected]


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
        """The fields of a type under the names to answer under; introspection is left to graphql-core."""
        return [
            self.selected(type_, key, asked)
            for key, asked in grouped.items()
            if not asked[0].node.name.value.startswith("__")
        ]

    def selected(self, type_: GraphQLObjectType, key: str, asked: FieldDetailsList) -> Selected:
        """One field with its arguments and what was asked of its value."""
        node = asked[0].node
        declared = type_.fields[node.name.value]
        arguments = get_argument_values(declared, node, self.variables, asked[0].fragment_variable_values)
        result = get_named_type(declared.type)
        variants: list[GraphQLObjectType] = []
        if is_object_type(result):
            variants = [result]
        elif is_abstract_type(result):
            variants = list(self.schema.get_possible_types(result))
        by_type = {each.name: self.sub_selection(each, asked) for each in variants}
        return Selected(key, node.name.value, arguments, by_type)


def select(
    schema: GraphQLSchema,
    document: DocumentNode,
    definition: OperationDefinitionNode,
    variables: dict[str, Any],
) -> Selection:
    """What an operation asks of Query. Raises GraphQLError when its variables do not fit.

    Uses graphql-core's own collection of fields, so that fragments, aliases and directives mean the same here
    as in the completion that follows (GraphQL specification, section 6.3.2).
    """
    values = get_variable_values(schema, definition.variable_definitions or (), variables)
    if isinstance(values, list):
        raise values[0] if values else GraphQLError("The variables do not fit.")
    fragments = {
        each.name.value: FragmentDetails(each, None)
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    query = schema.query_type
    if query is None:
        return []
    operation = _Operation(schema, definition, fragments, values)
    grouped = collect_fields(schema, fragments, values, query, definition).grouped_field_set
    return operation.selection(query, grouped)

"""Cost: how many values the answer to an operation may come to, worked out before anything is read.

Each field counts 1, and what is asked of a list counts once for each entry that the list may have: the size
of the page (`first` or `last`, else 20) for connections, the number of ids where ids are given, for lists
without pages 25 at the root (75 for the codebook) and 5 within things. What is asked of the schema itself is
not estimated but counted, because it is known.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLNamedType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionNode,
    SelectionSetNode,
    TypeMetaFieldDef,
    get_argument_values,
    get_directive_values,
    get_named_type,
    get_nullable_type,
    is_interface_type,
    is_list_type,
    is_object_type,
)
from graphql.execution.values import VariableValues

from ontology.errors import BadArgument, CostLimit
from server.settings import Settings

#: What a page holds when nothing is said, as the descriptions in the schema have it.
USUAL_PAGE = 20

#: How long a list without pages is taken to be: there are 23 objectives, and few results of one project.
LENGTH_AT_ROOT = 25
LENGTH_WITHIN = 5
#: Lists at the root that are longer.
LONGER_AT_ROOT = {"codebook": 75}

_PAGE_SIZES = ("first", "last")
_SCHEMA_FIELDS = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}


def _too_costly(requested: int, limits: Settings) -> CostLimit:
    return CostLimit(
        f"the answer may come to {requested} values, at most {limits.max_cost} are answered",
        "Ask for smaller pages, for fewer lists within lists, or in several operations.",
    )


def extent(value: Any) -> Hashable:
    """What a cost can depend on in the value of a variable: all but which words stand in its texts."""
    if isinstance(value, dict):
        return tuple((name, extent(each)) for name, each in value.items())
    if isinstance(value, list):
        return tuple(map(extent, value))
    return str if type(value) is str else value


def _lists(value: Any) -> Iterator[list[Any]]:
    """Every list within the value of an argument."""
    if isinstance(value, list):
        yield value
    within = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in within:
        yield from _lists(each)


def _check_arguments(node: FieldNode, arguments: dict[str, Any], limits: Settings) -> None:
    """Raises GraphQLError for a page size out of its range, and for a list that is too long."""
    for name in _PAGE_SIZES:
        size = arguments.get(name)
        if isinstance(size, int) and not 1 <= size <= limits.max_page_size:
            wrong = BadArgument(f"{name} is {size}", f"Ask for 1 to {limits.max_page_size} at once.")
            raise GraphQLError(wrong.message, node, original_error=wrong)
    longest = max(map(len, _lists(arguments)), default=0)
    if longest > limits.max_list_length:
        wrong = BadArgument(
            f"a list has {longest} entries, at most {limits.max_list_length} are taken", "Ask in parts."
        )
        raise GraphQLError(wrong.message, node, original_error=wrong)


@dataclass(slots=True)
class _Costing:
    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    variables: VariableValues
    limits: Settings
    known: dict[tuple[int, str, int], int] = field(default_factory=dict)
    # The objects are kept beside their cost, so that no other object takes their identity meanwhile.
    described: dict[tuple[int, int], tuple[object, int]] = field(default_factory=dict)
    steps: int = 0

    def level(self, selections: SelectionSetNode, parent: GraphQLNamedType, page: int) -> int:
        """The cost of what is asked of one thing; `page` is the size of the page where it is a connection."""
        place = (id(selections), parent.name, page)
        if place not in self.known:
            self.known[place] = sum(self._selection(each, parent, page) for each in selections.selections)
        return self.known[place]

    def _is_included(self, node: SelectionNode) -> bool:
        if not node.directives:
            return True
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return not (skip and skip["if"]) and not (include and not include["if"])

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType, page: int) -> int:
        if not self._is_included(node):
            return 0
        if isinstance(node, FieldNode):
            return self._field(node, parent, page)
        within = self._fragment(node, parent)
        return self.level(*within, page) if within else 0

    def _fragment(
        self, node: SelectionNode, parent: GraphQLNamedType
    ) -> tuple[SelectionSetNode, GraphQLNamedType] | None:
        """What a fragment holds, and of which type."""
        if isinstance(node, FragmentSpreadNode):
            found = self.fragments[node.name.value]
            return found.selection_set, self.schema.type_map[found.type_condition.name.value]
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            return node.selection_set, self.schema.type_map[condition.name.value] if condition else parent
        return None

    def _field(self, node: FieldNode, parent: GraphQLNamedType, page: int) -> int:
        name = node.name.value
        if name in _SCHEMA_FIELDS:
            return self._described(node, _SCHEMA_FIELDS[name], None)
        if name == "__typename" or not (is_object_type(parent) or is_interface_type(parent)):
            return 1
        declared = parent.fields[name]
        arguments = get_argument_values(declared, node, self.variables) if declared.args else {}
        _check_arguments(node, arguments, self.limits)
        if node.selection_set is None:
            return 1
        below = self.level(node.selection_set, get_named_type(declared.type), _page(declared, arguments))
        if not _is_list(declared):
            return 1 + below
        at_root = LONGER_AT_ROOT.get(name, LENGTH_AT_ROOT)
        assumed = at_root if parent is self.schema.query_type else LENGTH_WITHIN
        return 1 + below * (page or len(arguments.get("ids") or ()) or assumed)

    def _described(self, node: FieldNode, declared: GraphQLField, of: object) -> int:
        """The cost of a field of the schema's description of itself, of this part of the schema."""
        self.steps += 1
        if self.steps > self.limits.max_cost:
            raise _too_costly(self.steps, self.limits)
        if node.selection_set is None or declared.resolve is None:
            return 1
        arguments = get_argument_values(declared, node, self.variables)
        # graphql-core asks nothing else of what it calls info.
        value = declared.resolve(of, SimpleNamespace(schema=self.schema), **arguments)
        parts = list(value or ()) if _is_list(declared) else [value]
        type_ = get_named_type(declared.type)
        return 1 + sum(self._part(node.selection_set, type_, each) for each in parts if each is not None)

    def _part(self, selections: SelectionSetNode, type_: GraphQLNamedType, part: object) -> int:
        place = (id(selections), id(part))
        if place not in self.described:
            cost = sum(self._of_part(each, type_, part) for each in selections.selections)
            self.described[place] = (part, cost)
        return self.described[place][1]

    def _of_part(self, node: SelectionNode, type_: GraphQLNamedType, part: object) -> int:
        if not self._is_included(node):
            return 0
        if not isinstance(node, FieldNode):
            within = self._fragment(node, type_)
            return self._part(within[0], type_, part) if within else 0
        if node.name.value == "__typename" or not is_object_type(type_):
            return 1
        return self._described(node, type_.fields[node.name.value], part)


def _page(declared: GraphQLField, arguments: dict[str, Any]) -> int:
    """The size of the page where the field is a connection, else 0."""
    if _PAGE_SIZES[0] not in declared.args:
        return 0
    return next((arguments[each] for each in _PAGE_SIZES if arguments.get(each)), USUAL_PAGE)


def _is_list(declared: GraphQLField) -> bool:
    return is_list_type(get_nullable_type(declared.type))


def cost(
    schema: GraphQLSchema,
    definition: OperationDefinitionNode,
    fragments: dict[str, FragmentDefinitionNode],
    variables: VariableValues,
    limits: Settings,
) -> int:
    """The cost of an operation of a validated document.

    Raises GraphQLError for a page size or a list out of its range, and CostLimit where what is asked of the
    schema alone costs too much.
    """
    root = schema.get_root_type(definition.operation)
    if root is None:
        return 0
    return _Costing(schema, fragments, variables, limits).level(definition.selection_set, root, 0)


def check_cost(requested: int, limits: Settings) -> None:
    """Raises CostLimit for more than one operation may cost."""
    if requested > limits.max_cost:
        raise _too_costly(requested, limits)

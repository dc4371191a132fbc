"""Limits: what one operation may ask for, counted on the validated document before anything runs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from ontology.errors import AliasLimit, DepthLimit, DirectiveLimit, LimitExceeded, RootFieldLimit
from server.settings import Settings


class Counts(NamedTuple):
    """What a selection holds, with everything in the fragments that it uses, at each use."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    #: The fields of its first level that are no introspection.
    data_fields: int = 0


@dataclass(frozen=True, slots=True)
class _Counter:
    fragments: dict[str, FragmentDefinitionNode]
    # Fragments that use fragments can stand for more fields than there are atoms; each is counted once.
    known: dict[str, Counts] = field(default_factory=dict)

    def of(self, selections: SelectionSetNode) -> Counts:
        """The counts of a level; `fields` are those of this level alone."""
        counted = [self._selection(each) for each in selections.selections]
        depth = max((each.depth for each in counted), default=0)
        return Counts(depth, *(sum(column) for column in list(zip(*counted, strict=True))[1:]))

    def _selection(self, node: SelectionNode) -> Counts:
        directives = len(node.directives or ())
        if isinstance(node, FieldNode):
            below = self.of(node.selection_set) if node.selection_set else Counts()
            aliases, directives = below.aliases + bool(node.alias), directives + below.directives
            return Counts(below.depth + 1, 1, aliases, directives, not node.name.value.startswith("__"))
        below = self._fragment(node)
        return below._replace(directives=below.directives + directives)

    def _fragment(self, node: SelectionNode) -> Counts:
        if isinstance(node, InlineFragmentNode):
            return self.of(node.selection_set)
        if not isinstance(node, FragmentSpreadNode):
            return Counts()
        name = node.name.value
        if name not in self.known:
            self.known[name] = self.of(self.fragments[name].selection_set)
        return self.known[name]


def counts(definition: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]) -> Counts:
    """The counts of a whole operation of a validated document; `fields` are those at its root."""
    found = _Counter(fragments).of(definition.selection_set)
    return found._replace(directives=found.directives + len(definition.directives or ()))


def _exceeded(found: Counts, limits: Settings) -> Iterator[LimitExceeded]:
    if found.depth > limits.max_depth:
        yield DepthLimit(
            f"the operation is {found.depth} fields deep, at most {limits.max_depth} are answered",
            "Ask for what lies deeper in an operation of its own, by its id.",
        )
    if found.aliases > limits.max_aliases:
        yield AliasLimit(
            f"the operation has {found.aliases} aliases, at most {limits.max_aliases} are answered",
            "Ask for many things at once with nodes(ids: [...]), or in several operations.",
        )
    if found.directives > limits.max_directives:
        yield DirectiveLimit(
            f"the operation has {found.directives} directives, at most {limits.max_directives} are answered",
            "Leave out fields instead of skipping them, or ask in several operations.",
        )
    if found.fields > limits.max_root_fields:
        yield RootFieldLimit(
            f"the operation has {found.fields} fields at its root,"
            f" at most {limits.max_root_fields} are answered",
            "Ask for many things at once with nodes(ids: [...]), or in several operations.",
        )


def exceeded(definition: OperationDefinitionNode, found: Counts, limits: Settings) -> list[GraphQLError]:
    """An error for each limit that an operation exceeds whatever its variables."""
    return [GraphQLError(each.message, definition, original_error=each) for each in _exceeded(found, limits)]

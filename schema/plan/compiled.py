"""Compiled: plans of validated operations, each made once for a document and operation, and fetched often."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues, get_variable_values

from schema.plan.read import Fetch, Reader
from schema.plan.roots import ROOTS, Root
from schema.plan.selection import select, steering
from schema.remembered import Remembered

# In characters of documents; the tree and the plan of a document take some hundred times as many bytes.
_LIMIT = 150_000
# How many values of its steering variables an operation is remembered for.
_VARIANTS = 16
# Plans stand with the schema that they are of, and go with it.
_PLANS = "compactgraph.plans"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was fetched: the data by response keys, and whether nothing is left for graphql-core to add.

    Introspection is left to it. Otherwise the data is the answer, as the specification writes it;
    graphql-core may complete it, and gives the same.
    """

    data: dict[str, Any]
    is_complete: bool


class Plan:
    """A validated operation compiled against the declaration."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, definition: OperationDefinitionNode
    ) -> None:
        self._schema, self._document, self._definition = schema, document, definition
        self._steering = steering(document, definition)
        self._roots: Remembered[tuple[Any, ...], dict[str, Root | None]] = Remembered(_VARIANTS)

    def _values(self, variables: Mapping[str, Any]) -> VariableValues:
        definitions = self._definition.variable_definitions or ()
        values = get_variable_values(self._schema, definitions, dict(variables))
        if isinstance(values, list):
            raise values[0] if values else GraphQLError("The variables do not fit.")
        return values

    def _compiled(self, variables: VariableValues) -> dict[str, Root | None]:
        """What answers each response key, or None where graphql-core does; only steering variables matter."""
        steered = tuple(variables.coerced.get(name) for name in self._steering)
        found = self._roots.get(steered)
        if found is None:
            selection = select(self._schema, self._document, self._definition, variables)
            found = {each.key: ROOTS[each.name](each) if each.name in ROOTS else None for each in selection}
            self._roots.put(steered, found)
        return found

    def fetch(self, reader: Reader, variables: Mapping[str, Any]) -> Answer:
        """The answer with these variables, read in the reader's snapshot; after it no field can fail.

        Raises GraphQLError when variables do not fit, BadArgument or BadCursor.
        """
        return self.fetch_with(reader, self._values(variables))

    def fetch_with(self, reader: Reader, values: VariableValues) -> Answer:
        """The same with values that were found to fit. Raises BadArgument or BadCursor."""
        roots = self._compiled(values)
        fetch = Fetch(reader, values)
        data = {key: root(fetch) for key, root in roots.items() if root is not None}
        return Answer(data, is_complete=None not in roots.values())


def _definition(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation that was asked for. Raises GraphQLError (GraphQL specification, section 6.1)."""
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if name is None and len(operations) > 1:
        raise GraphQLError("Must provide operation name if query contains multiple operations.")
    named = [each for each in operations if name is None or (each.name and each.name.value == name)]
    if not named:
        raise GraphQLError(f"Unknown operation named '{name}'.")
    return named[0]


def compiled(
    schema: GraphQLSchema, document: DocumentNode, operation_name: str | None, text: str | None = None
) -> Plan:
    """The plan of an operation of a validated document; the same text and name are compiled once.

    Raises GraphQLError when there is no such operation.
    """
    if text is None and document.loc is not None:
        text = document.loc.source.body
    plans: Remembered[tuple[str, str | None], Plan]
    plans = schema.extensions.setdefault(_PLANS, Remembered(_LIMIT))
    found = None if text is None else plans.get((text, operation_name))
    if found is None:
        found = Plan(schema, document, _definition(document, operation_name))
        if text is not None:
            plans.put((text, operation_name), found, weight=max(len(text), 1))
    return found

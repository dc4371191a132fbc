"""GraphQL: an operation from its text to its answer: read, checked, fetched by plan, and completed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    get_variable_values,
)
from graphql.execution.values import VariableValues
from sqlalchemy import Engine
from strawberry import Schema

from ontology.errors import (
    BadRequest,
    BadVariables,
    CompactgraphError,
    MethodNotAllowed,
    Unauthenticated,
    UnknownOperation,
)
from ontology.iri import Iris
from schema.deadline import Deadline
from schema.plan import Answer, Plan, Reader, compiled
from schema.query import build_schema
from schema.snapshot import Snapshot
from schema.store import reading, reading_as
from server.cost import check_cost, cost, extent
from server.graphql_documents import Document, Documents, coded, unstorable
from server.settings import Settings

# JSON that is nested more deeply than any input of the schema by far.
_DEEPEST_VARIABLES = 50
_LARGEST_NUMBER = 2**63

# What takes longer than this many seconds is not what most operations are like.
_LONG = 0.5


@dataclass(frozen=True, slots=True)
class Context:
    """What an operation is answered from."""

    engine: Engine
    iris: Iris


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a GraphQL request (GraphQL over HTTP, section Request Parameters)."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    is_safe: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that was found good: it fits the schema and keeps within the limits."""

    document: Document
    node: DocumentNode
    definition: OperationDefinitionNode
    variables: dict[str, Any]
    values: VariableValues
    cost: int

    @property
    def name(self) -> str | None:
        """Its name in the document."""
        return self.definition.name.value if self.definition.name else None

    @property
    def is_heavy(self) -> bool:
        """Whether its last run took so long that it is better kept among its like."""
        return self.document.seconds.get(id(self.definition), 0) > _LONG

    @property
    def is_change(self) -> bool:
        """Whether it is a mutation."""
        return self.definition.operation is OperationType.MUTATION

    @property
    def data_fields(self) -> int:
        """How many fields at its root are no questions about the schema."""
        return self.document.counts[id(self.definition)].data_fields

    @property
    def reads_data(self) -> bool:
        """Whether it asks for more than the schema."""
        return self.data_fields > 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an operation."""

    data: dict[str, Any] | None = None
    errors: list[GraphQLError] = field(default_factory=list)
    version: int | None = None
    is_known: bool = False


class Refused(Exception):
    """A request is answered with these errors and without data; `cost` where it is known."""

    def __init__(self, errors: list[GraphQLError], cost: int | None = None) -> None:
        super().__init__()
        self.errors, self.cost = errors, cost


def _plan(schema: GraphQLSchema, operation: Operation) -> Plan:
    """How an operation is fetched."""
    return compiled(schema, operation.node, operation.name, operation.document.text)


def _fetch(context: Context, snapshot: Snapshot, plan: Plan, values: VariableValues) -> Answer:
    """The answer by response keys, and whether graphql-core has nothing to add to it."""
    return plan.fetch_with(Reader(snapshot, context.iris), values)


def _refusal(error: CompactgraphError, requested: int | None = None) -> Refused:
    return Refused([GraphQLError(error.message, original_error=error)], requested)


def _failed(error: CompactgraphError | GraphQLError, operation: Operation) -> Refused:
    """How an operation is refused that failed while it was fetched."""
    if isinstance(error, CompactgraphError):
        return _refusal(error, operation.cost)
    return Refused([coded(error, BadVariables, "Compare it with the schema.")], operation.cost)


def _check_variables(variables: dict[str, Any]) -> None:
    """Raises Refused for texts that nothing can store and values nested more deeply than any input.

    Raises BadRequest for numbers that JSON has and no GraphQL type: reading them has rounded them already.
    """
    level: list[Any] = [variables]
    for _ in range(_DEEPEST_VARIABLES):
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                if wrong := unstorable(value):
                    raise _refusal(wrong)
            elif isinstance(value, float) and abs(value) >= _LARGEST_NUMBER:
                raise BadRequest("a number in the variables is too large", "Send large numbers as strings.")
            elif isinstance(value, dict | list):
                below += value.values() if isinstance(value, dict) else value
        if not below:
            return
        level = below
    raise _refusal(BadVariables("the variables are nested too deeply", "Send them as the schema has them."))


class Operations:
    """Takes operations from text to outcome. What it does takes long, so it runs in threads.

    What a plan fetched is the answer already. Where introspection is asked for beside it, or where
    `is_direct` is off, graphql-core completes the answer over it; that changes no byte, and takes longer.
    """

    is_direct = True

    def __init__(self, schema: Schema, context: Context, limits: Settings) -> None:
        self._schema, self._context, self._limits = schema._schema, context, limits
        self.documents = Documents(self._schema, limits)

    def prepared(self, asked: Asked) -> Operation:
        """The operation of a request, ready to run. Raises Refused, and MethodNotAllowed for unsafe ones."""
        document = self.documents.read(asked.query)
        try:
            definition = document.operation(asked.operation_name)
        except UnknownOperation as error:
            raise Refused(list(document.errors)) if document.errors else _refusal(error) from None
        # Said first, because it holds whether or not the schema has such operations.
        if asked.is_safe and definition.operation is not OperationType.QUERY:
            raise MethodNotAllowed(f"a {definition.operation.value} is not sent by GET", "Send it by POST.")
        if document.errors or document.node is None:
            raise Refused(list(document.errors))
        _check_variables(asked.variables)
        values = self._variables(definition, asked)
        requested = self._cost(document, definition, values)
        return Operation(document, document.node, definition, asked.variables, values, requested)

    def _cost(self, document: Document, definition: OperationDefinitionNode, values: VariableValues) -> int:
        like = id(definition), extent(values.coerced)
        requested = document.costs.get(like)
        try:
            if requested is None:
                requested = cost(self._schema, definition, document.fragments, values, self._limits)
                document.costs.put(like, requested)
            check_cost(requested, self._limits)
        except CompactgraphError as error:
            raise _refusal(error, requested) from None
        except GraphQLError as error:
            raise Refused([coded(error, BadVariables, "Compare its arguments with the schema.")]) from None
        return requested

    def _variables(self, definition: OperationDefinitionNode, asked: Asked) -> VariableValues:
        hide = not self._limits.introspection
        declared = definition.variable_definitions or ()
        values = get_variable_values(self._schema, declared, asked.variables, 20, hide)
        if isinstance(values, VariableValues):
            return values
        suggestion = "Send values of the types that the operation declares."
        raise Refused([coded(each, BadVariables, suggestion) for each in values])

    def outcome(
        self,
        operation: Operation,
        deadline: Deadline,
        is_known: Callable[[int | None], bool],
        token: str | None = None,
    ) -> Outcome:
        """What comes of a query; nothing is fetched when the client knows the answer at this version.

        With a token it is read as its person sees the data. Raises Refused, and Unauthenticated.
        """
        begun = monotonic()
        try:
            if token is not None:
                return self._outcome_as(operation, deadline, token)
            return self._outcome(operation, deadline, is_known)
        finally:
            operation.document.seconds[id(operation.definition)] = monotonic() - begun

    def _outcome(
        self, operation: Operation, deadline: Deadline, is_known: Callable[[int | None], bool]
    ) -> Outcome:
        if not operation.reads_data:
            return Outcome(is_known=True) if is_known(None) else self._completed(operation, {}, None)
        try:
            with reading(self._context.engine, deadline) as snapshot:
                version = snapshot.version()
                if is_known(version):
                    return Outcome(version=version, is_known=True)
                plan = _plan(self._schema, operation)
                answer = _fetch(self._context, snapshot, plan, operation.values)
        except (CompactgraphError, GraphQLError) as error:
            raise _failed(error, operation) from error
        return self._told(operation, answer, version)

    def _outcome_as(self, operation: Operation, deadline: Deadline, token: str) -> Outcome:
        """What comes of a query for the person with this token."""
        try:
            with reading_as(self._context.engine, token, deadline) as (snapshot, _person):
                version = snapshot.version()
                plan = _plan(self._schema, operation)
                answer = _fetch(self._context, snapshot, plan, operation.values)
        except Unauthenticated:
            raise
        except (CompactgraphError, GraphQLError) as error:
            raise _failed(error, operation) from error
        return self._told(operation, answer, version)

    def _told(self, operation: Operation, answer: Answer, version: int) -> Outcome:
        if answer.is_complete and self.is_direct:
            return Outcome(answer.data, version=version)
        return self._completed(operation, answer.data, version)

    def _completed(self, operation: Operation, values: dict[str, Any], version: int | None) -> Outcome:
        complete = partial(execute_sync, self._schema, operation.node, operation_name=operation.name)
        done = complete(values, self._context, operation.variables)
        return Outcome(done.data, list(done.errors or ()), version)


def api_schema() -> Schema:
    """The schema as it is served."""
    return build_schema([])

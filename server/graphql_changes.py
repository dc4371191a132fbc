"""Changes: mutations from an admitted request to their outcome, each in a transaction of its own."""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLSchema, execute_sync, get_variable_values
from graphql.execution.values import VariableValues

from schema.deadline import Deadline
from schema.mutation import MUTATIONS
from schema.plan.payload import Caller, performed
from schema.plan.selection import Selected, Selection, select
from schema.store import reading
from schema.token import person
from server.graphql import Context, Operation, Outcome
from server.rate import Rate


@dataclass(frozen=True, slots=True)
class _Changing:
    """One operation that changes something, as the fields at its root find it when their turn comes."""

    caller: Caller
    selected: dict[str, Selected]
    values: VariableValues

    def perform(self, key: str) -> dict[str, Any]:
        """Do what the field with this response key asks, and give its payload."""
        return performed(self.caller, self.selected[key], self.values)


class Changes:
    """Admits operations that change something, and does what they ask, which takes long."""

    def __init__(self, schema: GraphQLSchema, context: Context, per_minute: int) -> None:
        self._schema, self._context = schema, context
        self.rate = Rate(per_minute)

    def admit(self, operation: Operation, token: str | None, deadline: Deadline) -> int:
        """Count the changes of an operation against what the token may, and give how many it has left.

        Nothing is done of an operation of which something is not allowed. Whether the token is good is looked
        at once more by each change. Raises Unauthenticated, Forbidden, RateLimited.
        """
        with reading(self._context.engine, deadline) as snapshot:
            asking = person(snapshot.connection, token)
        for each in self._selection(operation, self._values(operation)):
            if each.name in MUTATIONS:
                asking.check(MUTATIONS[each.name].scope)
        return self.rate.take(asking.token, operation.data_fields)

    def outcome(self, operation: Operation, token: str | None, deadline: Deadline) -> Outcome:
        """What comes of an operation: its changes are made one by one, and each succeeds or fails."""
        values = self._values(operation)
        selected = {each.key: each for each in self._selection(operation, values)}
        caller = Caller(self._context.engine, self._context.iris, token, deadline)
        done = execute_sync(
            self._schema,
            operation.node,
            None,
            _Changing(caller, selected, values),
            operation.variables,
            operation_name=operation.name,
        )
        return Outcome(done.data, list(done.errors or ()))

    def _values(self, operation: Operation) -> VariableValues:
        declared = operation.definition.variable_definitions or ()
        values = get_variable_values(self._schema, declared, operation.variables)
        if isinstance(values, list):
            # They fitted when the cost was worked out.
            raise values[0]
        return values

    def _selection(self, operation: Operation, values: VariableValues) -> Selection:
        return select(self._schema, operation.node, operation.definition, values)

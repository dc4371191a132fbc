"""Payload: what a mutation answers, read by a plan in the transaction that made the change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql.execution.values import VariableValues
from sqlalchemy import Engine

from ontology.iri import Iris
from schema.acting import Acted, Acting, act
from schema.blind import veiled
from schema.deadline import Deadline
from schema.mutation import MUTATIONS
from schema.plan.level import Level
from schema.plan.read import Fetch, Reader
from schema.plan.reference import Answer
from schema.plan.selection import TYPENAME, Selected
from schema.record import NOUNS
from schema.store import writing
from schema.token import person


class Payload:
    """What was asked of the payload of one mutation, compiled."""

    def __init__(self, selected: Selected) -> None:
        self._declared = MUTATIONS[selected.name]
        self._fields = selected.only
        noun = NOUNS[self._declared.noun]
        self._levels = {
            each.key: Level(noun, each.only) for each in self._fields if each.name == self._declared.field
        }

    def answer(self, fetch: Fetch, acted: Acted) -> Answer:
        """The payload by response keys."""
        plain: Mapping[str, Any] = {TYPENAME: self._declared.payload, "changed": acted.changed}
        return {
            each.key: self._things(fetch, each.key, acted) if each.key in self._levels else plain[each.name]
            for each in self._fields
        }

    def _things(self, fetch: Fetch, key: str, acted: Acted) -> Any:
        found = self._levels[key].by_key(fetch, acted.keys)
        things = [found[each] for each in acted.keys if each in found]
        return things if self._declared.is_list else next(iter(things), None)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks for changes, by the token that was sent, of which database, and how long they wait."""

    engine: Engine
    iris: Iris
    token: str | None
    deadline: Deadline


def performed(caller: Caller, selected: Selected, variables: VariableValues) -> Answer:
    """Do what one mutation asks, and give its payload as the person sees it: all in one transaction.

    Raises Unauthenticated, Forbidden, and whatever the mutation itself does; then nothing has changed.
    """
    # What is read of a version that is not written yet must not be remembered for the one that will be.
    own = caller.engine.execution_options()
    payload = Payload(selected)
    values = selected.arguments(variables)["input"]
    with writing(own, deadline=caller.deadline) as transaction:
        actor = person(transaction.connection, caller.token)
        actor.check(MUTATIONS[selected.name].scope)
        acting = Acting(transaction, actor, caller.iris)
        acted = act(acting, selected.name, values)
        transaction.flush()
        with veiled(transaction.connection, acting.veil()):
            return payload.answer(Fetch(Reader(transaction, caller.iris), variables), acted)

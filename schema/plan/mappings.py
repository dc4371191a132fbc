"""Mappings: the crosswalk in pages, narrowed by status, objective and SDG."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement

from schema.page import Order
from schema.plan.connection import Connection
from schema.plan.lists import has_status
from schema.plan.lookup import identifier
from schema.plan.read import Fetch
from schema.plan.reference import Answer
from schema.plan.selection import Selected
from schema.plan.window import WHOLE, Source
from schema.record import NOUNS


@dataclass(frozen=True, slots=True)
class _Asked:
    """What mappings are narrowed by: statuses, and identifiers; "" is that of nothing."""

    statuses: tuple[str, ...] | None = None
    subject: str | None = None
    target: str | None = None

    @classmethod
    def of(cls, fetch: Fetch, arguments: dict[str, Any]) -> "_Asked":
        """What the arguments come to."""
        statuses, subject, target = (arguments.get(name) for name in ("status", "subject", "target"))
        return cls(
            None if statuses is None else tuple(each.value for each in statuses),
            None if subject is None else identifier(fetch, subject, ("objective",)) or "",
            None if target is None else identifier(fetch, target, ("sdg",)) or "",
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as conditions on the table of mappings."""
        table = NOUNS["Mapping"].table.c
        found: list[ColumnElement[bool]] = []
        if self.statuses is not None:
            found.append(has_status(table.status, self.statuses))
        if self.subject is not None:
            found.append(table.subject == self.subject.partition("/")[2])
        if self.target is not None:
            found.append(table.target == self.target)
        return found


def mapped(selected: Selected) -> Callable[[Fetch], Answer]:
    """What answers a page of the crosswalk."""
    noun = NOUNS["Mapping"]
    connection = Connection(noun, selected.only, selected.name)

    def read(fetch: Fetch) -> Answer:
        arguments = selected.arguments(fetch.variables)
        asked = _Asked.of(fetch, arguments)
        source = Source(noun, noun.table.c.key)
        if asked != _Asked():
            source = replace(source, narrow=asked.conditions, shape=asked)
        return connection.answers(fetch, source, Order(noun), arguments, [WHOLE])[0]

    return read

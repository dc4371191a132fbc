"""Stats: projects counted and summed by one or two keys."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from typing import Any

import strawberry
from sqlalchemy import Connection, select

from ontology.errors import BadArgument
from schema import text as texts
from schema.exchange import noun_of
from schema.filters import filtered
from schema.model.link import LinkStatus
from schema.record import NOUNS


@strawberry.enum(description="What projects can be counted by.")
class StatKey(StrEnum):
    """What projects can be counted by."""

    STATE = "state"
    OBJECTIVE = "objective"
    SDG_GOAL = "sdg_goal"
    SDG_TARGET = "sdg_target"
    NETWORK = "network"
    YEAR = "year"
    REGION = "region"
    STATUS = "status"
    COVERAGE = "coverage"
    TYPE = "type"


_LINKED = {
    StatKey.OBJECTIVE: "Objective",
    StatKey.SDG_GOAL: "SdgGoal",
    StatKey.SDG_TARGET: "SdgTarget",
    StatKey.NETWORK: "Network",
}

_MANY = {StatKey.STATE, *_LINKED}

#: Values of a project for a key: the id or year, and whether only proposed links say so.
Values = dict[str, list[tuple[Any, bool]]]


@dataclass(slots=True)
class Row:
    """One row while it is counted."""

    values: tuple[Any, ...]
    accepted: int = 0
    proposed: int = 0
    cents: int = 0


@dataclass(slots=True)
class Table:
    """The rows of a count and what is needed to name their keys."""

    keys: list[StatKey]
    rows: list[Row] = field(default_factory=list)

    @property
    def multi_counted(self) -> bool:
        """Whether a key of the count has many values in one project."""
        return any(key in _MANY for key in self.keys)


def _column_values(connection: Connection, key: StatKey, projects: set[str]) -> Values:
    table = NOUNS["Project"].table.c
    found: Values = {}
    for project, value in connection.execute(select(table.key, table[key.value])):
        if project in projects:
            plain = getattr(value, "value", value)
            named = plain if key is StatKey.YEAR or plain is None else f"code/{plain}"
            found[project] = [(named, False)]
    return found


def _state_values(connection: Connection, projects: set[str]) -> Values:
    through = NOUNS["Project"].relations["member_states"].c
    found: Values = defaultdict(list)
    for project, state in connection.execute(select(through.owner, through.target)):
        if project in projects:
            found[project].append((f"state/{state}", False))
    return found


def _link_values(connection: Connection, noun: str, projects: set[str]) -> Values:
    link = NOUNS["Link"].table.c
    statement = select(link.project, link.target, link.status).where(link.status != LinkStatus.REJECTED.value)
    found: Values = defaultdict(list)
    for project, target, status in connection.execute(statement):
        if project in projects and noun_of(*target.split("/", 1)).name == noun:
            found[project].append((target, status is not LinkStatus.ACCEPTED))
    return found


def _values(connection: Connection, key: StatKey, projects: set[str]) -> Values:
    if key in _LINKED:
        return _link_values(connection, _LINKED[key], projects)
    if key is StatKey.STATE:
        return _state_values(connection, projects)
    return _column_values(connection, key, projects)


def count(connection: Connection, keys: list[StatKey], filter_: dict[str, Any] | None) -> Table:
    """Count projects by one or two keys. Raises BadArgument for other numbers of keys."""
    if not 1 <= len(set(keys)) == len(keys) <= 2:
        raise BadArgument("groupBy takes one key, or two different ones", "Ask for each pair of keys.")
    table = NOUNS["Project"].table.c
    matching = connection.execute(filtered(select(table.key, table.budget_usd), filter_))
    budgets: dict[str, int | None] = {row[0]: row[1] for row in matching}
    by_key = [_values(connection, key, set(budgets)) for key in keys]
    rows: dict[tuple[Any, ...], Row] = {}
    for project, cents in budgets.items():
        for combined in product(*(values.get(project) or [(None, False)] for values in by_key)):
            values = tuple(value for value, _ in combined)
            row = rows.setdefault(values, Row(values))
            row.cents += cents or 0
            is_proposed = any(only_proposed for _, only_proposed in combined)
            row.proposed += is_proposed
            row.accepted += not is_proposed
    return Table(
        keys, sorted(rows.values(), key=lambda row: [natural(str(each or "")) for each in row.values])
    )


def natural(identifier: str) -> list[tuple[bool, int, str]]:
    """A sort key in which numbers count as numbers: 2 before 10, and 10.7 before 10.c."""
    parts = identifier.replace("/", ".").split(".")
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def labels(connection: Connection, identifiers: Iterable[str]) -> dict[str, texts.Text]:
    """The names of the things that rows were counted by."""
    found: dict[str, texts.Text] = {}
    for identifier in set(identifiers):
        segment, _, key = identifier.partition("/")
        noun = noun_of(segment, key).table.c
        column = noun.title if "title" in noun else noun.name
        found[identifier] = connection.scalar(select(column).where(noun.key == key)) or {}
    return found

"""Stats: projects counted and summed by one or two keys."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

import strawberry
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Select,
    case,
    false,
    func,
    or_,
    select,
    union_all,
)

from ontology.errors import BadArgument
from schema import text as texts
from schema.exchange import noun_of
from schema.filters import filtered
from schema.log import head
from schema.model.link import LinkStatus
from schema.record import NOUNS, Noun
from schema.remembered import Remembered
from schema.sql import among


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


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a count: what its projects have in common, how many there are, and their budgets in cents.

    A project counts as proposed where only a link that nobody has accepted yet puts it into the row.
    """

    values: tuple[Any, ...]
    accepted: int
    proposed: int
    cents: int


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a count and what is needed to name their keys."""

    keys: list[StatKey]
    rows: list[Row]

    @property
    def multi_counted(self) -> bool:
        """Whether a key of the count has many values in one project."""
        return any(key in _MANY for key in self.keys)


# In a few megabytes there is room for the counts of a page of charts, and for a table of states and targets.
_ROWS_REMEMBERED = 20_000
_REMEMBERED: WeakKeyDictionary[Engine, Remembered[Hashable, Table]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a key adds to a statement: a value, a table that may have none for a project, a condition.

    `prefix` makes an identifier of the value; a year is none.
    """

    value: ColumnElement[Any]
    prefix: str = ""
    beside: FromClause | None = None
    belongs: ColumnElement[bool] | None = None
    is_proposed: ColumnElement[bool] | None = None

    def named(self, value: Any) -> Any:
        """The value as rows give it."""
        plain = getattr(value, "value", value)
        return f"{self.prefix}{plain}" if isinstance(plain, str) else plain


def _project() -> Noun:
    return NOUNS["Project"]


def _by_state(key: StatKey) -> Grouping:
    through = _project().relations["member_states"].alias(key.value)
    return Grouping(through.c.target, "state/", through, through.c.owner == _project().table.c.key)


def linked_to(key: StatKey, target: ColumnElement[str]) -> ColumnElement[bool]:
    """That a link leads to something that projects are counted by under this key."""
    noun = NOUNS[_LINKED[key]]
    # Goals and targets share a class, so the beginning of an identifier does not tell them apart.
    return target.in_(select(f"{noun.segment}/" + noun.table.c.key))


def _by_link(key: StatKey) -> Grouping:
    link = NOUNS["Link"].table.alias(key.value)
    belongs = (
        (link.c.project == _project().table.c.key)
        & (link.c.status != LinkStatus.REJECTED)
        & link.c.derived.is_(False)
        & linked_to(key, link.c.target)
    )
    return Grouping(link.c.target, "", link, belongs, link.c.status == LinkStatus.PROPOSED)


def grouping(key: StatKey) -> Grouping:
    """What counting by a key adds to a statement over projects."""
    if key is StatKey.STATE:
        return _by_state(key)
    return _by_link(key) if key in _LINKED else Grouping(_project().table.c[key.value], "code/")


def joined(groupings: Iterable[Grouping]) -> FromClause:
    """The table of projects, and beside it what these keys read their values from."""
    table: FromClause = _project().table
    for each in groupings:
        if each.beside is not None:
            table = table.outerjoin(each.beside, each.belongs)
    return table


def _counted(connection: Connection, keys: list[StatKey], filter_: dict[str, Any] | None) -> Table:
    groupings = [grouping(key) for key in keys]
    values = [each.value for each in groupings]
    doubts = [each.is_proposed for each in groupings if each.is_proposed is not None]
    proposed = func.sum(case((or_(false(), *doubts), 1), else_=0))
    cents = func.coalesce(func.sum(_project().table.c.budget_usd), 0)
    statement = (
        select(*values, func.count(), proposed, cents).select_from(joined(groupings)).group_by(*values)
    )
    rows = [
        Row(
            tuple(each.named(value) for each, value in zip(groupings, found, strict=True)),
            int(projects) - int(only_proposed),
            int(only_proposed),
            int(budget),
        )
        for *found, projects, only_proposed, budget in connection.execute(filtered(statement, filter_))
    ]
    return Table(keys, sorted(rows, key=_place))


def _place(row: Row) -> list[Any]:
    return [natural(str(each or "")) for each in row.values]


def frozen(value: Any) -> Hashable:
    """A filter as a value that can be looked up."""
    if isinstance(value, dict):
        return tuple(sorted((name, frozen(each)) for name, each in value.items()))
    return tuple(map(frozen, value)) if isinstance(value, list) else value


def count(connection: Connection, keys: list[StatKey], filter_: dict[str, Any] | None) -> Table:
    """Count the projects of a snapshot by one or two keys, in one statement however many there are.

    A project counts in every row that one of its values, or pairs of values, leads to, and in the row of
    None where it has no value for a key. Rejected links do not count. Rows are in the natural order of
    their keys. What was counted is remembered until the data changes.
    Raises BadArgument for other numbers of keys, and for what is wrong with the filter.
    """
    if not 1 <= len(set(keys)) == len(keys) <= 2:
        raise BadArgument("groupBy takes one key, or two different ones", "Ask for each pair of keys.")
    version = int(connection.execute(select(head.c.version)).scalar_one())
    remembered = _REMEMBERED.setdefault(connection.engine, Remembered(_ROWS_REMEMBERED))
    asked = (version, tuple(keys), frozen(filter_))
    found = remembered.get(asked)
    if found is None:
        found = _counted(connection, keys, filter_)
        # What it is remembered by takes room too: a filter may name hundreds of things.
        remembered.put(asked, found, 1 + len(found.rows) + len(repr(asked)) // 100)
    return found


def natural(identifier: str) -> list[tuple[bool, int, str]]:
    """A sort key in which numbers count as numbers: 2 before 10, 10.7 before 10.c, sdg-2 before sdg-10."""
    parts = identifier.replace("/", ".").replace("-", ".").split(".")
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def labels(connection: Connection, identifiers: Iterable[str]) -> dict[str, texts.Text]:
    """The names of the things that rows were counted by, in one statement; of what is not there, none."""
    keys: dict[str, list[str]] = {}
    for identifier in sorted(set(identifiers)):
        segment, _, key = identifier.partition("/")
        keys.setdefault(noun_of(segment, key).name, []).append(key)
    statements = [_named(connection, NOUNS[name], of_noun) for name, of_noun in keys.items()]
    if not statements:
        return {}
    rows = connection.execute(union_all(*statements)).all()
    return {row[0]: row[1] or {} for row in rows}


def _named(connection: Connection, noun: Noun, keys: list[str]) -> Select[str, Any]:
    column = noun.table.c
    name = column.title if "title" in column else column.name
    return select(f"{noun.segment}/" + column.key, name).where(among(connection, column.key, keys))

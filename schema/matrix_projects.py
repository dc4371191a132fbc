"""Matrix projects: those behind a cell or a total of a matrix, and the links that put them there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Connection, Select, and_, func, select, true

from ontology.errors import BadArgument
from schema.completed import counted_version
from schema.matrix import Asked, Cell, by_project, check_keys, incidence
from schema.model.link import LinkStatus
from schema.record import NOUNS
from schema.sql import AnySelect, among
from schema.stats import StatKey, grouping, linked_to

#: What stands for the projects without a value for a key, where a value is asked for in words.
NONE = "none"

_SEGMENTS = {
    StatKey.STATE: "state",
    StatKey.NETWORK: "network",
    StatKey.OBJECTIVE: "objective",
    StatKey.SDG_GOAL: "sdg",
    StatKey.SDG_TARGET: "sdg",
}


class Place(NamedTuple):
    """A row and a column as addresses and arguments name them; None for all of them."""

    row: str | None = None
    column: str | None = None


def place_of(kind: str, cell: Cell) -> Place:
    """The row and column of a cell, or of a total of this kind."""
    row = None if kind in ("column", "total") else _in_words(cell.row)
    column = None if kind in ("row", "total") else _in_words(cell.column)
    return Place(row, column)


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows and columns of a matrix are meant: all, or one by its value as stored."""

    rows: tuple[Any, ...] | None = None
    columns: tuple[Any, ...] | None = None

    def conditions(self, within: CTE) -> ColumnElement[bool]:
        """That a cell is one of these."""
        pairs = ((within.c.row, self.rows), (within.c.column, self.columns))
        named = [(column, values[0]) for column, values in pairs if values is not None]
        return and_(true(), *(column.is_(None) if each is None else column == each for column, each in named))


@dataclass(frozen=True, slots=True)
class Behind:
    """A project behind a cell or total: whether it is only proposed there, and its cents there."""

    project: str
    is_proposed: bool
    is_reviewed: bool | None
    cents: int


def _behind(asked: Asked, part: Part, codebook: str | None) -> AnySelect:
    within = incidence(asked, codebook)
    chosen = select(within).where(part.conditions(within)).cte("chosen")
    return by_project(chosen, asked.money)


def behind(
    connection: Connection, asked: Asked, part: Part, after: str = "", limit: int | None = None
) -> list[Behind]:
    """The projects behind some cells, by key, from behind one on. Raises BadArgument as `matrix` does."""
    check_keys(*asked.keys)
    of = _behind(asked, part, counted_version(connection)).subquery()
    statement: Select[Any] = select(of).where(of.c.project > after).order_by(of.c.project).limit(limit)
    return [
        Behind(
            str(row.project),
            bool(row.proposed),
            bool(row.reviewed) if asked.schemes else None,
            int(row.accepted_cents) + int(row.proposed_cents),
        )
        for row in connection.execute(statement)
    ]


def count_behind(connection: Connection, asked: Asked, part: Part) -> int:
    """How many projects there are behind some cells. Raises BadArgument as `matrix` does."""
    check_keys(*asked.keys)
    of = _behind(asked, part, None).subquery()
    return int(connection.scalar(select(func.count()).select_from(of)) or 0)


def stored(key: StatKey, words: str) -> Any:
    """The value that a text stands for as the tables hold it: an id or its last part, a year, or `none`.

    Raises BadArgument for what is no year where one is asked for.
    """
    if words == NONE:
        return None
    if key is StatKey.YEAR:
        if not (words.isascii() and words.isdecimal() and len(words) < 10):
            raise BadArgument(f"{words!r} is no year", f"Write a year, or {NONE}.", field=key.value)
        return int(words)
    segment = _SEGMENTS.get(key, "code")
    last = words.removeprefix(f"{segment}/")
    if segment == "code":
        return last if "/" in last else f"{key.value}/{last}"
    return last if grouping(key).prefix else f"{segment}/{last}"


def part(asked: Asked, place: Place) -> Part:
    """The part of a matrix that a row and a column name. Raises BadArgument."""
    values = [
        None if words is None else (stored(key, words),) for key, words in zip(asked.keys, place, strict=True)
    ]
    return Part(*values)


def settled(asked: Asked, place: Place) -> Place:
    """The same place with ids for what it named by their last parts. Raises BadArgument."""
    of = part(asked, place)
    pairs = zip(asked.keys, (of.rows, of.columns), strict=True)
    return Place(
        *(None if values is None else _in_words(grouping(key).named(values[0])) for key, values in pairs)
    )


def _in_words(value: Any) -> str:
    return NONE if value is None else str(value)


def links_behind(
    connection: Connection, asked: Asked, part: Part, projects: Iterable[str]
) -> dict[str, list[str]]:
    """By project, the keys of the links that put it into some cells, in order; rejected ones do not."""
    link = NOUNS["Link"].table.c
    keys = list(projects)
    found: dict[str, list[str]] = {each: [] for each in keys}
    for key, values in zip(asked.keys, (part.rows, part.columns), strict=True):
        if grouping(key).is_proposed is None:
            continue
        statement = select(link.project, link.key).where(
            among(connection, link.project, keys),
            link.status != LinkStatus.REJECTED,
            link.derived.is_(False),
            linked_to(key, link.target),
        )
        if values is not None:
            statement = statement.where(link.target == values[0])
        for project, name in connection.execute(statement.order_by(link.key)):
            found[project].append(name)
    return found

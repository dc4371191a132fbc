"""Matrix: projects by two keys, with their money, and how many of them were reviewed whole.

A project falls in a cell for each pair of its values; where it has none for a key, in the cell of None. It is
accepted there when both values are facts or accepted links, and proposed when one of them is a proposed link.
In a total every project counts once: as accepted when it is accepted in one of the cells, else as proposed.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

import strawberry
from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Engine,
    Label,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from ontology.errors import BadArgument
from schema.completed import counted_version, is_reviewed, schemes_of
from schema.filters import Filter, filtered
from schema.log import head
from schema.record import NOUNS
from schema.remembered import Remembered
from schema.sql import AnySelect
from schema.stats import Grouping, StatKey, frozen, grouping, joined, natural


@strawberry.enum(description="What of a project's budget counts in each cell that it falls in.")
class MoneyRule(StrEnum):
    """What of a project's budget counts in each cell that it falls in.

    FULL counts the whole budget in every cell, so that cells cannot be added up. SPLIT divides the budget
    equally: over the cells in which the project is accepted or, where it is in none, over those in which it
    is proposed. The cents that are left over go one each to the first of these cells, in the order of the
    identifiers of rows, then of columns, by code points, None first. So the cells add up to the totals, and a
    proposal never changes what is accepted elsewhere.
    """

    FULL = "full"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a matrix is asked for with; the filter is as the API gives it, its IRIs replaced by ids."""

    rows: StatKey
    columns: StatKey
    money: MoneyRule
    filter: Filter | None = field(default=None, hash=False)
    #: The language of names, which changes no figure.
    language: str = "en"

    @property
    def keys(self) -> tuple[StatKey, StatKey]:
        """The keys of rows and columns."""
        return self.rows, self.columns

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes in which projects are coded that have a place here by links."""
        return schemes_of(self.keys)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a cell or a total says: projects and cents, accepted and proposed apart.

    `reviewed` is the number of its projects that were reviewed whole; None where no key has a codebook.
    """

    accepted: int
    proposed: int
    accepted_cents: int
    proposed_cents: int
    reviewed: int | None

    @property
    def projects(self) -> int:
        """How many projects there are, accepted or proposed."""
        return self.accepted + self.proposed


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `row` and `column` are ids, years or None."""

    row: Any
    column: Any
    figures: Figures


@dataclass(frozen=True, slots=True)
class Matrix:
    """The cells that have projects, in the natural order of rows and columns, and totals of both and of all.

    A total of a row has no column, and one of a column no row.
    """

    asked: Asked
    version: int
    codebook: str | None
    cells: tuple[Cell, ...]
    rows: tuple[Cell, ...]
    columns: tuple[Cell, ...]
    total: Cell

    @property
    def everything(self) -> tuple[tuple[str, Cell], ...]:
        """All cells and totals with what each is: cell, row, column or total."""
        named = (("cell", self.cells), ("row", self.rows), ("column", self.columns), ("total", (self.total,)))
        return tuple((kind, each) for kind, several in named for each in several)


# There is room for some matrices of objectives and states.
_CELLS_REMEMBERED = 50_000
_REMEMBERED: WeakKeyDictionary[Engine, Remembered[Hashable, Matrix]] = WeakKeyDictionary()


def check_keys(rows: StatKey, columns: StatKey) -> None:
    """Raises BadArgument for one key twice."""
    if rows is columns:
        raise BadArgument(
            f"rows and columns are both {rows.name}", "Name two different keys.", field="columns"
        )


def incidence(asked: Asked, codebook: str | None) -> CTE:
    """A row for each project and cell that it falls in: whether proposed or reviewed, budget and share."""
    groupings = [grouping(key) for key in asked.keys]
    project = NOUNS["Project"].table.c
    doubts = [each.is_proposed for each in groupings if each.is_proposed is not None]
    row, column = (each.value.label(name) for each, name in zip(groupings, ("row", "column"), strict=True))
    proposed = case((or_(false(), *doubts), 1), else_=0)
    reviewed = case((is_reviewed(asked.schemes, codebook), 1), else_=0) if asked.schemes else literal(0)
    statement = select(
        project.key.label("project"),
        row,
        column,
        proposed.label("proposed"),
        reviewed.label("reviewed"),
        func.coalesce(project.budget_usd, 0).label("budget"),
    ).select_from(joined(groupings))
    return _with_shares(filtered(statement, asked.filter), asked.money)


def _with_shares(statement: AnySelect, money: MoneyRule) -> CTE:
    found = statement.cte("found")
    if money is MoneyRule.FULL:
        return select(*found.c, found.c.budget.label("share")).cte("incidence")
    same = (found.c.project, found.c.proposed)
    order = (found.c.row.nulls_first(), found.c.column.nulls_first())
    placed = select(
        *found.c,
        func.min(found.c.proposed).over(partition_by=found.c.project).label("counting"),
        func.count().over(partition_by=same).label("parts"),
        func.row_number().over(partition_by=same, order_by=order).label("place"),
    ).cte("placed")
    one_more = case((placed.c.place <= placed.c.budget % placed.c.parts, 1), else_=0)
    share = case(
        (placed.c.proposed == placed.c.counting, placed.c.budget // placed.c.parts + one_more), else_=0
    )
    columns = [placed.c[name] for name in found.c.keys()]  # noqa: SIM118
    return select(*columns, share.label("share")).cte("incidence")


def by_project(within: CTE, money: MoneyRule, *values: ColumnElement[Any]) -> AnySelect:
    """What each project comes to in a cell or total: proposed or accepted, reviewed, and cents of both."""
    proposed = func.min(within.c.proposed)
    cents: list[ColumnElement[Any]]
    if money is MoneyRule.FULL:
        # A project that is accepted in one cell is accepted with all its money.
        whole = func.max(within.c.budget)
        cents = [case((proposed == which, whole), else_=0) for which in (0, 1)]
    else:
        cents = [func.sum(case((within.c.proposed == which, within.c.share), else_=0)) for which in (0, 1)]
    return select(
        within.c.project,
        *values,
        proposed.label("proposed"),
        func.max(within.c.reviewed).label("reviewed"),
        cents[0].label("accepted_cents"),
        cents[1].label("proposed_cents"),
    ).group_by(within.c.project, *values)


_KINDS: tuple[tuple[str, ...], ...] = (("row", "column"), ("row",), ("column",), ())


def _summed(within: CTE, money: MoneyRule, kind: int) -> AnySelect:
    """The statement of all cells, or of one kind of totals."""
    names = _KINDS[kind]
    each = by_project(within, money, *(within.c[name] for name in names)).subquery()
    values: list[ColumnElement[Any] | Label[Any]] = [
        each.c[name] if name in names else null().label(name) for name in ("row", "column")
    ]
    return select(
        literal(kind).label("kind"),
        *values,
        func.count() - func.coalesce(func.sum(each.c.proposed), 0),
        func.coalesce(func.sum(each.c.proposed), 0),
        *(func.coalesce(func.sum(each.c[name]), 0) for name in ("accepted_cents", "proposed_cents")),
        func.coalesce(func.sum(each.c.reviewed), 0),
    ).group_by(*(each.c[name] for name in names))


def _named(groupings: Sequence[Grouping], kind: int, values: Sequence[Any]) -> tuple[Any, Any]:
    row, column = (each.named(value) for each, value in zip(groupings, values, strict=True))
    return (row if "row" in _KINDS[kind] else None), (column if "column" in _KINDS[kind] else None)


def _place(cell: Cell) -> list[Any]:
    return [natural(str(each or "")) for each in (cell.row, cell.column)]


def _counted(connection: Connection, asked: Asked, version: int) -> Matrix:
    codebook = counted_version(connection)
    within = incidence(asked, codebook)
    groupings = [grouping(key) for key in asked.keys]
    found: list[list[Cell]] = [[] for _ in _KINDS]
    statement = union_all(*(_summed(within, asked.money, kind) for kind in range(len(_KINDS))))
    for kind, row, column, *numbers in connection.execute(statement):
        accepted, proposed, *cents, reviewed = map(int, numbers)
        known = reviewed if asked.schemes else None
        figures = Figures(accepted, proposed, cents[0], cents[1], known)
        found[kind].append(Cell(*_named(groupings, kind, (row, column)), figures))
    cells, rows, columns, total = (tuple(sorted(each, key=_place)) for each in found)
    return Matrix(asked, version, codebook, cells, rows, columns, total[0])


def matrix(connection: Connection, asked: Asked) -> Matrix:
    """Count projects by two keys, in one statement however many cells there are.

    What was counted is remembered until the data changes. Raises BadArgument for one key twice, and for what
    is wrong with the filter.
    """
    check_keys(*asked.keys)
    version = int(connection.execute(select(head.c.version)).scalar_one())
    remembered = _REMEMBERED.setdefault(connection.engine, Remembered(_CELLS_REMEMBERED))
    key = (version, asked.keys, asked.money, frozen(asked.filter))
    found = remembered.get(key)
    if found is None:
        found = _counted(connection, asked, version)
        remembered.put(key, found, 1 + len(found.cells) + len(repr(key)) // 100)
    return replace(found, asked=asked)

"""Counted: projects by two keys, counted project by project from whole records, as the rules are written."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from ontology.declaration import ExchangeRecord
from schema.matrix import Asked, Cell, Figures, Matrix, MoneyRule
from schema.money import cents
from schema.stats import StatKey, natural

LINKED: dict[StatKey, Callable[[str], bool]] = {
    StatKey.OBJECTIVE: lambda target: target.startswith("objective/"),
    StatKey.NETWORK: lambda target: target.startswith("network/"),
    StatKey.SDG_GOAL: lambda target: target.startswith("sdg/") and "." not in target,
    StatKey.SDG_TARGET: lambda target: target.startswith("sdg/") and "." in target,
}
SCHEMES = {StatKey.OBJECTIVE: "gcm", StatKey.SDG_GOAL: "sdg", StatKey.SDG_TARGET: "sdg"}


def values_of(key: StatKey, record: ExchangeRecord, links: list[ExchangeRecord]) -> list[tuple[Any, bool]]:
    """What a record and its links say for a key, and whether only a proposed link says it."""
    found: list[tuple[Any, bool]] = []
    if key is StatKey.STATE:
        found = [(f"state/{each}", False) for each in record.get("memberStates", ())]
    elif key in LINKED:
        found = [
            (each["target"], each["status"] == "proposed")
            for each in links
            if each["project"] == record["key"]
            and each["status"] != "rejected"
            and not each.get("derived")
            and LINKED[key](each["target"])
        ]
    elif key.value in record:
        value = record[key.value]
        found = [(value if key is StatKey.YEAR else f"code/{value}", False)]
    return found or [(None, False)]


def in_order(cell: tuple[Any, Any]) -> tuple[Any, ...]:
    """None first, then by code points; years as numbers."""
    return tuple((value is not None, value if value is not None else "") for value in cell)


def shares(budget: int, cells: list[tuple[tuple[Any, Any], bool]], money: MoneyRule) -> list[int]:
    """What of a budget each of the cells gets."""
    if money is MoneyRule.FULL:
        return [budget] * len(cells)
    counting = min(proposed for _, proposed in cells)
    getting = sorted((cell for cell, proposed in cells if proposed == counting), key=in_order)
    each, rest = divmod(budget, len(getting))
    by_cell = {cell: each + (place < rest) for place, cell in enumerate(getting)}
    return [by_cell[cell] if proposed == counting else 0 for cell, proposed in cells]


@dataclass
class Sum:
    """The projects of a cell or total, each with whether it is only proposed, and its cents."""

    proposed: dict[str, bool] = field(default_factory=dict)
    cents: dict[tuple[str, bool], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, project: str, proposed: bool, share: int) -> None:
        """Count a project's cell."""
        self.proposed[project] = proposed and self.proposed.get(project, True)
        self.cents[project, proposed] += share

    def figures(self, budgets: dict[str, int], whole: set[str] | None, money: MoneyRule) -> Figures:
        """What it comes to."""
        doubts = list(self.proposed.values())
        if money is MoneyRule.FULL:
            sums = [
                sum(budgets[key] for key, each in self.proposed.items() if each is kind)
                for kind in (False, True)
            ]
        else:
            sums = [
                sum(value for (_, each), value in self.cents.items() if each is kind)
                for kind in (False, True)
            ]
        reviewed = None if whole is None else len(whole & set(self.proposed))
        return Figures(doubts.count(False), doubts.count(True), sums[0], sums[1], reviewed)


def reviewed_whole(records: list[ExchangeRecord], schemes: set[str], codebook: str | None) -> set[str] | None:
    """The projects with a completed coding in each scheme, or None where there is no scheme."""
    if not schemes:
        return None
    done = {
        (each["project"], each["codingScheme"])
        for each in records
        if each["class"] == "coding" and "completedAt" in each and each["codebookVersion"] == codebook
    }
    projects = {project for project, _ in done}
    return {each for each in projects if all((each, scheme) in done for scheme in schemes)}


def naive(records: list[ExchangeRecord], asked: Asked, version: int) -> Matrix:
    """The matrix of these records; the filter is not looked at."""
    links = [each for each in records if each["class"] == "link"]
    scheme = next(each for each in records if each["class"] == "scheme" and each["key"] == "codebook")
    codebook = scheme["version"]
    whole = reviewed_whole(records, {SCHEMES[each] for each in asked.keys if each in SCHEMES}, codebook)
    sums: dict[tuple[str, Any, Any], Sum] = {("total", None, None): Sum()}
    budgets: dict[str, int] = {}
    for record in (each for each in records if each["class"] == "project"):
        key = record["key"]
        budgets[key] = cents(record["budgetUsd"]) if "budgetUsd" in record else 0
        pairs = product(*(values_of(each, record, links) for each in asked.keys))
        cells = [((row, column), one or other) for (row, one), (column, other) in pairs]
        for ((row, column), proposed), share in zip(
            cells, shares(budgets[key], cells, asked.money), strict=True
        ):
            for place in (
                ("cell", row, column),
                ("row", row, None),
                ("column", None, column),
                ("total", None, None),
            ):
                sums.setdefault(place, Sum()).add(key, proposed, share)
    found: dict[str, list[Cell]] = defaultdict(list)
    for (kind, row, column), each in sums.items():
        found[kind].append(Cell(row, column, each.figures(budgets, whole, asked.money)))
    cells_, rows, columns, total = (
        tuple(
            sorted(
                found[kind], key=lambda cell: [natural(str(each or "")) for each in (cell.row, cell.column)]
            )
        )
        for kind in ("cell", "row", "column", "total")
    )
    return Matrix(asked, version, codebook, cells_, rows, columns, total[0])

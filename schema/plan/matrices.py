"""Matrices: projectMatrix, counted in one statement, and matrixProjects, what is behind a cell of it."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from ontology.errors import BadArgument
from schema import money
from schema.citation import cell_address, matrix_address
from schema.filters import with_ids
from schema.matrix import Asked, Cell, Figures, Matrix, matrix
from schema.matrix_projects import (
    Behind,
    Part,
    Place,
    behind,
    count_behind,
    links_behind,
    part,
    place_of,
    settled,
)
from schema.model.link import LinkStatus
from schema.plan.counts import Names, names_of, stat_cell
from schema.plan.leaves import name_of
from schema.plan.level import Level
from schema.plan.read import Fetch
from schema.plan.reference import Answer
from schema.plan.selection import TYPENAME, Selected, Selection
from schema.record import NOUNS

_USUAL, _MOST = 20, 100


def _asked(fetch: Fetch, arguments: Mapping[str, Any]) -> Asked:
    filter_ = with_ids(arguments.get("filter"), fetch.reader.iris)
    return Asked(arguments["rows"], arguments["columns"], arguments["money"], filter_)


def only(selection: Selection, values: Mapping[str, Callable[[Selected], Any]]) -> Answer:
    """An answer with what was asked for, under the names to answer under."""
    return {each.key: values[each.name](each) for each in selection}


def plain(**values: Any) -> dict[str, Callable[[Selected], Any]]:
    """Values that are the same whatever was asked of them."""
    return {name: partial(_constant, value) for name, value in values.items()}


def _constant(value: Any, _selected: Selected) -> Any:
    return value


def _figures(projects: int, cents: int) -> Callable[[Selected], Answer]:
    values = plain(__typename="MatrixFigures", projects=projects, budgetUsd=money.dollars(cents))
    return lambda selected: only(selected.only, values)


class _Told:
    """One matrix as it is answered."""

    def __init__(self, fetch: Fetch, found: Matrix) -> None:
        self.fetch, self.found = fetch, found
        self.base = fetch.reader.iris.base
        values = (value for each in found.cells for value in (each.row, each.column))
        self.names: Names = names_of(fetch, {each for each in values if isinstance(each, str)})

    def _key(self, place: int, value: Any, is_total: bool) -> Callable[[Selected], Answer | None]:
        key = self.found.asked.keys[place]
        return lambda selected: (
            None if is_total else stat_cell(self.fetch, selected.only, key, value, self.names)
        )

    def cell(self, kind: str, cell: Cell, selection: Selection) -> Answer:
        """A cell or total."""
        of: Figures = cell.figures
        place = place_of(kind, cell)
        address = partial(cell_address, self.base, self.found.asked, self.found.version, place)
        return only(
            selection,
            {
                "row": self._key(0, cell.row, place.row is None),
                "column": self._key(1, cell.column, place.column is None),
                "accepted": _figures(of.accepted, of.accepted_cents),
                "proposed": _figures(of.proposed, of.proposed_cents),
                "address": lambda _selected: address(),
                **plain(__typename="MatrixCell", projects=of.projects, reviewed=of.reviewed),
            },
        )

    def cells(self, kind: str, cells: Iterable[Cell]) -> Callable[[Selected], list[Answer]]:
        """Several of them."""
        return lambda selected: [self.cell(kind, each, selected.only) for each in cells]

    def answer(self, selection: Selection) -> Answer:
        """The whole matrix."""
        found, asked = self.found, self.found.asked
        return only(
            selection,
            {
                **plain(
                    __typename="ProjectMatrix",
                    rows=name_of(asked.rows),
                    columns=name_of(asked.columns),
                    money=name_of(asked.money),
                    dataVersion=str(found.version),
                    codebookVersion=found.codebook,
                    address=matrix_address(self.base, asked, found.version),
                ),
                "cells": self.cells("cell", found.cells),
                "rowTotals": self.cells("row", found.rows),
                "columnTotals": self.cells("column", found.columns),
                "total": lambda selected: self.cell("total", found.total, selected.only),
            },
        )


def _matrix(selected: Selected) -> Callable[[Fetch], Answer]:
    def read(fetch: Fetch) -> Answer:
        asked = _asked(fetch, selected.arguments(fetch.variables))
        return _Told(fetch, matrix(fetch.reader.connection, asked)).answer(selected.only)

    return read


# What is behind a cell


class _Projects:
    """What was asked of a page of projects, compiled: a level for the projects, and one for their links."""

    def __init__(self, selected: Selected) -> None:
        self._selected = selected
        self._levels: dict[str, Level] = {}
        for nodes in (each for each in selected.only if each.name == "nodes"):
            for each in nodes.only:
                if each.name in ("project", "links"):
                    noun = "Project" if each.name == "project" else "Link"
                    self._levels[f"{nodes.key}.{each.key}"] = Level(NOUNS[noun], each.only)

    def answer(self, fetch: Fetch) -> Answer:
        """The page. Raises BadArgument."""
        arguments = self._selected.arguments(fetch.variables)
        asked = _asked(fetch, arguments)
        place = settled(asked, Place(arguments.get("row"), arguments.get("column")))
        of = part(asked, place)
        size = arguments.get("first")
        size = _USUAL if size is None else size
        if not 1 <= size <= _MOST:
            raise BadArgument(f"first is {size}", f"Use 1 to {_MOST}.", field="first")
        after = (arguments.get("after") or "").removeprefix("project/")
        connection = fetch.reader.connection
        found = behind(connection, asked, of, after, size + 1)
        page, has_more = found[:size], len(found) > size
        version = fetch.reader.snapshot.version()
        return only(
            self._selected.only,
            {
                "nodes": lambda nodes: self._nodes(fetch, asked, of, page, nodes),
                "totalCount": lambda _selected: count_behind(connection, asked, of),
                **plain(
                    __typename="MatrixProjects",
                    endCursor=f"project/{page[-1].project}" if has_more else None,
                    address=cell_address(fetch.reader.iris.base, asked, version, place),
                ),
            },
        )

    def _nodes(
        self, fetch: Fetch, asked: Asked, of: Part, page: list[Behind], nodes: Selected
    ) -> list[Answer]:
        keys = [each.project for each in page]
        links: dict[str, list[str]] = {}
        if any(each.name == "links" for each in nodes.only):
            links = links_behind(fetch.reader.connection, asked, of, keys)
        columns = [self._column(fetch, nodes, each, page, links) for each in nodes.only]
        names = [each.key for each in nodes.only]
        return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]

    def _column(
        self,
        fetch: Fetch,
        nodes: Selected,
        selected: Selected,
        page: list[Behind],
        links: dict[str, list[str]],
    ) -> list[Any]:
        level = self._levels.get(f"{nodes.key}.{selected.key}")
        if level is not None and selected.name == "project":
            answers = level.by_key(fetch, (each.project for each in page))
            return [answers[each.project] for each in page]
        if level is not None:
            answers = level.by_key(fetch, (key for keys in links.values() for key in keys))
            return [[answers[key] for key in links[each.project]] for each in page]
        return [_plain_value(selected.name, each) for each in page]


def _plain_value(name: str, of: Behind) -> Any:
    status = LinkStatus.PROPOSED if of.is_proposed else LinkStatus.ACCEPTED
    return {
        TYPENAME: "MatrixProject",
        "status": name_of(status),
        "budgetUsd": money.dollars(of.cents),
        "reviewed": of.is_reviewed,
    }[name]


#: What compiles each field of Query that counts in two directions.
COUNTED_ROOTS: dict[str, Callable[[Selected], Callable[[Fetch], Any]]] = {
    "projectMatrix": _matrix,
    "matrixProjects": lambda selected: _Projects(selected).answer,
}

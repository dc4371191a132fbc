"""Matrix: the page of a matrix, and that of the projects and quotes behind a cell of it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any

from schema.citation import filter_in_words, matrix_address
from schema.matrix import Asked, Cell, MoneyRule
from schema.matrix_projects import place_of
from schema.model.link import LinkStatus
from schema.stats import StatKey
from schema.text import chosen
from server.exporter.counts import Counted, Project, Shown
from server.pages.rendering import rendered
from server.representation import in_format

#: What projects are counted by, for people.
CALLED = {
    StatKey.STATE: "Beneficiary state",
    StatKey.OBJECTIVE: "Objective of the Global Compact",
    StatKey.SDG_GOAL: "Sustainable Development Goal",
    StatKey.SDG_TARGET: "SDG target",
    StatKey.NETWORK: "UN network on migration",
    StatKey.YEAR: "Year",
    StatKey.REGION: "Region",
    StatKey.STATUS: "Status",
    StatKey.COVERAGE: "Coverage",
    StatKey.TYPE: "Type of project",
}

_RULES = {
    MoneyRule.FULL: "the whole budget of a project in every cell (cells cannot be added up)",
    MoneyRule.SPLIT: "the budget of a project divided equally over its cells",
}
_FORMATS = (("csv", "CSV"), ("json", "JSON"))


def _amount(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}"


def _figures(found: Counted, kind: str, cell: Cell) -> dict[str, Any]:
    figures = cell.figures
    return {
        "address": found.behind(kind, cell),
        "accepted": figures.accepted,
        "proposed": figures.proposed,
        "accepted_usd": _amount(figures.accepted_cents),
        "proposed_usd": _amount(figures.proposed_cents),
        "projects": figures.projects,
        "reviewed": figures.reviewed,
    }


def _heading(found: Counted, value: Any) -> dict[str, str]:
    identifier = value if isinstance(value, str) else ""
    segment, _, key = identifier.partition("/")
    address = f"{found.base}/{segment}/{key}" if identifier else ""
    code = "" if value is None else key.rpartition("/")[2] if identifier else str(value)
    label = found.label(value) if identifier else ""
    return {"address": address, "code": code or "none", "label": "" if label == code else label}


def _lines(found: Counted) -> Iterator[dict[str, Any]]:
    of = found.matrix
    by_place = {(each.row, each.column): each for each in of.cells}
    for total in of.rows:
        cells = (by_place.get((total.row, column.column)) for column in of.columns)
        yield {
            "heading": _heading(found, total.row),
            "cells": [None if each is None else _figures(found, "cell", each) for each in cells],
            "total": _figures(found, "row", total),
        }


def _said(found: Counted, address: str) -> dict[str, Any]:
    asked = found.matrix.asked
    return {
        "base": found.base,
        "row_key": CALLED[asked.rows],
        "column_key": CALLED[asked.columns],
        "money": asked.money.value,
        "rule": _RULES[asked.money],
        "filter": filter_in_words(asked.filter),
        "version": found.matrix.version,
        "codebook": found.matrix.codebook,
        "schemes": asked.schemes,
        "address": address,
        "formats": [(in_format(address, suffix), name) for suffix, name in _FORMATS],
    }


def _others(found: Counted) -> list[tuple[str, str]]:
    """Where the same is told in another way."""
    asked, version = found.matrix.asked, found.matrix.version
    other = MoneyRule.SPLIT if asked.money is MoneyRule.FULL else MoneyRule.FULL
    turned = replace(asked, rows=asked.columns, columns=asked.rows)
    return [
        (matrix_address(found.base, replace(asked, money=other), version), f"With {_RULES[other]}"),
        (matrix_address(found.base, turned, version), "Rows and columns exchanged"),
        (matrix_address(found.base, asked), "As the data stand now"),
        (f"{found.base}/matrix", "All matrices"),
    ]


def matrix(found: Counted) -> bytes:
    """A matrix as a table."""
    of = found.matrix
    return rendered(
        "matrix.html",
        **_said(found, found.address),
        columns=[_heading(found, each.column) for each in of.columns],
        lines=list(_lines(found)),
        column_totals=[_figures(found, "column", each) for each in of.columns],
        total=_figures(found, "total", of.total),
        others=_others(found),
    )


def index(base: str) -> bytes:
    """Every pair of keys, each with the address of its matrix."""
    pairs = {pair: matrix_address(base, Asked(*pair, MoneyRule.FULL)) for pair in permutations(StatKey, 2)}
    keys = list(CALLED.items())
    return rendered("matrices.html", base=base, keys=keys, pairs=pairs)


# What is behind a cell


def _link(each: dict[str, Any], found: Shown) -> dict[str, Any]:
    base = found.counted.base
    segment, _, key = each["target"].partition("/")
    return {
        "address": f"{base}/link/{each['key']}",
        "target": found.counted.label(each["target"]) or each["target"],
        "target_id": each["target"],
        "target_address": f"{base}/{segment}/{key}",
        "status": LinkStatus(each["status"]).value,
        "claims": each.get("claims", []),
        "reviews": each.get("reviews", []),
    }


def _project(each: Project, found: Shown) -> dict[str, Any]:
    title = chosen(each.record.get("title", {}), found.counted.languages)
    return {
        "key": each.record["key"],
        "address": f"{found.counted.base}/project/{each.record['key']}",
        "language": title[0] if title else "",
        "title": title[1] if title else "",
        "status": each.status,
        "usd": _amount(each.behind.cents),
        "reviewed": each.behind.is_reviewed,
        "links": [_link(one, found) for one in each.links],
    }


def _named(found: Shown, words: str | None, place: int) -> dict[str, str] | None:
    """The row or column that the page is of, or None for all of them."""
    if words is None:
        return None
    of = found.counted.matrix
    cells = ((place_of("cell", each)[place], (each.row, each.column)[place]) for each in of.cells)
    value = next((value for name, value in cells if name == words), words)
    return _heading(found.counted, None if value == "none" else value)


def projects(found: Shown) -> bytes:
    """The projects behind a cell, with the quotes that put them there."""
    of = found.counted.matrix
    return rendered(
        "matrix_projects.html",
        **_said(found.counted, found.address(of.version)),
        row=_named(found, found.place.row, 0),
        column=_named(found, found.place.column, 1),
        matrix=found.counted.address,
        total=found.total,
        projects=[_project(each, found) for each in found.projects],
        next=found.address(of.version, found.next) if found.next else "",
    )

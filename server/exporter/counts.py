"""Counts: a matrix, and the projects and quotes behind a cell of it, as JSON and as CSV (RFC 4180).

Both say by which data version and which version of the codebook they were counted, and where that stands for
good. A CSV has no place for this but columns, in which it is the same in every row.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from ontology.declaration import ExchangeRecord
from schema.citation import cell_address, filter_in_words, matrix_address
from schema.matrix import Asked, Cell, Matrix
from schema.matrix_projects import Behind, Place, place_of
from schema.money import dollars
from schema.text import LANGUAGES, Text, chosen


@dataclass(frozen=True, slots=True)
class Counted:
    """A matrix, the base of addresses, and the names of its rows and columns."""

    matrix: Matrix
    base: str
    names: Mapping[str, Text]

    @property
    def languages(self) -> list[str]:
        """The languages of names, the one that was asked for first."""
        return [self.matrix.asked.language, *LANGUAGES]

    @property
    def address(self) -> str:
        """Where it stands for good."""
        return matrix_address(self.base, self.matrix.asked, self.matrix.version)

    def label(self, value: Any) -> str:
        """What a row or column is called; a year is its number, and nothing is empty."""
        found = chosen(self.names.get(value, {}), self.languages) if value else None
        return found[1] if found else str(value or "").rpartition("/")[2]

    def behind(self, kind: str, cell: Cell) -> str:
        """The address of what is behind a cell or total."""
        return cell_address(self.base, self.matrix.asked, self.matrix.version, place_of(kind, cell))


@dataclass(frozen=True, slots=True)
class Project:
    """A project behind a cell, with its record and those of the links that put it there."""

    behind: Behind
    record: ExchangeRecord
    links: Sequence[ExchangeRecord]

    @property
    def status(self) -> str:
        """Whether it is accepted or only proposed there."""
        return "proposed" if self.behind.is_proposed else "accepted"


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of the projects behind a cell; `next` is the key that the next one comes behind."""

    counted: Counted
    place: Place
    projects: Sequence[Project]
    total: int
    next: str = ""

    def address(self, version: int | None, after: str = "") -> str:
        """Where it stands, at a data version or as it is."""
        return cell_address(self.counted.base, self.counted.matrix.asked, version, self.place, after)


def as_json(value: Any) -> bytes:
    """A value as JSON for people too."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV with these columns; None is an empty cell."""
    written = io.StringIO(newline="")
    out = csv.writer(written)
    out.writerow(header)
    out.writerows(rows)
    return written.getvalue().encode()


def _said(asked: Asked, version: int, codebook: str | None) -> dict[str, Any]:
    words = filter_in_words(asked.filter)
    return {
        "dataVersion": str(version),
        "codebookVersion": codebook,
        "rows": asked.rows.name,
        "columns": asked.columns.name,
        "money": asked.money.name,
        "filter": orjson.loads(words) if words else None,
    }


def _cell(found: Counted, kind: str, cell: Cell) -> dict[str, Any]:
    place, figures = place_of(kind, cell), cell.figures
    named = {
        name: None if words is None else {"id": _id(value), "label": found.label(value)}
        for name, words, value in (("row", place.row, cell.row), ("column", place.column, cell.column))
    }
    return named | {
        "accepted": {"projects": figures.accepted, "budgetUsd": dollars(figures.accepted_cents)},
        "proposed": {"projects": figures.proposed, "budgetUsd": dollars(figures.proposed_cents)},
        "projects": figures.projects,
        "reviewed": figures.reviewed,
        "address": found.behind(kind, cell),
    }


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def matrix_json(found: Counted) -> bytes:
    """A matrix under the names that GraphQL has for it."""
    of = found.matrix
    return as_json(
        {
            "address": found.address,
            **_said(of.asked, of.version, of.codebook),
            "cells": [_cell(found, "cell", each) for each in of.cells],
            "rowTotals": [_cell(found, "row", each) for each in of.rows],
            "columnTotals": [_cell(found, "column", each) for each in of.columns],
            "total": _cell(found, "total", of.total),
        }
    )


#: The columns of a matrix as a table.
MATRIX_COLUMNS = (
    "kind", "row", "row_label", "column", "column_label",
    "accepted_projects", "accepted_usd", "proposed_projects", "proposed_usd", "projects", "reviewed",
    "money", "data_version", "codebook_version", "address",
)  # fmt: skip


def _row(found: Counted, kind: str, cell: Cell) -> list[Any]:
    place, figures, of = place_of(kind, cell), cell.figures, found.matrix
    return [
        kind,
        place.row,
        None if place.row is None else found.label(cell.row),
        place.column,
        None if place.column is None else found.label(cell.column),
        figures.accepted,
        dollars(figures.accepted_cents),
        figures.proposed,
        dollars(figures.proposed_cents),
        figures.projects,
        figures.reviewed,
        of.asked.money.value,
        of.version,
        of.codebook,
        found.behind(kind, cell),
    ]


def matrix_csv(found: Counted) -> bytes:
    """A matrix with a row for each cell, then for each total of a row, of a column and of all."""
    return table(MATRIX_COLUMNS, (_row(found, kind, cell) for kind, cell in found.matrix.everything))


# What is behind a cell


def _project(each: Project) -> dict[str, Any]:
    record = each.record
    return {
        "id": f"project/{record['key']}",
        "title": record.get("title", {}),
        "status": each.status.upper(),
        "budgetUsd": dollars(each.behind.cents),
        "reviewed": each.behind.is_reviewed,
        "links": [
            {"id": f"link/{link['key']}"}
            | {name: link.get(name) for name in ("target", "status", "version")}
            | {name: link.get(name, []) for name in ("claims", "reviews")}
            for link in each.links
        ],
    }


def projects_json(found: Shown) -> bytes:
    """A page of projects, each with the records of its links."""
    of = found.counted.matrix
    after = found.address(of.version, found.next) if found.next else None
    return as_json(
        {
            "address": found.address(of.version),
            **_said(of.asked, of.version, of.codebook),
            "row": found.place.row,
            "column": found.place.column,
            "totalCount": found.total,
            "next": after,
            "projects": [_project(each) for each in found.projects],
        }
    )


#: The columns of projects and quotes as a table.
QUOTE_COLUMNS = (
    "project", "title", "status", "budget_usd", "reviewed", "link", "target", "link_status",
    "method", "method_version", "made_by", "made_at", "rule_ids", "confidence", "reason",
    "quote", "prefix", "suffix", "start", "end", "language", "text_sha256", "source",
    "data_version", "codebook_version",
)  # fmt: skip

_OF_CLAIM = ("method", "methodVersion", "madeBy", "madeAt", "ruleIds", "confidence", "reason")
_OF_QUOTE = ("quote", "prefix", "suffix", "start", "end", "language", "textSha256", "source")
_NO_QUOTE: list[Any] = [None] * len(_OF_QUOTE)
_NO_CLAIM: list[Any] = [None] * (len(_OF_CLAIM) + len(_OF_QUOTE))


def _plain(value: Any) -> Any:
    return "|".join(value) if isinstance(value, list) else value


def _claims(link: ExchangeRecord) -> Iterator[list[Any]]:
    for claim in link.get("claims", ()):
        begin = [_plain(claim.get(name)) for name in _OF_CLAIM]
        quotes = [[quote.get(name) for name in _OF_QUOTE] for quote in claim.get("evidence", ())]
        yield from ([*begin, *quote] for quote in quotes or [_NO_QUOTE])


def _quotes(found: Shown, each: Project) -> Iterator[list[Any]]:
    title = chosen(each.record.get("title", {}), found.counted.languages)
    reviewed = None if each.behind.is_reviewed is None else str(each.behind.is_reviewed).lower()
    begin = [each.record["key"], title[1] if title else "", each.status, dollars(each.behind.cents), reviewed]
    versions = [found.counted.matrix.version, found.counted.matrix.codebook]
    if not each.links:
        yield [*begin, None, None, None, *_NO_CLAIM, *versions]
    for link in each.links:
        of_link = [link["key"], link["target"], link["status"]]
        for claim in [*_claims(link)] or [_NO_CLAIM]:
            yield [*begin, *of_link, *claim, *versions]


def projects_csv(found: Shown) -> bytes:
    """Projects with a row for each quote; one row for what has no quote."""
    return table(QUOTE_COLUMNS, (row for each in found.projects for row in _quotes(found, each)))

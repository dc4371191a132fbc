"""Tables: everything as CSV, a file for each relation or one flat table of projects (RFC 4180).

Rows end with CR LF, line ends within a cell are LF, and there is no byte order mark. Cells are written as
they are: one that begins with `=` is a formula only to spreadsheets, and an apostrophe before it a wrong
value to every other reader. Tables for a spreadsheet have mark and apostrophes, on demand.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import compress, islice
from pathlib import Path
from typing import BinaryIO

from ontology.declaration import ExchangeRecord
from ontology.errors import BadArgument
from schema.exchange import noun_of, nouns_of
from schema.model import NOUNS, Project
from schema.record import Noun
from schema.snapshot import Snapshot
from server.exporter.columns import (
    PROPOSED,
    URL,
    Column,
    Named,
    columns,
    entry_columns,
    project_columns,
    proposed_headers,
    shown,
)
from server.exporter.selection import Filter, Selection

_AT_ONCE = 500
_FORMULA = tuple("=+-@\t\r")

#: The flat table, and its name among the files of a folder.
FLAT = "projects"

#: The flat table once more, without the columns of what nobody has decided on.
FACTS = "facts"

#: The file of each class of things, in the order in which they are written.
_THINGS = {
    "code": "codes",
    "objective": "objectives",
    "principle": "principles",
    "sdg": "sdg",
    "codebook": "codebook",
    "state": "states",
    "network": "networks",
    "instrument": "instruments",
    "source": "sources",
    "link": "links",
    "coding": "codings",
    "mapping": "mappings",
}
#: The file of each kind of parts.
_PARTS = {
    "Membership": "memberships",
    "ResultItem": "results",
    "CodebookRule": "codebook_rules",
    "FieldProvenance": "provenance",
    "Conflict": "conflicts",
    "Claim": "claims",
    "Evidence": "evidence",
    "Review": "reviews",
    "MappingClaim": "mapping_claims",
    "MappingReview": "mapping_reviews",
}
#: The file of each list of other things that is a table of its own.
_LISTS = {"member_states": "beneficiaries", "sources": "project_sources"}


@dataclass(frozen=True, slots=True)
class Style:
    """What tables are written for: the language of names, and whether a spreadsheet is to open them.

    `facts` asks for the table of this name beside the flat one, in a folder.
    """

    language: str = "en"
    spreadsheet: bool = False
    facts: bool = False

    def cell(self, words: str) -> str:
        """The words as a cell."""
        plain = words.replace("\r\n", "\n").replace("\r", "\n") if "\r" in words else words
        return f"'{plain}" if self.spreadsheet and words.startswith(_FORMULA) else plain


class _Sheet:
    """One table that is being written, some rows at a time."""

    def __init__(self, out: BinaryIO, style: Style, headers: Sequence[str]) -> None:
        self._out = out
        self._cell = style.cell
        self._waiting: list[Sequence[str]] = [headers]
        if style.spreadsheet:
            out.write(b"\xef\xbb\xbf")

    def rows(self, rows: Iterable[Sequence[str]]) -> None:
        """Write rows of cells."""
        self._waiting.extend(rows)
        if len(self._waiting) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Put out the rows that wait."""
        written = io.StringIO(newline="")
        csv.writer(written).writerows([*map(self._cell, row)] for row in self._waiting)
        self._out.write(written.getvalue().encode())
        self._waiting.clear()


def _headers(own: Iterable[Column]) -> list[str]:
    return [each.header for each in own]


def _cells(own: Iterable[Column], record: ExchangeRecord, named: Named) -> list[str]:
    return [each.cell(record, named) for each in own]


def write_flat(snapshot: Snapshot, out: BinaryIO, style: Style, filter_: Filter | None = None) -> None:
    """Write one row for each project."""
    named = Named(snapshot, style.language)
    sheet = _Sheet(out, style, _headers(project_columns()))
    for project in _flat(Selection(snapshot, filter_), named):
        sheet.rows([_cells(project_columns(), project, named)])
    sheet.flush()


def _flat(selection: Selection, named: Named) -> Iterator[ExchangeRecord]:
    """The projects with what their flat row says beside the record: proposed targets, and an address."""
    projects = selection.records(Project.segment)
    while chunk := list(islice(projects, _AT_ONCE)):
        proposed = selection.snapshot.proposed([each["key"] for each in chunk])
        for each in chunk:
            url = next(filter(None, map(named.url, each.get("sources", ()))), "")
            yield each | {PROPOSED: _by_noun(proposed.get(each["key"], ())), URL: url}


def _by_noun(targets: Iterable[str]) -> dict[str, list[str]]:
    """The keys of targets such as `objective/23`, by noun."""
    found: dict[str, list[str]] = defaultdict(list)
    for target in targets:
        segment, _, key = target.partition("/")
        found[noun_of(segment, key).name].append(key)
    return found


def write_folder(snapshot: Snapshot, folder: Path, style: Style, filter_: Filter | None = None) -> list[str]:
    """Write one file for each relation into a folder, and give their names. Raises BadArgument."""
    return write_tables(Selection(snapshot, filter_), folder, style, (Project.segment, *_THINGS))


def tables_of(segment: str) -> list[str]:
    """The names of the files that hold a class of things and their parts."""
    nouns = nouns_of(segment)
    names = [FLAT] if segment == Project.segment else [_THINGS[segment]] if segment in _THINGS else []
    names += [
        _LISTS[each.attribute] for noun in nouns for each, _ in noun.related() if each.attribute in _LISTS
    ]
    for _, part in (each for noun in nouns for each in noun.parts()):
        names += [_PARTS[part.name], *(_PARTS[inner.name] for _, inner in part.parts())]
    return names


def write_tables(selection: Selection, folder: Path, style: Style, segments: Iterable[str]) -> list[str]:
    """Write the files of some classes into a folder, and give their names. Raises BadArgument."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as files:
            writer = _Folder(folder, files, style, Named(selection.snapshot, style.language))
            for segment in segments:
                if segment == Project.segment:
                    writer.write_projects(selection)
                elif segment in _THINGS:
                    writer.write_things(selection, segment)
            for sheet in writer.sheets.values():
                sheet.flush()
    except OSError as error:
        raise BadArgument(
            f"{folder}: the tables cannot be written here: {error.strerror}",
            "Name a folder, or a file that ends in .csv for the flat table alone.",
            field="output",
        ) from None
    return sorted(writer.sheets.keys() - {FACTS})


def written(snapshot: Snapshot, folder: Path, style: Style, filter_: Filter | None = None) -> str:
    """Write the folder, and say what was written."""
    names = write_folder(snapshot, folder, style, filter_)
    return f"{len(names)} tables at data version {snapshot.version()} are in {folder}."


class _Folder:
    """The files of a folder, which are filled in one walk over the records."""

    def __init__(self, folder: Path, files: ExitStack, style: Style, named: Named) -> None:
        self._folder, self._files, self._style, self._named = folder, files, style, named
        self.sheets: dict[str, _Sheet] = {}

    def write_projects(self, selection: Selection) -> None:
        """Write the projects that are selected."""
        project = NOUNS[Project.__name__]
        self._open(FLAT, _headers(project_columns()))
        self._open_beside(project)
        kept = [each.header not in proposed_headers() for each in project_columns()]
        if self._style.facts:
            self._open(FACTS, [*compress(_headers(project_columns()), kept)])
        for record in _flat(selection, self._named):
            cells = _cells(project_columns(), record, self._named)
            self.sheets[FLAT].rows([cells])
            if self._style.facts:
                self.sheets[FACTS].rows([[*compress(cells, kept)]])
            self._write_beside(project, record)

    def write_things(self, selection: Selection, segment: str) -> None:
        """Write the things of another class that are selected."""
        name, own = _THINGS[segment], _of_class(segment)
        counted = [each for each, _ in nouns_of(segment)[0].parts()]
        self._open(name, ["key", *_headers(own), *(each.attribute for each in counted)])
        for noun in nouns_of(segment):
            self._open_beside(noun)
        for record in selection.records(segment):
            counts = [shown(len(record.get(each.name, ()))) for each in counted]
            self.sheets[name].rows([[record["key"], *_cells(own, record, self._named), *counts]])
            self._write_beside(noun_of(segment, record["key"]), record)

    def _open(self, name: str, headers: Sequence[str]) -> None:
        out = self._files.enter_context((self._folder / f"{name}.csv").open("wb"))
        self.sheets[name] = _Sheet(out, self._style, headers)

    def _open_beside(self, noun: Noun) -> None:
        for attribute, other in noun.related():
            if attribute.attribute in _LISTS:
                self._open(_LISTS[attribute.attribute], [noun.segment, *_headers(entry_columns(other.name))])
        for _, part in noun.parts():
            own = _headers(columns(part.name))
            self._open(_PARTS[part.name], [noun.segment, "position", *own])
            for _, inner in part.parts():
                # What a part of a part says is hardly read without the part: a quote without its claim.
                begin = [noun.segment, part.name.lower(), *own, "position"]
                self._open(_PARTS[inner.name], [*begin, *_headers(columns(inner.name))])

    def _write_beside(self, noun: Noun, record: ExchangeRecord) -> None:
        for attribute, other in noun.related():
            if attribute.attribute in _LISTS:
                entries: list[ExchangeRecord] = [{"key": each} for each in record.get(attribute.name, ())]
                self._write_all(
                    _LISTS[attribute.attribute], [record["key"]], entry_columns(other.name), entries
                )
        for attribute, part in noun.parts():
            self._write_parts(part, [record["key"]], record.get(attribute.name, ()))

    def _write_parts(self, part: Noun, begin: list[str], records: Iterable[ExchangeRecord]) -> None:
        own = columns(part.name)
        for position, record in enumerate(records, start=1):
            row = [*begin, str(position), *_cells(own, record, self._named)]
            self.sheets[_PARTS[part.name]].rows([row])
            for attribute, inner in part.parts():
                self._write_parts(inner, row, record.get(attribute.name, ()))

    def _write_all(
        self, name: str, begin: list[str], own: Sequence[Column], records: Iterable[ExchangeRecord]
    ) -> None:
        self.sheets[name].rows([*begin, *_cells(own, each, self._named)] for each in records)


def _of_class(segment: str) -> list[Column]:
    """The columns of all nouns of a class; goals and targets stand in one table."""
    found = {column.header: column for noun in nouns_of(segment) for column in columns(noun.name)}
    return list(found.values())

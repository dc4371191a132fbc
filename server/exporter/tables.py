"""Tables: everything as CSV, a file for each relation or one flat table of projects (RFC 4180).

Rows end with CR LF, line ends within a cell are LF, and there is no byte order mark. Cells are written as
they are: one that begins with `=` is a formula only to spreadsheets, and an apostrophe before it a wrong
value to every other reader. Tables for a spreadsheet have mark and apostrophes, on demand.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from itertools import chain, compress, islice
from pathlib import Path
from typing import BinaryIO

from ontology.collections import Collection
from ontology.declaration import ExchangeRecord
from ontology.errors import BadArgument
from schema.exchange import noun_at, noun_of, nouns_of
from schema.model import NOUNS, Project
from schema.record import Noun
from schema.snapshot import Snapshot
from schema.sql import AnySelect
from server.exporter.columns import (
    URL,
    Column,
    Named,
    Row,
    columns,
    entry_columns,
    project_columns,
    proposed,
    proposed_headers,
)
from server.exporter.selection import Selection

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
        self._style = style
        self._waiting: list[Sequence[str]] = [headers]
        if style.spreadsheet:
            out.write(b"\xef\xbb\xbf")

    def row(self, row: Sequence[str]) -> None:
        """Write a row of cells."""
        self._waiting.append(row)
        if len(self._waiting) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Put out the rows that wait."""
        rows, cell = self._waiting, self._style.cell
        text = _csv(rows)
        # Hardly any text has such a character but where rows end; where one has, each cell is looked at.
        if self._style.spreadsheet or text.count("\r") > len(rows):
            text = _csv([*map(cell, row)] for row in rows)
        self._out.write(text.encode())
        self._waiting.clear()


def _csv(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue()


def _headers(own: Iterable[Column]) -> list[str]:
    return [each.header for each in own]


def write_flat(snapshot: Snapshot, out: BinaryIO, style: Style, projects: AnySelect | None = None) -> None:
    """Write one row for each project."""
    named = Named(snapshot, style.language)
    sheet, row = _Sheet(out, style, _headers(project_columns())), Row(project_columns(), named)
    for project in _flat(Selection(snapshot, projects), named):
        sheet.row(row.cells(project))
    sheet.flush()


def _flat(selection: Selection, named: Named) -> Iterator[ExchangeRecord]:
    """The projects with what their flat row says beside the record: proposed targets, and an address."""
    projects = selection.records(Project.segment)
    while chunk := list(islice(projects, _AT_ONCE)):
        targets = selection.snapshot.proposed([each["key"] for each in chunk])
        for each in chunk:
            url = next(filter(None, map(named.url, each.get("sources", ()))), "")
            yield each | _proposed(targets.get(each["key"], ())) | {URL: url}


def _proposed(targets: Iterable[str]) -> ExchangeRecord:
    """The keys of targets such as `objective/23`, under what the columns of each noun read."""
    found: ExchangeRecord = {}
    for target in targets:
        segment, _, key = target.partition("/")
        found.setdefault(proposed(noun_of(segment, key).name), []).append(key)
    return found


def write_folder(
    snapshot: Snapshot, folder: Path, style: Style, projects: AnySelect | None = None
) -> list[str]:
    """Write one file for each relation into a folder, and give their names. Raises BadArgument."""
    return write_shares(Selection(snapshot, projects), folder, style, {})


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


def write_shares(
    selection: Selection, folder: Path, style: Style, shares: Mapping[Path, Collection]
) -> list[str]:
    """Write the files of all classes into a folder, and give their names. Raises BadArgument.

    What a collection without projects holds of it goes into a folder of its own too, in the same walk.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as files:
            writer = _Folder(folder, files, style, Named(selection.snapshot, style.language))
            shared = [_Share(place, files, style, collection) for place, collection in shares.items()]
            writer.write_projects(selection)
            for segment in _THINGS:
                writer.write_things(selection, segment, shared)
            for each in (writer, *shared):
                each.flush()
    except OSError as error:
        raise BadArgument(
            f"{folder}: the tables cannot be written here: {error.strerror}",
            "Name a folder, or a file that ends in .csv for the flat table alone.",
            field="output",
        ) from None
    return sorted(writer.sheets.keys() - {FACTS})


def written(snapshot: Snapshot, folder: Path, style: Style, projects: AnySelect | None = None) -> str:
    """Write the folder, and say what was written."""
    names = write_folder(snapshot, folder, style, projects)
    return f"{len(names)} tables at data version {snapshot.version()} are in {folder}."


#: A row of cells, and the name of the file that it stands in.
_Line = tuple[str, list[str]]


class _Sheets:
    """The files of a folder."""

    def __init__(self, folder: Path, files: ExitStack, style: Style) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._files, self._style = folder, files, style
        self.sheets: dict[str, _Sheet] = {}

    def open(self, name: str, headers: Sequence[str]) -> None:
        """Begin a file."""
        out = self._files.enter_context((self._folder / f"{name}.csv").open("wb"))
        self.sheets[name] = _Sheet(out, self._style, headers)

    def open_things(self, segment: str) -> None:
        """Begin the files of a class of things and their parts."""
        self.open(_THINGS[segment], ["key", *_headers(_of_class(segment)), *_counted(segment)])
        for noun in nouns_of(segment):
            self.open_beside(noun)

    def open_beside(self, noun: Noun) -> None:
        """Begin the files of the lists and parts of things."""
        for file, _, other in _lists(noun.name):
            self.open(file, [noun.segment, *_headers(entry_columns(other))])
        for file, _, part in _parts(noun.name):
            own = _headers(columns(part.name))
            self.open(file, [noun.segment, "position", *own])
            for inner_file, _, inner in _parts(part.name):
                # What a part of a part says is hardly read without the part: a quote without its claim.
                begin = [noun.segment, part.name.lower(), *own, "position"]
                self.open(inner_file, [*begin, *_headers(columns(inner.name))])

    def flush(self) -> None:
        """Put out what waits in all files."""
        for sheet in self.sheets.values():
            sheet.flush()


class _Share(_Sheets):
    """The files of one collection, which are filled beside those of the whole."""

    def __init__(self, folder: Path, files: ExitStack, style: Style, collection: Collection) -> None:
        super().__init__(folder, files, style)
        self.holds = collection.holds
        for segment in collection.classes:
            if segment in _THINGS:
                self.open_things(segment)


class _Folder(_Sheets):
    """The files of a folder, which are filled in one walk over the records."""

    def __init__(self, folder: Path, files: ExitStack, style: Style, named: Named) -> None:
        super().__init__(folder, files, style)
        self._named = named
        self._rows: dict[str, Row] = {}

    def write_projects(self, selection: Selection) -> None:
        """Write the projects that are selected."""
        project, row = NOUNS[Project.__name__], Row(project_columns(), self._named)
        self.open(FLAT, _headers(project_columns()))
        self.open_beside(project)
        kept = [each.header not in proposed_headers() for each in project_columns()]
        if self._style.facts:
            self.open(FACTS, [*compress(_headers(project_columns()), kept)])
        for record in _flat(selection, self._named):
            cells = row.cells(record)
            self.sheets[FLAT].row(cells)
            if self._style.facts:
                self.sheets[FACTS].row([*compress(cells, kept)])
            for name, of_it in self._beside(project, record):
                self.sheets[name].row(of_it)

    def write_things(self, selection: Selection, segment: str, shares: Iterable[_Share]) -> None:
        """Write the things of another class that are selected, and each into the share that holds it."""
        self.open_things(segment)
        table, row, counted = _THINGS[segment], Row(_of_class(segment), self._named), _counted(segment)
        for record in selection.records(segment):
            into = [self.sheets, *(each.sheets for each in shares if each.holds(record))]
            cells = [
                record["key"],
                *row.cells(record),
                *(str(len(record.get(each, ()))) for each in counted.values()),
            ]
            beside = self._beside(noun_at(segment, record["key"]), record)
            for name, of_it in chain([(table, cells)], beside):
                for sheets in into:
                    sheets[name].row(of_it)

    def _row(self, file: str, own: Sequence[Column]) -> Row:
        found = self._rows.get(file)
        if found is None:
            found = self._rows[file] = Row(own, self._named)
        return found

    def _beside(self, noun: Noun, record: ExchangeRecord) -> Iterator[_Line]:
        """The rows of the lists and parts of a thing."""
        for file, field, other in _lists(noun.name):
            row = self._row(file, entry_columns(other))
            for key in record.get(field, ()):
                yield file, [record["key"], *row.cells({"key": key})]
        yield from self._parts(noun, [record["key"]], record)

    def _parts(self, noun: Noun, begin: list[str], record: ExchangeRecord) -> Iterator[_Line]:
        for file, field, part in _parts(noun.name):
            if field in record:
                row = self._row(file, columns(part.name))
                for position, each in enumerate(record[field], start=1):
                    line = [*begin, str(position), *row.cells(each)]
                    yield file, line
                    yield from self._parts(part, line, each)


@cache
def _lists(noun: str) -> list[tuple[str, str, str]]:
    """The lists of a noun that are tables: file, field, and the noun of what is listed."""
    related = NOUNS[noun].related()
    return [
        (_LISTS[each.attribute], each.name, other.name) for each, other in related if each.attribute in _LISTS
    ]


@cache
def _parts(noun: str) -> list[tuple[str, str, Noun]]:
    """The parts of a noun: file, field, and their noun."""
    return [(_PARTS[part.name], each.name, part) for each, part in NOUNS[noun].parts()]


@cache
def _counted(segment: str) -> dict[str, str]:
    """The columns that say how many parts a thing has, each with the field of the parts."""
    return {each.attribute: each.name for each, _ in nouns_of(segment)[0].parts()}


def _of_class(segment: str) -> list[Column]:
    """The columns of all nouns of a class; goals and targets stand in one table."""
    found = {column.header: column for noun in nouns_of(segment) for column in columns(noun.name)}
    return list(found.values())

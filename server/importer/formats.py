"""Formats: what a file can be read as. One more format is one more row of the table, with its reader."""

from collections.abc import Callable
from dataclasses import dataclass

from ontology.errors import BadArgument, UnreadableFile
from ontology.iri import is_absolute_iri
from server.importer import csv_table, jsonl
from server.importer.ahead import chunks_ahead, is_worthwhile
from server.importer.html import reduced
from server.importer.importing import Importing
from server.importer.input import Input
from server.importer.page import Page, page, page_of_file
from server.importer.report import Entry, Outcome


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, its suffixes, how it begins, what it holds, and what reads it."""

    name: str
    suffixes: tuple[str, ...]
    #: A file without a known suffix is of the first format that it begins like.
    begins: tuple[str, ...]
    description: str
    take: Callable[[Importing, Input], None]


def _take_jsonl(importing: Importing, handed: Input) -> None:
    transaction, report = importing.transaction, importing.report
    if is_worthwhile(handed.check_size()):
        with chunks_ahead(handed, transaction.at) as chunks:
            jsonl.take_chunks(transaction, handed.name, chunks, report)
    else:
        jsonl.take(transaction, handed.name, handed.lines(), report, importing.limits)


def _take_text(importing: Importing, handed: Input) -> None:
    text = handed.text()
    address = text.lstrip().partition("\n")[0].strip()
    _know(importing, handed, address)
    _add(importing, handed, page_of_file(text, importing.vocabulary()))


def _take_html(importing: Importing, handed: Input) -> None:
    address, text = reduced(handed.text())
    _know(importing, handed, address or "")
    _add(importing, handed, page(text, address, importing.vocabulary()))


def _take_csv(importing: Importing, handed: Input) -> None:
    handed.check_size()
    text = handed.text(importing.limits.file)
    csv_table.take(importing.pages, handed.name, text, importing.vocabulary(), importing.report)


def _know(importing: Importing, handed: Input, address: str) -> None:
    if is_absolute_iri(address):
        importing.addressed[handed.name] = address


def _add(importing: Importing, handed: Input, found: Page) -> None:
    """Add a page with its notes; what becomes of it is known when all pages are put."""
    for each in found.fields:
        importing.limits.check_text(each.name, each.raw)
    entry = Entry(handed.name, None, Outcome.UNCHANGED)
    importing.report.add(entry)
    for note in found.notes:
        told = Entry(handed.name, note.line, Outcome.NOTE, field=note.field, text=note.text)
        told.code, told.reason = note.code, note.reason
        importing.report.add(told)
    importing.pages.add(found, entry)


FORMATS = (
    Format(
        "page",
        (".txt",),
        ("http://", "https://"),
        "a project page as plain text, with its address on the first line",
        _take_text,
    ),
    Format(
        "html",
        (".html", ".htm", ".xhtml"),
        ("<",),
        "a project page as HTML of any markup; its address is the canonical one that it names",
        _take_html,
    ),
    Format(
        "csv",
        (".csv", ".tsv"),
        (),
        "a table of projects, one a row; `import --template csv` prints an empty one",
        _take_csv,
    ),
    Format(
        "jsonl",
        (".jsonl", ".ndjson"),
        ("{",),
        "exchange records, one JSON object a line, as `export --format jsonl` writes them",
        _take_jsonl,
    ),
)

NAMES = tuple(each.name for each in FORMATS)

SUFFIXES = {suffix: each for each in FORMATS for suffix in each.suffixes}


def named(name: str) -> Format:
    """The format of this name. Raises BadArgument."""
    for each in FORMATS:
        if each.name == name:
            return each
    raise BadArgument(f"format: {name!r} is not known", f"Use one of {', '.join(NAMES)}.", field="format")


def format_of(handed: Input, beginning: bytes) -> Format:
    """The format of a file by its suffix, else by its beginning. Raises UnreadableFile."""
    if (known := SUFFIXES.get(handed.suffix)) is not None:
        return known
    text = beginning.decode(errors="replace").removeprefix("\ufeff").lstrip()
    for each in FORMATS:
        if text.startswith(each.begins):
            return each
    raise UnreadableFile("the format of the file is not known", f"Name it with --format: {', '.join(NAMES)}.")

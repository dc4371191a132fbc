"""Run: one import of files and folders, as one transaction with a report."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine

from ontology.errors import CompactgraphError, InvalidInput
from schema.store import writing
from schema.transaction import Transaction
from server.importer import csv_table, jsonl
from server.importer.files import Format, content, decoded, files, format_of
from server.importer.html import reduced
from server.importer.lines import RefusedLine
from server.importer.page import Page, page, page_of_file
from server.importer.pages import Pages
from server.importer.report import Entry, Outcome, Report, refusal
from server.importer.settle import settle
from server.importer.vocabulary import Vocabulary, stored_vocabulary


class _DryRun(Exception):
    """The transaction is taken back, since nobody asked for it."""


def import_paths(
    engine: Engine, paths: Sequence[Path], format: str | None = None, *, dry_run: bool = False
) -> Report:
    """Import files, and folders with all that is in them, in one transaction; what is wrong is refused.

    A dry run writes nothing. Raises UnreadableFile for a path that is not there, DatabaseUnavailable.
    """
    chosen = Format(format) if format else None
    found = files(paths, every=chosen is not None)
    report = Report()
    try:
        with writing(engine) as transaction:
            _Import(transaction, report, chosen).run(found)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


class _Import:
    """The files of one import: exchange records are put as they come, pages when all are read."""

    def __init__(self, transaction: Transaction, report: Report, chosen: Format | None) -> None:
        self._transaction = transaction
        self._report = report
        self._chosen = chosen
        self._vocabulary: Vocabulary | None = None
        self._pages = Pages(transaction, self._known)

    def run(self, paths: list[Path]) -> None:
        """Read all files, put what they hold, and write it."""
        for path in paths:
            try:
                self._take(path)
            except InvalidInput as error:
                self._report.add(_refused(path, error))
        self._pages.put()
        settle(self._transaction, self._report)

    def _take(self, path: Path) -> None:
        data = content(path)
        known = self._chosen or format_of(path, data)
        if known is Format.JSONL:
            jsonl.take(self._transaction, str(path), data.splitlines(), self._report)
            return
        text = decoded(data)
        if known is Format.CSV:
            csv_table.take(self._pages, str(path), text, self._known(), self._report)
            return
        found = page_of_file(text, self._known()) if known is Format.PAGE else self._of_html(text)
        entry = Entry(str(path), None, Outcome.UNCHANGED)
        self._report.add(entry)
        for note in found.notes:
            self._report.add(
                Entry(
                    str(path),
                    note.line,
                    Outcome.NOTE,
                    field=note.field,
                    text=note.text,
                    code=note.code,
                    reason=note.reason,
                )
            )
        self._pages.add(found, entry)

    def _of_html(self, markup: str) -> Page:
        address, text = reduced(markup)
        return page(text, address, self._known())

    def _known(self) -> Vocabulary:
        if self._vocabulary is None:
            self._vocabulary = stored_vocabulary(self._transaction)
        return self._vocabulary


def _refused(path: Path, error: CompactgraphError) -> Entry:
    line, text = (error.line, error.text) if isinstance(error, RefusedLine) else (None, None)
    return refusal(str(path), line, error, text)

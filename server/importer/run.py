"""Run: one import of files and folders, as one transaction with a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from ontology.errors import CompactgraphError, InvalidInput
from schema.difference import differences
from schema.store import writing
from schema.transaction import Transaction
from server.importer.files import files
from server.importer.formats import Format, format_of, named
from server.importer.importing import Importing
from server.importer.input import Input
from server.importer.limits import limits_of
from server.importer.lines import RefusedLine
from server.importer.progress import Silent
from server.importer.replace import check_prefix, replace
from server.importer.report import Entry, Report, refusal
from server.importer.settle import settle
from server.settings import settings


class _DryRun(Exception):
    """The transaction is taken back, since nobody asked for it."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How an import is to go."""

    #: Read every file as this format.
    format: str | None = None
    #: Tell what would change and write nothing.
    dry_run: bool = False
    #: Tell the fields that change, before and after; a dry run does so anyway, also of what is new.
    compare: bool = False
    #: Delete the projects of the pages under this address that the import does not hold.
    replace_source: str | None = None


def import_paths(
    engine: Engine, paths: Sequence[Path], format: str | None = None, *, dry_run: bool = False
) -> Report:
    """Import files, and folders with all that is in them, with nothing else wished."""
    return run(engine, paths, Wishes(format, dry_run), Silent())


def run(engine: Engine, paths: Sequence[Path], wishes: Wishes, progress: Silent) -> Report:
    """Import files, and folders with all that is in them, in one transaction; what is wrong is refused.

    A dry run writes nothing. Raises UnreadableFile for a path that is not there, BadArgument, and
    DatabaseUnavailable; nothing is written then.
    """
    chosen = named(wishes.format) if wishes.format else None
    if wishes.replace_source is not None:
        check_prefix(wishes.replace_source)
    report = Report(dry_run=wishes.dry_run)
    limits = limits_of(settings())
    with files(paths, limits, progress.read, every=chosen is not None) as inputs:
        try:
            with writing(engine) as transaction:
                importing = Importing(transaction, report, limits)
                _Import(importing, wishes, progress, chosen).run(inputs)
                progress.phase("writing to the disk")
                if wishes.dry_run:
                    raise _DryRun
        except _DryRun:
            report.version = None
    return report


def failed(error: CompactgraphError, wishes: Wishes) -> Report:
    """The report of an import that came to nothing for this error."""
    return Report(dry_run=wishes.dry_run, error=error)


@dataclass(frozen=True, slots=True)
class _Import:
    """The files of one import: exchange records are put as they come, pages when all are read."""

    importing: Importing
    wishes: Wishes
    progress: Silent
    chosen: Format | None

    def run(self, inputs: Sequence[Input]) -> None:
        """Read all files, put what they hold, and write it."""
        self.progress.begin(len(inputs), sum(each.size for each in inputs))
        for each in inputs:
            self.progress.file(each.name)
            try:
                self._take(each)
            except InvalidInput as error:
                self.importing.report.add(_refused(each, error))
        self.progress.phase("putting pages together")
        self.importing.pages.put()
        if self.wishes.replace_source is not None:
            replace(self.importing, self.wishes.replace_source)
        self._write(self.importing.transaction)

    def _take(self, handed: Input) -> None:
        beginning = handed.beginning()
        found = self.chosen or format_of(handed, beginning)
        self.importing.report.formats[handed.name] = found.name
        found.take(self.importing, handed)

    def _write(self, transaction: Transaction) -> None:
        report = self.importing.report
        self.progress.phase("writing")
        before = transaction.version()
        settle(transaction, report)
        after = transaction.version()
        if after == before:
            return
        report.version = after
        if self.wishes.compare or self.wishes.dry_run:
            self.progress.phase("comparing")
            operations = ("update", "alias", "delete")
            told = ("create", *operations) if self.wishes.dry_run else operations
            report.compare(differences(transaction.connection, after, told))


def _refused(handed: Input, error: CompactgraphError) -> Entry:
    line, text = (error.line, error.text) if isinstance(error, RefusedLine) else (None, None)
    return refusal(handed.name, line, error, text)

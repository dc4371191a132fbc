"""Import command: `compactgraph import`, which publishes what it took."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ontology.errors import CompactgraphError, Interrupted
from server.choice import one_of
from server.database import open_database
from server.importer import csv_header
from server.importer.formats import NAMES
from server.importer.interruption import heeding
from server.importer.progress import shown
from server.importer.report import Report
from server.importer.run import Wishes, failed, run
from server.importer.telling import check_writable, tell, write_report
from server.load import first_start
from server.publish_command import published, tell_of
from server.settings import settings
from server.telling import tell_error, told

_plain = Console(stderr=True, highlight=False, soft_wrap=True)


def import_(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files, folders, patterns such as '*.txt', or - for a pipe.")
    ] = None,
    format: Annotated[str | None, typer.Option(help="Read every file as this.", **one_of(NAMES))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    report: Annotated[Path | None, typer.Option(help="Also write the report to this file, as JSON.")] = None,
    replace_source: Annotated[
        str | None,
        typer.Option(help="Delete the projects of pages under this address that are not in the import."),
    ] = None,
    publishes: Annotated[
        bool, typer.Option("--publish/--no-publish", help="Whether to make the dumps anew when all is taken.")
    ] = True,
    template: Annotated[
        str | None, typer.Option(help="Only print an empty table to fill in.", **one_of(("csv",)))
    ] = None,
    language: Annotated[
        str, typer.Option(help="The language of the template.", **one_of(("en", "fr", "es")))
    ] = "en",
) -> None:
    """Import project pages, tables of projects or exchange records, in one transaction."""
    if template is not None:
        sys.stdout.write(csv_header.template(language))
        raise typer.Exit
    if not paths:
        raise typer.BadParameter("name files or folders, or --template")
    wishes = Wishes(format, dry_run, report is not None, replace_source)
    with told():
        if report is not None:
            check_writable(report)
        taken = _imported(paths, wishes)
        if taken.error is None:
            tell(taken, lambda line: _plain.print(line, markup=False))
        if report is not None:
            write_report(taken, report)
        if taken.error is not None:
            raise taken.error
    if publishes and not dry_run:
        _publish_what_was_taken()
    raise typer.Exit(taken.exit_status)


def _publish_what_was_taken() -> None:
    """Publish after an import; what was taken stays taken where that fails."""
    try:
        publication, is_new = published(open_database(settings().database_url))
    except CompactgraphError as error:
        tell_error(error)
    except KeyboardInterrupt:
        tell_error(
            Interrupted("publishing was stopped; what was imported is stored", "Run `compactgraph publish`.")
        )
    else:
        if is_new:
            tell_of(publication)


def _imported(paths: list[Path], wishes: Wishes) -> Report:
    """The report of an import, also of one that came to nothing."""
    try:
        engine = open_database(settings().database_url)
        first_start(engine, sample=settings().sample)
        with shown(_plain) as progress, heeding(progress) as heeded:
            return run(engine, paths, wishes, heeded)
    except CompactgraphError as error:
        return failed(error, wishes)
    except KeyboardInterrupt:
        stopped = Interrupted("the import was stopped, and nothing was written", "Run the command again.")
        return failed(stopped, wishes)

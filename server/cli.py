"""Command line: `compactgraph`, one function a command."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
import uvicorn
from rich.console import Console

from ontology.errors import CompactgraphError
from ontology.iri import Iris
from schema.scalars import Language
from schema.store import reading
from server.database import check_upgraded, open_database
from server.exporter import jsonl, rdf, tables
from server.exporter.selection import project_filter
from server.graphql import api_schema
from server.importer import csv_header
from server.importer.report import Report
from server.importer.run import import_paths
from server.load import first_start
from server.settings import check_public, settings

app = typer.Typer(
    help="IOM Development Fund projects and the Global Compact for Migration, as GraphQL and linked data.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="Migrations and consistency of the database.", no_args_is_help=True)
app.add_typer(database, name="db")

_plain = Console(stderr=True, highlight=False, soft_wrap=True)


class ImportFormat(StrEnum):
    """What a file can be read as."""

    PAGE = "page"
    HTML = "html"
    CSV = "csv"
    JSONL = "jsonl"


class TemplateFormat(StrEnum):
    """What an empty table can be printed as."""

    CSV = "csv"


class HeaderLanguage(StrEnum):
    """The languages in which columns have names."""

    EN = "en"
    FR = "fr"
    ES = "es"


class ExportFormat(StrEnum):
    """What an export can be written as."""

    JSONL = "jsonl"
    CSV = "csv"
    NT = "nt"
    NQ = "nq"
    TTL = "ttl"
    TRIG = "trig"
    JSONLD = "jsonld"


@contextmanager
def _told() -> Generator[None]:
    """Tell an error in one line with its code and suggestion, and end with status 2."""
    try:
        yield
    except CompactgraphError as error:
        _plain.print(f"{error.code}: {error.message}")
        if error.suggestion:
            _plain.print(error.suggestion)
        raise typer.Exit(2) from None


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="How many processes answer.")] = 1,
) -> None:
    """Serve the graph; the first start makes the database and loads vocabularies and sample projects."""
    with _told():
        check_public(host, settings().base_iri)
        first_start(open_database(settings().database_url), sample=settings().sample)
    base = settings().base_iri
    _plain.print(f"Database    {_shown_database()}")
    _plain.print(f"GraphQL     {base}/graphql")
    _plain.print(f"A project   {base}/project/PN.0008.ttl")
    _plain.print(f"All there is  {base}/")
    uvicorn.run(
        "server.app:create_app", factory=True, host=host, port=port, workers=workers, log_level="warning"
    )


def _shown_database() -> str:
    return open_database(settings().database_url).url.render_as_string(hide_password=True)


@app.command("import")
def import_(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders.")] = None,
    format: Annotated[ImportFormat | None, typer.Option(help="Read every file as this.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    report: Annotated[Path | None, typer.Option(help="Also write the report to this file, as JSON.")] = None,
    template: Annotated[
        TemplateFormat | None, typer.Option(help="Only print an empty table to fill in.")
    ] = None,
    language: Annotated[
        HeaderLanguage, typer.Option(help="The language of the template.")
    ] = HeaderLanguage.EN,
) -> None:
    """Import project pages, tables of projects or exchange records, in one transaction."""
    if template is not None:
        sys.stdout.write(csv_header.template(language.value))
        raise typer.Exit
    if not paths:
        raise typer.BadParameter("name files or folders, or --template")
    with _told():
        engine = open_database(settings().database_url)
        first_start(engine, sample=settings().sample)
        taken = import_paths(engine, paths, format=format.value if format else None, dry_run=dry_run)
    _tell(taken)
    if report is not None:
        report.write_text(taken.to_json(), encoding="utf-8")
    raise typer.Exit(taken.exit_status)


def _tell(report: Report) -> None:
    for entry in report.entries:
        place = f"{entry.file}:{entry.line}" if entry.line else entry.file
        about = " ".join(str(each) for each in (entry.identifier, entry.field) if each)
        _plain.print(f"{entry.outcome:9} {place} {about} {entry.reason or ''}".rstrip(), markup=False)
        if entry.suggestion:
            _plain.print(f"{'':9} {entry.suggestion}", markup=False)
    counted = ", ".join(f"{number} {outcome}" for outcome, number in report.counts().items())
    _plain.print(counted or "nothing to import", markup=False)


@contextmanager
def _output(path: Path | None) -> Generator[BinaryIO]:
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with path.open("wb") as out:
        yield out


@app.command()
def export(
    format: Annotated[ExportFormat, typer.Option(help="What to write.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file instead of the screen.")
    ] = None,
    as_of: Annotated[int | None, typer.Option(help="As it was at this data version (jsonl only).")] = None,
    filter: Annotated[
        str | None,
        typer.Option(help="Only these projects: a ProjectFilter of the API, as JSON (csv, jsonl)."),
    ] = None,
    language: Annotated[Language, typer.Option(help="The language of names in tables.")] = Language.EN,
    spreadsheet: Annotated[
        bool, typer.Option("--spreadsheet", help="Tables with a byte order mark and without formulas.")
    ] = False,
) -> None:
    """Export everything, or some projects with all that is known of them, at one data version."""
    with _told():
        engine = open_database(settings().database_url)
        first_start(engine, sample=settings().sample)
        if as_of is not None and format is not ExportFormat.JSONL:
            raise typer.BadParameter("--as-of goes with --format jsonl")
        if filter is not None and (as_of is not None or format not in (ExportFormat.CSV, ExportFormat.JSONL)):
            raise typer.BadParameter("--filter goes with --format csv or jsonl, and not with --as-of")
        chosen = None if filter is None else project_filter(filter)
        if format is ExportFormat.CSV and output is not None and output.suffix.lower() != ".csv":
            with reading(engine) as snapshot:
                style = tables.Style(language.value, spreadsheet)
                _plain.print(tables.written(snapshot, output, style, chosen), markup=False)
            return
        with reading(engine) as snapshot, _output(output) as out:
            if format is ExportFormat.JSONL:
                jsonl.write(snapshot, out, as_of, chosen)
            elif format is ExportFormat.CSV:
                tables.write_flat(snapshot, out, tables.Style(language.value, spreadsheet), chosen)
            else:
                rdf.write(snapshot, out, format.value, Iris(settings().base_iri))


@app.command("schema")
def schema_() -> None:
    """Print the GraphQL schema."""
    sys.stdout.write(api_schema().as_str() + "\n")


@database.command("upgrade")
def database_upgrade() -> None:
    """Bring the tables to this release, and load its vocabularies."""
    with _told():
        first_start(open_database(settings().database_url), sample=False)
    _plain.print("The database is up to date.")


@database.command("check")
def database_check() -> None:
    """Check that the tables are those of this release and that rows and log agree."""
    with _told():
        engine = open_database(settings().database_url)
        check_upgraded(engine)
        with reading(engine) as snapshot:
            checked = snapshot.check()
    _plain.print(f"{checked} records agree with their rows.")


def main() -> None:
    """Run the command line."""
    app()

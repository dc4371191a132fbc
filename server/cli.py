"""Command line: `compactgraph`, one function a command."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from sqlalchemy import Engine

from ontology.errors import CompactgraphError, Interrupted
from ontology.iri import Iris
from schema.filters import with_ids
from schema.history import earlier
from schema.scalars import Language
from schema.store import reading
from server import counts_command, evaluate_command, process, propose_command, token_command
from server.database import check_upgraded, open_database
from server.exporter import EXPORTS, Wanted, tables
from server.exporter.selection import project_filter
from server.graphql import api_schema
from server.importer import csv_header
from server.importer.formats import NAMES
from server.importer.interruption import heeding
from server.importer.progress import shown
from server.importer.report import Report
from server.importer.run import Wishes, failed, run
from server.importer.telling import check_writable, tell, write_report
from server.load import first_start
from server.output import writing_to
from server.publication import Publication
from server.publishing import is_published, publish
from server.settings import check_public, settings
from server.telling import tell_error, told

app = typer.Typer(
    help="IOM Development Fund projects and the Global Compact for Migration, as GraphQL and linked data.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="Migrations and consistency of the database.", no_args_is_help=True)
app.add_typer(database, name="db")
app.add_typer(token_command.app, name="token")
app.command("matrix")(counts_command.matrix)
app.command("agreement")(counts_command.agreement)
app.command()(propose_command.propose)
app.command()(evaluate_command.evaluate)

_plain = Console(stderr=True, highlight=False, soft_wrap=True)


def _one_of(names: tuple[str, ...]) -> dict[str, Any]:
    """How an option takes one of these names, which its help lists."""

    def check(value: str | None) -> str | None:
        if value is not None and value not in names:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(names)}.")
        return value

    return {"callback": check, "metavar": "|".join(names)}


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="How many processes answer.")] = 1,
) -> None:
    """Serve the graph; the first start makes the database and loads vocabularies and sample projects."""
    with told():
        check_public(host, settings().base_iri)
        engine = open_database(settings().database_url)
        is_new = first_start(engine, sample=settings().sample)
        published = is_published(settings().publication_folder, Iris(settings().base_iri))
        # What is published under another base must not be served; much that nobody published can wait.
        if published is False or (published is None and is_new):
            _tell_of(_published(engine)[0])
    here = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    _plain.print(f"Database      {_shown_database()}")
    _plain.print(f"GraphQL       {here}/graphql")
    _plain.print(f"A project     {here}/project/PN.0008.ttl")
    _plain.print(f"Dumps         {here}/dump")
    _plain.print(f"All there is  {here}/")
    if here != settings().base_iri:
        _plain.print(f"IRIs begin with {settings().base_iri}, which COMPACTGRAPH_BASE_IRI says.")
    with process.publishing() if published is None and not is_new else nullcontext():
        process.run(host, port, workers)


def _shown_database() -> str:
    return open_database(settings().database_url).url.render_as_string(hide_password=True)


@app.command("import")
def import_(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files, folders, patterns such as '*.txt', or - for a pipe.")
    ] = None,
    format: Annotated[str | None, typer.Option(help="Read every file as this.", **_one_of(NAMES))] = None,
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
        str | None, typer.Option(help="Only print an empty table to fill in.", **_one_of(("csv",)))
    ] = None,
    language: Annotated[
        str, typer.Option(help="The language of the template.", **_one_of(("en", "fr", "es")))
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
        publication, is_new = _published(open_database(settings().database_url))
    except CompactgraphError as error:
        tell_error(error)
    except KeyboardInterrupt:
        tell_error(
            Interrupted("publishing was stopped; what was imported is stored", "Run `compactgraph publish`.")
        )
    else:
        if is_new:
            _tell_of(publication)


def _published(engine: Engine) -> tuple[Publication, bool]:
    with _plain.status("Publishing"):
        public = engine.execution_options(texts=settings().publish_texts)
        return publish(public, settings().publication_folder, Iris(settings().base_iri))


def _tell_of(publication: Publication, stands: str = "Published") -> None:
    size = sum(each.size for each in publication.files) / 1e6
    what = f"data version {publication.version}, {len(publication.files)} files, {size:.1f} MB"
    _plain.print(f"{stands} {what}, in {settings().publication_folder}", markup=False)


@app.command("publish")
def publish_() -> None:
    """Make the dumps of the data as they stand now, which the catalogue describes."""
    with told():
        engine = open_database(settings().database_url)
        first_start(engine, sample=settings().sample)
        publication, is_new = _published(engine)
    _tell_of(publication, "Published" if is_new else "Published already:")


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


@app.command()
def export(
    format: Annotated[str, typer.Option(help="What to write.", **_one_of(tuple(EXPORTS)))],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file instead of the screen.")
    ] = None,
    as_of: Annotated[int | None, typer.Option(help="As it was at this data version.")] = None,
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
    if filter is not None and (as_of is not None or not EXPORTS[format].filtered):
        raise typer.BadParameter("--filter goes with --format csv or jsonl, and not with --as-of")
    with told():
        engine = open_database(settings().database_url)
        first_start(engine, sample=settings().sample)
        iris = Iris(settings().base_iri)
        chosen = None if filter is None else with_ids(project_filter(filter), iris)
        style = tables.Style(language.value, spreadsheet)
        wanted = Wanted(iris, chosen, style)
        with reading(engine) as now:
            snapshot = now if as_of is None else earlier(now, as_of)
            if format == "csv" and output is not None and output.suffix.lower() != ".csv":
                _plain.print(tables.written(snapshot, output, style, chosen), markup=False)
                return
            with writing_to(output) as out:
                EXPORTS[format].write(snapshot, out, wanted)


@app.command("schema")
def schema_() -> None:
    """Print the GraphQL schema."""
    sys.stdout.write(api_schema().as_str() + "\n")


@database.command("upgrade")
def database_upgrade() -> None:
    """Bring the tables to this release, and load its vocabularies."""
    with told():
        first_start(open_database(settings().database_url), sample=False)
    _plain.print("The database is up to date.")


@database.command("check")
def database_check() -> None:
    """Check that the tables are those of this release and that rows and log agree."""
    with told():
        engine = open_database(settings().database_url)
        check_upgraded(engine)
        with reading(engine) as snapshot:
            checked = snapshot.check()
    _plain.print(f"{checked} records agree with their rows.")


def main() -> None:
    """Run the command line."""
    app()

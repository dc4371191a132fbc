"""Export command: `compactgraph export`, in every format, at any data version."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ontology.iri import Iris
from schema.filters import with_ids
from schema.history import earlier
from schema.scalars import Language
from schema.store import reading
from server.choice import one_of
from server.database import open_database
from server.exporter import tables
from server.exporter.formats import EXPORTS, Wanted
from server.load import first_start
from server.output import writing_to
from server.project_filter import project_filter, projects
from server.settings import settings
from server.telling import told

_plain = Console(stderr=True, highlight=False, soft_wrap=True)


def export(
    format: Annotated[str, typer.Option(help="What to write.", **one_of(tuple(EXPORTS)))],
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
        chosen = projects(None if filter is None else with_ids(project_filter(filter), iris))
        style = tables.Style(language.value, spreadsheet)
        wanted = Wanted(iris, chosen, style)
        with reading(engine) as now:
            snapshot = now if as_of is None else earlier(now, as_of)
            if format == "csv" and output is not None and output.suffix.lower() != ".csv":
                _plain.print(tables.written(snapshot, output, style, chosen), markup=False)
                return
            with writing_to(output) as out:
                EXPORTS[format].write(snapshot, out, wanted)

"""Counts command: `compactgraph matrix` and `compactgraph agreement`, the same bytes as their addresses."""

from pathlib import Path
from typing import Annotated

import typer

from ontology.iri import Iris
from schema.filters import with_ids
from schema.matrix import Asked, MoneyRule
from schema.matrix_projects import Place
from schema.scalars import CodingScheme, Language
from schema.stats import StatKey
from schema.store import reading
from server import counting
from server.database import open_database
from server.exporter.agreement import agreement_csv, agreement_json
from server.load import first_start
from server.output import writing_to
from server.project_filter import project_filter
from server.settings import settings
from server.telling import told

_KEYS = ", ".join(each.value for each in StatKey)


def matrix(
    rows: Annotated[StatKey, typer.Argument(help=f"The rows: {_KEYS}.", metavar="ROWS")],
    columns: Annotated[StatKey, typer.Argument(help="The columns, likewise.", metavar="COLUMNS")],
    money: Annotated[MoneyRule, typer.Option(help="What of a budget counts in each cell.")] = MoneyRule.FULL,
    json: Annotated[bool, typer.Option("--json/--csv", help="JSON instead of CSV.")] = False,
    quotes: Annotated[
        bool, typer.Option("--quotes", help="The projects and quotes behind cells instead of figures.")
    ] = False,
    row: Annotated[str | None, typer.Option(help="With --quotes, of this row only.")] = None,
    column: Annotated[str | None, typer.Option(help="With --quotes, of this column only.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file, not the screen.")] = None,
    as_of: Annotated[int | None, typer.Option(help="As it was at this data version.")] = None,
    filter: Annotated[
        str | None, typer.Option(help="Only these projects: a ProjectFilter of the API, as JSON.")
    ] = None,
    language: Annotated[Language, typer.Option(help="The language of names.")] = Language.EN,
) -> None:
    """Count projects by two keys, with their money and how many of them were reviewed whole."""
    with told():
        engine = open_database(settings().database_url)
        first_start(engine, sample=settings().sample)
        iris = Iris(settings().base_iri)
        chosen = None if filter is None else with_ids(project_filter(filter), iris)
        asked = Asked(rows, columns, money, chosen, language.value)
        place = Place(row, column) if quotes else None
        with reading(engine) as snapshot:
            written = counting.written(counting.counted(snapshot, asked, as_of, iris.base), snapshot, place)
        with writing_to(output) as out:
            out.write(written["json" if json else "csv"]())


def agreement(
    scheme: Annotated[CodingScheme, typer.Argument(help="What was coded by.")],
    json: Annotated[bool, typer.Option("--json/--csv", help="JSON instead of CSV.")] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file, not the screen.")] = None,
    as_of: Annotated[int | None, typer.Option(help="As it was at this data version.")] = None,
) -> None:
    """Tell how far reviewers agree who coded the same projects blind, by scheme and by code."""
    with told():
        engine = open_database(settings().database_url)
        first_start(engine, sample=settings().sample)
        with reading(engine) as snapshot:
            found = counting.agreed(snapshot, scheme, as_of, settings().base_iri)
        with writing_to(output) as out:
            out.write(agreement_json(found) if json else agreement_csv(found))

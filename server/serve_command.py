"""Serve command: `compactgraph serve`, which makes the database at its first start."""

from contextlib import nullcontext
from typing import Annotated

import typer
from rich.console import Console

from ontology.iri import Iris
from server import process
from server.database import open_database
from server.load import first_start
from server.publish_command import published, tell_of
from server.publishing import is_published
from server.settings import check_public, settings
from server.telling import told

_plain = Console(stderr=True, highlight=False, soft_wrap=True)


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
        stands = is_published(settings().publication_folder, Iris(settings().base_iri))
        # What is published under another base must not be served; much that nobody published can wait.
        if stands is False or (stands is None and is_new):
            tell_of(published(engine)[0])
    here = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    _plain.print(f"Database      {_shown_database()}")
    _plain.print(f"GraphQL       {here}/graphql")
    _plain.print(f"A project     {here}/project/PN.0008.ttl")
    _plain.print(f"Dumps         {here}/dump")
    _plain.print(f"All there is  {here}/")
    if here != settings().base_iri:
        _plain.print(f"IRIs begin with {settings().base_iri}, which COMPACTGRAPH_BASE_IRI says.")
    with process.publishing() if stands is None and not is_new else nullcontext():
        process.run(host, port, workers)


def _shown_database() -> str:
    return open_database(settings().database_url).url.render_as_string(hide_password=True)

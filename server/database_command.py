"""Database command: `compactgraph db`: migrations and consistency of the database."""

import typer
from rich.console import Console

from schema.store import reading
from server.database import open_database
from server.load import first_start
from server.revisions import check_upgraded
from server.settings import settings
from server.telling import told

app = typer.Typer(
    help="Migrations and consistency of the database.", no_args_is_help=True, add_completion=False
)

_plain = Console(stderr=True, highlight=False, soft_wrap=True)


@app.command("upgrade")
def upgrade() -> None:
    """Bring the tables to this release, and load its vocabularies."""
    with told():
        first_start(open_database(settings().database_url), sample=False)
    _plain.print("The database is up to date.")


@app.command("check")
def check() -> None:
    """Check that the tables are those of this release and that rows and log agree."""
    with told():
        engine = open_database(settings().database_url)
        check_upgraded(engine)
        with reading(engine) as snapshot:
            checked = snapshot.check()
    _plain.print(f"{checked} records agree with their rows.")

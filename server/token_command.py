"""Token command: `compactgraph token`, by which whoever runs the service says who may change something."""

import sys
from typing import Annotated

import typer
from rich.console import Console

from schema import token
from schema.store import now, reading, writing
from server.database import open_database
from server.load import first_start
from server.settings import settings
from server.telling import told

app = typer.Typer(
    help="Tokens of persons who may propose and review.", no_args_is_help=True, add_completion=False
)

_plain = Console(stderr=True, highlight=False, soft_wrap=True)


@app.command("create")
def create(
    name: Annotated[str, typer.Option(help="Whose it is: claims and reviews are published under it.")],
    role: Annotated[str, typer.Option(help=f"What the person does: {' or '.join(token.ROLES)}.")],
    scope: Annotated[
        list[str] | None, typer.Option(help="Only this scope of the role; may stand several times.")
    ] = None,
) -> None:
    """Make a token and print it: once, since only its hash is kept."""
    with told():
        scopes = token.scopes_of(role, scope or [])
        engine = open_database(settings().database_url)
        first_start(engine, sample=settings().sample)
        with writing(engine) as transaction:
            made = token.create(transaction.connection, name, scopes, now())
    # The token alone goes to the standard output, so that it can be piped to where it is kept.
    sys.stdout.write(f"{made}\n")
    _plain.print(f"A token of {name} for: {', '.join(scopes)}. It is not shown again.", markup=False)


@app.command("list")
def list_() -> None:
    """List all tokens: whose they are, what for, and since and until when."""
    with told():
        engine = open_database(settings().database_url)
        first_start(engine, sample=settings().sample)
        with reading(engine) as snapshot:
            found = token.listed(snapshot.connection)
    if not found:
        _plain.print("There are no tokens.")
        return
    rows = [("name", "scopes", "created", "revoked", "id")]
    rows += [
        (each.name, ",".join(each.scopes), each.created_at, each.revoked_at or "-", each.id) for each in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


@app.command("revoke")
def revoke(name: Annotated[str, typer.Argument(help="Whose token is good no more.")]) -> None:
    """Let the token of a person be good no more, from the next request on."""
    with told():
        engine = open_database(settings().database_url)
        first_start(engine, sample=settings().sample)
        with writing(engine) as transaction:
            token.revoke(transaction.connection, name, now())
    _plain.print(f"The token of {name} is revoked; what {name} claimed and decided stays.", markup=False)

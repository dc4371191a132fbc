"""Command line: `compactgraph`, each command of which is a module that is imported when it is called.

What the largest commands need takes a second to import, which nobody should wait for who makes a token.
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

#: The commands in the order of the help, and where each of them is: a function, or commands of their own.
COMMANDS = {
    "serve": "server.serve_command:serve",
    "import": "server.import_command:import_",
    "export": "server.export_command:export",
    "publish": "server.publish_command:publish",
    "propose": "server.propose_command:propose",
    "evaluate": "server.evaluate_command:evaluate",
    "matrix": "server.counts_command:matrix",
    "agreement": "server.counts_command:agreement",
    "schema": "server.schema_command:schema",
    "token": "server.token_command:app",
    "db": "server.database_command:app",
}


class _Commands(TyperGroup):
    """The commands, of which only what is called is imported; the help is of all of them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        # These are what is suggested for a name that is none of them.
        self.commands = dict.fromkeys(COMMANDS, self)

    def list_commands(self, ctx: Any) -> list[str]:
        """Give the names, as the help lists them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Give one command, or None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(module), name)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False)
            alone.command(cmd_name)(found)
            found = alone
        command = get_command(found)
        command.name = cmd_name
        return command


app = typer.Typer(cls=_Commands, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def compactgraph() -> None:
    """IOM Development Fund projects and the Global Compact for Migration, as GraphQL and linked data."""


def main() -> None:
    """Run the command line."""
    app()

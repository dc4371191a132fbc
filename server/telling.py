"""Telling: how commands tell an error: one line with its code, one with what helps, and an exit status."""

from collections.abc import Generator
from contextlib import contextmanager

import typer
from rich.console import Console

from ontology.errors import CompactgraphError

_plain = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def told() -> Generator[None]:
    """Tell an error with its code and suggestion, and end with status 2."""
    try:
        yield
    except CompactgraphError as error:
        tell_error(error)
        raise typer.Exit(2) from None


def tell_error(error: CompactgraphError) -> None:
    """Tell an error and go on."""
    # What users named may look like the markup of the library.
    _plain.print(f"{error.code}: {error.message}", markup=False)
    if error.suggestion:
        _plain.print(error.suggestion, markup=False)

"""Output: where a command writes, the screen or a file that is only replaced when all is written."""

import os
import signal
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import typer

from server.importer.telling import unwritable


def _screen() -> Iterator[BinaryIO]:
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Whoever read has seen enough, as with `| head`; Python would complain when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(128 + signal.SIGPIPE) from None


@contextmanager
def writing_to(path: Path | None) -> Generator[BinaryIO]:
    """Where a command writes; None is the screen. Raises UnwritableFile."""
    if path is None:
        yield from _screen()
        return
    part = path.with_name(f"{path.name}.part") if path.is_file() or not path.exists() else path
    try:
        with part.open("wb") as out:
            yield out
        if part != path:
            part.replace(path)
    except OSError as error:
        raise unwritable(path, error) from None
    finally:
        if part != path:
            part.unlink(missing_ok=True)

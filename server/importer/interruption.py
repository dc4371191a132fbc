"""Interruption: the wish to stop an import, heeded also where Python would lose it.

Python raises KeyboardInterrupt wherever it happens to be; in the end of an object's life or the callback of a
reference it tells of it and goes on (`signal` in its library documentation, "Note on Signal Handlers and
Exceptions"). What was asked for is remembered here, and raised again at the next step of the import.
"""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

from server.importer.progress import Silent


class _Heeding(Silent):
    """Tells another progress each step, unless somebody asked to stop."""

    def __init__(self, progress: Silent) -> None:
        self._progress = progress
        self._is_asked = False

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        """Take the signal of Ctrl-C."""
        self._is_asked = True
        raise KeyboardInterrupt

    def begin(self, files: int, size: int) -> None:
        """Tell that the import begins."""
        self._check().begin(files, size)

    def file(self, name: str) -> None:
        """Tell which file is next."""
        self._check().file(name)

    def read(self, size: int) -> None:
        """Tell how much was read."""
        self._check().read(size)

    def phase(self, words: str) -> None:
        """Tell what begins; the last of these comes before anything is written for good."""
        self._check().phase(words)

    def _check(self) -> Silent:
        if self._is_asked:
            raise KeyboardInterrupt
        return self._progress


@contextmanager
def heeding(progress: Silent) -> Generator[Silent]:
    """Progress that raises KeyboardInterrupt at its next step once Ctrl-C was pressed; main thread only."""
    heeds = _Heeding(progress)
    before = signal.signal(signal.SIGINT, heeds.ask)
    try:
        yield heeds
    finally:
        signal.signal(signal.SIGINT, before)

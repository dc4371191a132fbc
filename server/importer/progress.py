"""Progress: how far an import is, as a bar on a terminal and as a plain line now and then elsewhere."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

_MEGABYTE = 1024 * 1024


class Silent:
    """Progress that nobody is told; the other kinds tell what they override."""

    def begin(self, files: int, size: int) -> None:
        """An import of so many files and bytes, as they lie on the disk, begins."""

    def file(self, name: str) -> None:
        """The next file is read."""

    def read(self, size: int) -> None:
        """So many more bytes were read."""

    def phase(self, words: str) -> None:
        """All is read, and something else begins."""


class Bar(Silent):
    """A bar with the rate and the time that remains."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self._task = bar.add_task("reading", total=None)
        self._files, self._begun = 0, 0

    def begin(self, files: int, size: int) -> None:
        """Show how much there is."""
        self._files = files
        self.bar.update(self._task, total=size)

    def file(self, name: str) -> None:
        """Show which file it is."""
        self._begun += 1
        self.bar.update(self._task, description=f"reading {self._begun}/{self._files}")

    def read(self, size: int) -> None:
        """Move the bar."""
        self.bar.advance(self._task, size)

    def phase(self, words: str) -> None:
        """Show what goes on, for a time that nobody knows."""
        self.bar.update(self._task, description=words)


class Plain(Silent):
    """Lines, none of them in the first seconds and then one every few seconds."""

    def __init__(
        self, tell: Callable[[str], object], every: float = 5, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tell, self._every, self._clock = tell, every, clock
        self._started = self._told = clock()
        self._size, self._read = 0, 0

    def begin(self, files: int, size: int) -> None:
        """Remember how much there is."""
        self._size = size

    def read(self, size: int) -> None:
        """Tell how much was read, at what rate, and how long the rest will take."""
        self._read += size
        self._now_and_then(self._reading)

    def phase(self, words: str) -> None:
        """Tell what begins, where it was worth a line before."""
        self._now_and_then(lambda: words)

    def _now_and_then(self, words: Callable[[], str]) -> None:
        now = self._clock()
        if now - self._told >= self._every:
            self._told = now
            self._tell(words())

    def _reading(self) -> str:
        rate = self._read / (self._clock() - self._started)
        left = max(self._size - self._read, 0) / rate
        share = 100 * self._read // max(self._size, 1)
        return (
            f"reading: {share} % of {self._size / _MEGABYTE:.1f} MB, "
            f"{rate / _MEGABYTE:.2f} MB/s, {left:.0f} s left"
        )


@contextmanager
def shown(console: Console) -> Generator[Silent]:
    """Progress as this console can show it; a bar is gone at the end."""
    if not console.is_terminal:
        yield Plain(lambda words: console.print(words, markup=False))
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield Bar(bar)

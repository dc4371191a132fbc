"""An import heeds Ctrl-C wherever it was doing something when it was pressed."""

import signal

import pytest

from server.importer.interruption import heeding
from server.importer.progress import Silent


class Dying:
    """Python raises nothing out of the end of an object; it only tells of it."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_python_loses_is_raised_at_the_next_step() -> None:
    with heeding(Silent()) as progress:
        progress.read(1)
        Dying()
        with pytest.raises(KeyboardInterrupt):
            progress.phase("writing to the disk")


def test_it_is_raised_at_once_where_python_can() -> None:
    with heeding(Silent()), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_what_was_done_before_is_done_again_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    with heeding(Silent()):
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_the_progress_behind_it_is_told() -> None:
    told: list[object] = []

    class Telling(Silent):
        def begin(self, files: int, size: int) -> None:
            told.append((files, size))

        def file(self, name: str) -> None:
            told.append(name)

        def read(self, size: int) -> None:
            told.append(size)

        def phase(self, words: str) -> None:
            told.append(words)

    with heeding(Telling()) as progress:
        progress.begin(1, 2)
        progress.file("a")
        progress.read(2)
        progress.phase("writing")
    assert told == [(1, 2), "a", 2, "writing"]

"""Files: which files an import reads, whether named, in a folder, or through a pipe."""

import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO

from ontology.errors import UnreadableFile
from server.importer.formats import SUFFIXES
from server.importer.input import Input, Read
from server.importer.limits import Limits

#: The path that stands for what is piped into the command.
PIPED = Path("-")

_WILD = frozenset("*?[")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Reach:
    """What is taken of folders: files with a known suffix, or every one."""

    every: bool

    def within(self, folder: Path) -> Iterator[Path]:
        """The files in a folder and in its folders, without hidden ones."""
        for path in folder.rglob("*"):
            hidden = any(each.startswith(".") for each in path.relative_to(folder).parts)
            if path.is_file() and not hidden and (self.every or _suffix(path) in SUFFIXES):
                yield path

    def named(self, path: Path) -> Iterator[Path]:
        """The files that a path names: itself, those in the folder, or those that fit the pattern."""
        if path == PIPED or (path.exists() and not path.is_dir()):
            yield path
        elif path.is_dir():
            yield from self.within(path)
        else:
            for each in _matching(path):
                yield from self.named(each)


def _suffix(path: Path) -> str:
    return Path(path.name.lower().removesuffix(".gz")).suffix


def _matching(path: Path) -> list[Path]:
    """What fits a pattern that no shell has replaced. Raises UnreadableFile when nothing does."""
    found: list[Path] = []
    if _WILD & set(str(path)):
        root = Path(path.anchor or ".")
        pattern = str(path.relative_to(path.anchor) if path.anchor else path)
        found = [each for each in root.glob(pattern) if not each.name.startswith(".")]
    if not found:
        raise UnreadableFile(f"there is no file or folder {path}", "Check the path.")
    return found


@contextmanager
def files(
    paths: Sequence[Path], limits: Limits, read: Read, *, every: bool = False
) -> Generator[list[Input]]:
    """The files that the paths name, each once, sorted; of folders those with a known suffix, or `every`.

    What comes through a pipe is read to its end first, so that nobody waits for it with the database in hand.
    Raises UnreadableFile for a path that is not there.
    """
    reach = _Reach(every)
    found = sorted({each for path in paths for each in reach.named(path)})
    with ExitStack() as stack:
        yield [_input(path, limits, read, stack) for path in found]


def _input(path: Path, limits: Limits, read: Read, stack: ExitStack) -> Input:
    if path == PIPED:
        return Input("-", _kept(sys.stdin.buffer, limits, stack), limits, read)
    if not path.is_file():
        with path.open("rb") as pipe:
            return Input(str(path), _kept(pipe, limits, stack), limits, read)
    return Input(str(path), path, limits, read)


def _temporary() -> IO[bytes]:
    return NamedTemporaryFile(prefix="compactgraph-")


def _kept(pipe: BinaryIO, limits: Limits, stack: ExitStack) -> Path:
    """A file with what comes through the pipe, until the end of the import; not more than files may hold."""
    kept = stack.enter_context(_temporary())
    left = limits.file + 1
    while left > 0 and (chunk := pipe.read(min(left, _CHUNK))):
        kept.write(chunk)
        left -= len(chunk)
    kept.flush()
    return Path(kept.name)

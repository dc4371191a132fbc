"""Files: which files an import reads, in which format, and their text."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from ontology.errors import UnreadableFile


class Format(StrEnum):
    """What a file can be read as."""

    PAGE = "page"
    HTML = "html"
    CSV = "csv"
    JSONL = "jsonl"


_BY_SUFFIX = {
    ".txt": Format.PAGE,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
}
_BY_BEGINNING = {"{": Format.JSONL, "<": Format.HTML, "http": Format.PAGE}


def files(paths: Sequence[Path], *, every: bool = False) -> list[Path]:
    """The files that the paths name, folders with all that is in them; each once, sorted.

    Of folders only files with a known suffix are taken, or `every` file that is not hidden.
    Raises UnreadableFile for a path that is not there.
    """
    found: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise UnreadableFile(f"there is no file or folder {path}", "Check the path.")
        found.update(_within(path, every=every) if path.is_dir() else (path,))
    return sorted(found)


def _within(folder: Path, *, every: bool) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(each.startswith(".") for each in path.relative_to(folder).parts)
        if path.is_file() and not hidden and (every or path.suffix.lower() in _BY_SUFFIX):
            yield path


def content(path: Path) -> bytes:
    """The bytes of a file. Raises UnreadableFile."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"the file cannot be read: {error.strerror}", "Check the file and its permissions."
        ) from None


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8. Raises UnreadableFile with the first byte that is wrong."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"no UTF-8: byte {error.start + 1} is {data[error.start]:#04x}", "Save the file in UTF-8."
        ) from None


def format_of(path: Path, data: bytes) -> Format:
    """The format of a file by its suffix, else by its beginning. Raises UnreadableFile."""
    if (known := _BY_SUFFIX.get(path.suffix.lower())) is not None:
        return known
    beginning = data[:200].decode(errors="replace").removeprefix("\ufeff").lstrip()
    for start, found in _BY_BEGINNING.items():
        if beginning.startswith(start):
            return found
    raise UnreadableFile(
        "the format of the file is not known", f"Name it with --format: {', '.join(Format)}."
    )

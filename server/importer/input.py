"""Input: one file that is handed over, unpacked where it is packed, within the limits.

Nothing of a file is taken before its size is known, so that a file is never taken in half.
"""

import gzip
import io
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ontology.errors import TooLarge, UnreadableFile
from server.importer.limits import Limits

_PACKED = b"\x1f\x8b"
_BEGINNING = 4096
_CHUNK = 1 << 16

# The longer marks come first, since the shorter ones begin them.
_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)

Read = Callable[[int], None]


class _Counted(io.FileIO):
    """A file that tells how much of it was read."""

    def __init__(self, path: Path, tell: Read) -> None:
        super().__init__(path)
        self._tell = tell

    def readinto(self, buffer: Any) -> int | None:
        """Read, and tell how much."""
        count = super().readinto(buffer)
        self._tell(count or 0)
        return count


def _unheard(_: int) -> None:
    """Tell nobody."""


@contextmanager
def _readable() -> Generator[None]:
    """Tell what the system or the packing refuses. Raises UnreadableFile."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFile(f"the gzip data are damaged: {error}", "Pack the file again.") from None
    except OSError as error:
        raise UnreadableFile(
            f"the file cannot be read: {error.strerror}", "Check the file and its permissions."
        ) from None


@dataclass(frozen=True, slots=True)
class Input:
    """A file under the name that the report uses; what came through a pipe lies in a file for the time."""

    name: str
    path: Path
    limits: Limits
    read: Read = _unheard

    @property
    def size(self) -> int:
        """Its size as it lies on the disk; 0 when nobody can tell."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @property
    def suffix(self) -> str:
        """Its suffix without that of the packing, in small letters; empty for what came through a pipe."""
        name = self.name.lower().removesuffix(".gz")
        return "" if self.name == "-" else Path(name).suffix

    @contextmanager
    def _opened(self, read: Read = _unheard) -> Generator[BinaryIO]:
        with _readable(), io.BufferedReader(_Counted(self.path, read), _CHUNK) as raw:
            if raw.peek(2)[:2] != _PACKED:
                yield raw
                return
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield io.BufferedReader(unpacked, _CHUNK)

    def beginning(self) -> bytes:
        """Its first bytes. Raises UnreadableFile for those of an encoding that is not read."""
        with self._opened() as opened:
            beginning = opened.read(_BEGINNING)
        for mark, encoding in _MARKS:
            if beginning.startswith(mark):
                raise UnreadableFile(
                    f"the file is in {encoding}, by its first {len(mark)} bytes",
                    f"Save it in UTF-8, or run: iconv -f {encoding} -t UTF-8 FILE",
                )
        return beginning

    def text(self, largest: int | None = None) -> str:
        """All of it as text, of a page or of at most `largest` bytes. Raises UnreadableFile and TooLarge."""
        limit = self.limits.page if largest is None else largest
        with self._opened(self.read) as opened:
            data = opened.read(limit + 1)
        if len(data) > limit:
            raise TooLarge(
                f"the page is larger than {limit} bytes",
                "Give one page a file, or raise COMPACTGRAPH_MAX_PAGE_MB.",
            )
        return decoded(data)

    def check_size(self) -> int:
        """Its size as unpacked. Raises TooLarge, and UnreadableFile for damaged packing."""
        size = self._unpacked()
        if size > self.limits.file:
            raise TooLarge(
                f"the file is larger than {self.limits.file} bytes",
                "Split it, or raise COMPACTGRAPH_MAX_FILE_MB.",
            )
        return size

    def _unpacked(self) -> int:
        """Its size as unpacked, as far as anybody needs to know."""
        with self._opened() as opened:
            if self._is_plain(opened):
                return self.size
            size = 0
            while size <= self.limits.file and (read := len(opened.read(_CHUNK))):
                size += read
            return size

    @staticmethod
    def _is_plain(opened: BinaryIO) -> bool:
        return isinstance(getattr(opened, "raw", None), io.FileIO)

    def lines(self) -> Iterator[bytes]:
        """Its lines one by one, without their ends; of one that is too long the beginning, still too long."""
        with self._opened(self.read) as opened:
            longest = self.limits.line + 1
            while line := opened.readline(longest + 2):
                if len(line) > longest and not line.endswith(b"\n"):
                    _skip_line(opened)
                    yield line
                    continue
                plain = line.rstrip(b"\r\n")
                # Few files end lines with a carriage return alone, so only these pay for it.
                yield from plain.split(b"\r") if b"\r" in plain else (plain,)


def _skip_line(opened: BinaryIO) -> None:
    """Go behind the end of the line, without keeping it."""
    while (more := opened.readline(_CHUNK)) and not more.endswith(b"\n"):
        pass


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8. Raises UnreadableFile with the first byte that is wrong."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"no UTF-8: byte {error.start + 1} is {data[error.start]:#04x}", "Save the file in UTF-8."
        ) from None
    if (place := data.find(0)) >= 0:
        raise UnreadableFile(f"byte {place + 1} is NUL, which no text has", "Remove it.")
    return text.removeprefix("\ufeff")

"""Packing: texts as gzip and tables as zip, without times, so that equal data are equal bytes.

What several files hold is compressed once: a text becomes a run of deflate blocks that refer to nothing
before it (RFC 1951, section 3.2), and a file of gzip may be made of any such runs, one after the other.
"""

import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

# That of zipfile too. With one level and one version of zlib, the same text is the same bytes.
_LEVEL = 6

# Magic number, deflate, no flags, no time, no hint, no system (RFC 1952, section 2.3).
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# A deflate stream ends with a block that is marked as the last; this one holds nothing.
_LAST_BLOCK = b"\x03\x00"
_AT_ONCE = 1 << 16
# The first moment that a zip file can name, and a file that everybody may read.
_NO_TIME, _READABLE = (1980, 1, 1, 0, 0, 0), 0o100644 << 16


class GzipFile:
    """One file of gzip that is being made of texts."""

    def __init__(self, path: Path) -> None:
        self._out = path.open("wb")
        self._crc = self._length = 0
        self.put(_HEADER)

    def count(self, data: bytes) -> None:
        """Take account of a piece of text that `put` puts in compressed."""
        self._crc = zlib.crc32(data, self._crc)
        self._length += len(data)

    def put(self, packed: bytes) -> None:
        """Put compressed text in."""
        self._out.write(packed)

    def close(self) -> None:
        """End the file."""
        self.put(_LAST_BLOCK)
        self.put(self._crc.to_bytes(4, "little") + (self._length & 0xFFFFFFFF).to_bytes(4, "little"))
        self._out.close()


class PackedText:
    """A text that goes into several files and is compressed once."""

    def __init__(self, *files: GzipFile) -> None:
        self._files = files
        self._packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._pieces: list[str] = []
        self._waiting = 0

    def write(self, piece: str) -> None:
        """Put a piece behind what was written before."""
        self._pieces.append(piece)
        self._waiting += len(piece)
        if self._waiting >= _AT_ONCE:
            self._pack()

    def end(self) -> None:
        """Finish the text; the files may go on with others."""
        self._pack()
        self._put(self._packer.flush(zlib.Z_FULL_FLUSH))

    def _pack(self) -> None:
        data = "".join(self._pieces).encode()
        self._pieces.clear()
        self._waiting = 0
        for each in self._files:
            each.count(data)
        self._put(self._packer.compress(data))

    def _put(self, packed: bytes) -> None:
        for each in self._files:
            each.put(packed)


def put_text(words: str, *files: GzipFile) -> None:
    """Put a short text into files."""
    text = PackedText(*files)
    text.write(words)
    text.end()


def gzip_file(source: Path, target: Path) -> None:
    """Write a file packed with gzip."""
    packed = GzipFile(target)
    text = PackedText(packed)
    with source.open(encoding="utf-8", newline="") as lines:
        while some := lines.read(_AT_ONCE):
            text.write(some)
    text.end()
    packed.close()


def zip_files(files: Iterable[Path], target: Path) -> None:
    """Write files packed as one zip, under their names and in this order."""
    with zipfile.ZipFile(target, "w") as out:
        for each in files:
            entry = zipfile.ZipInfo(each.name, _NO_TIME)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _READABLE, 3
            # From its size the entry follows in which form its header is (APPNOTE, section 4.3.9.2).
            entry.file_size = each.stat().st_size
            with each.open("rb") as source, out.open(entry, "w") as packed:
                shutil.copyfileobj(source, packed, _AT_ONCE)


def checksum(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

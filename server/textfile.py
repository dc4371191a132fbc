"""Textfile: the words of a file that a command was given, or of a pipe."""

import sys
from pathlib import Path

from ontology.errors import UnreadableFile


def text_of(path: Path) -> str:
    """The text of a file or of the standard input. Raises UnreadableFile."""
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}", "Check the path.") from None
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{path} is no UTF-8: byte {error.start} cannot be read", "Save it as UTF-8."
        ) from None

"""Limits: how much an import takes from one file, line or text, so that none of them can fill the machine."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ontology.errors import TooLarge
from server.settings import Settings

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest sizes, in bytes as unpacked, and of a text in characters."""

    file: int
    page: int
    line: int
    text: int

    def check_line(self, raw: bytes) -> None:
        """Raises TooLarge for a line that is longer than lines may be."""
        if len(raw) > self.line:
            raise TooLarge(
                f"the line is longer than {self.line} bytes",
                "Shorten its texts, or raise COMPACTGRAPH_MAX_LINE_MB.",
            )

    def check_record(self, line: bytes, record: object) -> None:
        """Raises TooLarge for the record of a line with a text that is longer than texts may be."""
        # No text is longer than the line that holds it, so nearly all records are done with this.
        if len(line) > self.text:
            for path, words in _texts(record):
                self.check_text(path, words)

    def check_text(self, field: str, words: str) -> None:
        """Raises TooLarge for a text that is longer than texts may be."""
        if len(words) > self.text:
            raise TooLarge(
                f"{field}: the text has {len(words)} characters, more than {self.text}",
                "Shorten it, or raise COMPACTGRAPH_MAX_TEXT_LENGTH.",
                field=field,
            )


#: For what comes from ourselves.
NO_LIMITS = Limits(file=sys.maxsize, page=sys.maxsize, line=sys.maxsize, text=sys.maxsize)


def limits_of(settings: Settings) -> Limits:
    """The limits that the settings say."""
    return Limits(
        file=round(settings.max_file_mb * _MEGABYTE),
        page=round(settings.max_page_mb * _MEGABYTE),
        line=round(settings.max_line_mb * _MEGABYTE),
        text=settings.max_text_length,
    )


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """Every text inside a JSON value with its path, without recursion."""
    stack: list[tuple[str, Any]] = [("", value)]
    while stack:
        path, each = stack.pop()
        if isinstance(each, str):
            yield path, each
        elif isinstance(each, dict):
            stack.extend((f"{path}.{name}" if path else name, inner) for name, inner in each.items())
        elif isinstance(each, list):
            stack.extend((f"{path}[{place}]", inner) for place, inner in enumerate(each))

"""Lines: the text of a page in one canonical form, its lines with their places, and what went wrong where."""

import re
import unicodedata
from dataclasses import dataclass

from ontology.errors import RefusedPage

_BULLET = re.compile(r"\s*[•●▪◦*]\s+")
_MARKS = frozenset("-–—•●▪◦*")
# A link of a menu, which text browsers print as a list.
_MENU = re.compile(r"\s*[-–—•●▪◦*]\s+\S")


class RefusedLine(RefusedPage):
    """A page is refused for the words of one of its lines."""

    def __init__(
        self, message: str, suggestion: str, *, field: str | None = None, line: int | None, text: str | None
    ) -> None:
        super().__init__(message, suggestion, field=field)
        self.line = line
        self.text = text


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its number in the file, where it begins in the text, and its words."""

    number: int
    start: int
    text: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on it but, at most, the mark of a list."""
        words = self.text.strip()
        return not words or words in _MARKS

    @property
    def is_mark(self) -> bool:
        """Whether the mark of a list stands on it alone."""
        return self.text.strip() in _MARKS

    @property
    def is_bullet(self) -> bool:
        """Whether it begins with a bullet."""
        return _BULLET.match(self.text) is not None

    @property
    def is_menu(self) -> bool:
        """Whether it is an entry of a list."""
        return _MENU.match(self.text) is not None

    @property
    def is_indented(self) -> bool:
        """Whether it begins with white space."""
        return self.text[:1].isspace()

    @property
    def bare(self) -> str:
        """Its words without bullet and white space."""
        bullet = _BULLET.match(self.text)
        return self.text[bullet.end() if bullet else 0 :].strip()

    @property
    def span(self) -> tuple[int, int]:
        """Where its words begin and end in the text, without the white space around them."""
        start = self.start + len(self.text) - len(self.text.lstrip())
        return start, start + len(self.text.strip())


def canonical(content: str) -> str:
    """The content in Unicode's composed form, with plain line ends."""
    plain = content.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", plain)


def lines_of(text: str, first: int = 1) -> list[Line]:
    """The lines of a text; `first` is the number of its first line in the file."""
    lines: list[Line] = []
    start = 0
    for number, words in enumerate(text.split("\n"), start=first):
        lines.append(Line(number, start, words))
        start += len(words) + 1
    return lines

"""Table: a CSV file with a row for each project; bad rows are refused one by one, all the good ones taken."""

import csv
import io
from collections.abc import Iterator

from ontology.errors import CompactgraphError, InvalidInput, InvalidRecord, RefusedRow
from ontology.iri import is_absolute_iri
from schema.text import LANGUAGES, clean
from server.importer.csv_header import LISTED, Header, header, known, unknown
from server.importer.csv_row import Cells, page_of, read
from server.importer.lines import canonical
from server.importer.page import Page
from server.importer.pages import Pages
from server.importer.report import Entry, Outcome, Report, refusal
from server.importer.statement import TEXTS
from server.importer.vocabulary import Vocabulary

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_LONGEST_CELL = 1_000_000

#: A record of the file with the number of its first line.
Numbered = tuple[int, list[str]]


def take(pages: Pages, file: str, content: str, vocabulary: Vocabulary, report: Report) -> None:
    """Add every row of a table to the pages of the import, and report each that cannot be read."""
    text = content.removeprefix("\ufeff")
    delimiter = _delimiter(text)
    rows = _records(text, delimiter)
    line = 1
    try:
        line, names = next(rows, (1, []))
        table = _Table(header([each.strip() for each in names]), vocabulary)
    except InvalidInput as error:
        report.add(refusal(file, _line_of(error, line), error, text[:200]))
        return
    report.add(_told(file, line, delimiter))
    for name, column in zip(table.header.names, table.header.columns, strict=True):
        if column is None and name:
            report.add(refusal(file, line, unknown(name), name[:200]))
    _take_rows(_Taking(file, report, pages), table, rows)


class _BrokenRow(RefusedRow):
    """The file itself is no CSV from this line on."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(
            f"{reason}; what follows is not read",
            "Put cells with quotes, line ends or delimiters in quotes, and double the quotes within.",
        )
        self.line = line


class _WrongCell(RefusedRow):
    """One cell is refused; the error's field is its column."""

    def __init__(self, error: CompactgraphError, column: str, text: str) -> None:
        super().__init__(error.message, error.suggestion, field=column)
        self.text = text


def _line_of(error: CompactgraphError, line: int) -> int:
    return error.line if isinstance(error, _BrokenRow) else line


def _told(file: str, line: int, delimiter: str) -> Entry:
    reason = f"the columns are parted by {_DELIMITERS[delimiter]}"
    return Entry(file, line, Outcome.NOTE, code="DELIMITER", reason=reason)


def _delimiter(text: str) -> str:
    """The delimiter that makes most of the first record the names of columns."""

    def columns(delimiter: str) -> int:
        try:
            return known(next(_records(text, delimiter), (1, []))[1])
        except RefusedRow:
            return 0

    return max(_DELIMITERS, key=columns)


def _records(text: str, delimiter: str) -> Iterator[Numbered]:
    """The records that are not empty. Raises _BrokenRow: behind it no row can be told from another."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(each.strip() for each in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise _BrokenRow(f"the row that begins here is no CSV ({error})", line) from None


class _Taking:
    """What takes in the rows of one file."""

    def __init__(self, file: str, report: Report, pages: Pages) -> None:
        self._file, self._report, self._pages = file, report, pages

    def take(self, line: int, page: Page) -> None:
        """Add the row, and report what is to be known of it."""
        entry = Entry(self._file, line, Outcome.UNCHANGED)
        self._report.add(entry)
        for each in page.notes:
            note = Entry(self._file, line, Outcome.NOTE, field=each.field, text=each.text)
            note.code, note.reason = each.code, each.reason
            self._report.add(note)
        self._pages.add(page, entry)

    def refuse(self, line: int, error: CompactgraphError, cells: list[str]) -> None:
        """Report a row that cannot be read."""
        text = error.text if isinstance(error, _WrongCell) else " | ".join(cells)
        self._report.add(refusal(self._file, line, error, text[:200]))


def _take_rows(taking: _Taking, table: "_Table", rows: Iterator[Numbered]) -> None:
    try:
        for line, cells in rows:
            try:
                taking.take(line, table.page(cells))
            except RefusedRow as error:
                taking.refuse(line, error, cells)
    except _BrokenRow as error:
        taking.refuse(error.line, error, [])


class _Table:
    """Reads the rows under one header."""

    def __init__(self, header: Header, vocabulary: Vocabulary) -> None:
        self.header = header
        self._vocabulary = vocabulary

    def page(self, raw: list[str]) -> Page:
        """The page that a row makes. Raises RefusedRow."""
        if len(raw) != len(self.header.names):
            raise RefusedRow(
                f"the row has {len(raw)} cells, the header {len(self.header.names)}",
                "Give the row one cell for each column; put cells with delimiters in quotes.",
            )
        found = list(self._filled(raw))
        plain = {field: cell for field, _, cell, _ in found if field in ("url", "language")}
        column_of: dict[str, str] = {}
        cells: Cells = {}
        for field, language, cell, name in found:
            if field in ("url", "language"):
                self._check(field, cell, name)
                continue
            slot = field
            if field in TEXTS:
                slot = f"{field}.{language or self._language(plain, name, cell)}"
            if slot in cells:
                self._compare(slot, cells[slot], cell, name)
                continue
            cells[slot], column_of[slot] = cell, name
        _check_identity(cells)
        try:
            return page_of(cells, plain.get("url"), self._vocabulary)
        except RefusedRow as error:
            slot = error.field or ""
            raise _WrongCell(error, column_of.get(slot, slot), cells.get(slot, "")) from None

    def _filled(self, raw: list[str]) -> Iterator[tuple[str, str | None, str, str]]:
        """The cells that are filled and read: field, language, words, and name of the column."""
        for name, column, cell in zip(self.header.names, self.header.columns, raw, strict=True):
            words = canonical(cell).strip()
            if not words or (column is None and name) or (column and column.follows):
                continue
            try:
                clean(words, name)
            except InvalidRecord as error:
                raise _WrongCell(error, name, ascii(words[:200])) from None
            if column is None:
                raise RefusedRow(f"{words[:80]!r} stands in a column without a name", "Name the column.")
            yield column.field, column.language, words, name

    def _language(self, plain: dict[str, str], name: str, cell: str) -> str:
        language = plain.get("language", "").lower() or self.header.language
        if language is None:
            error = RefusedRow(
                f"{name}: the language of the words is not known",
                f"Call the column `{name} (fr)`, or add a column with the language.",
            )
            raise _WrongCell(error, name, cell)
        return language

    def _check(self, field: str, cell: str, name: str) -> None:
        expected = ""
        if field == "language" and cell.lower() not in LANGUAGES:
            expected = f"one of {', '.join(LANGUAGES)}"
        if field == "url" and not is_absolute_iri(cell):
            expected = "an absolute http(s) address"
        if expected:
            error = RefusedRow(f"{name}: expected {expected}, found {cell[:120]!r}", "Correct the cell.")
            raise _WrongCell(error, name, cell)

    def _compare(self, slot: str, first: str, second: str, name: str) -> None:
        """Two columns may say the same in code and name, and must not say two things."""
        if first == second:
            return
        try:
            if slot in LISTED and self._read(slot, first) == self._read(slot, second):
                return
        except RefusedRow as error:
            raise _WrongCell(error, name, second) from None
        wrong = RefusedRow(
            f"{name}: says {second[:80]!r}, another column {first[:80]!r}",
            "Correct one of them, or leave it empty.",
        )
        raise _WrongCell(wrong, name, second)

    def _read(self, slot: str, cell: str) -> object:
        return read(slot, cell, self._vocabulary, slot)


def _check_identity(cells: Cells) -> None:
    named = {"key", "projectId", "primaId"} & cells.keys()
    if not named and not any(slot.startswith("title.") for slot in cells):
        raise RefusedRow(
            "the row has neither Project ID nor Prima ID nor title", "Add one of them.", field="projectId"
        )

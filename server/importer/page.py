"""Page: the text of a project page, and what it says field by field, with the place of every value.

Reading is pure: text and vocabulary in, a page or a refusal out. The text of a page goes from its title to
the end of its description; its SHA-256 is the key of the source, and every place counts its code points.
Reading that text again gives the same page.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ontology.errors import InvalidRecord
from ontology.iri import is_absolute_iri
from schema.text import clean
from server.importer.labelled import labelled
from server.importer.lines import Line, RefusedLine, canonical, lines_of
from server.importer.oldsite import old_site
from server.importer.printed import Layout, Note, Printed, Value
from server.importer.results import Result, results
from server.importer.values import LETTERED_ID, Unread, is_readable, placeholder, value
from server.importer.vocabulary import CODED, Vocabulary

# Fields that are left out with a note where no rule reads them; any other such field refuses the page. The
# letters of the Project ID say the type more surely, and other countries can be territories.
_UNREAD = {
    "type": ("UNREAD_TYPE", "no type of the code list has this name"),
    "otherStates": ("UNREAD_STATES", "not all of these are states, so none of them is taken"),
}
_LANGUAGE_IN_PATH = re.compile(r"https?://[^/]+/(fr|es|en)(?:/|$)")


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a field: what it stands for, the words as printed, and where they stand in the text.

    A placeholder has words but no value.
    """

    name: str
    value: Any
    raw: str
    start: int
    end: int
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A project page as read, or a row of a table, whose texts say their languages themselves."""

    address: str | None
    language: str
    layout: Layout
    text: str
    fields: tuple[Field, ...]
    results: tuple[Result, ...]
    notes: tuple[Note, ...]
    key: str | None = None

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def value(self, name: str) -> Any:
        """The value of a field, or None."""
        return next((each.value for each in self.fields if each.name == name), None)


def page_of_file(content: str, vocabulary: Vocabulary) -> Page:
    """The page of a text file with its address on the first line. Raises RefusedPage."""
    first, _, rest = canonical(content.removeprefix("\ufeff")).partition("\n")
    if not is_absolute_iri(first.strip()):
        raise RefusedLine(
            "the first line is no address of a page",
            "Write the address of the page on the first line.",
            line=1,
            text=first[:200],
        )
    return page(rest, first.strip(), vocabulary, first_line=2)


def page(content: str, address: str | None, vocabulary: Vocabulary, *, first_line: int = 1) -> Page:
    """The page that a text is, without the line of its address. Raises RefusedPage."""
    whole = canonical(content)
    lines = lines_of(whole, first_line)
    _check_characters(lines)

    def readable(field: str, words: str) -> bool:
        return is_readable(field, words, vocabulary)

    printed = labelled(lines, readable) or old_site(lines, readable, vocabulary)
    if printed is None:
        raise RefusedLine(
            "no labels of a project page, and no title that stands twice",
            "Give pages as text with the labels on lines of their own, or as HTML.",
            line=None,
            text=None,
        )
    return _Reader(whole, address, printed, vocabulary).page()


def _check_characters(lines: list[Line]) -> None:
    for line in lines:
        try:
            clean(line.text, "text")
        except InvalidRecord as error:
            raise RefusedLine(
                error.message, error.suggestion, line=line.number, text=ascii(line.text[:200])
            ) from None


class _Reader:
    """Reads the values that a layout found."""

    def __init__(self, whole: str, address: str | None, printed: Printed, vocabulary: Vocabulary) -> None:
        self._whole = whole
        self._address = address
        self._printed = printed
        self._vocabulary = vocabulary
        self._notes = list(printed.notes)
        self._end = max(printed.end, *(each.end for each in printed.values))
        self._line_of = {each.field: each.line for each in printed.values}

    def page(self) -> Page:
        """The page with all values read. Raises RefusedLine."""
        values = [self._unquoted(each) for each in self._printed.values]
        fields = list(self._fields(self._resolved(values)))
        fields = list(self._without_placeholders(fields))
        text = self._whole[self._printed.begin : self._end]
        described = next((each for each in fields if each.name == "description"), None)
        numbered = results(text, described.start, described.end) if described else iter(())
        return Page(
            self._address,
            self._language(),
            self._printed.layout,
            text,
            tuple(fields),
            tuple(self._first_of_each(numbered)),
            tuple(self._notes),
        )

    def _language(self) -> str:
        """The language of most labels; of several that of the address, which is else English."""
        languages = self._printed.languages or ["en", "es", "fr"]
        if len(languages) == 1:
            return languages[0]
        named = _LANGUAGE_IN_PATH.match(self._address or "")
        language = named[1] if named else "en"
        return language if language in languages else languages[0]

    def _raw(self, each: Value) -> str:
        return self._whole[each.start : each.end]

    def _unquoted(self, each: Value) -> Value:
        """A text without the quotation marks that tables put around it, or the one that a cut left over."""
        raw = self._raw(each)
        marks = raw.count('"')
        if each.field not in ("title", "description") or marks not in (1, 2) or len(raw) < 3:
            return each
        first, last = raw[0] == '"', raw[-1] == '"'
        if marks == 2 and not (first and last):
            return each
        start, end = each.start + first, each.end - last
        inner = self._whole[start:end]
        start += len(inner) - len(inner.lstrip())
        end -= len(inner) - len(inner.rstrip())
        return Value(each.field, start, end, each.line) if start < end else each

    def _resolved(self, values: list[Value]) -> Iterator[Value]:
        """The values under their fields; where a label stands twice, the code lists decide."""
        names = [each.field for each in values]
        for each in values:
            if names.count(each.field) == 1 or each.field not in CODED:
                yield each
                continue
            lists = self._vocabulary.schemes(self._raw(each))
            if len(lists) == 1 and (lists[0] == each.field or lists[0] not in names):
                yield Value(lists[0], each.start, each.end, each.line)
            else:
                self._note("AMBIGUOUS_LABEL", "the label stands twice, and no code list decides", each)

    def _fields(self, values: Iterator[Value]) -> Iterator[Field]:
        found: dict[str, Field] = {}
        for each in values:
            field = self._field(each)
            if field is None:
                continue
            if found.setdefault(each.field, field).value != field.value:
                raise self._refusal(each, f"a second value, beside {found[each.field].raw!r}", "Leave one.")
        yield from (found | self._type(found)).values()

    def _field(self, each: Value) -> Field | None:
        raw = self._raw(each)
        begin = self._printed.begin
        place = (raw, each.start - begin, each.end - begin)
        if each.field in ("title", "description"):
            return Field(each.field, raw, *place)
        try:
            read = value(each.field, raw, self._vocabulary)
        except Unread as error:
            if each.field in _UNREAD:
                self._note(*_UNREAD[each.field], each, error.rest)
                return None
            raise self._refusal(each, f"expected {error.expected}", error.suggestion, error.rest) from None
        return Field(each.field, read, *place)

    def _type(self, found: dict[str, Field]) -> dict[str, Field]:
        """The type that the letters of the Project ID are; a printed one is only compared with it."""
        project_id = found.get("projectId")
        lettered = LETTERED_ID.fullmatch(project_id.raw) if project_id else None
        if project_id is None or lettered is None:
            return {}
        printed = found.pop("type", None)
        code, place = f"type/{lettered[1]}", (project_id.start, project_id.start + len(lettered[1]))
        if code not in self._vocabulary.keys:
            self._notes.append(
                Note(
                    "UNKNOWN_TYPE",
                    "no type has these letters",
                    "type",
                    self._line_of.get("projectId"),
                    lettered[1],
                )
            )
            return {}
        if printed is not None and printed.value != code:
            reason = f"the page prints the type {printed.value}, the letters of the Project ID say {code}"
            self._notes.append(Note("TYPE_DIFFERS", reason, "type", self._line_of.get("type"), printed.raw))
        return {"type": Field("type", code, lettered[1], *place)}

    def _without_placeholders(self, fields: list[Field]) -> Iterator[Field]:
        """The fields without the values that stand for nothing; their words stay."""
        values = {each.name: each.value for each in fields}
        for each in fields:
            reason = placeholder(each.name, values)
            if reason is None:
                yield each
            else:
                code = "PLACEHOLDER_AMOUNT" if each.name == "budgetUsd" else "PLACEHOLDER_YEAR"
                self._notes.append(Note(code, reason, each.name, self._line_of.get(each.name), each.raw))
                yield Field(each.name, None, each.raw, each.start, each.end)

    def _first_of_each(self, numbered: Iterator[Result]) -> Iterator[Result]:
        seen: set[str] = set()
        for each in numbered:
            if each.code in seen:
                reason = f"a result {each.code} stands before this one"
                self._notes.append(Note("REPEATED_RESULT", reason, "results", None, each.text))
            else:
                yield each
            seen.add(each.code)

    def _note(self, code: str, reason: str, each: Value, rest: str | None = None) -> None:
        self._notes.append(Note(code, reason, each.field, each.line, rest or self._raw(each)))

    def _refusal(self, each: Value, reason: str, suggestion: str, rest: str | None = None) -> RefusedLine:
        shown = rest or self._raw(each)
        return RefusedLine(
            f"{each.field}: {reason}, found {shown[:120]!r}",
            suggestion,
            field=each.field,
            line=each.line,
            text=self._raw(each),
        )

"""Row: one project of a table as a page of its own, whose text holds the cells between lines of dashes.

The text of a row is its canonical form: a line such as `--- title.fr` before each cell that is filled, in the
order of fields. There are as many dashes as it takes for no cell to hold such a line itself, so the text can
be read again without doubt, and every value stands in it as the table has it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ontology.errors import RefusedRow
from schema.record import KEY
from schema.text import LANGUAGES
from server.importer import values
from server.importer.page import Field, Page
from server.importer.printed import Layout, Note
from server.importer.results import Result, results
from server.importer.statement import FIELDS, TEXTS
from server.importer.values import LETTERED_ID, Unread
from server.importer.vocabulary import CODED, Vocabulary

#: Filled cells by slot: a field as records call it, with the language of a text behind it: `title.fr`.
Cells = dict[str, str]

_FENCE = re.compile(r"-{3,}")
_ORDER = {name: place for place, name in enumerate(("key", *FIELDS))}


def page_of(cells: Cells, address: str | None, vocabulary: Vocabulary) -> Page:
    """The page that the filled cells of a row make. Raises RefusedRow, its field the slot that is wrong."""
    text, places = _joined(cells)
    fields = [_field(slot, text, place, vocabulary) for slot, place in places.items() if slot != "key"]
    fields, notes = _lettered(fields, vocabulary)
    described = [each for each in fields if each.name == "description"]
    languages = {each.language for each in fields if each.language}
    return Page(
        address,
        languages.pop() if len(languages) == 1 else "",
        Layout.TABLE,
        text,
        tuple(fields),
        tuple(result for each in described for result in _numbered(text, each)),
        tuple(notes),
        _key(cells.get("key")),
    )


def row(text: str, address: str | None, vocabulary: Vocabulary) -> Page:
    """The page that the stored text of a row is. Raises RefusedRow."""
    fence = _FENCE.match(text)
    if fence is None:
        raise RefusedRow("no line of dashes begins the text of the row", "Import the table again.")
    cells: Cells = {}
    for block in text.removeprefix(f"{fence[0]} ").split(f"\n{fence[0]} "):
        slot, _, cell = block.partition("\n")
        cells[slot] = cell
    return page_of(cells, address, vocabulary)


def _joined(cells: Cells) -> tuple[str, dict[str, tuple[int, int]]]:
    """The canonical text of a row, and where each cell stands in it."""
    lines = [line for cell in cells.values() for line in cell.split("\n")]
    runs = (_FENCE.match(line) for line in lines)
    fence = "-" * (1 + max((len(run[0]) for run in runs if run), default=2))
    text = ""
    places: dict[str, tuple[int, int]] = {}
    for slot in sorted(cells, key=_place):
        text += f"{fence} {slot}\n" if not text else f"\n{fence} {slot}\n"
        places[slot] = len(text), len(text) + len(cells[slot])
        text += cells[slot]
    return text, places


def _place(slot: str) -> tuple[int, int]:
    name, _, language = slot.partition(".")
    return _ORDER[name], LANGUAGES.index(language) if language else 0


def _field(slot: str, text: str, place: tuple[int, int], vocabulary: Vocabulary) -> Field:
    name, _, language = slot.partition(".")
    raw = text[slice(*place)]
    return Field(name, read(name, raw, vocabulary, slot), raw, *place, language or None)


def read(name: str, raw: str, vocabulary: Vocabulary, slot: str) -> Any:
    """The value that a cell stands for, as records hold it. Raises RefusedRow."""
    try:
        return _value(name, raw, vocabulary)
    except Unread as error:
        reason = f"{slot}: expected {error.expected}, found {(error.rest or raw)[:120]!r}"
        raise RefusedRow(reason, error.suggestion, field=slot) from None


def _value(name: str, raw: str, vocabulary: Vocabulary) -> Any:
    if name in TEXTS:
        return raw
    if name in CODED:
        return _code(name, raw, vocabulary)
    if name == "memberStates":
        return list(dict.fromkeys(key for part in raw.split(";") for key in _states(part, vocabulary)))
    return values.value(name, raw, vocabulary)


def _code(scheme: str, raw: str, vocabulary: Vocabulary) -> str:
    codes = {key.casefold(): key for key in vocabulary.keys if key.startswith(f"{scheme}/")}
    found = codes.get(f"{scheme}/{raw.casefold().removeprefix(f'{scheme}/')}") or vocabulary.code(scheme, raw)
    if found is None:
        listed = ", ".join(sorted(key.removeprefix(f"{scheme}/") for key in codes.values()))
        raise Unread(f"a code or name of the list {scheme}", f"Write one of {listed}, or its name.")
    return found


def _states(raw: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The states of one part of a cell: a code, a name, or names that only spaces part as on pages."""
    if not raw.strip():
        return ()
    if (code := raw.strip().upper()) in vocabulary.state_keys:
        return (code,)
    listing = vocabulary.states.listed(raw)
    if not listing.keys:
        raise Unread(
            "ISO 3166-1 alpha-3 codes or names of states, parted by semicolons",
            "Write the code, such as SLV, or add the spelling to the vocabulary states.ttl.",
            listing.rest or raw,
        )
    return listing.keys


def _key(raw: str | None) -> str | None:
    if raw is not None and not re.fullmatch(KEY, raw):
        raise RefusedRow(f"key: {raw[:80]!r} is no key", "Leave the key out.", field="key")
    return raw


def _lettered(fields: list[Field], vocabulary: Vocabulary) -> tuple[list[Field], list[Note]]:
    """The fields with the type that the letters of the Project ID say, as on pages."""
    identifier = next((each for each in fields if each.name == "projectId"), None)
    letters = LETTERED_ID.fullmatch(identifier.raw) if identifier else None
    if identifier is None or letters is None or f"type/{letters[1]}" not in vocabulary.keys:
        return fields, []
    code, end = f"type/{letters[1]}", identifier.start + len(letters[1])
    notes = [
        Note("TYPE_DIFFERS", f"the letters of the Project ID say {code}", "type", None, each.raw)
        for each in fields
        if each.name == "type" and each.value != code
    ]
    kept = [each for each in fields if each.name != "type"]
    return [*kept, Field("type", code, letters[1], identifier.start, end)], notes


def _numbered(text: str, described: Field) -> Iterator[Result]:
    """The results that a description numbers; of two with one number, the first."""
    seen: set[str] = set()
    for each in results(text, described.start, described.end):
        if each.code not in seen:
            yield replace(each, language=described.language)
        seen.add(each.code)

"""Level: what was asked of one type, and the answers for all its rows at once.

An answer is a dict by the names that the client asked for (response keys), so that two aliases of one field
with different arguments stand side by side and completion has nothing left to decide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from schema.api import ApiField, Shape, api_fields
from schema.exchange import noun_of
from schema.model.link import LinkStatus
from schema.plan.read import Children, Reader, Row, by_key, listed
from schema.plan.selection import Selected, Selection
from schema.record import NOUNS, Attribute, Inverse, Linked, Noun
from schema.scalars import Language
from schema.stats import natural
from schema.text import LANGUAGES, Text, Texts, chosen

Answer = dict[str, Any]
Values = Sequence[Any]


def values_of(selection: Selection, plain: dict[str, Any]) -> Answer:
    """The answer for a value that has no rows of its own, such as a text."""
    return {each.key: plain[each.name] for each in selection}


def _text_answer(selection: Selection, found: tuple[str, str] | None) -> Answer | None:
    if found is None:
        return None
    return values_of(selection, {"language": Language(found[0]), "value": found[1]})


def _texts(text: Text | Texts | None) -> list[tuple[str, str]]:
    found = [
        (language, words)
        for language, value in (text or {}).items()
        for words in (value if isinstance(value, list) else [value])
    ]
    return sorted(found, key=lambda each: LANGUAGES.index(each[0]))


def columns(noun: Noun, selection: Selection) -> set[str]:
    """The columns that answering the selection needs, besides the key."""
    found: set[str] = set()
    for each in selection:
        declared = api_fields(noun.name)[each.name]
        if declared.shape is Shape.UPDATED_AT:
            found.add("updated_at")
        elif declared.attribute is not None and declared.attribute.beside is None:
            found.add(declared.column)
    return found


def statuses_of(selected: Selected) -> list[LinkStatus]:
    """The statuses that a list was asked for with.

    Null means what leaving it out means: any status for links, only accepted ones for what they lead to.
    """
    asked = selected.arguments.get("status")
    if asked is None:
        return list(LinkStatus) if selected.name == "links" else [LinkStatus.ACCEPTED]
    return list(asked)


@dataclass(frozen=True, slots=True)
class Level:
    """All rows of one class that one selection is answered for; each method answers one shape of field."""

    reader: Reader
    noun: Noun
    rows: Sequence[Row]

    @property
    def keys(self) -> Sequence[str]:
        """The keys of the rows, in order."""
        return [row["key"] for row in self.rows]

    def identifier(self, declared: ApiField, selected: Selected) -> Values:
        """The readable identifiers."""
        return [f"{self.noun.segment}/{key}" for key in self.keys]

    def iri(self, declared: ApiField, selected: Selected) -> Values:
        """The IRIs under the configured base."""
        return [self.reader.iris.thing(self.noun.segment, key) for key in self.keys]

    def updated_at(self, declared: ApiField, selected: Selected) -> Values:
        """The times of the last changes."""
        return [row["updated_at"] for row in self.rows]

    def column(self, declared: ApiField, selected: Selected) -> Values:
        """The values as they are stored."""
        values = [row[declared.column] for row in self.rows]
        if declared.is_list:
            return [value or [] for value in values]
        if declared.type.startswith("Language"):
            return [value and Language(value) for value in values]
        return values

    def text(self, declared: ApiField, selected: Selected) -> Values:
        """The texts in the first language that was asked for and exists."""
        asked = selected.arguments.get("languages")
        languages = None if asked is None else [each.value for each in asked]
        return [_text_answer(selected.only, chosen(row[declared.column], languages)) for row in self.rows]

    def texts(self, declared: ApiField, selected: Selected) -> Values:
        """The texts in all their languages."""
        found = [_texts(row[declared.column]) for row in self.rows]
        return [[_text_answer(selected.only, each) for each in texts] for texts in found]

    def thing(self, declared: ApiField, selected: Selected) -> Values:
        """The things that the values are keys of."""
        keys = [row[declared.column] for row in self.rows]
        present = [key for key in keys if key is not None]
        found = things(self.reader, NOUNS[declared.noun], selected.only, present)
        return [found.get(key) for key in keys]

    def target(self, declared: ApiField, selected: Selected) -> Values:
        """The things of several classes that the values are identifiers of."""
        identifiers = [row[declared.column] for row in self.rows]
        found = nodes(self.reader, selected.by_type, identifiers)
        return [found[identifier] for identifier in identifiers]

    def items(self, declared: ApiField, selected: Selected) -> Values:
        """The lists of things or parts."""
        if declared.attribute is None:
            return []
        children = Children(self.noun, declared.attribute, self.keys, statuses_of(selected))
        grouped = listed(self.reader, children, columns(children.other, selected.only))
        if _is_unordered(declared.attribute, children.other):
            grouped = {owner: sorted(rows, key=_natural_key) for owner, rows in grouped.items()}
        distinct = dict.fromkeys(self.keys)
        flat = [row for owner in distinct for row in grouped.get(owner, ())]
        made = iter(answers(self.reader, children.other, selected.only, flat))
        found = {owner: [next(made) for _ in grouped.get(owner, ())] for owner in distinct}
        return [found[key] for key in self.keys]


def _is_unordered(attribute: Attribute, other: Noun) -> bool:
    return isinstance(attribute.beside, Linked | Inverse) and "position" not in other.table.c


def _natural_key(row: Row) -> list[tuple[bool, int, str]]:
    return natural(row["key"])


Reading = Callable[[Level, ApiField, Selected], Values]

READINGS: dict[Shape, Reading] = {
    Shape.ID: Level.identifier,
    Shape.IRI: Level.iri,
    Shape.UPDATED_AT: Level.updated_at,
    Shape.COLUMN: Level.column,
    Shape.TEXT: Level.text,
    Shape.TEXTS: Level.texts,
    Shape.THING: Level.thing,
    Shape.TARGET: Level.target,
    Shape.LIST: Level.items,
}


def answers(reader: Reader, noun: Noun, selection: Selection, rows: Sequence[Row]) -> list[Answer]:
    """One answer for each row, in order."""
    made: list[Answer] = [{"__typename": noun.name} for _ in rows]
    if not rows:
        return made
    level = Level(reader, noun, rows)
    for selected in selection:
        declared = api_fields(noun.name)[selected.name]
        values = READINGS[declared.shape](level, declared, selected)
        for answer, value in zip(made, values, strict=True):
            answer[selected.key] = value
    return made


def things(reader: Reader, noun: Noun, selection: Selection, keys: Sequence[str]) -> dict[str, Answer]:
    """The answers for the things with these keys; what is not there is left out."""
    found = by_key(reader, noun, columns(noun, selection), keys)
    made = answers(reader, noun, selection, list(found.values()))
    return dict(zip(found, made, strict=True))


def nodes(reader: Reader, by_type: dict[str, Selection], identifiers: Sequence[str]) -> dict[str, Answer]:
    """The answers for things of several classes, by their identifiers."""
    by_noun: dict[str, list[str]] = {}
    for identifier in identifiers:
        segment, _, key = identifier.partition("/")
        by_noun.setdefault(noun_of(segment, key).name, []).append(key)
    found: dict[str, Answer] = {}
    for name, keys in by_noun.items():
        made = things(reader, NOUNS[name], by_type.get(name, []), keys)
        found |= {f"{NOUNS[name].segment}/{key}": answer for key, answer in made.items()}
    return found

"""Leaves: what fields without a level of their own give, as it is written in the answer.

An answer holds names of enumerations, amounts as strings, and texts as their fields: nothing is left to
convert, so that whatever completes an answer only has to look at it.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any

from ontology.linking.grounds import grounds
from schema import money
from schema.api import ApiField
from schema.keys import linked_target
from schema.plan.read import Fetch, Rows
from schema.plan.reference import Answer
from schema.plan.selection import TYPENAME, Selected, Selection
from schema.record import Noun
from schema.scalars import Language
from schema.text import LANGUAGES, Text, Texts

Values = Sequence[Any]

#: What gives the values of one field for all rows of a level.
Read = Callable[[Fetch, Rows], Values]

_LANGUAGES = {each.value: each.name for each in Language}
_RANKS = {each: rank for rank, each in enumerate(LANGUAGES)}


def answers_of(keys: Sequence[str], values: Sequence[Values], size: int) -> list[Answer]:
    """One answer for each of so many rows, of a column of values for each key."""
    if not keys:
        return [{} for _ in range(size)]
    return [dict(zip(keys, each, strict=True)) for each in zip(*values, strict=True)]


def name_of(member: Enum) -> str:
    """A member of an enumeration as answers write it."""
    return member.name


def _names(members: type[Enum]) -> dict[str, str]:
    return {str(each.value): name_of(each) for each in members}


def constant(value: str) -> Read:
    """The same value for every row."""
    return lambda _fetch, rows: [value] * len(rows)


def identifier(noun: Noun) -> Read:
    """The readable identifiers."""
    prefix = f"{noun.segment}/"
    return lambda _fetch, rows: [prefix + key for key in rows.keys]


def iri(noun: Noun) -> Read:
    """The IRIs under the configured base."""
    segment = noun.segment

    def read(fetch: Fetch, rows: Rows) -> Values:
        thing = fetch.reader.iris.thing
        return [str(thing(segment, key)) for key in rows.keys]

    return read


def unless_withheld(read: Read, *, is_list: bool) -> Read:
    """What a field gives, or nothing where imported texts are not published."""

    def told(fetch: Fetch, rows: Rows) -> Values:
        if fetch.reader.snapshot.texts:
            return read(fetch, rows)
        return [[] for _ in rows.keys] if is_list else [None] * len(rows)

    return told


def _written(declared: ApiField) -> Callable[[Values], Values] | None:
    """What makes stored values of a field those of an answer; None where they are the same."""
    plain = declared.attribute.type if declared.attribute else None
    if declared.is_list:
        return lambda values: [each or [] for each in values]
    if isinstance(plain, type) and issubclass(plain, Enum):
        return _mapped(_names(plain))
    if declared.type.startswith("Language"):
        return _mapped(_LANGUAGES)
    if declared.type.startswith("USD"):
        return lambda values: [None if each is None else money.dollars(each) for each in values]
    return None


def _mapped(names: Mapping[str | None, str] | dict[str, str]) -> Callable[[Values], Values]:
    known: dict[Any, str | None] = {**names, None: None}
    return lambda values: [known[each] for each in values]


def codebook_rules() -> Read:
    """What the rules of claims rest on, of the codebook's rules on what their links lead to."""

    def read(_fetch: Fetch, rows: Rows) -> Values:
        found = zip(rows.columns["rule_ids"], rows.columns["owner"], strict=True)
        return [list(grounds(rules or (), linked_target(link))) for rules, link in found]

    return read


def column(declared: ApiField, name: str) -> Read:
    """The values of a column."""
    written = _written(declared)
    if written is None:
        return lambda _fetch, rows: rows.columns[name]
    return lambda _fetch, rows: written(rows.columns[name])


Maker = Callable[[str, str], Answer]


def _text_maker(selection: Selection) -> Maker:
    """What makes the answer for a text of its language and words."""
    fields = [(each.key, each.name) for each in selection]
    match fields:
        case [(key, "value")]:
            return lambda _language, words: {key: words}
        case [(key, "value"), (other, "language")]:
            return lambda language, words: {key: words, other: _LANGUAGES[language]}
        case [(key, "language"), (other, "value")]:
            return lambda language, words: {key: _LANGUAGES[language], other: words}
        case _:
            return lambda language, words: {
                key: words if name == "value" else "Text" if name == TYPENAME else _LANGUAGES[language]
                for key, name in fields
            }


def text(selected: Selected, name: str) -> Read:
    """The texts in the first language that was asked for and exists."""
    make = _text_maker(selected.only)

    def chosen(value: Text | None, languages: Sequence[str]) -> Answer | None:
        for language in languages:
            if value and language in value:
                return make(language, value[language])
        return None

    def read(fetch: Fetch, rows: Rows) -> Values:
        asked = selected.arguments(fetch.variables).get("languages")
        languages = LANGUAGES if asked is None else [each.value for each in asked]
        return [chosen(each, languages) for each in rows.columns[name]]

    return read


def texts(selected: Selected, name: str) -> Read:
    """The texts in all their languages."""
    make = _text_maker(selected.only)

    def every(value: Text | Texts | None) -> list[Answer]:
        return [
            make(language, words)
            for language, found in sorted((value or {}).items(), key=lambda each: _RANKS[each[0]])
            for words in ([found] if isinstance(found, str) else found)
        ]

    return lambda _fetch, rows: [every(each) for each in rows.columns[name]]

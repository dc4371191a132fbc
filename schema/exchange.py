"""The exchange record: the one canonical form of each thing, checked against the declaration.

One line of JSON: keys sorted, no white space, NFC, `format` and `class` named. A field that is empty or has
its declared default is left out, so that adding a field changes no line that was written before.
Two more kinds of lines keep an export whole: `{"deleted": true}` for what was deleted, and `{"aliasOf": key}`
for a key that leads to another.
"""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import orjson

from ontology.declaration import ExchangeRecord
from ontology.errors import InvalidRecord
from ontology.reading import FORMAT
from schema.keys import check_keys
from schema.model import NOUNS
from schema.recognition import LineRecogniser, line_recogniser, recognised
from schema.record import Attribute, Noun, Parts, Record
from schema.text import clean_text
from schema.values import holds_texts, is_required, kind_of, moment

#: The classes in the order in which exports write them: what is referred to comes first.
SEGMENTS = (
    "scheme", "code", "objective", "principle", "sdg", "codebook", "state", "network",
    "instrument", "source", "project", "link", "coding", "mapping",
)  # fmt: skip

_ENVELOPE = frozenset({"format", "class", "key", "updatedAt"})


@cache
def nouns_of(segment: str) -> tuple[Noun, ...]:
    """The nouns of a class of the contract; goals and targets share `sdg`."""
    return tuple(
        noun for noun in NOUNS.values() if noun.segment == segment and issubclass(noun.model, Record)
    )


@cache
def _patterns(segment: str) -> tuple[tuple[re.Pattern[str], Noun], ...]:
    return tuple((re.compile(each.model.key_pattern), each) for each in nouns_of(segment))


@cache
def _recognisers(segment: str) -> list[tuple[re.Pattern[str], LineRecogniser]]:
    return [(pattern, line_recogniser(noun)) for pattern, noun in _patterns(segment)]


def _fitting(segment: str, key: str) -> Noun | None:
    for pattern, noun in _patterns(segment):
        if pattern.fullmatch(key):
            return noun
    return None


def is_key(segment: str, key: str) -> bool:
    """Whether the key can be one of the class at all; nothing else may be asked of a database."""
    return _fitting(segment, key) is not None


def noun_of(segment: object, key: object, field: str = "key") -> Noun:
    """The noun that a class and key belong to. Raises InvalidRecord when the key is none of the class."""
    if not isinstance(segment, str) or segment not in SEGMENTS:
        raise InvalidRecord(
            f"class: {_shown(segment)} is not known", f"Use one of {', '.join(SEGMENTS)}.", field="class"
        )
    if isinstance(key, str) and (noun := _fitting(segment, key)):
        return noun
    patterns = " or ".join(each.model.key_pattern for each in nouns_of(segment))
    raise InvalidRecord(
        f"{field}: {_shown(key)} cannot be the key of a {segment}", f"A key matches {patterns}.", field=field
    )


def noun_at(segment: str, key: str) -> Noun:
    """The noun of what is known to be of the class; most classes have one, and need not look at the key."""
    nouns = nouns_of(segment)
    return nouns[0] if len(nouns) == 1 else noun_of(segment, key)


def _shown(value: object) -> str:
    return repr(value)[:80]


def line(record: ExchangeRecord) -> bytes:
    """The canonical bytes of a record, without the newline."""
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def parse(data: bytes | str) -> ExchangeRecord:
    """The record of one line. Raises InvalidRecord when it is no JSON object."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InvalidRecord(f"no JSON: {error}", "Write one JSON object a line, in UTF-8.") from None
    if not isinstance(value, dict):
        raise InvalidRecord("expected a JSON object", "Write one JSON object a line.")
    return value


def tombstone(segment: str, key: str, at: str) -> ExchangeRecord:
    """The line that says that a thing was deleted."""
    return {"format": FORMAT, "class": segment, "key": key, "updatedAt": at, "deleted": True}


def alias(segment: str, key: str, of: str, at: str) -> ExchangeRecord:
    """The line that says that a key leads to another."""
    return {"format": FORMAT, "class": segment, "key": key, "updatedAt": at, "aliasOf": of}


def is_tombstone(record: ExchangeRecord) -> bool:
    """Whether the line says that a thing was deleted."""
    return record.get("deleted") is True


def is_gone(record: ExchangeRecord) -> bool:
    """Whether nothing lives under the key of the line: it was deleted, or it leads to another."""
    return is_tombstone(record) or "aliasOf" in record


Check = Callable[[Any, str], Any]


class _Field(NamedTuple):
    """How one field is checked, with all that the declaration says of it looked up."""

    check: Check
    #: The value that means the same as leaving the field out, besides null.
    empty: Any
    default: Any


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of a noun by name, those that must have a value, and what else may stand in its records."""

    noun: Noun
    by_name: dict[str, _Field]
    required: tuple[str, ...]
    envelope: frozenset[str]


def _each(check: Check, values: list[Any], path: str) -> list[Any]:
    """Every value checked. Only a wrong one is worth the making of its path."""
    try:
        return [check(value, path) for value in values]
    except InvalidRecord:
        return [check(value, f"{path}[{place}]") for place, value in enumerate(values)]


def _list(check: Check, *, once: bool = True) -> Check:
    def check_list(value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise InvalidRecord(f"{path}: expected a list, found {_shown(value)}", "Write [...].", field=path)
        checked = _each(check, value, path)
        if once:
            _once(checked, path)
        return checked

    return check_list


def _part_check(noun: str) -> Check:
    return lambda value, path: _checked(_fields(noun), value, f"{path}.")


def _check_of(noun: Noun, attribute: Attribute) -> Check:
    if holds_texts(attribute):
        return _texts
    if isinstance(attribute.beside, Parts):
        return _list(_part_check(attribute.beside.noun), once=False)
    if attribute.beside is not None:
        return _list(_key)
    check = kind_of(noun, attribute).check
    return _list(check) if attribute.many else check


@cache
def _fields(name: str) -> _Fields:
    noun = NOUNS[name]
    exchanged = [each for each in noun.attributes if each.property is not None]
    by_name = {each.name: _Field(_check_of(noun, each), _empty(each), each.default) for each in exchanged}
    required = tuple(each.name for each in exchanged if is_required(each))
    return _Fields(noun, by_name, required, _ENVELOPE if issubclass(noun.model, Record) else frozenset())


def _empty(attribute: Attribute) -> Any:
    if not attribute.many:
        return None
    return {} if holds_texts(attribute) else []


def _once(values: list[str], path: str) -> None:
    if len(set(values)) < len(values):
        raise InvalidRecord(f"{path}: a value stands twice", "Name each once.", field=path)


def _texts(value: Any, path: str) -> dict[str, list[str]]:
    if not isinstance(value, dict) or not all(isinstance(each, list) and each for each in value.values()):
        raise InvalidRecord(
            f"{path}: expected lists of words by language", 'Write {"en": ["..."]}.', field=path
        )
    checked = {
        language: [clean_text({language: each}, path)[language] for each in words]
        for language, words in value.items()
    }
    for language, words in checked.items():
        _once(words, f"{path}.{language}")
    return checked


def _key(value: Any, path: str) -> str:
    if not isinstance(value, str) or not value:
        raise InvalidRecord(f"{path}: expected a key, found {_shown(value)}", "Write a string.", field=path)
    return value


def _unknown(fields: _Fields, name: str, path: str) -> InvalidRecord:
    close = difflib.get_close_matches(name, fields.by_name, 1)
    field = f"{path}{name[:80]}"
    return InvalidRecord(
        f"{field}: {fields.noun.name} has no such field",
        f"Did you mean {close[0]}?" if close else "Leave it out.",
        field=field,
    )


def _checked(fields: _Fields, record: Any, path: str) -> ExchangeRecord:
    if not isinstance(record, dict):
        raise InvalidRecord(f"{path[:-1]}: expected an object", "Write {...}.", field=path[:-1])
    checked: ExchangeRecord = {}
    by_name = fields.by_name
    # Most records say little of what their declaration has, so it is they that are walked.
    for name, value in record.items():
        field = by_name.get(name)
        if field is None:
            if name in fields.envelope:
                continue
            raise _unknown(fields, min(record.keys() - by_name.keys() - fields.envelope), path)
        check, empty, default = field
        if value is None or value == empty:
            continue
        found = check(value, path + name)
        if default is None or found != default:
            checked[name] = found
    for name in fields.required:
        if name not in checked:
            field_path = f"{path}{name}"
            raise InvalidRecord(f"{field_path}: is missing", "Give the field a value.", field=field_path)
    return checked


def part(noun: str, record: Any, path: str) -> ExchangeRecord:
    """A part, such as a `Claim`, with every value checked and in its canonical form. Raises InvalidRecord."""
    return _checked(_fields(noun), record, f"{path}.")


def canonical(record: ExchangeRecord) -> ExchangeRecord:
    """The record with every value checked and in its canonical form. Raises InvalidRecord.

    `updatedAt` may be missing: the store then gives the time of the change.
    """
    if record.get("format", FORMAT) != FORMAT:
        raise InvalidRecord(
            f"format: {_shown(record['format'])} is not known", f"Write {FORMAT!r}.", field="format"
        )
    segment, key = record.get("class"), record.get("key")
    noun = noun_of(segment, key)
    if (found := recognised(noun, record)) is not None:
        check_keys(found)
        return found
    envelope: ExchangeRecord = {"format": FORMAT, "class": segment, "key": key}
    if record.get("updatedAt") is not None:
        envelope["updatedAt"] = moment(record["updatedAt"], "updatedAt")
    if is_gone(record):
        return envelope | _leaving(record, noun)
    checked = _checked(_fields(noun.name), record, "") | envelope
    check_keys(checked)
    return checked


def canonical_line(segment: str, data: str) -> ExchangeRecord | None:
    """The record of a line of a class if it is recognised as canonical, else None, which says nothing."""
    for pattern, recognised_line in _recognisers(segment):
        found = recognised_line(data)
        if found is not None and pattern.fullmatch(found["key"]):
            try:
                check_keys(found)
            except InvalidRecord:
                return None
            return found
    return None


def _leaving(record: ExchangeRecord, noun: Noun) -> ExchangeRecord:
    """What a tombstone or an alias says, which is one thing only."""
    says = "aliasOf" if "aliasOf" in record else "deleted"
    for name in sorted(record.keys() - _ENVELOPE - {says}):
        raise InvalidRecord(f"{name}: stands beside {says}", "Leave it out.", field=name)
    if says == "deleted":
        return {"deleted": True}
    of = record["aliasOf"]
    noun_of(noun.segment, of, "aliasOf")
    if of == record["key"]:
        raise InvalidRecord(f"aliasOf: {of!r} leads to itself", "Name another key.", field="aliasOf")
    return {"aliasOf": of}

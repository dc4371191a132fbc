"""Recognition: records that are canonical already, found so in one pass of compiled code.

Most records are. What is not recognised may be canonical all the same, and is checked field by field.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from pydantic_core import CoreSchema, SchemaValidator, ValidationError
from pydantic_core import core_schema as core

from ontology.declaration import ExchangeRecord
from ontology.errors import InvalidRecord
from ontology.reading import FORMAT
from schema.record import NOUNS, Attribute, Noun, Parts, Record
from schema.text import LANGUAGES
from schema.values import holds_texts, is_required, kind_of, plain_moment, plain_string

#: What gives the record of a line if it is recognised as canonical, else None, which says nothing.
LineRecogniser = Callable[[str], ExchangeRecord | None]


def recognised(noun: Noun, record: ExchangeRecord) -> ExchangeRecord | None:
    """A copy of the record if it is recognised as canonical, else None, which says nothing.

    The key and what follows from the fields are not looked at.
    """
    try:
        found: ExchangeRecord = _recogniser(noun.name).validate_python(record)
    except (ValidationError, InvalidRecord):
        return None
    return found


def line_recogniser(noun: Noun) -> LineRecogniser:
    """What reads a line of JSON and recognises its record as canonical in one pass."""
    read = _recogniser(noun.name).validate_json

    def recognised_line(line: str) -> ExchangeRecord | None:
        try:
            found: ExchangeRecord = read(line)
        except (ValidationError, InvalidRecord):
            return None
        return found

    return recognised_line


@cache
def _recogniser(noun: str) -> SchemaValidator:
    # Of what lines hold, only the names of fields come again and again.
    return SchemaValidator(_record(NOUNS[noun]), core.CoreConfig(cache_strings="keys"))


def _record(noun: Noun) -> CoreSchema:
    fields = {
        each.name: core.typed_dict_field(_field(noun, each), required=is_required(each))
        for each in noun.attributes
        if each.property is not None
    }
    if issubclass(noun.model, Record):
        fields["format"] = core.typed_dict_field(core.literal_schema([FORMAT]))
        fields["class"] = core.typed_dict_field(core.literal_schema([noun.segment]))
        fields["key"] = core.typed_dict_field(core.str_schema(strict=True))
        fields["updatedAt"] = core.typed_dict_field(plain_moment(), required=False)
    return core.typed_dict_schema(fields, extra_behavior="forbid", strict=True)


def _field(noun: Noun, attribute: Attribute) -> CoreSchema:
    if holds_texts(attribute):
        words = _once(plain_string())
        return core.dict_schema(core.literal_schema(list(LANGUAGES)), words, min_length=1, strict=True)
    if isinstance(attribute.beside, Parts):
        return core.list_schema(_record(NOUNS[attribute.beside.noun]), min_length=1, strict=True)
    if attribute.beside is not None:
        return _once(core.str_schema(min_length=1, strict=True))
    plain = kind_of(noun, attribute).plain
    if attribute.many:
        return _once(plain)
    return plain if attribute.default is None else _other_than(attribute.default, plain)


def _once(each: CoreSchema) -> CoreSchema:
    """Lists, not empty, in which no value stands twice."""

    def check(values: list[Any]) -> list[Any]:
        if len(set(values)) < len(values):
            raise ValueError("a value stands twice")
        return values

    return core.no_info_after_validator_function(check, core.list_schema(each, min_length=1, strict=True))


def _other_than(default: Any, plain: CoreSchema) -> CoreSchema:
    """Values that are not the default, which a canonical record leaves out."""
    if default is False:
        return core.literal_schema([True])
    if default == "":
        # Plain strings are never empty.
        return plain

    def check(value: Any) -> Any:
        if value == default:
            raise ValueError("the default is left out")
        return value

    return core.no_info_after_validator_function(check, plain)

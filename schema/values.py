"""Values: what each declared kind of value looks like in a record, and what it is in a column.

Every kind has four readers: `check` gives the canonical form of a record's value or raises InvalidRecord;
`plain` recognises most values that are canonical already, in the compiled code of pydantic-core;
`to_column` leads to the stored form, as drivers take it, and `from_column` back from what columns give.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from functools import cache, lru_cache
from typing import Any

from pydantic_core import CoreSchema
from pydantic_core import core_schema as core
from rdflib import URIRef

from ontology.errors import InvalidRecord
from ontology.iri import is_absolute_iri
from ontology.terms import DCTERMS, XSD, IriProperty, Reference, TextProperty
from schema import money
from schema.record import NOUNS, Attribute, Noun
from schema.text import LANGUAGES, Text, clean, clean_text

_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
# Readers in other languages hold integers of 32 bits (GraphQL specification, section 3.5.1).
_LARGEST = 2**31 - 1
_LONGEST_IN_INDEX = 2000


# A moment in its canonical form on a day that exists in every year.
_PLAIN_MOMENT = (
    r"^[1-9][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$"
)
# A day that exists in every year, or the year or the month of one.
_PLAIN_DATE = r"^[1-9][0-9]{3}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|1[0-9]|2[0-8]))?)?$"
# The only form of an amount: no digit before it is left out or put before it.
_PLAIN_MONEY = r"^(?:0|[1-9][0-9]{0,11})\.[0-9]{2}$"
# An IRI of ASCII characters that every syntax takes.
_PLAIN_IRI = r"^https?://[!#$%&'()*+,\-.0-9:;=?@A-Z\[\]_a-z~][!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]*$"
# ASCII, composed Latin letters and usual punctuation: certainly allowed, and certainly NFC.
_PLAIN = r"^[\n\t\x20-\x7e\x{a0}-\x{2af}\x{2010}-\x{2027}\x{2030}-\x{205e}]+$"


def plain_string() -> CoreSchema:
    """Strings of which every character is certainly allowed, and none is changed by NFC."""
    return core.str_schema(min_length=1, pattern=_PLAIN, strict=True)


def plain_moment() -> CoreSchema:
    """Times that are in their canonical form."""
    return core.str_schema(pattern=_PLAIN_MOMENT, max_length=20, strict=True)


def _matching(pattern: str) -> CoreSchema:
    """Strings that a pattern shows to be canonical."""
    return core.str_schema(pattern=pattern, strict=True)


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of value is checked, stored and read back; None where the value is the same in both."""

    check: Callable[[Any, str], Any]
    plain: CoreSchema
    to_column: Callable[[Any], Any] | None = None
    from_column: Callable[[Any], Any] | None = None


def _wrong(value: object, field: str, expected: str) -> InvalidRecord:
    shown = repr(value)
    return InvalidRecord(
        f"{field}: expected {expected}, found {shown[:80]}",
        "Correct the value or leave the field out.",
        field=field,
    )


def _string(value: Any, field: str) -> str:
    # What `clean` would give back as it is; almost every string is like that.
    if type(value) is str and value.isascii() and value.isprintable() and value:
        return value
    if not isinstance(value, str) or not value:
        raise _wrong(value, field, "a string that is not empty")
    return clean(value, field)


def _any_string(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise _wrong(value, field, "a string")
    return clean(value, field)


def _integer(value: Any, field: str) -> int:
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise _wrong(value, field, "a whole number from 0 to 2147483647")
    return value


def _year(value: Any, field: str) -> int:
    if type(value) is not int or not 1900 <= value <= 2200:
        raise _wrong(value, field, "a year from 1900 to 2200")
    return value


def _boolean(value: Any, field: str) -> bool:
    if type(value) is not bool:
        raise _wrong(value, field, "true or false")
    return value


def _fraction(value: Any, field: str) -> float:
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise _wrong(value, field, "a number from 0 to 1")
    # A zero has no sign here, so that equal values are equal bytes.
    return float(value) + 0.0


def date(value: Any, field: str) -> str:
    """A date that exists, or a year or a month of one (ISO 8601 reduced precision)."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise _wrong(value, field, "an ISO 8601 date, with at least the year")
    try:
        datetime.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        raise _wrong(value, field, "a date that exists") from None
    return value


def moment(value: Any, field: str) -> str:
    """A time in UTC to the second, `2026-11-23T00:00:00Z`, from any ISO 8601 time with a zone."""
    if not isinstance(value, str):
        raise _wrong(value, field, "an ISO 8601 time")
    return _moment(value, field)


# Records that were made together share their times.
@lru_cache(maxsize=4096)
def _moment(value: str, field: str) -> str:
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise _wrong(value, field, "an ISO 8601 time") from None
    if time.tzinfo is None:
        raise _wrong(value, field, "a time with its zone")
    try:
        time = time.astimezone(UTC)
    except OverflowError:
        raise _wrong(value, field, "a time from the years 1 to 9999") from None
    return time.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _money(value: Any, field: str) -> str:
    try:
        return money.dollars(money.cents(value))
    except InvalidRecord as error:
        raise InvalidRecord(f"{field}: {error.message}", error.suggestion, field=field) from None


def _iri(value: Any, field: str) -> str:
    if not isinstance(value, str) or not is_absolute_iri(value):
        raise _wrong(value, field, 'an absolute http(s) IRI without spaces or <>"{}|\\^`')
    return clean(value, field)


def _member(members: type[Enum]) -> Callable[[Any, str], str]:
    allowed = [each.value for each in members]

    def check(value: Any, field: str) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise _wrong(value, field, f"one of {', '.join(allowed)}")
        return value

    return check


def _language(value: Any, field: str) -> str:
    if not isinstance(value, str) or value not in LANGUAGES:
        raise _wrong(value, field, f"one of the languages {', '.join(LANGUAGES)}")
    return value


_STRING = Kind(_string, plain_string())
_PLAIN_LANGUAGE = core.literal_schema(list(LANGUAGES))
_LANGUAGE = Kind(_language, _PLAIN_LANGUAGE)
_BY_DATATYPE: dict[URIRef, Kind] = {
    XSD.gYear: Kind(_year, core.int_schema(ge=1900, le=2200, strict=True)),
    XSD.date: Kind(date, _matching(_PLAIN_DATE)),
    XSD.dateTime: Kind(moment, plain_moment()),
}
_BY_TYPE: dict[Any, Kind] = {
    int: Kind(_integer, core.int_schema(ge=0, le=_LARGEST, strict=True)),
    # A zero may have a sign, which the check takes off.
    float: Kind(_fraction, core.float_schema(gt=0, le=1, strict=True)),
    bool: Kind(_boolean, core.bool_schema(strict=True)),
    str: _STRING,
}
_MONEY = Kind(_money, _matching(_PLAIN_MONEY), money.cents, money.dollars)
_TEXT = Kind(
    clean_text,
    core.dict_schema(_PLAIN_LANGUAGE, plain_string(), min_length=1, strict=True),
)
_IRI = Kind(_iri, _matching(_PLAIN_IRI))
_OPEN_STRING = Kind(_any_string, plain_string())


def _of_enumeration(members: type[Enum]) -> Kind:
    plain = core.literal_schema([each.value for each in members])
    return Kind(_member(members), plain, None, lambda member: member.value)


def _of_type(attribute: Attribute) -> Kind:
    datatype = attribute.property.datatype if attribute.property is not None else None
    if datatype == XSD.decimal and attribute.type is int:
        return _MONEY
    if attribute.type is str and attribute.default == "":
        return _OPEN_STRING
    if datatype is not None and datatype in _BY_DATATYPE:
        return _BY_DATATYPE[datatype]
    return _BY_TYPE[attribute.type]


def kind(attribute: Attribute) -> Kind:
    """The kind of a declared field's single values."""
    stated = attribute.property
    if isinstance(stated, TextProperty):
        return _TEXT
    if isinstance(stated, IriProperty):
        return _IRI
    if stated is not None and stated.iri == DCTERMS.language:
        return _LANGUAGE
    if isinstance(attribute.type, type) and issubclass(attribute.type, Enum):
        return _of_enumeration(attribute.type)
    return _STRING if isinstance(stated, Reference) else _of_type(attribute)


def short(plain: Kind) -> Kind:
    """This kind of strings in a column with an index, whose entries PostgreSQL keeps to a third of a page."""

    def check(value: Any, field: str) -> str:
        found: str = plain.check(value, field)
        # A character takes four bytes at most, so most values need not be encoded to be measured.
        if len(found) > _LONGEST_IN_INDEX // 4 and len(found.encode()) > _LONGEST_IN_INDEX:
            raise _wrong(value, field, f"at most {_LONGEST_IN_INDEX} bytes")
        return found

    measured = core.str_schema(max_length=_LONGEST_IN_INDEX // 4, strict=True)
    return replace(plain, check=check, plain=core.chain_schema([measured, plain.plain]))


@cache
def _kind(noun: str, attribute: str) -> Kind:
    declared = NOUNS[noun].attribute(attribute)
    found, column = kind(declared), NOUNS[noun].table.columns.get(attribute)
    return short(found) if column is not None and column.index and declared.type is str else found


def kind_of(noun: Noun, attribute: Attribute) -> Kind:
    """The kind of a field's values, worked out once."""
    return _kind(noun.name, attribute.attribute)


def is_required(attribute: Attribute) -> bool:
    """Whether every record must give the field a value."""
    derived = attribute.property is not None and attribute.property.derived
    return not (attribute.nullable or attribute.many or attribute.default is not None or derived)


def holds_texts(attribute: Attribute) -> bool:
    """Whether the field holds several texts for each language."""
    return attribute.many and attribute.beside is None and attribute.type == Text

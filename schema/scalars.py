"""Scalars: the languages and the plain values of the API, and what they look like."""

from enum import StrEnum
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from ontology.errors import BadArgument, InvalidRecord
from schema import money
from schema.model.link import CodingScheme, Decision, LinkStatus
from schema.model.network import InstrumentKind, NetworkLevel
from schema.model.project import Coverage, ProjectStatus, ResultKind
from schema.model.source import SourceKind
from schema.values import moment

__all__ = ["SCALARS", "USD", "CodingScheme", "Date", "DateTime", "Decision", "Language"]

# Strawberry must know an enumeration before the first type that names it.
for _enumeration in (
    CodingScheme, Coverage, Decision, InstrumentKind, LinkStatus, NetworkLevel, ProjectStatus, ResultKind,
    SourceKind,
):  # fmt: skip
    strawberry.enum(_enumeration, description=_enumeration.__doc__)

Date = NewType("Date", str)
DateTime = NewType("DateTime", str)
USD = NewType("USD", int)


@strawberry.enum(description="One of the six official languages of the United Nations (BCP-47).")
class Language(StrEnum):
    """A language that texts may be in."""

    EN = "en"
    FR = "fr"
    ES = "es"
    AR = "ar"
    ZH = "zh"
    RU = "ru"


def _moment(value: object) -> str:
    try:
        return moment(value, "DateTime")
    except InvalidRecord as error:
        raise BadArgument(error.message, error.suggestion) from None


def _cents(value: object) -> int:
    try:
        return money.cents(str(value))
    except InvalidRecord as error:
        raise BadArgument(error.message, error.suggestion) from None


SCALARS: dict[object, ScalarDefinition] = {
    Date: strawberry.scalar(
        name="Date",
        description="An ISO 8601 date; only the year, or year and month, where the source says no more.",
        serialize=str,
        parse_value=str,
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="An ISO 8601 time with its zone, for example 2026-11-23T00:00:00Z.",
        serialize=str,
        parse_value=_moment,
    ),
    USD: strawberry.scalar(
        name="USD",
        description='US dollars as a decimal string with two digits, for example "300000.00".',
        serialize=money.dollars,
        parse_value=_cents,
    ),
}


@strawberry.type(name="Text", description="Words, and the language they are in.")
class TextValue:
    """One language of a text."""

    value: str = strawberry.field(description="The words.")
    language: Language = strawberry.field(description="Their language.")

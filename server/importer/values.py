"""Values: what the words behind a label stand for, by rules that read or refuse and never guess."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from server.importer.vocabulary import CODED, Vocabulary

#: A Project ID whose letters are the type of the project: PN.0008.
LETTERED_ID = re.compile(r"([A-Z]{2})\.\d{4}", re.ASCII)
_OLD_ID = re.compile(r"[A-Z][A-Z0-9]{2}-\d{3}", re.ASCII)
_PRIMA_ID = re.compile(r"[A-Z]{2}\d{2}P\d{4}", re.ASCII)
_YEAR = re.compile(r"(?:19|20|21)\d\d", re.ASCII)
_DOLLARS = re.compile(r"(?:USD|US\$) ?(?=\d)|(?<=\d) ?(?:USD|US\$)$", re.ASCII)
# Digits alone or in groups of three that one mark parts, and the two digits of the cents behind another mark.
_AMOUNT = re.compile(r"(\d{1,15}|\d{1,3}(?:([,. '’])\d{3})(?:\2\d{3}){0,3})(?:([.,])(\d{2}))?", re.ASCII)
_YEARS = ("startYear", "endYear", "year")
_ZEROS = (1900, 1970)
_PROSE = re.compile(r"[.!?:;…](?:\s|$)")
# Some names of states hold an abbreviation.
_ABBREVIATED = re.compile(r"\b(?:St|Sts|Sta|Sto|Ste)\.")


class Unread(Exception):
    """No rule reads the words; it says what the field takes."""

    def __init__(self, expected: str, suggestion: str, rest: str | None = None) -> None:
        super().__init__(expected)
        self.expected = expected
        self.suggestion = suggestion
        self.rest = rest


def is_prose(raw: str) -> bool:
    """Whether the words have the full stop or colon of a sentence, which no value behind a label has."""
    return _PROSE.search(_ABBREVIATED.sub("", raw)) is not None


def _year(raw: str) -> int:
    if not _YEAR.fullmatch(raw):
        raise Unread("a year of four digits", "Write the year alone, such as 2024.")
    return int(raw)


def _amount(raw: str) -> str:
    match = _AMOUNT.fullmatch(_DOLLARS.sub("", raw, count=1))
    if match is None or not _is_certain(match):
        raise Unread("an amount such as 300000.00 or 300,000", "Write the amount with a point before cents.")
    whole = "".join(each for each in match[1] if each.isdigit())
    return f"{int(whole)}.{match[4] or '00'}"


def _is_certain(amount: re.Match[str]) -> bool:
    """Whether the marks have one meaning: pages part thousands with commas, but 300.000 can be either."""
    digits, parting, cents = amount[1], amount[2], amount[3]
    if parting == "." and cents is None:
        return digits.count(".") > 1
    return parting is None or parting != cents


def _project_id(raw: str) -> str:
    if not (LETTERED_ID.fullmatch(raw) or _OLD_ID.fullmatch(raw)):
        raise Unread("a Project ID such as PN.0008 or V57-805", "Check the Project ID.")
    return raw


def _prima_id(raw: str) -> str:
    if not _PRIMA_ID.fullmatch(raw):
        raise Unread("a Prima ID such as SV10P0560", "Check the Prima ID.")
    return raw


_PLAIN: dict[str, Callable[[str], Any]] = {
    "startYear": _year,
    "endYear": _year,
    "year": _year,
    "budgetUsd": _amount,
    "projectId": _project_id,
    "primaId": _prima_id,
}


def _code(scheme: str, raw: str, vocabulary: Vocabulary) -> str:
    key = vocabulary.code(scheme, raw)
    if key is None:
        raise Unread(f"a name of the code list {scheme}", "Add the spelling to the vocabulary codes.ttl.")
    return key


def _states(raw: str, vocabulary: Vocabulary) -> list[str]:
    listing = vocabulary.states.listed(raw)
    if not listing.keys:
        raise Unread(
            "names of states, parted by spaces",
            "Add the spelling to the vocabulary states.ttl.",
            listing.rest or raw,
        )
    return list(listing.keys)


def value(field: str, printed: str, vocabulary: Vocabulary) -> Any:
    """The value that the printed words stand for, as records hold it. Raises Unread."""
    raw = " ".join(printed.split())
    if field in _PLAIN:
        return _PLAIN[field](raw)
    if field in CODED:
        return _code(field, raw, vocabulary)
    return _states(raw, vocabulary)


def placeholder(field: str, values: Mapping[str, Any]) -> str | None:
    """Why the value of a field stands for nothing, among all values of its page; None when it does not."""
    known = (values.get(each) for each in _YEARS)
    start, end, year = (None if each in _ZEROS else each for each in known)
    if field in _YEARS and values[field] in _ZEROS:
        return "no project of the fund is of this year: it is where calendars of computers begin"
    if field == "budgetUsd" and float(values[field]) == 0:
        return "no project has a budget of nothing"
    if field == "endYear" and start is None and year is None:
        return "an end without a start and without a year is a placeholder"
    if field in ("startYear", "endYear") and start and end and end < start:
        return "the end stands before the start, and nothing says which of them is wrong"
    return None


def is_readable(field: str, printed: str, vocabulary: Vocabulary) -> bool:
    """Whether a rule reads the words as a value of the field."""
    try:
        value(field, printed, vocabulary)
    except Unread:
        return False
    return True

"""Explicit: codes that a text names by number, such as "SDG 10.7" or "objective 21 of the Compact"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBER = r"\d{1,2}(?:\.(?:\d{1,2}|[a-d])\b)?"
_NUMBERS = (
    rf"{_NUMBER}(?:(?:,? (?:and|et|y|e|&|or|ou|o) |, ?| ?/ ?)(?:(?:sdg|odd|ods) )?{_NUMBER})*(?!\d|%|[.,]\d)"
)
_SDG = re.compile(
    r"\b(?:sdgs?|odds?|ods|(?:sustainable development )goals?|objectifs? de developpement durable"
    r"|objetivos? de desarrollo sostenible|goals?(?= \d+ of the (?:2030|sustainable)))"
    r"(?: \((?:sdgs?|odd|ods)\))?(?: (?:targets?|goals?|cibles?|metas?|numbers?|no\.?|nos\.?|n°))? ?#?"
    rf"(?P<numbers>{_NUMBERS})"
)
_TARGET = re.compile(r"\b(?:(?:sdg )?targets?|cibles?|metas?) (?P<numbers>\d{1,2}\.(?:\d{1,2}|[a-d])\b)")
_OF_COMPACT = (
    r"(?: \([^)]{1,80}\))? (?:of|from|in|under|du|des?|au|del|de la|en el|dans le) (?:the |le |el )?"
    r"(?:un |united nations )?(?:global compact|compact|gcm|pacte|pmm|pacto)\b"
)
_WORD = r"\b(?:objectives?|objectifs?|objetivos?)(?: (?:no\.?|n°|numeros?|number))? "
_OBJECTIVE = (
    re.compile(rf"{_WORD}(?P<numbers>{_NUMBERS}){_OF_COMPACT}"),
    re.compile(
        r"\b(?:global compact|gcm|pacte mondial|pmm|pacto mundial)(?:'s)?(?: (?:for|on|pour|sur|para|sobre)"
        r"(?: [\w,]+){1,7}?)?,? ?\(?(?:objectives?|objectifs?|objetivos?)(?: (?:no\.?|n°))? "
        rf"(?P<numbers>{_NUMBERS})"
    ),
)
_EACH = re.compile(_NUMBER)

# Who names more than these names the whole.
_MOST = 5
_GOALS = 17
_OBJECTIVES = 23


@dataclass(frozen=True, slots=True)
class Named:
    """A code named by number: the target, and where the words stand."""

    target: str
    rule: str
    start: int
    end: int


def named(folded: str, start: int, end: int) -> Iterator[Named]:
    """The codes that this part of a folded text names by number."""
    for shape in (_SDG, _TARGET):
        for match in shape.finditer(folded, start, end):
            yield from _each(match, "sdg", "lexicon.explicit.sdg")
    for shape in _OBJECTIVE:
        for match in shape.finditer(folded, start, end):
            yield from _each(match, "objective", "lexicon.explicit.objective")


def _each(match: re.Match[str], segment: str, rule: str) -> Iterator[Named]:
    numbers = list(dict.fromkeys(_EACH.findall(match["numbers"])))
    if len(numbers) > _MOST:
        return
    most = _GOALS if segment == "sdg" else _OBJECTIVES
    for number in numbers:
        whole, _, part = number.partition(".")
        if 1 <= int(whole) <= most and not (part and segment == "objective"):
            yield Named(f"{segment}/{int(whole)}", rule, *match.span())
            if part:
                yield Named(f"{segment}/{int(whole)}.{part}", rule, *match.span())

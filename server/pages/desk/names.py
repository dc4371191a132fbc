"""Names: what the desk calls projects and what they serve, in words and with their language."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ontology.declaration import ExchangeRecord
from ontology.labels import name_of, spaced
from schema.exchange import SEGMENTS, is_key, noun_at
from schema.record import declaration
from schema.snapshot import Snapshot
from schema.text import chosen
from server.pages.values import direction

_SHORT = "shortTitle"


@dataclass(frozen=True, slots=True)
class Named:
    """A thing by its name: `call` says its kind and code, such as Objective 23."""

    identifier: str
    call: str
    words: str
    language: str = ""
    short: str = ""

    @property
    def direction(self) -> str:
        """How its words are written."""
        return direction(self.language)

    @property
    def in_short(self) -> str:
        """What it is called on one line."""
        return f"{self.call}: {self.short or self.words}" if self.words else self.call


def natural(key: str) -> list[tuple[int, int, str]]:
    """The place of a key among those of its class: numbers stand by their size."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in key.split(".")]


def _call(segment: str, key: str) -> str:
    if segment == "project":
        return key
    if segment == "sdg":
        return f"SDG target {key}" if "." in key else f"SDG {key}"
    return f"{spaced(noun_at(segment, key).name)} {key}"


def _named(segment: str, record: ExchangeRecord) -> Named:
    key = record["key"]
    language, words = chosen(name_of(declaration(noun_at(segment, key)), record), None) or ("", "")
    short: dict[str, Any] = record.get(_SHORT, {})
    return Named(f"{segment}/{key}", _call(segment, key), words, language, short.get(language, ""))


def named(snapshot: Snapshot, identifiers: Iterable[str]) -> dict[str, Named]:
    """What things are called, by their identifiers, read a class at a time; unknown ones by their keys."""
    asked: dict[str, list[str]] = defaultdict(list)
    for each in sorted(set(identifiers)):
        segment, _, key = each.partition("/")
        if segment in SEGMENTS and is_key(segment, key):
            asked[segment].append(key)
    found = {
        f"{segment}/{record['key']}": _named(segment, record)
        for segment, keys in asked.items()
        for record in snapshot.several(segment, keys)
    }
    missing = {each: Named(each, each, "") for each in set(identifiers).difference(found)}
    return found | missing

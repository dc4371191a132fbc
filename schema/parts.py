"""Parts: those with a class of their own, such as rules of the codebook, found for what refers to them."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, select

from ontology.declaration import ExchangeRecord
from schema.exchange import is_gone
from schema.model import NOUNS
from schema.pending import Pending
from schema.record import KEY, Attribute, Noun

# How many parts a suggestion names.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class KindOfParts:
    """A class of parts: the noun of the things that hold them, the field that does, and their own noun."""

    whole: Noun
    attribute: Attribute
    part: Noun

    def is_key(self, text: str) -> bool:
        """Whether a text can be the key of such a part at all."""
        return re.fullmatch(rf"{KEY}~(?:{self.part.model.key_pattern})", text) is not None

    def keys(self, record: ExchangeRecord) -> Iterator[str]:
        """The keys of the parts of a thing."""
        return (f"{record['key']}~{each['code']}" for each in record.get(self.attribute.name, ()))


@cache
def kind_of_parts(segment: str) -> KindOfParts | None:
    """The class of parts that has this segment, or None where it is a class of things or none."""
    every = (
        KindOfParts(whole, attribute, part)
        for whole in NOUNS.values()
        for attribute, part in whole.parts()
        if part.segment == segment
    )
    return next(every, None) if segment else None


def parts_there(pending: Pending, kind: KindOfParts, keys: Iterable[str]) -> set[str]:
    """Of these keys of parts those that a living thing holds, as the pending changes leave it."""
    by_owner: dict[str, list[str]] = {}
    for key in filter(kind.is_key, keys):
        by_owner.setdefault(key.partition("~")[0], []).append(key)
    owners = {(kind.whole.segment, owner): some for owner, some in by_owner.items()}
    pending.expect(owners)
    there: set[str] = set()
    for identity, some in owners.items():
        record = pending.current(identity)
        if record is not None and not is_gone(record):
            there.update({*kind.keys(record)}.intersection(some))
    return there


def nearest(connection: Connection, kind: KindOfParts, key: str) -> list[str]:
    """The keys of the stored parts that come closest to one that is none, those of the same thing first."""
    table = kind.part.table.c
    owner = key.partition("~")[0]
    if re.fullmatch(KEY, owner):
        own = list(connection.scalars(select(table.key).where(table.owner == owner).order_by(table.position)))
        if own:
            return difflib.get_close_matches(key, own, _NAMED, 0)
    every = list(connection.scalars(select(table.key).order_by(table.key)))
    return difflib.get_close_matches(key[:200], every, _NAMED, 0.5)

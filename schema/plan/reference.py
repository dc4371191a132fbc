"""Reference: the few hundred rows of the closed vocabularies, and counts, remembered for one data version."""

from collections.abc import Hashable, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from ontology.iri import Iris
from ontology.terms import Reference as Referring
from schema.record import NOUNS, Attribute, Inverse, Noun, Parts, Relation
from schema.snapshot import Snapshot
from schema.sql import AnySelect
from schema.stats import natural

Answer = dict[str, Any]

#: A key as something to sort by, in which numbers count as numbers.
natural_key = lru_cache(8192)(natural)

# How many lists with different filters are remembered.
_COUNTS = 1_000


class Vocabulary:
    """All rows of one closed vocabulary, and where each stands in their natural order."""

    def __init__(self, noun: Noun, snapshot: Snapshot) -> None:
        self.names = [each.name for each in noun.table.columns]
        columns = list(noun.table.columns)
        found = snapshot.connection.execute(select(*columns)).all()
        place = self.names.index("key")
        order = "position" in self.names and self.names.index("position")
        found = sorted(found, key=lambda row: row[order] if order else natural_key(row[place]))
        self.rows = {str(row[place]): tuple(row) for row in found}
        self.ranks = {key: rank for rank, key in enumerate(self.rows)}

    def column(self, name: str, keys: Sequence[str]) -> list[Any]:
        """The values of a column for some keys that are there."""
        place = self.names.index(name)
        return [self.rows[key][place] for key in keys]


class Reference:
    """What is known of one data version. Threads share it: each value is the same whoever works it out."""

    def __init__(self, version: int) -> None:
        self.version = version
        self._vocabularies: dict[str, Vocabulary] = {}
        self._lists: dict[tuple[str, str], dict[str, list[str]]] = {}
        self._counts: dict[Hashable, dict[Any, Any]] = {}
        #: Answers of levels that hold nothing but such rows, by key.
        self.answers: WeakKeyDictionary[Any, dict[str, Answer]] = WeakKeyDictionary()

    def vocabulary(self, noun: Noun, snapshot: Snapshot) -> Vocabulary:
        """The rows of a noun that is reference."""
        found = self._vocabularies.get(noun.name)
        if found is None:
            found = self._vocabularies[noun.name] = Vocabulary(noun, snapshot)
        return found

    def lists(self, noun: Noun, attribute: Attribute, snapshot: Snapshot) -> dict[str, list[str]]:
        """The keys in a list field whose both ends are reference, by the key of the thing it belongs to."""
        found = self._lists.get((noun.name, attribute.attribute))
        if found is None:
            found = self._read_lists(noun, attribute, snapshot)
            self._lists[noun.name, attribute.attribute] = found
        return found

    def _read_lists(self, noun: Noun, attribute: Attribute, snapshot: Snapshot) -> dict[str, list[str]]:
        other = NOUNS[attribute.beside.noun] if attribute.beside else noun
        found: dict[str, list[str]] = {}
        rows: Sequence[Sequence[str]] = snapshot.connection.execute(_pairs(noun, attribute, other)).all()
        begin = before_keys(noun, attribute, other)
        for owner, key in rows:
            if owner.startswith(begin):
                found.setdefault(owner.removeprefix(begin), []).append(key)
        if not isinstance(attribute.beside, Relation):
            ranks = self.vocabulary(other, snapshot).ranks
            for keys in found.values():
                keys.sort(key=ranks.__getitem__)
        return found

    def counts(self, of: Hashable) -> dict[Any, Any]:
        """What was counted before of the same lists, by owner; whoever counts more of them adds it here."""
        found = self._counts.get(of)
        if found is None:
            if len(self._counts) >= _COUNTS:
                self._counts.clear()
            found = self._counts[of] = {}
        return found


def before_keys(noun: Noun, attribute: Attribute, other: Noun) -> str:
    """What stands before the keys of owners where a field on the other side may lead to several classes."""
    beside = attribute.beside
    if not isinstance(beside, Inverse):
        return ""
    stated = other.attribute(beside.attribute).property
    return f"{noun.segment}/" if isinstance(stated, Referring) and not stated.noun else ""


def _pairs(noun: Noun, attribute: Attribute, other: Noun) -> AnySelect:
    beside = attribute.beside
    if isinstance(beside, Relation):
        through = noun.relations[attribute.attribute].c
        return select(through.owner, through.target).order_by(through.position)
    if isinstance(beside, Parts):
        return select(other.table.c.owner, other.table.c.key)
    if isinstance(beside, Inverse) and beside.attribute in other.relations:
        through = other.relations[beside.attribute].c
        return select(through.target, through.owner)
    if isinstance(beside, Inverse):
        return select(other.table.c[beside.attribute], other.table.c.key)
    raise TypeError(f"{attribute.name} is no list between vocabularies")


_known: WeakKeyDictionary[Engine, dict[str, Reference]] = WeakKeyDictionary()
_lock = Lock()


def reference_of(snapshot: Snapshot, iris: Iris) -> Reference:
    """What is known of the data version of a snapshot; what was known of another one is forgotten."""
    version = snapshot.version()
    with _lock:
        by_base = _known.setdefault(snapshot.connection.engine, {})
        found = by_base.get(iris.base)
        if found is None or found.version != version:
            found = by_base[iris.base] = Reference(version)
        return found

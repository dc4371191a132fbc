"""References: whether what records refer to is there, asked once for many records."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, select

from ontology.declaration import Declaration, ExchangeRecord
from ontology.errors import UnknownReference
from ontology.terms import Reference
from schema.exchange import is_key, noun_at
from schema.log import resource
from schema.model import NOUNS
from schema.parts import kind_of_parts, nearest, parts_there
from schema.pending import Identity, Mark, Pending, Planned
from schema.record import Noun, declaration
from schema.sql import among

# What a record refers to: class, key, and the name of the field.
_Target = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Referred:
    """That the record `by` refers to `target` in a field."""

    target: Identity
    by: Identity
    field: str


@dataclass(frozen=True, slots=True)
class _Walk:
    """The fields of a class, or of its parts, that refer to something."""

    keys: tuple[tuple[str, str, bool], ...]
    parts: tuple[tuple[str, "_Walk"], ...]

    def targets(self, record: ExchangeRecord, into: list[_Target]) -> None:
        """Add everything that a record refers to, with the names of the fields."""
        for name, segment, many in self.keys:
            value = record.get(name)
            for target in () if value is None else value if many else (value,):
                of, _, key = (f"{segment}/{target}" if segment else target).partition("/")
                into.append((of, key, name))
        for name, walk in self.parts:
            for part in record.get(name, ()):
                walk.targets(part, into)

    def keys_of(self, record: ExchangeRecord, into: dict[str, set[str]]) -> None:
        """Add the keys of everything that a record refers to, by class."""
        for name, segment, many in self.keys:
            value = record.get(name)
            if value is None:
                continue
            if many:
                into[segment].update(value)
            else:
                into[segment].add(value)
        for name, walk in self.parts:
            for part in record.get(name, ()):
                walk.keys_of(part, into)


def _walk_of(declared: Declaration) -> _Walk:
    keys = tuple(
        (each.name, each.property.to, each.many)
        for each in declared.fields
        # Results refer to results of the same project only, which its record shows.
        if isinstance(each.property, Reference) and each.part is None and each.property.to != "result"
        if not each.property.derived
    )
    parts = ((each.name, _walk_of(each.part)) for each in declared.fields if each.part is not None)
    return _Walk(keys, tuple((name, walk) for name, walk in parts if walk.keys or walk.parts))


@cache
def _walk(noun: str) -> _Walk:
    return _walk_of(declaration(NOUNS[noun]))


def _targets(change: Planned) -> list[_Target]:
    record = change.record
    if change.is_gone:
        return [(change.segment, record["aliasOf"], "aliasOf")] if "aliasOf" in record else []
    found: list[_Target] = []
    _walk(noun_at(change.segment, change.key).name).targets(record, found)
    return found


def missing(connection: Connection, pending: Pending, changes: list[Planned]) -> Iterator[Referred]:
    """What changes refer to and neither the pending ones nor the store hold."""
    absent = {
        (segment, leads, key)
        for (segment, leads), keys in _asked(changes).items()
        for key in keys - _there(connection, pending, segment, sorted(keys), leads=leads)
    }
    # Who refers to it, and in which field, matters only where something is missing, which is seldom.
    for change in changes if absent else ():
        for segment, key, field in _targets(change):
            if (segment, field == "aliasOf", key) in absent:
                yield Referred((segment, key), change.identity, field)


def _asked(changes: list[Planned]) -> dict[tuple[str, bool], set[str]]:
    """The keys that changes refer to, by class and by whether they lead there."""
    asked: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for change in changes:
        for segment, key, _ in _targets(change) if change.is_gone else ():
            asked[segment, True].add(key)
    for segment, keys in keys_of(each.record for each in changes if not each.is_gone).items():
        asked[segment, False] |= keys
    return asked


def keys_of(records: Iterable[ExchangeRecord]) -> dict[str, set[str]]:
    """The keys of everything that living things refer to, by class."""
    found: dict[str, set[str]] = defaultdict(set)
    for record in records:
        _walk(noun_at(record["class"], record["key"]).name).keys_of(record, found)
    for identifier in found.pop("", ()):
        segment, _, key = identifier.partition("/")
        found[segment].add(key)
    return dict(found)


def _there(
    connection: Connection, pending: Pending, segment: str, keys: list[str], *, leads: bool
) -> set[str]:
    """Of these keys those that can be referred to."""
    if (kind := kind_of_parts(segment)) is not None:
        return parts_there(pending, kind, keys)
    # Databases choke on some of the characters that no key has.
    possible = [key for key in keys if is_key(segment, key)]
    if not possible:
        return set()
    recent = {key: each for key in possible if (each := pending.recent((segment, key))) is not None}
    # A key may lead to what was deleted: whoever follows it then learns just that.
    there = {key for key, each in recent.items() if leads or not each.is_gone}
    if stored := [key for key in possible if key not in recent]:
        known = select(resource.c.key).where(resource.c["class"] == segment, resource.c.alias_of.is_(None))
        if not leads:
            known = known.where(resource.c.deleted == 0)
        there.update(connection.scalars(known.where(among(connection, resource.c.key, stored))).all())
    return there


@dataclass(frozen=True, slots=True)
class _Pointer:
    """A column that refers to things (without a segment: by class and key), and what its rows are part of."""

    column: Column[Any]
    owner: Column[Any]
    segment: str
    noun: Noun
    field: str


def _root(noun: Noun) -> Noun:
    """The class of the records that a noun's rows are part of."""
    whole = next((each for each in NOUNS.values() for _, part in each.parts() if part is noun), None)
    return noun if whole is None else _root(whole)


@cache
def _pointers() -> tuple[_Pointer, ...]:
    found: list[_Pointer] = []
    for noun in NOUNS.values():
        root, columns = _root(noun), noun.table.columns
        owner = columns["key"] if root is noun else columns["owner"]
        for each in noun.columns():
            if isinstance(each.property, Reference) and each.property.noun != "ResultItem":
                to = NOUNS[each.property.noun].segment if each.property.noun else ""
                found.append(_Pointer(columns[each.attribute], owner, to, root, each.name))
        for attribute, other in noun.related():
            related = noun.relations[attribute.attribute].columns
            found.append(_Pointer(related["target"], related["owner"], other.segment, root, attribute.name))
    return tuple(found)


def _left_behind(connection: Connection, pending: Pending) -> Iterator[Referred]:
    """The stored references, of records that are not pending themselves, to what pending ones take away."""
    for chunk in pending.chunks(Mark.GONE):
        gone: dict[str, list[str]] = defaultdict(list)
        for each in chunk:
            gone[each.segment].append(each.key)
            gone[""].append(f"{each.segment}/{each.key}")
        for pointer in _pointers():
            if keys := gone.get(pointer.segment):
                yield from _pointing(connection, pending, pointer, keys)
    for chunk in pending.chunks(Mark.HOLDS):
        for change in chunk:
            yield from _cited(connection, pending, change)


def _cited(connection: Connection, pending: Pending, change: Planned) -> Iterator[Referred]:
    """The stored references to parts that a thing has no more."""
    for pointer in _pointers():
        kind = kind_of_parts(pointer.segment)
        if kind is None or kind.whole.segment != change.segment:
            continue
        begin, end = f"{change.key}~", f"{change.key}\x7f"
        cited = select(pointer.column).where(pointer.column >= begin, pointer.column < end).distinct()
        kept = set() if change.is_gone else {*kind.keys(change.record)}
        keys = [key for key in connection.scalars(cited) if key not in kept]
        if keys:
            yield from _pointing(connection, pending, pointer, keys)


def _pointing(
    connection: Connection, pending: Pending, pointer: _Pointer, keys: list[str]
) -> Iterator[Referred]:
    statement = select(pointer.column, pointer.owner).where(among(connection, pointer.column, keys))
    for target, owner in connection.execute(statement.order_by(pointer.owner)).all():
        # The key of a part begins with the key of its record.
        by = pointer.noun.segment, owner.partition("#")[0]
        if by not in pending:
            segment, _, key = (f"{pointer.segment}/{target}" if pointer.segment else target).partition("/")
            yield Referred((segment, key), by, pointer.field)


def unmet(connection: Connection, pending: Pending, *, everything: bool) -> dict[Identity, UnknownReference]:
    """The pending changes that cannot be written as they are, each with what is wrong with it.

    Unless everything is asked for, those are left out that found all they refer to when they came.
    """
    wrong: dict[Identity, UnknownReference] = {}
    for each in _left_behind(connection, pending):
        error = UnknownReference(
            f"{'/'.join(each.target)}: {'/'.join(each.by)} still refers to it ({each.field})",
            "Delete or change what refers to it in the same transaction.",
            field=each.field,
        )
        wrong.setdefault(_whole(each.target), error)
    # Once these are withdrawn, what seemed to be missing may turn out to be there.
    if wrong:
        return wrong
    for chunk in pending.chunks(None if everything else Mark.DOUBTFUL):
        for each in missing(connection, pending, chunk):
            error = UnknownReference(
                f"{'/'.join(each.by)}: {each.field} refers to {_shown(each.target)}, which is not there",
                _suggestion(connection, each.target),
                field=each.field,
            )
            wrong.setdefault(each.by, error)
    return wrong


def _whole(target: Identity) -> Identity:
    """The thing that has a change: what is referred to, or what it is a part of."""
    kind = kind_of_parts(target[0])
    return target if kind is None else (kind.whole.segment, target[1].partition("~")[0])


def _shown(target: Identity) -> str:
    # The key of a part may be any text, since it is looked up and not checked before.
    return "/".join(target) if kind_of_parts(target[0]) is None else repr(target[1])[:120]


def _suggestion(connection: Connection, target: Identity) -> str:
    """What to do about a reference to what is not there; of rules the nearest are named."""
    segment, key = target
    kind = kind_of_parts(segment)
    if kind is None:
        return "Import it first, or in the same import."
    close = nearest(connection, kind, key)
    return (
        f"Use one of {', '.join(close)}."
        if close
        else f"All that there are stand at /about/{kind.whole.segment}."
    )

"""References: whether what records refer to is there, asked once for a whole transaction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Select, select

from ontology.declaration import Declaration, ExchangeRecord
from ontology.errors import UnknownReference
from ontology.terms import Reference
from schema.exchange import is_gone, is_tombstone, noun_of
from schema.log import resource
from schema.model import NOUNS
from schema.record import Noun, declaration

#: A class and a key.
Identity = tuple[str, str]

# Both databases take this many values in one list.
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Referred:
    """That the record `by` refers to `target` in a field."""

    target: Identity
    by: Identity
    field: str


def _in(declared: Declaration, record: ExchangeRecord, by: Identity) -> Iterator[Referred]:
    for each in declared.fields:
        value = record.get(each.name)
        if value is None or each.property.derived:
            continue
        if each.part is not None:
            for part in value:
                yield from _in(each.part, part, by)
        # Results refer to results of the same project only, which its record shows.
        elif isinstance(each.property, Reference) and each.property.to != "result":
            for target in value if each.many else [value]:
                identifier = f"{each.property.to}/{target}" if each.property.to else target
                segment, _, key = identifier.partition("/")
                yield Referred((segment, key), by, each.name)


def references(record: ExchangeRecord) -> Iterator[Referred]:
    """Everything that a record refers to."""
    by = record["class"], record["key"]
    if "aliasOf" in record:
        yield Referred((record["class"], record["aliasOf"]), by, "aliasOf")
    elif not is_tombstone(record):
        yield from _in(declaration(noun_of(*by)), record, by)


def batches(keys: Iterable[str]) -> Iterator[list[str]]:
    """The keys in order, in lists that both databases take."""
    ordered = sorted(keys)
    return (ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH))


def _missing(connection: Connection, pending: Mapping[Identity, ExchangeRecord]) -> Iterator[Referred]:
    """What pending records refer to and neither they nor the store hold."""
    asked: dict[tuple[str, bool], dict[str, list[Referred]]] = defaultdict(lambda: defaultdict(list))
    for record in pending.values():
        for each in references(record):
            here = pending.get(each.target)
            # A key may lead to what was deleted: whoever follows it then learns just that.
            leads = each.field == "aliasOf"
            if here is None:
                asked[each.target[0], leads][each.target[1]].append(each)
            elif is_gone(here) and not leads:
                yield each
    for (segment, leads), by_key in asked.items():
        known = {
            key
            for batch in batches(by_key)
            for key in connection.scalars(_known(segment, batch, leads=leads))
        }
        for key in by_key.keys() - known:
            yield from by_key[key]


def _known(segment: str, keys: list[str], *, leads: bool) -> Select[str]:
    statement = select(resource.c.key).where(
        resource.c["class"] == segment, resource.c.alias_of.is_(None), resource.c.key.in_(keys)
    )
    return statement if leads else statement.where(resource.c.deleted == 0)


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


def _left_behind(connection: Connection, pending: Mapping[Identity, ExchangeRecord]) -> Iterator[Referred]:
    """The stored references, of records that are not pending themselves, to what pending ones take away."""
    gone: dict[str, list[str]] = defaultdict(list)
    for (segment, key), record in pending.items():
        if is_gone(record):
            gone[segment].append(key)
            gone[""].append(f"{segment}/{key}")
    for pointer in _pointers() if gone else ():
        for batch in batches(gone[pointer.segment]):
            statement = select(pointer.column, pointer.owner).where(pointer.column.in_(batch))
            for target, owner in connection.execute(statement):
                # The key of a part begins with the key of its record.
                by = pointer.noun.segment, owner.partition("#")[0]
                if by not in pending:
                    segment, _, key = (
                        f"{pointer.segment}/{target}" if pointer.segment else target
                    ).partition("/")
                    yield Referred((segment, key), by, pointer.field)


def unmet(
    connection: Connection, pending: Mapping[Identity, ExchangeRecord]
) -> dict[Identity, UnknownReference]:
    """The pending records that cannot be written as they are, each with what is wrong with it."""
    wrong: dict[Identity, UnknownReference] = {}
    for each in _left_behind(connection, pending):
        error = UnknownReference(
            f"{'/'.join(each.target)}: {'/'.join(each.by)} still refers to it ({each.field})",
            "Delete or change what refers to it in the same transaction.",
            field=each.field,
        )
        wrong.setdefault(each.target, error)
    # Once these are withdrawn, what seemed to be missing may turn out to be there.
    if wrong:
        return wrong
    for each in _missing(connection, pending):
        error = UnknownReference(
            f"{'/'.join(each.by)}: {each.field} refers to {'/'.join(each.target)}, which is not there",
            "Import it first, or in the same import.",
            field=each.field,
        )
        wrong.setdefault(each.by, error)
    return wrong

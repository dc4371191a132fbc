"""Difference: what one version changed, thing by thing and field by field, as the log tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from ontology.declaration import ExchangeRecord
from schema.exchange import is_gone, parse
from schema.log import change

# What every record has and nobody means when they ask what has changed.
_ENVELOPE = frozenset({"format", "class", "key", "updatedAt"})

# The operations of the log after which a thing lives; of the others there is no more to say.
_LIVING = frozenset({"create", "update"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with its value before and after; None where it had or has no value."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one thing in a version."""

    identifier: str
    operation: str
    changes: tuple[FieldChange, ...]


def differences(connection: Connection, version: int, operations: tuple[str, ...]) -> Iterator[Difference]:
    """What the version changed by these operations, in the order of the log."""
    rows = connection.execute(_compared(version, operations), execution_options={"yield_per": 1000})
    for segment, key, operation, record, before in rows:
        found = changes(_living(before), _living(record)) if operation in _LIVING else ()
        yield Difference(f"{segment}/{key}", operation, tuple(found))


def _living(text: str | None) -> ExchangeRecord:
    """The record of a line; nothing where nothing lived."""
    record = {} if text is None else parse(text)
    return {} if is_gone(record) else record


def changes(before: ExchangeRecord, after: ExchangeRecord) -> Iterator[FieldChange]:
    """The fields in which two records of a thing differ; texts language by language."""
    for name in sorted((before.keys() | after.keys()) - _ENVELOPE):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if _is_object(old) and _is_object(new):
            old, new = old or {}, new or {}
            languages = sorted(each for each in old.keys() | new.keys() if old.get(each) != new.get(each))
            yield from (FieldChange(f"{name}.{each}", old.get(each), new.get(each)) for each in languages)
        else:
            yield FieldChange(name, old, new)


def _is_object(value: Any) -> bool:
    return value is None or isinstance(value, dict)


def _compared(version: int, operations: tuple[str, ...]) -> Select[str, str, str, str, str | None]:
    old, inner = change.alias("old"), change.alias("inner")
    last = (
        select(func.max(inner.c.version))
        .where(inner.c["class"] == change.c["class"], inner.c.key == change.c.key, inner.c.version < version)
        .correlate(change)
        .scalar_subquery()
    )
    same = and_(old.c["class"] == change.c["class"], old.c.key == change.c.key, old.c.version == last)
    return (
        select(change.c["class"], change.c.key, change.c.operation, change.c.record, old.c.record)
        .outerjoin_from(change, old, same)
        .where(change.c.version == version, change.c.operation.in_(operations))
        .order_by(change.c.ordinal)
    )

"""Rows: a record as rows of its tables, and the same record back from them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, bindparam, delete, insert, select

from ontology.declaration import ExchangeRecord, part_key
from ontology.reading import FORMAT
from schema.exchange import kind_of
from schema.record import Attribute, Noun, declaration

Row = tuple[Table, dict[str, Any]]


def _stored(noun: Noun, attribute: Attribute, record: ExchangeRecord) -> Any:
    value = record.get(attribute.name)
    if value is None:
        return None if attribute.many else attribute.default
    return value if attribute.many else kind_of(noun, attribute).to_column(value)


def _columns(noun: Noun, record: ExchangeRecord) -> dict[str, Any]:
    return {each.attribute: _stored(noun, each, record) for each in noun.columns()}


def _beside(noun: Noun, key: str, record: ExchangeRecord) -> Iterator[Row]:
    for attribute, _ in noun.related():
        for position, target in enumerate(record.get(attribute.name, ()), start=1):
            row = {"owner": key, "position": position, "target": target}
            yield noun.relations[attribute.attribute], row
    for attribute, part in noun.parts():
        for position, value in enumerate(record.get(attribute.name, ()), start=1):
            own = part_key(key, declaration(part), position, value)
            row = _columns(part, value) | {"key": own, "owner": key, "position": position}
            yield part.table, row
            yield from _beside(part, own, value)


def rows(noun: Noun, record: ExchangeRecord) -> Iterator[Row]:
    """The rows of a canonical record, its own first, then those of its relations and parts."""
    key = record["key"]
    yield noun.table, _columns(noun, record) | {"key": key, "updated_at": record["updatedAt"]}
    yield from _beside(noun, key, record)


def remove(connection: Connection, noun: Noun, keys: list[str]) -> None:
    """Delete the rows of things; those of their relations and parts go with them."""
    if keys:
        statement = delete(noun.table).where(noun.table.c.key == bindparam("gone"))
        connection.execute(statement, [{"gone": key} for key in keys])


def write(connection: Connection, noun: Noun, records: list[ExchangeRecord]) -> None:
    """Write the rows of canonical records in the place of those that are there."""
    remove(connection, noun, [each["key"] for each in records])
    inserts: dict[Table, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        for table, row in rows(noun, record):
            inserts[table].append(row)
    for table, values in inserts.items():
        connection.execute(insert(table), values)


def _read(noun: Noun, row: RowMapping) -> ExchangeRecord:
    found: ExchangeRecord = {}
    for attribute in noun.columns():
        value = row[attribute.attribute]
        if value is None or value == attribute.default or value in ([], {}):
            continue
        if attribute.property is not None:
            found[attribute.name] = value if attribute.many else kind_of(noun, attribute).from_column(value)
    return found


def _read_beside(noun: Noun, key: str, connection: Connection) -> ExchangeRecord:
    found: ExchangeRecord = {}
    for attribute, _ in noun.related():
        table = noun.relations[attribute.attribute]
        targets = select(table.c.target).where(table.c.owner == key).order_by(table.c.position)
        if keys := list(connection.scalars(targets)):
            found[attribute.name] = keys
    for attribute, part in noun.parts():
        parts = select(part.table).where(part.table.c.owner == key).order_by(part.table.c.position)
        if read := list(connection.execute(parts).mappings()):
            found[attribute.name] = [
                _read(part, row) | _read_beside(part, row["key"], connection) for row in read
            ]
    return found


def record_of(noun: Noun, key: str, connection: Connection) -> ExchangeRecord | None:
    """The record that a thing's rows come to, or None; accepted links, which are other rows, left out."""
    row = connection.execute(select(noun.table).where(noun.table.c.key == key)).mappings().one_or_none()
    if row is None:
        return None
    envelope = {"format": FORMAT, "class": noun.segment, "key": key, "updatedAt": row["updated_at"]}
    return _read(noun, row) | _read_beside(noun, key, connection) | envelope

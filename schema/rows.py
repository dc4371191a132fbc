"""Rows: a record as rows of its tables, and the same record back from them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, RowMapping, Table, select
from sqlmodel import SQLModel

from ontology.declaration import Declaration, ExchangeRecord, part_key
from ontology.reading import FORMAT
from schema.exchange import noun_at
from schema.model import NOUNS
from schema.record import Attribute, Noun, declaration
from schema.search import rows_of
from schema.sql import Values, delete_keys, insert_rows
from schema.text import sort_key
from schema.values import kind_of


class _Column(NamedTuple):
    """A field as a value of the driver: what it is called, how it is made, and what stands for nothing."""

    name: str
    make: Callable[[Any], Any] | None
    missing: Any


@dataclass(frozen=True, slots=True)
class _Relation:
    name: str
    table: Table


@dataclass(frozen=True, slots=True)
class _Maker:
    """How records of a noun become rows; of parts too, which are made by their own makers."""

    table: Table
    #: The names of the fields that are columns, in the order of the table.
    names: tuple[str, ...]
    #: The places of columns whose value is made of the field's, or that have a value for nothing.
    made: tuple[tuple[int, Callable[[Any], Any] | None, Any], ...]
    relations: tuple[_Relation, ...]
    parts: tuple[tuple[str, Declaration, "_Maker"], ...]

    def values(self, record: ExchangeRecord) -> list[Any]:
        """The values of the fields that are columns, in the order of the table."""
        # Most values are the driver's as they are.
        values = list(map(record.get, self.names))
        for place, make, missing in self.made:
            value = values[place]
            if value is None:
                values[place] = missing
            elif make is not None:
                values[place] = make(value)
        return values

    def beside(self, key: str, record: ExchangeRecord, into: "Rows") -> None:
        """Add the rows of relations and parts."""
        for relation in self.relations:
            if targets := record.get(relation.name):
                rows = into.of(relation.table)
                rows.extend((key, position, target) for position, target in enumerate(targets, start=1))
        for name, declared, maker in self.parts:
            if values := record.get(name):
                rows = into.of(maker.table)
                for position, value in enumerate(values, start=1):
                    own = part_key(key, declared, position, value)
                    rows.append((own, key, position, *maker.values(value)))
                    if maker.parts:
                        maker.beside(own, value, into)


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _stored(noun: Noun, attribute: Attribute) -> Callable[[Any], Any] | None:
    """What makes the driver's value of a record's: the same that the column's type would make of it."""
    if attribute.many or attribute.type == dict[str, str]:
        return _json
    return kind_of(noun, attribute).to_column


def _column(noun: Noun, attribute: Attribute) -> _Column:
    return _Column(attribute.name, _stored(noun, attribute), None if attribute.many else attribute.default)


@cache
def _maker(name: str) -> _Maker:
    noun = NOUNS[name]
    # The order of a table's columns is not that of the declaration, where a class inherits some of them.
    declared = {each.attribute: each for each in noun.columns()}
    own = {name: _column(noun, each) for name, each in declared.items()}
    own |= {name: _Column(noun.attribute(of).name, sort_key, "") for name, of in noun.sort_keys.items()}
    ordered = [own[each.name] for each in noun.table.columns if each.name in own]
    made = [(place, each) for place, each in enumerate(ordered) if each.make or each.missing is not None]
    return _Maker(
        noun.table,
        tuple(each.name for each in ordered),
        tuple((place, each.make, each.missing) for place, each in made),
        tuple(_Relation(each.name, noun.relations[each.attribute]) for each, _ in noun.related()),
        tuple((each.name, declaration(part), _maker(part.name)) for each, part in noun.parts()),
    )


class Rows:
    """The rows of many records, by table."""

    def __init__(self) -> None:
        self._of: dict[Table, list[Values]] = {}

    def of(self, table: Table) -> list[Values]:
        """The rows of one table."""
        rows = self._of.get(table)
        if rows is None:
            rows = self._of[table] = []
        return rows

    def add(self, noun: Noun, record: ExchangeRecord) -> None:
        """Add the rows of a canonical record, those of its relations and parts, and those it is found by."""
        maker = _maker(noun.name)
        key = record["key"]
        self.of(maker.table).append((key, record["updatedAt"], *maker.values(record)))
        maker.beside(key, record, self)
        for table, row in rows_of(noun, record):
            self.of(table).append(row)

    def by_table(self) -> dict[str, list[Values]]:
        """The rows by the names of their tables."""
        # SQLAlchemy's names are strings of a class of its own, which need not travel.
        return {"".join([*table.name]): rows for table, rows in self._of.items()}

    def write(self, connection: Connection) -> None:
        """Write all of them, a table at a time."""
        for table, rows in self._of.items():
            insert_rows(connection, table, rows)


def write_rows(connection: Connection, rows: Mapping[str, list[Values]]) -> None:
    """Write rows by the names of their tables, as `Rows.by_table` gives them."""
    for name, of_table in rows.items():
        insert_rows(connection, SQLModel.metadata.tables[name], of_table)


def remove(connection: Connection, noun: Noun, keys: list[str]) -> None:
    """Delete the rows of things; those of their relations and parts go with them."""
    delete_keys(connection, noun.table.c.key, keys)


def remove_things(connection: Connection, segment: str, keys: list[str]) -> None:
    """Delete the rows of things of one class, as `remove` does."""
    by_noun: dict[str, list[str]] = {}
    for key in keys:
        by_noun.setdefault(noun_at(segment, key).name, []).append(key)
    for name, of_noun in by_noun.items():
        remove(connection, NOUNS[name], of_noun)


def _read(noun: Noun, row: RowMapping) -> ExchangeRecord:
    found: ExchangeRecord = {}
    for attribute in noun.columns():
        value = row[attribute.attribute]
        if value is None or value == attribute.default or value in ([], {}):
            continue
        if attribute.property is not None:
            read = None if attribute.many else kind_of(noun, attribute).from_column
            found[attribute.name] = value if read is None else read(value)
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

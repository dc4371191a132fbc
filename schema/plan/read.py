"""Read: what a plan reads from, and rows as columns of plain values, the same from both databases."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql.execution.values import VariableValues
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    FromClause,
    String,
    any_,
    bindparam,
    func,
    select,
    type_coerce,
)

from ontology.iri import Iris
from schema.columns import EnumColumn, JsonColumn
from schema.plan.reference import Reference, reference_of
from schema.record import Noun
from schema.snapshot import Snapshot
from schema.sql import AnySelect, is_postgresql

#: The parameter of a statement that holds keys, however many.
KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Reader:
    """What a plan reads from: one snapshot, and the IRIs that its answers are given under."""

    snapshot: Snapshot
    iris: Iris

    @property
    def connection(self) -> Connection:
        """The connection whose transaction is the snapshot."""
        return self.snapshot.connection


@dataclass(slots=True)
class Rows:
    """Rows of one class, column by column."""

    columns: dict[str, Sequence[Any]]

    @property
    def keys(self) -> Sequence[str]:
        """The keys of the rows, in order."""
        return self.columns["key"]

    def __len__(self) -> int:
        return len(self.columns["key"])


def _loaded(values: Sequence[str | None]) -> list[Any]:
    return [None if each is None else orjson.loads(each) for each in values]


class Columns:
    """Some columns of a noun, the key among them: what a statement selects, and how that becomes rows."""

    def __init__(self, noun: Noun, names: Iterable[str]) -> None:
        self.noun = noun
        self.names = tuple(dict.fromkeys(("key", *names)))
        self._json = [name for name in self.names if isinstance(noun.table.c[name].type, JsonColumn)]

    def of(self, table: FromClause) -> list[ColumnElement[Any]]:
        """The columns of the table, or of another name of it, with values as they are stored."""
        return [
            type_coerce(table.c[name], String).label(name)
            if isinstance(table.c[name].type, JsonColumn | EnumColumn)
            else table.c[name]
            for name in self.names
        ]

    def rows(self, found: Sequence[Sequence[Any]], skipped: int = 0) -> Rows:
        """What a statement gave, with other columns before the first of these skipped."""
        values = list(zip(*found, strict=True))[skipped:] if found else [()] * len(self.names)
        columns: dict[str, Sequence[Any]] = dict(zip(self.names, values, strict=False))
        for name in self._json:
            columns[name] = _loaded(columns[name])
        return Rows(columns)


class Statements:
    """Statements that differ in shape only, each made once and given its values when it is executed."""

    _MOST = 64

    def __init__(self) -> None:
        self._made: dict[Hashable, AnySelect] = {}

    def get(self, shape: Hashable, make: Callable[[], AnySelect]) -> AnySelect:
        """The statement of a shape."""
        found = self._made.get(shape)
        if found is None:
            if len(self._made) >= self._MOST:
                self._made.clear()
            found = self._made[shape] = make()
        return found


@dataclass(slots=True)
class Fetch:
    """One fetch of a plan: its snapshot and its variables, and what of the data is known already."""

    reader: Reader
    variables: VariableValues
    is_postgresql: bool = field(init=False)
    _reference: Reference | None = None

    def __post_init__(self) -> None:
        self.is_postgresql = is_postgresql(self.reader.connection)

    @property
    def reference(self) -> Reference:
        """What is known about this data version."""
        if self._reference is None:
            self._reference = reference_of(self.reader.snapshot, self.reader.iris)
        return self._reference

    def execute(
        self, statement: AnySelect, keys: Iterable[str] | None = None, **values: Any
    ) -> Sequence[Any]:
        """The rows of a statement; `keys` are its parameter of that name."""
        if keys is not None:
            listed = list(keys)
            values[KEYS] = listed if self.is_postgresql else orjson.dumps(listed).decode()
        return self.reader.connection.execute(statement, values).all()

    def among(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """That a column is one of the parameter's keys."""
        if self.is_postgresql:
            return column == any_(bindparam(KEYS, type_=ARRAY(String)))
        listed = func.json_each(bindparam(KEYS, type_=String)).table_valued("value")
        return column.in_(select(listed.c.value))

    def parents(self) -> FromClause:
        """The parameter's keys as a table `parent` with the columns `value` and, in their order, `key`."""
        if self.is_postgresql:
            keys = func.unnest(bindparam(KEYS, type_=ARRAY(String)))
            listed = keys.table_valued("value", with_ordinality="key", name="parent")
            return listed.render_derived(name="parent")
        return func.json_each(bindparam(KEYS, type_=String)).table_valued("value", "key", name="parent")

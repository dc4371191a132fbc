"""SQL: many rows and many keys in one statement, by each database's own means."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
import psycopg
from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    any_,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

#: A statement that selects anything.
AnySelect = Select[*tuple[Any, ...]]

#: One row, with values that the driver takes as they are.
Values = tuple[Any, ...]


def is_postgresql(connection: Connection) -> bool:
    """Whether the connection leads to PostgreSQL."""
    return connection.dialect.name == "postgresql"


def among(connection: Connection, column: Column[Any], keys: Sequence[str | int]) -> ColumnElement[bool]:
    """That a column is one of the keys, however many: they are one parameter, and the statement stays one."""
    if is_postgresql(connection):
        return column == any_(literal(list(keys), ARRAY(column.type)))
    listed = func.json_each(orjson.dumps(list(keys)).decode()).table_valued("value")
    return column.in_(select(listed.c.value))


@cache
def written(table: Table) -> tuple[str, ...]:
    """The columns that rows are written with, in their order: all but one that the database counts itself."""
    counted = table.autoincrement_column
    return tuple(each.name for each in table.columns if each is not counted)


@cache
def _insert(table: Table, dialect: Dialect) -> str:
    return str(insert(table).compile(dialect=dialect, column_keys=written(table)))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Write rows, each with the values of the columns that are `written`: by COPY on PostgreSQL."""
    if not rows:
        return
    if is_postgresql(connection):
        _copy(connection, table, rows)
    else:
        connection.exec_driver_sql(_insert(table, connection.dialect), list(rows))


def _copy(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    quoted = ", ".join(f'"{each}"' for each in written(table))
    statement = f'COPY "{table.name}" ({quoted}) FROM STDIN'
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        # SQLAlchemy does not know of COPY, and what went wrong is to look like everything else from it.
        raise DBAPIError.instance(statement, None, error, psycopg.Error, dialect=connection.dialect) from None
    finally:
        cursor.close()


def delete_keys(connection: Connection, column: Column[Any], keys: Sequence[str]) -> None:
    """Delete the rows whose column is one of the keys."""
    if keys:
        connection.execute(delete(column.table).where(among(connection, column, keys)))

"""Columns: how the declared kinds of values are stored, the same on SQLite and PostgreSQL."""

from enum import Enum
from typing import Any

import orjson
from sqlalchemy import Dialect, String
from sqlalchemy import Text as LongString
from sqlalchemy.types import TypeDecorator

# Keys sort by code point everywhere: PostgreSQL would otherwise follow the locale of its cluster.
KeyColumn = String().with_variant(String(collation="C"), "postgresql")


class JsonColumn(TypeDecorator[Any]):
    """A JSON value as its canonical text, so that equal values are equal bytes in both databases."""

    impl = LongString
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The canonical text of the value."""
        return None if value is None else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """The value back from its text."""
        return None if value is None else orjson.loads(value)


class EnumColumn(TypeDecorator[Enum]):
    """An enumeration stored by its value, never by its name and never as a native type."""

    impl = String
    cache_ok = True

    def __init__(self, members: type[Enum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The value of the member."""
        return str(value.value) if isinstance(value, Enum) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Enum | None:
        """The member with this value."""
        return None if value is None else self.members(value)

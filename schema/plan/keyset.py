"""Keyset: the part of an ordered list between two places, as conditions that an index carries.

An order by a column that may be empty has two phases, because those without a value come last both ways:
first the rows that have one, by value and key, then the others by key. Each phase is one range of one index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, false, select, union_all

from schema.page import Order, Page, Place
from schema.sql import AnySelect

Conditions = list[ColumnElement[bool]]
Terms = list[ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Phase:
    """Some of the rows of a list: what is true of them, and what they are ordered by."""

    conditions: Conditions
    terms: Terms


@dataclass(frozen=True, slots=True)
class Keyset:
    """A page of a list in an order, over the columns that hold its keys and values."""

    order: Order
    page: Page
    key: ColumnElement[Any]
    value: ColumnElement[Any] | None

    def phases(self) -> list[Phase]:
        """The phases in the order in which the page is read, which from the end is backwards."""
        backwards = self.page.is_from_end
        if self.value is None:
            falls = self.order.is_descending
            bounds = [*self._beyond_key("after", falls), *self._beyond_key("before", not falls)]
            return [Phase(bounds, [_directed(self.key, falls != backwards)])]
        found = [
            self._with_value(self.value),
            *([self._without_value(self.value)] if self._has_empty else []),
        ]
        whole = [phase for phase in found if phase is not None]
        return whole[::-1] if backwards else whole

    @property
    def _has_empty(self) -> bool:
        return self.order.is_nullable

    def _place(self, name: str) -> Place | None:
        return self.page.after if name == "after" else self.page.before

    def _beyond_key(self, name: str, is_below: bool) -> Conditions:
        if self._place(name) is None:
            return []
        bound = bindparam(f"{name}_key", type_=self.key.type)
        if self.page.is_inclusive:
            return [self.key <= bound if is_below else self.key >= bound]
        return [self.key < bound if is_below else self.key > bound]

    def _beyond(self, name: str, is_below: bool, column: ColumnElement[Any]) -> Conditions:
        """Behind a place that has a value, or before it.

        The first bound is a range that an index can begin at; the second leaves out what stands at its edge.
        """
        value = bindparam(f"{name}_value", type_=column.type)
        keys = self._beyond_key(name, name == "before")
        if is_below:
            return [column <= value, (column < value) | keys[0]]
        return [column >= value, (column > value) | keys[0]]

    def _with_value(self, column: ColumnElement[Any]) -> Phase | None:
        after, before, falls = self.page.after, self.page.before, self.order.is_descending
        if after is not None and after.value is None:
            return None
        conditions: Conditions = [column.is_not(None)] if self._has_empty else []
        if after is not None:
            conditions += self._beyond("after", falls, column)
        if before is not None and before.value is not None:
            conditions += self._beyond("before", not falls, column)
        backwards = self.page.is_from_end
        return Phase(conditions, [_directed(column, falls != backwards), _directed(self.key, backwards)])

    def _without_value(self, column: ColumnElement[Any]) -> Phase | None:
        after, before = self.page.after, self.page.before
        if before is not None and before.value is not None:
            return None
        conditions: Conditions = [column.is_(None)]
        if after is not None and after.value is None:
            conditions += self._beyond_key("after", False)
        if before is not None:
            conditions += self._beyond_key("before", True)
        return Phase(conditions, [_directed(self.key, self.page.is_from_end)])

    def whole_order(self) -> Terms:
        """What the rows of all phases together are ordered by, in the order of the list."""
        if self.value is None:
            return [_directed(self.key, self.order.is_descending)]
        empty = [self.value.is_(None)] if self._has_empty else []
        return [*empty, _directed(self.value, self.order.is_descending), self.key]


def _directed(column: ColumnElement[Any], falls: bool) -> ColumnElement[Any]:
    return column.desc() if falls else column.asc()


def limited(base: AnySelect, keyset: Keyset, size: int) -> AnySelect:
    """The keys of `base` in the keyset, at most `size` of them and in no order where there are two phases."""
    parts = []
    for phase in keyset.phases():
        limit: BindParameter[int] = bindparam("size", size, literal_execute=True)
        parts.append(base.where(*phase.conditions).order_by(*phase.terms).limit(limit))
    if not parts:
        return base.where(false())
    if len(parts) == 1:
        return parts[0]
    found = union_all(*(select(each.subquery()) for each in parts)).subquery("phases")
    return select(found)


def values_of(page: Page) -> dict[str, Any]:
    """The values of the parameters of a keyset's statements."""
    places: Sequence[tuple[str, Place | None]] = (("after", page.after), ("before", page.before))
    found: dict[str, Any] = {}
    for name, place in places:
        if place is not None:
            found[f"{name}_key"] = place.key
            if place.value is not None:
                found[f"{name}_value"] = place.value
    return found

"""Window: the statements of lists in pages, whole or one for each of many owners, and what they give."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Column, ColumnElement, String, false, func, literal_column, select

from schema.page import Order, Page
from schema.plan.keyset import Keyset, limited, values_of
from schema.plan.read import Columns, Fetch, Statements
from schema.record import Noun
from schema.sql import AnySelect

#: The one owner of a list that belongs to nothing.
WHOLE = ""

#: The key of the owner that a row is read for; the statement has it from its table `parent`.
OWNER: ColumnElement[str] = literal_column("parent.value", String)
_PLACE: ColumnElement[int] = literal_column("parent.key")


#: What makes the conditions of a filter. Raises BadArgument.
Narrow = Callable[[], Sequence[ColumnElement[bool]]]


@dataclass(frozen=True, slots=True)
class Source:
    """The things that a list is of: where their keys stand, and which of them belong to an owner.

    `narrow` makes what a filter says of them, only for statements that are not known yet; `shape` tells
    statements apart that are made of other conditions. A filter that leaves much is common.
    """

    noun: Noun
    key: Column[Any]
    conditions: tuple[ColumnElement[bool], ...] = ()
    narrow: Narrow | None = None
    is_owned: bool = False
    shape: Hashable = None
    is_common: bool = False

    def keys(self, needs_table: bool) -> AnySelect:
        """The keys of the list of one owner; the columns of its class are there where they are needed."""
        narrowed = self.narrow() if self.narrow else []
        if self.is_common:
            # SQLite looks into no function: it leaves the indices of filters alone and walks along the order.
            narrowed = [func.coalesce(each, false()) for each in narrowed]
        statement = select(self.key.label("key")).where(*self.conditions, *narrowed)
        table = self.noun.table
        if self.key.table is table or not (needs_table or narrowed):
            return statement
        return statement.join(table, table.c.key == self.key)


@dataclass(frozen=True, slots=True)
class Window:
    """What of a list of one owner is on a page, and whether more lies on the side where it was cut."""

    rows: Sequence[Sequence[Any]]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A list in an order, and the page that was asked for of it."""

    source: Source
    order: Order
    page: Page

    def keyset(self) -> Keyset:
        """The page as conditions on the source."""
        return Keyset(self.order, self.page, self.source.key, self.order.column)

    def shape(self) -> Hashable:
        """What statements for the page differ in, besides the values of their parameters."""
        after, before = self.page.after, self.page.before
        places = [each and each.value is None for each in (after, before)]
        return (
            self.source.shape,
            self.source.is_common,
            self.order.name,
            self.page.size,
            self.page.is_from_end,
            *places,
        )


def _keys_of(listing: Listing, size: int) -> AnySelect:
    keyset = listing.keyset()
    column = listing.order.column
    base = listing.source.keys(column is not None)
    return limited(base, keyset, size)


def _rows_statement(fetch: Fetch, listing: Listing, columns: Columns) -> AnySelect:
    item = listing.source.noun.table.alias("item")
    keys = _keys_of(listing, listing.page.size + 1)
    by = listing.order.column
    whole = Keyset(listing.order, listing.page, item.c.key, None if by is None else item.c[by.name])
    order = whole.whole_order()
    if not listing.source.is_owned:
        page = keys.subquery("page")
        statement = select(literal_column("''"), *columns.of(item)).select_from(page)
        return statement.join(item, item.c.key == page.c.key).order_by(*order)
    parents = fetch.parents()
    statement = select(OWNER, *columns.of(item)).select_from(parents)
    if fetch.is_postgresql:
        lateral = keys.lateral("page")
        joined = statement.join(lateral, literal_column("true")).join(item, item.c.key == lateral.c.key)
    else:
        # SQLite has no LATERAL, and works out a subquery anew for each row before it all the same.
        joined = statement.join(item, item.c.key.in_(select(keys.subquery("page"))))
    return joined.order_by(_PLACE, *order)


def windows(
    fetch: Fetch, listing: Listing, columns: Columns, owners: Sequence[str], statements: Statements
) -> dict[str, Window]:
    """The page of each owner, in one statement; owners that have nothing on it are left out."""
    shape = (fetch.is_postgresql, "rows", columns.names, listing.shape())
    statement = statements.get(shape, lambda: _rows_statement(fetch, listing, columns))
    keys = owners if listing.source.is_owned else None
    found = fetch.execute(statement, keys, **values_of(listing.page))
    by_owner: dict[str, list[Sequence[Any]]] = {}
    for row in found:
        by_owner.setdefault(row[0], []).append(row)
    size = listing.page.size
    cut = slice(-size, None) if listing.page.is_from_end else slice(size)
    return {owner: Window(rows[cut], len(rows) > size) for owner, rows in by_owner.items()}


def _each_owner(fetch: Fetch, listing: Listing, value: ColumnElement[Any]) -> AnySelect:
    if listing.source.is_owned:
        return select(OWNER, value).select_from(fetch.parents())
    return select(literal_column("''"), value)


def _asked(
    fetch: Fetch,
    listing: Listing,
    owners: Sequence[str],
    statements: Statements,
    made: tuple[Hashable, Callable[[], ColumnElement[Any]]],
) -> Mapping[str, Any]:
    shape, make = made
    whole = (fetch.is_postgresql, shape, listing.shape())
    statement = statements.get(whole, lambda: _each_owner(fetch, listing, make()))
    keys = owners if listing.source.is_owned else None
    return {row[0]: row[1] for row in fetch.execute(statement, keys, **values_of(listing.page))}


def totals(
    fetch: Fetch, listing: Listing, owners: Sequence[str], statements: Statements
) -> Mapping[str, int]:
    """How many items the whole list of each owner has, in one statement."""
    source = replace(listing.source, is_common=False)
    whole = Listing(source, Order(source.noun), Page(1))

    def count() -> ColumnElement[Any]:
        keys = whole.source.keys(needs_table=False)
        return keys.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery()

    return _asked(fetch, whole, owners, statements, ("count", count))


def exists_beyond(
    fetch: Fetch, listing: Listing, is_in_front: bool, owners: Sequence[str], statements: Statements
) -> Mapping[str, bool]:
    """Whether the list of each owner has items on the far side of a cursor of its page, in one statement.

    That is at `after` or in front of it, or at `before` or behind it. Whether there is more on the side where
    a page was cut, its window knows already.
    """
    page = listing.page
    if is_in_front:
        outside = Page(1, before=page.after, is_from_end=True, is_inclusive=True)
    else:
        outside = Page(1, after=page.before, is_inclusive=True)
    beyond = replace(listing, page=outside)

    def is_there() -> ColumnElement[Any]:
        return _keys_of(beyond, 1).exists()

    found = _asked(fetch, beyond, owners, statements, (("beyond", is_in_front), is_there))
    return {owner: bool(each) for owner, each in found.items()}

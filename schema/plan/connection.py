"""Connection: lists in pages, of a whole class or of each of many things, with their cursors and counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from schema.api import ApiField, Shape
from schema.filters import Direction, project_conditions, with_ids
from schema.page import Order, Place, cursor, page
from schema.plan.leaves import Read, Values, answers_of
from schema.plan.level import COMPILERS, Level
from schema.plan.lists import Statuses, has_status, statuses_of
from schema.plan.read import Columns, Fetch, Rows, Statements
from schema.plan.reference import Answer
from schema.plan.selection import TYPENAME, Selected, Selection
from schema.plan.window import OWNER, WHOLE, Listing, Source, Window, exists_beyond, totals, windows
from schema.record import NOUNS, Inverse, Linked, Noun, Relation

Arguments = Mapping[str, Any]


class _Pages:
    """The pages of one fetch: one for each owner, with the answers for what stands on them."""

    def __init__(
        self, connection: "Connection", fetch: Fetch, listing: Listing, owners: Sequence[str]
    ) -> None:
        self._connection, self._fetch, self._listing, self._owners = connection, fetch, listing, owners
        self.spans: list[slice] = [slice(0)] * len(owners)
        self._has_more: list[bool] = []
        self.rows = Rows({})

    def read(self, columns: Columns) -> None:
        """Read the rows of all pages, with these columns."""
        self.spans = []
        statements = self._connection.statements
        found = windows(self._fetch, self._listing, columns, self._owners, statements)
        flat: list[Sequence[Any]] = []
        for owner in self._owners:
            window = found.get(owner, Window((), has_more=False))
            self.spans.append(slice(len(flat), len(flat) + len(window.rows)))
            self._has_more.append(window.has_more)
            flat.extend(window.rows)
        self.rows = columns.rows(flat, skipped=1)

    def cursors(self) -> list[str]:
        """The cursor of each row."""
        order, keys = self._listing.order, self.rows.keys
        values = [None] * len(keys) if order.column is None else self.rows.columns[order.column.name]
        places = map(Place, values, keys)
        return [cursor(order, each) for each in places]

    def totals(self) -> list[int]:
        """How many items the whole list of each owner has."""
        return self._connection.totals(self._fetch, self._listing, self._owners)

    def _beyond(self, is_in_front: bool) -> list[bool]:
        place = self._listing.page.after if is_in_front else self._listing.page.before
        if place is None:
            return [False] * len(self._owners)
        statements = self._connection.statements
        found = exists_beyond(self._fetch, self._listing, is_in_front, self._owners, statements)
        return [found[owner] for owner in self._owners]

    def has(self, is_in_front: bool) -> list[bool]:
        """Whether each list goes on in front of its page, or behind it."""
        beyond = self._beyond(is_in_front)
        if is_in_front is not self._listing.page.is_from_end:
            return beyond
        return [here or there for here, there in zip(self._has_more, beyond, strict=True)]


Field = Callable[[Fetch, _Pages], Values]


class Connection:
    """What was asked of a list in pages, compiled."""

    def __init__(self, noun: Noun, selection: Selection, place: str) -> None:
        self.noun = noun
        #: Where in the declaration the list stands, so that equal lists share their counts.
        self.place = place
        self.statements = Statements()
        self._needs: dict[str, None] = {}
        self.reads_rows = False
        self._has_cursors = False
        self._fields = [(each.key, self._field(each)) for each in selection]
        self.columns = Columns(noun, self._needs)

    def _level(self, selection: Selection) -> Level:
        level = Level(self.noun, selection)
        if not self.noun.model.is_reference:
            self._needs |= level.needs
        return level

    def _field(self, selected: Selected) -> Field:
        if selected.name == TYPENAME:
            return lambda _fetch, pages: [f"{self.noun.name}Connection"] * len(pages.spans)
        if selected.name == "totalCount":
            return lambda _fetch, pages: pages.totals()
        self.reads_rows = True
        if selected.name == "pageInfo":
            return self._page_info(selected.only)
        if selected.name == "edges":
            return self._edges(selected.only)
        level = self._level(selected.only)

        def nodes(fetch: Fetch, pages: _Pages) -> Values:
            found = level.of_rows(fetch, pages.rows)
            return [found[span] for span in pages.spans]

        return nodes

    def _edges(self, selection: Selection) -> Field:
        keys = [each.key for each in selection]
        levels = {each.key: self._level(each.only) for each in selection if each.name == "node"}
        self._has_cursors = self._has_cursors or any(each.name == "cursor" for each in selection)

        def column(fetch: Fetch, pages: _Pages, selected: Selected) -> Values:
            if selected.name == TYPENAME:
                return [f"{self.noun.name}Edge"] * len(pages.rows)
            if selected.name == "cursor":
                return pages.cursors()
            return levels[selected.key].of_rows(fetch, pages.rows)

        def edges(fetch: Fetch, pages: _Pages) -> Values:
            columns = [column(fetch, pages, each) for each in selection]
            found = answers_of(keys, columns, len(pages.rows))
            return [found[span] for span in pages.spans]

        return edges

    def _page_info(self, selection: Selection) -> Field:
        self._has_cursors = self._has_cursors or any(each.name.endswith("Cursor") for each in selection)

        def end(pages: _Pages, place: int) -> Values:
            cursors = pages.cursors()
            return [cursors[span][place] if cursors[span] else None for span in pages.spans]

        readers: dict[str, Callable[[_Pages], Values]] = {
            TYPENAME: lambda pages: ["PageInfo"] * len(pages.spans),
            "hasNextPage": lambda pages: pages.has(is_in_front=False),
            "hasPreviousPage": lambda pages: pages.has(is_in_front=True),
            "startCursor": lambda pages: end(pages, 0),
            "endCursor": lambda pages: end(pages, -1),
        }

        def page_info(_fetch: Fetch, pages: _Pages) -> Values:
            columns = [readers[each.name](pages) for each in selection]
            return answers_of([each.key for each in selection], columns, len(pages.spans))

        return page_info

    def totals(self, fetch: Fetch, listing: Listing, owners: Sequence[str]) -> list[int]:
        """How many items the whole list of each owner has; what was counted is remembered with the data."""
        known = fetch.reference.counts((self.place, listing.source.shape))
        missing = [owner for owner in owners if owner not in known]
        if missing:
            known |= totals(fetch, listing, missing, self.statements)
        return [known[owner] for owner in owners]

    def _directed(self, fetch: Fetch, listing: Listing) -> Listing:
        """The listing, with SQLite told what it does not know: whether its filter leaves much or little.

        To walk along the order until a page is full takes size * all / left rows; to sort what the filter
        leaves takes as many as are left. PostgreSQL knows from its statistics.
        """
        source = listing.source
        if fetch.is_postgresql or source.narrow is None or source.is_owned:
            return listing
        known = fetch.reference.counts((self.place, "is common", source.shape))
        is_common = known.get(listing.page.size)
        if is_common is None:
            whole = replace(listing, source=replace(source, narrow=None, shape=None))
            (left,), (all_,) = (self.totals(fetch, each, [WHOLE]) for each in (listing, whole))
            is_common = known[listing.page.size] = left * left > listing.page.size * all_
        return replace(listing, source=replace(source, is_common=is_common)) if is_common else listing

    def answers(
        self, fetch: Fetch, source: Source, order: Order, arguments: Arguments, owners: Sequence[str]
    ) -> list[Answer]:
        """One answer for each owner; the rows of all their pages are read together.

        Raises BadArgument or BadCursor for arguments that ask for no page.
        """
        if self._has_cursors and order.column is not None and order.column.name not in self.columns.names:
            columns = Columns(self.noun, (*self.columns.names, order.column.name))
        else:
            columns = self.columns
        listing = self._directed(fetch, Listing(source, order, page(arguments, order)))
        pages = _Pages(self, fetch, listing, owners)
        if self.reads_rows:
            pages.read(columns)
        keys = [key for key, _ in self._fields]
        values = [read(fetch, pages) for _, read in self._fields]
        return answers_of(keys, values, len(owners))


def project_order(arguments: Arguments) -> Order:
    """The order that projects were asked for in: by their keys when nothing is said."""
    noun, asked = NOUNS["Project"], arguments.get("orderBy")
    if asked is None:
        return Order(noun)
    name = noun.order_column(asked["field"].value)
    column = None if name == "key" else noun.table.c[name]
    return Order(noun, column, asked["direction"] is Direction.DESC)


def narrowed(fetch: Fetch, source: Source, arguments: Arguments) -> Source:
    """The projects of a source that a filter leaves. Raises BadArgument."""
    filter_ = with_ids(arguments.get("filter"), fetch.reader.iris)
    if not filter_:
        return source
    shape = (source.shape, repr(filter_))
    return replace(source, narrow=partial(project_conditions, filter_), shape=shape)


def _owned_source(noun: Noun, backwards: Inverse, statuses: Statuses) -> Source:
    """What leads back to an owner along a field of the other class."""
    other = NOUNS[backwards.noun]
    forward = other.attribute(backwards.attribute).beside
    # Under names of their own, so that the tables of filters are other ones.
    if isinstance(forward, Linked):
        link = NOUNS["Link"].table.alias("through")
        conditions = (
            link.c.target == f"{noun.segment}/" + OWNER,
            has_status(link.c.status, statuses),
            link.c.derived.is_(False),
        )
        return Source(other, link.c.project, conditions, is_owned=True, shape=statuses)
    if isinstance(forward, Relation):
        through = other.relations[backwards.attribute].alias("through")
        return Source(other, through.c.owner, (through.c.target == OWNER,), is_owned=True)
    raise TypeError(f"{noun.name} has no list in pages along {backwards.attribute}")


def _of_things(level: Level, declared: ApiField, selected: Selected) -> Read:
    if declared.attribute is None or not isinstance(declared.attribute.beside, Inverse):
        raise TypeError(f"{declared.name} is no list in pages")
    backwards = declared.attribute.beside
    connection = Connection(NOUNS[declared.noun], selected.only, f"{level.noun.name}.{declared.name}")
    level.is_constant = False
    noun = level.noun

    def read(fetch: Fetch, rows: Rows) -> Values:
        arguments = selected.arguments(fetch.variables)
        source = narrowed(fetch, _owned_source(noun, backwards, statuses_of(selected, fetch)), arguments)
        return connection.answers(fetch, source, project_order(arguments), arguments, rows.keys)

    return read


COMPILERS[Shape.CONNECTION] = _of_things

"""Connection: lists in pages, of the whole class or of one thing, with their cursors and counts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from schema.api import ApiField, Shape
from schema.filters import AnySelect, Direction, ProjectOrder, filtered, with_ids
from schema.page import Place, Window, cursor, window
from schema.plan.level import READINGS, Answer, Level, Values, statuses_of, things, values_of
from schema.plan.read import Children, Reader, Row, inverse
from schema.plan.selection import Selected, Selection
from schema.record import NOUNS, Inverse, Noun
from schema.text import chosen


def _page_info(selection: Selection, page: Window) -> Answer:
    plain = {
        "hasNextPage": page.has_next,
        "hasPreviousPage": page.has_previous,
        "startCursor": cursor(page.places[0]) if page.places else None,
        "endCursor": cursor(page.places[-1]) if page.places else None,
    }
    return values_of(selection, plain)


def _nodes(reader: Reader, noun: Noun, selection: Selection, pages: Sequence[Window]) -> dict[str, Answer]:
    keys = [place[2] for page in pages for place in page.places]
    return things(reader, noun, selection, keys)


def _edges(reader: Reader, noun: Noun, selection: Selection, pages: Sequence[Window]) -> list[list[Answer]]:
    by_alias = {each.key: _nodes(reader, noun, each.only, pages) for each in selection if each.name == "node"}
    return [
        [
            {
                each.key: cursor(place) if each.name == "cursor" else by_alias[each.key][place[2]]
                for each in selection
            }
            for place in page.places
        ]
        for page in pages
    ]


def _field(
    reader: Reader, noun: Noun, selected: Selected, pages: Sequence[Window], totals: Sequence[int]
) -> Sequence[Any]:
    if selected.name == "totalCount":
        return totals
    if selected.name == "pageInfo":
        return [_page_info(selected.only, page) for page in pages]
    if selected.name == "edges":
        return _edges(reader, noun, selected.only, pages)
    found = _nodes(reader, noun, selected.only, pages)
    return [[found[place[2]] for place in page.places] for page in pages]


def connections(
    reader: Reader, noun: Noun, selection: Selection, pages: Sequence[Window], totals: Sequence[int]
) -> list[Answer]:
    """One answer for each page; the rows of all pages are read together."""
    made: list[Answer] = [{} for _ in pages]
    for selected in selection:
        values = _field(reader, noun, selected, pages, totals)
        for answer, value in zip(made, values, strict=True):
            answer[selected.key] = value
    return made


def _order(arguments: dict[str, Any]) -> tuple[ProjectOrder, bool]:
    asked = arguments.get("orderBy")
    if asked is None:
        return ProjectOrder.ID, False
    return asked["field"], asked["direction"] is Direction.DESC


def _place(row: Row, order: ProjectOrder) -> Place:
    if order is ProjectOrder.ID:
        return False, row["key"], row["key"]
    value = row[order.value]
    if order is ProjectOrder.TITLE:
        found = chosen(value, None)
        value = found[1].casefold() if found else None
    return value is None, value, row["key"]


def project_pages(
    arguments: dict[str, Any], groups: Sequence[Sequence[Row]]
) -> tuple[list[Window], list[int]]:
    """The page of each group of projects, and how many each group has."""
    order, descending = _order(arguments)
    pages = [
        window([_place(row, order) for row in group], arguments, descending=descending) for group in groups
    ]
    return pages, [len(group) for group in groups]


def project_statement(reader: Reader, arguments: dict[str, Any]) -> AnySelect:
    """The projects that a filter leaves, with what their order needs."""
    table = NOUNS["Project"].table.c
    order, _ = _order(arguments)
    filter_ = with_ids(arguments.get("filter"), reader.iris)
    return filtered(select(table.key, *({table[order.value]} - {table.key})), filter_)


def _of_things(level: Level, declared: ApiField, selected: Selected) -> Values:
    if declared.attribute is None or not isinstance(declared.attribute.beside, Inverse):
        return []
    statement = project_statement(level.reader, selected.arguments)
    children = Children(level.noun, declared.attribute, level.keys, statuses_of(selected))
    grouped = inverse(level.reader, children, declared.attribute.beside, statement)
    distinct = list(dict.fromkeys(level.keys))
    pages, totals = project_pages(selected.arguments, [grouped.get(key, []) for key in distinct])
    made = connections(level.reader, children.other, selected.only, pages, totals)
    found = dict(zip(distinct, made, strict=True))
    return [found[key] for key in level.keys]


READINGS[Shape.CONNECTION] = _of_things

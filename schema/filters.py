"""Filters: the closed sets of what lists of projects can be narrowed and ordered by."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Select, String, and_, func, or_, select, true, type_coerce
from sqlalchemy.sql.schema import Column

from ontology.errors import BadArgument, InvalidRecord
from schema.model.link import LinkStatus
from schema.model.project import Coverage, ProjectStatus
from schema.record import NOUNS, Noun
from schema.scalars import USD, DateTime, Language
from schema.text import clean


@strawberry.enum(description="What projects can be ordered by; the key breaks ties.")
class ProjectOrder(StrEnum):
    """What projects can be ordered by."""

    ID = "key"
    TITLE = "title"
    START_YEAR = "start_year"
    YEAR = "year"
    BUDGET = "budget_usd"
    UPDATED_AT = "updated_at"


@strawberry.enum(description="Which end comes first; projects without the value come last in both.")
class Direction(StrEnum):
    """Which end comes first."""

    ASC = "asc"
    DESC = "desc"


@strawberry.input(description="A range of whole numbers, both ends included.")
class IntRange:
    """A range of whole numbers."""

    from_: int | None = strawberry.field(
        name="from", default=strawberry.UNSET, description="The smallest that counts."
    )
    to: int | None = strawberry.field(default=strawberry.UNSET, description="The largest that counts.")


@strawberry.input(description="A range of amounts in US dollars, both ends included.")
class USDRange:
    """A range of amounts."""

    from_: USD | None = strawberry.field(
        name="from", default=strawberry.UNSET, description="The smallest that counts."
    )
    to: USD | None = strawberry.field(default=strawberry.UNSET, description="The largest that counts.")


@strawberry.input(description="What must all be true of a project; within a list, one of its entries.")
class ProjectFilter:
    """What must be true of a project."""

    ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="These projects."
    )
    states: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="It benefits one of these."
    )
    networks: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="Linked to one of these."
    )
    objectives: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="Linked to one of these objectives."
    )
    sdg_goals: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="Linked to one of these goals."
    )
    sdg_targets: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="Linked to one of these targets."
    )
    link_status: list[LinkStatus] | None = strawberry.field(
        default=strawberry.UNSET,
        description="The statuses of links that count for the four above; ACCEPTED when left out.",
    )
    start_year: IntRange | None = strawberry.field(
        default=strawberry.UNSET, description="It starts in these years."
    )
    end_year: IntRange | None = strawberry.field(
        default=strawberry.UNSET, description="It ends in these years."
    )
    year: IntRange | None = strawberry.field(
        default=strawberry.UNSET, description="Its money was allocated in these years."
    )
    status: list[ProjectStatus] | None = strawberry.field(
        default=strawberry.UNSET, description="One of these statuses."
    )
    coverage: list[Coverage] | None = strawberry.field(
        default=strawberry.UNSET, description="One of these coverages."
    )
    regions: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="One of these regions."
    )
    types: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="One of these types."
    )
    budget_usd: USDRange | None = strawberry.field(
        default=strawberry.UNSET, description="Its budget lies in this range."
    )
    language: Language | None = strawberry.field(
        default=strawberry.UNSET, description="It has a title in this language."
    )
    updated_since: DateTime | None = strawberry.field(
        default=strawberry.UNSET, description="Its record changed at this time or later."
    )
    search: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Title or description contains these words as they stand (A to Z in any case).",
    )


@strawberry.input(description="How to order projects.")
class ProjectOrderBy:
    """How to order projects."""

    field: ProjectOrder = strawberry.field(description="What by.")
    direction: Direction = strawberry.field(description="Which way.")


#: A statement whatever its columns.
AnySelect = Select[*tuple[Any, ...]]

_LISTS = 250

#: The filters that follow links, and the class and kind of key that their entries have.
_LINKED = {"networks": "network", "objectives": "objective", "sdgGoals": "sdg", "sdgTargets": "sdg"}
_RANGES = {"startYear": "start_year", "endYear": "end_year", "year": "year", "budgetUsd": "budget_usd"}
_ONE_OF = {"status": "status", "coverage": "coverage"}
_CODES = {"regions": ("region", "code/region/"), "types": ("type", "code/type/")}


def _project() -> Noun:
    return NOUNS["Project"]


def keys_of(values: list[str], segment: str) -> list[str]:
    """The keys that ids, or their last parts, name. Raises BadArgument when there are too many."""
    if len(values) > _LISTS:
        raise BadArgument(f"a list has {len(values)} entries, at most {_LISTS} are taken", "Ask in parts.")
    return [each.removeprefix(f"{segment}/") for each in values]


def _between(column: Column[Any], value: dict[str, Any]) -> ColumnElement[bool]:
    bounds = []
    if value.get("from") is not None:
        bounds.append(column >= value["from"])
    if value.get("to") is not None:
        bounds.append(column <= value["to"])
    return and_(true(), *bounds)


def _has_link(name: str, values: list[str], statuses: list[LinkStatus]) -> ColumnElement[bool]:
    link = NOUNS["Link"].table
    targets = [f"{_LINKED[name]}/{key}" for key in keys_of(values, _LINKED[name])]
    # No correlated EXISTS: SQLite reads all links to the targets for each project anew.
    projects = select(link.c.project).where(
        link.c.target.in_(targets), link.c.status.in_([each.value for each in statuses])
    )
    return _project().table.c.key.in_(projects)


def _benefits(values: list[str]) -> ColumnElement[bool]:
    through = _project().relations["member_states"]
    projects = select(through.c.owner).where(through.c.target.in_(keys_of(values, "state")))
    return _project().table.c.key.in_(projects)


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _cleaned(words: str) -> str:
    try:
        return clean(words, "search")
    except InvalidRecord as error:
        raise BadArgument(error.message, error.suggestion) from None


def _contains(words: str) -> ColumnElement[bool]:
    table = _project().table.c
    # Texts are stored as JSON, so quotes and backslashes stand escaped in the column.
    stored = _cleaned(words).replace("\\", "\\\\").replace('"', '\\"').lower()
    pattern = f"%{_escaped(stored)}%"
    columns = (func.lower(type_coerce(column, String)) for column in (table.title, table.description))
    return or_(*(column.like(pattern, escape="\\") for column in columns))


def _code_keys(values: list[str], prefix: str) -> list[str]:
    scheme = prefix.removeprefix("code/")
    return [each.removeprefix("code/").removeprefix(scheme) for each in keys_of(values, "code")]


def _condition(name: str, value: Any, filter_: dict[str, Any]) -> ColumnElement[bool]:
    table = _project().table.c
    if name in _RANGES:
        return _between(table[_RANGES[name]], value)
    if name in _ONE_OF:
        return table[_ONE_OF[name]].in_(value)
    if name in _LINKED:
        return _has_link(name, value, filter_.get("linkStatus") or [LinkStatus.ACCEPTED])
    if name in _CODES:
        column, prefix = _CODES[name]
        scheme = prefix.removeprefix("code/")
        return table[column].in_([scheme + key for key in _code_keys(value, prefix)])
    if name == "language":
        return type_coerce(table.title, String).like(f'%"{value.value}":%')
    single: dict[str, Callable[[], ColumnElement[bool]]] = {
        "ids": lambda: table.key.in_(keys_of(value, "project")),
        "states": lambda: _benefits(value),
        "updatedSince": lambda: table.updated_at >= value,
        "search": lambda: _contains(value),
    }
    return single[name]()


def project_conditions(filter_: dict[str, Any] | None) -> list[ColumnElement[bool]]:
    """The conditions of a filter, as the names of the API give it. Raises BadArgument."""
    asked = filter_ or {}
    return [
        _condition(name, value, asked)
        for name, value in asked.items()
        if value is not None and name != "linkStatus"
    ]


def filtered(statement: AnySelect, filter_: dict[str, Any] | None) -> AnySelect:
    """The statement about projects, narrowed by a filter."""
    return statement.where(*project_conditions(filter_))

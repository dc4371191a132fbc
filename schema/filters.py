"""Filters: the closed sets of what lists of projects can be narrowed and ordered by."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, and_, false, select, true

from ontology.errors import BadArgument
from ontology.iri import Iris
from schema.identified import cleaned, last_parts, living, named, projects
from schema.model.link import LinkStatus
from schema.model.project import Coverage, ProjectStatus
from schema.money import dollars
from schema.record import NOUNS, Noun
from schema.scalars import USD, DateTime, Language
from schema.search import in_language, matching
from schema.sql import AnySelect


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


def _input(description: str) -> Any:
    """A field of an input that may be left out or null, which both say nothing."""
    return strawberry.field(default=strawberry.UNSET, description=description)


@strawberry.input(
    description="A range of whole numbers, both ends included; an end that is left out is open. "
    "A range that runs backwards is an error."
)
class IntRange:
    """A range of whole numbers."""

    from_: int | None = strawberry.field(
        name="from", default=strawberry.UNSET, description="The smallest that counts."
    )
    to: int | None = _input("The largest that counts.")


@strawberry.input(
    description="A range of amounts in US dollars, both ends included; an end that is left out is open. "
    "A range that runs backwards is an error."
)
class USDRange:
    """A range of amounts."""

    from_: USD | None = strawberry.field(
        name="from", default=strawberry.UNSET, description="The smallest that counts."
    )
    to: USD | None = _input("The largest that counts.")


@strawberry.input(
    description="What must all be true of a project; within a list, one of its entries. Lists take at most "
    "250 entries. What is left out or null says nothing; an empty list leaves no project. Ids are taken in "
    "every form in which things are looked up: the id, its last part, a former key or the IRI. What is the "
    "id of nothing is no error and leaves nothing."
)
class ProjectFilter:
    """What must be true of a project."""

    ids: list[strawberry.ID] | None = _input("These projects; they may also be named by Project or Prima ID.")
    states: list[strawberry.ID] | None = _input("It benefits one of these.")
    networks: list[strawberry.ID] | None = _input("Linked to one of these.")
    objectives: list[strawberry.ID] | None = _input("Linked to one of these objectives.")
    sdg_goals: list[strawberry.ID] | None = _input("Linked to one of these goals.")
    sdg_targets: list[strawberry.ID] | None = _input("Linked to one of these targets.")
    link_status: list[LinkStatus] | None = _input(
        "The statuses of links that count for the four above, and nothing without them; "
        "ACCEPTED when left out."
    )
    start_year: IntRange | None = _input("It starts in these years.")
    end_year: IntRange | None = _input("It ends in these years.")
    year: IntRange | None = _input("Its money was allocated in these years.")
    status: list[ProjectStatus] | None = _input("One of these statuses.")
    coverage: list[Coverage] | None = _input("One of these coverages.")
    regions: list[strawberry.ID] | None = _input("One of these regions; `lac` stands for `code/region/lac`.")
    types: list[strawberry.ID] | None = _input("One of these types; `PN` stands for `code/type/PN`.")
    budget_usd: USDRange | None = _input("Its budget lies in this range.")
    language: Language | None = _input("It has a title in this language.")
    updated_since: DateTime | None = _input("Its record changed at this time or later.")
    search: str | None = _input(
        "All of these words stand in its titles, descriptions, results or identifiers, in any language. "
        "Accents and capitals do not matter, and English, French and Spanish words are found in their other "
        "forms. What is quoted, or written without a space such as PN.0008, stands there side by side. No "
        "other character has a meaning."
    )


@strawberry.input(description="How to order projects.")
class ProjectOrderBy:
    """How to order projects."""

    field: ProjectOrder = strawberry.field(description="What by.")
    direction: Direction = strawberry.field(description="Which way.")


#: A statement whatever its columns.

#: The conditions of one filter.
Conditions = list[ColumnElement[bool]]

Filter = dict[str, Any]

_LISTS = 250


_LINKED = {
    "networks": "Network",
    "objectives": "Objective",
    "sdgGoals": "SdgGoal",
    "sdgTargets": "SdgTarget",
}
# What ranges are of, and what no value in the store is larger than; times are below the last one of 9999.
_YEARS, _CENTS, _LATEST = 2**31 - 1, 10**14, "9999-12-31T23:59:59Z"
_RANGES = {
    "startYear": ("start_year", _YEARS),
    "endYear": ("end_year", _YEARS),
    "year": ("year", _YEARS),
    "budgetUsd": ("budget_usd", _CENTS),
}
_ONE_OF = {"status": "status", "coverage": "coverage"}
_CODES = {"regions": "region", "types": "type"}
_IDS = ("ids", "states", *_LINKED, *_CODES)


def _project() -> Noun:
    return NOUNS["Project"]


def _through(name: str, filter_: Filter) -> AnySelect:
    """The keys of the projects with a link to one of the targets."""
    # No correlated EXISTS: SQLite would read all links to the targets for each project anew.
    noun, link = NOUNS[_LINKED[name]], NOUNS["Link"].table.c
    statuses = filter_.get("linkStatus")
    counting = [LinkStatus.ACCEPTED] if statuses is None else statuses
    keys = living(noun, last_parts(noun.segment, filter_[name]))
    targets = keys.with_only_columns(f"{noun.segment}/" + noun.table.c.key)
    return select(link.project).where(
        link.target.in_(targets), link.status.in_(counting), link.derived.is_(False)
    )


def _benefiting(values: list[str]) -> AnySelect:
    through = _project().relations["member_states"].c
    noun = NOUNS["MemberState"]
    return select(through.owner).where(through.target.in_(living(noun, last_parts(noun.segment, values))))


def _of_code(name: str, values: list[str]) -> ColumnElement[bool]:
    """Codes are also found by what stands behind their scheme: `lac` for `code/region/lac`."""
    noun, column = NOUNS["CodeEntry"], _CODES[name]
    keys = last_parts(noun.segment, values, f"{column}/")
    return _project().table.c[column].in_(living(noun, keys))


def _between(column: ColumnElement[Any], least: Any, most: Any) -> ColumnElement[bool]:
    # Both ends are always named: for a range with one, SQLite would read all projects in the order of keys.
    return and_(column >= least, column <= most)


def _in_range(name: str, value: Filter) -> ColumnElement[bool]:
    least, most = value.get("from"), value.get("to")
    if least is None and most is None:
        return true()
    attribute, largest = _RANGES[name]
    column = _project().table.c[attribute]
    return _between(column, -largest if least is None else least, largest if most is None else most)


def _condition(name: str, filter_: Filter) -> ColumnElement[bool]:
    table, value = _project().table.c, filter_[name]
    if name in _RANGES:
        return _in_range(name, value)
    if name in _ONE_OF:
        return table[_ONE_OF[name]].in_(value)
    if name in _LINKED:
        return table.key.in_(_through(name, filter_))
    if name in _CODES:
        return _of_code(name, value)
    single: dict[str, Callable[[], ColumnElement[bool]]] = {
        "ids": lambda: projects(last_parts(_project().segment, value)),
        "states": lambda: table.key.in_(_benefiting(value)),
        "updatedSince": lambda: _between(table.updated_at, value, _LATEST),
        "language": lambda: table.key.in_(in_language(value.value)),
        "search": lambda: table.key.in_(matching(cleaned(value, "search"))),
    }
    return single[name]()


def _check_list(name: str, values: list[Any]) -> None:
    if len(values) > _LISTS:
        raise BadArgument(
            f"{name} has {len(values)} entries, at most {_LISTS} are taken", "Ask in parts.", field=name
        )
    if name in _IDS:
        for each in values:
            cleaned(each, name)


def _check_range(name: str, value: Filter) -> None:
    least, most = value.get("from"), value.get("to")
    if least is not None and most is not None and least > most:
        shown = dollars if name == "budgetUsd" else str
        raise BadArgument(
            f"{name} runs from {shown(least)} to {shown(most)}, where nothing is",
            f"Write it from {shown(most)} to {shown(least)}.",
            field=name,
        )


def _checked(filter_: Filter | None) -> Filter:
    """What a filter says, without what is null. Raises BadArgument."""
    found = {name: value for name, value in (filter_ or {}).items() if value is not None}
    for name, value in found.items():
        if isinstance(value, list):
            _check_list(name, value)
        elif name in _RANGES:
            _check_range(name, value)
    return found


def with_ids(filter_: Filter | None, iris: Iris) -> Filter | None:
    """The filter with the ids that its IRIs stand for."""
    return filter_ and {
        name: [named(each, iris) for each in value] if name in _IDS and value else value
        for name, value in filter_.items()
    }


def project_conditions(filter_: Filter | None) -> Conditions:
    """The conditions of a filter, as the names of the API give it. Raises BadArgument.

    They hold in any statement over the table of projects. Where IRIs may stand for ids, `with_ids` has
    replaced them.
    """
    asked = _checked(filter_)
    if any(value == [] for value in asked.values()):
        # None of no things: an empty list is an answer that came out empty, and not everything.
        return [false()]
    return [_condition(name, asked) for name in asked if name != "linkStatus"]


def filtered(statement: AnySelect, filter_: Filter | None) -> AnySelect:
    """The statement about projects, narrowed by a filter. Raises BadArgument."""
    return statement.where(*project_conditions(filter_))

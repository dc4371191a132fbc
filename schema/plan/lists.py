"""Lists: list fields without pages, each read for all rows of its level in one statement."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, null, select

from ontology.withheld import withheld_fields
from schema.api import ApiField, Shape, is_through_links
from schema.model.link import LinkStatus
from schema.plan.leaves import Read, Values
from schema.plan.level import COMPILERS, Level
from schema.plan.read import Columns, Fetch, Rows, Statements
from schema.plan.reference import Answer, before_keys, natural_key
from schema.plan.selection import Selected
from schema.record import NOUNS, Attribute, Inverse, Linked, Noun, Parts, Relation, declaration
from schema.sql import AnySelect

Statuses = tuple[str, ...]

#: What makes the statement that lists rows under their owner.
Make = Callable[[Fetch, Statuses], AnySelect]


def statuses_of(selected: Selected, fetch: Fetch) -> Statuses:
    """The statuses that a list was asked for with, as they are stored.

    Null means what leaving it out means: any status for links, only accepted ones for what they lead to.
    """
    asked = selected.arguments(fetch.variables).get("status")
    if asked is None:
        asked = list(LinkStatus) if selected.name == "links" else [LinkStatus.ACCEPTED]
    return tuple(sorted({each.value for each in asked}))


def has_status(column: ColumnElement[Any], statuses: Statuses) -> ColumnElement[bool]:
    """That a link has one of the statuses; one alone is compared, which an index carries on in order."""
    return column == statuses[0] if len(statuses) == 1 else column.in_(statuses)


def _of_class(target: ColumnElement[Any], noun: Noun) -> ColumnElement[bool]:
    """That a link leads to things of the noun's segment: `0` is the character behind the slash."""
    return (target >= f"{noun.segment}/") & (target < f"{noun.segment}0")


def _owned(noun: Noun, attribute: Attribute, level: Level, columns: Columns) -> Make:
    """Parts, and things whose own column leads back."""
    table = level.noun.table
    by = "owner" if isinstance(attribute.beside, Parts) else ""
    if isinstance(attribute.beside, Inverse):
        by = attribute.beside.attribute
    is_link = level.noun.name == "Link"
    before = before_keys(noun, attribute, level.noun)

    def make(fetch: Fetch, statuses: Statuses) -> AnySelect:
        owner: ColumnElement[Any] = table.c[by]
        if before:
            # What may lead to several classes holds whole identifiers.
            owner = case((owner.startswith(before), func.substr(owner, len(before) + 1)), else_=null())
        statement = select(owner, *columns.of(table)).where(fetch.among(owner))
        if not fetch.reader.snapshot.texts and "field" in table.c:
            # Accounts of where a text was read repeat it.
            statement = statement.where(table.c.field.not_in(sorted(withheld_fields(declaration(noun)))))
        if "position" in table.c:
            return statement.order_by(table.c.position)
        return statement.where(has_status(table.c.status, statuses)) if is_link else statement

    return make


def _related(noun: Noun, attribute: Attribute, level: Level, columns: Columns) -> Make:
    through = noun.relations[attribute.attribute].c

    def make(fetch: Fetch, _statuses: Statuses) -> AnySelect:
        if level.noun.model.is_reference:
            statement = select(through.owner, through.target.label("key"))
        else:
            table = level.noun.table
            statement = select(through.owner, *columns.of(table)).join(table, table.c.key == through.target)
        return statement.where(fetch.among(through.owner)).order_by(through.position)

    return make


def _linked(level: Level, columns: Columns) -> Make:
    link, table, noun = NOUNS["Link"].table.c, level.noun.table, level.noun

    def make(fetch: Fetch, statuses: Statuses) -> AnySelect:
        if noun.model.is_reference:
            statement = select(link.project, link.target).where(_of_class(link.target, noun))
        else:
            joined = link.target == f"{noun.segment}/" + table.c.key
            statement = select(link.project, *columns.of(table)).join(table, joined)
        own = has_status(link.status, statuses), link.derived.is_(False)
        return statement.where(fetch.among(link.project), *own)

    return make


def _statement(noun: Noun, attribute: Attribute, level: Level) -> tuple[Make, Columns]:
    """What lists the rows of a field, and the columns it gives behind the owner."""
    columns = Columns(level.noun, () if level.noun.model.is_reference else level.needs)
    if isinstance(attribute.beside, Relation):
        return _related(noun, attribute, level, columns), columns
    if isinstance(attribute.beside, Linked):
        return _linked(level, columns), columns
    return _owned(noun, attribute, level, columns), columns


def _grouped(owners: Iterable[str], values: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for owner, value in zip(owners, values, strict=True):
        if (group := found.get(owner)) is None:
            found[owner] = [value]
        else:
            group.append(value)
    return found


def _keys(found: Sequence[Sequence[Any]], noun: Noun, known: Mapping[str, int]) -> list[tuple[str, str]]:
    """Owners and keys of what links lead to; goals and targets share a segment, so some are left out."""
    start = len(noun.segment) + 1
    pairs = [(owner, target[start:]) for owner, target in found]
    return sorted((pair for pair in pairs if pair[1] in known), key=lambda pair: known[pair[1]])


def _fetched(fetch: Fetch, level: Level, attribute: Attribute, found: Any, columns: Columns) -> Any:
    """The answers of a list by owner, from the rows of its statement."""
    if not found:
        return {}
    is_linked = isinstance(attribute.beside, Linked)
    if is_linked and level.noun.model.is_reference:
        ranks = fetch.reference.vocabulary(level.noun, fetch.reader.snapshot).ranks
        found = _keys(found, level.noun, ranks)
    elif "position" not in level.noun.table.c and not isinstance(attribute.beside, Relation):
        found = sorted(found, key=lambda row: natural_key(row[1]))
    rows = columns.rows(found, skipped=1)
    return _grouped([row[0] for row in found], level.of_rows(fetch, rows))


def _between_vocabularies(level: Level, below: Level, attribute: Attribute) -> Read:
    def read(fetch: Fetch, rows: Rows) -> Values:
        lists = fetch.reference.lists(level.noun, attribute, fetch.reader.snapshot)
        keys = [lists.get(owner, ()) for owner in rows.keys]
        found = below.by_key(fetch, (key for each in keys for key in each))
        return [[found[key] for key in each] for each in keys]

    return read


def _list(level: Level, declared: ApiField, selected: Selected) -> Read:
    attribute = declared.attribute
    if attribute is None:
        raise TypeError(f"{declared.name} is not declared")
    below = level.over(Level(NOUNS[declared.noun], selected.only))
    if level.noun.model.is_reference and below.noun.model.is_reference:
        return _between_vocabularies(level, below, attribute)
    level.is_constant = False
    make, columns = _statement(level.noun, attribute, below)
    statements = Statements()
    takes_status = is_through_links(attribute) or below.noun.name == "Link"

    def read(fetch: Fetch, rows: Rows) -> Values:
        statuses = statuses_of(selected, fetch) if takes_status else ()
        shape = fetch.is_postgresql, fetch.reader.snapshot.texts, statuses
        statement = statements.get(shape, lambda: make(fetch, statuses))
        found = fetch.execute(statement, dict.fromkeys(rows.keys))
        by_owner: dict[str, list[Answer]] = _fetched(fetch, below, attribute, found, columns)
        return [by_owner.get(key, []) for key in rows.keys]

    return read


COMPILERS[Shape.LIST] = _list

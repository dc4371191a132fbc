"""Read: rows of one level at a time, by key or by owner, one statement whatever the number of rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from ontology.iri import Iris
from schema.filters import AnySelect
from schema.model.link import LinkStatus
from schema.record import NOUNS, Attribute, Inverse, Linked, Noun, Parts, Relation
from schema.snapshot import Snapshot

Row = RowMapping

#: Rows by the key of the thing that they belong to.
Grouped = dict[str, list[Row]]

# Databases limit how many values a statement may carry; more are read in several statements.
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Reader:
    """What a plan reads from: one snapshot, and the IRIs that its answers are given under."""

    snapshot: Snapshot
    iris: Iris

    @property
    def connection(self) -> Connection:
        """The connection whose transaction is the snapshot."""
        return self.snapshot.connection


def columns_of(noun: Noun, names: Iterable[str]) -> list[Any]:
    """The columns of a noun's table with these names, and its key."""
    return [noun.table.c[name] for name in dict.fromkeys(("key", *names))]


def _chunks(values: Iterable[str]) -> Iterable[list[str]]:
    listed = list(dict.fromkeys(values))
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))


def by_key(reader: Reader, noun: Noun, names: Iterable[str], keys: Iterable[str]) -> dict[str, Row]:
    """The rows with these keys."""
    statement = select(*columns_of(noun, names))
    found: dict[str, Row] = {}
    for chunk in _chunks(keys):
        rows = reader.connection.execute(statement.where(noun.table.c.key.in_(chunk))).mappings()
        found |= {row["key"]: row for row in rows}
    return found


def _grouped(reader: Reader, statement: AnySelect, owner: Any, owners: Iterable[str]) -> Grouped:
    found: Grouped = defaultdict(list)
    for chunk in _chunks(owners):
        for row in reader.connection.execute(statement.where(owner.in_(chunk))).mappings():
            found[row["_owner"]].append(row)
    return found


def _link_statement(noun: Noun, statuses: list[LinkStatus]) -> tuple[Table, Any]:
    """The link table, and the condition that a link of one of these statuses leads to a row of the noun."""
    link = NOUNS["Link"].table
    joined = (link.c.target == noun.segment + "/" + noun.table.c.key) & link.c.status.in_(
        [each.value for each in statuses]
    )
    return link, joined


@dataclass(frozen=True, slots=True)
class Children:
    """A list field of things of one class: which things, and which links count where it follows links."""

    noun: Noun
    attribute: Attribute
    owners: Sequence[str]
    statuses: list[LinkStatus]

    @property
    def other(self) -> Noun:
        """The class that the list is of."""
        beside = self.attribute.beside
        return self.noun if beside is None else NOUNS[beside.noun]


def _through_links(reader: Reader, children: Children, names: Iterable[str]) -> Grouped:
    link, joined = _link_statement(children.other, children.statuses)
    owner = link.c.project
    statement = select(owner.label("_owner"), *columns_of(children.other, names)).join(link, joined)
    return _grouped(reader, statement, owner, children.owners)


def _projects_through_links(
    reader: Reader, children: Children, statement: AnySelect, through: Linked
) -> Grouped:
    segment = NOUNS[through.noun].segment
    link = NOUNS["Link"].table
    of_project = link.c.project == children.other.table.c.key
    joined = statement.add_columns(link.c.target.label("_owner")).join(
        link, of_project & link.c.status.in_([each.value for each in children.statuses])
    )
    targets = [f"{segment}/{owner}" for owner in children.owners]
    found = _grouped(reader, joined, link.c.target, targets)
    return {target.partition("/")[2]: rows for target, rows in found.items()}


def inverse(reader: Reader, children: Children, backwards: Inverse, statement: AnySelect) -> Grouped:
    """The rows of `statement`, which is about the other class, by the thing that they lead back to."""
    other = children.other
    forward = other.attribute(backwards.attribute).beside
    if isinstance(forward, Linked):
        return _projects_through_links(reader, children, statement, forward)
    if isinstance(forward, Relation):
        through = other.relations[backwards.attribute]
        joined = statement.add_columns(through.c.target.label("_owner")).join(
            through, through.c.owner == other.table.c.key
        )
        return _grouped(reader, joined, through.c.target, children.owners)
    column = other.table.c[backwards.attribute]
    return _grouped(reader, statement.add_columns(column.label("_owner")), column, children.owners)


def _parts(reader: Reader, children: Children, names: Iterable[str]) -> Grouped:
    table = children.other.table
    statement = select(table.c.owner.label("_owner"), *columns_of(children.other, names))
    return _grouped(reader, statement.order_by(table.c.position), table.c.owner, children.owners)


def _related(reader: Reader, children: Children, names: Iterable[str]) -> Grouped:
    other, through = children.other, children.noun.relations[children.attribute.attribute]
    statement = select(through.c.owner.label("_owner"), *columns_of(other, names)).join(
        through, through.c.target == other.table.c.key
    )
    return _grouped(reader, statement.order_by(through.c.position), through.c.owner, children.owners)


def _backwards(reader: Reader, children: Children, names: Iterable[str], backwards: Inverse) -> Grouped:
    table = children.other.table
    statement = select(*columns_of(children.other, names))
    if "position" in table.c:
        statement = statement.order_by(table.c.position)
    if backwards.noun == "Link":
        statement = statement.where(table.c.status.in_([each.value for each in children.statuses]))
    return inverse(reader, children, backwards, statement)


def listed(reader: Reader, children: Children, names: Iterable[str]) -> Grouped:
    """The rows of a list field by the thing that they belong to; parts and relations in their own order."""
    beside = children.attribute.beside
    if isinstance(beside, Parts):
        return _parts(reader, children, names)
    if isinstance(beside, Relation):
        return _related(reader, children, names)
    if isinstance(beside, Linked):
        return _through_links(reader, children, names)
    return _backwards(reader, children, names, beside) if isinstance(beside, Inverse) else {}

"""Feed: the log as numbered members of two feeds, facts and claims, in pages that close when they are full.

A change is a member of one feed, or of both where a candidate becomes a fact or stops being one. Members are
numbered within their feed without gaps. What a full page holds is fixed from then on, and its digest is part
of its name, so that an address never stands for two contents, also after a restore. Each full shelf of pages
closes in the same way, so that no list of pages grows without end.

Where imported texts are left out, members say something else. So they have other names, and so has all that
holds them: what was closed with texts is not there any more, and is as it was when texts are shown again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, get_args

from sqlalchemy import Column, Connection, Integer, Row, Table, select
from sqlmodel import SQLModel

from ontology.declaration import ExchangeRecord, GraphName
from schema.columns import KeyColumn
from schema.exchange import parse
from schema.log import change
from schema.sound import withheld

#: How many members a page holds. Closed pages keep the number that they were closed with.
PAGE_SIZE = 250

#: How many pages a shelf holds.
SHELF_SIZE = 100

#: What a member says of its thing, as its feed sees it; an alias is a deletion that names what replaces it.
Operation = Literal["create", "update", "delete", "alias"]

FEEDS: tuple[GraphName, ...] = get_args(GraphName)

member = Table(
    "member",
    SQLModel.metadata,
    Column("feed", KeyColumn, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("operation", KeyColumn, nullable=False),
    Column("published", KeyColumn, nullable=False),
    Column("digest", KeyColumn, nullable=False),
)

#: Pages (level 0) hold the members `first` to `last`, shelves (level 1) the pages `first` to `last`.
fragment = Table(
    "fragment",
    SQLModel.metadata,
    Column("feed", KeyColumn, primary_key=True),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("starts", KeyColumn, nullable=False),
    Column("ends", KeyColumn, nullable=False),
    Column("digest", KeyColumn, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Member:
    """One change as a feed tells it; `published` is never earlier than that of the member before."""

    number: int
    version: int
    operation: Operation
    published: str
    digest: str
    record: ExchangeRecord

    @property
    def name(self) -> str:
        """What the address of the member ends with."""
        return f"{self.number}-{self.digest}"


@dataclass(frozen=True, slots=True)
class Fragment:
    """A page or a shelf that is closed, with the numbers of what it holds and the times of its ends."""

    level: int
    number: int
    first: int
    last: int
    starts: str
    ends: str
    digest: str

    @property
    def name(self) -> str:
        """What the address of the fragment ends with."""
        return f"{self.number}-{self.digest}"


_LOGGED = (change.c.version == member.c.version) & (change.c.ordinal == member.c.ordinal)
_MEMBERS = select(
    member.c.number,
    member.c.version,
    member.c.operation,
    member.c.published,
    member.c.digest,
    change.c.record,
).join(change, _LOGGED)


def _has_texts(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("texts", True))


def _digest(connection: Connection, digest: str) -> str:
    """The digest of what is told: where texts are left out it is another one."""
    return digest if _has_texts(connection) else sha256(f"{digest} without texts".encode()).hexdigest()[:16]


def _fragment(connection: Connection, row: Row[Any]) -> Fragment:
    digest = _digest(connection, row.digest)
    return Fragment(row.level, row.number, row.first, row.last, row.starts, row.ends, digest)


def last_closed(connection: Connection, feed: GraphName, level: int) -> Fragment | None:
    """The newest closed fragment of a level, or None."""
    statement = select(fragment).where(fragment.c.feed == feed, fragment.c.level == level)
    row = connection.execute(statement.order_by(fragment.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else _fragment(connection, row)


def closed(connection: Connection, feed: GraphName, level: int, number: int) -> Fragment | None:
    """A closed page (level 0) or shelf (level 1) by its number, or None."""
    where = (fragment.c.feed == feed) & (fragment.c.level == level) & (fragment.c.number == number)
    row = connection.execute(select(fragment).where(where)).one_or_none()
    return None if row is None else _fragment(connection, row)


def fragments(
    connection: Connection, feed: GraphName, level: int, first: int = 1, last: int | None = None
) -> list[Fragment]:
    """The closed fragments of a level from a number on, up to another one or all."""
    where = (fragment.c.feed == feed) & (fragment.c.level == level) & (fragment.c.number >= first)
    if last is not None:
        where &= fragment.c.number <= last
    rows = connection.execute(select(fragment).where(where).order_by(fragment.c.number))
    return [_fragment(connection, each) for each in rows]


def members(
    connection: Connection, feed: GraphName, first: int = 1, last: int | None = None
) -> Iterator[Member]:
    """The members from a number on, up to another one or all, in their order."""
    statement = _MEMBERS.where(member.c.feed == feed, member.c.number >= first)
    if last is not None:
        statement = statement.where(member.c.number <= last)
    ordered = statement.order_by(member.c.number).execution_options(yield_per=1000)
    has_texts = _has_texts(connection)
    for row in connection.execute(ordered):
        record = parse(row.record) if has_texts else withheld(parse(row.record))
        digest = _digest(connection, row.digest)
        yield Member(row.number, row.version, row.operation, row.published, digest, record)


def open_from(connection: Connection, feed: GraphName) -> tuple[int, int]:
    """The number of the first page that stands on no shelf, and of the first member that is on no page."""
    shelf, page = (last_closed(connection, feed, level) for level in (1, 0))
    return (shelf.last + 1 if shelf else 1), (page.last + 1 if page else 1)


def first_published(connection: Connection, feed: GraphName) -> str | None:
    """When the first member of a feed was published, or None while it has none."""
    statement = select(member.c.published).where(member.c.feed == feed, member.c.number == 1)
    return connection.scalar(statement)


def version_of(connection: Connection, feed: GraphName, number: int) -> int:
    """The data version that a member belongs to."""
    statement = select(member.c.version).where(member.c.feed == feed, member.c.number == number)
    return int(connection.execute(statement).scalar_one())

"""Snapshot: everything that is read whole, at one data version."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Select, and_, bindparam, func, select

from ontology.declaration import ExchangeRecord
from ontology.errors import DatabaseUnavailable
from ontology.iri import Iris
from schema.exchange import SEGMENTS, is_key, noun_of, nouns_of, parse
from schema.following import followed
from schema.log import change, head, resource
from schema.model import NOUNS, Coding, Link, Project
from schema.rows import record_of
from schema.sql import among

_REPAIR = "Export everything as jsonl and import it into a new database."


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a thing stands: the key it lives under, its last version, and whether it was deleted."""

    segment: str
    key: str
    version: int
    deleted: bool
    asked: str

    @property
    def is_alias(self) -> bool:
        """Whether it was asked for under another key."""
        return self.asked != self.key


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the log."""

    version: int
    ordinal: int
    segment: str
    key: str
    operation: str
    at: str
    record: ExchangeRecord


class Snapshot:
    """Reads in one transaction: all of them see the same data version."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def version(self) -> int:
        """The data version: 0 while nothing was written."""
        return int(self.connection.execute(select(head.c.version)).scalar_one())

    def standing(self, segment: str, key: str) -> Standing | None:
        """Where a thing stands, found by its key, a former key or, for a project, its Project or Prima ID."""
        # Databases choke on some of the characters that no key has.
        if not is_key(segment, key):
            return None
        found = self._standing(segment, key)
        if segment == Project.segment and (found is None or found.deleted):
            other = self._by_identifier(key)
            found = found if other is None else self._standing(segment, other)
        return None if found is None else replace(found, asked=key)

    def _standing(self, segment: str, key: str) -> Standing | None:
        row = self.connection.execute(_STANDING, {"segment": segment, "asked": key}).one_or_none()
        if row is not None and row.alias_of is not None:
            return self._standing(segment, row.alias_of)
        return None if row is None else Standing(segment, key, row.version, bool(row.deleted), key)

    def first_version(self, segment: str, key: str) -> int | None:
        """The data version at which a key was first written, or None."""
        statement = select(change.c.version).where(change.c["class"] == segment, change.c.key == key)
        first = self.connection.scalar(statement.order_by(change.c.version).limit(1))
        return None if first is None else int(first)

    def _by_identifier(self, identifier: str) -> str | None:
        return self.identified([identifier]).get(identifier)

    def identified(self, identifiers: Iterable[str]) -> dict[str, str]:
        """Those of many Project and Prima IDs that a project has, each with the key of the first such project.

        They are asked for at once; a Project ID goes before a Prima ID.
        """
        table = NOUNS[Project.__name__].table.c
        asked = sorted(each for each in identifiers if is_key(Project.segment, each))
        found: dict[str, str] = {}
        for column in (table.prima_id, table.project_id):
            statement = select(column, table.key).where(among(self.connection, column, asked))
            # What comes later stays, so the first by key comes last.
            found.update(map(tuple, self.connection.execute(statement.order_by(table.key.desc())).all()))
        return found

    def find(self, text: str, segments: tuple[str, ...], iris: Iris) -> Standing | None:
        """The thing meant by an id, the last part of one, a Prima ID, a former key or an IRI."""
        identifier = iris.identifier(text) if "://" in text else text
        if identifier is None:
            return None
        for segment in segments:
            key = identifier.removeprefix(f"{segment}/")
            if (key != identifier or "://" not in text) and (found := self.standing(segment, key)):
                return found
        return None

    def record(self, segment: str, key: str) -> ExchangeRecord | None:
        """The canonical record of a living thing, or None."""
        if not is_key(segment, key):
            return None
        text = self.connection.scalar(_latest(segment).where(resource.c.key == key))
        return None if text is None else parse(text)

    def records(self, segment: str | None = None) -> Iterator[ExchangeRecord]:
        """All living records of a class, or of all classes in the order of exports, by key."""
        for each in SEGMENTS if segment is None else (segment,):
            yield from self._records(_latest(each).order_by(resource.c.key))

    def several(self, segment: str, keys: Sequence[str]) -> Iterator[ExchangeRecord]:
        """The records of those of these things that live, by key."""
        return self._records(_latest(segment).where(resource.c.key.in_(keys)).order_by(resource.c.key))

    def lines(self, as_of: int | None = None) -> Iterator[str]:
        """All lines of an export, tombstones and aliases too, as they stood at a data version."""
        version = self.version() if as_of is None else as_of
        for segment in SEGMENTS:
            statement = _as_of(segment, version)
            yield from self.connection.scalars(statement.execution_options(yield_per=1000))

    def links_of(self, project: str) -> Iterator[ExchangeRecord]:
        """The records of a project's links, by key."""
        return self._owned(Link.segment, project)

    def codings_of(self, project: str) -> Iterator[ExchangeRecord]:
        """The records of a project's codings, by key."""
        return self._owned(Coding.segment, project)

    def _owned(self, segment: str, project: str) -> Iterator[ExchangeRecord]:
        table = nouns_of(segment)[0].table.c
        keys = select(table.key).where(table.project == project)
        yield from self._records(_latest(segment).where(resource.c.key.in_(keys)).order_by(resource.c.key))

    def changes(self, after: tuple[int, int] = (0, -1), limit: int = 1000) -> list[Change]:
        """The entries of the log behind a version and ordinal, in order, at most `limit` of them."""
        last, place = after
        behind = (change.c.version > last) | ((change.c.version == last) & (change.c.ordinal > place))
        statement = _CHANGES.where(behind).order_by(change.c.version, change.c.ordinal)
        rows = self.connection.execute(statement.limit(max(limit, 0)))
        return [
            Change(version, ordinal, segment, key, operation, at, parse(record))
            for version, ordinal, segment, key, operation, at, record in rows
        ]

    def check(self) -> int:
        """How many living records there are, all like their rows. Raises DatabaseUnavailable."""
        checked = 0
        for record in self.records():
            segment, key = record["class"], record["key"]
            rows = record_of(noun_of(segment, key), key, self.connection)
            if rows is None or followed(self.connection, rows) != record:
                raise DatabaseUnavailable(f"the rows of {segment}/{key} are not what the log says", _REPAIR)
            checked += 1
        nouns = [noun for segment in SEGMENTS for noun in nouns_of(segment)]
        rows_in_all = sum(
            self.connection.scalar(select(func.count()).select_from(each.table)) or 0 for each in nouns
        )
        if rows_in_all != checked:
            raise DatabaseUnavailable(f"{rows_in_all} rows stand for {checked} living records", _REPAIR)
        return checked

    def _records(self, statement: Select[str]) -> Iterator[ExchangeRecord]:
        return map(parse, self.connection.scalars(statement.execution_options(yield_per=1000)))


# Asked for one thing at a time, so often that the statement is made once.
_STANDING = select(resource.c.version, resource.c.deleted, resource.c.alias_of).where(
    resource.c["class"] == bindparam("segment"), resource.c.key == bindparam("asked")
)

_CHANGES = select(
    change.c.version,
    change.c.ordinal,
    change.c["class"].label("segment"),
    change.c.key,
    change.c.operation,
    change.c.at,
    change.c.record,
)


def _latest(segment: str) -> Select[str]:
    last = and_(change.c.version == resource.c.version, change.c.ordinal == resource.c.ordinal)
    return (
        select(change.c.record)
        .join(resource, last)
        .where(resource.c["class"] == segment, resource.c.deleted == 0, resource.c.alias_of.is_(None))
    )


def _as_of(segment: str, version: int) -> Select[str]:
    inner = change.alias("inner")
    last = (
        select(func.max(inner.c.version))
        .where(inner.c["class"] == segment, inner.c.key == change.c.key, inner.c.version <= version)
        .scalar_subquery()
    )
    return (
        select(change.c.record)
        .where(change.c["class"] == segment, change.c.version == last)
        .order_by(change.c.key)
    )

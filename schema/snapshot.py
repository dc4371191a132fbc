"""Snapshot: everything that is read whole, at one data version."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from ontology.declaration import ExchangeRecord
from ontology.errors import DatabaseUnavailable
from ontology.iri import Iris
from schema import search
from schema.exchange import SEGMENTS, is_key, line, noun_of, nouns_of, parse
from schema.following import followed
from schema.log import change, head, last_entries, resource
from schema.model import NOUNS, Coding, Link, Project
from schema.model.link import LinkStatus
from schema.rows import record_of
from schema.sound import all_sound, parsed, sound, withheld
from schema.sql import among

# No version has so many entries.
_BEHIND_ALL = 2**31 - 1

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
    """Reads in one transaction: all of them see the same data version.

    Over an engine with the execution option `texts` set to False, every record that it gives is without
    imported texts, and so is whatever is written of them. `texts` says whether records have theirs.
    """

    def __init__(self, connection: Connection, version: int | None = None) -> None:
        self.connection = connection
        # Known where the snapshot began with it; a transaction forgets it when it writes one.
        self._version = version
        self.texts: bool = connection.get_execution_options().get("texts", True)

    def version(self) -> int:
        """The data version: 0 while nothing was written. All that a snapshot reads is of this one."""
        if self._version is None:
            self._version = int(self.connection.execute(_VERSION).scalar_one())
        return self._version

    def beginning(self, limit: int = 100) -> list[Change]:
        """The first entries of the data version, by which it is told apart from that of other data."""
        return self.changes((self.version() - 1, _BEHIND_ALL), limit)

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

    def first_written(self, segments: Sequence[str] = SEGMENTS) -> str | None:
        """When anything of these classes was first written, or None."""
        statement = select(change.c.at).where(change.c["class"].in_(segments))
        at = self.connection.scalar(statement.order_by(change.c.version, change.c.ordinal).limit(1))
        return None if at is None else str(at)

    def last_written(self) -> str | None:
        """When anything was last written: the time of this data version."""
        statement = select(change.c.at).where(change.c.version == self.version())
        at = self.connection.scalar(statement.order_by(change.c.ordinal.desc()).limit(1))
        return None if at is None else str(at)

    def living(self) -> int:
        """How many things live."""
        return int(self.connection.execute(select(func.count()).where(_LIVING)).scalar_one())

    def addresses(self, begin: int, limit: int) -> list[tuple[str, str, str]]:
        """Living things by class and key, from a place on: class, key, and when each last changed."""
        last = and_(change.c.version == resource.c.version, change.c.ordinal == resource.c.ordinal)
        segment, key = resource.c["class"], resource.c.key
        statement = select(segment, key, change.c.at).join(change, last).where(_LIVING)
        rows = self.connection.execute(statement.order_by(segment, key).offset(begin).limit(limit))
        return [(str(each[0]), str(each[1]), str(each[2])) for each in rows]

    def _by_identifier(self, identifier: str) -> str | None:
        return self.identified([identifier]).get(identifier)

    def identified(self, identifiers: Iterable[str]) -> dict[str, str]:
        """Those of many Project and Prima IDs that a project has, each with the key of the first of them.

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
        return None if text is None else self._told(parse(text))

    def last(self, segment: str, key: str) -> ExchangeRecord | None:
        """The last line of a thing, be it a tombstone or an alias, or None. Raises DamagedRecord."""
        last = last_entries(self.connection, segment, [key]).get(key) if is_key(segment, key) else None
        found = None if last is None else next(parsed([last.line]), {"class": segment, "key": key})
        return None if found is None else self._told(sound(found))

    def records(self, segment: str | None = None, holding: str = "") -> Iterator[ExchangeRecord]:
        """All living records of a class, or of all classes in the order of exports, by key.

        Where only those are wanted that have a word in them, most of the others are left out unread.
        """
        for each in SEGMENTS if segment is None else (segment,):
            yield from self._records(among_lines(_latest(each), holding).order_by(resource.c.key))

    def first(self, segment: str, count: int) -> Iterator[ExchangeRecord]:
        """The first living records of a class by key, at most `count` of them."""
        return self._records(_latest(segment).order_by(resource.c.key).limit(count))

    def several(self, segment: str, keys: Sequence[str]) -> Iterator[ExchangeRecord]:
        """The records of those of these things that live, by key."""
        return self._records(_latest(segment).where(resource.c.key.in_(keys)).order_by(resource.c.key))

    def lines(self, at: int | None = None) -> Iterator[str]:
        """All lines of an export, tombstones and aliases too, as they stood at a data version."""
        version = self.version() if at is None else at
        for segment in SEGMENTS:
            statement = as_of(segment, version)
            lines = self.connection.scalars(statement.execution_options(yield_per=1000))
            yield from lines if self.texts else (line(self._told(parse(each))).decode() for each in lines)

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

    def proposed(self, projects: Iterable[str]) -> dict[str, list[str]]:
        """The targets of links that nobody has decided on, by project, sorted; derived ones are none."""
        table = NOUNS[Link.__name__].table.c
        statement = select(table.project, table.target).where(
            table.project.in_(list(projects)),
            table.status == LinkStatus.PROPOSED,
            table.derived.is_(False),
        )
        found: dict[str, list[str]] = defaultdict(list)
        for project, target in sorted(tuple(row) for row in self.connection.execute(statement)):
            found[project].append(target)
        return found

    def changes(self, after: tuple[int, int] = (0, -1), limit: int = 1000) -> list[Change]:
        """The entries of the log behind a version and ordinal, in order, at most `limit` of them."""
        last, place = after
        behind = (change.c.version > last) | ((change.c.version == last) & (change.c.ordinal > place))
        statement = _CHANGES.where(behind).order_by(change.c.version, change.c.ordinal)
        rows = self.connection.execute(statement.limit(max(limit, 0)))
        return [
            Change(version, ordinal, segment, key, operation, at, self._told(parse(record)))
            for version, ordinal, segment, key, operation, at, record in rows
        ]

    def check(self) -> int:
        """How many living records there are, which all agree with their rows. Raises DatabaseUnavailable."""
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
        search.check(self.connection, self.records(Project.segment))
        return checked

    def _told(self, record: ExchangeRecord) -> ExchangeRecord:
        return record if self.texts else withheld(record)

    def _records(self, statement: Select[str]) -> Iterator[ExchangeRecord]:
        lines = self.connection.scalars(statement.execution_options(yield_per=1000))
        return parsed(lines) if self.texts else map(withheld, all_sound(parsed(lines)))


_LIVING = and_(resource.c.deleted == 0, resource.c.alias_of.is_(None))

# Asked at almost every request, so it is made once.
_VERSION = select(head.c.version)

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


def among_lines(statement: Select[str], holding: str) -> Select[str]:
    """The lines that have a word in them, and those that may have it in JSON's escapes."""
    if not holding:
        return statement
    words = (change.c.record.contains(each, autoescape=True) for each in (holding, "\\u"))
    return statement.where(or_(*words))


def as_of(segment: str, version: int) -> Select[str]:
    """The lines of a class as they stood at a version, tombstones and aliases too, by key."""
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

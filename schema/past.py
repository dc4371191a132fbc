"""Past: the tables as they stood at an earlier data version, made anew in memory from the log.

What is counted in tables is counted in these by the same statements, so that a matrix of an earlier version
is the one that was given out then, filters and searches too. They hold what counting needs, nothing else.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from threading import Lock
from weakref import WeakKeyDictionary, finalize

from sqlalchemy import Connection, Engine, column, create_engine, insert, table
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

from ontology.declaration import ExchangeRecord
from schema.exchange import SEGMENTS, is_gone, noun_at
from schema.history import earlier
from schema.log import head, resource
from schema.remembered import Remembered
from schema.rows import Rows
from schema.search import INDEX
from schema.snapshot import Snapshot, as_of
from schema.sound import parsed

# The texts of sources are most of the log, and nothing is counted by them.
_SEGMENTS = tuple(each for each in SEGMENTS if each != "source")
# What of a record no statement that counts looks at.
_HEAVY = {"claims", "provenance", "conflicts"}

_AT_ONCE = 2000
# In things: a version with more is made anew for each question.
_REMEMBERED_THINGS = 300_000

# As the migrations make it, and then filled.
_FTS5 = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5("
    "words, content='project_words', content_rowid='id', tokenize='ascii', detail='none', columnsize=0)"
)


class _Tables:
    """The tables of one version, in memory, for one reader at a time."""

    def __init__(self, snapshot: Snapshot, version: int) -> None:
        self._engine = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}, hide_parameters=True
        )
        finalize(self, self._engine.dispose)
        self._lock = Lock()
        self.things = 0
        with self._engine.begin() as connection:
            SQLModel.metadata.create_all(connection)
            connection.exec_driver_sql(_FTS5)
            connection.execute(insert(head).values(id=1, version=version))
            for rows in self._rows(snapshot, version):
                rows.write(connection)
            index = table(INDEX, column(INDEX))
            connection.execute(insert(index).values({INDEX: "rebuild"}))

    def _rows(self, snapshot: Snapshot, version: int) -> Iterator[Rows]:
        rows = Rows()
        for segment in _SEGMENTS:
            lines = snapshot.connection.scalars(as_of(segment, version).execution_options(yield_per=_AT_ONCE))
            for record in parsed(lines):
                self.things += 1
                _add(rows, segment, record)
                if self.things % _AT_ONCE == 0:
                    yield rows
                    rows = Rows()
        yield rows

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """A connection that nobody else reads from meanwhile."""
        with self._lock, self._engine.connect() as connection:
            yield connection


def _add(rows: Rows, segment: str, record: ExchangeRecord) -> None:
    gone = is_gone(record)
    alias_of = record.get("aliasOf")
    deleted = int(gone and alias_of is None)
    rows.of(resource).append((segment, record["key"], 0, 0, deleted, alias_of))
    if not gone:
        light = {name: value for name, value in record.items() if name not in _HEAVY}
        rows.add(noun_at(segment, record["key"]), light)


_MADE: WeakKeyDictionary[Engine, Remembered[int, _Tables]] = WeakKeyDictionary()
_MAKING = Lock()


def _tables(snapshot: Snapshot, version: int) -> _Tables:
    remembered = _MADE.setdefault(snapshot.connection.engine, Remembered(_REMEMBERED_THINGS))
    # Two that ask at once for one version would make it twice.
    with _MAKING:
        found = remembered.get(version)
        if found is None:
            found = _Tables(snapshot, version)
            remembered.put(version, found, max(found.things, 1))
        return found


@contextmanager
def counting(snapshot: Snapshot, version: int | None) -> Generator[tuple[Connection, Snapshot]]:
    """What is counted in and what records are read from, now or at a data version.

    Raises BadArgument for a version that there was not.
    """
    now = snapshot.version() if version is None else version
    then = earlier(snapshot, now)
    if then is snapshot:
        yield snapshot.connection, snapshot
        return
    with _tables(snapshot, now).reading() as connection:
        yield connection, then

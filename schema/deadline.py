"""Deadline: how long reading may take, and the end of the statement that takes longer."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from sqlite3 import Connection as SQLiteConnection
from threading import Lock
from time import monotonic
from typing import Any

from psycopg import Error as PostgreSQLError
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from ontology.errors import DeadlineExceeded

_OPTION = "compactgraph_deadline"


def _cancel(driver: Any) -> None:
    """End what the driver's connection runs; harmless where it runs nothing."""
    if isinstance(driver, SQLiteConnection):
        driver.interrupt()
    else:
        # A server that takes no message any more ends the statement by itself.
        with suppress(PostgreSQLError):
            driver.cancel_safe()


class Deadline:
    """A moment after which nothing more is read; `expire` is called from a thread that does not read."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = monotonic() + seconds
        self._lock = Lock()
        self._driver: Any = None

    def remaining(self) -> float:
        """How many seconds are left, never less than 0."""
        return max(self._end - monotonic(), 0)

    def check(self) -> None:
        """Raises DeadlineExceeded when the moment has passed."""
        if not self.remaining():
            raise self.error()

    def error(self) -> DeadlineExceeded:
        """What an operation ends with that took too long."""
        return DeadlineExceeded(
            f"the operation took longer than {self.seconds:g} seconds and was ended",
            "Ask for less at once: smaller pages, fewer lists within lists, a narrower filter.",
        )

    def expire(self) -> None:
        """Cancel the statement that runs now, if one does and the moment has passed.

        A statement that begins in that instant may be missed, so this is called until reading ends.
        """
        # Under the lock no connection goes back to the pool, to run a statement of somebody else.
        with self._lock:
            if self._driver is not None and not self.remaining():
                _cancel(self._driver)

    @contextmanager
    def watching(self, connection: Connection) -> Generator[None]:
        """Let `expire` cancel what runs on this connection. Raises DeadlineExceeded."""
        connection.execution_options(**{_OPTION: self})
        self.check()
        with self._lock:
            self._driver = connection.connection.driver_connection
        try:
            yield
        except DBAPIError as error:
            if self.remaining():
                raise
            raise self.error() from error
        finally:
            with self._lock:
                self._driver = None


@event.listens_for(Engine, "before_cursor_execute")
def _check_before_each_statement(connection: Connection, *_statement: Any) -> None:
    deadline = connection.get_execution_options().get(_OPTION)
    if deadline is not None:
        deadline.check()

"""Remembered: what was worked out at one data version of a database, kept while that is the newest one."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

Value = TypeVar("Value")


@dataclass(slots=True)
class _Shelf(Generic[Value]):
    """What is remembered of one database, the least lately used first."""

    version: int = -1
    weight: int = 0
    values: OrderedDict[Hashable, tuple[Value, int]] = field(default_factory=OrderedDict)


class Remembered(Generic[Value]):
    """A memory of values that follow from the data alone, which together weigh at most so much."""

    def __init__(self, most: int, weigh: Callable[[Hashable, Value], int]) -> None:
        self._most, self._weigh = most, weigh
        self._shelves: WeakKeyDictionary[Engine, _Shelf[Value]] = WeakKeyDictionary()
        self._lock = Lock()

    def value(self, connection: Connection, version: int, name: Hashable, make: Callable[[], Value]) -> Value:
        """What was remembered under the name, or else what is made now.

        The connection must be that of a snapshot at this data version, with nothing of its own written.
        """
        with self._lock:
            shelf = self._shelves.setdefault(connection.engine, _Shelf())
            if shelf.version == version and name in shelf.values:
                shelf.values.move_to_end(name)
                return shelf.values[name][0]
        made = make()
        with self._lock:
            self._keep(shelf, version, name, made)
        return made

    def _keep(self, shelf: _Shelf[Value], version: int, name: Hashable, made: Value) -> None:
        if version < shelf.version:
            # A reader that began before the last change; those that come now see the newer version.
            return
        if version > shelf.version:
            shelf.version, shelf.weight = version, 0
            shelf.values.clear()
        if name in shelf.values:
            return
        weight = self._weigh(name, made)
        shelf.values[name] = made, weight
        shelf.weight += weight
        while shelf.weight > self._most:
            _, (_, lost) = shelf.values.popitem(last=False)
            shelf.weight -= lost

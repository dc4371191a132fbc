"""Remembered: the values that were asked for last, as many as a limit of weight holds."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """Values by key; whatever was not asked for longest goes first. Threads may share it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._weight = 0
        self._lock = Lock()
        self._values: OrderedDict[Key, tuple[Value, int]] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """The value, or None."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: Key, value: Value, weight: int = 1) -> None:
        """Remember a value, unless it alone weighs more than all may."""
        if weight > self._limit:
            return
        with self._lock:
            if (earlier := self._values.pop(key, None)) is not None:
                self._weight -= earlier[1]
            self._values[key] = value, weight
            self._weight += weight
            while self._weight > self._limit:
                _, (_, gone) = self._values.popitem(last=False)
                self._weight -= gone

    def __len__(self) -> int:
        return len(self._values)

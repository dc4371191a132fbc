"""Pages: cursors, and the window of a list that a client asked for."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from ontology.errors import BadArgument, BadCursor

#: Where an item stands in an order: whether it has no value, the value, and its key, which breaks ties.
Place = tuple[bool, Any, str]

_LARGEST = 100
_USUAL = 20


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that is one page."""

    places: Sequence[Place]
    has_next: bool
    has_previous: bool


def cursor(place: Place) -> str:
    """An opaque cursor that says where an item stands, so that it survives inserts and deletes."""
    return urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def place_of(text: str) -> Place:
    """Where a cursor stands. Raises BadCursor."""
    try:
        empty, value, key = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        raise BadCursor(f"{text[:40]!r} is no cursor", "Use a cursor that this list handed out.") from None
    if not isinstance(empty, bool) or not isinstance(key, str):
        raise BadCursor(f"{text[:40]!r} is no cursor", "Use a cursor that this list handed out.")
    return empty, value, key


def _size(arguments: dict[str, Any], name: str) -> int | None:
    asked: int | None = arguments.get(name)
    if asked is not None and not 1 <= asked <= _LARGEST:
        raise BadArgument(f"{name} is {asked}", f"Ask for 1 to {_LARGEST} at once.")
    return asked


class _Descending:
    """A value that sorts the other way round, for orders that run down while keys run up."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: "_Descending") -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and bool(other.value == self.value)

    def __hash__(self) -> int:
        return hash(self.value)


def _sorter(descending: bool) -> Any:
    def sort_key(place: Place) -> Any:
        empty, value, key = place
        kept = "" if empty else (_Descending(value) if descending else value)
        return (empty, kept, key)

    return sort_key


def window(places: list[Place], arguments: dict[str, Any], *, descending: bool = False) -> Window:
    """The page that `first`, `after`, `last` and `before` ask for. Raises BadArgument, BadCursor.

    Follows the Relay cursor connections specification (sections 4.3 and 4.4), but takes `first` or `last`,
    not both.
    """
    first, last = _size(arguments, "first"), _size(arguments, "last")
    if first is not None and last is not None:
        raise BadArgument("first and last stand together", "Ask for the first or for the last ones.")
    sort_key = _sorter(descending)
    ordered = sorted(places, key=sort_key)
    start, end = 0, len(ordered)
    try:
        if arguments.get("after"):
            start = bisect_right(ordered, sort_key(place_of(arguments["after"])), key=sort_key)
        if arguments.get("before"):
            end = bisect_left(ordered, sort_key(place_of(arguments["before"])), key=sort_key)
    except TypeError:
        raise BadCursor("the cursor is from a list in another order", "Begin again without it.") from None
    if last is not None:
        start = max(start, end - last)
    else:
        end = min(max(start, end), start + (first or _USUAL))
    return Window(ordered[start:end], has_next=end < len(ordered), has_previous=start > 0)

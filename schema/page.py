"""Pages: how many items a client asked for and from where, and cursors that say where an item stands."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn

import orjson
from sqlalchemy import Column

from ontology.errors import BadArgument, BadCursor
from schema.exchange import is_key
from schema.record import Noun

_LARGEST = 100
_USUAL = 20
# What both databases can compare an integer with.
_BITS = 63


class Place(NamedTuple):
    """Where an item stands in an order: its value, None where it has none, and its key, which breaks ties."""

    value: Any
    key: str


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by: a column, or None for the key alone, and which way.

    Items without the value come last both ways, and equal values stand by their keys, which then run up.
    """

    noun: Noun
    column: Column[Any] | None = None
    is_descending: bool = False

    @property
    def name(self) -> str:
        """What cursors of this order carry, so that no other order takes them."""
        by = "key" if self.column is None else self.column.name
        return f"{self.noun.name}.{by}.{'desc' if self.is_descending else 'asc'}"

    @property
    def is_nullable(self) -> bool:
        """Whether items may have no value."""
        return self.column is not None and bool(self.column.nullable)

    def holds(self, place: Place) -> bool:
        """Whether an item of the list could stand at the place."""
        if not is_key(self.noun.segment, place.key):
            return False
        if self.column is None or (self.is_nullable and place.value is None):
            return place.value is None
        if self.column.type.python_type is int:
            return type(place.value) is int and abs(place.value) < 2**_BITS
        # No column holds a NUL, and PostgreSQL takes none to compare with.
        return isinstance(place.value, str) and "\0" not in place.value


@dataclass(frozen=True, slots=True)
class Page:
    """The part of a list that was asked for: how many, behind and before which places, from which end.

    What stands at the places themselves is left out, unless the page says that it includes it.
    """

    size: int
    after: Place | None = None
    before: Place | None = None
    is_from_end: bool = False
    is_inclusive: bool = False


def cursor(order: Order, place: Place) -> str:
    """An opaque cursor that says where an item stands, so that it survives inserts and deletes."""
    return urlsafe_b64encode(orjson.dumps((order.name, *place))).decode().rstrip("=")


def _refuse(text: str, why: str) -> NoReturn:
    raise BadCursor(f"{text[:40]!r} is {why}", "Use a cursor that this list handed out in this order.")


def place_of(text: str, order: Order) -> Place:
    """Where a cursor stands. Raises BadCursor for what is none, or is one of another list or order."""
    try:
        read = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        _refuse(text, "no cursor")
    match read:
        case [str(name), value, str(key)]:
            place = Place(value, key)
        case _:
            _refuse(text, "no cursor")
    if name != order.name:
        _refuse(text, "a cursor of another list or order")
    if not order.holds(place):
        _refuse(text, "no cursor")
    return place


def _size(arguments: Mapping[str, Any], name: str) -> int | None:
    asked: int | None = arguments.get(name)
    if asked is not None and not 1 <= asked <= _LARGEST:
        raise BadArgument(f"{name} is {asked}", f"Ask for 1 to {_LARGEST} at once.")
    return asked


def page(arguments: Mapping[str, Any], order: Order) -> Page:
    """The page that `first`, `after`, `last` and `before` ask for. Raises BadArgument, BadCursor.

    Follows the Relay cursor connections specification (sections 4.3 and 4.4), but takes `first` or `last`,
    not both.
    """
    first, last = _size(arguments, "first"), _size(arguments, "last")
    if first is not None and last is not None:
        raise BadArgument("first and last stand together", "Ask for the first or for the last ones.")
    after, before = arguments.get("after"), arguments.get("before")
    return Page(
        first or last or _USUAL,
        None if after is None else place_of(after, order),
        None if before is None else place_of(before, order),
        last is not None,
    )

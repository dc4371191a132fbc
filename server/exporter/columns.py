"""Columns: what stands in a cell of a table, read from the declaration of each noun.

A text has a column for each language. What refers to a thing with a name has its code in one column and its
name, in the language of the export, in the next.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from ontology.declaration import ExchangeRecord
from ontology.terms import Reference, TextProperty
from schema.model import NOUNS, Project, Source
from schema.model.link import LinkStatus
from schema.record import Attribute, Linked, Matched, Noun, Parts, Record
from schema.snapshot import Snapshot
from schema.text import LANGUAGES, chosen

URL = "url"


def proposed(noun: str) -> str:
    """Under this name a project's record carries those targets of one noun that nobody has decided on."""
    return f"~proposed {noun}"


class Named:
    """The names of things in one language, and the addresses of sources, as one snapshot has them."""

    def __init__(self, snapshot: Snapshot, language: str) -> None:
        self._snapshot = snapshot
        self._languages = [language, *LANGUAGES]
        # Reference data fit in whole; of what grows with the projects, only the last ones met are kept.
        self.name = lru_cache(maxsize=4096)(self._name)
        self.url = lru_cache(maxsize=4096)(self._url)

    def _name(self, segment: str, key: str) -> str:
        """The name of a thing; without one in the language, the name in the first that there is."""
        record = self._snapshot.record(segment, key) or {}
        found = chosen(record.get("name") or record.get("title"), self._languages)
        return found[1] if found else ""

    def _url(self, key: str) -> str:
        """The address of a source, if it has one."""
        return str((self._snapshot.record(Source.segment, key) or {}).get(URL, ""))


#: What gives the words of a cell for a record.
Cell = Callable[[ExchangeRecord, Named], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the words that it holds for a record, and the field of the record that it reads."""

    header: str
    cell: Cell
    field: str
    follows: bool = False


class Row:
    """The cells of a table's rows, with the names of one snapshot.

    Records have few of the fields of their class, and what stands in the columns of the others is known.
    """

    def __init__(self, own: Iterable[Column], named: Named) -> None:
        self._named = named
        self._fields: list[tuple[str, list[Cell], list[str]]] = []
        for field, of_field in groupby(own, key=lambda column: column.field):
            cells = [each.cell for each in of_field]
            self._fields.append((field, cells, [each({}, named) for each in cells]))

    def cells(self, record: ExchangeRecord) -> list[str]:
        """The cells of a record, one for each column."""
        named, row = self._named, []
        for field, cells, without in self._fields:
            row += [each(record, named) for each in cells] if field in record else without
        return row


def _value(attribute: Attribute, record: ExchangeRecord) -> Any:
    return record.get(attribute.name, attribute.default)


def shown(value: Any) -> str:
    """A single value as it stands in a cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _code(segment: str, key: str) -> str:
    """A code without its list, which the column names; any other key as it is."""
    return key.rpartition("/")[2] if segment == "code" else key


def _has_name(noun: Noun) -> bool:
    # A project's title is what its own row says; everywhere else its key is enough.
    names = {each.attribute for each in noun.columns() if isinstance(each.property, TextProperty)}
    return issubclass(noun.model, Record) and noun.model is not Project and bool(names & {"name", "title"})


def _text(attribute: Attribute) -> Iterator[Column]:
    for language in LANGUAGES:

        def cell(record: ExchangeRecord, _: Named, language: str = language) -> str:
            found = (_value(attribute, record) or {}).get(language, "")
            return "\n".join(found) if isinstance(found, list) else str(found)

        yield Column(f"{attribute.attribute}_{language}", cell, attribute.name)


def _things(header: str, noun: Noun, field: str, *, many: bool, follows: bool = False) -> Iterator[Column]:
    """The codes and the names of the things that a field refers to."""
    ending = "s" if many else ""
    segment = noun.segment

    def keys(record: ExchangeRecord) -> list[str]:
        value = record.get(field) or []
        return [value] if isinstance(value, str) else value

    def codes(record: ExchangeRecord, _: Named) -> str:
        return ";".join([_code(segment, each) for each in keys(record)])

    def names(record: ExchangeRecord, named: Named) -> str:
        # What has no name is called by its code, so that both columns have as many entries.
        return "; ".join([named.name(segment, each) or _code(segment, each) for each in keys(record)])

    yield Column(f"{header}_code{ending}", codes, field, follows)
    yield Column(f"{header}_name{ending}", names, field, follows)


def _reference(attribute: Attribute, stated: Reference) -> Iterator[Column]:
    header, noun = attribute.attribute, NOUNS.get(stated.noun)
    if noun is None:
        yield from _identifier(attribute)
    elif _has_name(noun):
        yield from _things(header, noun, attribute.name, many=attribute.many)
    elif not attribute.many:
        yield Column(header, lambda record, _: shown(_value(attribute, record)), attribute.name)
        if noun.model is Source:
            yield Column(
                f"{header}_{URL}",
                lambda record, named: named.url(_value(attribute, record) or ""),
                attribute.name,
            )


def _identifier(attribute: Attribute) -> Iterator[Column]:
    """The columns of a field that names things of several classes, such as `objective/23`."""

    def split(record: ExchangeRecord) -> list[str]:
        segment, _, key = str(_value(attribute, record)).partition("/")
        return [segment, key]

    header, field = attribute.attribute, attribute.name
    yield Column(f"{header}_class", lambda record, _: split(record)[0], field)
    yield Column(f"{header}_code", lambda record, _: split(record)[1], field)
    yield Column(f"{header}_name", lambda record, named: named.name(*split(record)), field)


def _plain(attribute: Attribute) -> Iterator[Column]:
    name, default = attribute.name, attribute.default

    def cell(record: ExchangeRecord, _: Named) -> str:
        value = record.get(name, default)
        # Most values are words already.
        if type(value) is str:
            return value
        return "\n".join(map(shown, value)) if isinstance(value, list) else shown(value)

    yield Column(attribute.attribute, cell, attribute.name)


def _of(attribute: Attribute) -> Iterator[Column]:
    stated = attribute.property
    if isinstance(attribute.beside, Parts | Linked | Matched) or stated is None:
        return iter(())
    if isinstance(stated, TextProperty):
        return _text(attribute)
    return _reference(attribute, stated) if isinstance(stated, Reference) else _plain(attribute)


def _accepted(attribute: Attribute, noun: Noun) -> Iterator[Column]:
    header = f"{attribute.attribute}_{LinkStatus.ACCEPTED.value}"
    return _things(header, noun, attribute.name, many=True, follows=True)


def _proposed(attribute: Attribute, noun: Noun) -> Iterator[Column]:
    header = f"{attribute.attribute}_{LinkStatus.PROPOSED.value}"
    return _things(header, noun, proposed(noun.name), many=True, follows=True)


@cache
def columns(noun: str) -> tuple[Column, ...]:
    """The columns of a noun: everything that its declaration holds but its parts."""
    return tuple(column for attribute in NOUNS[noun].attributes for column in _of(attribute))


@cache
def entry_columns(noun: str) -> tuple[Column, ...]:
    """The columns of one entry of a list of things; of the thing, its record only has the key."""
    segment = NOUNS[noun].segment
    if _has_name(NOUNS[noun]):
        return tuple(_things(segment, NOUNS[noun], "key", many=False))
    address = Column(f"{segment}_{URL}", lambda record, named: named.url(record.get("key", "")), "key")
    return Column(segment, _key, "key"), address


def _key(record: ExchangeRecord, _: Named) -> str:
    return str(record.get("key", ""))


@cache
def project_columns() -> tuple[Column, ...]:
    """The columns of the flat table: a row is one project, and all that it is linked to."""
    noun = NOUNS[Project.__name__]
    # Accepted and proposed targets stand apart.
    linked = (
        column
        for attribute, other in noun.linked()
        for column in (*_accepted(attribute, other), *_proposed(attribute, other))
    )
    address = Column(URL, lambda record, _: str(record.get(URL, "")), URL)
    return Column("key", _key, "key"), *columns(noun.name), *linked, address


@cache
def proposed_headers() -> frozenset[str]:
    """The columns of the flat table that say what nobody has decided on."""
    linked = NOUNS[Project.__name__].linked()
    return frozenset(column.header for each in linked for column in _proposed(*each))

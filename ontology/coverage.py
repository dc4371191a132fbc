"""Coverage: what the records of a collection say of time, place and language, read off by the declaration."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ontology.declaration import Declaration, Declared, ExchangeRecord
from ontology.graph import Described, is_about_something
from ontology.terms import DCTERMS, XSD, Reference, TextProperty

_OF_TIME = (XSD.gYear, XSD.date)


@dataclass(slots=True)
class Coverage:
    """How many records there are, and what they cover.

    `first` and `last` are years, `states` keys of states, `languages` BCP-47 tags, and `modified` is the time
    of the record that changed last.
    """

    records: int = 0
    first: int | None = None
    last: int | None = None
    states: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    modified: str = ""

    def add(self, declaration: Declaration, record: ExchangeRecord) -> None:
        """Take one living record in."""
        self.records += 1
        self.modified = max(self.modified, str(record.get("updatedAt", "")))
        self._read(declaration, record)

    def _read(self, declaration: Declaration, record: ExchangeRecord) -> None:
        for declared in declaration.fields:
            if (value := record.get(declared.name)) is None:
                continue
            if declared.part is None:
                self._take(declared, value)
                continue
            for each in value:
                self._read(declared.part, each)

    def _take(self, declared: Declared, value: Any) -> None:
        stated = declared.property
        if isinstance(stated, TextProperty):
            self.languages.update(value)
        elif stated.iri == DCTERMS.language:
            self.languages.update(value if declared.many else [value])
        elif isinstance(stated, Reference):
            if stated.to == "state":
                self.states.update(value if declared.many else [value])
        elif stated.datatype in _OF_TIME:
            self._take_years(int(str(each)[:4]) for each in (value if declared.many else [value]))

    def _take_years(self, years: Iterable[int]) -> None:
        for year in years:
            self.first = year if self.first is None else min(self.first, year)
            self.last = year if self.last is None else max(self.last, year)


def coverage(described: Iterable[Described]) -> Coverage:
    """What all these records cover together; tombstones and aliases cover nothing."""
    found = Coverage()
    for declaration, record in described:
        if is_about_something(record):
            found.add(declaration, record)
    return found

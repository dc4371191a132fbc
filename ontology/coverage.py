"""Coverage: what the records of a collection say of time, place and language, read off by the declaration."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ontology.declaration import Declaration, Declared, ExchangeRecord
from ontology.graph import Described, is_about_something
from ontology.terms import DCTERMS, XSD, Reference, TextProperty

_OF_TIME = (XSD.gYear, XSD.date)


#: The fields of a class that say something of what is covered; those of a part, with the fields of the part.
_Telling = list[tuple[Declared, "_Telling | None"]]


def _tells(declared: Declared) -> bool:
    """Whether a field says a time, a state or a language."""
    stated = declared.property
    if isinstance(stated, Reference) and stated.to == "state":
        return True
    return isinstance(stated, TextProperty) or stated.iri == DCTERMS.language or stated.datatype in _OF_TIME


def _telling(declaration: Declaration) -> _Telling:
    found: _Telling = []
    for each in declaration.fields:
        if each.part is not None:
            if of_part := _telling(each.part):
                found.append((each, of_part))
        elif _tells(each):
            found.append((each, None))
    return found


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

    _telling: dict[int, "_Telling"] = field(default_factory=dict, repr=False, compare=False)

    def add(self, declaration: Declaration, record: ExchangeRecord) -> None:
        """Take one living record in."""
        self.records += 1
        self.modified = max(self.modified, str(record.get("updatedAt", "")))
        # Few fields say anything of what is covered, so they are picked once for each class.
        telling = self._telling.get(id(declaration))
        if telling is None:
            telling = self._telling[id(declaration)] = _telling(declaration)
        self._read(telling, record)

    def _read(self, telling: "_Telling", record: ExchangeRecord) -> None:
        for declared, of_part in telling:
            if (value := record.get(declared.name)) is None:
                continue
            if of_part is None:
                self._take(declared, value)
                continue
            for each in value:
                self._read(of_part, each)

    def _take(self, declared: Declared, value: Any) -> None:
        stated = declared.property
        if isinstance(stated, TextProperty):
            self.languages.update(value)
        elif stated.iri == DCTERMS.language:
            self.languages.update(value if declared.many else [value])
        elif isinstance(stated, Reference):
            self.states.update(value if declared.many else [value])
        else:
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

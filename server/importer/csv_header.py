"""Header: the names of columns in three languages, and the field of a project that each stands for."""

import csv
import difflib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ontology.errors import RefusedRow
from ontology.linking.names import words
from schema.text import LANGUAGES
from server.exporter.columns import project_columns
from server.importer.labels import LABELS
from server.importer.statement import TEXTS
from server.importer.vocabulary import CODED

#: The name of each column in each language, in the order of the template. The labels of pages, and what
#: records call the fields, are read too.
HEADERS: dict[str, dict[str, str]] = {
    "projectId": {"en": "Project ID", "fr": "ID du projet", "es": "ID del proyecto"},
    "primaId": {"en": "Prima ID", "fr": "Prima ID", "es": "Prima ID"},
    "title": {"en": "Title", "fr": "Titre", "es": "Título"},
    "description": {"en": "Description", "fr": "Description", "es": "Descripción"},
    "language": {"en": "Language", "fr": "Langue", "es": "Idioma"},
    "startYear": {"en": "Start year", "fr": "Année de début", "es": "Año de inicio"},
    "endYear": {"en": "End year", "fr": "Année de fin", "es": "Año de finalización"},
    "year": {"en": "Year", "fr": "Année", "es": "Año"},
    "status": {"en": "Status", "fr": "Statut du projet", "es": "Estado del proyecto"},
    "coverage": {"en": "Coverage", "fr": "Couverture", "es": "Cobertura"},
    "region": {"en": "Region", "fr": "Région", "es": "Región"},
    "type": {"en": "Project type", "fr": "Type de projet", "es": "Tipo de proyecto"},
    "budgetUsd": {"en": "Budget (USD)", "fr": "Budget (USD)", "es": "Presupuesto (USD)"},
    "memberStates": {"en": "Member States", "fr": "États membres", "es": "Estados miembros"},
    "url": {"en": "URL", "fr": "URL", "es": "URL"},
}

#: What is no more than a mistake below this is no table of projects.
_MOST_COLUMNS = 200

#: The fields whose cells hold codes or names, and so can stand in two columns.
LISTED = (*CODED, "memberStates")


@dataclass(frozen=True, slots=True)
class Column:
    """What a header stands for: a field, the language of a text, and the languages that call it so.

    A column that follows from other records is known, and never read.
    """

    field: str
    language: str | None = None
    called_in: frozenset[str] = frozenset()
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table, None where a column is not read, and the language in which they are named."""

    names: tuple[str, ...]
    columns: tuple[Column | None, ...]
    language: str | None


def folded(name: str) -> str:
    """A header without capitals, accents, spaces, brackets and underscores."""
    return "".join(each for each in words(name) if each.isalnum())


def _named() -> Iterator[tuple[str, str, str | None]]:
    """Each name of a field, with the language that it is of."""
    for field, names in HEADERS.items():
        yield from ((name, field, language) for language, name in names.items())
        # What records call a field belongs to no language, but for texts, which it calls in English.
        yield field, field, "en" if field in TEXTS else None
    for field, by_language in LABELS.items():
        if field in HEADERS:
            yield from ((name, field, tag) for tag, names in by_language.items() for name in names)


@cache
def _index() -> dict[str, Column]:
    calls: dict[str, tuple[str, set[str]]] = {}
    for name, field, language in _named():
        _, languages = calls.setdefault(folded(name), (field, set()))
        languages.update((language,) if language else LANGUAGES)
    found = {folded(each.header): Column(each.header, follows=True) for each in project_columns()}
    found["key"] = Column("key")
    for name, (field, languages) in calls.items():
        found[name] = Column(field, None, frozenset(languages))
        if field in TEXTS:
            found |= {name + tag: Column(field, tag) for tag in LANGUAGES}
        if field in LISTED:
            found |= {name + form: Column(field) for form in ("code", "codes", "name", "names")}
    return found


def known(names: list[str]) -> int:
    """How many of the names are those of columns."""
    return sum(folded(each) in _index() for each in names)


def header(names: list[str]) -> Header:
    """The columns that the names stand for. Raises RefusedRow when they are no header of one table."""
    if len(names) > _MOST_COLUMNS:
        raise RefusedRow(
            f"there are {len(names)} columns", f"A table of projects has {_MOST_COLUMNS} at most."
        )
    if not known(names):
        raise RefusedRow(
            "no name of a column is known", "Print one with `compactgraph import --template csv`."
        )
    columns = tuple(_index().get(folded(each)) for each in names)
    _once(names)
    return Header(tuple(names), columns, _language([each for each in columns if each]))


def _once(names: list[str]) -> None:
    seen: dict[str, str] = {}
    for name in filter(None, map(str.strip, names)):
        column = _index().get(folded(name))
        # The languages of a text are columns of their own, and so are codes beside names.
        same = name if column is None or column.field in LISTED else f"{column.field}.{column.language}"
        if seen.setdefault(folded(same), name) != name or names.count(name) > 1:
            raise RefusedRow(
                f"two columns are called {seen[folded(same)]!r} and {name!r}",
                "Leave one of them.",
                field=name[:80],
            )


def _language(columns: list[Column]) -> str | None:
    """The language in which all columns are named; None when they agree on none or on several but English."""
    agreed = set(LANGUAGES)
    for each in columns:
        agreed &= each.called_in or set(LANGUAGES)
    return "en" if "en" in agreed else agreed.pop() if len(agreed) == 1 else None


def unknown(name: str) -> RefusedRow:
    """The error of a column whose name nothing has."""
    named = {folded(each): each for each, _, _ in _named()}
    close = difflib.get_close_matches(folded(name), named, 1)
    return RefusedRow(
        f"no column is called {name[:80]!r}; it is left out",
        f"Did you mean {named[close[0]]}?" if close else "Rename the column, or take it out of the table.",
        field=name[:80],
    )


def template(language: str) -> str:
    """A table with the names of all columns in a language, and one empty row."""
    names = [by_language[language] for by_language in HEADERS.values()]
    out = io.StringIO(newline="")
    csv.writer(out).writerows((names, [""] * len(names)))
    return out.getvalue()

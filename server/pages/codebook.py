"""Codebook: its page, in one language, with a place for every rule."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ontology.declaration import ExchangeRecord
from ontology.graph import Described
from ontology.iri import Iris
from schema import text
from schema.model import CodebookEntry, CodebookRule
from schema.model.codebook import RuleKind
from schema.parts import kind_of_parts
from schema.snapshot import Snapshot
from schema.stats import natural
from server.pages.rendering import rendered
from server.pages.thing import names
from server.representation import OFFERS

#: The languages that the codebook is written in.
LANGUAGES = ("en", "fr", "es")

_RULE = re.compile(rf"((?:{CodebookEntry.key_pattern})~{CodebookRule.key_pattern})")

#: What the page says beside the words of the codebook, by language.
WORDS = {
    "en": {
        "name": "English",
        "version": "Version",
        "unofficial": "Unofficial",
        "contents": "Contents",
        "language": "Language",
        "objective": "Objectives of the Global Compact",
        "sdg": "Sustainable Development Goals and targets",
        "basis": "Rests on",
        "include": "Counts",
        "exclude": "Does not count",
        "confusion": "Easily confused with",
        "example": "Example (invented)",
        "cite": "How a rule is cited",
        "citing": "By its id, together with the version of the codebook. Every rule has an address:",
        "data": "As data",
        "sets": "All entries as files:",
    },
    "fr": {
        "name": "Français",
        "version": "Version",
        "unofficial": "Non officiel",
        "contents": "Sommaire",
        "language": "Langue",
        "objective": "Objectifs du Pacte mondial",
        "sdg": "Objectifs de développement durable et cibles",
        "basis": "S’appuie sur",
        "include": "Compte",
        "exclude": "Ne compte pas",
        "confusion": "À ne pas confondre avec",
        "example": "Exemple (inventé)",
        "cite": "Comment citer une règle",
        "citing": "Par son identifiant, avec la version du guide. Chaque règle a une adresse :",
        "data": "En données",
        "sets": "Toutes les entrées en fichiers :",
    },
    "es": {
        "name": "Español",
        "version": "Versión",
        "unofficial": "No oficial",
        "contents": "Índice",
        "language": "Idioma",
        "objective": "Objetivos del Pacto Mundial",
        "sdg": "Objetivos de Desarrollo Sostenible y metas",
        "basis": "Se apoya en",
        "include": "Cuenta",
        "exclude": "No cuenta",
        "confusion": "No confundir con",
        "example": "Ejemplo (inventado)",
        "cite": "Cómo se cita una regla",
        "citing": "Por su identificador, junto con la versión del manual. Cada regla tiene una dirección:",
        "data": "Como datos",
        "sets": "Todas las entradas en archivos:",
    },
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a text, and the place of the rule that they name, if they do."""

    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the page shows it; its key is its place."""

    key: str
    pieces: tuple[Piece, ...]
    other: Piece | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the page shows it; its key is its place."""

    key: str
    title: str
    scope: str
    basis: str
    href: str
    rules: tuple[tuple[str, tuple[Rule, ...]], ...]
    example: tuple[Piece, ...]


def _pieces(words: str) -> tuple[Piece, ...]:
    """A text in pieces, of which every second one is the key of a rule."""
    parts = enumerate(_RULE.split(words))
    return tuple(Piece(each, f"#{each}" if place % 2 else "") for place, each in parts if each)


class _Shown:
    """What entries are shown with: their language, the names of what they are about, and where those are."""

    def __init__(self, snapshot: Snapshot, entries: list[Described], iris: Iris, language: str) -> None:
        self._languages = [language, *text.LANGUAGES]
        self._iris = iris
        self._titles = {each["subject"]: (each["key"], self.said(each["title"])) for _, each in entries}
        self._names = names(snapshot, entries)

    def said(self, words: text.Text) -> str:
        """A text in the language of the page, else in the first that there is."""
        found = text.chosen(words, self._languages)
        return found[1] if found else ""

    def other(self, identifier: str) -> Piece:
        """A code by the title of its entry, which is on the page; one without an entry by its own name."""
        segment, _, key = identifier.partition("/")
        if identifier in self._titles:
            place, title = self._titles[identifier]
            return Piece(title, f"#{place}")
        _, name = self._names.get(identifier, ("", ""))
        return Piece(f"{key}: {name}" if name else key, self._iris.document(segment, key))

    def rules(self, entry: ExchangeRecord, kind: str) -> Iterator[Rule]:
        """The rules of one kind."""
        of_kind = kind_of_parts(CodebookRule.segment)
        keys = of_kind.keys(entry) if of_kind else ()
        for key, each in zip(keys, entry.get("rules", ()), strict=True):
            if each["kind"] == kind:
                with_ = each.get("confusedWith")
                yield Rule(key, _pieces(self.said(each["text"])), self.other(with_) if with_ else None)

    def entry(self, record: ExchangeRecord) -> Entry:
        """An entry."""
        by_kind = ((kind.value, tuple(self.rules(record, kind.value))) for kind in RuleKind)
        return Entry(
            record["key"],
            self.said(record["title"]),
            self.said(record["scope"]),
            record["basis"],
            self._iris.document(CodebookEntry.segment, record["key"]),
            tuple((kind, rules) for kind, rules in by_kind if rules),
            _pieces(self.said(record["example"])),
        )


def page(snapshot: Snapshot, everything: list[Described], iris: Iris, language: str) -> bytes:
    """The page: the codebook as a whole comes first in `everything`, its entries behind it."""
    (_, scheme), *entries = everything
    shown = _Shown(snapshot, entries, iris, language)
    chapters: dict[str, list[Entry]] = {"objective": [], "sdg": []}
    for _, record in sorted(entries, key=lambda each: natural(each[1]["key"])):
        chapters[record["subject"].partition("/")[0]].append(shown.entry(record))
    return rendered(
        "codebook.html",
        base=iris.base,
        url=f"{iris.base}/about/codebook",
        language=language,
        languages={each: WORDS[each]["name"] for each in LANGUAGES},
        words=WORDS[language],
        title=shown.said(scheme["title"]),
        note=shown.said(scheme.get("note", {})),
        version=scheme.get("version", ""),
        chapters={name: found for name, found in chapters.items() if found},
        offers=[each for each in OFFERS.values() if each.suffix != "html"],
    )

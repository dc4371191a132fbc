"""Vocabulary: what a printed value of a code list or a list of states stands for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ontology.declaration import ExchangeRecord
from ontology.linking.names import Names, words
from schema.snapshot import Snapshot

#: The code lists that values of pages come from; fields and lists have the same names.
CODED = ("status", "coverage", "region", "type")


def _named(record: ExchangeRecord) -> Iterator[tuple[str, str]]:
    """Each name and spelling of a record, with its language."""
    for language, name in record.get("name", {}).items():
        yield language, name
    for language, spellings in record.get("spellings", {}).items():
        yield from ((language, each) for each in spellings)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The states, and the code lists by name."""

    states: Names
    codes: dict[str, Names]
    keys: frozenset[str]
    languages: dict[tuple[str, ...], frozenset[str]]
    state_keys: frozenset[str] = frozenset()

    def code(self, scheme: str, printed: str) -> str | None:
        """The key of the code that a list prints like this, in any language."""
        return self.codes[scheme].whole(printed)

    def schemes(self, printed: str) -> list[str]:
        """The code lists that have a code which is printed like this."""
        return [scheme for scheme in CODED if self.code(scheme, printed)]

    def languages_of(self, printed: str) -> frozenset[str]:
        """The languages in which a code is printed like this."""
        return self.languages.get(words(printed), frozenset())


def vocabulary(states: Iterable[ExchangeRecord], codes: Iterable[ExchangeRecord]) -> Vocabulary:
    """The vocabulary that records of states and codes make."""
    entries, known = list(codes), list(states)
    languages: dict[tuple[str, ...], set[str]] = {}
    for entry in entries:
        for language, name in _named(entry):
            languages.setdefault(words(name), set()).add(language)
    return Vocabulary(
        Names((name, state["key"]) for state in known for _, name in _named(state)),
        {scheme: Names(_of_scheme(entries, scheme)) for scheme in CODED},
        frozenset(entry["key"] for entry in entries),
        {name: frozenset(found) for name, found in languages.items()},
        frozenset(state["key"] for state in known),
    )


def _of_scheme(entries: list[ExchangeRecord], scheme: str) -> Iterator[tuple[str, str]]:
    for entry in entries:
        if entry["scheme"] == scheme:
            yield from ((name, entry["key"]) for _, name in _named(entry))


def stored_vocabulary(snapshot: Snapshot) -> Vocabulary:
    """The vocabulary as the store holds it."""
    return vocabulary(snapshot.records("state"), snapshot.records("code"))

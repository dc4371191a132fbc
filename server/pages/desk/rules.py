"""Rules: what the codebook says of a code, for the desk to show beside a link and to offer as its reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ontology.linking.grounds import grounds
from schema.exchange import is_key
from schema.model import CodebookEntry, Objective, SdgGoal
from schema.model.codebook import RuleKind
from schema.snapshot import Snapshot
from schema.text import LANGUAGES, chosen
from server.pages.values import direction

_CODES = (Objective.segment, SdgGoal.segment)
#: What the desk calls the kinds of rules, in the order in which they are read.
_KINDS = {
    RuleKind.INCLUDE: "Counts when",
    RuleKind.EXCLUDE: "Does not count when",
    RuleKind.CONFUSION: "Easily confused with",
}


@dataclass(frozen=True, slots=True)
class Words:
    """Words and their language."""

    words: str
    language: str

    @property
    def direction(self) -> str:
        """How they are written."""
        return direction(self.language)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, which reviews cite, and what it says."""

    id: str
    code: str
    said: Words


@dataclass(frozen=True, slots=True)
class Entry:
    """What the codebook says of a code; `of` is the code itself, or the goal where a target has no entry."""

    key: str
    of: str
    scope: Words
    example: Words
    basis: str
    kinds: list[tuple[str, list[Rule]]] = field(default_factory=list)

    def ids(self) -> set[str]:
        """The ids of its rules."""
        return {rule.id for _, rules in self.kinds for rule in rules}


def cited(claims: Iterable[dict[str, Any]], target: str) -> set[str]:
    """The ids of the rules on which claims rest that a code is served, as far as their rules say so."""
    return {each for claim in claims for each in grounds(claim.get("ruleIds", ()), target)}


def _words(text: dict[str, str], asked: str) -> Words:
    language, words = chosen(text, [asked, *LANGUAGES]) or ("", "")
    return Words(words, language)


def _read(record: dict[str, Any], language: str) -> Entry:
    key = record["key"]
    kinds = [
        (
            called,
            [
                Rule(f"{key}~{each['code']}", each["code"], _words(each["text"], language))
                for each in record.get("rules", [])
                if each["kind"] == kind.value
            ],
        )
        for kind, called in _KINDS.items()
    ]
    return Entry(
        key,
        record["subject"],
        _words(record["scope"], language),
        _words(record["example"], language),
        record["basis"],
        [(called, rules) for called, rules in kinds if rules],
    )


def entry(snapshot: Snapshot, target: str, language: str) -> Entry | None:
    """The entry of the codebook about a code, else about the goal of a target; None where there is none.

    It is told in the language where it has it.
    """
    segment, _, code = target.partition("/")
    if segment not in _CODES:
        return None
    for each in dict.fromkeys([code, code.partition(".")[0]]):
        key = f"{segment}-{each}"
        is_possible = is_key(CodebookEntry.segment, key)
        if is_possible and (found := snapshot.record(CodebookEntry.segment, key)) is not None:
            return _read(found, language)
    return None

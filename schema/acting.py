"""Acting: what each mutation does, in one transaction, in the name of the person whose token was sent."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from strawberry import UNSET

from ontology.declaration import ExchangeRecord
from ontology.errors import BadArgument, Conflict, Gone, InvalidRecord, NotFound, TooLarge
from ontology.iri import Iris
from schema import coding, links, mappings
from schema.blind import Veil, own_version, veil
from schema.deriving import crosswalk, derive
from schema.mutation import (
    MUTATIONS,
    AssertLinkInput,
    CompleteCodingInput,
    ProposeLinksInput,
    ReviewLinkInput,
    ReviewMappingInput,
    StartBlindCodingInput,
    UndoMappingReviewInput,
    UndoReviewInput,
)
from schema.proposing import propose
from schema.quotes import Quoted, evidence
from schema.reliability import acceptance, decided
from schema.text import clean
from schema.token import Person
from schema.transaction import Outcome, Transaction

#: How a claim says that a person made it, and by which version of the rules above a quote is checked.
METHOD, METHOD_VERSION = "person", "1"

#: What links lead to.
TARGETS = ("objective", "sdg", "network", "instrument")

#: In code points.
LONGEST_REASON, LONGEST_RULE = 5_000, 200

# They turn around what stands behind them, also in what others wrote, and no reader sees why.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Acting:
    """A person who acts: the transaction, whose token it is, and how IRIs are read."""

    transaction: Transaction
    person: Person
    iris: Iris

    def veil(self) -> Veil:
        """What is covered for the person."""
        return veil(self.transaction.connection, self.person.name)

    def key(self, text: str, segments: tuple[str, ...], field: str) -> tuple[str, str]:
        """The class and key of what a text names. Raises BadArgument, NotFound, Gone."""
        if len(segments) > 1 and "/" not in text:
            named = ", ".join(segments)
            raise BadArgument(
                f"{field}: {text[:80]!r} says no class",
                f"Begin it with one of {named}.",
                field=field,
            )
        found = self.transaction.find(text, segments, self.iris)
        if found is None:
            raise _absent(" or ".join(segments), text, field)
        if found.deleted:
            raise Gone(f"{field}: {found.segment}/{found.key} was deleted", "Name another one.", field=field)
        return found.segment, found.key


def _absent(what: str, text: str, field: str) -> NotFound:
    return NotFound(f"{field}: there is no {what} {text[:200]!r}", "Check the id.", field=field)


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of a mutation: what it was about, and whether anything changed."""

    keys: tuple[str, ...]
    changed: bool

    @classmethod
    def on(cls, key: str, outcome: Outcome) -> "Acted":
        """What came of one thing."""
        return cls((key,), outcome is not Outcome.UNCHANGED)


def _written(text: str | None, field: str, longest: int) -> str | None:
    """What a person wrote, or None for nothing. Raises InvalidRecord, TooLarge."""
    if not text or not text.strip():
        return None
    if len(text) > longest:
        raise TooLarge(
            f"{field} has {len(text)} characters, at most {longest} are taken", "Say less.", field=field
        )
    if found := _TURNING.search(text):
        raise InvalidRecord(
            f"{field}: character U+{ord(found.group()):04X} at {found.start()} turns the text around",
            "Leave it out; languages that run from right to left need none.",
            field=field,
        )
    return clean(text, field)


def _said(value: Any) -> Any:
    """The value of a field of an input, None where it was left out."""
    return None if value is UNSET else value


def assert_link(acting: Acting, asked: AssertLinkInput) -> Acted:
    """Add the person's claim that a project serves a target.

    Raises BadArgument, NotFound, Gone, QuoteNotFound, QuoteAmbiguous, InvalidRecord, TooLarge, Conflict.
    """
    _, project = acting.key(asked.project, ("project",), "project")
    target = "/".join(acting.key(asked.target, TARGETS, "target"))
    claim: dict[str, Any] = {
        "method": METHOD,
        "methodVersion": METHOD_VERSION,
        "madeBy": acting.person.name,
        "reason": _written(asked.reason, "reason", LONGEST_REASON),
    }
    if _said(asked.quote) is not None:
        claim["evidence"] = [_evidence(acting, project, asked)]
    elif claim["reason"] is None:
        raise BadArgument(
            "the claim has neither a quote nor a reason",
            "Quote the project's text, or say why.",
            field="quote",
        )
    seen = links.Seen(_said(asked.version), acting.veil().covers(project, target))
    return Acted.on(*links.assert_link(acting.transaction, project, target, claim, seen))


def propose_links(acting: Acting, asked: ProposeLinksInput) -> Acted:
    """Claim what the stored texts of a project propose, and on demand what follows from its links.

    Raises NotFound, Gone, Conflict.
    """
    _, project = acting.key(asked.project, ("project",), "project")
    if any(acting.veil().covers(project, target) for target in ("objective/1", "sdg/1")):
        raise Conflict(
            f"{acting.person.name} codes project/{project} blind", "Complete the coding first, then propose."
        )
    rates = acceptance(decided(acting.transaction.connection))
    found = propose(acting.transaction, project, rates)
    if _said(asked.derived):
        ways = crosswalk(acting.transaction.records("mapping"))
        found += derive(acting.transaction, project, ways)
    return Acted(
        tuple(dict.fromkeys(key for key, _ in found)),
        any(outcome is not Outcome.UNCHANGED for _, outcome in found),
    )


def _evidence(acting: Acting, project: str, asked: AssertLinkInput) -> ExchangeRecord:
    record = acting.transaction.record("project", project) or {}
    quoted = Quoted(asked.quote or "", asked.prefix or "", asked.suffix or "", _said(asked.source))
    return evidence(acting.transaction, record, quoted)


def _link(acting: Acting, text: str) -> tuple[str, bool]:
    """The key of a link, and whether the person codes its project blind. Raises NotFound, Gone."""
    _, key = acting.key(text, ("link",), "link")
    record = acting.transaction.record("link", key) or {}
    blind = acting.veil().covers(record["project"], record["target"])
    if blind and not own_version(record, acting.person.name):
        # Told in the same words as what nobody has ever said anything about.
        raise _absent("link", text, "link")
    return key, blind


def review_link(acting: Acting, asked: ReviewLinkInput) -> Acted:
    """Write down the person's decision on a link.

    Raises NotFound, Gone, Conflict, InvalidRecord, TooLarge.
    """
    key, blind = _link(acting, asked.link)
    verdict = links.Verdict(
        asked.decision,
        acting.person.name,
        _written(asked.reason, "reason", LONGEST_REASON),
        _written(asked.codebook_rule, "codebookRule", LONGEST_RULE),
        blind,
    )
    return Acted.on(key, links.review_link(acting.transaction, key, verdict, version=asked.version))


def undo_review(acting: Acting, asked: UndoReviewInput) -> Acted:
    """Take back the person's decision that counts. Raises NotFound, Gone, Conflict, InvalidRecord."""
    key, blind = _link(acting, asked.link)
    name = acting.person.name
    return Acted.on(key, links.undo_review(acting.transaction, key, name, version=asked.version, blind=blind))


def review_mapping(acting: Acting, asked: ReviewMappingInput) -> Acted:
    """Write down the person's decision on a mapping.

    Raises NotFound, Gone, Conflict, InvalidRecord, TooLarge.
    """
    _, key = acting.key(asked.mapping, ("mapping",), "mapping")
    verdict = links.Verdict(
        asked.decision,
        acting.person.name,
        _written(asked.reason, "reason", LONGEST_REASON),
        _written(asked.codebook_rule, "codebookRule", LONGEST_RULE),
    )
    return Acted.on(key, mappings.review_mapping(acting.transaction, key, verdict, version=asked.version))


def undo_mapping_review(acting: Acting, asked: UndoMappingReviewInput) -> Acted:
    """Take back the person's decision on a mapping. Raises NotFound, Gone, Conflict, InvalidRecord."""
    _, key = acting.key(asked.mapping, ("mapping",), "mapping")
    name = acting.person.name
    return Acted.on(key, mappings.undo_mapping_review(acting.transaction, key, name, version=asked.version))


def start_blind_coding(acting: Acting, asked: StartBlindCodingInput) -> Acted:
    """Begin a blind coding of the person's. Raises BadArgument, NotFound, Gone, Conflict."""
    return Acted.on(*coding.start_blind(acting.transaction, _coded(acting, asked)))


def complete_coding(acting: Acting, asked: CompleteCodingInput) -> Acted:
    """Complete a coding of the person's. Raises BadArgument, NotFound, Gone, Conflict."""
    return Acted.on(*coding.complete(acting.transaction, _coded(acting, asked)))


def _coded(acting: Acting, asked: StartBlindCodingInput | CompleteCodingInput) -> coding.Coded:
    _, project = acting.key(asked.project, ("project",), "project")
    return coding.Coded(project, asked.scheme, asked.codebook_version, acting.person.name)


#: What does each mutation of `schema.mutation`.
ACTS: dict[str, Callable[[Acting, Any], Acted]] = {
    "assertLink": assert_link,
    "proposeLinks": propose_links,
    "reviewLink": review_link,
    "undoReview": undo_review,
    "reviewMapping": review_mapping,
    "undoMappingReview": undo_mapping_review,
    "startBlindCoding": start_blind_coding,
    "completeCoding": complete_coding,
}

_CAPITAL = re.compile("(?<=[a-z])([A-Z])")


def act(acting: Acting, name: str, values: dict[str, Any]) -> Acted:
    """Do what a mutation says with the values of its input, by their names in the API."""
    named = {_CAPITAL.sub(r"_\1", each).lower(): value for each, value in values.items()}
    return ACTS[name](acting, MUTATIONS[name].takes(**named))

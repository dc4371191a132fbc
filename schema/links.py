"""Links: making claims, deciding and taking back, as changes of one link's record in a transaction."""

from dataclasses import dataclass
from typing import Any

from ontology.declaration import ExchangeRecord
from ontology.errors import NotFound
from ontology.reading import FORMAT
from schema.blind import own_time, own_version
from schema.deciding import check_rule, check_version, is_repeated, is_taken_back, put_next, taken_back
from schema.exchange import part
from schema.keys import link_key
from schema.model.link import Decision
from schema.transaction import Outcome, Transaction

#: Who makes the claims of a method that no person runs by hand.
MADE_BY = "compactgraph"

# What makes two claims of such a method one, whatever confidence was measured meanwhile.
_SAME = ("method", "methodVersion", "ruleIds", "evidence")

# Two claims with the same of these are one claim, whenever they were made.
_CLAIM_IDENTITY = ("method", "methodVersion", "madeBy", "ruleIds", "confidence", "reason", "evidence")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person decided on a link, and by which rule of the codebook."""

    decision: Decision
    reviewer: str
    reason: str | None = None
    codebook_rule: str | None = None
    blind: bool = False

    def review(self, at: str, noun: str = "Review") -> ExchangeRecord:
        """The review that a record holds, that of a link unless said. Raises InvalidRecord."""
        written = {
            "decision": self.decision.value,
            "reviewer": self.reviewer,
            "reason": self.reason or None,
            "codebookRule": self.codebook_rule or None,
            "blind": self.blind,
            "at": at,
        }
        return part(noun, written, "review")


def _same_claim(one: ExchangeRecord, other: ExchangeRecord) -> bool:
    return all(one.get(name) == other.get(name) for name in _CLAIM_IDENTITY)


@dataclass(frozen=True, slots=True)
class Seen:
    """The version of a link that a person made a request for, and whether they code its project blind."""

    version: int | None = None
    blind: bool = False


@dataclass(frozen=True, slots=True)
class _Sight:
    """The version and time of a link as a person sees it: one who codes blind sees their own changes only."""

    version: int
    at: str | None

    @classmethod
    def of(cls, record: ExchangeRecord, person: str, *, blind: bool) -> "_Sight":
        """What the person sees of the record."""
        if blind:
            return cls(own_version(record, person), own_time(record, person))
        return cls(record["version"], record.get("updatedAt"))

    def check(self, key: str, version: int | None) -> None:
        """Raises Conflict when this is not the version that a request was made for."""
        check_version(f"link/{key}", self.version, version)


def _existing(
    transaction: Transaction, key: str, person: str, *, blind: bool
) -> tuple[ExchangeRecord, _Sight]:
    """The link and what the person sees of it. Raises NotFound."""
    record = transaction.record("link", key)
    if record is None:
        raise NotFound(f"there is no link/{key}", "Check the key of the link.")
    return record, _Sight.of(record, person, blind=blind)


def assert_link(
    transaction: Transaction,
    project: str,
    target: str,
    claim: dict[str, Any],
    seen: Seen | None = None,
) -> tuple[str, Outcome]:
    """Add a claim to the link, which is made when there is none; the same claim again changes nothing.

    Gives the key of the link and what became of it. The claim has the fields of an exchange record's claim;
    `madeAt` may be missing and is then the time of the transaction. `seen` is what the person saw of the
    link, version 0 where there was none. Raises InvalidRecord, UnknownReference, Conflict.
    """
    key = link_key(project, target)
    record = transaction.record("link", key) or _new(key, project, target)
    claims = record.get("claims", [])
    made = part("Claim", {"madeAt": transaction.at} | claim, "claim")
    if any(_same_claim(each, made) for each in claims):
        return key, Outcome.UNCHANGED
    if seen is not None:
        _Sight.of(record, made["madeBy"], blind=seen.blind).check(key, seen.version)
    return key, put_next(transaction, record | {"claims": [*claims, made]})


def assert_once(transaction: Transaction, project: str, target: str, claim: dict[str, Any]) -> Outcome:
    """Add a claim of a method, unless the same version has said the same of the same words before.

    Raises InvalidRecord, UnknownReference.
    """
    stored = transaction.record("link", link_key(project, target)) or {}
    if any(all(each.get(name) == claim[name] for name in _SAME) for each in stored.get("claims", [])):
        return Outcome.UNCHANGED
    return assert_link(transaction, project, target, claim)[1]


def _new(key: str, project: str, target: str) -> ExchangeRecord:
    return {
        "format": FORMAT,
        "class": "link",
        "key": key,
        "project": project,
        "target": target,
        "version": 0,
    }


def review_link(
    transaction: Transaction, key: str, verdict: Verdict, *, version: int | None = None
) -> Outcome:
    """Write down a person's decision; the same person's earlier decision then counts no more.

    The same decision again with the same reason and rule changes nothing, so that a request can be repeated.
    Else `version` is the version of the link that the reviewer saw. Raises NotFound, Conflict, InvalidRecord.
    """
    record, seen = _existing(transaction, key, verdict.reviewer, blind=verdict.blind)
    reviews = record.get("reviews", [])
    review = verdict.review(transaction.at)
    if is_repeated(reviews, review):
        return Outcome.UNCHANGED
    seen.check(key, version)
    check_rule(record["target"], verdict.decision, verdict.codebook_rule)
    return put_next(transaction, record | {"reviews": [*reviews, review]})


def undo_review(
    transaction: Transaction, key: str, reviewer: str, *, version: int | None = None, blind: bool = False
) -> Outcome:
    """Take back the person's decision that counts; an earlier one of theirs counts again.

    The same request again, when nothing else has happened to the link, changes nothing. Raises NotFound,
    Conflict, and InvalidRecord when the person has no decision that counts.
    """
    record, seen = _existing(transaction, key, reviewer, blind=blind)
    reviews = record.get("reviews", [])
    if version == seen.version - 1 and is_taken_back(reviews, reviewer, seen.at):
        return Outcome.UNCHANGED
    seen.check(key, version)
    left = taken_back(f"link/{key}", reviews, reviewer, transaction.at)
    return put_next(transaction, record | {"reviews": left})


def merge(transaction: Transaction, key: str, into: str) -> None:
    """Make one project of two: `key` leads to `into` from now on, and its links and codings go along.

    Claims and reviews of both stay. The facts of `into` stay as they are. Raises NotFound.
    """
    for one, other in ((key, into), (into, key)):
        if one == other or transaction.record("project", one) is None:
            raise NotFound(f"there is no project/{one} to merge with {other}", "Check both keys.")
    for link in list(transaction.links_of(key)):
        _move_link(transaction, link, into)
    for coding in list(transaction.codings_of(key)):
        moved = into + coding["key"].removeprefix(key)
        if transaction.record("coding", moved) is None:
            transaction.put({**coding, "key": moved, "project": into, "updatedAt": transaction.at})
        transaction.lead("coding", coding["key"], moved)
    transaction.lead("project", key, into)


def _move_link(transaction: Transaction, link: ExchangeRecord, into: str) -> None:
    key = link_key(into, link["target"])
    moved = {**link, "key": key, "project": into, "claims": [], "reviews": []}
    other = transaction.record("link", key) or moved
    claims = list(other.get("claims", []))
    claims += [each for each in link.get("claims", []) if not any(_same_claim(each, own) for own in claims)]
    reviews = sorted([*other.get("reviews", []), *link.get("reviews", [])], key=lambda each: each["at"])
    put_next(transaction, {**other, "claims": claims, "reviews": reviews})
    transaction.lead("link", link["key"], key)

"""Mappings: claiming, deciding and taking back, as changes of one mapping's record in a transaction.

The rule for decisions is that of links (`schema.review`).
"""

from typing import Any

from ontology.declaration import ExchangeRecord
from ontology.errors import NotFound
from schema.deciding import check_version, is_repeated, is_taken_back, put_next, taken_back
from schema.links import Verdict
from schema.model import Mapping
from schema.transaction import Outcome, Transaction

# Two claims with the same of these are one claim, whenever they were taken down.
_CLAIM_IDENTITY = ("justification", "matchString", "reason", "source", "madeBy")


def _same_claim(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one.get(name) == other.get(name) for name in _CLAIM_IDENTITY)


def _existing(transaction: Transaction, key: str) -> ExchangeRecord:
    """The mapping. Raises NotFound."""
    record = transaction.record(Mapping.segment, key)
    if record is None:
        raise NotFound(f"there is no mapping/{key}", "Check the key of the mapping.")
    return record


def seed_mapping(transaction: Transaction, seed: ExchangeRecord) -> Outcome:
    """Take a mapping of the vocabularies: what others have claimed and decided on it stays.

    Raises InvalidRecord, UnknownReference.
    """
    record = transaction.record(Mapping.segment, seed["key"])
    if record is None:
        return transaction.put(seed)
    claims = list(record.get("claims", []))
    missing = [each for each in seed["claims"] if not any(_same_claim(each, own) for own in claims)]
    if not missing:
        return Outcome.UNCHANGED
    return put_next(transaction, record | {"claims": [*claims, *missing]})


def review_mapping(
    transaction: Transaction, key: str, verdict: Verdict, *, version: int | None = None
) -> Outcome:
    """Write down a person's decision; the same person's earlier decision then counts no more.

    The same decision again with the same reason and rule changes nothing. Else `version` is the version of
    the mapping that the reviewer saw. Raises NotFound, Conflict, InvalidRecord.
    """
    record = _existing(transaction, key)
    reviews = record.get("reviews", [])
    review = verdict.review(transaction.at, "MappingReview")
    if is_repeated(reviews, review):
        return Outcome.UNCHANGED
    check_version(f"mapping/{key}", record["version"], version)
    return put_next(transaction, record | {"reviews": [*reviews, review]})


def undo_mapping_review(
    transaction: Transaction, key: str, reviewer: str, *, version: int | None = None
) -> Outcome:
    """Take back the person's decision that counts; an earlier one of theirs counts again.

    The same request again, when nothing else has happened to the mapping, changes nothing. Raises NotFound,
    Conflict, and InvalidRecord when the person has no decision that counts.
    """
    record, named = _existing(transaction, key), f"mapping/{key}"
    reviews = record.get("reviews", [])
    if version == record["version"] - 1 and is_taken_back(reviews, reviewer, record["updatedAt"]):
        return Outcome.UNCHANGED
    check_version(named, record["version"], version)
    left = taken_back(named, reviews, reviewer, transaction.at)
    return put_next(transaction, record | {"reviews": left})

"""Mappings: claiming, deciding and taking back, as changes of one mapping's record in a transaction.

The rule for decisions is that of links (`schema.review`).
"""

from typing import Any

from ontology.declaration import ExchangeRecord
from ontology.errors import Conflict, InvalidRecord, NotFound
from schema.links import Verdict, last_standing
from schema.model import Mapping
from schema.transaction import Outcome, Transaction

# Two claims with the same of these are one claim, whenever they were taken down.
_CLAIM_IDENTITY = ("justification", "matchString", "reason", "source", "madeBy")


def _same_claim(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one.get(name) == other.get(name) for name in _CLAIM_IDENTITY)


def _existing(transaction: Transaction, key: str, version: int | None) -> ExchangeRecord:
    """The mapping, where it is at this version. Raises NotFound, Conflict."""
    record = transaction.record(Mapping.segment, key)
    if record is None:
        raise NotFound(f"there is no mapping/{key}", "Check the key of the mapping.")
    if version is not None and version != record["version"]:
        raise Conflict(
            f"mapping/{key} is at version {record['version']}, not {version}",
            "Read the mapping again, then decide on what it says now.",
        )
    return record


def _put(transaction: Transaction, record: ExchangeRecord) -> Outcome:
    return transaction.put({**record, "version": record["version"] + 1, "updatedAt": transaction.at})


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
    return _put(transaction, record | {"claims": [*claims, *missing]})


def review_mapping(
    transaction: Transaction, key: str, verdict: Verdict, *, version: int | None = None
) -> Outcome:
    """Write down a person's decision; the same person's earlier decision then counts no more.

    The same decision again with the same reason and rule changes nothing. Else `version` is the version of
    the mapping that the reviewer saw. Raises NotFound, Conflict, InvalidRecord.
    """
    record = _existing(transaction, key, None)
    reviews = record.get("reviews", [])
    review = verdict.review(transaction.at, "MappingReview")
    last = last_standing(reviews, review["reviewer"])
    if last is not None and reviews[last] | {"at": transaction.at} == review:
        return Outcome.UNCHANGED
    return _put(transaction, _existing(transaction, key, version) | {"reviews": [*reviews, review]})


def undo_mapping_review(
    transaction: Transaction, key: str, reviewer: str, *, version: int | None = None
) -> Outcome:
    """Take back the person's decision that counts; an earlier one of theirs counts again.

    The same request again, when nothing else has happened to the mapping, changes nothing. Raises NotFound,
    Conflict, and InvalidRecord when the person has no decision that counts.
    """
    record = _existing(transaction, key, None)
    reviews = list(record.get("reviews", []))
    undone = {each.get("undoneAt") for each in reviews if each["reviewer"] == reviewer}
    if version == record["version"] - 1 and record["updatedAt"] in undone:
        return Outcome.UNCHANGED
    _existing(transaction, key, version)
    last = last_standing(reviews, reviewer)
    if last is None:
        raise InvalidRecord(
            f"{reviewer} has no decision on mapping/{key} to undo", "Check whose decision it is."
        )
    reviews[last] = reviews[last] | {"undoneAt": transaction.at}
    return _put(transaction, record | {"reviews": reviews})

"""Deciding: how decisions come into a record that has reviews, a link or a mapping, and are taken back."""

from typing import Any

from ontology.declaration import ExchangeRecord
from ontology.errors import Conflict, InvalidRecord
from schema.model.codebook import RuleKind
from schema.model.link import Decision
from schema.transaction import Outcome, Transaction

Reviews = list[dict[str, Any]]


def check_version(named: str, current: int, asked: int | None) -> None:
    """Raises Conflict when a request was made for another version of the thing, named as `link/KEY`."""
    if asked is not None and asked != current:
        raise Conflict(
            f"{named} is at version {current}, not {asked}",
            f"Read the {named.partition('/')[0]} again, then decide on what it says now.",
        )


def check_rule(target: str, decision: str, rule: str | None) -> None:
    """Raises InvalidRecord when a code is accepted for a rule by which it does not count.

    Rules on other codes may be the reason: what is excluded there is often what counts here.
    """
    segment, _, code = target.partition("/")
    own = {f"{segment}-{each}" for each in (code, code.partition(".")[0])}
    entry, _, kind = (rule or "").partition("~")
    if decision == Decision.ACCEPT and entry in own and kind.startswith(RuleKind.EXCLUDE):
        raise InvalidRecord(
            f"{rule} says when {target} does not count, so it is no reason to accept it",
            "Cite a rule that includes it, say why in your own words, or reject it.",
            field="codebookRule",
        )


def is_repeated(reviews: Reviews, review: ExchangeRecord) -> bool:
    """Whether the decision of this person that counts says the same already, whenever it was made."""
    last = _last_standing(reviews, review["reviewer"])
    return last is not None and reviews[last] | {"at": review["at"]} == review


def is_taken_back(reviews: Reviews, reviewer: str, at: str | None) -> bool:
    """Whether a decision of this person was taken back at this time."""
    return at in {each.get("undoneAt") for each in reviews if each["reviewer"] == reviewer}


def taken_back(named: str, reviews: Reviews, reviewer: str, at: str) -> Reviews:
    """The reviews without the person's decision that counts. Raises InvalidRecord when there is none."""
    last = _last_standing(reviews, reviewer)
    if last is None:
        raise InvalidRecord(f"{reviewer} has no decision on {named} to undo", "Check whose decision it is.")
    return [each | {"undoneAt": at} if place == last else each for place, each in enumerate(reviews)]


def put_next(transaction: Transaction, record: ExchangeRecord) -> Outcome:
    """Write the next version of a record."""
    return transaction.put({**record, "version": record["version"] + 1, "updatedAt": transaction.at})


def _last_standing(reviews: Reviews, reviewer: str) -> int | None:
    """The place of a person's decision that counts, or None."""
    places = [
        place for place, each in enumerate(reviews) if each["reviewer"] == reviewer and "undoneAt" not in each
    ]
    return places[-1] if places else None

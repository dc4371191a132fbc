"""Reviews: the one rule that turns them into a link's status.

Of each reviewer the last decision that was not undone counts. A link is accepted when all of them accept,
rejected when all reject, and proposed while nobody has decided or they disagree. So nothing becomes accepted
against anyone's standing decision, and the disagreement stays visible in the reviews.
"""

from typing import Any

from schema.model.link import DERIVED, Decision, LinkStatus


def standing(reviews: list[dict[str, Any]]) -> dict[str, str]:
    """The decision that counts of each reviewer who has one."""
    return {each["reviewer"]: each["decision"] for each in reviews if "undoneAt" not in each}


def is_derived(claims: list[dict[str, Any]], reviews: list[dict[str, Any]]) -> bool:
    """Whether a link only follows from others: all claims on it do, and no decision on it stands."""
    return bool(claims) and all(each["method"] == DERIVED for each in claims) and not standing(reviews)


def status(reviews: list[dict[str, Any]]) -> LinkStatus:
    """What the reviews of a link come to."""
    decisions = set(standing(reviews).values())
    if decisions == {Decision.ACCEPT.value}:
        return LinkStatus.ACCEPTED
    if decisions == {Decision.REJECT.value}:
        return LinkStatus.REJECTED
    return LinkStatus.PROPOSED

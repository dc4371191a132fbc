"""Reviewing: a link, and all links of a project, as the person sees them who is about to decide.

Links are read from the tables, so that what is covered for who codes blind (`schema.blind`) is covered here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from ontology.declaration import ExchangeRecord
from schema.blind import own, own_version
from schema.exchange import is_key, parse
from schema.log import change
from schema.model import NOUNS, Link
from schema.model.link import Decision, LinkStatus
from schema.review import standing
from schema.rows import record_of
from schema.snapshot import Snapshot

_LINKS = NOUNS["Link"].table
_LINK, _REVIEW = (NOUNS[noun].table.c for noun in ("Link", "Review"))


def seen(snapshot: Snapshot, key: str) -> ExchangeRecord | None:
    """The record of a link as the person of the snapshot sees it, or None."""
    noun = NOUNS[Link.__name__]
    return record_of(noun, key, snapshot.connection) if is_key(Link.segment, key) else None


def own_decision(record: ExchangeRecord, person: str) -> dict[str, Any] | None:
    """The decision of a person on a link that counts, or None."""
    mine = [each for each in record.get("reviews", []) if each["reviewer"] == person]
    return next((each for each in reversed(mine) if "undoneAt" not in each), None)


@dataclass(frozen=True, slots=True)
class Since:
    """What happened to a link since a version of it: claims and decisions, and those that were taken back."""

    claims: list[dict[str, Any]] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    undone: list[dict[str, Any]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.claims or self.reviews or self.undone)


def since(snapshot: Snapshot, key: str, version: int, person: str | None = None) -> Since:
    """What happened to a link since this version of it.

    With a person, who codes blind: since their own changes came to so many, and of these only.
    """
    states = list(_states(snapshot.connection, key, person))
    before = next((each for at, each in states if at == version), None)
    if before is None:
        return Since()
    _, now = states[-1]
    claims, reviews = before
    known = [_apart(each) for each in reviews]
    return Since(
        [each for each in now[0] if each not in claims],
        [each for each in now[1] if _apart(each) not in known],
        [each for each in now[1] if "undoneAt" in each and each not in reviews and _apart(each) in known],
    )


_Said = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def _states(connection: Connection, key: str, person: str | None) -> Iterator[tuple[int, _Said]]:
    """A link's versions, each with the claims and reviews of then."""
    lines = select(change.c.record).where(change.c["class"] == Link.segment, change.c.key == key)
    for line in connection.scalars(lines.order_by(change.c.version, change.c.ordinal)):
        record = parse(line)
        if "version" not in record:
            continue
        if person is None:
            yield record["version"], (record.get("claims", []), record.get("reviews", []))
        else:
            yield own_version(record, person), own(record, person)


def _apart(review: dict[str, Any]) -> dict[str, Any]:
    """A review without whether it was taken back."""
    return {name: value for name, value in review.items() if name != "undoneAt"}


@dataclass(frozen=True, slots=True)
class Stands:
    """How a link of a project stands: its status, the person's own decision, and how all decided."""

    key: str
    status: str
    own: str | None
    accepting: int
    rejecting: int


def links_of(snapshot: Snapshot, project: str, person: str) -> dict[str, Stands]:
    """How all links of a project stand, by what they lead to."""
    connection = snapshot.connection
    links = select(_LINK.key, _LINK.target, _LINK.status).where(_LINK.project == project)
    columns = _REVIEW.owner, _REVIEW.reviewer, _REVIEW.decision
    decided = select(*columns).join(_LINKS, _LINK.key == _REVIEW.owner)
    counting = decided.where(_LINK.project == project, _REVIEW.undone_at.is_(None))
    reviews: dict[str, list[dict[str, Any]]] = {}
    for owner, reviewer, decision in connection.execute(counting.order_by(_REVIEW.owner, _REVIEW.position)):
        said = {"reviewer": reviewer, "decision": Decision(decision).value}
        reviews.setdefault(owner, []).append(said)
    return {
        target: _stands(key, status, reviews.get(key, []), person)
        for key, target, status in connection.execute(links.order_by(_LINK.key))
    }


def _stands(key: str, status: Any, reviews: list[dict[str, Any]], person: str) -> Stands:
    decisions = standing(reviews)
    said = list(decisions.values())
    accepting, rejecting = (said.count(each.value) for each in (Decision.ACCEPT, Decision.REJECT))
    return Stands(key, LinkStatus(status).value, decisions.get(person), accepting, rejecting)

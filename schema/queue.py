"""Queue: the links that a person may decide on next, narrowed and ordered, as that person sees them.

It is read from the tables, so that what is covered for who codes blind (`schema.blind`) is covered here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select

from schema.model import NOUNS
from schema.model.link import LinkStatus
from schema.sql import among

_LINKS, _EVIDENCES = NOUNS["Link"].table, NOUNS["Evidence"].table
_LINK, _CLAIM, _EVIDENCE, _REVIEW = (NOUNS[noun].table.c for noun in ("Link", "Claim", "Evidence", "Review"))


class Standing(StrEnum):
    """How a link stands: its status, with those apart that only follow from others or are disagreed on."""

    PROPOSED = "proposed"
    DERIVED = "derived"
    DISPUTED = "disputed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ANY = "any"


class Mine(StrEnum):
    """Whether the person has decided on a link."""

    OPEN = "open"
    DECIDED = "decided"
    ANY = "any"


class Order(StrEnum):
    """What the queue is ordered by; equal links stand by their keys, which begin with the project."""

    PROJECT = "project"
    SUREST = "surest"
    UNSUREST = "unsurest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which links a person wants to see, and in which order.

    `target` is an identifier such as `objective/23`, or a class with a slash behind it for all of it. The
    confidence is that of the claim that is surest; links of which no claim has one are in no range of it.
    """

    person: str
    project: str | None = None
    target: str | None = None
    standing: Standing = Standing.PROPOSED
    mine: Mine = Mine.OPEN
    language: str | None = None
    least: float | None = None
    most: float | None = None
    order: Order = Order.PROJECT


class Waiting(NamedTuple):
    """A link in the queue: its confidence is that of its surest claim, None where none has one."""

    key: str
    project: str
    target: str
    status: str
    confidence: float | None


class Quote(NamedTuple):
    """Words that a claim rests on, and their language."""

    words: str
    language: str


_SUREST = (
    select(func.max(_CLAIM.confidence)).where(_CLAIM.owner == _LINK.key).correlate(_LINKS)
).scalar_subquery()


def _standing_reviews(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """That a link has a decision that was not taken back."""
    return exists().where(_REVIEW.owner == _LINK.key, _REVIEW.undone_at.is_(None), *conditions)


def _of_standing(standing: Standing) -> list[ColumnElement[bool]]:
    if standing is Standing.ANY:
        return []
    if standing is Standing.DISPUTED:
        # Reviewers who decided and agree come to another status (`schema.review`).
        return [_LINK.status == LinkStatus.PROPOSED, _standing_reviews()]
    if standing is Standing.DERIVED:
        return [_LINK.derived.is_(True)]
    return [_LINK.status == LinkStatus(standing.value), _LINK.derived.is_(False)]


def _of_target(target: str) -> ColumnElement[bool]:
    if not target.endswith("/"):
        return _LINK.target == target
    # `0` is the character behind the slash.
    return and_(_LINK.target >= target, _LINK.target < f"{target[:-1]}0")


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = _of_standing(wanted.standing)
    decided = _standing_reviews(_REVIEW.reviewer == wanted.person)
    if wanted.mine is not Mine.ANY:
        found.append(decided if wanted.mine is Mine.DECIDED else ~decided)
    if wanted.project is not None:
        found.append(_LINK.project == wanted.project)
    if wanted.target is not None:
        found.append(_of_target(wanted.target))
    if wanted.least is not None:
        found.append(_SUREST.op(">=")(wanted.least))
    if wanted.most is not None:
        found.append(_SUREST.op("<=")(wanted.most))
    if wanted.language is not None:
        quoted = exists().where(_CLAIM.owner == _LINK.key, _EVIDENCE.owner == _CLAIM.key)
        found.append(quoted.where(_EVIDENCE.language == wanted.language))
    return found


def _listed(wanted: Wanted) -> Any:
    """The queue as a subquery, with the columns of `Waiting`."""
    columns = _LINK.key, _LINK.project, _LINK.target, _LINK.status, _SUREST.label("confidence")
    return select(*columns).where(*_conditions(wanted)).subquery("listed").c


def _behind(listed: Any, order: Order, place: tuple[float | None, str]) -> ColumnElement[bool]:
    """That a link stands behind a place: those without a confidence come last either way."""
    confidence, key = place
    later: ColumnElement[bool] = listed.key > key
    if order is Order.PROJECT:
        return later
    if confidence is None:
        return and_(listed.confidence.is_(None), later)
    further = listed.confidence < confidence if order is Order.SUREST else listed.confidence > confidence
    return or_(further, and_(listed.confidence == confidence, later), listed.confidence.is_(None))


def _ordered(listed: Any, order: Order) -> list[ColumnElement[Any]]:
    if order is Order.PROJECT:
        return [listed.key]
    ranked = listed.confidence.desc() if order is Order.SUREST else listed.confidence
    return [case((listed.confidence.is_(None), 1), else_=0), ranked, listed.key]


def _place(connection: Connection, key: str) -> tuple[float | None, str]:
    """Where a link stands, be it one that the filter leaves out, as a decided one."""
    return connection.scalar(select(_SUREST).select_from(_LINKS).where(_LINK.key == key)), key


def waiting(connection: Connection, wanted: Wanted, after: str | None, count: int) -> list[Waiting]:
    """The links of the queue behind one of them, or from its begin, at most so many."""
    listed = _listed(wanted)
    behind = [] if after is None else [_behind(listed, wanted.order, _place(connection, after))]
    columns = listed.key, listed.project, listed.target, listed.status, listed.confidence
    statement = select(*columns).where(*behind).order_by(*_ordered(listed, wanted.order))
    return [
        Waiting(key, project, target, LinkStatus(status).value, confidence)
        for key, project, target, status, confidence in connection.execute(statement.limit(count))
    ]


def following(connection: Connection, wanted: Wanted, after: str) -> str | None:
    """The link to decide on next: the one behind, else the first one; None where no other waits."""
    found = waiting(connection, wanted, after, 1) or waiting(connection, wanted, None, 1)
    return next((each.key for each in found if each.key != after), None)


def remaining(connection: Connection, wanted: Wanted) -> int:
    """How many links there are in the queue."""
    statement = select(func.count()).select_from(_LINKS).where(*_conditions(wanted))
    return int(connection.execute(statement).scalar_one())


def targets(connection: Connection) -> list[str]:
    """What links lead to, such as `objective/23`."""
    return list(connection.scalars(select(_LINK.target).distinct().order_by(_LINK.target)))


def first_quotes(connection: Connection, links: Sequence[str]) -> dict[str, Quote]:
    """The first words that each of these links rests on, by the key of the link."""
    quotes = select(_CLAIM.owner, _EVIDENCE.quote, _EVIDENCE.language).join(
        _EVIDENCES, _EVIDENCE.owner == _CLAIM.key
    )
    here = quotes.where(among(connection, _CLAIM.owner, links))
    rows = connection.execute(here.order_by(_CLAIM.position.desc(), _EVIDENCE.position.desc()))
    # What comes later stays, so the first of each link comes last.
    return {link: Quote(words, language) for link, words, language in rows}

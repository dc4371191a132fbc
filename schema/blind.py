"""Blind: what a person sees of links while they code a project blind, namely what they wrote themselves.

Who codes blind reads the project and decides by themselves, or agreement between reviewers means nothing.
So while a blind coding of a project by a scheme runs, a link of that project to that scheme is there for
its person when they have claimed or decided something on it. Its claims and reviews are theirs, its status
is what their decision alone comes to, and its version and time count their own changes.

For plans this is done below all of them: the tables of links, claims and reviews are covered by temporary
views of the same names, which live in one transaction. So whatever is asked for, by a field of today or of
tomorrow, is asked of what the person may see.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    MetaData,
    Select,
    String,
    Table,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from ontology.declaration import ExchangeRecord
from schema.model import NOUNS
from schema.model.link import CodingScheme, Decision, LinkStatus

# Of links, claims or reviews.
Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]

#: The class of what each scheme leads to.
SEGMENTS: dict[CodingScheme, str] = {CodingScheme.GCM: "objective", CodingScheme.SDG: "sdg"}


@dataclass(frozen=True, slots=True)
class Veil:
    """What is covered for a person: the projects and schemes that they are coding blind."""

    name: str
    codings: frozenset[tuple[str, CodingScheme]]

    def covers(self, project: str, target: str) -> bool:
        """Whether a link of the project to the target is covered."""
        segment = target.partition("/")[0]
        return any(project == key and segment == SEGMENTS[scheme] for key, scheme in self.codings)


def veil(connection: Connection, name: str) -> Veil:
    """The blind codings that a person has begun and not completed."""
    table = NOUNS["Coding"].table.c
    running = (table.reviewer == name) & table.blind & table.completed_at.is_(None)
    rows = connection.execute(select(table.project, table.coding_scheme).where(running))
    return Veil(name, frozenset((project, CodingScheme(scheme)) for project, scheme in rows))


def own(record: ExchangeRecord, name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The claims and the reviews of a link that are a person's own."""
    claims = [each for each in record.get("claims", []) if each["madeBy"] == name]
    return claims, [each for each in record.get("reviews", []) if each["reviewer"] == name]


def own_version(record: ExchangeRecord, name: str) -> int:
    """How often a person has changed a link; 0 where it is not there for somebody who codes blind."""
    claims, reviews = own(record, name)
    return len(claims) + len(reviews) + sum("undoneAt" in each for each in reviews)


def own_time(record: ExchangeRecord, name: str) -> str | None:
    """When a person last changed a link."""
    return max(_times(record, name), default=None)


def _times(record: ExchangeRecord, name: str) -> Iterator[str]:
    claims, reviews = own(record, name)
    for each in claims:
        yield each["madeAt"]
    for each in reviews:
        yield each.get("undoneAt", each["at"])


@contextmanager
def veiled(connection: Connection, covered: Veil) -> Generator[None]:
    """Cover tables in the transaction that runs, which must not be a read-only one; uncover them after."""
    if not covered.codings:
        yield
        return
    driver: Any = connection.connection.driver_connection
    # A statement that PostgreSQL has prepared goes on reading the table that it was prepared for.
    threshold = getattr(driver, "prepare_threshold", None)
    if threshold is not None:
        driver.prepare_threshold = None
    try:
        views = _views(connection, covered)
        for name, statement in views.items():
            connection.exec_driver_sql(f"CREATE TEMPORARY VIEW {name} AS {_written(connection, statement)}")
        yield
        for name in views:
            connection.exec_driver_sql(f"DROP VIEW {name}")
    finally:
        if threshold is not None:
            driver.prepare_threshold = threshold


def _written(connection: Connection, statement: Statement) -> str:
    """The statement with its values in it, since views take none; all are of the form of keys."""
    # Drivers would take a per cent sign for a parameter; no key has one.
    return str(statement.compile(connection, compile_kwargs={"literal_binds": True}))


def _views(connection: Connection, covered: Veil) -> dict[str, Statement]:
    """What covers each table, read from the tables themselves under the name of their schema."""
    own_schema = MetaData(schema=connection.dialect.default_schema_name)
    link, claim, review = (NOUNS[noun].table.to_metadata(own_schema) for noun in ("Link", "Claim", "Review"))
    hidden = _hidden(link, covered)
    name = literal(covered.name, String)
    return {
        link.name: _links(link, claim, review, hidden, name),
        claim.name: _parts(claim, claim.c.made_by == name, link, hidden),
        review.name: _parts(review, review.c.reviewer == name, link, hidden),
    }


def _hidden(link: Table, covered: Veil) -> ColumnElement[bool]:
    """That a link is one of those that are covered: `0` is the character behind the slash."""
    return or_(
        false(),
        *(
            (link.c.project == project)
            & (link.c.target >= f"{SEGMENTS[scheme]}/")
            & (link.c.target < f"{SEGMENTS[scheme]}0")
            for project, scheme in sorted(covered.codings)
        ),
    )


def _parts(part: Table, is_own: ColumnElement[bool], link: Table, hidden: ColumnElement[bool]) -> Statement:
    """The parts of links that are not covered, and of those that are the person's own."""
    covered = select(link.c.key).where(hidden)
    return select(*part.columns).where(or_(is_own, part.c.owner.not_in(covered)))


def _links(
    link: Table, claim: Table, review: Table, hidden: ColumnElement[bool], name: ColumnElement[str]
) -> Statement:
    """The links that are not covered, and those on which the person has said something, as they left them."""
    mine = claim.c.owner == link.c.key, claim.c.made_by == name
    decided = review.c.owner == link.c.key, review.c.reviewer == name
    instead = {
        "status": _own_status(review, decided),
        "version": _own_count(claim, mine, review, decided),
        "updated_at": _own_time(claim, mine, review, decided),
        # What a person says is their own.
        "derived": literal(False),
    }
    columns = [instead[each.name].label(each.name) if each.name in instead else each for each in link.columns]
    is_own = or_(exists().where(*mine), exists().where(*decided))
    return union_all(select(*link.columns).where(not_(hidden)), select(*columns).where(hidden, is_own))


def _own_status(review: Table, decided: tuple[ColumnElement[bool], ...]) -> ColumnElement[Any]:
    """What the person's decision that counts comes to by itself (`schema.review`)."""
    last = select(cast(review.c.decision, String)).where(*decided, review.c.undone_at.is_(None))
    decision = last.order_by(review.c.position.desc()).limit(1).scalar_subquery()
    comes_to = {Decision.ACCEPT: LinkStatus.ACCEPTED, Decision.REJECT: LinkStatus.REJECTED}
    whens = [
        (decision == literal(said.value, String), literal(status.value, String))
        for said, status in comes_to.items()
    ]
    return case(*whens, else_=literal(LinkStatus.PROPOSED.value, String))


def _own_time(
    claim: Table,
    mine: tuple[ColumnElement[bool], ...],
    review: Table,
    decided: tuple[ColumnElement[bool], ...],
) -> ColumnElement[Any]:
    """When the person's last claim was made, or their last decision was made or taken back."""
    claimed = select(func.max(claim.c.made_at)).where(*mine).scalar_subquery()
    time = func.max(func.coalesce(review.c.undone_at, review.c.at))
    reviewed = select(time).where(*decided).scalar_subquery()
    return case((or_(reviewed.is_(None), claimed > reviewed), claimed), else_=reviewed)


def _own_count(
    claim: Table,
    mine: tuple[ColumnElement[bool], ...],
    review: Table,
    decided: tuple[ColumnElement[bool], ...],
) -> ColumnElement[Any]:
    """How many changes are the person's: claims, decisions, and those that were taken back once more."""
    claims: Select[Any] = select(func.count()).select_from(claim).where(*mine)
    reviews: Select[Any] = select(func.count() + func.count(review.c.undone_at)).where(*decided)
    return claims.scalar_subquery() + reviews.scalar_subquery()

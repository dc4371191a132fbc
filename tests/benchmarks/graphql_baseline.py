"""The loaders of the server that the benchmark of GraphQL compares with: over sessions of SQLModel.

Resolvers are asynchronous, every relation has a DataLoader, a batch is one statement of a session in a worker
thread, and lists of projects have keyset pages. It gives the answers that the real server gives.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Engine, and_, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool
from strawberry.dataloader import DataLoader

from schema.log import head
from schema.model import Link, MemberState, Network, Project, Source
from schema.model.link import LinkStatus
from schema.page import Place
from schema.record import NOUNS

T = TypeVar("T")
Rows = dict[str, Any]

_BENEFICIARIES = NOUNS["Project"].relations["member_states"].c
_SOURCES = NOUNS["Project"].relations["sources"].c
_STATES = NOUNS["Network"].relations["states"].c
_MOST = 900


def _natural(key: str) -> list[tuple[bool, int, str]]:
    parts = key.replace("-", ".").split(".")
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


@dataclass
class Loaders:
    """The DataLoaders of one request."""

    engine: Engine
    made: dict[str, DataLoader[Any, Any]] = field(default_factory=dict)

    async def read(self, work: Callable[[Session], T]) -> T:
        """What some work in a session gives, off the event loop."""

        def run() -> T:
            with Session(self.engine, expire_on_commit=False) as session:
                return work(session)

        return await run_in_threadpool(run)

    def loader(
        self, name: str, batch: Callable[[Session, list[Any]], dict[Any, Any]], empty: Any = None
    ) -> DataLoader[Any, Any]:
        """The DataLoader of a name."""
        if name not in self.made:

            async def load(keys: list[Any]) -> Sequence[Any]:
                found = await self.read(lambda session: batch(session, keys))
                return [found.get(key, empty) for key in keys]

            self.made[name] = DataLoader(load, max_batch_size=_MOST)
        return self.made[name]

    def by_key(self, model: type[Any]) -> DataLoader[str, Any]:
        """Things of a class by their keys."""

        def batch(session: Session, keys: list[str]) -> Rows:
            return {each.key: each for each in session.exec(select(model).where(col(model.key).in_(keys)))}

        return self.loader(model.__name__, batch)

    def parts(self, model: type[Any], column: Any) -> DataLoader[str, list[Any]]:
        """Rows that lead back to something by a column, in their order."""

        def batch(session: Session, keys: list[str]) -> Rows:
            found: dict[str, list[Any]] = defaultdict(list)
            statement = select(model).where(column.in_(keys)).order_by(model.position)
            for each in session.exec(statement):
                found[getattr(each, column.key)].append(each)
            return found

        return self.loader(f"{model.__name__}.{column.key}", batch, ())

    def related(self, model: type[Any], owner: Any, target: Any, order: Any) -> DataLoader[str, list[Any]]:
        """Things of a class through a table between."""

        def batch(session: Session, keys: list[str]) -> Rows:
            found: dict[str, list[Any]] = defaultdict(list)
            statement = select(owner, model).join(model, target == model.key).where(owner.in_(keys))
            for key, each in session.exec(statement.order_by(order)):
                found[key].append(each)
            return found

        return self.loader(f"{owner.table.name}.{owner.key}", batch, ())

    def member_states(self) -> DataLoader[str, list[MemberState]]:
        """The beneficiaries of projects."""
        columns = _BENEFICIARIES
        return self.related(MemberState, columns.owner, columns.target, columns.position)

    def sources(self) -> DataLoader[str, list[Source]]:
        """The sources of projects."""
        return self.related(Source, _SOURCES.owner, _SOURCES.target, _SOURCES.position)

    def networks(self) -> DataLoader[str, list[Network]]:
        """The networks of states."""
        return self.related(Network, _STATES.target, _STATES.owner, _STATES.owner)

    def linked(self, model: type[Any]) -> DataLoader[str, list[Any]]:
        """What the accepted links of projects lead to."""

        def batch(session: Session, keys: list[str]) -> Rows:
            found: dict[str, list[Any]] = defaultdict(list)
            joined = col(Link.target) == f"{model.segment}/" + col(model.key)
            statement = select(Link.project, model).join(model, joined)
            wanted = and_(col(Link.project).in_(keys), col(Link.status) == LinkStatus.ACCEPTED)
            for key, each in session.exec(statement.where(wanted)):
                found[key].append(each)
            return {key: sorted(each, key=lambda row: _natural(row.key)) for key, each in found.items()}

        return self.loader(f"linked.{model.__name__}", batch, ())

    def links(self) -> DataLoader[str, list[Link]]:
        """The links of projects."""

        def batch(session: Session, keys: list[str]) -> Rows:
            found: dict[str, list[Any]] = defaultdict(list)
            for each in session.exec(select(Link).where(col(Link.project).in_(keys))):
                found[each.project].append(each)
            return {key: sorted(each, key=lambda row: _natural(row.key)) for key, each in found.items()}

        return self.loader("links", batch, ())

    def projects_of_state(self, size: int) -> DataLoader[str, list[Project]]:
        """The first projects of states, by a window over the projects of each."""

        def batch(session: Session, keys: list[str]) -> Rows:
            place = func.row_number().over(partition_by=_BENEFICIARIES.target, order_by=_BENEFICIARIES.owner)
            inner = select(_BENEFICIARIES.target, _BENEFICIARIES.owner, place.label("place"))
            ranked = inner.where(_BENEFICIARIES.target.in_(keys)).subquery()
            statement = select(ranked.c.target, Project).join(Project, col(Project.key) == ranked.c.owner)
            found: dict[str, list[Project]] = defaultdict(list)
            rows = session.exec(statement.where(ranked.c.place <= size).order_by(ranked.c.owner))
            for key, each in rows:
                found[key].append(each)
            return found

        return self.loader(f"projects_of_state.{size}", batch, ())


@dataclass(frozen=True)
class Page:
    """Some projects, how many there are in all, and whether more follows."""

    projects: list[Project]
    total: Callable[[], Awaitable[int]]
    has_next: bool


async def _page(loaders: Loaders, statement: Any, size: int) -> list[Project]:
    def read(session: Session) -> list[Project]:
        return list(session.exec(statement.limit(size + 1)))

    return await loaders.read(read)


async def _total(loaders: Loaders, statement: Any) -> int:
    counted = statement.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    return await loaders.read(lambda session: session.scalar(counted) or 0)


async def projects_by_key(loaders: Loaders, size: int) -> Page:
    """The first projects."""
    found = await _page(loaders, select(Project).order_by(Project.key), size)
    return Page(found[:size], partial(_total, loaders, select(Project)), len(found) > size)


async def projects_by_budget(loaders: Loaders, size: int, coverages: list[Any], after: Place | None) -> Page:
    """Projects of some coverages, those with the largest budgets first, behind a place."""
    budget, key = col(Project.budget_usd), col(Project.key)
    whole = select(Project).where(col(Project.coverage).in_(coverages))
    statement = whole.order_by(budget.desc().nulls_last(), key)
    if after is not None:
        behind = or_(budget < after.value, and_(budget == after.value, key > after.key), budget.is_(None))
        statement = statement.where(behind)
    found = await _page(loaders, statement, size)
    return Page(found[:size], partial(_total, loaders, whole), len(found) > size)


async def projects_of_objective(loaders: Loaders, objective: str, size: int) -> Page:
    """The first projects that accepted links lead from to an objective."""
    statement = (
        select(Project)
        .join(Link, col(Link.project) == col(Project.key))
        .where(Link.target == f"objective/{objective}", Link.status == LinkStatus.ACCEPTED)
    )
    found = await _page(loaders, statement.order_by(Project.key), size)
    return Page(found[:size], partial(_total, loaders, statement), len(found) > size)


@dataclass(frozen=True)
class Count:
    """How many projects and how much money a state has."""

    state: str
    projects: int
    cents: int


async def counts_by_state(loaders: Loaders) -> list[Count]:
    """Projects and budgets of every state."""

    def read(session: Session) -> list[Count]:
        project = aliased(Project)
        cents = func.sum(func.coalesce(project.budget_usd, 0))
        statement = (
            select(_BENEFICIARIES.target, func.count(), cents)
            .join(project, project.key == _BENEFICIARIES.owner)
            .group_by(_BENEFICIARIES.target)
            .order_by(_BENEFICIARIES.target)
        )
        return [Count(state, number, int(sum_)) for state, number, sum_ in session.exec(statement)]

    return await loaders.read(read)


async def version(loaders: Loaders) -> int:
    """The data version."""
    return await loaders.read(lambda session: session.scalar(select(head.c.version)) or 0)

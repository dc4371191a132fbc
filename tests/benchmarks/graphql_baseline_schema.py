"""The types of the server that the benchmark of GraphQL compares with, as one writes them with Strawberry.

Plain values are set when an object is made; relations are asynchronous resolvers over DataLoaders.
"""

from typing import Annotated, Any

import strawberry
from sqlalchemy import Engine
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from schema import model, money
from schema.filters import ProjectFilter, ProjectOrderBy
from schema.model.link import Decision, LinkStatus
from schema.model.project import Coverage, ProjectStatus, ResultKind
from schema.page import Order, Place, cursor, place_of
from schema.scalars import SCALARS
from schema.stats import StatKey
from tests.benchmarks import graphql_baseline as data
from tests.benchmarks.graphql_baseline import Loaders
from tests.benchmarks.graphql_baseline_types import (
    BY_BUDGET,
    BY_KEY,
    CodeEntry,
    Languages,
    Network,
    SdgGoal,
    SdgTarget,
    Source,
    TextType,
    Thing,
    Titled,
    chosen,
    every,
    loaders_of,
)


@strawberry.type
class MemberState(Thing):
    iso2: str
    iso3: str
    m49: str

    @strawberry.field
    def name(self, languages: Languages = None) -> TextType | None:
        return chosen(self.row.name, languages)

    @strawberry.field
    async def networks(self, info: Info) -> list[Network]:
        return [Network.made(each) for each in await loaders_of(info).networks().load(self.row.key)]

    @strawberry.field
    async def projects(self, info: Info, first: int = 20) -> "ProjectConnection":
        rows = await loaders_of(info).projects_of_state(first).load(self.row.key)
        return ProjectConnection(page=None, rows=rows, order=BY_KEY)

    @classmethod
    def made(cls, row: model.MemberState) -> "MemberState":
        return cls.of(row, iso2=row.iso2, iso3=row.iso3, m49=row.m49)


@strawberry.type
class Objective(Titled):
    number: int

    @strawberry.field
    async def projects(self, info: Info, first: int = 20) -> "ProjectConnection":
        page = await data.projects_of_objective(loaders_of(info), self.row.key, first)
        return ProjectConnection(page=page, rows=page.projects, order=BY_KEY)

    @classmethod
    def made(cls, row: model.Objective) -> "Objective":
        return cls.of(row, number=row.number)


@strawberry.type
class ResultItem(Thing):
    kind: ResultKind
    code: str

    @strawberry.field
    def text(self, languages: Languages = None) -> TextType | None:
        return chosen(self.row.text, languages)

    @strawberry.field
    async def children(self, info: Info) -> list["ResultItem"]:
        loader = loaders_of(info).parts(model.ResultItem, col(model.ResultItem.parent))
        return [ResultItem.made(each) for each in await loader.load(self.row.key)]

    @classmethod
    def made(cls, row: model.ResultItem) -> "ResultItem":
        return cls.of(row, kind=row.kind, code=row.code)


@strawberry.type
class Claim:
    method: str
    method_version: str
    made_by: str
    made_at: str


@strawberry.type
class Review:
    decision: Decision
    reviewer: str
    at: str


Target = Annotated[Objective | SdgGoal | SdgTarget | Network, strawberry.union("LinkTarget")]


def _target_class(target: str) -> tuple[Any, Any]:
    segment, _, key = target.partition("/")
    if segment == "sdg":
        return (model.SdgTarget, SdgTarget) if "." in key else (model.SdgGoal, SdgGoal)
    return (model.Objective, Objective) if segment == "objective" else (model.Network, Network)


@strawberry.type
class Link(Thing):
    status: LinkStatus
    version: int

    @strawberry.field
    async def target(self, info: Info) -> Target:
        row_class, made = _target_class(self.row.target)
        key = self.row.target.partition("/")[2]
        found: Target = made.made(await loaders_of(info).by_key(row_class).load(key))
        return found

    @strawberry.field
    async def claims(self, info: Info) -> list[Claim]:
        rows = await loaders_of(info).parts(model.Claim, col(model.Claim.owner)).load(self.row.key)
        return [Claim(method=each.method, method_version=each.method_version, made_by=each.made_by,
                      made_at=each.made_at) for each in rows]  # fmt: skip

    @strawberry.field
    async def reviews(self, info: Info) -> list[Review]:
        rows = await loaders_of(info).parts(model.Review, col(model.Review.owner)).load(self.row.key)
        return [Review(decision=each.decision, reviewer=each.reviewer, at=each.at) for each in rows]

    @classmethod
    def made(cls, row: model.Link) -> "Link":
        return cls.of(row, status=row.status, version=row.version)


@strawberry.type
class FieldProvenance:
    row: strawberry.Private[Any]
    field: str
    value: str
    start: int | None
    end: int | None

    @strawberry.field
    async def source(self, info: Info) -> Source:
        return Source.made(await loaders_of(info).by_key(model.Source).load(self.row.source))


@strawberry.type
class Project(Thing):
    updated_at: str
    project_id: str | None
    prima_id: str | None
    start_year: int | None
    end_year: int | None
    year: int | None
    status: ProjectStatus | None
    coverage: Coverage | None
    budget_usd: str | None

    @strawberry.field
    def title(self, languages: Languages = None) -> TextType | None:
        return chosen(self.row.title, languages)

    @strawberry.field
    def titles(self) -> list[TextType]:
        return every(self.row.title)

    @strawberry.field
    def description(self, languages: Languages = None) -> TextType | None:
        return chosen(self.row.description, languages)

    @strawberry.field
    async def region(self, info: Info) -> CodeEntry | None:
        row = self.row.region and await loaders_of(info).by_key(model.CodeEntry).load(self.row.region)
        return CodeEntry.made(row) if row else None

    @strawberry.field
    async def type(self, info: Info) -> CodeEntry | None:
        row = self.row.type and await loaders_of(info).by_key(model.CodeEntry).load(self.row.type)
        return CodeEntry.made(row) if row else None

    @strawberry.field
    async def member_states(self, info: Info) -> list[MemberState]:
        return [MemberState.made(each) for each in await loaders_of(info).member_states().load(self.row.key)]

    @strawberry.field
    async def results(self, info: Info) -> list[ResultItem]:
        loader = loaders_of(info).parts(model.ResultItem, col(model.ResultItem.owner))
        return [ResultItem.made(each) for each in await loader.load(self.row.key)]

    @strawberry.field
    async def objectives(self, info: Info) -> list[Objective]:
        return [
            Objective.made(each) for each in await loaders_of(info).linked(model.Objective).load(self.row.key)
        ]

    @strawberry.field
    async def sdg_goals(self, info: Info) -> list[SdgGoal]:
        return [
            SdgGoal.made(each) for each in await loaders_of(info).linked(model.SdgGoal).load(self.row.key)
        ]

    @strawberry.field
    async def sdg_targets(self, info: Info) -> list[SdgTarget]:
        return [
            SdgTarget.made(each) for each in await loaders_of(info).linked(model.SdgTarget).load(self.row.key)
        ]

    @strawberry.field
    async def networks(self, info: Info) -> list[Network]:
        return [
            Network.made(each) for each in await loaders_of(info).linked(model.Network).load(self.row.key)
        ]

    @strawberry.field
    async def links(self, info: Info) -> list[Link]:
        return [Link.made(each) for each in await loaders_of(info).links().load(self.row.key)]

    @strawberry.field
    async def sources(self, info: Info) -> list[Source]:
        return [Source.made(each) for each in await loaders_of(info).sources().load(self.row.key)]

    @strawberry.field
    async def provenance(self, info: Info) -> list[FieldProvenance]:
        loader = loaders_of(info).parts(model.FieldProvenance, col(model.FieldProvenance.owner))
        return [
            FieldProvenance(row=each, field=each.field, value=each.value, start=each.start, end=each.end)
            for each in await loader.load(self.row.key)
        ]

    @classmethod
    def made(cls, row: model.Project) -> "Project":
        budget = None if row.budget_usd is None else money.dollars(row.budget_usd)
        return cls.of(
            row, updated_at=row.updated_at, project_id=row.project_id, prima_id=row.prima_id,
            start_year=row.start_year, end_year=row.end_year, year=row.year, status=row.status,
            coverage=row.coverage, budget_usd=budget,
        )  # fmt: skip


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class ProjectConnection:
    page: strawberry.Private[Any]
    rows: strawberry.Private[list[model.Project]]
    order: strawberry.Private[Order]

    @strawberry.field
    def nodes(self) -> list[Project]:
        return [Project.made(each) for each in self.rows]

    @strawberry.field
    async def total_count(self) -> int:
        total: int = await self.page.total()
        return total

    @strawberry.field
    def page_info(self) -> PageInfo:
        end = None
        if self.rows:
            value = None if self.order.column is None else getattr(self.rows[-1], self.order.column.name)
            end = cursor(self.order, Place(value, self.rows[-1].key))
        return PageInfo(has_next_page=self.page.has_next, end_cursor=end)


@strawberry.type
class StatCell:
    key: StatKey
    id: strawberry.ID | None
    label: str


@strawberry.type
class StatRow:
    keys: list[StatCell]
    projects: int
    budget_usd: str


@strawberry.type
class Query:
    @strawberry.field
    async def projects(
        self, info: Info, first: int = 20, after: str | None = None, filter: ProjectFilter | None = None,
        order_by: ProjectOrderBy | None = None,
    ) -> ProjectConnection:  # fmt: skip
        loaders = loaders_of(info)
        if order_by is None or filter is None:
            page = await data.projects_by_key(loaders, first)
            return ProjectConnection(page=page, rows=page.projects, order=BY_KEY)
        place = None if after is None else place_of(after, BY_BUDGET)
        page = await data.projects_by_budget(loaders, first, list(filter.coverage or ()), place)
        return ProjectConnection(page=page, rows=page.projects, order=BY_BUDGET)

    @strawberry.field
    async def objective(self, info: Info, id: strawberry.ID) -> Objective | None:
        row = await loaders_of(info).by_key(model.Objective).load(str(id))
        return Objective.made(row) if row else None

    @strawberry.field
    async def project_stats(self, info: Info, group_by: list[StatKey]) -> list[StatRow]:
        loaders = loaders_of(info)
        counts = await data.counts_by_state(loaders)
        states = await loaders.by_key(model.MemberState).load_many([each.state for each in counts])
        rows = []
        for each, state in zip(counts, states, strict=True):
            name = chosen(state.name, None)
            label = name.value if name else each.state
            cell = StatCell(key=group_by[0], id=strawberry.ID(f"state/{each.state}"), label=label)
            rows.append(StatRow(keys=[cell], projects=each.projects, budget_usd=money.dollars(each.cents)))
        return rows


class Baseline(GraphQL[dict[str, Any], None]):
    """The endpoint: Strawberry's own, with DataLoaders for each request."""

    def __init__(self, engine: Engine) -> None:
        config = StrawberryConfig(scalar_map=SCALARS)
        # One of each for all requests, since what they remember stands in them.
        parsed, validated = ParserCache(), ValidationCache()
        schema = strawberry.Schema(Query, config=config, extensions=[lambda: parsed, lambda: validated])
        super().__init__(schema, graphql_ide=None)
        self._engine = engine

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> dict[str, Any]:
        return {"loaders": Loaders(self._engine)}

"""Deadlines: a statement that takes too long is ended in the database, and nobody else waits for it."""

import asyncio
import gzip
from collections.abc import Iterator
from threading import current_thread
from time import sleep
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, text
from starlette.applications import Starlette

from ontology.errors import DeadlineExceeded, Overloaded
from schema.deadline import Deadline
from schema.store import reading
from server import graphql, graphql_documents
from server.app import create_app
from server.database import open_database
from server.lanes import Lane
from server.settings import Settings
from tests.databases import Databases
from tests.listening import listening

SLOW, FAST = "{ networks { totalCount } }", "{ objectives { number } }"

# More rows than any machine counts in the time of a test.
ENDLESS = (
    "SELECT count(*) FROM (WITH RECURSIVE n(x) AS"
    " (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 9000000000) SELECT x FROM n) AS counted"
)


@pytest.fixture
def slow_database(databases: Databases, kind: str) -> Iterator[Engine]:
    """A database in which whoever reads networks waits for ever."""
    with databases.fresh(kind, vocabularies=True) as engine:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE network RENAME TO quick"))
            connection.execute(text(f"CREATE VIEW network AS SELECT * FROM quick WHERE ({ENDLESS}) > 0"))
        yield engine


def served(engine: Engine, **settings: Any) -> Starlette:
    url = engine.url.render_as_string(hide_password=False)
    return create_app(Settings(database_url=url, **settings))


def statements(engine: Engine) -> int:
    """How many statements run for ever in the database, other than this one."""
    if engine.dialect.name == "sqlite":
        return 0
    running_now = (
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%FROM network%'"
    )
    with engine.connect() as connection:
        return connection.execute(text(f"{running_now} AND pid <> pg_backend_pid()")).scalar_one()


def test_a_slow_statement_is_ended_in_the_database(slow_database: Engine) -> None:
    app = served(slow_database, deadline_seconds=1)
    with listening(app) as address, httpx2.Client(base_url=address, timeout=60) as client:
        for accept, status in (("application/json", 200), ("application/graphql-response+json", 503)):
            answer = client.post("/graphql", json={"query": SLOW}, headers={"Accept": accept})
            assert answer.status_code == status
            error = answer.json()["errors"][0]
            assert error["extensions"]["code"] == "DEADLINE_EXCEEDED"
            assert "1 seconds" in error["message"]
            assert answer.json()["extensions"]["cost"] == {"requested": 2, "maximum": 50_000}
            # An answer means that the thread, and with it SQLite, has ended; PostgreSQL says so itself.
            assert statements(slow_database) == 0
        assert client.post("/graphql", json={"query": FAST}).json()["data"]
    app.state.engine.dispose()


def test_others_are_answered_while_slow_statements_run(slow_database: Engine) -> None:
    app = served(slow_database, deadline_seconds=4)

    async def story(address: str) -> None:
        async with httpx2.AsyncClient(base_url=address, timeout=60) as client:

            async def ask(query: str) -> dict[str, Any]:
                answer: dict[str, Any] = (await client.post("/graphql", json={"query": query})).json()
                return answer

            async def ask_others(slow: list[asyncio.Task[dict[str, Any]]]) -> None:
                for _ in range(10):
                    assert len((await ask(FAST))["data"]["objectives"]) == 23
                    assert (await client.get("/health")).json() == {"status": "ok"}
                assert not any(each.done() for each in slow)

            # At first nobody knows that it is slow; then it is kept among its like, however many come.
            for number, codes in ((3, {"DEADLINE_EXCEEDED"}), (30, {"DEADLINE_EXCEEDED", "OVERLOADED"})):
                slow = [asyncio.create_task(ask(SLOW)) for _ in range(number)]
                await asyncio.to_thread(_wait_for_work, app)
                await ask_others(slow)
                ended = await asyncio.gather(*slow)
                assert {each["errors"][0]["extensions"]["code"] for each in ended} == codes

    with listening(app) as address:
        asyncio.run(story(address))
    app.state.engine.dispose()


def test_nothing_that_takes_long_runs_on_the_event_loop(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: dict[str, str] = {}

    def watched(module: Any, name: str) -> None:
        original = getattr(module, name)

        def watching(*arguments: Any, **named: Any) -> Any:
            threads[name] = current_thread().name
            return original(*arguments, **named)

        monkeypatch.setattr(module, name, watching)

    watched(graphql_documents, "parse")
    watched(graphql_documents, "validate")
    watched(graphql, "cost")
    watched(graphql, "execute_sync")
    watched(graphql, "_fetch")
    watched(gzip, "compress")
    with databases.fresh("sqlite", vocabularies=True) as engine:
        app = served(engine)
        with listening(app) as address, httpx2.Client(base_url=address, timeout=60) as client:
            answer = client.post(
                "/graphql", json={"query": "{ __typename memberStates { nodes { id iri } } }"}
            )
            assert answer.headers["content-encoding"] == "gzip"
            client.post("/graphql", json={"query": "{ __schema { types { name } } }"})
        app.state.engine.dispose()
    assert set(threads) == {"parse", "validate", "cost", "execute_sync", "_fetch", "compress"}
    assert {each.split()[0] for each in threads.values()} == {"AnyIO"}


def _wait_for_work(app: Starlette) -> None:
    while not app.state.engine.pool.checkedout():
        sleep(0.01)


def version(engine: Engine, deadline: Deadline | None = None) -> int:
    with reading(engine, deadline) as snapshot:
        return snapshot.version()


def test_reading_ends_between_statements_too(databases: Databases, kind: str) -> None:
    with databases.fresh(kind) as engine:
        for _ in range(2):
            with pytest.raises(DeadlineExceeded):
                version(engine, Deadline(0))
        assert version(engine, Deadline(60)) == 0


def test_a_deadline_that_is_over_cancels_nothing_once_reading_has_ended(
    databases: Databases, kind: str
) -> None:
    with databases.fresh(kind) as engine:
        deadline = Deadline(60)
        with reading(engine, deadline) as snapshot:
            deadline.expire()
            assert snapshot.version() == 0
        deadline = Deadline(0)
        deadline.expire()
        assert version(engine) == 0


def test_who_finds_no_place_in_time_is_told_so() -> None:
    async def story() -> None:
        lane = Lane(1)
        begun = asyncio.Event()
        loop = asyncio.get_running_loop()
        gate: asyncio.Future[None] = loop.create_future()

        def work() -> str:
            loop.call_soon_threadsafe(begun.set)
            asyncio.run_coroutine_threadsafe(asyncio.wait_for(gate, 60), loop).result()
            return "done"

        first = asyncio.create_task(lane.run(work, Deadline(60)))
        await begun.wait()
        with pytest.raises(Overloaded):
            await lane.run(lambda: "never", Deadline(0.05))
        gate.set_result(None)
        assert await first == "done"
        assert await lane.run(lambda: "next", Deadline(60)) == "next"

    asyncio.run(story())


def test_a_database_in_memory_has_a_pool_of_another_kind() -> None:
    engine = open_database("sqlite://")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()

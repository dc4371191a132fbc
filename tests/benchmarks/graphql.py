"""GraphQL: how much processor time answers take, beside a plain server with DataLoaders over the same tables.

Run it as `python -m tests.benchmarks.graphql --projects 1500 100000 --runs 3`; it starts a PostgreSQL of its
own. Every measurement is a process of its own. Both servers give the same answers over the same tables.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from schema import stats
from schema.model import NOUNS
from schema.page import Place, cursor
from server.app import create_app
from server.database import open_database
from server.graphql import Operations
from server.settings import Settings
from tests.benchmarks.graphql_baseline_schema import Baseline
from tests.benchmarks.graphql_baseline_types import BY_BUDGET
from tests.benchmarks.graphql_data import fill
from tests.benchmarks.graphql_operations import (
    ANEW,
    COUNT,
    COVERAGES,
    DEEP,
    FIRST,
    OPERATIONS,
    PAGE,
    SIZE,
)
from tests.postgres import fresh_database, postgres

Figures = dict[str, float]

SERVERS = ("compactgraph", "graphql-core", "baseline")

_ROUNDS = 5
_SECONDS_OF_A_ROUND = 0.4


async def _answer(app: Any, body: bytes) -> bytes:
    """What an application answers to a POST to /graphql, without a network between."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/graphql", "raw_path": b"/graphql", "root_path": "", "query_string": b"", "state": {},
        "headers": [(b"content-type", b"application/json"), (b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    sent = iter([{"type": "http.request", "body": body, "more_body": False}])
    parts: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return next(sent, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return b"".join(parts)


@contextmanager
def _application(server: str, url: str) -> Iterator[Any]:
    """One of the servers; what it holds of the database is given back at the end."""
    if server == "baseline":
        engine = open_database(url)
        app: Any = Baseline(engine)
    else:
        Operations.is_direct = server != "graphql-core"
        app = create_app(Settings(database_url=url, base_iri="http://127.0.0.1:8000"))
        engine = app.state.engine
    try:
        yield app
    finally:
        Operations.is_direct = True
        engine.dispose()


def _place_before(url: str, page: int, size: int) -> str | None:
    """The cursor in front of a page of the list of the benchmark, or None in front of the first."""
    if page == 1:
        return None
    engine, table = open_database(url), NOUNS["Project"].table.c
    statement = select(table.budget_usd, table.key).where(table.coverage.in_(COVERAGES))
    ordered = statement.order_by(table.budget_usd.is_(None), table.budget_usd.desc(), table.key)
    with engine.connect() as connection:
        row = connection.execute(ordered.offset((page - 1) * size - 1).limit(1)).one()
    engine.dispose()
    return cursor(BY_BUDGET, Place(*row))


def bodies(url: str, projects: int) -> dict[str, bytes]:
    """The requests by name; few projects have no thousand pages, and then one near the end stands for it."""
    found: dict[str, dict[str, Any]] = {name: {"query": text} for name, text in OPERATIONS.items()}
    found[ANEW] = found[COUNT]
    for name, number in ((FIRST, 1), (DEEP, min(1000, projects * 9 // 20 // SIZE))):
        place = _place_before(url, number, SIZE)
        found[name] = {"query": PAGE, "variables": {"first": SIZE, "after": place}}
    return {name: json.dumps(each).encode() for name, each in found.items()}


def _forget() -> None:
    """Make the next count count, as the first one after a change of the data does."""
    stats._REMEMBERED.clear()


def _nothing() -> None:
    """What comes before a request that may use what is known."""


async def _measured(app: Any, body: bytes, before: Callable[[], None]) -> float:
    """Processor time of one request in seconds: the median of some rounds of as many as fill a moment."""

    async def took(number: int) -> tuple[float, float]:
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(number):
            before()
            await _answer(app, body)
        return (time.perf_counter() - wall) / number, (time.process_time() - cpu) / number

    await took(3)
    wall, _ = await took(2)
    number = max(1, round(_SECONDS_OF_A_ROUND / wall))
    rounds = [await took(number) for _ in range(_ROUNDS)]
    return statistics.median(cpu for _, cpu in rounds)


def _memory() -> float:
    """What this process holds in memory now, in MB."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024


def measure(server: str, url: str, projects: int) -> Figures:
    """Milliseconds of processor time for each request, and the memory after all of them."""
    asked = bodies(url, projects)

    async def run(app: Any) -> Figures:
        return {
            name: await _measured(app, body, _forget if name == ANEW else _nothing) * 1000
            for name, body in asked.items()
        }

    with _application(server, url) as app:
        return asyncio.run(run(app)) | {"memory": _memory()}


def check(url: str, projects: int) -> None:
    """That both servers give the same answers, and graphql-core the same bytes."""
    asked = bodies(url, projects)

    async def run(app: Any) -> dict[str, bytes]:
        return {name: await _answer(app, body) for name, body in asked.items()}

    answers = {}
    for server in SERVERS:
        with _application(server, url) as app:
            answers[server] = asyncio.run(run(app))
    ours, core, baseline = (answers[server] for server in SERVERS)
    assert ours == core
    for name, answer in ours.items():
        data = json.loads(answer)
        assert "errors" not in data, data["errors"]
        # Ours also tells the cost of the operation.
        assert data["data"] == json.loads(baseline[name])["data"], name


def cold_start(url: str) -> Figures:
    """Seconds from the start of the command to its first answer, by the clock and of CPU time; MB then."""
    environment = os.environ | {"COMPACTGRAPH_DATABASE_URL": url, "COMPACTGRAPH_SAMPLE": "0"}
    port = "18471"
    began = time.perf_counter()
    command = [sys.executable, "-m", "server", "serve", "--port", port]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        asked = ["curl", "-s", f"http://127.0.0.1:{port}/graphql", "-H", "Content-Type: application/json",
                 "-d", json.dumps({"query": "{ projects { totalCount nodes { id } } }"})]  # fmt: skip
        while not subprocess.run(asked, capture_output=True, check=False).stdout:
            assert server.poll() is None, "the server ended"
            time.sleep(0.02)
        wall = time.perf_counter() - began
        status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
        fields = Path(f"/proc/{server.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        memory = int(status.partition("VmRSS:")[2].split()[0]) / 1024
        return {"wall": wall, "cpu": ticks / os.sysconf("SC_CLK_TCK"), "memory": memory}
    finally:
        server.terminate()
        server.wait()


def in_a_process(*arguments: str) -> Figures:
    """The figures of one measurement in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.graphql", "--measure", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def compare(url: str, projects: int, runs: int) -> dict[str, Figures]:
    """The figures of each server: the median of so many runs, in which they take turns."""
    check(url, projects)
    found: dict[str, list[Figures]] = {name: [] for name in SERVERS}
    for _ in range(runs):
        for name in SERVERS:
            found[name].append(in_a_process(name, url, str(projects)))
    return {
        name: {figure: statistics.median(each[figure] for each in figures) for figure in figures[0]}
        for name, figures in found.items()
    }


def table(found: dict[str, Figures]) -> Iterator[str]:
    """The figures as lines of a Markdown table."""
    ours, core, baseline = (found[name] for name in SERVERS)
    yield "| CPU time of a request | compactgraph | by graphql-core | baseline | baseline / compactgraph |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name in ours:
        if name != "memory":
            ratio = baseline[name] / ours[name]
            times = " | ".join(f"{each[name]:.2f} ms" for each in (ours, core, baseline))
            yield f"| {name} | {times} | {ratio:.1f} |"
    pages = [each[DEEP] / each[FIRST] for each in (ours, core, baseline)]
    yield "| deep page / first page | " + " | ".join(f"{each:.2f}" for each in pages) + " | |"
    memory = " | ".join(f"{each['memory']:.0f} MB" for each in (ours, core, baseline))
    yield f"| memory after all of them | {memory} | |"


def _processor() -> str:
    for each in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if each.startswith("model name"):
            return each.partition(":")[2].strip()
    return platform.processor()


def _described(kind: str, url: str, projects: int, runs: int) -> Iterator[str]:
    """The table of one database, and how a server on it starts."""
    yield f"\n**{projects:,} projects, {kind}**\n"
    yield from table(compare(url, projects, runs))
    start = cold_start(url)
    told = f"{start['wall']:.2f} s by the clock, {start['cpu']:.2f} s of CPU time, {start['memory']:.0f} MB"
    yield f"\nFrom the start of `compactgraph serve` to its first answer: {told}."


def report(folder: Path, sizes: Sequence[int], runs: int, server: str) -> Iterator[str]:
    """The tables for every size and database, line by line."""
    machine = f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    yield f"{machine}; median of {runs} runs."
    for projects in sizes:
        file = folder / f"{projects}.db"
        if not file.exists():
            fill(f"sqlite:///{file}", projects, folder)
        yield from _described("SQLite", f"sqlite:///{file}", projects, runs)
        with fresh_database(server) as url:
            fill(url, projects, folder)
            yield from _described("PostgreSQL", url, projects, runs)


def main() -> None:
    """Read the arguments, measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--projects", type=int, nargs="+", default=[1_500, 100_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        server, url, projects = chosen.measure
        sys.stdout.write(json.dumps(measure(server, url, int(projects))))
        return
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        for each in report(Path(folder), chosen.projects, chosen.runs, server):
            sys.stdout.write(each + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

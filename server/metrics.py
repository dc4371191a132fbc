"""Metrics: what the service counts, in the text format of Prometheus, over all its processes.

With several workers each writes what it counts to a folder that they share (`PROMETHEUS_MULTIPROC_DIR`), and
whichever is asked adds them up.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from sqlalchemy import Engine, event, text

from ontology.errors import CompactgraphError
from schema.store import reading

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_COSTS = (1, 10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000)
_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_database_size(current_database())",
}

# A second series for each counter, of when it was made, which nobody asks for.
disable_created_metrics()


@dataclass(frozen=True, slots=True)
class Finished:
    """A request that is over: its route is a pattern and no path, its cost that of a GraphQL operation."""

    method: str
    route: str
    status: int
    seconds: float
    cost: int | None
    codes: tuple[str, ...]


class Metrics:
    """What one service counts. Names begin with `compactgraph_`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._registry = registry = CollectorRegistry()
        named: dict[str, Any] = {"namespace": "compactgraph", "registry": registry}
        self._requests = Counter(
            "http_requests", "Requests that were answered.", ("method", "route", "status"), **named
        )
        self._seconds = Histogram(
            "http_request_seconds",
            "Time from a request to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            **named,
        )
        self._open = Gauge("http_requests_in_progress", "Requests now.", multiprocess_mode="livesum", **named)
        self._errors = Counter("errors", "Errors that were told to clients, by code.", ("code",), **named)
        self._cost = Histogram(
            "graphql_cost", "Cost of GraphQL operations before they run.", buckets=_COSTS, **named
        )
        self._connections = Gauge(
            "database_connections_in_use", "Connections now.", multiprocess_mode="livesum", **named
        )
        self._held = Histogram(
            "database_connection_seconds", "Time that a connection was in use.", buckets=_SECONDS, **named
        )
        event.listen(engine, "checkout", self._on_checkout)
        event.listen(engine, "checkin", self._on_checkin)

    def begin(self) -> None:
        """Count a request that has come."""
        self._open.inc()

    def end(self, finished: Finished) -> None:
        """Count a request that is over."""
        self._open.dec()
        self._requests.labels(finished.method, finished.route, str(finished.status)).inc()
        self._seconds.labels(finished.route).observe(finished.seconds)
        for code in finished.codes:
            self._errors.labels(code).inc()
        if finished.cost is not None:
            self._cost.observe(finished.cost)

    def _on_checkout(self, _connection: Any, record: Any, _proxy: Any) -> None:
        record.info["compactgraph_since"] = perf_counter()
        self._connections.inc()

    def _on_checkin(self, _connection: Any, record: Any) -> None:
        since = record.info.pop("compactgraph_since", None)
        if since is not None:
            self._connections.dec()
            self._held.observe(perf_counter() - since)

    def exposition(self) -> bytes:
        """All of it in the text format of Prometheus, with the state of the database and of the processes."""
        counted = self._registry
        folder = os.environ.get(SHARED_FOLDER)
        if folder:
            counted = CollectorRegistry()
            MultiProcessCollector(counted, folder)
        around = CollectorRegistry()
        around.register(_Database(self._engine))
        around.register(_Processes(_living(Path(folder)) if folder else [os.getpid()]))
        return generate_latest(counted) + generate_latest(around)


class _Database(Collector):
    """What the database says of itself; all processes would say the same."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        """Whether it answers, and if so the version of the data and its size in bytes."""
        try:
            with reading(self._engine) as snapshot:
                version = snapshot.version()
                size = snapshot.connection.scalar(text(_SIZE[self._engine.dialect.name]))
        except CompactgraphError:
            yield GaugeMetricFamily("compactgraph_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("compactgraph_database_up", "Whether the database answers.", 1)
        yield GaugeMetricFamily("compactgraph_data_version", "The version of the data.", version)
        yield GaugeMetricFamily("compactgraph_database_bytes", "How large the database is.", size or 0)


def _of_process(pid: int) -> Iterable[Metric]:
    return ProcessCollector(pid=lambda: pid, registry=None).collect()


class _Processes(Collector):
    """Memory, processor time and files of each process, by its id."""

    def __init__(self, pids: Iterable[int]) -> None:
        self._pids = pids

    def collect(self) -> Iterator[Metric]:
        """The common metrics of processes; where the system does not tell, none."""
        found: dict[str, Metric] = {}
        for pid in self._pids:
            for metric in _of_process(pid):
                told = found.setdefault(metric.name, Metric(metric.name, metric.documentation, metric.type))
                for sample in metric.samples:
                    told.add_sample(sample.name, {**sample.labels, "pid": str(pid)}, sample.value)
        yield from found.values()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _living(folder: Path) -> list[int]:
    """The processes that count in this folder; what the others had open there is forgotten."""
    names = (re.fullmatch(r"\w+_(\d+)\.db", each.name) for each in folder.iterdir())
    pids = sorted({int(name[1]) for name in names if name})
    for pid in pids:
        if not _is_alive(pid):
            mark_process_dead(pid, str(folder))
    return [pid for pid in pids if _is_alive(pid)]

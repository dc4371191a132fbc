"""Metrics: what Prometheus reads, whatever clients send."""

import re
import subprocess
import sys
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from server.metrics import _living
from tests.serving import Service, serving


def values(service: Service) -> dict[str, float]:
    """Every sample by its name and labels, as one would write it."""
    answer = service.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    samples = [each for family in text_string_to_metric_families(answer.text) for each in family.samples]
    return {
        each.name + "".join(f",{name}={value}" for name, value in sorted(each.labels.items())): each.value
        for each in samples
    }


def test_requests_are_counted_by_route_and_not_by_path(service: Service) -> None:
    for key in ("SLV", "FJI"):
        service.client.get(f"/state/{key}.ttl")
    for path in ("/nothing/1", "/nothing/2"):
        service.client.get(path)
    service.client.request("BREW", "/health")
    counted = {name: value for name, value in values(service).items() if "http_requests_total" in name}
    by = {(name.split("route=")[1], int(value)) for name, value in counted.items()}
    assert any("{" in route and value == 2 for route, value in by)
    assert ("unmatched,status=404", 2) in by
    assert counted["compactgraph_http_requests_total,method=other,route=/health,status=405"] == 1


def test_latency_and_requests_now_are_told(service: Service) -> None:
    service.client.get("/health")
    found = values(service)
    assert found["compactgraph_http_request_seconds_count,route=/health"] == 1
    assert found["compactgraph_http_requests_in_progress"] == 1


def test_errors_are_counted_by_code_wherever_they_are_told(service: Service) -> None:
    service.client.get("/state/XXX.ttl")
    service.error("{ projects(first: 1000) { totalCount } }")
    found = values(service)
    assert found["compactgraph_errors_total,code=NOT_FOUND"] == 1
    assert found["compactgraph_errors_total,code=BAD_ARGUMENT"] == 1


def test_the_database_is_told(sample: Service) -> None:
    sample.client.get("/ready")
    found = values(sample)
    assert found["compactgraph_database_up"] == 1
    assert found["compactgraph_data_version"] == 2
    assert found["compactgraph_database_bytes"] > 100_000
    assert found["compactgraph_database_connections_in_use"] == 0
    assert found["compactgraph_database_connection_seconds_count"] >= 1


def test_a_database_that_is_gone_is_told_and_the_rest_too(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path}/own.db", sample=False) as service:
        with service.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE head")
        found = values(service)
    assert found["compactgraph_database_up"] == 0
    assert "compactgraph_data_version" not in found
    assert "compactgraph_http_requests_in_progress" in found


def test_processes_are_told_by_their_id(service: Service) -> None:
    import os

    assert values(service)[f"process_resident_memory_bytes,pid={os.getpid()}"] > 1_000_000


def test_every_metric_says_what_it_counts(service: Service) -> None:
    service.client.get("/health")
    text = service.client.get("/metrics").text
    named = set(re.findall(r"^# TYPE (\S+)", text, flags=re.MULTILINE))
    assert named == set(re.findall(r"^# HELP (\S+) \w", text, flags=re.MULTILINE))


def test_what_a_worker_that_died_had_open_is_forgotten(tmp_path: Path) -> None:
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True, text=True
    ).stdout.strip()
    for name in (f"gauge_livesum_{gone}.db", f"counter_{gone}.db"):
        (tmp_path / name).touch()
    assert _living(tmp_path) == []
    assert [each.name for each in tmp_path.iterdir()] == [f"counter_{gone}.db"]

"""The story of a process: what it writes, what its workers count together, and how it ends."""

import contextlib
import json
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.processes import PATIENCE, Running, running

QUERY = "query Hushed($words: String) { projects(first: 2, filter: {search: $words}) { totalCount } }"


def ask(service: Running, body: Any, **headers: str) -> bytes:
    """The answer to a GraphQL request."""
    sent = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(f"{service.address}/graphql", json.dumps(body).encode(), sent)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        found: bytes = answer.read()
    return found


def lines(service: Running) -> list[dict[str, Any]]:
    """What it wrote as lines of JSON."""
    return [json.loads(each) for each in service.log().splitlines() if each.startswith("{")]


def refuses(service: Running) -> bool:
    """Whether a new connection is refused."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", service.port)) != 0


def metrics(service: Running) -> str:
    """What Prometheus would read."""
    return service.fetched("/metrics")


def await_refusal(service: Running) -> None:
    until = time.monotonic() + PATIENCE
    while not refuses(service):
        assert time.monotonic() < until
        time.sleep(0.02)


def begun(service: Running, body: bytes, sent: int) -> socket.socket:
    """A request of which the service has only got the first bytes, after its headers."""
    connection = socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE)
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    connection.sendall(head.encode() + body[:sent])
    return connection


def await_begun(service: Running, number: int) -> None:
    """Wait until the service answers so many requests at once, the one for its metrics among them."""
    until = time.monotonic() + PATIENCE
    while f"requests_in_progress {number}.0" not in metrics(service):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_each_request_has_one_line_that_hides_what_was_asked_with(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        ask(service, {"query": QUERY, "variables": {"words": "hush"}}, **{"X-Request-Id": "mine"})
        with pytest.raises(urllib.error.HTTPError):
            service.fetched("/nothing?token=hush")
    found = lines(service)
    assert {each["event"] for each in found} == {"request"}
    (line,) = [each for each in found if each["request_id"] == "mine"]
    assert list(line)[:3] == ["timestamp", "level", "event"]
    assert (line["method"], line["route"], line["status"]) == ("POST", "/graphql", 200)
    assert found[-1]["errors"] == ["NOT_FOUND"]
    assert "hush" not in service.log()


def test_what_failed_is_logged_with_the_id_of_its_request_and_without_what_it_asked_with(
    tmp_path: Path,
) -> None:
    import sqlite3

    with running(tmp_path) as service:
        connection = sqlite3.connect(tmp_path / "running.db")
        connection.execute("ALTER TABLE project RENAME TO hidden")
        connection.commit()
        connection.close()
        # The status says it or the errors of the answer do, as the client has asked for.
        with contextlib.suppress(urllib.error.HTTPError):
            ask(service, {"query": QUERY, "variables": {"words": "hush"}}, **{"X-Request-Id": "mine"})
        # The line of the request is written after that of the failure, and maybe a moment after the answer.
        until = time.monotonic() + PATIENCE
        mine = {"request_id": "mine", "event": "request"}.items()
        while not (told := [each for each in lines(service) if mine <= each.items()]):
            assert time.monotonic() < until
            time.sleep(0.05)
    assert told[-1]["errors"] == ["DATABASE_UNAVAILABLE"]
    assert "hush" not in service.log()


@pytest.mark.parametrize("workers", [1, 2])
def test_on_sigterm_it_takes_nothing_new_finishes_what_was_begun_and_ends_well(
    tmp_path: Path, workers: int
) -> None:
    body = json.dumps({"query": QUERY, "variables": {"words": "diaspora"}}).encode()
    with running(tmp_path, workers=workers) as service:
        with begun(service, body, 10) as connection:
            await_begun(service, 2)
            service.process.send_signal(signal.SIGTERM)
            await_refusal(service)
            assert service.process.poll() is None
            connection.sendall(body[10:])
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert service.process.wait(PATIENCE) == 0
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b'"totalCount":3' in answer
    assert "Traceback" not in service.log()


def test_a_request_that_never_ends_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    with running(tmp_path, drain_seconds="1") as service, begun(service, b"{}" * 50, 10):
        await_begun(service, 2)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(PATIENCE) == 0


def test_workers_count_together(tmp_path: Path) -> None:
    with running(tmp_path, workers=2) as service:
        until = time.monotonic() + PATIENCE
        # The second worker may begin later than the first.
        while len(set(re.findall(r'process_resident_memory_bytes{pid="(\d+)"}', metrics(service)))) < 2:
            assert time.monotonic() < until
            time.sleep(0.1)
        for _ in range(10):
            ask(service, {"query": "{ dataVersion }"})
        counted = 'compactgraph_http_requests_total{method="POST",route="/graphql",status="200"} 10.0'
        assert counted in metrics(service)

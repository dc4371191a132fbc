"""Observation: what is told of each request, and what is not."""

import logging
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from server.metrics import Metrics
from server.observation import Observation
from tests.serving import Service


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """The fields of the lines about requests, with their level."""
    records = [each for each in caplog.records if each.name == "server.requests"]
    return [{**each.msg, "level": each.levelname} for each in records if isinstance(each.msg, dict)]


def observed(service: Service, endpoint: Any) -> TestClient:
    """An app of one route under observation."""
    middleware = [Middleware(Observation, Metrics(service.engine))]
    app = Starlette(routes=[Route("/thing/{key}", endpoint, methods=["GET", "POST"])], middleware=middleware)
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    "sent", ["4f0c", "01JDK3V7QW", "d6a7c3f2-9f5e-4a57-8d0c-2f2f1a1f6a11", "00-4bf92f3577b34da6-01"]
)
def test_a_well_formed_id_of_a_request_comes_back(sample: Service, sent: str) -> None:
    answer = sample.client.get("/health", headers={"X-Request-Id": sent})
    assert answer.headers["x-request-id"] == sent


@pytest.mark.parametrize("sent", [None, "", "two words", "a" * 129, 'a"b', "é".encode(), "a,b"])
def test_any_other_request_gets_an_id_of_its_own(sample: Service, sent: Any) -> None:
    headers = {} if sent is None else {"X-Request-Id": sent}
    given = {sample.client.get("/nothing", headers=headers).headers["x-request-id"] for _ in range(2)}
    assert len(given) == 2
    assert all(len(each) == 32 for each in given)


def test_a_page_of_another_origin_may_read_the_id(sample: Service) -> None:
    answer = sample.client.get("/health", headers={"Origin": "https://example.org"})
    assert "X-Request-Id" in answer.headers["access-control-expose-headers"]


def test_a_line_says_what_was_asked_for_and_how_it_went(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    def endpoint(request: Request) -> Response:
        request.state.operation, request.state.cost = "Mine", 7
        request.state.error_codes = ["BAD_ARGUMENT"]
        return PlainTextResponse("four", 400)

    with caplog.at_level(logging.INFO, "server"):
        observed(service, endpoint).get("/thing/1?token=hush", headers={"X-Request-Id": "mine"})
    (line,) = told(caplog)
    assert line.pop("ms") >= 0
    assert line.pop("timestamp")
    assert line == {
        "event": "request", "level": "INFO", "request_id": "mine", "method": "GET", "route": "/thing/{key}",
        "path": "/thing/1", "status": 400, "bytes": 4, "operation": "Mine", "cost": 7,
        "errors": ("BAD_ARGUMENT",),
    }  # fmt: skip


def test_what_nobody_foresaw_is_logged_once_and_told_without_its_words(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    def endpoint(_request: Request) -> Response:
        raise ValueError("secret words")

    with caplog.at_level(logging.INFO, "server"):
        answer = observed(service, endpoint).get("/thing/1", headers={"X-Request-Id": "mine"})
    assert (answer.status_code, answer.headers["x-request-id"]) == (500, "mine")
    assert answer.json()["code"] == "INTERNAL"
    assert "secret" not in answer.text
    failed, line = told(caplog)
    assert (failed["event"], failed["level"], failed["request_id"]) == ("failed", "ERROR", "mine")
    assert (line["status"], line["errors"], line["level"]) == (500, ("INTERNAL",), "ERROR")


def test_a_client_that_goes_away_is_no_failure_of_ours(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    def endpoint(_request: Request) -> Response:
        raise ClientDisconnect

    with caplog.at_level(logging.INFO, "server"):
        observed(service, endpoint).get("/thing/1")
    (line,) = told(caplog)
    assert (line["status"], line["level"]) == (499, "INFO")

"""Errors: whatever fails, a client reads a code, a message and a suggestion, and no word from inside."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

import server.graphql
from ontology import errors
from schema.plan import Answer
from tests.documentation import README
from tests.postgres import fresh_database
from tests.serving import Service, serving

QUERY = "{ projects(first: 1) { nodes { id } } }"

# What no answer may hold: words of databases and of Python, and places of this machine.
INSIDE = re.compile(
    r"sqlite|psycopg|sqlalche|select |traceback|exception|(?<!syntax )error:|\.py|/tmp|relation|secret",
    re.IGNORECASE,
)

PUBLISHED = {each.code for each in vars(errors).values() if isinstance(each, type) and hasattr(each, "code")}


def assert_told(answer: Any, code: str) -> None:
    """The one form that every error has."""
    told = answer.json()
    assert told["errors"]
    for error in told["errors"]:
        assert error["extensions"]["code"] == code
        assert code in PUBLISHED
        assert f"`{code}`" in README.read_text(encoding="utf-8")
        assert error["message"]
        assert error["extensions"]["suggestion"]
        assert not INSIDE.search(error["message"]), error["message"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Service]:
    with serving(f"sqlite:///{tmp_path}/own.db", sample=False) as service:
        yield service


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
def test_an_exception_while_fetching_is_internal_and_logged(
    own: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, accept: str
) -> None:
    def fail(*_arguments: Any) -> Any:
        raise OverflowError("secret of /tmp/place.py")

    monkeypatch.setattr(server.graphql, "_fetch", fail)
    answer = own.client.post(
        "/graphql", json={"query": QUERY}, headers={"Accept": accept, "Origin": "https://x.org"}
    )
    assert answer.status_code == 500
    assert_told(answer, "INTERNAL")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "secret" in caplog.text


def test_a_field_that_fails_after_fetch_is_internal_and_has_a_path(
    own: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # Nothing that a plan fetches is like this; it stands for a mistake in one.
    fetched = Answer({"dataVersion": None}, is_complete=False)
    monkeypatch.setattr(server.graphql, "_fetch", lambda *_arguments: fetched)
    answer = own.client.post("/graphql", json={"query": "{ dataVersion }"})
    assert_told(answer, "INTERNAL")
    assert answer.json()["data"] is None
    assert answer.json()["errors"][0]["path"] == ["dataVersion"]
    assert "failed after fetch" in caplog.text


def test_a_file_that_is_no_database_any_more_is_told_without_its_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(f"sqlite:///{tmp_path}/own.db", sample=False) as service:
        service.client.app.state.engine.dispose()
        service.engine.dispose()
        for each in tmp_path.glob("own.db*"):
            each.write_bytes(b"This is the secret of a file. " * 5000)
        for accept, status in (("application/json", 200), ("application/graphql-response+json", 503)):
            answer = service.client.post("/graphql", json={"query": QUERY}, headers={"Accept": accept})
            assert answer.status_code == status
            assert_told(answer, "DATABASE_UNAVAILABLE")
        # What is no question about data is answered all the same.
        assert service.data("{ __typename }") == {"__typename": "Query"}
    assert "Traceback" in caplog.text


def test_a_table_with_another_shape_is_told_without_its_words(own: Service) -> None:
    with own.engine.begin() as connection:
        connection.execute(text("ALTER TABLE project RENAME COLUMN title TO secret"))
    answer = own.client.post("/graphql", json={"query": "{ projects { nodes { titles { value } } } }"})
    if "errors" in answer.json():
        assert_told(answer, "DATABASE_UNAVAILABLE")


def test_a_server_that_went_away_is_told_without_its_words(postgres_url: str) -> None:
    with fresh_database(postgres_url) as url, serving(url, sample=False) as service:
        assert service.data(QUERY) == {"projects": {"nodes": []}}
        engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {make_url(url).database} ALLOW_CONNECTIONS false"))
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
                {"name": make_url(url).database},
            )
        answer = service.client.post("/graphql", json={"query": QUERY})
        engine.dispose()
    assert_told(answer, "DATABASE_LOST")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ('{ project(id: "a) { id } }', "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ projects }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ projects(first: $n) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ projects(first: 99999999999999999999) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ projects(first: 1.5) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { projects { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
        ("type Query { a: Int }", "GRAPHQL_VALIDATION_FAILED"),
        ("query a { dataVersion } query a { dataVersion }", "GRAPHQL_VALIDATION_FAILED"),
        ('{ projects(filter: {updatedSince: "yesterday"}) { totalCount } }', "BAD_ARGUMENT"),
        ('{ projects(filter: {budgetUsd: {from: "ten"}}) { totalCount } }', "BAD_ARGUMENT"),
        ('{ projects(after: "eA") { totalCount } }', "BAD_CURSOR"),
        ("{ projects(first: 1, last: 1) { totalCount } }", "BAD_ARGUMENT"),
        ("{ projectStats(groupBy: []) { projects } }", "BAD_ARGUMENT"),
    ],
)
def test_a_mistake_of_a_client_has_a_published_code_and_no_traceback(
    sample: Service, caplog: pytest.LogCaptureFixture, query: str, code: str
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = sample.client.post("/graphql", json={"query": query})
    assert_told(answer, code)
    assert caplog.records == []


def test_a_message_is_short_however_much_it_quotes(sample: Service) -> None:
    for query in (f"{{ {'n' * 20_000} }}", f'{{ projects(after: "{"x" * 20_000}") {{ totalCount }} }}'):
        assert len(sample.error(query)["message"]) <= 1003


def test_a_name_that_is_nowhere_is_null(sample: Service) -> None:
    names = ("project", "memberState", "network", "objective", "sdgGoal", "sdgTarget", "node")
    for name in names:
        for wrong in ("", "x", "project/", "http://example.org/x", "objective/99", "%", "~" * 300):
            assert sample.data(f"query($i: ID!) {{ found: {name}(id: $i) {{ id }} }}", i=wrong) == {
                "found": None
            }

"""The GraphQL endpoint as clients meet it."""

import logging
from pathlib import Path

import pytest

from tests.serving import Service, serving


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($n: Int!) { projects(first: $n) { totalCount } }", "BAD_USER_INPUT"),
        ('{ projects(filter: {budgetUsd: {from: "ten"}}) { totalCount } }', "BAD_ARGUMENT"),
        ("{ projects(first: 1000) { totalCount } }", "BAD_ARGUMENT"),
        ("query a { dataVersion } query b { dataVersion }", "OPERATION_RESOLUTION_FAILURE"),
        ("mutation { nothing }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_what_a_client_does_wrong_has_a_code_and_is_not_logged(
    sample: Service, caplog: pytest.LogCaptureFixture, query: str, code: str
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = sample.client.post("/graphql", json={"query": query})
    assert "Traceback" not in answer.text
    error = answer.json()["errors"][0]
    assert error["extensions"]["code"] == code
    assert error["message"]
    assert error["extensions"]["suggestion"]
    assert caplog.records == []


def test_a_query_can_be_sent_by_get(sample: Service) -> None:
    answer = sample.client.get("/graphql", params={"query": "{ dataVersion }"})
    assert answer.json()["data"] == {"dataVersion": "2"}


def test_a_page_of_another_origin_may_ask_without_credentials(sample: Service) -> None:
    origin = {"Origin": "https://example.org"}
    preflight = sample.client.options("/graphql", headers={**origin, "Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 200
    answer = sample.client.post("/graphql", json={"query": "{ dataVersion }"}, headers=origin)
    for response in (preflight, answer):
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers


def test_one_of_several_operations_is_chosen_by_its_name(sample: Service) -> None:
    body = {"query": "query a { dataVersion } query b { version: dataVersion }", "operationName": "b"}
    assert sample.client.post("/graphql", json=body).json()["data"] == {"version": "2"}


def test_introspection_can_be_switched_off(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path}/own.db", sample=False, introspection=False) as service:
        error = service.error("{ __schema { queryType { name } } }")
        assert error["extensions"]["code"] == "INTROSPECTION_DISABLED"
        assert service.data("{ dataVersion }") == {"dataVersion": "1"}


def test_a_database_that_is_gone_is_told_without_its_words(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path}/own.db", sample=False) as service:
        with service.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE head")
        error = service.error("{ dataVersion }")
        ready = service.client.get("/ready")
    assert error["extensions"]["code"] == "DATABASE_UNAVAILABLE"
    assert "head" not in error["message"]
    assert ready.status_code == 503
    assert ready.headers["content-type"] == "application/problem+json"
    assert ready.json()["code"] == "DATABASE_UNAVAILABLE"


def test_names_are_only_suggested_where_the_schema_may_be_asked_for(tmp_path: Path) -> None:
    wrong = {
        "{ dataVersions }": "dataVersion",
        "{ projects(firts: 1) { totalCount } }": "first",
        "{ projects(filter: {state: []}) { totalCount } }": "states",
        "{ projectStats(groupBy: [STATES]) { projects } }": "STATE'",
        "{ node(id: 1) { ... on Projekt { id } } }": "Project",
    }
    variables = "query($o: ProjectOrderBy!) { projects(orderBy: $o) { totalCount } }"
    for introspection in (True, False):
        with serving(
            f"sqlite:///{tmp_path}/{introspection}.db", sample=False, introspection=introspection
        ) as service:
            for query, name in wrong.items():
                message = service.error(query)["message"]
                assert ("Did you mean" in message and name in message) is introspection, message
            message = service.error(variables, o={"field": "BUDGETS", "direction": "ASC"})["message"]
            assert ("BUDGET'" in message) is introspection, message

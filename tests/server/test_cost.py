"""Cost: what an operation may come to is worked out before, told with the answer, and never too little."""

from pathlib import Path
from typing import Any

import pytest

from tests.serving import Service, serving


@pytest.mark.parametrize(
    ("query", "variables", "cost"),
    [
        ("{ dataVersion }", {}, 1),
        ("{ a: dataVersion ...f } fragment f on Query { dataVersion b: dataVersion }", {}, 3),
        # The connection, its list, and twice the page.
        ("{ projects(first: 7) { nodes { id iri } } }", {}, 1 + 1 + 7 * 2),
        ("{ projects { totalCount nodes { id } } }", {}, 1 + 1 + 1 + 20),
        ("query($n: Int) { projects(first: $n) { nodes { id } } }", {"n": 50}, 1 + 1 + 50),
        ("query($n: Int = 3) { projects(last: $n) { edges { cursor } } }", {}, 1 + 1 + 3),
        ("{ projects(first: 2) { pageInfo { hasNextPage endCursor } } }", {}, 1 + 1 + 2),
        # A list without a page: 5 within a thing, 25 at the root.
        ('{ project(id: "x") { memberStates { iso3 } } }', {}, 1 + 1 + 5),
        ("{ objectives { number } }", {}, 1 + 25),
        ("query($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["a", "b", "c"]}, 1 + 3),
        # Pages multiply.
        ("{ objectives { projects(first: 10) { nodes { id } } } }", {}, 1 + 25 * (1 + 1 + 10)),
        ("query($y: Boolean!) { dataVersion @include(if: $y) a: dataVersion }", {"y": True}, 2),
        ("query($y: Boolean!) { dataVersion @include(if: $y) a: dataVersion }", {"y": False}, 1),
        ("query($y: Boolean!) { ... @skip(if: $y) { objectives { id } } dataVersion }", {"y": True}, 1),
        ('{ node(id: "x") { id ... on Project { iri } ... on MemberState { iri iso3 } } }', {}, 1 + 4),
        ('{ __typename __type(name: "Node") { name fields { name type { kind ofType { name } } } } }', {}, 9),
        ('{ __type(name: "Nothing") { name fields { name } } }', {}, 1),
    ],
)
def test_the_cost_follows_from_the_document_and_its_variables(
    sample: Service, query: str, variables: dict[str, Any], cost: int
) -> None:
    for _ in range(2):
        answer = sample.client.post("/graphql", json={"query": query, "variables": variables})
        assert answer.json()["extensions"]["cost"] == {"requested": cost, "maximum": 50_000}
        assert answer.headers["ratelimit"] == f'"operation";r={50_000 - cost}'
        assert answer.headers["ratelimit-policy"] == '"operation";q=50000;qu="cost"'


def test_what_costs_too_much_is_told_with_its_cost_and_not_fetched(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path}/own.db", max_cost=22) as service:
        fits = "{ projects(first: 20) { nodes { id } } }"
        assert service.answer(fits)["extensions"]["cost"] == {"requested": 22, "maximum": 22}
        answer = service.client.post(
            "/graphql", json={"query": '{ projects(after: "x", first: 20) { nodes { id } } id: dataVersion }'}
        )
    told = answer.json()
    assert told["errors"][0]["extensions"]["code"] == "COST_LIMIT"
    assert told["extensions"]["cost"] == {"requested": 23, "maximum": 22}
    assert answer.headers["ratelimit"] == '"operation";r=0'


def values(answer: Any) -> int:
    """How many values there are in an answer."""
    if isinstance(answer, dict):
        return sum(1 + values(each) for each in answer.values())
    return sum(values(each) for each in answer) if isinstance(answer, list) else 0


def test_what_is_asked_of_the_schema_is_counted_and_not_estimated(sample: Service) -> None:
    query = (
        "{ __schema { queryType { name fields { name args { name type { kind ofType { name } } } } }"
        " types { ...t fields(includeDeprecated: true) { name type { ...t } } enumValues { name } }"
        " directives { name locations args { defaultValue } } } } fragment t on __Type { kind name }"
    )
    answer = sample.answer(query)
    assert answer["extensions"]["cost"]["requested"] == values(answer["data"])

"""The examples: each runs, answers with data, and its curl form is the same request."""

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from server.examples import Example, examples
from tests.documentation import fetched
from tests.serving import BASE, Service

each_example = pytest.mark.parametrize("example", examples(), ids=lambda each: each.title)


def lists(value: Any) -> Iterator[list[Any]]:
    """The lists of items at the top of an answer: root lists, and the nodes or edges of root connections."""
    for found in value.values():
        if isinstance(found, list):
            yield found
        elif isinstance(found, dict):
            yield from (found[name] for name in ("nodes", "edges") if name in found)


@each_example
def test_an_example_answers_with_data_and_without_errors(sample: Service, example: Example) -> None:
    answer = sample.client.post("/graphql", json=example.body()).json()
    assert "errors" not in answer
    assert None not in answer["data"].values()
    assert [] not in list(lists(answer["data"]))


@each_example
def test_an_example_stays_far_within_the_limits(sample: Service, example: Example) -> None:
    answer = sample.client.post("/graphql", json=example.body()).json()
    cost = answer.get("extensions", {}).get("cost", {"requested": 0, "maximum": 1})
    assert cost["requested"] <= cost["maximum"] / 2


@each_example
def test_the_curl_form_of_an_example_gets_the_same_answer(sample: Service, example: Example) -> None:
    printed = fetched(sample.client, example.curl(f"{BASE}/graphql"))
    assert json.loads(printed)["data"] == sample.data(example.query, **example.variables)


@each_example
def test_an_example_is_one_operation_with_a_name_for_its_tab(example: Example) -> None:
    (operation,) = parse(example.query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name is not None
    declared = {each.variable.name.value for each in operation.variable_definitions}
    assert declared == set(example.variables)


def test_the_titles_and_names_of_examples_tell_them_apart() -> None:
    names = [re.findall(r"query (\w+)", each.query)[0] for each in examples()]
    assert len({each.title for each in examples()}) == len(set(names)) == len(examples()) >= 10


def test_a_quote_in_a_query_survives_the_shell() -> None:
    example = Example("Quotes", 'query Quotes {\n  a(b: "it\'s")\n}', {})
    body = shlex.split(example.curl("http://127.0.0.1:1"))[-1]
    assert json.loads(body) == {"query": 'query Quotes { a(b: "it\'s") }'}

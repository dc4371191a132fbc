"""Whatever operation the schema allows, however it is sent, it is answered or refused with a code."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import positive_data_acceptance
from schemathesis.config import SchemathesisConfig

from ontology import errors
from schema.query import ROOTS
from tests.listening import listening
from tests.serving import Service

BOUNDED = settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)

# What the types allow and the service refuses all the same: values out of their range, and too much.
REFUSALS = {errors.BadArgument.code, errors.BadCursor.code, errors.LimitExceeded.code} | {
    each.code for each in errors.LimitExceeded.__subclasses__()
}


@pytest.fixture(scope="module")
def api(sample: Service) -> Iterator[dict[str, Any]]:
    """The operations of the schema by their root field, as schemathesis reads them from a running service."""
    with listening(sample.client.app) as address:
        schema = schemathesis.graphql.from_url(f"{address}/graphql", config=SchemathesisConfig(seed=73195))
        operations = [each.ok() for each in schema.get_all_operations()]
        yield {each.label.removeprefix("Query."): each for each in operations}


@pytest.mark.parametrize("root", ROOTS)
def test_schemathesis_finds_no_failure(api: dict[str, Any], root: str) -> None:
    @BOUNDED
    @given(case=api[root].as_strategy())
    def asked(case: Any) -> None:
        answer = case.call_and_validate(excluded_checks=[positive_data_acceptance])
        told = answer.json()
        codes = {each["extensions"]["code"] for each in told.get("errors", ())}
        assert codes <= REFUSALS, told
        assert ("data" in told) is not bool(codes)
        assert codes or told["extensions"]["cost"]["requested"] > 0

    asked()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
    max_leaves=8,
)
WITH_VARIABLE = "query a($x: Int) { projects(first: $x) { totalCount } }"
PARAMETERS = st.fixed_dictionaries(
    {},
    optional={
        "query": JSON
        | st.sampled_from(
            ["{ dataVersion }", "{", "query a($x: Int) { projects(first: $x) { totalCount } }"]
        ),
        "variables": JSON | st.dictionaries(st.sampled_from(["x", "y"]), JSON),
        "operationName": JSON,
        "extensions": JSON,
    },
)
BODIES = st.binary() | (JSON | PARAMETERS).map(lambda each: json.dumps(each).encode("utf-8", "surrogatepass"))


@settings(BOUNDED, max_examples=300)
@given(body=BODIES, method=st.sampled_from(["POST", "POST", "POST", "GET", "PUT"]))
def test_whatever_is_sent_is_no_failure_of_ours(sample: Service, body: bytes, method: str) -> None:
    answer = sample.client.request(
        method, "/graphql", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {200, 400, 405}
    for each in answer.json().get("errors", ()):
        assert each["extensions"]["code"] not in {"INTERNAL", "DATABASE_UNAVAILABLE"}
        assert each["message"]


@settings(BOUNDED, max_examples=150)
@given(query=st.binary(max_size=60))
def test_whatever_address_is_asked_is_no_failure_of_ours(sample: Service, query: bytes) -> None:
    encoded = "".join(f"%{each:02x}" for each in query)
    for address in (f"/graphql?query={encoded}", f"/graphql?query={{dataVersion}}&variables={encoded}"):
        assert sample.client.get(address).status_code in {200, 400}

"""Requests: every form that a GraphQL request may have over HTTP, and what every other form is answered."""

import gzip
import logging
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.serving import Service, serving

JSON, GRAPHQL_JSON = "application/json", "application/graphql-response+json"
BOTH = pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])


def post(sample: Service, body: bytes, content_type: str | None = JSON, **headers: str) -> Any:
    sent = {} if content_type is None else {"Content-Type": content_type}
    return sample.client.post("/graphql", content=body, headers={**sent, **headers})


@BOTH
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"1",
        b'"text"',
        b"true",
        b"[]",
        b'[{"query": "{ dataVersion }"}]',
        b"{",
        b'{"query": "{ dataVersion }"} x',
        b'{"query": "\xff\xfe"}',
        b'{"query": "\xed\xa0\x80"}',
        b'{"query": "\\ud800"}',
        b'{"query": "{ dataVersion }", "variables": {"a": "\\udc00"}}',
        b"\xef\xbb\xbf{}",
        b"{}",
        b'{"qeury": "{ dataVersion }"}',
        b'{"query": null}',
        b'{"query": 1}',
        b'{"query": ["{ dataVersion }"]}',
        b'{"query": "{ dataVersion }", "variables": []}',
        b'{"query": "{ dataVersion }", "variables": "{}"}',
        b'{"query": "{ dataVersion }", "operationName": 1}',
        b'{"query": "{ dataVersion }", "extensions": true}',
        b'{"query": "{ dataVersion }", "variables": {"a": NaN}}',
        b'{"query": "{ dataVersion }", "variables": {"a": ' + b"9" * 30 + b"}}",
        b'{"query": "{ dataVersion }", "variables": {"a": ' + b"9" * 5000 + b"}}",
        b'{"query": "{ dataVersion }", "variables": {"a": 1e999}}',
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b"[" * 50_000,
    ],
)
def test_a_body_that_is_no_graphql_request_is_400(sample: Service, body: bytes, accept: str) -> None:
    answer = post(sample, body, Accept=accept)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")
    assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
    assert "data" not in answer.json()


@BOTH
@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "text/plain;application/json",
        "application/json-seq",
        "application/json; charset=utf-16",
        'application/json;charset="iso-8859-1"',
    ],
)
def test_a_body_of_another_type_is_415_so_that_no_form_of_another_site_can_send_one(
    sample: Service, content_type: str | None, accept: str
) -> None:
    answer = post(sample, b'{"query": "{ dataVersion }"}', content_type, Accept=accept)
    assert answer.status_code == 415
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNSUPPORTED_MEDIA_TYPE"
    assert answer.headers["accept-post"] == JSON


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip, identity"])
def test_a_packed_body_is_415_and_says_what_is_taken(sample: Service, coding: str) -> None:
    packed = gzip.compress(b'{"query": "{ dataVersion }"}')
    answer = post(sample, packed, **{"Content-Encoding": coding})
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "identity")


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json;charset=UTF-8",
        'application/json; charset="utf-8"',
        "application/json; profile=x",
    ],
)
def test_json_in_utf_8_is_taken_however_it_is_written(sample: Service, content_type: str) -> None:
    answer = post(sample, '{"query": "{ __type(name: \\"Ñandú 🏃\\") { name } }"}'.encode(), content_type)
    assert (answer.status_code, answer.json()["data"]) == (200, {"__type": None})


@pytest.mark.parametrize("parameter", ["variables", "operationName", "extensions"])
def test_null_is_the_same_as_nothing(sample: Service, parameter: str) -> None:
    answer = post(sample, f'{{"query": "{{ dataVersion }}", "{parameter}": null}}'.encode())
    assert answer.json()["data"] == {"dataVersion": "2"}


@BOTH
def test_a_body_that_is_too_long_is_413_with_its_length_announced_or_not(
    sample: Service, accept: str
) -> None:
    body = b'{"query": "{ dataVersion }", "x": "' + b"x" * 100_000 + b'"}'
    pieces = (body[place : place + 1000] for place in range(0, len(body), 1000))
    headers = {"Content-Type": JSON, "Accept": accept}
    for content in (body, pieces):
        answer = sample.client.post("/graphql", content=content, headers=headers)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (413, "TOO_LARGE")
        assert answer.headers["connection"] == "close"
    fits = b'{"query": "{ dataVersion }", "x": "'
    fits += b"x" * (100_000 - len(fits) - 2) + b'"}'
    assert post(sample, fits).json()["data"] == {"dataVersion": "2"}


# By GET


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("query={dataVersion}", {"dataVersion": "2"}),
        ("query={dataVersion}&operationName=&variables=&extensions=", {"dataVersion": "2"}),
        ("query=query+a{dataVersion}query+b{v:dataVersion}&operationName=b", {"v": "2"}),
        ('query=query($i:ID!){objective(id:$i){number}}&variables={"i":"7"}', {"objective": {"number": 7}}),
        ("query={dataVersion}&variables=null&utm_source=x", {"dataVersion": "2"}),
    ],
)
def test_a_query_is_asked_by_get(sample: Service, address: str, data: Any) -> None:
    answer = sample.client.get(f"/graphql?{quote(address, safe='=&+')}")
    assert (answer.status_code, answer.json()["data"]) == (200, data)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "BAD_REQUEST"),
        ("variables={}", "BAD_REQUEST"),
        ("query={dataVersion}&query={dataVersion}", "BAD_REQUEST"),
        ("query={dataVersion}&variables=[]", "BAD_REQUEST"),
        ("query={dataVersion}&variables={", "BAD_REQUEST"),
        ("query={dataVersion}&extensions=1", "BAD_REQUEST"),
        ("query=%ff", "BAD_REQUEST"),
        ("query=%ed%a0%80", "BAD_REQUEST"),
    ],
)
def test_an_address_that_is_no_graphql_request_is_400(sample: Service, address: str, code: str) -> None:
    answer = sample.client.get(f"/graphql?{address}")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, code)


def test_an_address_that_is_too_long_is_414(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path}/own.db", sample=False, max_body_kb=0.1) as service:
        assert service.client.get(f"/graphql?query={{dataVersion}}&x={'x' * 78}").status_code == 200
        answer = service.client.get(f"/graphql?query={{dataVersion}}&x={'x' * 79}")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (414, "ADDRESS_TOO_LONG")


CHANGE = 'mutation b{undoReview(input:{link:"x",version:1}){changed}}'


@BOTH
@pytest.mark.parametrize("before", ["", "query a{dataVersion}"])
def test_a_mutation_by_get_is_405_and_not_executed(sample: Service, before: str, accept: str) -> None:
    address = f"query={before}{CHANGE}&operationName=b"
    for method in ("GET", "HEAD"):
        answer = sample.client.request(method, f"/graphql?{address}", headers={"Accept": accept})
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    answer = sample.client.get(f"/graphql?{address}", headers={"Accept": accept})
    assert answer.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


def test_the_query_beside_a_mutation_may_be_asked_by_get(sample: Service) -> None:
    address = f"/graphql?query=query a{{__typename}}{CHANGE}&operationName=a"
    assert sample.client.get(address).json()["data"] == {"__typename": "Query"}


def test_a_mutation_by_get_is_405_whether_or_not_there_is_such_a_one(sample: Service) -> None:
    assert sample.client.get("/graphql?query=mutation{change}").status_code == 405


# Texts that nothing can store


@pytest.mark.parametrize("character", ["\\u0000", "\\u{0}"])
def test_a_character_that_nothing_can_store_is_refused_in_the_document(
    sample: Service, character: str
) -> None:
    for quotes in ('"', '"""'):
        written = character if quotes == '"' else "\0"
        error = sample.error(
            f"{{ projects(filter: {{search: {quotes}a{written}b{quotes}}}) {{ totalCount }} }}"
        )
        assert error["extensions"]["code"] == "BAD_ARGUMENT"
        assert "U+0000" in error["message"]
        assert error["locations"] == [{"line": 1, "column": 29}]


@pytest.mark.parametrize("literal", ['"\\ud800"', '"\\udc00 x"', '"\\u{d800}"'])
def test_half_a_character_is_refused_in_the_document(sample: Service, literal: str) -> None:
    error = sample.error(f"{{ project(id: {literal}) {{ id }} }}")
    assert error["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"


def test_a_character_that_nothing_can_store_is_refused_in_variables(sample: Service) -> None:
    query = "query($f: ProjectFilter!) { projects(filter: $f) { totalCount } }"
    error = sample.error(query, f={"states": ["SLV", "a\0"]})
    assert error["extensions"]["code"] == "BAD_ARGUMENT"


def test_variables_that_are_nested_more_deeply_than_any_input_are_refused(sample: Service) -> None:
    deep: Any = 1
    for _ in range(200):
        deep = [deep]
    error = sample.error("{ dataVersion }", unused=deep)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query($n: Int) { projects(first: $n) { totalCount } }", {"n": 2**31}),
        ("query($n: Int) { projects(first: $n) { totalCount } }", {"n": "1"}),
        ("query($n: ID!) { project(id: $n) { id } }", {"n": 1.5}),
        ("query($f: ProjectFilter) { projects(filter: $f) { totalCount } }", {"f": {"state": ["SLV"]}}),
        ("query($f: ProjectFilter) { projects(filter: $f) { totalCount } }", {"f": [1]}),
        ("query($s: [StatKey!]!) { projectStats(groupBy: $s) { projects } }", {"s": ["STATES"]}),
        ("query($n: ID!) { project(id: $n) { id } }", {}),
        ("query($n: ID!) { project(id: $n) { id } }", {"n": None}),
    ],
)
def test_variables_that_do_not_fit_have_a_code_and_a_place(
    sample: Service, query: str, variables: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        error = sample.error(query, **variables)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["locations"]
    assert caplog.records == []


@pytest.mark.parametrize("amount", ["9" * 40, "-1", "1e400", "NaN", "Infinity", "1.234", ""])
def test_an_amount_that_cannot_be_is_told(sample: Service, amount: str) -> None:
    query = "query($f: ProjectFilter) { projects(filter: $f) { totalCount } }"
    answer = sample.answer(query, f={"budgetUsd": {"from": amount}})
    for error in answer.get("errors", ()):
        assert error["extensions"]["code"] in {"BAD_ARGUMENT", "BAD_USER_INPUT"}

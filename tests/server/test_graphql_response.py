"""Responses: media types, status codes, what caches are told, packing, and what other origins see."""

import gzip
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from server.graphql_response import takes_gzip
from tests.schema.world import project, put
from tests.serving import Service

JSON, GRAPHQL_JSON = "application/json", "application/graphql-response+json"
QUERY = "{ dataVersion }"
LARGE = "{ memberStates(first: 100) { nodes { iso3 names { value language } } } }"


def get(service: Service, query: str = QUERY, **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return service.client.get("/graphql", params={"query": query}, headers=sent)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL_JSON),
        (f"{JSON}, {GRAPHQL_JSON}", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL_JSON}, {JSON};q=0.9", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0, */*", JSON),
        ("text/turtle, */*;q=0.1", JSON),
        ("nonsense", JSON),
        ("", JSON),
    ],
)
def test_the_media_type_is_the_one_that_was_asked_for_most(
    sample: Service, accept: str, media_type: str
) -> None:
    for answer in (
        get(sample, Accept=accept),
        sample.client.post("/graphql", json={"query": QUERY}, headers={"Accept": accept}),
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
        assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize("accept", ["text/turtle", "image/*", f"{JSON};q=0", "application/graphql+json"])
def test_a_media_type_that_is_not_offered_is_406(sample: Service, accept: str) -> None:
    answer = get(sample, Accept=accept)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($n: Int!) { projects(first: $n) { totalCount } }", "BAD_USER_INPUT"),
        ("query a { dataVersion } query b { dataVersion }", "OPERATION_RESOLUTION_FAILURE"),
        ("fragment f on Query { dataVersion }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ projects(first: 101) { totalCount } }", "BAD_ARGUMENT"),
        ('{ projects(after: "x") { totalCount } }', "BAD_CURSOR"),
    ],
)
def test_an_operation_that_fails_is_400_only_for_the_media_type_whose_status_can_be_trusted(
    sample: Service, query: str, code: str
) -> None:
    for accept, status in ((GRAPHQL_JSON, 400), (JSON, 200)):
        answer = get(sample, query, Accept=accept)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)
        assert "data" not in answer.json()
        assert answer.headers["cache-control"] == "no-store"


def test_an_answer_without_a_thing_is_no_error(sample: Service) -> None:
    for query in ('{ project(id: "PN.9999") { id } }', '{ node(id: "nothing/7") { id } }'):
        answer = get(sample, query, Accept=GRAPHQL_JSON)
        assert (answer.status_code, [*answer.json()["data"].values()]) == (200, [None])


def test_head_tells_the_same_as_get_without_the_answer(sample: Service) -> None:
    address = "/graphql?query={dataVersion}"
    headers = {"X-Request-Id": "the-same"}
    told, answer = (ask(address, headers=headers) for ask in (sample.client.head, sample.client.get))
    assert (told.status_code, told.content) == (200, b"")
    assert told.headers == answer.headers


def test_options_name_the_methods(sample: Service) -> None:
    answer = sample.client.options("/graphql")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "QUERY"])
def test_another_method_is_405_in_the_form_of_every_answer(sample: Service, method: str) -> None:
    answer = sample.client.request(method, "/graphql", json={"query": QUERY})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert answer.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


# Caches


def test_a_client_that_has_the_answer_is_told_so_before_anything_is_executed(sample: Service) -> None:
    tag = get(sample).headers["etag"]
    assert tag.startswith('W/"')
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        answer = get(sample, If_None_Match=known)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert answer.headers["cache-control"] == "no-cache"
        assert "Accept" in answer.headers["vary"]
    head = sample.client.head("/graphql", params={"query": QUERY}, headers={"If-None-Match": tag})
    assert head.status_code == 304
    # An answer that is known is not fetched, so that what fetching would find wrong is not found.
    wrong = '{ projects(after: "x") { totalCount } }'
    assert get(sample, wrong, If_None_Match="*").status_code == 304
    assert get(sample, wrong, If_None_Match=tag).json()["errors"]


def test_the_tag_is_of_document_operation_variables_and_media_type(sample: Service) -> None:
    two = "query a($n: Int) { projects(first: $n) { totalCount } } query b { dataVersion }"
    asked: list[dict[str, str]] = [
        {"query": QUERY},
        {"query": "{  dataVersion }"},
        {"query": two, "operationName": "b"},
        {"query": two, "operationName": "a"},
        {"query": two, "operationName": "a", "variables": '{"n": 1}'},
        {"query": two, "operationName": "a", "variables": '{"n": 2}'},
    ]
    tags = {
        sample.client.get("/graphql", params=each, headers={"Accept": accept}).headers["etag"]
        for each in asked
        for accept in (JSON, GRAPHQL_JSON)
    }
    assert len(tags) == 2 * len(asked)
    again = {"query": two, "operationName": "a", "variables": '{ "n" : 2 }'}
    assert sample.client.get("/graphql", params=again).headers["etag"] in tags


def test_a_change_of_the_data_changes_the_tag(service: Service) -> None:
    before = get(service)
    put(service.engine, project())
    after = get(service, If_None_Match=before.headers["etag"])
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]


def test_what_is_posted_or_wrong_has_no_tag(sample: Service) -> None:
    assert "etag" not in sample.client.post("/graphql", json={"query": QUERY}).headers
    assert "etag" not in get(sample, "{ nothing }").headers
    answer = sample.client.post("/graphql", json={"query": QUERY}, headers={"If-None-Match": "*"})
    assert answer.status_code == 200


# Packing


def test_a_large_answer_is_packed_for_who_takes_it(sample: Service) -> None:
    plain = get(sample, LARGE, Accept_Encoding="identity")
    with sample.client.stream(
        "GET", "/graphql", params={"query": LARGE}, headers={"Accept-Encoding": "gzip"}
    ) as packed:
        raw = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) == len(raw) < len(plain.content) / 3
    assert gzip.decompress(raw) == plain.content
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["vary"]
    # One tag for both, which says itself that it does not stand for bytes.
    assert packed.headers["etag"] == plain.headers["etag"]
    known = get(sample, LARGE, Accept_Encoding="gzip", If_None_Match=plain.headers["etag"])
    assert known.status_code == 304


def test_a_small_answer_is_sent_as_it_is(sample: Service) -> None:
    assert "content-encoding" not in get(sample, Accept_Encoding="gzip").headers


@pytest.mark.parametrize(
    ("accept", "holds"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("x-gzip", True),
        ("gzip;q=0.001", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("*;q=0", False),
        ("br, deflate", False),
        ("identity", False),
        ("gzipped", False),
        ("", False),
        (None, False),
    ],
)
def test_packing_is_negotiated(accept: str | None, holds: bool) -> None:
    assert takes_gzip(accept) is holds


# Pages of other origins, and what is not offered


@pytest.mark.parametrize("query", [QUERY, "{", "{ nothing }"])
def test_a_page_of_another_origin_reads_answers_errors_and_their_headers(sample: Service, query: str) -> None:
    answer = get(sample, query, Origin="https://example.org")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert {"ETag", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id"} <= set(exposed)


def test_a_page_of_another_origin_must_ask_before_it_posts(sample: Service) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    asked["Access-Control-Request-Headers"] = "content-type"
    answer = sample.client.options("/graphql", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-headers"] == "content-type"
    assert answer.headers["access-control-max-age"] == "7200"
    asked["Access-Control-Request-Method"] = "PUT"
    assert sample.client.options("/graphql", headers=asked).status_code == 400


def test_a_connection_by_websocket_is_refused(sample: Service) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        sample.client.websocket_connect("/graphql", ["graphql-transport-ws"]),
    ):
        raise AssertionError


def test_observers_find_on_the_state_of_a_request_what_it_was(sample: Service) -> None:
    from starlette.testclient import TestClient

    seen: list[dict[str, Any]] = []

    async def observing(scope: Any, receive: Any, send: Any) -> None:
        scope["state"] = {}
        await app(scope, receive, send)
        del scope["state"]["request_id"]
        seen.append(scope["state"])

    app = sample.client.app
    client = TestClient(observing)
    client.post("/graphql", json={"query": "query named { projects(first: 5) { nodes { id } } }"})
    client.post("/graphql", json={"query": '{ projects(after: "x") { totalCount } }'})
    client.post("/graphql", json={"query": "{ nothing }"})
    client.post("/graphql", content=b"null", headers={"Content-Type": JSON})
    assert seen == [
        {"cost": 7, "error_codes": [], "operation": "named"},
        {"cost": 2, "error_codes": ["BAD_CURSOR"], "operation": None},
        {"cost": 0, "error_codes": ["GRAPHQL_VALIDATION_FAILED"], "operation": None},
        {"cost": 0, "error_codes": ["BAD_REQUEST"], "operation": None},
    ]

"""The routes beside GraphQL and the documents."""

from tests.serving import BASE, Service


def test_health_and_readiness_are_told(sample: Service) -> None:
    assert sample.client.get("/health").json() == {"status": "ok"}
    answer = sample.client.get("/ready").json()
    assert (answer["status"], answer["dataVersion"]) == ("ok", "2")


def test_the_root_says_what_there_is(sample: Service) -> None:
    addresses = sample.client.get("/").json()["addresses"]
    assert f"{BASE}/graphql" in addresses
    for address in addresses:
        path = address.removeprefix(BASE)
        if path != "/graphql":
            assert sample.client.get(path).status_code == 200, path


def test_the_schema_is_served_as_it_is_printed(sample: Service) -> None:
    answer = sample.client.get("/schema.graphql")
    assert "type Project implements Node & Resource" in answer.text


def test_an_unknown_path_is_a_problem_with_a_code(sample: Service) -> None:
    answer = sample.client.get("/nothing/at/all/here")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["status"]) == ("NOT_FOUND", 404)
    assert problem["suggestion"]


def test_a_method_that_a_path_has_not_is_a_problem_that_names_the_allowed_ones(sample: Service) -> None:
    answer = sample.client.post("/health")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert answer.json()["code"] == "METHOD_NOT_ALLOWED"


def test_documents_can_be_read_by_a_page_of_another_origin_without_credentials(sample: Service) -> None:
    answer = sample.client.get("/state/SLV.jsonld", headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert "ETag" in answer.headers["access-control-expose-headers"]

"""The feed over HTTP: formats, tags, links and what is refused."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from ontology.ldes import WITH_GRAPHS
from schema import noting
from schema.stats import natural
from schema.store import writing
from server.app import create_app
from server.settings import Settings
from tests.databases import Databases
from tests.graphs import read, read_graphs, read_with_pyld, turned
from tests.server.things import fill
from tests.serving import BASE, lasting_headers

SUFFIXES = {
    "trig": "application/trig",
    "nq": "application/n-quads",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
EVERY = pytest.mark.parametrize("suffix", SUFFIXES)
ROOTS = pytest.mark.parametrize("root", ["/feed", "/feed/claims"])


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, databases.fresh("sqlite") as engine:
        patch.setattr(noting, "PAGE_SIZE", 50)
        fill(engine)
        yield engine.url.render_as_string(hide_password=False)


def client_of(url: str, base: str = BASE) -> Iterator[TestClient]:
    app = create_app(Settings(database_url=url, base_iri=base))
    with TestClient(app, base_url="http://elsewhere.test") as client:
        yield client
    app.state.engine.dispose()


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[TestClient]:
    yield from client_of(url)


def pages(client: TestClient) -> list[str]:
    """Paths of each feed: the root, two of the nodes that it leads to, and a member."""
    found = []
    for root in ("/feed", "/feed/claims"):
        said = read_graphs(client.get(f"{root}.nq").content, "nq")
        nodes = {str(o) for _, (_, p, o) in said if str(p).endswith("tree#node")}
        members = {str(o) for _, (_, p, o) in said if str(p).endswith("tree#member")}
        found += [root, *sorted((each.removeprefix(BASE) for each in nodes), key=natural)[:2]]
        found += [min(members).removeprefix(BASE)]
    return found


@EVERY
def test_a_node_comes_in_every_format_by_suffix_and_by_accept(client: TestClient, suffix: str) -> None:
    for path in pages(client)[:3]:
        by_suffix = client.get(f"{path}.{suffix}")
        by_accept = client.get(path, headers={"Accept": SUFFIXES[suffix]})
        assert by_suffix.headers["content-type"] == f"{SUFFIXES[suffix]}; charset=utf-8"
        assert by_accept.content == by_suffix.content
        assert by_accept.headers["content-location"] == f"{BASE}{path}.{suffix}"
        assert "Accept" in by_accept.headers["vary"].split(", ")
        assert "Accept" not in by_suffix.headers.get("vary", "").split(", ")


@pytest.mark.parametrize("accept", ["*/*", None, "application/*"])
@ROOTS
def test_whoever_has_no_wish_gets_rdf_with_graphs(client: TestClient, root: str, accept: str | None) -> None:
    client.headers.pop("accept", None)
    answer = client.get(root, headers={} if accept is None else {"Accept": accept})
    assert answer.headers["content-type"] == "application/trig; charset=utf-8"


def test_formats_of_a_kind_say_the_same_and_every_page_says_something(client: TestClient) -> None:
    for path in pages(client):
        bodies = {each: client.get(f"{path}.{each}").content for each in SUFFIXES}
        graphs = [read_graphs(bodies[each], each) for each in SUFFIXES if each in WITH_GRAPHS]
        flat = [read(bodies[each], each) for each in SUFFIXES if each not in WITH_GRAPHS]
        assert all(each == graphs[0] for each in graphs), path
        assert all(each == flat[0] for each in flat), path
        assert len(flat[0]) > 5


def test_a_second_processor_reads_the_same_of_json_ld(client: TestClient) -> None:
    for path in pages(client):
        answer = client.get(f"{path}.jsonld")
        assert read_with_pyld(answer.json()) == read(answer.content, "jsonld")


@ROOTS
@pytest.mark.parametrize("suffix", ["ttl", "trig"])
def test_turtle_of_the_feed_names_its_terms_briefly(client: TestClient, root: str, suffix: str) -> None:
    text = client.get(f"{root}.{suffix}").text
    for prefixed in ("a ldes:EventStream", "a tree:Node", "tree:member", "a as:Create", "dcat:version"):
        assert prefixed in text
    assert all(line.startswith("@prefix") for line in text.splitlines() if "<https://w3id.org/" in line)


@ROOTS
def test_head_says_what_get_says_without_a_body(client: TestClient, root: str) -> None:
    got, head = client.get(root), client.head(root)
    assert head.content == b""
    assert lasting_headers(head) == lasting_headers(got)


def test_what_is_known_is_not_sent_again(client: TestClient) -> None:
    for path in pages(client):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert "last-modified" not in first.headers


def test_the_root_is_always_asked_for_and_the_rest_is_kept(client: TestClient) -> None:
    control = {path: client.get(path).headers["cache-control"] for path in pages(client)}
    assert {control.pop("/feed"), control.pop("/feed/claims")} == {"no-cache"}
    assert set(control.values()) == {"public, max-age=31536000, immutable"}
    assert len(control) >= 4


def test_a_node_names_its_other_formats_itself_and_the_page_before_it(client: TestClient) -> None:
    path = pages(client)[2]
    answer = client.get(f"{path}.ttl")
    links = answer.links
    assert links["canonical"]["url"] == f"{BASE}{path}"
    assert links["current"]["url"] == f"{BASE}/feed"
    assert links["prev"]["url"] == f"{BASE}{pages(client)[1]}.ttl"
    others = [each for each in SUFFIXES if each != "ttl"]
    assert all(f'<{BASE}{path}.{each}>; rel="alternate"' in answer.headers["link"] for each in others)


def test_walking_back_from_the_root_in_one_format_meets_every_member(client: TestClient) -> None:
    address, seen = "/feed.ttl", set[str]()
    while address:
        answer = client.get(address.removeprefix(BASE))
        said = read(answer.content, "ttl")
        seen |= {str(o) for _, p, o in said if str(p).endswith("tree#member")}
        address = answer.links["prev"]["url"] if "prev" in answer.links else ""
    numbers = sorted(int(each.rpartition("/")[2].partition("-")[0]) for each in seen)
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 450


def test_modified_since_leaves_out_what_is_older(client: TestClient) -> None:
    root = client.get("/feed.nq").content
    later = client.get("/feed.nq", params={"modified_since": "2026-11-25T11:00:00+01:00"})
    said = read_graphs(later.content, "nq")
    times = {str(o) for _, (_, p, o) in said if str(p).endswith("generatedAtTime")}
    assert times == {"2026-11-25T10:00:00Z"}
    assert len(read_graphs(root, "nq")) > len(said)
    view = {str(o) for _, (_, p, o) in said if str(p).endswith("tree#view")}
    assert view == {f"{BASE}/feed?modified_since=2026-11-25T10:00:00Z"}
    nothing = read(client.get("/feed.nq?modified_since=2027-01-01T00:00:00Z").content, "nq")
    assert [p for _, p, _ in nothing if str(p).endswith(("#member", "#relation"))] == []


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/feed?modified_since=yesterday", 400, "BAD_ARGUMENT"),
        ("/feed?modified_since=2026-11-25", 400, "BAD_ARGUMENT"),
        ("/feed/page/1-0000000000000000", 404, "NOT_FOUND"),
        ("/feed/page/99999999999999999999-0", 404, "NOT_FOUND"),
        ("/feed/shelf/1-0000000000000000", 404, "NOT_FOUND"),
        ("/feed/member/1-0000000000000000", 404, "NOT_FOUND"),
        ("/feed/member/x", 404, "NOT_FOUND"),
        ("/feed/member/-1", 404, "NOT_FOUND"),
        ("/feed/nothing/1-0", 404, "NOT_FOUND"),
        ("/feed.csv", 404, "NOT_FOUND"),
        ("/feed/nothing", 404, "NOT_FOUND"),
    ],
)
def test_what_is_not_there_is_refused_with_a_suggestion(
    client: TestClient, path: str, status: int, code: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["suggestion"]


def test_a_media_type_that_there_is_not_is_refused_with_those_that_there_are(client: TestClient) -> None:
    answer = client.get("/feed", headers={"Accept": "text/csv"})
    assert answer.status_code == 406
    assert f"{BASE}/feed.trig" in answer.json()["suggestion"]
    assert f"<{BASE}/feed.nq>" in answer.headers["link"]


@pytest.mark.parametrize("path", ["/feed", "/feed/claims", "/.well-known/void"])
def test_a_browser_that_takes_only_pages_is_led_to_the_formats(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (406, "text/html; charset=utf-8")
    assert f'<a href="{BASE}{path}.ttl">Turtle</a>' in answer.text
    assert "Accept" in answer.headers["vary"].split(", ")
    assert client.get(path, headers={"Accept": "text/html,*/*;q=0.8"}).status_code == 200


def test_methods_that_write_are_refused_and_the_others_named(client: TestClient) -> None:
    assert client.post("/feed").status_code == 405
    assert client.options("/feed").headers["allow"] == "GET, HEAD, OPTIONS"


def test_pages_of_other_origins_may_read_the_version_of_the_data(client: TestClient) -> None:
    answer = client.get("/feed", headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "Data-Version" in answer.headers["access-control-expose-headers"]
    assert answer.headers["data-version"] == "3"


def test_iris_follow_the_base_and_never_the_request(client: TestClient, url: str) -> None:
    other = "https://data.example.org/graph"
    for moved in client_of(url, other):
        for path in pages(client):
            assert b"elsewhere.test" not in client.get(path).content
            mine = read(moved.get(f"{path}.nt").content, "nt")
            assert turned(mine, other, BASE) == read(client.get(f"{path}.nt").content, "nt")


def fail_after_writing(engine: Engine) -> None:
    with writing(engine) as transaction:
        transaction.delete("project", "PN.0008")
        transaction.flush()
        raise ZeroDivisionError


def test_a_write_that_fails_leaves_no_member(databases: Databases) -> None:
    with databases.fresh("sqlite") as engine:
        fill(engine)
        own = engine.url.render_as_string(hide_password=False)
        for client in client_of(own):
            before = client.get("/feed").content
            with pytest.raises(ZeroDivisionError):
                fail_after_writing(engine)
            assert client.get("/feed").content == before

"""The story of a map: a page of another origin draws the states that benefit, with one small request."""

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import Seen, page
from tests.documentation import ROOT
from tests.processes import Running

MAP = ROOT / "docs" / "map" / "index.html"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *_arguments: Any) -> None:
        """Say nothing of requests."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of another origin, which serves the page of the map."""
    handler = functools.partial(_Quiet, directory=str(MAP.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def drawn(browser: Browser, live: Running, elsewhere: str) -> Iterator[Seen]:
    """The page with its map; it has complained of nothing."""
    with page(browser, height=960) as seen:
        seen.page.goto(f"{elsewhere}/?api={live.address}/graphql")
        expect(seen.page.locator("#map li.some").first).to_be_visible()
        yield seen
        assert seen.complaints == []


def states(live: Running) -> list[dict[str, Any]]:
    """What the API says of benefiting states."""
    query = "{ projectStats(groupBy: [STATE]) { keys { id label } projects } }"
    found: list[dict[str, Any]] = json.loads(live.fetched(f"/graphql?query={quote(query)}"))["data"][
        "projectStats"
    ]
    return found


def test_the_script_of_the_map_has_at_most_60_lines() -> None:
    _, script = MAP.read_text(encoding="utf-8").split("<script>\n")
    assert len(script.split("</script>")[0].splitlines()) <= 60
    assert "src=" not in script


def test_every_benefiting_state_is_drawn_with_its_projects(drawn: Seen, live: Running) -> None:
    titles = {each.get_attribute("title") for each in drawn.page.locator("#map li.some").all()}
    expected = {(each["keys"][0]["label"], each["projects"]) for each in states(live)}
    assert {(each or "").split(":")[0] for each in titles} == {label for label, _ in expected}
    assert any((each or "").startswith("El Salvador: 4 projects, ") for each in titles)
    expect(drawn.page.locator("#summary")).to_have_text(f"21 projects benefit {len(expected)} states.")


def test_a_state_says_more_under_the_mouse_and_the_keyboard(drawn: Seen) -> None:
    drawn.page.locator("#map li", has_text="COM").hover()
    expect(drawn.page.locator("#told")).to_contain_text("Comoros: 2 projects")
    drawn.page.locator("#map li", has_text="FSM").focus()
    expect(drawn.page.locator("#told")).to_contain_text("Micronesia")


def test_it_takes_one_small_request_to_the_api_and_none_to_others(
    drawn: Seen, live: Running, elsewhere: str
) -> None:
    api = [each for each in drawn.requests if each.url.startswith(live.address)]
    assert [each.method for each in api] == ["GET"]
    assert drawn.hosts() == {f"127.0.0.1:{live.port}", elsewhere.removeprefix("http://")}
    size = api[0].sizes()["responseBodySize"]
    assert 0 < size < 50_000
    # As large as it can get: a row for each of the 195 states.
    assert size / len(states(live)) * 195 < 50_000


def test_every_state_of_the_api_has_one_place_on_the_map(sample: Any) -> None:
    grid = MAP.read_text(encoding="utf-8").split("GRID = `")[1].split("`")[0].split()
    placed = [each for each in grid if each != "."]
    page = "nodes { iso3 } pageInfo { endCursor }"
    query = f"query($after: String) {{ memberStates(first: 100, after: $after) {{ {page} }} }}"
    first = sample.data(query)["memberStates"]
    second = sample.data(query, after=first["pageInfo"]["endCursor"])["memberStates"]
    assert sorted(placed) == sorted(each["iso3"] for each in first["nodes"] + second["nodes"])


def test_a_service_that_is_not_there_is_told(browser: Browser, elsewhere: str) -> None:
    with page(browser) as seen:
        seen.page.goto(f"{elsewhere}/?api={elsewhere}/nothing")
        expect(seen.page.locator("#summary")).to_contain_text("The map cannot be drawn")

"""The story of a browser at /graphql: it opens with examples that run, and asks nobody else for anything."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from server.examples import Example, examples
from tests.browser import Seen, page
from tests.processes import Running


@pytest.fixture
def graphiql(browser: Browser, live: Running) -> Iterator[Seen]:
    """The page as a new visitor finds it; at the end it has asked nobody else and complained of nothing."""
    with page(browser) as seen:
        seen.page.goto(f"{live.address}/graphql")
        expect(seen.page.locator(".graphiql-execute-button")).to_be_visible()
        yield seen
        assert seen.complaints == []
        assert seen.hosts() == {f"127.0.0.1:{live.port}"}


def run(page: Page) -> str:
    """The answer to the query in the open tab, as the page shows it."""
    with page.expect_response(lambda each: "query Intro" not in (each.request.post_data or "")) as answered:
        page.click(".graphiql-execute-button")
    expect(page.locator(".graphiql-response .CodeMirror-code")).not_to_be_empty()
    assert answered.value.status == 200
    found: str = answered.value.text()
    return found


def name(example: Example) -> str:
    """The name of its operation, which its tab has too."""
    return example.query.split("(")[0].split("{")[0].removeprefix("query ").strip()


def show(page: Page, example: Example) -> None:
    """Choose an example, and wait until GraphiQL has read it."""
    page.get_by_role("button", name=example.title, exact=True).click()
    expect(page.get_by_role("tab", selected=True)).to_contain_text(name(example))


def await_kept(page: Page, words: str) -> None:
    """Wait until GraphiQL has kept these words in the browser, which it does a moment later."""
    for _ in range(100):
        if words in str(page.context.storage_state()["origins"]):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"GraphiQL has not kept {words}")


def test_it_opens_with_an_example_that_runs(graphiql: Seen) -> None:
    expect(graphiql.page.locator(".graphiql-query-editor")).to_contain_text("query OneProject")
    assert '"projectId":"PN.0008"' in run(graphiql.page)
    expect(graphiql.page.locator(".graphiql-response")).to_contain_text("SV10P0560")


def test_every_example_of_its_list_runs(graphiql: Seen) -> None:
    for example in examples():
        show(graphiql.page, example)
        assert '"errors"' not in run(graphiql.page)


def test_the_documentation_says_what_the_schema_says(graphiql: Seen) -> None:
    graphiql.page.get_by_label("Show Documentation Explorer").click()
    graphiql.page.get_by_role("link", name="Query").click()
    expect(graphiql.page.locator(".graphiql-plugin")).to_contain_text("Projects counted and summed")


def test_the_explorer_ticks_what_every_example_selects_and_adds_a_field(graphiql: Seen) -> None:
    for example in examples():
        show(graphiql.page, example)
        graphiql.page.get_by_label("Show GraphiQL Explorer").click()
        expect(graphiql.page.locator(".graphiql-explorer-root input").first).to_have_value(name(example))
        graphiql.page.get_by_label("Show Examples").click()
    graphiql.page.get_by_label("Show GraphiQL Explorer").click()
    graphiql.page.locator(".graphiql-explorer-root").get_by_text("dataVersion", exact=True).click()
    expect(graphiql.page.locator(".graphiql-query-editor")).to_contain_text("dataVersion")
    assert '"dataVersion":"2"' in run(graphiql.page)


def test_a_query_in_the_address_opens_and_the_tabs_are_there_again_later(
    graphiql: Seen, live: Running
) -> None:
    graphiql.page.get_by_text("Backwards", exact=True).click()
    await_kept(graphiql.page, '"activeTabIndex":2')
    graphiql.page.reload()
    expect(graphiql.page.locator(".graphiql-query-editor")).to_contain_text("query Backwards")
    graphiql.page.goto(f"{live.address}/graphql?query={quote('query Shared { dataVersion }')}")
    expect(graphiql.page.locator(".graphiql-query-editor")).to_contain_text("query Shared")
    expect(graphiql.page.get_by_text("Backwards", exact=True)).to_be_visible()
    assert run(graphiql.page).startswith('{"data":{"dataVersion":"2"}')


def test_its_dialogs_and_hints_open(graphiql: Seen) -> None:
    for label in ("Open short keys dialog", "Open settings dialog"):
        graphiql.page.get_by_label(label).click()
        expect(graphiql.page.get_by_role("dialog")).to_be_visible()
        graphiql.page.keyboard.press("Escape")
    graphiql.page.locator(".graphiql-query-editor .CodeMirror-line").nth(2).click()
    graphiql.page.keyboard.type(" bud")
    expect(graphiql.page.locator(".CodeMirror-hints")).to_contain_text("budgetUsd")
    graphiql.page.locator(".cm-property").first.hover()
    expect(graphiql.page.locator(".CodeMirror-info")).to_contain_text("Project")

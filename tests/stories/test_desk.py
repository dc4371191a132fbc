"""The desk in a browser: by keyboard alone and without a script, and readable by everybody in every state."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from schema import token
from schema.store import now, reading, writing
from server.database import open_database
from tests.persons import LINK, PROJECT, QUOTE
from tests.processes import Running, running

FIRST, RULE = "CE.0186~objective-19", "objective-19~include-1"
CODED = f"/desk/project/{PROJECT}/gcm"
FOCUSED = "each => each === document.activeElement"
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
FETCHED = "url => fetch(url, {credentials: 'include'}).then(each => each.text(), () => 'refused')"
MOST_TABS = 400


class At:
    """A service that runs, and the people who have a token for it."""

    def __init__(self, service: Running, folder: Path) -> None:
        self.service = service
        self.engine = open_database(f"sqlite:///{folder}/running.db")

    def token(self, name: str, role: str = "reviewer") -> str:
        """A new token."""
        with writing(self.engine) as transaction:
            return token.create(transaction.connection, name, token.scopes_of(role), now())

    def record(self, key: str, segment: str = "link") -> dict[str, Any]:
        """A record as it stands."""
        with reading(self.engine) as snapshot:
            return snapshot.record(segment, key) or {}

    def version(self) -> int:
        """The data version."""
        with reading(self.engine) as snapshot:
            return snapshot.version()

    def path(self, page: Page) -> str:
        """Where a page is."""
        return page.url.removeprefix(self.service.address)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[At]:
    """A service of the module's own."""
    folder = tmp_path_factory.mktemp("desk")
    with running(folder) as service:
        found = At(service, folder)
        yield found
        found.engine.dispose()


@contextmanager
def signed_in(browser: Browser, at: At, text: str, **options: Any) -> Iterator[Page]:
    """A page of somebody's own browser, at the queue."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    try:
        page = context.new_page()
        page.goto(f"{at.service.address}/desk")
        page.get_by_label("Token").fill(text)
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in").click()
        yield page
    finally:
        context.close()


# By keyboard, without a script


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus, which is then seen."""
    expect(wanted).to_have_count(1)
    for _ in range(MOST_TABS):
        if wanted.evaluate(FOCUSED):
            outline = wanted.evaluate("each => getComputedStyle(each).outlineStyle")
            assert outline != "none", wanted
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}")


def enter(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Reach something, press a key on it, and wait for the page that comes."""
    reach(page, wanted)
    with page.expect_navigation():
        page.keyboard.press(key)


def test_from_the_token_to_a_decision_to_undo_to_a_completed_coding_by_keyboard_alone(
    browser: Browser, at: At
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{at.service.address}/desk")
    reach(page, page.get_by_label("Token"))
    page.keyboard.type(at.token("keys"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert at.path(page) == "/desk"

    enter(page, page.get_by_role("link", name="Begin with the first"))
    assert at.path(page) == f"/desk/link/{FIRST}"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the decision")
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("radio", name="No rule"))
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"input[value='{RULE}']")).to_be_checked()
    reach(page, page.get_by_role("textbox", name="Reason"))
    page.keyboard.type("They work with the diaspora.")
    reach(page, page.get_by_role("radio", name="Accept"))
    page.keyboard.press("Space")
    enter(page, page.get_by_role("button", name="Save and go on"))

    (review,) = at.record(FIRST)["reviews"]
    assert (review["decision"], review["codebookRule"]) == ("accept", RULE)
    assert review["reason"] == "They work with the diaspora."
    expect(page.get_by_role("status")).to_contain_text("You accepted CE.0186")
    enter(page, page.get_by_role("button", name="Undo"))
    expect(page.get_by_role("status")).to_have_text("Your decision was taken back.")
    assert at.record(FIRST)["status"] == "proposed"

    enter(page, page.get_by_role("link", name="Projects").first)
    enter(page, page.get_by_role("link", name=f"{PROJECT} by GCM"))
    assert at.path(page) == CODED
    enter(page, page.get_by_role("link", name="Add a claim to Objective 23"))
    reach(page, page.get_by_label("Quote", exact=True))
    page.keyboard.type(QUOTE)
    enter(page, page.get_by_role("button", name="Add the claim"))
    expect(page.get_by_role("status")).to_have_text("Your claim was added.")
    assert at.record(LINK)["status"] == "accepted"
    enter(page, page.get_by_role("button", name="Complete the coding"))
    expect(page.get_by_role("status")).to_have_text("The coding is complete.")
    assert "completedAt" in at.record(f"{PROJECT}~gcm~1~keys", "coding")

    enter(page, page.get_by_role("button", name="Sign out"))
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    context.close()


def access(page: Page, key: str) -> None:
    """Press an access key, with the text of the key, which Playwright's own keyboard leaves out."""
    pressed = {"modifiers": 1, "key": key, "code": f"Key{key.upper()}", "unmodifiedText": key, "text": key}
    session = page.context.new_cdp_session(page)
    for kind in ("keyDown", "keyUp"):
        session.send("Input.dispatchKeyEvent", {"type": kind, **pressed})


def test_access_keys_decide(browser: Browser, at: At) -> None:
    with signed_in(browser, at, at.token("accesskeys"), java_script_enabled=False) as page:
        page.goto(f"{at.service.address}/desk/link/{FIRST}")
        access(page, "r")
        expect(page.get_by_role("radio", name="Reject")).to_be_checked()
        with page.expect_navigation():
            access(page, "s")
        expect(page.get_by_role("status")).to_contain_text("You rejected CE.0186")


def test_an_error_takes_the_focus_and_leads_to_its_field(browser: Browser, at: At) -> None:
    with signed_in(browser, at, at.token("errors"), java_script_enabled=False) as page:
        page.goto(f"{at.service.address}/desk/link/{FIRST}")
        enter(page, page.get_by_role("button", name="Save and go on"))
        assert page.title().startswith("Error: ")
        expect(page.locator("#errors")).to_be_focused()
        reach(page, page.get_by_role("link", name="Nothing is decided yet."))
        page.keyboard.press("Enter")
        expect(page.get_by_role("radio", name="Accept")).to_be_focused()
        group = page.get_by_role("group", name="Decision", exact=True)
        expect(group).to_have_accessible_description(re.compile("Nothing is decided yet. Choose accept"))


# Every page in every state


def states(page: Page, at: At, other: str) -> Iterator[str]:
    """Leads through the desk, and names each state that there is to look at."""
    base = at.service.address
    page.goto(f"{base}/desk?target=objective/&order=surest")
    yield "queue"
    page.goto(f"{base}/desk?project=NONE.1")
    yield "queue with an error"
    page.goto(f"{base}/desk?language=zh")
    yield "empty queue"
    page.goto(f"{base}/desk/projects")
    yield "projects"
    page.goto(f"{base}/desk/projects?project=NONE.1")
    yield "projects with an error"
    page.goto(f"{base}/desk/link/none")
    yield "problem"
    page.goto(f"{base}/desk/link/{other}")
    yield "link"
    send(page, "decide")
    yield "link with an error"
    page.get_by_role("radio", name="Accept").check()
    send(page, "decide")
    yield "next link"
    page.get_by_role("link", name=other.partition("~")[0]).first.click()
    yield "decided link"
    send(page, "undo")
    yield "undone link"
    page.goto(f"{base}/desk/project/{other.partition('~')[0]}/gcm")
    yield "project"
    page.goto(f"{base}/desk/project/{other.partition('~')[0]}/sdg")
    send(page, "start")
    yield "blind project"
    page.goto(f"{base}/desk/project/{other.partition('~')[0]}/sdg/add?target=sdg/10.7")
    yield "addition"
    send(page, "add")
    yield "addition with an error"
    page.get_by_role("textbox", name="Reason").fill("It says so.")
    send(page, "add")
    yield "added"
    page.get_by_role("link", name="SDG target 10.7", exact=True).click()
    yield "blind link"
    page.goto(f"{base}/desk")
    yield "queue while blind"
    page.goto(f"{base}/desk/project/{other.partition('~')[0]}/sdg")
    send(page, "complete")
    yield "coded project"
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    yield "door"
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()
    yield "door with an error"


def send(page: Page, action: str) -> None:
    """Send the form with this button."""
    with page.expect_navigation():
        page.locator(f"button[value={action}]").first.click()


@pytest.mark.parametrize(
    ("name", "options", "link"),
    [
        ("light", {}, "FM.0283~objective-16"),
        ("dark", {"color_scheme": "dark"}, "IS.0163~objective-16"),
        ("narrow", {"viewport": {"width": 320, "height": 640}}, "TC.0714~objective-11"),
        # 1,280 pixels at a zoom of 200 %.
        ("zoomed", {"viewport": {"width": 640, "height": 400}}, "W08-805~objective-1"),
    ],
)
def test_every_page_in_every_state_has_no_violation_and_fits(
    browser: Browser, at: At, name: str, options: dict[str, Any], link: str
) -> None:
    seen = []
    with signed_in(browser, at, at.token(name), **options) as page:
        complaints: list[str] = []
        page.on("console", lambda each: complaints.append(each.text))
        for state in states(page, at, link):
            results = Axe().run(page)
            assert results.violations_count == 0, f"{state}: {results.generate_report()}"
            assert page.evaluate(FITS), state
            assert page.locator("h1").count() == page.locator("main").count() == 1
            seen.append(state)
        # A browser tells of every answer that is no success.
        assert [each for each in complaints if "status of 4" not in each] == []
    assert len(seen) == len(set(seen)) == 21


def test_quotes_are_marked_in_their_context_and_say_their_language(browser: Browser, at: At) -> None:
    with signed_in(browser, at, at.token("quotes")) as page:
        page.goto(f"{at.service.address}/desk/link/CE.0333~objective-19")
        mark = page.locator("mark")
        expect(mark).to_have_text("diaspora links benefit the country's development")
        assert page.locator("blockquote[lang=en]").filter(has=mark).count() == 1
        page.get_by_role("link", name="quote 1").click()
        assert page.evaluate("document.querySelector(':target').tagName") == "MARK"
        # What is copied from the page is the text to the letter, without the number of the quote.
        page.evaluate("getSelection().selectAllChildren(document.querySelector('blockquote'))")
        source = at.record(at.record("CE.0333", "project")["sources"][0], "source")
        assert page.evaluate("`${getSelection()}`") == source["text"]


# What other sites can do


def test_no_other_site_can_send_a_form_or_frame_a_page(browser: Browser, at: At) -> None:
    with signed_in(browser, at, at.token("victim")) as page:
        before = at.version()
        # Another port is the same site, so the browser sends the cookie along.
        for attacker in ("http://attacker.example", "http://127.0.0.1:9"):
            page.route(f"{attacker}/**", _attacks(at))
            page.goto(f"{attacker}/post")
            with page.expect_navigation():
                page.locator("button").click()
            assert at.path(page) == f"/desk/link/{FIRST}"
            expect(page.locator("h1")).to_have_text("That did not work")
            expect(page.locator("main")).to_contain_text("sent by another site")
            page.goto(f"{attacker}/frame")
            framed = page.frames[1]
            assert "Queue" not in framed.locator("body").inner_text()
            page.goto(f"{attacker}/fetch")
            assert page.evaluate(FETCHED, f"{at.service.address}/desk") == "refused"
        assert at.version() == before


def _attacks(at: At) -> Any:
    """Pages of an attacker, who knows everything but the mark of the session."""
    link = f"{at.service.address}/desk/link/{FIRST}"
    fields = {"version": "1", "decision": "accept", "action": "decide", "mark": "0" * 64}
    inputs = "".join(f"<input name='{name}' value='{value}'>" for name, value in fields.items())
    pages = {
        "post": f"<form method='post' action='{link}'>{inputs}<button>Win</button></form>",
        "frame": f"<iframe src='{at.service.address}/desk'></iframe>",
        "fetch": "<p>Nothing</p>",
    }

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html", body=pages[route.request.url.rpartition("/")[2]])

    return answer


def test_hostile_text_runs_nothing(browser: Browser, at: At) -> None:
    hostile = "<img src=x onerror=document.title='won'><script>document.title='won'</script>"
    with writing(at.engine) as transaction:
        project = transaction.record("project", "PX.0220") or {}
        transaction.put({**project, "title": {"en": hostile}})
    with signed_in(browser, at, at.token("hostile")) as page:
        page.goto(f"{at.service.address}/desk/link/PX.0220~objective-7")
        page.get_by_role("textbox", name="Reason").fill(hostile)
        page.get_by_role("radio", name="Reject").check()
        send(page, "decide")
        page.goto(f"{at.service.address}/desk/link/PX.0220~objective-7")
        expect(page.get_by_role("textbox", name="Reason")).to_have_value(hostile)
        assert page.title() != "won"
        assert page.locator("img, script").count() == 0
        expect(page.locator("dl.facts")).to_contain_text(hostile)


def test_neither_tokens_nor_what_is_written_stand_in_the_log(browser: Browser, at: At) -> None:
    text = at.token("logged")
    with signed_in(browser, at, text) as page:
        page.goto(f"{at.service.address}/desk/link/{FIRST}")
        page.get_by_role("textbox", name="Reason").fill("What stays between us")
        page.get_by_role("radio", name="Accept").check()
        send(page, "decide")
        (cookie,) = page.context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
        assert page.evaluate("document.cookie") == ""
        assert text not in page.content()
    log = at.service.log()
    assert '"path":"/desk/sign-in"' in log
    for secret in (text, text[21:], cookie["value"], "between us"):
        assert secret not in log

"""Browser: Chromium without a window, and what a page asked for and complained of."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str | None:
    """The program, or None where there is none; COMPACTGRAPH_CHROMIUM names another one."""
    named = os.environ.get("COMPACTGRAPH_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


# Playwright keeps an event loop running, in which tests of other modules could not start their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; tests that need it are skipped where there is none."""
    program = chromium()
    if program is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield started
        started.close()


class Seen:
    """A page with what it asked for, and what it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        page.on("request", self._count)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)

    def _count(self, request: Request) -> None:
        self.requests.append(request)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def hosts(self) -> set[str]:
        """The hosts, with their ports, that the page asked."""
        parts = (urlsplit(each.url) for each in self.requests)
        return {each.netloc for each in parts if each.scheme in {"http", "https", "ws", "wss"}}


@contextmanager
def page(browser: Browser, *, width: int = 1280, height: int = 800) -> Iterator[Seen]:
    """A new page that remembers nothing of others."""
    context = browser.new_context(viewport={"width": width, "height": height})
    try:
        yield Seen(context.new_page())
    finally:
        context.close()

"""Visitors for tests of the desk: people who sign in, follow links and send the forms of pages."""

import re
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

from httpx2 import Response
from starlette.testclient import TestClient

from tests.persons import Person
from tests.serving import BASE

FORM = "application/x-www-form-urlencoded"


class _Fields(HTMLParser):
    """The hidden fields of each form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a form, or count one of its fields."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({"": found.get("action", "")})
        elif tag == "input" and found.get("type") == "hidden" and self.forms:
            self.forms[-1][found["name"]] = found["value"]


class Visitor:
    """Somebody at the desk with a browser of their own, which keeps its cookies."""

    def __init__(self, person: Person, *, signs_in: bool = True) -> None:
        self.browser = TestClient(
            person.service.client.app, BASE, follow_redirects=False, raise_server_exceptions=False
        )
        self.person, self.page = person, ""
        if signs_in:
            answer = self.post("/desk/sign-in", {"token": person.text or ""})
            assert answer.status_code == 303, answer.text

    def get(self, path: str) -> Response:
        """The answer to a path; its page is the one whose forms are sent."""
        answer = self.browser.get(path)
        self.page = answer.text
        return answer

    def shown(self, path: str) -> str:
        """A page that there is, behind redirects."""
        answer = self.get(path)
        while answer.status_code == 303:
            answer = self.get(urljoin(path, answer.headers["location"]))
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Response:
        """The answer to a form, whatever page it is of."""
        return self.browser.post(path, content=urlencode(fields), headers={"Content-Type": FORM, **headers})

    def sends(self, form: int = -1, **fields: str) -> Response:
        """The answer to a form of the page that was got last, by its place, with what is filled in."""
        parser = _Fields()
        parser.feed(self.page)
        hidden = parser.forms[form]
        path = hidden.pop("")
        answer = self.post(path, hidden | fields)
        if answer.status_code != 303:
            self.page = answer.text
        return answer

    @property
    def mark(self) -> str:
        """What forms of the session carry."""
        found = re.search(r'name="mark" value="([0-9a-f]{64})"', self.page or self.shown("/desk"))
        assert found is not None
        return found[1]

    def decides(self, link: str, decision: str, **fields: str) -> Response:
        """The answer to a decision on the page of a link."""
        self.shown(f"/desk/link/{link}")
        return self.sends(decision=decision, action="decide", **fields)

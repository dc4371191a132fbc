"""GraphiQL as it is served: who gets the page, what it may load, and how long its files may be kept."""

import re
from pathlib import Path

import pytest

from tests.serving import Service, serving

A_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def page(service: Service) -> str:
    """The page that a browser gets."""
    return service.client.get("/graphql", headers={"Accept": A_BROWSER}).text


def assets(service: Service) -> list[str]:
    """The addresses that the page loads."""
    return re.findall(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"', page(service))


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (A_BROWSER, "text/html; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        ("application/json, text/html;q=0.5", "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
    ],
)
def test_only_who_would_rather_have_html_gets_the_page(sample: Service, accept: str, media_type: str) -> None:
    answer = sample.client.get("/graphql", params={"query": "{ dataVersion }"}, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)


def test_a_browser_that_posts_gets_an_answer_and_no_page(sample: Service) -> None:
    answer = sample.client.post("/graphql", json={"query": "{ dataVersion }"}, headers={"Accept": A_BROWSER})
    assert answer.json()["data"]


def test_the_page_may_load_nothing_from_elsewhere_and_run_no_script_of_its_own(sample: Service) -> None:
    answer = sample.client.get("/graphql", headers={"Accept": A_BROWSER})
    policy = dict(each.split(" ", 1) for each in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert re.findall(r"<script(?! src| type=\"application/json\")", answer.text) == []
    assert re.findall(r"\b(?:src|href)=\"(?!/|data:,)", answer.text) == []


def test_the_files_of_the_page_may_be_kept_for_ever(sample: Service) -> None:
    found = assets(sample)
    assert len(found) == 8
    for path in found:
        for encoding in ("gzip", "identity"):
            answer = sample.client.get(path, headers={"Accept-Encoding": encoding})
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers.get("content-encoding") == ("gzip" if encoding == "gzip" else None)
            assert "Accept-Encoding" in answer.headers["vary"]
            assert answer.headers["content-type"].startswith(("text/css", "text/javascript"))
            assert len(answer.text) > 500


@pytest.mark.parametrize("path", ["/graphql/assets/other/page.js", "/graphql/assets/{}/../__init__.py"])
def test_a_file_of_another_release_or_place_is_not_found(sample: Service, path: str) -> None:
    release = assets(sample)[0].split("/")[3]
    answer = sample.client.get(path.format(release))
    assert answer.status_code == 404
    assert answer.json()["code"] == "NOT_FOUND"


def test_the_page_can_be_taken_away(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path}/own.db", sample=False, graphiql=False) as service:
        found = service.client.get("/graphql", headers={"Accept": A_BROWSER})
        assert "text/html" not in found.headers["content-type"]
        assert service.data("{ dataVersion }") == {"dataVersion": "1"}

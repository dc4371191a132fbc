"""Pages: what people see of a thing, in a browser, and what search engines are told."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Route
from rdflib import RDF, Literal, URIRef
from sqlalchemy import Engine
from starlette.testclient import TestClient

from ontology.terms import DCTERMS, SDO
from schema.links import Verdict, review_link
from schema.model.link import Decision
from schema.store import writing
from server.database import open_database
from server.revisions import upgrade
from tests.browser import Seen, page
from tests.graphs import read_with_pyld
from tests.rdfa import read_page, tags, words
from tests.server.things import BASE, MECHANISM, client_of, fill
from tests.serving import BASE as SERVED
from tests.serving import Service

ROOT = Path(__file__).parents[2]
TITLE = {"en": "A <b>bold</b> title", "fr": "Un titre", "ar": "عنوان"}
PAGES = [
    "/project/PAGE.1",
    "/project/PN.0008",
    "/project/GONE.1",
    "/project/NONE",
    "/link/PN.0008~objective-23",
    "/state/SLV",
    "/objective/23",
    "/scheme/sdg",
    "/codebook/objective-23",
    "/about/codebook?lang=fr",
    "/about/codebook?lang=en#objective-23~include-1",
    f"/instrument/{MECHANISM}",
    "/ns",
    "/shapes",
]


def project() -> dict[str, Any]:
    outcome = {"code": "1", "kind": "outcome", "text": {"en": "First outcome"}}
    outputs = [
        {"code": f"1.{each}", "kind": "output", "parent": "PAGE.1~1", "text": {"en": f"Output {each}"}}
        for each in range(1, 9)
    ]
    found = {"class": "project", "key": "PAGE.1", "title": TITLE, "budgetUsd": "1234567.80"}
    return found | {"startYear": 2024, "memberStates": ["SLV", "MDV"], "results": [outcome, *outputs]}


@pytest.fixture
def shown(own: Engine) -> TestClient:
    """A client of a database with all that a page can show."""
    with writing(own, "2026-11-26T10:00:00Z") as transaction:
        transaction.put(project())
        review_link(
            transaction,
            "PN.0008~objective-23",
            Verdict(Decision.ACCEPT, "ann", reason="It says so."),
        )
    return client_of(own, SERVED)


def structured(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    block: dict[str, Any] = json.loads(found[1])
    return block


@contextmanager
def opened(browser: Browser, client: TestClient, url: str) -> Iterator[Seen]:
    """A page as a browser shows it; the service answers in this process, and nothing else does."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SERVED)
        accept = route.request.all_headers().get("accept", "*/*")
        found = client.get(path, headers={"Accept": accept, "Accept-Encoding": "identity"})
        route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.content)

    with page(browser) as seen:
        seen.page.route(f"{SERVED}/**", answer)
        seen.page.goto(url)
        yield seen


# What people see


def test_a_title_stands_in_each_language_and_says_which(shown: TestClient) -> None:
    page = shown.get("/project/PAGE.1.html").text
    assert re.search(r'<h1 [^>]*lang="en" dir="ltr">A &lt;b&gt;bold&lt;/b&gt; title</h1>', page)
    assert re.search(r'lang="fr" dir="ltr">Un titre<', page)
    assert re.search(r'lang="ar" dir="rtl">عنوان<', page)
    assert "<title>A &lt;b&gt;bold&lt;/b&gt; title · compactgraph</title>" in page


def test_a_page_calls_fields_and_things_by_their_names(shown: TestClient) -> None:
    text = words(shown.get("/project/PAGE.1.html").content)
    for each in ("Budget in US dollars", "1,234,567.80 US dollars", "El Salvador", "Maldives", "Start year"):
        assert each in text
    assert "Result 1.8" in text
    assert "Output 8" in text


def test_a_project_shows_its_links_with_why(shown: TestClient) -> None:
    page = shown.get("/project/PN.0008.html")
    text = words(page.content)
    accepted, proposed = text.index("accepted"), text.index("proposed")
    assert accepted < proposed
    for each in ("rules", "0.7", "It says so.", "ann", "Strengthen international cooperation"):
        assert each in text
    assert "<mark " in page.text
    assert f'href="{SERVED}/objective/23"' in page.text
    assert f'href="{SERVED}/link/PN.0008~objective-23"' in page.text


def test_a_part_is_found_by_the_fragment_of_its_iri(shown: TestClient) -> None:
    page = shown.get("/link/PN.0008~objective-23.html").text
    for fragment in ("claim-1", "claim-1.evidence-1", "review-1"):
        assert f'id="{fragment}"' in page
        assert f'resource="{SERVED}/id/link/PN.0008~objective-23#{fragment}"' in page


@pytest.mark.parametrize("path", PAGES)
def test_every_place_in_a_page_has_a_name_of_its_own(shown: TestClient, path: str) -> None:
    found = re.findall(r' id="([^"]*)"', shown.get(path, headers={"Accept": "text/html"}).text)
    assert len(found) == len(set(found))


def test_a_page_has_no_script_and_loads_nothing(shown: TestClient) -> None:
    for path in PAGES:
        answer = shown.get(path, headers={"Accept": "text/html"})
        assert set(tags(answer.content)).isdisjoint({"img", "iframe", "form", "object", "video"})
        assert answer.text.count("<script") == answer.text.count('<script type="application/ld+json">') <= 1
        assert not re.search(r'<link rel="stylesheet"| on\w+="', answer.text)
        assert "default-src 'none'" in answer.headers["content-security-policy"]


FITS = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_a_browser_has_nothing_to_complain_of(
    browser: Browser, shown: TestClient, path: str
) -> None:
    with opened(browser, shown, SERVED + path) as seen:
        assert seen.hosts() == {urlsplit(SERVED).netloc}
        results = Axe().run(seen.page)
        assert results.violations_count == 0, results.generate_report()
        # A browser tells of every answer that is no success.
        assert [each for each in seen.complaints if "status of 4" not in each] == []
        assert seen.page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"
        assert seen.page.evaluate(FITS)


def test_a_page_fits_a_narrow_screen_and_a_dark_one(browser: Browser, shown: TestClient) -> None:
    with opened(browser, shown, f"{SERVED}/project/PN.0008") as seen:
        seen.page.set_viewport_size({"width": 360, "height": 640})
        assert seen.page.evaluate(FITS)
        seen.page.emulate_media(color_scheme="dark")
        assert Axe().run(seen.page).violations_count == 0


def test_a_browser_finds_the_place_of_a_part_by_its_fragment(browser: Browser, shown: TestClient) -> None:
    with opened(browser, shown, f"{SERVED}/link/PN.0008~objective-23#claim-1.evidence-1") as seen:
        assert seen.page.evaluate("document.querySelector(':target').id") == "claim-1.evidence-1"


# The query


def asked(page: str) -> str:
    found = re.search(r'href="([^"]*/graphql\?query=[^"]*)"', page)
    assert found is not None
    return parse_qs(urlsplit(found[1]).query)["query"][0]


@pytest.mark.parametrize(
    "path",
    [
        "project/PN.0008",
        "state/SLV",
        "network/global",
        "objective/23",
        "principle/1",
        "sdg/10",
        "sdg/10.7",
        "code/region/lac",
    ],
)
def test_the_query_of_a_page_asks_for_the_same_thing(sample: Service, path: str) -> None:
    page = sample.client.get(f"/{path}.html").text
    query = asked(page)
    answer = sample.data(query)["node"]
    assert answer["id"] == path
    assert sample.client.get("/graphql", params={"query": query}).json()["data"]["node"] == answer


def test_the_query_of_a_link_and_of_a_source_are_answered_too(sample: Service) -> None:
    [link] = sample.data("{ links(first: 1) { nodes { id claims { evidence { source { id } } } } } }")[
        "links"
    ]["nodes"]
    source = link["claims"][0]["evidence"][0]["source"]["id"]
    for path in (link["id"], source):
        assert sample.data(asked(sample.client.get(f"/{path}.html").text))["node"]["id"] == path


# What search engines are told


def test_search_engines_are_told_what_the_thing_is(shown: TestClient) -> None:
    found = read_with_pyld(structured(shown.get("/project/PAGE.1.html").text))
    page, thing = URIRef(f"{SERVED}/project/PAGE.1"), URIRef(f"{SERVED}/id/project/PAGE.1")
    assert (page, RDF.type, SDO.WebPage) in found
    assert (page, SDO.mainEntity, thing) in found
    assert (thing, RDF.type, SDO.Project) in found
    assert {(str(o), getattr(o, "language", None)) for s, p, o in found if (s, p) == (thing, SDO.name)} == {
        (text, language) for language, text in TITLE.items()
    }
    assert (thing, SDO.areaServed, URIRef(f"{SERVED}/id/state/SLV")) in found
    assert any(p == SDO.value and str(o) == "1234567.80" for _, p, o in found)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("state/SLV", "Country"),
        ("network/global", "Organization"),
        ("objective/23", "DefinedTerm"),
        ("scheme/region", "DefinedTermSet"),
        ("link/PN.0008~objective-23", "CreativeWork"),
        ("coding/PN.0008~gcm~1~ann", "Action"),
        (f"instrument/{MECHANISM}", "Thing"),
    ],
)
def test_every_class_has_a_place_in_schema_org(client: TestClient, path: str, kind: str) -> None:
    block = structured(client.get(f"/{path}.html").text)
    assert block["mainEntity"]["@type"] == kind
    assert block["url"]["@id"] == f"{BASE}/{path}"
    assert block["mainEntity"]["@id"]


# The same everywhere


def digests() -> str:
    """Hashes the pages of two things, the ontology and the shapes, over a database of their own."""
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/pages.db")
        upgrade(engine)
        fill(engine)
        client = client_of(engine)
        bodies = [
            client.get(f"/{each}.html").content for each in ("project/PN.0008", "scheme/sdg", "ns", "shapes")
        ]
        engine.dispose()
    return " ".join(hashlib.sha256(each).hexdigest() for each in bodies)


def test_other_processes_write_the_same_pages() -> None:
    program = "import sys; from tests.server.test_pages import digests; sys.stdout.write(digests())"
    seen = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
    assert len(seen.pop().split()) == 4


def test_a_literal_of_a_title_is_found_in_the_page(shown: TestClient) -> None:
    found = read_page(shown.get("/project/PAGE.1.html").content)
    subject = URIRef(f"{SERVED}/id/project/PAGE.1")
    assert {o for s, p, o in found if (s, p) == (subject, DCTERMS.title)} == {
        Literal(text, lang=language) for language, text in TITLE.items()
    }

"""What search engines read on the pages of the catalogue: schema.org, as exact JSON-LD."""

import json
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from ontology.collections import COLLECTIONS
from tests.graphs import read_with_pyld
from tests.serving import BASE, Service

NAMES = ("all", *COLLECTIONS)


def block(service: Service, path: str) -> dict[str, Any]:
    page = LexborHTMLParser(service.client.get(path).text)
    found = page.css_first('script[type="application/ld+json"]')
    assert found is not None
    told: dict[str, Any] = json.loads(found.text())
    return told


@pytest.mark.parametrize("name", NAMES)
def test_every_dataset_has_what_search_engines_ask_for(portal: Service, name: str) -> None:
    told = block(portal, f"/dataset/{name}.html")
    assert told["@type"] == "Dataset"
    assert [each["@language"] for each in told["name"]] == ["en", "fr", "es"]
    for each in told["description"]:
        assert 50 <= len(each["@value"]) <= 5000, each
    for field in (
        "license",
        "creator",
        "keywords",
        "temporalCoverage",
        "spatialCoverage",
        "dateModified",
        "version",
    ):
        assert told[field], field
    assert {each["@type"] for each in told["distribution"]} == {"DataDownload"}
    assert all(each["contentUrl"].startswith(BASE) and each["sha256"] for each in told["distribution"])


def test_the_catalogue_is_a_data_catalogue_with_its_datasets(portal: Service) -> None:
    told = block(portal, "/catalog.html")
    assert told["@type"] == "DataCatalog"
    assert [each["@id"] for each in told["dataset"]] == [f"{BASE}/dataset/{name}" for name in NAMES]


@pytest.mark.parametrize("path", ["/catalog.html", "/dataset/projects.html"])
def test_the_block_is_exact_rdf_by_itself(portal: Service, path: str) -> None:
    statements = read_with_pyld(block(portal, path))
    assert any(str(predicate) == "https://schema.org/description" for _, predicate, _ in statements)


@pytest.mark.parametrize("path", ["/catalog.html", "/dataset/projects.html", "/service/graphql.html"])
def test_a_page_runs_and_loads_nothing(portal: Service, path: str) -> None:
    response = portal.client.get(path)
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    page = LexborHTMLParser(response.text)
    assert {each.attributes.get("type") for each in page.css("script")} == {"application/ld+json"}
    assert page.css("img, iframe, link[rel=stylesheet]") == []
    assert page.css_first("html").attributes["lang"] == "en"
    assert len(page.css("h1")) == 1


def test_the_page_of_a_dataset_shows_its_files_with_sizes_and_checksums(portal: Service) -> None:
    page = LexborHTMLParser(portal.client.get("/dataset/projects.html").text)
    rows = page.css("tbody tr")
    assert len(rows) > 6
    for row in rows:
        assert len(row.css_first("code").text()) == 64
        assert row.css_first("a").attributes["href"].startswith(f"{BASE}/dump/projects.")


def test_pages_of_the_catalogue_lead_to_each_other(portal: Service) -> None:
    page = LexborHTMLParser(portal.client.get("/catalog.html?size=4&page=2").text)
    links = {each.attributes["rel"]: each.attributes["href"] for each in page.css("nav a[rel]")}
    assert links == {"prev": f"{BASE}/catalog.html?size=4", "next": f"{BASE}/catalog.html?page=3&size=4"}

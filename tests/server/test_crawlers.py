"""Crawlers: what robots may read, and sitemaps that name everything with the time of its last change."""

from xml.etree import ElementTree

import pytest

from server import crawlers
from tests.server.things import fill
from tests.serving import BASE, Service

NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def listed(service: Service, path: str) -> dict[str, str]:
    """The addresses of a sitemap or an index, each with the time of its last change."""
    response = service.client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/xml; charset=utf-8")
    entries = list(ElementTree.fromstring(response.content))
    found = {
        each.findtext("s:loc", "", NAMESPACE): each.findtext("s:lastmod", "", NAMESPACE) for each in entries
    }
    assert len(found) == len(entries)
    return found


def everything(service: Service) -> dict[str, str]:
    found: dict[str, str] = {}
    for address in listed(service, "/sitemap.xml"):
        more = listed(service, address.removeprefix(BASE))
        assert found.keys().isdisjoint(more)
        found |= more
    return found


def test_robots_may_read_everything_but_queries_and_are_told_of_the_sitemap(portal: Service) -> None:
    response = portal.client.get("/robots.txt")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Disallow: /graphql\n" in response.text
    assert f"\nSitemap: {BASE}/sitemap.xml\n" in response.text


def test_every_address_of_the_sitemaps_answers(portal: Service) -> None:
    found = everything(portal)
    assert f"{BASE}/catalog" in found
    assert f"{BASE}/project/PN.0008" in found
    for address in [each for each in found if "/project/" in each or "/dataset/" in each or "/link/" in each]:
        assert portal.client.get(address, follow_redirects=False).status_code == 200, address


def test_the_time_of_a_change_comes_from_the_data(service: Service) -> None:
    fill(service.engine)
    found = everything(service)
    assert found[f"{BASE}/state/SLV"] == "2026-11-23T00:00:00Z"
    assert found[f"{BASE}/network/global"] == "2026-11-23T00:00:00Z"
    assert found[f"{BASE}/project/PN.0008"] == "2026-11-24T10:00:00Z"


def test_what_was_deleted_or_leads_to_another_key_is_in_no_sitemap(service: Service) -> None:
    fill(service.engine)
    projects = {each.removeprefix(f"{BASE}/project/") for each in everything(service) if "/project/" in each}
    # Of the two that were merged the older one lives on.
    assert len(projects) == 1
    assert projects < {"PN.0008", "OLD.1"}


def test_no_sitemap_holds_more_than_it_may(portal: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = everything(portal)
    monkeypatch.setattr(crawlers, "LARGEST_SITEMAP", 100)
    index = listed(portal, "/sitemap.xml")
    assert len(index) > 4
    assert all(len(listed(portal, each.removeprefix(BASE))) <= 100 for each in index)
    assert everything(portal) == whole


@pytest.mark.parametrize("name", ["0", "99", "x", "-1", "999999999999999999999"])
def test_a_sitemap_that_is_not_there_is_not_found(portal: Service, name: str) -> None:
    assert portal.client.get(f"/sitemap/{name}.xml").status_code == 404


def test_a_sitemap_that_a_robot_holds_is_not_sent_again(portal: Service) -> None:
    first = portal.client.get("/sitemap.xml")
    again = portal.client.get("/sitemap.xml", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304

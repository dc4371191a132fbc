"""The catalogue as portals meet it: its formats, pages, addresses and headers, and that it stays as it is."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from selectolax.lexbor import LexborHTMLParser

from ontology.collections import COLLECTIONS
from ontology.formats import FORMATS
from ontology.terms import DCAT, DCTERMS, FOAF, HYDRA, RDF, RDFS, SPDX, VCARD, XSD
from server.publication import manifest
from tests.graphs import read, read_with_pyld
from tests.server.catalogued import fetched, next_page, pages
from tests.serving import BASE, Service, serving

EVERY = pytest.mark.parametrize("suffix", FORMATS)
PAGING = {HYDRA.view, HYDRA.first, HYDRA.last, HYDRA.next, HYDRA.previous}


@pytest.fixture(scope="module")
def catalogue(portal: Service) -> Graph:
    return fetched(portal, "/catalog.ttl")


def without_paging(graph: Graph) -> set[tuple[object, object, object]]:
    return {
        (s, p, o)
        for s, p, o in graph
        if p not in PAGING and (p, o) != (RDF.type, HYDRA.PartialCollectionView)
    }


def of_type(graph: Graph, kind: URIRef) -> list[URIRef]:
    return sorted(each for each in graph.subjects(RDF.type, kind) if isinstance(each, URIRef))


# How it is asked for


@pytest.mark.parametrize("accept", ["*/*", "", "application/octet-stream, */*;q=0.1"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_whoever_accepts_anything_gets_rdf_and_no_redirect(portal: Service, method: str, accept: str) -> None:
    response = portal.client.request(method, "/catalog", headers={"Accept": accept}, follow_redirects=False)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"


def test_a_browser_gets_html(portal: Service) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    response = portal.client.get("/catalog", headers={"Accept": accept})
    assert response.headers["content-type"] == "text/html; charset=utf-8"


@EVERY
def test_each_format_has_an_address_which_the_catalogue_names(portal: Service, suffix: str) -> None:
    response = portal.client.get(f"/catalog.{suffix}")
    assert response.headers["content-type"] == f"{FORMATS[suffix].media_type}; charset=utf-8"
    named = portal.client.get("/catalog.html").headers["link"]
    assert f'<{BASE}/catalog.{suffix}>; rel="alternate"; type="{FORMATS[suffix].media_type}"' in named


@EVERY
def test_every_format_has_the_same_graph_but_for_the_paging(
    portal: Service, suffix: str, catalogue: Graph
) -> None:
    assert without_paging(fetched(portal, f"/catalog.{suffix}", suffix)) == without_paging(catalogue)


def test_the_page_for_browsers_carries_the_same_graph(portal: Service, catalogue: Graph) -> None:
    page = LexborHTMLParser(portal.client.get("/catalog.html").text)
    block = page.css_first("script#graph")
    assert block is not None
    carried = Graph()
    for statement in read_with_pyld(json.loads(block.text())):
        carried.add(statement)
    assert without_paging(carried) == without_paging(catalogue)


def test_json_ld_needs_no_context_from_elsewhere(portal: Service) -> None:
    document = portal.client.get("/catalog.jsonld").json()
    assert read_with_pyld(document) == read(json.dumps(document), "jsonld")


def test_what_is_not_offered_is_refused_with_the_formats_that_are(portal: Service) -> None:
    response = portal.client.get("/catalog", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert f"<{BASE}/catalog.ttl>" in response.headers["link"]
    assert portal.client.get("/catalog.xls").status_code == 404
    assert portal.client.post("/catalog").status_code == 405


def test_addresses_come_from_the_configured_base_and_never_from_the_request(portal: Service) -> None:
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    assert (
        portal.client.get("/catalog.ttl?size=2", headers=forged).text
        == portal.client.get("/catalog.ttl?size=2").text
    )
    assert "evil.example" not in portal.client.get("/catalog.ttl", headers=forged).headers["link"]


# That it stays as it is


@pytest.mark.parametrize(
    "path", ["/catalog.ttl", "/catalog.html", "/dataset/projects.rdf", "/.well-known/void.nt"]
)
def test_who_holds_the_bytes_is_told_so(portal: Service, path: str) -> None:
    first = portal.client.get(path)
    assert first.headers["last-modified"].endswith("GMT")
    for condition in (
        {"If-None-Match": first.headers["etag"]},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        again = portal.client.get(path, headers=condition)
        assert (again.status_code, again.content) == (304, b"")
    assert portal.client.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


def test_another_installation_in_another_process_writes_the_same_bytes(
    portal: Service, tmp_path: Path
) -> None:
    script = (
        "import sys, hashlib, pathlib\n"
        "from tests.server.catalogued import PUBLISHING, catalogued\n"
        "with catalogued(pathlib.Path(sys.argv[1]), **PUBLISHING) as service:\n"
        "    for path in sys.argv[2:]:\n"
        "        print(hashlib.sha256(service.client.get(path).content).hexdigest())\n"
    )
    paths = [f"{path}.{each}" for path in ("/catalog", "/dataset/all") for each in (*FORMATS, "html")]
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), *paths, "/.well-known/void"],
        env=os.environ | {"PYTHONHASHSEED": "1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    here = [
        hashlib.sha256(portal.client.get(each).content).hexdigest() for each in (*paths, "/.well-known/void")
    ]
    assert run.stdout.split() == here


# Its pages


@EVERY
def test_pages_follow_each_other_in_one_format_and_end(
    portal: Service, suffix: str, catalogue: Graph
) -> None:
    found = pages(portal, f"/catalog.{suffix}?size=5", suffix)
    assert len(found) == 3
    for page in found:
        assert len(of_type(page, HYDRA.PartialCollectionView)) == 1
    assert [next_page(each) for each in found[:-1]] == [
        f"{BASE}/catalog.{suffix}?page={n}&size=5" for n in (2, 3)
    ]
    for kind in (DCAT.Dataset, DCAT.DataService):
        everything = [subject for page in found for subject in of_type(page, kind)]
        assert len(everything) == len(set(everything))
        assert set(everything) == set(of_type(catalogue, kind))


def test_all_pages_together_say_what_one_page_says(portal: Service, catalogue: Graph) -> None:
    together = Graph()
    for page in pages(portal, "/catalog.ttl?size=3"):
        together += page
    assert without_paging(together) == without_paging(catalogue)


def test_an_address_without_a_format_leads_on_to_pages_of_the_format_that_it_answered_in(
    portal: Service,
) -> None:
    response = portal.client.get("/catalog?size=4", headers={"Accept": "application/rdf+xml"})
    assert response.headers["content-location"] == f"{BASE}/catalog.rdf?size=4"
    assert f"{BASE}/catalog.rdf?page=2&amp;size=4" in response.text


def test_the_size_of_a_page_is_a_setting(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path}/own.db", sample=False, catalogue_page_size=5) as service:
        assert len(pages(service, "/catalog.ttl")) == 3


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=two", "size=0", "size=1001", "modified_since=soon"]
)
def test_a_page_that_cannot_be_is_refused(portal: Service, query: str) -> None:
    response = portal.client.get(f"/catalog.ttl?{query}")
    assert (response.status_code, response.json()["code"]) == (400, "INVALID_INPUT")


def test_there_is_no_page_behind_the_last(portal: Service) -> None:
    assert portal.client.get("/catalog.ttl?page=2").status_code == 404


@pytest.mark.parametrize(
    ("since", "number"),
    [
        ("2026-11-23", len(COLLECTIONS) + 1),
        ("2026-11-23T00:00:00Z", len(COLLECTIONS) + 1),
        ("2026-11-23T01:00:00+01:00", len(COLLECTIONS) + 1),
        ("2026-11-23T00:00:01Z", 0),
        ("2030-01-01", 0),
    ],
)
def test_only_what_changed_since_a_moment_can_be_asked_for(portal: Service, since: str, number: int) -> None:
    graph = fetched(portal, f"/catalog.ttl?modified_since={since}")
    assert len(of_type(graph, DCAT.Dataset)) == number
    assert of_type(graph, DCAT.DataService) == []


def test_pages_of_what_changed_keep_to_it(portal: Service) -> None:
    found = pages(portal, "/catalog.ttl?size=4&modified_since=2026-11-23")
    assert [len(of_type(each, DCAT.Dataset)) for each in found] == [4, 4, 4]


# What it says


def test_there_is_a_dataset_for_each_collection_and_one_for_all(catalogue: Graph) -> None:
    assert of_type(catalogue, DCAT.Dataset) == sorted(
        URIRef(f"{BASE}/dataset/{name}") for name in ("all", *COLLECTIONS)
    )


@pytest.mark.parametrize("kind", [DCAT.Catalog, DCAT.Dataset, DCAT.DataService, DCAT.Distribution])
def test_everything_has_exactly_one_identifier_and_no_two_share_one(catalogue: Graph, kind: URIRef) -> None:
    identifiers = [list(catalogue.objects(each, DCTERMS.identifier)) for each in of_type(catalogue, kind)]
    assert all(len(each) == 1 for each in identifiers)
    assert len({str(each[0]) for each in identifiers}) == len(identifiers) > 0


@pytest.mark.parametrize("kind", [DCAT.Catalog, DCAT.Dataset, DCAT.DataService, DCAT.Distribution])
def test_everything_has_title_and_description_in_three_languages(catalogue: Graph, kind: URIRef) -> None:
    for each in of_type(catalogue, kind):
        for stated in (DCTERMS.title, DCTERMS.description):
            words = [node for node in catalogue.objects(each, stated) if isinstance(node, Literal)]
            assert {node.language for node in words} == {"en", "fr", "es"}, (each, stated)


def test_every_dataset_says_what_portals_ask_for(catalogue: Graph) -> None:
    once = (
        DCTERMS.publisher, DCTERMS.issued, DCTERMS.modified, DCTERMS.accrualPeriodicity, DCTERMS.accessRights,
        DCTERMS.temporal, DCAT.version, DCAT.landingPage, DCAT.contactPoint, DCTERMS.conformsTo,
    )  # fmt: skip
    some = (DCAT.theme, DCAT.keyword, DCTERMS.spatial, DCAT.distribution)
    for each in of_type(catalogue, DCAT.Dataset):
        assert [len(list(catalogue.objects(each, stated))) for stated in once] == [1] * len(once), each
        assert all(list(catalogue.objects(each, stated)) for stated in some), each


def test_times_have_a_zone_and_are_not_yet_to_come(catalogue: Graph) -> None:
    times = [
        node for stated in (DCTERMS.issued, DCTERMS.modified) for node in catalogue.objects(None, stated)
    ]
    assert times
    for each in times:
        assert isinstance(each, Literal)
        assert each.datatype == XSD.dateTime
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(each)), each
        assert str(each) <= "2026-11-23T00:00:00Z"


def test_keywords_are_such_as_ckan_takes(catalogue: Graph) -> None:
    found = [str(each) for each in catalogue.objects(None, DCAT.keyword)]
    assert found
    assert [each for each in found if not re.fullmatch(r"[\w \-.]{2,100}", each)] == []


def test_coverage_follows_from_the_data(portal: Service, catalogue: Graph) -> None:
    projects = portal.data(
        "{ projects(first: 100) { nodes { startYear endYear year memberStates { iso3 } } } }"
    )
    nodes = projects["projects"]["nodes"]
    years = [each[name] for each in nodes for name in ("startYear", "endYear", "year") if each[name]]
    subject = URIRef(f"{BASE}/dataset/projects")
    period = catalogue.value(subject, DCTERMS.temporal)
    assert str(catalogue.value(period, DCAT.startDate)) == f"{min(years)}-01-01"
    assert str(catalogue.value(period, DCAT.endDate)) == f"{max(years)}-12-31"
    states = {state["iso3"] for each in nodes for state in each["memberStates"]}
    assert {str(each)[-3:] for each in catalogue.objects(subject, DCTERMS.spatial)} >= states


def test_every_distribution_has_a_licence_of_the_eu_list_and_the_licence_no_label(catalogue: Graph) -> None:
    licence = URIRef("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0")
    distributions = of_type(catalogue, DCAT.Distribution)
    assert {catalogue.value(each, DCTERMS.license) for each in distributions} == {licence}
    assert list(catalogue.objects(licence, RDFS.label)) == []


def test_checksums_and_sizes_are_those_of_the_files(portal: Service, catalogue: Graph) -> None:
    folder: Path = portal.client.app.state.settings.publication_folder  # type: ignore[attr-defined]
    current = manifest(folder)
    assert current is not None
    files = {f"{BASE}{each.path}": current.place(folder, each) for each in current.publication.files}
    for each in of_type(catalogue, DCAT.Distribution):
        content = files.pop(str(catalogue.value(each, DCAT.downloadURL))).read_bytes()
        checksum = catalogue.value(each, SPDX.checksum)
        value = catalogue.value(checksum, SPDX.checksumValue)
        assert isinstance(value, Literal)
        assert (str(value), value.datatype) == (hashlib.sha256(content).hexdigest(), XSD.hexBinary)
        assert str(catalogue.value(checksum, SPDX.algorithm)).startswith("https://spdx.org/rdf/terms#")
        assert str(catalogue.value(each, DCAT.byteSize)) == str(len(content))
    assert files == {}


def test_the_publisher_and_the_contact_are_those_of_the_settings(catalogue: Graph) -> None:
    publisher = URIRef("https://fund.example.org/")
    assert set(catalogue.objects(None, DCTERMS.publisher)) == {publisher}
    assert str(catalogue.value(publisher, FOAF.name)) == "A fund"
    contact = catalogue.value(None, RDF.type, VCARD.Organization)
    assert catalogue.value(contact, VCARD.hasEmail) == URIRef("mailto:data@fund.example.org")


def test_the_graphql_service_says_where_it_is_what_describes_it_and_what_it_serves(catalogue: Graph) -> None:
    service = URIRef(f"{BASE}/service/graphql")
    assert catalogue.value(service, DCAT.endpointURL) == URIRef(f"{BASE}/graphql")
    assert catalogue.value(service, DCAT.endpointDescription) == URIRef(f"{BASE}/schema.graphql")
    assert catalogue.value(service, DCTERMS.conformsTo) is not None
    assert set(catalogue.objects(service, DCAT.servesDataset)) == set(of_type(catalogue, DCAT.Dataset))


@pytest.mark.parametrize("path", ["/dataset/projects", "/dataset/all", "/service/graphql"])
@EVERY
def test_what_is_catalogued_answers_at_its_own_iri(
    portal: Service, path: str, suffix: str, catalogue: Graph
) -> None:
    own = fetched(portal, f"{path}.{suffix}", suffix)
    subject = URIRef(BASE + path)
    assert set(own.predicate_objects(subject)) == set(catalogue.predicate_objects(subject))
    assert portal.client.get(path).status_code == 200
    assert portal.client.get(f"{path}.html").status_code == 200


def test_what_is_not_catalogued_is_not_found(portal: Service) -> None:
    for path in ("/dataset/nothing", "/service/nothing", "/dataset/projects.xls"):
        assert portal.client.get(path).status_code == 404


# Before anything is published


def test_before_the_first_publication_data_can_be_had_from_graphql(service: Service) -> None:
    graph = fetched(service, "/catalog.ttl")
    assert len(of_type(graph, DCAT.Dataset)) == len(COLLECTIONS) + 1
    for each in of_type(graph, DCAT.Distribution):
        assert graph.value(each, DCAT.accessURL) == URIRef(f"{BASE}/graphql")
        assert graph.value(each, DCAT.downloadURL) is None
        assert graph.value(each, SPDX.checksum) is None

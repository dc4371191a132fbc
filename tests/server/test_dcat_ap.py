"""DCAT-AP 3.0.1: the catalogue breaks none of its shapes, by itself or with lists of the EU at hand."""

from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import SH, Graph

from ontology.terms import DCAT, DCTERMS
from ontology.vocabularies import vocabulary
from server.settings import settings
from tests.server.catalogued import fetched, pages
from tests.serving import Service

FOLDER = settings().test_shapes
SHAPES = sorted(FOLDER.glob("*.ttl"))

needs_shapes = pytest.mark.skipif(
    not SHAPES, reason=f"the DCAT-AP shapes are not in {FOLDER}; COMPACTGRAPH_TEST_SHAPES names their folder"
)

# Labels and classes of IRIs that others keep, as a portal knows them: of more than one page ever names.
KNOWN = vocabulary("authorities")


def shapes(path: Path) -> Graph:
    """The shapes of a file, without the two of release 3.0.1 that name no path and so cannot be read."""
    graph = Graph().parse(path, format="turtle")
    for node, stated in list(graph.subject_objects(SH.property)):
        if (stated, SH.path, None) not in graph:
            graph.remove((node, SH.property, stated))
    return graph


def violations(data: Graph, path: Path) -> list[str]:
    _, report, _ = validate(data, shacl_graph=shapes(path), advanced=True, allow_warnings=True)
    assert isinstance(report, Graph)
    found = [result for outer in report.subjects(SH.conforms) for result in report.objects(outer, SH.result)]
    return [
        f"{report.value(each, SH.focusNode)} {report.value(each, SH.resultPath)} "
        f"{report.value(each, SH.resultMessage)}"
        for each in found
        if report.value(each, SH.resultSeverity) == SH.Violation
    ]


def test_there_are_shapes_for_what_the_catalogue_describes() -> None:
    if not SHAPES:
        pytest.skip(f"the DCAT-AP shapes are not in {FOLDER}; COMPACTGRAPH_TEST_SHAPES names their folder")
    targets = {each for path in SHAPES for each in shapes(path).objects(None, SH.targetClass)}
    assert {DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService, DCTERMS.PeriodOfTime} <= targets


@needs_shapes
@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_the_catalogue_breaks_no_shape_bare(portal: Service, path: Path) -> None:
    assert violations(fetched(portal, "/catalog.ttl"), path) == []


@needs_shapes
@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_the_catalogue_breaks_no_shape_with_background(portal: Service, path: Path) -> None:
    assert violations(fetched(portal, "/catalog.ttl") + KNOWN, path) == []


@needs_shapes
@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_several_pages_together_break_no_shape(portal: Service, path: Path) -> None:
    together = Graph()
    for page in pages(portal, "/catalog.ttl?size=4"):
        together += page
    assert violations(together, path) == []


@needs_shapes
@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_each_page_breaks_no_shape_by_itself(portal: Service, path: Path) -> None:
    for page in pages(portal, "/catalog.ttl?size=1"):
        assert violations(page, path) == []


@needs_shapes
@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
@pytest.mark.parametrize("subject", ["dataset/projects", "service/graphql", "service/feed"])
def test_what_is_catalogued_breaks_no_shape_at_its_own_address(
    portal: Service, path: Path, subject: str
) -> None:
    assert violations(fetched(portal, f"/{subject}.ttl"), path) == []


@needs_shapes
@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_the_catalogue_breaks_no_shape_before_anything_is_published(service: Service, path: Path) -> None:
    assert violations(fetched(service, "/catalog.ttl"), path) == []


@needs_shapes
def test_a_catalogue_without_titles_would_be_seen(portal: Service) -> None:
    data = fetched(portal, "/catalog.ttl")
    data.remove((None, DCTERMS.title, None))
    assert any(violations(data, path) for path in SHAPES)


@needs_shapes
def test_nothing_is_said_that_is_deprecated(portal: Service) -> None:
    data = fetched(portal, "/catalog.ttl")
    deprecated = next(path for path in SHAPES if path.stem == "deprecateduris")
    _, report, _ = validate(data, shacl_graph=shapes(deprecated), allow_warnings=True)
    assert isinstance(report, Graph)
    assert list(report.objects(None, SH.result)) == []

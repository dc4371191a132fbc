"""GraphQL and RDF tell the same of a project, field by field; the two are read apart and compared here."""

from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS, XSD, Namespace

from server.importer.run import import_paths
from server.settings import Settings
from tests.graphs import graph as graph_of
from tests.graphs import read
from tests.serving import BASE, Service

CG = Namespace(f"{BASE}/ns#")
OA = Namespace("http://www.w3.org/ns/oa#")
PROV = Namespace("http://www.w3.org/ns/prov#")
SDO = Namespace("https://schema.org/")

PROJECT = """query($id: ID!) { project(id: $id) {
    id iri updatedAt projectId primaId titles { value language } descriptions { value language }
    startYear endYear year status coverage region { iri } type { iri } budgetUsd
    memberStates { iri } otherStates { iri }
    results { iri kind code texts { value language } parent { iri } children { iri } }
    objectives { iri } sdgGoals { iri } sdgTargets { iri } networks { iri } instruments { iri }
    sources { iri } provenance { field language value source { iri } start end }
    conflicts { field kept other source { iri } rule }
    links { iri status version updatedAt target { ... on Resource { iri } }
        claims { method methodVersion ruleIds confidence calibrated reason madeBy madeAt
            evidence { quote prefix suffix start end language textSha256 source { iri } } }
        reviews { decision reason codebookRule reviewer blind at undoneAt } } } }"""


def values(graph: Graph, subject: URIRef, predicate: URIRef) -> list[str]:
    """What a subject says under a predicate, as sorted plain text."""
    return sorted(str(each) for each in graph.objects(subject, predicate))


def texts(graph: Graph, subject: URIRef, predicate: URIRef) -> list[dict[str, str]]:
    """Language-tagged words as GraphQL gives them."""
    found = [each for each in graph.objects(subject, predicate) if isinstance(each, Literal)]
    return ordered({"value": str(each), "language": str(each.language).upper()} for each in found)


def ordered(items: Any) -> list[Any]:
    """Items in an order that does not depend on where they come from."""
    return sorted(items, key=str)


def plain(value: object) -> list[str]:
    """A GraphQL value as the list of its RDF forms."""
    if value is None or value is False:
        return []
    return [{True: "true"}.get(value, str(value))]  # type: ignore[call-overload]


def upper(found: list[str]) -> list[str]:
    """Codes and enumeration values as GraphQL names them."""
    return [each.rpartition("/")[2].upper() for each in found]


def parts(graph: Graph, subject: URIRef, predicate: URIRef, fields: dict[str, URIRef]) -> list[Any]:
    """The parts of a thing, each as the values of its fields."""
    return ordered(
        {name: values(graph, part, each) for name, each in fields.items()}  # type: ignore[arg-type]
        for part in graph.objects(subject, predicate)
    )


def told(items: list[dict[str, Any]], names: Any) -> list[Any]:
    """The same parts as GraphQL tells them."""

    def forms(name: str, value: Any) -> list[str]:
        if name == "source":
            return plain(value and value["iri"])
        if name in ("language", "decision"):
            return plain(value and value.lower())
        return sorted(value) if isinstance(value, list) else plain(value)

    return ordered({name: forms(name, item[name]) for name in names} for item in items)


PROVENANCE = {
    "field": CG.field, "language": DCTERMS.language, "value": CG.value, "source": DCTERMS.source,
    "start": OA.start, "end": OA.end,
}  # fmt: skip
CONFLICT = {"field": CG.field, "kept": CG.kept, "other": CG.other, "source": DCTERMS.source, "rule": CG.rule}
EVIDENCE = {
    "quote": OA.exact, "prefix": OA.prefix, "suffix": OA.suffix, "start": OA.start, "end": OA.end,
    "language": DCTERMS.language, "textSha256": CG.sha256, "source": DCTERMS.source,
}  # fmt: skip
CLAIM = {
    "method": CG.method, "methodVersion": CG.methodVersion, "ruleIds": CG.ruleId, "reason": CG.reason,
    "calibrated": CG.calibrated, "madeBy": DCTERMS.creator, "madeAt": PROV.generatedAtTime,
}  # fmt: skip
REVIEW = {
    "decision": CG.decision, "reason": CG.reason, "codebookRule": CG.codebookRule,
    "reviewer": CG.reviewer,
    "blind": CG.blind, "at": PROV.generatedAtTime, "undoneAt": PROV.invalidatedAtTime,
}  # fmt: skip


def assert_facts_agree(graph: Graph, project: dict[str, Any]) -> None:
    iri = URIRef(project["iri"])
    assert (iri, RDF.type, CG.Project) in graph
    plain_fields = {
        "projectId": DCTERMS.identifier, "primaId": CG.primaId, "startYear": SDO.startDate,
        "endYear": SDO.endDate, "year": CG.allocationYear, "budgetUsd": CG.budgetUsd,
        "updatedAt": DCTERMS.modified,
    }  # fmt: skip
    for name, predicate in plain_fields.items():
        assert values(graph, iri, predicate) == plain(project[name]), name
    assert texts(graph, iri, DCTERMS.title) == ordered(project["titles"])
    assert texts(graph, iri, DCTERMS.description) == ordered(project["descriptions"])
    for name, predicate in {"status": CG.status, "coverage": CG.coverage}.items():
        assert upper(values(graph, iri, predicate)) == plain(project[name])
    for name, predicate in {"region": CG.region, "type": CG.projectType}.items():
        assert values(graph, iri, predicate) == plain(project[name] and project[name]["iri"])
    lists = {
        "memberStates": CG.beneficiary, "otherStates": CG.otherBeneficiary,
        "objectives": CG.objective, "sdgGoals": CG.sdgGoal,
        "sdgTargets": CG.sdgTarget, "networks": CG.network, "instruments": CG.instrument,
        "sources": DCTERMS.source,
    }  # fmt: skip
    for name, predicate in lists.items():
        assert values(graph, iri, predicate) == sorted(each["iri"] for each in project[name]), name
    for year in graph.objects(iri, SDO.startDate):
        assert isinstance(year, Literal)
        assert year.datatype == XSD.gYear


def assert_parts_agree(graph: Graph, project: dict[str, Any]) -> None:
    iri = URIRef(project["iri"])
    assert values(graph, iri, CG.result) == sorted(each["iri"] for each in project["results"])
    for result in project["results"]:
        subject = URIRef(result["iri"])
        assert values(graph, subject, CG.kind) == [result["kind"].lower()]
        assert values(graph, subject, SKOS.notation) == [result["code"]]
        assert texts(graph, subject, DCTERMS.description) == ordered(result["texts"])
        assert values(graph, subject, DCTERMS.isPartOf) == plain(result["parent"] and result["parent"]["iri"])
        below = sorted(str(each) for each in graph.subjects(DCTERMS.isPartOf, subject))
        assert below == sorted(each["iri"] for each in result["children"])
    assert parts(graph, iri, CG.provenance, PROVENANCE) == told(project["provenance"], PROVENANCE)
    assert parts(graph, iri, CG.conflict, CONFLICT) == told(project["conflicts"], CONFLICT)


def assert_links_agree(graph: Graph, project: dict[str, Any]) -> None:
    stated = sorted(str(each) for each in graph.subjects(CG.project, URIRef(project["iri"])))
    assert stated == sorted(each["iri"] for each in project["links"])
    for link in project["links"]:
        subject = URIRef(link["iri"])
        assert values(graph, subject, CG.target) == [link["target"]["iri"]]
        assert upper(values(graph, subject, CG.linkStatus)) == [link["status"]]
        assert values(graph, subject, SDO.version) == [str(link["version"])]
        assert parts(graph, subject, CG.claim, CLAIM) == told(link["claims"], CLAIM)
        assert parts(graph, subject, CG.review, REVIEW) == told(link["reviews"], REVIEW)
        evidence = [
            part
            for claim in graph.objects(subject, CG.claim)
            for part in parts(graph, claim, CG.evidence, EVIDENCE)  # type: ignore[arg-type]
        ]
        asked = [each for claim in link["claims"] for each in claim["evidence"]]
        assert ordered(evidence) == told(asked, EVIDENCE)


def assert_same_story(service: Service, key: str, suffix: str = "nt") -> None:
    project = service.data(PROJECT, id=key)["project"]
    answer = service.client.get(f"/project/{key}.{suffix}")
    assert answer.status_code == 200
    graph = graph_of(read(answer.text, suffix))
    assert_facts_agree(graph, project)
    assert_parts_agree(graph, project)
    assert_links_agree(graph, project)


def test_graphql_and_rdf_tell_the_same_story_of_every_sample_project(sample: Service) -> None:
    projects = sample.data("{ projects(first: 100) { nodes { projectId } } }")["projects"]["nodes"]
    assert len(projects) == 21
    for project in projects:
        assert_same_story(sample, project["projectId"])


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "rdf", "nt"])
def test_every_format_tells_the_same_story(sample: Service, suffix: str) -> None:
    assert_same_story(sample, "IS.0163", suffix)


PAGE = Settings().test_pages / "001.txt"


@pytest.mark.skipif(not PAGE.exists(), reason="the real pages are not beside this checkout")
def test_graphql_and_rdf_tell_the_same_story_of_the_real_page(service: Service) -> None:
    assert import_paths(service.engine, [PAGE]).exit_status == 0
    for suffix in ("ttl", "jsonld", "rdf", "nt"):
        assert_same_story(service, "PN.0008", suffix)


def test_graphql_and_rdf_tell_the_same_story_of_invented_pages(service: Service) -> None:
    folder = Path(__file__).parents[1] / "pages"
    import_paths(service.engine, [folder])
    projects = service.data("{ projects(first: 100) { nodes { projectId } } }")["projects"]["nodes"]
    assert projects
    for project in projects:
        assert_same_story(service, project["projectId"])

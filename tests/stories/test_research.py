"""Research from outside: a page, a claim, two readers who disagree, a coding, and counts that agree."""

import csv
import io
from pathlib import Path
from typing import Any

from rdflib import Graph, URIRef

from schema.store import reading
from server.exporter import tables
from server.importer.run import import_paths
from tests.persons import Person, Reviewed
from tests.serving import BASE
from tests.stories.test_linking import PAGE

PROJECT, TARGET, LINK = "project/IB.9955", "objective/4", "link/IB.9955~objective-4"
QUOTE = "to tell forged passports from genuine ones"
RULE = "objective-4~include-1"
MATRIX = """{ projectMatrix(rows: OBJECTIVE, columns: STATE, money: FULL, filter: {states: ["ZMB"]}) {
    dataVersion codebookVersion address
    cells { row { id } column { id } accepted { projects budgetUsd } proposed { projects }
        reviewed address } } }"""
SEEN = """query($id: ID!) { project(id: $id) { objectives { id } codings { reviewer completedAt }
    links(status: [ACCEPTED]) { id reviews { reviewer undoneAt } } } }"""


def imported(reviewed: Reviewed, folder: Path) -> None:
    file = folder / "page.txt"
    file.write_text(PAGE, encoding="utf-8")
    assert import_paths(reviewed.engine, [file]).exit_status == 0


def decided(person: Person, decision: str, version: int) -> dict[str, Any]:
    done = person.decides(decision, version, LINK, codebookRule=RULE, reason="By the rule.")
    link: dict[str, Any] = done["link"]
    return link


def cell(reviewed: Reviewed) -> dict[str, Any]:
    matrix = reviewed.data(MATRIX)["projectMatrix"]
    (found,) = (each for each in matrix["cells"] if each["row"]["id"] == TARGET)
    return {**found, "matrix": matrix}


def published(reviewed: Reviewed, identifier: str) -> Graph:
    return Graph().parse(data=reviewed.client.get(f"/{identifier}.ttl").text, format="turtle")


def csv_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_what_readers_decide_on_a_page_is_the_same_in_every_count_and_form(
    reviewed: Reviewed, tmp_path: Path
) -> None:
    imported(reviewed, tmp_path)
    ann, ben = reviewed.person("ann"), reviewed.person("ben")

    # A claim with its words, and two readers who disagree about it: nothing is accepted.
    claimed = ann.change("assertLink", project=PROJECT, target=TARGET, quote=QUOTE)["link"]
    (claim,) = (each for each in claimed["claims"] if each["madeBy"] == "ann")
    assert claim["evidence"][0]["quote"] == QUOTE
    accepted = decided(ann, "ACCEPT", claimed["version"])
    assert accepted["status"] == "ACCEPTED"
    disputed = decided(ben, "REJECT", accepted["version"])
    assert disputed["status"] == "PROPOSED"
    assert [(each["reviewer"], each["decision"]) for each in disputed["reviews"]] == [
        ("ann", "ACCEPT"),
        ("ben", "REJECT"),
    ]
    assert cell(reviewed)["accepted"]["projects"] == 0
    assert cell(reviewed)["proposed"]["projects"] == 1

    settle(reviewed, ann, ben, disputed["version"])
    assert_same_everywhere(reviewed, tmp_path)


def settle(reviewed: Reviewed, ann: Person, ben: Person, version: int) -> None:
    # One takes it back, the other completes the coding of the whole project.
    agreed = ben.change("undoReview", link=LINK, version=version)["link"]
    assert agreed["status"] == "ACCEPTED"
    assert cell(reviewed)["reviewed"] == 0
    ann.change("completeCoding", project=PROJECT, scheme="GCM", codebookVersion="1")


def assert_same_everywhere(reviewed: Reviewed, tmp_path: Path) -> None:
    # GraphQL.
    seen = reviewed.data(SEEN, id=PROJECT)["project"]
    assert seen["objectives"] == [{"id": TARGET}]
    assert [each["reviewer"] for each in seen["codings"] if each["completedAt"]] == ["ann"]
    (link,) = seen["links"]
    assert [(each["reviewer"], each["undoneAt"] is None) for each in link["reviews"]] == [
        ("ann", True),
        ("ben", False),
    ]

    # The matrix, its address, and what stands behind the cell.
    found = cell(reviewed)
    assert found["accepted"] == {"projects": 1, "budgetUsd": "75000.00"}
    assert (found["proposed"]["projects"], found["reviewed"]) == (0, 1)
    address = found["matrix"]["address"].removeprefix(BASE)
    path, _, query = address.partition("?")
    (row,) = (
        each
        for each in csv_rows(reviewed.client.get(f"{path}.csv?{query}").text)
        if (each["kind"], each["row"]) == ("cell", TARGET)
    )
    assert (row["accepted_projects"], row["accepted_usd"]) == ("1", "75000.00")
    assert (row["reviewed"], row["codebook_version"]) == ("1", found["matrix"]["codebookVersion"])
    behind = reviewed.client.get(found["address"].removeprefix(BASE).replace("/projects?", "/projects.csv?"))
    assert QUOTE in [each["quote"] for each in csv_rows(behind.text)]

    # As it was before the coding, which is the last change.
    before = int(found["matrix"]["dataVersion"]) - 1
    then = csv_rows(reviewed.client.get(f"{path}.csv?money=full&version={before}").text)
    assert [each["reviewed"] for each in then if (each["kind"], each["row"]) == ("cell", TARGET)] == ["0"]

    # RDF: the plain triple, and the link with both decisions.
    thing, namespace = URIRef(f"{BASE}/id/{PROJECT}"), f"{BASE}/ns#"
    assert set(published(reviewed, PROJECT).objects(thing, URIRef(f"{namespace}objective"))) == {
        URIRef(f"{BASE}/id/{TARGET}")
    }
    reviewers = published(reviewed, LINK).objects(None, URIRef(f"{namespace}reviewer"))
    assert sorted(map(str, reviewers)) == ["ann", "ben"]

    # CSV.
    with reading(reviewed.engine) as snapshot:
        tables.written(snapshot, tmp_path / "tables", tables.Style())
    links = csv_rows((tmp_path / "tables" / "links.csv").read_text(encoding="utf-8"))
    (told,) = (each for each in links if each["key"] == LINK.removeprefix("link/"))
    assert {"IB.9955", "4", "accepted"} <= set(told.values())

"""Reviewing from outside: people claim, decide, disagree, undo and code, and all faces of the data say so."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from ontology.iri import Iris
from schema.store import reading
from server.exporter.formats import EXPORTS, Wanted
from server.exporter.tables import Style
from tests.persons import LINK, PROJECT, QUOTE, TARGET, Reviewed, reviewing
from tests.serving import BASE

STATUS = '{ project(id: "PN.0008") { objectives { number } links { id status version } codings { id } } }'


def record(service: Reviewed, segment: str = "link", key: str = LINK) -> dict[str, Any]:
    with reading(service.engine) as snapshot:
        return snapshot.record(segment, key) or {}


def version(service: Reviewed) -> int:
    with reading(service.engine) as snapshot:
        return snapshot.version()


# Claims


def test_a_quote_becomes_evidence_that_can_be_checked_without_us(reviewed: Reviewed) -> None:
    ann = reviewed.person("ann")
    done = ann.change("assertLink", project=PROJECT, target=TARGET, quote=QUOTE)
    assert done["changed"] is True
    (claim,) = done["link"]["claims"]
    (found,) = claim["evidence"]
    text = record(reviewed, "source", found["textSha256"])["text"]
    assert text[found["start"] : found["end"]] == found["quote"] == QUOTE
    assert text[: found["start"]].endswith(found["prefix"])
    assert text[found["end"] :].startswith(found["suffix"])
    assert (claim["madeBy"], found["language"]) == ("ann", "EN")
    assert found["source"]["id"] == f"source/{found['textSha256']}"


def test_a_claim_proposes_and_nothing_more(reviewed: Reviewed) -> None:
    done = reviewed.person("ann").asserts()
    assert (done["link"]["status"], done["link"]["version"]) == ("PROPOSED", 1)
    assert reviewed.data(STATUS)["project"]["objectives"] == []
    assert "objectives" not in record(reviewed, "project", PROJECT)


def test_the_same_request_again_changes_nothing(reviewed: Reviewed) -> None:
    ann = reviewed.person("ann")
    steps = (
        ("assertLink", {"project": PROJECT, "target": TARGET, "quote": QUOTE, "version": 0}),
        ("reviewLink", {"link": LINK, "decision": "ACCEPT", "version": 1, "reason": "Clear."}),
        ("undoReview", {"link": LINK, "version": 2}),
        ("proposeLinks", {"project": PROJECT}),
        ("startBlindCoding", {"project": PROJECT, "scheme": "SDG", "codebookVersion": "1"}),
        ("completeCoding", {"project": PROJECT, "scheme": "SDG", "codebookVersion": "1"}),
    )
    for name, values in steps:
        assert ann.change(name, **values)["changed"] is True
        before = version(reviewed)
        again = ann.change(name, **values)
        assert (again["changed"], version(reviewed)) == (False, before), name


def test_a_link_can_be_named_in_every_form(reviewed: Reviewed) -> None:
    ann = reviewed.person("ann")
    iri = f"{BASE}/id"
    named = {"project": f"{iri}/project/{PROJECT}", "target": "http://metadata.un.org/sdg/10.7"}
    assert ann.change("assertLink", reason="So it reads.", **named)["link"]["id"] == "link/PN.0008~sdg-10.7"
    for place, link in enumerate((f"{iri}/link/PN.0008~sdg-10.7", "link/PN.0008~sdg-10.7"), start=1):
        ann.change("reviewLink", link=link, decision="ACCEPT", version=place, reason=str(place))


# Decisions


def test_two_reviewers_disagree_and_one_takes_it_back(reviewed: Reviewed) -> None:
    ann, bea = reviewed.person("ann"), reviewed.person("bea")
    ann.change("assertLink", project=PROJECT, target=TARGET, quote=QUOTE)
    rule = {"codebookRule": "objective-23~include-1", "reason": "The body coordinates."}
    assert ann.decides("ACCEPT", 1, **rule)["link"]["status"] == "ACCEPTED"
    assert reviewed.data(STATUS)["project"]["objectives"] == [{"number": 23}]
    disputed = bea.decides("REJECT", 2, reason="It is only named.")["link"]
    assert disputed["status"] == "PROPOSED"
    assert [(each["reviewer"], each["decision"]) for each in disputed["reviews"]] == [
        ("ann", "ACCEPT"),
        ("bea", "REJECT"),
    ]
    assert disputed["reviews"][0]["codebookRule"] == "objective-23~include-1"
    assert reviewed.data(STATUS)["project"]["objectives"] == []
    undone = bea.change("undoReview", link=LINK, version=3)["link"]
    assert undone["status"] == "ACCEPTED"
    assert undone["reviews"][1]["undoneAt"] is not None
    assert reviewed.data(STATUS)["project"]["objectives"] == [{"number": 23}]


def test_every_change_is_in_the_log_with_who_and_when(reviewed: Reviewed) -> None:
    ann, bea = reviewed.person("ann"), reviewed.person("bea")
    ann.asserts()
    bea.decides("REJECT", 1)
    bea.change("undoReview", link=LINK, version=2)
    bea.change("completeCoding", project=PROJECT, scheme="GCM", codebookVersion="1")
    with reading(reviewed.engine) as snapshot:
        logged = [each for each in snapshot.changes() if each.key.startswith(f"{PROJECT}~")]
    claim, review, undo, coded = (each.record for each in logged)
    assert [each.at for each in logged] == [each.record["updatedAt"] for each in logged]
    assert (claim["claims"][0]["madeBy"], claim["claims"][0]["madeAt"]) == ("ann", logged[0].at)
    assert (review["reviews"][0]["reviewer"], review["reviews"][0]["at"]) == ("bea", logged[1].at)
    assert undo["reviews"][0]["undoneAt"] == logged[2].at
    assert (coded["reviewer"], coded["completedAt"]) == ("bea", logged[3].at)


def test_a_decision_on_what_has_changed_is_a_conflict_and_a_mutation_that_fails_leaves_the_others(
    reviewed: Reviewed,
) -> None:
    ann = reviewed.person("ann")
    several = """mutation {
        a: assertLink(input: {project: "PN.0008", target: "objective/23", reason: "1"}) { link { version } }
        b: reviewLink(input: {link: "PN.0008~objective-23", decision: REJECT, version: 7}) { changed }
        c: reviewLink(input: {link: "PN.0008~objective-23", decision: ACCEPT, version: 1}) { link { status } }
    }"""
    answer = ann.sent(several)
    assert answer.status_code == 200
    found = answer.json()
    assert found["data"] == {"a": {"link": {"version": 1}}, "b": None, "c": {"link": {"status": "ACCEPTED"}}}
    (error,) = found["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["b"], "CONFLICT")
    assert "version 1, not 7" in error["message"]


def test_nobody_undoes_what_somebody_else_decided(reviewed: Reviewed) -> None:
    ann, bea = reviewed.person("ann"), reviewed.person("bea")
    ann.asserts()
    ann.decides("ACCEPT", 1)
    assert "bea has no decision" in bea.refusal("undoReview", link=LINK, version=2)["message"]
    assert record(reviewed)["status"] == "accepted"


# Codings


def test_who_codes_blind_sees_nothing_of_others_until_the_coding_is_complete(reviewed: Reviewed) -> None:
    ann, bea = reviewed.person("ann"), reviewed.person("bea")
    ann.change("assertLink", project=PROJECT, target=TARGET, quote=QUOTE)
    ann.decides("ACCEPT", 1)
    ann.change("assertLink", project=PROJECT, target="sdg/10.7", reason="So it reads.")
    coded = {"project": PROJECT, "scheme": "GCM", "codebookVersion": "1"}
    begun = bea.change("startBlindCoding", **coded)["coding"]
    assert (begun["blind"], begun["completedAt"]) == (True, None)
    assert bea.data(STATUS)["project"]["links"] == [
        {"id": "link/PN.0008~sdg-10.7", "status": "PROPOSED", "version": 1}
    ]
    assert bea.refusal("reviewLink", link=LINK, decision="REJECT", version=2)["code"] == "NOT_FOUND"
    mine = bea.asserts("I read it so.", version=0)
    assert (mine["link"]["version"], mine["link"]["status"]) == (1, "PROPOSED")
    assert [each["madeBy"] for each in mine["link"]["claims"]] == ["bea"]
    decided = bea.decides("REJECT", 1)["link"]
    assert (decided["status"], decided["version"]) == ("REJECTED", 2)
    assert [(each["reviewer"], each["blind"]) for each in decided["reviews"]] == [("bea", True)]
    assert ann.data(STATUS)["project"]["links"][0]["status"] == "PROPOSED"
    done = bea.change("completeCoding", **coded)["coding"]
    assert done["blind"] is True
    assert done["completedAt"] is not None
    seen = bea.data('{ node(id: "link/PN.0008~objective-23") { ... on Link { version status } } }')
    assert seen["node"] == {"version": 4, "status": "PROPOSED"}


def test_a_coding_that_was_seen_is_not_made_blind_after(reviewed: Reviewed) -> None:
    ann = reviewed.person("ann")
    coded = {"project": PROJECT, "scheme": "GCM", "codebookVersion": "1"}
    assert ann.change("completeCoding", **coded)["coding"]["blind"] is False
    assert ann.refusal("startBlindCoding", **coded)["code"] == "CONFLICT"
    ann.change("startBlindCoding", **{**coded, "codebookVersion": "2"})
    assert ann.refusal("completeCoding", **{**coded, "codebookVersion": "3"})["code"] == "CONFLICT"


# Every face


def test_graphql_rdf_records_and_tables_say_the_same(reviewed: Reviewed, tmp_path: Path) -> None:
    ann, bea = reviewed.person("ann"), reviewed.person("bea")
    ann.change("assertLink", project=PROJECT, target=TARGET, quote=QUOTE)
    ann.decides("ACCEPT", 1)
    bea.decides("ACCEPT", 2, reason="Agreed.")
    ann.change("completeCoding", project=PROJECT, scheme="GCM", codebookVersion="1")
    answer = reviewed.data(
        """{ node(id: "link/PN.0008~objective-23") { ... on Link { status reviews { reviewer reason } } }
        coding: node(id: "coding/PN.0008~gcm~1~ann") { ... on Coding { reviewer completedAt } } }"""
    )
    assert answer["node"]["status"] == "ACCEPTED"
    assert answer["node"]["reviews"][1] == {"reviewer": "bea", "reason": "Agreed."}
    client = reviewed.client
    turtle = client.get(f"/project/{PROJECT}.ttl").text
    assert f"cg:objective <{BASE}/id/objective/23>" in turtle
    turtle = client.get(f"/link/{LINK}.ttl").text
    assert 'cg:reviewer "bea"' in turtle
    assert QUOTE in turtle
    coding = client.get("/coding/PN.0008~gcm~1~ann.ttl").text
    assert 'cg:reviewer "ann"' in coding
    assert answer["coding"]["completedAt"] in coding
    page = client.get(f"/link/{LINK}.html").text
    assert "bea" in page
    wanted = Wanted(Iris(BASE), None, Style("en", False))
    for name in EXPORTS:
        written = tmp_path / name
        with written.open("wb") as out, reading(reviewed.engine) as snapshot:
            EXPORTS[name].write(snapshot, out, wanted)
        assert b"bea" in written.read_bytes() or name == "csv"
    lines = (tmp_path / "jsonl").read_text(encoding="utf-8").splitlines()
    (link,) = (each for each in map(json.loads, lines) if each["key"] == LINK)
    assert link == record(reviewed)
    with (tmp_path / "csv").open(encoding="utf-8", newline="") as table:
        (row,) = (each for each in csv.DictReader(table) if each["key"] == PROJECT)
    assert row["objectives_accepted_codes"] == "23"
    with reading(reviewed.engine) as snapshot:
        snapshot.check()


@pytest.mark.parametrize("texts", [True, False])
def test_a_quote_is_found_whether_or_not_texts_are_published(tmp_path: Path, texts: bool) -> None:
    with reviewing(f"sqlite:///{tmp_path}/own.db", publish_texts=texts) as service:
        done = service.person("ann").change("assertLink", project=PROJECT, target=TARGET, quote=QUOTE)
    assert done["link"]["claims"][0]["evidence"][0]["quote"] == QUOTE

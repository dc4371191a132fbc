"""Changes: how mutations wait for other writers, run one after the other, and forget what was not written."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from schema.store import writing
from tests.databases import Databases
from tests.persons import LINK, PROJECT, Reviewed, mutation, reviewing_on


def test_a_change_waits_for_another_writer_no_longer_than_an_operation_may_take(
    databases: Databases, kind: str
) -> None:
    with reviewing_on(databases, kind, deadline_seconds=0.5) as service:
        ann = service.person("ann")
        asked = mutation("assertLink", {"project": PROJECT, "target": "objective/23", "reason": "x"})
        with writing(service.engine):
            answer = ann.sent(*asked).json()
            assert answer["data"] == {"assertLink": None}
            assert answer["errors"][0]["extensions"]["code"] in {"DATABASE_BUSY", "DEADLINE_EXCEEDED"}
        assert ann.sent(*asked).json()["data"]["assertLink"]["changed"] is True
        # The usual patience came back with the connection.
        assert ann.sent(*asked).json()["data"]["assertLink"]["changed"] is False


def test_of_decisions_on_one_version_at_once_one_is_taken(reviewed: Reviewed) -> None:
    people = [reviewed.person(f"person{number}") for number in range(6)]
    people[0].asserts()
    start = Barrier(len(people))

    def decide(place: int) -> str:
        start.wait()
        values = {"link": LINK, "decision": ("ACCEPT", "REJECT")[place % 2], "version": 1}
        answer = people[place].sent(*mutation("reviewLink", values)).json()
        return str(answer["errors"][0]["extensions"]["code"]) if "errors" in answer else "taken"

    with ThreadPoolExecutor(len(people)) as pool:
        found = sorted(pool.map(decide, range(len(people))))
    assert found == ["CONFLICT"] * 5 + ["taken"]


def test_what_is_read_of_a_change_that_fails_is_remembered_by_nobody(reviewed: Reviewed) -> None:
    ann = reviewed.person("ann")
    counted = "{ objectives { number projects(status: [PROPOSED]) { totalCount } } }"
    before = reviewed.data(counted)
    # The page is read after the claim was written, and is none.
    failing = """mutation { assertLink(input: {project: "PN.0008", target: "objective/23", reason: "x"}) {
        link { target { ... on Objective {
            projects(status: [PROPOSED], after: "no cursor") { totalCount } } } }
    } }"""
    answer = ann.sent(failing).json()
    assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR"
    assert reviewed.data(counted) == before
    assert ann.data('{ project(id: "PN.0008") { links { id } } }') == {"project": {"links": []}}

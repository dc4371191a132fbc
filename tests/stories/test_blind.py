"""Blind coding from outside: who codes blind gets the answers of a world where nobody else says anything."""

from typing import Any

import pytest

from tests.databases import Databases
from tests.persons import Person, Reviewed, reviewing_on

EVERY = "status: [PROPOSED, ACCEPTED, REJECTED]"
LINKED = """id status version
    claims { method madeBy reason confidence evidence { quote source { id } } }
    reviews { reviewer decision blind reason }
    target { __typename ... on Objective { number projects(status: [PROPOSED, ACCEPTED, REJECTED]) {
        totalCount nodes { id objectives { number } } } } }"""
#: Every way that leads to links, or along them.
WAYS = (
    f'{{ project(id: "PN.0008") {{ links {{ {LINKED} }} accepted: links(status: [ACCEPTED]) {{ id }} }} }}',
    f'{{ project(id: "PN.0008") {{ all: objectives({EVERY}) {{ number }} objectives {{ number }} }} }}',
    f'{{ project(id: "PN.0008") {{ sdgGoals({EVERY}) {{ code }} sdgTargets({EVERY}) {{ code }} }} }}',
    f"{{ objectives {{ number projects({EVERY}) {{ totalCount nodes {{ id }} }} }} }}",
    "{ objectives { number projects { totalCount edges { node { id } } } } }",
    f"{{ links(first: 100) {{ totalCount pageInfo {{ endCursor }} nodes {{ {LINKED} }} }} }}",
    '{ links(project: "PN.0008", status: [ACCEPTED]) { totalCount nodes { id } } }',
    '{ links(target: "objective/23") { totalCount nodes { id version } } }',
    '{ node(id: "link/PN.0008~objective-23") { id } }',
    '{ nodes(ids: ["link/PN.0008~objective-7", "link/PN.0008~objective-1", "link/PN.0008~sdg-10.7"]) {id} }',
    '{ projects(filter: {objectives: ["23"], linkStatus: [PROPOSED, ACCEPTED, REJECTED]}) { totalCount } }',
    '{ projects(filter: {objectives: ["7"], linkStatus: [REJECTED]}) { totalCount nodes { id } } }',
    "{ projectStats(groupBy: [OBJECTIVE]) { keys { id } projects accepted proposed budgetUsd } }",
    "{ projectStats(groupBy: [STATE, OBJECTIVE]) { keys { id } projects accepted proposed } }",
)


def said(person: Person, target: str, decision: str | None = None) -> None:
    """A claim, and a decision on it."""
    found = person.asserts(f"{person.name} reads it so.", target)["link"]
    if decision is not None:
        person.decides(decision, found["version"], found["id"])


def by_others(service: Reviewed) -> None:
    """What is covered for who codes blind."""
    ann = service.person("ann")
    said(ann, "objective/23", "ACCEPT")
    said(ann, "objective/7", "ACCEPT")
    said(ann, "objective/1", "REJECT")


def by_bea(bea: Person) -> None:
    """What she says herself, and takes back."""
    said(bea, "objective/7", "REJECT")
    said(bea, "objective/19", "ACCEPT")
    found = bea.decides("REJECT", 2, "PN.0008~objective-19")["link"]
    bea.change("undoReview", link=found["id"], version=found["version"])
    said(bea, "objective/16")


def untouched(service: Reviewed) -> None:
    """What stays to be seen: another scheme, and another project."""
    cyd = service.person("cyd")
    said(cyd, "sdg/10.7", "ACCEPT")
    cyd.change("assertLink", project="CE.0186", target="objective/23", reason="It says so.")


def begun(service: Reviewed) -> Person:
    """Somebody who codes a project blind."""
    bea = service.person("bea")
    bea.change("startBlindCoding", project="PN.0008", scheme="GCM", codebookVersion="1")
    return bea


@pytest.fixture
def worlds(databases: Databases, kind: str) -> Any:
    """Two services: one in which others spoke, and one in which they did not, and who codes blind in each."""
    with reviewing_on(databases, kind) as full, reviewing_on(databases, kind) as empty:
        by_others(full)
        coders = begun(full), begun(empty)
        for bea in coders:
            by_bea(bea)
        for each in (full, empty):
            untouched(each)
        yield full, *coders


def test_who_codes_blind_gets_the_answers_of_a_world_without_others(
    worlds: tuple[Reviewed, Person, Person],
) -> None:
    full, blind, alone = worlds
    for way in WAYS:
        # What was remembered for others must not be told, nor what is told be remembered for others.
        public = full.answer(way)
        assert blind.data(way) == alone.data(way), way
        assert full.answer(way) == public
        assert blind.data(way) == alone.data(way), way


def test_others_see_everything_meanwhile(worlds: tuple[Reviewed, Person, Person]) -> None:
    full, _, _ = worlds
    found = full.data('{ node(id: "link/PN.0008~objective-7") { ... on Link { status version } } }')
    assert found["node"] == {"status": "PROPOSED", "version": 4}


def test_what_is_seen_many_times_stays_covered(worlds: tuple[Reviewed, Person, Person]) -> None:
    # The driver of PostgreSQL prepares a statement that it has sent a few times.
    full, blind, alone = worlds
    for _ in range(12):
        full.answer(WAYS[0])
    assert [blind.data(WAYS[0]) for _ in range(12)] == [alone.data(WAYS[0])] * 12


def test_errors_tell_nothing_of_others(worlds: tuple[Reviewed, Person, Person]) -> None:
    _, blind, alone = worlds
    for name, values in (
        ("reviewLink", {"link": "PN.0008~objective-23", "decision": "REJECT", "version": 1}),
        ("reviewLink", {"link": "PN.0008~objective-7", "decision": "ACCEPT", "version": 4}),
        ("undoReview", {"link": "PN.0008~objective-1", "version": 1}),
        ("undoReview", {"link": "PN.0008~objective-16", "version": 1}),
        ("assertLink", {"project": "PN.0008", "target": "objective/1", "reason": "x", "version": 2}),
    ):
        assert blind.refusal(name, **values) == alone.refusal(name, **values)

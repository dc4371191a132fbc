"""The queue: what waits for a person, narrowed, ordered and in pages, the same on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from ontology.declaration import ExchangeRecord
from schema.deadline import Deadline
from schema.queue import (
    Mine,
    Order,
    Standing,
    Waiting,
    Wanted,
    first_quotes,
    following,
    remaining,
    targets,
    waiting,
)
from schema.reviewing import links_of, own_decision, seen, since
from schema.store import reading, reading_as, writing
from schema.token import Scope, create
from tests.schema.world import LATER, THEN, claim, coding, link, project, put, review, source

UNDONE = {"undoneAt": LATER}


def quoted(words: str, language: str = "en", **fields: Any) -> dict[str, Any]:
    key = source()["key"]
    text = {"quote": words, "start": 0, "end": len(words), "textSha256": key, "source": key}
    return claim(evidence=[{**text, "language": language}], **fields)


#: One link each for what filters and orders look at; ann is the person who asks.
LINKS: list[ExchangeRecord] = [
    link("A.1", "objective/23", claims=[claim(confidence=0.5), claim("other", confidence=0.9)]),
    link("A.1", "sdg/10.7", claims=[quoted("Les mots", "fr", confidence=0.7)]),
    link("A.1", "objective/2", claims=[quoted("The words"), quoted("of a page")]),
    link("B.1", "objective/23", claims=[claim(confidence=0.7)], reviews=[review("bea")]),
    link("B.1", "sdg/10", claims=[claim(confidence=0.2)], reviews=[review("ann", "reject")]),
    link("C.1", "objective/23", reviews=[review("ann"), review("bea", "reject")]),
    link("C.1", "objective/2", claims=[claim(confidence=0.7)], reviews=[review("ann", **UNDONE)]),
    link("C.1", "sdg/10", claims=[claim("crosswalk", confidence=0.2)]),
]


@pytest.fixture
def queued(store: Engine) -> Engine:
    put(store, *(project(each) for each in ("A.1", "B.1", "C.1")), *LINKS)
    return store


def keys(engine: Engine, after: str | None = None, count: int = 100, **asked: Any) -> list[str]:
    with reading(engine) as snapshot:
        found = waiting(snapshot.connection, Wanted("ann", **asked), after, count)
        assert after or len(found) == min(remaining(snapshot.connection, Wanted("ann", **asked)), count)
        return [each.key for each in found]


def test_what_is_proposed_and_not_decided_by_the_person_waits(queued: Engine) -> None:
    assert keys(queued) == ["A.1~objective-2", "A.1~objective-23", "A.1~sdg-10.7", "C.1~objective-2"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"mine": Mine.DECIDED, "standing": Standing.ANY}, ["B.1~sdg-10", "C.1~objective-23"]),
        ({"mine": Mine.ANY, "standing": Standing.DISPUTED}, ["C.1~objective-23"]),
        ({"mine": Mine.ANY, "standing": Standing.ACCEPTED}, ["B.1~objective-23"]),
        ({"mine": Mine.ANY, "standing": Standing.REJECTED}, ["B.1~sdg-10"]),
        ({"standing": Standing.ACCEPTED}, ["B.1~objective-23"]),
        ({"standing": Standing.DERIVED}, ["C.1~sdg-10"]),
        ({"project": "C.1"}, ["C.1~objective-2"]),
        ({"target": "objective/2"}, ["A.1~objective-2", "C.1~objective-2"]),
        ({"target": "sdg/"}, ["A.1~sdg-10.7"]),
        ({"language": "fr"}, ["A.1~sdg-10.7"]),
        ({"language": "es"}, []),
        ({"least": 0.7}, ["A.1~objective-23", "A.1~sdg-10.7", "C.1~objective-2"]),
        ({"most": 0.7}, ["A.1~sdg-10.7", "C.1~objective-2"]),
        ({"least": 0.8, "most": 0.9}, ["A.1~objective-23"]),
        ({"mine": Mine.ANY, "standing": Standing.ANY}, sorted(each["key"] for each in LINKS)),
    ],
)
def test_the_queue_is_narrowed(queued: Engine, asked: dict[str, Any], expected: list[str]) -> None:
    assert keys(queued, **asked) == expected


def _rank(sign: int) -> Callable[[Waiting], Any]:
    return lambda each: (each.confidence is None, sign * (each.confidence or 0), each.key)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize(
    ("order", "rank"),
    [(Order.PROJECT, lambda each: each.key), (Order.SUREST, _rank(-1)), (Order.UNSUREST, _rank(1))],
)
def test_pages_put_together_are_the_whole_in_its_order(
    queued: Engine, order: Order, rank: Callable[[Waiting], Any], size: int
) -> None:
    asked: dict[str, Any] = {"standing": Standing.ANY, "mine": Mine.ANY, "order": order}
    with reading(queued) as snapshot:
        whole = waiting(snapshot.connection, Wanted("ann", **asked), None, 100)
    assert len(whole) == len(LINKS)
    assert whole == sorted(whole, key=rank)
    pages: list[str] = []
    while page := keys(queued, after=pages[-1] if pages else None, count=size, **asked):
        pages += page
    assert pages == [each.key for each in whole]


def test_what_follows_is_behind_then_at_the_begin_then_nothing(queued: Engine) -> None:
    with reading(queued) as snapshot:
        asked = Wanted("ann")
        assert following(snapshot.connection, asked, "A.1~objective-2") == "A.1~objective-23"
        # A link that was just decided has its place still.
        assert following(snapshot.connection, asked, "B.1~sdg-10") == "C.1~objective-2"
        assert following(snapshot.connection, asked, "C.1~objective-2") == "A.1~objective-2"
        only = Wanted("ann", language="fr")
        assert following(snapshot.connection, only, "A.1~sdg-10.7") is None
        assert following(snapshot.connection, only, "B.1~sdg-10") == "A.1~sdg-10.7"


def test_a_link_is_told_with_its_surest_claim_and_its_first_quote(queued: Engine) -> None:
    with reading(queued) as snapshot:
        found = waiting(snapshot.connection, Wanted("ann", project="A.1"), None, 9)
        assert [each.confidence for each in found] == [None, 0.9, 0.7]
        quotes = first_quotes(snapshot.connection, [each.key for each in found])
        assert quotes == {"A.1~objective-2": ("The words", "en"), "A.1~sdg-10.7": ("Les mots", "fr")}
        assert targets(snapshot.connection) == ["objective/2", "objective/23", "sdg/10", "sdg/10.7"]


def test_a_blind_coding_covers_the_queue_and_the_links(queued: Engine) -> None:
    put(queued, coding("A.1", blind=True, startedAt=THEN), coding("B.1", blind=True, startedAt=THEN))
    with writing(queued) as transaction:
        text = create(transaction.connection, "ann", (Scope.REVIEW,), THEN)
    with reading_as(queued, text, Deadline(30)) as (snapshot, _):
        found = waiting(snapshot.connection, Wanted("ann"), None, 100)
        assert [each.key for each in found] == ["A.1~sdg-10.7", "C.1~objective-2"]
        assert seen(snapshot, "A.1~objective-23") is None
        assert seen(snapshot, "B.1~objective-23") is None
        assert links_of(snapshot, "A.1", "ann").keys() == {"sdg/10.7"}


# A link as its reviewers see it


def test_a_link_is_seen_as_its_record_has_it(queued: Engine) -> None:
    with reading(queued) as snapshot:
        for each in LINKS:
            assert seen(snapshot, each["key"]) == snapshot.record("link", each["key"])
        assert seen(snapshot, "A.1~objective-9") is None
        assert seen(snapshot, "no key \0") is None


def test_the_links_of_a_project_say_how_everybody_decided(queued: Engine) -> None:
    with reading(queued) as snapshot:
        found = links_of(snapshot, "C.1", "ann")
    disputed, open_one = found["objective/23"], found["objective/2"]
    assert (disputed.status, disputed.own, disputed.accepting, disputed.rejecting) == (
        "proposed",
        "accept",
        1,
        1,
    )
    assert (open_one.status, open_one.own, open_one.accepting) == ("proposed", None, 0)


def test_what_happened_since_a_version_is_told(queued: Engine) -> None:
    key = "A.1~objective-23"
    first = LINKS[0] | {"reviews": [review("bea", reason="No."), review("cara")], "version": 2}
    put(queued, first)
    undone = [{**first["reviews"][0], **UNDONE}, first["reviews"][1]]
    put(queued, first | {"reviews": undone, "claims": [*first["claims"], claim("person")], "version": 3})
    with reading(queued) as snapshot:
        later, none = since(snapshot, key, 2), since(snapshot, key, 3)
        whole, unknown = since(snapshot, key, 1), since(snapshot, key, 77)
    assert ([each["method"] for each in later.claims], later.reviews) == (["person"], [])
    assert [each["reviewer"] for each in later.undone] == ["bea"]
    assert [each["reviewer"] for each in whole.reviews] == ["bea", "cara"]
    assert [bool(each) for each in (later, none, unknown)] == [True, False, False]


def test_who_codes_blind_is_told_of_their_own_changes_only(queued: Engine) -> None:
    put(queued, LINKS[0] | {"reviews": [review("bea"), review("ann", reason="Mine.")], "version": 2})
    with reading(queued) as snapshot:
        found = since(snapshot, "A.1~objective-23", 0, "ann")
    assert [each["reviewer"] for each in found.reviews] == ["ann"]
    assert found.claims == []


def test_the_decision_that_counts_is_the_last_that_stands() -> None:
    reviews = [review("ann"), review("ann", "reject", **UNDONE), review("bea", "reject")]
    assert own_decision({"reviews": reviews}, "ann") == reviews[0]
    assert own_decision({"reviews": reviews[1:]}, "ann") is None

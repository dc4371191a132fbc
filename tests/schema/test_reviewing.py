"""Reviewing: claims are made once, decisions can be taken back, and what follows is in the records."""

import pytest
from sqlalchemy import Engine

from ontology.errors import Conflict, InvalidRecord, NotFound, UnknownReference
from schema.links import Verdict, assert_link, review_link, undo_review
from schema.model.link import Decision
from schema.review import status
from schema.store import reading, writing
from schema.transaction import Outcome
from tests.schema.world import LATER, THEN, claim, instrument, link, project, put, review, stored, version

KEY = "PN.0008~objective-23"
ACCEPT, REJECT = Decision.ACCEPT, Decision.REJECT
UNDONE = {"undoneAt": LATER}


@pytest.mark.parametrize(
    ("reviews", "expected"),
    [
        ([], "proposed"),
        ([review("ann")], "accepted"),
        ([review("ann", "reject")], "rejected"),
        ([review("ann"), review("bea")], "accepted"),
        ([review("ann", "reject"), review("bea", "reject")], "rejected"),
        ([review("ann"), review("bea", "reject")], "proposed"),
        ([review("ann"), review("ann", "reject")], "rejected"),
        ([review("ann", "reject"), review("bea"), review("ann")], "accepted"),
        ([review("ann", **UNDONE)], "proposed"),
        ([review("ann"), review("bea", "reject", **UNDONE)], "accepted"),
        ([review("ann"), review("ann", "reject", **UNDONE)], "accepted"),
        ([review("ann", **UNDONE), review("ann", "reject", **UNDONE)], "proposed"),
    ],
)
def test_the_status_follows_from_the_last_standing_decision_of_each(
    reviews: list[dict[str, str]], expected: str
) -> None:
    assert status(reviews).value == expected


def decide(
    engine: Engine, decision: Decision, reviewer: str = "ann", version: int | None = None, **more: str
) -> Outcome:
    with writing(engine, LATER) as transaction:
        return review_link(transaction, KEY, Verdict(decision, reviewer, **more), version=version)


def undo(engine: Engine, reviewer: str = "ann", version: int | None = None) -> Outcome:
    with writing(engine, LATER) as transaction:
        return undo_review(transaction, KEY, reviewer, version=version)


def the_link(engine: Engine) -> dict[str, object]:
    return stored(engine, "link", KEY) or {}


def objectives(engine: Engine) -> list[str]:
    found: list[str] = (stored(engine, "project", "PN.0008") or {}).get("objectives", [])
    return found


@pytest.fixture
def linked(store: Engine) -> Engine:
    """A store with a project and a proposed link of it, at version 2."""
    put(store, project(), link())
    return store


def test_accepting_a_link_changes_the_record_of_its_project(linked: Engine) -> None:
    assert decide(linked, ACCEPT) == Outcome.CHANGED
    assert the_link(linked)["status"] == "accepted"
    assert objectives(linked) == ["23"]
    with reading(linked) as snapshot:
        changes = snapshot.changes((2, 10**6))
        snapshot.check()
    # What was put comes first, then what follows from it.
    assert [(each.segment, each.operation, each.at) for each in changes] == [
        ("link", "update", LATER),
        ("project", "update", LATER),
    ]
    assert changes[0].record["updatedAt"] == LATER


def test_undoing_takes_the_acceptance_back(linked: Engine) -> None:
    decide(linked, ACCEPT)
    assert undo(linked) == Outcome.CHANGED
    assert the_link(linked)["status"] == "proposed"
    assert objectives(linked) == []
    reviews = the_link(linked)["reviews"]
    assert reviews == [review("ann", at=LATER, undoneAt=LATER)]


def test_a_rejection_changes_no_project(linked: Engine) -> None:
    decide(linked, REJECT)
    with reading(linked) as snapshot:
        assert [each.segment for each in snapshot.changes((2, 10**6))] == ["link"]


def test_a_disagreement_takes_the_acceptance_back(linked: Engine) -> None:
    decide(linked, ACCEPT)
    decide(linked, REJECT, "bea")
    assert the_link(linked)["status"] == "proposed"
    assert objectives(linked) == []
    undo(linked, "bea")
    assert objectives(linked) == ["23"]


def test_a_second_decision_counts_and_undoing_it_brings_the_first_back(linked: Engine) -> None:
    decide(linked, ACCEPT)
    decide(linked, REJECT, reason="On reading again.")
    assert the_link(linked)["status"] == "rejected"
    undo(linked)
    assert the_link(linked)["status"] == "accepted"


def test_accepting_links_to_an_instrument_makes_it_accepted_until_none_is_left(store: Engine) -> None:
    plan = instrument()
    target = f"instrument/{plan['key']}"
    put(store, project("A"), project("B"), link("A", target), link("B", target))
    for one in ("A", "B"):
        with writing(store) as transaction:
            review_link(transaction, f"{one}~instrument-{plan['key']}", Verdict(ACCEPT, "ann"))
    assert (stored(store, "instrument", plan["key"]) or {})["accepted"] is True
    assert (stored(store, "project", "A") or {})["instruments"] == [plan["key"]]
    with writing(store) as transaction:
        undo_review(transaction, f"A~instrument-{plan['key']}", "ann")
    assert (stored(store, "instrument", plan["key"]) or {})["accepted"] is True
    with writing(store) as transaction:
        transaction.delete("project", "B")
    assert "accepted" not in (stored(store, "instrument", plan["key"]) or {})
    with reading(store) as snapshot:
        snapshot.check()


def test_goals_and_targets_are_accepted_into_lists_of_their_own(store: Engine) -> None:
    ann = [review("ann")]
    targets = ("sdg/10", "sdg/10.7", "network/global", "objective/23", "objective/7")
    put(store, project(), *(link(target=each, reviews=ann) for each in targets))
    record = stored(store, "project", "PN.0008") or {}
    assert record["sdgGoals"] == ["10"]
    assert record["sdgTargets"] == ["10.7"]
    assert record["networks"] == ["global"]
    assert record["objectives"] == ["23", "7"]


def test_the_same_decision_again_changes_nothing_even_with_an_old_version(linked: Engine) -> None:
    decide(linked, ACCEPT, version=1, reason="So it says.")
    assert decide(linked, ACCEPT, version=1, reason="So it says.") == Outcome.UNCHANGED
    assert decide(linked, ACCEPT, reason="So it says.") == Outcome.UNCHANGED
    assert version(linked) == 3


def test_a_decision_on_an_old_version_is_a_conflict(linked: Engine) -> None:
    decide(linked, ACCEPT, version=1)
    with pytest.raises(Conflict, match="at version 2, not 1") as caught:
        decide(linked, REJECT, "bea", version=1)
    assert caught.value.code == "CONFLICT"
    with pytest.raises(Conflict):
        undo(linked, version=1)
    assert decide(linked, REJECT, "bea", version=2) == Outcome.CHANGED


def test_every_change_of_a_link_counts_its_version_up(linked: Engine) -> None:
    versions = [the_link(linked)["version"]]
    for step in (lambda: decide(linked, ACCEPT), lambda: decide(linked, REJECT), lambda: undo(linked)):
        step()
        versions.append(the_link(linked)["version"])
    assert versions == [1, 2, 3, 4]


def test_a_decision_that_is_not_there_cannot_be_undone(linked: Engine) -> None:
    with pytest.raises(InvalidRecord, match="bea has no decision"):
        undo(linked, "bea")


def test_a_link_that_is_not_there_cannot_be_reviewed(store: Engine) -> None:
    with pytest.raises(NotFound, match=KEY):
        decide(store, ACCEPT)


@pytest.mark.parametrize("reviewer", ["", "ann\x00", "\ud800"])
def test_a_reviewer_has_a_name(linked: Engine, reviewer: str) -> None:
    with pytest.raises(InvalidRecord) as caught:
        decide(linked, ACCEPT, reviewer)
    assert caught.value.field == "review.reviewer"


def test_the_same_claim_again_changes_nothing(store: Engine) -> None:
    put(store, project())
    evidence = {"quote": "é", "prefix": "", "start": 0, "end": 1, "language": "fr", "textSha256": "0" * 64}
    # Written apart, the same: another form of the letter, a number of another kind, a default spelled out.
    other = evidence | {"quote": "e\u0301"}
    with writing(store, THEN) as transaction:
        first = claim("m", confidence=1, calibrated=False, evidence=[evidence])
        assert assert_link(transaction, "PN.0008", "objective/23", first) == (KEY, Outcome.TAKEN)
    with writing(store, LATER) as transaction:
        again = claim("m", confidence=1.0, evidence=[other], madeAt=LATER)
        assert assert_link(transaction, "PN.0008", "objective/23", again) == (KEY, Outcome.UNCHANGED)


def test_another_claim_is_added_to_the_same_link(linked: Engine) -> None:
    with writing(linked, LATER) as transaction:
        made = {"method": "reading", "methodVersion": "2", "madeBy": "bea", "reason": "It says so."}
        assert assert_link(transaction, "PN.0008", "objective/23", made) == (KEY, Outcome.CHANGED)
    claims = the_link(linked)["claims"]
    assert claims == [claim(), made | {"madeAt": LATER}]


def test_a_claim_on_nothing_is_refused(store: Engine) -> None:
    put(store, project())
    with pytest.raises(UnknownReference, match="network/TON"), writing(store) as transaction:
        assert_link(transaction, "PN.0008", "network/TON", claim())
    with pytest.raises(InvalidRecord, match="link"), writing(store) as transaction:
        assert_link(transaction, "PN.0008", "state/SLV", claim())
    with pytest.raises(InvalidRecord, match=r"claim\.method: is missing"), writing(store) as transaction:
        assert_link(transaction, "PN.0008", "objective/23", {})

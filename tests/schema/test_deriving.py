"""Links that follow over the crosswalk: claims of their own, weak and without chains, that nothing counts."""

from typing import Any

import pytest
from sqlalchemy import Engine

from ontology.declaration import ExchangeRecord
from schema.deriving import FACTORS, crosswalk, derive
from schema.links import Verdict, assert_link, review_link, undo_review
from schema.mappings import review_mapping
from schema.matrix import Asked, MoneyRule, matrix
from schema.model.link import Decision, LinkStatus
from schema.reliability import decided
from schema.snapshot import Snapshot
from schema.stats import StatKey, count
from schema.store import reading, writing
from schema.transaction import Outcome
from tests.schema.test_mappings import KEY, mapping, said
from tests.schema.world import LATER, claim, project, put, source, stored

QUOTE = {
    "quote": "The words",
    "prefix": "",
    "suffix": " of a page.",
    "start": 0,
    "end": 9,
    "language": "en",
    "textSha256": source()["key"],
    "source": source()["key"],
}
BASE, FOLLOWING = "PN.0008~objective-23", "PN.0008~sdg-10.7"
Found = list[tuple[str, Outcome]]


@pytest.fixture
def mapped(store: Engine) -> Engine:
    """A store with a project that the lexicon links to an objective, which a candidate maps to a target."""
    put(store, mapping(), project())
    asserts(store, "objective/23", confidence=0.9)
    return store


def asserts(engine: Engine, target: str, **fields: Any) -> None:
    with writing(engine, LATER) as transaction:
        assert_link(transaction, "PN.0008", target, claim(**{"evidence": [QUOTE], **fields}))


def derived(engine: Engine) -> Found:
    with writing(engine, LATER) as transaction:
        return derive(transaction, "PN.0008", crosswalk(transaction.records("mapping")))


def decides(engine: Engine, decision: Decision, key: str = BASE, reviewer: str = "ann") -> None:
    with writing(engine, LATER) as transaction:
        review_link(transaction, key, Verdict(decision, reviewer))


def decides_mapping(engine: Engine, decision: Decision) -> None:
    with writing(engine, LATER) as transaction:
        review_mapping(transaction, KEY, Verdict(decision, "ann"))


def link(engine: Engine, key: str = FOLLOWING) -> ExchangeRecord:
    return stored(engine, "link", key) or {}


def test_a_candidate_leads_from_a_link_of_the_lexicon_with_its_quotes_and_less_confidence(
    mapped: Engine,
) -> None:
    assert derived(mapped) == [(FOLLOWING, Outcome.TAKEN)]
    found = link(mapped)
    assert (found["status"], found["derived"]) == ("proposed", True)
    (made,) = found["claims"]
    assert (made["method"], made["ruleIds"], made["confidence"]) == ("crosswalk", [KEY], 0.27)
    assert made["methodVersion"].startswith("1+")
    assert made["evidence"] == link(mapped, BASE)["claims"][0]["evidence"]
    assert "calibrated" not in made
    with reading(mapped) as snapshot:
        snapshot.check()


def test_a_mapping_leads_the_other_way_as_well(store: Engine) -> None:
    put(store, mapping(), project())
    asserts(store, "sdg/10.7", confidence=0.8)
    assert derived(store) == [(BASE, Outcome.TAKEN)]
    found = link(store, BASE)
    assert (found["derived"], found["claims"][0]["confidence"]) == (True, 0.12)


def test_a_candidate_leads_on_only_when_somebody_says_that_the_two_match(store: Engine) -> None:
    unspecified = said(justification="https://w3id.org/semapv/vocab/UnspecifiedMatching")
    put(store, mapping(claims=[unspecified]), project())
    asserts(store, "objective/23", confidence=0.9)
    assert derived(store) == []
    decides_mapping(store, Decision.ACCEPT)
    assert derived(store) == [(FOLLOWING, Outcome.TAKEN)]


def test_deriving_again_changes_nothing(mapped: Engine) -> None:
    derived(mapped)
    with reading(mapped) as snapshot:
        before = snapshot.version()
    assert derived(mapped) == [(FOLLOWING, Outcome.UNCHANGED)]
    with reading(mapped) as snapshot:
        assert snapshot.version() == before


def test_an_accepted_mapping_adds_a_surer_claim_and_changes_nothing_else(mapped: Engine) -> None:
    derived(mapped)
    (before,), base = link(mapped)["claims"], link(mapped, BASE)
    decides_mapping(mapped, Decision.ACCEPT)
    assert derived(mapped) == [(FOLLOWING, Outcome.CHANGED)]
    first, second = link(mapped)["claims"]
    assert first == before
    assert (second["confidence"], second["ruleIds"]) == (0.45, [KEY])
    assert second["methodVersion"] != first["methodVersion"]
    assert link(mapped, BASE) == base
    assert derived(mapped) == [(FOLLOWING, Outcome.UNCHANGED)]


def test_a_rejected_mapping_leads_nowhere(mapped: Engine) -> None:
    decides_mapping(mapped, Decision.REJECT)
    assert derived(mapped) == []


def test_a_rejected_link_leads_nowhere(mapped: Engine) -> None:
    decides(mapped, Decision.REJECT)
    assert derived(mapped) == []


@pytest.mark.parametrize(("accepted", "leads"), [(False, []), (True, [(FOLLOWING, Outcome.TAKEN)])])
def test_what_a_person_claims_leads_on_once_it_is_accepted(
    store: Engine, accepted: bool, leads: Found
) -> None:
    put(store, mapping(), project())
    asserts(store, "objective/23", method="person", madeBy="ann")
    if accepted:
        decides(store, Decision.ACCEPT)
    assert derived(store) == leads
    if accepted:
        assert link(store)["claims"][0]["confidence"] == FACTORS[LinkStatus.PROPOSED]


def test_a_claim_without_a_quote_leads_nowhere(store: Engine) -> None:
    put(store, mapping(), project())
    asserts(store, "objective/23", method="person", reason="So it reads.", evidence=None)
    decides(store, Decision.ACCEPT)
    assert derived(store) == []


def test_there_are_no_chains_even_when_a_derived_link_is_accepted(mapped: Engine) -> None:
    put(mapped, {**mapping(), "key": "7~sdg-10.7~relatedMatch", "subject": "7"})
    derived(mapped)
    assert link(mapped, "PN.0008~objective-7") == {}
    decides(mapped, Decision.ACCEPT, FOLLOWING)
    assert link(mapped)["status"] == "accepted"
    derived(mapped)
    assert link(mapped, "PN.0008~objective-7") == {}


def test_a_link_that_others_claim_is_left_to_them(mapped: Engine) -> None:
    asserts(mapped, "sdg/10.7", method="person", madeBy="ann")
    assert derived(mapped) == []
    assert "derived" not in link(mapped)


def test_a_link_is_derived_until_somebody_claims_it_or_decides(mapped: Engine) -> None:
    derived(mapped)
    decides(mapped, Decision.ACCEPT, FOLLOWING)
    decides(mapped, Decision.REJECT, FOLLOWING, "bea")
    assert (link(mapped)["status"], "derived" in link(mapped)) == ("proposed", False)
    with writing(mapped, LATER) as transaction:
        for each in ("ann", "bea"):
            undo_review(transaction, FOLLOWING, each)
    assert link(mapped)["derived"] is True
    asserts(mapped, "sdg/10.7")
    assert "derived" not in link(mapped)


def figures(snapshot: Snapshot) -> list[tuple[int, int]]:
    found = count(snapshot.connection, [StatKey.SDG_TARGET], None).rows
    return [(each.accepted, each.proposed) for each in found if each.values == ("sdg/10.7",)]


def cells(snapshot: Snapshot) -> list[Any]:
    asked = Asked(StatKey.OBJECTIVE, StatKey.SDG_TARGET, MoneyRule.FULL)
    return [(each.row, each.column) for each in matrix(snapshot.connection, asked).cells]


def test_nothing_counts_or_lists_by_a_derived_link_until_it_is_decided(mapped: Engine) -> None:
    derived(mapped)
    with reading(mapped) as snapshot:
        assert figures(snapshot) == []
        assert all("sdg/10.7" not in each for each in cells(snapshot))
        assert snapshot.proposed(["PN.0008"]) == {"PN.0008": ["objective/23"]}
    decides(mapped, Decision.ACCEPT, FOLLOWING)
    with reading(mapped) as snapshot:
        assert figures(snapshot) == [(1, 0)]
        assert any("sdg/10.7" in each for each in cells(snapshot))


def test_a_derived_claim_is_no_claim_of_the_lexicon_in_its_reliability(mapped: Engine) -> None:
    derived(mapped)
    decides(mapped, Decision.ACCEPT, FOLLOWING)
    with reading(mapped) as snapshot:
        assert decided(snapshot.connection) == []


def test_what_a_record_says_of_being_derived_is_worked_out_anew(mapped: Engine) -> None:
    derived(mapped)
    told = link(mapped)
    assert put(mapped, told) == ["unchanged"]
    left = {name: value for name, value in told.items() if name != "derived"}
    assert put(mapped, left) == ["unchanged"]
    assert link(mapped) == told

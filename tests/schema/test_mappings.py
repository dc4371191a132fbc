"""Mappings: candidates by themselves state nothing; what reviewers accept stands in the objective."""

from typing import Any

import pytest
from sqlalchemy import Engine

from ontology.declaration import ExchangeRecord
from ontology.errors import Conflict, InvalidRecord, NotFound
from ontology.terms import SKOS
from schema.exchange import parse
from schema.links import Verdict
from schema.mappings import review_mapping, seed_mapping, undo_mapping_review
from schema.model.link import Decision
from schema.store import reading, writing
from schema.transaction import Outcome
from tests.databases import Databases
from tests.schema.world import LATER, THEN, lines, put, record, stored, version

KEY = "23~sdg-10.7~relatedMatch"
ACCEPT, REJECT = Decision.ACCEPT, Decision.REJECT


def said(**fields: Any) -> dict[str, Any]:
    how = "https://w3id.org/semapv/vocab/ManualMappingCuration"
    return {"justification": how, "madeBy": "a test", "madeAt": THEN} | fields


def mapping(target: str = "sdg/10.7", how: str = "related", **fields: Any) -> ExchangeRecord:
    key = f"23~{target.replace('/', '-')}~{how}Match"
    own = {
        "subject": "23",
        "predicate": f"{SKOS}{how}Match",
        "target": target,
        "official": False,
        "version": 1,
    }
    return record("mapping", key, **own, claims=[said()]) | fields


@pytest.fixture
def mapped(store: Engine) -> Engine:
    """A store with a candidate, at version 2."""
    put(store, mapping())
    return store


def decide(
    engine: Engine, decision: Decision, reviewer: str = "ann", version: int | None = None, **more: str
) -> Outcome:
    with writing(engine, LATER) as transaction:
        return review_mapping(transaction, KEY, Verdict(decision, reviewer, **more), version=version)


def undo(engine: Engine, reviewer: str = "ann", version: int | None = None) -> Outcome:
    with writing(engine, LATER) as transaction:
        return undo_mapping_review(transaction, KEY, reviewer, version=version)


def status(engine: Engine) -> str:
    return str((stored(engine, "mapping", KEY) or {})["status"])


def related(engine: Engine) -> list[str]:
    found: list[str] = (stored(engine, "objective", "23") or {}).get("relatedMatch", [])
    return found


def checked(engine: Engine) -> None:
    with reading(engine) as snapshot:
        snapshot.check()


def test_a_candidate_states_nothing_of_its_objective(mapped: Engine) -> None:
    assert status(mapped) == "proposed"
    assert related(mapped) == []


def test_what_is_accepted_stands_in_the_objective_until_it_is_undone(mapped: Engine) -> None:
    assert decide(mapped, ACCEPT, reason="It is about both.") is Outcome.CHANGED
    assert (status(mapped), related(mapped)) == ("accepted", ["sdg/10.7"])
    checked(mapped)
    assert undo(mapped) is Outcome.CHANGED
    assert (status(mapped), related(mapped)) == ("proposed", [])
    checked(mapped)


def test_reviewers_who_disagree_accept_nothing(mapped: Engine) -> None:
    decide(mapped, ACCEPT)
    decide(mapped, REJECT, "bea")
    assert (status(mapped), related(mapped)) == ("proposed", [])
    undo(mapped)
    assert status(mapped) == "rejected"


def test_each_property_has_a_list_of_its_own_and_goals_stand_beside_targets(store: Engine) -> None:
    ann = [{"reviewer": "ann", "decision": "accept", "at": THEN}]
    put(store, mapping(reviews=ann), mapping("sdg/10", reviews=ann), mapping(how="close", reviews=ann))
    found = stored(store, "objective", "23") or {}
    assert found["relatedMatch"] == ["sdg/10", "sdg/10.7"]
    assert found["closeMatch"] == ["sdg/10.7"]
    checked(store)


def test_an_objective_that_is_put_again_keeps_what_is_accepted(mapped: Engine) -> None:
    decide(mapped, ACCEPT)
    put(mapped, record("objective", "23", number=23, title={"en": "New"}, shortTitle={"en": "23"}))
    assert related(mapped) == ["sdg/10.7"]
    checked(mapped)


def test_the_same_decision_again_changes_nothing_and_one_on_an_old_version_is_a_conflict(
    mapped: Engine,
) -> None:
    decide(mapped, ACCEPT, version=1)
    assert decide(mapped, ACCEPT, version=1) is Outcome.UNCHANGED
    with pytest.raises(Conflict, match="at version 2, not 1"):
        decide(mapped, REJECT, "bea", version=1)
    with pytest.raises(Conflict):
        undo(mapped, version=1)


def test_what_is_not_there_cannot_be_decided_on_or_undone(mapped: Engine) -> None:
    with pytest.raises(InvalidRecord, match="bea has no decision"):
        undo(mapped, "bea")
    with writing(mapped) as transaction, pytest.raises(NotFound):
        review_mapping(transaction, "1~sdg-10~relatedMatch", Verdict(ACCEPT, "ann"))


@pytest.mark.parametrize(
    "fields",
    [
        {"predicate": "http://www.w3.org/2002/07/owl#sameAs"},
        {"predicate": f"{SKOS}closeMatch"},
        {"subject": "1"},
        {"target": "sdg/10"},
        {"target": "objective/1"},
    ],
)
def test_the_key_of_a_mapping_follows_from_its_fields(store: Engine, fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidRecord, match="key"):
        put(store, mapping() | fields)


def test_a_seed_leaves_what_others_have_said_and_decided(mapped: Engine) -> None:
    decide(mapped, ACCEPT)
    before = stored(mapped, "mapping", KEY)
    with writing(mapped, LATER) as transaction:
        assert seed_mapping(transaction, mapping()) is Outcome.UNCHANGED
    assert stored(mapped, "mapping", KEY) == before
    with writing(mapped, LATER) as transaction:
        assert seed_mapping(transaction, mapping(claims=[said(reason="Also so.")])) is Outcome.CHANGED
    after = stored(mapped, "mapping", KEY) or {}
    assert [each.get("reason") for each in after["claims"]] == [None, "Also so."]
    assert (after["status"], after["version"]) == ("accepted", 3)


def test_an_export_of_mappings_comes_back_byte_for_byte(mapped: Engine, databases: Databases) -> None:
    decide(mapped, ACCEPT)
    exported = lines(mapped)
    with databases.fresh("sqlite") as other:
        put(other, *map(parse, exported))
        assert lines(other) == exported
        assert related(other) == ["sdg/10.7"]
    assert version(mapped) == 3

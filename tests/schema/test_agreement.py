"""Agreement: which decisions count, when there are too few, and the same figures from any form of them."""

from typing import Any

import pytest
from nltk.metrics.agreement import AnnotationTask
from sqlalchemy import Engine

from ontology.declaration import ExchangeRecord
from schema.agreement import ENOUGH, Agreement, Estimate, agreement
from schema.model.link import CodingScheme
from schema.past import counting
from schema.store import reading
from tests.schema.world import LATER, THEN, coding, link, project, put, review

GCM = CodingScheme.GCM
BEFORE = "2026-10-31T00:00:00Z"


def blind(key: str, reviewer: str, **more: Any) -> ExchangeRecord:
    return coding(key, reviewer, blind=True, startedAt=BEFORE, completedAt=THEN) | more


def decided(reviewer: str, decision: str = "accept", **more: Any) -> dict[str, Any]:
    return review(reviewer, decision, BEFORE, blind=True) | more


def found(engine: Engine, scheme: CodingScheme = GCM, as_of: int | None = None) -> Agreement:
    with reading(engine) as snapshot, counting(snapshot, as_of) as (connection, _):
        return agreement(connection, scheme)


def given(engine: Engine) -> dict[str, int]:
    """How many projects anyone gave each code."""
    return {each.code: each.accepted for each in found(engine).codes}


def coded(count: int, *, differ: int = 3) -> list[ExchangeRecord]:
    """So many projects that two coded blind: both give 23 to every second one, and differ on a few."""
    records: list[ExchangeRecord] = []
    for number in range(count):
        key = f"PN.{number:04}"
        records += [project(key), blind(key, "ann"), blind(key, "bea")]
        both = [decided("ann"), decided("bea", "reject" if number < 2 * differ else "accept")]
        if number % 2 == 0:
            records.append(link(key, reviews=both))
    return records


def test_agreement_of_two_is_that_of_another_implementation(store: Engine) -> None:
    put(store, *coded(30))
    answers = [("ann", str(each), each % 2 == 0) for each in range(30)]
    answers += [("bea", str(each), each % 2 == 0 and each >= 6) for each in range(30)]
    task = AnnotationTask(data=answers)
    of = {each.code: each.estimates for each in found(store).codes}["objective/23"]
    assert of.agreement.value == 0.9
    assert of.kappa.value == round(task.kappa(), 4)
    assert of.alpha.value == round(task.alpha(), 4)
    for each in (of.agreement, of.kappa, of.alpha):
        assert each.value is not None
        assert each.low is not None
        assert each.high is not None
        assert each.low < each.value < each.high


def test_the_whole_scheme_pools_all_codes(store: Engine) -> None:
    put(store, *coded(30), link("PN.0001", "objective/1", reviews=[decided("ann")]))
    of = found(store)
    assert [each.code for each in of.codes] == ["objective/1", "objective/23"]
    assert (of.projects, of.reviewers, of.codebook) == (30, ("ann", "bea"), "1")
    assert of.whole.agreement.value == round(1 - 4 / 60, 4)


@pytest.mark.parametrize("count", [ENOUGH - 1, ENOUGH])
def test_below_twenty_projects_there_are_too_few(store: Engine, count: int) -> None:
    put(store, *coded(count))
    of = found(store)
    assert of.is_too_little is (count < ENOUGH)
    assert of.projects == count
    assert [each.accepted for each in of.codes] == [(count + 1) // 2]
    empty = [each == Estimate() for each in (of.whole.agreement, of.whole.kappa, of.whole.alpha)]
    assert empty == [count < ENOUGH] * 3


@pytest.mark.parametrize(
    ("reviews", "counts"),
    [
        ([decided("ann")], 1),
        ([decided("ann", "reject")], 0),
        ([decided("ann", "reject"), decided("ann")], 1),
        ([decided("ann"), decided("ann", "reject")], 0),
        ([decided("ann"), decided("ann", "reject", undoneAt=THEN)], 1),
        ([decided("ann", undoneAt=THEN)], 0),
        # What came after the coding was complete is no part of it.
        ([decided("ann", undoneAt=LATER)], 1),
        ([decided("ann"), decided("ann", "reject", at=LATER)], 1),
        ([decided("ann", at=LATER)], 0),
        # Nor is what was decided in view of others.
        ([decided("ann", blind=False)], 0),
        ([decided("eve")], 0),
    ],
)
def test_the_last_blind_decision_within_the_coding_counts(
    store: Engine, reviews: list[dict[str, Any]], counts: int
) -> None:
    put(store, project("A"), blind("A", "ann"), blind("A", "bea"), link("A", reviews=reviews))
    assert given(store)["objective/23"] == counts


@pytest.mark.parametrize(
    "more", [{"blind": False}, {"completedAt": None}, {"codebookVersion": "2", "key": "A~gcm~2~bea"}]
)
def test_only_complete_blind_codings_by_the_codebook_count(store: Engine, more: dict[str, Any]) -> None:
    other = {name: value for name, value in (blind("A", "bea") | more).items() if value is not None}
    put(store, project("A"), blind("A", "ann"), other)
    assert found(store).projects == 0


def test_each_scheme_has_its_own_agreement(store: Engine) -> None:
    named = {name: {"codingScheme": "sdg", "key": f"A~sdg~1~{name}"} for name in ("ann", "bea")}
    records = [project("A"), *(blind("A", name) | more for name, more in named.items())]
    put(store, *records, link("A", "sdg/10.7", reviews=[decided("ann")]), link("A", reviews=[decided("ann")]))
    assert [(each.code, each.accepted) for each in found(store, CodingScheme.SDG).codes] == [("sdg/10.7", 1)]
    assert found(store).projects == 0


def test_without_any_coding_there_is_nothing_to_agree_on(store: Engine) -> None:
    of = found(store)
    assert (of.projects, of.reviewers, of.is_too_little) == (0, (), True)


def test_an_earlier_version_agrees_as_it_did_then(store: Engine) -> None:
    put(store, *coded(24))
    before = found(store)
    put(store, link("PN.0001", reviews=[decided("ann"), decided("bea")]))
    assert found(store) != before
    assert found(store, as_of=2) == before

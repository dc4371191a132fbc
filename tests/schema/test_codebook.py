"""Rules of the codebook: reviews cite those that there are, and a rule that is cited is not taken away."""

import pytest
from sqlalchemy import Engine

from ontology.errors import InvalidRecord, UnknownReference
from schema.codebook import codebook_version
from schema.deciding import check_rule
from schema.links import Verdict, review_link
from schema.model.link import Decision
from schema.store import reading, writing
from tests.schema.world import LATER, codebook, ground, link, project, put, review, stored

LINK = "PN.0008~objective-23"


@pytest.fixture
def linked(engine: Engine) -> Engine:
    put(engine, *ground(), codebook(7, "include-1"), project(), link())
    return engine


def decide(engine: Engine, rule: str, decision: Decision = Decision.ACCEPT) -> None:
    with writing(engine, LATER) as transaction:
        review_link(transaction, LINK, Verdict(decision, "ann", codebook_rule=rule))


def test_the_version_of_the_codebook_is_data(linked: Engine) -> None:
    with reading(linked) as snapshot:
        assert codebook_version(snapshot.connection) == "1"


def test_without_a_codebook_there_is_no_version(engine: Engine) -> None:
    with reading(engine) as snapshot:
        assert codebook_version(snapshot.connection) is None


def test_a_review_cites_a_rule(linked: Engine) -> None:
    decide(linked, "objective-23~include-1")
    # A rule on another code may be the reason too.
    decide(linked, "objective-7~include-1")
    record = stored(linked, "link", LINK) or {}
    assert [each["codebookRule"] for each in record["reviews"]] == [
        "objective-23~include-1",
        "objective-7~include-1",
    ]
    with reading(linked) as snapshot:
        snapshot.check()


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ("objective-23~include-7", "Use one of objective-23~include-1, objective-23~exclude-1."),
        ("objective-23~inclde-1", "Use one of objective-23~include-1, objective-23~exclude-1."),
        ("objective-2~include-1", "objective-23~include-1"),
        ("rule/objective-7~include-1", "objective-7~include-1"),
        ("R1", "All that there are stand at /about/codebook."),
        ("\u202eobjective-23~include-1'; DROP TABLE review", "objective-23~include-1"),
        ("x" * 1900, "All that there are stand at /about/codebook."),
    ],
)
def test_a_rule_that_is_none_is_refused_and_the_nearest_are_named(
    linked: Engine, rule: str, named: str
) -> None:
    with pytest.raises(UnknownReference) as refused:
        decide(linked, rule)
    assert refused.value.field == "codebookRule"
    assert named in (refused.value.suggestion or "")
    assert len(refused.value.message) < 250
    assert "reviews" not in (stored(linked, "link", LINK) or {})


def test_nobody_accepts_for_a_rule_by_which_the_code_does_not_count(linked: Engine) -> None:
    with pytest.raises(
        InvalidRecord, match=r"objective-23~exclude-1 says when objective/23 does not"
    ) as error:
        decide(linked, "objective-23~exclude-1")
    assert error.value.field == "codebookRule"
    assert "reviews" not in (stored(linked, "link", LINK) or {})
    # What does not count elsewhere may be why it counts here, and what does not count is rejected for it.
    put(linked, codebook(7, "include-1", "exclude-1"), at=LATER)
    decide(linked, "objective-7~exclude-1")
    decide(linked, "objective-23~exclude-1", Decision.REJECT)
    assert [each["decision"] for each in (stored(linked, "link", LINK) or {})["reviews"]] == [
        "accept",
        "reject",
    ]


def test_nobody_accepts_a_target_for_a_rule_by_which_its_goal_does_not_count() -> None:
    for target in ("sdg/8", "sdg/8.8"):
        with pytest.raises(InvalidRecord, match="sdg-8~exclude-2"):
            check_rule(target, Decision.ACCEPT, "sdg-8~exclude-2")
    for rule in ("sdg-8~include-1", "sdg-8~confusion-1", "sdg-18~exclude-1", "objective-8~exclude-1", None):
        check_rule("sdg/8.8", Decision.ACCEPT, rule)


def test_rules_and_reviews_may_come_together_in_any_order(engine: Engine) -> None:
    reviewed = link(reviews=[review("ann", codebookRule="objective-23~exclude-1")])
    put(engine, reviewed, project(), *reversed(ground()))
    assert (stored(engine, "link", LINK) or {})["status"] == "accepted"


def test_a_rule_that_is_cited_stays(linked: Engine) -> None:
    decide(linked, "objective-23~include-1")
    with pytest.raises(UnknownReference, match=r"objective-23~include-1.*link/PN\.0008~objective-23"):
        put(linked, codebook(23, "exclude-1"))
    with pytest.raises(UnknownReference), writing(linked) as transaction:
        transaction.delete("codebook", "objective-23")
    # Others may go, and others may come.
    put(linked, codebook(23, "include-1", "include-2"))
    with writing(linked) as transaction:
        transaction.delete("codebook", "objective-7")


def test_a_rule_goes_with_the_last_review_that_cites_it(linked: Engine) -> None:
    decide(linked, "objective-23~include-1")
    put(linked, codebook(23, "exclude-1"), link(reviews=[], version=3), at=LATER)
    with reading(linked) as snapshot:
        snapshot.check()


@pytest.mark.parametrize(
    ("codes", "field"),
    [(("include-1", "include-1"), "rules[1].code"), (("include-10",), "rules[0].code"), (("include-x",), "")],
)
def test_a_rule_has_a_code_of_its_own(engine: Engine, codes: tuple[str, ...], field: str) -> None:
    with pytest.raises(InvalidRecord) as refused:
        put(engine, *ground(), codebook(7, *codes))
    assert (refused.value.field or "").startswith(field)


def test_the_code_of_a_rule_begins_with_its_kind(engine: Engine) -> None:
    entry = codebook(7, "include-1")
    entry["rules"][0]["kind"] = "exclude"
    with pytest.raises(InvalidRecord, match="no code of a rule to exclude"):
        put(engine, *ground(), entry)


def test_an_entry_has_the_key_of_what_it_is_about(engine: Engine) -> None:
    with pytest.raises(InvalidRecord, match="objective-7"):
        put(engine, *ground(), codebook(23) | {"subject": "objective/7"})

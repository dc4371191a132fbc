"""What the rules of the lexicon rest on in the codebook: something for each code, and nothing of another."""

import pytest
from rdflib import RDF

from ontology.linking.grounds import Grounded, goal_of, grounded, grounds, subject_of
from ontology.linking.lexicon import LANGUAGES, RULE, lexicon_graph, words
from ontology.linking.topics import topics
from ontology.terms import CG
from tests.ontology.test_codebook import ALL_RULES, ENTRIES

SUBJECTS = {each["subject"] for each in ENTRIES}

EVERY = pytest.mark.parametrize("rule", grounded().values(), ids=grounded())


@EVERY
def test_a_rule_rests_on_rules_that_include_and_are_in_the_codebook(rule: Grounded) -> None:
    assert rule.grounds
    for each in rule.grounds:
        assert ALL_RULES[each]["kind"] == "include"


@EVERY
def test_a_rule_rests_on_something_for_each_code_with_an_entry_and_on_nothing_else(rule: Grounded) -> None:
    assert {subject_of(each) for each in rule.grounds} == SUBJECTS & set(rule.targets)
    # Where a target has no entry, its goal has one.
    assert {goal_of(each) for each in rule.targets if each.startswith("sdg/")} <= SUBJECTS


def test_what_is_said_to_rest_on_the_codebook_is_a_rule_of_the_lexicon() -> None:
    ruled = set(lexicon_graph().subjects(RDF.type, CG.LexicalRule))
    assert set(lexicon_graph().subjects(CG.codebookRule)) == ruled
    assert {str(each) for each in ruled} == {RULE + name for name in grounded()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_rule_proposes_rests_on_something(language: str) -> None:
    for rule in words(language).rules:
        for target in (*(each.target for each in rule.supports), *rule.implies):
            assert grounds([rule.identifier], target), (rule.identifier, target)


def test_of_what_a_rule_rests_on_a_claim_has_what_is_about_its_target() -> None:
    ids = ["lexicon.trafficking/en", "lexicon.words-10/en"]
    assert grounds(ids, "objective/10") == (
        "objective-10~include-1",
        "objective-10~include-2",
        "objective-10~include-3",
    )
    assert grounds(ids[:1], "sdg/16.2") == ("sdg-16.2~include-1", "sdg-16.2~include-2")
    assert grounds(ids, "sdg/16") == ("sdg-16~include-1",)
    assert grounds(ids, "objective/9") == ()


def test_a_target_without_an_entry_rests_on_what_its_goal_does() -> None:
    assert "sdg/16.9" not in SUBJECTS
    assert grounds(["lexicon.legal-identity/fr"], "sdg/16.9") == ("sdg-16~include-3",)


@pytest.mark.parametrize(
    "rule_id", ["", "lexicon", "lexicon.explicit.sdg", "lexicon.gone/en", "mentions.trafficking/en", "~/é"]
)
def test_what_is_no_rule_of_the_lexicon_rests_on_nothing(rule_id: str) -> None:
    assert grounds([rule_id], "objective/10") == ()


def test_a_proposal_can_say_what_it_rests_on() -> None:
    (found,) = (
        each
        for each in topics("Judges of Nowhere learn to prosecute trafficking in persons.")
        if each.target == "objective/10"
    )
    assert "objective-10~include-2" in grounds(found.rules, found.target)

"""The codebook as it is written: whole in three languages, rules that differ, examples that decide."""

import csv
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from ontology.declaration import ExchangeRecord
from ontology.reading import records
from ontology.vocabularies import NAMES, vocabulary
from schema.exchange import canonical
from server.documents import declarations

#: The targets that writings on migration name.
TARGETS = {
    "4.b", "5.2", "8.5", "8.7", "8.8", "10.1", "10.2", "10.3", "10.4", "10.7", "10.c",
    "16.2", "16.3", "16.4", "16.6", "16.7", "17.18",
}  # fmt: skip
NAMED = Path(__file__).parents[3] / "shared" / "reference" / "sdg_targets_naming_migration.csv"

FILES = [name for name in NAMES if name.startswith("codebook_")]
LANGUAGES = ("en", "es", "fr")
ENTRIES: list[ExchangeRecord] = [
    canonical(each) for name in FILES for each in records(vocabulary(name), declarations())
]
#: Everything that projects can be coded by; a target may be confused with one that has no entry.
CODES = {
    f"{each['class']}/{each['key']}"
    for name in ("objectives", "sdg")
    for each in records(vocabulary(name), declarations())
}
#: How an example says what is decided, in each language.
DECIDED = {
    "en": re.compile(r"^“.+” Decision: (.+ counts? by .+)", re.DOTALL),
    "fr": re.compile(r"^« .+ » Décision : (.+ compte(?:nt)? selon .+)", re.DOTALL),
    "es": re.compile(r"^«.+». Decisión: (.+ cuentan? por .+)", re.DOTALL),
}
RULE = re.compile(r"(?:objective|sdg)-[0-9a-d.]+~[a-z]+-[1-9]")

EVERY = pytest.mark.parametrize("entry", ENTRIES, ids=[each["key"] for each in ENTRIES])


def rules(entry: ExchangeRecord, kind: str) -> list[ExchangeRecord]:
    return [each for each in entry["rules"] if each["kind"] == kind]


def key_of(entry: ExchangeRecord, rule: ExchangeRecord) -> str:
    return f"{entry['key']}~{rule['code']}"


ALL_RULES = {key_of(entry, rule): rule for entry in ENTRIES for rule in entry["rules"]}


def texts(entry: ExchangeRecord) -> Iterator[dict[str, str]]:
    """Every text of an entry, by language."""
    return chain(
        (entry["title"], entry["scope"], entry["example"]), (each["text"] for each in entry["rules"])
    )


def test_every_objective_every_goal_and_every_target_that_names_migration_has_an_entry() -> None:
    subjects = [each["subject"] for each in ENTRIES]
    assert len(subjects) == len(set(subjects))
    objectives = {f"objective/{number}" for number in range(1, 24)}
    goals = {f"sdg/{number}" for number in range(1, 18)}
    assert set(subjects) == objectives | goals | {f"sdg/{target}" for target in TARGETS}


@pytest.mark.skipif(
    not NAMED.exists(), reason="the list of targets stands beside the checkout, and is not there"
)
def test_the_targets_are_those_that_writings_on_migration_name() -> None:
    with NAMED.open(encoding="utf-8", newline="") as rows:
        assert {each["sdg_target"] for each in csv.DictReader(rows)} == TARGETS


@EVERY
def test_an_entry_is_whole_in_three_languages(entry: ExchangeRecord) -> None:
    assert len(rules(entry, "include")) >= 2
    assert len(rules(entry, "exclude")) >= 2
    assert len(rules(entry, "confusion")) >= 1
    for each in texts(entry):
        assert tuple(sorted(each)) == LANGUAGES, each


@EVERY
def test_an_entry_rests_on_a_paragraph_or_a_target(entry: ExchangeRecord) -> None:
    segment, _, key = entry["subject"].partition("/")
    if segment == "objective":
        assert entry["basis"] == f"A/RES/73/195, paragraph {16 + int(key)}"
    else:
        assert re.fullmatch(rf"A/RES/70/1, (?:target|Goal) {re.escape(key)}", entry["basis"])


@EVERY
def test_rules_are_numbered_without_gaps_by_kind(entry: ExchangeRecord) -> None:
    for kind in ("include", "exclude", "confusion"):
        codes = [each["code"] for each in rules(entry, kind)]
        assert codes == [f"{kind}-{number}" for number in range(1, len(codes) + 1)]


@EVERY
def test_a_confusion_names_another_code(entry: ExchangeRecord) -> None:
    for rule in entry["rules"]:
        other = rule.get("confusedWith")
        assert (other is not None) == (rule["kind"] == "confusion")
        assert other is None or (other in CODES and other != entry["subject"])


def test_no_two_texts_are_alike() -> None:
    for language in LANGUAGES:
        words = [" ".join(each[language].casefold().split()) for entry in ENTRIES for each in texts(entry)]
        assert len(words) == len(set(words))


def test_no_text_stands_untranslated() -> None:
    for entry in ENTRIES:
        for each in texts(entry):
            assert len(set(each.values())) == len(LANGUAGES), each


@EVERY
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example_ends_in_a_decision_that_cites_a_rule_of_the_entry(
    entry: ExchangeRecord, language: str
) -> None:
    found = DECIDED[language].match(entry["example"][language])
    assert found is not None
    story, decision = entry["example"][language][: found.start(1)], found.group(1)
    assert len(story.split()) >= 12
    assert RULE.findall(story) == []
    assert any(each.startswith(f"{entry['key']}~") for each in RULE.findall(decision))


@EVERY
def test_whatever_is_cited_is_there_and_the_same_in_every_language(entry: ExchangeRecord) -> None:
    for each in texts(entry):
        cited = [RULE.findall(words) for words in each.values()]
        assert all(one == cited[0] for one in cited)
        assert set(cited[0]) <= set(ALL_RULES)


@EVERY
def test_rules_name_the_same_codes_in_every_language(entry: ExchangeRecord) -> None:
    """A translation that slips turns a code into another one."""
    for rule in entry["rules"]:
        numbers = [sorted(re.findall(r"\b\d+(?:\.\w+)?\b", words)) for words in rule["text"].values()]
        assert all(each == numbers[0] for each in numbers), key_of(entry, rule)


def test_french_and_spanish_are_written_with_their_signs() -> None:
    for entry in ENTRIES:
        for each in texts(entry):
            assert "'" not in each["fr"], each["fr"]
            assert not re.search(r"[^\s\u00a0\u202f][;?!]", each["fr"]), each["fr"]
            assert not re.search(r"\w:(?!\d)", each["fr"]), each["fr"]
            assert not re.search(r"\b(?:tambien|mas de|migracion|educacion)\b", each["es"]), each["es"]
            assert "?" not in each["es"] or "¿" in each["es"], each["es"]

"""Imported texts are left out of a record where they are not to be published, and nothing else is."""

import pytest

from ontology.declaration import ExchangeRecord
from ontology.withheld import is_withheld, without_texts
from schema.exchange import SEGMENTS, nouns_of
from schema.model import NOUNS
from schema.record import declaration

PROJECT = declaration(NOUNS["Project"])
SOURCE = declaration(NOUNS["Source"])
SECRET = "The words of a page"

RECORD: ExchangeRecord = {
    "class": "project",
    "key": "PN.0008",
    "title": {"en": "A title"},
    "description": {"en": SECRET},
    "startYear": 2024,
    "results": [{"code": "1", "kind": "outcome", "text": {"en": SECRET}}],
    "provenance": [
        {"field": "startYear", "source": "a" * 64, "value": "2024"},
        {"field": "description", "source": "a" * 64, "value": SECRET},
        {"field": "results", "source": "a" * 64, "value": SECRET},
    ],
    "conflicts": [
        {"field": "description", "kept": SECRET, "other": SECRET, "rule": "newest", "source": "a" * 64}
    ],
}


def test_the_texts_of_a_project_and_every_account_of_them_are_left_out() -> None:
    assert without_texts(PROJECT, RECORD) == {
        "class": "project",
        "key": "PN.0008",
        "title": {"en": "A title"},
        "startYear": 2024,
        "results": [{"code": "1", "kind": "outcome"}],
        "provenance": [{"field": "startYear", "source": "a" * 64, "value": "2024"}],
    }


def test_the_record_that_was_handed_over_keeps_its_texts() -> None:
    without_texts(PROJECT, RECORD)
    assert RECORD["description"] == {"en": SECRET}
    assert len(RECORD["provenance"]) == 3


def test_a_source_keeps_its_address_its_hash_and_its_rights() -> None:
    source = {
        "key": "a" * 64,
        "sha256": "a" * 64,
        "text": SECRET,
        "rights": "All rights reserved",
        "url": "https://x.org/",
    }
    assert without_texts(SOURCE, source) == {each: source[each] for each in source if each != "text"}


@pytest.mark.parametrize("segment", SEGMENTS)
def test_classes_without_imported_texts_are_handed_back_as_they_are(segment: str) -> None:
    for noun in nouns_of(segment):
        if noun.name not in ("Project", "Source"):
            record = {"key": "anything"}
            assert without_texts(declaration(noun), record) is record


def test_the_quotes_that_support_a_link_are_no_imported_text() -> None:
    assert not any(is_withheld(each) for each in declaration(NOUNS["Evidence"]).fields)

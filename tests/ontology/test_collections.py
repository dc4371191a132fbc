"""Collections: every record is in one of them, and what is only proposed is in no collection of facts."""

import pytest

from ontology.collections import COLLECTIONS, collection_of
from schema.exchange import SEGMENTS
from schema.model import NOUNS
from schema.record import Record


def test_every_class_of_things_is_in_a_collection() -> None:
    published = {segment for each in COLLECTIONS.values() for segment in each.classes}
    assert published == set(SEGMENTS)
    assert published == {each.segment for each in NOUNS.values() if issubclass(each.model, Record)}


@pytest.mark.parametrize("segment", SEGMENTS)
@pytest.mark.parametrize("fields", [{}, {"accepted": True}, {"status": "accepted"}, {"status": "proposed"}])
def test_a_record_is_in_one_collection_and_no_other(segment: str, fields: dict[str, object]) -> None:
    record = {"class": segment, "key": "1"} | fields
    assert [each for each in COLLECTIONS.values() if each.holds(record)] == [collection_of(record)]


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"class": "link", "status": "accepted"}, "links"),
        ({"class": "link", "status": "proposed"}, "proposals"),
        ({"class": "link", "status": "rejected"}, "proposals"),
        ({"class": "instrument", "accepted": True}, "networks"),
        ({"class": "instrument"}, "proposals"),
        # The plain triple of a link stands with its project, whatever the link's own record says.
        ({"class": "project", "status": "status/active"}, "projects"),
    ],
)
def test_what_is_not_accepted_is_a_proposal(record: dict[str, object], name: str) -> None:
    assert collection_of(record).name == name


def test_a_collection_has_its_words_in_every_language() -> None:
    for each in COLLECTIONS.values():
        assert each.title.keys() == each.description.keys() == {"en", "fr", "es"}

"""Keys: former ones go on leading to where a thing is now, and deleted ones are remembered."""

import pytest
from sqlalchemy import Engine

from ontology.errors import InvalidRecord, NotFound
from ontology.iri import Iris
from schema.exchange import alias, tombstone
from schema.links import Verdict, assert_link, merge, review_link
from schema.model.link import Decision
from schema.store import reading, writing
from tests.schema.world import LATER, THEN, claim, coding, full, lines, link, project, put, review, stored

IRIS = Iris("https://example.org")


def found(engine: Engine, text: str, *segments: str) -> tuple[str, bool] | None:
    """The key that a text leads to, and whether it is another than was asked for."""
    with reading(engine) as snapshot:
        standing = snapshot.find(text, segments or ("project",), IRIS)
    return None if standing is None else (f"{standing.segment}/{standing.key}", standing.is_alias)


def lead(engine: Engine, key: str, of: str, segment: str = "project") -> None:
    with writing(engine, LATER) as transaction:
        transaction.lead(segment, key, of)


@pytest.mark.parametrize(
    ("text", "is_alias"),
    [
        ("PN.0008", False),
        ("project/PN.0008", False),
        ("https://example.org/id/project/PN.0008", False),
        ("https://example.org/project/PN.0008", False),
        ("SV10P0008", True),
        ("project/SV10P0008", True),
        ("https://example.org/id/project/SV10P0008", True),
        ("OLD-1", True),
        ("https://example.org/id/project/OLD-1", True),
    ],
)
def test_a_project_is_found_by_each_of_its_names(store: Engine, text: str, is_alias: bool) -> None:
    put(store, full())
    lead(store, "OLD-1", "PN.0008")
    assert found(store, text) == ("project/PN.0008", is_alias)


def test_a_project_known_by_its_prima_id_is_found_by_its_project_id(store: Engine) -> None:
    put(store, project("SV10P0560", primaId="SV10P0560", projectId="PN.0008"))
    assert found(store, "PN.0008") == ("project/SV10P0560", True)


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("http://metadata.un.org/sdg/10.7", "sdg/10.7"),
        ("https://metadata.un.org/sdg/10.7", "sdg/10.7"),
        ("sdg/10", "sdg/10"),
        ("10.7", "sdg/10.7"),
        ("code/region/lac", "code/region/lac"),
        ("region/lac", "code/region/lac"),
        ("SLV", "state/SLV"),
        ("network/SLV", "network/SLV"),
    ],
)
def test_other_things_are_found_by_id_key_and_iri(store: Engine, text: str, identifier: str) -> None:
    assert found(store, text, "sdg", "code", "state", "network") == (identifier, False)


@pytest.mark.parametrize(
    "text", ["", "nothing", "state/PN.0008", "https://elsewhere.org/id/project/PN.0008", "\x00", "a\ud800"]
)
def test_what_is_not_there_is_not_found(store: Engine, text: str) -> None:
    put(store, full())
    assert found(store, text) is None


def test_a_chain_of_former_keys_leads_to_its_end(store: Engine) -> None:
    put(store, project("A"), project("B"), project("C"))
    lead(store, "A", "B")
    lead(store, "B", "C")
    assert found(store, "A") == ("project/C", True)
    assert [line for line in lines(store) if '"aliasOf":"B"' in line] == []


def test_a_chain_within_one_transaction_leads_to_its_end(store: Engine) -> None:
    put(store, project("A"), project("B"), project("C"))
    with writing(store) as transaction:
        transaction.lead("project", "A", "B")
        transaction.lead("project", "B", "C")
    assert found(store, "A") == found(store, "B") == ("project/C", True)


def test_keys_that_lead_in_a_circle_are_refused(store: Engine) -> None:
    put(store, project("A"), project("B"))
    with pytest.raises(InvalidRecord, match="leads back"):
        put(store, alias("project", "A", "B", THEN), alias("project", "B", "A", THEN))
    with pytest.raises(InvalidRecord, match="leads to itself"):
        lead(store, "A", "A")


def test_a_key_leads_nowhere_but_to_what_lives(store: Engine) -> None:
    with pytest.raises(NotFound, match="there is no project/B"):
        lead(store, "A", "B")


def test_a_record_under_a_former_key_is_refused_with_the_key_of_today(store: Engine) -> None:
    put(store, project("B"))
    lead(store, "A", "B")
    with pytest.raises(InvalidRecord, match="leads to 'B'") as caught:
        put(store, project("A"))
    assert "'B'" in caught.value.suggestion


def test_a_former_key_of_a_deleted_thing_says_that_it_is_deleted(store: Engine) -> None:
    put(store, project("B"))
    lead(store, "A", "B")
    with writing(store) as transaction:
        transaction.delete("project", "B")
    with reading(store) as snapshot:
        standing = snapshot.standing("project", "A")
    assert standing is not None
    assert (standing.key, standing.deleted) == ("B", True)


def test_a_deleted_key_gives_way_to_a_living_project_with_that_identifier(store: Engine) -> None:
    put(store, project("SV10P0560"))
    with writing(store) as transaction:
        transaction.delete("project", "SV10P0560")
    put(store, project("PN.0008", primaId="SV10P0560"))
    assert found(store, "SV10P0560") == ("project/PN.0008", True)


def test_a_key_may_lead_to_what_was_deleted(store: Engine) -> None:
    gone, former = tombstone("project", "B", THEN), alias("project", "A", "B", THEN)
    assert put(store, former, gone) == ["merged", "deleted"]
    assert put(store, former, gone) == ["unchanged", "unchanged"]
    put(store, alias("project", "C", "B", THEN))
    assert found(store, "C") == ("project/B", True)


def test_merging_moves_links_with_claims_and_reviews_and_codings(store: Engine) -> None:
    put(store, project("A"), project("B"))
    with writing(store) as transaction:
        assert_link(transaction, "A", "objective/23", claim("one"))
        assert_link(transaction, "A", "objective/7", claim("one"))
        assert_link(transaction, "B", "objective/23", claim("two"))
        review_link(transaction, "A~objective-23", Verdict(Decision.ACCEPT, "ann"))
        transaction.put(coding("A"))
    with writing(store, LATER) as transaction:
        merge(transaction, "A", "B")
    moved = stored(store, "link", "B~objective-23") or {}
    assert [each["method"] for each in moved["claims"]] == ["two", "one"]
    assert [each["reviewer"] for each in moved["reviews"]] == ["ann"]
    assert moved["status"] == "accepted"
    assert (stored(store, "link", "B~objective-7") or {})["project"] == "B"
    assert (stored(store, "coding", "B~gcm~1~ann") or {})["project"] == "B"
    assert (stored(store, "project", "B") or {})["objectives"] == ["23"]
    assert found(store, "A~objective-7", "link") == ("link/B~objective-7", True)
    assert found(store, "A~gcm~1~ann", "coding") == ("coding/B~gcm~1~ann", True)
    assert found(store, "A") == ("project/B", True)
    with reading(store) as snapshot:
        snapshot.check()


def test_the_same_claim_of_both_stands_once_after_merging(store: Engine) -> None:
    put(store, project("A"), project("B"), link("A"), link("B"))
    with writing(store) as transaction:
        merge(transaction, "A", "B")
    assert len((stored(store, "link", "B~objective-23") or {})["claims"]) == 1


def test_reviews_of_both_are_in_the_order_of_their_times_after_merging(store: Engine) -> None:
    put(store, project("A"), project("B"))
    put(store, link("A", reviews=[review("ann", "reject", LATER)]), link("B", reviews=[review("ann")]))
    with writing(store) as transaction:
        merge(transaction, "A", "B")
    assert (stored(store, "link", "B~objective-23") or {})["status"] == "rejected"


def test_links_of_the_same_transaction_are_merged_too(store: Engine) -> None:
    put(store, project("B"))
    with writing(store) as transaction:
        transaction.put(project("A"))
        transaction.put(link("A"))
        merge(transaction, "A", "B")
    assert stored(store, "link", "B~objective-23") is not None


@pytest.mark.parametrize(("key", "into"), [("A", "A"), ("A", "X"), ("X", "A")])
def test_only_two_living_projects_merge(store: Engine, key: str, into: str) -> None:
    put(store, project("A"), link("A"))
    before = lines(store)
    with pytest.raises(NotFound, match="to merge"), writing(store) as transaction:
        merge(transaction, key, into)
    assert lines(store) == before

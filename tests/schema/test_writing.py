"""Writing: one transaction is one version or nothing, and records keep what they say."""

import pytest
from sqlalchemy import Engine, select

from ontology.errors import DatabaseUnavailable, InvalidRecord, NotFound, UnknownReference
from schema.log import change, head, resource
from schema.store import reading, writing
from tests.databases import Databases
from tests.schema.world import (
    LATER,
    THEN,
    coding,
    full,
    instrument,
    lines,
    link,
    project,
    put,
    record,
    source,
    stored,
    version,
)


def test_one_transaction_is_one_version(store: Engine) -> None:
    assert version(store) == 1
    put(store, project("A"), project("B"))
    with reading(store) as snapshot:
        written = [(each.version, each.ordinal, each.key) for each in snapshot.changes((1, 10**6))]
    assert written == [(2, 0, "A"), (2, 1, "B")]


def test_nothing_is_written_when_the_transaction_fails(store: Engine) -> None:
    before = lines(store)
    with pytest.raises(InvalidRecord):
        put(store, project("A"), project("B", budgetUsd="much"))
    with pytest.raises(UnknownReference):
        put(store, project("A"), project("B", memberStates=["XXX"]))
    assert (lines(store), version(store)) == (before, 1)


def test_an_empty_transaction_is_no_version(store: Engine) -> None:
    with writing(store):
        pass
    assert version(store) == 1


def test_a_record_that_is_put_again_writes_nothing(store: Engine) -> None:
    assert put(store, full(), link(), coding(), at=LATER) == ["taken"] * 3
    assert put(store, full(), link(), coding()) == ["unchanged"] * 3
    assert version(store) == 2


def test_a_record_that_is_put_in_two_forms_ends_as_the_last_one(store: Engine) -> None:
    put(store, project("A"))
    assert put(store, project("A", year=2020), project("A")) == ["changed", "changed"]
    assert version(store) == 2
    assert put(store, project("A", year=2020), project("A", year=2021)) == ["changed", "changed"]
    assert (stored(store, "project", "A") or {})["year"] == 2021


def test_an_accepted_list_survives_a_change_that_is_taken_back_at_once(store: Engine) -> None:
    plan = instrument()
    accepted = {"decision": "accept", "reviewer": "ann", "at": THEN}
    put(store, project(), link(target=f"instrument/{plan['key']}", reviews=[accepted]))
    before = lines(store)
    put(store, project(year=2020), project(), instrument() | {"name": {"en": "Plan"}}, plan)
    assert lines(store) == before
    with reading(store) as snapshot:
        assert snapshot.check() == len(before)


def test_a_time_that_is_given_is_kept(store: Engine) -> None:
    put(store, project("A", updatedAt="2020-05-06T07:08:09+02:00"), at=LATER)
    assert (stored(store, "project", "A") or {})["updatedAt"] == "2020-05-06T05:08:09Z"


def test_a_record_without_a_time_takes_that_of_the_transaction(store: Engine) -> None:
    put(store, project("A"), at=LATER)
    assert (stored(store, "project", "A") or {})["updatedAt"] == LATER
    assert put(store, project("A"), at=THEN) == ["unchanged"]


def test_another_time_alone_is_a_change(store: Engine) -> None:
    put(store, project("A", updatedAt=THEN))
    assert put(store, project("A", updatedAt=LATER)) == ["changed"]
    assert (stored(store, "project", "A") or {})["updatedAt"] == LATER


def test_a_deleted_project_takes_its_links_and_codings_along(store: Engine) -> None:
    put(store, project(), link(), coding(), project("B"), link("B"))
    with writing(store, LATER) as transaction:
        transaction.delete("project", "PN.0008")
    with reading(store) as snapshot:
        gone = [(each.segment, each.operation) for each in snapshot.changes((2, 10**6))]
        assert not list(snapshot.links_of("PN.0008"))
        assert [each["key"] for each in snapshot.links_of("B")] == ["B~objective-23"]
        standing = snapshot.standing("project", "PN.0008")
        assert standing is not None
        assert standing.deleted
        snapshot.check()
    assert gone == [("project", "delete"), ("link", "delete"), ("coding", "delete")]


def test_a_link_of_the_same_transaction_goes_with_its_project(store: Engine) -> None:
    with writing(store) as transaction:
        transaction.put(project())
        transaction.put(link())
        transaction.delete("project", "PN.0008")
    assert stored(store, "link", "PN.0008~objective-23") is None


def test_a_deleted_project_lives_again_when_it_is_put(store: Engine) -> None:
    put(store, project())
    with writing(store) as transaction:
        transaction.delete("project", "PN.0008")
    assert put(store, project(year=2021)) == ["taken"]
    with reading(store) as snapshot:
        assert snapshot.changes((3, 10**6))[0].operation == "create"
        standing = snapshot.standing("project", "PN.0008")
        assert standing is not None
        assert not standing.deleted


def test_what_is_not_there_cannot_be_deleted(store: Engine) -> None:
    with pytest.raises(NotFound, match="project/A"), writing(store) as transaction:
        transaction.delete("project", "A")


@pytest.mark.parametrize(
    ("segment", "key", "by", "field"),
    [
        ("state", "TON", "project/PN.0008", "memberStates"),
        ("code", "region/lac", "project/PN.0008", "region"),
        ("source", source()["key"], "project/PN.0008", "source"),
        ("objective", "7", "link/PN.0008~objective-7", "target"),
        ("objective", "23", "codebook/objective-23", "subject"),
        ("instrument", instrument()["key"], f"link/PN.0008~instrument-{instrument()['key']}", "target"),
        ("network", "global", "network/SLV", "parent"),
    ],
)
def test_what_others_refer_to_cannot_be_deleted(
    store: Engine, segment: str, key: str, by: str, field: str
) -> None:
    put(store, full(), link(target="objective/7"), link(target=f"instrument/{instrument()['key']}"))
    with pytest.raises(UnknownReference, match=by) as caught, writing(store) as transaction:
        transaction.delete(segment, key)
    assert caught.value.field == field


def test_evidence_holds_its_source(store: Engine) -> None:
    where = source("Other words.")
    quote = {"quote": "Other", "start": 0, "end": 5, "language": "en", "textSha256": where["key"]}
    evidence = [quote | {"source": where["key"]}]
    put(store, where, project(), link(claims=[{**link()["claims"][0], "evidence": evidence}]))
    with (
        pytest.raises(UnknownReference, match=r"link/PN\.0008~objective-23"),
        writing(store) as transaction,
    ):
        transaction.delete("source", where["key"])


def test_what_is_deleted_together_need_not_be_deleted_in_order(store: Engine) -> None:
    put(store, full(), link())
    with writing(store) as transaction:
        for segment, key in (("source", source()["key"]), ("state", "TON"), ("objective", "23")):
            transaction.delete(segment, key)
        transaction.delete("codebook", "objective-23")
        transaction.delete("project", "PN.0008")
    with reading(store) as snapshot:
        snapshot.check()


@pytest.mark.parametrize(
    ("fields", "field", "reference"),
    [
        ({"memberStates": ["SLV", "XXX"]}, "memberStates", "state/XXX"),
        ({"region": "region/mars"}, "region", "code/region/mars"),
        ({"sources": ["0" * 64]}, "sources", f"source/{'0' * 64}"),
        (
            {"provenance": [{"field": "year", "value": "1", "source": "1" * 64}]},
            "source",
            f"source/{'1' * 64}",
        ),
    ],
)
def test_an_unknown_reference_is_refused_by_record_and_field(
    store: Engine, fields: dict[str, object], field: str, reference: str
) -> None:
    with pytest.raises(UnknownReference) as caught:
        put(store, project(**fields))
    assert caught.value.field == field
    assert caught.value.message == f"project/PN.0008: {field} refers to {reference}, which is not there"


def test_a_link_to_nothing_is_refused(store: Engine) -> None:
    with pytest.raises(UnknownReference, match="target refers to network/TON"):
        put(store, project(), link(target="network/TON"))
    with pytest.raises(UnknownReference, match="project refers to project/A"):
        put(store, link("A"))


def test_records_of_one_transaction_may_come_in_any_order(store: Engine) -> None:
    fiji = record("state", "FJI", iso3="FJI", iso2="FJ", m49="242", name={"en": "Fiji"})
    assert put(store, link(), coding(), project(memberStates=["FJI"]), fiji) == ["taken"] * 4


def test_a_database_that_was_not_upgraded_is_said_to_be_so(databases: Databases, kind: str) -> None:
    with databases.bare(kind) as bare:
        with pytest.raises(DatabaseUnavailable, match="not upgraded"), reading(bare) as snapshot:
            snapshot.version()
        with pytest.raises(DatabaseUnavailable), writing(bare) as transaction:
            transaction.put(project())


def test_the_log_and_the_places_of_things_agree(store: Engine) -> None:
    put(store, full(), link())
    put(store, project("PN.0008"))
    with store.connect() as connection:
        last = connection.execute(
            select(resource.c.key, resource.c.version).where(resource.c["class"] == "project")
        ).all()
        assert [tuple(each) for each in last] == [("PN.0008", 3)]
        assert connection.scalar(select(head.c.version)) == 3
        versions = connection.scalars(select(change.c.version).distinct().order_by(change.c.version))
        assert list(versions) == [1, 2, 3]


@pytest.mark.parametrize(
    "key", ["PN.0008\x00", "\ud800", "../etc", "", "x" * 5000, "PN.0008\n", "PN 0008", "ＰＮ"]
)
def test_a_key_that_none_can_be_finds_nothing(store: Engine, key: str) -> None:
    put(store, project())
    with reading(store) as snapshot:
        assert snapshot.standing("project", key) is None
        assert snapshot.record("project", key) is None
    with pytest.raises(InvalidRecord):
        put(store, project(key))

"""Filters: ids in every form that lookups take, ranges, lists, and what is refused, on both databases."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from ontology.errors import BadArgument
from ontology.iri import Iris
from schema.filters import filtered, with_ids
from schema.model import NOUNS
from schema.model.link import LinkStatus
from schema.model.project import ProjectStatus
from schema.store import reading, writing
from tests.databases import KINDS, Databases
from tests.schema.world import full, ground, link, project, put, record, review, source

IRIS = Iris("https://graph.example")


@pytest.fixture(scope="module", params=KINDS)
def store(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    """A database that the tests only read from."""
    with databases.fresh(request.param) as engine:
        fill(engine)
        yield engine


def fill(engine: Engine) -> None:
    """Put projects under all sorts of names, two of which share a Prima ID, and some of which are gone."""
    put(engine, *ground(), source(), full("PN.0001"))
    put(
        engine,
        project("SV10P0002", primaId="SV10P0002", projectId="PN.0002", year=2020, budgetUsd="0.01"),
        project("PN.0003", projectId="PN.0003", primaId="SHARED", region="region/africa"),
        project("PN.0004", projectId="PN.0004", primaId="SHARED", type="type/PN"),
        # Its key is the Prima ID of another one: who has it as a key is meant.
        project("TAKEN"),
        project("PN.0005", primaId="TAKEN"),
        project("PN.0006"),
        project("PN.0007", primaId="GONE"),
        project("GONE"),
        link("PN.0003", "objective/23", reviews=[review("ann")]),
        link("PN.0004", "sdg/10.7"),
        link("PN.0004", "sdg/10", reviews=[review("ann", "reject")]),
        link("PN.0005", "network/SLV", reviews=[review("ann")]),
        record("state", "OLD", iso3="OLD", iso2="OL", m49="999", name={"en": "Old"}),
    )
    with writing(engine) as transaction:
        transaction.lead("project", "PN.0006", "PN.0001")
        transaction.lead("state", "OLD", "SLV")
        transaction.delete("project", "GONE")


def found(engine: Engine, **filter_: Any) -> list[str]:
    table = NOUNS["Project"].table.c
    with reading(engine) as snapshot:
        statement = filtered(select(table.key).order_by(table.key), with_ids(filter_, IRIS))
        return list(snapshot.connection.scalars(statement))


NAMES = ["PN.0001", "SV10P0002", "PN.0002", "SHARED", "TAKEN", "PN.0006", "GONE", "SV10P0001", "nothing",
         "SLV", "network/SLV", "a/b", "%", "PN.000_", ""]  # fmt: skip
FORMS = ["{}", "project/{}", "https://graph.example/id/project/{}", "https://graph.example/project/{}",
         "https://elsewhere.example/id/project/{}", "state/{}", "https://graph.example/{}"]  # fmt: skip


def test_ids_are_what_lookups_find_in_every_form(store: Engine) -> None:
    asked = [form.format(name) for form in FORMS for name in NAMES]
    with reading(store) as snapshot:
        standing = {each: snapshot.find(each, ("project",), IRIS) for each in asked}
    expected = {
        each: [] if found is None or found.deleted else [found.key] for each, found in standing.items()
    }
    assert {each: found(store, ids=[each]) for each in asked} == expected
    assert found(store, ids=asked) == sorted({key for keys in expected.values() for key in keys})
    assert found(store, ids=["GONE"]) == ["PN.0007"]


@pytest.mark.parametrize(
    ("filter_", "keys"),
    [
        ({"states": ["SLV"]}, ["PN.0001"]),
        ({"states": ["OLD"]}, ["PN.0001"]),
        ({"states": ["state/TON", "nothing"]}, ["PN.0001"]),
        ({"states": ["https://graph.example/id/state/SLV"]}, ["PN.0001"]),
        ({"states": ["slv", "network/SLV", "S%", "SL_"]}, []),
        ({"objectives": ["23"]}, ["PN.0003"]),
        ({"objectives": ["https://graph.example/objective/23", "1"]}, ["PN.0003"]),
        ({"sdgTargets": ["10.7"]}, []),
        ({"sdgTargets": ["10.7"], "linkStatus": [LinkStatus.PROPOSED]}, ["PN.0004"]),
        ({"sdgTargets": ["http://metadata.un.org/sdg/10.7"], "linkStatus": list(LinkStatus)}, ["PN.0004"]),
        ({"sdgTargets": ["https://metadata.un.org/sdg/10.7"], "linkStatus": list(LinkStatus)}, ["PN.0004"]),
        ({"sdgTargets": ["sdg/10"], "linkStatus": list(LinkStatus)}, []),
        ({"sdgGoals": ["sdg/10", "10.7"], "linkStatus": [LinkStatus.REJECTED]}, ["PN.0004"]),
        ({"sdgGoals": ["10.7"], "linkStatus": list(LinkStatus)}, []),
        ({"networks": ["SLV"]}, ["PN.0005"]),
        ({"networks": ["state/SLV"]}, []),
        ({"linkStatus": [LinkStatus.REJECTED], "ids": ["PN.0001"]}, ["PN.0001"]),
        ({"regions": ["lac"]}, ["PN.0001"]),
        ({"regions": ["region/lac", "code/region/africa"]}, ["PN.0001", "PN.0003"]),
        ({"regions": ["https://graph.example/id/code/region/africa"]}, ["PN.0003"]),
        ({"regions": ["PN", "type/PN"]}, []),
        ({"types": ["PN"]}, ["PN.0001", "PN.0004"]),
        ({"status": [ProjectStatus.ACTIVE]}, ["PN.0001"]),
        ({"year": {"from": 2020}}, ["PN.0001", "SV10P0002"]),
        ({"year": {"from": None, "to": 2020}}, ["SV10P0002"]),
        ({"year": {"from": 2020, "to": 2020}}, ["SV10P0002"]),
        ({"year": {"from": -(2**31), "to": 2**31 - 1}}, ["PN.0001", "SV10P0002"]),
        ({"year": {"from": -(2**31)}}, ["PN.0001", "SV10P0002"]),
        ({"budgetUsd": {"to": 1}}, ["SV10P0002"]),
        ({"budgetUsd": {"from": 2, "to": 99999999999999}}, ["PN.0001"]),
        ({"updatedSince": "2026-11-01T00:00:01Z", "ids": ["PN.0001"]}, []),
        ({"updatedSince": "2026-11-01T00:00:00Z", "ids": ["PN.0001"]}, ["PN.0001"]),
        ({"ids": ["PN.0001"], "states": None, "year": {}}, ["PN.0001"]),
        ({"ids": ["PN.0002"], "year": None}, ["SV10P0002"]),
    ],
    ids=str,
)
def test_a_filter_leaves(store: Engine, filter_: dict[str, Any], keys: list[str]) -> None:
    assert found(store, **filter_) == keys


def test_nothing_asked_leaves_everything(store: Engine) -> None:
    everything = found(store)
    assert len(everything) == 7
    assert found(store, year={}, budgetUsd={"from": None, "to": None}, ids=None) == everything


LISTS = ["ids", "states", "networks", "objectives", "sdgGoals", "sdgTargets", "linkStatus", "status",
         "coverage", "regions", "types"]  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_leaves_nothing(store: Engine, name: str) -> None:
    assert found(store, **{name: []}) == []


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_250_entries_and_no_more(store: Engine, name: str) -> None:
    found(store, **{name: ["nothing"] * 250})
    with pytest.raises(BadArgument, match=f"{name} has 251 entries") as caught:
        found(store, **{name: ["nothing"] * 251})
    assert caught.value.field == name
    assert caught.value.suggestion


@pytest.mark.parametrize("name", ["ids", "states", "networks", "objectives", "sdgGoals", "regions", "search"])
@pytest.mark.parametrize("words", ["a\x00b", "\ud800", "\x1b[2J"])
def test_what_no_text_can_hold_is_refused_by_its_name_and_character(
    store: Engine, name: str, words: str
) -> None:
    with pytest.raises(BadArgument, match=rf"{name}: character U\+") as caught:
        found(store, **{name: words if name == "search" else ["SLV", words]})
    assert caught.value.field == name


@pytest.mark.parametrize("name", ["year", "startYear", "endYear"])
def test_a_range_of_years_that_runs_backwards_is_refused(store: Engine, name: str) -> None:
    with pytest.raises(BadArgument, match=f"{name} runs from 2021 to 2020") as caught:
        found(store, **{name: {"from": 2021, "to": 2020}})
    assert caught.value.suggestion == "Write it from 2020 to 2021."


def test_a_range_of_budgets_that_runs_backwards_is_refused_in_dollars(store: Engine) -> None:
    with pytest.raises(BadArgument, match=r"budgetUsd runs from 2\.00 to 1\.00"):
        found(store, budgetUsd={"from": 200, "to": 100})


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_whatever_text_stands_for_an_id_names_what_there_is_or_is_refused(store: Engine, text: str) -> None:
    for name in ("ids", "states", "networks", "objectives", "sdgTargets", "regions", "types"):
        with suppress(BadArgument):
            assert set(found(store, **{name: [text]})) <= set(found(store))

"""The exchange record: one canonical form, and every hostile value refused by the name of its field."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.errors import InvalidRecord
from schema import money
from schema.exchange import canonical, line, parse
from schema.keys import text_key
from schema.text import chosen
from tests.schema.world import coding, full, ground, instrument, link, project, record, source

SLV = {"iso3": "SLV", "iso2": "SV", "m49": "222", "name": {"en": "El Salvador"}}
EVIDENCE = {"quote": "q", "start": 0, "end": 1, "language": "en", "textSha256": "0" * 64}
RESULT = {"code": "1", "kind": "outcome", "text": {"en": "x"}}


def refused(value: dict[str, Any]) -> InvalidRecord:
    with pytest.raises(InvalidRecord) as caught:
        canonical(value)
    return caught.value


@pytest.mark.parametrize("value", [*ground(), full(), link(), coding(), source(), instrument(), project()])
def test_the_canonical_form_of_a_canonical_record_is_itself(value: dict[str, Any]) -> None:
    once = canonical(value)
    assert canonical(parse(line(once))) == once
    assert line(canonical(parse(line(once)))) == line(once)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": {"fr": "a\x00b"}}, "title.fr"),
        ({"title": {"fr": "a\ud800b"}}, "title.fr"),
        ({"title": {"fr": "a\x1bb"}}, "title.fr"),
        ({"title": {"fr": "a\ufffeb"}}, "title.fr"),
        ({"title": {"fr": ""}}, "title.fr"),
        ({"title": {"fr": 1}}, "title.fr"),
        ({"title": {"fr": None}}, "title.fr"),
        ({"title": {"xx": "a"}}, "title"),
        ({"title": {"\ud800": "a"}}, "title"),
        ({"title": {}}, "title"),
        ({"title": "words"}, "title"),
        ({"title": ["words"]}, "title"),
        ({"title": None}, "title"),
        ({"startYear": "2024"}, "startYear"),
        ({"startYear": 2024.0}, "startYear"),
        ({"startYear": True}, "startYear"),
        ({"startYear": 1899}, "startYear"),
        ({"startYear": 10**30}, "startYear"),
        ({"startYear": [2024]}, "startYear"),
        ({"budgetUsd": 300000}, "budgetUsd"),
        ({"budgetUsd": "300000"}, "budgetUsd"),
        ({"budgetUsd": "-1.00"}, "budgetUsd"),
        ({"budgetUsd": "٣.٠٠"}, "budgetUsd"),
        ({"budgetUsd": "1e3.00"}, "budgetUsd"),
        ({"budgetUsd": "1000000000000.00"}, "budgetUsd"),
        ({"status": "active"}, "status"),
        ({"status": ["status/active"]}, "status"),
        ({"status": {}}, "status"),
        ({"region": ""}, "region"),
        ({"region": 7}, "region"),
        ({"region": "lac\x00"}, "region"),
        ({"region": "x" * 2001}, "region"),
        ({"projectId": "PN 0008"}, "projectId"),
        ({"projectId": "PN.0008\n"}, "projectId"),
        ({"primaId": "x" * 101}, "primaId"),
        ({"memberStates": "SLV"}, "memberStates"),
        ({"memberStates": {}}, "memberStates"),
        ({"memberStates": {"a": 1}}, "memberStates"),
        ({"memberStates": ["SLV", "SLV"]}, "memberStates"),
        ({"memberStates": [1]}, "memberStates[0]"),
        ({"memberStates": ["SLV", ""]}, "memberStates[1]"),
        ({"results": [1]}, "results[0]"),
        ({"results": {"code": "1"}}, "results"),
        ({"results": [{}]}, "results[0].kind"),
        ({"results": [RESULT | {"code": "1/2"}]}, "results[0].code"),
        ({"results": [RESULT, RESULT]}, "results[1].code"),
        ({"results": [RESULT | {"parent": "PN.0008~2"}]}, "results[0].parent"),
        ({"results": [RESULT | {"parent": "PN.0008~1"}]}, "results[0].parent"),
        ({"results": [RESULT | {"text": {"en": "\x07"}}]}, "results[0].text.en"),
        (
            {"provenance": [{"field": "year", "value": "1", "source": "s", "start": -1}]},
            "provenance[0].start",
        ),
        ({"provenance": [{"field": "year", "value": "1", "source": "s", "end": 2**31}]}, "provenance[0].end"),
        ({"updatedAt": "yesterday"}, "updatedAt"),
        ({"updatedAt": "2026-11-23"}, "updatedAt"),
        ({"updatedAt": "2026-11-23T00:00:00"}, "updatedAt"),
        ({"updatedAt": "0001-01-01T00:00:00+23:59"}, "updatedAt"),
        ({"updatedAt": 1}, "updatedAt"),
        ({"objectives": "23"}, "objectives"),
        ({"objectives": [23]}, "objectives[0]"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_field(fields: dict[str, Any], field: str) -> None:
    error = refused(project(**fields))
    assert error.field == field
    assert error.code == "INVALID_RECORD"
    assert field in error.message
    assert error.suggestion


@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "javascript:alert(1)",
        "ftp://example.org/",
        "http://",
        "http://a b/",
        "http://a/<x>",
        'http://a/"',
        "http://a/\n",
        "http://a/\ud800",
        "http://a/\x7f",
        7,
        {},
    ],
)
def test_a_bad_iri_is_refused(url: object) -> None:
    assert refused(source() | {"url": url}).field == "url"
    assert refused(record("state", "SLV", **SLV, exactMatches=[url])).field == "exactMatches[0]"


def test_a_value_with_an_index_is_short_enough_for_it() -> None:
    assert refused(source() | {"url": "http://a/" + "x" * 2000}).field == "url"
    assert canonical(source() | {"url": "http://a/" + "x" * 1990})


@pytest.mark.parametrize(
    "key", ["", " ", "a b", "a/b", "a~b", "é", "\x00", "\ud800", "x" * 101, ".a", 7, None, [], {}]
)
def test_a_bad_key_is_refused(key: object) -> None:
    error = refused({**project(), "key": key})
    assert error.field == "key"
    assert "[A-Za-z0-9]" in error.suggestion


@pytest.mark.parametrize("segment", [None, "", "projects", "result", [], {}, 7, "\x00"])
def test_an_unknown_class_is_refused(segment: object) -> None:
    error = refused({**project(), "class": segment})
    assert error.field == "class"
    assert "project" in error.suggestion


def test_another_format_is_refused() -> None:
    assert refused({**project(), "format": "compactgraph/2"}).field == "format"
    assert refused({**project(), "format": []}).field == "format"


@pytest.mark.parametrize(
    ("fields", "field", "suggestion"),
    [
        ({"budgetUSD": "1.00"}, "budgetUSD", "Did you mean budgetUsd?"),
        ({"start_year": 2024}, "start_year", "Did you mean startYear?"),
        ({"links": []}, "links", ""),
        ({"deleted": False}, "deleted", ""),
        ({"key2": 1, "a": 1}, "a", "Leave it out."),
        ({"results": [RESULT | {"parents": "1"}]}, "results[0].parents", "Did you mean parent?"),
        ({"results": [RESULT | {"key": "1"}]}, "results[0].key", ""),
    ],
)
def test_an_unknown_field_is_refused_with_the_one_that_was_meant(
    fields: dict[str, Any], field: str, suggestion: str
) -> None:
    error = refused(project(**fields))
    assert error.field == field
    assert suggestion in error.suggestion


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (record("project", "A", deleted=True, title={"en": "x"}), "title"),
        (record("project", "A", aliasOf="B", deleted=True), "deleted"),
        (record("project", "A", aliasOf="B C"), "aliasOf"),
        (record("project", "A", aliasOf=None), "aliasOf"),
        (record("project", "A", aliasOf="A"), "aliasOf"),
    ],
)
def test_a_line_about_what_is_gone_says_nothing_else(value: dict[str, Any], field: str) -> None:
    assert refused(value).field == field


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (link() | {"target": "objective/7"}, "key"),
        (link() | {"project": "PN.0009"}, "key"),
        (coding() | {"project": "PN.0009"}, "key"),
        (coding() | {"codingScheme": "sdg"}, "key"),
        (source() | {"text": "Other words."}, "key"),
        (source() | {"sha256": "0" * 64}, "sha256"),
        (instrument() | {"year": 2022}, "key"),
        (instrument() | {"kind": "coordination-mechanism"}, "key"),
        (record("state", "TON", **SLV), "key"),
        (record("code", "region/lac", scheme="region", code="africa"), "key"),
        (record("objective", "1", number=2, title={"en": "x"}, shortTitle={"en": "x"}), "key"),
        (record("objective", "24", number=24, title={"en": "x"}, shortTitle={"en": "x"}), "key"),
        (record("sdg", "10", code="11", title={"en": "x"}), "key"),
    ],
)
def test_a_key_that_does_not_fit_the_fields_is_refused(value: dict[str, Any], field: str) -> None:
    assert refused(value).field == field


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan"), float("inf"), "1", True])
def test_a_confidence_is_a_number_from_0_to_1(confidence: object) -> None:
    claim = {"method": "m", "methodVersion": "1", "madeBy": "x", "madeAt": "2026-11-23T00:00:00Z"}
    error = refused(link(claims=[claim | {"confidence": confidence}]))
    assert error.field == "claims[0].confidence"
    error = refused(link(claims=[claim | {"evidence": [EVIDENCE | {"end": "1"}]}]))
    assert error.field == "claims[0].evidence[0].end"


def test_numbers_that_are_equal_are_written_alike() -> None:
    claim = {"method": "m", "methodVersion": "1", "madeBy": "x", "madeAt": "2026-11-23T00:00:00Z"}
    lines = {line(canonical(link(claims=[claim | {"confidence": each}]))) for each in (0, 0.0, -0.0)}
    assert len(lines) == 1


def test_texts_are_composed() -> None:
    apart = "Re\u0301sume\u0301"
    assert canonical(project(title={"fr": apart}))["title"] == {"fr": "R\u00e9sum\u00e9"}
    state = record("state", "SLV", **SLV, spellings={"fr": [apart]}, statements=[apart])
    assert canonical(state)["spellings"] == {"fr": ["R\u00e9sum\u00e9"]}
    assert canonical(state)["statements"] == ["R\u00e9sum\u00e9"]


def test_a_source_is_named_by_its_composed_text() -> None:
    key = text_key("\u00e9")
    assert canonical(record("source", key, kind="page", sha256=key, text="e\u0301"))["text"] == "\u00e9"


@pytest.mark.parametrize(
    ("spellings", "field"),
    [
        ({"fr": []}, "spellings"),
        ({"fr": "Salvador"}, "spellings"),
        ({"fr": ["a", "a"]}, "spellings.fr"),
        ({"xx": ["a"]}, "spellings"),
        ({"fr": ["a\x00"]}, "spellings.fr"),
        (["a"], "spellings"),
    ],
)
def test_spellings_are_lists_of_words_by_language(spellings: object, field: str) -> None:
    assert refused(record("state", "SLV", **SLV, spellings=spellings)).field == field


def test_what_is_empty_or_a_default_is_left_out() -> None:
    assert canonical(project(memberStates=[], description=None, results=None)) == project()
    state = record("state", "SLV", **SLV, spellings={}, compactChampion=False)
    assert canonical(state) == record("state", "SLV", **SLV)


def test_lines_about_what_is_gone_are_canonical_too() -> None:
    assert line(canonical({"key": "A", "class": "project", "deleted": True})) == (
        b'{"class":"project","deleted":true,"format":"compactgraph/1","key":"A"}'
    )
    assert canonical({"key": "A", "class": "project", "aliasOf": "B"})["aliasOf"] == "B"


@pytest.mark.parametrize("since", ["2024", "2024-02", "2024-02-29"])
def test_a_date_may_be_known_to_the_year_or_month_only(since: str) -> None:
    member = {"role": "member", "source": "x", "certain": True, "since": since}
    assert canonical(record("state", "SLV", **SLV, memberships=[member]))["memberships"] == [member]


@pytest.mark.parametrize(
    "since",
    ["24", "2023-02-29", "2024-13", "2024-1", "0000", "20240229", "2024-02-29T00:00:00Z", "２０２４", 2024],
)
def test_a_date_that_is_none_is_refused(since: object) -> None:
    member = {"role": "member", "source": "x", "certain": True, "since": since}
    assert refused(record("state", "SLV", **SLV, memberships=[member])).field == "memberships[0].since"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z"),
        ("2026-11-23T01:30:00+01:30", "2026-11-23T00:00:00Z"),
        ("2026-11-23 00:00:00.999+00:00", "2026-11-23T00:00:00Z"),
        ("0987-01-01T00:00:00Z", "0987-01-01T00:00:00Z"),
    ],
)
def test_times_are_kept_in_utc_to_the_second(written: str, kept: str) -> None:
    assert canonical(project(updatedAt=written))["updatedAt"] == kept


@given(cents=st.integers(0, 10**14 - 1))
def test_money_is_exact(cents: int) -> None:
    assert money.cents(money.dollars(cents)) == cents


def test_money_is_written_in_one_way() -> None:
    assert canonical(project(budgetUsd="000300000.00"))["budgetUsd"] == "300000.00"
    assert money.dollars(5) == "0.05"


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"null", b'"\\ud800"', b"\xff", b"NaN", b"[" * 2000])
def test_a_line_that_is_no_object_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidRecord):
        parse(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(field=st.sampled_from([*full(), "aliasOf", "deleted", "objectives", "updatedAt"]), value=JSON)
def test_any_value_in_any_field_is_taken_or_refused(field: str, value: Any) -> None:
    with suppress(InvalidRecord):
        found = canonical({**full(), field: value})
        assert canonical(json.loads(line(found))) == found


def test_words_are_chosen_in_the_order_of_languages() -> None:
    words = {"fr": "Projet", "es": "Proyecto"}
    assert chosen(words, None) == ("fr", "Projet")
    assert chosen(words, ["ru", "es", "fr"]) == ("es", "Proyecto")
    assert chosen(words, ["ru"]) is None
    assert chosen(None, None) is None

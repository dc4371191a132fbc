"""Recognition: what it recognises is canonical, and what it does not is checked as if it were not there."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import schema.exchange
from ontology.declaration import ExchangeRecord
from ontology.errors import InvalidRecord
from schema.exchange import SEGMENTS, canonical, canonical_line, line, noun_of, parse
from schema.recognition import recognised
from schema.sound import sound_lines
from tests.benchmarks.generated import records
from tests.schema.world import THEN, coding, full, ground, instrument, link, project, review, source

WHOLE = [
    *ground(),
    source(),
    full() | {"updatedAt": THEN},
    coding(),
    instrument(),
    link(reviews=[review("ann", reason="– l’avenir à l’œuvre")], status="accepted"),
]

# What a field may hold by mistake, or in a form that is not the canonical one.
ODD: list[Any] = [
    *(None, True, False, 0, 1, -1, 7, 2**31, 0.0, -0.0, 0.5, 1.0, 1900, 2024),
    *("", " ", "words", "a\x00b", "a\ud800", "e\u0301", "\u0344", "Å", "ﬁ", "\u2028", "x" * 600, "é" * 600),
    *(
        "2026-02-29T00:00:00Z",
        "2026-02-28T00:00:00Z",
        "2026-02-28T01:00:00+01:00",
        "２０２６-01-01T00:00:00Z",
    ),
    *(
        "300000.00",
        "300000",
        "0300.00",
        "2024-02",
        "2024-13",
        "http://example.org/",
        "http://a b/",
        "en",
        "xx",
    ),
    *(
        [],
        {},
        [""],
        ["a", "a"],
        ["TON", "SLV"],
        {"en": "words"},
        {"en": ""},
        {"xx": "words"},
        {"fr": ["a", "a"]},
    ),
]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place inside a record: what holds it, and its name or number there."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, each in inner for found in ((value, key), *places(each))]


@st.composite
def odd_records(draw: st.DrawFn) -> ExchangeRecord:
    made = deepcopy(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(0, 3))):
        holder, key = draw(st.sampled_from(places(made)))
        if isinstance(holder, dict) and draw(st.booleans()):
            key = draw(st.sampled_from([key, "accepted", "status", "reason", "zzz"]))
        holder[key] = deepcopy(draw(st.sampled_from(ODD)))
    return made


def told(record: ExchangeRecord) -> bytes | str:
    """The canonical bytes, or what is wrong."""
    try:
        return line(canonical(record))
    except InvalidRecord as error:
        return str(error)


@settings(max_examples=400, deadline=None)
@given(record=odd_records())
def test_recognition_changes_no_record_and_no_error(record: ExchangeRecord) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema.exchange, "recognised", lambda _noun, _record: None)
        expected = told(deepcopy(record))
    assert told(record) == expected


@settings(max_examples=400, deadline=None)
@given(record=odd_records())
def test_what_is_recognised_in_a_line_is_what_a_check_of_its_record_gives(record: ExchangeRecord) -> None:
    found = canonical_line(record["class"], json.dumps(record)) if record.get("class") in SEGMENTS else None
    assert found is None or line(found) == told(record)


def test_records_as_they_are_exported_are_recognised() -> None:
    for each in [canonical(made) for made in (*WHOLE, *records(3))]:
        assert recognised(noun_of(each["class"], each["key"]), each) == each
        assert canonical_line(each["class"], line(each).decode()) == each


def test_lines_that_are_not_recognised_are_checked_and_only_the_unsound_are_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    usual, odd = canonical(project("A")), canonical(project("B", title={"en": "一\u00ad二"}))
    of_another_class = canonical(source())
    lines = [line(each).decode() for each in (usual, odd, usual | {"zzz": 1}, of_another_class)]
    assert canonical_line("project", lines[1]) is None
    assert [*sound_lines("project", [*lines, "{", '["project"]'])] == [usual, odd]
    assert len(caplog.records) == 4


def test_the_last_value_of_a_name_that_stands_twice_counts_as_everywhere() -> None:
    data = line(canonical(project("A", startYear=2001))).decode().replace("{", '{"startYear":1999,', 1)
    assert [canonical_line("project", data)] == [parse(data)]


def test_what_is_recognised_is_a_copy() -> None:
    record = canonical(full())
    found = canonical(record)
    found["memberStates"].append("FJI")
    assert record["memberStates"] == ["TON", "SLV"]

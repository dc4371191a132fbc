"""Passages: marking a text changes no character of it, wherever its quotes lie."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from schema.store import reading
from server.pages.desk.passages import AROUND, Passage, Piece, _pieces, _Span, _windows, passages
from tests.schema.world import claim, put, source

TEXT = "An astral 𝔸 comes first. " + "Words and words. " * 100 + "The end."


def evidence(quote: str, text: str = TEXT, **fields: Any) -> dict[str, Any]:
    start = text.index(quote)
    key = source(text)["key"]
    found = {"quote": quote, "prefix": "before ", "suffix": " behind", "start": start, "language": "en"}
    return {**found, "end": start + len(quote), "textSha256": key, "source": key, **fields}


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=5))
def test_pieces_put_together_are_the_text_and_marks_are_the_quotes(
    text: str, places: list[tuple[int, int]]
) -> None:
    spans = [
        _Span(start, min(start + length, len(text)), str(number))
        for number, (start, length) in enumerate(places)
        if start < len(text)
    ]
    pieces = list(_pieces(text, 0, len(text), spans))
    assert "".join(each.words for each in pieces) == text
    marked = [is_quote for each in pieces for is_quote in [each.is_quote] * len(each.words)]
    assert marked == [any(one.start <= at < one.end for one in spans) for at in range(len(text))]
    begun = sorted(number for each in pieces for number in each.number.split())
    assert begun == sorted(each.number for each in spans)


@given(st.text(alphabet="ab \n", max_size=3000), st.lists(st.integers(0, 2999), min_size=1, max_size=4))
def test_windows_hold_what_is_near_and_touch_no_word(text: str, places: list[int]) -> None:
    spans = [_Span(place, place + 1, "1") for place in places if place < len(text)]
    windows = list(_windows(text, spans))
    for span in spans:
        assert any(
            start <= max(span.start - AROUND, 0) and min(span.end + AROUND, len(text)) <= end
            for start, end in windows
        )
    for start, end in windows:
        assert start == 0 or text[start - 1].isspace()
        assert end == len(text) or text[end].isspace()
    assert windows == sorted(windows)
    assert all(one[1] < other[0] for one, other in pairwise(windows))


def told(engine: Engine, *claims: list[dict[str, Any]]) -> tuple[list[Passage], list[list[str]]]:
    put(engine, source(TEXT))
    with reading(engine) as snapshot:
        return passages(snapshot, [claim(evidence=each) for each in claims])


def test_offsets_count_code_points(store: Engine) -> None:
    (passage,), _ = told(store, [evidence("comes first")])
    assert [each.words for each in passage.near if each.is_quote] == ["comes first"]
    assert passage.near[0].words == "An astral 𝔸 "
    assert passage.near[-1].is_gap
    assert "".join(each.words for each in passage.whole) == TEXT


def test_claims_that_quote_the_same_place_share_a_number(store: Engine) -> None:
    (passage,), numbers = told(store, [evidence("comes first"), evidence("The end.")], [evidence("The end.")])
    assert numbers == [["1", "2"], ["2"]]
    assert [each.number for each in passage.near if each.is_quote] == ["1", "2"]
    assert sum(each.is_gap for each in passage.near) == 1


def test_a_short_text_stands_there_whole_once(store: Engine) -> None:
    short = "All of it."
    put(store, source(short))
    with reading(store) as snapshot:
        (passage,), _ = passages(snapshot, [claim(evidence=[evidence("of", short)])])
    assert passage.near == [Piece("All "), Piece("of", is_quote=True, number="1"), Piece(" it.")]
    assert passage.whole == []


@pytest.mark.parametrize("wrong", [{"start": 3, "end": 14}, {"source": "0" * 64}, {"start": 9**9}])
def test_evidence_that_does_not_fit_its_text_is_told_from_what_it_keeps(
    store: Engine, wrong: dict[str, Any]
) -> None:
    (passage,), _ = told(store, [evidence("comes first", **wrong)])
    assert [each.words for each in passage.near] == ["before ", "comes first", " behind"]
    assert (passage.kind, passage.language, passage.whole) == ("", "en", [])

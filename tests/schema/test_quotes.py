"""Quotes: found to the letter and in one place, or refused with what helps."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from ontology.errors import CompactgraphError, InvalidRecord, QuoteAmbiguous, QuoteNotFound, TooLarge
from schema.quotes import Quoted, evidence
from schema.store import reading
from schema.text import clean
from tests.schema.world import project, put, source

WORDS = "Caf\u00e9 in San Salvador.\nThe plan, the plan and the PLAN.\n\u5de5 emoji \U0001f600 end."


@pytest.fixture
def texts(store: Engine) -> Engine:
    """A project with two texts."""
    one, other = source(WORDS), source("The plan of another page.")
    put(store, one, other, project(sources=[one["key"], other["key"]]))
    return store


def quoted(engine: Engine, words: str, **more: Any) -> dict[str, Any]:
    with reading(engine) as snapshot:
        record = snapshot.record("project", "PN.0008") or {}
        return evidence(snapshot, record, Quoted(words, **more))


def test_offsets_count_code_points_of_the_composed_text(texts: Engine) -> None:
    found = quoted(texts, "Cafe\u0301 in San")
    assert (found["quote"], found["start"], found["end"]) == ("Caf\u00e9 in San", 0, 11)
    found = quoted(texts, "\U0001f600 end")
    assert WORDS[found["start"] : found["end"]] == "\U0001f600 end"
    assert (found["source"], found["textSha256"], found["language"]) == (source(WORDS)["key"],) * 2 + ("en",)


def test_a_quote_may_run_over_the_end_of_a_line(texts: Engine) -> None:
    assert quoted(texts, "Salvador.\nThe")["start"] == WORDS.index("Salvador.")


@pytest.mark.parametrize(
    ("words", "more", "start"),
    [
        ("plan", {"prefix": "Salvador.\nThe "}, 26),
        ("plan", {"suffix": " and"}, 36),
        ("The plan", {"suffix": " of"}, 0),
        ("plan of", {}, 4),
    ],
)
def test_what_stands_around_a_quote_tells_places_apart(
    texts: Engine, words: str, more: dict[str, str], start: int
) -> None:
    assert quoted(texts, words, **more)["start"] == start


def test_the_source_tells_texts_apart(texts: Engine) -> None:
    other = source("The plan of another page.")["key"]
    for named in (other, f"source/{other}"):
        assert quoted(texts, "The plan", source=named)["source"] == other


def test_a_quote_in_several_places_names_them(texts: Engine) -> None:
    with pytest.raises(QuoteAmbiguous, match=r"in 3 places: source/\w+ at 26, ") as caught:
        quoted(texts, "plan")
    assert "prefix, suffix or source" in caught.value.suggestion


@pytest.mark.parametrize(
    ("words", "helps"),
    [
        ("san salvador", "It is 'San Salvador'"),
        ("Salvador. The plan,", "It is 'Salvador.\\nThe plan,'"),
        ("something else", "Quote the words as they stand"),
    ],
)
def test_a_quote_that_stands_nowhere_is_told_what_does(texts: Engine, words: str, helps: str) -> None:
    with pytest.raises(QuoteNotFound) as caught:
        quoted(texts, words)
    assert helps in caught.value.suggestion


def test_other_surroundings_and_other_sources_are_not_found(texts: Engine) -> None:
    with pytest.raises(QuoteNotFound) as caught:
        quoted(texts, "San Salvador", prefix="not ")
    assert "another prefix or suffix" in caught.value.suggestion
    for named in ("", "source/" + "0" * 64, "x" * 500, source()["key"]):
        with pytest.raises(QuoteNotFound):
            quoted(texts, "San Salvador", source=named)


@pytest.mark.parametrize(
    ("words", "error"), [("", InvalidRecord), (" \n", InvalidRecord), ("x" * 2_001, TooLarge)]
)
def test_a_quote_has_words_and_an_end(texts: Engine, words: str, error: type[CompactgraphError]) -> None:
    with pytest.raises(error):
        quoted(texts, words)


@given(st.text(max_size=40), st.integers(0, 40), st.integers(1, 10))
def test_a_part_of_a_text_is_found_where_it_was_taken_from(text: str, start: int, length: int) -> None:
    try:
        text = clean(text, "text")
    except InvalidRecord:
        return
    words = text[start : start + length]
    if not words.strip() or clean(words, "quote") != words:
        return

    class Snapshot:
        """Holds one text."""

        def record(self, _segment: str, _key: str) -> dict[str, Any]:
            return source(text)

    held: Any = Snapshot()
    record = project(sources=[source(text)["key"]])
    try:
        found = evidence(held, record, Quoted(words, text[:start], text[start + length :]))
    except QuoteNotFound:
        # What stands around it is composed with it, where it is cleaned alone.
        assert (
            clean(text[:start], "x") != text[:start]
            or clean(text[start + length :], "x") != text[start + length :]
        )
        return
    assert (found["start"], found["end"], found["quote"]) == (start, start + len(words), words)

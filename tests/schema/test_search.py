"""Searches: both databases find what a naive reference finds, whatever is written, changed and deleted."""

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select, text, update

from ontology.declaration import ExchangeRecord
from ontology.errors import BadArgument, DatabaseUnavailable
from schema.filters import filtered
from schema.log import head
from schema.model import NOUNS
from schema.scalars import Language
from schema.search import project_languages, project_words
from schema.store import reading, writing
from schema.words import search, stems
from server.load import refresh_search
from tests.databases import KINDS, Databases
from tests.schema.world import full, ground, link, project, put, source


def found(engine: Engine, **filter_: Any) -> list[str]:
    """The keys that a filter leaves."""
    table = NOUNS["Project"].table.c
    with reading(engine) as snapshot:
        statement = filtered(select(table.key).order_by(table.key), filter_)
        return list(snapshot.connection.scalars(statement))


def check(engine: Engine) -> None:
    with reading(engine) as snapshot:
        snapshot.check()


def texts(record: ExchangeRecord) -> Iterator[tuple[str | None, str]]:
    """Every text of a project with its language."""
    for name in ("key", "projectId", "primaId"):
        yield None, record.get(name, "")
    results = [each["text"] for each in record.get("results", ())]
    for text_ in (record["title"], record.get("description", {}), *results):
        yield from text_.items()


def stands(phrase: tuple[str, ...], stemmed: list[str]) -> bool:
    return any(stemmed[place : place + len(phrase)] == list(phrase) for place in range(len(stemmed)))


def naive(records: list[ExchangeRecord], asked: str) -> list[str]:
    """The keys of the records with every term in one of their texts, as the language of that text has it."""
    terms = search(asked)
    return sorted(
        record["key"]
        for record in records
        if all(
            any(
                stands(phrase, stems(words_, language).split())
                for language, words_ in texts(record)
                for phrase in phrases
            )
            for phrases in terms
        )
    )


RECORDS = [
    project("PN.0001", title={"en": "Health of migrants at the border", "fr": "Santé à la frontière"}),
    project("PN.0002", title={"es": "Evaluación de la migración"}, description={"en": "An evaluation."}),
    project("PN.0003", title={"fr": "L’œuvre des déplacées"}, projectId="PN.0003", primaId="SV10P0003"),
    project("PN.0004", title={"en": "Border management"}, description={"en": "Better health"},
            results=[{"code": "1", "kind": "outcome", "text": {"en": "Officers are trained at borders"}}]),
    project("PN.0005", title={"zh": "移民健康", "ru": "Здоровье мигрантов", "ar": "صحّة المهاجرين"}),
    project("PN.0006", title={"en": "—"}),
    project("PN.0007", title={"en": "50% of \"all\" OR 'none' | * _ \\ AND not"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def both(databases: Databases) -> Iterator[list[Engine]]:
    """One world on both databases, which the tests only read from."""
    with ExitStack() as stack:
        engines = [stack.enter_context(databases.fresh(kind)) for kind in KINDS]
        for engine in engines:
            put(engine, *ground(), *RECORDS)
        yield engines


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("health", ["PN.0001", "PN.0004"]),
        ("HEALTH border", ["PN.0001", "PN.0004"]),
        ('"health of migrants"', ["PN.0001"]),
        ('"border health"', []),
        ('"management better"', []),
        ("sante frontieres", ["PN.0001"]),
        ("evaluaciones", ["PN.0002"]),
        ("evaluations", ["PN.0002"]),
        ("migraciones", ["PN.0002"]),
        ("déplacé", ["PN.0003"]),
        ("l'oeuvre", ["PN.0003"]),
        ("train officer", ["PN.0004"]),
        ("PN.0003", ["PN.0003"]),
        ("sv10p0003", ["PN.0003"]),
        ("PN", [each["key"] for each in RECORDS]),
        ("移民", ["PN.0005"]),
        ("民移", []),
        ("мигрантов", ["PN.0005"]),
        ("صحة", ["PN.0005"]),
        ("50% \"all\" OR 'none'", ["PN.0007"]),
        ("* AND _ \\", ["PN.0007"]),
        ("health OR nothing", []),
        ("heal*", []),
    ],
)
def test_a_search_finds(both: list[Engine], asked: str, keys: list[str]) -> None:
    assert [found(engine, search=asked) for engine in both] == [keys, keys]
    assert naive(RECORDS, asked) == keys


LANGUAGES = ["en", "fr", "es", "ar", "zh", "ru"]
WORDS = ["health", "Health", "migrants", "migrant", "border", "évaluation", "evaluación", "evaluaciones",
         "l’œuvre", "déplacées", "移民", "мигрантов", "PN.0008", "2030", "NEAR", "a'b", "—", '"']  # fmt: skip
TEXT = st.lists(st.sampled_from(WORDS) | st.text(max_size=6), min_size=1, max_size=8).map(" ".join)
CLEAN = TEXT.map(lambda words_: "".join(filter(str.isprintable, words_)).strip() or "x")
BY_LANGUAGE = st.dictionaries(st.sampled_from(LANGUAGES), CLEAN, min_size=1, max_size=3)
PROJECT = st.fixed_dictionaries({"title": BY_LANGUAGE}, optional={"description": BY_LANGUAGE})


@pytest.fixture(scope="module")
def scratch(databases: Databases) -> Iterator[list[Engine]]:
    """Both databases with what projects refer to; every example writes its projects anew."""
    with ExitStack() as stack:
        engines = [stack.enter_context(databases.fresh(kind)) for kind in KINDS]
        for engine in engines:
            put(engine, *ground())
        yield engines


@settings(max_examples=60, deadline=None)
@given(st.lists(PROJECT, min_size=4, max_size=4), st.lists(TEXT, min_size=1, max_size=6))
def test_both_databases_find_what_a_naive_reference_finds(
    scratch: list[Engine], projects: list[dict[str, Any]], searches: list[str]
) -> None:
    records = [project(f"PN.{number:04}", **fields) for number, fields in enumerate(projects)]
    stored: list[ExchangeRecord] = []
    for engine in scratch:
        put(engine, *records)
        with reading(engine) as snapshot:
            stored = list(snapshot.records("project"))
    for asked in searches:
        with suppress(BadArgument):
            expected = naive(stored, asked)
            assert [found(engine, search=asked) for engine in scratch] == [expected, expected]


def test_searches_follow_every_change(store: Engine) -> None:
    put(store, full("PN.0001"), project("PN.0002", title={"en": "Old words"}))
    assert found(store, search="old") == ["PN.0002"]
    put(store, project("PN.0002", title={"fr": "Mots nouveaux"}))
    assert (found(store, search="old"), found(store, search="mot")) == ([], ["PN.0002"])
    assert (found(store, language=Language.EN), found(store, language=Language.FR)) == (
        [],
        ["PN.0001", "PN.0002"],
    )
    put(store, link("PN.0001"))
    check(store)
    with writing(store) as transaction:
        transaction.delete("link", link("PN.0001")["key"])
        transaction.lead("project", "PN.0001", "PN.0002")
    assert found(store, search="projet") == []
    assert found(store, language=Language.FR) == ["PN.0002"]
    with writing(store) as transaction:
        transaction.delete("project", "PN.0002")
    assert found(store, search="mot") == []
    check(store)
    with reading(store) as snapshot:
        for table in (project_words, project_languages):
            assert snapshot.connection.scalar(select(func.count()).select_from(table)) == 0


def test_what_is_rolled_back_is_not_found(store: Engine) -> None:
    with suppress(RuntimeError), writing(store) as transaction:
        transaction.put(project("PN.0001", title={"en": "Health"}))
        transaction.flush()
        raise RuntimeError
    assert found(store, search="health") == []
    check(store)


def test_a_search_combines_with_other_filters(
    store: Engine,
) -> None:
    put(store, full("PN.0001"), full("PN.0002") | {"year": 2020}, project("PN.0003"))
    assert found(store, search="projet", year={"from": 2021}) == ["PN.0001"]
    assert found(store, language=Language.ES) == []


def test_texts_too_long_for_an_index_are_found_by_their_first_megabyte(store: Engine) -> None:
    long = " ".join(f"{number:05}{'я' * 59}" for number in range(9_000))
    put(store, project("PN.0001", title={"en": "Long"}, description={"ru": long}))
    assert found(store, search=f"00017{'я' * 59} long") == ["PN.0001"]
    assert found(store, search=f"08999{'я' * 59}") == []
    with reading(store) as snapshot:
        stored = snapshot.connection.scalar(select(project_words.c.words))
    assert 990_000 < len(str(stored).encode()) <= 1_000_002
    check(store)


@pytest.mark.parametrize("table", [project_words, project_languages], ids=str)
def test_a_check_notices_what_is_missing(store: Engine, table: Any) -> None:
    put(store, full("PN.0001"), full("PN.0002"))
    with store.begin() as connection:
        connection.execute(delete(table).where(table.c.project == "PN.0002"))
    with pytest.raises(DatabaseUnavailable, match=r"PN\.0002") as caught:
        check(store)
    assert caught.value.suggestion == "Run `compactgraph db upgrade`."


def test_a_check_notices_other_words(store: Engine) -> None:
    put(store, full("PN.0001"))
    refresh_search(store)
    with store.begin() as connection:
        connection.execute(update(project_words).values(words="| eother |"))
    with pytest.raises(DatabaseUnavailable, match=r"PN\.0001") as caught:
        check(store)
    assert "Export" in caught.value.suggestion


def test_a_check_notices_an_index_that_is_not_in_step(databases: Databases) -> None:
    with databases.fresh("sqlite") as engine:
        put(engine, *ground(), project("PN.0001"))
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO project_words_index(rowid, words) VALUES (99, 'elost')"))
        with pytest.raises(DatabaseUnavailable, match="words of projects"):
            check(engine)


def test_what_other_rules_made_is_made_anew_and_no_data_changes(store: Engine) -> None:
    put(store, full("PN.0001"), full("PN.0002"))
    with store.begin() as connection:
        connection.execute(delete(project_words))
        connection.execute(update(project_languages).values(language="ru"))
        connection.execute(update(head).values(search="0"))
    assert found(store, search="projet") == []
    with reading(store) as snapshot:
        before = snapshot.version()
    refresh_search(store)
    refresh_search(store)
    assert found(store, search="projet", language=Language.FR) == ["PN.0001", "PN.0002"]
    check(store)
    with reading(store) as snapshot:
        assert snapshot.version() == before


def test_a_source_and_a_state_are_not_searched(store: Engine) -> None:
    put(store, source("Words of a page."), full("PN.0001"))
    assert found(store, search="page") == []

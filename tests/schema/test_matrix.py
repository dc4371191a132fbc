"""Matrices against a naive count over whole records: the same figures on both databases, now and then."""

from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from ontology.declaration import ExchangeRecord
from ontology.errors import BadArgument
from schema.matrix import Asked, Matrix, MoneyRule, matrix
from schema.matrix_projects import Place, behind, count_behind, links_behind, part, place_of
from schema.past import counting
from schema.stats import StatKey, count
from schema.store import reading
from tests.databases import KINDS, Databases
from tests.schema.counted import naive
from tests.schema.world import LATER, THEN, claim, coding, ground, link, project, put, record, review, version

TARGETS = [
    "objective/1",
    "objective/2",
    "objective/23",
    "sdg/10",
    "sdg/10.7",
    "network/global",
    "network/SLV",
]
PAIRS = list(permutations(StatKey, 2))
REVIEWS: list[list[dict[str, Any]]] = [[], [review("ann")], [review("ann", "reject")]]
#: Of each method; what only follows from other links counts nowhere until it is decided on.
METHODS = ["lexicon", "lexicon", "crosswalk"]
BUDGETS = [None, "0.01", "0.02", "1.00", "1000.10", "999999999999.99"]


def some_coding(key: str, random: Random) -> ExchangeRecord:
    scheme, book, reviewer = (
        random.choice(["gcm", "sdg"]),
        random.choice(["1", "1", "2"]),
        random.choice("ab"),
    )
    named = {"codingScheme": scheme, "codebookVersion": book, "reviewer": reviewer}
    done: dict[str, Any] = random.choice([{}, {"completedAt": THEN}, {"completedAt": THEN, "blind": True}])
    return coding(key) | {"key": f"{key}~{scheme}~{book}~{reviewer}", **named, **done}


def some_world(seed: int, size: int = 12) -> list[ExchangeRecord]:
    """Projects with all sorts of values, links, reviews and codings."""
    random = Random(seed)
    found: list[ExchangeRecord] = []
    for number in range(size):
        fields: dict[str, Any] = {
            "year": random.choice([None, 2019, 2020]),
            "status": random.choice([None, "status/active", "status/completed"]),
            "region": random.choice([None, "region/lac", "region/africa"]),
            "type": random.choice([None, "type/PN"]),
            "budgetUsd": random.choice(BUDGETS),
            "memberStates": random.sample(["SLV", "TON"], random.randrange(3)),
        }
        key = f"PN.{number:04}"
        found.append(project(key, **{name: value for name, value in fields.items() if value}))
        targets = random.sample(TARGETS, random.randrange(len(TARGETS)))
        found += [
            link(key, target, reviews=random.choice(REVIEWS), claims=[claim(random.choice(METHODS))])
            for target in targets
        ]
        found += {
            each["key"]: each for each in (some_coding(key, random) for _ in range(random.randrange(4)))
        }.values()
    return found


def counted(engine: Engine, asked: Asked, as_of: int | None = None) -> Matrix:
    with reading(engine) as snapshot, counting(snapshot, as_of) as (connection, _):
        return matrix(connection, asked)


def records(engine: Engine, as_of: int | None = None) -> list[ExchangeRecord]:
    with reading(engine) as snapshot, counting(snapshot, as_of) as (_, then):
        return list(then.records())


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), money=st.sampled_from(MoneyRule))
def test_a_matrix_says_what_the_records_say(
    databases: Databases, kind: str, seed: int, money: MoneyRule
) -> None:
    with databases.fresh(kind) as engine:
        put(engine, *ground(), *some_world(seed))
        found = records(engine)
        for rows, columns in Random(seed).sample(PAIRS, 8):
            asked = Asked(rows, columns, money)
            assert counted(engine, asked) == naive(found, asked, 1), asked


@pytest.fixture
def world(engine: Engine) -> Engine:
    """Sixty projects with all sorts of values."""
    put(engine, *ground(), *some_world(73195, 60))
    return engine


def test_cells_count_what_counts_by_two_keys_say(world: Engine) -> None:
    for rows, columns in PAIRS:
        found = counted(world, Asked(rows, columns, MoneyRule.FULL))
        with reading(world) as snapshot:
            expected = count(snapshot.connection, [rows, columns], None).rows
        assert [
            ((each.row, each.column), each.figures.accepted, each.figures.proposed) for each in found.cells
        ] == [(each.values, each.accepted, each.proposed) for each in expected]
        money = [each.figures.accepted_cents + each.figures.proposed_cents for each in found.cells]
        assert money == [each.cents for each in expected]


def test_split_money_adds_up_to_the_whole_in_every_direction(world: Engine) -> None:
    whole = counted(world, Asked(StatKey.YEAR, StatKey.TYPE, MoneyRule.FULL)).total.figures.accepted_cents
    for rows, columns in PAIRS:
        found = counted(world, Asked(rows, columns, MoneyRule.SPLIT))
        for cells in (found.cells, found.rows, found.columns, (found.total,)):
            sums = [each.figures.accepted_cents + each.figures.proposed_cents for each in cells]
            assert sum(sums) == whole, (rows, columns)


def test_a_proposal_changes_nothing_that_is_accepted(store: Engine) -> None:
    ann = [review("ann")]
    put(store, project("A", budgetUsd="100.00", year=2020), link("A", "objective/1", reviews=ann))
    asked = Asked(StatKey.OBJECTIVE, StatKey.YEAR, MoneyRule.SPLIT)
    before = {each.row: each.figures.accepted_cents for each in counted(store, asked).cells}
    put(store, link("A", "objective/2"))
    after = {each.row: each.figures for each in counted(store, asked).cells}
    assert before == {"objective/1": 10000}
    assert after["objective/1"].accepted_cents == 10000
    assert (after["objective/2"].proposed, after["objective/2"].proposed_cents) == (1, 0)


def test_cents_that_are_left_over_go_to_the_first_cells(store: Engine) -> None:
    ann = [review("ann")]
    put(
        store,
        project("A", budgetUsd="1.00", memberStates=["SLV"]),
        *(link("A", f"objective/{n}", reviews=ann) for n in (1, 2, 23)),
    )
    found = counted(store, Asked(StatKey.OBJECTIVE, StatKey.STATE, MoneyRule.SPLIT))
    assert [(each.row, each.figures.accepted_cents) for each in found.cells] == [
        ("objective/1", 34),
        ("objective/2", 33),
        ("objective/23", 33),
    ]


def test_only_a_completed_coding_by_the_codebook_that_is_loaded_counts_as_reviewed_whole(
    store: Engine,
) -> None:
    def coded(key: str, book: str = "2", scheme: str = "gcm", **more: Any) -> ExchangeRecord:
        named = {"key": f"{key}~{scheme}~{book}~ann", "codebookVersion": book, "codingScheme": scheme}
        return coding(key) | named | more

    done = {"completedAt": THEN}
    book = record("scheme", "codebook", title={"en": "Codebook"}, version="2")
    put(store, book, *(project(each, year=2020) for each in "ABCDE"))
    put(store, coded("A", **done), coded("B"), coded("C", "1", **done), coded("D", scheme="sdg", **done))
    by_objective = counted(store, Asked(StatKey.OBJECTIVE, StatKey.YEAR, MoneyRule.FULL))
    assert (by_objective.codebook, by_objective.total.figures.reviewed) == ("2", 1)
    assert counted(store, Asked(StatKey.SDG_GOAL, StatKey.YEAR, MoneyRule.FULL)).total.figures.reviewed == 1
    assert (
        counted(store, Asked(StatKey.OBJECTIVE, StatKey.SDG_GOAL, MoneyRule.FULL)).total.figures.reviewed == 0
    )
    assert counted(store, Asked(StatKey.REGION, StatKey.YEAR, MoneyRule.FULL)).total.figures.reviewed is None


def test_a_matrix_is_one_statement(store: Engine) -> None:
    put(store, *some_world(1))
    seen: list[str] = []
    event.listen(store, "after_cursor_execute", lambda *told: seen.append(told[2]))
    with reading(store) as snapshot:
        matrix(snapshot.connection, Asked(StatKey.OBJECTIVE, StatKey.STATE, MoneyRule.SPLIT))
    assert [each.partition(" ")[0] for each in seen if "incidence" in each] == ["WITH"]
    # The data version, and that of the codebook.
    assert len([each for each in seen if each.startswith(("SELECT", "WITH"))]) == 3


def test_a_filter_leaves_the_projects_that_are_counted(world: Engine) -> None:
    found = [
        each for each in records(world) if each["class"] != "project" or each.get("region") == "region/lac"
    ]
    for rows, columns in PAIRS:
        asked = Asked(rows, columns, MoneyRule.SPLIT, {"regions": ["lac"]})
        assert counted(world, asked) == naive(found, asked, 1)


FILTERS: list[dict[str, Any] | None] = [
    None,
    {"search": "projet"},
    {"search": '"PN.0003"'},
    {"regions": ["lac"], "objectives": ["1"]},
    {"states": ["state/SLV"], "language": None},
]


def test_an_earlier_version_counts_as_it_did_then(world: Engine) -> None:
    asked = [Asked(StatKey.OBJECTIVE, StatKey.STATE, money, each) for money in MoneyRule for each in FILTERS]
    asked.append(Asked(StatKey.STATUS, StatKey.COVERAGE, MoneyRule.FULL))
    before = [counted(world, each) for each in asked]
    put(
        world,
        project("PN.0003", title={"es": "Proyecto"}, memberStates=["TON"]),
        link("PN.0003", "objective/7"),
    )
    with reading(world) as snapshot:
        lived = [each["key"] for each in snapshot.records("link")]
    put(
        world,
        {"format": "compactgraph/1", "class": "link", "key": lived[0], "deleted": True, "updatedAt": LATER},
    )
    assert version(world) == 3
    assert [counted(world, each) for each in asked] != before
    assert [counted(world, each, 1) for each in asked] == before
    assert naive(records(world, 1), asked[0], 1) == before[0]
    assert counted(world, asked[0], 3) == counted(world, asked[0])


def test_a_version_that_there_was_not_is_refused(world: Engine) -> None:
    with pytest.raises(BadArgument, match="no such data version"):
        counted(world, Asked(StatKey.YEAR, StatKey.TYPE, MoneyRule.FULL), 7)


def test_one_key_twice_is_refused(world: Engine) -> None:
    with pytest.raises(BadArgument, match="rows and columns are both YEAR"):
        counted(world, Asked(StatKey.YEAR, StatKey.YEAR, MoneyRule.FULL))


# What is behind a cell


def test_the_projects_behind_cells_and_totals_come_to_their_figures(world: Engine) -> None:
    for (rows, columns), money in zip(PAIRS, [*MoneyRule] * len(PAIRS), strict=False):
        asked = Asked(rows, columns, money)
        found = counted(world, asked)
        with reading(world) as snapshot:
            for kind, cell in found.everything[:: 1 + len(found.cells) // 3]:
                of = part(asked, place_of(kind, cell))
                behind_it = behind(snapshot.connection, asked, of)
                figures = cell.figures
                assert [each.is_proposed for each in behind_it].count(True) == figures.proposed
                assert len(behind_it) == figures.projects == count_behind(snapshot.connection, asked, of)
                assert (
                    sum(each.cents for each in behind_it) == figures.accepted_cents + figures.proposed_cents
                )
                if figures.reviewed is not None:
                    assert sum(bool(each.is_reviewed) for each in behind_it) == figures.reviewed


def test_a_page_goes_on_behind_a_project(world: Engine) -> None:
    asked = Asked(StatKey.OBJECTIVE, StatKey.STATE, MoneyRule.FULL)
    with reading(world) as snapshot:
        everything = behind(snapshot.connection, asked, part(asked, Place()))
        page = behind(snapshot.connection, asked, part(asked, Place()), everything[4].project, 3)
    assert page == everything[5:8]


def test_the_links_behind_a_cell_are_those_that_put_a_project_there(store: Engine) -> None:
    ann = [review("ann")]
    links = [
        link("A", "objective/1", reviews=ann),
        link("A", "objective/2"),
        link("A", "sdg/10"),
        link("A", "sdg/10.7", reviews=[review("ann", "reject")]),
    ]
    put(store, project("A"), *links)
    asked = Asked(StatKey.OBJECTIVE, StatKey.SDG_GOAL, MoneyRule.FULL)
    with reading(store) as snapshot:
        in_cell = links_behind(snapshot.connection, asked, part(asked, Place("1", "sdg/10")), ["A"])
        in_all = links_behind(snapshot.connection, asked, part(asked, Place()), ["A", "B"])
    assert in_cell == {"A": ["A~objective-1", "A~sdg-10"]}
    assert in_all == {"A": ["A~objective-1", "A~objective-2", "A~sdg-10"], "B": []}


@pytest.mark.parametrize(
    ("key", "words", "expected"),
    [
        (StatKey.STATE, "state/SLV", "SLV"),
        (StatKey.STATE, "SLV", "SLV"),
        (StatKey.OBJECTIVE, "objective/23", "objective/23"),
        (StatKey.OBJECTIVE, "23", "objective/23"),
        (StatKey.SDG_TARGET, "10.7", "sdg/10.7"),
        (StatKey.REGION, "code/region/lac", "region/lac"),
        (StatKey.REGION, "lac", "region/lac"),
        (StatKey.YEAR, "2020", 2020),
        (StatKey.YEAR, "none", None),
    ],
)
def test_a_row_is_named_by_an_id_its_last_part_a_year_or_none(
    key: StatKey, words: str, expected: Any
) -> None:
    other = StatKey.TYPE
    assert part(Asked(key, other, MoneyRule.FULL), Place(words)).rows == (expected,)


@pytest.mark.parametrize("words", ["", "MMXX", "-1", "²", "1234567890"])
def test_what_is_no_year_is_refused(words: str) -> None:
    with pytest.raises(BadArgument, match="is no year"):
        part(Asked(StatKey.YEAR, StatKey.TYPE, MoneyRule.FULL), Place(words))


def test_without_a_codebook_the_newest_version_that_codings_name_counts(engine: Engine) -> None:
    named = {"codingScheme": "gcm", "reviewer": "ann", "completedAt": THEN}
    codings = [
        record("coding", f"A~gcm~{book}~ann", project="A", codebookVersion=book, **named)
        for book in ("2", "10")
    ]
    put(engine, project("A", year=2020), project("B"), *codings)
    found = counted(engine, Asked(StatKey.OBJECTIVE, StatKey.YEAR, MoneyRule.FULL))
    assert (found.codebook, found.total.figures.reviewed) == ("10", 1)

"""Coefficients against another implementation, against published examples, and at their edges."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask

from ontology.coefficients import Interval, Judged, Measures, intervals

PEOPLE = ("ann", "bea", "cyd")


def judged(*rows: dict[str, bool]) -> Judged:
    """One question on many things: who said yes to each, and who said no."""
    return Judged(
        [list(row) for row in rows],
        [[frozenset(name for name, yes in row.items() if yes)] for row in rows],
    )


def two(both: int, first: int, second: int, neither: int) -> Judged:
    """Two persons, by how often both, the first, the second or neither said yes."""
    kinds = ((both, True, True), (first, True, False), (second, False, True), (neither, False, False))
    return judged(*({"ann": one, "bea": other} for count, one, other in kinds for _ in range(count)))


@pytest.mark.parametrize(
    ("counts", "agreement", "kappa"),
    [
        # Two readers of fifty grant proposals, the example of most introductions to kappa.
        ((20, 5, 10, 15), 0.7, 0.4),
        # The two examples by which Feinstein and Cicchetti (1990, J Clin Epidemiol 43:543-549) show that the
        # same agreement can have a high and a low kappa.
        ((40, 9, 6, 45), 0.85, 0.70),
        ((80, 10, 5, 5), 0.85, 0.32),
    ],
)
def test_kappa_of_two_persons_is_that_of_published_examples(
    counts: tuple[int, int, int, int], agreement: float, kappa: float
) -> None:
    measures = two(*counts).measures()
    assert measures.agreement == pytest.approx(agreement)
    assert measures.kappa == pytest.approx(kappa, abs=0.005)


def test_alpha_is_that_of_krippendorffs_example_with_two_observers_and_binary_data() -> None:
    # K. Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section A.
    meg, owen = "0100000000", "1110010100"
    rows = ({"meg": one == "1", "owen": other == "1"} for one, other in zip(meg, owen, strict=True))
    assert judged(*rows).measures().alpha == pytest.approx(0.095, abs=0.0005)


def rows(complete: bool) -> st.SearchStrategy[list[dict[str, bool]]]:
    answers = st.fixed_dictionaries(dict.fromkeys(PEOPLE, st.booleans()))
    if not complete:
        some = st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=3, unique=True)
        answers = st.builds(lambda row, who: {name: row[name] for name in sorted(who)}, answers, some)
    return st.lists(answers, min_size=2, max_size=12)


def task(found: list[dict[str, bool]]) -> AnnotationTask:
    data = [(name, str(place), yes) for place, row in enumerate(found) for name, yes in row.items()]
    return AnnotationTask(data=data)


@settings(deadline=None)
@given(rows(complete=True))
def test_kappa_of_three_persons_is_the_mean_over_their_pairs(found: list[dict[str, bool]]) -> None:
    varied = [any(row[name] for row in found) and not all(row[name] for row in found) for name in PEOPLE]
    if all(varied):
        assert judged(*found).measures().kappa == pytest.approx(task(found).kappa())


@settings(deadline=None)
@given(rows(complete=False))
def test_alpha_is_that_of_another_implementation_also_where_judgements_are_missing(
    found: list[dict[str, bool]],
) -> None:
    measures = judged(*found).measures()
    if len({yes for row in found for yes in row.values()}) == 1:
        assert (measures.alpha, measures.agreement) == (None, 1)
    else:
        assert measures.alpha == pytest.approx(task(found).alpha())


@settings(deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({name: st.tuples(*[st.booleans()] * 3) for name in PEOPLE[:2]}), min_size=1
    )
)
def test_several_questions_at_once_count_as_all_of_them_one_after_the_other(
    found: list[dict[str, tuple[bool, ...]]],
) -> None:
    positives = [
        [frozenset(name for name, answers in row.items() if answers[question]) for question in range(3)]
        for row in found
    ]
    at_once = Judged([list(row) for row in found], positives, 3).measures()
    one_by_one = judged(
        *(
            {name: answers[question] for name, answers in row.items()}
            for row, question in product(found, range(3))
        )
    ).measures()
    for one, other in zip(vars_of(at_once), vars_of(one_by_one), strict=True):
        assert one == pytest.approx(other)


def vars_of(measures: Measures) -> tuple[float | None, ...]:
    return measures.agreement, measures.kappa, measures.alpha


def test_a_weight_counts_a_group_so_many_times() -> None:
    found = [{"ann": True, "bea": False}, {"ann": True, "bea": True}, {"ann": False, "bea": False}]
    repeated = [found[0], found[1], found[1], found[1]]
    assert judged(*found).measures([1, 3, 0]) == judged(*repeated).measures()


@pytest.mark.parametrize("counts", [(0, 0, 0, 5), (5, 0, 0, 0)])
def test_where_all_always_say_the_same_agreement_is_whole_and_the_rest_is_not_defined(
    counts: tuple[int, int, int, int],
) -> None:
    assert two(*counts).measures() == Measures(1.0, None, None)


def test_nothing_at_all_has_no_coefficients() -> None:
    assert Judged([], []).measures() == Measures(None, None, None)


# Intervals


def test_the_same_seed_gives_the_same_intervals_and_they_hold_the_value() -> None:
    found = two(30, 5, 5, 20)
    first, second = intervals([found], 1, 400), intervals([found], 1, 400)
    assert first == second != intervals([found], 2, 400)
    for value, interval in zip(vars_of(found.measures()), first[0], strict=True):
        assert value is not None
        assert interval is not None
        assert interval.low < value < interval.high


def test_an_interval_is_about_as_wide_as_the_normal_approximation_of_a_share() -> None:
    found = two(120, 20, 20, 40)
    interval = intervals([found], 1, 1000)[0][0]
    assert interval is not None
    wide = 2 * 1.96 * (0.8 * 0.2 / 200) ** 0.5
    assert interval.high - interval.low == pytest.approx(wide, rel=0.15)


def test_what_never_varies_has_an_interval_of_agreement_alone() -> None:
    assert intervals([two(0, 0, 0, 30)], 1, 50) == [(Interval(1.0, 1.0), None, None)]

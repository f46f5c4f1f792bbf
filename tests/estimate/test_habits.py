"""A source corrects itself and rounds as it always does: its other figures tell of each."""

from datetime import date, timedelta

import numpy as np
import pytest
from figures import KAZAKHSTAN, said
from hypothesis import given
from hypothesis import strategies as st

from tolqyn.estimate import estimate
from tolqyn.estimate.habits import rounding_by_habit
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.reading import hear

FIRST, LAST = date(2022, 9, 21), date(2022, 9, 27)


def day(n):
    return FIRST + timedelta(n)


def heard(statements):
    return hear(statements, KAZAKHSTAN, None, Priors())


def used(statements):
    return sorted(one.claim.value for one in heard(statements) if one.why_not is None)


def entries(value, told=0, **fields):
    return said("entries", value, FIRST, LAST, said=LAST + timedelta(1 + told), **fields)


def test_a_later_figure_of_the_same_window_replaces_the_earlier():
    first, later = entries(84_700), entries(98_200, 6)

    by_value = {one.claim.value: one for one in heard([first, later])}

    assert by_value[98_200].why_not is None
    assert by_value[84_700].why_not == f"its source gives 98,200 instead in statement {later.id}"


def test_a_figure_of_an_unfinished_day_is_replaced_however_far_off_it_was():
    morning = said("entries", 6_300, FIRST, said=FIRST)
    full = said("entries", 21_400, FIRST, said=day(1))

    assert used([morning, full]) == [21_400]


@pytest.mark.parametrize(
    ("first", "later"),
    [
        pytest.param(entries(147_000), entries(174_000, 3), id="two digits swapped"),
        pytest.param(entries(98_000), entries(980_000, 3), id="a nought too many"),
        pytest.param(entries(98_000), entries(31_000, 3), id="too far"),
        pytest.param(entries(98_000), entries(91_000), id="on one day"),
        pytest.param(entries(98_000), entries(91_000, 3, organization="Others"), id="another source"),
        pytest.param(entries(98_000), entries(91_000, 3, confidence=0.4), id="likely misread"),
    ],
)
def test_what_cannot_be_one_count_taken_again_stays_a_contradiction(first, later):
    assert len(used([first, later])) == 2


def test_of_one_count_told_twice_the_more_exact_figure_is_read():
    """Whichever was told first: it would count as two witnesses."""
    assert used([entries(98_214), entries(98_000, 3)]) == [98_214]
    assert used([entries(98_214, 3), entries(98_000)]) == [98_214]


@pytest.mark.parametrize("other", [14_000, 840_000])
def test_a_last_word_that_corrects_nothing_leaves_earlier_corrections_as_they_are(other):
    """That it is of another count, or a slip, brings no figure back that was taken back before."""
    assert used([entries(84_000), entries(98_000, 3), entries(other, 6)]) == sorted([98_000, other])
    assert used([entries(98_000), entries(98_214, 3), entries(other, 6)]) == sorted([98_214, other])


@given(st.permutations([84_000, 98_000, 98_499, 97_000, 14_000, 840_000]))
def test_of_all_that_a_source_says_of_one_quantity_something_is_read(figures):
    assert used([entries(value, told) for told, value in enumerate(figures)])


def test_a_figure_that_was_likely_misread_is_nobodys_last_word():
    """A permit count read as entries of the year must not keep two tellings of those apart, as if two witnesses gave them."""
    first, later = entries(98_000), entries(98_214, 3)
    misread = entries(36_000, 4, confidence=0.6)

    assert used([first, later, misread]) == [36_000, 98_214]


def table(corrected, days=30):
    """A body that gives each day on the next, and on the third day what was `corrected` of it."""
    first = [said("entries", 9_000.0 + 7 * n, day(n), said=day(n + 1)) for n in range(days)]
    again = [
        said("entries", round(corrected * (9_000 + 7 * n)), day(n), said=day(n + 3)) for n in range(days - 3)
    ]
    return first + again


def test_the_newest_figures_of_a_source_that_corrects_itself_are_read_with_what_its_corrections_came_to():
    newest, older = (
        next(one for one in heard(table(1.08)) if one.why_not is None and one.functional.last == day(n))
        for n in (29, 10)
    )

    assert newest.habit.rise == pytest.approx(np.log(1.08), rel=0.1)
    assert older.habit.rise == 0


def test_a_source_that_never_corrects_itself_is_taken_at_its_word():
    assert {one.habit.rise_sd for one in heard(table(1.0))} == {0.0}


def test_an_estimate_follows_the_correction_before_it_is_made():
    last = day(29)
    corrected, plain = (
        np.median(estimate(statements, KAZAKHSTAN, draws=200).window("entries", "KAZ", "RUS", last, last))
        for statements in (table(1.08), table(1.0))
    )

    assert 1.04 < corrected / plain < 1.1


@given(st.integers(1, 10**7), st.lists(st.floats(0.001, 1), min_size=10, max_size=10))
def test_a_habit_never_makes_a_figure_coarser_than_its_digits(value, weights):
    steps = np.array(weights) / sum(weights)

    assert 0.5 <= rounding_by_habit(value, steps) <= 10 ** len(str(value)) / 2
    coarsest = 10 ** (len(str(value)) - len(str(value).rstrip("0")))
    assert rounding_by_habit(value, steps) <= coarsest / 2 + 1e-9


def test_a_body_that_counts_single_persons_gives_no_round_figure_but_by_chance():
    persons = [12_341, 8_677, 14_203, 9_988, 11_002, 10_459, 13_127, 9_551, 8_316, 12_774, 9_120]
    thousands = [12_000, 9_000, 14_000, 8_000, 11_000, 13_000, 7_000, 15_000, 16_000, 17_000, 9_120]

    halves = [
        next(one.habit.half for one in heard(_days_of(figures)) if one.claim.value == 9_120)
        for figures in (persons, thousands)
    ]

    assert halves[0] < 2.5
    assert halves[1] > 4.5


def _days_of(figures):
    return [said("entries", float(persons), day(n)) for n, persons in enumerate(figures)]

"""Of several bodies the odd one is found, and the others are not moved by it."""

from datetime import date, timedelta

import numpy as np
import pytest
from figures import KAZAKHSTAN, said

from tolqyn.estimate import estimate, update

FIRST = date(2022, 9, 5)
TRUE = 9_000


def told_by(factors, days=24):
    """Each body's total since the first day, on every third day, off by its factor."""
    return [
        said(
            "entries",
            round(factor * (TRUE + 37 * n) * (n + 1)),
            FIRST,
            FIRST + timedelta(n),
            organization=body,
        )
        for body, factor in factors.items()
        for n in range(2, days, 3)
    ]


def total(posterior, days=24):
    return (
        posterior.window("entries", "KAZ", "RUS", FIRST, FIRST + timedelta(days - 1))
        / days
        / (TRUE + 37 * (days - 1))
    )


def test_where_two_agree_the_third_is_the_odd_one():
    posterior = estimate(told_by({"Guard": 1, "Ministry": 1.002, "Agency": 1.11}), KAZAKHSTAN, draws=300)

    low, high = np.quantile(total(posterior), [0.05, 0.95])
    assert 0.97 < low < 1 < high < 1.03
    coverage = {one.source: one.coverage for one in posterior.sources}
    assert coverage["Agency"] == pytest.approx(1.11, abs=0.03)
    assert any(note.startswith("Agency counts otherwise than the rest") for note in posterior.notes)


def test_where_two_differ_either_may_be_right():
    posterior = estimate(told_by({"Guard": 1, "Agency": 1.11}), KAZAKHSTAN, draws=300)

    low, high = np.quantile(total(posterior), [0.05, 0.95])
    assert low < 1.01
    assert high > 1.10


def test_copies_that_forget_whose_figure_it_was_are_not_so_many_witnesses():
    """The odd body's figures, rounded and told without its name, do not draw the others to it."""
    bodies = {"Guard": 1, "Ministry": 1.002, "Agency": 1.11}
    copies = [
        said("entries", 100 * round(1.11 * (TRUE + 37 * n) * (n + 1) / 100) + 100, FIRST, FIRST + timedelta(n), organization=None)
        for n in range(2, 24)
    ]  # fmt: skip

    posterior = estimate([*told_by(bodies), *copies], KAZAKHSTAN, draws=300)

    low, high = np.quantile(total(posterior), [0.05, 0.95])
    assert 0.97 < low < 1 < high < 1.03


def test_bodies_that_agree_are_all_like_the_rest():
    posterior = estimate(told_by({"Guard": 1, "Ministry": 1.01}), KAZAKHSTAN, draws=50)

    assert posterior.working.model.odd == frozenset()


def test_an_update_remembers_who_counts_otherwise():
    statements = told_by({"Guard": 1, "Ministry": 1.002, "Agency": 1.11})
    posterior = estimate(statements, KAZAKHSTAN, draws=50)

    later = update(posterior, [*statements, said("entries", 10_100, FIRST + timedelta(25))])

    assert later.working.model.odd == posterior.working.model.odd == {"Agency"}

"""Where stock figures contradict each other, what each of them comes to stays in the posterior."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from figures import KAZAKHSTAN, said
from simulated import simulate

from tolqyn.claims import Qualifier
from tolqyn.estimate import estimate
from tolqyn.situation import SourceNote

FIRST = date(2022, 9, 5)


def test_two_levels_of_the_stock_that_as_many_figures_tell_are_both_held():
    days = [FIRST + timedelta(n) for n in range(0, 80, 4)]
    flows = [said(m, 6_000 + 25 * n, day) for n, day in enumerate(days) for m in ("entries", "exits")]
    low = [said("stock", 100_000 + 300 * n, date(2022, 10, 4 + n), organization="Ministry") for n in range(3)]
    high = [said("stock", 260_000 + 300 * n, date(2022, 10, 4 + n), organization="Agency") for n in range(3)]

    # Of bodies that count the same people, one is wrong; else both may be, and the truth lie between.
    exact = replace(
        KAZAKHSTAN, sources=tuple(SourceNote(body, (0.98, 1.02)) for body in ("Ministry", "Agency"))
    )

    loose, present = (
        estimate([*flows, *low, *high], situation, draws=400).draws("stock", "KAZ", "RUS")[:, 60]
        for situation in (KAZAKHSTAN, exact)
    )

    assert 100_000 < np.median(loose) < 260_000
    at_low, at_high = (np.abs(present / level - 1) < 0.15 for level in (100_000, 260_000))
    assert at_low.mean() > 0.05
    assert at_high.mean() > 0.05


def test_a_stock_far_below_the_prior_is_believed_where_nothing_speaks_against_it():
    # Shoppers: three days of traffic, where the prior's centre is sixty.
    weeks = [date(2022, 9, 5) + timedelta(7 * n) for n in range(10)]
    flows = [
        said(measure, 420_000 + 10_000 * n, week, week + timedelta(6))
        for n, week in enumerate(weeks)
        for measure in ("entries", "exits")
    ]
    stock = said("stock", 180_000, date(2022, 9, 12), organization="Ministry")

    posterior = estimate([*flows, stock], KAZAKHSTAN, draws=400)

    low, high = np.quantile(posterior.draws("stock", "KAZ", "RUS")[:, 11], [0.1, 0.9])  # of 12 September
    assert 120_000 < low < 180_000 < high < 270_000


def test_a_roughness_that_changes_no_account_is_not_weighed_twice():
    wave = simulate(3)  # its event comes too early for any week to be far from it

    parts = estimate(wave.statements, wave.situation, draws=50).working.parts

    tried = [(one.accounts[0].roughness, tuple(sorted(one.verdicts.items()))) for one in parts[0]]
    assert len(tried) == len(set(tried))
    assert {one.accounts[0].roughness.season for one in parts[0]} == {1.0}


def test_a_doubt_that_moves_nothing_does_not_put_a_picture_in_two():
    days = [FIRST + timedelta(n) for n in range(0, 80, 4)]
    flows = [said(m, 6_000 + 25 * n, day) for n, day in enumerate(days) for m in ("entries", "exits")]
    known = [
        said("stock", 150_000, date(2022, 10, 4) + timedelta(n), organization="Ministry") for n in range(25)
    ]
    floor = said(
        "stock", 93_000, date(2022, 10, 7), organization="Ministry", qualifier=Qualifier.OVER
    )  # far enough below to be in doubt, and true either way

    parts = estimate([*flows, *known, floor], KAZAKHSTAN, draws=50).working.parts

    assert not any(one.verdicts for one in parts[0])

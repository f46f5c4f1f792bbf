"""Entries, exits and people present that one body tells in one breath."""

from datetime import date, timedelta

import numpy as np
import pytest
from figures import KAZAKHSTAN, said

from tolqyn.claims import Qualifier
from tolqyn.estimate import Priors, estimate
from tolqyn.estimate.breaths import breaths, difference, remaining
from tolqyn.estimate.reading import hear

FIRST, LAST = date(2022, 9, 21), date(2022, 11, 29)


def heard(*statements):
    return hear(statements, KAZAKHSTAN, None, Priors())


def test_a_breath_is_one_source_one_day_and_one_window():
    entries, exits = said("entries", 400_000, FIRST, LAST), said("exits", 320_000, FIRST, LAST)
    stock = said("stock", 100_000, LAST)
    others = [
        said("exits", 310_000, FIRST, LAST, organization="Airports"),
        said("exits", 300_000, FIRST, LAST - timedelta(1)),
        said("exits", 290_000, FIRST, LAST, said=LAST + timedelta(9)),
    ]

    rows = heard(entries, exits, stock, *others)
    (found,) = breaths(rows)

    assert [rows[n].statement for n in (found.entries, found.exits, found.stock)] == [entries, exits, stock]
    assert (found.tellings, found.confidence) == (1, 1)


def test_two_windows_told_of_one_pair_share_its_chance():
    pair = [(measure, value) for measure, value in (("entries", 400_000), ("exits", 320_000))]
    windows = FIRST, date(2022, 1, 1)

    found = breaths(heard(*(said(*one, first, LAST) for one in pair for first in windows)))

    assert [breath.tellings for breath in found] == [2, 2]


def test_the_difference_is_as_wide_as_rounding_words_and_those_left_out():
    priors = Priors()
    entries = said("entries", 400_000, FIRST, LAST, qualifier=Qualifier.SLIGHTLY_OVER).claim
    exits = said("exits", 320_000, FIRST, LAST).claim

    net, half, sd = difference(entries, exits, priors)

    assert net == 80_000
    assert half == 10_000 + 5_000
    assert sd == pytest.approx(np.hypot(priors.slightly_scale * 400_000, priors.ratio_sd * 360_000))
    assert difference(exits, exits, priors) is None


def week_by_week(entries, exits):
    """Daily tables of a border service, a week a row, from two weeks before the event on."""
    starts = [FIRST + timedelta(7 * n) for n in range(-2, 10)]
    return [
        said(measure, 7 * rate, first, first + timedelta(6), organization="Border Service of Kazakhstan")
        for first in starts
        for measure, rate in (("entries", entries), ("exits", exits))
        if rate
    ]


def test_where_both_flows_are_set_apart_their_difference_still_speaks():
    """Half of the crossings are seen, and 90,000 more of those came than left; nobody else counts exits."""
    pair = [said("entries", 350_000, FIRST, LAST), said("exits", 260_000, FIRST, LAST)]
    border = said("entries", 700_000, FIRST, LAST, organization="Border Service of Kazakhstan")

    without = estimate([*week_by_week(10_000, 0), border], KAZAKHSTAN)
    told = estimate([*week_by_week(10_000, 0), border, *pair], KAZAKHSTAN)

    (net_without, net_told) = (p.window("net", "KAZ", "RUS", FIRST, LAST) for p in (without, told))
    assert np.median(told.window("entries", "KAZ", "RUS", FIRST, LAST)) == pytest.approx(700_000, rel=0.03)
    assert abs(np.median(net_told) - 90_000) < abs(np.median(net_without) - 90_000) / 2
    assert net_told.std() < 0.7 * net_without.std()


def test_a_breath_is_set_apart_as_one():
    """Entries clash with the tables and exits have no other witness: they fall together."""
    pair = [said("entries", 350_000, FIRST, LAST), said("exits", 300_000, FIRST, LAST)]
    apart = [pair[0], said("exits", 300_000, FIRST, LAST, said=LAST + timedelta(1))]

    def doubt_of_exits(flows):
        work = estimate([*week_by_week(10_000, 0), *flows], KAZAKHSTAN, draws=10).working
        row = next(n for n, one in enumerate(work.model.heard) if one.claim.value == 300_000)
        return work.best.fitted.tilted.blunder[row]

    assert doubt_of_exits(pair) > doubt_of_exits(apart)
    assert doubt_of_exits(pair) > 0.5


def test_where_the_flows_are_believed_their_difference_is_not_read_twice():
    pair = [said("entries", 700_123, FIRST, LAST), said("exits", 640_457, FIRST, LAST)]

    posterior = estimate([*week_by_week(10_000, 9_150), *pair], KAZAKHSTAN)

    work = posterior.working
    gated = np.flatnonzero(work.model.figures.only_if[:, 0] >= 0)
    assert len(gated) == 13
    assert (work.best.fitted.tilted.blunder[gated] > 0.95).all()


@pytest.mark.parametrize(
    ("present", "likely"),
    [
        pytest.param(100_000, True, id="near the difference"),
        pytest.param(80_000, True, id="the very difference"),
        pytest.param(298_000, False, id="far above it"),
        pytest.param(15_000, False, id="far below it"),
    ],
)
def test_people_present_near_the_difference_may_be_those_who_remain(present, likely):
    entries = said("entries", 400_000, FIRST, LAST, qualifier=Qualifier.SLIGHTLY_OVER).claim
    exits = said("exits", 320_000, FIRST, LAST, qualifier=Qualifier.SLIGHTLY_OVER).claim
    stock = said("stock", present, LAST, qualifier=Qualifier.ABOUT).claim

    chance, _ = remaining(entries, exits, stock, Priors())

    assert chance > 0.4 if likely else chance < 0.05


def test_those_who_remain_bear_no_witness_against_a_stock_far_above_them():
    """12,000 remain of those who came; of the million who live there another body tells."""
    breath = [
        said("entries", 27_000, FIRST, LAST),
        said("exits", 15_000, FIRST, LAST),
        said("stock", 12_000, LAST),
    ]
    lives = said("stock", 1_011_130, LAST - timedelta(9), organization="Ministry of the Interior")

    stock = estimate([*breath, lives], KAZAKHSTAN).window("stock", "KAZ", "RUS", LAST, LAST)

    assert np.quantile(stock, 0.1) > 500_000


def test_a_region_is_a_floor_and_everybody_a_ceiling():
    week = FIRST, FIRST + timedelta(6)
    loose = said("entries", 100_000, *week, qualifier=Qualifier.ORDER, low=10_000, high=999_999)
    floor = said("entries", 300_000, *week, place="Pavlodar Region", organization="Region")
    ceiling = said("entries", 40_000, *week, group="any", organization="Airports")

    plain, above, below = (estimate(told, KAZAKHSTAN) for told in ([loose], [loose, floor], [loose, ceiling]))

    def quantile(posterior, at):
        return np.quantile(posterior.window("entries", "KAZ", "RUS", *week), at)

    assert quantile(plain, 0.1) < 250_000 < quantile(above, 0.15)
    assert quantile(below, 0.85) < 60_000 < quantile(plain, 0.9)
    assert all(reading.used for reading in above.readings)
    assert next(r.functional for r in below.readings if r.statement == ceiling).startswith("at most")


def test_bounds_that_bound_nothing_are_set_aside_with_the_reason():
    week = FIRST, FIRST + timedelta(6)
    told = [
        said("entries", 1_000, *week, place="Pavlodar Region", qualifier=Qualifier.UP_TO),
        said("entries", 900_000, *week, group="foreign", qualifier=Qualifier.OVER),
        said("exits", 1_000, *week, place="Pavlodar Region"),
        said("net", 1_000, *week, group="any"),
        said("entries", 1_000, *week, place="Moscow"),
    ]

    assert all(one.why_not for one in heard(*told))

"""How single days scatter: as a road's, as a few persons', and as boats that wait for the weather."""

from datetime import date, timedelta

import numpy as np
import pytest
from figures import said
from hypothesis import given
from hypothesis import strategies as st

from tolqyn.estimate import estimate, scatter
from tolqyn.estimate.account import Account, Roughness
from tolqyn.estimate.priors import Priors
from tolqyn.situation import Situation

FIRST, DAYS = date(2031, 3, 1), 120
SEA = Situation("made up", FIRST, FIRST + timedelta(DAYS - 1), ("KAZ",), ("RUS",))
NORMAL = np.linspace(-6, 6, 4001)
WEIGHT = np.exp(-0.5 * NORMAL**2) / np.exp(-0.5 * NORMAL**2).sum()
NONE, ALL = np.zeros(1, dtype=bool), np.ones(1, dtype=bool)


@given(st.floats(-3, 3), st.floats(0, 0.07))
def test_a_busy_road_scatters_log_normally(z, sd):
    factor = scatter.scattered(np.array([1e7]), np.array([z]), sd)[0]

    assert factor == pytest.approx(np.exp(sd * z), rel=0.02)


@given(st.floats(5, 500))
def test_a_few_persons_a_day_vary_as_their_number(mean):
    counts = mean * scatter.scattered(np.full(NORMAL.shape, mean), NORMAL, 0.0)

    centre = (WEIGHT * counts).sum()
    assert centre == pytest.approx(mean, rel=0.02)
    assert (WEIGHT * (counts - centre) ** 2).sum() == pytest.approx(mean, rel=0.15)


@given(st.floats(-1.5, 1.5), st.floats(0.05, 5))
def test_what_is_expected_of_a_day_is_the_mean_of_what_may_be(z, sd):
    mean = np.array([1e5])

    factor = scatter.expected(mean, np.array([z]), sd, NONE)[0]

    may_be = scatter.scattered(np.full(NORMAL.shape, 1e5), z + NORMAL, sd)
    assert factor == pytest.approx((WEIGHT * may_be).sum(), rel=0.02)


@given(st.floats(-4, 4), st.floats(0.05, 5), st.floats(0.05, 5), st.floats(1, 1e5))
def test_a_stated_day_is_carried_to_another_sd_as_it_is(z, before, sd, mean):
    at, day = np.array([mean]), np.array([z])

    there = scatter.carried(at, day, before, sd, ALL)

    assert scatter.scattered(at, there, sd) == pytest.approx(scatter.scattered(at, day, before), rel=1e-6)


@given(st.floats(0.05, 5), st.floats(1, 1e5))
def test_somebody_comes_on_as_many_days_as_are_not_of_nobody(sd, mean):
    roots = 1 + 0.5 * scatter.day_sd(np.array([mean]), sd) * NORMAL

    chance = np.exp(scatter.log_chance_of_somebody(np.array([mean]), sd)[0])

    assert chance == pytest.approx((WEIGHT * (roots > 0)).sum(), abs=0.01)


def drawn(stray, level, rng):
    """Entries of whole persons from the model itself, (day,)."""
    account = Account(
        days=DAYS, weekday=0, events=(), kinds=(), level=level, stock=1e6, roughness=Roughness(stray=stray), priors=Priors()
    )  # fmt: skip
    return np.rint(account.streams(rng.standard_normal((1, account.size))).entries[0])


def told(series, every=5, days=(7, 29, 53, 71, 97, 112)):
    """A running total now and then, and some single days, of nobody too."""
    totals = [
        said("entries", series[: end + 1].sum(), FIRST, FIRST + timedelta(end))
        for end in range(every, DAYS, every)
    ]
    return totals + [said("entries", series[day], FIRST + timedelta(day)) for day in days]


def held(posterior, truth):
    """Which days the 90 % interval holds."""
    draws = posterior.draws("entries", "KAZ", "RUS")
    rank = (draws < truth).mean(axis=0) + 0.5 * (draws == truth).mean(axis=0)
    return np.abs(rank - 0.5) <= 0.45


def test_days_of_nobody_and_of_a_thousand_are_covered():
    truths = [drawn(32.0, 200, np.random.default_rng(seed)) for seed in range(3)]

    covered = [held(estimate(told(truth), SEA, draws=300), truth) for truth in truths]

    assert np.mean([truth == 0 for truth in truths]) > 0.1
    assert np.mean(covered) > 0.83


def test_how_far_days_stray_is_learnt_though_no_day_of_nobody_is_told():
    """Who tells only days on which somebody came would make boats look like a road: 4.5 where 5 is true."""
    learnt = []
    for seed in range(4):
        truth = drawn(32.0, 200, np.random.default_rng(seed))
        days = np.flatnonzero(truth > 1)[::9].tolist()
        parts = estimate(told(truth, days=days), SEA, draws=50).working.parts[0]
        learnt.append(sum(one.weight * np.log2(one.accounts[0].roughness.stray) for one in parts))

    assert np.mean(learnt) == pytest.approx(5, abs=0.35)


def test_who_tells_of_a_day_of_nobody_tells_of_all_days_alike():
    some, none = said("entries", 300, FIRST), said("entries", 0, FIRST + timedelta(1))

    models = (estimate(told, SEA, draws=20).working.model for told in ([some], [some, none]))

    assert [model.tells_of_nobody for model in models] == [[False], [True]]


OFTEN = [250, 0, 0, 430, 120, 0, 610, 310, 0, 0, 0, 95, 0, 180, 520, 0]
SELDOM = [0] * 5 + [90] + [0] * 6 + [44] + [0] * 6 + [1_214, 686] + [0] * 5 + [26, 0, 0, 189, 0]


@pytest.mark.parametrize("counts", [OFTEN, SELDOM])
def test_days_of_nobody_are_read_and_the_others_believed(counts):
    days = [FIRST + timedelta(n) for n in range(len(counts))]
    situation = Situation("made up", days[0], days[-1], ("KAZ",), ("RUS",))

    posterior = estimate(
        [said("entries", count, day) for count, day in zip(counts, days, strict=True)], situation
    )

    median = np.median(posterior.draws("entries", "KAZ", "RUS"), axis=0)
    assert median == pytest.approx(counts, rel=0.1, abs=0.5)


def test_a_smooth_series_stays_narrow():
    truth = drawn(0.5, 9_000, np.random.default_rng(1))

    draws = estimate(told(truth), SEA, draws=300).draws("entries", "KAZ", "RUS")

    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    assert np.median((high - low) / truth) < 0.45

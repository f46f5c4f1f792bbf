"""Whether draws can be trusted: the check alarms where they lack what the figures allow, and only there."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from figures import KAZAKHSTAN, official_statements, said
from scipy import stats

from tolqyn.estimate import estimate
from tolqyn.estimate.trust import smoothed, trust
from tolqyn.situation import SourceNote


def shape(target, drawn):
    draws = drawn.rvs(40_000, random_state=np.random.default_rng(0))
    return smoothed(target.logpdf(draws) - drawn.logpdf(draws))


@pytest.mark.parametrize(("rate", "k"), [(1.25, 0.2), (2.0, 0.5), (5.0, 0.8)])
def test_the_shape_of_known_ratios_is_found(rate, k):
    # Ratios of an exponential to one that falls faster have a Pareto tail of shape 1 - 1 / rate.
    found, weights = shape(stats.expon(), stats.expon(scale=1 / rate))

    assert found == pytest.approx(k, abs=0.15)
    assert weights.sum() == pytest.approx(1)


def test_draws_of_the_very_density_are_all_effective():
    k, weights = shape(stats.norm(), stats.norm())

    assert k <= 0.5
    assert weights == pytest.approx(1 / 40_000)


def test_weights_bring_draws_to_the_target():
    drawn = stats.norm(0.5, 1.5)
    draws = drawn.rvs(4000, random_state=np.random.default_rng(0))

    _, weights = smoothed(stats.norm().logpdf(draws) - drawn.logpdf(draws))

    assert weights @ draws == pytest.approx(0, abs=0.05)


def test_a_fit_that_takes_itself_for_far_too_sure_raises_the_alarm():
    work = estimate(official_statements(), KAZAKHSTAN).working
    best = work.parts[0][0]
    told = best.fitted.tilted
    sure = replace(
        best.fitted,
        variance=best.fitted.variance / 9,
        tilted=replace(told, body_variance=told.body_variance / 9, tail_variance=told.tail_variance / 9),
    )

    found = trust(work.model, [[replace(best, fitted=sure)]], work.drawn)

    assert found.k > found.LIMIT
    assert found.doubtful
    assert f"{len(found.doubtful)} of {found.looked_at} figures" in found.note()


def test_figures_that_agree_raise_none():
    days = ((19, 6100), (20, 6234), (22, 12345), (23, 15321), (24, 18234), (25, 17123))
    plain = [said("entries", figure, date(2022, 9, day)) for day, figure in days]

    found = estimate(plain, KAZAKHSTAN).trust

    assert found.looked_at == len(plain)
    assert not found.doubtful
    assert found.note() is None


def test_a_body_that_tells_of_both_sides_of_a_border_raises_none():
    # What it tells of the other side is off by more than what it counts itself: one error is not the other.
    seen = replace(KAZAKHSTAN, sources=(SourceNote("Border Service", coverage=(0.98, 1.02)),))
    days = ((19, 6100), (20, 6234), (22, 12345), (23, 15321), (24, 18234), (25, 17123))
    own = [said("entries", figure, date(2022, 9, day)) for day, figure in days]
    others = [said("exits", n, date(2022, 9, 17), place="RUS", counterpart="KAZ") for n in range(5900, 6000)]
    first = min(others, key=lambda one: one.id)  # read before all others

    posterior = estimate([first, *own], seen)

    assert [one.functional.mirror for one in posterior.working.model.heard] == [True, *[False] * len(own)]
    assert posterior.trust.astray < 0.2


def test_too_few_draws_are_not_judged():
    plain = [said("entries", 6100, date(2022, 9, 19))]

    found = estimate(plain, KAZAKHSTAN, draws=50).trust

    assert found.k is None
    assert found.note() is None

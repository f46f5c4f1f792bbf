"""How a stated figure speaks of the true one."""

from datetime import date

import numpy as np
import pytest
from figures import said
from hypothesis import given
from hypothesis import strategies as st

from tolqyn.claims import Qualifier
from tolqyn.estimate.likelihood import Figures, read_figure, rounding, tilt
from tolqyn.estimate.priors import Priors

PRIORS = Priors()


def figure(value, qualifier="exact", *, measure="entries", log=True, **fields):
    claim = said(measure, value, date(2022, 9, 21), qualifier=Qualifier(qualifier), **fields).claim
    return read_figure(claim, log=log, priors=PRIORS)


def believe(read, mean, sd, spread=0.005, blunder=0.0):
    """What one figure makes of a normal belief: mean and standard deviation."""
    figures = Figures(*(np.array([part]) for part in (*read, blunder)))
    told = tilt(figures, np.array([mean]), np.array([sd**2]), np.array([spread]), PRIORS)
    return float(told.mean[0]), float(np.sqrt(told.variance[0]))


def by_quadrature(read, mean, sd, spread, blunder):
    """The same by brute force: the noise mixture convolved with the centre's density on a grid."""
    low, high, slope, extra = read
    t = np.linspace(max(low, mean - 3), min(high, mean + 3), 1201)
    density = np.exp(-slope * (t - t[0 if slope >= 0 else -1]))
    x = np.linspace(mean - 8 * sd, mean + 8 * sd, 1201)
    like = np.zeros_like(x)
    scales = [
        *np.hypot(spread * np.array([0.7, 1.1, 1.8, 3.5]), extra),
        PRIORS.blunder_sd,
        PRIORS.blunder_far_sd,
    ]
    far = PRIORS.blunder_far_share
    weights = [
        *(1 - blunder) * np.array([0.256, 0.482, 0.223, 0.039]),
        (1 - far) * blunder,
        far * blunder,
    ]
    for scale, weight in zip(scales, weights, strict=True):
        noise = np.exp(-0.5 * ((x[:, None] - t) / scale) ** 2) / scale
        like += weight * (noise * density).mean(axis=1)
    post = like * np.exp(-0.5 * ((x - mean) / sd) ** 2)
    post /= post.sum()
    centre = (post * x).sum()
    return centre, np.sqrt((post * (x - centre) ** 2).sum())


@pytest.mark.parametrize("qualifier", ["exact", "about", "over", "slightly_over", "under", "almost", "up_to"])
@pytest.mark.parametrize(("offset", "sd"), [(0.0, 0.1), (0.3, 0.1), (-0.3, 0.1), (0.05, 0.02)])
def test_the_moments_are_those_of_brute_force(qualifier, offset, sd):
    read = figure(98_000, qualifier)
    mean = np.log(98_000) + offset

    got, wanted = believe(read, mean, sd, 0.02, 0.05), by_quadrature(read, mean, sd, 0.02, 0.05)

    assert got == pytest.approx(wanted, abs=2e-3)


def test_over_is_a_floor_and_almost_a_ceiling():
    at = np.log(200_000)

    assert believe(figure(200_000, "over"), at, 0.3)[0] > at + 0.02
    assert believe(figure(200_000, "almost"), at, 0.3)[0] < at - 0.01
    assert believe(figure(200_000, "slightly_over"), at, 0.3)[0] == pytest.approx(at + 0.02, abs=0.01)
    assert believe(figure(200_000, "exact"), at, 0.3)[0] == pytest.approx(at, abs=1e-3)


def test_a_range_holds_evenly_between_its_ends():
    read = figure(None, "range", low=9_000, high=12_000)

    mean, sd = believe(read, np.log(10_000), 1.0, 0.001)

    assert np.exp(mean) == pytest.approx(10_400, rel=0.02)
    assert sd == pytest.approx((np.log(12_500) - np.log(8_500)) / np.sqrt(12), rel=0.35)


def test_a_net_fall_is_read_by_its_magnitude():
    low, high, slope, _ = figure(-1_600, "about", log=False, measure="net")

    assert low < 1 < high
    assert slope == 0


def test_a_wild_figure_is_set_apart_instead_of_averaged():
    belief = np.log(400_000), 0.02

    mean, sd = believe(figure(837_000), *belief, blunder=PRIORS.blunder_chance)

    assert abs(mean - belief[0]) < 0.02
    assert sd == pytest.approx(belief[1], rel=0.1)


@given(st.integers(1, 10**8))
def test_rounding_is_half_a_unit_of_the_last_digit_and_never_much(value):
    half = rounding(value, 0.025)

    assert 0.5 <= half <= max(0.5, 0.025 * value)
    assert (2 * half) % 1 == 0 or half == 0.025 * value


@given(
    st.sampled_from(["exact", "about", "over", "slightly_over", "under", "almost", "up_to"]),
    st.floats(-4, 4),
    st.floats(0.005, 3),
)
def test_no_figure_breaks_the_moments_however_far_it_lies(qualifier, offset, sd):
    mean, after = believe(figure(5_000, qualifier), np.log(5_000) + offset, sd, blunder=0.05)

    assert np.isfinite(mean)
    assert after > 0

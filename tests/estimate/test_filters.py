"""Filters along the days: whatever way they are computed, they are convolutions."""

import numpy as np
import pytest

from tolqyn.estimate.filters import Leaving, revert

SHAPES = [(1, 3), (5, 8), (24, 2), (25, 2), (100, 30), (300, 400)]


def convolved(kernel, series):
    """Each column of a series with its column of a kernel."""
    kernel = np.broadcast_to(kernel, series.shape)
    columns = [np.convolve(one, other)[: len(series)] for one, other in zip(kernel.T, series.T, strict=True)]
    return np.array(columns).T


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("laws", ["one for all", "one a column"])
def test_those_who_leave_are_those_who_came_convolved_with_their_stay(shape, laws):
    rng = np.random.default_rng(0)
    count = 1 if laws == "one for all" else shape[1]
    shares, short, other, long = (
        rng.uniform(*ends, count) for ends in ((0.2, 0.4), (2, 4), (0.2, 0.4), (15, 30))
    )
    leaving = Leaving.of(shares, short, other, long)
    came = rng.standard_normal(shape)

    left = leaving.act(came)

    age = np.arange(shape[0])[:, None]
    share = (
        leaving.at_once * leaving.geometric**age + (leaving.even + leaving.rising * age) * leaving.erlang**age
    )
    assert np.allclose(left, convolved(share, came))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_walk_that_forgets_is_its_steps_faded(shape):
    steps = np.random.default_rng(0).standard_normal(shape)

    walked = revert(steps, 0.97)

    assert np.allclose(walked, convolved(0.97 ** np.arange(shape[0])[:, None], steps))

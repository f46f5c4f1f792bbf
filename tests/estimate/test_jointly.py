"""Sites of a few figures come to rest together, where small steps would rest too."""

import numpy as np
import pytest

from tolqyn.estimate.jointly import Few, cavity, wanted
from tolqyn.estimate.likelihood import Figures, tilt
from tolqyn.estimate.priors import Priors

PRIORS = Priors()
SPREAD = 0.02


def figures(*centres, blunder=0.05):
    at = np.array(centres, dtype=float)
    none = np.zeros(len(at))
    return Figures(at - 0.005, at + 0.005, none, none, np.full(len(at), blunder))


def at_rest(said, kernel, centre):
    count = len(said)
    few = Few(said, np.full(count, SPREAD), PRIORS, kernel, centre)
    found = few.at_rest(np.ones(count), centre.copy(), 1e-4, 0.01)
    assert found is not None
    return found


def by_small_steps(said, kernel, centre):
    """Expectation propagation in ever so small steps, the long way round."""
    precision, weighted = np.ones(len(said)), centre.copy()
    for _ in range(1_500):
        left = left_out(precision, weighted, kernel, centre)
        told = tilt(said, *left, np.full(len(said), SPREAD), PRIORS)
        to_precision, to_weighted = wanted((told.mean, told.variance), left)
        precision += 0.05 * (to_precision - precision)
        weighted += 0.05 * (to_weighted - weighted)
    return precision, weighted


def left_out(precision, weighted, kernel, centre):
    inverse = np.linalg.inv(kernel + np.diag(1 / precision))
    pull = inverse @ (weighted / precision - centre)
    return cavity(weighted / precision, 1 / precision, pull, np.diag(inverse))


def moments(precision, weighted, kernel, centre):
    covariance = np.linalg.inv(np.linalg.inv(kernel) + np.diag(precision))
    return covariance @ (np.linalg.solve(kernel, centre) + weighted), np.sqrt(np.diag(covariance))


@pytest.mark.parametrize("apart", [0.0, 0.1, 1.0, 2.0])
def test_two_figures_of_one_sum_rest_where_small_steps_do(apart):
    kernel = np.array([[1.0, 0.99], [0.99, 1.0]])
    centre = np.array([0.1, 0.1])
    said = figures(0.0, apart)

    precision, weighted, restless = at_rest(said, kernel, centre)

    mean, sd = moments(precision, weighted, kernel, centre)
    there, width = moments(*by_small_steps(said, kernel, centre), kernel, centre)
    assert not restless.any()
    assert mean == pytest.approx(there, abs=0.02 * sd.max())
    assert sd == pytest.approx(width, rel=0.02)


def test_two_figures_that_would_circle_rest_in_their_midst_and_are_in_doubt():
    kernel, centre = np.array([[1.0, 0.99], [0.99, 1.0]]), np.array([0.1, 0.1])
    said = figures(0.0, 0.5)

    precision, weighted, restless = at_rest(said, kernel, centre)

    left = left_out(precision, weighted, kernel, centre)
    told = tilt(said, *left, np.full(2, SPREAD), PRIORS)
    assert not restless.any()
    assert told.mean == pytest.approx(moments(precision, weighted, kernel, centre)[0], abs=1e-4)
    assert (told.blunder > 0.1).all()
    assert (told.blunder < 0.9).all()


def test_most_sets_of_figures_that_contradict_each_other_come_to_rest():
    rng, turning = np.random.default_rng(0), 0
    for _ in range(20):
        maps = rng.standard_normal((12, 5))
        kernel = maps @ maps.T + 1e-4 * np.eye(12)
        said = figures(*(maps @ rng.standard_normal(5) + rng.choice([0, 2], 12, p=[0.7, 0.3])))

        turning += at_rest(said, kernel, np.zeros(12))[2].any()

    assert turning <= 2


def test_sites_that_never_rest_are_left_where_they_want_to_move_least():
    """So that to fit them once more never makes them worse."""
    rng, never = np.random.default_rng(1), 0
    for _ in range(40):
        maps = rng.standard_normal((8, 3))
        kernel, centre = maps @ maps.T + 1e-4 * np.eye(8), np.zeros(8)
        said = figures(*(maps @ rng.standard_normal(3) + rng.choice([0.0, 0.6], 8)))
        few = Few(said, np.full(8, SPREAD), PRIORS, kernel, centre)
        begun = np.ones(8), centre
        once = few.at_rest(*begun, 1e-4, 0.01)
        again = few.at_rest(*once[:2], 1e-4, 0.01)
        never += once[2].any()

        assert far_from_rest(said, kernel, centre, *once[:2]) <= far_from_rest(said, kernel, centre, *begun)
        assert far_from_rest(said, kernel, centre, *again[:2]) <= max(
            far_from_rest(said, kernel, centre, *once[:2]), 1e-4
        )

    assert never > 0


def far_from_rest(said, kernel, centre, precision, weighted):
    """By how many standard deviations sites would move their quantities, at most."""
    told = tilt(said, *left_out(precision, weighted, kernel, centre), np.full(len(said), SPREAD), PRIORS)
    mean = moments(precision, weighted, kernel, centre)[0]
    return np.abs((told.mean - mean) / np.sqrt(told.variance)).max()

"""How good a stated belief was: CRPS and interval score (Gneiting and Raftery 2007)."""

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["crps", "crps_log_normal", "interval_score", "interval_score_log_normal"]

Array = NDArray[np.float64]


def crps(draws: Array, truth: Array) -> Array:
    """Continuous ranked probability score of draws (draw, thing) for truths (thing,), in their unit.

    Of one draw alone it is the absolute error.

    >>> float(crps(np.array([[3.0]]), np.array([5.0]))[0])
    2.0
    """
    n = len(draws)
    apart = np.abs(draws - truth).mean(axis=0)
    weights = 2 * np.arange(1, n + 1) - n - 1
    within: Array = (np.sort(draws, axis=0) * weights[:, None]).sum(axis=0) / n**2
    return np.asarray(apart - within)


def interval_score(draws: Array, truth: Array, level: float = 0.9) -> Array:
    """Width of the central interval, and 2 / (1 - level) times how far the truth lies outside it."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return _interval_score(low, high, truth, level)


def crps_log_normal(median: Array, sd: float, truth: Array) -> Array:
    """CRPS of a log-normal belief (Jordan, Krüger and Lerch 2019); zero medians and truths are taken as one."""
    if sd == 0:
        return np.abs(truth - median)
    at = (np.log(np.maximum(truth, 1e-9)) - np.log(np.maximum(median, 1.0))) / sd
    mean = np.maximum(median, 1.0) * np.exp(sd**2 / 2)
    below = special.ndtr(at)
    score: Array = truth * (2 * below - 1) - 2 * mean * (
        special.ndtr(at - sd) + special.ndtr(sd / np.sqrt(2)) - 1
    )
    return score


def interval_score_log_normal(median: Array, sd: float, truth: Array, level: float = 0.9) -> Array:
    """Interval score of the same belief."""
    reach = np.exp(sd * special.ndtri((1 + level) / 2))
    middle = np.maximum(median, 1.0) if sd else median
    return _interval_score(middle / reach, middle * reach, truth, level)


def _interval_score(low: Array, high: Array, truth: Array, level: float) -> Array:
    outside = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    return np.asarray(high - low + 2 / (1 - level) * outside)

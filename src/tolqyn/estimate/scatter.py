"""How the count of a single day scatters about its mean: days of nobody, and days of many.

Pure. On a day of mean m come m (1 + s z/2)² / (1 + s²/4) persons, z standard normal, s² = sd² + 1/m; and nobody where
1 + s z/2 is below zero. Where s is small that is the log-normal exp(s z). For a small count it is the root that
stabilises the variance of a Poisson (Anscombe 1948), so that counts vary by m + sd² m², as a negative binomial does.
Where sd is of the order of one it is the root-normal cut off at zero by which daily rain is described (Sansó and
Guenni 2000): boats, too, wait for the weather.

A fit moves along straight lines, and a day of which nobody speaks may be anywhere on this bend. So of such a day it
takes what is expected where z is known to within one (statistical linearisation; Särkkä 2013, section 5.4), which is
right for sums of many such days; of a day that a figure speaks of alone, the bend itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr

__all__ = ["Slopes", "carried", "day_sd", "expected", "log_chance_of_somebody", "scattered", "slopes"]

Array = NDArray[np.float64]

_EDGE = 0.1  # over so much of 1 + s z/2 the cut at zero is rounded off, so that a solver can leave it
_AT_REST = ((1 + np.sqrt(1 + _EDGE**2)) / 2) ** 2  # what z = 0 would come to
_FEWEST = 0.25  # persons added to the mean, so that next to nobody scatters by no more than twice his size


class Slopes(NamedTuple):
    """Derivatives of the log of a day's count by the log of its mean, and by z."""

    by_mean: Array
    by_day: Array


def day_sd(mean: Array, sd: float) -> Array:
    """s, for means of any shape."""
    return np.asarray(np.sqrt(sd**2 + 1 / (mean + _FEWEST)))


def scattered(mean: Array, day: Array, sd: float) -> Array:
    """The factor by which counts differ from their means, above zero.

    Args:
        mean: persons a day, of any shape.
        day: z, of that shape.
        sd: how far single days stray, as a share of the mean.
    """
    width = day_sd(mean, sd)
    root = 1 + 0.5 * width * day
    root += np.sqrt(root**2 + _EDGE**2)
    return np.asarray(root**2 / (4 * _AT_REST) / (1 + width**2 / 4))


def expected(mean: Array, day: Array, sd: float, alone: NDArray[np.bool_]) -> Array:
    """The same, of days that are not stated alone as expected about z; `alone` is of the shape of the means."""
    width = day_sd(mean, sd)
    return np.where(alone, scattered(mean, day, sd), _about(width, day)[0] / (1 + width**2 / 4))


def slopes(mean: Array, day: Array, sd: float, alone: NDArray[np.bool_]) -> Slopes:
    """Derivatives of the log of `expected` times the mean."""
    width = day_sd(mean, sd)
    here, by_root, by_sd = _about(width, day)
    steep = np.where(alone, 1 / np.sqrt((1 + 0.5 * width * day) ** 2 + _EDGE**2), 0.5 * by_root / here)
    by_width = steep * day + np.where(alone, 0.0, 0.5 * by_sd / here) - 0.5 * width / (1 + width**2 / 4)
    return Slopes(1 - by_width * mean / (mean + _FEWEST) ** 2 / (2 * width), steep * width)


def log_chance_of_somebody(mean: Array, sd: float) -> Array:
    """Log chance that anybody comes on days of some means."""
    return np.asarray(log_ndtr(2 / day_sd(mean, sd)))


def carried(mean: Array, day: Array, before: float, sd: float, alone: NDArray[np.bool_]) -> Array:
    """The z that come to the same counts under another `sd` than `before`; nearly so of days not stated alone."""
    old, new = day_sd(mean, before), day_sd(mean, sd)
    cut = np.sqrt(scattered(mean, day, before) * (1 + new**2 / 4) * _AT_REST)
    root = cut - _EDGE**2 / (4 * cut)
    return np.where(alone, (root - 1) * 2 / new, day * old / new)


def _about(width: Array, day: Array) -> tuple[Array, Array, Array]:
    """What (1 + s (z + x)/2)², cut off at zero, is expected to be for x standard normal; its derivatives by the centre and sd of the root."""
    centre, sd = 1 + 0.5 * width * day, 0.5 * width
    ratio = centre / sd
    above, height = ndtr(ratio), np.exp(-0.5 * ratio**2) / np.sqrt(2 * np.pi)
    by_centre = 2 * (centre * above + sd * height)
    value = (centre**2 + sd**2) * above + centre * sd * height
    return np.maximum(value, 1e-12), np.maximum(by_centre, 1e-12), 2 * sd * above

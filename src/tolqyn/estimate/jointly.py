"""A few sites fitted to each other while all others stay.

Pure. The covariance of a few quantities given all others is small, so that many steps cost next to nothing. Sites go towards
what they want by shares that become smaller the longer they take: an expectation propagation that is damped enough
comes to rest almost always. From time to time Newton's steps are tried from there; they are kept where they come to rest at
once, and where the damped ones would rest too.
"""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.likelihood import Figures, Told
from tolqyn.estimate.priors import Priors

__all__ = ["EAGER", "LEAST_PRECISION", "Few", "cavity", "wanted"]

Array = NDArray[np.float64]

EAGER = 0.8  # share of a wanted change that a site takes, at most
_EASING = (*[EAGER] * 15, *[0.3] * 35, *[0.1] * 150)  # that share in each step
LEAST_PRECISION, _MOST_PRECISION = 1e-6, 1e9  # of a site
_LEAST_SAID = 1e-4  # nor less than this share of what all others say: a mean so far off would drown the rest in rounding
# Newton's steps are tried after so many damped ones, and then each time a tenth later and two, from so near a rest, so many.
_FIRST_TRY, _LATER, _NEAR, _NEWTON = 4, 1.1, 1.0, 10
_SLOW = 0.9  # and given up where one leaves more than this share of what was left
_NUDGE = 1e-3  # standard deviations for derivatives
_LEAST_LEFT = 0.1  # share of its precision that a site keeps in one of them


class _Here(NamedTuple):
    """What follows from some sites.

    Attributes:
        variance: of the sites, (n,). inverse: of the covariance of what is said, (n, n).
        mean: of the quantities, (n,). left_out: their means and variances without their own sites, each (n,).
    """

    variance: Array
    inverse: Array
    mean: Array
    left_out: tuple[Array, Array]


class Few:
    """A few quantities and what their figures say, given all others.

    Args:
        figures: n of them, each read by itself.
        spread: standard deviation of each source's noise, (n,).
        priors: the chance and size of a blunder.
        kernel, centre: covariance and mean of the quantities without their own sites, (n, n) and (n,).
    """

    def __init__(self, figures: Figures, spread: Array, priors: Priors, kernel: Array, centre: Array) -> None:
        self._kernel, self._centre = kernel, centre
        self._told = Told(figures, spread, priors)
        thrice = np.tile(np.arange(len(figures)), 3)
        self._thrice = Told(figures.rows(thrice, figures.blunder[thrice]), spread[thrice], priors)

    def at_rest(
        self, precision: Array, weighted: Array, enough: float, turning: float
    ) -> tuple[Array, Array, NDArray[np.bool_]] | None:
        """The sites where they would move their quantities by less than `enough` of a standard deviation.

        Args:
            precision: of the sites to begin with, (n,).
            weighted: that times their means, (n,).
            enough: when all rest.
            turning: the share of a standard deviation from which a site is told to be restless.

        Returns:
            precision and weighted, and which sites never came to rest: those of such a set are left where they wanted to
            move least. None where the numbers run out.
        """
        least, best, next_try = np.inf, (precision, weighted, np.zeros(len(precision))), _FIRST_TRY
        for step, eager in enumerate(_EASING):
            here = self._here(precision, weighted)
            if here is None:
                return None
            mean, variance = self._told.moments(*here.left_out)
            change = (mean - here.mean) / np.sqrt(variance)
            far = float(np.abs(change).max())
            if far < least:
                least, best = far, (precision, weighted, change)
            if far < enough:
                return precision, weighted, np.zeros(len(precision), dtype=np.bool_)
            if step >= next_try and far < _NEAR:
                found = None
                # Steps that lead astray are not taken.
                with np.errstate(all="ignore"), suppress(np.linalg.LinAlgError):
                    found = self._by_newton(precision, weighted, enough)
                if found is not None:
                    return *found, np.zeros(len(precision), dtype=np.bool_)
                next_try = int(_LATER * step) + 2
            to_precision, to_weighted = wanted((mean, variance), here.left_out)
            precision = (1 - eager) * precision + eager * to_precision
            weighted = (1 - eager) * weighted + eager * to_weighted
        return best[0], best[1], np.abs(best[2]) >= turning

    def _here(self, precision: Array, weighted: Array) -> _Here | None:
        """What follows from some sites; None where the numbers run out."""
        variance = 1 / precision
        site_mean = weighted * variance
        inverse: Array = np.asarray(np.linalg.inv(self._kernel + np.diag(variance)), dtype=float)
        diagonal: Array = inverse.diagonal()
        if not (diagonal > 0).all():
            return None
        pull = inverse @ (site_mean - self._centre)
        return _Here(
            variance, inverse, site_mean - variance * pull, cavity(site_mean, variance, pull, diagonal)
        )

    def _by_newton(self, precision: Array, weighted: Array, enough: float) -> tuple[Array, Array] | None:
        """Where all sites rest, if a few of Newton's steps lead there and it is a rest that small steps would not leave."""
        count, last = len(precision), np.inf
        for number in range(_NEWTON):
            here = self._here(precision, weighted)
            if here is None:
                return None
            far, gap, turn = self._wanted(here, precision, weighted)
            if far < enough:
                return (precision, weighted) if _holds(turn) else None
            # Also where the numbers run out, so that it is no number.
            if not far < _SLOW * last and number > 1:
                return None
            last = far
            step = np.linalg.solve(np.eye(2 * count) - turn, gap.ravel()).reshape(2, count)
            weighted = weighted - precision * here.mean + step[1]
            precision = np.maximum(precision + step[0], _LEAST_LEFT * precision)
            precision = np.clip(precision, LEAST_PRECISION, _MOST_PRECISION)
            weighted = weighted + precision * here.mean
        return None

    def _wanted(self, here: _Here, precision: Array, weighted: Array) -> tuple[float, Array, Array]:
        """How far the sites would move their quantities, what they lack, (2, n), and the derivatives of what they want by what they are.

        Sites are told about the present means, so that another precision alone moves nothing.
        """
        left, variance = here.left_out
        aside, wider = _NUDGE * np.sqrt(variance), _NUDGE * variance
        means = np.stack([left, left + aside, left])
        variances = np.stack([variance, variance, variance + wider])
        mean, spread = (
            one.reshape(means.shape) for one in self._thrice.moments(means.ravel(), variances.ravel())
        )
        sites = np.stack(wanted((mean - here.mean, spread), (means - here.mean, variances)))
        slopes = (sites[:, 1] - sites[:, 0]) / aside, (sites[:, 2] - sites[:, 0]) / wider
        far = float(np.abs((mean[0] - here.mean) / np.sqrt(spread[0])).max())
        return far, sites[:, 0] - (precision, weighted - precision * here.mean), self._turn(here, slopes)

    def _turn(self, here: _Here, slopes: tuple[Array, Array]) -> Array:
        """Derivatives of what all sites want by what they are, (2 n, 2 n), from those by what is left without them, each (2, n)."""
        left, variance = here.left_out
        count = len(left)
        of_own = here.variance - here.variance**2 * here.inverse.diagonal()
        share = -(here.variance[:, None] * here.inverse * here.variance) / of_own[:, None]
        np.fill_diagonal(share, 0.0)
        by_precision = -(share**2)
        turn = np.empty((2, count, 2, count))
        for one in range(2):
            by_mean, by_variance = (slope[one][:, None] for slope in slopes)
            turn[one, :, 0] = (
                by_mean * (variance * (left - here.mean))[:, None] + by_variance * variance[:, None] ** 2
            ) * by_precision
            turn[one, :, 1] = by_mean * variance[:, None] * share
        return turn.reshape(2 * count, 2 * count)


def _holds(turn: Array) -> bool:
    """Whether small steps would not leave a rest for good: at most they would go round it."""
    rates = np.linalg.eigvals(turn)
    return not (rates.real[rates.imag == 0] >= 1).any()


def cavity(site_mean: Array, site_variance: Array, pull: Array, diagonal: Array) -> tuple[Array, Array]:
    """Mean and variance of each quantity without its own site (Rasmussen and Williams 2006, eq. 5.12)."""
    mean = site_mean - pull / diagonal
    # Cancels where the site says little; the quantity's own posterior is the answer there.
    total = 1 / diagonal
    posterior = site_variance - site_variance**2 * diagonal
    variance = np.where(
        total > 1.5 * site_variance,
        total - site_variance,
        1 / np.maximum(1 / np.maximum(posterior, 1e-15) - 1 / site_variance, 1e-12),
    )
    return mean, np.maximum(variance, 1e-12)


def wanted(tilted: tuple[Array, Array], left_out: tuple[Array, Array]) -> tuple[Array, Array]:
    """Precisions, none below nought, and weighted means of the sites that bring beliefs to others of some means and variances.

    Args:
        tilted: means and variances to be brought to.
        left_out: those without the sites.
    """
    least = np.maximum(LEAST_PRECISION, _LEAST_SAID / left_out[1])
    precision: Array = np.clip(1 / tilted[1] - 1 / left_out[1], least, _MOST_PRECISION)
    return precision, precision * tilted[0] + (tilted[0] - left_out[0]) / left_out[1]

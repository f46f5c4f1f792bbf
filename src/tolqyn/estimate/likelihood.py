"""How a stated figure speaks of the true one: rounding, qualifiers, noise, blunders.

Pure. A figure is read on the scale of its logarithm (flows) or as a multiple of itself (net and
stock, which may be near zero). On that scale the true quantity, as its source sees it, is
`centre + noise`: the centre lies in an interval, evenly or with an exponential slope, as the
words allow; the noise is close to Student's t with four degrees of freedom, with a small chance
of a blunder. Formulas: docs/concepts/method.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Claim, Qualifier
from tolqyn.estimate.priors import Priors

__all__ = [
    "UNHEARD",
    "Figures",
    "Tilted",
    "Told",
    "looseness",
    "read_bound",
    "read_figure",
    "rounding",
    "tilt",
]

Array = NDArray[np.float64]

# Four normals that stand for Student's t with four degrees of freedom: its density to within 4 %
# out to eight standard units (least squares on the density).
_T_SCALES = np.array([0.7, 1.1, 1.8, 3.5])
_T_WEIGHTS = np.array([0.256, 0.482, 0.223, 0.039])
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(24)
_POWERS = np.stack([np.ones_like(_NODES), _NODES, _NODES**2])
_WEIGHED_POWERS = (_POWERS * _NODE_WEIGHTS).T.copy()
# A blunder that says nothing of the quantity is no normal that any spread holds; that of a bound, or of a figure that
# is heard only if others are blunders, has the density of one a factor of several off.
_UNHEARD_SD, UNHEARD = 1e6, 0.1
_FAR = 60.0  # stands for no limit, on either scale


@dataclass(frozen=True, slots=True)
class Figures:
    """What m figures say, each array (m,), on the scale on which they are read.

    Attributes:
        low, high: where the centre lies. slope: its density falls as exp(-slope * centre).
        extra: standard deviation that the wording adds to the noise.
        blunder: chance of a blunder; 0 for what is true by definition.
        only_if: (m, 2), rows of figures that must be blunders for this one to be heard, or -1;
            None where all are heard.
        event: (m,), a number that figures share which are often blunders together, or -1; None where there are none.
        lost: (m,), density of a blunder that says nothing of the quantity, as of a mere bound; 0 where a blunder
            still tells the order of magnitude; None where every one does.
        verdict: (m,), 1 where a figure is taken for a blunder, 0 where it is taken for none, -1 where that is open;
            None where all are open.
    """

    low: Array
    high: Array
    slope: Array
    extra: Array
    blunder: Array
    only_if: NDArray[np.intp] | None = None
    event: NDArray[np.intp] | None = None
    lost: Array | None = None
    verdict: NDArray[np.intp] | None = None

    def __len__(self) -> int:
        return len(self.low)

    def part(self, rows: NDArray[np.intp]) -> Figures:
        """Some of the figures, with what they have to do with each other; `rows` in order."""

        def renumbered(others: NDArray[np.intp]) -> NDArray[np.intp]:
            there = np.searchsorted(rows, others).clip(max=len(rows) - 1)
            return np.where((others >= 0) & (rows[there] == others), there, -1)

        return Figures(
            self.low[rows], self.high[rows], self.slope[rows], self.extra[rows], self.blunder[rows],
            None if self.only_if is None else renumbered(self.only_if[rows]),
            None if self.event is None else self.event[rows],
            None if self.lost is None else self.lost[rows],
            None if self.verdict is None else self.verdict[rows],
        )  # fmt: skip

    def rows(self, rows: NDArray[np.intp], blunder: Array) -> Figures:
        """Some of the figures, each read by itself, with other chances of a blunder."""
        return Figures(
            self.low[rows], self.high[rows], self.slope[rows], self.extra[rows], blunder,
            lost=None if self.lost is None else self.lost[rows],
        )  # fmt: skip

    def with_verdicts(self, verdicts: Mapping[int, bool]) -> Figures:
        """The same where some more figures, by row, are taken for blunders, or for none."""
        verdict = np.full(len(self), -1, dtype=np.intp) if self.verdict is None else self.verdict.copy()
        verdict[[*verdicts]] = [*verdicts.values()]
        return replace(self, verdict=verdict)

    def decided(self, chance: Array) -> Array:
        """Chances of a blunder, (m,), sure where that is decided."""
        return chance if self.verdict is None else np.where(self.verdict >= 0, self.verdict, chance)


@dataclass(frozen=True, slots=True)
class Tilted:
    """Beliefs about m quantities, given their figures; each array (m,).

    Attributes:
        log_chance: of the figure. mean, variance: of the quantity.
        blunder: chance that the figure is one.
        body_mean, body_variance: of the quantity if it is none. tail_mean, tail_variance: if it is.
    """

    log_chance: Array
    mean: Array
    variance: Array
    blunder: Array
    body_mean: Array
    body_variance: Array
    tail_mean: Array
    tail_variance: Array


def rounding(value: float, cap: float) -> float:
    """Half a unit of the last digit that is not a trailing zero, at most `cap` of the value.

    >>> rounding(98_000, 0.025), rounding(64_234, 0.025), rounding(400_000, 0.025)
    (500.0, 0.5, 10000.0)
    """
    if not value:
        return 0.5
    if value != int(value):
        # A decimal fraction is a converted magnitude ("1.5 million a week"): the cap speaks alone.
        return min(0.5, cap * abs(value))
    unit = 1
    while int(value) % (unit * 10) == 0:
        unit *= 10
    return min(unit / 2, max(cap * abs(value), 0.5))


def read_figure(
    claim: Claim, *, log: bool, priors: Priors, half: float | None = None
) -> tuple[float, float, float, float]:
    """low, high, slope and extra of one claim (see `Figures`).

    With `log` the scale is the logarithm of the stated figure's unit; otherwise multiples of the
    figure's own size, so that the figure itself lies at 1. `half` is how far rounding may have moved
    it, where its source's habit is known; it is never read more coarsely than its digits.
    """
    size = abs(claim.centre) or 1.0

    def scaled(figure: float) -> float:
        figure = abs(figure)
        return float(np.log(max(figure, 0.5))) if log else figure / size

    word = claim.qualifier
    if word in {Qualifier.RANGE, Qualifier.ORDER} or claim.value is None:
        low = claim.low if claim.low is not None else claim.centre
        high = claim.high if claim.high is not None else claim.centre
        if low < 0:
            low, high = high, low  # a net fall: its magnitude runs the other way
        slack = min(rounding(abs(low), priors.rounding_cap), rounding(abs(high), priors.rounding_cap))
        return scaled(max(abs(low) - slack, 0.5)), scaled(abs(high) + slack), 0.0, 0.0
    value = abs(claim.value)
    half = min(rounding(value, priors.rounding_cap), np.inf if half is None else half)
    low, high = scaled(max(value - half, 0.25)), scaled(value + half)
    at = scaled(value)
    if word is Qualifier.OVER:
        return at, at + _FAR, 1 / priors.over_scale, 0.0
    if word is Qualifier.SLIGHTLY_OVER:
        return at, at + _FAR, 1 / priors.slightly_scale, 0.0
    if word is Qualifier.ALMOST:
        return at - _FAR, at, -1 / priors.slightly_scale, 0.0
    if value == 0:
        return at - _FAR, at, 0.0, 0.0  # nobody: less than half a person, however much less
    if word is Qualifier.UNDER:
        return at - _FAR, at, -1 / priors.under_scale, 0.0
    if word is Qualifier.UP_TO:
        return at - _FAR, at, -1 / priors.up_to_scale, 0.0
    return low, high, 0.0, looseness(claim, priors)


def read_bound(claim: Claim, bound: str, priors: Priors) -> tuple[float, float, float, float]:
    """The same of a figure that only bounds what it is read as, on the logarithm: a floor or a ceiling.

    What lies on the allowed side is equally likely as far as a bound could be of use.
    """
    low, high, slope, extra = read_figure(claim, log=True, priors=priors)
    reach = 1 / UNHEARD
    if bound == "part":
        end = low if slope >= 0 else high - 1 / abs(slope)
        return end, end + reach, 0.0, extra
    end = high if slope <= 0 else low + 1 / slope
    return end - reach, end, 0.0, extra


def looseness(claim: Claim, priors: Priors) -> float:
    """Relative standard deviation that "about" adds: half a unit of its last digit, at least `about_sd`."""
    if claim.qualifier is not Qualifier.ABOUT or not claim.value:
        return 0.0
    value = abs(claim.value)
    return max(priors.about_sd, rounding(value, priors.rounding_cap) / value)


def tilt(figures: Figures, mean: Array, variance: Array, spread: Array, priors: Priors) -> Tilted:
    """Normal beliefs about m quantities, times what the figures say of them.

    Args:
        figures: m of them.
        mean: the beliefs' means without each figure, (m,).
        variance: their variances, (m,).
        spread: standard deviation of each source's noise, (m,).
        priors: the chance and size of a blunder.
    """
    return Told(figures, spread, priors).tilt(mean, variance)


class Told:
    """What m figures say, ready to be set against many beliefs.

    Args:
        figures: m of them.
        spread: standard deviation of each source's noise, (m,).
        priors: the chance and size of a blunder.
    """

    def __init__(self, figures: Figures, spread: Array, priors: Priors) -> None:
        noise = np.hypot(spread[:, None] * _T_SCALES, figures.extra[:, None])
        astray = np.array([priors.blunder_sd, priors.blunder_far_sd])
        shares = np.array([1 - priors.blunder_far_share, priors.blunder_far_share])
        lost = np.zeros(len(figures)) if figures.lost is None else figures.lost
        self._unheard = lost > 0
        self._log_lost = np.log(lost[self._unheard])[:, None]
        strays = np.where(self._unheard[:, None], _UNHEARD_SD, astray)
        self._noise = np.concatenate([noise, strays], axis=1) ** 2
        blunder = figures.blunder[:, None]
        weights = np.concatenate([(1 - blunder) * _T_WEIGHTS, blunder * shares], axis=1)
        low, high, slope = figures.low[:, None], figures.high[:, None], figures.slope[:, None]
        self._low, self._high, self._slope = low, high, slope
        # Density of the centre: even on the interval, or falling from its one real end.
        self._anchor = np.where(slope > 0, low, high)
        with np.errstate(divide="ignore"):
            self._log_weights = np.log(weights)
            self._log_height = np.where(
                slope == 0, -np.log(np.maximum(high - low, 2e-9)), np.log(np.abs(slope))
            )

    def tilt(self, mean: Array, variance: Array) -> Tilted:
        """Normal beliefs about the quantities, each (m,), times what the figures say of them."""
        log_chance, parts, means, variances = self._parts(mean, variance)
        overall, spread_out = _mixed(parts, means, variances)
        normals = len(_T_SCALES)
        body, tail = (
            _mixed(
                some / np.maximum(some.sum(axis=1, keepdims=True), 1e-300),
                means[:, which],
                variances[:, which],
            )
            for which, some in (
                (slice(normals), parts[:, :normals]),
                (slice(normals, None), parts[:, normals:]),
            )
        )
        chance = parts[:, normals:].sum(axis=1)
        return Tilted(log_chance, overall, spread_out, chance, *body, *tail)

    def moments(self, mean: Array, variance: Array) -> tuple[Array, Array]:
        """Mean and variance alone of what `tilt` comes to, each (m,)."""
        return _mixed(*self._parts(mean, variance)[1:])

    def _parts(self, mean: Array, variance: Array) -> tuple[Array, Array, Array, Array]:
        """Log chance of the figures, (m,); shares, means and variances of the normals that beliefs become, (m, part)."""
        mean, variance = mean[:, None], variance[:, None]
        total = variance + self._noise
        log_z, centre, within = self._centre_moments(mean, total)
        log_z[self._unheard, len(_T_SCALES) :] = self._log_lost
        log_parts = self._log_weights + log_z
        top = log_parts.max(axis=1, keepdims=True)
        parts = np.exp(log_parts - top)
        norm = parts.sum(axis=1, keepdims=True)
        parts /= norm
        gain = variance / total
        means = mean + gain * (centre - mean)
        return (top + np.log(norm))[:, 0], parts, means, gain * self._noise + gain**2 * within

    def _centre_moments(self, mean: Array, variance: Array) -> tuple[Array, Array, Array]:
        """Log mass, mean and variance of N(mean, variance) times the centre's density, (m, parts).

        Gauss-Legendre over the part of the interval where the product has not fallen by forty nats
        (a smooth log-concave function there, so that 24 nodes suffice).
        """
        shifted = mean - self._slope * variance
        peak = np.minimum(np.maximum(shifted, self._low), self._high)
        steep = (peak - shifted) / variance
        right = np.minimum(self._high, peak + _reach(np.maximum(steep, 0.0), variance))
        left = np.maximum(self._low, peak - _reach(np.maximum(-steep, 0.0), variance))
        half = np.maximum((right - left) / 2, 1e-9)
        off = (left + right) / 2 - peak
        # The exponent less that at the peak, as a polynomial of the place between left, -1, and right, 1.
        bend = off / variance
        exponent = np.stack(
            [-(steep + 0.5 * bend) * off, -(steep + bend) * half, -0.5 * half**2 / variance], axis=-1
        )
        mass = exponent @ _POWERS
        moments = np.exp(mass, out=mass) @ _WEIGHED_POWERS
        total = moments[..., 0]
        first, second = moments[..., 1] / total, moments[..., 2] / total
        height = (
            -0.5 * (peak - mean) ** 2 / variance
            - 0.5 * np.log(2 * np.pi * variance)
            + self._log_height
            - self._slope * (peak - self._anchor)
        )
        return np.log(total * half) + height, peak + off + half * first, half**2 * (second - first**2)


def _reach(pull: Array, variance: Array) -> Array:
    """How far from its peak an exponent has fallen by 40: x²/2V + pull·x = 40."""
    reached: Array = 80 / (pull + np.sqrt(pull**2 + 80 / variance))
    return reached


def _mixed(parts: Array, means: Array, variances: Array) -> tuple[Array, Array]:
    """Mean and variance of mixtures, one a row."""
    mean = (parts * means).sum(axis=1)
    return mean, (parts * (variances + (means - mean[:, None]) ** 2)).sum(axis=1)

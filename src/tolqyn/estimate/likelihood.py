"""How a stated figure speaks of the true one: rounding, qualifiers, noise, blunders.

Pure. A figure is read on the scale of its logarithm (flows) or as a multiple of itself (net and
stock, which may be near zero). On that scale the true quantity, as its source sees it, is
`centre + noise`: the centre lies in an interval, evenly or with an exponential slope, as the
words allow; the noise is close to Student's t with four degrees of freedom, with a small chance
of a blunder. Formulas: docs/concepts/method.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Claim, Qualifier
from tolqyn.estimate.priors import Priors

__all__ = [
    "Figures",
    "Tilted",
    "Told",
    "gated",
    "joint_correction",
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
# The blunder of a bound, or of a figure that is heard only if others are blunders, says nothing: no
# spread holds it, and its density is that of a blunder a factor of several off.
_UNHEARD_SD, _UNHEARD_DENSITY = 1e6, 0.1
_FAR = 60.0  # stands for no limit, on either scale


@dataclass(frozen=True, slots=True)
class Figures:
    """What m figures say, each array (m,), on the scale on which they are read.

    Attributes:
        low, high: where the centre lies. slope: its density falls as exp(-slope * centre).
        extra: standard deviation that the wording adds to the noise.
        blunder: chance of a blunder; 0 for what is true by definition.
        silent: (m,), whether a blunder of this figure says nothing at all, as of a mere bound; None
            where every blunder still tells the order of magnitude.
        only_if: (m, 2), rows of figures that must be blunders for this one to be heard, or -1;
            None where all are heard.
        partner: (m,), the row of the other flow of the same breath, or -1; None where there is none.
    """

    low: Array
    high: Array
    slope: Array
    extra: Array
    blunder: Array
    only_if: NDArray[np.intp] | None = None
    partner: NDArray[np.intp] | None = None
    silent: NDArray[np.bool_] | None = None

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
            None if self.partner is None else renumbered(self.partner[rows]),
            None if self.silent is None else self.silent[rows],
        )  # fmt: skip

    def rows(self, rows: NDArray[np.intp], blunder: Array) -> Figures:
        """Some of the figures, each read by itself, with other chances of a blunder."""
        return Figures(
            self.low[rows], self.high[rows], self.slope[rows], self.extra[rows], blunder,
            silent=None if self.silent is None else self.silent[rows],
        )  # fmt: skip


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


def gated(figures: Figures, used: Array, blunder: Array, priors: Priors) -> Array:
    """Chance of a blunder before each figure itself is weighed, given what was found of the others, (m,).

    One that is heard only if others are blunders is believed as far as those are. Two of one breath
    are often blunders together: each learns of the other's, exactly (the message of a gate, Minka and
    Winn 2008).

    Args:
        figures: m of them.
        used: the chances that were used last, (m,).
        blunder: what they came to, (m,).
        priors: the share of blunders that strike a whole breath.
    """
    chance = figures.blunder.copy()
    if figures.only_if is not None:
        off = np.where(figures.only_if >= 0, blunder[figures.only_if], 1.0).prod(axis=1)
        chance = 1 - (1 - chance) * off
    rows, others, shared, own = _told_together(figures, priors)
    if len(rows):
        ratio = _odds_of_being_right(used[others], blunder[others])
        partner = own[others]
        wrong = shared + (1 - shared) * own[rows] * (partner + (1 - partner) * ratio)
        right = (1 - shared) * (1 - own[rows]) * (partner + (1 - partner) * ratio)
        chance[rows] = wrong / (wrong + right)
    return chance


def joint_correction(figures: Figures, used: Array, blunder: Array, priors: Priors) -> float:
    """What the log chances of all figures lack or have too much, since those of a breath are one event.

    The first of each two is told by its own chance given the other, so the other is to be told by its
    own alone.
    """
    rows, others, _, _ = _told_together(figures, priors)
    second = others[rows < others]
    ratio = _odds_of_being_right(used[second], blunder[second])
    alone = figures.blunder[second] + (1 - figures.blunder[second]) * ratio
    return float(np.log(alone / (used[second] + (1 - used[second]) * ratio)).sum())


def _told_together(
    figures: Figures, priors: Priors
) -> tuple[NDArray[np.intp], NDArray[np.intp], float, Array]:
    """Rows that have a partner whose verdict is open, their partners, and the chances of shared and own blunders."""
    shared = priors.blunder_chance * priors.blunder_breath_share
    own = np.maximum(1 - (1 - figures.blunder) / (1 - shared), 0.0)
    if figures.partner is None:
        none = np.empty(0, dtype=np.intp)
        return none, none, shared, own
    is_open = (figures.blunder > 0) & (figures.blunder < 1)
    rows = np.flatnonzero((figures.partner >= 0) & is_open & is_open[figures.partner])
    return rows, figures.partner[rows], shared, own


def _odds_of_being_right(used: Array, blunder: Array) -> Array:
    """How much likelier figures are if they are no blunders than if they are."""
    used, blunder = np.clip(used, 1e-9, 1 - 1e-9), np.clip(blunder, 1e-12, 1 - 1e-12)
    odds: Array = (1 - blunder) / blunder * used / (1 - used)
    return odds


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
    reach = 1 / _UNHEARD_DENSITY
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
        self._unheard = np.zeros(len(figures), dtype=np.bool_) if figures.silent is None else figures.silent
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
        mean, variance = mean[:, None], variance[:, None]
        total = variance + self._noise
        log_z, centre, within = self._centre_moments(mean, total)
        log_z[self._unheard, len(_T_SCALES) :] = np.log(_UNHEARD_DENSITY)
        log_parts = self._log_weights + log_z
        top = log_parts.max(axis=1, keepdims=True)
        parts = np.exp(log_parts - top)
        norm = parts.sum(axis=1, keepdims=True)
        parts /= norm
        gain = variance / total
        means = mean + gain * (centre - mean)
        variances = gain * self._noise + gain**2 * within
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
        return Tilted((top + np.log(norm))[:, 0], overall, spread_out, chance, *body, *tail)

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

"""From figures to a posterior: expectation propagation in the space of statements.

Pure. Each figure is a site: a normal factor on its quantity, fitted so that site times the rest
of the model has the mean and variance of the true likelihood times the rest (Minka 2001; the
moments are exact, see `likelihood`). Between sweeps the quantities are linearised anew about the
current mean. All linear algebra is m x m, m the number of statements of one account: the unknowns
are standard normal, so the prior covariance of the quantities is J Jᵀ. Sources shared by accounts
enter as a low-rank term (Woodbury). Leave-one-out beliefs are the sites' cavities and cost
nothing more. Why not the sparse augmented system: docs/decisions/0005-statement-space.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from tolqyn.estimate.likelihood import Figures, Tilted, gated, joint_correction, tilt
from tolqyn.estimate.priors import Priors

__all__ = ["SOFT", "Block", "Fit", "Problem", "Sources", "fit", "look"]

Array = NDArray[np.float64]

_OUTER = 30  # linearisations at most
_SWEEPS = 12  # over the sites, between two linearisations
_LOOK_SWEEPS = 40  # of a look, whose evidence is only right at rest
_EAGER = 0.8  # share of a wanted change that a site takes, at most
_SETTLED = 0.01  # sites may still move their quantities by this share of a standard deviation
# Figures are read softly at first, then harder: which of two that clash is believed should
# not hang on where the solver happened to start.
SOFT, _HARDEN = 0.3, 0.4
_RESTED = 0.05  # and the unknowns by this share of a prior one
_LEAST_PRECISION, _MOST_PRECISION = 1e-6, 1e9
_LONGEST_STEP = 4.0  # of the unknowns, in prior standard deviations, between linearisations
_LEARNING = 8  # linearisations after which the spreads stay as they are
_HALVINGS = 5  # of that step, where the true sums do not follow
_SPREAD_GRID = np.exp(np.linspace(np.log(0.125), np.log(8), 7))


@dataclass(frozen=True, slots=True)
class Block:
    """One account's unknowns and the quantities that its statements speak of.

    Attributes:
        size: number of unknowns.
        rows: which figures of the problem are of this account, (m_block,).
        quantities: unknowns (batch, size) -> the quantities (batch, m_block).
        jacobian: unknowns (size,) -> the quantities (m_block,) and their derivatives (m_block, size).
    """

    size: int
    rows: NDArray[np.intp]
    quantities: Callable[[Array], Array]
    jacobian: Callable[[Array], tuple[Array, Array]]


@dataclass(frozen=True, slots=True)
class Sources:
    """Who stands behind each figure.

    Attributes:
        coverage: (m, q) share in q whitened log coverages: their standard deviation, or 0.
        group: (m,) which spread a figure has; -1 where `fixed` speaks.
        fixed: (m,) spread of figures without a learnt one.
        names: of the spreads.
    """

    coverage: Array
    group: NDArray[np.intp]
    fixed: Array
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """All that a fit needs: accounts, figures, sources, constants."""

    blocks: tuple[Block, ...]
    figures: Figures
    sources: Sources
    priors: Priors

    def with_verdicts(self, verdicts: Mapping[int, bool]) -> Problem:
        """The same where some figures (by row) are known to be blunders, or known to be none."""
        blunder = self.figures.blunder.copy()
        for row, verdict in verdicts.items():
            blunder[row] = float(verdict)
        return replace(self, figures=replace(self.figures, blunder=blunder))


@dataclass(frozen=True, slots=True)
class Sites:
    """The normal factor that stands for each figure: precision and precision times mean, (m,).

    `spreads` are the learnt spreads, in the order of `Sources.names`. `eager` is how much of the
    next change each factor takes, and `last` the change that was wanted last, (m,).
    """

    precision: Array
    weighted: Array
    spreads: Array
    eager: Array
    last: Array

    def rested(self) -> Sites:
        """The same, as eager to change as at first."""
        return replace(self, eager=np.full_like(self.eager, _EAGER), last=np.zeros_like(self.last))


@dataclass(frozen=True, slots=True)
class Linear:
    """The quantities about one point: offset + J z, and J Jᵀ of each block."""

    unknowns: tuple[Array, ...]
    offset: Array
    jacobians: tuple[Array, ...]
    kernels: tuple[Array, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted posterior, and what is needed to draw from it, to leave figures out, or to start another.

    Attributes:
        unknowns: posterior mean of each block's unknowns.
        coverages: posterior mean of the whitened coverages, (q,).
        sites: the figures' factors and the learnt spreads.
        site_mean, site_variance: (m,).
        left_out_mean, left_out_variance: the quantities without their own figure, (m,).
        mean, variance: the quantities, (m,).
        log_evidence: approximate log marginal likelihood of the figures, with the prior of the spreads.
        tilted: the quantities as their sites see them, with body and tail told apart.
        rounds: linearisations that were needed. settled: whether it came to rest.
    """

    unknowns: tuple[Array, ...]
    coverages: Array
    sites: Sites
    site_mean: Array
    site_variance: Array
    left_out_mean: Array
    left_out_variance: Array
    mean: Array
    variance: Array
    log_evidence: float
    tilted: Tilted
    rounds: int
    settled: bool
    linear: Linear = field(repr=False)
    system: _System = field(repr=False)

    @property
    def spreads(self) -> Array:
        """Learnt spread of each source, in the order of `Sources.names`."""
        return self.sites.spreads


@dataclass(frozen=True, slots=True)
class _Swept:
    """Sites and what follows from them in a linearised problem."""

    linear: Linear
    sites: Sites
    system: _System
    mean: Array
    variance: Array
    pull: Array
    left_out: tuple[Array, Array]
    tilted: Tilted
    together: float


def _factor(matrix: Array) -> tuple[Array, bool]:
    """The Cholesky factor, with as little added to the diagonal as makes it exist.

    Statements of one window repeat a row of the kernel, so with sharp sites the matrix is singular
    but for rounding.
    """
    jitter = 0.0
    scale = float(np.mean(np.diag(matrix)))
    while True:
        try:
            factor: tuple[Array, bool] = linalg.cho_factor(matrix + jitter * np.eye(len(matrix)), lower=True)
        except linalg.LinAlgError:
            jitter = max(10 * jitter, 1e-12 * scale)
            if not jitter < scale:
                raise
        else:
            return factor


class _System:
    """G = blockdiag(J_b J_bᵀ + T_b) + U Uᵀ, factored: T the site variances, U the sources' part."""

    def __init__(self, problem: Problem, kernels: Sequence[Array], site_variance: Array) -> None:
        self._rows = [block.rows for block in problem.blocks]
        self._coverage = problem.sources.coverage
        self._site_variance = site_variance
        self._factors = [
            _factor(kernel + np.diag(site_variance[rows]))
            for kernel, rows in zip(kernels, self._rows, strict=True)
        ]
        self._through = self._solve_blocks(self._coverage)
        small = np.eye(self._coverage.shape[1]) + self._coverage.T @ self._through
        self._small = linalg.cho_factor(small, lower=True)

    def solve(self, right: Array) -> Array:
        """G⁻¹ right, for (m,) or (m, k)."""
        first = self._solve_blocks(right)
        correction = linalg.cho_solve(self._small, self._coverage.T @ first)
        solved: Array = first - self._through @ correction
        return solved

    def misfit(self, gap: Array) -> Array:
        """gapᵀ (T + U Uᵀ)⁻¹ gap for rows of (count, m): what is left when the sources take their best share."""
        scaled = gap / self._site_variance
        through = self._coverage / self._site_variance[:, None]
        small = np.eye(self._coverage.shape[1]) + self._coverage.T @ through
        shared = scaled @ self._coverage
        loss: Array = (gap * scaled).sum(axis=1) - (
            shared * linalg.solve(small, shared.T, assume_a="pos").T
        ).sum(axis=1)
        return loss

    def inverse_diagonal(self) -> Array:
        """Diagonal of G⁻¹, (m,)."""
        out = np.empty(len(self._coverage))
        for rows, (lower, _) in zip(self._rows, self._factors, strict=True):
            inverse = linalg.lapack.dtrtri(lower, lower=1)[0]
            out[rows] = (np.tril(inverse) ** 2).sum(axis=0)
        half = linalg.solve_triangular(self._small[0], self._through.T, lower=True)
        diagonal: Array = out - (half**2).sum(axis=0)
        return diagonal

    def log_determinant(self) -> float:
        """Log determinant of G."""
        parts = [2 * np.log(np.diag(lower)).sum() for lower, _ in [*self._factors, self._small]]
        return float(sum(parts))

    def _solve_blocks(self, right: Array) -> Array:
        out = np.empty(right.shape)
        for rows, factor in zip(self._rows, self._factors, strict=True):
            out[rows] = linalg.cho_solve(factor, right[rows])
        return out


def fit(problem: Problem, start: Fit | None = None, *, rounds: int = _OUTER, soft: float = SOFT) -> Fit:
    """The posterior of the unknowns given the figures.

    Args:
        problem: what is to be fitted.
        start: an earlier fit of the same figures under other constants, to start from.
        rounds: linearisations at most.
        soft: standard deviation that is added to all figures at first, without a start.
    """
    if start is None:
        unknowns = [np.zeros(block.size) for block in problem.blocks]
        sites = _first_sites(problem, unknowns, soft)
    else:
        unknowns, sites, soft = [z.copy() for z in start.unknowns], start.sites.rested(), 0.0
    linear = _linearise(problem, unknowns)
    settled = calm = False
    for outer in range(1, rounds + 1):
        swept = _sweep(problem, linear, sites, soft=soft)
        sites = swept.sites
        if settled or outer == rounds:
            break
        unknowns, moved = _step(problem, swept)
        soft = soft * _HARDEN if soft > 1e-3 else 0.0
        if not soft and outer <= _LEARNING:
            spreads = np.sqrt(sites.spreads * _learn_spreads(problem, swept.left_out))
            calm = bool(np.allclose(sites.spreads, spreads, rtol=0.05)) and outer > 1
            sites = replace(sites, spreads=spreads)
        settled = not soft and (calm or outer > _LEARNING) and moved < _RESTED
        linear = _linearise(problem, unknowns)
    return _fit_of(problem, swept, outer, settled)


def look(problem: Problem, start: Fit, unknowns: Sequence[Array] | None = None) -> Fit:
    """A fit that is linearised once only: near enough to rank hypotheses, to be settled by `fit`.

    Args:
        problem: the figures of `start` under other constants.
        start: an earlier fit.
        unknowns: where to linearise; None takes the linearisation of `start` as it is, which holds
            as long as the quantities are the same functions of the unknowns.
    """
    linear = start.linear if unknowns is None else _linearise(problem, unknowns)
    swept = _sweep(problem, linear, start.sites.rested(), soft=0.0, sweeps=_LOOK_SWEEPS)
    return _fit_of(problem, swept, 1, False)


def _sweep(problem: Problem, linear: Linear, sites: Sites, *, soft: float, sweeps: int = _SWEEPS) -> _Swept:
    """Sites fitted to a linearised problem, at most `sweeps` times over."""
    chance = problem.figures.blunder
    if problem.figures.only_if is not None:
        chance = np.where((problem.figures.only_if >= 0).any(axis=1), 1.0, chance)  # unheard at first
    for sweep in range(sweeps + 1):
        variance = 1 / sites.precision
        mean = sites.weighted * variance
        system = _System(problem, linear.kernels, variance)
        pull = system.solve(mean - linear.offset)
        left_out = _cavity(mean, variance, pull, system.inverse_diagonal())
        spread = _spread_of(problem.sources, sites.spreads) + soft
        used = chance
        tilted = tilt(replace(problem.figures, blunder=used), *left_out, spread, problem.priors)
        chance = gated(problem.figures, used, tilted.blunder, problem.priors)
        change = (tilted.mean - (mean - variance * pull)) / np.sqrt(tilted.variance)
        if sweep == sweeps or np.abs(change).max(initial=0) < _SETTLED:
            break
        # Figures that contradict each other can pull in turn; a hand that tires brings them to rest.
        turned = change * sites.last < 0
        eager = np.where(turned, 0.6 * sites.eager, sites.eager)
        wanted = np.clip(1 / tilted.variance - 1 / left_out[1], _LEAST_PRECISION, _MOST_PRECISION)
        wanted_weighted = wanted * tilted.mean + (tilted.mean - left_out[0]) / left_out[1]
        sites = replace(
            sites,
            precision=(1 - eager) * sites.precision + eager * wanted,
            weighted=(1 - eager) * sites.weighted + eager * wanted_weighted,
            eager=eager,
            last=change,
        )
    together = joint_correction(problem.figures, used, tilted.blunder, problem.priors)
    return _Swept(linear, sites, system, mean, variance, pull, left_out, tilted, together)


def _step(problem: Problem, swept: _Swept) -> tuple[list[Array], float]:
    """Move towards the mean of the linearised posterior, as far as the true sums agree.

    The step is halved until the sites' misfit plus the prior's falls, so that a linearisation far
    from its mean cannot run away. Also gives the largest move, in prior standard deviations.
    """
    linear = swept.linear
    target = [
        jacobian.T @ swept.pull[block.rows]
        for block, jacobian in zip(problem.blocks, linear.jacobians, strict=True)
    ]
    far = max(
        (float(np.abs(t - z).max(initial=0)) for z, t in zip(linear.unknowns, target, strict=True)), default=0
    )
    if far < _RESTED:
        return target, far
    share = min(1.0, _LONGEST_STEP / far)
    here = _loss(problem, swept, linear.unknowns)
    for _ in range(_HALVINGS):
        there = [z + share * (t - z) for z, t in zip(linear.unknowns, target, strict=True)]
        if _loss(problem, swept, there) < here:
            break
        share /= 2
    return there, share * far


def _loss(problem: Problem, swept: _Swept, unknowns: Sequence[Array]) -> float:
    """Twice the negative log posterior under the sites, with the true sums."""
    gap = swept.mean.copy()
    for block, z in zip(problem.blocks, unknowns, strict=True):
        gap[block.rows] -= block.quantities(z[None])[0]
    prior = sum(float(z @ z) for z in unknowns)
    return float(swept.system.misfit(gap[None])[0]) + prior


def _fit_of(problem: Problem, swept: _Swept, rounds: int, settled: bool) -> Fit:
    """The fit that some sites and a linearisation come to."""
    linear, mean, variance = swept.linear, swept.mean, swept.variance
    diagonal = swept.system.inverse_diagonal()
    return Fit(
        unknowns=tuple(
            j.T @ swept.pull[block.rows] for block, j in zip(problem.blocks, linear.jacobians, strict=True)
        ),
        coverages=problem.sources.coverage.T @ swept.pull,
        sites=swept.sites,
        site_mean=mean,
        site_variance=variance,
        left_out_mean=swept.left_out[0],
        left_out_variance=swept.left_out[1],
        mean=mean - variance * swept.pull,
        variance=np.maximum(variance - variance**2 * diagonal, 1e-15),
        log_evidence=_evidence(swept) + _log_prior_of_spreads(swept.sites.spreads, problem.priors),
        tilted=swept.tilted,
        rounds=rounds,
        settled=settled,
        linear=linear,
        system=swept.system,
    )


def _first_sites(problem: Problem, unknowns: Sequence[Array], soft: float) -> Sites:
    """Sites that match the figures one by one, each against the prior alone, and the prior spreads."""
    figures, sources = problem.figures, problem.sources
    linear = _linearise(problem, unknowns)
    variance = (sources.coverage**2).sum(axis=1)
    for block, kernel in zip(problem.blocks, linear.kernels, strict=True):
        variance[block.rows] += np.diag(kernel)
    spreads = np.full(len(sources.names), problem.priors.spread)
    # All unknowns are at their prior mean, so the offset is the quantities themselves.
    tilted = tilt(figures, linear.offset, variance, np.full(len(figures), soft), problem.priors)
    precision = np.clip(1 / tilted.variance - 1 / variance, _LEAST_PRECISION, _MOST_PRECISION)
    weighted = precision * tilted.mean + (tilted.mean - linear.offset) / variance
    return Sites(precision, weighted, spreads, np.full(len(figures), _EAGER), np.zeros(len(figures)))


def _linearise(problem: Problem, unknowns: Sequence[Array]) -> Linear:
    """The quantities as linear functions of the unknowns, right about a point."""
    offset = np.empty(len(problem.figures))
    jacobians, kernels = [], []
    for block, z in zip(problem.blocks, unknowns, strict=True):
        values, jacobian = block.jacobian(z)
        offset[block.rows] = values - jacobian @ z
        jacobians.append(jacobian)
        kernels.append(jacobian @ jacobian.T)
    return Linear(tuple(unknowns), offset, tuple(jacobians), tuple(kernels))


def _cavity(site_mean: Array, site_variance: Array, pull: Array, diagonal: Array) -> tuple[Array, Array]:
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


def _spread_of(sources: Sources, spreads: Array) -> Array:
    """Each figure's spread, learnt or fixed, (m,)."""
    return np.where(sources.group >= 0, np.append(spreads, 0.0)[sources.group], sources.fixed)


def _learn_spreads(problem: Problem, left_out: tuple[Array, Array]) -> Array:
    """Each source's spread from how well the others foretell its figures (leave-one-out likelihood)."""
    priors, group = problem.priors, problem.sources.group
    count = len(problem.sources.names)
    grid = priors.spread * _SPREAD_GRID
    log_post = np.repeat(-0.5 * (np.log(_SPREAD_GRID) / priors.spread_sd)[None] ** 2, count, axis=0)
    learnt = group >= 0
    for n, value in enumerate(grid):
        chance = tilt(problem.figures, *left_out, np.full(len(group), value), priors).log_chance
        log_post[:, n] += np.bincount(group[learnt], chance[learnt], minlength=count)
    weights = np.exp(log_post - log_post.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    learned: Array = np.exp(weights @ np.log(grid))
    return learned


def _log_prior_of_spreads(spreads: Array, priors: Priors) -> float:
    """So that a hypothesis cannot win by making its sources careless."""
    return float(-0.5 * ((np.log(spreads / priors.spread) / priors.spread_sd) ** 2).sum())


def _evidence(swept: _Swept) -> float:
    """Log marginal likelihood by expectation propagation (Rasmussen and Williams 2006, eq. 3.65)."""
    mean, variance = swept.left_out
    both = variance + swept.variance
    sites = swept.tilted.log_chance + 0.5 * np.log(2 * np.pi * both) + (mean - swept.mean) ** 2 / (2 * both)
    gap = swept.mean - swept.linear.offset
    m = len(gap)
    return float(
        -0.5 * swept.system.log_determinant()
        - 0.5 * gap @ swept.pull
        - 0.5 * m * np.log(2 * np.pi)
        + sites.sum()
        + swept.together
    )

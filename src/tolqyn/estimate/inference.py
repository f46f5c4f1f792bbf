"""From figures to a posterior: expectation propagation in the space of statements.

Pure. Each figure is a site: a normal factor on its quantity, fitted so that site times the rest
of the model has the mean and variance of the true likelihood times the rest (Minka 2001; the
moments are exact, see `likelihood`). Between sweeps the quantities are linearised anew about the
current mean. All linear algebra is m x m, m the number of statements of one account: the unknowns
are standard normal, so the prior covariance of the quantities is J Jᵀ. Sources shared by accounts
enter as a low-rank term (Woodbury). Leave-one-out beliefs are the sites' cavities and cost
nothing more. Why not the sparse augmented system: docs/decisions/0002-statement-space.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from tolqyn.estimate.likelihood import Figures, Tilted, tilt
from tolqyn.estimate.priors import Priors

__all__ = ["Block", "Fit", "Problem", "Sources", "fit", "sample"]

Array = NDArray[np.float64]

_OUTER = 30  # linearisations at most
_SWEEPS = 12  # over the sites, between two linearisations
_DAMPING = 0.8
_SETTLED = 0.02  # sites may still move their quantities by this share of a standard deviation
# Figures are read softly at first, then harder: which of two that clash is believed should
# not hang on where the solver happened to start.
_SOFT, _HARDEN = 0.3, 0.4
_ARRIVED = 0.2  # a draw has arrived when it would move its unknowns no further than this
_RARE = 0.5  # chance of a blunder below which draws settle it one by one
_REFINEMENTS = 7  # of each draw
_RESTED = 0.05  # and the unknowns by this share of a prior one
_LEAST_PRECISION, _MOST_PRECISION = 1e-6, 1e9
_LONGEST_STEP = 4.0  # of the unknowns, in prior standard deviations, between linearisations
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
class Fit:
    """A fitted posterior, and what is needed to draw from it, to leave figures out, or to start another.

    Attributes:
        unknowns: posterior mean of each block's unknowns.
        coverages: posterior mean of the whitened coverages, (q,).
        site_mean, site_variance: (m,).
        left_out_mean, left_out_variance: the quantities without their own figure, (m,).
        mean, variance: the quantities, (m,).
        spreads: learnt spread of each source, in the order of `Sources.names`.
        log_evidence: approximate log marginal likelihood of the figures.
        tilted: the quantities as their sites see them, with body and tail told apart.
        rounds: linearisations that were needed. settled: whether it came to rest.
    """

    unknowns: tuple[Array, ...]
    coverages: Array
    site_mean: Array
    site_variance: Array
    left_out_mean: Array
    left_out_variance: Array
    mean: Array
    variance: Array
    spreads: Array
    log_evidence: float
    tilted: Tilted
    rounds: int
    settled: bool
    jacobians: tuple[Array, ...] = field(repr=False)
    system: _System = field(repr=False)


class _System:
    """G = blockdiag(J_b J_bᵀ + T_b) + U Uᵀ, factored: T the site variances, U the sources' part."""

    def __init__(self, problem: Problem, kernels: Sequence[Array], site_variance: Array) -> None:
        self._rows = [block.rows for block in problem.blocks]
        self._coverage = problem.sources.coverage
        self._site_variance = site_variance
        self._factors = [
            linalg.cho_factor(kernel + np.diag(site_variance[rows]), lower=True)
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


def fit(problem: Problem, start: Fit | None = None) -> Fit:
    """The posterior of the unknowns given the figures.

    Args:
        problem: what is to be fitted.
        start: an earlier fit of the same figures under other constants, to start from.
    """
    figures, sources, priors = problem.figures, problem.sources, problem.priors
    if start is None:
        unknowns = [np.zeros(block.size) for block in problem.blocks]
        precision, weighted, spreads = _first_sites(problem, unknowns)
    else:
        unknowns = [z.copy() for z in start.unknowns]
        precision = 1 / start.site_variance
        weighted = precision * start.site_mean
        spreads = start.spreads.copy()
    settled = False
    soft = 0.0 if start is not None else _SOFT
    for outer in range(1, _OUTER + 1):
        values, jacobians, kernels = _linearise(problem, unknowns)
        # The prior mean of the quantities in the linearised model, where all unknowns are 0.
        offset = values - _apply(problem, jacobians, unknowns)
        for sweep in range(_SWEEPS + 1):
            site_variance = 1 / precision
            site_mean = weighted * site_variance
            system = _System(problem, kernels, site_variance)
            pull = system.solve(site_mean - offset)
            left_out = _cavity(site_mean, site_variance, pull, system.inverse_diagonal())
            spread = _spread_of(sources, spreads) + soft
            tilted = tilt(figures, *left_out, spread, priors)
            posterior_mean = site_mean - site_variance * pull
            shift = (np.abs(tilted.mean - posterior_mean) / np.sqrt(tilted.variance)).max(initial=0)
            if sweep == _SWEEPS or shift < _SETTLED or settled:
                break
            # Contradicting figures can pull in turn; a hand that tires brings them to rest.
            damping = _DAMPING * min(1.0, 10 / (sweep + outer))
            wanted = np.clip(1 / tilted.variance - 1 / left_out[1], _LEAST_PRECISION, _MOST_PRECISION)
            wanted_weighted = wanted * tilted.mean + (tilted.mean - left_out[0]) / left_out[1]
            precision = (1 - damping) * precision + damping * wanted
            weighted = (1 - damping) * weighted + damping * wanted_weighted
        if settled or outer == _OUTER:
            break
        target = [j.T @ pull[block.rows] for block, j in zip(problem.blocks, jacobians, strict=True)]
        moved = _step(unknowns, target, 1.0 if outer <= 3 else 0.6)
        before, soft = spreads, soft * _HARDEN if soft > 1e-3 else 0.0
        if not soft:
            spreads = np.sqrt(spreads * _learn_spreads(problem, left_out))
        settled = not soft and outer > 2 and moved < _RESTED and bool(np.allclose(before, spreads, rtol=0.05))
    diagonal = system.inverse_diagonal()
    mean = site_mean - site_variance * pull
    variance = np.maximum(site_variance - site_variance**2 * diagonal, 1e-15)
    evidence = _evidence(system, site_mean - offset, pull, site_mean, site_variance, left_out, tilted)
    return Fit(
        tuple(unknowns), sources.coverage.T @ pull, site_mean, site_variance, *left_out, mean, variance,
        spreads, evidence, tilted, outer, settled, tuple(jacobians), system,
    )  # fmt: skip


def _first_sites(problem: Problem, unknowns: Sequence[Array]) -> tuple[Array, Array, Array]:
    """Sites that match the figures one by one, each against the prior alone, and the prior spreads."""
    figures, sources = problem.figures, problem.sources
    values, _, kernels = _linearise(problem, unknowns)
    variance = (sources.coverage**2).sum(axis=1)
    for block, kernel in zip(problem.blocks, kernels, strict=True):
        variance[block.rows] += np.diag(kernel)
    spreads = np.full(len(sources.names), problem.priors.spread)
    tilted = tilt(figures, values, variance, np.full(len(figures), _SOFT), problem.priors)
    precision = np.clip(1 / tilted.variance - 1 / variance, _LEAST_PRECISION, _MOST_PRECISION)
    weighted = precision * tilted.mean + (tilted.mean - values) / variance
    return precision, weighted, spreads


def sample(
    problem: Problem, fitted: Fit, count: int, rng: np.random.Generator
) -> tuple[list[Array], Array, NDArray[np.bool_]]:
    """Draws of each block's unknowns (count, size), of the coverages (count, q), and which of them arrived.

    Randomised maximum likelihood (Oliver, He and Reynolds 1996): each draw perturbs prior and
    sites and solves again, with the Jacobian of the fit but the true quantities, so that a sum
    that is known well is known well in every draw. Exact where the quantities are linear.
    """
    start = [rng.standard_normal((count, block.size)) for block in problem.blocks]
    coverages = rng.standard_normal((count, problem.sources.coverage.shape[1]))
    said = fitted.site_mean + _site_noise(fitted, count, rng)
    said -= coverages @ problem.sources.coverage.T

    def proposal(z: Sequence[Array]) -> tuple[list[Array], Array, Array]:
        """Where the linearised model would go from z, the pull behind it, and the loss at z, (count,)."""
        gap = said.copy()
        residual = said.copy()
        for block, at, begin, jacobian in zip(problem.blocks, z, start, fitted.jacobians, strict=True):
            values = block.quantities(at)
            gap[:, block.rows] -= values
            residual[:, block.rows] -= values - (at - begin) @ jacobian.T
        pull = fitted.system.solve(residual.T).T
        goal = [
            begin + pull[:, block.rows] @ jacobian
            for block, begin, jacobian in zip(problem.blocks, start, fitted.jacobians, strict=True)
        ]
        loss = fitted.system.misfit(gap) + sum(
            ((at - begin) ** 2).sum(axis=1) for at, begin in zip(z, start, strict=True)
        )
        return goal, pull, loss

    here = [np.repeat(z[None], count, axis=0) for z in fitted.unknowns]
    goal, pull, loss = proposal(here)
    pace = np.ones(count)
    for _ in range(_REFINEMENTS):
        there = [at + pace[:, None] * (to - at) for at, to in zip(here, goal, strict=True)]
        next_goal, next_pull, next_loss = proposal(there)
        better = next_loss < loss
        pace = np.where(better, np.minimum(1.0, 1.5 * pace), 0.4 * pace)
        for n in range(len(here)):
            here[n][better] = there[n][better]
            goal[n][better] = next_goal[n][better]
        pull[better], loss[better] = next_pull[better], next_loss[better]
    left = np.max([np.abs(to - at).max(axis=1) for at, to in zip(here, goal, strict=True)], axis=0)
    return here, coverages + pull @ problem.sources.coverage, left < _ARRIVED


def _site_noise(fitted: Fit, count: int, rng: np.random.Generator) -> Array:
    """Perturbations of the sites, (count, m).

    A normal site that allows for a rare blunder is far wider than the figure deserves in most
    draws. Where a blunder is unlikely, each draw settles whether it is one, so that the quantity
    has the body and the tail of its true belief, not a normal of their joint variance.
    """
    normal = rng.standard_normal((count, len(fitted.site_mean)))
    chance = rng.random(normal.shape)
    tilted, variance = fitted.tilted, fitted.variance
    gain = fitted.left_out_variance / (fitted.left_out_variance + fitted.site_variance)
    apart = (tilted.blunder < _RARE) & (gain > 0.5)
    tail = chance < tilted.blunder
    mean = np.where(tail, tilted.tail_mean, tilted.body_mean) - fitted.mean
    # What the prior's own perturbation already brings to the quantity.
    brought = variance**2 / fitted.left_out_variance
    wanted = np.where(tail, tilted.tail_variance, tilted.body_variance) - brought
    settled = (mean + np.sqrt(np.maximum(wanted, 0)) * normal) / gain
    noise: Array = np.where(apart, settled, np.sqrt(fitted.site_variance) * normal)
    return noise


def _linearise(problem: Problem, unknowns: Sequence[Array]) -> tuple[Array, list[Array], list[Array]]:
    """The quantities, their Jacobians, and J Jᵀ of each block."""
    values = np.empty(len(problem.figures))
    jacobians, kernels = [], []
    for block, z in zip(problem.blocks, unknowns, strict=True):
        values[block.rows], jacobian = block.jacobian(z)
        jacobians.append(jacobian)
        kernels.append(jacobian @ jacobian.T)
    return values, jacobians, kernels


def _apply(problem: Problem, jacobians: Sequence[Array], unknowns: Sequence[Array]) -> Array:
    out = np.empty(len(problem.figures))
    for block, jacobian, z in zip(problem.blocks, jacobians, unknowns, strict=True):
        out[block.rows] = jacobian @ z
    return out


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


def _step(unknowns: list[Array], target: Sequence[Array], eager: float = 1.0) -> float:
    """Move the unknowns towards their new mean, not too far at once; the largest move, in prior sds."""
    far = max(
        (float(np.abs(t - z).max(initial=0)) for z, t in zip(unknowns, target, strict=True)), default=0.0
    )
    share = min(eager, _LONGEST_STEP / far) if far else 1.0
    for n, goal in enumerate(target):
        unknowns[n] = unknowns[n] + share * (goal - unknowns[n])
    return far


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


def _evidence(
    system: _System, gap: Array, pull: Array, site_mean: Array, site_variance: Array,
    left_out: tuple[Array, Array], tilted: Tilted,
) -> float:  # fmt: skip
    """Log marginal likelihood by expectation propagation (Rasmussen and Williams 2006, eq. 3.65)."""
    mean, variance = left_out
    both = variance + site_variance
    sites = tilted.log_chance + 0.5 * np.log(2 * np.pi * both) + (mean - site_mean) ** 2 / (2 * both)
    m = len(site_mean)
    return float(
        -0.5 * system.log_determinant() - 0.5 * gap @ pull - 0.5 * m * np.log(2 * np.pi) + sites.sum()
    )

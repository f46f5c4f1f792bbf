"""Expectation propagation over a linearised problem: each figure a normal factor on its quantity.

Pure. A *site* is fitted so that it and the rest of the model have the mean and variance of the true likelihood times
the rest (Minka 2001; the moments are exact, see `likelihood`). Only what still moves is worked on: where few sites move,
they are fitted to each other in their own small covariance, and the inverse is updated by their rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.gates import gated, log_prior
from tolqyn.estimate.jointly import EAGER, Few, cavity, wanted
from tolqyn.estimate.likelihood import Tilted, tilt
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.problem import Linear, Problem, spread_of
from tolqyn.estimate.system import BlockSystem, System

__all__ = [
    "Sites", "Swept", "evidence", "first_sites", "learnt_spreads", "log_prior_of_spreads", "sweep",
]  # fmt: skip

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

# Sites may still move their quantities by this share of a standard deviation, at last and while figures are soft.
_SETTLED, _SOFT_SETTLED = 0.01, 0.1
_FEW = 32  # so many sites that still move are fitted to each other
_STIRRED = 0.2  # a site that circled is left where it is till what it wants is another by so many standard deviations
_CALM = 1.0
_STILL = 0.1  # a site that would move its quantity by less than this share of that is left as it is
_SPREAD_GRID = np.exp(np.linspace(np.log(0.125), np.log(8), 7))


@dataclass(frozen=True, slots=True)
class Sites:
    """The normal factor that stands for each figure: precision and precision times mean, (m,).

    `spreads` are the learnt spreads, in the order of `Sources.names`. `eager` is how much of the
    next change each factor takes, and `last` the change that was wanted last, (m,). `circled` is what a factor still
    wanted when it was left without rest, no number for one that came to rest, (m,).
    """

    precision: Array
    weighted: Array
    spreads: Array
    eager: Array
    last: Array
    circled: Array

    def rested(self) -> Sites:
        """The same, as eager to change as at first."""
        return replace(self, eager=np.full_like(self.eager, EAGER), last=np.zeros_like(self.last))

    def part(self, rows: Indices) -> Sites:
        """Those of some figures."""
        parts = {name: getattr(self, name)[rows] for name in _OF_FIGURES}
        return replace(self, **parts)

    def with_part(self, rows: Indices, part: Sites) -> Sites:
        """The same with those of some figures in their places."""
        out = replace(self, **{name: getattr(self, name).copy() for name in _OF_FIGURES})
        for name in _OF_FIGURES:
            getattr(out, name)[rows] = getattr(part, name)
        return out


_OF_FIGURES = ("precision", "weighted", "eager", "last", "circled")


@dataclass(frozen=True, slots=True)
class Swept:
    """Sites and what follows from them in a linearised problem."""

    linear: tuple[Linear, ...]
    sites: Sites
    system: System
    mean: Array
    variance: Array
    gap: Array
    pull: Array
    left_out: tuple[Array, Array]
    tilted: Tilted
    used: Array
    of_events: float


def sweep(
    problem: Problem,
    linear: tuple[Linear, ...],
    sites: Sites,
    before: Swept | None,
    *,
    soft: float,
    most: int,
    enough: float = _SETTLED,
    systems: Sequence[BlockSystem | None] | None = None,
) -> Swept:
    """Sites fitted to a linearised problem, some sweeps over those that still move.

    Args:
        problem: what is to be fitted.
        linear: its quantities.
        sites: to begin with.
        before: what an earlier sweep came to, to go on from.
        soft: standard deviation that is added to all figures.
        most: sweeps at most.
        enough: share of a standard deviation by which sites may still move their quantities.
        systems: of each block, to go on from where there was no earlier sweep.
    """
    enough = _SOFT_SETTLED if soft else enough
    offset = _offset(problem, linear)
    beliefs = _Beliefs(problem, spread_of(problem.sources, sites.spreads) + soft, before)
    known = before.system.blocks if before is not None else systems
    restless, together = np.zeros((2, len(offset)), dtype=bool)
    for number in range(most + 1):
        variance = 1 / sites.precision
        mean = sites.weighted * variance
        system = _system(problem, linear, variance, known)
        known = system.blocks
        pull = system.solve(mean - offset)
        beliefs.update(system, mean, variance, pull)
        change = beliefs.change(mean - variance * pull)
        if not number:
            restless = (np.abs(change - sites.circled) < _STIRRED) & (np.abs(change) < _CALM)
        moving = np.flatnonzero((np.abs(change) >= enough) & ~restless)
        if number == most or not len(moving):
            break
        if len(moving) <= _FEW and not soft:
            # With those of the sweeps before: what moved then and what moves now may move each other in turn.
            together[moving] = True
            together &= ~restless
            if together.sum() > _FEW:
                together[:] = np.isin(np.arange(len(together)), moving)
            few = np.flatnonzero(together)
            sites, restless[few] = beliefs.together(sites, few, system, mean, pull, enough)
        else:
            which = np.abs(change) >= _STILL * enough
            for block in problem.blocks:
                # An account at rest is left there while others still move: its inverse need not be made again.
                which[block.rows] &= np.abs(change[block.rows]).max(initial=0) >= enough
            told = beliefs.tilted.mean, beliefs.tilted.variance
            sites = _moved(sites, told, beliefs.left_out, change, which)
    # What they wanted at first stays, lest they be led away by little steps.
    stayed = np.abs(change - sites.circled) < _STIRRED
    sites = replace(sites, circled=np.where(restless, np.where(stayed, sites.circled, change), np.nan))
    of_events = log_prior(problem.figures, beliefs.used, beliefs.tilted.blunder, problem.priors)
    return Swept(
        linear, sites, system, mean, variance, mean - offset, pull,
        beliefs.left_out, beliefs.tilted, beliefs.used, of_events,
    )  # fmt: skip


def _offset(problem: Problem, linear: Sequence[Linear]) -> Array:
    """The quantities where all unknowns are nought, with what is known of the coverages, (m,)."""
    out: Array = problem.sources.coverage @ problem.sources.known()[0]
    for one, block in zip(linear, problem.blocks, strict=True):
        out[block.rows] += one.offset
    return out


class _Beliefs:
    """Each quantity without its own site, and with its figure in its place; kept until updated.

    `used` are the chances of a blunder that the figures were read with, given the others of their breath.
    """

    def __init__(self, problem: Problem, spread: Array, before: Swept | None) -> None:
        m, figures = len(problem.figures), problem.figures
        self._problem, self._spread = problem, spread
        self._told = np.zeros(m, dtype=bool)  # under these figures and spreads
        if before is None:
            self.left_out = np.zeros(m), np.ones(m)
            self.tilted = Tilted(*(np.ones(m) for _ in Tilted.__slots__))
            self.used = figures.decided(figures.blunder)
            if figures.only_if is not None:
                self.used = np.where((figures.only_if >= 0).any(axis=1), 1.0, self.used)  # unheard at first
        else:
            self.left_out = before.left_out[0].copy(), before.left_out[1].copy()
            self.tilted = Tilted(*(getattr(before.tilted, name).copy() for name in Tilted.__slots__))
            self.used = gated(figures, before.used, before.tilted.blunder, problem.priors)

    def update(self, system: System, mean: Array, variance: Array, pull: Array) -> None:
        """Anew for those that have moved."""
        chance = self.used
        if self._told.any():
            chance = gated(self._problem.figures, self.used, self.tilted.blunder, self._problem.priors)
        left_out = cavity(mean, variance, pull, system.inverse_diagonal())
        little = _STILL * _SETTLED
        moved = np.abs(left_out[0] - self.left_out[0]) > little * np.sqrt(left_out[1])
        moved |= np.abs(left_out[1] - self.left_out[1]) > little * left_out[1]
        moved |= np.abs(chance - self.used) > little
        moved |= ~self._told
        rows = np.flatnonzero(moved)
        left_out = left_out[0][rows], left_out[1][rows]
        self._told[rows], self.used[rows] = True, chance[rows]
        told = self._tilted(rows, *left_out)
        for whole, part in zip(self.left_out, left_out, strict=True):
            whole[rows] = part
        for name in Tilted.__slots__:
            getattr(self.tilted, name)[rows] = getattr(told, name)

    def _tilted(self, rows: Indices, mean: Array, variance: Array) -> Tilted:
        """Beliefs about some quantities without their figures, times those."""
        figures = self._problem.figures.rows(rows, self.used[rows])
        return tilt(figures, mean, variance, self._spread[rows], self._problem.priors)

    def change(self, mean: Array) -> Array:
        """How far each site wants to move its quantity, in standard deviations."""
        return np.asarray((self.tilted.mean - mean) / np.sqrt(self.tilted.variance))

    def together(
        self, sites: Sites, rows: Indices, system: System, mean: Array, pull: Array, enough: float
    ) -> tuple[Sites, NDArray[np.bool_]]:
        """Sites of a few figures fitted to each other while all others stay; and which will not come to rest.

        Those are left where they were on the average of their way, and are in doubt (see `weighing`).
        """
        joint: Array = np.asarray(np.linalg.inv(system.inverse_of(rows)), dtype=float)
        part = sites.part(rows)
        few = Few(
            self._problem.figures.rows(rows, self.used[rows]),
            self._spread[rows],
            self._problem.priors,
            joint - np.diag(1 / part.precision),
            mean[rows] - joint @ pull[rows],
        )
        found = few.at_rest(part.precision, part.weighted, _STILL * enough, enough)
        if found is None:
            return sites, np.ones(len(rows), dtype=bool)
        precision, weighted, restless = found
        return sites.with_part(rows, replace(part, precision=precision, weighted=weighted)), restless


def _moved(
    sites: Sites,
    tilted: tuple[Array, Array],
    left_out: tuple[Array, Array],
    change: Array,
    which: NDArray[np.bool_],
) -> Sites:
    """Sites moved towards means and variances of their tilted beliefs; some only."""
    # Figures that contradict each other can pull in turn; a hand that tires brings them to rest.
    turned = change * sites.last < 0
    eager = np.where(turned & which, 0.6 * sites.eager, sites.eager)
    moved = _towards(sites, tilted, left_out, np.where(which, eager, 0.0))
    return replace(moved, eager=eager, last=np.where(which, change, sites.last))


def _towards(
    sites: Sites, tilted: tuple[Array, Array], left_out: tuple[Array, Array], step: Array | float
) -> Sites:
    """Sites that take some share of the way to the means and variances of their tilted beliefs."""
    precision, weighted = wanted(tilted, left_out)
    return replace(
        sites,
        precision=(1 - step) * sites.precision + step * precision,
        weighted=(1 - step) * sites.weighted + step * weighted,
    )


def _system(
    problem: Problem,
    linear: tuple[Linear, ...],
    variance: Array,
    before: Sequence[BlockSystem | None] | None,
) -> System:
    """The factored covariance of what is said, going on from earlier blocks where the kernels are their own."""

    def made(number: int) -> BlockSystem:
        rows, about = problem.blocks[number].rows, linear[number].about
        known = None if before is None else before[number]
        if known is not None and known.kernel is about.kernel:
            return known.changed(variance[rows])
        return BlockSystem.of(about.kernel, variance[rows], problem.sources.coverage[rows])

    blocks = [made(number) for number in range(len(problem.blocks))]
    rows = [block.rows for block in problem.blocks]
    return System(blocks, rows, problem.sources.coverage, problem.sources.known()[1])


def first_sites(problem: Problem, linear: tuple[Linear, ...], soft: float) -> Sites:
    """Sites that match the figures one by one, each against the prior alone, and the prior spreads."""
    figures, sources = problem.figures, problem.sources
    known, precision = sources.known()
    variance = (sources.coverage @ np.linalg.inv(precision) * sources.coverage).sum(axis=1)
    mean = sources.coverage @ known
    for block, one in zip(problem.blocks, linear, strict=True):
        variance[block.rows] += np.diag(one.about.kernel)
        mean[block.rows] += one.about.value  # the unknowns are at their prior mean
    spreads = np.full(len(sources.names), problem.priors.spread)
    figures = figures.rows(np.arange(len(figures)), figures.decided(figures.blunder))
    tilted = tilt(figures, mean, variance, np.full(len(figures), soft), problem.priors)
    precision, weighted = wanted((tilted.mean, tilted.variance), (mean, variance))
    m = len(figures)
    return Sites(precision, weighted, spreads, np.full(m, EAGER), np.zeros(m), np.full(m, np.nan))


def learnt_spreads(problem: Problem, swept: Swept) -> Array:
    """Each source's spread from how well the others foretell its figures (leave-one-out likelihood)."""
    priors, group = problem.priors, problem.sources.group
    count = len(problem.sources.names)
    grid = priors.spread * _SPREAD_GRID
    log_post = np.repeat(-0.5 * (np.log(_SPREAD_GRID) / priors.spread_sd)[None] ** 2, count, axis=0)
    learnt = group >= 0
    figures = problem.figures.rows(np.arange(len(group)), swept.used)
    for n, value in enumerate(grid):
        chance = tilt(figures, *swept.left_out, np.full(len(group), value), priors).log_chance
        log_post[:, n] += np.bincount(group[learnt], chance[learnt], minlength=count)
    weights = np.exp(log_post - log_post.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    learned: Array = np.exp(weights @ np.log(grid))
    return learned


def log_prior_of_spreads(spreads: Array, priors: Priors) -> float:
    """So that a hypothesis cannot win by making its sources careless."""
    return float(-0.5 * ((np.log(spreads / priors.spread) / priors.spread_sd) ** 2).sum())


def evidence(swept: Swept) -> float:
    """Log marginal likelihood by expectation propagation (Rasmussen and Williams 2006, eq. 3.65)."""
    mean, variance = swept.left_out
    both = variance + swept.variance
    sites = swept.tilted.log_chance + 0.5 * np.log(2 * np.pi * both) + (mean - swept.mean) ** 2 / (2 * both)
    m = len(mean)
    return float(
        -0.5 * swept.system.log_determinant()
        - 0.5 * swept.gap @ swept.pull
        - 0.5 * m * np.log(2 * np.pi)
        + sites.sum()
        + swept.of_events
    )

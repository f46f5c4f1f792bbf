"""From figures to a posterior: expectation propagation in the space of statements.

Pure. Each figure is a site: a normal factor on its quantity, fitted so that site times the rest
of the model has the mean and variance of the true likelihood times the rest (Minka 2001; the
moments are exact, see `likelihood`). Between sweeps the quantities are linearised anew about the
current mean. All linear algebra is m x m, m the number of statements of one account: the unknowns
are standard normal, so the prior covariance of the quantities is J Jᵀ, and J is never formed.
Accounts are blocks; sources that they share enter as a low-rank term (Woodbury). Only what still
moves is worked on: where few sites move, they are fitted to each other in their own small covariance,
and the inverse is updated by their rank. Leave-one-out beliefs are the sites' cavities and cost nothing
more. Why not the sparse augmented system: docs/decisions/0005-statement-space.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.account import Logs, Streams
from tolqyn.estimate.gates import gated, log_prior
from tolqyn.estimate.likelihood import Figures, Tilted, Told, tilt
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.side_by_side import side_by_side
from tolqyn.estimate.system import BlockSystem, System

__all__ = [
    "LOOK_SWEEPS",
    "SOFT",
    "Begin",
    "Block",
    "Fit",
    "Problem",
    "Sources",
    "begin_from",
    "fit",
    "look",
    "spread_of",
]

Array = NDArray[np.float64]
Single = NDArray[np.float32]
Indices = NDArray[np.intp]

_OUTER = 30  # linearisations at most
# Sweeps over the sites between two linearisations, while figures are read softly, while the unknowns are far, and then.
_SOFT_SWEEPS, _FAR_SWEEPS, _SWEEPS = 1, 2, 12
LOOK_SWEEPS = 12  # of a look
_EAGER = 0.8  # share of a wanted change that a site takes, at most
_TIRED = 0.3  # that share of one that has turned to and fro
# Sites may still move their quantities by this share of a standard deviation.
_SETTLED, _SOFT_SETTLED = 0.01, 0.1
_LOOK_SETTLED = 0.05  # in a look: evidence does not change to first order when sites do (Seeger 2005)
_FEW, _STEPS = 32, 40  # so many sites that still move are fitted to each other, in so many steps
_STILL = 0.1  # a site that would move its quantity by less than this share of that is left as it is
# Figures are read softly at first, then harder: which of two that clash is believed should
# not hang on where the solver happened to start.
SOFT, _HARDEN = 0.3, 0.4
_RESTED = 0.05  # and the unknowns by this share of a prior one
_FAR = 0.3  # a move of the unknowns by more than this share is far
_STALE = 0.1  # change of a daily log from which the covariances are made anew
# And whatever the change, where a move is longer than this share of the one before; so many times, since what circles stays so.
_SLOW, _ANEW = 0.5, 6
_LEAST_PRECISION, _MOST_PRECISION = 1e-6, 1e9  # of a site
_LEAST_SAID = 1e-4  # nor less than this share of what all others say: a mean so far off would drown the rest in rounding
_LONGEST_STEP = 4.0  # of the unknowns, in prior standard deviations, between linearisations
_LEARNING = 8  # linearisations after which the spreads stay as they are
_HALVINGS = 5  # of that step, where the true sums do not follow
_SPREAD_GRID = np.exp(np.linspace(np.log(0.125), np.log(8), 7))


class About(Protocol):
    """An account's quantities as linear functions of its unknowns, about one point."""

    @property
    def value(self) -> Array:
        """The quantities at the point, (m,)."""

    @property
    def kernel(self) -> Array:
        """Their prior covariance, (m, m)."""

    def forward(self, z: Array | Single) -> Array:
        """How they move with the unknowns (batch, size): (batch, m)."""

    def back(self, pull: Array) -> Array:
        """The transpose of `forward`: (batch, m) to (batch, size)."""

    def linear(self, logs: Logs) -> Array:
        """How they move with the daily logs: (batch, m)."""

    def moved(self, pull: Array) -> Logs:
        """How the daily logs move under a pull on the quantities (batch, m)."""

    def strayed(self, z: Array) -> float:
        """How far the counts at other unknowns (size,) lie from the point, as a log."""

    def lean(self) -> About:
        """The same without its kernel, which is made again if it is asked for."""


class Functions(Protocol):
    """The quantities of one account as functions of its unknowns."""

    @property
    def size(self) -> int:
        """Number of unknowns."""

    def exact(self) -> Functions:
        """The same with no day as it is expected to be."""

    def values(self, z: Array) -> Array:
        """Unknowns (batch, size) -> the quantities (batch, m)."""

    def logs(self, z: Array | Single) -> Logs:
        """The daily logs for unknowns (batch, size)."""

    def counts(self, logs: Logs) -> Streams:
        """The daily counts for daily logs."""

    def of(self, streams: Streams) -> Array:
        """The quantities of daily counts, (batch, m)."""

    def about(self, z: Array) -> About:
        """The quantities linearised about unknowns (size,)."""


@dataclass(frozen=True, slots=True)
class Block:
    """One account's unknowns and the quantities that its statements speak of.

    Attributes:
        rows: which figures of the problem are of this account, (m_block,).
        quantities: of those figures.
    """

    rows: Indices
    quantities: Functions

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return self.quantities.size


@dataclass(frozen=True, slots=True)
class Sources:
    """Who stands behind each figure.

    Attributes:
        coverage: (m, q) share in q whitened log coverages: their standard deviation, or 0.
        group: (m,) which spread a figure has; -1 where `fixed` speaks.
        fixed: (m,) spread of figures without a learnt one.
        names: of the spreads.
        mean, precision: what is known of the whitened coverages beforehand, (q,) and (q, q); None
            where that is their prior.
    """

    coverage: Array
    group: NDArray[np.intp]
    fixed: Array
    names: tuple[str, ...]
    mean: Array | None = None
    precision: Array | None = None

    def known(self) -> tuple[Array, Array]:
        """Mean and precision of the whitened coverages beforehand."""
        count = self.coverage.shape[1]
        return (
            np.zeros(count) if self.mean is None else self.mean,
            np.eye(count) if self.precision is None else self.precision,
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """All that a fit needs: accounts, figures, sources, constants."""

    blocks: tuple[Block, ...]
    figures: Figures
    sources: Sources
    priors: Priors

    def with_blocks(self, blocks: Sequence[Block]) -> Problem:
        """The same with other accounts of the same places and groups."""
        return replace(self, blocks=tuple(blocks))

    def alone(self, number: int, mean: Array, precision: Array) -> Problem:
        """One account's part, where the others have told so much of the coverages."""
        rows = self.blocks[number].rows
        sources = self.sources
        return replace(
            self,
            blocks=(replace(self.blocks[number], rows=np.arange(len(rows))),),
            figures=self.figures.part(rows),
            sources=replace(
                sources,
                coverage=sources.coverage[rows],
                group=sources.group[rows],
                fixed=sources.fixed[rows],
                mean=mean,
                precision=precision,
            ),
        )

    def with_verdicts(self, verdicts: Mapping[int, bool]) -> Problem:
        """The same where some figures (by row) are known to be blunders, or known to be none."""
        return replace(self, figures=self.figures.with_verdicts(verdicts))


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

    def part(self, rows: Indices) -> Sites:
        """Those of some figures."""
        return Sites(
            self.precision[rows], self.weighted[rows], self.spreads, self.eager[rows], self.last[rows]
        )

    def with_part(self, rows: Indices, part: Sites) -> Sites:
        """The same with those of some figures in their places."""
        out = replace(self, **{name: getattr(self, name).copy() for name in _OF_FIGURES})
        for name in _OF_FIGURES:
            getattr(out, name)[rows] = getattr(part, name)
        return out


_OF_FIGURES = ("precision", "weighted", "eager", "last")


@dataclass(frozen=True, slots=True)
class Linear:
    """One account's quantities about some unknowns: offset + J z.

    `about` may have been made a little way off, at the unknowns `at`; the offset is right for the unknowns.
    """

    unknowns: Array
    offset: Array
    about: About
    at: Array


@dataclass(frozen=True, slots=True)
class Begin:
    """What is known of a fit before it is made: unknowns of each block, sites, and linearisations that may still hold."""

    unknowns: tuple[Array, ...]
    sites: Sites
    linear: tuple[Linear | None, ...]


def begin_from(
    problem: Problem,
    start: Fit,
    unknowns: Sequence[Array],
    at: Sequence[Array | None],
    known: Mapping[int, int],
    spreads: Array,
) -> Begin:
    """A beginning from an earlier fit of almost the same figures.

    Args:
        problem: what is to be fitted.
        start: the earlier fit.
        unknowns: of each block.
        at: where each block was linearised, so that it may be there again; None where it is to be at its unknowns.
        known: row of the problem -> row of the earlier fit, for the figures that were there.
        spreads: of the problem's sources.
    """
    m = len(problem.figures)
    precision, weighted = np.full(m, _LEAST_PRECISION), np.zeros(m)
    rows, then = np.array([*known], dtype=np.intp), np.array([*known.values()], dtype=np.intp)
    precision[rows], weighted[rows] = start.sites.precision[then], start.sites.weighted[then]
    sites = Sites(precision, weighted, spreads, np.full(m, _EAGER), np.zeros(m))
    linear = (None if z is None else _linear(problem, number, z, None) for number, z in enumerate(at))
    return Begin(tuple(unknowns), sites, tuple(linear))


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
        used: chance of a blunder that each figure was read with, given the others of its breath, (m,).
        gap, pull, blocks, linear, system: what the quantities hang on, for whoever goes on from here.
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
    gap: Array = field(repr=False)
    pull: Array = field(repr=False)
    used: Array = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)
    linear: tuple[Linear, ...] = field(repr=False)
    system: System = field(repr=False)

    @property
    def spreads(self) -> Array:
        """Learnt spread of each source, in the order of `Sources.names`."""
        return self.sites.spreads

    @property
    def unrest(self) -> float:
        """By how much, in nats, the evidence may be off since some factors would still move: it is right to first order."""
        return float(0.5 * ((self.tilted.mean - self.mean) ** 2 / self.tilted.variance).sum())

    def lean(self) -> Fit:
        """The same to draw from and to begin at, in a third of the memory."""
        linear = tuple(replace(one, about=one.about.lean()) for one in self.linear)
        return replace(self, linear=linear, system=self.system.lean())

    def told(self) -> list[tuple[Array, Array]]:
        """What each account's figures say of the whitened coverages: weighted, (q,), and precision, (q, q)."""
        return [
            (block.through.T @ self.gap[mine.rows], block.shared)
            for mine, block in zip(self.blocks, self.system.blocks, strict=True)
        ]

    def alone(self, number: int, problem: Problem) -> Fit:
        """One account's part of it, as a fit of that account's own problem."""
        rows = self.blocks[number].rows
        tilted = Tilted(*(getattr(self.tilted, name)[rows] for name in Tilted.__slots__))
        arrays = {name: getattr(self, name)[rows] for name in _OF_ROWS}
        sources, block = problem.sources, self.system.blocks[number]
        arrays["gap"] = arrays["gap"] - sources.coverage @ sources.known()[0]
        return replace(
            self,
            **arrays,
            unknowns=(self.unknowns[number],),
            sites=self.sites.part(rows),
            tilted=tilted,
            blocks=problem.blocks,
            linear=(self.linear[number],),
            system=System([block], [problem.blocks[0].rows], sources.coverage, sources.known()[1]),
        )


_OF_ROWS = (
    "site_mean", "site_variance", "left_out_mean", "left_out_variance", "mean", "variance", "gap", "pull", "used",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Swept:
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
    together: float


def fit(
    problem: Problem,
    start: Fit | None = None,
    *,
    rounds: int = _OUTER,
    moved: Mapping[int, Array] | None = None,
    begin: Begin | None = None,
    soft: float = SOFT,
    learn: bool = True,
) -> Fit:
    """The posterior of the unknowns given the figures.

    Args:
        problem: what is to be fitted.
        start: an earlier fit of the same figures under other constants, to start from.
        rounds: linearisations at most.
        moved: where to begin in blocks whose account is another than in `start`.
        begin: unknowns and sites to begin with where there is no start.
        soft: standard deviation that is added to all figures at first, without a start.
        learn: whether the spreads of the sources are learnt; else they stay as they were at the start.
    """
    before = None
    if begin is not None:
        linear, sites, soft = _linearise(problem, begin.unknowns, begin.linear), begin.sites.rested(), 0.0
    elif start is None:
        linear = _linearise(problem, [np.zeros(block.size) for block in problem.blocks])
        sites = _first_sites(problem, linear, soft)
    else:
        linear = _begun(problem, start, moved or {})
        sites, before, soft = start.sites.rested(), _known(start), 0.0
    settled = calm = False
    hard = 0  # rounds in which figures were not softened
    moves = np.full(len(problem.blocks), np.inf)
    for outer in range(1, rounds + 1):
        most = _FAR_SWEEPS if _FAR < moves.max() < np.inf else _SWEEPS
        before = swept = _sweep(problem, linear, sites, before, soft=soft, most=most)
        sites = swept.sites
        if settled or outer == rounds:
            break
        unknowns, moves, before_moves = *_step(problem, swept), moves
        soft = soft * _HARDEN if soft > 1e-3 else 0.0
        hard += not soft
        if not learn:
            calm = True
        elif not soft and outer <= _LEARNING:
            spreads = np.sqrt(sites.spreads * _learn_spreads(problem, swept))
            calm = bool(np.allclose(sites.spreads, spreads, rtol=0.05)) and outer > 1
            sites = replace(sites, spreads=spreads)
        settled = not soft and (calm or outer > _LEARNING) and bool(moves.max() < _RESTED)
        slow = (moves > _SLOW * before_moves) & (0 < hard <= _ANEW)
        linear = _linearise(problem, unknowns, linear, slow)
        if settled:
            far = np.array([np.abs(one.unknowns - one.at).max(initial=0) > _FAR for one in linear])
            if far.any():
                linear, settled = _linearise(problem, unknowns, linear, far), False
    return _fit_of(problem, swept, outer, settled)


def look(
    problem: Problem, start: Fit, *, moved: Mapping[int, Array] | None = None, sweeps: int = LOOK_SWEEPS
) -> Fit:
    """A fit that is linearised once at most: near enough to rank hypotheses, to be settled by `fit`.

    Args:
        problem: the figures of `start` under other constants.
        start: an earlier fit.
        moved: where to linearise blocks whose account is another than in `start`; the others keep
            their linearisation.
        sweeps: over the sites, at most; with none, the evidence is that of the sites as they were, which
            is right to first order (Seeger 2005).
    """
    linear = list(start.linear)
    for number, z in (moved or {}).items():
        linear[number] = _linear(problem, number, z, None)
    swept = _sweep(
        problem, tuple(linear), start.sites.rested(), _known(start),
        soft=0.0, most=sweeps, enough=_LOOK_SETTLED,
    )  # fmt: skip
    return _fit_of(problem, swept, 1, False)


def _known(start: Fit) -> _Swept:
    """An earlier fit, as what a sweep goes on from."""
    return _Swept(
        start.linear, start.sites, start.system, start.site_mean, start.site_variance, start.gap,
        start.pull, (start.left_out_mean, start.left_out_variance), start.tilted, start.used, 0.0,
    )  # fmt: skip


def _begun(problem: Problem, start: Fit, moved: Mapping[int, Array]) -> tuple[Linear, ...]:
    """Where a fit begins that goes on from another."""
    return tuple(
        _linear(problem, number, moved[number], None)
        if number in moved
        else _linear(problem, number, start.unknowns[number], one)
        for number, one in enumerate(start.linear)
    )


def _sweep(
    problem: Problem,
    linear: tuple[Linear, ...],
    sites: Sites,
    before: _Swept | None,
    *,
    soft: float,
    most: int = _SWEEPS,
    enough: float = _SETTLED,
) -> _Swept:
    """Sites fitted to a linearised problem, some sweeps over those that still move."""
    sweeps, enough = (_SOFT_SWEEPS, _SOFT_SETTLED) if soft else (most, enough)
    offset = _offset(problem, linear)
    beliefs = _Beliefs(problem, spread_of(problem.sources, sites.spreads) + soft, before)
    known = before.system if before is not None else None
    restless = np.zeros(len(offset), dtype=bool)
    for sweep in range(sweeps + 1):
        variance = 1 / sites.precision
        mean = sites.weighted * variance
        known = system = _system(problem, linear, variance, known)
        pull = system.solve(mean - offset)
        beliefs.update(system, mean, variance, pull)
        change = beliefs.change(mean - variance * pull)
        moving = np.flatnonzero((np.abs(change) >= enough) & ~restless)
        if sweep == sweeps or not len(moving):
            break
        if len(moving) <= _FEW and not soft:
            sites, restless[moving] = beliefs.together(sites, moving, system, mean, pull, enough)
        else:
            sites = _moved(sites, beliefs.tilted, beliefs.left_out, change, np.abs(change) >= _STILL * enough)
    together = log_prior(problem.figures, beliefs.used, beliefs.tilted.blunder, problem.priors)
    return _Swept(
        linear, sites, system, mean, variance, mean - offset, pull,
        beliefs.left_out, beliefs.tilted, beliefs.used, together,
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

    def __init__(self, problem: Problem, spread: Array, before: _Swept | None) -> None:
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
        cavity = _cavity(mean, variance, pull, system.inverse_diagonal())
        little = _STILL * _SETTLED
        moved = np.abs(cavity[0] - self.left_out[0]) > little * np.sqrt(cavity[1])
        moved |= np.abs(cavity[1] - self.left_out[1]) > little * cavity[1]
        moved |= np.abs(chance - self.used) > little
        moved |= ~self._told
        rows = np.flatnonzero(moved)
        cavity = cavity[0][rows], cavity[1][rows]
        self._told[rows], self.used[rows] = True, chance[rows]
        told = self._tilted(rows, *cavity)
        for whole, part in zip(self.left_out, cavity, strict=True):
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

        The covariance of a few quantities given all others is small, so that many steps cost next to
        nothing. Two figures of one day that clash may turn about each other for ever: they are left
        where they were on the average of the later half, and are in doubt (see `weighing`).
        """
        joint = np.linalg.inv(system.inverse_of(rows))
        centre = mean[rows] - joint @ pull[rows]
        kernel = joint - np.diag(1 / sites.precision[rows])
        part = sites.part(rows)
        figures = self._problem.figures.rows(rows, self.used[rows])
        told = Told(figures, self._spread[rows], self._problem.priors)
        every = np.ones(len(rows), dtype=bool)
        precision, weighted = np.zeros((2, len(rows)))
        for step in range(_STEPS):
            variance = 1 / part.precision
            mean = part.weighted * variance
            inverse = np.linalg.inv(kernel + np.diag(variance))
            diagonal = np.diag(inverse)
            if not (diagonal > 0).all():
                return sites, np.ones(len(rows), dtype=bool)
            pull = inverse @ (mean - centre)
            left_out = _cavity(mean, variance, pull, diagonal)
            tilted = told.tilt(*left_out)
            change = (tilted.mean - (mean - variance * pull)) / np.sqrt(tilted.variance)
            if np.abs(change).max() < _STILL * enough:
                return sites.with_part(rows, part), np.zeros(len(rows), dtype=bool)
            part = _moved(part, tilted, left_out, change, every)
            if step >= _STEPS // 2:
                precision += part.precision
                weighted += part.weighted
        later, turning = _STEPS - _STEPS // 2, part.eager < _TIRED
        part = replace(
            part,
            precision=np.where(turning, precision / later, part.precision),
            weighted=np.where(turning, weighted / later, part.weighted),
        )
        return sites.with_part(rows, part), turning


def _precision(tilted: Tilted, left_out: Array) -> Array:
    """Precisions of the sites that bring beliefs of variances `left_out` to the tilted ones, none below nought."""
    least = np.maximum(_LEAST_PRECISION, _LEAST_SAID / left_out)
    precision: Array = np.clip(1 / tilted.variance - 1 / left_out, least, _MOST_PRECISION)
    return precision


def _moved(
    sites: Sites, tilted: Tilted, left_out: tuple[Array, Array], change: Array, which: NDArray[np.bool_]
) -> Sites:
    """Sites moved towards the moments of their tilted beliefs; some only."""
    # Figures that contradict each other can pull in turn; a hand that tires brings them to rest.
    turned = change * sites.last < 0
    eager = np.where(turned & which, 0.6 * sites.eager, sites.eager)
    wanted = _precision(tilted, left_out[1])
    wanted_weighted = wanted * tilted.mean + (tilted.mean - left_out[0]) / left_out[1]
    step = np.where(which, eager, 0.0)
    return replace(
        sites,
        precision=(1 - step) * sites.precision + step * wanted,
        weighted=(1 - step) * sites.weighted + step * wanted_weighted,
        eager=eager,
        last=np.where(which, change, sites.last),
    )


def _system(problem: Problem, linear: tuple[Linear, ...], variance: Array, before: System | None) -> System:
    """The factored covariance of what is said, going on from an earlier one where the kernels are its own."""

    def made(number: int) -> BlockSystem:
        rows, about = problem.blocks[number].rows, linear[number].about
        if before is not None and before.blocks[number].kernel is about.kernel:
            return before.blocks[number].changed(variance[rows])
        return BlockSystem.of(about.kernel, variance[rows], problem.sources.coverage[rows])

    blocks = side_by_side(made, range(len(problem.blocks)))
    rows = [block.rows for block in problem.blocks]
    return System(blocks, rows, problem.sources.coverage, problem.sources.known()[1])


def _step(problem: Problem, swept: _Swept) -> tuple[list[Array], Array]:
    """Move towards the mean of the linearised posterior, as far as the true sums agree.

    The step of a block is halved until its sites' misfit plus the prior's falls, so that a
    linearisation far from its mean cannot run away. Also gives how far each block moved, in prior
    standard deviations.
    """

    def stepped(number: int) -> tuple[Array, float]:
        block, one = problem.blocks[number], swept.linear[number]
        target = one.about.back(swept.pull[None, block.rows])[0]
        far = float(np.abs(target - one.unknowns).max(initial=0))
        if far < _RESTED:
            return target, far
        share = min(1.0, _LONGEST_STEP / far)
        loss = _Loss(block, problem.sources.known(), swept, swept.system.blocks[number])
        here = loss(one.unknowns)
        for _ in range(_HALVINGS):
            there = one.unknowns + share * (target - one.unknowns)
            if loss(there) < here:
                break
            share /= 2
        return there, share * far

    steps = side_by_side(stepped, range(len(problem.blocks)))
    return [z for z, _ in steps], np.array([far for _, far in steps])


class _Loss:
    """Twice the negative log posterior of one block under its sites, with the true sums."""

    def __init__(self, block: Block, known: tuple[Array, Array], swept: _Swept, system: BlockSystem) -> None:
        self._block, self._system, self._precision = block, system, known[1]
        self._mean = swept.mean[block.rows] - system.coverage @ known[0]

    def __call__(self, unknowns: Array) -> float:
        gap = self._mean - self._block.quantities.values(unknowns[None])[0]
        return float(self._system.misfit(gap[None], self._precision)[0]) + float(unknowns @ unknowns)


def _fit_of(problem: Problem, swept: _Swept, rounds: int, settled: bool) -> Fit:
    """The fit that some sites and a linearisation come to."""
    mean, variance = swept.mean, swept.variance
    diagonal = swept.system.inverse_diagonal()
    known, precision = problem.sources.known()
    return Fit(
        unknowns=tuple(
            one.about.back(swept.pull[None, block.rows])[0]
            for block, one in zip(problem.blocks, swept.linear, strict=True)
        ),
        coverages=known + np.linalg.solve(precision, problem.sources.coverage.T @ swept.pull),
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
        gap=swept.gap,
        pull=swept.pull,
        used=swept.used,
        blocks=problem.blocks,
        linear=swept.linear,
        system=swept.system,
    )


def _first_sites(problem: Problem, linear: tuple[Linear, ...], soft: float) -> Sites:
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
    precision = _precision(tilted, variance)
    weighted = precision * tilted.mean + (tilted.mean - mean) / variance
    return Sites(precision, weighted, spreads, np.full(len(figures), _EAGER), np.zeros(len(figures)))


def _linearise(
    problem: Problem,
    unknowns: Sequence[Array],
    before: Sequence[Linear | None] | None = None,
    anew: NDArray[np.bool_] | None = None,
) -> tuple[Linear, ...]:
    """The quantities as linear functions of the unknowns; in some blocks whatever there was before."""

    def made(number: int) -> Linear:
        keep = None if before is None or (anew is not None and anew[number]) else before[number]
        return _linear(problem, number, unknowns[number], keep)

    return tuple(side_by_side(made, range(len(problem.blocks))))


def _linear(problem: Problem, number: int, z: Array, before: Linear | None) -> Linear:
    """One block linearised.

    Where the counts have hardly moved since `before`, its derivatives still hold and only the
    offset is made anew.
    """
    quantities = problem.blocks[number].quantities
    if before is not None and before.about.strayed(z) < _STALE:
        return Linear(
            z, quantities.values(z[None])[0] - before.about.forward(z[None])[0], before.about, before.at
        )
    about = quantities.about(z)
    return Linear(z, about.value - about.forward(z[None])[0], about, z)


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


def spread_of(sources: Sources, spreads: Array) -> Array:
    """Each figure's spread, learnt or fixed, (m,)."""
    return np.where(sources.group >= 0, np.append(spreads, 0.0)[sources.group], sources.fixed)


def _learn_spreads(problem: Problem, swept: _Swept) -> Array:
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


def _log_prior_of_spreads(spreads: Array, priors: Priors) -> float:
    """So that a hypothesis cannot win by making its sources careless."""
    return float(-0.5 * ((np.log(spreads / priors.spread) / priors.spread_sd) ** 2).sum())


def _evidence(swept: _Swept) -> float:
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
        + swept.together
    )

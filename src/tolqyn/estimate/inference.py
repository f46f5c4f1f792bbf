"""From figures to a posterior: sites and linearisations in turn, until nothing moves.

Pure. Between sweeps over the sites (see `sites`) the quantities are linearised anew about the current mean. All linear
algebra is m x m, m the number of statements of one account. Accounts are blocks; sources that they share enter as
a low-rank term (Woodbury). Leave-one-out beliefs are the sites' cavities and cost nothing more. Why not the sparse augmented
system: docs/decisions/0005-statement-space.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.jointly import EAGER, LEAST_PRECISION
from tolqyn.estimate.likelihood import Tilted
from tolqyn.estimate.problem import Block, Linear, Problem, linear_about, linearised
from tolqyn.estimate.sites import (
    Sites,
    Swept,
    evidence,
    first_sites,
    learnt_spreads,
    log_prior_of_spreads,
    sweep,
)
from tolqyn.estimate.system import BlockSystem, System

__all__ = ["LOOK_SWEEPS", "Begin", "Fit", "begin_from", "fit", "look"]

Array = NDArray[np.float64]

_OUTER = 30  # linearisations at most
# Sweeps over the sites between two linearisations, while figures are read softly, while the unknowns are far, and then.
_SOFT_SWEEPS, _FAR_SWEEPS, _SWEEPS = 1, 2, 12
LOOK_SWEEPS = 12  # of a look
# Sites of a look may still move their quantities by this share of a standard deviation: evidence does not change to
# first order when sites do (Seeger 2005).
_LOOK_SETTLED = 0.05
# Figures are read softly at first, then harder: which of two that clash is believed should
# not hang on where the solver happened to start.
_SOFT, _HARDEN = 0.3, 0.4
_RESTED = 0.05  # and the unknowns by this share of a prior one
_FAR = 0.3  # a move of the unknowns by more than this share is far
# Where a move is longer than this share of the one before, all is linearised anew; so many times, since what circles stays so.
_SLOW, _ANEW = 0.5, 6
_NEAR, _LEADING = (
    1.0,
    5.0,
)  # moves below which the last two lead on together, and by how many times the last at most
_BACK, _ON = (
    0.5,
    1.2,
)  # the share of a move that is taken changes so where it turns back, or goes on
_LONGEST_STEP = 4.0  # of the unknowns, in prior standard deviations, between linearisations
_HALVINGS = 5  # of that step, where the true sums do not follow
_LEARNING = 8  # linearisations after which the spreads stay as they are
_HOPED = 3  # and after which a fit that is far too unlikely is given up


@dataclass(frozen=True, slots=True)
class Begin:
    """What is known of a fit before it is made: of each block unknowns, and linearisation and system that may still hold; and sites."""

    unknowns: tuple[Array, ...]
    sites: Sites
    linear: tuple[Linear | None, ...]
    systems: tuple[BlockSystem | None, ...]


def begin_from(
    problem: Problem,
    start: Fit,
    unknowns: Sequence[Array],
    at: Sequence[Array | None],
    known: Mapping[int, int],
    spreads: Array,
    places: Sequence[int | None] = (0,),
) -> Begin:
    """A beginning from an earlier fit of almost the same figures.

    Args:
        problem: what is to be fitted.
        start: the earlier fit.
        unknowns: of each block.
        at: where each block was linearised, so that it may be there again; None where nothing of it has changed.
        known: row of the problem -> row of the earlier fit, for the figures that were there.
        spreads: of the problem's sources.
        places: which block each was in the earlier fit; None where it is to be linearised at its unknowns.
    """
    m = len(problem.figures)
    precision, weighted = np.full(m, LEAST_PRECISION), np.zeros(m)
    rows, then = np.array([*known], dtype=np.intp), np.array([*known.values()], dtype=np.intp)
    precision[rows], weighted[rows] = start.sites.precision[then], start.sites.weighted[then]
    circled = np.full(m, np.nan)
    circled[rows] = start.sites.circled[then]
    sites = Sites(precision, weighted, spreads, np.full(m, EAGER), np.zeros(m), circled)

    def begun(number: int) -> tuple[Linear | None, BlockSystem | None]:
        place, z = places[number], at[number]
        if place is None:
            return None, None
        before, system = start.linear[place], start.system.blocks[place]
        if z is None:
            return before, system
        block = problem.blocks[number]
        mine = np.flatnonzero(np.isin(block.rows, rows))
        then_rows = [known[row] for row in block.rows[mine].tolist()]
        there = np.searchsorted(start.blocks[place].rows, then_rows)
        about, held = block.quantities.resumed(z, before.about, (mine, there))
        linear = linear_about(problem, number, unknowns[number], Linear(z, about.value, about, z))
        if linear.about is not about or not len(held[0]):
            return linear, None
        variance, coverage = 1 / precision[block.rows], problem.sources.coverage[block.rows]
        return linear, system.grown(about.kernel, variance, coverage, *held)

    linear, systems = zip(*map(begun, range(len(problem.blocks))), strict=True)
    return Begin(tuple(unknowns), sites, linear, systems)


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


def fit(
    problem: Problem,
    start: Fit | None = None,
    *,
    rounds: int = _OUTER,
    moved: Mapping[int, Array] | None = None,
    begin: Begin | None = None,
    learn: bool = True,
    least: float = -np.inf,
    again: bool = False,
) -> Fit:
    """The posterior of the unknowns given the figures.

    Args:
        problem: what is to be fitted.
        start: an earlier fit of the same figures under other constants, to start from.
        rounds: linearisations at most.
        moved: where to begin in blocks whose account is another than in `start`.
        begin: unknowns and sites to begin with where there is no start.
        learn: whether the spreads of the sources are learnt; else they stay as they were at the start.
        least: log evidence below which it is left unsettled: it hardly changes once figures are not softened.
        again: whether `begin` is a fit of almost the same figures, so that sites are near and linearisations hold.
    """
    before = None
    if begin is not None:
        linear, sites, soft = linearised(problem, begin.unknowns, begin.linear), begin.sites.rested(), 0.0
    elif start is None:
        linear = linearised(problem, [np.zeros(block.size) for block in problem.blocks])
        sites, soft = first_sites(problem, linear, _SOFT), _SOFT
    else:
        linear = _begun(problem, start, moved or {})
        sites, before, soft = start.sites.rested(), _known(start), 0.0
    settled = calm = False
    hard = 0  # rounds in which figures were not softened
    moves = np.full(len(problem.blocks), np.inf)
    steps: list[_Step] | None = None
    for outer in range(1, rounds + 1):
        most = _SOFT_SWEEPS if soft else _FAR_SWEEPS if _FAR < moves.max() < np.inf else _SWEEPS
        before = swept = sweep(
            problem,
            linear,
            sites,
            before,
            soft=soft,
            most=most,
            systems=None if begin is None else begin.systems,
        )
        sites = swept.sites
        if settled or outer == rounds or (hard >= _HOPED and evidence(swept) < least):
            break
        steps = _steps(problem, swept, None if soft else steps)
        unknowns, before_moves = [one.end for one in steps], moves
        moves = np.array([one.far for one in steps])
        soft = soft * _HARDEN if soft > 1e-3 else 0.0
        hard += not soft
        if not learn:
            calm = True
        elif not soft and not calm and outer <= _LEARNING:
            spreads = np.sqrt(sites.spreads * learnt_spreads(problem, swept))
            calm = bool(np.allclose(sites.spreads, spreads, rtol=0.05)) and outer > 1
            # What hardly changes is left: every other spread stirs the sites of all that its source said.
            if not calm:
                sites = replace(sites, spreads=spreads)
        settled = not soft and (calm or outer > _LEARNING) and bool(moves.max() < _RESTED)
        slow = (moves > _SLOW * before_moves) & (0 < hard <= _ANEW and not again)
        linear = linearised(problem, unknowns, linear, slow)
        if settled:
            far = np.array([np.abs(one.unknowns - one.at).max(initial=0) > _FAR for one in linear])
            if far.any():
                linear, settled = linearised(problem, unknowns, linear, far), False
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
        linear[number] = linear_about(problem, number, z, None)
    swept = sweep(
        problem, tuple(linear), start.sites.rested(), _known(start),
        soft=0.0, most=sweeps, enough=_LOOK_SETTLED,
    )  # fmt: skip
    return _fit_of(problem, swept, 1, False)


def _known(start: Fit) -> Swept:
    """An earlier fit, as what a sweep goes on from."""
    return Swept(
        start.linear, start.sites, start.system, start.site_mean, start.site_variance, start.gap,
        start.pull, (start.left_out_mean, start.left_out_variance), start.tilted, start.used, 0.0,
    )  # fmt: skip


def _begun(problem: Problem, start: Fit, moved: Mapping[int, Array]) -> tuple[Linear, ...]:
    """Where a fit begins that goes on from another."""
    return tuple(
        linear_about(problem, number, moved[number], None)
        if number in moved
        else linear_about(problem, number, start.unknowns[number], one)
        for number, one in enumerate(start.linear)
    )


class _Step(NamedTuple):
    """One block's move.

    Attributes:
        start, wanted, end: from where, by how much its linear model would have it, and to where.
        far: how far it wanted, in prior standard deviations; less where the true sums did not follow.
        eager: the share of what was wanted that was taken at most.
    """

    start: Array
    wanted: Array
    end: Array
    far: float
    eager: float = 1.0


def _steps(problem: Problem, swept: Swept, before: Sequence[_Step] | None) -> list[_Step]:
    """Moves towards the mean of the linearised posterior, as far as the true sums agree.

    Near the end a move that is hardly shorter than the one before goes where both lead together (Anderson 1965): the
    unknowns of the stay come to rest slowly. One that turns back is half as long as the one before: beliefs and unknowns
    may drive each other to and fro. It is halved until its sites' misfit plus the prior's falls, so that a linearisation far
    from its mean cannot run away.
    """

    def stepped(number: int) -> _Step:
        block, one = problem.blocks[number], swept.linear[number]
        wanted = one.about.back(swept.pull[None, block.rows])[0] - one.unknowns
        far = float(np.abs(wanted).max(initial=0))
        if far < _RESTED:
            return _Step(one.unknowns, wanted, one.unknowns + wanted, far)
        move, eager = wanted, 1.0
        if before is not None:
            eager = _eager(wanted, before[number])
            if eager == 1 and before[number].far < _NEAR and far > _SLOW * before[number].far:
                move = _led(wanted, one.unknowns, before[number])
        share = min(eager, _LONGEST_STEP / float(np.abs(move).max()))
        loss = _Loss(block, problem.sources.known(), swept, swept.system.blocks[number])
        here = loss(one.unknowns)
        for _ in range(_HALVINGS):
            if loss(one.unknowns + share * move) < here:
                break
            share /= 2
        return _Step(one.unknowns, wanted, one.unknowns + share * move, min(share / eager, 1.0) * far, eager)

    return [stepped(number) for number in range(len(problem.blocks))]


def _eager(wanted: Array, before: _Step) -> float:
    """The share of a move that is taken: half as much each time it turns back, then ever more (Riedmiller and Braun 1993)."""
    back = float(wanted @ before.wanted) < 0
    return before.eager * _BACK if back else min(before.eager * _ON, 1.0)


def _led(wanted: Array, unknowns: Array, before: _Step) -> Array:
    """Where two wanted moves lead: the combination of both at which nothing more would be wanted."""
    turn = wanted - before.wanted
    size = float(turn @ turn)
    share = float(wanted @ turn) / size if size else 0.0
    move: Array = wanted - share * (unknowns - before.start + turn)
    return move if np.abs(move).max() < _LEADING * np.abs(wanted).max() else wanted


class _Loss:
    """Twice the negative log posterior of one block under its sites, with the true sums."""

    def __init__(self, block: Block, known: tuple[Array, Array], swept: Swept, system: BlockSystem) -> None:
        self._block, self._system, self._precision = block, system, known[1]
        self._mean = swept.mean[block.rows] - system.coverage @ known[0]

    def __call__(self, unknowns: Array) -> float:
        gap = self._mean - self._block.quantities.values(unknowns[None])[0]
        return float(self._system.misfit(gap[None], self._precision)[0]) + float(unknowns @ unknowns)


def _fit_of(problem: Problem, swept: Swept, rounds: int, settled: bool) -> Fit:
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
        log_evidence=evidence(swept) + log_prior_of_spreads(swept.sites.spreads, problem.priors),
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

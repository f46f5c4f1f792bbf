"""Draws from a fitted posterior: randomised maximum likelihood in the space of statements.

Pure. Each draw perturbs prior and sites and solves again with the true, non-linear sums, so that a
sum that is known well is known well on every draw; exact where the sums are linear (Oliver, He and
Reynolds 1996). A draw is kept as its daily logs and never as its unknowns, which are more. The coverages of a draw are drawn first, from all accounts together; given them the
accounts are independent, and each is solved by itself. All draws of an account share its inverse and
each is a point of m numbers, the pull of its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.account import Logs, Streams
from tolqyn.estimate.inference import Fit
from tolqyn.estimate.problem import Problem

__all__ = ["Chances", "Sampler", "Solved", "told_apart"]

Array = NDArray[np.float64]
Single = NDArray[np.float32]
Indices = NDArray[np.intp]

_ARRIVED = 0.2  # a draw has arrived when a correction would move its unknowns no further, in prior sds
_AT_REST = 0.2  # nor its quantities, in posterior sds
_REFINEMENTS = 12  # of a draw, at most
_MEMORY = 5  # steps that tell where the next one leads
_ALIKE = 1e-8  # steps so much alike tell no more than one of them
_AT_ONCE = 2_700_000  # unknowns of draws that are solved together: more would not stay near the processor
_HELD = 20_000_000  # unknowns of draws that are held from when the coverages are drawn; beyond, they are made again
_RARE = 0.5  # chance of a blunder below which draws settle it one by one


@dataclass(frozen=True, slots=True)
class Chances:
    """What the draws of one block are made from: the same numbers give the same draws.

    Attributes:
        unknowns: standard normal, (count, size).
        normal: of the figures, (count, m). even: between 0 and 1, (count, m).
    """

    unknowns: Single
    normal: Single
    even: Single

    def rows(self, which: Indices) -> Chances:
        """Of some draws."""
        return Chances(self.unknowns[which], self.normal[which], self.even[which])


class Redrawn(NamedTuple):
    """Draws of one block that were refused, and what others were made from in their places."""

    rows: Indices
    chances: Chances

    @classmethod
    def none(cls, chances: Chances) -> Redrawn:
        """No draw of those that are made from some chances."""
        nobody = np.zeros(0, dtype=np.intp)
        return cls(nobody, chances.rows(nobody))

    def plus(self, rows: Indices, chances: Chances) -> Redrawn:
        """With some more, or some of them once more."""
        still = np.flatnonzero(~np.isin(self.rows, rows))
        mine = self.chances.rows(still)
        return Redrawn(
            np.concatenate([self.rows[still], rows]),
            Chances(
                np.concatenate([mine.unknowns, chances.unknowns]),
                np.concatenate([mine.normal, chances.normal]),
                np.concatenate([mine.even, chances.even]),
            ),
        )


@dataclass(frozen=True, slots=True)
class Solved:
    """Draws of one block.

    Attributes:
        streams: their counts.
        bent: how far the true sums of their figures are from linear ones, (count, m).
        arrived: which came to rest, (count,).
    """

    streams: Streams
    bent: Array
    arrived: NDArray[np.bool_]

    def rows(self, which: Indices) -> Solved:
        """Some of them."""
        return Solved(self.streams.rows(which), self.bent[which], self.arrived[which])

    def with_rows(self, which: Indices, part: Solved) -> Solved:
        """The same with some put in their places; the arrays are changed."""
        self.bent[which], self.arrived[which] = part.bent, part.arrived
        return replace(self, streams=self.streams.with_rows(which, part.streams))


class Sampler:
    """Draws from the posterior of a problem; each block takes one of some fits.

    Args:
        problem: its sources.
        fits: the alternatives of each block, each a fit of that block alone.
        choice: which of them each draw takes in each block, (count, block).
        begun: coverages from their prior, standard normal, (count, q).
        chances: of each block.
        near: of some blocks, how far the true sums of draws nearby are from linear ones, (count, m).
        kept: of blocks that are not to be drawn, what their figures say of the coverages, (count, q).

    Attributes:
        coverages: of each draw, (count, q).
        shared: what the figures of each block, perturbed, say of them beyond their prior, each (count, q).
    """

    def __init__(
        self,
        problem: Problem,
        fits: Sequence[Sequence[Fit]],
        choice: Indices,
        begun: Array,
        chances: Callable[[int], Chances],
        near: Mapping[int, Array] | None = None,
        kept: Mapping[int, Array] | None = None,
    ) -> None:
        self._problem, self._fits, self._choice, self._chances = problem, fits, choice, chances
        self._near, kept = near or {}, kept or {}
        drawn = [number for number in range(len(fits)) if number not in kept]
        held = len(begun) * sum(fits[number][0].blocks[0].size for number in drawn) <= _HELD
        self._parts: dict[int, _Part] = {}

        def told(number: int) -> Array:
            part = self._part(number)
            if held:
                self._parts[number] = part
            return part.shared(begun)

        shared = {number: told(number) for number in drawn} | dict(kept)
        self.shared = tuple(shared[number] for number in range(len(fits)))
        self.coverages: Array = begun + self._given_all(sum(self.shared, np.zeros(begun.shape)))

    def block(self, number: int, redrawn: Redrawn | None = None) -> Solved:
        """The draws of one block given the coverages; some from other chances than these were drawn with."""
        part = self._parts.pop(number, None) or self._part(number)
        if redrawn is not None and len(redrawn.rows):
            part.put(redrawn.rows, self._some(number, *redrawn))
        return part.solved(self.coverages, self._near.get(number))

    def again(self, number: int, which: Indices, chances: Chances) -> Solved:
        """Some of them drawn again from other chances; the coverages stay."""
        return self._some(number, which, chances).solved(self.coverages[which])

    def _part(self, number: int) -> _Part:
        choice = self._choice[:, number]
        return _Part(self._coverage(number), self._fits[number], choice, self._chances(number))

    def _some(self, number: int, which: Indices, chances: Chances) -> _Part:
        return _Part(self._coverage(number), self._fits[number], self._choice[which, number], chances)

    def _coverage(self, number: int) -> Array:
        """The part of one block's figures in the coverages, (m, q)."""
        return self._problem.sources.coverage[self._problem.blocks[number].rows]

    def _given_all(self, shared: Array) -> Array:
        """How far the figures move the coverages of each draw, (count, q)."""
        out = np.empty(shared.shape)
        combinations, which = np.unique(self._choice, axis=0, return_inverse=True)
        for number, combination in enumerate(combinations):
            mine = which.ravel() == number
            known = np.eye(shared.shape[1])
            for block, fit in enumerate(combination):
                known += self._fits[block][fit].system.blocks[0].shared
            out[mine] = np.linalg.solve(known, shared[mine].T).T
        return out


class _Part:
    """The draws of one block."""

    def __init__(self, coverage: Array, fits: Sequence[Fit], choice: Indices, chances: Chances) -> None:
        self._coverage = coverage
        self._said = np.empty(chances.normal.shape)
        self._linear = np.empty(chances.normal.shape)
        self._groups = []
        for n, fit in enumerate(fits):
            which = np.flatnonzero(choice == n)
            few = max(_AT_ONCE // fit.blocks[0].size, 1)
            for begin in range(0, len(which), few):
                mine = which[begin : begin + few]
                start = fit.blocks[0].quantities.logs(chances.unknowns[mine])
                self._groups.append((mine, fit, start))
                linear = fit.linear[0]
                noise = _noise(fit, chances.normal[mine], chances.even[mine])
                self._said[mine] = fit.site_mean + noise
                self._linear[mine] = linear.offset + linear.about.linear(start)

    def put(self, rows: Indices, part: _Part) -> None:
        """Some draws made otherwise, in the places of those that were there."""
        self._said[rows], self._linear[rows] = part._said, part._linear
        groups = []
        for mine, fit, start in self._groups:
            still = np.flatnonzero(~np.isin(mine, rows))
            groups.append((mine[still], fit, start.rows(still)))
        groups += [(rows[mine], fit, start) for mine, fit, start in part._groups]
        self._groups = [group for group in groups if len(group[0])]

    def shared(self, begun: Array) -> Array:
        """What the account's figures, perturbed, say of the coverages beyond the prior's own, (count, q)."""
        gap = self._said - self._linear - begun @ self._coverage.T
        out = np.empty(begun.shape)
        for which, fit, _ in self._groups:
            out[which] = gap[which] @ fit.system.blocks[0].through
        return out

    def solved(self, coverages: Array, near: Array | None = None) -> Solved:
        """The draws given the coverages (count, size); `near` as for the sampler."""
        said = self._said - coverages @ self._coverage.T
        made: Solved | None = None
        for which, fit, start in self._groups:
            bent = 0.0 if near is None else near[which]
            found = _refined(fit, start, said[which], said[which] - self._linear[which], bent)
            if len(which) == len(said):
                return found
            if made is None:
                made = found.rows(np.zeros(len(said), dtype=np.intp))
            made = made.with_rows(which, found)
        assert made is not None
        return made


def told_apart(fit: Fit) -> NDArray[np.bool_]:
    """Whose body and tail draws tell apart: figures whose blunder is unlikely and who say most of their quantity, (m,)."""
    gain = fit.left_out_variance / (fit.left_out_variance + fit.site_variance)
    apart: NDArray[np.bool_] = (fit.tilted.blunder < _RARE) & (gain > 0.5)
    return apart


def _noise(fit: Fit, normal: Single, even: Single) -> Array:
    """Perturbations of the sites, (count, m).

    A normal site that allows for a rare blunder is far wider than the figure deserves in most
    draws. Where a blunder is unlikely, each draw settles whether it is one, so that the quantity
    has the body and the tail of its true belief, not a normal of their joint variance.
    """
    told, site, left_out = fit.tilted, fit.site_variance, fit.left_out_variance
    gain = left_out / (left_out + site)
    apart = told_apart(fit)
    tail = even < told.blunder
    mean = np.where(tail, told.tail_mean, told.body_mean) - fit.mean
    # What the prior's own perturbation already brings to the quantity.
    brought = fit.variance**2 / left_out
    wanted = np.where(tail, told.tail_variance, told.body_variance) - brought
    settled = (mean + np.sqrt(np.maximum(wanted, 0)) * normal) / gain
    noise: Array = np.where(apart, settled, np.sqrt(site) * normal)
    return noise


@dataclass(frozen=True, slots=True)
class _Ahead:
    """Where some draws are, and where the linear model would have them go, each array one row a draw.

    Attributes:
        streams: their counts.
        pull, through: of their figures, and that times the prior covariance, (count, m).
        ahead, through_ahead: by how much both would change, (count, m).
        far: by how much the unknowns would move, (count,). move: how far they are from rest; 1 is near enough.
    """

    streams: Streams
    pull: Array
    through: Array
    ahead: Array
    through_ahead: Array
    far: Array
    move: Array

    def rows(self, which: Indices) -> _Ahead:
        """Some of them."""
        return _Ahead(
            self.streams.rows(which), self.pull[which], self.through[which], self.ahead[which],
            self.through_ahead[which], self.far[which], self.move[which],
        )  # fmt: skip

    def take(self, which: Indices, other: _Ahead, chosen: NDArray[np.bool_]) -> _Ahead:
        """The same with some draws of another in their places."""
        if len(which) == len(self.far):
            return other
        for name in ("pull", "through", "ahead", "through_ahead", "far", "move"):
            getattr(self, name)[which] = getattr(other, name)[chosen]
        return replace(self, streams=self.streams.with_rows(which, other.streams.rows(chosen)))


class _Memory:
    """The last steps of some draws, and how what lay ahead changed over each: they tell where the next one leads.

    Anderson (1965). Lengths are those of the unknowns: a pull times what it comes to.

    Args:
        shape: (count, m).
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._made = 0
        self._steps, self._turns = np.zeros((2, _MEMORY, 2, *shape))

    def beyond(self, which: Indices, ahead: Array) -> Array:
        """What to add to a step (2, which, m) that goes where the linear model leads."""
        known = min(self._made, _MEMORY)
        if not known:
            return np.zeros_like(ahead)
        turns = self._turns[:known, :, which]
        pulls, through = turns[:, 0].transpose(1, 0, 2), turns[:, 1].transpose(1, 2, 0)
        alike = pulls @ through
        alike += (_ALIKE * np.trace(alike, axis1=1, axis2=2) + 1e-300)[:, None, None] * np.eye(known)
        shares = np.linalg.solve(alike, pulls @ ahead[1][:, :, None])[..., 0]
        turns += self._steps[:known, :, which]
        return np.asarray(-np.einsum("nk,kanm->anm", shares, turns))

    def keep(self, which: Indices, step: Array, turn: Array) -> None:
        """Steps that were made, (2, which, m)."""
        place = self._made % _MEMORY
        self._made += 1
        self._steps[place], self._turns[place] = 0.0, 0.0
        self._steps[place][:, which], self._turns[place][:, which] = step, turn

    def forget(self, which: Indices) -> None:
        """Draws whose steps led nowhere."""
        self._turns[:, :, which] = 0.0
        self._steps[:, :, which] = 0.0


def _refined(fit: Fit, start: Logs, said: Array, gap: Array, bent: Array | float) -> Solved:
    """Draws solved with the true sums, from the solution of linear ones.

    Each step solves the linear model for what the true sums leave, and the last few tell where it leads beyond that. A step
    after which more is left than before is not taken but made shorter.

    Args:
        fit: of one block.
        start: logs of the prior.
        said: figures, perturbed, (count, m).
        gap: said less the linear quantities at the start, (count, m).
        bent: a guess of how far the true sums are from linear ones, (count, m).
    """
    quantities, about = fit.blocks[0].quantities, fit.linear[0].about
    system = fit.system.blocks[0]
    variance = system.variance
    per_sd = 1 / np.sqrt(np.maximum(variance - variance**2 * system.diagonal, 1e-15))

    def reached(start: Logs, said: Array, pull: Array, through: Array) -> _Ahead:
        streams = quantities.counts(about.moved(pull).add(start))
        right = said - quantities.of(streams)
        right += through
        ahead = system.solve(right.T).T
        through_ahead = right - ahead * variance
        ahead -= pull
        through_ahead -= through
        far = np.sqrt(np.maximum(np.einsum("nm,nm->n", ahead, through_ahead), 0))
        # Not at rest, if the unknowns or any quantity would still move.
        moves = through_ahead * per_sd
        move = np.maximum(far / _ARRIVED, np.maximum(moves.max(axis=1), -moves.min(axis=1)) / _AT_REST)
        return _Ahead(streams, pull, through, ahead, through_ahead, far, move)

    pull = system.solve((gap - bent).T).T
    here = reached(start, said, pull, gap - bent - pull * variance)
    rest = np.flatnonzero(here.move > 1)
    if len(rest):
        found = _sought(reached, start.rows(rest), said[rest], here.rows(rest))
        here = here.take(rest, found, np.ones(len(rest), dtype=np.bool_))
    return Solved(here.streams, gap - here.through - here.pull * variance, here.move <= 1)


def _sought(
    reached: Callable[[Logs, Array, Array, Array], _Ahead], start: Logs, said: Array, here: _Ahead
) -> _Ahead:
    """Draws led to where they rest, as far as that is found."""
    active = np.arange(len(said))
    pace, memory = np.ones(len(said)), _Memory(said.shape)
    for _ in range(_REFINEMENTS):
        active = active[here.move[active] > 1]
        if not len(active):
            break
        ahead = np.stack([here.ahead[active], here.through_ahead[active]])
        step = pace[active, None] * (ahead + memory.beyond(active, ahead))
        there = reached(
            start.rows(active), said[active], here.pull[active] + step[0], here.through[active] + step[1]
        )
        nearer = there.far < here.far[active]
        pace[active] = np.where(nearer, np.minimum(1.0, 1.5 * pace[active]), 0.4 * pace[active])
        chosen = active[nearer]
        turn = np.stack([there.ahead, there.through_ahead]) - ahead
        memory.keep(chosen, step[:, nearer], turn[:, nearer])
        memory.forget(active[~nearer])
        here = here.take(chosen, there, nearer)
    return here

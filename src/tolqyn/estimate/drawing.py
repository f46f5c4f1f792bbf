"""Draws from a fitted posterior: randomised maximum likelihood in the space of statements.

Pure. Each draw perturbs prior and sites and solves again with the true, non-linear sums, so that a
sum that is known well is known well on every draw; exact where the sums are linear (Oliver, He and
Reynolds 1996). The coverages of a draw are drawn first, from all accounts together; given them the
accounts are independent, and each is solved by itself. All draws of an account share its inverse and
each is a point of m numbers, the pull of its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.inference import Fit, Problem
from tolqyn.estimate.side_by_side import side_by_side

__all__ = ["Chances", "Sampler"]

Array = NDArray[np.float64]
Single = NDArray[np.float32]
Indices = NDArray[np.intp]

_ARRIVED = 0.2  # a draw has arrived when a correction would move its unknowns no further, in prior sds
_AT_REST = 0.1  # nor its quantities, in posterior sds
_REFINEMENTS = 10  # of a draw, at most
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


class Sampler:
    """Draws from the posterior of a problem; each block takes one of some fits.

    Args:
        problem: its sources.
        fits: the alternatives of each block, each a fit of that block alone.
        choice: which of them each draw takes in each block, (count, block).
        begun: coverages from their prior, standard normal, (count, q).
        chances: of each block.

    Attributes:
        coverages: of each draw, (count, q).
    """

    def __init__(
        self,
        problem: Problem,
        fits: Sequence[Sequence[Fit]],
        choice: Indices,
        begun: Array,
        chances: Callable[[int], Chances],
    ) -> None:
        self._problem, self._fits, self._choice = problem, fits, choice
        self._parts = side_by_side(
            lambda number: _Part(self._coverage(number), fits[number], choice[:, number], chances(number)),
            range(len(fits)),
        )
        shared = np.zeros(begun.shape)
        for part in self._parts:
            shared += part.shared(begun)
        self.coverages: Array = begun + self._given_all(shared)

    def block(self, number: int) -> tuple[Array, NDArray[np.bool_]]:
        """The draws of one block's unknowns given the coverages, (count, size), and which arrived."""
        return self._parts[number].solved(self.coverages)

    def again(self, number: int, which: Indices, chances: Chances) -> tuple[Array, NDArray[np.bool_]]:
        """Some of them drawn again from other chances, (which, size); the coverages stay."""
        choice = self._choice[which, number]
        part = _Part(self._coverage(number), self._fits[number], choice, chances)
        return part.solved(self.coverages[which])

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
        self._start = chances.unknowns
        self._groups = [
            (np.flatnonzero(choice == n), fit) for n, fit in enumerate(fits) if (choice == n).any()
        ]
        self._said = np.empty(chances.normal.shape)
        self._linear = np.empty(chances.normal.shape)
        for which, fit in self._groups:
            linear = fit.linear[0]
            noise = _noise(fit, chances.normal[which], chances.even[which])
            self._said[which] = fit.site_mean + noise
            self._linear[which] = linear.offset + linear.about.forward(self._start[which])

    def shared(self, begun: Array) -> Array:
        """What the account's figures, perturbed, say of the coverages beyond the prior's own, (count, q)."""
        gap = self._said - self._linear - begun @ self._coverage.T
        out = np.empty(begun.shape)
        for which, fit in self._groups:
            out[which] = gap[which] @ fit.system.blocks[0].through
        return out

    def solved(self, coverages: Array) -> tuple[Array, NDArray[np.bool_]]:
        """Its unknowns given the coverages (count, size), and which draws arrived."""
        said = self._said - coverages @ self._coverage.T
        unknowns = np.empty((self._start.shape[1], len(said))).T
        arrived = np.empty(len(said), dtype=bool)
        for which, fit in self._groups:
            system = fit.system.blocks[0]
            unknowns[which], arrived[which] = _refined(
                fit.blocks[0].quantities.values,
                fit.linear[0].about.back,
                system.inverse,
                system.variance,
                self._start[which],
                said[which],
                said[which] - self._linear[which],
            )
        return unknowns, arrived


def _noise(fit: Fit, normal: Single, even: Single) -> Array:
    """Perturbations of the sites, (count, m).

    A normal site that allows for a rare blunder is far wider than the figure deserves in most
    draws. Where a blunder is unlikely, each draw settles whether it is one, so that the quantity
    has the body and the tail of its true belief, not a normal of their joint variance.
    """
    told, site, left_out = fit.tilted, fit.site_variance, fit.left_out_variance
    gain = left_out / (left_out + site)
    apart = (told.blunder < _RARE) & (gain > 0.5)
    tail = even < told.blunder
    mean = np.where(tail, told.tail_mean, told.body_mean) - fit.mean
    # What the prior's own perturbation already brings to the quantity.
    brought = fit.variance**2 / left_out
    wanted = np.where(tail, told.tail_variance, told.body_variance) - brought
    settled = (mean + np.sqrt(np.maximum(wanted, 0)) * normal) / gain
    noise: Array = np.where(apart, settled, np.sqrt(site) * normal)
    return noise


def _refined(
    values: Callable[[Array], Array],
    back: Callable[[Array], Array],
    inverse: Array,
    variance: Array,
    start: Single,
    said: Array,
    gap: Array,
) -> tuple[Array, NDArray[np.bool_]]:
    """Draws solved with the true sums, from their linear solution; and which came to rest.

    Args:
        values: unknowns (count, size) to quantities (count, m).
        back: pulls (count, m) to unknowns.
        inverse: of the block's system, (m, m).
        variance: of its sites, (m,).
        start: unknowns of the prior, (count, size).
        said: figures, perturbed, (count, m).
        gap: said less the linear quantities at the start, (count, m).
    """

    def corrected(which: Indices, pull: Array, through: Array) -> tuple[Array, Array, Array, Array, Array]:
        """Unknowns, and where the linear model would go from here: pull, K pull, loss here, move."""
        unknowns = back(pull)
        unknowns += start[which]
        gap = said[which] - values(unknowns)
        right = gap + through
        goal = right @ inverse
        through_goal = right - goal * variance
        loss = (gap**2 / variance).sum(axis=1) + (pull * through).sum(axis=1)
        step = through_goal - through
        square = ((goal - pull) * step).sum(axis=1)
        # Far, if the unknowns or any quantity would still move.
        move = np.maximum(np.sqrt(np.maximum(square, 0)) / _ARRIVED, np.abs(step / sd).max(axis=1) / _AT_REST)
        return unknowns, goal, through_goal, loss, move

    sd = np.sqrt(np.maximum(variance - variance**2 * np.diag(inverse), 1e-15))
    active = np.arange(len(said))
    pull = gap @ inverse
    through = gap - pull * variance
    unknowns, goal, through_goal, loss, move = corrected(active, pull, through)
    pace = np.ones(len(said))
    for _ in range(_REFINEMENTS):
        active = active[move[active] > 1]
        if not len(active):
            break
        share = pace[active, None]
        tried = pull[active] + share * (goal[active] - pull[active])
        through_tried = through[active] + share * (through_goal[active] - through[active])
        found = corrected(active, tried, through_tried)
        better = found[3] < loss[active]
        pace[active] = np.where(better, np.minimum(1.0, 1.5 * pace[active]), 0.4 * pace[active])
        chosen = active[better]
        pull[chosen], through[chosen] = tried[better], through_tried[better]
        for whole, part in zip((unknowns, goal, through_goal, loss, move), found, strict=True):
            whole[chosen] = part[better]
    return unknowns, move <= 1

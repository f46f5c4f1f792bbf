"""Draws from a fitted posterior: randomised maximum likelihood in the space of statements.

Pure. Each draw perturbs prior and sites and solves again with the true, non-linear sums, so that a
sum that is known well is known well on every draw; exact where the sums are linear (Oliver, He and
Reynolds 1996). All draws share the fit's factor; each is a point of m numbers, the pull of its
figures, so that a correction costs one pass through the account and no solve of its size.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.inference import Fit, Problem

__all__ = ["sample"]

Array = NDArray[np.float64]

_ARRIVED = 0.2  # a draw has arrived when a correction would move its unknowns no further, in prior sds
_REFINEMENTS = 10  # of a draw, at most
_RARE = 0.5  # chance of a blunder below which draws settle it one by one


def sample(
    problem: Problem, fitted: Fit, count: int, rng: np.random.Generator
) -> tuple[list[Array], Array, NDArray[np.bool_]]:
    """Draws of each block's unknowns (count, size), of the coverages (count, q), and which of them arrived."""
    start = [rng.standard_normal((count, block.size)) for block in problem.blocks]
    coverages = rng.standard_normal((count, problem.sources.coverage.shape[1]))
    said = fitted.site_mean + _site_noise(fitted, count, rng)
    said -= coverages @ problem.sources.coverage.T
    linear = np.empty_like(said)
    for block, begin, jacobian in zip(problem.blocks, start, fitted.linear.jacobians, strict=True):
        linear[:, block.rows] = begin @ jacobian.T
    pull = fitted.system.solve((said - fitted.linear.offset - linear).T).T
    active = np.arange(count)
    goal, loss, move = _correct(problem, fitted, start, said, pull)
    pace = np.ones(count)
    for _ in range(_REFINEMENTS):
        active = active[move[active] > _ARRIVED]
        if not len(active):
            break
        tried = pull[active] + pace[active, None] * (goal[active] - pull[active])
        begun = [z[active] for z in start]
        next_goal, next_loss, next_move = _correct(problem, fitted, begun, said[active], tried)
        better = next_loss < loss[active]
        pace[active] = np.where(better, np.minimum(1.0, 1.5 * pace[active]), 0.4 * pace[active])
        chosen = active[better]
        pull[chosen], goal[chosen] = tried[better], next_goal[better]
        loss[chosen], move[chosen] = next_loss[better], next_move[better]
    unknowns = [
        begin + pull[:, block.rows] @ jacobian
        for block, begin, jacobian in zip(problem.blocks, start, fitted.linear.jacobians, strict=True)
    ]
    return unknowns, coverages + pull @ problem.sources.coverage, move <= _ARRIVED


def _correct(
    problem: Problem, fitted: Fit, start: list[Array], said: Array, pull: Array
) -> tuple[Array, Array, Array]:
    """Where the linearised model would go from each draw: its pull (count, m), the loss here and the move."""
    gap, through = said.copy(), np.empty_like(pull)
    for block, begin, jacobian, kernel in zip(
        problem.blocks, start, fitted.linear.jacobians, fitted.linear.kernels, strict=True
    ):
        mine = pull[:, block.rows]
        through[:, block.rows] = mine @ kernel
        gap[:, block.rows] -= block.quantities(begin + mine @ jacobian)
    goal = fitted.system.solve((gap + through).T).T
    loss = fitted.system.misfit(gap) + (pull * through).sum(axis=1)
    step = goal - pull
    square = np.zeros(len(step))
    for block, kernel in zip(problem.blocks, fitted.linear.kernels, strict=True):
        mine = step[:, block.rows]
        square += (mine * (mine @ kernel)).sum(axis=1)
    return goal, loss, np.sqrt(np.maximum(square, 0))


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

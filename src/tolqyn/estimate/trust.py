"""Whether the draws can be trusted: importance ratios of what the figures say against what the draws follow.

Pure. Each figure's quantity, as its source sees it, has an exact belief given all other figures: its cavity
times the true likelihood. Its draws follow the fit's normal forms of that, solved with the true sums. The
ratio of the two densities over the draws, its largest values smoothed by a generalised Pareto distribution
(Vehtari, Simpson, Gelman, Yao and Gabry 2024, Pareto smoothed importance sampling), gives k: above 0.7
the draws lack a tail that the figures allow. Figure by figure, since over hundreds of figures at once
ratios degenerate however good each of them is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.drawing import told_apart
from tolqyn.estimate.draws import Drawn
from tolqyn.estimate.likelihood import tilt
from tolqyn.estimate.mixture import Weighed
from tolqyn.estimate.model import Model
from tolqyn.estimate.posterior import Trust
from tolqyn.estimate.problem import spread_of

__all__ = ["smoothed", "trust"]

Array = NDArray[np.float64]

_MATTERS = 0.2  # of the draws: where so few are astray, a large k is of no account
_FEWEST = 100  # draws of a fit, below which nothing is said of it
_MOST = 400  # figures of an account that are looked at, evenly spread
_AT_ONCE = 16
_POINT = 1e-10  # a belief so narrow is a point: the likelihood there (see `density`)


def trust(model: Model, parts: Sequence[Sequence[Weighed]], drawn: Drawn) -> Trust:
    """The check of each account's likeliest fit, over the draws that were made from it."""
    found: list[tuple[_Checked, int]] = []
    for number, part in enumerate(parts):
        mine = np.flatnonzero(drawn.accounts[number].choice == 0)
        if len(mine) < _FEWEST:
            continue
        said = model.rows_of(number)
        said = np.flatnonzero(said < len(model.heard))
        chosen = said[np.unique(np.linspace(0, len(said) - 1, min(len(said), _MOST)).astype(int))]
        checked = _checked(part[0], number, drawn, mine, chosen)
        found += zip(checked, map(int, model.rows_of(number)[chosen]), strict=True)
    if not found:
        return Trust(None, None, None, (), 0)
    found.sort(key=lambda one: -one[0].astray)
    return Trust(
        max(one.k for one, _ in found),
        min(one.effective for one, _ in found),
        found[0][0].astray,
        tuple(
            model.heard[row].statement.id
            for one, row in found
            if one.k > Trust.LIMIT and one.astray > _MATTERS
        ),
        len(found),
    )


class _Checked(NamedTuple):
    """Of one figure; see `Trust`."""

    k: float
    effective: float
    astray: float


def _checked(
    best: Weighed, number: int, drawn: Drawn, mine: NDArray[np.intp], chosen: NDArray[np.intp]
) -> list[_Checked]:
    """Some figures of an account, over some draws."""
    fitted, problem = best.fitted, best.problem
    values = problem.blocks[0].quantities.of(drawn.streams[number].rows(mine)).T
    spread = spread_of(problem.sources, fitted.spreads)
    out = []
    for begin in range(0, len(chosen), _AT_ONCE):
        some = chosen[begin : begin + _AT_ONCE]
        at = values[some] + problem.sources.coverage[some] @ drawn.whitened[mine].T
        again = np.repeat(some, len(mine))
        figures = problem.figures.rows(again, fitted.used[again])
        told = tilt(figures, at.ravel(), np.full(at.size, _POINT), spread[again], problem.priors)
        cavity = _log_normal(at, fitted.left_out_mean[some], fitted.left_out_variance[some])
        exact = told.log_chance.reshape(at.shape) + cavity
        for ratios in exact - _log_drawn(best, some, at):
            k, weights = smoothed(ratios)
            astray = 0.5 * np.abs(weights - 1 / len(mine)).sum()
            out.append(_Checked(k, float(1 / (weights**2).sum() / len(mine)), float(astray)))
    return out


def _log_drawn(best: Weighed, some: NDArray[np.intp], at: Array) -> Array:
    """Log density that the draws of some figures' quantities follow."""
    fitted = best.fitted
    told = fitted.tilted
    plain = _log_normal(at, fitted.mean[some], fitted.variance[some])
    with np.errstate(divide="ignore", invalid="ignore"):  # where nothing is told apart
        body = np.log1p(-np.minimum(told.blunder[some], 1.0))[:, None] + _log_normal(
            at, told.body_mean[some], told.body_variance[some]
        )
        tail = np.log(told.blunder[some])[:, None] + _log_normal(
            at, told.tail_mean[some], told.tail_variance[some]
        )
        apart = np.logaddexp(body, tail)
    return np.where(told_apart(fitted)[some, None], apart, plain)


def _log_normal(at: Array, mean: Array, variance: Array) -> Array:
    """Log density of normals, one a row, up to a constant that all share."""
    out: Array = -0.5 * ((at - mean[:, None]) ** 2 / variance[:, None] + np.log(variance)[:, None])
    return out


def smoothed(log_ratios: Array) -> tuple[float, Array]:
    """Shape k of the largest importance ratios, and all of them smoothed, as weights that sum to one, (draw,).

    Args:
        log_ratios: up to a constant, (draw,).
    """
    count = len(log_ratios)
    order = np.argsort(log_ratios)
    ratios = np.exp(log_ratios[order] - log_ratios.max())
    many = int(min(count / 5, 3 * np.sqrt(count)))
    cut = ratios[-many - 1]
    beyond = ratios[-many:] - cut
    k = 0.0
    if beyond[0] > 1e-12 * cut:  # else all alike at the top
        k, scale = _pareto(beyond)
        chances = (np.arange(many) + 0.5) / many
        quantiles = scale * (-np.log1p(-chances) if abs(k) < 1e-6 else np.expm1(-k * np.log1p(-chances)) / k)
        ratios[-many:] = np.minimum(cut + quantiles, 1.0)
    weights = np.empty(count)
    weights[order] = ratios / ratios.sum()
    return k, weights


def _pareto(beyond: Array) -> tuple[float, float]:
    """Shape and scale of a generalised Pareto distribution (Zhang and Stephens 2009), the shape drawn to a half.

    Args:
        beyond: what is above the cut, in order, (n,).
    """
    n = len(beyond)
    quarter = beyond[int(n / 4 + 0.5) - 1]
    tries = 30 + int(np.sqrt(n))
    theta = 1 / beyond[-1] + (1 - np.sqrt(tries / (np.arange(tries) + 0.5))) / (3 * quarter)
    shape = np.log1p(-theta[:, None] * beyond).mean(axis=1)
    log_likelihood = n * (np.log(-theta / shape) - shape - 1)
    weights = np.exp(log_likelihood - log_likelihood.max())
    chosen = float((theta * weights).sum() / weights.sum())
    k = float(np.log1p(-chosen * beyond).mean())
    return (n * k + 5) / (n + 10), -k / chosen

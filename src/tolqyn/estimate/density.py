"""The log density of the posterior, as it stands: no expectation propagation, no linearisation.

Pure. It is built from the same accounts, quantities and likelihood as the fit and serves its referee,
a Hamiltonian Monte Carlo that knows nothing of the approximations (docs/concepts/studies.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.gates import unheard
from tolqyn.estimate.likelihood import tilt
from tolqyn.estimate.problem import Block, Problem

__all__ = ["LogDensity"]

Array = NDArray[np.float64]

# The likelihood of a figure at one value of its quantity is that under a belief as narrow as this,
# of which `tilt` gives the gradient too; next to the narrowest noise (0.07 %) it is nothing.
_POINT = 1e-10


class LogDensity:
    """Log density of all unknowns, up to a constant, and its gradient.

    The unknowns are those of each account, then the whitened log coverages of the sources, all
    standard normal beforehand. The spreads of the sources are given.

    Args:
        problem: accounts, figures, sources. A figure's blunder is summed over, not decided; what is heard only if
            others are blunders is heard as often as they are one beforehand.
        spreads: of each source, in the order of `problem.sources.names`.

    Attributes:
        size: number of unknowns.
    """

    def __init__(self, problem: Problem, spreads: Array) -> None:
        self.problem = problem.with_blocks(
            [Block(block.rows, block.quantities.exact()) for block in problem.blocks]
        )
        sources, figures = problem.sources, problem.figures
        self._figures = replace(figures, blunder=unheard(figures, figures.blunder))
        self.spread = np.where(sources.group >= 0, np.append(spreads, 0.0)[sources.group], sources.fixed)
        self._ends = np.cumsum([block.size for block in problem.blocks])
        self.size = int(self._ends[-1]) + sources.coverage.shape[1]

    def __call__(self, x: Array) -> tuple[float, Array]:
        """The log density at unknowns (size,), and its gradient (size,)."""
        *unknowns, coverages = self.split(x)
        stated = self.problem.sources.coverage @ coverages
        linear = [block.quantities.about(z) for block, z in zip(self.problem.blocks, unknowns, strict=True)]
        for block, about in zip(self.problem.blocks, linear, strict=True):
            stated[block.rows] += about.value
        narrow = np.full(len(stated), _POINT)
        tilted = tilt(self._figures, stated, narrow, self.spread, self.problem.priors)
        slope = (tilted.mean - stated) / _POINT
        gradient = [
            about.back(slope[None, block.rows])[0]
            for block, about in zip(self.problem.blocks, linear, strict=True)
        ]
        gradient.append(self.problem.sources.coverage.T @ slope)
        return float(tilted.log_chance.sum() - 0.5 * x @ x), np.concatenate(gradient) - x

    def split(self, x: Array) -> list[Array]:
        """Unknowns (..., size) of each account, and the coverages."""
        return np.split(x, self._ends, axis=-1)

    def joined(self, unknowns: Sequence[Array], coverages: Array) -> Array:
        """The other way round."""
        return np.concatenate([*unknowns, coverages], axis=-1)

    def slopes(self, x: Array) -> Array:
        """Derivatives of the quantities as stated, (m, size), at one point."""
        *unknowns, _ = self.split(x)
        coverage = self.problem.sources.coverage
        out = np.zeros((len(coverage), self.size))
        out[:, self._ends[-1] :] = coverage
        for block, z, end in zip(self.problem.blocks, unknowns, self._ends, strict=True):
            slopes = block.quantities.about(z).back(np.eye(len(block.rows)))
            out[np.ix_(block.rows, np.arange(end - block.size, end))] = slopes
        return out

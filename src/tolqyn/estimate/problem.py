"""What is to be fitted: accounts, figures and sources, and the quantities as linear functions about a point.

Pure. The unknowns are standard normal, so the prior covariance of the quantities of an account is J Jᵀ, their *kernel*,
and J is never formed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.account import Logs, Streams
from tolqyn.estimate.likelihood import Figures
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.tangent import STALE

__all__ = [
    "About",
    "Block",
    "Functions",
    "Linear",
    "Problem",
    "Rows",
    "Sources",
    "linear_about",
    "linearised",
    "spread_of",
]

Array = NDArray[np.float64]
Single = NDArray[np.float32]
Indices = NDArray[np.intp]
Rows = tuple[Indices, Indices]  # of figures now, and of the same figures then


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

    def strayed(self, streams: Streams) -> float:
        """How far other counts, a batch of one, lie from those at the point, as a log."""

    @property
    def log_chance_of_somebody(self) -> float:
        """Log chance that somebody came, or left, on each of the days that are stated alone."""

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

    def streams(self, z: Array) -> Streams:
        """The daily counts for unknowns (batch, size)."""

    def logs(self, z: Array | Single) -> Logs:
        """The daily logs for unknowns (batch, size)."""

    def counts(self, logs: Logs) -> Streams:
        """The daily counts for daily logs."""

    def of(self, streams: Streams) -> Array:
        """The quantities of daily counts, (batch, m)."""

    def about(self, z: Array) -> About:
        """The quantities linearised about unknowns (size,)."""

    def resumed(self, z: Array, before: Any, known: Rows) -> tuple[About, Rows]:
        """The same from an earlier one, some of whose quantities are those of now; and for which of them its kernel holds."""


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
class Linear:
    """One account's quantities about some unknowns: offset + J z.

    `about` may have been made a little way off, at the unknowns `at`; the offset is right for the unknowns.
    """

    unknowns: Array
    offset: Array
    about: About
    at: Array


def linearised(
    problem: Problem,
    unknowns: Sequence[Array],
    before: Sequence[Linear | None] | None = None,
    anew: NDArray[np.bool_] | None = None,
) -> tuple[Linear, ...]:
    """The quantities as linear functions of the unknowns; in some blocks whatever there was before."""

    def made(number: int) -> Linear:
        keep = None if before is None or (anew is not None and anew[number]) else before[number]
        return linear_about(problem, number, unknowns[number], keep)

    return tuple(made(number) for number in range(len(problem.blocks)))


def linear_about(problem: Problem, number: int, z: Array, before: Linear | None) -> Linear:
    """One block linearised.

    Where the counts have hardly moved since `before`, its derivatives still hold and only the
    offset is made anew.
    """
    quantities = problem.blocks[number].quantities
    if before is not None and before.unknowns is z:
        return before
    if before is not None:
        streams = quantities.streams(z[None])
        if before.about.strayed(streams) < STALE:
            offset = quantities.of(streams)[0] - before.about.forward(z[None])[0]
            return Linear(z, offset, before.about, before.at)
    about = quantities.about(z)
    return Linear(z, about.value - about.forward(z[None])[0], about, z)


def spread_of(sources: Sources, spreads: Array) -> Array:
    """Each figure's spread, learnt or fixed, (m,)."""
    return np.where(sources.group >= 0, np.append(spreads, 0.0)[sources.group], sources.fixed)

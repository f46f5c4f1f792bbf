"""The covariance of what is said, inverted: one matrix for each account, and what their sources share.

Pure. G = blockdiag(K_b + T_b) + U P⁻¹ Uᵀ, with K_b the prior covariance of an account's quantities, T_b
the variances of their sites, U the part of the sources' coverages and P what is known of those (Woodbury).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

__all__ = ["BlockSystem", "System"]

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

_FEW = 8  # one site in so many may have changed since all was factored
_WHOLE = 64  # rows of a triangle that is inverted in one
_LEAST_LEFT = 1e-3  # of a pivot; below it what has changed is not told by its rank without cancelling


class _Edge(NamedTuple):
    """Figures that came after a matrix was factored.

    Attributes:
        rows: which, (k,). within: their covariance given the others, without their own sites, (k, k).
        across: how they lean on the others, in the order of their root, (k, m - k).
        root, order, log_determinant: of the others.
    """

    rows: Indices
    within: Array
    across: Array
    root: Array
    order: Indices
    log_determinant: float


class _Whole:
    """K + T factored; some sites may have changed since.

    Its inverse is never made: it is the product of the transpose of a triangle and of that, which solve in the time that a
    product with the inverse takes.

    Args:
        root: of its inverse, a lower triangle, (m, m). order: which figure each of its columns is of, (m,).
        log_determinant: of K + T.
        variance: diagonal of T, (m,). coverage: (m, q).
        edge: what came since K was factored, if anything.

    Attributes:
        diagonal: of the inverse, (m,).
        through: the inverse times the coverage, (m, q).
    """

    def __init__(
        self, root: Array, order: Indices, log_determinant: float, variance: Array, coverage: Array,
        edge: _Edge | None = None,
    ) -> None:  # fmt: skip
        self.root, self.order, self.edge = root, order, edge
        self.log_determinant, self.variance = log_determinant, variance
        self._column = np.argsort(order)
        self.diagonal: Array = np.einsum("ij,ij->j", root, root)[self._column]
        self._coverage = coverage
        self.through = self.solve(coverage)
        self._rows: dict[int, Array] = {}

    @classmethod
    def of(cls, kernel: Array, variance: Array, coverage: Array) -> Self:
        """K + T, factored."""
        lower = _cholesky(kernel, variance)
        root = np.zeros_like(lower)
        _invert(lower, root)
        order = np.arange(len(variance))
        return cls(root, order, 2 * float(np.log(np.diag(lower)).sum()), variance, coverage)

    def grown(
        self, kernel: Array, variance: Array, coverage: Array, known: Indices, then: Indices
    ) -> _Whole | None:
        """The same with some figures more; None if it is not positive with them.

        Args:
            kernel: of all.
            variance: of all; the known ones stay as they are here.
            coverage: of all.
            known: which of them are here.
            then: where, each once.
        """
        new = np.setdiff1d(np.arange(len(variance)), known)
        order = known[np.argsort(then)][self.order]
        beside = self.root @ kernel[np.ix_(order, new)]
        within = kernel[np.ix_(new, new)] - beside.T @ beside
        edge = _Edge(new, within, -beside.T @ self.root, self.root, order, self.log_determinant)
        variance = variance.copy()
        variance[known] = self.variance[then]
        return self._bordered(edge, variance, coverage)

    def with_edge(self, variance: Array) -> _Whole | None:
        """The same with other site variances at the edge; None if it has none, or is not positive with them."""
        if self.edge is None:
            return None
        mine = self.variance.copy()
        mine[self.edge.rows] = variance[self.edge.rows]
        return self._bordered(self.edge, mine, self._coverage)

    def _bordered(self, edge: _Edge, variance: Array, coverage: Array) -> _Whole | None:
        lower, failed = linalg.lapack.dpotrf(edge.within + np.diag(variance[edge.rows]), lower=1)
        if failed:
            return None
        count = len(edge.root)
        root = np.zeros((len(variance),) * 2, order="F")
        root[:count, :count] = edge.root
        below = np.concatenate([edge.across, np.eye(len(lower))], axis=1)
        root[count:] = linalg.solve_triangular(lower, below, lower=True)
        log_determinant = edge.log_determinant + 2 * float(np.log(np.diag(lower)).sum())
        order = np.concatenate([edge.order, edge.rows])
        return _Whole(root, order, log_determinant, variance, coverage, edge)

    def solve(self, right: Array) -> Array:
        """(K + T)⁻¹ right, (m,) or (m, columns)."""
        columns = right.reshape(len(right), -1)
        if self.edge is not None:
            columns = columns[self.order]
        half = linalg.blas.dtrmm(1.0, self.root, columns, lower=1)
        solved: Array = linalg.blas.dtrmm(1.0, self.root, half, lower=1, trans_a=1, overwrite_b=1)
        if self.edge is not None:
            solved = solved[self._column]
        return solved.reshape(right.shape)

    def rows(self, which: Indices) -> Array:
        """Some rows of the inverse, (which, m); they are kept, since what has changed once changes again."""
        new = [row for row in which.tolist() if row not in self._rows]
        if new:
            made = (self.root[:, self._column[new]].T @ self.root)[:, self._column]
            self._rows.update(zip(new, made, strict=True))
        return np.array([self._rows[row] for row in which.tolist()]).reshape(len(which), len(self.variance))

    def part(self, some: Indices) -> Array:
        """Some rows and columns of the inverse, (some, some)."""
        columns = self.root[:, self._column[some]]
        part: Array = columns.T @ columns
        return part


@dataclass(frozen=True, eq=False)
class BlockSystem:
    """One account's part: K + T, inverted.

    Its inverse is that of `whole` less the product of some of its rows, of `middle` and of the rows again: those of
    the sites that have changed since (Woodbury). So a few sites that move cost no more than their rows.

    Attributes:
        kernel: K, (m, m). variance: diagonal of T, (m,). coverage: its rows of U, (m, q).
        whole: K + T as it was last factored. which: the sites that have changed since, (k,). middle: (k, k).
        log_determinant: of K + T.
    """

    kernel: Array
    variance: Array
    coverage: Array
    whole: _Whole
    which: Indices
    middle: Array
    log_determinant: float

    @classmethod
    def of(cls, kernel: Array, variance: Array, coverage: Array) -> BlockSystem:
        """Factored whole."""
        return cls._as(kernel, _Whole.of(kernel, variance, coverage), coverage)

    @classmethod
    def _as(cls, kernel: Array, whole: _Whole, coverage: Array) -> BlockSystem:
        """Nothing has changed since it was factored."""
        none = np.empty(0, dtype=np.intp)
        return cls(kernel, whole.variance, coverage, whole, none, np.empty((0, 0)), whole.log_determinant)

    def grown(
        self, kernel: Array, variance: Array, coverage: Array, known: Indices, then: Indices
    ) -> BlockSystem:
        """With some figures more, whose kernel is that of those that were `then` here where they are `known`."""
        every = len(then) == len(self.variance)
        few = (len(variance) - len(known)) * _FEW <= len(variance)
        whole = self.whole.grown(kernel, variance, coverage, known, then) if every and few else None
        if whole is None:
            return BlockSystem.of(kernel, variance, coverage)
        return BlockSystem._as(kernel, whole, coverage).changed(variance)

    def lean(self) -> BlockSystem:
        """The same factored whole and with no kernel to go on from, in less memory."""
        return replace(BlockSystem.of(self.kernel, self.variance, self.coverage), kernel=np.empty((0, 0)))

    def changed(self, variance: Array) -> BlockSystem:
        """The same with other site variances."""
        if np.array_equal(variance, self.variance):
            return self
        whole = self.whole
        which = np.flatnonzero(variance != whole.variance)
        change = variance[which] - whole.variance[which]
        pivots = 1 + change * whole.diagonal[which]
        if len(which) * _FEW > len(variance) or pivots.min(initial=1) < _LEAST_LEFT:
            edged = whole.with_edge(variance)
            if edged is None or (edged.variance == whole.variance).all():
                return BlockSystem.of(self.kernel, variance, self.coverage)
            return BlockSystem._as(self.kernel, edged, self.coverage).changed(variance)
        small = change[:, None] * whole.part(which)
        small[np.diag_indices(len(which))] += 1
        sign, log_determinant = np.linalg.slogdet(small)
        if sign <= 0:
            return BlockSystem.of(self.kernel, variance, self.coverage)
        middle = np.asarray(np.linalg.solve(small, np.diag(change)), dtype=float)
        return BlockSystem(
            self.kernel, variance, self.coverage, whole, which, middle,
            whole.log_determinant + float(log_determinant),
        )  # fmt: skip

    @cached_property
    def _rows(self) -> Array:
        """The rows of the whole inverse where sites have changed, (k, m)."""
        return self.whole.rows(self.which)

    @cached_property
    def diagonal(self) -> Array:
        """Diagonal of the inverse, (m,)."""
        diagonal: Array = self.whole.diagonal - (self._rows * (self.middle @ self._rows)).sum(axis=0)
        return diagonal

    def solve(self, right: Array) -> Array:
        """(K + T)⁻¹ right, (m,) or (m, columns)."""
        solved: Array = self.whole.solve(right)
        return solved - self._rows.T @ (self.middle @ solved[self.which])

    def part(self, some: Indices) -> Array:
        """Some rows and columns of the inverse, (some, some)."""
        columns = self._rows[:, some]
        part: Array = self.whole.part(some) - columns.T @ (self.middle @ columns)
        return part

    @cached_property
    def through(self) -> Array:
        """(K + T)⁻¹ U, (m, q)."""
        whole = self.whole.through
        through: Array = whole - self._rows.T @ (self.middle @ whole[self.which])
        return through

    @cached_property
    def shared(self) -> Array:
        """Uᵀ (K + T)⁻¹ U, (q, q): what the account knows of the coverages."""
        shared: Array = self.coverage.T @ self.through
        return shared

    def misfit(self, gap: Array, precision: Array) -> Array:
        """gapᵀ (T + U P⁻¹ Uᵀ)⁻¹ gap for rows of (count, m): what is left when the sources take their best share."""
        scaled = gap / self.variance
        through = self.coverage / self.variance[:, None]
        small = precision + self.coverage.T @ through
        shared = scaled @ self.coverage
        loss: Array = (gap * scaled).sum(axis=1) - (
            shared * linalg.solve(small, shared.T, assume_a="pos").T
        ).sum(axis=1)
        return loss


class System:
    """G, from its blocks.

    Args:
        blocks: one for each account.
        rows: which rows of G are theirs.
        coverage: U, (m, q).
        precision: P, (q, q).

    Attributes:
        shared: what all accounts and P know of the coverages, (q, q).
    """

    def __init__(
        self, blocks: Sequence[BlockSystem], rows: Sequence[Indices], coverage: Array, precision: Array
    ) -> None:
        self.blocks = list(blocks)
        self._rows = rows
        self._coverage = coverage
        self._precision = precision
        self.shared = precision.copy()
        for block in self.blocks:
            self.shared += block.shared
        if not np.isfinite(self.shared).all():
            raise np.linalg.LinAlgError("the numbers of a hypothesis ran out")
        self._small = linalg.cho_factor(self.shared, lower=True)

    def lean(self) -> System:
        """The same with nothing kept but the factors."""
        return System([block.lean() for block in self.blocks], self._rows, self._coverage, self._precision)

    def solve(self, right: Array) -> Array:
        """G⁻¹ right, (m,)."""
        first = np.empty(right.shape)
        for block, rows in zip(self.blocks, self._rows, strict=True):
            first[rows] = block.solve(right[rows])
        correction = linalg.cho_solve(self._small, self._coverage.T @ first)
        for block, rows in zip(self.blocks, self._rows, strict=True):
            first[rows] -= block.through @ correction
        return first

    @cached_property
    def _half(self) -> Array:
        """What the coverages take from G⁻¹, as the product of this with its transpose, (m, q)."""
        through = np.empty(self._coverage.shape)
        for block, rows in zip(self.blocks, self._rows, strict=True):
            through[rows] = block.through
        half: Array = linalg.solve_triangular(self._small[0], through.T, lower=True).T
        return half

    def inverse_diagonal(self) -> Array:
        """Diagonal of G⁻¹, (m,)."""
        out = np.empty(len(self._coverage))
        for block, rows in zip(self.blocks, self._rows, strict=True):
            out[rows] = block.diagonal
        out -= (self._half**2).sum(axis=1)
        return out

    def inverse_of(self, which: Indices) -> Array:
        """Some rows and columns of G⁻¹, (which, which)."""
        out = -self._half[which] @ self._half[which].T
        for block, rows in zip(self.blocks, self._rows, strict=True):
            here = np.flatnonzero(np.isin(which, rows))
            own = np.searchsorted(rows, which[here])
            out[np.ix_(here, here)] += block.part(own)
        return out

    def log_determinant(self) -> float:
        """Log determinant of G."""
        own = sum(block.log_determinant for block in self.blocks)
        return (
            own
            + 2 * float(np.log(np.diag(self._small[0])).sum())
            - float(np.linalg.slogdet(self._precision)[1])
        )


def _cholesky(kernel: Array, variance: Array) -> Array:
    """The lower factor of K + T, with as little added to the diagonal as makes it exist.

    Statements of one window repeat a row of the kernel, so with sharp sites the matrix is singular
    but for rounding.
    """
    jitter = 0.0
    scale = float(np.mean(np.diag(kernel) + variance))
    while True:
        matrix = np.array(kernel.T, order="F")  # the kernel is its own transpose
        matrix.ravel(order="K")[:: len(matrix) + 1] += variance + jitter
        lower, failed = linalg.lapack.dpotrf(matrix, lower=1, overwrite_a=1)
        if not failed:
            return np.asarray(lower)
        jitter = max(10 * jitter, 1e-12 * scale)
        if not jitter < scale:
            raise linalg.LinAlgError("the covariance of what is said is not positive")


def _invert(lower: Array, out: Array) -> None:
    """Inverse of a lower triangle into room of nought: products of halves, which take two thirds of the time of LAPACK's own."""
    half = len(lower) // 2
    if len(lower) <= _WHOLE:
        out[:] = linalg.lapack.dtrtri(lower, lower=1)[0]
        return
    first, last = slice(half), slice(half, None)
    for part in (first, last):
        _invert(lower[part, part], out[part, part])
    below = linalg.blas.dtrmm(-1.0, out[first, first], lower[last, first], side=1, lower=1)
    out[last, first] = linalg.blas.dtrmm(1.0, out[last, last], below, lower=1, overwrite_b=1)

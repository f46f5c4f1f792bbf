"""The covariance of what is said, inverted: one matrix for each account, and what their sources share.

Pure. G = blockdiag(K_b + T_b) + U P⁻¹ Uᵀ, with K_b the prior covariance of an account's quantities, T_b
the variances of their sites, U the part of the sources' coverages and P what is known of those (Woodbury).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

__all__ = ["BlockSystem", "System"]

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

_STRIP = 64  # rows that are mirrored at a time
_FEW = 8  # one site in so many may change for an update by rank to be the shorter way
_MOST_UPDATES = 20  # by rank, one upon the other: rounding adds up
_LEAST_LEFT = 1e-3  # of a pivot; below it an update by rank cancels


@dataclass(frozen=True, eq=False)
class BlockSystem:
    """One account's part: K + T, inverted.

    Attributes:
        kernel: K, (m, m). variance: diagonal of T, (m,). coverage: its rows of U, (m, q).
        inverse: of K + T, (m, m). log_determinant: of K + T. updates: made since it was last factored.
    """

    kernel: Array
    variance: Array
    coverage: Array
    inverse: Array
    log_determinant: float
    updates: int = 0

    @classmethod
    def of(cls, kernel: Array, variance: Array, coverage: Array) -> BlockSystem:
        """Factored whole."""
        lower = _cholesky(kernel, variance)
        log_determinant = 2 * float(np.log(np.diag(lower)).sum())
        inverse = linalg.lapack.dpotri(lower, lower=1, overwrite_c=1)[0]
        # LAPACK fills one triangle.
        for begin in range(0, len(inverse), _STRIP):
            end = begin + _STRIP
            inverse[begin:end, end:] = inverse[end:, begin:end].T
            corner = inverse[begin:end, begin:end]
            corner[:] = np.tril(corner) + np.tril(corner, -1).T
        return cls(kernel, variance, coverage, inverse, log_determinant)

    def changed(self, variance: Array) -> BlockSystem:
        """The same with other site variances."""
        which = np.flatnonzero(variance != self.variance)
        if not len(which):
            return self
        change = variance[which] - self.variance[which]
        pivots = 1 + change * np.diag(self.inverse)[which]
        if len(which) * _FEW > len(variance) or self.updates >= _MOST_UPDATES or pivots.min() < _LEAST_LEFT:
            return BlockSystem.of(self.kernel, variance, self.coverage)
        columns = self.inverse[:, which]
        small = np.eye(len(which)) + change[:, None] * columns[which]
        sign, log_determinant = np.linalg.slogdet(small)
        if sign <= 0:
            return BlockSystem.of(self.kernel, variance, self.coverage)
        inverse = self.inverse - columns @ np.linalg.solve(small, change[:, None] * columns.T)
        return BlockSystem(
            self.kernel, variance, self.coverage, inverse,
            self.log_determinant + float(log_determinant), self.updates + 1,
        )  # fmt: skip

    @cached_property
    def through(self) -> Array:
        """(K + T)⁻¹ U, (m, q)."""
        through: Array = self.inverse @ self.coverage
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

    def solve(self, right: Array) -> Array:
        """G⁻¹ right, (m,)."""
        first = np.empty(right.shape)
        for block, rows in zip(self.blocks, self._rows, strict=True):
            first[rows] = block.inverse @ right[rows]
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
            out[rows] = np.diag(block.inverse)
        out -= (self._half**2).sum(axis=1)
        return out

    def inverse_of(self, which: Indices) -> Array:
        """Some rows and columns of G⁻¹, (which, which)."""
        out = -self._half[which] @ self._half[which].T
        for block, rows in zip(self.blocks, self._rows, strict=True):
            here = np.flatnonzero(np.isin(which, rows))
            own = np.searchsorted(rows, which[here])
            out[np.ix_(here, here)] += block.inverse[np.ix_(own, own)]
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
        matrix = np.array(kernel, order="F")
        matrix.ravel(order="K")[:: len(matrix) + 1] += variance + jitter
        lower, failed = linalg.lapack.dpotrf(matrix, lower=1, clean=1, overwrite_a=1)
        if not failed:
            return np.asarray(lower)
        jitter = max(10 * jitter, 1e-12 * scale)
        if not jitter < scale:
            raise linalg.LinAlgError("the covariance of what is said is not positive")

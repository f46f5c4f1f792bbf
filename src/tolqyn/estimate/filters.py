"""Walks that forget, walks by the week and stays that end: causal filters along the days, and their transposes.

Pure. Arrays are (day, column). Small ones are filtered by doubling, large ones by blocks of days, which are
products of matrices; but day by day where each column has a law of its own. A filter of scipy.signal does the same, and
takes longer to import than an estimate of ordinary size takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

__all__ = ["BLOCK", "Going", "Leaving", "Weekly", "back", "revert", "running"]

Array = NDArray[np.float64]

_SMALL = 20_000  # numbers up to which passes over all of them cost less than products of matrices or one loop over the days
_FEW = 40_000  # and than a loop of many steps
BLOCK = 24  # days


def revert(steps: Array, phi: float) -> Array:
    """w(t) = phi w(t-1) + steps(t), (day, column)."""
    walked = np.array(steps)
    _fade(walked, phi)
    return walked


def running(series: Array) -> Array:
    """Each day's and all before it, (day, column), in place."""
    if series.size <= _SMALL:
        return np.cumsum(series, axis=0, out=series)
    for day in range(1, len(series)):
        series[day] += series[day - 1]
    return series


def back(filtered: Array) -> Array:
    """The days in reverse: a causal filter between two of these is its transpose."""
    return filtered[::-1]


def _fade(series: Array, ratio: float | Array) -> None:
    """Add to each day the one before times a ratio, one or one a column, in place."""
    if series.size > _SMALL and isinstance(ratio, float):
        _fade_by_blocks(series, ratio)
        return
    reach, decay = 1, ratio
    while reach < len(series):
        series[reach:] += decay * series[:-reach]
        reach, decay = 2 * reach, decay * decay


def _fade_by_blocks(series: Array, ratio: float) -> None:
    """The same as products of matrices."""
    day = np.arange(BLOCK)
    lag = day[:, None] - day
    within = np.where(lag >= 0, ratio ** np.maximum(lag, 0), 0.0)
    for begin in range(0, len(series), BLOCK):
        block = series[begin : begin + BLOCK]
        if begin:
            block[0] += ratio * series[begin - 1]
        block[:] = within[: len(block), : len(block)] @ block


@dataclass(frozen=True, eq=False)
class Weekly:
    """Walks by the week, straight between their knots.

    Attributes:
        steps: standard deviation of each week's step, the first that of the start, (week, 1).
        hats: the share of each knot in each day, (day, week).
    """

    steps: Array
    hats: csr_array

    @classmethod
    def of(cls, days: int, steps: Array) -> Self:
        """Over so many days; a knot at the first and on every seventh after it."""
        week, past = np.divmod(np.arange(days), 7)
        shares = np.stack([1 - past / 7, past / 7], axis=1)
        knots = np.stack([week, np.minimum(week + 1, len(steps) - 1)], axis=1)
        begins = np.arange(0, 2 * days + 1, 2)
        return cls(
            steps[:, None], csr_array((shares.ravel(), knots.ravel(), begins), shape=(days, len(steps)))
        )

    @cached_property
    def _back(self) -> csc_array:
        back: csc_array = self.hats.T
        return back

    def act(self, steps: Array | NDArray[np.float32]) -> Array:
        """Standard steps (week, column) to the walk of each day, (day, column)."""
        return np.asarray(self.hats @ running(self.steps * steps))

    def act_back(self, pull: Array) -> Array:
        """The transpose: (day, column) to (week, column)."""
        knots = np.asarray(self._back @ pull)
        running(back(knots))
        knots *= self.steps
        return knots

    @cached_property
    def covariance(self) -> Array:
        """Of the days, (day, day)."""
        walks = self.act(np.eye(len(self.steps)))
        return np.asarray(walks @ walks.T)


@dataclass(frozen=True, eq=False)
class Leaving:
    """How a day's arrivals act on later days: a geometric and a two-stage Erlang delay, mixed.

    Attributes:
        at_once, geometric: weight and ratio of the geometric part, whose share after k days is
            at_once * geometric**k.
        even, rising, erlang: of the other, whose share is (even + rising * k) * erlang**k.

    Each is (column,) or (1,).
    """

    at_once: Array
    geometric: Array
    even: Array
    rising: Array
    erlang: Array

    @classmethod
    def of(cls, share: Array, days: Array, share_erlang: Array, days_erlang: Array) -> Self:
        """From the share that leaves by each law and its mean stay in days, each (column,)."""
        ratio = np.exp(-1 / days)
        pace = 2 / days_erlang
        erlang = np.exp(-pace)
        return cls(
            share * (1 - ratio),
            ratio,
            share_erlang * (1 - erlang * (1 + pace)),
            share_erlang * pace * (1 - erlang),
            erlang,
        )

    def act(self, series: Array, out: Array | None = None) -> Array:
        """What the arrivals of each day come to later, (day, column); of one law for all, `out` may be `series` itself."""
        if len(self.erlang) == 1:
            return self._by_blocks(series, np.empty(series.shape) if out is None else out)
        return self._by_passes(series) if series.size <= _FEW else self._walked(series)

    def _by_blocks(self, series: Array, out: Array) -> Array:
        """One law for all columns: what a block of days comes to in itself, and what those before it left."""
        going = self.going(series.shape[1])
        for begin in range(0, len(series), BLOCK):
            out[begin : begin + BLOCK] = going.act(series[begin : begin + BLOCK])
        return out

    def going(self, columns: int) -> Going:
        """The same for series that are told block by block; one law for all columns."""
        return Going(self._blocks, columns)

    @cached_property
    def _blocks(self) -> _Blocks:
        """How one law acts within a block of days and from one to the next."""
        at_once, geometric, even, rising, erlang = (
            float(one[0]) for one in (self.at_once, self.geometric, self.even, self.rising, self.erlang)
        )
        day = np.arange(BLOCK)
        lag = day[:, None] - day
        since = np.maximum(lag, 0)
        within = np.where(lag >= 0, at_once * geometric**since + (even + rising * since) * erlang**since, 0.0)
        after = day + 1
        from_before = np.stack(
            [at_once * geometric**after, (even + rising * after) * erlang**after, rising * erlang**after],
            axis=1,
        )
        rest = BLOCK - after
        taken_in = np.stack([geometric**rest, erlang**rest, rest * erlang**rest])
        faded = np.diag([geometric**BLOCK, erlang**BLOCK, erlang**BLOCK])
        faded[2, 1] = BLOCK * erlang**BLOCK
        return _Blocks(within, from_before, taken_in, faded)

    def _by_passes(self, series: Array) -> Array:
        """Each column by its own law: the second is to fade twice."""
        out = self.even * series
        out[1:] += (self.rising - self.even) * self.erlang * series[:-1]
        _fade(out, self.erlang)
        _fade(out, self.erlang)
        transit = self.at_once * series
        _fade(transit, self.geometric)
        out += transit
        return out

    def _walked(self, series: Array) -> Array:
        """The same day by day."""
        out = np.empty(series.shape)
        geometric, even, rising, part = (np.zeros(series.shape[1]) for _ in range(4))
        for day, row in enumerate(series):
            rising += even
            rising *= self.erlang
            even *= self.erlang
            even += row
            made = np.multiply(self.even, even, out=out[day])
            made += np.multiply(self.rising, rising, out=part)
            geometric *= self.geometric
            geometric += row
            made += np.multiply(self.at_once, geometric, out=part)
        return out


class _Blocks(NamedTuple):
    """What a law of leaving does with a block of days.

    Of those who came before a block three sums are kept: faded by each law, and by the second times their age.

    Attributes:
        within: what its arrivals come to in it, (day, day). from_before: what the three sums do, (day, 3).
        taken_in: what its arrivals add to the sums, (3, day). faded: what is left of those after it, (3, 3).
    """

    within: Array
    from_before: Array
    taken_in: Array
    faded: Array


class Going:
    """One law of leaving at work on some columns, whose days are told in order, a block at a time."""

    def __init__(self, blocks: _Blocks, columns: int) -> None:
        self._blocks = blocks
        self._before = np.zeros((3, columns))

    def act(self, block: Array) -> Array:
        """What the arrivals of the next days, (day, column), and those before them come to; only the last block may be short."""
        n, law = len(block), self._blocks
        made: Array = law.within[:n, :n] @ block
        made += law.from_before[:n] @ self._before
        if n == BLOCK:
            self._before = law.faded @ self._before + law.taken_in @ block
        return made

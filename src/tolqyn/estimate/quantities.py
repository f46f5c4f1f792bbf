"""Sums of daily counts, and all of one account at once: their values, and how they move with the unknowns.

Pure. A sum over days is a difference of two of its account's cells (see `tangent`), so neither its value
nor its derivative costs more where its window is long.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from tolqyn.claims import Measure
from tolqyn.estimate.account import Account, Logs, Streams
from tolqyn.estimate.filters import running
from tolqyn.estimate.problem import Rows
from tolqyn.estimate.tangent import Tangent, cell, cells, strayed

__all__ = ["About", "Quantities", "Quantity"]

Array = NDArray[np.float64]
Single = NDArray[np.float32]
Indices = NDArray[np.intp]

_NONE = np.zeros(0, dtype=np.intp)
_STOCK_FLOOR = 0.02  # of the stock before the first day
_PEAK_POWER = 8.0  # the highest day is read as a power mean, which has a derivative
_FEW = 12  # where days times pairs of series are more than so many times the sums, slopes by all unknowns cost less
_FAINT = 1e-6  # share of the largest running total, below which a sum of days drowns in the rounding of differences
_LEAST = 1e-9  # of a count, where its logarithm is taken


@dataclass(frozen=True, slots=True)
class Quantity:
    """A sum of daily counts on the scale on which its figure is read.

    Attributes:
        measure, kind, peak: which sum; of a share, how many leave of a hundred who come, in the same days.
        first, last: days summed, as indices.
        log: whether the scale is the logarithm, else multiples of `scale`.
        scale: persons that are one on that scale; negative for a net that fell.
        offset: added on that scale: what is known beforehand of the source's coverage.
        enough: of a stock, whether it is how often those who were there or came are enough for those who left.
    """

    measure: Measure
    kind: str | None
    first: int
    last: int
    log: bool
    scale: float
    offset: float = 0.0
    peak: bool = False
    enough: bool = False

    @property
    def is_quotient(self) -> bool:
        """Whether it sets those who left against others, in place of a sum."""
        return self.enough or self.measure is Measure.SHARE

    def value(self, streams: Streams) -> Array:
        """The sum on its scale, for each of a batch, (batch,)."""
        return self.on_scale(self._persons(streams))

    def on_scale(self, persons: Array) -> Array:
        """Persons on its scale; `to_persons` the other way."""
        scaled = persons / self.scale
        return (np.log(np.maximum(scaled, _LEAST)) if self.log else scaled) + self.offset

    def to_persons(self, value: Array) -> Array:
        """Persons that a value on the scale stands for (without the source's coverage)."""
        value = value - self.offset
        persons: Array = (np.exp(value) if self.log else value) * self.scale
        return persons

    def _persons(self, streams: Streams) -> Array:
        days = slice(self.first, self.last + 1)
        if self.is_quotient:
            return self.quotient(*self.there_and_left(streams))
        if self.measure is Measure.STOCK:
            change = streams.entries[:, : self.last + 1] - streams.exits[:, : self.last + 1]
            stock: Array = streams.stock_before + change.sum(axis=1)
            return floored(stock, streams.stock_before) if self.log else stock
        if self.measure is Measure.NET:
            net: Array = (streams.entries[:, days] - streams.exits[:, days]).sum(axis=1)
            return net
        series = self.series(streams)[:, days]
        total: Array = _highest(series)[0] if self.peak else series.sum(axis=1)
        return total

    def there_and_left(self, streams: Streams) -> tuple[Array, Array]:
        """Of a quotient, all who came (with those who were there before, where that is asked) and all who left, each (batch,)."""
        days = slice(self.first, self.last + 1)
        came, left = (counts[:, days].sum(axis=1) for counts in (streams.entries, streams.exits))
        return streams.stock_before + came if self.enough else came, left

    def quotient(self, there: Array, left: Array) -> Array:
        """Those two set against each other, (batch,)."""
        above, below = (there, left) if self.enough else (left, there)
        return np.asarray(above / np.maximum(below, _LEAST))

    def series(self, streams: Streams) -> Array:
        """The daily counts of its measure, (batch, day)."""
        if self.measure is Measure.ENTRIES:
            return streams.entries
        if self.measure is Measure.EXITS:
            return streams.exits
        assert self.kind is not None
        return streams.registrations[self.kind]


def floored(stock: Array, before: Array) -> Array:
    """A stock whose logarithm is to be taken: it needs a floor where the solver strays.

    Facts of their own keep the estimate away from there.
    """
    kept: Array = np.maximum(stock, _STOCK_FLOOR * before)
    return kept


def _highest(series: Array) -> tuple[Array, Array]:
    """The power mean that stands for the highest day, (batch,), and its derivatives, (batch, day)."""
    top = series.max(axis=1)
    highest = top * ((series / top[:, None]) ** _PEAK_POWER).sum(axis=1) ** (1 / _PEAK_POWER)
    return highest, (series / highest[:, None]) ** (_PEAK_POWER - 1)


class Picks:
    """A sparse matrix (row, cell): which cells make each sum.

    Args:
        rows, columns, values: its entries, rows in order. shape: of the matrix.
    """

    def __init__(self, rows: Indices, columns: Indices, values: Array, shape: tuple[int, int]) -> None:
        self.rows, self.columns, self.values, self.shape = rows, columns, values, shape

    @cached_property
    def matrix(self) -> csr_array:
        """As a sparse matrix."""
        begins = np.searchsorted(self.rows, np.arange(self.shape[0] + 1))
        return csr_array((self.values, self.columns, begins), shape=self.shape)

    @cached_property
    def _transpose(self) -> csc_array:
        transposed: csc_array = self.matrix.T
        return transposed

    def act(self, right: Array) -> Array:
        """The matrix times (cell, column)."""
        return np.asarray(self.matrix @ right)

    def act_back(self, right: Array) -> Array:
        """Its transpose times (row, column)."""
        return np.asarray(self._transpose @ right)

    def by_series(self, account: Account) -> tuple[Array, list[csr_array]]:
        """Its column for the stock before the first day, (row,), and for each series a matrix of the totals after each day."""
        number, days = 2 + len(account.kinds), account.days
        stock = self.matrix[:, [0]].toarray()[:, 0]
        return stock, [
            self.matrix[:, cell(account, series, 1) : cell(account, series, days) + 1]
            for series in range(number)
        ]

    def scaled(self, factors: Array) -> Picks:
        """The same, each row times a factor."""
        return Picks(self.rows, self.columns, self.values * factors[self.rows], self.shape)


class Quantities:
    """The quantities of one account, as functions of its unknowns.

    Args:
        account: whose.
        quantities: which, in order.
    """

    def __init__(self, account: Account, quantities: Sequence[Quantity]) -> None:
        self.account = account
        self.quantities = tuple(quantities)
        self.size = account.size
        self._log = np.array([q.log for q in quantities], dtype=bool)
        self._scale = np.array([q.scale for q in quantities])[:, None]
        self._offset = np.array([q.offset for q in quantities])[:, None]
        self._peaks = [row for row, q in enumerate(quantities) if q.peak]
        self._stocks = np.array([q.measure is Measure.STOCK and not q.enough for q in quantities], dtype=bool)
        self._quotients = [row for row, q in enumerate(quantities) if q.is_quotient]
        entries = [(row, *entry) for row, q in enumerate(quantities) for entry in self._entries(q)]
        rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        shape = (len(self.quantities), 1 + (2 + len(account.kinds)) * (account.days + 1))
        self._sums = Picks(
            np.array(rows, dtype=np.intp), np.array(columns, dtype=np.intp), np.array(values, float), shape
        )
        # What tells two of them apart.
        self.features = np.array([self._features_of(q) for q in quantities], dtype=float)

    def under(self, account: Account) -> Quantities:
        """The same sums of another account of the same days and kinds."""
        other = copy(self)
        other.account, other.size = account, account.size
        return other

    def exact(self) -> Quantities:
        """The same where every day is what its unknowns make it, and none what is expected of it (see `scatter`)."""
        return self.under(self.account.exact())

    def values(self, z: Array) -> Array:
        """The quantities for unknowns (batch, size): (batch, m)."""
        return self.of(self.account.streams(z))

    def of(self, streams: Streams) -> Array:
        """The quantities of some streams, (batch, m)."""
        return self.on_scale(self.persons(streams))

    def on_scale(self, persons: Array) -> Array:
        """Persons (m, batch) on their scales, (batch, m)."""
        scaled = persons / self._scale
        scaled[self._log] = np.log(np.maximum(scaled[self._log], _LEAST))
        scaled += self._offset
        return np.asarray(scaled.T)

    def streams(self, z: Array) -> Streams:
        """The daily counts for unknowns (batch, size)."""
        return self.account.streams(z)

    def logs(self, z: Array | Single) -> Logs:
        """The daily logs for unknowns (batch, size)."""
        return self.account.logs(z)

    def counts(self, logs: Logs) -> Streams:
        """The daily counts for daily logs."""
        return self.account.counts(logs)

    def about(self, z: Array) -> About:
        """The quantities as linear functions, right about the unknowns (size,)."""
        return About(self, Tangent(self.account, z))

    def resumed(self, z: Array, before: About, known: Rows) -> tuple[About, Rows]:
        """The same, with the derivatives of an earlier one where they still hold; and of which quantities its kernel does.

        Args:
            z: unknowns (size,) where they do not.
            before: of almost the same quantities, perhaps of fewer days.
            known: which of those of now are which of those of then.
        """
        tangent = before.tangent.resumed(self.account) if before.has_kernel else None
        if tangent is None:
            return self.about(z), (_NONE, _NONE)
        now, then = known
        same = (self.features[now] == before.quantities.features[then]).all(axis=1)
        known = now[same], then[same]
        return About(self, tangent, before, known), known

    def persons(self, streams: Streams) -> Array:
        """The sums in persons, (m, batch)."""
        totals = cells(self.account, streams)
        persons = self._sums.act(totals)
        for row in self._peaks:
            q = self.quantities[row]
            persons[row] = _highest(q.series(streams)[:, q.first : q.last + 1])[0]
        for row in self._quotients:
            q = self.quantities[row]
            came, left = (
                totals[cell(self.account, series, q.last + 1)] - totals[cell(self.account, series, q.first)]
                for series in (0, 1)
            )
            persons[row] = q.quotient(totals[0] + came if q.enough else came, left)
        on_log = self._stocks & self._log
        persons[on_log] = floored(persons[on_log], streams.stock_before)
        return persons

    def faint(self, persons: Array, totals: Array) -> Indices:
        """Rows of sums, read on the logarithm, that are next to nothing beside the largest running total; persons (m, 1)."""
        largest = np.abs(totals[1:]).max()
        little = self._log & (persons[:, 0] < _FAINT * largest)
        little[self._quotients] = False
        return np.flatnonzero(little)

    def picks(self, streams: Streams, persons: Array) -> Picks:
        """Derivatives of the quantities by the cells at one point, a batch of one, where they come to so many persons, (m, 1)."""
        with np.errstate(divide="ignore"):
            factors = np.where(self._log, 1 / persons[:, 0], 1 / self._scale[:, 0])
        factors[self._quotients] = 1.0
        sums = self._sums.scaled(factors)
        for row in self._quotients:
            there, left = self.quantities[row].there_and_left(streams)
            mine = slice(*np.searchsorted(sums.rows, [row, row + 1]))
            of_exits = sums.columns[mine] >= cell(self.account, 1, 0)
            sums.values[mine] /= np.maximum(np.where(of_exits, left, there), _LEAST)
        rest = self._stocks & self._log & (persons[:, 0] <= _STOCK_FLOOR * streams.stock_before[0])
        if not self._peaks and not rest.any():
            return sums
        keep = ~rest[sums.rows]
        rows, columns, values = [sums.rows[keep]], [sums.columns[keep]], [sums.values[keep]]
        on_floor = np.flatnonzero(rest)
        rows.append(on_floor)
        columns.append(np.zeros_like(on_floor))
        values.append(factors[on_floor] * _STOCK_FLOOR)
        for row in self._peaks:
            q = self.quantities[row]
            slopes = factors[row] * _highest(q.series(streams)[:, q.first : q.last + 1])[1][0]
            begin = cell(self.account, self._number(q), q.first)
            rows.append(np.full(len(slopes) + 1, row))
            columns.append(np.arange(begin, begin + len(slopes) + 1))
            values.append(-np.diff(slopes, prepend=0.0, append=0.0))
        order = np.argsort(np.concatenate(rows), kind="stable")
        return Picks(
            np.concatenate(rows)[order],
            np.concatenate(columns)[order],
            np.concatenate(values)[order],
            sums.shape,
        )

    def _features_of(self, quantity: Quantity) -> tuple[float, ...]:
        q = quantity
        kind = -1 if q.kind is None else self.account.kinds.index(q.kind)
        measure = [*Measure].index(q.measure)
        return measure, kind, q.first, q.last, q.log, q.scale, q.offset, q.peak, q.enough

    def _entries(self, quantity: Quantity) -> list[tuple[int, float]]:
        """The cells that a sum is made of, with their signs; none for a highest day."""
        first, last = quantity.first, quantity.last + 1

        def window(series: int, sign: float) -> list[tuple[int, float]]:
            return [(cell(self.account, series, last), sign), (cell(self.account, series, first), -sign)]

        if quantity.peak:
            return []
        if quantity.measure is Measure.STOCK:
            return [(0, 1.0), (cell(self.account, 0, last), 1.0), (cell(self.account, 1, last), -1.0)]
        if quantity.measure is Measure.NET:
            return window(0, 1.0) + window(1, -1.0)
        if quantity.measure is Measure.SHARE:
            return window(1, 1.0) + window(0, -1.0)
        return window(self._number(quantity), 1.0)

    def _number(self, quantity: Quantity) -> int:
        """Which series of the account a flow is of."""
        if quantity.kind is not None:
            return 2 + self.account.kinds.index(quantity.kind)
        return 0 if quantity.measure is Measure.ENTRIES else 1


class About:
    """Quantities about one point: values, and the linear map from the unknowns.

    Args:
        quantities: which.
        tangent: of their account.
        before: an earlier one with the same tangent, whose kernel is taken over.
        known: for which quantities, now and then.

    Attributes:
        value: at the point, (m,).
    """

    def __init__(
        self, quantities: Quantities, tangent: Tangent, before: About | None = None, known: Rows | None = None
    ) -> None:
        self.quantities, self.tangent = quantities, tangent
        persons = quantities.persons(tangent.streams)
        self._picks = quantities.picks(tangent.streams, persons)
        self._account = quantities.account
        self.value = quantities.on_scale(persons)[0]
        self._faint = quantities.faint(persons, tangent.cells)
        if before is not None and known is not None:
            self.kernel = self._grown(before.kernel, *known)

    @property
    def has_kernel(self) -> bool:
        """Whether its kernel was made and is kept."""
        return "kernel" in self.__dict__

    def _grown(self, kernel: Array, known: Indices, then: Indices) -> Array:
        """A kernel with some quantities more."""
        grown = np.empty((len(self.value),) * 2)
        grown[np.ix_(known, known)] = kernel[np.ix_(then, then)]
        new = np.setdiff1d(np.arange(len(grown)), known)
        grown[new] = self.forward(self.back(np.eye(len(grown))[new]))
        grown[:, new] = grown[new].T
        return grown

    @cached_property
    def kernel(self) -> Array:
        """Prior covariance of the linear quantities, (m, m)."""
        count = len(self.value)
        series = 2 + len(self._account.kinds)
        pairs = series * (series + 1) // 2
        if _FEW * count < pairs * self._account.days or 2 * len(self._faint) > count:
            slopes = self.back(np.eye(count))
            return np.asarray(slopes @ slopes.T)
        stock, sums = self._picks.by_series(self._account)
        kernel = self.tangent.stock_variance * np.outer(stock, stock)
        halves: dict[int, Array] = {}
        for (one, other), daily in self.tangent.daily_covariance().items():
            half = (sums[one] if one == other else 2 * sums[one]) @ running(daily)
            halves[other] = halves[other] + half if other in halves else half
        for series, half in halves.items():
            kernel += sums[series] @ running(np.ascontiguousarray(half.T))
        kernel = 0.5 * (kernel + kernel.T)
        if len(self._faint):
            kernel[self._faint] = self.forward(self.back(np.eye(count)[self._faint]))
            kernel[:, self._faint] = kernel[self._faint].T
        return kernel

    @property
    def log_chance_of_somebody(self) -> float:
        """Log chance that somebody came, or left, on each of the days that are stated alone."""
        return self._account.log_chance_of_somebody(self.tangent.means)

    def lean(self) -> About:
        """The same without its kernel, which is made again if it is asked for."""
        other = copy(self)
        other.__dict__.pop("kernel", None)
        return other

    def forward(self, z: Array | Single) -> Array:
        """How the quantities move with the unknowns (batch, size): (batch, m)."""
        return self.linear(self._account.logs(z))

    def linear(self, logs: Logs) -> Array:
        """How the quantities move with the daily logs: (batch, m)."""
        return self._picks.act(self.tangent.linear(logs)).T

    def back(self, pull: Array) -> Array:
        """The transpose of `forward`: (batch, m) to (batch, size)."""
        return self.tangent.back(self._picks.act_back(pull.T))

    def moved(self, pull: Array) -> Logs:
        """How the daily logs move under a pull on the quantities, (batch, m)."""
        return self.tangent.moved(self._picks.act_back(pull.T))

    def strayed(self, streams: Streams) -> float:
        """How far other counts, a batch of one, lie from those at the point: the largest change of a daily log."""
        return strayed(self.tangent.streams, streams)

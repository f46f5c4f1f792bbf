"""An account about one point: how its counts move with its unknowns, and how they hang together.

Pure. The daily counts are given as *cells*: one for the stock before the first day, and for each series
(entries, exits, each kind of registrations) the counts before day 0, 1, ... n, summed. So a sum over
days is a difference of two cells, whatever its length. Nothing here is of the size of unknowns times
statements: the covariance of the cells is made day by day from that of the walks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate import scatter
from tolqyn.estimate.account import Account, Logs, Slopes, Streams, bent
from tolqyn.estimate.filters import Leaving, back, revert

__all__ = ["Tangent", "cell", "cell_count", "cells"]

Array = NDArray[np.float64]
Single = NDArray[np.float32]


def cell_count(account: Account) -> int:
    """How many cells an account has."""
    return 1 + (2 + len(account.kinds)) * (account.days + 1)


def cell(account: Account, series: int, day: int) -> int:
    """The cell of the counts of a series (0 entries, 1 exits, 2 ... kinds) before a day."""
    return 1 + series * (account.days + 1) + day


def cells(account: Account, streams: Streams) -> Array:
    """The cells of a batch of streams, (cell, batch)."""
    series = [streams.entries, streams.exits, *(streams.registrations[kind] for kind in account.kinds)]
    return _summed(streams.stock_before, [counts.T for counts in series])


def _summed(before: Array, series: list[Array]) -> Array:
    days, batch = series[0].shape
    out = np.zeros((1 + len(series) * (days + 1), batch))
    out[0] = before
    for number, counts in enumerate(series):
        begin = 2 + number * (days + 1)
        np.cumsum(counts, axis=0, out=out[begin : begin + days])
    return out


class Covariances(NamedTuple):
    """Prior covariances of an account's logs from day to day, each (day, day).

    Attributes:
        entries: of entries, ordinary and surge. ordinary: of ordinary entries.
        both: between them and ordinary exits. ordinary_exits.
        surge: of the surge, from the first event on. exits: of what exits stray.
        registrations: of the walk of a share that registers.
    """

    entries: Array
    ordinary: Array
    both: Array
    ordinary_exits: Array
    surge: Array
    exits: Array
    registrations: Array


def _covariances(account: Account) -> Covariances:
    """The prior covariances of an account, which accounts of one situation and roughness share."""
    return _shared_covariances(_Walks(account))


class _Walks:
    """An account, known by the features on which its prior covariances hang."""

    def __init__(self, account: Account) -> None:
        self.account = account
        walks = replace(account.roughness, stray=1.0)  # single days are no walk
        self.key = (account.days, account.weekday, account.events, walks, account.priors)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Walks) and self.key == other.key


@lru_cache(maxsize=2)
def _shared_covariances(walks: _Walks) -> Covariances:
    account = walks.account
    level = account.level.covariance
    weekday = account.weekday_map @ account.weekday_map.T
    ordinary = level + weekday + _walk_covariance(account.steps_calm, account.phi_calm)
    surge = _walk_covariance(account.steps_surge, account.phi)
    entries = ordinary.copy()
    entries[account.first_event :, account.first_event :] += surge
    return Covariances(
        entries,
        ordinary,
        level,
        level + weekday + account.ratio.covariance,
        surge,
        _walk_covariance(account.steps_exits, account.phi),
        _walk_covariance(account.steps_registrations, account.phi),
    )


def _walk_covariance(steps: Array, phi: float) -> Array:
    """Covariance of a mean-reverting walk, (day, day): the variance of the earlier day, faded by the days between."""
    variance = revert(steps**2, phi**2)[:, 0]
    out = np.zeros((len(steps),) * 2)
    out[0, 0] = variance[0]
    for day in range(1, len(steps)):
        np.multiply(out[day - 1, :day], phi, out=out[day, :day])
        out[day, day] = variance[day]
    out += np.tril(out, -1).T
    return out


@dataclass(frozen=True)
class Tangent:
    """The linear map from an account's unknowns to its cells, about one point.

    Attributes:
        account: whose.
        unknowns: the point, (size,).
    """

    account: Account
    unknowns: Array

    @cached_property
    def _logs(self) -> Logs:
        return self.account.logs(self.unknowns[None])

    @cached_property
    def streams(self) -> Streams:
        """The point's counts, a batch of one."""
        return self.account.streams(self.unknowns[None])

    @cached_property
    def _slopes(self) -> tuple[scatter.Slopes, scatter.Slopes]:
        return self.account.slopes(self._logs, self.account.means(self._logs))

    @cached_property
    def cells(self) -> Array:
        """The point's cells, (cell,)."""
        return cells(self.account, self.streams)[:, 0]

    @cached_property
    def _entries(self) -> Array:
        return self.streams.entries.T

    @cached_property
    def _ordinary(self) -> Array:
        return self.streams.ordinary_entries.T

    @cached_property
    def _surplus(self) -> Array:
        return self._entries - self._ordinary

    @cached_property
    def _leaving(self) -> Leaving:
        return self.account.leaving(self.streams.stay)

    @cached_property
    def _bends(self) -> tuple[Array, Array]:
        """Derivative of log exits by log ordinary exits, and by returns, each (day, 1)."""
        ratio = self.streams.workings.returns.T / self.streams.ordinary_exits.T
        level, slope = bent(1 + ratio)
        return 1 - ratio * slope / level, slope / level / self.streams.ordinary_exits.T

    @cached_property
    def _returns_by_stay(self) -> Array:
        """Derivatives of the returns by the four unknowns of the stay, (day, 4), by central differences."""
        step = 1e-4
        around = self.streams.stay + step * np.concatenate([np.eye(4), -np.eye(4)])
        made = self.account.leaving(around).act(np.repeat(self._surplus, 8, axis=1))
        return (made[:, :4] - made[:, 4:]) / (2 * step)

    @cached_property
    def _seen(self) -> Array:
        """What base registrations are divided by to become a log, (day, 1)."""
        return self.streams.workings.registration_base.T * self.account.delay_seen

    def _registrations(self, kind: str) -> Array:
        return self.streams.registrations[kind].T

    def forward(self, unknowns: Array | Single) -> Array:
        """How the cells move with the unknowns (batch, size): (cell, batch)."""
        return self.linear(self.account.logs(unknowns))

    def linear(self, logs: Logs) -> Array:
        """How the cells move with the daily logs: (cell, batch)."""
        after = slice(self.account.first_event, None)
        of_entries, of_exits = self._slopes
        entries = of_entries.by_mean * logs.ordinary
        entries[after] += of_entries.by_mean[after] * logs.surge
        entries += of_entries.by_day * logs.day
        surplus = self._surplus * entries
        surplus[after] += self._ordinary[after] * logs.surge
        entries *= self._entries
        by_level, by_returns = self._bends
        returns = self._leaving.act(surplus)
        returns += self._returns_by_stay @ logs.stay
        exits = by_level * logs.ordinary_exits
        exits += by_returns * returns
        exits += logs.exits
        exits *= of_exits.by_mean
        exits += of_exits.by_day * logs.day_exits
        exits *= self.streams.exits.T
        series = [entries, exits]
        for kind, share in logs.registrations.items():
            log = self.account.delay.act(entries) / self._seen
            log += share
            series.append(self._registrations(kind) * log)
        return _summed(self.streams.stock_before * logs.stock, series)

    def back(self, weights: Array) -> Array:
        """The transpose of `forward`: (cell, batch) to (batch, size)."""
        series, kinds = self._by_counts(weights)
        return self._to_unknowns(self._by_logs(series[0], series[1], weights[0], kinds, None)).T

    def moved(self, weights: Array) -> Logs:
        """How the daily logs move under a pull on the cells, (cell, batch): their prior covariance times it."""
        series, kinds = self._by_counts(weights)
        return self.account.spread(self._by_logs(series[0], series[1], weights[0], kinds, None))

    def _by_counts(self, weights: Array) -> tuple[list[Array], dict[str, Array]]:
        """Derivatives by the daily counts from those by the cells: of entries and exits, and of each kind."""
        days = self.account.days
        series = []
        for number in range(2 + len(self.account.kinds)):
            begin = 2 + number * (days + 1)
            series.append(np.cumsum(weights[begin : begin + days][::-1], axis=0)[::-1])
        return series[:2], dict(zip(self.account.kinds, series[2:], strict=True))

    def gradient(self, slopes: Slopes) -> Array:
        """Derivatives of m quantities by the unknowns, (m, size), from those by the counts."""
        return self._to_unknowns(
            self._by_logs(
                slopes.entries.T,
                slopes.exits.T,
                slopes.stock_before,
                {kind: slope.T for kind, slope in slopes.registrations.items()},
                None if slopes.ordinary_entries is None else slopes.ordinary_entries.T,
            )
        ).T

    def _by_logs(
        self,
        by_entries: Array,
        by_exits: Array,
        by_stock: Array,
        by_kind: Mapping[str, Array],
        by_ordinary: Array | None,
    ) -> Logs:
        """Derivatives by the daily logs from those by the counts, (day, batch)."""
        account = self.account
        kinds = {}
        for kind, by_count in by_kind.items():
            kinds[kind] = by_count * self._registrations(kind)
            by_entries = by_entries + back(account.delay.act(back(kinds[kind] / self._seen)))
        exits = by_exits * self.streams.exits.T
        of_entries, of_exits = self._slopes
        by_exits_mean = exits * of_exits.by_mean
        by_level, by_returns = self._bends
        by_return = by_exits_mean * by_returns
        by_surplus = back(self._leaving.act(back(by_return)))
        by_log = by_surplus * self._surplus
        by_log += by_entries * self._entries
        after = slice(account.first_event, None)
        surge = by_surplus[after] * self._ordinary[after]
        if by_ordinary is not None:
            by_log += by_ordinary * self._ordinary
            surge -= by_ordinary[after] * self._ordinary[after]
        by_mean = by_log * of_entries.by_mean
        surge += by_mean[after]
        return Logs(
            by_mean, by_log * of_entries.by_day, by_exits_mean * by_level, surge, by_exits_mean, exits * of_exits.by_day,
            self._returns_by_stay.T @ by_return, by_stock * self.streams.stock_before, kinds,
        )  # fmt: skip

    def _to_unknowns(self, by_logs: Logs) -> Array:
        """Derivatives by the unknowns, (size, batch), from those by the logs."""
        account, at, priors = self.account, self.account.at, self.account.priors
        out = np.empty((account.size, by_logs.ordinary.shape[1]))
        for kind, by_log in by_logs.registrations.items():
            out[at[f"share {kind}"]] = priors.registration_share_sd * by_log.sum(axis=0)
            out[at[f"walk {kind}"]] = account.steps_registrations * back(revert(back(by_log), account.phi))
        own, other = by_logs.ordinary, by_logs.ordinary_exits
        out[at["exits"]] = account.steps_exits * back(revert(back(by_logs.exits), account.phi))
        out[at["day_exits"]] = by_logs.day_exits
        out[at["stay"]] = by_logs.stay
        out[at["weekday_exits"]] = account.weekday_map.T @ other
        out[at["ratio"]] = account.ratio.act_back(other)
        out[at["surge"]] = account.steps_surge * back(revert(back(by_logs.surge), account.phi))
        out[at["calm"]] = account.steps_calm * back(revert(back(own), account.phi_calm))
        out[at["day_entries"]] = by_logs.day
        out[at["weekday_entries"]] = account.weekday_map.T @ own
        out[at["level"]] = account.level.act_back(own + other)
        out[at["stock"]] = priors.stock_sd * by_logs.stock
        return out

    @property
    def stock_variance(self) -> float:
        """Prior variance of the stock before the first day."""
        return float((self.account.priors.stock_sd * self.streams.stock_before[0]) ** 2)

    def daily_covariance(self) -> dict[tuple[int, int], Array]:
        """Prior covariances of the daily counts: (series, series) -> (day, day), each pair once.

        Of a series with itself only the symmetric part counts.
        """
        account, prior = self.account, _covariances(self.account)
        after = slice(account.first_event, None)
        days, rest = account.days, account.days - account.first_event
        came, surplus = self._entries, self._surplus[after]
        of_entries, of_exits = self._slopes
        by_mean = of_entries.by_mean
        each = np.arange(days)
        ordinary = surplus * by_mean[after]
        surged = ordinary + self._ordinary[after]  # how the surplus moves with the surge
        # Returns with the logs of entries before the surge, with the surge, and with those of ordinary exits.
        with_entries = prior.ordinary[after] * ordinary
        with_entries *= by_mean.T
        with_entries[each[:rest], each[after]] += (surplus * of_entries.by_day[after] ** 2)[:, 0]
        with_entries = self._leaving.act(with_entries, with_entries)
        with_surge = prior.surge * surged
        with_surge = self._leaving.act(with_surge, with_surge)
        with_exits = prior.both[after] * ordinary
        with_exits = self._leaving.act(with_exits, with_exits)
        with_surplus = with_entries[:, after] * surplus.T
        part = with_surge * surged.T
        with_surplus += part
        with_surge *= by_mean[after].T
        with_entries[:, after] += with_surge
        returns = self._leaving.act(with_surplus.T, part)
        by_level, by_returns = self._bends
        exits = self.streams.exits.T * of_exits.by_mean
        by_level, by_returns = exits * by_level, (exits * by_returns)[after]
        between = prior.both * by_level
        between *= by_mean.T
        with_entries *= by_returns
        between[after] += with_entries
        between *= came.T
        with_exits *= 2 * by_returns
        with_exits *= by_level.T
        among = prior.ordinary_exits * by_level
        among *= by_level.T
        among[after] += with_exits
        returns *= by_returns
        returns *= by_returns.T
        among[after, after] += returns
        part = prior.exits * exits
        part *= exits.T
        among += part
        stay = by_returns * self._returns_by_stay[after]
        among[after, after] += stay @ stay.T
        among[each, each] += (self.streams.exits.T * of_exits.by_day)[:, 0] ** 2
        entries = prior.entries * (came * by_mean)
        entries *= (came * by_mean).T
        entries[each, each] += (came * of_entries.by_day)[:, 0] ** 2
        daily = {(0, 0): entries, (1, 0): between, (1, 1): among}
        if account.kinds:
            daily |= self._registration_covariance(entries, between, prior.registrations)
        return daily

    def _registration_covariance(
        self, entries: Array, between: Array, walk: Array
    ) -> dict[tuple[int, int], Array]:
        """The same for pairs with registrations in them."""
        account = self.account
        with_entries = account.delay.act(entries) / self._seen
        with_exits = account.delay.act(np.ascontiguousarray(between.T)) / self._seen
        among = account.delay.act(np.ascontiguousarray(with_entries.T)) / self._seen
        own = walk + account.priors.registration_share_sd**2
        out = {}
        for one, kind in enumerate(account.kinds):
            mine = self._registrations(kind)
            out[2 + one, 0] = mine * with_entries
            out[2 + one, 1] = mine * with_exits
            for other, peer in enumerate(account.kinds[: one + 1]):
                joint = among + own if one == other else among
                out[2 + one, 2 + other] = mine * joint * self._registrations(peer).T
        return out

"""An account about one point: how its counts move with its unknowns, and how they hang together.

Pure. The daily counts are given as *cells*: one for the stock before the first day, and for each series
(entries, exits, each kind of registrations) the counts before day 0, 1, ... n, summed. So a sum over
days is a difference of two cells, whatever its length. Nothing here is of the size of unknowns times
statements: the covariance of the cells is made day by day from that of the walks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate import scatter
from tolqyn.estimate.account import Account, Logs, Means, Slopes, Streams, bent
from tolqyn.estimate.filters import BLOCK, Leaving, back, revert, running

__all__ = ["STALE", "Tangent", "cell", "cells", "strayed"]

Array = NDArray[np.float64]
Single = NDArray[np.float32]

STALE = 0.1  # change of a daily log, or of a derivative of one, from which covariances are made anew
_NOBODY = 0.5  # persons: next to that many, a day's count does not matter


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
        out[begin : begin + days] = counts
        running(out[begin : begin + days])
    return out


def strayed(here: Streams, there: Streams) -> float:
    """The largest difference of a daily log of two streams, over the days of both."""
    days = min(here.entries.shape[1], there.entries.shape[1])
    return float(
        max(
            np.abs(np.log((one + _NOBODY) / (other + _NOBODY))).max()
            for one, other in (
                (here.entries[:, :days], there.entries[:, :days]),
                (here.exits[:, :days], there.exits[:, :days]),
                (here.stock_before, there.stock_before),
            )
        )
    )


def _apart(here: Sequence[scatter.Slopes], there: Sequence[scatter.Slopes]) -> float:
    """The largest difference of two sets of slopes."""
    return max(
        float(np.abs(one - other).max())
        for mine, its in zip(here, there, strict=True)
        for one, other in zip(mine, its, strict=True)
    )


class Covariances(NamedTuple):
    """Prior covariances of an account's logs from day to day, each (day, day), with all steps as rough as at first.

    Attributes:
        ordinary: of ordinary entries. both: between them and ordinary exits. ordinary_exits.
        surge: of the surge, from the first event on. exits: of what exits stray.
        registrations: of the walk of a share that registers.
    """

    ordinary: Array
    both: Array
    ordinary_exits: Array
    surge: Array
    exits: Array
    registrations: Array


def _covariances(account: Account) -> Covariances:
    """The prior covariances of an account, which accounts of one situation and much the same roughness share."""
    return _shared_covariances(_Walks(account))


class _Walks:
    """An account, known by the features on which its prior covariances hang."""

    def __init__(self, account: Account) -> None:
        self.account = account
        # Single days are no walk, and a rougher one is the same times a factor.
        walks = replace(account.roughness, stray=1.0, factor=1.0)
        self.key = (
            account.days,
            account.weekday,
            account.events,
            bool(account.kinds),
            walks,
            account.untold,
            account.priors,
        )
        self.features = account.roughness, self.key[1:]

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Walks) and self.key == other.key


@lru_cache(maxsize=4)
def _shared_covariances(walks: _Walks) -> Covariances:
    account, rough = walks.account, walks.account.roughness.factor
    level = account.level.covariance
    weekday = account.weekday_map @ account.weekday_map.T
    registrations = account.steps_registrations if account.kinds else np.empty((0, 1))
    return Covariances(
        level + weekday + _walk_covariance(account.steps_calm, account.phi_calm),
        level,
        level + weekday + account.ratio.covariance,
        _walk_covariance(account.steps_surge / rough, account.phi_surge),
        _walk_covariance(account.steps_exits / rough, account.phi),
        _walk_covariance(registrations / rough, account.phi),
    )


def _walk_covariance(steps: Array, phi: float) -> Array:
    """Covariance of a mean-reverting walk, (day, day): the variance of the earlier day, faded by the days between."""
    days = len(steps)
    variance = revert(steps**2, phi**2)[:, 0]
    faded = phi ** np.abs(np.arange(1 - days, days))
    out = np.empty((days, days))
    for day in range(days):
        np.multiply(faded[days - 1 - day : 2 * days - 1 - day], variance[day], out=out[day])
        out[day, :day] = out[:day, day]
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
    def logs(self) -> Logs:
        """The point's daily logs, a batch of one."""
        return self.account.logs(self.unknowns[None])

    @cached_property
    def streams(self) -> Streams:
        """The point's counts, a batch of one."""
        return self.account.streams(self.unknowns[None])

    @cached_property
    def slopes(self) -> tuple[scatter.Slopes, scatter.Slopes]:
        """How entries and exits of each day move with their means and with the unknown of that day."""
        return self.account.slopes(self.logs, self.means)

    @cached_property
    def means(self) -> Means:
        """The point's counts before single days scatter."""
        return self.account.means(self.logs)

    def resumed(self, account: Account) -> Tangent | None:
        """The same for an account of almost the same figures, about other levels and perhaps of other days at the end.

        Days that are newly stated alone are taken as before. None where that, or anything else, makes other derivatives.
        """
        if account.kinds != self.account.kinds or _Walks(account).features != _Walks(self.account).features:
            return None
        about = self if account.days == self.account.days else self._until(account)
        as_now = account.slopes(about.logs, about.means)
        apart = max(_apart(as_now, about.slopes), strayed(about.streams, self.streams))
        return about if apart < STALE else None

    def _until(self, account: Account) -> Tangent:
        """The same until another day; days that came since are stated alone as in the account."""
        entries, exits = (
            np.concatenate([then[: account.days], now[len(then) :]])
            for now, then in zip(account.alone, self.account.alone, strict=True)
        )
        return Tangent(account.with_alone((entries, exits)), account.resumed(self.unknowns, self.account))

    @cached_property
    def cells(self) -> Array:
        """The point's cells, (cell,)."""
        return cells(self.account, self.streams)[:, 0]

    @cached_property
    def _entries(self) -> Array:
        return self.streams.entries.T

    @cached_property
    def ordinary(self) -> Array:
        """Ordinary entries, (day, 1)."""
        return self.streams.ordinary_entries.T

    @cached_property
    def surplus(self) -> Array:
        """Entries beyond those, (day, 1)."""
        return self._entries - self.ordinary

    @cached_property
    def leaving(self) -> Leaving:
        """How that leaves."""
        return self.account.leaving(self.streams.stay)

    @cached_property
    def _bends(self) -> tuple[Array, Array]:
        """Derivative of log exits by log ordinary exits, and by returns, each (day, 1)."""
        ratio = self.streams.workings.returns.T / self.streams.ordinary_exits.T
        level, slope = bent(1 + ratio)
        return 1 - ratio * slope / level, slope / level / self.streams.ordinary_exits.T

    @cached_property
    def returns_by_stay(self) -> Array:
        """Derivatives of the returns by the four unknowns of the stay, (day, 4), by central differences."""
        step = 1e-4
        around = self.streams.stay + step * np.concatenate([np.eye(4), -np.eye(4)])
        made = self.account.leaving(around).act(np.repeat(self.surplus, 8, axis=1))
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
        of_entries, of_exits = self.slopes
        entries = of_entries.by_mean * logs.ordinary
        entries[after] += of_entries.by_mean[after] * logs.surge
        entries += of_entries.by_day * logs.day
        surplus = self.surplus * entries
        surplus[after] += self.ordinary[after] * logs.surge
        entries *= self._entries
        by_level, by_returns = self._bends
        returns = self.leaving.act(surplus)
        returns += self.returns_by_stay @ logs.stay
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
        of_entries, of_exits = self.slopes
        by_exits_mean = exits * of_exits.by_mean
        by_level, by_returns = self._bends
        by_return = by_exits_mean * by_returns
        by_surplus = back(self.leaving.act(back(by_return)))
        by_log = by_surplus * self.surplus
        by_log += by_entries * self._entries
        after = slice(account.first_event, None)
        surge = by_surplus[after] * self.ordinary[after]
        if by_ordinary is not None:
            by_log += by_ordinary * self.ordinary
            surge -= by_ordinary[after] * self.ordinary[after]
        by_mean = by_log * of_entries.by_mean
        surge += by_mean[after]
        return Logs(
            by_mean, by_log * of_entries.by_day, by_exits_mean * by_level, surge, by_exits_mean, exits * of_exits.by_day,
            self.returns_by_stay.T @ by_return, by_stock * self.streams.stock_before, kinds,
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
        out[at["surge"]] = account.steps_surge * back(revert(back(by_logs.surge), account.phi_surge))
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

        Of a series with itself only the symmetric part counts. They are made a block of days at a time, which
        stays near the processor.
        """
        account, prior = self.account, _covariances(self.account)
        first, days = account.first_event, account.days
        rough = account.roughness.factor**2
        of_entries, of_exits = self.slopes
        came = self._entries * of_entries.by_mean
        left = self.streams.exits.T * of_exits.by_mean
        by_level = left * self._bends[0]
        entries, between, among = (np.empty((days, days)) for _ in range(3))
        returning = _Returning(self, prior, left * self._bends[1])
        for begin, end in [*_blocks(0, first), *_blocks(first, days)]:
            block, since = slice(begin, end), slice(begin - first, end - first)
            np.multiply(prior.ordinary[block], came[block], out=entries[block])
            np.multiply(prior.both[block], by_level[block], out=between[block])
            between[block] *= of_entries.by_mean.T
            np.multiply(prior.ordinary_exits[block], by_level[block], out=among[block])
            among[block] *= by_level.T
            strays = prior.exits[block] * (rough * left[block])
            strays *= left.T
            among[block] += strays
            if begin >= first:
                entries[block, first:] += prior.surge[since] * (rough * came[block])
                with_entries, with_exits = returning.block(block, since)
                between[block] += with_entries
                with_exits *= by_level.T
                among[block] += with_exits
            entries[block] *= came.T
            between[block] *= self._entries.T
        returning.among(among[first:, first:])
        each = np.arange(days)
        entries[each, each] += (self._entries * of_entries.by_day)[:, 0] ** 2
        among[each, each] += (self.streams.exits.T * of_exits.by_day)[:, 0] ** 2
        daily = {(0, 0): entries, (1, 0): between, (1, 1): among}
        if account.kinds:
            daily |= self._registration_covariance(entries, between, rough * prior.registrations)
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


class _Returning:
    """What the surge's returns have to do with entries, with ordinary exits and with each other.

    Args:
        tangent: of an account. prior: its covariances.
        by_returns: derivatives of exits by returns, (day, 1).
    """

    def __init__(self, tangent: Tangent, prior: Covariances, by_returns: Array) -> None:
        after = slice(tangent.account.first_event, None)
        self._tangent, self._prior, self._after, self._by_returns = tangent, prior, after, by_returns[after]
        of_entries = tangent.slopes[0]
        self._by_mean = of_entries.by_mean
        self._surplus = tangent.surplus[after]
        # How the surplus moves with the log of ordinary entries, with the surge, and with its own single days.
        self._by_ordinary = self._surplus * self._by_mean[after]
        self._by_surge = self._by_ordinary + tangent.ordinary[after]
        self._by_day = (self._surplus * of_entries.by_day[after] ** 2)[:, 0]
        days = tangent.account.days
        self._ordinary, self._exits = (tangent.leaving.going(days) for _ in range(2))
        self._surge = tangent.leaving.going(days - tangent.account.first_event)
        self._with_surplus = np.empty((len(self._surplus),) * 2)

    def block(self, days: slice, since: slice) -> tuple[Array, Array]:
        """Covariances of the exits of some days, as far as they are returns, with the logs of each day's entries, and ordinary exits.

        The latter twice. The blocks are to be asked for in order.
        """
        ordinary = self._prior.ordinary[days] * self._by_ordinary[since]
        ordinary *= self._by_mean.T
        block = np.arange(days.stop - days.start)
        ordinary[block, days.start + block] += self._by_day[since]
        with_entries = self._ordinary.act(ordinary)
        rough = self._tangent.account.roughness.factor**2
        with_surge = self._surge.act(self._prior.surge[since] * (rough * self._by_surge[since]))
        after = with_entries[:, self._after]
        with_surplus = np.multiply(after, self._surplus.T, out=self._with_surplus[since])
        with_surplus += with_surge * self._by_surge.T
        with_surge *= self._by_mean[self._after].T
        after += with_surge
        with_entries *= self._by_returns[since]
        with_exits = self._exits.act(self._prior.both[days] * self._by_ordinary[since])
        with_exits *= 2 * self._by_returns[since]
        return with_entries, with_exits

    def among(self, exits: Array) -> None:
        """Add the covariances of the returns with each other to those of the exits since the event, in place."""
        going = self._tangent.leaving.going(len(exits))
        stay = self._by_returns * self._tangent.returns_by_stay[self._after]
        for begin, end in _blocks(0, len(exits)):
            returns = going.act(np.ascontiguousarray(self._with_surplus[:, begin:end].T))
            returns *= self._by_returns[begin:end]
            returns *= self._by_returns.T
            returns += stay[begin:end] @ stay.T
            exits[begin:end] += returns


def _blocks(begin: int, end: int) -> list[tuple[int, int]]:
    """Spans of days that are worked on together."""
    return [(day, min(day + BLOCK, end)) for day in range(begin, end, BLOCK)]

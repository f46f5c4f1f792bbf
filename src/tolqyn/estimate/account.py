"""One place and one group as one account: entries, exits, stock and registrations, day by day.

Pure. The unknowns are standard normal (`z`); `streams` turns them into daily counts, `gradient`
turns derivatives by counts into derivatives by unknowns. The model in words and formulas:
docs/concepts/method.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft, special

from tolqyn.estimate.priors import Priors

__all__ = ["Account", "Roughness", "Slopes", "Streams"]

Array = NDArray[np.float64]

_MOST = 25.0  # logs are kept within e±25, so that a wild step of the solver cannot overflow
_FLOOR = 0.2  # below this share of ordinary exits, a deficit of returns is bent instead of subtracted


@dataclass(frozen=True, slots=True)
class Roughness:
    """The learnt features of a situation's walks.

    `factor` multiplies the daily steps, `season` the weekly ones of the level; `exit_surge` is
    whether exits have a surge of their own.
    """

    factor: float = 1.0
    season: float = 1.0
    exit_surge: bool = False


@dataclass(frozen=True, slots=True)
class Workings:
    """What `Account.gradient` needs again of a batch of streams."""

    returns: Array
    registration_base: Array


@dataclass(frozen=True, slots=True)
class Streams:
    """Daily counts for a batch of unknowns; each array (batch, day), `stock_before` (batch,), `stay` (batch, 4).

    `stay` are the unknowns of how long the surplus stays, for `Account.staying`.
    """

    ordinary_entries: Array
    entries: Array
    ordinary_exits: Array
    exits: Array
    stock_before: Array
    registrations: Mapping[str, Array]
    stay: Array
    workings: Workings

    @property
    def stock(self) -> Array:
        """People present at the end of each day."""
        change = np.cumsum(self.entries - self.exits, axis=1)
        return self.stock_before[:, None] + change

    def mapped(self, change: Callable[[Array], Array]) -> Streams:
        """The same streams with every count changed."""
        return replace(
            self,
            ordinary_entries=change(self.ordinary_entries),
            entries=change(self.entries),
            ordinary_exits=change(self.ordinary_exits),
            exits=change(self.exits),
            stock_before=change(self.stock_before),
            registrations={kind: change(series) for kind, series in self.registrations.items()},
        )

    def rows(self, chosen: NDArray[Any]) -> Streams:
        """Some of the batch: a mask or indices."""
        return replace(self.mapped(lambda counts: counts[chosen]), stay=self.stay[chosen])

    @classmethod
    def joined(cls, parts: Sequence[Streams]) -> Streams:
        """Several batches as one."""

        def together(name: str) -> Array:
            return np.concatenate([getattr(part, name) for part in parts])

        return cls(
            together("ordinary_entries"),
            together("entries"),
            together("ordinary_exits"),
            together("exits"),
            together("stock_before"),
            {
                kind: np.concatenate([part.registrations[kind] for part in parts])
                for kind in parts[0].registrations
            },
            together("stay"),
            parts[0].workings,
        )


@dataclass(frozen=True, slots=True)
class Slopes:
    """Derivatives of m quantities by the daily counts: (m, day), and (m,) for the stock before."""

    entries: Array
    exits: Array
    stock_before: Array
    registrations: Mapping[str, Array]
    ordinary_entries: Array | None = None

    def with_ordinary(self, ordinary_entries: Array) -> Slopes:
        """The same, with derivatives by ordinary entries."""
        return replace(self, ordinary_entries=ordinary_entries)


class Account:
    """The map from standard normal unknowns to daily counts.

    Args:
        days: number of latent days.
        weekday: day of the week of the first, Monday is 0.
        events: indices of event days, those before the first day left out.
        kinds: kinds of registrations that are spoken of.
        level: typical entries per day, centre of a wide prior.
        stock: persons present before the first day, centre of a wide prior.
        roughness, priors: the constants.
    """

    def __init__(
        self,
        *,
        days: int,
        weekday: int,
        events: Sequence[int],
        kinds: Sequence[str],
        level: float,
        stock: float,
        roughness: Roughness,
        priors: Priors,
    ) -> None:
        self.days = days
        self.events = tuple(events)
        self.first_event = min(events, default=0)  # without events the walk runs from the start
        self.kinds = tuple(kinds)
        self.priors = priors
        self._log_level = float(np.log(level))
        self._log_stock = float(np.log(stock))
        self._phi = 0.5 ** (1 / priors.half_life_days)
        self._phi_calm = 0.5 ** (1 / priors.calm_half_life_days)
        self._weekday_map = _weekday_map(days, weekday) * priors.weekday_sd
        self._level_map, self._ratio_map, self._level_steps = self._slow_maps(roughness.season)
        event_exit = priors.exit_surge_step_sd if roughness.exit_surge else priors.exit_event_step_sd
        rough = roughness.factor
        self._steps_calm = np.full(days, priors.calm_step_sd)
        self._steps_calm[0] /= np.sqrt(1 - self._phi_calm**2)
        self._steps_surge = rough * self._steps(priors.surge_step_sd, priors.event_step_sd)
        self._steps_surge[: self.first_event] = 0.0
        self._steps_exits = rough * self._steps(priors.exit_calm_step_sd, event_exit)
        self._steps_registrations = rough * self._steps(
            priors.registration_calm_step_sd, priors.registration_event_step_sd
        )
        delay = _delays(days, priors.registration_delay_days, shape=2.0)
        self._delay = delay
        self._delay_seen = np.cumsum(delay)
        sizes = {
            "level": self._level_map.shape[1],
            "weekday_entries": 6,
            "weekday_exits": 6,
            "ratio": self._ratio_map.shape[1],
            "calm": days,
            "surge": days - self.first_event,
            "exits": days,
            "day_entries": days,
            "day_exits": days,
            "stay": 4,
            "stock": 1,
            **{f"share {kind}": 1 for kind in self.kinds},
            **{f"walk {kind}": days for kind in self.kinds},
        }
        ends = np.cumsum(list(sizes.values()))
        self._at = {
            name: slice(int(end) - size, int(end))
            for (name, size), end in zip(sizes.items(), ends, strict=True)
        }
        self.size = int(ends[-1])

    def streams(self, z: Array) -> Streams:
        """Daily counts for unknowns `z`, (batch, size)."""
        at = self._at
        level = self._log_level + z[:, at["level"]] @ self._level_map.T
        calm = self._walk(z[:, at["calm"]], self._steps_calm, self._phi_calm)
        log_ordinary = level + z[:, at["weekday_entries"]] @ self._weekday_map.T + calm
        log_ordinary += self.priors.day_sd * z[:, at["day_entries"]]
        log_ordinary_exits = (
            level + z[:, at["ratio"]] @ self._ratio_map.T + z[:, at["weekday_exits"]] @ self._weekday_map.T
        )
        ordinary = _exp(log_ordinary)
        surge = np.zeros_like(log_ordinary)
        surge[:, self.first_event :] = self._walk(z[:, at["surge"]], self._steps_surge[self.first_event :])
        entries = _exp(log_ordinary + surge)
        ordinary_exits = _exp(log_ordinary_exits)
        stay = z[:, at["stay"]]
        returns = _convolve(self._departures(stay), entries - ordinary)
        expected = ordinary_exits * _bent(1 + returns / ordinary_exits)[0]
        astray = self._walk(z[:, at["exits"]], self._steps_exits) + self.priors.day_sd * z[:, at["day_exits"]]
        exits = expected * _exp(astray)
        before = np.exp(
            np.clip(self._log_stock + self.priors.stock_sd * z[:, at["stock"]][:, 0], -_MOST, _MOST)
        )
        base = np.empty((0, 0))
        registrations = {}
        if self.kinds:
            # Those who came before the first day are taken to have come as on the days seen.
            base = np.maximum(_convolve(self._delay, entries), 1e-9) / self._delay_seen
            for kind in self.kinds:
                share = np.log(self.priors.registration_share) + (
                    self.priors.registration_share_sd * z[:, at[f"share {kind}"]]
                )
                walk = self._walk(z[:, at[f"walk {kind}"]], self._steps_registrations)
                registrations[kind] = base * _exp(share + walk)
        return Streams(
            ordinary, entries, ordinary_exits, exits, before, registrations, stay, Workings(returns, base)
        )

    def gradient(self, streams: Streams, slopes: Slopes) -> Array:
        """Derivatives of m quantities by the unknowns at one point, (m, size).

        Args:
            streams: the point, a batch of one.
            slopes: the quantities' derivatives by the counts.
        """
        at = self._at
        out = np.zeros((len(slopes.entries), self.size))
        by_entries = slopes.entries.copy()
        for kind in self.kinds:
            by_entries += self._through_registrations(kind, streams, slopes.registrations[kind], out)
        by_surplus, by_log_level = self._through_exits(streams, slopes.exits, out)
        by_ordinary = -by_surplus
        if slopes.ordinary_entries is not None:
            by_ordinary = by_ordinary + slopes.ordinary_entries
        by_log_entries = (by_entries + by_surplus) * streams.entries
        after = slice(self.first_event, None)
        out[:, at["surge"]] = self._walk_back(by_log_entries[:, after], self._steps_surge[after])
        by_log_ordinary = by_log_entries + by_ordinary * streams.ordinary_entries
        out[:, at["calm"]] = self._walk_back(by_log_ordinary, self._steps_calm, self._phi_calm)
        out[:, at["day_entries"]] = self.priors.day_sd * by_log_ordinary
        out[:, at["weekday_entries"]] = by_log_ordinary @ self._weekday_map
        out[:, at["level"]] = (by_log_ordinary + by_log_level) @ self._level_map
        out[:, at["stock"]] = (self.priors.stock_sd * slopes.stock_before * streams.stock_before)[:, None]
        return out

    def _through_registrations(self, kind: str, streams: Streams, slopes: Array, out: Array) -> Array:
        """Fill `out` where registrations of a kind depend on it; derivatives by the entries before them."""
        by_entries = np.zeros_like(slopes)
        rows = np.flatnonzero(slopes.any(axis=1))  # few quantities speak of registrations
        by_log = slopes[rows] * streams.registrations[kind]
        out[rows, self._at[f"share {kind}"]] = self.priors.registration_share_sd * by_log.sum(
            axis=1, keepdims=True
        )
        out[rows, self._at[f"walk {kind}"]] = self._walk_back(by_log, self._steps_registrations)
        by_base = by_log / streams.workings.registration_base
        by_entries[rows] = _correlate(self._delay, by_base / self._delay_seen)
        return by_entries

    def _through_exits(self, streams: Streams, slopes: Array, out: Array) -> tuple[Array, Array]:
        """Fill `out` where exits alone depend on it; derivatives by surplus entries and by the log level."""
        at, work = self._at, streams.workings
        by_surplus, by_log_level = np.zeros_like(slopes), np.zeros_like(slopes)
        rows = np.flatnonzero(slopes.any(axis=1))
        by_log = slopes[rows] * streams.exits
        out[rows, at["exits"]] = self._walk_back(by_log, self._steps_exits)
        out[rows, at["day_exits"]] = self.priors.day_sd * by_log
        ratio = work.returns / streams.ordinary_exits
        bent, bend = _bent(1 + ratio)
        by_returns = by_log * (bend / bent) / streams.ordinary_exits
        surplus = streams.entries - streams.ordinary_entries
        slopes_of_returns = np.concatenate(
            [_convolve(slope, surplus) for slope in self._departure_slopes(streams.stay)]
        )
        out[rows, at["stay"]] = by_returns @ slopes_of_returns.T
        by_surplus[rows] = _correlate(self._departures(streams.stay), by_returns)
        by_log_ordinary = by_log * (1 - ratio * bend / bent)
        out[rows, at["weekday_exits"]] = by_log_ordinary @ self._weekday_map
        out[rows, at["ratio"]] = by_log_ordinary @ self._ratio_map
        by_log_level[rows] = by_log_ordinary
        return by_surplus, by_log_level

    def carried(self, z: Array, before: Account) -> Array:
        """The unknowns, (size,), that come to the same counts as `z` did under another roughness."""
        scales = {
            "level": (before._level_steps, self._level_steps),
            "surge": (before._steps_surge[self.first_event :], self._steps_surge[self.first_event :]),
            "exits": (before._steps_exits, self._steps_exits),
            **{
                f"walk {kind}": (before._steps_registrations, self._steps_registrations)
                for kind in self.kinds
            },
        }
        out = z.copy()
        for name, (old, new) in scales.items():
            out[self._at[name]] *= old / new
        return out

    def staying(self, stay: Array, days: int) -> Array:
        """Share of the surplus still inside at the end of 0, 1, 2 ... days since entry, (batch, days)."""
        shares, transit, visit = _shares(stay, self.priors)
        age = np.arange(1, days + 1)
        x = age / (visit / 2)
        visiting = (1 + x) * np.exp(-x)  # Erlang, two stages: few leave at once
        still: Array = shares[:, :1] * np.exp(-age / transit) + shares[:, 1:2] * visiting + shares[:, 2:]
        return still

    def astray(self, streams: Streams) -> Array:
        """The factor by which exits stray from what entries and stays imply, (batch, day)."""
        returns = _convolve(self._departures(streams.stay), streams.entries - streams.ordinary_entries)
        expected = streams.ordinary_exits * _bent(1 + returns / streams.ordinary_exits)[0]
        factor: Array = streams.exits / expected
        return factor

    def _steps(self, calm: float, event: float) -> Array:
        """Standard deviation of each day's step: calm, and restless after events."""
        day = np.arange(self.days)
        steps = np.full(self.days, calm)
        for start in self.events:
            since = day - start
            steps += np.where(
                since >= 0, event * np.exp(-np.maximum(since, 0) / self.priors.event_decay_days), 0
            )
        # The walk starts where a long calm would have left it.
        steps[0] = max(steps[0], calm / np.sqrt(1 - self._phi**2))
        return steps

    def _slow_maps(self, season: float) -> tuple[Array, Array, Array]:
        """Weekly random walks, straight between their knots: level of both flows, ratio of exits to entries.

        The third is the level's steps.
        """
        priors = self.priors
        knots = np.arange(0, self.days + 7, 7)
        day = np.arange(self.days)
        hats = np.maximum(1 - np.abs(day[:, None] - knots) / 7, 0)
        walk = np.tril(np.ones((len(knots), len(knots))))
        weeks = (self.first_event - knots[1:]) / 7 if self.events else np.full(len(knots) - 1, np.inf)
        steps = np.select(
            [weeks < 0, weeks < priors.near_weeks],
            [priors.level_week_sd_after, priors.level_week_sd_near],
            season * priors.level_week_sd,
        )
        level = np.r_[priors.level_sd, steps]
        ratio = np.r_[priors.ratio_sd, np.full(len(knots) - 1, priors.ratio_week_sd)]
        return hats @ (walk * level), hats @ (walk * ratio), level

    def _walk(self, z: Array, steps: Array, phi: float | None = None) -> Array:
        """A mean-reverting walk from its whitened steps, (batch, day)."""
        return _revert(z * steps, phi or self._phi)

    def _walk_back(self, by_walk: Array, steps: Array, phi: float | None = None) -> Array:
        """The transpose of `_walk`."""
        passed: Array = _revert(by_walk[:, ::-1], phi or self._phi)[:, ::-1] * steps
        return passed

    def _departures(self, stay: Array) -> Array:
        """Share of a day's surplus that leaves after 0, 1, 2 ... days, (batch, day)."""
        gone: Array = -np.diff(self.staying(stay, self.days), axis=1, prepend=1.0)
        return gone

    def _departure_slopes(self, stay: Array) -> list[Array]:
        """Derivatives of `_departures` by the four unknowns, each (1, day), by central differences."""
        step = 1e-4
        return [
            (self._departures(stay + step * unit) - self._departures(stay - step * unit)) / (2 * step)
            for unit in np.eye(4)
        ]


def _shares(stay: Array, priors: Priors) -> tuple[Array, Array, Array]:
    """Shares (batch, 3) and the two mean stays (batch, 1) that four unknowns stand for."""
    rest = 1 - priors.transit_share - priors.visit_share
    logits = np.log(np.array([priors.transit_share, priors.visit_share, rest]) / rest)
    logits = np.repeat(logits[None], len(stay), axis=0)
    logits[:, :2] += priors.share_logit_sd * stay[:, :2]
    parts = np.exp(np.clip(logits, -_MOST, _MOST))
    means = np.exp(np.clip(priors.stay_days_sd * stay[:, 2:], -3, 3))
    return (
        parts / parts.sum(axis=1, keepdims=True),
        priors.transit_days * means[:, :1],
        priors.visit_days * means[:, 1:],
    )


def _weekday_map(days: int, weekday: int) -> Array:
    """Six unknowns to a weekday effect that sums to zero over the week, unit variance, (day, 6)."""
    contrasts = np.linalg.qr(np.c_[np.ones(7), np.eye(7)[:, :6]])[0][:, 1:]
    mapped: Array = (contrasts * np.sqrt(7 / 6))[(np.arange(days) + weekday) % 7]
    return mapped


def _delays(days: int, mean: float, shape: float) -> Array:
    """Share that acts 0, 1, 2 ... days later, (day,): a gamma delay cut into days."""
    edges = special.gammainc(shape, np.arange(days + 1) * shape / mean)
    cut: Array = np.diff(edges)
    return cut


def _exp(x: Array) -> Array:
    result: Array = np.exp(np.clip(x, -_MOST, _MOST))
    return result


def _bent(ratio: Array) -> tuple[Array, Array]:
    """The same where it is above the floor, else bent so that it stays positive; and its slope."""
    low = _FLOOR * np.exp(np.minimum((ratio - _FLOOR) / _FLOOR, 0))
    return np.where(ratio > _FLOOR, ratio, low), np.where(ratio > _FLOOR, 1.0, low / _FLOOR)


def _convolve(kernel: Array, series: Array) -> Array:
    """Causal convolution along the days; rows of either may be one for all."""
    days = series.shape[-1]
    size = fft.next_fast_len(2 * days, real=True)
    made: Array = fft.irfft(fft.rfft(kernel, size) * fft.rfft(series, size), size)[..., :days]
    return made


def _correlate(kernel: Array, series: Array) -> Array:
    """The transpose of `_convolve` in its series."""
    return _convolve(kernel, series[..., ::-1])[..., ::-1]


def _revert(steps: Array, phi: float) -> Array:
    """w(t) = phi w(t-1) + steps(t), (batch, day).

    By doubling, in log2(days) passes over the whole array: a filter of scipy.signal does the same, and
    takes longer to import than an estimate of ordinary size takes to make.
    """
    walked = np.array(steps)
    reach, decay = 1, phi
    while reach < walked.shape[1]:
        walked[:, reach:] += decay * walked[:, :-reach]
        reach, decay = 2 * reach, decay * decay
    return walked

"""One place and one group as one account: entries, exits, stock and registrations, day by day.

Pure. The unknowns are standard normal (`z`); `streams` turns them into daily counts, `gradient`
turns derivatives by counts into derivatives by unknowns. The model in words and formulas:
docs/concepts/method.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate import scatter
from tolqyn.estimate.filters import Leaving, Weekly, back, revert
from tolqyn.estimate.priors import Priors

__all__ = ["Account", "Logs", "Roughness", "Slopes", "Streams"]

Array = NDArray[np.float64]
Single = NDArray[np.float32]

_MOST = 25.0  # logs are kept within e±25, so that a wild step of the solver cannot overflow
_NOBODY = 0.5  # stands for nobody where draws are in whole persons and a share of them is asked for
_FLOOR = 0.2  # below this share of ordinary exits, a deficit of returns is bent instead of subtracted


@dataclass(frozen=True, slots=True)
class Roughness:
    """The learnt features of an account's walks.

    `factor` multiplies the daily steps of surge and exits, `season` the weekly ones of the level, `stray` how far
    single days stray from all walks; `exit_surge` is whether exits have a surge of their own.
    """

    factor: float = 1.0
    season: float = 1.0
    exit_surge: bool = False
    stray: float = 1.0


@dataclass(frozen=True, slots=True)
class Logs:
    """Daily logs of a batch about their centres, linear in the unknowns; each array (day, batch).

    Attributes:
        ordinary, ordinary_exits: ordinary traffic. surge: of entries, from the first event on.
        day, day_exits: the unknowns of single days (see `scatter`).
        exits: how exits stray. stay: its four unknowns, (4, batch). stock: before the first day, (batch,).
        registrations: of each kind, the log of the share that registers.
    """

    ordinary: Array
    day: Array
    ordinary_exits: Array
    surge: Array
    exits: Array
    day_exits: Array
    stay: Array
    stock: Array
    registrations: Mapping[str, Array]

    def each(self, change: Callable[[Array], Array]) -> Logs:
        """The same with every array changed."""
        return Logs(
            change(self.ordinary), change(self.day), change(self.ordinary_exits), change(self.surge),
            change(self.exits), change(self.day_exits), change(self.stay), change(self.stock),
            {kind: change(one) for kind, one in self.registrations.items()},
        )  # fmt: skip

    def add(self, other: Logs) -> Logs:
        """These, with others added to them in place."""
        for name in _LOGS:
            mine: Array = getattr(self, name)
            mine += getattr(other, name)
        for kind, series in self.registrations.items():
            np.add(series, other.registrations[kind], out=series)
        return self

    def rows(self, which: NDArray[Any] | slice) -> Logs:
        """Some of the batch: a mask, indices or a slice."""
        return self.each(lambda one: one[..., which])


# From means, unknowns of single days, and 0 for entries or 1 for exits.
_Scattered = Callable[[Array, Array, int], Array]
_LOGS = ("ordinary", "day", "ordinary_exits", "surge", "exits", "day_exits", "stay", "stock")


class Means(NamedTuple):
    """What a batch of daily logs comes to before single days of exits scatter, each (day, batch).

    Attributes:
        entries: before single days scatter. came: after that. ordinary: of those, without the surge.
        ordinary_exits: of a day. returns: of the surge's stays. exits: with all but the scatter of single days.
    """

    entries: Array
    came: Array
    ordinary: Array
    ordinary_exits: Array
    returns: Array
    exits: Array


@dataclass(frozen=True, slots=True)
class Workings:
    """What a `Tangent` needs again of a batch of streams."""

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

    def bare(self) -> Streams:
        """The same without what only a `Tangent` needs."""
        return replace(self, workings=Workings(np.empty((0, 0)), np.empty((0, 0))))

    def with_rows(self, which: NDArray[Any], part: Streams) -> Streams:
        """The same batch with some rows put in their places; the arrays are changed."""
        for name in ("ordinary_entries", "entries", "ordinary_exits", "exits", "stock_before", "stay"):
            getattr(self, name)[which] = getattr(part, name)
        for kind, series in part.registrations.items():
            self.registrations[kind][which] = series
        return self


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
        alone: days of which a figure of entries, or of exits, speaks of that day alone, each (day,); None is all.
        untold: whether no figure is of days before the first event: how far the surge towers over them is then a guess.
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
        alone: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None = None,
        untold: bool = False,
    ) -> None:
        self.days = days
        self.untold = untold and bool(events)
        self.alone = alone or (np.ones(days, dtype=np.bool_), np.ones(days, dtype=np.bool_))
        self.events = tuple(events)
        self.first_event = min(events, default=0)  # without events the walk runs from the start
        self.kinds = tuple(kinds)
        self.weekday = weekday
        self.roughness = roughness
        self.priors = priors
        self._log_level = float(np.log(level))
        self.log_stock = float(np.log(stock))
        self.phi = 0.5 ** (1 / priors.half_life_days)
        self.level_sd = priors.untold_level_sd if self.untold else priors.level_sd
        # What a surge would fall back to is as unknown as how far it towers over it.
        self.phi_surge = 1.0 if self.untold else self.phi
        self._log_surge = priors.untold_height if self.untold else 0.0
        self.phi_calm = 0.5 ** (1 / priors.calm_half_life_days)
        self.weekday_map = _weekday_map(days, weekday) * priors.weekday_sd
        self.level, self.ratio = self._slow_walks(roughness.season)
        event_exit = priors.exit_surge_step_sd if roughness.exit_surge else priors.exit_event_step_sd
        rough = roughness.factor
        self.day_sd = roughness.stray * priors.day_sd
        self.steps_calm = np.full((days, 1), priors.calm_step_sd)
        self.steps_calm[0] /= np.sqrt(1 - self.phi_calm**2)
        self.steps_surge = rough * self._steps(priors.surge_step_sd, priors.event_step_sd)[self.first_event :]
        if self.untold:
            self.steps_surge[0] = rough * priors.untold_height_sd
        self.steps_exits = rough * self._steps(priors.exit_calm_step_sd, event_exit)
        self.steps_registrations = rough * self._steps(
            priors.registration_calm_step_sd, priors.registration_event_step_sd
        )
        delay = np.array([priors.registration_delay_days])
        self.delay = Leaving.of(np.zeros(1), np.ones(1), np.ones(1), delay)
        self.delay_seen = np.cumsum(self.delay.act(np.eye(days, 1)), axis=0)
        sizes = {
            "level": len(self.level.steps),
            "weekday_entries": 6,
            "weekday_exits": 6,
            "ratio": len(self.ratio.steps),
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
        self.at = {
            name: slice(int(end) - size, int(end))
            for (name, size), end in zip(sizes.items(), ends, strict=True)
        }
        self.size = int(ends[-1])

    def streams(self, z: Array) -> Streams:
        """Daily counts for unknowns `z`, (batch, size); of days that are not stated alone, as expected about them."""
        return self._counts(self.logs(z), self._expected)

    def logs(self, z: Array | Single) -> Logs:
        """Daily logs for unknowns `z`, (batch, size)."""
        at, zt = self.at, z.T
        level = self.level.act(zt[at["level"]])
        ordinary = level + self.weekday_map @ zt[at["weekday_entries"]]
        level += self.ratio.act(zt[at["ratio"]])
        level += self.weekday_map @ zt[at["weekday_exits"]]
        ordinary += revert(zt[at["calm"]] * self.steps_calm, self.phi_calm)
        return Logs(
            ordinary, np.array(zt[at["day_entries"]], dtype=float), level, revert(zt[at["surge"]] * self.steps_surge, self.phi_surge),
            revert(zt[at["exits"]] * self.steps_exits, self.phi),
            np.array(zt[at["day_exits"]], dtype=float),
            np.array(zt[at["stay"]], dtype=float), self.priors.stock_sd * np.array(zt[at["stock"]][0], dtype=float),
            {
                kind: revert(zt[at[f"walk {kind}"]] * self.steps_registrations, self.phi)
                + self.priors.registration_share_sd * zt[at[f"share {kind}"]]
                for kind in self.kinds
            },
        )  # fmt: skip

    def spread(self, by_logs: Logs) -> Logs:
        """The prior covariance of the logs times derivatives by them: where a pull on them moves them."""

        def walked(pull: Array, steps: Array, phi: float) -> Array:
            return revert(steps**2 * back(revert(back(pull), phi)), phi)

        own, other = by_logs.ordinary, by_logs.ordinary_exits
        level = self.level.act(self.level.act_back(own + other))
        ordinary = walked(own, self.steps_calm, self.phi_calm)
        ordinary += self.weekday_map @ (self.weekday_map.T @ own)
        ordinary += level
        level += self.ratio.act(self.ratio.act_back(other))
        level += self.weekday_map @ (self.weekday_map.T @ other)
        share = self.priors.registration_share_sd**2
        return Logs(
            ordinary, by_logs.day, level, walked(by_logs.surge, self.steps_surge, self.phi_surge),
            walked(by_logs.exits, self.steps_exits, self.phi), by_logs.day_exits, by_logs.stay,
            self.priors.stock_sd**2 * by_logs.stock,
            {
                kind: walked(pull, self.steps_registrations, self.phi) + share * pull.sum(axis=0)
                for kind, pull in by_logs.registrations.items()
            },
        )  # fmt: skip

    def counts(self, logs: Logs) -> Streams:
        """Daily counts for daily logs."""
        return self._counts(logs, self._scattered)

    def means(self, logs: Logs) -> Means:
        """What daily logs come to before single days scatter, with what is expected of entries after that."""
        return self._means(logs, self._expected)

    def log_chance_of_somebody(self, means: Means) -> float:
        """Log chance that somebody came, or left, on each of the days that are stated alone."""
        return sum(
            float(scatter.log_chance_of_somebody(mean[alone], self.day_sd).sum())
            for mean, alone in zip((means.entries, means.exits), self.alone, strict=True)
        )

    def slopes(self, logs: Logs, means: Means) -> tuple[scatter.Slopes, scatter.Slopes]:
        """Derivatives of the logs of entries and of exits by those of their means and by the unknowns of single days."""
        entries, exits = self.alone
        return (
            scatter.slopes(means.entries, logs.day, self.day_sd, entries[:, None]),
            scatter.slopes(means.exits, logs.day_exits, self.day_sd, exits[:, None]),
        )

    def _scattered(self, mean: Array, day: Array, _: int) -> Array:
        return scatter.scattered(mean, day, self.day_sd)

    def _expected(self, mean: Array, day: Array, series: int) -> Array:
        return scatter.expected(mean, day, self.day_sd, self.alone[series][:, None])

    def _means(self, logs: Logs, scattered: _Scattered) -> Means:
        log_entries = self._log_level + logs.ordinary
        ordinary, ordinary_exits = _exp(log_entries), _exp(self._log_level + logs.ordinary_exits)
        log_entries[self.first_event :] += self._log_surge + logs.surge
        entries = _exp(log_entries)
        factor = scattered(entries, logs.day, 0)
        came = entries * factor
        ordinary *= factor
        returns = self.leaving(logs.stay.T).act(came - ordinary)
        exits = ordinary_exits * bent(1 + returns / ordinary_exits)[0]
        exits *= _exp(logs.exits)
        return Means(entries, came, ordinary, ordinary_exits, returns, exits)

    def _counts(self, logs: Logs, scattered: _Scattered) -> Streams:
        made = self._means(logs, scattered)
        exits = made.exits * scattered(made.exits, logs.day_exits, 1)
        before = _exp(self.log_stock + logs.stock)
        base = np.empty((0, 0))
        registrations = {}
        if self.kinds:
            # Those who came before the first day are taken to have come as on the days seen.
            base = np.maximum(self.delay.act(made.came), 1e-9) / self.delay_seen
            for kind, share in logs.registrations.items():
                registrations[kind] = (base * _exp(np.log(self.priors.registration_share) + share)).T
        return Streams(
            made.ordinary.T, made.came.T, made.ordinary_exits.T, exits.T, before, registrations, logs.stay.T,
            Workings(made.returns.T, base.T),
        )  # fmt: skip

    def carried(self, z: Array, before: Account) -> Array:
        """The unknowns, (size,), that come to the same counts as `z` did under another roughness."""
        scales = {
            "level": (before.level.steps, self.level.steps),
            "surge": (before.steps_surge, self.steps_surge),
            "exits": (before.steps_exits, self.steps_exits),
            **{f"walk {kind}": (before.steps_registrations, self.steps_registrations) for kind in self.kinds},
        }
        out = z.copy()
        for name, (old, new) in scales.items():
            out[self.at[name]] *= np.ravel(old / new)
        if self.day_sd != before.day_sd:
            logs = before.logs(z[None])
            made = before.means(logs)  # the same of both
            for name, mean, day, alone in (
                ("day_entries", made.entries, logs.day, self.alone[0]),
                ("day_exits", made.exits, logs.day_exits, self.alone[1]),
            ):
                there = scatter.carried(mean, day, before.day_sd, self.day_sd, alone[:, None])
                out[self.at[name]] = there[:, 0]
        return out

    def exact(self) -> Account:
        """The same with all days taken as stated alone: `streams` are then the counts themselves."""
        every = np.ones(self.days, dtype=np.bool_)
        return self.with_alone((every, every))

    def with_alone(self, alone: tuple[NDArray[np.bool_], NDArray[np.bool_]]) -> Account:
        """The same with other days taken as stated alone."""
        other = copy(self)
        other.alone = alone
        return other

    def resumed(self, z: Array, before: Account) -> Array:
        """The unknowns, (size,), that come to nearly the counts that `z` came to over fewer days or about other levels.

        Both begin on the same day.
        """
        out = np.zeros(self.size)
        for name, mine in self.at.items():
            if name in before.at:
                part = z[before.at[name]][: mine.stop - mine.start]
                out[mine.start : mine.start + len(part)] = part
        height = before._log_surge + before.steps_surge[0, 0] * z[before.at["surge"].start]
        out[self.at["surge"].start] = (height - self._log_surge) / self.steps_surge[0, 0]
        out[self.at["level"].start] = (
            before.level_sd * z[before.at["level"].start] + before._log_level - self._log_level
        ) / self.level_sd
        out[self.at["stock"]] += (before.log_stock - self.log_stock) / self.priors.stock_sd
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
        surplus = (streams.entries - streams.ordinary_entries).T
        returns = self.leaving(streams.stay).act(surplus).T
        ordinary = np.maximum(streams.ordinary_exits, _NOBODY)
        expected = ordinary * bent(1 + returns / ordinary)[0]
        factor: Array = streams.exits / expected
        return factor

    def leaving(self, stay: Array) -> Leaving:
        """How a day's surplus leaves later, for the unknowns of its stay, (batch, 4)."""
        shares, transit, visit = _shares(stay, self.priors)
        return Leaving.of(shares[:, 0], transit[:, 0], shares[:, 1], visit[:, 0])

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
        steps[0] = max(steps[0], calm / np.sqrt(1 - self.phi**2))
        return steps[:, None]

    def _slow_walks(self, season: float) -> tuple[Weekly, Weekly]:
        """Walks by the week: the level of both flows, and the ratio of exits to entries."""
        priors = self.priors
        knots = np.arange(0, self.days + 7, 7)
        weeks = (self.first_event - knots[1:]) / 7 if self.events else np.full(len(knots) - 1, np.inf)
        steps = np.select(
            [weeks < 0, weeks < priors.near_weeks],
            [priors.level_week_sd_after, priors.level_week_sd_near],
            season * priors.level_week_sd,
        )
        ratio = np.full(len(steps), priors.ratio_week_sd)
        return (
            Weekly.of(self.days, np.r_[self.level_sd, steps]),
            Weekly.of(self.days, np.r_[priors.ratio_sd, ratio]),
        )


def _shares(stay: Array, priors: Priors) -> tuple[Array, Array, Array]:
    """Shares (batch, 3) and the two mean stays (batch, 1) that four unknowns stand for.

    The first is how many leave again at all, the second how many of those are in transit.
    """
    leave = _share(priors.leave_share, priors.leave_logit_sd * stay[:, :1])
    transit = _share(priors.transit_share, priors.transit_logit_sd * stay[:, 1:2])
    means = np.exp(np.clip(priors.stay_days_sd * stay[:, 2:], -3, 3))
    return (
        np.concatenate([leave * transit, leave * (1 - transit), 1 - leave], axis=1),
        priors.transit_days * means[:, :1],
        priors.visit_days * means[:, 1:],
    )


def _share(centre: float, logit: Array) -> Array:
    """A share so many logits from its centre."""
    share: Array = 1 / (1 + (1 / centre - 1) * np.exp(-np.clip(logit, -_MOST, _MOST)))
    return share


def _weekday_map(days: int, weekday: int) -> Array:
    """Six unknowns to a weekday effect that sums to zero over the week, unit variance, (day, 6)."""
    contrasts = np.linalg.qr(np.c_[np.ones(7), np.eye(7)[:, :6]])[0][:, 1:]
    mapped: Array = (contrasts * np.sqrt(7 / 6))[(np.arange(days) + weekday) % 7]
    return mapped


def _exp(x: Array) -> Array:
    kept: Array = np.clip(x, -_MOST, _MOST)
    return np.exp(kept, out=kept)


def bent(ratio: Array) -> tuple[Array, Array]:
    """The same where it is above the floor, else bent so that it stays positive; and its slope."""
    above = ratio > _FLOOR
    if above.all():
        return ratio, np.ones_like(ratio)
    low = _FLOOR * np.exp(np.minimum((ratio - _FLOOR) / _FLOOR, 0))
    return np.where(above, ratio, low), np.where(above, 1.0, low / _FLOOR)

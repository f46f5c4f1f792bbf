"""One place and group of a wave: its daily draws, the days that the report speaks of, and its turn.

Pure: reads draws off a posterior. A stream that was not estimated is None; the report then leaves out
what would need it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.posterior import Posterior
from tolqyn.report.evidence import Evidence
from tolqyn.report.words import tidy

__all__ = ["Subject", "Turn", "subjects"]

_FLOWS = ("entries", "exits")


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of sign in the daily balance: since `day` more leave than come (`sign` -1), or fewer."""

    day: date
    sign: int
    probability: float


@dataclass(frozen=True, eq=False)
class Subject:
    """The draws of one place and group.

    Attributes:
        since: the day from which the report counts: the first event, else the first day of the study.
        event: name of that event; None without events.
        until: the last day that a used statement speaks of; the report makes no headline beyond it.
        told_from: the first day of the study that a used statement of crossings counts.
    """

    posterior: Posterior
    place: str
    group: str
    since: date
    event: str | None
    until: date
    told_from: date

    def series(self, measure: str, kind: str | None = None) -> NDArray[np.float64] | None:
        """Draws of a stream, (draw, day), summed over counterparts where only those were estimated; None where unknown."""
        found = {
            stream.counterpart: values
            for stream, values in self.posterior.values.items()
            if (stream.measure, stream.place, stream.group, stream.kind)
            == (measure, self.place, self.group, kind)
            and stream not in self.posterior.unknown
        }
        if not found:
            return None
        if None in found:
            return found[None]
        total: NDArray[np.float64] = np.sum(list(found.values()), axis=0)
        return total

    @cached_property
    def net(self) -> NDArray[np.float64] | None:
        """Entries minus exits of each day, (draw, day)."""
        entries, exits = self.series("entries"), self.series("exits")
        return self.series("net") if entries is None or exits is None else entries - exits

    @cached_property
    def added(self) -> NDArray[np.float64] | None:
        """Entries minus exits from `since` to the end of each day, (draw, day); 0 before."""
        if self.net is None:
            return None
        counted = self.net.copy()
        counted[:, : self.index(self.since)] = 0
        return np.cumsum(counted, axis=1)

    @cached_property
    def ordinary(self) -> dict[str, NDArray[np.float64]]:
        """Draws of ordinary traffic by measure, where the estimate tells it from the surge."""
        levels = {}
        for measure in _FLOWS:
            level, excess, total = (
                self.series(f"ordinary_{measure}"),
                self.series(f"excess_{measure}"),
                self.series(measure),
            )
            if level is not None:
                levels[measure] = level
            elif excess is not None and total is not None:
                levels[measure] = total - excess
        return levels

    def index(self, when: date) -> int:
        """The place of a day in the study."""
        return (when - self.posterior.days[0]).days

    def sum(
        self, series: NDArray[np.float64], start: date | None = None, end: date | None = None
    ) -> NDArray[np.float64]:
        """Draws summed over days, (draw,); from `since` to `until` unless said otherwise."""
        total: NDArray[np.float64] = series[
            :, self.index(start or self.since) : self.index(end or self.until) + 1
        ].sum(axis=1)
        return total

    def turn(self, sure: float = 0.9) -> Turn | None:
        """The last day on which the daily balance changed its sign for good, as far as is known.

        A day has a sign where at least `sure` of the draws share it. The turn is the first day of the
        last run of one sign that follows a day of the other sign, since `since`.
        """
        if self.net is None:
            return None
        first, last = self.index(self.since), self.index(self.until)
        above = (self.net[:, first : last + 1] > 0).mean(axis=0)
        signs = np.where(above >= sure, 1, np.where(above <= 1 - sure, -1, 0))
        told = [(n, int(sign)) for n, sign in enumerate(signs) if sign]
        for (_, earlier), (n, later) in zip(reversed(told[:-1]), reversed(told[1:]), strict=True):
            if earlier != later:
                share = above[n] if later > 0 else 1 - above[n]
                return Turn(self.since + timedelta(days=n), later, float(share))
        return None


def subjects(posterior: Posterior, evidence: Evidence) -> list[Subject]:
    """The places and groups of the situation for which something was estimated, in its order."""
    situation = posterior.situation
    first, last = posterior.days[0], posterior.days[-1]
    inside = [event for event in situation.events if first <= event.date <= last]
    since, event = (inside[0].date, tidy(inside[0].name, 120)) if inside else (first, None)
    estimated = {(stream.place, stream.group) for stream in posterior.values}
    wanted = [(place, group) for place in situation.places for group in situation.groups]
    others = sorted(estimated - set(wanted))
    found = []
    for place, group in [*wanted, *others]:
        if (place, group) in estimated:
            until = _until(evidence, place, group, first, min(last, posterior.as_of or last))
            told_from = _told_from(evidence, place, group, first, until)
            found.append(Subject(posterior, place, group, min(since, until), event, until, told_from))
    return found


def _until(evidence: Evidence, place: str, group: str, first: date, last: date) -> date:
    """The last day of the study on which the days of a used statement of flows or stock end.

    A window that reaches beyond the study, as a year's total does, says next to nothing of its last
    days; it counts only where no other statement does.
    """
    ends = [
        end
        for statement in evidence.used("entries", "exits", "net", "stock", place=place, group=group)
        if (end := statement.claim.window_end or statement.claim.known) is not None and end >= first
    ]
    inside = [end for end in ends if end <= last]
    return max(inside, default=last)


def _told_from(evidence: Evidence, place: str, group: str, first: date, until: date) -> date:
    """The first day of the study that a used statement of flows counts; one with no beginning counts from the first."""
    starts = [
        statement.claim.window_start or first
        for statement in evidence.used("entries", "exits", "net", place=place, group=group)
    ]
    return min(max(min(starts, default=first), first), until)

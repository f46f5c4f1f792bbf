"""People of a surge who are still here, by days since they came.

Pure. On every draw, who came above ordinary traffic leaves with the hazard of the stay mixture (transit, visit, stay
on), times the factor by which all exits of that day stray from what the account expects (proportional hazards, Cox
1972). Ordinary travellers are not in it: nothing that is said tells how long they stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tolqyn.errors import EstimateError
from tolqyn.estimate.outcome import Working
from tolqyn.estimate.posterior import Posterior

__all__ = ["CohortDraws", "cohorts"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CohortDraws:
    """People of the surge present at the end of each day, by age.

    Attributes:
        place, group: whose.
        first_day: day of the first event in the study, or the study's first; who came before is not counted.
        entries: persons of the surge who came, (draw, day).
        present: those still inside at the end of the day, (draw, day, age): at age 0 those who came that day.
    """

    place: str
    group: str
    first_day: date
    entries: Array
    present: Array

    @property
    def days(self) -> tuple[date, ...]:
        """The days, in order."""
        return tuple(self.first_day + timedelta(n) for n in range(self.entries.shape[1]))


def cohorts(
    posterior: Posterior,
    place: str,
    group: str,
    *,
    draws: int = 200,
    last: date | None = None,
    ahead: int = 0,
) -> CohortDraws:
    """People of the surge present by days since entry, on the first so many draws.

    Args:
        posterior: an estimate.
        place: whose territory.
        group: of which people.
        draws: how many draws to follow; memory grows with draws times the square of days.
        last: the last day on which anybody is taken to come; None is the last of the study.
        ahead: days beyond it to follow those who came; they leave by the mixture then.

    Raises:
        EstimateError: the account was not estimated, no event tells a surge from ordinary traffic, or the posterior
            was not made by `estimate`.
    """
    work = posterior.working
    end = min(last or posterior.days[-1], posterior.days[-1])
    events = [event.date for event in posterior.situation.events if event.date <= end]
    if not isinstance(work, Working) or not events:
        raise EstimateError(
            "nothing tells a surge from ordinary traffic",
            hint="make the posterior with `estimate`" if events else "name an event in the situation",
        )
    posterior.draws("entries", place, group)  # says what was estimated if this was not
    number = work.model.accounts.index((place, group))
    streams = work.drawn.streams[number].rows(np.arange(min(draws, posterior.n_draws)))
    account = work.best.accounts[number]
    start = max(events[0], work.model.first)
    days = (end - start).days + 1
    first = (start - work.model.first).days
    seen = slice(first, first + days)
    came = np.maximum(streams.entries - streams.ordinary_entries, 0.0)[:, seen]
    factor = account.astray(streams)[:, seen]
    came = np.pad(came, ((0, 0), (0, ahead)))
    factor = np.pad(factor, ((0, 0), (0, ahead)), constant_values=1.0)
    hazard = -np.diff(np.log(account.staying(streams.stay, days + ahead)), axis=1, prepend=0.0)
    present = _follow(came, hazard, factor)
    skip = max((posterior.days[0] - start).days, 0)
    return CohortDraws(place, group, max(start, posterior.days[0]), came[:, skip:], present[:, skip:])


def _follow(came: Array, hazard: Array, factor: Array) -> Array:
    """Those present by age, (draw, day, age), given log hazards by age and a factor for each day."""
    draws, days = came.shape
    present = np.zeros((draws, days, days))
    for day in range(days):
        present[:, day, 0] = came[:, day]
        if day:
            present[:, day, 1 : day + 1] = present[:, day - 1, :day]
        present[:, day, : day + 1] *= np.exp(-hazard[:, : day + 1] * factor[:, day, None])
    return present

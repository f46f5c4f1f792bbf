"""By when a duty must be done. Where it is not known which day is day 1, both dates are given.

Pure: arithmetic on dates; public holidays come from the tables of the `holidays` library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from tolqyn.stay.rule import Duty

__all__ = ["Deadline", "deadline", "works_on"]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for a duty: `first` if the day it runs from is day 1, `last` if the day after it is.

    The two are equal where the rule says which.
    """

    duty: Duty
    first: date
    last: date


def deadline(duty: Duty, start: date, destination: str) -> Deadline:
    """The last day for a duty that runs from `start`.

    Args:
        duty: calendar or working days.
        start: the day of crossing, arrival or change.
        destination: ISO 3166-1 alpha-2, for working days.
    """
    works = works_on(destination) if duty.unit == "working_day" else _always
    # Day 1 is the start, or the day after it; a working-day count waits for the first working day.
    ends = {"arrival": _nth(start, duty.days, works), "next": _nth(start + _DAY, duty.days, works)}
    match duty.first_day:
        case "unknown":
            return Deadline(duty, ends["arrival"], ends["next"])
        case known:
            return Deadline(duty, ends[known], ends[known])


@cache
def works_on(destination: str) -> Callable[[date], bool]:
    """Whether a day is a working day of a country: no weekend, no public holiday, or a weekend that was moved.

    Of a place that the library does not know (an area such as SCHENGEN), Monday to Friday.
    """
    if destination in holidays.list_supported_countries():
        calendar = holidays.country_holidays(destination)
        return lambda day: bool(calendar.is_working_day(day))
    return lambda day: day.weekday() < 5


def _always(_day: date) -> bool:
    return True


def _nth(start: date, days: int, works: Callable[[date], bool]) -> date:
    day = start
    while True:
        days -= works(day)
        if days <= 0:
            return day
        day += _DAY

"""The six counting machines: how many days a limit has counted by a day, and on which days it is broken.

All of them work on a million persons at once by interval arithmetic (days.py): no loop over days, none over
persons. What makes that possible is one fact: while a person stays, the count can only rise, except at dates
known beforehand (a new year, a new period). So between two such dates the days that break a limit are the last
ones, and the first of them is found by bisection. `tests/stay/test_brute_force.py` holds every machine against a
count day by day. Pure: arrays and values.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tolqyn.errors import StayError
from tolqyn.stay.days import NEVER, Days, Positions, day_of, owner, place
from tolqyn.stay.rule import Kind, Limit, Version
from tolqyn.stay.trips import Trips

__all__ = ["Machine", "machines", "reach"]


class Machine(ABC):
    """One limit, counting the days of some trips (every exit known)."""

    @abstractmethod
    def used(self, at: Positions) -> Positions:
        """Days counted on each day asked."""

    @abstractmethod
    def allowed(self, at: Positions) -> Positions:
        """The most that may be counted on each day asked."""

    @abstractmethod
    def segments(self) -> tuple[Positions, Positions]:
        """First and last days of stretches of presence in which the count only rises."""

    @abstractmethod
    def entry_from(self, at: Positions) -> Positions:
        """First day at or after each when entering is within the limit, if nothing else happens after `at`."""

    def heights(self) -> tuple[Positions, Positions, Positions]:
        """The last day of each segment, where the count is highest: the day, the count, the most allowed."""
        _, ends = self.segments()
        return ends, self.used(ends), self.allowed(ends)

    @cached_property
    def breaches(self) -> Days:
        """The days of presence on which the limit is exceeded."""
        starts, ends = self.segments()
        broken = self.used(ends) > self.allowed(ends)
        low, high = starts[broken], ends[broken]
        last = high
        while (low < high).any():
            middle = (low + high) // 2
            over = self.used(middle) > self.allowed(middle)
            low, high = np.where(over, low, middle + 1), np.where(over, middle, high)
        return Days.union(low, last)

    def lapse(self, entry: Positions) -> Positions:
        """First day on which the limit is exceeded in a visit that begins at each `entry`; NEVER if none."""
        return self.breaches.first_from(entry)


@dataclass(frozen=True, eq=False)
class Rolling(Machine):
    """Days of presence in the window that ends on the day, that day included, are at most `most`."""

    days: Days
    most: int
    window: int

    def used(self, at: Positions) -> Positions:
        # The window is [d - window + 1, d]: the day d - window is outside.
        return self.days.through(at) - self.days.through(at - self.window)

    def allowed(self, at: Positions) -> Positions:
        return np.full(at.shape, self.most)

    def segments(self) -> tuple[Positions, Positions]:
        return self.days.starts, self.days.ends

    def entry_from(self, at: Positions) -> Positions:
        return _first_fitting(self, self.days, at, at + self.window)


@dataclass(frozen=True, eq=False)
class Absence(Machine):
    """As `Rolling`, with a window in calendar months: the year that ends on the day."""

    days: Days
    most: int
    months: int

    def used(self, at: Positions) -> Positions:
        return self.days.through(at) - self.days.through(_months_later(at, -self.months))

    def allowed(self, at: Positions) -> Positions:
        return np.full(at.shape, self.most)

    def segments(self) -> tuple[Positions, Positions]:
        # Months differ in length, so at the first of a month the window can lose several days at once.
        firsts = _period_starts(self.days, "M")
        lost = _months_later(firsts, -self.months) - _months_later(firsts - 1, -self.months)
        return self.days.split(firsts[lost > 1])

    def entry_from(self, at: Positions) -> Positions:
        return _first_fitting(self, self.days, at, _months_later(at, self.months) + 1)


@dataclass(frozen=True, eq=False)
class CalendarYear(Machine):
    """Days of presence since 1 January are at most `most`."""

    days: Days
    most: int

    def used(self, at: Positions) -> Positions:
        return self.days.between(_new_year(at, 0), at)

    def allowed(self, at: Positions) -> Positions:
        return np.full(at.shape, self.most)

    def segments(self) -> tuple[Positions, Positions]:
        return self.days.split(_period_starts(self.days, "Y"))

    def entry_from(self, at: Positions) -> Positions:
        fits = self.used(at) + ~self.days.has(at) <= self.most
        return np.where(fits, at, _new_year(at, 1))


@dataclass(frozen=True, eq=False)
class FirstEntry(Machine):
    """Days of presence in a fixed period are at most `most`.

    The period begins at the first entry and lasts `window` days; the next begins at the first entry after it
    has run out. Who is inside when it runs out begins the next one on the following day: the provisions seen do not
    say so, but else days of a stay would be counted nowhere.
    """

    days: Days
    most: int
    window: int

    @cached_property
    def periods(self) -> Positions:
        """First days of all periods."""
        if not self.days.starts.size:
            return self.days.starts
        who = owner(self.days.starts)
        start = self.days.starts[np.concatenate(([True], who[1:] != who[:-1]))]
        found = []
        while start.size:
            found.append(start)
            start = self.days.first_from(start + self.window)
            start = start[start != NEVER]
        return np.sort(np.concatenate(found))

    def used(self, at: Positions) -> Positions:
        start = self._period(at)
        within = start >= 0
        first = np.where(within, start, at)
        return np.where(within, self.days.between(first, at), 0)

    def allowed(self, at: Positions) -> Positions:
        return np.full(at.shape, self.most)

    def segments(self) -> tuple[Positions, Positions]:
        return self.days.split(self.periods)

    def entry_from(self, at: Positions) -> Positions:
        start = self._period(at)
        fits = (start < 0) | (self.used(at) + ~self.days.has(at) <= self.most)
        return np.where(fits, at, start + self.window)

    def _period(self, at: Positions) -> Positions:
        """First day of the period that each day lies in; -1 where it lies in none."""
        if not self.periods.size:
            return np.full(at.shape, -1)
        which = np.searchsorted(self.periods, at, side="right") - 1
        start = self.periods[which]
        runs = (which >= 0) & (owner(start) == owner(at)) & (at < start + self.window)
        return np.where(runs, start, -1)


@dataclass(frozen=True, eq=False)
class PerEntry(Machine):
    """The number of the day within the visit is at most so many days, or the visit ends before so many months."""

    visits: Trips
    limit: Limit

    def _lapse(self, entry: Positions) -> Positions:
        if self.limit.months is not None:
            return _months_later(entry, self.limit.months)
        assert self.limit.days is not None
        return entry + self.limit.days

    def used(self, at: Positions) -> Positions:
        which, inside = self.visits.last_at(at)
        entry = self.visits.entry[which] if self.visits.entry.size else at
        return np.where(inside, at - entry + 1, 0)

    def allowed(self, at: Positions) -> Positions:
        which, inside = self.visits.last_at(at)
        entry = np.where(inside, self.visits.entry[which], at) if self.visits.entry.size else at
        return self._lapse(entry) - entry

    def segments(self) -> tuple[Positions, Positions]:
        return self.visits.entry, self.visits.exit

    @cached_property
    def breaches(self) -> Days:
        # Not by `used`: on a day of exit and entry that counts the new visit, yet the old one may be over.
        lapse = self._lapse(self.visits.entry)
        over = lapse <= self.visits.exit
        return Days.union(lapse[over], self.visits.exit[over])

    def lapse(self, entry: Positions) -> Positions:
        found = self._lapse(entry)
        # Only if the visit lasts so long.
        which, _ = self.visits.last_at(entry)
        lasts = self.visits.exit[which] if self.visits.entry.size else entry
        return np.where(found <= lasts, found, NEVER)

    def entry_from(self, at: Positions) -> Positions:
        return at

    def heights(self) -> tuple[Positions, Positions, Positions]:
        entry, ends = self.visits.entry, self.visits.exit
        return ends, ends - entry + 1, self._lapse(entry) - entry


@dataclass(frozen=True, eq=False)
class FixedEnd(Machine):
    """Presence after `last` breaks the limit: the count is of days after it."""

    days: Days
    last: date

    def _end(self, at: Positions) -> Positions:
        return place(owner(at), self.last.toordinal())

    def used(self, at: Positions) -> Positions:
        after: Positions = np.maximum(at - self._end(at), 0)
        return after

    def allowed(self, at: Positions) -> Positions:
        return np.zeros(at.shape, dtype=np.int64)

    def segments(self) -> tuple[Positions, Positions]:
        return self.days.starts, self.days.ends

    def lapse(self, entry: Positions) -> Positions:
        # However far off the end is: this visit goes on until then.
        return np.maximum(self._end(entry) + 1, entry)

    def entry_from(self, at: Positions) -> Positions:
        return np.where(at <= self._end(at), at, NEVER)


def machines(version: Version, trips: Trips, known_on: date | None = None) -> list[Machine]:
    """The machines of a version's limits over some trips, in the order of the limits.

    Args:
        version: its `count_stays_entered_from` leaves earlier stays out.
        trips: every exit known.
        known_on: for a fixed end, as it was known on that day; None is as it is known now.

    Raises:
        StayError: nothing was known of a fixed end by that day.
    """
    counted = trips
    if version.count_stays_entered_from is not None:
        counted = trips.where(day_of(trips.entry) >= version.count_stays_entered_from.toordinal())
    days, visits = counted.days(), counted.visits()
    return [_machine(limit, version, days, visits, known_on) for limit in version.limits]


def _machine(limit: Limit, version: Version, days: Days, visits: Trips, known_on: date | None) -> Machine:
    match limit:
        case Limit(Kind.ROLLING, days=int(most), window=int(window)):
            return Rolling(days, most, window)
        case Limit(Kind.ABSENCE, days=int(most), window_months=int(months)):
            return Absence(days, most, months)
        case Limit(Kind.CALENDAR_YEAR, days=int(most)):
            return CalendarYear(days, most)
        case Limit(Kind.FIRST_ENTRY, days=int(most), window=int(window)):
            return FirstEntry(days, most, window)
        case Limit(Kind.PER_ENTRY):
            return PerEntry(visits, limit)
        case Limit(Kind.FIXED_END):
            last = version.last_day(known_on)
            if last is None:
                raise StayError(f"no end of {version.id} was known on {known_on}")
            return FixedEnd(days, last)
    raise StayError(f"{limit} has no length", hint="a limit needs days, and a window where its kind has one")


def reach(version: Version) -> int:
    """Days after which a stay that goes on has broken the limits of a version, if it ever does."""
    longest = 0
    for limit in version.limits:
        length = limit.days or 31 * (limit.months or 0)
        window = limit.window or 31 * (limit.window_months or 0)
        year = 366 if limit.kind is Kind.CALENDAR_YEAR else 0
        longest = max(longest, length + window + year + 1)
    return longest


def _first_fitting(machine: Rolling | Absence, days: Days, at: Positions, end: Positions) -> Positions:
    """First day from `at` on with room for one more; by `end` the window holds nothing but that day."""

    def fits(points: Positions) -> NDArray[np.bool_]:
        fitting: NDArray[np.bool_] = machine.used(points) + ~days.has(points) <= machine.most
        return fitting

    # On `at` itself the person may still be inside, which costs no further day; after it the count only falls.
    found = at.copy()
    later = ~fits(at)
    low, high = at[later] + 1, end[later]
    while (low < high).any():
        middle = (low + high) // 2
        room = fits(middle)
        low, high = np.where(room, low, middle + 1), np.where(room, middle, high)
    found[later] = low
    return found


def _dates(points: Positions) -> NDArray[np.datetime64]:
    return (day_of(points) - date(1970, 1, 1).toordinal()).astype("datetime64[D]")


def _months_later(points: Positions, months: int) -> Positions:
    """The same day of the month so many months later; the last of that month where it has no such day."""
    dates = _dates(points)
    month = dates.astype("datetime64[M]")
    first = (month + months).astype("datetime64[D]")
    last = (month + months + 1).astype("datetime64[D]") - 1
    moved = np.minimum(first + (dates - month.astype("datetime64[D]")), last)
    shifted: Positions = points + (moved - dates).astype(np.int64)
    return shifted


def _new_year(points: Positions, years: int) -> Positions:
    """1 January of the year of each day, or so many years later."""
    dates = _dates(points)
    first = (dates.astype("datetime64[Y]") + years).astype("datetime64[D]")
    shifted: Positions = points + (first - dates).astype(np.int64)
    return shifted


def _period_starts(days: Days, unit: str) -> Positions:
    """The first day of each month ("M") or year ("Y") that begins inside an interval, after its first day."""
    first, last = (_dates(points).astype(f"datetime64[{unit}]") for points in (days.starts, days.ends))
    times = (last - first).astype(np.int64)
    nth = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times) + 1
    begins = (np.repeat(first, times) + nth).astype("datetime64[D]")
    start = np.repeat(days.starts, times)
    opening: Positions = start + (begins - _dates(start)).astype(np.int64)
    return opening

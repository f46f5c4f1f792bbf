"""Sets of days of many persons at once, on one number line.

Every person has a stretch of `STRIDE` days of the line to himself, so that a question about a million
persons ("how many days of presence up to here?") is one binary search in one sorted array, and no day of
one person is ever near a day of another. Pure: arrays and values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tolqyn.errors import StayError

__all__ = ["FIRST_DAY", "LAST_DAY", "NEVER", "STRIDE", "Days", "Positions", "day_of", "owner", "place"]

Positions = NDArray[np.int64]
"""Points of the line: a person and a day."""

STRIDE = 1 << 17
_ORIGIN = date(1880, 1, 1).toordinal()
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
"""Days that can be asked about: the margins keep every window and every long stay inside the stretch."""

NEVER: int = int(np.iinfo(np.int64).max)
"""A point beyond every other: a day that does not come."""


def place(person: Positions | int, ordinals: Positions | int) -> Positions:
    """The points of the days (`date.toordinal`) of persons (counted from 0).

    Raises:
        StayError: a day before 1900 or after 2200.
    """
    days = np.asarray(ordinals, dtype=np.int64)
    if days.size and (days.min() < FIRST_DAY.toordinal() or days.max() > LAST_DAY.toordinal()):
        low, high = (date.fromordinal(max(int(day), 1)) for day in (days.min(), days.max()))
        raise StayError(
            f"dates from {low} to {high} do not lie between {FIRST_DAY} and {LAST_DAY}",
            hint="a year may be mistyped",
        )
    return np.asarray(person, dtype=np.int64) * STRIDE + (days - _ORIGIN)


def owner(points: Positions) -> Positions:
    """Whose points they are."""
    return points // STRIDE


def day_of(points: Positions) -> Positions:
    """Their days, as `date.toordinal`."""
    return points % STRIDE + _ORIGIN


@dataclass(frozen=True, eq=False)
class Days:
    """A set of days: closed intervals `starts[i]..ends[i]`, sorted, with a gap between any two."""

    starts: Positions
    ends: Positions

    @classmethod
    def union(cls, starts: Positions, ends: Positions) -> Days:
        """The days that lie in any of the intervals, whatever their order or overlap.

        >>> Days.union(np.array([5, 1]), np.array([9, 6])).ends
        array([9])
        """
        if not starts.size:
            return cls(starts, ends)
        order = np.argsort(starts, kind="stable")
        starts, reach = starts[order], np.maximum.accumulate(ends[order])
        opens = np.concatenate(([True], starts[1:] > reach[:-1] + 1))
        closes = np.concatenate((opens[1:], [True]))
        return cls(starts[opens], reach[closes])

    @property
    def lengths(self) -> Positions:
        """Number of days of each interval."""
        return self.ends - self.starts + 1

    @cached_property
    def _sums(self) -> Positions:
        return np.concatenate(([0], np.cumsum(self.lengths)))

    def through(self, points: Positions) -> Positions:
        """Number of days at or before each point; only differences within one person mean anything."""
        at = np.searchsorted(self.starts, points, side="right")
        beyond = np.where(at > 0, self.ends[at - 1] - points, 0) if self.ends.size else np.zeros_like(at)
        return self._sums[at] - np.maximum(beyond, 0)

    def between(self, first: Positions, last: Positions) -> Positions:
        """Number of days from `first` to `last`, both included."""
        return self.through(last) - self.through(first - 1)

    def has(self, points: Positions) -> NDArray[np.bool_]:
        """Whether each point lies in the set."""
        if not self.ends.size:
            return np.zeros(points.shape, dtype=np.bool_)
        at = np.searchsorted(self.starts, points, side="right")
        return (at > 0) & (self.ends[at - 1] >= points)

    def first_from(self, points: Positions) -> Positions:
        """The same person's first day at or after each point; NEVER if there is none."""
        if not self.ends.size:
            return np.full(points.shape, NEVER)
        at = np.searchsorted(self.ends, points, side="left")
        found = np.maximum(np.append(self.starts, NEVER)[at], points)
        return np.where(owner(found) == owner(points), found, NEVER)

    def __and__(self, other: Days) -> Days:
        """The days that lie in both."""
        starts = np.concatenate((self.starts[other.has(self.starts)], other.starts[self.has(other.starts)]))
        ends = np.concatenate((self.ends[other.has(self.ends)], other.ends[self.has(other.ends)]))
        return Days(_each_once(starts), _each_once(ends))

    def __or__(self, other: Days) -> Days:
        """The days that lie in either."""
        return Days.union(
            np.concatenate((self.starts, other.starts)), np.concatenate((self.ends, other.ends))
        )

    def split(self, cuts: Positions) -> tuple[Positions, Positions]:
        """Starts and ends of the intervals, each cut in two before every one of `cuts` inside it."""
        starts = _each_once(np.concatenate((self.starts, cuts[self.has(cuts)])))
        run = np.searchsorted(self.starts, starts, side="right") - 1
        following = np.append(starts[1:], NEVER)
        return starts, np.minimum(self.ends[run], following - 1)

    def per_person(self, size: int) -> Positions:
        """Number of days of each of `size` persons. Shape (person,)."""
        counts = np.zeros(size, dtype=np.int64)
        np.add.at(counts, owner(self.starts), self.lengths)
        return counts


def _each_once(points: Positions) -> Positions:
    """Sorted, without repeats."""
    # `np.unique` hashes, which is many times slower on points that are nearly sorted.
    points = np.sort(points, kind="stable")
    return points[np.concatenate(([True], points[1:] != points[:-1]))] if points.size else points

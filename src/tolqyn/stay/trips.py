"""Stays of many persons: what a machine counts. Pure: arrays and values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tolqyn.stay.days import NEVER, STRIDE, Days, Positions, owner, place

__all__ = ["Trips"]


@dataclass(frozen=True, eq=False)
class Trips:
    """Stays of `size` persons, sorted by person, entry and exit.

    Attributes:
        size: number of persons, those without a stay too.
        entry, exit: points of the line (days.py), both days of presence; exit NEVER is a stay that goes on.
    """

    size: int
    entry: Positions
    exit: Positions

    @classmethod
    def of(cls, size: int, person: Positions, entry: Positions, leave: Positions, goes_on: NDArray[np.bool_]) -> Trips:  # fmt: skip
        """Stays by person (0 to size - 1) and day (`date.toordinal`); where it goes on its exit, `leave`, is not read."""
        leaves = np.where(goes_on, NEVER, place(person, np.where(goes_on, entry, leave)))
        return cls.sorted(size, place(person, entry), leaves)

    @classmethod
    def sorted(cls, size: int, entry: Positions, leave: Positions) -> Trips:
        """Stays in any order."""
        order = np.lexsort((leave, entry))
        return cls(size, entry[order], leave[order])

    @property
    def person(self) -> Positions:
        """Whose each stay is."""
        return owner(self.entry)

    def where(self, keep: NDArray[np.bool_]) -> Trips:
        """Only the stays marked."""
        return Trips(self.size, self.entry[keep], self.exit[keep])

    def until(self, on: Positions) -> Trips:
        """What had happened by a day: stays entered later are gone, a running one is cut there. `on`: (person,)."""
        past = self.where(self.entry <= on[self.person])
        return Trips(self.size, past.entry, np.minimum(past.exit, on[past.person]))

    def closed(self, on: Positions) -> Trips:
        """Every stay with an end: one that goes on ends on the day, or on its entry day if that is later."""
        ends = np.where(self.exit == NEVER, np.maximum(on[self.person], self.entry), self.exit)
        return Trips(self.size, self.entry, ends)

    def with_stays(self, entry: Positions, leave: Positions) -> Trips:
        """These and more."""
        return Trips.sorted(
            self.size, np.concatenate((self.entry, entry)), np.concatenate((self.exit, leave))
        )

    def visits(self) -> Trips:
        """Passages from a border in to a border out, before they are cut on any day.

        Stays that overlap by more than a shared border day are one visit, since nobody enters twice
        without leaving; an exit and an entry on the same day are two.
        """
        if not self.entry.size:
            return self
        # A stay that goes on reaches to the end of its person's stretch of the line, not into the next one's.
        end = np.minimum(self.exit, (self.person + 1) * STRIDE - 1)
        reach = np.maximum.accumulate(end)
        opens = np.concatenate(([True], self.entry[1:] >= reach[:-1]))
        closes = np.concatenate((opens[1:], [True]))
        return Trips(self.size, self.entry[opens], reach[closes])

    def days(self) -> Days:
        """The days of presence, each once."""
        return Days.union(self.entry, self.exit)

    def last_at(self, on: Positions) -> tuple[Positions, NDArray[np.bool_]]:
        """Index of each person's last stay entered by a day, -1 if none, and whether it covers that day.

        Meant for `visits`, where the last to begin is the last to end. `on`: (person,).
        """
        at = np.searchsorted(self.entry, on, side="right") - 1
        if not self.entry.size:
            return at, np.zeros(on.shape, dtype=np.bool_)
        mine = (at >= 0) & (self.person[at] == owner(on))
        return np.where(mine, at, -1), mine & (self.exit[at] >= on)

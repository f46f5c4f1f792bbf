"""A span of days: home of the date arithmetic that would else be scattered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tolqyn.errors import ClaimError

__all__ = ["Window"]


@dataclass(frozen=True, slots=True)
class Window:
    """The days from `start` to `end`, both included; None leaves that end open.

    >>> Window(date(2022, 9, 21), date(2022, 9, 27)).days
    7
    """

    start: date | None
    end: date | None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ClaimError(
                f"window_end is {self.end}, before window_start, {self.start}",
                hint="the two dates may be swapped",
            )

    @property
    def is_closed(self) -> bool:
        """Whether both ends are known."""
        return self.start is not None and self.end is not None

    @property
    def days(self) -> int | None:
        """Number of days, None while an end is open."""
        if self.start is None or self.end is None:
            return None
        return (self.end - self.start).days + 1

    def closed(self, first: date, last: date) -> Window:
        """The same window with each open end put at `first` or `last`."""
        return Window(self.start or first, self.end or last)

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def __iter__(self) -> Iterator[date]:
        """Each day of a closed window, in order."""
        if self.start is None or self.end is None:
            raise ClaimError(f"the window {self} has no end to count to")
        for n in range((self.end - self.start).days + 1):
            yield self.start + timedelta(days=n)

    def overlaps(self, other: Window) -> bool:
        """Whether some day lies in both."""
        return (self.start is None or other.end is None or self.start <= other.end) and (
            other.start is None or self.end is None or other.start <= self.end
        )

    def covers(self, other: Window) -> bool:
        """Whether each day of the other lies in this one."""
        starts = self.start is None or (other.start is not None and self.start <= other.start)
        ends = self.end is None or (other.end is not None and other.end <= self.end)
        return starts and ends

    def __str__(self) -> str:
        """As a reader writes it: one day, or first to last."""
        if self.start is not None and self.start == self.end:
            return self.start.isoformat()
        return f"{self.start or '...'} to {self.end or '...'}"

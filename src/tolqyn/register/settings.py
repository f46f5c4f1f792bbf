"""What the register's owner knows of it: time zone, terms of stay, how close two scans may lie.

Pure values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tolqyn.errors import UsageError

__all__ = ["Settings", "zone_steps"]

DAY = 86_400
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How crossing events are read.

    Attributes:
        zone: IANA name of the zone whose midnight ends a day; times themselves are UTC.
        as_of: events after this day are left out, and stays are judged on it; None is the last day seen.
        term_days: days that a person may stay after an entry.
        terms: citizenship -> days, where they differ from `term_days`.
        duplicate_seconds: a second scan in the same direction at the same post within this time is the
            same crossing.
        places_seconds: nobody is scanned at two posts within this time.
    """

    zone: str = "UTC"
    as_of: date | None = None
    term_days: int = 90
    terms: Mapping[str, int] = field(default_factory=dict)
    duplicate_seconds: int = 600
    places_seconds: int = 300

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise UsageError(
                f"no time zone is named {self.zone!r}", hint="IANA names, such as Asia/Almaty"
            ) from None
        for name in ("term_days", "duplicate_seconds", "places_seconds"):
            if getattr(self, name) < 0:
                raise UsageError(f"{name} is {getattr(self, name)}, below zero")
        for citizenship, days in self.terms.items():
            if days < 0:
                raise UsageError(f"the term of {citizenship} is {days} days, below zero")

    @property
    def before(self) -> int | None:
        """The first second (UTC, since 1970) that is no more seen; None is no limit."""
        if self.as_of is None:
            return None
        midnight = datetime.combine(self.as_of + timedelta(1), datetime.min.time(), ZoneInfo(self.zone))
        return int(midnight.timestamp())


def zone_steps(zone: str, first: int, last: int) -> list[tuple[int | None, int]]:
    """How far a zone's clock is ahead of UTC between two moments.

    Args:
        zone: IANA name.
        first: seconds since 1970, UTC.
        last: likewise, not before `first`.

    Returns:
        (until, seconds ahead) pairs in order of time; the last has until None.

    >>> zone_steps("Asia/Almaty", 1663718400, 1663804800)
    [(None, 21600)]
    """
    steps: list[tuple[int | None, int]] = []
    moment, ahead = first, _ahead(zone, first)
    while moment < last:
        after = min(moment + DAY, last)
        if _ahead(zone, after) != ahead:
            low, high = moment, after  # the clock changes in between: halve until it is found
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _ahead(zone, middle) == ahead else (low, middle)
            steps.append((high, ahead))
            after, ahead = high, _ahead(zone, high)
        moment = after
    return [*steps, (None, ahead)]


def _ahead(zone: str, moment: int) -> int:
    offset = datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0

"""Spans of days, and the calendar's months.

Pure.
"""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from tolqyn.values import value

__all__ = [
    "BEGINNINGS",
    "LASTING",
    "QUARTERS",
    "Span",
    "Window",
    "lasts",
    "month_length",
    "months_back",
    "of_year",
    "one_day",
]


@value
class Span:
    """The days that a phrase means.

    Attributes:
        start, end: inclusive; None is open.
        accuracy: "day", "week", "month", "year": how finely it was said.
        kind: the key of the language file that decided, as "since" or "last_days".
    """

    start: date | None
    end: date | None
    accuracy: str = "day"
    kind: str = "date"

    @property
    def length(self) -> int | None:
        """How many days it has; None where an end is open."""
        return None if self.start is None or self.end is None else (self.end - self.start).days + 1


# A span where a sentence names it: its first item, the item after, the days.
Window = tuple[int, int, Span]


BEGINNINGS = frozenset({"since", "event", "this_year"})  # kinds of windows that a day named apart may end


# Kinds of windows that a sentence may set for those after it; a single date tells when it was said.
LASTING = frozenset({
    "span", "since", "event", "this_year", "last_days", "last_weeks", "last_months", "last_years", "full_months", "last_week", "last_month",
    "past_week", "past_month", "past_year", "that_month", "first_months", "first_week", "season",
    "first_half", "second_half", "first_quarter", "second_quarter", "third_quarter", "fourth_quarter",
})  # fmt: skip


QUARTERS = frozenset(
    {"first_quarter", "second_quarter", "third_quarter", "fourth_quarter", "first_half", "second_half"}
)


def of_year(span: Span, year: int, begins: int = 1) -> Span | None:
    """A quarter or half of a year, in another year, which may begin in another month."""
    if span.start is None or span.end is None:
        return None
    first = months_back(date(year, span.start.month, 1), 1 - begins)
    months = 6 if span.kind.endswith("half") else 3
    return replace(span, start=first, end=months_back(first, -months) - timedelta(1))


def lasts(span: Span | None, months: int) -> bool:
    """Whether a span is so many whole months of the calendar."""
    if span is None or span.start is None or span.end is None or span.start.day != 1:
        return False
    return months_back(span.start, -months) == span.end + timedelta(1)


def months_back(day: date, months: int) -> date:
    """The same day of the month so many months before, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(max(index, 12), 12)
    year = min(year, 9999)
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))


@lru_cache(maxsize=1_000)
def month_length(year: int, month: int) -> int:
    """How many days a month has."""
    return calendar.monthrange(year, month)[1]


def one_day(day: date) -> Span:
    """A day as a span."""
    return Span(day, day)

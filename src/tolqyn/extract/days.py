"""The days that a date means: of a day, a month, a year as said, since or until it, from one to another.

Pure. Dates are read in dates.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tolqyn.extract.dates import When
from tolqyn.extract.spans import Span, month_length, months_back, one_day

__all__ = ["adjoin", "between", "one_sided", "passed", "resolve", "sided"]


def resolve(when: When, anchor: date | None, *, ahead: bool = False, past: bool = True) -> Span | None:
    """The days that a date means; None where its year cannot be known.

    Args:
        when: as said.
        anchor: the day of the article; None if not known.
        ahead: whether the sentence speaks of what is to come.
        past: whether a date without a year lies before the article; False leaves it to the nearest.
    """
    try:
        return _resolved(when, anchor, ahead, past)
    except (ValueError, OverflowError):
        return None  # before the first day of the calendar or after its last


def _resolved(when: When, anchor: date | None, ahead: bool, past: bool) -> Span | None:
    if when.fixed is not None:
        return Span(*when.fixed)
    if when.offset is not None:
        return one_day(anchor + timedelta(when.offset)) if anchor else None
    if when.weekday is not None:
        if anchor is None:
            return None
        back = (anchor.weekday() - when.weekday) % 7
        return one_day(anchor + timedelta((7 - back) % 7) if ahead else anchor - timedelta(back))
    if when.month is None:
        if when.year is None:
            return None
        if when.part:
            point = date(when.year, 1, 1) if when.part < 0 else date(when.year, 12, 31)
            return Span(point, point, "month")
        return passed(Span(date(when.year, 1, 1), date(when.year, 12, 31), "year"), anchor, ahead)
    year = when.year or _year_for(when, anchor, ahead=ahead, past=past)
    if year is None:
        return None
    length = month_length(year, when.month)
    if when.day is None:
        # A month or year that is not over covers what has passed of it.
        start, end = date(year, when.month, 1), date(year, when.month, length)
        if when.part < 0:
            return Span(start, start, "week")
        return Span(end, end, "week") if when.part > 0 else passed(Span(start, end, "month"), anchor, ahead)
    if when.day > length or (when.last_day or 0) > length:
        return None
    first, last = date(year, when.month, when.day), date(year, when.month, when.last_day or when.day)
    return Span(first, last, kind="span" if first < last else "date")


def sided(when: When, span: Span | None, anchor: date | None) -> Span | None:
    """The days of a date, or those since or until it where its ending says so."""
    return one_sided(when.side, span, anchor) if when.side and span is not None else span


def one_sided(key: str, found: Span, anchor: date | None) -> Span | None:
    """The days since, until, before or by those of a date, as a phrase (`key`) says; None where they make no span."""
    if key == "since":
        end = anchor if found.start and anchor and found.start <= anchor else None
        return Span(found.start, end, found.accuracy, key)
    ahead = anchor if anchor and found.end and found.end > anchor else None
    if key == "until":
        return Span(ahead, found.end, found.accuracy, key)
    if key == "before":
        if found.start is None or (ahead and found.start <= ahead):
            return None
        return Span(ahead, found.start - timedelta(1), found.accuracy, key)
    if key == "by" and found.start != found.end and found.accuracy == "day":
        return found
    if key == "by":
        return Span(ahead, found.end, found.accuracy, key)
    if key == "week_from" and found.start:
        return Span(found.start, found.start + timedelta(6), "week", key)
    if key == "day_from" and found.start:
        return Span(found.start, found.start + timedelta(1), kind=key)  # the hours lie in two days
    return found


def between(slots: Sequence[object], anchor: date | None, *, ahead: bool) -> Span | None:
    """From one date to another; the first may be a bare day, the year may stand once."""
    if len(slots) != 2:
        return None
    first, last = slots
    if not isinstance(last, When):
        # "September 17 to 26": the second is a bare day of the same month.
        value = getattr(last, "value", None)
        if not isinstance(first, When) or not getattr(last, "plain", False) or not value or value > 31:
            return None
        if first.day is None or value <= first.day:
            return None
        return resolve(replace(first, last_day=int(value)), anchor, ahead=ahead)
    end = resolve(last, anchor, ahead=ahead, past=False)
    if end is None or end.end is None:
        return None
    if not isinstance(first, When):
        value = getattr(first, "value", None)
        plain = getattr(first, "plain", False)
        if not plain or value is None or not 1 <= value <= 31 or last.month is None:
            return None
        first = When(month=last.month, day=int(value))
    if first.year is None and first.month is not None and first.fixed is None:
        for year in (end.end.year, end.end.year - 1):
            start = resolve(replace(first, year=year), anchor)
            if start is not None and start.start is not None and start.start <= end.end:
                return Span(start.start, end.end, end.accuracy, "span")
        return None
    # "From Friday to Sunday", told on a Friday, begins with the one before that Sunday.
    counted = end.end if first.weekday is not None else anchor
    start = resolve(first, counted, ahead=ahead and counted is anchor)
    if start is None or start.start is None or start.start > end.end:
        return None
    return Span(start.start, end.end, end.accuracy, "span")


def adjoin(slots: Sequence[object], span: Span) -> bool:
    """Whether two days, two months or two years follow one another."""
    if span.start is None or span.end is None:
        return False
    if all(isinstance(slot, When) and slot.year and slot.month is None for slot in slots):
        return span.end.year == span.start.year + 1
    months = all(isinstance(slot, When) and slot.month and slot.day is None for slot in slots)
    if months:
        return months_back(span.start, -1).replace(day=1) == span.end.replace(day=1)
    return span.end - span.start == timedelta(1)


def passed(span: Span, anchor: date | None, ahead: bool) -> Span:
    """A month or year that is not over as far as it has passed, unless the sentence looks ahead."""
    if anchor is None or ahead or span.start is None or span.end is None:
        return span
    return replace(span, end=anchor) if span.start <= anchor < span.end else span


def _year_for(when: When, anchor: date | None, *, ahead: bool, past: bool) -> int | None:
    """The year that puts the date nearest before the article, or near after it where it looks ahead."""
    if anchor is None:
        return None

    def first_day(year: int) -> date:
        length = month_length(year, when.month or 1)
        return date(year, when.month or 1, min(when.day or 1, length))

    this = first_day(anchor.year)
    if this <= anchor + timedelta(1):
        follows = first_day(anchor.year + 1) if anchor.year < 9999 else this
        return (
            anchor.year + 1 if ahead and this < anchor - timedelta(150) and follows > anchor else anchor.year
        )
    near = (this - anchor).days <= (300 if ahead and not past else 120)
    return anchor.year if near and (ahead or not past) else anchor.year - 1

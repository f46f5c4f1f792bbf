"""The days that phrases count from the day of an article, or from what was told: last week, this year, over three months.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tolqyn.extract.dates import When
from tolqyn.extract.days import resolve
from tolqyn.extract.spans import QUARTERS, Span, lasts, months_back

__all__ = ["count_in", "counted_back", "to_its_end"]


def counted_back(key: str, slots: Sequence[object], anchor: date | None, before: Span | None) -> Span | None:
    """The days that a phrase (`key`) counts from the day of the article, or from the span told before; None if it tells none."""
    if key == "early":
        return Span(before.start, None, "week", key) if before and before.start else None
    if key == "first_week":
        return (
            Span(before.start, before.start + timedelta(6), "week", key) if before and before.start else None
        )
    if anchor is None:
        return None
    number = count_in([slot for slot in slots if not isinstance(slot, When)])
    if key in QUARTERS:
        return _term(key, slots, anchor)
    day = timedelta(1)
    monday = anchor - anchor.weekday() * day
    match key:
        case "last_days" if number == (1, 1):
            return counted_back("last_day", slots, anchor, before)
        case "last_days" if number:
            return Span(anchor - (number[1] - 1) * day, anchor, "day", key)
        case "last_full_days" if number:
            return Span(anchor - number[1] * day, anchor - day, "day", key)
        case "usual":
            return Span(None, None, "day", key)
        case "earlier":
            until = before.start - day if before and before.start else anchor
            return Span(None, until, "day", key)
        case "last_hours" if number and number[1] <= _DAY:
            return Span(anchor - day, anchor - day, "day", "last_day")
        case "last_hours" if number:
            return Span(anchor - (-(-number[1] // _DAY) - 1) * day, anchor, "day", "last_days")
        case "last_weeks" if number:
            return Span(anchor - (7 * number[1] - 1) * day, anchor, "week", key)
        case "full_months" | "last_months" if number and _told(before, number[1], anchor):
            return before  # "in the third quarter ...; over those three months"
        case "last_months" if number:
            return Span(months_back(anchor, number[1]) + day, anchor, "month", key)
        case "last_years" if number:
            return Span(months_back(anchor, 12 * number[1]), anchor, "year", key)
        case "days_ago" if number:
            return Span(anchor - number[1] * day, anchor - number[0] * day, "day", key)
        case "weeks_ago" if number:
            return Span(anchor - 7 * number[1] * day, anchor - 7 * number[0] * day, "week", key)
        case "months_ago" if number:
            then = months_back(anchor, number[1])
            return resolve(When(year=then.year, month=then.month), anchor)
        case "years_ago" if number:
            return _years_before(number[1], before, anchor)
        case "calendar_week" if number and number[1] <= _WEEKS:
            return _calendar_week(number[1], anchor)
        case "last_day":
            return Span(anchor - day, anchor - day, "day", key)
        case "last_week":
            first = monday - 7 * (number[1] if number else 1) * day
            return Span(first, first + 6 * day, "week", key)
        case "this_week":
            return Span(monday, anchor, "week", key)
        case "next_week":
            return Span(monday + 7 * day, monday + 13 * day, "week", key)
        case "next_days":
            return Span(anchor, anchor + (number[1] if number else 14) * day, "day", key)
        case "previous_week" if (
            before and before.start and before.end and before.end - before.start == 6 * day
        ):
            return _earlier("week_before", before)
        case "previous_week":
            return counted_back("last_week", slots, anchor, before)
        case "previous_month" if lasts(before, 1) and before is not None:
            return _earlier("month_before", before)
        case "previous_month":
            return counted_back("last_month", slots, anchor, before)
        case "last_month":
            first = months_back(anchor.replace(day=1), number[1] if number else 1)
            return Span(first, months_back(first, -1) - day, "month", key)
        case "this_month":
            return Span(anchor.replace(day=1), anchor, "month", key)
        case "last_year":
            year = anchor.year - (number[1] if number else 1)
            return Span(date(year, 1, 1), date(year, 12, 31), "year", key)
        case "previous_year" if before and lasts(before, 12) and before.start:
            year = before.start.year - 1
            return Span(date(year, 1, 1), date(year, 12, 31), "year", "last_year")
        case "previous_year":
            return counted_back("last_year", slots, anchor, before)
        case "year_end":
            return Span(anchor, date(anchor.year, 12, 31), "year", key)
        case "year_start":
            return Span(date(anchor.year, 1, 1), date(anchor.year, 1, 1), "week", key)
        case "past_half_year":
            return Span(months_back(anchor, 6) + day, anchor, "month", key)
        case "next_weeks" if number:
            return Span(anchor, anchor + 7 * number[1] * day, "week", key)
        case "next_months" if number:
            return Span(anchor, months_back(anchor, -number[1]), "month", key)
        case "month_end":
            return Span(anchor, months_back(anchor.replace(day=1), -1) - day, "week", key)
        case "week_end":
            return Span(anchor, monday + 6 * day, "day", key)
        case "this_year" | "year_to_date":
            return Span(date(anchor.year, 1, 1), anchor, "year", "this_year")
        case "next_month":
            first = months_back(anchor.replace(day=1), -1)
            return Span(first, months_back(first, -1) - day, "month", key)
        case "next_year":
            return Span(date(anchor.year + 1, 1, 1), date(anchor.year + 1, 12, 31), "year", key)
        case "full_months" if number and _year_so_far(number[1], anchor):
            return Span(date(anchor.year, 1, 1), date(anchor.year, number[1] + 1, 1) - day, "month", key)
        case "full_months" if number:
            return Span(months_back(anchor, number[1]) + day, anchor, "month", key)
        case "first_months" if number and number[1] <= 12:
            year = next((slot.year for slot in slots if isinstance(slot, When) and slot.year), anchor.year)
            return Span(date(year, 1, 1), months_back(date(year, 12, 31), 12 - number[1]), "month", key)
        case "weekend":
            sunday = monday - day if anchor.weekday() < 6 else anchor
            return Span(sunday - day, sunday, "day", key)
        case "past_week":
            return Span(anchor - 6 * day, anchor, "week", key)
        case "that_month" if lasts(before, 1):
            return before
        case "that_month" if before and before.end and before.start == before.end:
            month = When(year=before.end.year, month=before.end.month)
            return resolve(month, anchor)
        case "past_month" | "that_month":
            return Span(months_back(anchor, 1) + day, anchor, "month", key)
        case "past_year" if _told(before, 12, anchor):
            return before
        case "past_year":
            return Span(months_back(anchor, 12), anchor, "year", key)
        case "week_before" | "month_before" if before and before.start and before.start != before.end:
            return _earlier(key, before)
        case "day_before" | "week_before" | "month_before":
            point = before.start if before and before.start else anchor
            back = {"day_before": point - day, "week_before": point - 7 * day}
            found = back.get(key) or months_back(point, 1)
            return Span(found, found, key.removesuffix("_before"), key)
        case "week_ago" | "month_ago":
            # Of the day of the article, unless what was just told ended not long before.
            recent = before if before and before.end and anchor - before.end <= _JUST * day else None
            return counted_back(key.replace("ago", "before"), slots, anchor, recent)
        case "recent" | "so_far":
            return Span(None, anchor, "week", key)
        case "now" | "this_day":
            return Span(anchor, anchor, "day", key)
        case "slept":
            return Span(anchor - day, anchor - day, "day", key)
    return None


_JUST = 7  # days before an article that its "a week ago" may be counted from
_WEEKS = 53  # of a year, at most


def _years_before(years: int, before: Span | None, anchor: date) -> Span:
    """The days told last, where they are of this year and no whole one, so many years before; else that year."""
    if before and before.start and before.end and before.end.year == anchor.year and not lasts(before, 12):
        start, end = months_back(before.start, 12 * years), months_back(before.end, 12 * years)
        return replace(before, start=start, end=end, kind="years_ago")
    year = anchor.year - years
    return Span(date(year, 1, 1), date(year, 12, 31), "year", "years_ago")


def _calendar_week(number: int, anchor: date) -> Span:
    """A week of the year by its number, as ISO 8601 counts them; the last that has begun."""
    year = anchor.isocalendar().year
    monday = date.fromisocalendar(year, number, 1)
    monday = monday if monday <= anchor else date.fromisocalendar(year - 1, number, 1)
    return Span(monday, monday + timedelta(6), "week", "calendar_week")


def _year_so_far(months: int, anchor: date) -> bool:
    """Whether so many months are those of the year that are over, or were when figures were last drawn up."""
    return months == anchor.month - 1 or (months >= _DRAWN_UP and months == anchor.month - 2)


_DRAWN_UP = 5  # months; of fewer the last are meant


def _told(span: Span | None, months: int, anchor: date) -> bool:
    """Whether so many whole months have been told, and are not long over."""
    return lasts(span, months) and span is not None and span.end is not None and anchor - span.end <= _OVER


_OVER = timedelta(400)  # how long ago the months that a text counts over may have ended


_DAY = 24  # hours


def _earlier(key: str, span: Span) -> Span:
    """The days as many as those of a span, a week or month before; a running total up to then."""
    assert span.start is not None

    def back(day: date) -> date:
        return day - timedelta(7) if key == "week_before" else months_back(day, 1)

    if span.kind in {"since", "event", "this_year"}:
        return replace(span, end=span.end and back(span.end), kind=key)
    whole = key == "month_before" and lasts(span, 1)
    end = span.start - timedelta(1) if whole else span.end and back(span.end)
    return replace(span, start=back(span.start), end=end, kind=key)


def to_its_end(key: str, span: Span) -> Span:
    """This week, month or year to its end, where it is still to come."""
    assert span.start is not None
    length = {"this_week": timedelta(7), "this_month": timedelta(31), "this_year": timedelta(366)}[key]
    following = span.start + length
    if key != "this_week":
        following = following.replace(day=1)
    return replace(span, end=following - timedelta(1))


def _term(key: str, slots: Sequence[object], anchor: date) -> Span:
    """A quarter or a half of the year that the phrase names, else of this one, or of the last where it has not begun."""
    named = next((slot.year for slot in slots if isinstance(slot, When) and slot.year), None)
    months = 6 if key.endswith("half") else 3
    month = months * ("first", "second", "third", "fourth").index(key.partition("_")[0]) + 1
    first = date(named or (anchor.year if month <= anchor.month else anchor.year - 1), month, 1)
    last = months_back(first, -months) - timedelta(1)
    return Span(first, min(last, anchor) if key == "second_half" and not named else last, "month", key)


def count_in(slots: Sequence[object]) -> tuple[int, int] | None:
    """The number in a slot as (low, high); None if it is no number of days that one counts back."""
    if not slots:
        return None
    figure = slots[0]
    low, high = getattr(figure, "low", None), getattr(figure, "high", None)
    value = getattr(figure, "value", None)
    ends = (value, value) if value is not None else (low, high)
    if ends[0] is None or ends[1] is None or not 0 < ends[1] <= 400:
        return None
    return round(ends[0]), round(ends[1])

"""The spans of days that dates and phrases mean, resolved against the day of the article.

Pure. Dates are read in dates.py.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tolqyn.extract.dates import YEARS, When
from tolqyn.languages import Hit, Item

__all__ = [
    "BEGINNINGS",
    "EVENTS",
    "LASTING",
    "POINTED",
    "QUARTERS",
    "Span",
    "Window",
    "months_back",
    "of_year",
    "resolve",
    "sided",
    "span_of",
]


@dataclass(frozen=True, slots=True)
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


# Categories of phrases that name days by an event: "since the war began", "a week after the quake".
_RUNS = ("days", "weeks", "months", "week", "month", "year")  # how long an event has gone on
_FIRSTS = ("first_days", "first_weeks", "first_months", "first_week", "first_month")
EVENTS = tuple(f"events.{key}" for key in ("since", "before", *_RUNS, *_FIRSTS))

# A span where a sentence names it: its first item, the item after, the days.
Window = tuple[int, int, Span]

BEGINNINGS = frozenset({"since", "event", "this_year"})  # kinds of windows that a day named apart may end

# Kinds of windows that a sentence may set for those after it; a single date tells when it was said.
LASTING = frozenset({
    "span", "since", "event", "this_year", "last_days", "last_weeks", "last_months", "last_years", "full_months", "last_week", "last_month",
    "past_week", "past_month", "past_year", "that_month", "first_months", "first_week", "season",
    "first_half", "second_half", "first_quarter", "second_quarter", "third_quarter", "fourth_quarter",
})  # fmt: skip


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
        return _one_day(anchor + timedelta(when.offset)) if anchor else None
    if when.weekday is not None:
        if anchor is None:
            return None
        back = (anchor.weekday() - when.weekday) % 7
        return _one_day(anchor + timedelta((7 - back) % 7) if ahead else anchor - timedelta(back))
    if when.month is None:
        if when.year is None:
            return None
        if when.part:
            point = date(when.year, 1, 1) if when.part < 0 else date(when.year, 12, 31)
            return Span(point, point, "month")
        return _passed(Span(date(when.year, 1, 1), date(when.year, 12, 31), "year"), anchor, ahead)
    year = when.year or _year_for(when, anchor, ahead=ahead, past=past)
    if year is None:
        return None
    length = calendar.monthrange(year, when.month)[1]
    if when.day is None:
        # A month or year that is not over covers what has passed of it.
        start, end = date(year, when.month, 1), date(year, when.month, length)
        if when.part < 0:
            return Span(start, start, "week")
        return Span(end, end, "week") if when.part > 0 else _passed(Span(start, end, "month"), anchor, ahead)
    if when.day > length or (when.last_day or 0) > length:
        return None
    first, last = date(year, when.month, when.day), date(year, when.month, when.last_day or when.day)
    return Span(first, last, kind="span" if first < last else "date")


def _passed(span: Span, anchor: date | None, ahead: bool) -> Span:
    if anchor is None or ahead or span.start is None or span.end is None:
        return span
    return replace(span, end=anchor) if span.start <= anchor < span.end else span


def sided(when: When, span: Span | None, anchor: date | None) -> Span | None:
    """The days of a date, or those since or until it where its ending says so."""
    return _one_sided(when.side, span, anchor) if when.side and span is not None else span


def _one_day(day: date) -> Span:
    return Span(day, day)


def _year_for(when: When, anchor: date | None, *, ahead: bool, past: bool) -> int | None:
    """The year that puts the date nearest before the article, or near after it where it looks ahead."""
    if anchor is None:
        return None

    def first_day(year: int) -> date:
        length = calendar.monthrange(year, when.month or 1)[1]
        return date(year, when.month or 1, min(when.day or 1, length))

    this = first_day(anchor.year)
    if this <= anchor + timedelta(1):
        follows = first_day(anchor.year + 1) if anchor.year < 9999 else this
        return (
            anchor.year + 1 if ahead and this < anchor - timedelta(150) and follows > anchor else anchor.year
        )
    near = (this - anchor).days <= (300 if ahead and not past else 120)
    return anchor.year if near and (ahead or not past) else anchor.year - 1


def span_of(
    hit: Hit,
    items: Sequence[Item],
    anchor: date | None,
    *,
    ahead: bool = False,
    before: Span | None = None,
    event: date | None = None,
) -> Span | None:
    """The days that a window phrase means; None where they cannot be known.

    Args:
        hit: of category "windows", or of those of "events" that name days.
        items: those that it was found in.
        anchor: the day of the article.
        ahead: whether the sentence speaks of what is to come.
        before: the window spoken of before, for "in the same period".
        event: the day of the event that the phrase names.
    """
    try:
        return _meant(hit, items, anchor, ahead, before, event)
    except (ValueError, OverflowError):
        return None  # before the first day of the calendar or after its last


def _meant(
    hit: Hit, items: Sequence[Item], anchor: date | None, ahead: bool, before: Span | None, event: date | None
) -> Span | None:
    key = str(hit.value)
    slots = [items[slot].value for slot in hit.slots if items[slot].kind != "c"]
    if hit.category == "events.before":
        return Span(None, event - timedelta(1), kind="before") if event else None
    if hit.category == "events.since":
        return Span(event, anchor, kind="event") if event and (anchor is None or event <= anchor) else None
    if hit.category.startswith("events."):
        return _since_begun(key, slots, anchor, event)
    if key in {"same", "same_day"}:
        return replace(before, kind="same") if before else None
    if key == "same_of":
        return _moved(before, slots)
    if key == "days_before":
        days = _count(slots)
        if not days:
            return None
        told = before is not None and before.start is not None and before.kind not in BEGINNINGS
        until = before.start if told and before is not None else anchor and anchor + timedelta(1)
        return Span(until - timedelta(days[1]), until - timedelta(1), "day", key) if until else None
    if key in POINTED:
        return _from_there(key, before, slots, anchor)
    if key in _PARTS:
        return _stretch(key, slots, anchor)
    if key in _SEASONS:
        return _season(key, slots, anchor, ahead=ahead)
    if key in _SINCE_SEASONS:
        season = _season(key.removeprefix("since_"), slots, anchor, ahead=False)
        return _one_sided("since", season, anchor) if season is not None else None
    if key in _UNTIL_SEASONS:
        coming = _season(key.removeprefix("until_"), slots, anchor, ahead=True)
        return _one_sided("before", coming, anchor) if coming is not None and ahead else None
    if key == "night_to":
        return _night(slots, anchor, ahead=ahead)
    if key in {"first_days", "first_weeks", "days_to", "weeks_to", "week_to", "year_to"}:
        return _part_of(key, slots, anchor)
    if key == "both_days":
        span = _between(slots, anchor, ahead=ahead)
        return span if span is not None and _adjoin(slots, span) else None
    if key == "span":
        return _between(slots, anchor, ahead=ahead)
    if key in {"since", "until", "before", "by", "on", "week_from"}:
        when = slots[0] if slots else None
        if not isinstance(when, When):
            return None
        weekday = key == "since" and when.weekday is not None
        found = resolve(when, anchor, ahead=ahead and not weekday, past=key == "since")
        if weekday and found is not None and found.start is not None and found.start == anchor:
            found = _one_day(
                found.start - timedelta(7)
            )  # said on a Wednesday, "since Wednesday" is the last one
        return _one_sided(key, found, anchor) if found else None
    if key == "year_end" and not ahead and anchor is not None and anchor.month <= _JUST_OVER:
        return Span(None, date(anchor.year - 1, 12, 31), "week", "by")  # told of the year that is over
    found = _relative(key, slots, anchor, before)
    if key == "weekend" and ahead and anchor is not None:
        saturday = anchor + timedelta((5 - anchor.weekday()) % 7)
        return Span(saturday, saturday + timedelta(1), "day", key)
    if found is not None and ahead and key in {"this_week", "this_month", "this_year"}:
        return _whole(key, found)
    return found


def _since_begun(key: str, slots: Sequence[object], anchor: date | None, event: date | None) -> Span | None:
    """From an event on for so long: to the day of the article, if about so long has passed by then."""
    number = next((number for slot in slots if (number := _count([slot])) is not None), (1, 1))
    start = event or (anchor and _later(key, number[1], anchor, -1))
    if start is None:
        return None
    end = _later(key, number[1], start, 1)
    if key in _FIRSTS:
        return Span(start, end - timedelta(1), "week", "span") if event else None
    if anchor is not None and abs(anchor - end) <= max((end - start) / 3, _ABOUT):
        end = anchor
    return Span(start, end, kind="event") if anchor is None or end <= anchor else None


_ABOUT = timedelta(3)  # by how much "a week after the quake" may be off


def _later(unit: str, number: int, day: date, sign: int) -> date:
    """The day so many days, weeks, months or years after a day, or before it."""
    unit = unit.removeprefix("first_").removesuffix("s")
    if unit in {"month", "year"}:
        return months_back(day, -sign * number * (12 if unit == "year" else 1))
    return day + timedelta(sign * number * (1 if unit == "day" else 7))


_JUST_OVER = 2  # month up to which the end of the year is that of the year before


def _adjoin(slots: Sequence[object], span: Span) -> bool:
    """Whether two days, two months or two years follow one another."""
    if span.start is None or span.end is None:
        return False
    if all(isinstance(slot, When) and slot.year and slot.month is None for slot in slots):
        return span.end.year == span.start.year + 1
    months = all(isinstance(slot, When) and slot.month and slot.day is None for slot in slots)
    if months:
        return months_back(span.start, -1).replace(day=1) == span.end.replace(day=1)
    return span.end - span.start == timedelta(1)


def _moved(before: Span | None, slots: Sequence[object]) -> Span | None:
    """The span spoken of before, in another year: "the same period of 2021"."""
    when = slots[0] if slots else None
    if (
        before is None
        or before.start is None
        or before.end is None
        or not isinstance(when, When)
        or not when.year
    ):
        return None
    years = when.year - before.end.year
    return replace(
        before,
        start=months_back(before.start, -12 * years),
        end=months_back(before.end, -12 * years),
        kind="same_of",
    )


# Phrases that count from the day or span told last, with the days that one of their units has.
POINTED = {
    "day_after": 1, "days_after": 1, "week_after": 7, "weeks_after": 7, "month_after": 0,
    "days_earlier": -1, "weeks_earlier": -7,
}  # fmt: skip


def _from_there(key: str, before: Span | None, slots: Sequence[object], anchor: date | None) -> Span | None:
    """So long after the day told last, or before it; "three days earlier" with none told is before the article.

    A running total told by that day goes on: "by Monday 700, three days later 900".
    """
    low, high = _count(slots) or (1, 1)
    step = POINTED[key] * high
    if before is None or before.end is None:
        if step >= 0 or anchor is None:
            return None
        before = Span(anchor, anchor)
    start, end = before.start, before.end
    assert end is not None
    if key == "month_after":
        if _lasts(before, 1):
            return replace(
                before, start=end + timedelta(1), end=months_back(end + timedelta(1), -1) - timedelta(1)
            )
        return replace(before, start=(after := months_back(end, -1)), end=after)
    if key == "week_after" and start is not None and end - start == timedelta(6):
        return replace(before, start=end + timedelta(1), end=end + timedelta(7))
    whence = start or end if step < 0 else end
    first, last = sorted((whence + timedelta(step), whence + timedelta(POINTED[key] * low)))
    accuracy = "day" if abs(POINTED[key]) == 1 else "week"
    return Span(first, last, accuracy, "by" if before.kind == "by" else key)


# Month in which a season begins; winter is that which ends in the year named.
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_SINCE_SEASONS = {f"since_{season}" for season in _SEASONS}
_UNTIL_SEASONS = {f"until_{season}" for season in _SEASONS}


def _season(key: str, slots: Sequence[object], anchor: date | None, *, ahead: bool) -> Span | None:
    """Three months: of the year named, else the last that has begun, as far as it has passed, or the next."""
    when = slots[0] if slots else None
    year = when.year if isinstance(when, When) else _bare_year(when)
    if year is None and anchor is not None and ahead:
        first = date(anchor.year, _SEASONS[key], 1)
        first = first if months_back(first, -3) > anchor else first.replace(year=anchor.year + 1)
        return Span(first, months_back(first, -3) - timedelta(1), "month", "season")
    if year is None and anchor is not None:
        year = anchor.year if date(anchor.year, _SEASONS[key], 1) <= anchor else anchor.year - 1
    elif year is not None and key == "winter":
        year -= 1
    if year is None:
        return None
    first = date(year, _SEASONS[key], 1)
    return _passed(Span(first, months_back(first, -3) - timedelta(1), "month", "season"), anchor, ahead=False)


def _bare_year(figure: object) -> int | None:
    """A number that stands for a year where the phrase says so: Turkish "2022 baharında"."""
    value = getattr(figure, "value", None)
    return int(value) if value is not None and value in YEARS else None


# Days of a month from one to another; counted from its end where they are negative.
_PARTS = {
    "first_week_of": (1, 7), "second_week_of": (8, 14), "third_week_of": (15, 21), "last_week_of": (-7, -1),
    "first_half_of": (1, 15), "second_half_of": (16, -1),
    "first_third_of": (1, 10), "second_third_of": (11, 20), "last_third_of": (21, -1),
}  # fmt: skip


def _stretch(key: str, slots: Sequence[object], anchor: date | None) -> Span | None:
    """A week or half of a month, or the first half of a year."""
    when = slots[0] if slots else None
    if not isinstance(when, When) or when.day is not None:
        return None
    if when.month is None:
        if when.year is None or not key.endswith("half_of"):
            return None
        ends = ((1, 1), (6, 30)) if key.startswith("first") else ((7, 1), (12, 31))
        return Span(date(when.year, *ends[0]), date(when.year, *ends[1]), "month", "span")
    whole = resolve(when, anchor)
    if whole is None or whole.start is None:
        return None
    length = calendar.monthrange(whole.start.year, whole.start.month)[1]
    first, last = (day if day > 0 else length + 1 + day for day in _PARTS[key])
    return Span(whole.start.replace(day=first), whole.start.replace(day=last), "week", "span")


def _night(slots: Sequence[object], anchor: date | None, *, ahead: bool) -> Span | None:
    """The two days that a night joins, named by its morning or by both."""
    when = slots[-1] if slots else None
    morning = resolve(when, anchor, ahead=ahead) if isinstance(when, When) else None
    if morning is None or morning.start is None or morning.start != morning.end:
        return None
    return Span(morning.start - timedelta(1), morning.start, "day", "night_to")


def _part_of(key: str, slots: Sequence[object], anchor: date | None) -> Span | None:
    """The first days or weeks of a month, the days or the year up to a date."""
    when = next((slot for slot in slots if isinstance(slot, When)), None)
    whole = resolve(when, anchor) if when is not None else None
    if whole is None or whole.start is None or whole.end is None:
        return None
    if key == "year_to":
        return Span(months_back(whole.end + timedelta(1), 12), whole.end, "month", key)
    if key == "week_to":
        return Span(whole.end - timedelta(6), whole.end, "week", key)
    days = _count([slot for slot in slots if not isinstance(slot, When)])
    if days is None:
        return None
    if key in {"days_to", "weeks_to"}:
        length = days[1] * (7 if key == "weeks_to" else 1)
        return Span(whole.end - timedelta(length - 1), whole.end, "day", key)
    length = days[1] * (7 if key == "first_weeks" else 1)
    return Span(whole.start, whole.start + timedelta(length - 1), "day", key)


def _one_sided(key: str, found: Span, anchor: date | None) -> Span | None:
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
    return found


_DAY = 24  # hours


def _between(slots: Sequence[object], anchor: date | None, *, ahead: bool) -> Span | None:
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


def _relative(key: str, slots: Sequence[object], anchor: date | None, before: Span | None) -> Span | None:
    if key == "early":
        return Span(before.start, None, "week", key) if before and before.start else None
    if key == "first_week":
        return (
            Span(before.start, before.start + timedelta(6), "week", key) if before and before.start else None
        )
    if anchor is None:
        return None
    number = _count([slot for slot in slots if not isinstance(slot, When)])
    day = timedelta(1)
    monday = anchor - anchor.weekday() * day
    match key:
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
        case "last_day":
            return Span(anchor - day, anchor - day, "day", key)
        case "last_week":
            return Span(monday - 7 * day, monday - day, "week", key)
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
            return _relative("last_week", slots, anchor, before)
        case "previous_month" if _lasts(before, 1) and before is not None:
            return _earlier("month_before", before)
        case "previous_month":
            return _relative("last_month", slots, anchor, before)
        case "last_month":
            end = anchor.replace(day=1) - day
            return Span(end.replace(day=1), end, "month", key)
        case "this_month":
            return Span(anchor.replace(day=1), anchor, "month", key)
        case "last_year":
            return Span(date(anchor.year - 1, 1, 1), date(anchor.year - 1, 12, 31), "year", key)
        case "previous_year" if before and _lasts(before, 12) and before.start:
            year = before.start.year - 1
            return Span(date(year, 1, 1), date(year, 12, 31), "year", "last_year")
        case "previous_year":
            return _relative("last_year", slots, anchor, before)
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
        case "first_half":
            return Span(date(anchor.year, 1, 1), date(anchor.year, 6, 30), "month", key)
        case "second_half":
            year = anchor.year if anchor.month > 6 else anchor.year - 1
            return Span(date(year, 7, 1), min(date(year, 12, 31), anchor), "month", key)
        case "second_quarter" | "third_quarter" | "fourth_quarter":
            return _quarter(("second_quarter", "third_quarter", "fourth_quarter").index(key) + 1, anchor, key)
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
        case "that_month" if _lasts(before, 1):
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
        case "first_quarter":
            return Span(date(anchor.year, 1, 1), date(anchor.year, 3, 31), "month", key)
        case "recent" | "so_far":
            return Span(None, anchor, "week", key)
        case "now" | "this_day":
            return Span(anchor, anchor, "day", key)
        case "slept":
            return Span(anchor - day, anchor - day, "day", key)
    return None


QUARTERS = frozenset(
    {"first_quarter", "second_quarter", "third_quarter", "fourth_quarter", "first_half", "second_half"}
)


def of_year(span: Span, year: int) -> Span | None:
    """A quarter or half of a year, in another year."""
    if span.start is None or span.end is None:
        return None
    first = date(year, span.start.month, 1)
    months = 6 if span.kind.endswith("half") else 3
    return replace(span, start=first, end=months_back(first, -months) - timedelta(1))


def _year_so_far(months: int, anchor: date) -> bool:
    """Whether so many months are those of the year that are over, or were when figures were last drawn up."""
    return months == anchor.month - 1 or (months >= _DRAWN_UP and months == anchor.month - 2)


_DRAWN_UP = 5  # months; of fewer the last are meant


def _lasts(span: Span | None, months: int) -> bool:
    """Whether a span is so many whole months of the calendar."""
    if span is None or span.start is None or span.end is None or span.start.day != 1:
        return False
    return months_back(span.start, -months) == span.end + timedelta(1)


def _told(span: Span | None, months: int, anchor: date) -> bool:
    """Whether so many whole months have been told, and are not long over."""
    return _lasts(span, months) and span is not None and span.end is not None and anchor - span.end <= _OVER


_OVER = timedelta(400)  # how long ago the months that a text counts over may have ended


def _earlier(key: str, span: Span) -> Span:
    """The days as many as those of a span, a week or month before; a running total up to then."""
    assert span.start is not None

    def back(day: date) -> date:
        return day - timedelta(7) if key == "week_before" else months_back(day, 1)

    if span.kind in {"since", "event", "this_year"}:
        return replace(span, end=span.end and back(span.end), kind=key)
    whole = key == "month_before" and _lasts(span, 1)
    end = span.start - timedelta(1) if whole else span.end and back(span.end)
    return replace(span, start=back(span.start), end=end, kind=key)


def _whole(key: str, span: Span) -> Span:
    """This week, month or year to its end, where it is still to come."""
    assert span.start is not None
    length = {"this_week": timedelta(7), "this_month": timedelta(31), "this_year": timedelta(366)}[key]
    following = span.start + length
    if key != "this_week":
        following = following.replace(day=1)
    return replace(span, end=following - timedelta(1))


def _quarter(number: int, anchor: date, key: str) -> Span:
    """A quarter, 0 to 3, of this year, or of the last where it has not begun."""
    year = anchor.year if date(anchor.year, 3 * number + 1, 1) <= anchor else anchor.year - 1
    first = date(year, 3 * number + 1, 1)
    return Span(first, months_back(first, -3) - timedelta(1), "month", key)


def _count(slots: Sequence[object]) -> tuple[int, int] | None:
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


def months_back(day: date, months: int) -> date:
    """The same day of the month so many months before, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(max(index, 12), 12)
    year = min(year, 9999)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

"""The spans of days that phrases mean, resolved against the day of the article.

Pure. What a date means is in days.py, what is counted from the day of the article in relative.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tolqyn.extract.dates import YEARS, When
from tolqyn.extract.days import adjoin, between, one_sided, passed, resolve
from tolqyn.extract.figures import Figure
from tolqyn.extract.relative import count_in, counted_back, to_its_end
from tolqyn.extract.spans import BEGINNINGS, Span, lasts, month_length, months_back, one_day
from tolqyn.languages import Hit, Item

__all__ = ["EVENTS", "POINTED", "span_of", "winter_between", "year_in"]


# Categories of phrases that name days by an event: "since the war began", "a week after the quake".
_RUNS = ("days", "weeks", "months", "week", "month", "year")  # how long an event has gone on
_FIRSTS = ("first_days", "first_weeks", "first_months", "first_week", "first_month")
EVENTS = tuple(f"events.{key}" for key in ("since", "before", *_RUNS, *_FIRSTS))


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
    key, _, number = str(hit.value).partition(" ")
    slots = [items[slot].value for slot in hit.slots if items[slot].kind != "c"]
    if number:
        slots.append(Figure(float(number)))  # "the past fortnight" is two weeks
    if hit.category == "events.before":
        return Span(None, event and event - timedelta(1), kind="before")
    if hit.category == "events.since":
        return Span(event, anchor, kind="event") if event and (anchor is None or event <= anchor) else None
    if hit.category.startswith("events."):
        return _since_begun(key, slots, anchor, event)
    if key in {"same", "same_day"}:
        if before is None or (before.kind == "by" and before.start is None):
            return before  # a total that runs goes on to run
        return replace(before, kind="same")
    if key == "same_of":
        return _moved(before, slots)
    if key == "days_before":
        days = count_in(slots)
        if not days:
            return None
        told = before is not None and before.start is not None and before.kind not in BEGINNINGS
        until = before.start if told and before is not None else anchor and anchor + timedelta(1)
        return Span(until - timedelta(days[1]), until - timedelta(1), "day", key) if until else None
    if key == "those_days":
        days = count_in(slots)
        if not days or before is None or before.end is None:
            return None
        told = before.length in {days[0], days[1]}  # else the last of them is told apart
        return (
            replace(before, kind="same")
            if told
            else Span(before.end - timedelta(days[1] - 1), before.end, "day", key)
        )
    if key in POINTED:
        return _from_there(key, before, slots, anchor)
    if key in {"that_year", "over_year"}:
        return _year_of(key, before, anchor)
    if key in _PARTS:
        return _stretch(key, slots, anchor)
    if key in _SEASONS:
        return _season(key, slots, anchor, ahead=ahead)
    if key in _SINCE_SEASONS:
        season = _season(key.removeprefix("since_"), slots, anchor, ahead=False)
        return one_sided("since", season, anchor) if season is not None else None
    if key in _UNTIL_SEASONS:
        coming = _season(key.removeprefix("until_"), slots, anchor, ahead=True)
        return one_sided("before", coming, anchor) if coming is not None and ahead else None
    if key == "night_to":
        return _night(slots, anchor, ahead=ahead)
    if key in {
        "first_days",
        "first_weeks",
        "days_to",
        "weeks_to",
        "final_days",
        "final_weeks",
        "week_to",
        "year_to",
        "year_until",
    }:
        return _part_of(key, slots, anchor)
    if key == "both_days":
        span = between(slots, anchor, ahead=ahead)
        return span if span is not None and adjoin(slots, span) else None
    if key == "span":
        return between(slots, anchor, ahead=ahead)
    if key == "earlier_of":
        when = slots[0] if slots else None
        until = before.start - timedelta(2) if before is not None and before.start is not None else anchor
        return resolve(replace(when, year=None), until) if isinstance(when, When) else None
    if key in {"since", "from", "until", "before", "by", "on", "last_of", "week_from", "day_from"}:
        when = slots[0] if slots else None
        if not isinstance(when, When):
            return None
        weekday = key in {"since", "last_of"} and when.weekday is not None
        found = resolve(when, anchor, ahead=ahead and not weekday, past=key in _PAST)
        if weekday and found is not None and found.start is not None and found.start == anchor:
            found = one_day(
                found.start - timedelta(7)
            )  # said on a Wednesday, "since Wednesday" and "last Wednesday" are the one before
        return one_sided("since" if key == "from" else key, found, anchor) if found else None
    if key == "year_end" and not ahead and anchor is not None and anchor.month <= _JUST_OVER:
        return Span(None, date(anchor.year - 1, 12, 31), "week", "by")  # told of the year that is over
    found = counted_back(key, slots, anchor, before)
    if key == "weekend" and ahead and anchor is not None:
        saturday = anchor + timedelta((5 - anchor.weekday()) % 7)
        return Span(saturday, saturday + timedelta(1), "day", key)
    if found is not None and ahead and key in {"this_week", "this_month", "this_year"}:
        return to_its_end(key, found)
    return found


def _since_begun(key: str, slots: Sequence[object], anchor: date | None, event: date | None) -> Span | None:
    """From an event on for so long: to the day of the article, if about so long has passed by then."""
    number = next((number for slot in slots if (number := count_in([slot])) is not None), (1, 1))
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


# Dates without a year that lie before the article.
_PAST = {"since", "from", "last_of", "week_from", "day_from"}
_JUST_OVER = 2  # month up to which the end of the year is that of the year before


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
    "days_earlier": -1, "weeks_earlier": -7, "year_after": 0, "days_following": 1,
}  # fmt: skip


def _from_there(key: str, before: Span | None, slots: Sequence[object], anchor: date | None) -> Span | None:
    """So long after the day told last, or before it; "three days earlier" with none told is before the article.

    A running total told by that day goes on: "by Monday 700, three days later 900".
    """
    low, high = count_in(slots) or (1, 1)
    step = POINTED[key] * high
    if before is None or before.end is None:
        if step >= 0 or anchor is None:
            return None
        before = Span(anchor, anchor)
    start, end = before.start, before.end
    assert end is not None
    if key == "days_following":
        return Span(end + timedelta(1), end + timedelta(step), "day", key)
    if key == "year_after":
        first = months_back(before.start or end, -12)
        last = months_back(end + timedelta(1), -12) - timedelta(1)
        return replace(before, start=first, end=last) if anchor is None or first <= anchor else None
    if key == "month_after":
        if lasts(before, 1):
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


def _year_of(key: str, before: Span | None, anchor: date | None) -> Span | None:
    """The year of the days told before, as far as it has passed; "in the course of the year" with none told is this one.

    Told of this year when it has hardly begun, that is the one that is over.
    """
    told = (before.start or before.end) if before is not None else None
    told = told or (anchor if key == "over_year" else None)
    if told is None:
        return None
    over = (
        key == "over_year" and anchor is not None and anchor.year == told.year and anchor.month <= _JUST_OVER
    )
    span = resolve(When(year=told.year - over), anchor)
    return replace(span, kind=key) if span is not None else None


# Month in which a season begins; winter is that which ends in the year named.
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_SINCE_SEASONS = {f"since_{season}" for season in _SEASONS}
_UNTIL_SEASONS = {f"until_{season}" for season in _SEASONS}


def _season(key: str, slots: Sequence[object], anchor: date | None, *, ahead: bool) -> Span | None:
    """Three months: of the year named, else the last that has begun, as far as it has passed, or the next."""
    when = slots[0] if slots else None
    year = year_in(when)
    if year is None and anchor is not None and ahead:
        first = date(anchor.year, _SEASONS[key], 1)
        first = first if months_back(first, -3) > anchor else first.replace(year=anchor.year + 1)
        return Span(first, months_back(first, -3) - timedelta(1), "month", "season")
    if year is None and anchor is not None and count_in(slots) == (1, 1):
        # "Last summer", said in summer, is that of the year before; the last winter, in January, the one before.
        ends = (months_back(date(anchor.year - back, _SEASONS[key], 1), -3) for back in range(3))
        end = next(end for end in ends if end <= anchor)
        return Span(months_back(end, 3), end - timedelta(1), "month", "season")
    if year is None and anchor is not None:
        year = anchor.year if date(anchor.year, _SEASONS[key], 1) <= anchor else anchor.year - 1
    elif year is not None and key == "winter":
        year -= 1
    if year is None:
        return None
    first = date(year, _SEASONS[key], 1)
    return passed(Span(first, months_back(first, -3) - timedelta(1), "month", "season"), anchor, ahead=False)


def winter_between(hit: Hit, items: Sequence[Item]) -> tuple[Span, int] | None:
    """The winter that two years written side by side name, and the item after them: "the winter of 2015-16"."""
    at = hit.slots[-1] if hit.slots else hit.last
    if hit.value != "winter" or at + 2 >= len(items) or items[at + 1].text not in {"-", "–", "—", "/"}:
        return None
    first, second = (
        year_in(items[i].value) if items[i].kind == "d" else _figures(items[i]) for i in (at, at + 2)
    )
    if first is None or first not in YEARS or second not in {first + 1, (first + 1) % 100}:
        return None
    return Span(date(first, 12, 1), date(first + 1, 3, 1) - timedelta(1), "month", "season"), at + 3


def _figures(item: Item) -> int | None:
    return int(item.text) if item.kind == "n" and item.text.isdigit() else None


def year_in(slot: object) -> int | None:
    """The year of a date, or a number that stands for one where the phrase says so: Turkish "2022 baharında"."""
    if isinstance(slot, When):
        return slot.year
    value = getattr(slot, "value", None)
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
    length = month_length(whole.start.year, whole.start.month)
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
    if key == "year_until":
        return Span(date(whole.end.year, 1, 1), whole.end, "month", "span")
    if key == "week_to":
        return Span(whole.end - timedelta(6), whole.end, "week", key)
    days = count_in([slot for slot in slots if not isinstance(slot, When)])
    if days is None:
        return None
    if key in {"days_to", "weeks_to", "final_days", "final_weeks"}:
        length = days[1] * (7 if key.endswith("weeks") or key == "weeks_to" else 1)
        return Span(whole.end - timedelta(length - 1), whole.end, "day", key)
    length = days[1] * (7 if key == "first_weeks" else 1)
    return Span(whole.start, whole.start + timedelta(length - 1), "day", key)

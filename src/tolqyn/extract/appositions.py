"""Spans of days that stand side by side and mean the same days, made one.

Pure. "In a week, from 5 to 11 August", "in the first ten days of May (1-10 May)", "in the third quarter of 2022".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tolqyn.extract.reading import Reading
from tolqyn.extract.spans import QUARTERS, Span, Window, months_back, of_year
from tolqyn.languages import Item

__all__ = ["join_appositions"]


def join_appositions(reading: Reading, found: Sequence[Window]) -> list[Window]:
    """The spans of a sentence, in its order, with those joined that say the same days twice."""
    joined: list[Window] = []
    for window in found:
        one = _one_of(reading, joined[-1], window) if joined else None
        if one is None:
            joined.append(window)
        else:
            joined[-1] = one
    return joined


def _one_of(reading: Reading, before: Window, after: Window) -> Window | None:
    """Two spans as one; None where each stands for itself."""
    first, end, vague = before
    begin, last, exact = after
    beside = reading.items[end:begin]
    between = [item.text for item in beside]
    if between == [","] and _follows(vague, exact):
        return first, last, replace(exact, start=vague.start)
    months = vague.accuracy == exact.accuracy == "month" and {vague.kind, exact.kind} <= {"date", "on"}
    if months and between in _DASHES and vague.end and exact.start and vague.end < exact.start:
        return first, last, replace(exact, start=vague.start, kind="span")
    bare = _is_bare(beside)
    if bare and "over_year" in {vague.kind, exact.kind} and vague.accuracy == exact.accuracy == "year":
        return first, last, exact if vague.kind == "over_year" else vague  # "in the course of the year 2021"
    within = None
    if between == [","] or bare:
        within = _lies_in(vague, exact) if bare else _lies_in(exact, vague)
    if within is not None:
        return first, last, within
    exact = _in_year_before(vague, exact)
    if (
        between[:1] == [","]
        and _is_bare(beside[1:])
        and vague.kind in _YEARS_BACK
        and exact.accuracy == "month"
    ):
        ago = _of_year_beside(exact, replace(vague, kind="last_year"))
        if ago is not None:
            return first, last, ago  # "a year ago, in March"
    if between[1:] == [","] and _is_its_date(vague, exact):
        return first, last, exact
    opens = [item.text for item in reading.items[last : last + 1]] == [":"]  # "in July (June: 1,620)"
    if between in _SIGNS and not opens and _specifies(exact, vague, bracketed=between == ["("]):
        return first, last, exact
    whole = vague.kind == "last_year" and exact.accuracy == "month" and len(between) <= _WHOLE
    if (whole or len(between) <= 1) and not set(between) & _MARKS:
        ways = (
            _of_year_beside(vague, exact),
            _of_year_beside(exact, vague) if not (between and exact.accuracy == "day") else None,
            _in_year(vague, exact),
            _in_year(exact, vague),
        )
        one = next((way for way in ways if way is not None), None)
        return (first, last, one) if one is not None else None
    return None


def _in_year(part: Span, year: Span) -> Span | None:
    """A quarter, a half or the first months in the year written beside it: "in the first six months of 2022"."""
    if year.accuracy != "year" or year.kind in {"last_year", "this_year"} or year.start is None:
        return None
    if part.kind in QUARTERS:
        return of_year(part, year.start.year, year.start.month)
    if part.kind != "first_months" or part.start is None or part.end is None:
        return None
    months = 12 * (part.start.year - year.start.year)
    return replace(part, start=months_back(part.start, months), end=months_back(part.end, months))


def _of_year_beside(part: Span, year: Span) -> Span | None:
    """A month, season, quarter or day of the year that stands beside it: "in September of last year"."""
    told = part.start or part.end
    if year.kind == "this_year" and part.kind in _PARTS - {"by", "until"}:
        return part if told is not None and year.start is not None and told.year == year.start.year else None
    if (
        year.kind not in {"last_year", "year_before", "that_year"}
        or year.end is None
        or part.kind not in _PARTS
    ):
        return None
    if told is None or (year.kind != "that_year" and not 0 <= told.year - year.end.year <= 1):
        return None
    if part.kind in QUARTERS:
        return of_year(part, year.end.year)
    months = 12 * (told.year - year.end.year)

    def back(day: date | None) -> date | None:
        return day and months_back(day, months)

    end = back(part.end) if part.kind != "since" else part.end
    if part.accuracy == "month" and part.kind in {"date", "on", "span"} and end is not None:
        end = months_back(end.replace(day=1), -1) - timedelta(1)
    return replace(part, start=back(part.start), end=end)


_PARTS = {"date", "on", "span", "since", "by", "until", "season", "first_months", *QUARTERS}


def _in_year_before(vague: Span, exact: Span) -> Span:
    """Dates as those of the year before, where that stands right before them: "a year earlier, from 1 to 18 May"."""
    if (
        vague.kind not in {"year_before", "same"}
        or exact.kind not in {"span", "date"}
        or exact.accuracy != "day"
    ):
        return exact
    days = _days(exact), _days(vague)
    if days[0] is None or days[1] is None or days[0][1].year != days[1][1].year + 1:
        return exact
    return replace(exact, start=months_back(days[0][0], 12), end=months_back(days[0][1], 12))


_COUNTED = {"last_days", "last_hours", "last_weeks", "past_week", "last_full_days"}


def _lies_in(length: Span, whole: Span) -> Span | None:
    """The month or day that a length of days lies in, which alone would be counted back: "in March, in ten days"."""
    days, told = _days(whole), _days(length)
    if days is None or told is None or length.kind not in _COUNTED or whole.kind not in {"date", "on"}:
        return None
    return whole if days[1] < told[0] else None


def _is_bare(between: Sequence[Item]) -> bool:
    """Whether no more than a preposition stands between two spans: "in ten days in March"."""
    return not between or (len(between) == 1 and between[0].kind == "w")


def _follows(month: Span, span: Span) -> bool:
    """Whether a list of months begins with a month and goes on: "July, August and September"."""
    whole = (
        month.start is not None
        and month.end is not None
        and month.start.day == 1
        and month.accuracy == "month"
    )
    return whole and span.accuracy == "month" and span.start == (month.end or date.min) + timedelta(1)


def _is_its_date(weekday: Span, exact: Span) -> bool:
    """Whether a date is that of a weekday named right before it: "le samedi précédent, 17 septembre"."""
    day, told = weekday.start, exact.start
    if day is None or told is None or day != weekday.end or told != exact.end or exact.kind != "date":
        return False
    return day.weekday() == told.weekday()


_WHOLE = 3  # words before a month of last year: "last year in all of March"
_YEARS_BACK = {"last_year", "year_before", "years_ago"}
_SIGNS = (["("], [","], ["—"], ["–"])
_DASHES = (["-"], ["–"], ["—"])
_MARKS = {",", "(", ")", ";", ":"}


def _specifies(exact: Span, vague: Span, *, bracketed: bool) -> bool:
    """Whether dates say more sharply what a phrase before them meant."""
    if exact.kind not in {"span", "date", "since"} or vague.kind in {"now", "so_far"}:
        return False
    if vague.kind in {"span", "date"} and vague.accuracy == "day":
        return False
    ends = _days(exact), _days(vague)
    if ends[0] is None or ends[1] is None:
        return False
    (start, end), (begin, last) = ends[0], ends[1]
    day = timedelta(1)
    if start > last + day or end < begin - day:
        return False
    own, whole = (end - start) // day + 1, (last - begin) // day + 1
    return bracketed or whole == 1 or (own > 1 and 2 * own >= whole)


def _days(span: Span) -> tuple[date, date] | None:
    return (span.start, span.end) if span.start is not None and span.end is not None else None

"""Dates as a text writes them: days, months, years and weekdays put together into one item each.

Pure. A date is read as what it says (`When`); days.py resolves it, because "21 September" has no year until the
article's own day is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from tolqyn.languages import Hit, Item, Language
from tolqyn.values import value

__all__ = ["YEARS", "When", "collapse_dates", "spell_days"]

YEARS = range(1945, 2101)  # what four digits may be a year of


@value
class When:
    """A date as said; None is what was not said.

    Attributes:
        last_day: last day of the month where a span of days stands before or after its month.
        weekday: 0 is Monday. offset: days from the article's day.
        part: -1 the beginning of the month, 1 its end, 0 all of it.
        fixed: both ends, where the calendar date was written out in figures.
        side: "since" or "until" where its own ending says so, as in languages with many cases.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    weekday: int | None = None
    offset: int | None = None
    part: int = 0
    fixed: tuple[date, date] | None = None
    side: str = ""


def collapse_dates(
    items: list[Item], hits: Mapping[str, Sequence[Hit]], text: str, language: Language
) -> list[Item]:
    """The items with every date put together into one item of kind "d"; the same list where there is none.

    Args:
        items: of one sentence, figures not yet put together.
        hits: category -> what the first lexicon found in them.
        text: the whole text, to tell "May" from "may".
        language: whose words join a day, a month and a year; where its decimal mark is a comma, "21.9." is a date.
    """
    at = {hit.first: hit for hit in hits.get("calendar", ())}
    spots = {i for i, item in enumerate(items) if item.kind in _DATED and _may_date(items, i)}.union(at)
    if not spots:
        return items
    beside = language.beside_dates.find(items)
    joins = _ends(beside, "dates.day_joins")
    year_joins = _ends(beside, "dates.year_joins")
    articles = {hit.last: hit.first for hit in beside.get("dates.articles", ())}
    before_year = {hit.last for hit in beside.get("dates.year_before", ())}
    words = _ends(beside, "dates.month_words")
    parts = _ends(beside, "dates.day_parts")
    begun = {last: first for first, last in parts.items()}
    ands = frozenset(hit.first for hit in hits.get("number", ()) if hit.value[0] == "joins")
    taken: list[tuple[int, int, When]] = []
    free = 0
    for i in sorted(spots):
        if i < free:
            continue
        item = items[i]
        read: tuple[int, int, When] | None = None
        if item.kind == "d":
            read = i, i + 1, When(fixed=item.value)
        elif i in at:
            read = _named(items, hits, at, i, joins, year_joins, text, free, is_word=i in words)
        elif i in before_year and _is_short(item) and not _measures(items, hits, i + 1):
            day, month = item.text.split(".")
            read = i, i + 1, When(month=int(month), day=int(day))
        elif language.decimal == "," and (in_figures := _in_figures(items, i, text)) is not None:
            read = in_figures
        elif (
            _is_year(item)
            and (i in before_year or i + 1 in year_joins)
            and not _counts(items, i, ands, language)
        ):
            last = year_joins.get(i + 1, i + 1)
            if not _leads_month(items, at, last):
                read = i, last, When(year=int(item.text))
        elif _is_year(item) and (
            _ends_years(items, i, taken)
            or (_begins_years(items, i, ands) and (i in before_year or i + 3 in year_joins))
            or (language.bare_years and _goes_on_small(items, i, text))
        ):
            read = i, i + 1, When(year=int(item.text))
        if read is not None:
            if _is_one_day(read[2]):
                # "Friday evening", Russian "of the evening of Friday": the day.
                read = begun.get(read[0], read[0]), parts.get(read[1], read[1]), read[2]
            read = max(articles.get(read[0], read[0]), free), *read[1:]
            taken.append(read)
            free = read[1]
    return _put(items, _with_weekdays(items, taken)) if taken else items


def spell_days(items: list[Item], hits: Mapping[str, Sequence[Hit]], language: Language) -> bool:
    """Make days of the month in words figures: "the third of August", "с первого по пятое марта"; whether there were any.

    Args:
        items: of one sentence; changed.
        hits: category -> what the first lexicon found in them.
        language: whose words join a day and a month.
    """
    words = [hit for hit in hits.get("dates.ordinals", ()) if hit.value != "0"]
    if not words:
        return False
    ends, starts = {hit.last: hit for hit in words}, {hit.first: hit for hit in words}
    beside = language.beside_dates.find(items)
    joins = {last: first for first, last in _ends(beside, "dates.day_joins").items()}
    found: dict[int, Hit] = {}
    for month in [hit for hit in hits.get("calendar", ()) if hit.value[0] == "months"]:
        day = ends.get(month.first) or ends.get(joins.get(month.first, -1))
        if day is None and month.last in starts:
            day = starts[month.last]
        if day is not None:
            found[day.first] = day
            # "From the first to the fifth of March": the month belongs to both.
            for hit in (ends.get(day.first - 1), ends.get(day.first - 2)):
                if hit is not None and int(hit.value) < int(day.value):
                    found[hit.first] = hit
    for begin in sorted(found, reverse=True):
        hit = found[begin]
        first, last = items[hit.first], items[hit.last - 1]
        items[hit.first : hit.last] = [Item("n", first.start, last.end, str(hit.value), float(hit.value))]
    return bool(found)


_DATED = frozenset("nd")


def _may_date(items: Sequence[Item], i: int) -> bool:
    """Whether figures may be a date of their own; of a day alone, whether a mark joins it to a month."""
    item = items[i]
    if item.kind == "d" or _is_year(item) or _DOTTED.fullmatch(item.text) is not None:
        return True
    return _is_day(item) and _mark(items, i + 1) in _JOINTS


def _is_one_day(when: When) -> bool:
    return when.day is not None or when.weekday is not None or when.offset is not None


def _with_weekdays(
    items: Sequence[Item], taken: Sequence[tuple[int, int, When]]
) -> list[tuple[int, int, When]]:
    """Dates with the day of the week that stands beside them: "Monday, 25 September", "25 September (Monday)"."""
    joined: list[tuple[int, int, When]] = []
    for first, last, when in taken:
        if joined:
            begin, end, before = joined[-1]
            between = "".join(item.text for item in items[end:first])
            if between in {"", ",", "("} and before.weekday is not None and when.day is not None:
                if between != "(":
                    joined[-1] = begin, last, when
                    continue
            elif (
                between in {"", ",", "("}
                and when.weekday is not None
                and before.day is not None
                and not _is_bent(items, end)
            ):
                closed = last < len(items) and items[last].text == ")"
                if between != "(" or closed:
                    joined[-1] = begin, last + (between == "("), before
                    continue
        joined.append((first, last, when))
    return joined


def _is_bent(items: Sequence[Item], end: int) -> bool:
    """Whether a date has an ending behind an apostrophe, as Turkish "8 Aralık'tan", so that no day of the week is its own."""
    return "'" in items[end - 1].text


def _ends(hits: Mapping[str, Sequence[Hit]], category: str) -> dict[int, int]:
    """Where each join begins -> where it ends."""
    return {hit.first: hit.last for hit in hits.get(category, ())}


def _put(items: Sequence[Item], taken: Sequence[tuple[int, int, When]]) -> list[Item]:
    joined: list[Item] = []
    i = 0
    for first, last, when in taken:
        joined += items[i:first]
        text = " ".join(item.text for item in items[first:last])
        joined.append(Item("d", items[first].start, items[last - 1].end, text, when))
        i = last
    joined += items[i:]
    return joined


def _is_year(item: Item) -> bool:
    return item.kind == "n" and len(item.text) == 4 and item.text.isdigit() and int(item.text) in YEARS


def _ends_years(items: Sequence[Item], i: int, taken: Sequence[tuple[int, int, When]]) -> bool:
    """Whether a year stands behind another year and a dash: "2020–2022"."""
    if not taken:
        return False
    _, last, when = taken[-1]
    return last == i - 1 and items[last].text in "-–—" and when.month is None and when.year is not None


def _begins_years(items: Sequence[Item], i: int, ands: frozenset[int]) -> bool:
    """Whether a dash, or "and", and another year follow a year: "in the years 2015–2020"."""
    joined = i + 2 < len(items) and (items[i + 1].text in "-–—" or i + 1 in ands)
    return joined and _is_year(items[i + 2])


def _goes_on_small(items: Sequence[Item], i: int, text: str) -> bool:
    """Whether a word in small letters or a mark follows, and so no noun of a language that writes them large."""
    if i > 0 and items[i - 1].kind != "w" and items[i - 1].text not in {":", ";"}:
        return False
    return i + 1 >= len(items) or (
        not text[items[i + 1].start].isupper() and items[i + 1].kind in "wp" and items[i + 1].text != "-"
    )


def _leads_month(items: Sequence[Item], at: Mapping[int, Hit], last: int) -> bool:
    """Whether a month, or a day and a month, stands right behind a year: where the year comes first, it is theirs."""
    if items[last - 1].text == ",":
        return False
    months = [at[i] for i in range(last, last + 3) if i in at and at[i].value[0] == "months"]
    return bool(months) and (months[0].first == last or _is_day(items[last]))


def _is_day(item: Item) -> bool:
    return item.kind == "n" and len(item.text) <= 2 and item.text.isdigit() and 1 <= int(item.text) <= 31


_JOINTS = {".", "/"}
_DOTTED = re.compile(r"(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])")
_MONTHS = 12


def _in_figures(items: Sequence[Item], i: int, text: str) -> tuple[int, int, When] | None:
    """A day and month in figures: "21.9.", "21. 9. 2023", "21/09"; no number of a section at the head of a line."""
    item = items[i]
    marks = [_mark(items, k) for k in range(i + 1, i + 4)]
    dotted = _DOTTED.fullmatch(item.text)
    if dotted is not None and marks[0] == ".":
        day, month, last = dotted[1], dotted[2], i + 2
    elif _is_day(item) and i + 2 < len(items) and _is_day(items[i + 2]) and marks[0] in _JOINTS:
        day, month, last = item.text, items[i + 2].text, i + 3
        parted = items[i + 2].start > items[i + 1].end
        if marks[0] == "." and marks[2] == ".":
            last += 1
        elif (
            marks[0] == "." or parted or marks[2] == "/" or len(month) == 1 or (len(day), month) == (1, "10")
        ):
            return None  # "1/3", "9/10"
    else:
        return None
    if int(month) > _MONTHS or (i == 0 and last < len(items) and text[items[last].start].isupper()):
        return None
    year = int(items[last].text) if last < len(items) and _is_year(items[last]) else None
    return i, last + (year is not None), When(year=year, month=int(month), day=int(day))


def _mark(items: Sequence[Item], at: int) -> str:
    """The mark that stands right behind what is before it; nothing where none does."""
    behind = at < len(items) and items[at].kind == "p" and items[at].start == items[at - 1].end
    return items[at].text if behind else ""


_SHORT = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])")


def _is_short(item: Item) -> bool:
    """Whether a number is a day and a month, "21.09"."""
    return item.kind == "n" and _SHORT.fullmatch(item.text) is not None


def _measures(items: Sequence[Item], hits: Mapping[str, Sequence[Hit]], at: int) -> bool:
    """Whether a number goes on as a quantity: "10.05 percent", "4.10 million"."""
    return (at < len(items) and items[at].text in {"%", "$", "€"}) or any(
        hit.first == at and hit.value[0] in {"magnitudes", "percent"} for hit in hits.get("number", ())
    )


def _counts(items: Sequence[Item], i: int, ands: frozenset[int], language: Language) -> bool:
    """Whether a bare number of its size stands before the four digits, as the other end of a range: "between 1800 and 2000".

    In "620 in 2021" they are a year.
    """
    if i < 2 or items[i - 1].kind != "w":
        return False
    before = items[i - 2]
    if before.kind != "n" or not before.text.isdigit() or not 3 <= len(before.text) <= 4 or _is_year(before):
        return False
    first = max(i - _RANGE, 0)
    ranges = language.second.find(items[first : i + 1]).get("range", ())
    return i - 1 in ands or any(i - first in hit.slots and hit.value != "of_each" for hit in ranges)


_RANGE = 4  # items before the second end of a range that are looked at


def _named(
    items: Sequence[Item],
    hits: Mapping[str, Sequence[Hit]],
    at: Mapping[int, Hit],
    i: int,
    joins: Mapping[int, int],
    year_joins: Mapping[int, int],
    text: str,
    free: int,
    *,
    is_word: bool,
) -> tuple[int, int, When] | None:
    """A date with a month, a weekday or a word such as yesterday in it."""
    hit = at[i]
    key, value = hit.value
    if key == "days":
        return i, hit.last, When(offset=int(value))
    if key == "weekdays":
        return i, hit.last, When(weekday=value)
    if key == "feasts":
        year, last = _year_after(items, hit.last, year_joins)
        return i, last, When(year=year, month=int(value[:2]), day=int(value[3:]))
    first, day, last_day = _day_before(items, i, joins, free)
    last = hit.last
    if day is None:
        last, day, last_day = _day_after(items, hit.last, joins)
        if _measures(items, hits, last):
            last, day, last_day = hit.last, None, None  # "in July 31 thousand came"
    year, last = _year_after(items, last, year_joins)
    if year is None:
        year, first = _year_before(items, first, year_joins, free)
    if day is None and year is None and text[items[hit.last - 1].start].islower() and is_word:
        return None
    return first, last, When(year=year, month=value + 1, day=day, last_day=last_day)


def _day_before(
    items: Sequence[Item], i: int, joins: Mapping[int, int], free: int
) -> tuple[int, int | None, int | None]:
    k = i - 1
    while k >= free and joins.get(k) == k + 1 and k > i - 4:
        k -= 1
    if k < free or not _is_day(items[k]):
        return i, None, None
    day = int(items[k].text)
    # "21-26 September": the month belongs to both.
    if (
        k - 2 >= free
        and items[k - 1].text in "-–—"
        and _is_day(items[k - 2])
        and int(items[k - 2].text) < day
    ):
        return k - 2, int(items[k - 2].text), day
    return k, day, None


def _day_after(items: Sequence[Item], k: int, joins: Mapping[int, int]) -> tuple[int, int | None, int | None]:
    start = k
    while k < len(items) and joins.get(k) == k + 1 and k < start + 2:
        k += 1
    if k >= len(items) or not _is_day(items[k]):
        return start, None, None
    day, last = int(items[k].text), k + 1
    if last + 1 < len(items) and items[last].text in "-–—" and _is_day(items[last + 1]):
        until = int(items[last + 1].text)
        if until > day:
            return last + 2, day, until
    if last + 2 < len(items) and items[last].text == "." and _is_year(items[joins.get(last + 1, last)]):
        last += 1  # Finnish "24. päivästä 2022"
    while last in joins and last < len(items) and items[last].text not in {",", "."}:
        if items[last].kind != "w":
            break
        last = joins[last]
    return last, day, None


def _year_after(items: Sequence[Item], last: int, year_joins: Mapping[int, int]) -> tuple[int | None, int]:
    k = last
    if k in year_joins and k < len(items) and not _is_year(items[k]):
        k = year_joins[k]
    if k < len(items) and _is_year(items[k]):
        k += 1
        return int(items[k - 1].text), year_joins.get(k, k)
    return None, last


def _year_before(
    items: Sequence[Item], first: int, year_joins: Mapping[int, int], free: int
) -> tuple[int | None, int]:
    """The year before a date, with what joins it to the date: "2022. gada septembrī", and where it begins."""
    for k in range(first - 1, max(free, first - _FAR) - 1, -1):
        if _is_year(items[k]):
            joined = k + 1
            while joined < first and joined in year_joins:
                joined = year_joins[joined]
            return (int(items[k].text), k) if joined == first else (None, first)
    return None, first


_FAR = 5  # items between a year and its month, at most

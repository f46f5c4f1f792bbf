"""The days that a figure covers: those named beside it, else those that go on from what was said before.

It reads the course and writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tolqyn.claims import Measure, Modality
from tolqyn.extract.choosing import FAINT, nearest
from tolqyn.extract.counting import compares
from tolqyn.extract.course import BACK, LEVELS, STORY, SUPPLIED, Count, Course
from tolqyn.extract.dating import BESIDE, is_set_beside, year_before
from tolqyn.extract.draft import Draft
from tolqyn.extract.figures import Figure
from tolqyn.extract.heads import becomes
from tolqyn.extract.measures import Cue
from tolqyn.extract.spans import BEGINNINGS, LASTING, QUARTERS, Span, Window, month_length, months_back
from tolqyn.extract.wording import find_rate

__all__ = ["find_span", "is_to_come"]

_UNREAL = {Modality.FORECAST, Modality.HYPOTHETICAL}  # whose days are no days on which people moved
# Kinds of windows that say little: what a total covers is then told elsewhere.
_LOOSE = {"so_far", "next_days", "next_week", "now"}
_ACROSS = {Measure.ENTRIES, Measure.EXITS}
_MOVEMENTS = {*_ACROSS, Measure.NET}
# What is done to those who move, on the days on which they do.
_DEEDS = {Measure.DEPORTATIONS, Measure.REFUSALS, Measure.DETENTIONS}
_TERMS = {*QUARTERS, "season"}
_RUNNING = {"since", "event", "this_year", "by"}  # what a total that still grows is counted over
# Days over which a rent has changed, rather than those that it is compared with.
_UNTIL_NOW = {
    "past_week",
    "past_month",
    "past_year",
    "last_days",
    "last_weeks",
    "last_months",
    "full_months",
    "last_years",
}
_BESIDE = 3.0  # words between a figure and the span of days that is its own


def find_span(course: Course, count: Count, modality: Modality) -> Span:
    """The days that a figure covers; what decided goes to its evidence."""
    windows = count.windows
    if len(windows) > 1 and course.spoken[0] == count.n:
        # When somebody spoke is not when people moved, if the sentence says that as well.
        windows = [way for way in windows if not way[0] <= course.spoken[1] < way[1]] or windows
    if modality is Modality.OBSERVED and _is_rate_of_now(count):
        windows = [way for way in windows if not _in_other_clause(count, way)]
    chosen = nearest(course, count, windows)
    roomy = count.cue.view == "capacity"
    if chosen is not None and roomy and (chosen[2].kind == "usual" or not _dates_room(course, count, chosen)):
        chosen = None  # there is room now, whenever people slept there
    # A share said without a window is of what the same sentence counts, or of the whole.
    flow = count.cue.measure.is_flow and count.head.what != "percent"
    vague = chosen is not None and chosen[2].kind in _LOOSE
    if (modality is Modality.HYPOTHETICAL and not _is_past(course, chosen, flow=flow)) or (
        modality is Modality.FORECAST and chosen is None
    ):
        count.evidence["window"] = "day of the article"
        return Span(None, None)
    if modality is Modality.DENIED and flow and chosen is None and _is_planned(count):
        count.evidence["window"] = "day of the article"
        return Span(None, None)  # "denied that 5,000 are to be sent home"
    dearer = _since_compared(course, count, windows)
    if dearer is not None:
        count.evidence["window"] = count.reading.words(*dearer[:2])
        return dearer[2]
    whole = _changed(course, count, chosen)
    if whole is not None:
        # "12 % more than in May": the window named is that of the other figure.
        count.evidence["window"] = "carried"
        return whole.span
    part = count.head.what == "percent" and (count.carried or not compares(count.reading, count.at))
    whole = _whole_of(course, count) if part and chosen is None else None
    if whole is not None:
        # "70 percent of them were children": of those counted before.
        count.evidence["window"] = "carried"
        return whole.span
    if chosen is not None and chosen[2].kind == "so_far" and flow:
        chosen = None
    if chosen is not None and chosen[2].kind == "now" and flow and count.cue.measure not in _MOVEMENTS:
        chosen = None  # "90,000 live here now, 60,000 have been registered": up to now
    if chosen is not None and vague and count.cue.measure is Measure.PRICE and count.head.what == "percent":
        chosen = None
    if chosen is not None:
        first, last, span = _from_and_until(count, chosen, windows)
        count.evidence["window"] = count.reading.words(first, last)
        if span.kind == "year_before" and count.linked is not None and count.linked.at == count.n:
            span = year_before(course) or span
        if flow and span.kind == "by" and span.start is None:
            span = _running(course, count.reading.items[count.at].value, count.cue, span)
    else:
        count.evidence["window"], span = _supplied_span(course, count, modality, flow=flow)
    priced = count.cue.kind in {"rent_level", "fare"} and count.head.what != "percent"
    if priced and chosen is None and becomes(count.reading, count.at) is not None:
        return Span(None, None)  # "rose from 80 to 150": it was so until some day
    if count.cue.measure in LEVELS or priced:
        return _as_of(course, span, spread=chosen is not None)
    return span


def _is_rate_of_now(count: Count) -> bool:
    """Whether a figure is so many a day or week, and no average of some days told."""
    if not count.cue.measure.is_flow or count.head.what == "percent" or count.reading.of("average"):
        return False
    return find_rate(count.reading, count.at) in {"day", "week"}


def _has_movement(count: Count) -> bool:
    """Whether the clause of a figure has the words that say what it counts: "Costa Rica says that 50 leave daily"."""
    begin, end = count.reading.clause(count.at)
    return not count.carried and begin <= count.cue.first < end


def _in_other_clause(count: Count, window: Window) -> bool:
    """Whether a span is no word of the clause of a figure: it stands in one behind it, or goes with another figure before it.

    "Since January 4,100 came from the north, and 50 a day leave through Paso Canoas", "60 arrive daily, and in May there
    were twice as many".
    """
    reading, (first, last, _) = count.reading, window
    if first > count.at:
        return reading.parted(count.at + 1, first)
    others = any(last <= other < count.at for other in reading.figures)
    return others and reading.parted(last, count.at) and _has_movement(count)


def _is_planned(count: Count) -> bool:
    """Whether the clause of a figure says that it is to come."""
    begin, end = count.reading.clause(count.at)
    return any(begin <= hit.first < end for hit in count.reading.of("modality.forecast"))


def _main_of(course: Course, count: Count) -> Draft | None:
    """The claim before; in its own sentence the one that is not only set against another."""
    linked = count.linked
    if linked is None or linked.at != count.n or not linked.aside:
        return linked
    mates = (draft for draft in course.recent() if draft.at == count.n and not draft.aside)
    return next((draft for draft in mates if draft.cue.measure is linked.cue.measure), linked)


def _changed(course: Course, count: Count, chosen: Window | None) -> Draft | None:
    """The claim that a change in percent is of, where the days named beside it are those that it is set against."""
    whole = _main_of(course, count)
    if (
        whole is None
        or chosen is None
        or count.head.what != "percent"
        or not compares(count.reading, count.at)
    ):
        return None
    risen = count.cue.measure is Measure.PRICE and chosen[2].kind in _UNTIL_NOW
    beside = chosen[2].kind in BESIDE or is_set_beside(count.reading, chosen[0])
    kin = whole.at == count.n or (beside and whole.cue.measure is count.cue.measure)
    return whole if kin and not risen else None


def _since_compared(course: Course, count: Count, windows: Sequence[Window]) -> Window | None:
    """The days over which a rent has changed, from those it is set against: "than in October", "than a year before"."""
    reading, at = count.reading, count.at
    if count.cue.measure is not Measure.PRICE or count.head.what != "percent":
        return None
    beside = [way for way in windows if way[2].kind == "year_before" or is_set_beside(reading, way[0])]
    after = [way for way in beside if at < way[0] and not any(at < f < way[0] for f in reading.figures)]
    if not after:
        return None
    first, last, then = after[0]
    own = [
        span for _, end, span in windows if end <= at and span.kind not in FAINT and span.start is not None
    ]
    today = own[-1] if own else Span(course.said, course.said)
    start = today.start and months_back(today.start, 12) if then.kind == "year_before" else then.start
    if start is None or today.end is None or start > today.end:
        return None
    return first, last, Span(start, today.end, kind="span")


def _dates_room(course: Course, count: Count, chosen: Window) -> bool:
    """Whether a span says when there is room for so many: it is to come, or stands right before the figure."""
    _, last, span = chosen
    closed = count.reading.items[last - 1].text.endswith(",")  # "in December 2020, holds 35,000"
    beside = not closed and last <= count.at and count.reading.between(last, count.at) <= _BESIDE
    return beside or is_to_come(course, span)


def _is_past(course: Course, chosen: Window | None, *, flow: bool) -> bool:
    """Whether a sentence names days that are over, so that its "if" supposes nothing of them."""
    if chosen is None or chosen[2].kind in _LOOSE | _UNTIL_NOW:
        return False
    end, said = chosen[2].end, course.said
    over = end is not None and said is not None and end < said
    return not flow or over or chosen[2].kind in {"recent", "earlier"}


def is_to_come(course: Course, span: Span) -> bool:
    """Whether days lie after the one on which the text speaks."""
    if span.kind in {
        "year_end",
        "month_end",
        "week_end",
        "next_week",
        "next_weeks",
        "next_months",
        "next_month",
        "next_year",
    }:
        return True
    days = [day for day in (course.said, course.document.published) if day is not None]
    return bool(days) and span.start is not None and span.start > max(days)


def _whole_of(course: Course, part: Count) -> Draft | None:
    """The claim that a percentage may be a part of: the last of its measure."""
    if part.linked is not None and _counts_whole(part.linked, part):
        return part.linked
    kin = (
        draft
        for draft in course.recent()
        if draft.cue.measure is part.cue.measure and draft.head.what != "percent" and not draft.aside
    )
    whole = max(kin, key=lambda draft: draft.figure.size, default=None)
    return whole if whole is not None and _counts_whole(whole, part) else None


def _counts_whole(whole: Draft, part: Count) -> bool:
    """Whether a percentage may be of those counted before; those of one day are another sentence's matter."""
    lasting = part.carried or whole.at == part.n or whole.span.start != whole.span.end
    return whole.cue.measure is part.cue.measure and lasting


def _running(course: Course, figure: Figure, cue: Cue, span: Span) -> Span:
    """A total reached by a day, from where the running total before it runs.

    A total grows: of two, the later one is the larger.
    """
    for draft in course.recent():
        total = draft.span
        if draft.cue.measure is not cue.measure or total.start is None or total.end is None:
            continue
        grows = (span.end is None or span.end >= total.end) == (figure.size >= draft.figure.size)
        if total.kind in _RUNNING and grows and (span.end is None or span.end >= total.start):
            return replace(span, start=total.start)
    dated = course.story in course.scene.events
    if dated and cue.measure in _MOVEMENTS and span.kind == "by" and span.start is None:
        return replace(span, start=_since_event(course, span.end).start)
    return span


def _supplied_span(course: Course, count: Count, modality: Modality, *, flow: bool) -> tuple[str, Span]:
    """The days of a figure whose sentence names none, and where they are taken from."""
    headed = course.span is not None and count.n - course.span[0] <= 2
    if (
        flow
        and course.span is not None
        and headed
        and (count.linked is None or course.span[0] > count.linked.at)
    ):
        return "of the heading", _running(course, count.figure, count.cue, course.span[1])
    time = find_rate(count.reading, count.at) if flow else None
    if time in {"day", "week"} and modality is Modality.OBSERVED and not _is_of_period(count):
        return "day of the article", Span(course.said, course.said)
    counted = count.linked is not None and count.linked.span.start is not None and _is_of_period(count)
    if time == "month" and modality is Modality.OBSERVED and not counted:
        return "day of the article", Span(None, course.said)
    if modality is Modality.DENIED and flow and count.reading.is_lone(count.at):
        # Whoever claims it need not mean the same days; "not 15,928 but 50,928" is a correction, and does.
        return "day of the article", Span(None, course.said)
    if count.linked is not None and _span_goes_on(count.linked, count, flow=flow):
        ahead = count.linked.modality in _UNREAL or _is_ahead(course, count.linked.span)
        if not (flow and ahead and modality is Modality.OBSERVED):
            return "carried", count.linked.span
    day = _heading_day(course, count)
    if day is not None:
        return "of the heading", day
    balance = count.cue.measure is Measure.NET  # of the two flows counted before it, wherever they stand
    flows = (
        draft.span
        for draft in course.recent()
        if draft.cue.measure.is_flow and not draft.aside
        if not balance or draft.cue.measure in _ACROSS
    )
    carried = next(flows, None) if flow and (balance or count.reading.sentence.bullet) else None
    if carried is not None:
        return "carried", carried
    observed = flow and modality is Modality.OBSERVED
    return "day of the article", _since_event(course, course.said) if observed else Span(None, course.said)


def _is_ahead(course: Course, span: Span) -> bool:
    """Whether days go on after the one on which the text appeared, so that nobody has counted them yet."""
    published = course.document.published
    return published is not None and span.end is not None and span.end > published


def _is_of_period(count: Count) -> bool:
    """Whether a rate is one of the days told before: an average, or set beside another figure of the sentence.

    One of a clause with a movement of its own is set beside another rate alone.
    """
    mate = count.linked
    beside = mate is not None and mate.at == count.n and mate.cue.measure.is_flow
    apart = mate is not None and "/" not in mate.unit and _has_movement(count)
    return bool(count.reading.of("average")) or (beside and not apart)


def _heading_day(course: Course, count: Count) -> Span | None:
    """The day that heads a list, for levels in it: "18 September: ... in the queue 95 cars"."""
    if course.span is None or not count.reading.sentence.bullet:
        return None
    at, span = course.span
    between = course.scene.readings[max(at + 1, count.n - BACK) : count.n]
    listed = span.start == span.end and all(reading.sentence.bullet for reading in between)
    return span if listed else None


_MORE = 4.0  # how much more than on the day told last is a total


def _span_goes_on(linked: Draft, count: Count, *, flow: bool) -> bool:
    """Whether a figure is counted over the days of the claim before: flows in a paragraph, levels in a list."""
    before = linked.reading.sentence
    if flow:
        near = before.paragraph == count.reading.sentence.paragraph or count.reading.sentence.bullet
        both = {linked.cue.measure, count.cue.measure}
        kin = len(both) == 1 or both <= _MOVEMENTS or (near and both <= _MOVEMENTS | _DEEDS)
        lasting = linked.span.start != linked.span.end
        counted = linked.head.what != "percent"
        if (
            counted
            and not lasting
            and linked.at != count.n
            and count.figure.size > _MORE * linked.figure.size
        ):
            return False  # no part of what was counted on one day
        return (
            linked.cue.measure.is_flow and (kin or lasting) and (near or (count.n - linked.at <= 1 and kin))
        )
    if count.cue.view == "capacity" and linked.cue.view != "capacity":
        return False  # there is room now, whenever people slept there
    bullet, paragraph = count.reading.sentence.bullet, count.reading.sentence.paragraph
    same = before.paragraph == paragraph and (bullet or count.evidence.get("place") in SUPPLIED)
    listed = linked.at == count.n or (bullet and before.bullet) or same
    told = linked.evidence.get("window") != "day of the article"
    if count.cue.measure is Measure.PRICE and listed and _has_risen(linked, count):
        return False
    return linked.cue.measure is count.cue.measure and listed and told


def _has_risen(linked: Draft, count: Count) -> bool:
    """Whether a price with no place of its own is set against that of a month or season: "400 in summer, now 900"."""
    elsewhere = any(linked.item < named.first for named in count.reading.named)
    return linked.at == count.n and linked.span.start != linked.span.end and not elsewhere


def _as_of(course: Course, span: Span, *, spread: bool) -> Span:
    """The days of a level: the last of the span, or all of it where a month or year was named.

    What was there before a day is told of all days before it.
    """
    said = course.said
    if span.kind in {"before", "usual"}:
        return span
    if span.kind in {"year_end", "month_end", "week_end"}:
        return Span(span.end, span.end)
    if span.kind == "since" and is_to_come(course, span):
        return Span(span.start, span.start)  # "from Wednesday there will be 1,000 beds"
    if span.kind in _UP_TO:
        return Span(
            span.end, span.end
        )  # "84,000 applied in the year to June, 32,000 of them lived in hotels"
    if span.kind == "night_to":
        return Span(span.start, span.start)  # those who sleep there come in the evening
    if span.start is not None and span.start == course.hint and span.kind in {"by", "until"}:
        return Span(span.end, span.end)
    lasting = span.kind in LASTING or span.kind in {"recent", "earlier", "same", "so_far"}
    lasting = lasting or (span.accuracy == "year" and span.end == said)
    if span.kind in _TERMS and said is not None and span.end is not None and span.end < said:
        lasting = False  # a quarter that is over is as of all of it, as a month is
    if lasting and span.start != span.end:
        return Span(said, said)
    end = span.end or said
    whole = spread and span.accuracy in {"month", "year"}
    running = span.start != end and end == course.hint and span.kind in {"date", "on"}
    if whole and running and end is not None and span.accuracy == "month":
        end = end.replace(day=month_length(end.year, end.month))  # "in November it costs 700": not to the day
    return Span(span.start or end if whole else end, end, span.accuracy, span.kind)


_UP_TO = {"year_to", "week_to", "days_to", "weeks_to", "final_days", "final_weeks"}


def _since_event(course: Course, said: date | None) -> Span:
    """A count of a text about one event, with no days of its own, runs from that event."""
    event = course.day_of(course.story) if course.story else None
    if event is None or said is None or not timedelta(0) <= said - event <= STORY:
        return Span(None, said)
    return Span(event, said, "week")


def _from_and_until(count: Count, chosen: Window, windows: Sequence[Window]) -> Window:
    """A beginning and an end that a sentence names apart, "From 24 February ..., until midnight on 9 March", as one span."""
    for other in windows:
        start, end = (chosen, other) if chosen[2].kind in BEGINNINGS else (other, chosen)
        if start[2].kind not in BEGINNINGS or end[2].kind not in {"by", "until"}:
            continue
        first, last = min(start[0], end[0]), max(start[1], end[1])
        others = [figure for figure in count.reading.figures if first < figure < last and figure != count.at]
        begin, until = start[2].start, end[2].end
        if (
            begin is None
            or until is None
            or begin > until
            or others
            or any(item.text in {";", ":"} for item in count.reading.items[first:last])
        ):
            continue
        return start[0], start[1], replace(start[2], end=until)
    return chosen

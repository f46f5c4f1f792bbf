"""The days that a figure covers: those named beside it, else those that go on from what was said before.

It reads the course and writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tolqyn.claims import Measure, Modality
from tolqyn.extract.counting import compares
from tolqyn.extract.course import BACK, LEVELS, STORY, SUPPLIED, Count, Course
from tolqyn.extract.dating import BESIDE, counts_on, telling, year_before
from tolqyn.extract.draft import Draft
from tolqyn.extract.figures import Figure
from tolqyn.extract.measures import Cue, telling_clause
from tolqyn.extract.reading import Reading
from tolqyn.extract.spans import BEGINNINGS, LASTING, Span, Window, months_back
from tolqyn.extract.wording import find_rate

__all__ = ["find_span", "is_to_come"]

_UNREAL = {Modality.FORECAST, Modality.HYPOTHETICAL}  # whose days are no days on which people moved
# Kinds of windows that say little: what a total covers is then told elsewhere.
_LOOSE = {"so_far", "next_days", "next_week", "now"}
_MOVEMENTS = {Measure.ENTRIES, Measure.EXITS, Measure.NET}
# What is done to those who move, on the days on which they do.
_DEEDS = {Measure.DEPORTATIONS, Measure.REFUSALS, Measure.DETENTIONS}
_TERMS = {
    "first_quarter",
    "second_quarter",
    "third_quarter",
    "fourth_quarter",
    "first_half",
    "second_half",
    "season",
}
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
# Words that hardly say when: any other span of days in the sentence stands before them.
_OTHERS = 5.0  # what it costs that the order of figures and spans gives it to another figure
_COMPARED = 8.0  # words between the days of a comparison and the figure of those days
_BESIDE = 3.0  # words between a figure and the span of days that is its own
_FAINT = {"slept": 9.0, "now": 8.0, "earlier": 2.0, "usual": 2.0, "so_far": 9.0, "recent": 2.0, "same": 1.0}


def find_span(course: Course, count: Count, modality: Modality) -> Span:
    """The days that a figure covers; what decided goes to its evidence."""
    windows = count.windows
    if len(windows) > 1 and course.spoken[0] == count.n:
        # When somebody spoke is not when people moved, if the sentence says that as well.
        windows = [way for way in windows if not way[0] <= course.spoken[1] < way[1]] or windows
    chosen = _nearest(course, count, windows)
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
    if count.cue.measure in LEVELS or priced:
        return _as_of(course, span, spread=chosen is not None)
    return span


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
    beside = chosen[2].kind in BESIDE or _is_set_beside(count.reading, chosen[0])
    kin = whole.at == count.n or (beside and whole.cue.measure is count.cue.measure)
    return whole if kin and not risen else None


def _since_compared(course: Course, count: Count, windows: Sequence[Window]) -> Window | None:
    """The days over which a rent has changed, from those it is set against: "than in October", "than a year before"."""
    reading, at = count.reading, count.at
    if count.cue.measure is not Measure.PRICE or count.head.what != "percent":
        return None
    beside = [way for way in windows if way[2].kind == "year_before" or _is_set_beside(reading, way[0])]
    after = [way for way in beside if at < way[0] and not any(at < f < way[0] for f in reading.figures)]
    if not after:
        return None
    first, last, then = after[0]
    own = [
        span for _, end, span in windows if end <= at and span.kind not in _FAINT and span.start is not None
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
    if modality is Modality.DENIED and flow and count.reading.is_lone(count.at):
        # Whoever claims it need not mean the same days; "not 15,928 but 50,928" is a correction, and does.
        return "day of the article", Span(None, course.said)
    if count.linked is not None and _span_goes_on(count.linked, count, flow=flow):
        promised = count.linked.modality in _UNREAL and modality is Modality.OBSERVED
        if not (flow and promised):
            return "carried", count.linked.span
    day = _heading_day(course, count)
    if day is not None:
        return "of the heading", day
    flows = (draft.span for draft in course.recent() if draft.cue.measure.is_flow and not draft.aside)
    carried = next(flows, None) if flow and count.reading.sentence.bullet else None
    if carried is not None:
        return "carried", carried
    observed = flow and modality is Modality.OBSERVED
    return "day of the article", _since_event(course, course.said) if observed else Span(None, course.said)


def _is_of_period(count: Count) -> bool:
    """Whether a rate is one of the days told before: an average, or set beside another figure of the sentence."""
    mate = count.linked
    beside = mate is not None and mate.at == count.n and mate.cue.measure.is_flow
    return bool(count.reading.of("average")) or beside


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
    return Span(span.start or end if whole else end, end, span.accuracy, span.kind)


def _since_event(course: Course, said: date | None) -> Span:
    """A count of a text about one event, with no days of its own, runs from that event."""
    event = course.day_of(course.story) if course.story else None
    if event is None or said is None or not timedelta(0) <= said - event <= STORY:
        return Span(None, said)
    return Span(event, said, "week")


def _nearest(course: Course, count: Count, windows: Sequence[Window]) -> Window | None:
    """The span of days that belongs to a figure: the nearest, words of the present last.

    A day that only says when somebody spoke is no window, unless it stands at the movement itself.
    """
    if not windows:
        return None
    ways = []
    windows = [
        (first, last, span)
        for first, last, span in windows
        if not _dates_speech(count.reading, first, last)
        or span.start != span.end
        or abs(first - count.cue.last) <= 2
    ]
    windows = [  # "more than in May" is when the other figure was counted
        window
        for window in windows
        if not _is_set_beside(count.reading, window[0]) or _leads_compared(count, window[1])
    ] or [_this_year(course, window) for window in windows]
    windows = [
        window
        for window in windows
        if not _apart_with_figure(count, window[0])
        and not _in_relative(count, window[0])
        and not _of_comparison(count, window)
        and not _of_condition(count, window)
        and not _before_other(count, window)
        and not _in_brackets_with_figure(count.reading, count.at, window)
        and not _explained_in_brackets(count.reading, count.at, window)
        and not (window[2].start == window[2].end and _of_flow_before(course, count, window[1]))
    ]
    if any(span.start == span.end and span.kind in {"date", "on"} for _, _, span in windows):
        # "On Friday, within 24 hours".
        windows = [window for window in windows if window[2].kind != "last_day"]
    windows = [window for window in windows if not _before_colon(count, window[1])] or windows
    windows = [window for window in windows if not _of_other_level(count, window)]
    # "Before the pandemic", whose day nobody knows, says less than any other days.
    windows = [window for window in windows if window[2].kind != "before" or window[2].end] or windows
    faint = {**_FAINT, "now": 0.0} if count.cue.measure is Measure.PRICE else _FAINT
    own = count.reading.own(count.at, [first for first, _, span in windows if not faint.get(span.kind)])
    for n, (first, last, span) in enumerate(windows):
        distance = count.reading.apart(count.at, first, last) + faint.get(span.kind, 0.0)
        after = count.at < first and not any(count.at < other < first for other in count.reading.figures)
        distance += 0.0 if after else count.reading.elsewhere(count.at, first)
        distance += _OTHERS if own and first not in own else 0.0
        ways.append((distance, n))
    return windows[min(ways)[1]] if ways else None


def _leads_compared(count: Count, last: int) -> bool:
    """Whether the days of a comparison are followed by its figure: "45 % fewer than in 2019 with 29,302"."""
    reading = count.reading
    if last > count.at or reading.bracketed(count.at):
        return last <= count.at
    others = [other for other in reading.figures if other < count.at]
    mate = count.linked
    if mate is not None and mate.at == count.n and mate.cue.measure is not count.cue.measure:
        return False  # "20 % more than in all of 2017, and gave 3,400 permits"
    return bool(others) and others[-1] < last and reading.between(last, count.at) <= _COMPARED


def _is_set_beside(reading: Reading, first: int) -> bool:
    """Whether a span is only what is compared with: "than in May"; its preposition may be part of the comparison."""
    return any(hit.first <= first <= hit.last for hit in reading.of("against"))


def _this_year(course: Course, window: Window) -> Window:
    """The months of last year that a figure without days is set against, as those of this year."""
    first, last, span = window
    begin, end, said = span.start, span.end, course.said
    if begin is None or end is None or said is None or span.accuracy != "month" or end.year != said.year - 1:
        return window
    begin, end = months_back(begin, -12), min(months_back(end, -12), said)
    return (first, last, replace(span, start=begin, end=end)) if begin <= end else window


def _of_other_level(count: Count, window: Window) -> bool:
    """Whether a span is that of a figure between it and a price, or a level that a semicolon parts from both."""
    priced = count.cue.measure is Measure.PRICE and count.head.what != "percent"
    if not priced and count.cue.measure not in LEVELS:
        return False
    first, last = (window[1], count.at) if window[1] <= count.at else (count.at + 1, window[0])
    parted = priced or any(item.text == ";" for item in count.reading.items[first:last])
    return parted and any(first <= other < last for other in count.reading.figures)


def _before_colon(count: Count, last: int) -> bool:
    """Whether a colon stands between a span and the figure: "The tide turned last month: on the 29th 22,500 came"."""
    return any(item.text == ":" for item in count.reading.items[last : count.at])


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


def _of_comparison(count: Count, window: Window) -> bool:
    """Whether a span is that of another figure set against one: "1,100 came, against 550 a year ago, and 90 left"."""
    first, last, _ = window
    others = [other for other in count.reading.figures if other < first and other != count.at]
    return (
        bool(others)
        and (first > count.at or others[-1] < last <= count.at)
        and count.reading.between(others[-1] + 1, first) <= _BESIDE
        and (others[-1] > count.at or first < count.at)
        and _set_against(count.reading, others[-1])
    )


def _before_other(count: Count, window: Window) -> bool:
    """Whether what was before a day is told of another figure in its clause: "held 275,000 before April, and 860,000 live in Uganda"."""
    first, _, span = window
    begin, end = count.reading.clause(first)
    inside = any(begin <= other < end for other in count.reading.figures)
    return span.kind == "before" and inside and not begin <= count.at < end


def _of_condition(count: Count, window: Window) -> bool:
    """Whether a span stands in the clause of an "if" before that of the figure: "if they close in December, ..."."""
    first, last, _ = window
    return any(
        hit.last <= first
        and count.reading.parted(last, count.at)
        and not any(hit.first < other < last for other in count.reading.figures)
        for hit in count.reading.of("modality.hypothetical")
    )


def _in_brackets_with_figure(reading: Reading, at: int, window: Window) -> bool:
    """Whether a span stands in brackets with a figure of its own: "to 260 zlotys (in July: 180)"."""
    first, last, _ = window
    if reading.bracketed(at) or not reading.bracketed(first):
        return False
    close = next((i for i in range(first, len(reading.items)) if reading.items[i].text == ")"), first)
    return any(last <= other < close for other in reading.figures)


def _explained_in_brackets(reading: Reading, at: int, window: Window) -> bool:
    """Whether the figure of a span stands in brackets right behind it: "broke the record of 2006 (31,678) with 39,910"."""
    last = window[1]
    if reading.bracketed(at) or last >= len(reading.items) or reading.items[last].text != "(":
        return False
    return any(last < other <= last + _OPENED and other < at for other in reading.figures)


_OPENED = 3  # items from an opening bracket to its figure


def _set_against(reading: Reading, figure: int) -> bool:
    first = min([figure, *(hit.first for hit in reading.of("qualifiers") if hit.last == figure)])
    return reading.ending("against", first) is not None


def _of_flow_before(course: Course, count: Count, last: int) -> bool:
    """Whether a span ends in the clause of a movement counted before: nobody was present only on its day."""
    momentary = count.cue.measure is Measure.QUEUE  # told of the same moment
    if count.cue.measure not in LEVELS or momentary or not count.reading.parted(last, count.at):
        return False
    return any(
        draft.at == count.n and last <= draft.item < count.at and draft.cue.measure.is_flow
        for draft in course.drafts[-2:]
    )


def _apart_with_figure(count: Count, first: int) -> bool:
    """Whether a span stands after a mark that begins another statement, with a figure of its own there.

    "The ministry denies that 300,000 live there: on 6 October they were 68,000." A comma is enough where
    the span leads the other figure ("70,000 came, on Sunday 9,000 left"), and for a level: what another
    figure counts over days says nothing of when people were present.
    """
    items = count.reading.items

    def clause(marks: set[str]) -> tuple[int, int] | None:
        """The clause that the span stands in, if marks part it from the figure."""
        begin = next((i for i in range(count.at + 1, first) if items[i].text in marks), None)
        if begin is None:
            return None
        return begin, next((i for i in range(first, len(items)) if items[i].text in marks), len(items))

    wide, narrow = clause({";", ":"}), clause({";", ":", ","})
    if narrow is None:
        return False
    if count.cue.measure in LEVELS and any(narrow[0] < other < narrow[1] for other in count.reading.figures):
        return True
    if wide is not None and any(wide[0] < other < wide[1] for other in count.reading.figures):
        return True
    return any(first < other < narrow[1] for other in count.reading.figures)


def _in_relative(count: Count, first: int) -> bool:
    """Whether a span stands in a clause that tells more of a name: "from Tunisia, with which ... in July"."""
    if first < count.at and count.cue.measure in LEVELS and _tells_of_those(count.reading, first, count.at):
        return True
    told = telling_clause(count.reading, count.at)
    if told is not None and told[0] <= first < told[1]:
        return True
    return any(
        max(count.at, count.cue.first) < opened.first < first
        and count.reading.parted(max(count.at, count.cue.first), opened.first)
        and not any(opened.first < other < first for other in count.reading.figures)
        for opened in count.reading.of("role.relative")
    )


def _tells_of_those(reading: Reading, first: int, at: int) -> bool:
    """Whether a span only says when those came who are present: "of those who came in May, 900 live here".

    When a speaker came is when they counted: "a mission that arrived on Sunday puts them at 900".
    """
    said = any(first < verb.first < at for verb in reading.of("speech.verbs"))
    return not said and any(
        opened.first < first
        and not reading.parted(opened.last, first)
        and reading.parted(first, at)
        and not any(opened.first < other < first for other in reading.figures)
        for opened in reading.of("role.relative")
    )


def _dates_speech(reading: Reading, first: int, last: int) -> bool:
    """Whether a date says when it was said: at a verb of speech with no mark between, or right before "that"."""
    verbs = telling(reading)
    if counts_on(reading, last):
        return False
    if any(0 <= that.first - last <= 1 for that in reading.of("speech.that")) and any(
        hit.last <= first for hit in verbs
    ):
        return True  # "the agency said, on Tuesday, that ..."
    return any(
        0 <= hit.first - last <= 1 and not _marked(reading, last, hit.first)
        if hit.first >= last
        else 0 <= first - hit.last <= 1 and not _marked(reading, hit.last, first)
        for hit in verbs
    )


def _marked(reading: Reading, first: int, last: int) -> bool:
    return any(item.kind == "p" for item in reading.items[first:last]) or (
        reading.at("speech.that", first) is not None
    )

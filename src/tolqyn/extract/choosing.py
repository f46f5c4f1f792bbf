"""Which of the spans of days that a sentence names is that of a figure: the nearest that no other figure has.

It reads the course and writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tolqyn.claims import Measure
from tolqyn.extract.course import LEVELS, Count, Course
from tolqyn.extract.dating import counts_on, is_set_beside, telling
from tolqyn.extract.measures import telling_clause
from tolqyn.extract.reading import Reading
from tolqyn.extract.spans import Window, months_back

__all__ = ["FAINT", "nearest"]

_OTHERS = 5.0  # what it costs that the order of figures and spans gives it to another figure
_COMPARED = 8.0  # words between the days of a comparison and the figure of those days
_BESIDE = 3.0  # words between a figure and the span of days that is its own
# Words that hardly say when: any other span of days in the sentence stands before them.
FAINT = {"slept": 9.0, "now": 8.0, "earlier": 2.0, "usual": 2.0, "so_far": 9.0, "recent": 2.0, "same": 1.0}


def nearest(course: Course, count: Count, windows: Sequence[Window]) -> Window | None:
    """The span of days that belongs to a figure: the nearest, words of the present last.

    A day that only says when somebody spoke is no window, unless it stands at the movement itself.
    """
    if not windows:
        return None
    ways = []
    windows = [
        (first, last, span)
        for first, last, span in windows
        if span.start != span.end
        or abs(first - count.cue.last) <= 2
        or not _dates_speech(count.reading, first, last)
    ]
    windows = [  # "more than in May" is when the other figure was counted
        window
        for window in windows
        if not is_set_beside(count.reading, window[0]) or _leads_compared(count, window[1])
    ] or [_this_year(course, window) for window in windows]
    windows = [
        window
        for window in windows
        if not _in_relative(count, window[0])
        and not _set_in(count, window[0])
        and not _of_condition(count, window)
    ]
    if len(count.reading.figures) > 1:
        windows = [window for window in windows if not _of_another(course, count, window)]
    if any(span.start == span.end and span.kind in {"date", "on"} for _, _, span in windows):
        # "On Friday, within 24 hours".
        windows = [window for window in windows if window[2].kind != "last_day"]
    windows = [window for window in windows if not _before_colon(count, window[1])] or windows
    windows = [window for window in windows if not _of_other_level(count, window)]
    # "Before the pandemic", whose day nobody knows, says less than any other days.
    windows = [window for window in windows if window[2].kind != "before" or window[2].end] or windows
    faint = {**FAINT, "now": 0.0} if count.cue.measure is Measure.PRICE else FAINT
    own = count.reading.own(count.at, [first for first, _, span in windows if not faint.get(span.kind)])
    for n, (first, last, span) in enumerate(windows):
        distance = count.reading.apart(count.at, first, last) + faint.get(span.kind, 0.0)
        after = count.at < first and not any(count.at < other < first for other in count.reading.figures)
        distance += 0.0 if after else count.reading.elsewhere(count.at, first)
        distance += _OTHERS if own and first not in own else 0.0
        ways.append((distance, n))
    return windows[min(ways)[1]] if ways else None


def _of_another(course: Course, count: Count, window: Window) -> bool:
    """Whether a span is that of another figure of the sentence."""
    reading, at = count.reading, count.at
    return (
        _apart_with_figure(count, window[0])
        or _of_comparison(count, window)
        or _before_other(count, window)
        or _in_brackets_with_figure(reading, at, window)
        or _explained_in_brackets(reading, at, window)
        or (window[2].start == window[2].end and _of_flow_before(course, count, window[1]))
    )


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


def _this_year(course: Course, window: Window) -> Window:
    """The months of last year that a figure without days is set against, as those of this year."""
    first, last, span = window
    begin, end, said = span.start, span.end, course.said
    if begin is None or end is None or said is None or span.accuracy != "month" or end.year != said.year - 1:
        return window
    begin, end = months_back(begin, -12), min(months_back(end, -12), said)
    return (first, last, replace(span, start=begin, end=end, kind="span")) if begin <= end else window


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


def _set_in(count: Count, first: int) -> bool:
    """Whether a span stands in words that commas set in behind a name, or in a clause that tells a figure of those before it.

    "The camp of Mahama, opened on 22 April for 25,000 refugees, held 23,640"; "Afghans, of whom 900 came in May, are 2,000".
    """
    reading = count.reading
    begin, end = reading.clause(first)
    if not 0 < begin < first < end <= count.at or begin <= count.cue.first < end:
        return False
    if end - begin <= _ALONE and count.at - end <= _NEXT:
        return False  # "34,880 Ukrainians, in April, 71,940"
    if any(begin <= other < end for other in reading.figures):
        return any(begin <= opened.first < first for opened in reading.of("role.relative"))
    return any(named.last == begin - 1 and not named.roles for named in reading.named) and all(
        item.kind == "w" for item in reading.items[begin:first]
    )


_ALONE = 2  # items of a preposition and its date
_NEXT = 2  # items from those to their figure: the comma and a preposition


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

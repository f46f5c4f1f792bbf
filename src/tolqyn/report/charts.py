"""The pictures of a report: series with bands and statements, windows in rows, ranges, before and after.

Pure: values in, SVG out. Each picture is drawn for a given width, so that its words stay legible on a
phone; marks that stand for statements are links to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tolqyn.report.draw import Canvas, Days, Scale, text_width, ticks, wrap
from tolqyn.report.words import count, known, short_day

__all__ = [
    "NARROW",
    "WIDE",
    "Band",
    "Mark",
    "Panel",
    "Range",
    "Row",
    "range_chart",
    "row_chart",
    "time_chart",
]

WIDE, NARROW = 760, 340
"""Widths in pixels: a page of text, and a phone less its margins."""

_SIZE = 12.0
_SMALL = 11.0
_TITLE = 13.0
_LINE = 14.0


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Quantiles of a daily series, each (day,)."""

    q05: NDArray[np.float64]
    q25: NDArray[np.float64]
    q50: NDArray[np.float64]
    q75: NDArray[np.float64]
    q95: NDArray[np.float64]

    @classmethod
    def of(cls, draws: NDArray[np.float64]) -> Band:
        """The band of draws, (draw, day)."""
        return cls(*np.quantile(draws, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0))


@dataclass(frozen=True, slots=True)
class Mark:
    """A statement as it is drawn: over the days it covers, never as a point of its last day.

    Attributes:
        start, end: first and last day; a start before the picture's is cut with an open end.
        low, high: the level, or its range; equal for a single figure.
        bound: 1 where the true value lies above, -1 where below, 0 for neither.
        number: its number in the evidence; `to` opens it; `title` says it in words.
        used: False for a statement that the estimate set aside.
        strong: False for one that tells little beside the others: it is drawn faintly, without its number.
    """

    start: date
    end: date
    low: float
    high: float
    bound: int
    number: int
    to: str
    title: str
    used: bool = True
    strong: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One series in a stack that shares its days.

    Attributes:
        title: what is seen; it stands in the paint of the series.
        ordinary: the level of ordinary traffic, (day,); None where it is not known.
        call: which point is named: "peak", "last" or "".
    """

    title: str
    paint: str
    band: Band
    marks: tuple[Mark, ...] = ()
    ordinary: NDArray[np.float64] | None = None
    call: str = "peak"


def time_chart(
    panels: Sequence[Panel],
    days: Sequence[date],
    *,
    events: Sequence[tuple[date, str]] = (),
    told_from: date | None = None,
    until: date | None = None,
    width: float = WIDE,
    name: str,
    description: str,
) -> str:
    """Series with 50 % and 90 % bands, one under another, with events across and statements upon them.

    Args:
        panels: from the top; at least one.
        days: the days of the series, in order.
        events: day and name of what may have moved people.
        told_from: the first day that a statement counts; earlier days are shaded.
        until: the last day that a statement covers; later days are shaded.
        width: pixels.
        name: of the picture, unique in the report.
        description: for readers who do not see it.
    """
    phone = width < 500
    height = (136 if phone else 126) if len(panels) > 1 else (200 if phone else 220)
    gutter = max(text_width(count(v), _SMALL) for panel in panels for v in _levels(panel)[2]) + 8
    axis = Days(days[0], days[-1], gutter, width - 2)
    labels, top = _event_labels(events, axis, width)
    pitch = height + 38
    canvas = Canvas(width, top + pitch * len(panels) + 24, name)
    foot = top + pitch * len(panels)
    if told_from is not None and told_from > axis.first:
        title = text_width(panels[0].title, _TITLE, bold=True)  # it stands over the first days
        _shade_unsaid(canvas, axis.start, axis.left(told_from), top, foot, room=title + 16)
    if until is not None and until < axis.last:
        _shade_unsaid(canvas, axis.right(until), axis.end, top, foot)
    for x, _, bottom, _, _ in labels:
        canvas.line([(x, bottom + 2), (x, foot)], "zero", 0.9, dash="2 3")
    told = (
        days.index(told_from) if told_from in days else 0,
        days.index(until) if until in days else len(days) - 1,
    )
    for n, panel in enumerate(panels):
        _draw_panel(canvas, axis, panel, days, top + pitch * n + 30, height, told)
    for x, y, _, lines, anchor in labels:
        for k, words in enumerate(lines):
            canvas.text(
                x + (3 if anchor == "start" else -3),
                y + _LINE * k,
                words,
                size=_SMALL,
                paint="quiet" if k or len(lines) == 1 else "ink",
                anchor=anchor,
                bold=k == 0,
                halo=True,
            )
    _name_days(canvas, axis, foot)
    return canvas.svg(description)


def _event_labels(
    events: Sequence[tuple[date, str]], axis: Days, width: float
) -> tuple[list[tuple[float, float, float, list[str], str]], float]:
    """Where the events' names stand, each (x, first base line, bottom, lines, anchor), and their height.

    A name stands right of its rule, or left of it near the right edge; a later event is put lower
    where names would meet, so that no rule cuts an earlier name.
    """
    room = 92 if width < 500 else 150
    placed: list[tuple[float, float, float, float, float]] = []
    labels = []
    for when, words in events:
        if not axis.first <= when <= axis.last:
            continue
        x = axis.left(when)
        lines = [short_day(when), *wrap(words, room, _SMALL, lines=4)]
        wide = max(text_width(line, _SMALL, bold=True) for line in lines) + 8
        flip = x + wide > width
        left, right = (x - wide, x) if flip else (x, x + wide)
        tall = _LINE * len(lines)
        top = max((b for a, b, c, d, _ in placed if c < right and left < d and a >= 0), default=0.0)
        placed.append((top, top + tall + 4, left, right, x))
        labels.append((x, top + _LINE - 3, top + tall, lines, "end" if flip else "start"))
    return labels, max((bottom for _, _, bottom, _, _ in labels), default=-8) + 8


def _shade_unsaid(
    canvas: Canvas, left: float, right: float, top: float, foot: float, *, room: float = 8
) -> None:
    """A wash over days that no statement covers, from edge to edge, named where there is room for that besides."""
    canvas.rect(left, top, right - left, foot - top, "wash")
    if right - left > text_width("no statements", _SMALL) + room:
        canvas.text(right - 4, top + 12, "no statements", size=_SMALL, paint="quiet", anchor="end")


def _levels(panel: Panel) -> tuple[float, float, list[float]]:
    """The lowest and highest level of a panel's scale, and the levels to name."""
    band = panel.band
    top = float(np.max(band.q95))
    bottom = min(0.0, float(np.min(band.q05)))
    if panel.ordinary is not None:
        top = max(top, float(np.max(panel.ordinary)))
    reach = [mark.high for mark in panel.marks if mark.high <= 1.5 * top]
    foot = [mark.low for mark in panel.marks if mark.low >= 1.5 * bottom]
    top, bottom = max([top, *reach]) * 1.06, min([bottom, *foot]) * 1.06
    return bottom, (top if top > bottom else bottom + 1), ticks(bottom, top, 5)


def _draw_panel(
    canvas: Canvas,
    axis: Days,
    panel: Panel,
    days: Sequence[date],
    top: float,
    height: float,
    told: tuple[int, int],
) -> None:
    low, high, named = _levels(panel)
    scale = Scale(low, high, top + height, top)
    for level in named:
        zero = level == 0
        canvas.line([(axis.start, scale(level)), (axis.end, scale(level))], "zero" if zero else "rule", 1)
        canvas.text(axis.start - 6, scale(level) + 4, count(level), size=_SMALL, paint="quiet", anchor="end")
    xs = [axis.middle(when) for when in days]

    def points(values: NDArray[np.float64]) -> list[tuple[float, float]]:
        return [(x, scale(float(value))) for x, value in zip(xs, values, strict=True)]

    if panel.ordinary is not None:
        base = [(x, scale(0)) for x in xs]
        canvas.area(points(panel.ordinary), base, "ordinary", 0.55)
    band = panel.band
    canvas.area(points(band.q95), points(band.q05), panel.paint, 0.17)
    canvas.area(points(band.q75), points(band.q25), panel.paint, 0.3)
    canvas.line(points(band.q50), panel.paint, 1.8)
    canvas.text(axis.start, top - 12, panel.title, size=_TITLE, paint=panel.paint, bold=True, halo=True)
    canvas.claim(axis.start, top - 24, axis.start + text_width(panel.title, _TITLE, bold=True), top - 8)
    for mark in sorted(panel.marks, key=lambda mark: mark.strong):
        _draw_mark(canvas, axis, scale, mark)
    strong, faint = ([mark for mark in panel.marks if mark.strong is wanted] for wanted in (True, False))
    _keep_clear(canvas, axis, scale, strong)
    _call(canvas, panel, axis, scale, days, told)
    _keep_clear(canvas, axis, scale, faint)
    for mark in strong:
        _number(canvas, axis, scale, mark)
    if panel.ordinary is not None:
        _name_ordinary(canvas, panel.ordinary, axis, scale)


def _draw_mark(canvas: Canvas, axis: Days, scale: Scale, mark: Mark) -> None:
    """A bar over the statement's days at its level; a box for a range; an arrow for a bound."""
    left, right = axis.left(mark.start), axis.right(mark.end)
    if right - left < 5:
        left, right = (left + right) / 2 - 2.5, (left + right) / 2 + 2.5
    inside = min(max(mark.low, scale.low), scale.high), min(max(mark.high, scale.low), scale.high)
    bottom, top = scale(inside[0]), scale(inside[1])
    paint = "ink" if mark.used else "zero"
    canvas.open_link(mark.to, mark.title, opacity=1 if mark.strong else 0.38)
    if bottom - top > 3:
        canvas.rect(left, top, right - left, bottom - top, paint, 0.12)
        canvas.line([(left, top), (right, top)], paint, 1.3)
    weight = 2.2 if mark.used and mark.strong else 1.3
    canvas.line([(left, bottom), (right, bottom)], paint, weight, dash="" if mark.used else "4 2")
    if mark.start < axis.first:
        canvas.line([(left + 5, bottom - 4), (left, bottom), (left + 5, bottom + 4)], paint, 1.3)
    bound = mark.bound
    if mark.low > scale.high or mark.high < scale.low:  # it lies beyond the scale: say where
        bound = 1 if mark.low > scale.high else -1
    if bound:
        x, y = (left + right) / 2, top if bound > 0 else bottom
        tip = y - 13 * bound
        canvas.line([(x, y), (x, tip)], paint, 1.5)
        canvas.line([(x - 3.5, tip + 4.5 * bound), (x, tip), (x + 3.5, tip + 4.5 * bound)], paint, 1.5)
    canvas.target(left - 3, top - 9, right - left + 6, bottom - top + 18)
    canvas.close_link()


def _keep_clear(canvas: Canvas, axis: Days, scale: Scale, marks: Sequence[Mark]) -> None:
    """Keep words off the bars of statements."""
    for mark in marks:
        level = scale(min(max(mark.high, scale.low), scale.high))
        canvas.claim(axis.left(mark.start), level - 1.5, axis.right(mark.end), level + 1.5)


def _number(canvas: Canvas, axis: Days, scale: Scale, mark: Mark) -> None:
    """The number of a statement at the first free of five places by its bar."""
    left, right = axis.left(mark.start), axis.right(mark.end)
    y = scale(min(max(mark.high, scale.low), scale.high))
    words = str(mark.number)
    spots = [(right - 1, y - 5, "end"), (right + 3, y + 4, "start"), (left + 1, y - 5, "start"),
             ((left + right) / 2 + 9, y - 5, "middle"), (right - 1, y + 13, "end")]  # fmt: skip
    for x, base, anchor in spots:
        if canvas.place(x, base, words, size=10, anchor=anchor):
            canvas.open_link(mark.to, mark.title)
            canvas.text(x, base, words, size=10, anchor=anchor, bold=True, halo=True)
            canvas.close_link()
            return


def _call(
    canvas: Canvas, panel: Panel, axis: Days, scale: Scale, days: Sequence[date], told: tuple[int, int]
) -> None:
    """Name the highest day of a series with statements, or the last: `told` are the first and last of these days."""
    if not panel.call:
        return
    first, last = told
    at = last if panel.call == "last" else first + int(np.argmax(panel.band.q50[first : last + 1]))
    low, value, high = (float(line[at]) for line in (panel.band.q05, panel.band.q50, panel.band.q95))
    figure = known(low, value, high)
    words = f"{figure.interval if figure.poor else figure.about} on {short_day(days[at])}"
    x, y = axis.middle(days[at]), scale(value)
    canvas.circle(x, y, 3, panel.paint)
    canvas.claim(x - 4, y - 4, x + 4, y + 4)
    room = text_width(words, _SIZE, bold=True)
    above, below = scale(float(panel.band.q95[at])) - 6, scale(float(panel.band.q05[at])) + 15
    spots = [(x + 8, y + 2, "start"), (x, above, "middle"), (x - 8, y + 2, "end"), (x + 8, above, "start"),
             (x - 8, above, "end"), (x, below, "middle"), (x - 8, below, "end")]  # fmt: skip
    if panel.call == "last":
        spots = [(x, above, "middle"), (axis.end, above, "end"), (x, above, "end"), (x, below, "end")]
    for left, base, anchor in spots:
        edge = left + {"start": room, "middle": room / 2, "end": 0}[anchor]
        if edge <= axis.end + 2 and canvas.place(left, base, words, size=_SIZE, anchor=anchor):
            canvas.text(left, base, words, size=_SIZE, paint=panel.paint, anchor=anchor, bold=True, halo=True)
            return


def _name_ordinary(canvas: Canvas, ordinary: NDArray[np.float64], axis: Days, scale: Scale) -> None:
    """The words "ordinary traffic" on its ground, where they fit."""
    y = scale(float(ordinary[: max(len(ordinary) // 8, 1)].mean()) / 2) + 4
    for x, anchor in (
        (axis.start + 6, "start"),
        (axis.end - 6, "end"),
        ((axis.start + axis.end) / 2, "middle"),
    ):
        if canvas.place(x, y, "ordinary traffic", size=_SMALL, anchor=anchor):
            canvas.text(x, y, "ordinary traffic", size=_SMALL, paint="quiet", anchor=anchor)
            return


def _name_days(canvas: Canvas, axis: Days, y: float) -> None:
    """Ticks and names of days under the lowest panel; the year with the first and each new one."""
    years: set[int] = set()
    right = -1.0
    for when in axis.marks(52):
        words = short_day(when) + ("" if when.year in years else f" {when.year}")
        x = axis.left(when)
        half = text_width(words, _SMALL) / 2
        x_words = min(max(x, axis.start - 20 + half), axis.end - half)
        canvas.line([(x, y), (x, y + 4)], "zero", 1)
        if x_words - half > right + 6:
            canvas.text(x_words, y + 17, words, size=_SMALL, paint="quiet", anchor="middle")
            years.add(when.year)
            right = x_words + half


@dataclass(frozen=True, slots=True)
class Row:
    """A statement in a row of its own: a bar over its days, its figure beside it."""

    group: str
    label: str
    figure: str
    start: date | None
    end: date | None
    number: int
    to: str
    title: str


def row_chart(
    rows: Sequence[Row], first: date, last: date, *, width: float, name: str, description: str
) -> str:
    """Statements as bars over the days they cover, one a row, under the name of their group.

    Args:
        rows: in the order in which they are drawn; rows of a group follow one another.
        first: where the axis begins; a window that begins before it is drawn with an open end.
        last: the last day of the axis.
        width: pixels.
        name: of the picture, unique in the report.
        description: for readers who do not see it.
    """
    phone = width < 500
    left = 6.0 if phone else 250.0
    axis = Days(first, last, left, width - 8)
    pitch, head = (44.0, 26.0) if phone else (22.0, 27.0)
    groups = len({row.group for row in rows})
    canvas = Canvas(width, pitch * len(rows) + head * groups + 30, name)
    y, group = 0.0, None
    foot = pitch * len(rows) + head * groups + 4
    for when in axis.marks(52):
        canvas.line([(axis.left(when), 4), (axis.left(when), foot)], "rule", 1)
    for row in rows:
        if row.group != group:
            group = row.group
            y += head
            canvas.text(0, y - 6, group, size=13, paint="registrations", bold=True, halo=True)
        canvas.open_link(row.to, row.title)
        base = y + (30 if phone else pitch / 2)
        _draw_row(canvas, axis, row, base)
        words = f"{row.figure} · {row.label}"
        room = (width - 4 if phone else left - 14) - text_width(f"[{row.number}] ", _SMALL)
        shown = wrap(words, room, _SIZE, lines=1)[0]
        at = y + 16 if phone else base + 4
        canvas.text(0, at, shown, size=_SIZE, halo=phone)
        canvas.text(
            text_width(shown, _SIZE) + 6, at, str(row.number), size=10, bold=True, paint="quiet", halo=phone
        )
        canvas.target(0, y + 1, width, pitch - 2)
        canvas.close_link()
        y += pitch
    _name_days(canvas, axis, foot)
    return canvas.svg(description)


def _draw_row(canvas: Canvas, axis: Days, row: Row, y: float) -> None:
    end = min(row.end or axis.last, axis.last)
    start = row.start or axis.first
    left, right = axis.left(start), axis.right(end)
    if right - left < 6:
        left, right = left - 3, left + 3
    canvas.rect(left, y - 3.5, right - left, 7, "registrations", 0.75 if row.start else 0.35)
    if row.start is None or row.start < axis.first:
        canvas.line([(left + 6, y - 6), (left, y), (left + 6, y + 6)], "registrations", 1.5)
    if row.end is None:
        canvas.line([(right - 6, y - 6), (right, y), (right - 6, y + 6)], "registrations", 1.5)


@dataclass(frozen=True, slots=True)
class Range:
    """A middle with its 90 % ends in a row of its own."""

    label: str
    detail: str
    low: float
    middle: float
    high: float
    firm: bool
    to: str


def range_chart(
    rows: Sequence[Range],
    *,
    neutral: float,
    axis_name: tuple[str, str],
    width: float,
    name: str,
    description: str,
) -> str:
    """Ranges around a neutral value, as percentages: a disc where the data spoke, a ring where the prior did.

    Args:
        rows: values as shares; the neutral share is drawn as a line.
        neutral: 1 for "sees all".
        axis_name: words for the left and the right of the neutral line.
        width: pixels.
        name: of the picture, unique in the report.
        description: for readers who do not see it.
    """
    phone = width < 500
    left = 4.0 if phone else 310.0
    top = 30.0
    heads = [
        []
        if n and rows[n - 1].label == row.label
        else wrap(row.label, width - 8 if phone else left - 20, _SIZE, lines=2)
        for n, row in enumerate(rows)
    ]
    starts = [top]
    for head in heads:
        starts.append(starts[-1] + _LINE * len(head) + (30 if phone else 20) + (8 if head else 0))
    foot = starts[-1] + 6
    canvas = Canvas(width, foot + 24, name)
    low = min(neutral - 0.05, *(row.low for row in rows))
    high = max(neutral + 0.05, *(row.high for row in rows))
    pad = 0.06 * (high - low)
    scale = Scale(low - pad, high + pad, left, width - 8)
    for level in ticks(low - pad, high + pad, 3 if phone else 5):
        x = scale(level)
        canvas.line([(x, top), (x, foot)], "rule", 1)
        words = f"{round(level * 100)} %"
        half = text_width(words, _SMALL) / 2
        canvas.text(
            min(max(x, half), width - half), foot + 16, words, size=_SMALL, paint="quiet", anchor="middle"
        )
    x = scale(neutral)
    canvas.line([(x, top - 4), (x, foot)], "ink", 1.2)
    canvas.text(x - 8, top - 10, axis_name[0], size=_SMALL, paint="quiet", anchor="end")
    canvas.text(x + 8, top - 10, axis_name[1], size=_SMALL, paint="quiet")
    for row, head, start in zip(rows, heads, starts, strict=False):
        _draw_range(canvas, scale, row, head, start, phone=phone)
    return canvas.svg(description)


def _draw_range(
    canvas: Canvas, scale: Scale, row: Range, head: Sequence[str], start: float, *, phone: bool
) -> None:
    """The name where it is new, the detail below it, and the range beside or under them."""
    canvas.open_link(row.to, f"{row.label}, {row.detail}")
    y = start + (8 if head else 0)
    for words in head:
        y += _LINE
        canvas.text(0, y, words, size=_SIZE, halo=phone, bold=True)
    y += _LINE
    canvas.text(0, y, row.detail, size=_SMALL, paint="quiet", halo=phone)
    line = y + 9 if phone else y - 4
    paint = "stock" if row.firm else "zero"
    canvas.line([(scale(row.low), line), (scale(row.high), line)], paint, 3, opacity=0.55)
    canvas.circle(scale(row.middle), line, 4.5, paint, hollow=not row.firm)
    canvas.target(0, start, canvas.width, y - start + 10)
    canvas.close_link()

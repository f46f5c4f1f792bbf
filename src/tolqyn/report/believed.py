"""What was believed when: each day's belief as a whisker, upon the band of what is believed of that day now.

Pure: values in, SVG out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tolqyn.estimate.posterior import Stream
from tolqyn.estimate.vintages import Belief
from tolqyn.report.charts import NARROW, WIDE
from tolqyn.report.draw import Canvas, Days, Scale, text_width, ticks
from tolqyn.report.model import Block, Chart, Span
from tolqyn.report.names import group_name, place_name
from tolqyn.report.words import count, day, short_day

__all__ = ["believed_blocks", "vintage_chart"]

Pair = tuple[Belief, Belief]

_PAINT = {"entries": "entries", "exits": "exits", "stock": "stock"}
_SMALL = 11.0
_TALL, _HEAD = 150.0, 44.0


def believed_blocks(told: Sequence[Pair]) -> list[Block]:
    """The picture of what was believed on each day, with a sentence; nothing without vintages."""
    if not told:
        return []
    wide, narrow = (vintage_chart(told, width=width, name=f"believed-{width}") for width in (WIDE, NARROW))
    return [
        Chart(
            "believed-chart",
            "Believed then, believed now",
            "Persons: a whisker is the 90 % interval as of its day, the band what is believed of that day now",
            wide,
            narrow,
            _described(told),
            None,
            (
                Span(
                    "Each whisker uses only what had been said by its day. A whisker outside the band is a belief that did not hold."
                ),
            ),
        )
    ]


def vintage_chart(told: Sequence[Pair], *, width: float = WIDE, name: str = "believed") -> str:
    """The headline numbers as they were believed on each day, one panel for each, as SVG.

    Args:
        told: what was believed on a day of its own number, and what is believed of it now; at least one.
        width: pixels.
        name: of the picture, unique where it stands.
    """
    streams: dict[Stream, list[Pair]] = {}
    for pair in told:
        streams.setdefault(pair[0].span.stream, []).append(pair)
    for pairs in streams.values():
        pairs.sort(key=lambda pair: pair[0].span.last)
    every = [pair[0].span.last for pair in told]
    levels = {stream: _levels(pairs) for stream, pairs in streams.items()}
    gutter = max(text_width(count(v), _SMALL) for _, _, named in levels.values() for v in named) + 8
    axis = Days(min(every), max(*every, min(every) + timedelta(days=6)), gutter, width - 2)
    canvas = Canvas(width, (_TALL + _HEAD) * len(streams) + 28, name)
    for n, (stream, pairs) in enumerate(streams.items()):
        low, high, named = levels[stream]
        top = n * (_TALL + _HEAD) + _HEAD
        scale = Scale(low, high, top + _TALL, top)
        _draw_panel(canvas, axis, scale, named, stream, pairs)
    foot = (_TALL + _HEAD) * len(streams) + 18
    for when in axis.marks():
        canvas.text(axis.left(when), foot, short_day(when), size=_SMALL, paint="quiet", anchor="middle")
    return canvas.svg(_described(told))


def _levels(pairs: Sequence[Pair]) -> tuple[float, float, list[float]]:
    """Lowest and highest level of a panel, and those to name; a wild early belief runs out of the picture."""
    settled = max(now.high for _, now in pairs)
    top = 1.06 * min(max(then.high for then, _ in pairs), 2 * settled)
    low = min(0.0, *(1.06 * end for pair in pairs for end in (pair[0].low, pair[1].low)))
    top = max(top, 1.06 * settled, low + 1)
    return low, top, ticks(low, top, 4)


def _draw_panel(
    canvas: Canvas,
    axis: Days,
    scale: Scale,
    named: Sequence[float],
    stream: Stream,
    pairs: Sequence[Pair],
) -> None:
    paint = _PAINT[stream.measure]
    for level in named:
        y = scale(level)
        canvas.line([(axis.start, y), (axis.end, y)], "zero" if level == 0 else "rule", 1)
        canvas.text(axis.start - 6, y + 4, count(level), size=_SMALL, paint="quiet", anchor="end")
    title = _title(stream, pairs[0][0])
    canvas.text(axis.start, scale.end - 14, title, size=13, paint=paint, bold=True, halo=True)
    xs = [axis.middle(now.span.last) for _, now in pairs]
    canvas.area(
        [(x, scale(now.high)) for x, (_, now) in zip(xs, pairs, strict=True)],
        [(x, scale(now.low)) for x, (_, now) in zip(xs, pairs, strict=True)],
        paint,
        0.2,
    )
    canvas.line([(x, scale(now.middle)) for x, (_, now) in zip(xs, pairs, strict=True)], paint, 1.4)
    for x, (then, _) in zip(xs, pairs, strict=True):
        low, high = (min(max(end, scale.low), scale.high) for end in (then.low, then.high))
        canvas.open_link("#believed", _words(then))
        canvas.line([(x, scale(low)), (x, scale(high))], "ink", 1.1)
        if scale.low <= then.middle <= scale.high:
            canvas.circle(x, scale(then.middle), 2.4, "ink")
        canvas.close_link()


def _title(stream: Stream, first: Belief) -> str:
    who = f"{group_name(stream.group)}, {place_name(stream.place)}"
    if stream.measure == "stock":
        return f"Present on the day: {who}"
    return f"{stream.measure.capitalize()} since {day(first.span.first)}: {who}"


def _words(then: Belief) -> str:
    return (
        f"As of {day(then.span.last)}: {count(round(then.middle))}, between {count(round(then.low))} "
        f"and {count(round(then.high))}"
    )


def _described(told: Sequence[Pair]) -> str:
    inside = sum(then.low <= now.middle <= then.high for then, now in told)
    return (
        f"{count(len(told))} numbers as they were believed on their day, each with its 90 per cent interval, upon what is "
        f"believed of them now. {count(inside)} lie, as believed now, within what was believed then."
    )

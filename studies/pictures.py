"""The studies' pictures, with the marks that the reports are drawn with."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from studies.table import RESULTS
from tolqyn.report.draw import Canvas, Days, Scale, ticks
from tolqyn.report.words import short_day

__all__ = ["coverage", "ratios", "save", "series"]

Array = NDArray[np.float64]

PAINTS = ("entries", "exits", "stock", "net", "registrations", "ink")
SMALL = 11.0


def save(name: str, svg: str) -> None:
    """`studies/results/NAME.svg`."""
    (RESULTS / f"{name}.svg").write_text(svg + "\n", encoding="utf-8")


def coverage(rows: Sequence[Mapping[str, str]], levels: Sequence[float]) -> str:
    """Stated against held, a square for each family; on the diagonal intervals hold as stated.

    Args:
        rows: with `family`, `thing` and `inside_LEVEL`.
        levels: which are stated.
    """
    families = list(dict.fromkeys(row["family"] for row in rows))
    things = list(dict.fromkeys(row["thing"] for row in rows))
    side, gap, left = 132.0, 18.0, 34.0
    canvas = Canvas(left + len(families) * (side + gap), side + 100, "coverage")
    for n, family in enumerate(families):
        x0 = left + n * (side + gap)
        across, up = Scale(0.4, 1, x0, x0 + side), Scale(0.4, 1, 30 + side, 30)
        canvas.text(x0, 18, family, size=12, bold=True)
        for level in levels:
            canvas.line([(across(level), 30), (across(level), 30 + side)], "rule")
            canvas.line([(x0, up(level)), (x0 + side, up(level))], "rule")
            if n == 0:
                canvas.text(x0 - 4, up(level) + 4, f"{level:.0%}", size=9, paint="quiet", anchor="end")
            if level != 0.9:
                canvas.text(across(level), 42 + side, f"{level:.0%}", size=9, paint="quiet", anchor="middle")
        canvas.line([(x0, up(0.4)), (x0 + side, up(1))], "zero", dash="3 3")
        for row in rows:
            if row["family"] == family:
                held = [max(float(row[f"inside_{level:g}"]), 0.4) for level in levels]
                points = [(across(level), up(share)) for level, share in zip(levels, held, strict=True)]
                paint = PAINTS[things.index(row["thing"])]
                canvas.line(points, paint, 1.6)
                for point in points:
                    canvas.circle(*point, 2.2, paint)
    _legend(canvas, things, left, side + 66)
    canvas.text(
        left,
        side + 88,
        "Across: the share stated. Up: the share of intervals that held the truth.",
        size=SMALL,
        paint="quiet",
    )
    return canvas.svg("Share of intervals that hold the truth, by the share that they state")


def ratios(
    rows: Sequence[tuple[str, Mapping[str, float]]], goals: Mapping[str, float], description: str
) -> str:
    """Ratios in rows, one mark for each kind, with the goal of each kind as a rule; those above two are told as figures.

    Args:
        rows: name, and kind -> ratio.
        goals: kind -> ratio to be reached.
        description: for readers who do not see it.
    """
    left, pitch, top = 210.0, 26.0, 30.0
    width, foot = 700.0, top + pitch * len(rows)
    most = min(2.0, max(1.05, *(value for _, values in rows for value in values.values())))
    scale = Scale(0, most, left, width - 20)
    canvas = Canvas(width, foot + 50, "ratios")
    for level in ticks(0, most, 6):
        canvas.line([(scale(level), top), (scale(level), foot)], "rule")
        canvas.text(scale(level), foot + 14, f"{abs(level):g}", size=SMALL, paint="quiet", anchor="middle")
    canvas.line([(scale(1), top - 6), (scale(1), foot)], "ink")
    kinds = list(goals)
    for kind, goal in goals.items():
        canvas.line([(scale(goal), top - 6), (scale(goal), foot)], PAINTS[kinds.index(kind)], dash="3 3")
    for n, (name, values) in enumerate(rows):
        y = top + pitch * (n + 0.5)
        canvas.text(left - 10, y + 4, name, anchor="end")
        for kind, value in values.items():
            paint = PAINTS[kinds.index(kind)]
            canvas.circle(scale(min(value, most)), y, 5, paint, hollow=value > most)
            if value > most:
                at = scale(most) - 14 - 40 * kinds.index(kind)
                canvas.text(at, y + 4, f"{value:.1f}", size=SMALL, paint=paint, anchor="end")
    _legend(canvas, [f"{kind} (goal {goal:g}, dashed)" for kind, goal in goals.items()], left, foot + 36)
    return canvas.svg(description)


def series(
    panels: Sequence[tuple[str, Array, Array, Mapping[str, Array]]],
    first: date,
    description: str,
    *,
    height: float = 150,
) -> str:
    """Daily series with their 90 % and 50 % bands, the truth as dots, others as lines.

    Args:
        first: their first day.
        panels: title, draws (draw, day), truth (day,), and the other lines by name, (day,).
        description: for readers who do not see it.
        height: of one panel, pixels.
    """
    left, width = 64.0, 760.0
    canvas = Canvas(width, (height + 62) * len(panels) + 20, "series")
    for n, (title, draws, truth, others) in enumerate(panels):
        top = n * (height + 62) + 26
        bands = np.quantile(draws, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
        most = float(max(np.quantile(bands[4], 0.98), truth.max()))
        axis = Days(first, first + timedelta(days=len(truth) - 1), left, width - 12)
        x = Scale(0, len(truth) - 1, axis.middle(axis.first), axis.middle(axis.last))
        y = Scale(0, most, top + height, top)
        canvas.text(left, top - 9, title, bold=True)
        for level in ticks(0, most, 3):
            canvas.line([(left, y(level)), (width - 12, y(level))], "rule")
            canvas.text(left - 6, y(level) + 4, f"{abs(level):,.0f}", size=SMALL, paint="quiet", anchor="end")
        lines = [_line(x, y, line, most) for line in bands]
        canvas.area(lines[4], lines[0], "entries", 0.18)
        canvas.area(lines[3], lines[1], "entries", 0.3)
        for kind, other in enumerate(others.values()):
            canvas.line(_line(x, y, other, most), PAINTS[kind + 1], 1.1, dash="4 2")
        canvas.line(lines[2], "entries", 1.5)
        for point in _line(x, y, truth, most):
            canvas.circle(*point, 1.7, "ink")
        for when in axis.marks(70):
            canvas.line([(axis.left(when), top + height), (axis.left(when), top + height + 4)], "zero")
            canvas.text(axis.left(when), top + height + 15, short_day(when), size=SMALL, paint="quiet")
        _legend(canvas, ["estimate, 50 and 90 %", *others, "truth"], left, top + height + 31, dots=True)
    return canvas.svg(description)


def _line(x: Scale, y: Scale, values: Array, most: float) -> list[tuple[float, float]]:
    """A daily series in pixels, cut at the top."""
    return [(x(day), y(min(float(value), most))) for day, value in enumerate(values)]


def _legend(canvas: Canvas, names: Sequence[str], x: float, y: float, *, dots: bool = False) -> None:
    """Names beside their paints; with `dots` the last is the truth."""
    for n, name in enumerate(names):
        paint = "ink" if dots and n == len(names) - 1 else PAINTS[n]
        canvas.circle(x + 4, y - 4, 4, paint)
        canvas.text(x + 12, y, name, size=SMALL, paint="quiet")
        x += 30 + 6.4 * len(name)

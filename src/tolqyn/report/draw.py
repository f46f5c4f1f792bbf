"""A small grammar of pictures: scales, marks and labels that become SVG.

Pure: values in, text out. The same SVG serves HTML and PDF, so each mark carries its paint in plain
attributes (which every engine reads) and a class (by which a style sheet turns it dark). Why not a
library: docs/decisions/0004-own-charts.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from html import escape
from importlib.resources import files

__all__ = ["DARK", "INK", "PAINT", "Canvas", "Days", "Scale", "text_width", "ticks", "wrap"]

PAINT = {
    "ink": "#16202a",
    "quiet": "#566270",
    "rule": "#d9dee3",
    "zero": "#8a949e",
    "paper": "#ffffff",
    "wash": "#f3f5f7",
    "ordinary": "#c3cad1",
    "land": "#eceff2",
    "study": "#d5dce3",
    "coast": "#b4bdc6",
    "entries": "#1c62a8",
    "exits": "#c2500f",
    "net": "#5b3f8f",
    "stock": "#0b6e63",
    "registrations": "#7a5a00",
}
"""Paints by role. Hues differ for the colour-blind, and in grey by their lightness or their panel."""

DARK = {
    "ink": "#e8ecf0",
    "quiet": "#a3adb8",
    "rule": "#2c343c",
    "zero": "#77828d",
    "paper": "#12171c",
    "wash": "#181f26",
    "ordinary": "#4a555f",
    "land": "#1d252c",
    "study": "#313c46",
    "coast": "#4d5963",
    "entries": "#6cb0f0",
    "exits": "#f29a5e",
    "net": "#b79cf0",
    "stock": "#4fc3b3",
    "registrations": "#dcb23c",
}
"""The same roles on a dark page; a style sheet swaps them by class."""

INK = "ink"

_FONT = "'Tolqyn Sans','Source Sans 3',system-ui,sans-serif"


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values to pixels; `start` may lie below or right of `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        share = (value - self.low) / ((self.high - self.low) or 1)
        return self.start + share * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Days:
    """A line from days to pixels. A day is a stretch, from its first to its last moment."""

    first: date
    last: date
    start: float
    end: float

    @property
    def width(self) -> float:
        """Pixels of one day."""
        return (self.end - self.start) / ((self.last - self.first).days + 1)

    def left(self, when: date) -> float:
        """Where the day begins, kept inside the line."""
        return min(max(self.start + (when - self.first).days * self.width, self.start), self.end)

    def right(self, when: date) -> float:
        """Where the day ends, kept inside the line."""
        return self.left(when + timedelta(days=1))

    def middle(self, when: date) -> float:
        """Noon, not kept inside."""
        return self.start + ((when - self.first).days + 0.5) * self.width

    def marks(self, room: float = 56) -> list[date]:
        """Days to name on an axis, at least `room` pixels apart: Mondays or firsts of months."""
        every = [self.first + timedelta(days=k) for k in range((self.last - self.first).days + 1)]
        if self.width >= room:
            return every
        for weeks in (1, 2):
            mondays = [when for when in every if when.weekday() == 0][::weeks]
            if weeks * 7 * self.width >= room:
                return mondays
        firsts = [when for when in every if when.day == 1]
        step = 1
        while firsts and step * 30 * self.width < room:
            step = {1: 2, 2: 3, 3: 6, 6: 12}.get(step, step * 2)
        return [when for when in firsts if (when.month - 1) % min(step, 12) == 0]


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round values from low to high: steps of 1, 2 or 5 times a power of ten."""
    span = high - low
    if span <= 0:
        return [low]
    rough = span / max(about, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough - 1e-9)
    first = -(-low // step)
    values = []
    while first * step <= high + 1e-9:
        values.append(first * step)
        first += 1
    return values


@dataclass(slots=True)
class Canvas:
    """Marks put one upon another; `svg` reads them off.

    Args of every mark: pixels from the top left; `paint` is a name of `PAINT`.
    """

    width: float
    height: float
    name: str
    marks: list[str] = field(default_factory=list)
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def line(
        self,
        points: Sequence[tuple[float, float]],
        paint: str = INK,
        weight: float = 1,
        *,
        dash: str = "",
        opacity: float = 1,
    ) -> None:
        """A line through points."""
        extra = f' stroke-dasharray="{dash}"' if dash else ""
        extra += f' stroke-opacity="{_n(opacity)}"' if opacity < 1 else ""
        self.marks.append(
            f'<path class="s-{paint}" d="{_path(points)}" fill="none" stroke="{PAINT[paint]}" '
            f'stroke-width="{_n(weight)}" stroke-linejoin="round"{extra}/>'
        )

    def area(
        self,
        upper: Sequence[tuple[float, float]],
        lower: Sequence[tuple[float, float]],
        paint: str,
        opacity: float,
    ) -> None:
        """A band between two lines."""
        self.shape([[*upper, *reversed(lower)]], paint, opacity)

    def shape(
        self,
        rings: Iterable[Sequence[tuple[float, float]]],
        paint: str,
        opacity: float = 1,
        edge: str | None = None,
    ) -> None:
        """Closed rings, filled by the even-odd rule."""
        path = "".join(_path(ring) + "Z" for ring in rings if len(ring) > 2)
        if not path:
            return
        stroke = f' stroke="{PAINT[edge]}" stroke-width="0.7" stroke-linejoin="round"' if edge else ""
        mark = f"f-{paint}" + (f" s-{edge}" if edge else "")
        self.marks.append(
            f'<path class="{mark}" d="{path}" fill="{PAINT[paint]}" fill-rule="evenodd" fill-opacity="{_n(opacity)}"{stroke}/>'
        )

    def rect(self, x: float, y: float, width: float, height: float, paint: str, opacity: float = 1) -> None:
        """A filled rectangle."""
        self.marks.append(
            f'<rect class="f-{paint}" x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" height="{_n(max(height, 0))}" '
            f'fill="{PAINT[paint]}" fill-opacity="{_n(opacity)}"/>'
        )

    def circle(
        self, x: float, y: float, radius: float, paint: str, *, opacity: float = 1, hollow: bool = False
    ) -> None:
        """A disc, or a ring on paper."""
        fill, mark = ("paper", f"f-paper s-{paint}") if hollow else (paint, f"f-{paint} s-{paint}")
        self.marks.append(
            f'<circle class="{mark}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{PAINT[fill]}" '
            f'fill-opacity="{_n(opacity)}" stroke="{PAINT[paint]}" stroke-width="1.2"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 12,
        paint: str = INK,
        anchor: str = "start",
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """One line of words; `y` is its base line; a halo keeps it legible over marks."""
        weight = ' font-weight="600"' if bold else ""
        at = f'x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" text-anchor="{anchor}"{weight}'
        body = escape(words)
        if halo:
            self.marks.append(
                f'<text class="f-paper s-paper" {at} aria-hidden="true" fill="{PAINT["paper"]}" '
                f'stroke="{PAINT["paper"]}" stroke-width="3" stroke-linejoin="round">{body}</text>'
            )
        self.marks.append(f'<text class="f-{paint}" {at} fill="{PAINT[paint]}">{body}</text>')

    def place(
        self, x: float, y: float, words: str, *, size: float = 12, anchor: str = "start", pad: float = 1
    ) -> bool:
        """Claim the room that words would take; False, and nothing claimed, where it is taken."""
        width = text_width(words, size)
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        box = (left - pad, y - size * 0.8 - pad, left + width + pad, y + size * 0.25 + pad)
        if box[0] < -1 or box[2] > self.width + 1 or any(_meet(box, other) for other in self.taken):
            return False
        self.taken.append(box)
        return True

    def claim(self, left: float, top: float, right: float, bottom: float) -> None:
        """Keep words out of a rectangle."""
        self.taken.append((left, top, right, bottom))

    def open_link(self, to: str, title: str, *, opacity: float = 1) -> None:
        """What follows, up to `close_link`, opens `to`."""
        faint = f' opacity="{_n(opacity)}"' if opacity < 1 else ""
        self.marks.append(
            f'<a href="{escape(to)}" aria-label="{escape(title)}"{faint}><title>{escape(title)}</title>'
        )

    def close_link(self) -> None:
        """End of the link."""
        self.marks.append("</a>")

    def target(self, x: float, y: float, width: float, height: float) -> None:
        """An unseen rectangle that makes a thin mark easy to hit with a finger."""
        self.marks.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="#ffffff" fill-opacity="0"/>'
        )

    def svg(self, description: str) -> str:
        """The picture."""
        size = f'width="{_n(self.width)}" height="{_n(self.height)}" viewBox="0 0 {_n(self.width)} {_n(self.height)}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="group" aria-label="{escape(description)}" '
            f'font-family="{_FONT}">{"".join(self.marks)}</svg>'
        )


def text_width(words: str, size: float, *, bold: bool = False) -> float:
    """Pixels that words take in the report's own face; a letter it lacks counts as a wide one."""
    widths = _widths()["600" if bold else "400"]
    return sum(widths.get(letter, 600) for letter in words) * size / 1000


def wrap(words: str, room: float, size: float, *, lines: int = 3, bold: bool = False) -> list[str]:
    """Words broken into at most `lines` lines of `room` pixels; what is left over ends in "…"."""
    done: list[str] = []
    current = ""
    for word in words.split():
        longer = f"{current} {word}".strip()
        if current and text_width(longer, size, bold=bold) > room:
            done.append(current)
            current = word
        else:
            current = longer
    done.append(current)
    if len(done) > lines:
        done = [*done[: lines - 1], f"{done[lines - 1]} …"]
    return [_cut(line, room, size, bold=bold) for line in done]


def _cut(line: str, room: float, size: float, *, bold: bool) -> str:
    if text_width(line, size, bold=bold) <= room:
        return line
    while line and text_width(f"{line}…", size, bold=bold) > room:
        line = line[:-1]
    return f"{line.rstrip()}…"


@cache
def _widths() -> dict[str, dict[str, int]]:
    """Advance of each letter by weight, in thousandths of the size."""
    source = files("tolqyn.report") / "assets" / "fonts" / "widths.json"
    table: dict[str, dict[str, int]] = json.loads(source.read_text(encoding="utf-8"))
    return table


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(value: float) -> str:
    """A number with at most two decimals, so that the same picture has the same bytes anywhere."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text

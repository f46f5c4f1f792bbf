"""How figures, intervals, days and strangers' words are written in a report.

Pure. A figure is rounded to what is known of it: the wider its interval, the coarser its step.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

__all__ = ["Amount", "amount", "count", "day", "days", "known", "safe_url", "short_day", "signed", "tidy"]

QUOTE_LIMIT = 420
"""Characters of a quote that are printed; the rest is counted, and stands in the document."""

_TELLS_NOTHING = 4
_POOR = 0.4  # half of the 90 % interval, as a share of the middle
"""Half an interval in middles, beyond which a middle would be read as knowledge that is not there."""

_DASH, _MINUS = "–", "−"


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity with its 90 % interval, in persons, rounded to `step`."""

    middle: float
    low: float
    high: float
    step: float

    @property
    def about(self) -> str:
        """The middle, rounded: "98,000"."""
        return count(_to_step(self.middle, self.step))

    @property
    def ends(self) -> tuple[str, str]:
        """The ends, rounded outward so that the interval never claims more than is known."""
        low, high = self._outward
        words = count(low), count(high)
        if len({word.rpartition(" ")[0] == "" for word in words}) == 1:
            return words
        return count(low, in_full=True), count(high, in_full=True)

    @property
    def spare_ends(self) -> tuple[str, str]:
        """The ends, the first without the word that both end in: "1.02" and "1.21 million"."""
        low, high = self.ends
        word = high.rpartition(" ")[2]
        shared = " " in high and low.endswith(f" {word}")
        return (low.removesuffix(f" {word}") if shared else low), high

    @property
    def interval(self) -> str:
        """Both ends: "93,000–103,000"; with a negative end "−2,000 to 4,000"."""
        low, high = self.spare_ends
        return f"{low} to {high}" if low.startswith(_MINUS) else f"{low}{_DASH}{high}"

    @property
    def sign(self) -> int:
        """1 or -1 where the whole interval, as it is printed, lies on one side of zero, else 0."""
        low, high = self._outward
        return 1 if low > 0 else -1 if high < 0 else 0

    @property
    def _outward(self) -> tuple[float, float]:
        low = math.floor(self.low / self.step + 1e-9) * self.step
        return low, math.ceil(self.high / self.step - 1e-9) * self.step

    @property
    def magnitude(self) -> Amount:
        """The same quantity without its sign, for sentences that say the sign in words."""
        if self.middle >= 0:
            return self
        return Amount(-self.middle, -self.high, -self.low, self.step)

    @property
    def known(self) -> bool:
        """Whether the middle says anything: not where the interval is several times as wide as it."""
        return self.half_width < _TELLS_NOTHING

    @property
    def poor(self) -> bool:
        """Whether the interval should lead: the middle says little, and middles of several such do not add up."""
        return self.sign == 0 or self.half_width > _POOR

    @property
    def half_width(self) -> float:
        """Half the interval as a share of the middle; infinite where the middle is nought."""
        return (self.high - self.low) / 2 / abs(self.middle) if self.middle else math.inf


def amount(draws: NDArray[np.float64]) -> Amount:
    """Median and 90 % interval of draws, (draw,), with the step that the interval's width allows."""
    low, middle, high = (float(q) for q in np.quantile(draws, [0.05, 0.5, 0.95]))
    return known(low, middle, high)


def known(low: float, middle: float, high: float) -> Amount:
    """The amount of a 90 % interval and its middle, with the step that its width allows."""
    return Amount(middle, low, high, _step(high - low))


def _step(width: float) -> float:
    """The largest 1 or 5 times a power of ten that is at most an eighth of the width; at least 1.

    An eighth moves no end by more than the width of a pencil line in a chart of the interval.
    """
    if width <= 8:
        return 1.0
    power = 10.0 ** math.floor(math.log10(width / 8))
    return 5 * power if width / 8 >= 5 * power else power


def _to_step(value: float, step: float) -> float:
    return math.floor(value / step + 0.5) * step


def count(value: float, *, in_full: bool = False) -> str:
    """A figure with thousands separators and a true minus: "98,000", "1.25 million", "−3,000".

    Args:
        value: any figure.
        in_full: write millions in digits too, beside a figure that is.
    """
    size = abs(value)
    if in_full:
        text = f"{size:,.0f}"
    elif size >= 1e9:
        text = f"{size / 1e9:,.3f}".rstrip("0").rstrip(".") + " billion"
    elif size >= 1e6 and round(size) % 1000 == 0:
        text = f"{size / 1e6:,.3f}".rstrip("0").rstrip(".") + " million"
    elif size < 100 and not float(size).is_integer():
        text = f"{size:.3g}"
    else:
        text = f"{size:,.0f}"
    return (_MINUS if value < 0 and text.strip("0.") else "") + text


def signed(value: float) -> str:
    """A figure that always shows its sign: "+3,000", "−210", "0"."""
    text = count(value)
    return text if text.startswith(_MINUS) or text == "0" else f"+{text}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def day(when: date) -> str:
    """A day as a reader writes it: "27 September 2022"."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def short_day(when: date) -> str:
    """A day in a chart: "27 Sep"."""
    return f"{when.day} {_MONTHS[when.month - 1][:3]}"


def days(start: date | None, end: date | None) -> str:
    """A window: "21–27 September 2022", "21 September – 4 October 2022", "until 4 October 2022"."""
    if start is None or end is None:
        if start is None and end is None:
            return "no dates given"
        return f"from {day(start)}" if start else f"until {day(end)}" if end else ""
    if start == end:
        return day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}{_DASH}{day(end)}"
    if start.year == end.year:
        return f"{start.day} {_MONTHS[start.month - 1]} {_DASH} {day(end)}"
    return f"{day(start)} {_DASH} {day(end)}"


def tidy(text: str, limit: int = QUOTE_LIMIT) -> str:
    """A stranger's words made fit to print: one line, no control or direction marks, bounded.

    Direction marks (U+202A to U+202E, U+2066 to U+2069, U+200E, U+200F) can make a page read other
    than it is written; control characters and lone surrogates are not legal in XML. Each goes.
    """
    kept = "".join(_printable(character) for character in text[: limit * 4])
    line = re.sub(r"\s+", " ", kept).strip()
    if len(line) <= limit and len(text) <= limit * 4:
        return line
    head = line[:limit].rstrip()
    return f"{head} … ({len(text) - len(head):,} more characters)"


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\n\r\t":
        return " "
    return (
        ""
        if category in {"Cc", "Cf", "Cn"}
        else "\N{REPLACEMENT CHARACTER}"
        if category == "Cs"
        else character
    )


def safe_url(url: str | None) -> str | None:
    """The address if a reader may be sent there: http or https, no spaces or controls; else None."""
    if url and len(url) <= 2000 and re.fullmatch(r"https?://[^\s\x00-\x20<>\"'`\\^{|}]+", url):
        return url
    return None

"""The simple methods that an analyst would reach for: statements to one daily series, without intervals.

Each is given all that is said of one stream: totals since a day, and single days. They get the
sense of a careful analyst: of what is said more than once the median counts; running totals that
do not fit among the others are left out (the longest chain that rises, by number of mentions), the
rest is made to rise (isotonic regression); a day that is stated is kept as stated, and only the
rest of its span is spread.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import interpolate, optimize

__all__ = ["RIVALS", "Said", "denton"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """One figure: `value` persons in total from day `first` to day `last`, both included."""

    first: int
    last: int
    value: float


@dataclass(frozen=True)
class _Spans:
    """Running totals that rise: `ends` and `totals` from nothing before day 0; and stated days."""

    ends: NDArray[np.intp]
    totals: Array
    days: dict[int, float]


def _spans(said: Sequence[Said], days: int) -> _Spans:
    totals: dict[int, list[float]] = {}
    single: dict[int, list[float]] = {}
    for one in said:
        if one.first == 0:
            totals.setdefault(one.last, []).append(one.value)
        elif one.first == one.last:
            single.setdefault(one.last, []).append(one.value)
    ends = _chain({end: float(np.median(values)) for end, values in totals.items()}, totals)
    medians = np.array([np.median(totals[end]) for end in ends])
    weights = np.array([len(totals[end]) for end in ends], float)
    rising = optimize.isotonic_regression(medians, weights=weights).x
    known = {day: float(np.median(values)) for day, values in single.items() if day < days}
    return _Spans(np.array([-1, *ends]), np.r_[0.0, np.maximum(rising, 0)], known)


def _chain(totals: Mapping[int, float], mentions: Mapping[int, Sequence[float]]) -> list[int]:
    """Ends of the chain of totals, none below 0.97 of the one before, that has most mentions."""
    ends = sorted(totals)
    best: dict[int, tuple[int, list[int]]] = {}
    for end in ends:
        before = [best[other] for other in ends if other < end and totals[end] >= 0.97 * totals[other]]
        count, chain = max(before, default=(0, []), key=lambda pair: pair[0])
        best[end] = count + len(mentions[end]), [*chain, end]
    return max(best.values(), key=lambda pair: pair[0])[1]


def _kept(series: Array, spans: _Spans) -> Array:
    """The series with stated days as stated, and the rest of each span to make up its total."""
    out = series.copy()
    edges = [*(spans.ends + 1), len(series)]
    for n, (start, stop) in enumerate(itertools.pairwise(edges)):
        pinned = [day for day in spans.days if start <= day < stop]
        if not pinned:
            continue
        closed = n + 1 < len(spans.totals)
        total = spans.totals[n + 1] - spans.totals[n] if closed else series[start:stop].sum()
        rest = [day for day in range(start, stop) if day not in spans.days]
        left = total - sum(spans.days[day] for day in pinned)
        if closed and rest and left < 0:
            continue  # the days do not fit into the total
        for day in pinned:
            out[day] = spans.days[day]
        if closed and rest:
            size = series[rest].sum()
            out[rest] = series[rest] * left / size if size > 0 else left / len(rest)
    return out


def uniform(said: Sequence[Said], days: int) -> Array:
    """Each day has its share of the shortest window that covers it; later days as the last of these."""
    out, length = np.full(days, np.nan), np.full(days, np.inf)
    for one in said:
        size = one.last - one.first + 1
        window = slice(one.first, one.last + 1)
        shorter = length[window] > size
        out[window] = np.where(shorter, one.value / size, out[window])
        length[window] = np.where(shorter, size, length[window])
    known = np.flatnonzero(np.isfinite(out))
    return np.asarray(np.interp(np.arange(days), known, out[known]))


def linear(said: Sequence[Said], days: int) -> Array:
    """The running total runs straight from one statement to the next, and on as in the last span."""
    spans = _spans(said, days)
    at = np.arange(-1, days)
    running = np.interp(at, spans.ends, spans.totals)
    out = np.diff(running)
    _run_on(out, spans)
    return _kept(out, spans)


def pchip(said: Sequence[Said], days: int) -> Array:
    """The running total is a monotone cubic (Fritsch and Carlson 1980) through the statements."""
    spans = _spans(said, days)
    if len(spans.ends) < 3:
        return linear(said, days)
    curve = interpolate.PchipInterpolator(spans.ends, spans.totals, extrapolate=False)
    out = np.diff(np.where(np.arange(-1, days) <= spans.ends[-1], curve(np.arange(-1, days)), np.nan))
    _run_on(out, spans)
    return _kept(np.nan_to_num(out), spans)


def denton(said: Sequence[Said], days: int) -> Array:
    """Denton's smoothest daily series with the stated sums, in Cholette's form, by `tempdisagg`.

    The library's `denton` with a constant as its indicator drops the first difference, as Cholette
    proposed; stated days are sums of their own. Negative days are set to zero.
    """
    from tempdisagg.model.models_handler import ModelsHandler  # noqa: PLC0415 - only this study needs it

    spans = _spans(said, days)
    rows, sums = [], []
    for start, stop, low, high in zip(
        spans.ends[:-1] + 1, spans.ends[1:] + 1, spans.totals[:-1], spans.totals[1:], strict=True
    ):
        pinned = [day for day in range(start, stop) if day in spans.days]
        rest = [day for day in range(start, stop) if day not in spans.days]
        left = high - low - sum(spans.days[day] for day in pinned)
        if not rest or left < 0:
            pinned, rest, left = [], list(range(start, stop)), high - low
        for row, value in [*(([day], spans.days[day]) for day in pinned), (rest, left)]:
            rows.append(np.isin(np.arange(days), row).astype(float))
            sums.append(value)
    for day in spans.days:
        if day > spans.ends[-1]:
            rows.append((np.arange(days) == day).astype(float))
            sums.append(spans.days[day])
    found = ModelsHandler().denton_estimation(np.array(sums), np.ones((days, 1)), np.array(rows))
    return np.asarray(np.maximum(np.ravel(found["y_hat"]), 0))


def last_value(said: Sequence[Said], days: int) -> Array:
    """Each day is as was last stated: a single day, or the mean day between two running totals."""
    spans = _spans(said, days)
    out = np.full(days, np.nan)
    rates = np.diff(spans.totals) / np.diff(spans.ends)
    for end, rate in zip(spans.ends[1:], rates, strict=True):
        out[end] = rate
    for day, value in spans.days.items():
        out[day] = value
    known = np.flatnonzero(np.isfinite(out))
    before = np.maximum(np.searchsorted(known, np.arange(days), side="right") - 1, 0)
    return np.asarray(out[known[before]])


def _run_on(out: Array, spans: _Spans) -> None:
    """After the last running total, as on its span's mean day."""
    rate = (spans.totals[-1] - spans.totals[-2]) / (spans.ends[-1] - spans.ends[-2])
    out[spans.ends[-1] + 1 :] = rate


RIVALS: dict[str, Callable[[Sequence[Said], int], Array]] = {
    "uniform": uniform,
    "linear": linear,
    "pchip": pchip,
    "denton": denton,
    "last value": last_value,
}

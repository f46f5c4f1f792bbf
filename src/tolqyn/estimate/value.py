"""Which number to ask for next: how far one more figure would narrow a band.

Pure. The expected value of a reading before it is made (preposterior analysis; Raiffa and Schlaifer 1961), in its
normal form: a reading with error variance e² of a quantity with variance v and correlation ρ to the headline leaves the
headline the share 1 - ρ² v / (v + e²) of its variance. Variances and correlations are those of the draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tolqyn.errors import EstimateError
from tolqyn.estimate.posterior import Posterior, Stream

__all__ = ["NextNumber", "next_numbers"]

Array = NDArray[np.float64]

_ERROR = 0.02  # relative error of the figure asked for: a body's count, rounded to two digits
_REACH = 28  # single days and weeks are asked for so many days back
_LEAST = 0.01  # a gain below this share of the band is no reason to ask
_FLOWS = ("entries", "exits")


@dataclass(frozen=True, slots=True)
class NextNumber:
    """A figure that somebody could be asked for, and what it would do to the headline's band.

    Attributes:
        stream: what is counted, where, of whom.
        first, last: the days it covers; of a stock, both are its day.
        low, high: 90 % interval of what the answer will be.
        band: width of the headline's 90 % interval now, in persons.
        band_then: its width once the figure is known, as expected, in persons.
    """

    stream: Stream
    first: date
    last: date
    low: float
    high: float
    band: float
    band_then: float

    @property
    def gain(self) -> float:
        """The share of the band that it would take off, 0 to 1."""
        return 1 - self.band_then / self.band


def next_numbers(
    posterior: Posterior,
    headline: Stream,
    first: date | None = None,
    last: date | None = None,
    *,
    error: float = _ERROR,
    count: int = 5,
) -> tuple[NextNumber, ...]:
    """The figures that would narrow a headline's band most, the best first; each measure and kind of span once.

    Args:
        posterior: an estimate.
        headline: whose band is to be narrowed: a stock, or a flow over a window.
        first: first day of a flow's window; None is its last.
        last: last day of a window, or the day of a stock; None is the last of the study.
        error: standard deviation of the figure asked for, as a share of it.
        count: how many to give at most.

    Raises:
        EstimateError: the headline was not estimated, a day outside the study, or an error that is not above zero.
    """
    if error <= 0:
        raise EstimateError(
            f"error is {error:g}; a figure without error is not to be had", hint="0.02 is 2 %"
        )
    last = last or posterior.days[-1]
    target = posterior.sum_of(headline, first or last, last)
    band = float(np.subtract(*np.quantile(target, [0.95, 0.05])))
    if not band:
        return ()
    best: dict[tuple[Stream, str], NextNumber] = {}
    for stream, start, end, kind in _askable(posterior, last):
        answer = posterior.sum_of(stream, start, end)
        then = band * float(np.sqrt(_variance_left(target, answer, error)))
        low, high = np.quantile(answer, [0.05, 0.95])
        asked = NextNumber(stream, start, end, float(low), float(high), band, then)
        if (stream, kind) not in best or asked.gain > best[stream, kind].gain:
            best[stream, kind] = asked
    ranked = sorted(best.values(), key=lambda one: (-one.gain, str(one.stream), one.first))
    return tuple(one for one in ranked if one.gain >= _LEAST)[:count]


def _askable(posterior: Posterior, last: date) -> Iterator[tuple[Stream, date, date, str]]:
    """What somebody at the border, in the register or in a survey could count by the headline's day."""
    begin = posterior.days[0]
    event = min((e.date for e in posterior.situation.events if begin <= e.date <= last), default=begin)
    earliest = max(begin, last - timedelta(days=_REACH - 1))
    recent = [day for day in posterior.days if earliest <= day <= last]
    for stream in posterior.values:
        if stream.measure == "stock":
            for day in dict.fromkeys((begin, event, *recent)):
                yield stream, day, day, "level"
        elif stream.measure in _FLOWS:
            yield stream, event, last, "since the event"
            for day in recent:
                yield stream, day, day, "day"
                week = day - timedelta(days=6)
                if week >= begin:
                    yield stream, week, day, "week"


def _variance_left(target: Array, answer: Array, error: float) -> float:
    """Share of the target's variance that is left once the answer is known, 0 to 1."""
    spread = float(answer.var())
    if not spread:
        return 1.0
    square = float(np.corrcoef(target, answer)[0, 1]) ** 2
    # Chance alone gives a squared correlation of 1/n.
    square = max(0.0, (square - 1 / len(target)) / (1 - 1 / len(target)))
    noise = (error * float(answer.mean())) ** 2
    return 1 - square * spread / (spread + noise)

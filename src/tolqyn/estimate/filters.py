"""Walks that forget and stays that end: causal filters along the days, and their transposes.

Pure. Arrays are (day, column). Many columns are walked day by day, one vector operation for all of
them; few columns by doubling or by Fourier transform, which take no loop over the days. A filter of
scipy.signal does the same, and takes longer to import than an estimate of ordinary size takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import fft

__all__ = ["Leaving", "back", "revert"]

Array = NDArray[np.float64]

_FEW = 24  # columns up to which a loop over the days costs more than it saves


def revert(steps: Array, phi: float) -> Array:
    """w(t) = phi w(t-1) + steps(t), (day, column)."""
    walked = np.array(steps)
    if walked.shape[1] > _FEW:
        for day in range(1, len(walked)):
            walked[day] += phi * walked[day - 1]
        return walked
    reach, decay = 1, phi
    while reach < len(walked):
        walked[reach:] += decay * walked[:-reach]
        reach, decay = 2 * reach, decay * decay
    return walked


def back(filtered: Array) -> Array:
    """The days in reverse: a causal filter between two of these is its transpose."""
    return filtered[::-1]


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a day's arrivals act on later days: a geometric and a two-stage Erlang delay, mixed.

    Attributes:
        at_once, geometric: weight and ratio of the geometric part, whose share after k days is
            at_once * geometric**k.
        even, rising, erlang: of the other, whose share is (even + rising * k) * erlang**k.

    Each is (column,) or (1,).
    """

    at_once: Array
    geometric: Array
    even: Array
    rising: Array
    erlang: Array

    @classmethod
    def of(cls, share: Array, days: Array, share_erlang: Array, days_erlang: Array) -> Self:
        """From the share that leaves by each law and its mean stay in days, each (column,)."""
        ratio = np.exp(-1 / days)
        pace = 2 / days_erlang
        erlang = np.exp(-pace)
        return cls(
            share * (1 - ratio),
            ratio,
            share_erlang * (1 - erlang * (1 + pace)),
            share_erlang * pace * (1 - erlang),
            erlang,
        )

    def act(self, series: Array) -> Array:
        """What the arrivals of each day come to later, (day, column)."""
        if series.shape[1] > _FEW:
            return self._walked(series)
        lags = np.arange(len(series))[:, None]
        kernel = self.at_once * self.geometric**lags + (self.even + self.rising * lags) * self.erlang**lags
        size = fft.next_fast_len(2 * len(series), real=True)
        spectrum = fft.rfft(kernel, size, axis=0) * fft.rfft(series, size, axis=0)
        made: Array = fft.irfft(spectrum, size, axis=0)[: len(series)]
        return made

    def _walked(self, series: Array) -> Array:
        out = np.empty(series.shape)
        geometric, even, rising, part = (np.zeros(series.shape[1]) for _ in range(4))
        only_erlang = not np.any(self.at_once)
        for day, row in enumerate(series):
            rising += even
            rising *= self.erlang
            even *= self.erlang
            even += row
            made = np.multiply(self.even, even, out=out[day])
            made += np.multiply(self.rising, rising, out=part)
            if not only_erlang:
                geometric *= self.geometric
                geometric += row
                made += np.multiply(self.at_once, geometric, out=part)
        return out

"""How long people stay, how long those present have been here, and how many are beyond their term.

Pure: sums of a register's cells go in, small tables come out. The reasoning and its limits are in
docs/concepts/register.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tolqyn.register.register import Register
from tolqyn.register.sql import STAY_BANDS

__all__ = ["OVERSTAY_BANDS", "Overstays", "overstays", "stay_lengths", "stock"]

OVERSTAY_BANDS = (1, 8, 31, 91, 181)
"""First day beyond the term of each band."""

POOLED = 200
"""The share of exits missed among all weighs as much as this many re-entries of one citizenship."""

PRIOR = (1.0, 19.0)
"""Of the share of exits missed before anything is seen: beta, mean 5 %, as sure as 20 re-entries."""

BESIDE = {-1: "missed_exit", -2: "no_entry", -3: "keyless"}


def stock(register: Register) -> pa.Table:
    """People by days present, at the end of each day, counted from the register's first.

    Who was there before is not in it. `missed_exit` are people whose exit was not seen and who came
    again, `no_entry` (below zero) exits of people never seen to enter, `keyless` the net of crossings
    without a key. Over all rows of a day the change is that day's entries minus its exits.

    Returns:
        date, days_present ("0", "1-2", ..., "365+", or one of the names above), persons.
    """
    changes = register.stock_changes()
    labels = dict(enumerate(band_names(STAY_BANDS))) | BESIDE
    order = [*range(len(STAY_BANDS)), *BESIDE]
    first, days = register.first_day, (register.last_day - register.first_day).days + 1
    series = {band: np.zeros(days, np.int64) for band in order}
    for row in changes.to_pylist():
        series[row["band"]][(row["date"] - first).days] += row["n"]
    used = [band for band in order if band >= 0 or series[band].any()]
    totals = np.stack([series[band].cumsum() for band in used])
    return pa.table(
        {
            "date": pa.array([first + timedelta(n) for n in range(days) for _ in used], pa.date32()),
            "days_present": [labels[band] for _ in range(days) for band in used],
            "persons": pa.array(totals.T.ravel(), pa.int64()),
        }
    )


def stay_lengths(register: Register, by: Sequence[str] = ()) -> pa.Table:
    """Stays by length in days, and the share that has ended after so long.

    The share is the product-limit estimate (Kaplan and Meier 1958): stays that had not ended on the
    last day count for as long as they were seen. Stays whose exit was missed are left out where
    another entry gives them away; the others make stays look longer, which `overstays` puts right.

    Args:
        register: matched or not yet.
        by: "citizenship", "purpose", "checkpoint" (of entry).

    Returns:
        `by`, days, left (stays that ended after so many days), open (last seen so many days ago),
        ended (share, 0 to 1).
    """
    groups: dict[tuple[str, ...], tuple[dict[int, int], dict[int, int]]] = {}
    for row in register.lengths(by).to_pylist():
        left, still = groups.setdefault(tuple(row[name] for name in by), ({}, {}))
        if row["status"] == "left":
            left[row["days"]] = left.get(row["days"], 0) + row["n"]
        elif row["status"] == "open":
            seen = (register.last_day - row["date"]).days
            still[seen] = still.get(seen, 0) + row["n"]
    columns: dict[str, list[object]] = {name: [] for name in (*by, "days", "left", "open", "ended")}
    for names, (left, still) in sorted(groups.items()):
        risk, lasting = sum(left.values()) + sum(still.values()), 1.0
        for days in sorted(left.keys() | still.keys()):
            lasting *= 1 - left.get(days, 0) / risk
            risk -= left.get(days, 0) + still.get(days, 0)
            row = (*names, days, left.get(days, 0), still.get(days, 0), 1 - lasting)
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    types = [pa.string()] * len(by) + [pa.int64(), pa.int64(), pa.int64(), pa.float64()]
    return pa.table(columns, schema=pa.schema(list(zip(columns, types, strict=True))))


@dataclass(frozen=True, slots=True, eq=False)
class Overstays:
    """Persons beyond their term, corrected for exits that no post recorded.

    Attributes:
        day: on which they are judged.
        missing: share of exits that left no row: (mean, q05, q95).
        unmatched: entries without an exit whose term is over; what a naive count calls overstays.
        present: persons still here beyond the term: (mean, q05, q95).
        left_late: persons who left after the term, seen or not: (mean, q05, q95).
        table: days_over ("1-7", ...), left_late_seen, and mean, q05, q25, q50, q75, q95 of those present.
        draws: of `present`, (draw, band).
    """

    day: date
    missing: tuple[float, float, float]
    unmatched: int
    present: tuple[float, float, float]
    left_late: tuple[float, float, float]
    table: pa.Table
    draws: NDArray[np.float64]


def overstays(register: Register, *, seed: int = 0, draws: int = 4000) -> Overstays:
    """How many are beyond their term, as a distribution: a missing exit is never read as an overstay.

    Among people who enter again it is known whether the exit between was seen, so they tell what
    share of exits is missed. Of the last stays whose term is over, `ended` have an exit; as many
    more as that share says have left unseen; the rest is here. The share has a beta posterior per
    citizenship, drawn towards the share among all; the unseen exits are negative binomial given it.
    It is assumed that an exit is missed as often from a last stay as from one before a re-entry.

    Args:
        register: its settings hold the terms.
        seed: the same seed gives the same draws.
        draws: how many.
    """
    chance = np.random.default_rng(seed)
    known = {row["citizenship"]: (row["seen"], row["missed"]) for row in register.reentries().to_pylist()}
    seen, missed = (sum(pair[n] for pair in known.values()) for n in (0, 1))
    # Drawn, not fixed: what is not known of all is not known of each citizenship, in the same direction.
    pooled = chance.beta(missed + PRIOR[0], seen + PRIOR[1], draws)
    bands = len(OVERSTAY_BANDS)
    present = np.zeros((draws, bands))
    late = np.zeros(draws)
    late_seen = np.zeros(bands, np.int64)
    unmatched = 0
    shares, weights = np.zeros(draws), 0
    for citizenship, rows in _by_citizenship(register).items():
        s, m = known.get(citizenship, (0, 0))
        # Never more than what is known of all, so that one citizenship alone is not counted twice.
        weight = min(POOLED, seen + missed - s - m + sum(PRIOR))
        share = chance.beta(m + weight * pooled, s + weight * (1 - pooled))
        stays, ended, gone_late = rows
        unmatched += int((stays - ended).sum())
        present += stays - ended - _unseen(ended, share, chance)
        late += (gone_late + _unseen(gone_late, share, chance)).sum(axis=1)
        late_seen += gone_late
        shares += share * max(s + m, 1)
        weights += max(s + m, 1)
    quantiles = np.quantile(present, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    names = ("q05", "q25", "q50", "q75", "q95")
    table = pa.table(
        {
            "days_over": band_names(OVERSTAY_BANDS),
            "left_late_seen": late_seen,
            "mean": present.mean(axis=0),
            **{name: np.maximum(row, 0) for name, row in zip(names, quantiles, strict=True)},
        }
    )
    return Overstays(
        day=register.last_day,
        missing=_spread(shares / max(weights, 1)),
        unmatched=unmatched,
        present=_spread(present.sum(axis=1)),
        left_late=_spread(late),
        table=table,
        draws=present,
    )


def _by_citizenship(register: Register) -> dict[str, NDArray[np.int64]]:
    """Citizenship -> (stays, ended, late) by band, (3, band)."""
    found: dict[str, NDArray[np.int64]] = {}
    for row in register.beyond_term().to_pylist():
        table = found.setdefault(row["citizenship"], np.zeros((3, len(OVERSTAY_BANDS)), np.int64))
        band = int(np.searchsorted(OVERSTAY_BANDS, row["days_over"], side="right")) - 1
        table[:, band] += (row["stays"], row["ended"], row["late"])
    return found


def _unseen(
    seen: NDArray[np.int64], share: NDArray[np.float64], chance: np.random.Generator
) -> NDArray[np.int64]:
    """Draws of the exits that were missed beside those seen, (draw, band)."""
    wide = np.maximum(seen, 1)[None, :]
    drawn = chance.negative_binomial(wide, 1 - share[:, None], (share.size, seen.size))
    return np.where(seen[None, :] > 0, drawn, 0)


def _spread(draws: NDArray[np.float64]) -> tuple[float, float, float]:
    low, high = np.quantile(draws, [0.05, 0.95])
    return float(draws.mean()), float(max(low, 0)), float(max(high, 0))


def band_names(firsts: Sequence[int]) -> list[str]:
    """Each band in words: "1-7", "8-30", ..., "181+".

    >>> band_names((0, 1, 3))
    ['0', '1-2', '3+']
    """
    lasts = [after - 1 for after in firsts[1:]]
    names = [str(a) if a == b else f"{a}-{b}" for a, b in zip(firsts, lasts, strict=False)]
    return [*names, f"{firsts[-1]}+"]

"""Who was there before the first day: drawn anew, given all who came and left and what is said of those present.

Pure. What is said of a stock is the logarithm of a sum, of those who were there and those who stayed since. Where the former may
be next to nothing or most of it, no line tells how it moves with their logarithm, and draws that are solved with the slope of one point
come out too high. So each draw takes some steps of Metropolis and Hastings over those who were there and
over how much of a stock each source sees: along the ridge on which the stated figures stay met. They
leave the belief as it is where draws already follow it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Measure
from tolqyn.estimate.account import Streams
from tolqyn.estimate.likelihood import tilt
from tolqyn.estimate.mixture import DOUBTED, Weighed
from tolqyn.estimate.model import Model
from tolqyn.estimate.problem import spread_of
from tolqyn.estimate.quantities import Quantity

__all__ = ["with_those_before"]

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

_STEPS = 60
_SHORTEST, _LONGEST = 0.03, 3.0  # steps of a log
_KNOWN = 0.2  # standard deviation of the log of those who were there before, below which it bends nothing
_POINT = 1e-8  # variance of a quantity that is known
_NOBODY = 0.5  # persons, where a logarithm is taken
_AWAY = np.geomspace(1e-4, 15.0, 50)  # from the ends of what a figure allows, where its chance is tabled


@dataclass(frozen=True, slots=True)
class _Figure:
    """One figure of a stock, as each draw has it.

    Attributes:
        account: whose stock. quantity: of it, on its scale.
        since: those present on its day less those who were there before, (draw,).
        cover: which coverage it has, -1 if none of its own. share: how much of it; more where a source tells of a border from
            the other side, too. other: its coverage without one, (draw,).
        tables: for each fit, where its log chance was worked out, and that.
        choice: which fit each draw is of, (draw,). believed: whether it is more likely right than not there, (draw,).
    """

    account: int
    quantity: Quantity
    since: Array
    cover: int
    share: float
    other: Array
    tables: Sequence[tuple[Array, Array]]
    choice: Indices
    believed: NDArray[np.bool_]

    def at(self, before: Array) -> Array:
        """The quantity, (draw,), given those who were there."""
        return self.quantity.on_scale(self.since + before)

    def log_chance(self, before: Array, coverages: Array) -> Array:
        """Of the figure, (draw,), given those who were there and the sources' coverages (draw, cover)."""
        at = self.at(before) + (self.share * coverages[:, self.cover] if self.cover >= 0 else self.other)
        out = np.empty(len(at))
        for fit, (places, chances) in enumerate(self.tables):
            mine = self.choice == fit
            out[mine] = np.interp(at[mine], places, chances)
        return out


def with_those_before(
    model: Model,
    parts: Sequence[Sequence[Weighed]],
    streams: Sequence[Streams],
    choice: Indices,
    whitened: Array,
    chances: Mapping[int, np.random.Generator],
) -> tuple[list[Streams], Array]:
    """The draws with those who were there before drawn anew, and the whitened coverages of each draw, (draw, q).

    Args:
        model: what was fitted.
        parts: the fits that each account is drawn from.
        streams: of each account.
        choice: which of its fits each draw is of, (draw, account).
        whitened: coverages of each draw, (draw, q).
        chances: of the accounts whose draws may be changed.
    """
    befores = [np.maximum(one.stock_before, _NOBODY) for one in streams]
    coverages = whitened @ model.cover_parts
    moving = [number for number in chances if np.log(befores[number]).std() > _KNOWN]
    figures = [
        one
        for number in range(len(streams) if moving else 0)
        for one in _figures(model, number, parts[number], streams[number], choice[:, number], whitened)
    ]
    for number in moving:
        _walk(model, number, parts[number][0], figures, befores, coverages, streams[number], chances[number])
    told = [
        replace(one, stock_before=np.rint(befores[number])) if number in moving else one
        for number, one in enumerate(streams)
    ]
    # The coverage of a stock is a part of its own, and no other.
    stocks = [n for n, (_, measure) in enumerate(model.cover) if measure is Measure.STOCK]
    whitened = whitened.copy()
    whitened[:, stocks] = coverages[:, stocks] / model.cover_sds[stocks]
    return told, whitened


def _walk(
    model: Model, number: int, best: Weighed, figures: Sequence[_Figure], befores: list[Array], coverages: Array,
    streams: Streams, rng: np.random.Generator,
) -> None:  # fmt: skip
    """The steps of one account's draws; those who were there before and the coverages are changed."""
    own = [one for one in figures if one.account == number]
    covers = sorted({one.cover for one in own} - {-1})
    told = [one for one in figures if one.account == number or one.cover in covers]
    least = streams.stock_before - streams.stock.min(axis=1)
    account, sds = best.accounts[0], model.cover_sds[covers]

    def log_density(before: Array, coverages: Array) -> Array:
        out: Array = -0.5 * ((np.log(before) - account.log_stock) / account.priors.stock_sd) ** 2
        out -= 0.5 * ((coverages[:, covers] / sds) ** 2).sum(axis=1)
        for one in told:
            out += one.log_chance(before if one.account == number else befores[one.account], coverages)
        return np.where(before < least, -np.inf, out)

    def ridge(before: Array) -> Array:
        """By how much each source would have to see less, for what it states to be met, (draw, cover)."""
        out = np.zeros((len(before), len(covers)))
        for place, cover in enumerate(covers):
            mine = [one for one in own if one.cover == cover]
            shares = np.array([one.believed for one in mine], dtype=float)
            at = np.array([one.at(before) for one in mine])
            out[:, place] = (shares * at).sum(axis=0) / np.maximum(shares.sum(axis=0), 1)
        return out

    before = befores[number]
    here, met = log_density(before, coverages), ridge(before)
    for _ in range(_STEPS):
        length = _SHORTEST * (_LONGEST / _SHORTEST) ** rng.random(len(before))
        there = before * np.exp(length * rng.standard_normal(len(before)))
        then = ridge(there)
        moved = coverages.copy()
        moved[:, covers] += met - then
        density = log_density(there, moved)
        with np.errstate(invalid="ignore"):
            taken = np.log(rng.random(len(before))) < density - here
        before, here = np.where(taken, there, before), np.where(taken, density, here)
        met[taken], coverages[taken] = then[taken], moved[taken]
    befores[number] = before


def _figures(
    model: Model, number: int, part: Sequence[Weighed], streams: Streams, choice: Indices, whitened: Array
) -> list[_Figure]:
    """What is said of those present in one account."""
    sources, rows = model.sources, model.rows_of(number)
    places = [
        place
        for place, row in enumerate(rows)
        if model.quantities[row].measure is Measure.STOCK and not model.quantities[row].enough
    ]
    tables = [_tables(one, places) for one in part]
    stock, out = streams.stock, []
    for n, place in enumerate(places):
        row, quantity = rows[place], model.quantities[rows[place]]
        told = model.covers[row] if row < len(model.covers) else None
        cover = -1 if told is None else model.cover.index(told)
        believed = np.array([one.fitted.tilted.blunder[place] < DOUBTED for one in part])
        out.append(
            _Figure(
                number,
                quantity,
                stock[:, quantity.last] - streams.stock_before,
                cover,
                float(sources.coverage[row, cover] / model.cover_sds[cover]),
                whitened @ sources.coverage[row],
                [one[n] for one in tables],
                choice,
                believed[choice],
            )
        )
    return out


def _tables(fit: Weighed, places: Sequence[int]) -> list[tuple[Array, Array]]:
    """For some figures of a fit, quantities and the log chance of the figure at each."""
    figures, spread = fit.problem.figures, spread_of(fit.problem.sources, fit.fitted.spreads)
    out = []
    for place in places:
        low, high = float(figures.low[place]), float(figures.high[place])
        at = np.sort(np.concatenate([low - _AWAY, low + _AWAY, high - _AWAY, high + _AWAY]))
        again = np.full(len(at), place)
        told = tilt(
            figures.rows(again, fit.fitted.used[again]),
            at,
            np.full(len(at), _POINT),
            spread[again],
            fit.problem.priors,
        )
        out.append((at, told.log_chance))
    return out

"""Draws on their way out: whole grains of a person, in random order, as named daily series.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.account import Account, Streams
from tolqyn.estimate.model import Model
from tolqyn.estimate.posterior import Stream

__all__ = ["Drawn", "Group", "in_grains", "joined", "series_of"]

Array = NDArray[np.float64]

_GRAIN = 1024.0  # draws are whole 1024ths of a person, so that sums of days are exact in floating point


@dataclass(frozen=True, slots=True)
class Group:
    """Draws that came from one fit.

    Attributes:
        accounts: what turns their unknowns into counts.
        where: their places among all draws, (n,).
        unknowns: of each account, (n, size), in single precision: they are only kept to go on from.
    """

    accounts: tuple[Account, ...]
    where: NDArray[np.intp]
    unknowns: tuple[NDArray[np.float32], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws of each account's streams on every latent day, and of the log coverages (draw, source).

    `below_zero` counts the draws in which some stock stays below zero; `groups` are the fits that
    they came from.
    """

    streams: tuple[Streams, ...]
    coverages: Array
    below_zero: int
    groups: tuple[Group, ...]


def in_grains(streams: Streams) -> Streams:
    """The same counts in whole grains of a person."""
    return streams.mapped(lambda counts: np.rint(counts * _GRAIN) / _GRAIN)


def joined(groups: Sequence[Group], parts: Sequence[Sequence[Streams]]) -> tuple[Streams, ...]:
    """The streams of all groups, each draw in its place; one for each account."""
    order = np.argsort(np.concatenate([group.where for group in groups]))
    return tuple(Streams.joined(of_account).rows(order) for of_account in zip(*parts, strict=True))


def series_of(model: Model, streams: Sequence[Streams], study: slice) -> dict[Stream, Array]:
    """Every output series, (draw, day), over the days of the study."""
    values: dict[Stream, Array] = {}
    for (place, group), one in zip(model.accounts, streams, strict=True):
        for name, series in _series(one, model.events, study).items():
            measure, _, kind = name.partition(" ")
            values[Stream(measure, place, group, kind=kind or None)] = series
    return values


def _series(streams: Streams, events: Sequence[int], study: slice) -> dict[str, Array]:
    """The series of one account; excess begins with the first event."""
    out = {
        "entries": streams.entries,
        "exits": streams.exits,
        "net": streams.entries - streams.exits,
        "stock": streams.stock,
    }
    if events:
        since = np.arange(streams.entries.shape[1]) >= min(events)
        out["excess_entries"] = np.where(since, streams.entries - streams.ordinary_entries, 0.0)
        out["excess_exits"] = np.where(since, streams.exits - streams.ordinary_exits, 0.0)
        out["ordinary_entries"] = streams.entries - out["excess_entries"]
        out["ordinary_exits"] = streams.exits - out["excess_exits"]
        out["stock_surge"] = np.cumsum(out["excess_entries"] - out["excess_exits"], axis=1)
    out |= {f"registrations {kind}": series for kind, series in streams.registrations.items()}
    return {name: np.ascontiguousarray(series[:, study]) for name, series in out.items()}

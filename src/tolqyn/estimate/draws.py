"""Draws on their way out: made from the fits, in whole persons, as named daily series.

Pure. What is random hangs on the seed, the account and the statement alone, so that one statement more
leaves the chances of all others as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.account import Streams
from tolqyn.estimate.drawing import Chances, Sampler, Solved
from tolqyn.estimate.model import Model
from tolqyn.estimate.posterior import Stream
from tolqyn.estimate.side_by_side import side_by_side
from tolqyn.estimate.weighing import Weighed

__all__ = ["Drawn", "draw", "series_of"]

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

_TRIES = 10  # of a draw that is refused


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws of each account's streams on every latent day, and of the log coverages (draw, source).

    `below_zero` counts the draws of an account in which its stock stays below zero, at most; `bent` is how
    far the true sums of each account's figures are from linear ones, (draw, m); `choice` is which of its fits each draw is of, (draw, account).
    """

    streams: tuple[Streams, ...]
    coverages: Array
    below_zero: int
    bent: tuple[Array, ...]
    choice: Indices


def draw(
    model: Model,
    best: Weighed,
    parts: Sequence[Sequence[Weighed]],
    count: int,
    seed: int,
    before: tuple[Model, Drawn] | None = None,
) -> Drawn:
    """Draws of each account from its fits by their weights; a stock below zero is refused and drawn again.

    Args:
        model: what was fitted.
        best: the best fit.
        parts: those that each account is drawn from.
        count: how many draws.
        seed: the same seed gives the same bytes.
        before: draws of an earlier estimate of almost the same statements, as many, to begin at.
    """
    names = [" ".join(key) for key in model.accounts]
    choice = np.stack(
        [_choice(part, count, _stream(seed, name)) for part, name in zip(parts, names, strict=True)], axis=1
    )
    begun = np.empty((count, len(model.cover_parts)))
    for column, part in enumerate(model.cover_parts):
        begun[:, column] = _stream(seed, *map(model.cover.__getitem__, np.flatnonzero(part))).standard_normal(
            count
        )

    def chances(number: int, count: int = count, again: int = 0) -> Chances:
        block = best.problem.blocks[number]
        walks = _stream(seed, names[number], "unknowns", again)
        unknowns = walks.standard_normal((block.size, count), dtype=np.float32).T
        normal, even = np.empty((2, len(block.rows), count), dtype=np.float32)
        for n, row in enumerate(block.rows):
            figure = _stream(seed, model.row_name(row), "figure", again)
            figure.standard_normal(dtype=np.float32, out=normal[n])
            figure.random(dtype=np.float32, out=even[n])
        return Chances(unknowns, normal.T, even.T)

    sampler = Sampler(
        best.problem, [[one.fitted for one in part] for part in parts], choice, begun, chances,
        _near(model, best, *before) if before else None,
    )  # fmt: skip

    def drawn(number: int) -> tuple[Solved, int]:
        made = _balanced(sampler.block(number))
        for again in range(1, _TRIES):
            missing = np.flatnonzero(~made.arrived)
            if not len(missing):
                break
            found = sampler.again(number, missing, chances(number, len(missing), again))
            made = made.with_rows(missing, _balanced(found))
        return made, int((made.streams.stock.min(axis=1) < 0).sum())

    drawings = side_by_side(drawn, range(len(parts)))
    below = max((below for _, below in drawings), default=0)
    return Drawn(
        tuple(one.streams for one, _ in drawings),
        sampler.coverages @ model.cover_parts,
        below,
        tuple(one.bent for one, _ in drawings),
        choice,
    )


def _near(model: Model, best: Weighed, then: Model, drawn: Drawn) -> dict[int, Array]:
    """How far earlier draws are from linear ones in the figures that are read now, by account; nought in new ones."""
    old = {then.row_name(row): row for row in range(len(then.quantities))}
    near = {}
    for number, key in enumerate(model.accounts):
        if key in then.accounts and model.first == then.first:
            bent = drawn.bent[then.accounts.index(key)]
            place = {int(row): n for n, row in enumerate(then.rows_of(then.accounts.index(key)))}
            rows = best.problem.blocks[number].rows
            near[number] = np.zeros((len(bent), len(rows)))
            for n, row in enumerate(rows):
                there = old.get(model.row_name(int(row)))
                if there is not None:
                    near[number][:, n] = bent[:, place[there]]
    return near


def _stream(seed: int, *names: object) -> np.random.Generator:
    """A stream of chances of its own for a seed and a name."""
    digest = hashlib.blake2b(repr(names).encode(), digest_size=8).digest()
    return np.random.Generator(np.random.PCG64([seed, int.from_bytes(digest, "big")]))


def _choice(part: Sequence[Weighed], count: int, rng: np.random.Generator) -> Indices:
    """Which fit each draw takes: as many as its weight asks for, in random order."""
    edges = np.cumsum([one.weight for one in part])
    edges[-1] = 1.0
    return np.searchsorted(edges, (rng.permutation(count) + 0.5) / count)


def _balanced(made: Solved) -> Solved:
    """Draws of one account in whole persons; those whose stock falls below zero have not arrived."""
    streams = made.streams.mapped(_in_persons)
    return Solved(streams, made.bent, made.arrived & (streams.stock.min(axis=1) >= 0))


def _in_persons(counts: Array) -> Array:
    """Counts in whole persons, (draw, day) or (draw,): running totals are rounded, so that no sum of days is off by more than one."""
    if counts.ndim == 1:
        return np.rint(counts)
    return np.diff(np.rint(np.cumsum(counts, axis=1)), axis=1, prepend=0.0)


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

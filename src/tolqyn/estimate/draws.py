"""Draws on their way out: made from the fits, in whole persons, as named daily series.

Pure. What is random hangs on the seed, the account and the statement alone, so that one statement more
leaves the chances of all others as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.account import Streams
from tolqyn.estimate.drawing import Chances, Sampler, Solved
from tolqyn.estimate.mixture import Weighed
from tolqyn.estimate.model import Key, Model
from tolqyn.estimate.posterior import Stream
from tolqyn.estimate.side_by_side import side_by_side
from tolqyn.estimate.weighing import unmoved

__all__ = ["AccountDraws", "Before", "Drawn", "draw", "series_of"]

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

_HARDLY = 0.1  # standard deviations of its coverage by which a source may move for other accounts to keep their draws
_TRIES = 10  # of a draw that is refused
_SOME = 100  # draws that cost hardly more than one


@dataclass(frozen=True, slots=True)
class AccountDraws:
    """Draws of one account.

    Attributes:
        streams: on every latent day. below: in how many the stock stays below zero.
        bent: how far the true sums of its figures are from linear ones, (draw, m).
        choice: which of its fits each draw is of, (draw,).
        shared: what its figures, perturbed, say of the whitened coverages, (draw, q).
        known: the mean of those when it was drawn, (q,).
    """

    streams: Streams
    below: int
    bent: Array
    choice: Indices
    shared: Array
    known: Array


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws of each account, and of the log coverages (draw, source)."""

    accounts: tuple[AccountDraws, ...]
    coverages: Array

    @property
    def streams(self) -> tuple[Streams, ...]:
        """Of each account."""
        return tuple(one.streams for one in self.accounts)

    @property
    def below_zero(self) -> int:
        """Draws of an account in which its stock stays below zero, at most."""
        return max((one.below for one in self.accounts), default=0)


class Before(NamedTuple):
    """An earlier estimate of almost the same statements: its model and its draws."""

    model: Model
    drawn: Drawn


def draw(
    model: Model,
    best: Weighed,
    parts: Sequence[Sequence[Weighed]],
    count: int,
    seed: int,
    before: Before | None = None,
) -> Drawn:
    """Draws of each account from its fits by their weights; a stock below zero is refused and drawn again.

    Args:
        model: what was fitted.
        best: the best fit.
        parts: those that each account is drawn from.
        count: how many draws.
        seed: the same seed gives the same bytes.
        before: an earlier estimate of almost the same statements, with as many draws, to begin at. Accounts of which
            nothing new is said keep their draws while the coverages are where they were.
    """
    names = [" ".join(key) for key in model.accounts]
    choice = np.stack(
        [
            _choice(part, _in_order(model, number, part), count, _stream(seed, name))
            for number, (part, name) in enumerate(zip(parts, names, strict=True))
        ],
        axis=1,
    )
    kept = _kept(model, best, before) if before else {}
    for number, one in kept.items():
        choice[:, number] = one.choice
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
        _near(model, best, before) if before else {}, {number: one.shared for number, one in kept.items()},
    )  # fmt: skip

    def drawn(number: int) -> AccountDraws:
        if number in kept:
            return kept[number]
        made, tries = _balanced(sampler.block(number)), 1
        while tries < _TRIES and not made.arrived.all():
            missing = np.flatnonzero(~made.arrived)
            # A few draws cost hardly more than one, so that of the last few several tries are made at once.
            each = min(max(_SOME // len(missing), 1), _TRIES - tries)
            which = np.tile(missing, each)
            found = _balanced(sampler.again(number, which, chances(number, len(which), tries)))
            first = found.arrived.reshape(each, -1).argmax(axis=0)
            made = made.with_rows(missing, found.rows(first * len(missing) + np.arange(len(missing))))
            tries += each
        below = int((made.streams.stock.min(axis=1) < 0).sum())
        return AccountDraws(
            made.streams, below, made.bent, choice[:, number], sampler.shared[number], best.fitted.coverages
        )

    return Drawn(tuple(side_by_side(drawn, range(len(parts)))), sampler.coverages @ model.cover_parts)


def _kept(model: Model, best: Weighed, before: Before) -> dict[int, AccountDraws]:
    """Draws of accounts that may stay as they are: nothing new is said of them, and their sources hardly moved."""
    now, sds = best.fitted.coverages @ model.cover_parts, before.drawn.coverages.std(axis=0)
    kept = {}
    for number, place in unmoved(model, before.model).items():
        one = before.drawn.accounts[place]
        told = {model.covers[row] for row in model.rows_of(number)}
        mine = [n for n, cover in enumerate(model.cover) if cover in told]
        moved = np.abs(one.known @ model.cover_parts - now)
        if (moved[mine] < _HARDLY * sds[mine]).all():
            kept[number] = one
    return kept


def _near(model: Model, best: Weighed, before: Before) -> dict[int, Array]:
    """How far earlier draws are from linear ones in the figures that are read now, by account; nought in new ones."""
    then, drawn = before
    old = {then.row_name(row): row for row in range(len(then.quantities))}
    near = {}
    for number, key in enumerate(model.accounts):
        if key in then.accounts and model.first == then.first:
            bent = drawn.accounts[then.accounts.index(key)].bent
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


def _in_order(model: Model, number: int, part: Sequence[Weighed]) -> list[int]:
    """The fits of an account in an order that does not hang on their weights."""
    rows = model.rows_of(number)

    def name(one: int) -> tuple[str, list[tuple[str, bool]]]:
        verdicts = part[one].verdicts.items()
        decided = sorted((model.row_name(int(rows[row])), blunder) for row, blunder in verdicts)
        return repr(part[one].accounts[0].roughness), decided

    return sorted(range(len(part)), key=name)


def _choice(part: Sequence[Weighed], order: Sequence[int], count: int, rng: np.random.Generator) -> Indices:
    """Which fit each draw takes: as many as its weight asks for, at random.

    Where weights have changed a little, all draws but a few take the fit that they took.
    """
    edges = np.cumsum([part[one].weight for one in order])
    edges[-1] = 1.0
    return np.asarray(order)[np.searchsorted(edges, (rng.permutation(count) + 0.5) / count)]


def _balanced(made: Solved) -> Solved:
    """Draws of one account in whole persons; those whose stock falls below zero have not arrived."""
    streams = made.streams.bare().mapped(_in_persons)
    return Solved(streams, made.bent, made.arrived & (streams.stock.min(axis=1) >= 0))


def _in_persons(counts: Array) -> Array:
    """Counts in whole persons, (draw, day) or (draw,): running totals are rounded, so that no sum of days is off by more than one."""
    if counts.ndim == 1:
        return np.rint(counts)
    return np.diff(np.rint(np.cumsum(counts, axis=1)), axis=1, prepend=0.0)


def series_of(model: Model, streams: Sequence[Streams], study: slice) -> Mapping[Stream, Array]:
    """Every output series, (draw, day), over the days of the study; each is made when it is asked for."""
    since = min(model.events) if model.events else None
    return _Series(dict(zip(model.accounts, streams, strict=True)), since, study)


class _Series(Mapping[Stream, Array]):
    """Series made from the streams of accounts: most hang on a few, and all at once would take three times their room."""

    def __init__(self, streams: Mapping[Key, Streams], since: int | None, study: slice) -> None:
        self._streams, self._since, self._study = streams, since, study
        self._kept: dict[Stream, Array] = {}  # those asked for last
        surge = _OF_SURGE if since is not None else ()
        self._names = {
            Stream(measure, place, group, kind=kind): None
            for (place, group), one in streams.items()
            for measure, kind in [
                *((measure, None) for measure in (*_ALWAYS, *surge)),
                *(("registrations", kind) for kind in one.registrations),
            ]
        }

    def __iter__(self) -> Iterator[Stream]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, stream: Stream) -> Array:
        if stream not in self._names:
            raise KeyError(stream)
        made = self._kept.pop(stream, None)
        if made is None:
            series = self._whole(self._streams[stream.place, stream.group], stream)
            made = np.ascontiguousarray(series[:, self._study])
        self._kept[stream] = made
        if len(self._kept) > _KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        return made

    def _whole(self, streams: Streams, stream: Stream) -> Array:
        """Over all latent days."""
        match stream.measure:
            case "registrations":
                return streams.registrations[stream.kind or ""]
            case "entries":
                return streams.entries
            case "exits":
                return streams.exits
            case "net":
                return streams.entries - streams.exits
            case "stock":
                return streams.stock
            case "stock_surge":
                return np.cumsum(self._excess(streams, "entries") - self._excess(streams, "exits"), axis=1)
        kind, _, flow = stream.measure.partition("_")
        excess = self._excess(streams, flow)
        if kind == "excess":
            return excess
        return (streams.entries if flow == "entries" else streams.exits) - excess

    def _excess(self, streams: Streams, flow: str) -> Array:
        """What is beyond ordinary traffic; it begins with the first event."""
        all_, ordinary = (
            (streams.entries, streams.ordinary_entries)
            if flow == "entries"
            else (streams.exits, streams.ordinary_exits)
        )
        excess = all_ - ordinary
        excess[:, : self._since] = 0.0
        return excess


_KEPT = 12
_ALWAYS = ("entries", "exits", "net", "stock")
_OF_SURGE = ("excess_entries", "excess_exits", "ordinary_entries", "ordinary_exits", "stock_surge")

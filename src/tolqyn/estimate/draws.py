"""Draws on their way out: made from the fits, in whole persons, as named daily series.

Pure. What is random hangs on the seed, the account and the statement alone, so that one statement more
leaves the chances of all others as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.account import Streams
from tolqyn.estimate.drawing import Chances, Redrawn, Sampler, Solved
from tolqyn.estimate.mixture import Weighed
from tolqyn.estimate.model import Key, Model, unmoved
from tolqyn.estimate.posterior import Stream
from tolqyn.estimate.present import with_those_before
from tolqyn.estimate.side_by_side import side_by_side

__all__ = ["AccountDraws", "Before", "Drawn", "draw", "series_of"]

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
_Name = tuple[str, tuple[tuple[str, bool], ...]]  # of a fit: its roughness and its verdicts

_HARDLY = 0.1  # standard deviations of its coverage by which a source may move for other accounts to keep their draws
_TRIES = 10  # of a draw that is refused
_SOME = 100  # draws that cost hardly more than one
_LITTLE = 4_000_000  # numbers that all draws are made from, up to which they are kept for the next estimate


@dataclass(frozen=True, slots=True)
class AccountDraws:
    """Draws of one account.

    Attributes:
        streams: on every latent day. below: in how many the stock stays below zero.
        bent: how far the true sums of its figures are from linear ones, (draw, m).
        choice: which of its fits each draw is of, (draw,). fits: their names.
        shared: what its figures, perturbed, say of the whitened coverages, (draw, q).
        known: the mean of those when it was drawn, (q,).
        chances: what it was drawn from at first, unless that is much. redrawn: those that were refused then.
    """

    streams: Streams
    below: int
    bent: Array
    choice: Indices
    fits: Sequence[_Name]
    shared: Array
    known: Array
    chances: Chances | None
    redrawn: Redrawn | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws of each account, and of the whitened coverages, (draw, q)."""

    accounts: tuple[AccountDraws, ...]
    whitened: Array

    def coverages(self, model: Model) -> Array:
        """The log coverages, (draw, cover)."""
        return self.whitened @ model.cover_parts

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
    fits = [[_name(model, number, one) for one in part] for number, part in enumerate(parts)]
    choice = np.empty((count, len(parts)), dtype=np.intp)
    for number, part in enumerate(parts):
        then = _account_then(model, number, before)
        weights = np.array([one.weight for one in part])
        choice[:, number] = _choice(
            weights, fits[number], _stream(seed, names[number]).permutation(count), then
        )
    kept = _kept(model, best, before) if before else {}
    for number, one in kept.items():
        choice[:, number] = one.choice
    begun = np.empty((count, len(model.cover_parts)))
    for column, part in enumerate(model.cover_parts):
        begun[:, column] = _stream(seed, *map(model.cover.__getitem__, np.flatnonzero(part))).standard_normal(
            count
        )

    def chances(number: int, count: int = count, again: int = 0, then: _Then | None = None) -> Chances:
        block = best.problem.blocks[number]
        shape = count, block.size
        if then is not None and then.chances.unknowns.shape == shape:
            unknowns = then.chances.unknowns
        else:
            walks = _stream(seed, names[number], "unknowns", again)
            unknowns = walks.standard_normal(shape[::-1], dtype=np.float32).T
        normal, even = np.empty((2, len(block.rows), count), dtype=np.float32)
        for n, row in enumerate(block.rows):
            place = None if then is None else then.places.get(n)
            if then is not None and place is not None:
                normal[n], even[n] = then.chances.normal[:, place], then.chances.even[:, place]
                continue
            figure = _stream(seed, model.row_name(row), "figure", again)
            figure.standard_normal(dtype=np.float32, out=normal[n])
            figure.random(dtype=np.float32, out=even[n])
        return Chances(unknowns, normal.T, even.T)

    little = count * sum(block.size + 2 * len(block.rows) for block in best.problem.blocks) <= _LITTLE
    made = {number: one.chances for number, one in kept.items()}

    def begun_from(number: int) -> Chances:
        found = chances(number, then=_then(model, number, before))
        made[number] = found if little else None
        return found

    sampler = Sampler(
        best.problem, [[one.fitted for one in part] for part in parts], choice, begun, begun_from,
        _near(model, best, before) if before else {}, {number: one.shared for number, one in kept.items()},
    )  # fmt: skip

    def drawn(number: int) -> AccountDraws:
        if number in kept:
            return kept[number]
        first = made[number]
        # A draw that was refused before would be again.
        redrawn = None if first is None else _redrawn(_then(model, number, before), first)
        found, tries = _balanced(sampler.block(number, redrawn)), 1
        while tries < _TRIES and not found.arrived.all():
            missing = np.flatnonzero(~found.arrived)
            # A few draws cost hardly more than one, so that of the last few several tries are made at once.
            each = min(max(_SOME // len(missing), 1), _TRIES - tries)
            which = np.tile(missing, each)
            others = chances(number, len(which), tries)
            again = _balanced(sampler.again(number, which, others))
            taken = again.arrived.reshape(each, -1).argmax(axis=0) * len(missing) + np.arange(len(missing))
            found = found.with_rows(missing, again.rows(taken))
            redrawn = None if redrawn is None else redrawn.plus(missing, others.rows(taken))
            tries += each
        below = int((found.streams.stock.min(axis=1) < 0).sum())
        return AccountDraws(
            found.streams, below, found.bent, choice[:, number], fits[number], sampler.shared[number],
            best.fitted.coverages, first, redrawn,
        )  # fmt: skip

    accounts = side_by_side(drawn, range(len(parts)), much=model.is_much and before is None)
    streams, whitened = with_those_before(
        model, parts, [one.streams for one in accounts], choice, sampler.coverages,
        {number: _stream(seed, names[number], "before") for number in range(len(parts)) if number not in kept},
    )  # fmt: skip
    return Drawn(
        tuple(replace(one, streams=told) for one, told in zip(accounts, streams, strict=True)),
        whitened,
    )


def _kept(model: Model, best: Weighed, before: Before) -> dict[int, AccountDraws]:
    """Draws of accounts that may stay as they are: nothing new is said of them, and their sources hardly moved."""
    now, sds = best.fitted.coverages @ model.cover_parts, before.drawn.coverages(before.model).std(axis=0)
    kept = {}
    for number, place in unmoved(model, before.model).items():
        one = before.drawn.accounts[place]
        told = {model.covers[row] for row in model.rows_of(number)}
        mine = [n for n, cover in enumerate(model.cover) if cover in told]
        moved = np.abs(one.known @ model.cover_parts - now)
        if (moved[mine] < _HARDLY * sds[mine]).all():
            kept[number] = one
    return kept


def _account_then(model: Model, number: int, before: Before | None) -> AccountDraws | None:
    """An account's earlier draws, if there are any."""
    key = model.accounts[number]
    if before is None or key not in before.model.accounts:
        return None
    return before.drawn.accounts[before.model.accounts.index(key)]


class _Then(NamedTuple):
    """What an account's earlier draws were made from, and which of its figures now were which then."""

    chances: Chances
    redrawn: Redrawn
    places: Mapping[int, int]


def _then(model: Model, number: int, before: Before | None) -> _Then | None:
    """The chances of an account's earlier draws, if they were kept: they hang on the seed and on names, and so are the same."""
    then = _account_then(model, number, before)
    if before is None or then is None or then.chances is None or then.redrawn is None:
        return None
    return _Then(then.chances, then.redrawn, _places(model, number, before.model))


def _redrawn(then: _Then | None, first: Chances) -> Redrawn:
    """The earlier draws that were refused, and what others were made from; new figures have their chances of the `first` ones."""
    known = then is not None and then.chances.unknowns.shape == first.unknowns.shape
    if then is None or not known:
        return Redrawn.none(first)
    rows, old = then.redrawn
    made = first.rows(rows)
    for n, place in then.places.items():
        made.normal[:, n], made.even[:, n] = old.normal[:, place], old.even[:, place]
    return Redrawn(rows, replace(made, unknowns=old.unknowns))


def _places(model: Model, number: int, then: Model) -> dict[int, int]:
    """Which of an account's figures now, by place, were which then."""
    old = then.rows_of(then.accounts.index(model.accounts[number]))
    there = {then.row_name(int(row)): place for place, row in enumerate(old)}
    names = (model.row_name(int(row)) for row in model.rows_of(number))
    return {n: there[name] for n, name in enumerate(names) if name in there}


def _near(model: Model, best: Weighed, before: Before) -> dict[int, Array]:
    """How far earlier draws are from linear ones in the figures that are read now, by account; nought in new ones."""
    near = {}
    for number in range(len(model.accounts)):
        then = _account_then(model, number, before)
        if then is not None and model.first == before.model.first:
            places = _places(model, number, before.model)
            near[number] = np.zeros((len(then.bent), len(best.problem.blocks[number].rows)))
            near[number][:, [*places]] = then.bent[:, [*places.values()]]
    return near


def _stream(seed: int, *names: object) -> np.random.Generator:
    """A stream of chances of its own for a seed and a name."""
    digest = hashlib.blake2b(repr(names).encode(), digest_size=8).digest()
    return np.random.Generator(np.random.PCG64([seed, int.from_bytes(digest, "big")]))


def _name(model: Model, number: int, fit: Weighed) -> _Name:
    """What tells one of an account's fits from the others, whatever their weights: roughness and verdicts."""
    rows = model.rows_of(number)
    decided = sorted((model.row_name(int(rows[row])), blunder) for row, blunder in fit.verdicts.items())
    return repr(fit.accounts[0].roughness), tuple(decided)


def _choice(weights: Array, fits: Sequence[_Name], shuffled: Indices, then: AccountDraws | None) -> Indices:
    """Which fit each draw takes: as many as its weight asks for, at random; if it can, the one that it took then."""
    order = sorted(range(len(fits)), key=fits.__getitem__)
    edges = np.cumsum(weights[order])
    edges[-1] = 1.0
    choice = np.asarray(order)[np.searchsorted(edges, (shuffled + 0.5) / len(shuffled))]
    if then is None or len(then.choice) != len(choice):
        return choice
    as_then, asked = np.full(len(choice), -1), np.bincount(choice, minlength=len(fits))
    for n, name in enumerate(fits):
        if name in then.fits:
            mine = np.flatnonzero(then.choice == then.fits.index(name))[: asked[n]]
            as_then[mine] = n
            asked[n] -= len(mine)
    as_then[as_then < 0] = np.repeat(np.arange(len(fits)), asked)
    return as_then


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

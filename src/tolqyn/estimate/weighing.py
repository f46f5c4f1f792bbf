"""Which hypotheses an estimate rests on: roughness of each account, and which doubtful figures are blunders.

Pure. Accounts are weighed one by one, the others held where they are: they hang together by their
sources only. Hypotheses are ranked by a look, which linearises once; the best are fitted until they rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Measure
from tolqyn.estimate.account import Account, Roughness
from tolqyn.estimate.inference import Fit, Problem, begin_from, fit, look
from tolqyn.estimate.model import Model
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.side_by_side import side_by_side

__all__ = ["Weighed", "weigh", "weigh_again"]

_LEAST_WEIGHT = 0.02  # a hypothesis below this share of the posterior is left out
_Place = tuple[int, int, int, int]  # log2 of stray, season, factor; whether exits have a surge of their own
_UNIT = np.eye(4, dtype=int)
_MOVES = [*(sign * _UNIT[axis] for axis in range(3) for sign in (1, -1)), _UNIT[3]]
_FURTHEST = 5  # log2 of stray, season and factor, either way
_DOUBT = (0.1, 0.9)  # chance of a blunder between which a figure is in doubt
_MOST_DOUBTS, _LEAST_DOUBTS = 8, 2  # figures that are decided: in all, and of each account at least
_ROUNDS, _CLOSER = 30, 16  # linearisations of the best fit, and of those beside it
_Verdicts = Mapping[int, bool]  # row -> whether its figure is taken for a blunder


@dataclass(frozen=True, slots=True)
class Weighed:
    """A fit under some roughness of each account, with its share of the posterior.

    `verdicts` are the rows whose figures are decided: whether each is taken for a blunder.
    """

    problem: Problem
    accounts: tuple[Account, ...]
    fitted: Fit
    weight: float
    verdicts: Mapping[int, bool]


class _Scored(NamedTuple):
    """A fit in which one account has some roughness, and its log posterior up to a constant."""

    weighed: Weighed
    score: float


def weigh(model: Model) -> tuple[Weighed, list[list[Weighed]]]:
    """The best fit, and for each account the fits that matter with their weights, the best first."""
    accounts = tuple(model.account(number, Roughness()) for number in range(len(model.accounts)))
    problem = model.problem(accounts)
    first = Weighed(problem, accounts, fit(problem, rounds=_ROUNDS), 1.0, {})
    numbers = range(len(accounts))
    climbed = side_by_side(lambda number: _climb(model, first, number), numbers)
    try:
        best = _joined(first, [paths[0].weighed for paths in climbed])
    except np.linalg.LinAlgError:
        # What looked best from afar is a place where numbers run out: stay where the fit came to rest.
        climbed, best = [[_Scored(first, _score(model, first, number))] for number in numbers], first
    settled = side_by_side(
        lambda number: _settle_doubts(model, best, number, _score(model, best, number)), numbers
    )
    candidates = []
    for number, answers in enumerate(settled):
        others = [
            _candidate(
                model, number, other.weighed, _place_of(other.weighed, number), answers[0].weighed.verdicts
            )
            for other in _kept(climbed[number])
            if _place_of(other.weighed, number) != _place_of(best, number)
        ]
        candidates.append(_kept([*answers, *others]))
    parts = side_by_side(lambda number: _closer(model, number, candidates[number]), numbers)
    if len(parts) > 1:
        best = _joined(best, [part[0] for part in parts])
        parts = [[replace(best, weight=part[0].weight), *part[1:]] for part in parts]
        return best, parts
    return parts[0][0], parts


def weigh_again(
    model: Model, then: Model, best: Weighed, parts: Sequence[Sequence[Weighed]]
) -> tuple[Weighed, list[list[Weighed]]]:
    """As `weigh`, from the hypotheses that mattered before a few statements came or went.

    What was learnt of roughness stays; figures that come into doubt are decided, and all that
    mattered is weighed anew.

    Args:
        model: of the statements now.
        then: of the statements before.
        best: the best fit of those.
        parts: the fits that mattered, for each account.
    """
    rows = {then.row_name(row): row for row in range(len(then.quantities))}
    known = {
        row: rows[name]
        for row, name in enumerate(map(model.row_name, range(len(model.quantities))))
        if name in rows
    }
    now = {row: number for number, row in known.items()}
    accounts, unknowns = [], []
    for number, key in enumerate(model.accounts):
        before = best.accounts[then.accounts.index(key)] if key in then.accounts else None
        account = model.account(number, before.roughness if before else Roughness())
        accounts.append(account)
        same = before is not None and model.first == then.first
        unknowns.append(
            account.resumed(best.fitted.unknowns[then.accounts.index(key)], before)
            if before is not None and same
            else np.zeros(account.size)
        )
    verdicts = {now[row]: blunder for row, blunder in best.verdicts.items() if row in now}
    problem = model.problem(accounts).with_verdicts(verdicts)
    learnt = dict(zip(then.sources.names, best.fitted.spreads, strict=True))
    spreads = np.array([learnt.get(name, model.priors.spread) for name in model.sources.names])
    begin = begin_from(problem, best.fitted, tuple(unknowns), known, spreads)
    here = Weighed(problem, tuple(accounts), fit(problem, rounds=_CLOSER, begin=begin), 1.0, verdicts)
    again: list[list[Weighed]] = []
    for number, key in enumerate(model.accounts):
        settled = _settle_doubts(model, here, number, _score(model, here, number), _LEAST_DOUBTS)
        old = parts[then.accounts.index(key)][1:] if key in then.accounts else []
        others = [_other(model, here, number, one, then.accounts.index(key), now) for one in old]
        kept = _kept([*settled, *others])
        again.append(_shared_out(kept))
    if len(again) > 1:
        here = _joined(here, [part[0] for part in again])
        return here, [[replace(here, weight=part[0].weight), *part[1:]] for part in again]
    return again[0][0], again


def _other(
    model: Model, here: Weighed, number: int, one: Weighed, then: int, now: Mapping[int, int]
) -> _Scored:
    """A look at a hypothesis of one account that mattered before."""
    mine = set(here.problem.blocks[number].rows)
    verdicts = {row: blunder for row, blunder in here.verdicts.items() if row not in mine}
    verdicts |= {now[row]: blunder for row, blunder in one.verdicts.items() if now.get(row) in mine}
    start = replace(here, problem=replace(here.problem, figures=model.figures), verdicts={})
    return _candidate(model, number, start, _place_of(one, then), verdicts)


def _climb(model: Model, first: Weighed, number: int) -> list[_Scored]:
    """Looks at one account's roughness, from place to better place; the best first."""
    here: _Place = _place_of(first, number)
    tried = {here: _Scored(first, _score(model, first, number))}

    def score(place: _Place) -> float:
        if place not in tried:
            nearest = max(tried.values(), key=lambda one: one.score).weighed
            tried[place] = _candidate(model, number, nearest, place, {})
        return tried[place].score

    for move in _MOVES if model.events else _MOVES[:-1]:
        while True:
            there = _moved(here, move)
            if max(map(abs, there)) > _FURTHEST or there[3] > 1 or score(there) <= score(here):
                break
            here = there
    return [tried[here], *(one for place, one in tried.items() if place != here)]


def _joined(start: Weighed, best: Sequence[Weighed]) -> Weighed:
    """The fit of all accounts, each as it is in its best."""
    problem, moved, verdicts = start.problem, {}, dict(start.verdicts)
    accounts = list(start.accounts)
    for number, one in enumerate(best):
        verdicts |= one.verdicts
        if one.accounts[number] is not start.accounts[number]:
            accounts[number] = one.accounts[number]
            problem = problem.with_block(number, one.problem.blocks[number])
            moved[number] = one.fitted.unknowns[number]
    if not moved and verdicts == start.verdicts:
        return start
    problem = problem.with_verdicts(verdicts)
    begin = best[0].fitted if len(best) == 1 else start.fitted
    return Weighed(problem, tuple(accounts), fit(problem, begin, rounds=_ROUNDS, moved=moved), 1.0, verdicts)


def _candidate(
    model: Model, number: int, start: Weighed, place: _Place, verdicts: _Verdicts, *, rounds: int = 0
) -> _Scored:
    """One account under a roughness and some verdicts: a fit, or a mere look if `rounds` is 0.

    A hypothesis so far off that its numbers run out is the start again, with no weight.
    """
    verdicts = {**start.verdicts, **verdicts}
    problem, accounts, moved = start.problem, start.accounts, {}
    if place != _place_of(start, number):
        account = model.account(number, _roughness(place))
        problem = problem.with_block(number, model.block(number, account))
        moved[number] = account.carried(start.fitted.unknowns[number], accounts[number])
        accounts = (*accounts[:number], account, *accounts[number + 1 :])
    problem = problem.with_verdicts(verdicts)
    try:
        fitted = (
            fit(problem, start.fitted, rounds=rounds, only=number, moved=moved)
            if rounds
            else look(problem, start.fitted, only=number, moved=moved)
        )
    except np.linalg.LinAlgError:
        return _Scored(start, -np.inf)
    found = Weighed(problem, accounts, fitted, 0.0, verdicts)
    score = _score(model, found, number)
    return _Scored(found, score) if np.isfinite(score) else _Scored(start, -np.inf)


def _score(model: Model, weighed: Weighed, number: int) -> float:
    """Log posterior of a fit, up to what does not depend on one account."""
    score = weighed.fitted.log_evidence + _log_prior(weighed.accounts[number].roughness, model.priors)
    for row, blunder in weighed.verdicts.items():
        chance = model.figures.blunder[row]
        score += float(np.log(chance if blunder else 1 - chance))
    return score


def _place_of(weighed: Weighed, number: int) -> _Place:
    """Where an account's roughness stands on the grid."""
    roughness = weighed.accounts[number].roughness
    scales = np.log2([roughness.stray, roughness.season, roughness.factor]).round().astype(int)
    return int(scales[0]), int(scales[1]), int(scales[2]), int(roughness.exit_surge)


def _roughness(place: _Place) -> Roughness:
    """The roughness at a place of the grid."""
    stray, season, factor = (2.0 ** place[axis] for axis in range(3))
    return Roughness(factor, season, bool(place[3]), stray)


def _moved(place: _Place, move: NDArray[np.intp]) -> _Place:
    there = [int(step) for step in np.add(place, move)]
    return there[0], there[1], there[2], there[3]


def _settle_doubts(
    model: Model, start: Weighed, number: int, score: float, most: int = _MOST_DOUBTS
) -> list[_Scored]:
    """Decide an account's figures in doubt one by one; looks at what may be, the likeliest first.

    Two figures of one day that clash leave a belief with two peaks. Expectation propagation would
    put one broad normal between them, where neither is; a mixture of decided fits does not. Each
    time, the likeliest of the fits that still doubt is put in two.
    """
    place = _place_of(start, number)
    sure, unsure = list[_Scored](), [_Scored(start, score)]
    for _ in range(max(most // len(model.accounts), _LEAST_DOUBTS)):
        unsure.sort(key=lambda one: one.score)
        top = max(one.score for one in (*sure, *unsure))
        row = None
        while unsure and row is None:
            row = _doubt(model, unsure[-1].weighed, number)
            if row is None:
                sure.append(unsure.pop())
        if row is None or unsure[-1].score < top + np.log(_LEAST_WEIGHT):
            break
        split = unsure.pop()
        answers = [
            _candidate(model, number, split.weighed, place, {row: blunder}) for blunder in (False, True)
        ]
        told = [answer for answer in answers if np.isfinite(answer.score)]
        unsure += told
        sure += [] if told else [split]
    return sorted([*sure, *unsure], key=lambda one: -one.score)


def _doubt(model: Model, weighed: Weighed, number: int) -> int | None:
    """The figure of an account that is most in doubt, as a row; None if there is none."""
    chance = weighed.fitted.tilted.blunder
    prior = model.figures.blunder
    doubts = [
        (model.quantities[row].kind is not None, abs(chance[row] - 0.5), int(row))
        for row in weighed.problem.blocks[number].rows
        if row < len(model.heard)
        and row not in weighed.verdicts
        and not (model.figures.silent is not None and model.figures.silent[row])
        and (
            _DOUBT[0] < chance[row] < _DOUBT[1]
            # Few figures tell the stock: the fit may have come to rest in the lesser of two peaks.
            or (model.quantities[row].measure is Measure.STOCK and _DOUBT[0] < prior[row] < _DOUBT[1])
        )
    ]
    return min(doubts)[2] if doubts else None  # registrations last: they say little of how many came


def _closer(model: Model, number: int, looks: Sequence[_Scored]) -> list[Weighed]:
    """The hypotheses of one account fitted more closely, with their weights, the best first."""
    fitted = []
    for one in looks:
        closer = _candidate(model, number, one.weighed, _place_of(one.weighed, number), {}, rounds=_CLOSER)
        fitted.append(closer if np.isfinite(closer.score) else one)
    return _shared_out(_kept(fitted))


def _shared_out(kept: Sequence[_Scored]) -> list[Weighed]:
    """Hypotheses of one account with their weights, the best first."""
    top = max(one.score for one in kept)
    shares = np.exp([one.score - top for one in kept])
    weighed = [
        replace(one.weighed, weight=float(share))
        for one, share in zip(kept, shares / shares.sum(), strict=True)
    ]
    return sorted(weighed, key=lambda one: -one.weight)


def _kept(candidates: Sequence[_Scored]) -> list[_Scored]:
    """The candidates that matter."""
    top = max(one.score for one in candidates)
    weights = np.exp([one.score - top for one in candidates])
    return [
        one
        for one, weight in zip(candidates, weights, strict=True)
        if weight >= _LEAST_WEIGHT * weights.sum()
    ]


def _log_prior(roughness: Roughness, priors: Priors) -> float:
    """Log prior of a roughness, up to a constant."""
    chance = priors.exit_surge_chance if roughness.exit_surge else 1 - priors.exit_surge_chance
    steps = (
        np.log(roughness.factor) / priors.roughness_sd,
        np.log(roughness.season) / priors.season_sd,
        np.log(roughness.stray) / priors.stray_sd,
    )
    return float(np.log(chance) - 0.5 * np.square(steps).sum())

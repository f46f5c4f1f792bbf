"""Statements to a posterior: who came, who left, who is here, day by day, with intervals.

Pure: the same statements, situation and seed give the same bytes, in whatever order the
statements come. The method and its limits: docs/concepts/method.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from tolqyn.claims import Measure, Statement
from tolqyn.errors import EstimateError
from tolqyn.estimate.account import Account, Roughness, Streams
from tolqyn.estimate.drawing import sample
from tolqyn.estimate.draws import Drawn, Group, in_grains, joined, series_of
from tolqyn.estimate.inference import Fit, Problem, fit, look
from tolqyn.estimate.model import Model
from tolqyn.estimate.outcome import Weighed, Working, notes, readings, source_fits
from tolqyn.estimate.posterior import Posterior
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.reading import Functional, Heard, hear, latent_days
from tolqyn.situation import Situation

__all__ = ["estimate"]

Array = NDArray[np.float64]

_LEAST_WEIGHT = 0.02  # a roughness below this share of the posterior is left out


def estimate(
    statements: Sequence[Statement],
    situation: Situation,
    *,
    as_of: date | None = None,
    seed: int = 0,
    draws: int = 1000,
    priors: Priors | None = None,
) -> Posterior:
    """The posterior of daily entries, exits, stock and registrations, given what was said.

    Args:
        statements: echoes already grouped; only the claim that speaks for each is read.
        situation: places, groups, events and what is known of sources.
        as_of: what was said later, or on a day that is not known, is left out altogether, and
            the estimate ends on this day at the latest; None uses everything.
        seed: the same seed gives the same bytes.
        draws: how many.
        priors: the constants; None means those of docs/reference/priors.md.

    Raises:
        EstimateError: nothing that was said is a reading of any stream, or the study begins
            after `as_of`.
    """
    priors = priors or Priors()
    if draws < 1:
        raise EstimateError(f"draws is {draws}; at least one is needed")
    if as_of is not None and as_of < situation.start:
        raise EstimateError(
            f"as of {as_of} the study, which begins on {situation.start}, had not begun",
            hint="choose a later day",
        )
    heard = hear(statements, situation, as_of, priors)
    used = [one for one in heard if one.why_not is None]
    if not used:
        raise EstimateError(
            f"none of the {len(heard)} statements is a reading of any stream", hint=_commonest_reason(heard)
        )
    # Small matrices are solved faster on one thread, and the bytes do not hang on how many there are.
    with threadpool_limits(1):
        return _reconcile(heard, used, situation, as_of, seed, draws, priors)


def _reconcile(
    heard: Sequence[Heard], used: Sequence[Heard], situation: Situation, as_of: date | None,
    seed: int, draws: int, priors: Priors,
) -> Posterior:  # fmt: skip
    functionals = [one.functional for one in used if one.functional is not None]
    last = _last_day(used, functionals, situation, as_of)
    model = Model(used, situation, latent_days(functionals, situation, last), priors)
    fits = _weigh(model, priors)
    rng = np.random.Generator(np.random.PCG64(seed))
    drawn = _draw(model, fits, draws, rng)
    study = _study(model, situation, last)
    days = tuple(situation.start + timedelta(days=n) for n in range(study.stop - study.start))
    best = max(fits, key=lambda weighed: weighed.weight)
    return Posterior(
        situation=situation,
        as_of=as_of,
        seed=seed,
        days=days,
        values=series_of(model, drawn.streams, study),
        readings=readings(model, heard, best, drawn),
        sources=source_fits(model, best, drawn),
        notes=notes(model, heard, drawn, situation, days),
        working=Working(model, tuple(heard), best, drawn, study),
    )


def _study(model: Model, situation: Situation, last: date) -> slice:
    """Which of the latent days are the study's."""
    first = (situation.start - model.first).days
    return slice(first, first + (last - situation.start).days + 1)


def _last_day(
    used: Sequence[Heard], functionals: Sequence[Functional], situation: Situation, as_of: date | None
) -> date:
    """Last day of the study: its end, else the last day that was spoken of or on which somebody spoke."""
    spoken = [f.last for f in functionals] + [one.claim.known for one in used if one.claim.known]
    last = situation.end or max(spoken)
    if as_of is not None:
        last = min(last, as_of)
    return max(last, situation.start)


_Place = tuple[int, int, int]  # log2 of factor and season, and whether exits have a surge of their own
_MOVES: tuple[_Place, ...] = ((0, 1, 0), (0, -1, 0), (1, 0, 0), (-1, 0, 0), (0, 0, 1))
_FURTHEST = 4  # log2 of factor and season, either way
_DOUBT = (0.1, 0.9)  # chance of a blunder between which a figure is in doubt
_MOST_DOUBTS = 8
_ROUNDS, _CLOSER = 30, 4  # linearisations of the best fit, and of those beside it
_Verdicts = Mapping[int, bool]  # row -> whether its figure is taken for a blunder
_Scored = tuple[Weighed, float]  # a fit and its log posterior, up to a constant


def _weigh(model: Model, priors: Priors) -> list[Weighed]:
    """Fits that matter, with their weights: over roughness, and over which doubtful figures are blunders.

    Hypotheses are ranked by a look, which linearises once; the best is fitted until it rests, and
    those that keep some weight beside it a little further.
    """
    here: _Place = (0, 0, 0)
    first = _candidate(model, here, {}, None, priors)
    tried: dict[_Place, _Scored] = {here: first}

    def score(place: _Place) -> float:
        if place not in tried:
            nearest = max(tried.values(), key=lambda pair: pair[1])[0]
            tried[place] = _candidate(model, place, {}, nearest, priors, rounds=0)
        return tried[place][1]

    for move in _MOVES if model.events else _MOVES[:-1]:
        while True:
            there = (here[0] + move[0], here[1] + move[1], here[2] + move[2])
            if max(map(abs, there)) > _FURTHEST or there[2] > 1 or score(there) <= score(here):
                break
            here = there
    best = tried[here] if tried[here] is first else _candidate(model, here, {}, tried[here][0], priors)
    tried[here] = best
    verdicts, candidates = _settle_doubts(model, best, priors)
    others = [
        weighed
        for weighed in _kept_with_weights(list(tried.values()))
        if weighed.roughness != best[0].roughness
    ]
    candidates += [
        _candidate(model, _place(other.roughness), verdicts, other, priors, rounds=0) for other in others
    ]
    return _kept_with_weights(
        [
            _candidate(model, _place(w.roughness), w.verdicts, w, priors, rounds=_CLOSER)
            for w in _kept_with_weights(candidates)
        ]
    )


def _candidate(
    model: Model,
    place: _Place,
    verdicts: _Verdicts,
    start: Weighed | None,
    priors: Priors,
    *,
    rounds: int = _ROUNDS,
) -> _Scored:
    """A fit under one roughness and some verdicts, and its log posterior; a mere look if `rounds` is 0."""
    roughness = Roughness(2.0 ** place[0], 2.0 ** place[1], bool(place[2]))
    log_prior = _log_prior(roughness, priors)
    for row, blunder in verdicts.items():
        chance = model.figures.blunder[row]
        log_prior += float(np.log(chance if blunder else 1 - chance))
    if start is not None and start.roughness == roughness:
        problem, accounts = start.problem.with_verdicts(verdicts), start.accounts
        fitted = fit(problem, start.fitted, rounds=rounds) if rounds else look(problem, start.fitted)
    else:
        problem, accounts = model.problem(roughness)
        problem = problem.with_verdicts(verdicts)
        fitted = _fit_elsewhere(problem, accounts, start, rounds)
    return Weighed(roughness, problem, accounts, fitted, 0.0, verdicts), fitted.log_evidence + log_prior


def _fit_elsewhere(problem: Problem, accounts: Sequence[Account], start: Weighed | None, rounds: int) -> Fit:
    """A fit under a roughness other than the start's, begun at the same counts."""
    if start is None:
        return fit(problem, rounds=rounds)
    moved = tuple(
        account.carried(z, before)
        for account, before, z in zip(accounts, start.accounts, start.fitted.unknowns, strict=True)
    )
    if not rounds:
        return look(problem, start.fitted, moved)
    return fit(problem, replace(start.fitted, unknowns=moved), rounds=rounds)


def _place(roughness: Roughness) -> _Place:
    """Where a roughness stands on the grid."""
    return round(np.log2(roughness.factor)), round(np.log2(roughness.season)), int(roughness.exit_surge)


def _settle_doubts(model: Model, start: _Scored, priors: Priors) -> tuple[_Verdicts, list[_Scored]]:
    """Decide the figures in doubt one by one by evidence; the verdicts, and looks at both answers, the best first.

    Two figures of one day that clash leave a belief with two peaks. Expectation propagation would
    put one broad normal between them, where neither is; a mixture of decided fits does not.
    """
    verdicts: _Verdicts = {}
    here, lost = start, list[_Scored]()
    place = _place(start[0].roughness)
    for _ in range(_MOST_DOUBTS):
        chance = here[0].fitted.tilted.blunder[: len(model.heard)]
        prior = model.figures.blunder[: len(model.heard)]
        doubts = [
            (model.quantities[row].kind is not None, abs(chance[row] - 0.5), row)
            for row in range(len(chance))
            if row not in verdicts
            and not (model.figures.silent is not None and model.figures.silent[row])
            and (
                _DOUBT[0] < chance[row] < _DOUBT[1]
                # Few figures tell the stock: the fit may have come to rest in the lesser of two peaks.
                or (model.quantities[row].measure is Measure.STOCK and _DOUBT[0] < prior[row] < _DOUBT[1])
            )
        ]
        if not doubts:
            break
        row = min(doubts)[2]  # registrations last: they say little of how many came
        answers = [
            _candidate(model, place, {**verdicts, row: blunder}, here[0], priors, rounds=0)
            for blunder in (False, True)
        ]
        taken = int(answers[1][1] > answers[0][1])
        lost.append(answers[1 - taken])
        verdicts, here = {**verdicts, row: bool(taken)}, answers[taken]
    return verdicts, [here, *lost]


def _kept_with_weights(candidates: Sequence[_Scored]) -> list[Weighed]:
    """The candidates that matter, weighed by their posterior."""
    top = max(reached for _, reached in candidates)
    weights = np.array([np.exp(reached - top) for _, reached in candidates])
    weights[weights < _LEAST_WEIGHT * weights.sum()] = 0.0
    weights /= weights.sum()
    return [
        replace(weighed, weight=float(weight))
        for (weighed, _), weight in zip(candidates, weights, strict=True)
        if weight
    ]


def _log_prior(roughness: Roughness, priors: Priors) -> float:
    """Log prior of a roughness, up to a constant."""
    chance = priors.exit_surge_chance if roughness.exit_surge else 1 - priors.exit_surge_chance
    steps = np.log(roughness.factor) / priors.roughness_sd, np.log(roughness.season) / priors.season_sd
    return float(np.log(chance) - 0.5 * (steps[0] ** 2 + steps[1] ** 2))


def _draw(model: Model, fits: Sequence[Weighed], count: int, rng: np.random.Generator) -> Drawn:
    """Draws from each fit by its weight, in random order; a stock below zero is refused and drawn again."""
    shares = np.array([weighed.weight for weighed in fits])
    counts = np.floor(shares * count).astype(int)
    counts[np.argsort(counts - shares * count, kind="stable")[: count - counts.sum()]] += 1
    order, begun = rng.permutation(count), 0
    groups, coverages, below_zero = [], np.empty((count, len(model.cover))), 0
    parts: list[tuple[Streams, ...]] = []
    for weighed, wanted in zip(fits, counts, strict=True):
        missing = int(wanted)
        for last_try in (False, False, True):
            if not missing:
                break
            # Some more than needed, so that those refused seldom cost a second round.
            unknowns, covers, arrived = sample(
                weighed.problem, weighed.fitted, missing + missing // 4 + 4, rng
            )
            streams = [
                in_grains(account.streams(z)) for account, z in zip(weighed.accounts, unknowns, strict=True)
            ]
            good = np.all([s.stock.min(axis=1) >= 0 for s in streams], axis=0)
            chosen = np.flatnonzero((good & arrived) | last_try)[:missing]
            below_zero += int((~good[chosen]).sum())
            where = order[begun : begun + len(chosen)]
            begun += len(chosen)
            parts.append(tuple(s.rows(chosen) for s in streams))
            coverages[where] = covers[chosen] @ model.cover_parts
            groups.append(
                Group(weighed.accounts, where, tuple(z[chosen].astype(np.float32) for z in unknowns))
            )
            missing -= len(chosen)
    return Drawn(joined(groups, parts), coverages, below_zero, tuple(groups))


def _commonest_reason(heard: Sequence[Heard]) -> str | None:
    """The reason for which most statements were set aside."""
    reasons = Counter(one.why_not for one in heard if one.why_not)
    return reasons.most_common(1)[0][0] if reasons else "add statements"

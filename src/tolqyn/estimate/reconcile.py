"""Statements to a posterior: who came, who left, who is here, day by day, with intervals.

Pure: the same statements, situation and seed give the same bytes, in whatever order the
statements come. The method and its limits: docs/concepts/method.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from threadpoolctl import threadpool_limits

from tolqyn.claims import Statement
from tolqyn.errors import EstimateError
from tolqyn.estimate.draws import Before, draw, series_of
from tolqyn.estimate.mixture import Weighed
from tolqyn.estimate.model import Model
from tolqyn.estimate.otherwise import counting_otherwise
from tolqyn.estimate.outcome import Working, notes, readings, source_fits
from tolqyn.estimate.posterior import Posterior
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.reading import Functional, Heard, hear, latent_days
from tolqyn.estimate.torn import torn
from tolqyn.estimate.unknown import unknown_of
from tolqyn.estimate.weighing import weigh
from tolqyn.situation import Situation

__all__ = ["estimate"]


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
        EstimateError: nothing that was said is a reading of any stream, the study begins after
            `as_of`, or the figures contradict each other so far that no fit comes to rest.
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
        try:
            return _reconcile(heard, used, situation, as_of, seed, draws, priors)
        except np.linalg.LinAlgError as error:
            raise EstimateError(
                f"the figures contradict each other so far that no fit comes to rest: {error}",
                hint="reject or correct those that were misread: `tolqyn claims`, `tolqyn review`",
            ) from error


def _reconcile(
    heard: Sequence[Heard], used: Sequence[Heard], situation: Situation, as_of: date | None,
    seed: int, draws: int, priors: Priors,
) -> Posterior:  # fmt: skip
    model, last = model_of(used, situation, as_of, priors)
    best, parts = weigh(model)
    odd = counting_otherwise(model, best)
    if odd:
        model = model.with_odd(odd)
        best, parts = weigh(model)
    return posterior_of(model, heard, best, parts, situation, as_of, last, seed, draws)


def model_of(
    used: Sequence[Heard],
    situation: Situation,
    as_of: date | None,
    priors: Priors,
    odd: frozenset[str] = frozenset(),
) -> tuple[Model, date]:
    """The model of the statements that are used, with sources known to count otherwise; and the last day of the study."""
    functionals = [one.functional for one in used if one.functional is not None]
    last = _last_day(used, functionals, situation, as_of)
    return Model(used, situation, latent_days(functionals, situation, last), priors, odd), last


def posterior_of(
    model: Model, heard: Sequence[Heard], best: Weighed, parts: Sequence[Sequence[Weighed]], situation: Situation,
    as_of: date | None, last: date, seed: int, draws: int, moved: int = 0, before: Working | None = None,
) -> Posterior:  # fmt: skip
    """What some fits come to: draws, readings, sources and notes.

    Args:
        model: of the statements that are used.
        heard: those and the others.
        best: the best fit.
        parts: the fits that each account is drawn from, with their weights.
        situation: as for `estimate`.
        as_of: as for `estimate`.
        last: last day of the study.
        seed: as for `estimate`.
        draws: how many.
        moved: statements taken in since the last whole estimate.
        before: what to go on from.
    """
    drawn = draw(model, best, parts, draws, seed, Before(before.model, before.drawn) if before else None)
    study = _study(model, situation, last)
    days = tuple(situation.start + timedelta(days=n) for n in range(study.stop - study.start))
    told = readings(model, heard, best, drawn)
    values = series_of(model, drawn.streams, study)
    unknown = unknown_of(values, model, told, situation)
    pairs = torn(model, parts)
    return Posterior(
        situation=situation,
        as_of=as_of,
        seed=seed,
        days=days,
        values=values,
        readings=told,
        sources=source_fits(model, best, drawn),
        notes=notes(model, heard, drawn, situation, days, unknown, pairs),
        unknown=unknown,
        torn=pairs,
        working=Working(model, tuple(heard), best, drawn, study, tuple(map(tuple, parts)), moved),
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


def _commonest_reason(heard: Sequence[Heard]) -> str | None:
    """The reason for which most statements were set aside."""
    reasons = Counter(one.why_not for one in heard if one.why_not)
    return reasons.most_common(1)[0][0] if reasons else "add statements"

"""How each statement and each source fared, and what a reader must know of an estimate.

Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Measure, Qualifier
from tolqyn.estimate.account import Account, Slopes, Streams
from tolqyn.estimate.draws import Drawn
from tolqyn.estimate.inference import Fit
from tolqyn.estimate.likelihood import looseness
from tolqyn.estimate.mixture import Weighed
from tolqyn.estimate.model import Model
from tolqyn.estimate.posterior import Reading, SourceFit, Stream, Torn, Trust
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.quantities import Quantity
from tolqyn.estimate.reading import Functional, Heard
from tolqyn.estimate.tangent import Tangent
from tolqyn.estimate.trust import trust
from tolqyn.situation import Situation

__all__ = ["Working", "notes", "readings", "source_fits"]

Array = NDArray[np.float64]

_SHOWN = (0.05, 0.5, 0.95)  # quantiles
_NOTHING_ELSE_SPEAKS = 1.0  # standard deviation of a log beyond which an expectation is none


@dataclass(frozen=True, slots=True)
class Working:
    """What lies behind a posterior: its model, what was heard, the best fit, the draws, the study's days.

    `parts` are the fits that each account was drawn from, the best among them; `moved` counts the
    statements that were taken in since the last whole estimate.
    """

    model: Model
    heard: tuple[Heard, ...]
    best: Weighed
    drawn: Drawn
    study: slice
    parts: tuple[tuple[Weighed, ...], ...]
    moved: int = 0

    def trust(self) -> Trust:
        """How well the draws follow what the figures say."""
        return trust(self.model, self.parts, self.drawn)


def readings(model: Model, heard: Sequence[Heard], best: Weighed, drawn: Drawn) -> tuple[Reading, ...]:
    """How each statement fared, in the order of their ids."""
    rows = {one.statement.id: row for row, one in enumerate(model.heard)}
    moves = _influence(model, best)
    by_account = dict(zip(model.accounts, drawn.streams, strict=True))
    fitted = _fitted(model, best, drawn)
    out = []
    for one in heard:
        f = one.functional
        streams = by_account.get((f.place, f.group)) if f is not None else None
        if f is None or streams is None or not _covered(f, model, streams):
            out.append(
                Reading(one.statement, used=False, why_not=one.why_not, functional=str(f) if f else None)
            )
            continue
        row = rows.get(one.statement.id)
        expected: float | None
        sd: float | None
        if row is None:
            quantity = model.quantity(f, one)
            counts = quantity.to_persons(quantity.value(streams)) / f.per
            expected, sd = float(counts.mean()), float(counts.std())
            low, median, high = np.quantile(counts, _SHOWN)
        else:
            expected, sd = _left_out(model.quantities[row], f, best.fitted, row)
            low, median, high = fitted[row] / f.per
        residual = residual_sd = None
        if expected is not None and sd is not None:
            gap = _residual(one, expected, model.priors)
            own = _own_sd(one, _spread(model, best.fitted, row), model.priors)
            residual = gap if f.measure is Measure.SHARE else gap * f.per
            residual_sd = gap / float(np.hypot(sd, own))
        out.append(
            Reading(
                one.statement,
                used=row is not None,
                why_not=one.why_not,
                functional=str(f),
                expected=expected,
                expected_sd=sd,
                fitted=float(median),
                fitted_low=float(low),
                fitted_high=float(high),
                residual=residual,
                residual_sd=residual_sd,
                influence=None if row is None else moves[row],
            )
        )
    return tuple(out)


def _fitted(model: Model, best: Weighed, drawn: Drawn) -> Array:
    """Quantiles of every quantity over the draws, in persons, (m, 3)."""
    out = np.empty((len(model.quantities), len(_SHOWN)))
    for block, streams in zip(best.problem.blocks, drawn.streams, strict=True):
        # Each quantity's draws side by side, which are sorted faster so.
        quantiles = np.quantile(np.ascontiguousarray(block.quantities.of(streams).T), _SHOWN, axis=1)
        for place, row in enumerate(block.rows):
            ends = model.quantities[row].to_persons(quantiles[:, place])
            out[row] = np.sort(ends)  # a net that fell is read the other way round
    return out


def source_fits(model: Model, best: Weighed, drawn: Drawn) -> tuple[SourceFit, ...]:
    """How each source errs on each measure."""
    out, coverages = [], drawn.coverages(model)
    for n, (name, measure) in enumerate(model.cover):
        rows = [row for row, cover in enumerate(model.covers) if cover == (name, measure)]
        logs = coverages[:, n] + model.quantities[rows[0]].offset
        low, high = np.quantile(logs, [0.05, 0.95])
        out.append(
            SourceFit(
                source=name,
                measure=str(measure),
                statements=len(rows),
                coverage=float(np.exp(logs.mean())),
                coverage_low=float(np.exp(low)),
                coverage_high=float(np.exp(high)),
                spread=float(best.fitted.spreads[model.sources.names.index(name)]),
                learnt=bool(logs.std() < 0.8 * model.cover_sds[n]),
            )
        )
    return tuple(out)


def notes(
    model: Model,
    heard: Sequence[Heard],
    drawn: Drawn,
    situation: Situation,
    days: Sequence[date],
    unknown: Collection[Stream],
    torn: Sequence[Torn],
) -> tuple[str, ...]:
    """What a reader must know of this estimate, in plain words."""
    used = len(model.heard)
    out = [f"{used} of {len(heard)} statements were used."]
    reasons = Counter(one.why_not for one in heard if one.why_not)
    if reasons:
        common = "; ".join(f"{reason} ({count})" for reason, count in reasons.most_common(4))
        out.append(f"{sum(reasons.values())} were set aside. The commonest reasons: {common}.")
    out += [
        f"Nothing that was said is a reading of {group} in {place}; it is not estimated."
        for place in situation.places
        for group in situation.groups
        if (place, group) not in model.accounts
    ]
    cuts = {(one.claim.source, f.measure, f.since) for one, f in _read(heard) if f.since}
    out += [
        f"From {since} on {source} counts something else as {measure}: the series is cut there, and what it says "
        "afterwards tells of changes, not of the level. `tolqyn cases` has the reason."
        for source, measure, since in sorted(cuts, key=str)
    ]
    out += [
        f"{source} counts otherwise than the rest, by rules of its own: what it says tells of changes more than of levels."
        for source in sorted(model.odd)
    ]
    for key in model.accounts:
        out += _silence(model, key, days)
    out += _unknown(model, unknown)
    out += _torn(model, torn)
    if not situation.events:
        out.append("The situation names no event, so ordinary traffic and surge are not told apart.")
    if drawn.below_zero:
        out.append(
            f"In {drawn.below_zero} draws a stock falls below zero: the figures do not pin the stock down."
        )
    return tuple(out)


def _torn(model: Model, torn: Sequence[Torn]) -> list[str]:
    """That the draws hold what excludes each other."""
    told = {one.statement.id: f"{one.claim.centre:,.0f} ({one.functional})" for one in model.heard}
    return [
        f"{told[pair.one.ids[0]]} and {told[pair.other.ids[0]]} exclude each other, given all else that was said: "
        "the draws hold each by its chance. `tolqyn cases` has more."
        for pair in torn
    ]


def _read(heard: Sequence[Heard]) -> list[tuple[Heard, Functional]]:
    """What was used, with its functional."""
    return [(one, one.functional) for one in heard if one.functional is not None and one.why_not is None]


def _silence(model: Model, key: tuple[str, str], days: Sequence[date]) -> list[str]:
    """The days of one account before and after which nothing was said, where the prior speaks."""
    place, group = key
    spoken = [f for one in model.heard if (f := one.functional) is not None and (f.place, f.group) == key]
    spoken = [f for f in spoken if f.measure is not Measure.REGISTRATIONS]
    first = min((f.first for f in spoken if f.measure is not Measure.STOCK), default=days[0])
    last = max((f.last for f in spoken), default=days[0])
    out = []
    if first > days[0]:
        out.append(
            f"The first day that any statement on who crossed counts, of {group} in {place}, is {first}; the prior speaks before it."
        )
    if last < days[-1]:
        out.append(
            f"The last day that any statement on {group} in {place} covers is {last}; the prior speaks after it."
        )
    return out


def _unknown(model: Model, unknown: Collection[Stream]) -> list[str]:
    """What nothing tells the size of."""
    spoken = {(f.place, f.group, str(f.measure)) for one in model.heard if (f := one.functional) is not None}
    out = []
    for stream in sorted(unknown, key=str):
        if stream.measure in _HOW_MANY:
            said = (stream.place, stream.group, stream.measure) in spoken
            why = "The rest does not bear out what was said" if said else "Nothing was said"
            out.append(
                f"{why} of {stream.measure} of {stream.group} in {stream.place}: {_HOW_MANY[stream.measure]} is unknown."
            )
    return out


_HOW_MANY = {"entries": "how many came", "exits": "how many left", "stock": "how many are present"}


def _covered(functional: Functional, model: Model, streams: Streams) -> bool:
    """Whether every day of the functional was modelled, and its kind."""
    within = functional.first >= model.first and (functional.last - model.first).days < model.days
    return within and (functional.kind is None or functional.kind in streams.registrations)


def _left_out(
    quantity: Quantity, functional: Functional, fitted: Fit, row: int
) -> tuple[float | None, float | None]:
    """What its source was expected to say, and the standard deviation of that; None if nothing else speaks of it."""
    mean, sd = float(fitted.left_out_mean[row]), float(np.sqrt(fitted.left_out_variance[row]))
    if quantity.log and sd > _NOTHING_ELSE_SPEAKS:
        return None, None
    expected = float(quantity.to_persons(np.array(mean))) / functional.per
    if quantity.log:
        return expected, abs(expected) * float(np.sqrt(np.expm1(sd**2)))
    return expected, sd * abs(quantity.scale) / functional.per


def _residual(one: Heard, expected: float, priors: Priors) -> float:
    """Stated minus expected, in the statement's unit; of a bound or a range, how far it is broken.

    "A little more than" and "almost" say also how near: as near as 95 % of their readings are.
    """
    claim, bound = one.claim, one.functional.bound if one.functional else None
    if bound == "part":
        return max((claim.value if claim.low is None else claim.low) or 0.0, expected) - expected
    if bound in {"whole", "most"}:
        return min((claim.value if claim.high is None else claim.high) or 0.0, expected) - expected
    if claim.value is None and claim.low is not None and claim.high is not None:
        return float(max(claim.low - expected, 0.0) + min(claim.high - expected, 0.0))
    gap = claim.centre - expected
    outward = -1.0 if claim.centre < 0 else 1.0  # the words speak of a net's magnitude
    near = abs(claim.centre) * float(np.expm1(_NEARLY_ALL * priors.slightly_scale))
    if claim.qualifier is Qualifier.SLIGHTLY_OVER:
        return outward * (max(outward * gap, 0.0) + min(outward * gap + near, 0.0))
    if claim.qualifier is Qualifier.ALMOST:
        return outward * (min(outward * gap, 0.0) + max(outward * gap - near, 0.0))
    if claim.qualifier is Qualifier.OVER:
        return outward * max(outward * gap, 0.0)
    if claim.qualifier in {Qualifier.UNDER, Qualifier.UP_TO}:
        return outward * min(outward * gap, 0.0)
    return gap


_NEARLY_ALL = 3.0  # scales of an exponential, beyond which 5 % of it lie


def _spread(model: Model, fitted: Fit, row: int | None) -> float:
    """Spread of the source of one figure."""
    if row is None or model.sources.group[row] < 0:
        return model.priors.spread_anonymous
    return float(fitted.spreads[model.sources.group[row]])


def _own_sd(one: Heard, spread: float, priors: Priors) -> float:
    """Standard deviation of the statement's own error, in its unit."""
    about = looseness(one.claim, priors)
    # Student's t with four degrees of freedom has twice the variance of its scale.
    return abs(one.claim.centre) * float(np.sqrt(2 * spread**2 + about**2))


def _influence(model: Model, best: Weighed) -> list[float]:
    """For each statement, how far leaving it out moves a headline number, in posterior standard deviations.

    The headline numbers of an account: entries, surplus entries and exits since the first event,
    and the stock at the end. Linear in the fit: a rank-one downdate for each.
    """
    fitted = best.fitted
    pull = (fitted.site_mean - fitted.mean) / fitted.site_variance
    diagonal = (1 - fitted.variance / fitted.site_variance) / fitted.site_variance
    moves = np.zeros(len(fitted.mean))
    since = slice(min(model.events, default=0), None)
    for number, (block, account) in enumerate(zip(best.problem.blocks, best.accounts, strict=True)):
        slopes = _no_slopes(account, 4)
        ordinary = np.zeros_like(slopes.entries)
        slopes.entries[:2, since], slopes.exits[2, since], ordinary[1, since] = 1.0, 1.0, -1.0
        slopes.entries[3], slopes.exits[3], slopes.stock_before[3] = 1.0, -1.0, 1.0
        point = Tangent(account, fitted.unknowns[number])
        headline = point.gradient(slopes.with_ordinary(ordinary))
        shared = np.zeros((len(headline), len(fitted.mean)))
        shared[:, block.rows] = fitted.linear[number].about.forward(headline)
        solved = fitted.system.solve(shared.T).T
        variance = (headline**2).sum(axis=1) - (shared * solved).sum(axis=1)
        shift = np.abs(solved * (pull / np.maximum(diagonal, 1e-12)))
        moves = np.maximum(moves, (shift / np.sqrt(np.maximum(variance, 1e-12))[:, None]).max(axis=0))
    return [float(move) for move in moves[: len(model.heard)]]


def _no_slopes(account: Account, count: int) -> Slopes:
    """Room for the derivatives of `count` sums, all zero."""
    shape = (count, account.days)
    return Slopes(
        np.zeros(shape), np.zeros(shape), np.zeros(count), {kind: np.zeros(shape) for kind in account.kinds}
    )

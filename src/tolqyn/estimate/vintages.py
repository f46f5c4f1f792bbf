"""What was believed when, and why a belief changed.

Pure. A belief is one headline number of one estimate with its interval. Between two estimates a belief changes by what
was said anew, by what was said again otherwise, by a person's judgement (or a text read anew) and by the method; the
parts are told by estimating again with one of them changed at a time, in the order: method, judgement, revised, new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa

from tolqyn.claims import Statement
from tolqyn.estimate.posterior import Posterior, Stream
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.reading import Functional, read_statement
from tolqyn.situation import Situation

__all__ = [
    "Belief", "Change", "Span", "beliefs", "changes", "headline_spans", "means", "means_in_table", "without_new",
]  # fmt: skip

_TOTALS = ("entries", "exits")


@dataclass(frozen=True, slots=True)
class Span:
    """What a belief is about: a flow over days, or a stock on `last`."""

    stream: Stream
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Belief:
    """A number as it was believed as of a day: median and 90 % interval, in persons."""

    as_of: date | None
    span: Span
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Change:
    """How far a mean moved between two estimates, and what moved it; the parts add up to the whole, in persons."""

    span: Span
    before: float
    after: float
    parts: Mapping[str, float]


def headline_spans(posterior: Posterior, last: date | None = None) -> tuple[Span, ...]:
    """The headline numbers of each account up to a day: entries and exits since the first event, and the stock.

    Args:
        posterior: an estimate.
        last: the day; None is its as-of day or, without one, the last of the study.
    """
    end = min(last or posterior.as_of or posterior.days[-1], posterior.days[-1])
    events = [e.date for e in posterior.situation.events if posterior.days[0] <= e.date <= end]
    first = min(events, default=posterior.days[0])
    return tuple(
        Span(stream, first if stream.measure in _TOTALS else end, end)
        for stream in posterior.values
        if stream.measure in (*_TOTALS, "stock") and stream.kind is None and stream not in posterior.unknown
    )


def beliefs(posterior: Posterior, spans: Sequence[Span]) -> tuple[Belief, ...]:
    """What an estimate believes of some headline numbers; those outside it are left out."""
    found = []
    for span in _covered(posterior, spans):
        low, middle, high = (
            float(q)
            for q in np.quantile(posterior.sum_of(span.stream, span.first, span.last), [0.05, 0.5, 0.95])
        )
        found.append(Belief(posterior.as_of, span, low, middle, high))
    return tuple(found)


def _covered(posterior: Posterior, spans: Sequence[Span]) -> list[Span]:
    return [
        span
        for span in spans
        if span.stream in posterior.values
        and span.stream not in posterior.unknown
        and posterior.days[0] <= span.first
        and span.last <= posterior.days[-1]
    ]


def means(posterior: Posterior, spans: Sequence[Span]) -> dict[Span, float]:
    """Mean of each headline number that an estimate covers, in persons."""
    return {
        span: float(posterior.sum_of(span.stream, span.first, span.last).mean())
        for span in _covered(posterior, spans)
    }


def means_in_table(table: pa.Table, spans: Sequence[Span]) -> dict[Span, float]:
    """The same from the table of an estimate that was kept (`Posterior.table`); means of days add up."""
    kept: dict[tuple[Stream, date], float] = {}
    for row in table.to_pylist():
        stream = Stream(row["measure"], row["place"], row["group"], row["counterpart"], row["kind"])
        if row["mean"] is not None:
            kept[stream, row["date"]] = row["mean"]
    found = {}
    for span in spans:
        days = [span.first + timedelta(n) for n in range((span.last - span.first).days + 1)]
        if all((span.stream, day) in kept for day in days):
            found[span] = sum(kept[span.stream, day] for day in days)
    return found


def changes(stages: Sequence[tuple[str, Mapping[Span, float]]]) -> tuple[Change, ...]:
    """What moved each belief from the first stage to the last.

    Args:
        stages: what changed on the way to each stage, and the means believed there; the first one's name is not used. A
            number that some stage does not believe anything of is left out.
    """
    names, told = [name for name, _ in stages][1:], [held for _, held in stages]
    found = []
    for span in told[0]:
        if all(span in stage for stage in told):
            steps = [after[span] - before[span] for before, after in pairwise(told)]
            found.append(Change(span, told[0][span], told[-1][span], dict(zip(names, steps, strict=True))))
    return tuple(found)


def without_new(
    before: Sequence[Statement], after: Sequence[Statement], situation: Situation
) -> list[Statement]:
    """Of the later statements, those that had been made before and those that revise one: nothing new.

    A statement revises another if the same source gives another figure of the same quantity and window.
    """
    known = {statement.id for statement in before}
    told = {_saying(statement, situation) for statement in before} - {None}
    return [one for one in after if one.id in known or _saying(one, situation) in told]


def _saying(statement: Statement, situation: Situation) -> tuple[object, ...] | None:
    """Source, quantity, whose it is and unit; None where the statement is no reading of anything that is modelled."""
    functional = read_statement(statement, situation, Priors())
    claim = statement.claim
    source = claim.source
    if source is None or not isinstance(functional, Functional):
        return None
    # Regions and wider groups only bound the account, so its functional does not tell them apart.
    return source.casefold(), functional, claim.place, claim.group, claim.counterpart, claim.unit

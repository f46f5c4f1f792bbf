"""What was believed when: a wave estimated again as of each day, and what moved a belief since an estimate was kept."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

from tolqyn.claims import Statement
from tolqyn.errors import EstimateError, UsageError
from tolqyn.situation import Situation

if TYPE_CHECKING:
    from tolqyn.estimate.vintages import Belief, Change
    from tolqyn.ledger import Ledger, Vintage

__all__ = ["Believed", "changes_since", "replay"]

Step = Callable[[int, int], None]
Say = Callable[[date | None], list[Statement]]

_DRAWS = 400  # enough for the ends of an interval in a picture


class Believed(NamedTuple):
    """One headline number as it was believed on its last day, and as it is believed now."""

    then: Belief
    now: Belief


def replay(said: Say, situation: Situation, *, seed: int, every: int, step: Step) -> tuple[Believed, ...]:
    """The headline numbers as of each day of the study on which something new was said.

    Args:
        said: the statements made by a day; by None, all.
        situation: the wave's settings.
        seed: the same seed gives the same numbers.
        every: at least so many days from one vintage to the next.
        step: called with how many estimates are done, and of how many.
    """
    from tolqyn.estimate import estimate
    from tolqyn.estimate.vintages import beliefs

    latest = said(None)
    days = _days_of_news(latest, situation, every)
    settled = estimate(latest, situation, seed=seed, draws=_DRAWS)
    step(1, len(days) + 1)
    found: list[Believed] = []
    # Each estimate computes on one core, and its memory goes when it is done.
    with ProcessPoolExecutor(
        min(len(days) or 1, os.cpu_count() or 1), mp_context=get_context("spawn")
    ) as pool:
        told = ((said(day), situation, day, seed) for day in days)
        for done, held in enumerate(pool.map(_vintage, *zip(*told, strict=True)), 2) if days else ():
            now = {belief.span: belief for belief in beliefs(settled, [belief.span for belief in held])}
            found += [Believed(then, now[then.span]) for then in held if then.span in now]
            step(done, len(days) + 1)
    return tuple(found)


def _vintage(
    statements: Sequence[Statement], situation: Situation, day: date, seed: int
) -> tuple[Belief, ...]:
    """What is believed as of a day; nothing where nothing said by then is a reading of any stream."""
    from tolqyn.estimate import estimate
    from tolqyn.estimate.vintages import beliefs, headline_spans

    try:
        posterior = estimate(statements, situation, as_of=day, seed=seed, draws=_DRAWS)
    except EstimateError:
        return ()
    return beliefs(posterior, headline_spans(posterior))


def _days_of_news(statements: Sequence[Statement], situation: Situation, every: int) -> list[date]:
    """Days of the study on which something was said, so many days apart at least; the last one always."""
    heard = sorted({s.claim.known for s in statements if s.claim.known is not None})
    within = [day for day in heard if situation.start <= day <= (situation.end or day)]
    kept: list[date] = []
    for day in reversed(within):
        if not kept or (kept[-1] - day).days >= every:
            kept.append(day)
    return kept[::-1]


def changes_since(
    ledger: Ledger, vintage: Vintage, situation: Situation, aliases: dict[str, str]
) -> tuple[Change, ...]:
    """What moved the headline numbers since an estimate was kept: method, judgement, revised and new data.

    Raises:
        UsageError: the estimate was kept without its table.
    """
    from pyarrow import parquet

    from tolqyn.estimate import estimate
    from tolqyn.estimate.vintages import changes, headline_spans, means, means_in_table, without_new

    content = ledger.vintage_parquet(vintage.id)
    if content is None:
        raise UsageError(f"estimate {vintage.id} was kept without its table", hint="choose another")
    then = ledger.statements(as_of=vintage.as_of, recorded_by=vintage.recorded_at, aliases=aliases)
    now = ledger.statements(aliases=aliases)
    documents = {claim.doc for claim in ledger.claims(recorded_by=vintage.recorded_at)}
    judged = [
        statement
        for statement in ledger.statements(as_of=vintage.as_of, aliases=aliases)
        if any(claim.doc in documents for claim in statement.claims)
    ]
    revised = without_new(judged, now, situation)
    old = estimate(then, situation, as_of=vintage.as_of, seed=vintage.seed)
    spans = headline_spans(old)
    stages = [
        ("", means_in_table(parquet.read_table(io.BytesIO(content)), spans)),
        ("method", means(old, spans)),
    ]
    for name, statements in (("judgement", judged), ("revised data", revised), ("new data", now)):
        as_of = vintage.as_of if name == "judgement" else None
        stages.append((name, means(estimate(statements, situation, as_of=as_of, seed=vintage.seed), spans)))
    return changes(stages)

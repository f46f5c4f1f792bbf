"""Statements between which the estimate is torn: they need not clash at face value, and do with all that was said besides.

"400,000 since September" and "2.9 million in the year" count other days, and one holds the other. What was told of the
days between leaves room for one of them only.
"""

from __future__ import annotations

from tolqyn.estimate.case import Trial
from tolqyn.estimate.contradict.against import other_days
from tolqyn.estimate.contradict.context import Context
from tolqyn.estimate.contradict.finding import Finding
from tolqyn.estimate.contradict.said import Said
from tolqyn.estimate.contradict.words import (
    capital,
    count,
    figure_text,
    quantity_text,
    statement_text,
    window_text,
)
from tolqyn.estimate.posterior import Told

__all__ = ["find_torn"]


def find_torn(context: Context) -> list[Finding]:
    """One finding for each two sets of statements of which the estimate holds each possible, and both together not."""
    if context.posterior is None:
        return []
    by_id = {one.statement.id: one for one in context.said}
    found = []
    for torn in context.posterior.torn:
        sides = [
            (told, [by_id[name] for name in told.ids if name in by_id]) for told in (torn.one, torn.other)
        ]
        if all(said for _, said in sides):
            # The shorter window first: of it most can be told.
            sides.sort(key=lambda side: (side[1][0].days or 0, side[1][0].statement.id))
            found.append(_tell(*sides[0], *sides[1], context))
    return found


def _tell(one: Told, said: list[Said], other: Told, others: list[Said], context: Context) -> Finding:
    first, second = said[0], others[0]
    residual = abs(first.figure - one.otherwise)
    neither = max(1 - one.chance - other.chance, 0.0)
    whose = "" if quantity_text(first) == quantity_text(second) else f"{quantity_text(second)}, "
    return Finding(
        "torn",
        (*said, *others),
        residual,
        f"{capital(quantity_text(first))}: {figure_text(first)} ({window_text(first)}) and {whose}{figure_text(second)} "
        f"({window_text(second)}) exclude each other, given what else was said",
        f"{capital(quantity_text(first))}: {statement_text(first)}. Against it: {whose}{statement_text(second)}. With all "
        f"other statements, if the first is right, {quantity_text(second)} come to {_about(other.otherwise)} "
        f"({window_text(second)}); if the second is right, {quantity_text(first)} come to {_about(one.otherwise)} "
        f"({window_text(first)}). The estimate holds each by its chance: {_of_a_hundred(one.chance)} chances of a hundred "
        f"for the first, {_of_a_hundred(other.chance)} for the second, {_of_a_hundred(neither)} for neither.",
        _trials(said, others, one, other, context),
    )


def _about(persons: float) -> str:
    """An estimate, in three digits."""
    return f"about {count(float(f'{persons:.3g}'))}"


def _of_a_hundred(chance: float) -> int:
    return round(100 * chance)


def _trials(
    said: list[Said], others: list[Said], one: Told, other: Told, context: Context
) -> tuple[Trial, ...]:
    """Whether either figure is right of other days that it is told for."""
    trials = [
        other_days(side[0], abs(side[0].figure - told.otherwise), context)
        for side, told in ((said, one), (others, other))
    ]
    return (min(trials, key=lambda trial: (not trial.accepted, trial.residual)),)

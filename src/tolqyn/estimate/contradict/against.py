"""A statement against the estimate that leaves it out.

The leave-one-out residual is the estimate's own: see Vehtari, Gelman and Gabry (2017), Practical
Bayesian model evaluation using leave-one-out cross-validation, for the idea.
"""

from __future__ import annotations

from tolqyn.estimate.case import Reason, Trial
from tolqyn.estimate.contradict.context import Context, family
from tolqyn.estimate.contradict.finding import Finding
from tolqyn.estimate.contradict.reasons import for_other_days, slips, told_for_other_days
from tolqyn.estimate.contradict.said import Said, digits_that_count, written_step
from tolqyn.estimate.contradict.words import (
    capital,
    count,
    estimated,
    figure_text,
    quantity_text,
    source_text,
    statement_text,
    window_text,
)
from tolqyn.estimate.posterior import Reading

__all__ = ["find_against_the_estimate", "other_days"]

_FAR = 3.0  # standard deviations
_CLOSE = 2.0
_SHARP = 0.1  # of the estimate: where it is wider, a slip may land on it by chance
_SHARP_FOR_SWAPS = (
    0.02  # two digits swapped leave a figure of like size, of which there are many near any estimate
)


def find_against_the_estimate(context: Context) -> list[Finding]:
    """Statements more than three standard deviations from what all others make likely."""
    if context.posterior is None:
        return []
    readings = {reading.statement.id: reading for reading in context.posterior.readings}
    found = []
    for said in context.said:
        reading = readings.get(said.statement.id)
        if reading is None or reading.residual is None or reading.residual_sd is None:
            continue
        rest = _rest(said, context)
        if abs(reading.residual_sd) > _FAR and rest and _in_study(said, context):
            found.append(_tell(said, reading, rest, context))
    return found


def _in_study(said: Said, context: Context) -> bool:
    """Whether its days lie in the study: before it the estimate rests on its prior alone."""
    days = (said.start or said.end, said.end)
    return all(day is not None and day in context.situation.window for day in days)


def _rest(said: Said, context: Context) -> list[Said]:
    """The nearest other statements of the same quantity, by days shared: what the estimate leans on."""
    others = [
        other
        for other in context.by_family[family(said)]
        if other is not said and other.group == said.group and other.claim.window.overlaps(said.claim.window)
    ]
    others.sort(
        key=lambda other: (
            abs((other.days or 10_000) - (said.days or 10_000)),
            other.known,
            other.statement.id,
        )
    )
    return others[:3]


def _tell(said: Said, reading: Reading, rest: list[Said], context: Context) -> Finding:
    assert reading.residual is not None
    assert reading.residual_sd is not None
    residual = abs(reading.residual)
    # What is expected of a rate is a rate; here all is in persons.
    is_rate = "/" in said.claim.unit
    expected = said.figure - reading.residual if is_rate or reading.expected is None else reading.expected
    sd = residual / abs(reading.residual_sd)
    side = "above" if reading.residual > 0 else "below"
    told = "; ".join(statement_text(other) for other in rest)
    return Finding(
        "estimate",
        (said, *rest),
        residual,
        f"{capital(quantity_text(said))}, {window_text(said)}: {figure_text(said)} is {estimated(residual, sd)} {side} what "
        "the other statements make likely",
        f"{capital(statement_text(said))}. Without it the estimate is {estimated(expected, sd)}; the statement lies "
        f"{abs(reading.residual_sd):.1f} standard deviations {side}. Nearest to it: {told}.",
        _trials(said, reading, expected, residual, context),
    )


def _trials(
    said: Said, reading: Reading, expected: float, residual: float, context: Context
) -> tuple[Trial, ...]:
    assert reading.residual_sd is not None
    one_sd = residual / abs(reading.residual_sd)
    coverage = _coverage(said, context)
    covered = abs(said.figure / coverage - expected) if coverage else residual
    slip = min(
        ((abs(value - expected), value, name) for value, name in slips(said.figure)),
        default=(residual, said.figure, "none"),
    )
    sharp = (_SHARP_FOR_SWAPS if slip[2] == "two digits swapped" else _SHARP) * expected
    sees = coverage is not None and covered <= _CLOSE * one_sd
    slipped = slip[0] <= one_sd <= sharp and len(digits_that_count(said.figure)) >= 2
    return (
        other_days(said, residual, context),
        Trial(
            Reason.POPULATION,
            f"{source_text(said)} sees {100 * coverage:.0f} % of the count elsewhere too; read so, its figure means "
            f"{count(said.figure / coverage)}."
            if coverage
            else "Nothing is learnt of the share that its source sees.",
            covered,
            sees,
        ),
        Trial(
            Reason.ERROR,
            f"A slip of the pen: {slip[2]}, {count(said.figure)} for {count(slip[1])}."
            if slipped
            else "No usual slip brings it near the estimate.",
            slip[0] if slipped else residual,
            slipped,
        ),
    )


def other_days(said: Said, residual: float, context: Context) -> Trial:
    """Whether the figure is right of the other days that it is also told for."""
    best = Trial(Reason.WINDOW, "The figure is told for no other days.", residual, accepted=False)
    for twin in told_for_other_days(said, context) if "/" not in said.claim.unit else ():
        assert twin.start is not None
        assert twin.end is not None
        draws = context.estimated(said, said.measure, twin.start, twin.end)
        if draws is None:
            continue
        left = max(abs(said.figure - float(draws.mean())) - written_step(said.figure), 0.0)
        if left <= min(best.residual, _CLOSE * float(draws.std())):
            best = Trial(Reason.WINDOW, for_other_days(said, twin), left, accepted=True)
    return best


def _coverage(said: Said, context: Context) -> float | None:
    """The share that a source sees, if the estimate learnt one that is not all."""
    assert context.posterior is not None
    for fit in context.posterior.sources:
        if (
            (fit.source, fit.measure) == (said.source, said.measure)
            and fit.learnt
            and not (fit.coverage_low <= 1 <= fit.coverage_high)
        ):
            return fit.coverage
    return None

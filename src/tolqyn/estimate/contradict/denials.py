"""A figure that somebody states and somebody denies: 5,000 went back by a radio's count, and nobody did by the government's."""

from __future__ import annotations

from collections.abc import Sequence

from tolqyn.claims import Measure
from tolqyn.estimate.case import Reason, Trial
from tolqyn.estimate.contradict.context import Context
from tolqyn.estimate.contradict.finding import Finding
from tolqyn.estimate.contradict.said import Said
from tolqyn.estimate.contradict.words import (
    capital,
    days_text,
    figure_text,
    quantity_text,
    source_text,
    statement_text,
    window_text,
)

__all__ = ["find_denials"]

_OTHER_END = {Measure.ENTRIES: Measure.EXITS, Measure.EXITS: Measure.ENTRIES}


def find_denials(denied: Sequence[Said], context: Context) -> list[Finding]:
    """Statements whose very figure is denied, one finding for each denial.

    Args:
        denied: what sources deny, read at face value.
        context: what was observed.
    """
    found = []
    told: set[str] = set()
    for denial in denied:
        meant = [said for said in context.said if _is_of(denial, said)]
        new = [said for said in meant if said.statement.id not in told]
        if new:
            told.update(said.statement.id for said in new)
            found.append(_tell(denial, sorted(new, key=lambda one: (one.known, one.statement.id))))
    return found


def _is_of(denial: Said, said: Said) -> bool:
    """Whether a denial speaks of a statement: its figure, people and days, at the same place or at the way's other end."""
    same_figure = (denial.figure_low, denial.figure_high, denial.unit) == (
        said.figure_low,
        said.figure_high,
        said.unit,
    )
    same_group = denial.group == said.group or "any" in {denial.group, said.group}
    if not (same_figure and same_group and denial.kind == said.kind):
        return False
    if denial.measure == said.measure and denial.place == said.place:
        return denial.claim.window.overlaps(said.claim.window)
    # Who goes back enters one country and leaves the other; without both named only the very days tell.
    other_end = _OTHER_END.get(denial.measure) == said.measure and denial.place != said.place
    same_days = denial.start is not None and (denial.start, denial.end) == (said.start, said.end)
    ends = denial.counterpart in {None, said.place} and said.counterpart in {None, denial.place}
    return other_end and same_days and ends


def _tell(denial: Said, meant: list[Said]) -> Finding:
    first = meant[0]
    own = denial.source is not None and denial.source == first.source and first.known < denial.known
    return Finding(
        "denial",
        (*meant, denial),
        first.figure,
        f"{capital(quantity_text(first))}, {window_text(first)}: {figure_text(first)} is denied",
        f"{capital(quantity_text(first))}: {'; '.join(statement_text(said) for said in meant[:3])}. "
        f"{source_text(denial)} denies {figure_text(denial)}"
        f"{'' if denial.claim.known is None else f', on {days_text(denial.known, denial.known)}'}.",
        (
            Trial(
                Reason.REVISION,
                f"{source_text(denial)} takes back its own figure."
                if own
                else "Who denies it is not who stated it: these statements do not tell who is right.",
                0.0 if own else first.figure,
                own,
            ),
        ),
    )

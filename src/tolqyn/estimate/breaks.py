"""Where a source's series must be cut: from then on it counts something else.

Pure. The search is that of the contradictions (`contradict.series`); a break is a finding that was settled as a change
of definition. What the source says after the cut is read with a coverage of its own, nearly free, so a register
clean-up moves nobody and a new definition is not joined to the old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tolqyn.claims import Measure, Statement
from tolqyn.estimate.case import Reason
from tolqyn.estimate.contradict.context import context_of
from tolqyn.estimate.contradict.finding import reason_of
from tolqyn.estimate.contradict.said import read_at_face
from tolqyn.estimate.contradict.series import find_breaks
from tolqyn.situation import Situation

__all__ = ["Break", "breaks"]


@dataclass(frozen=True, slots=True)
class Break:
    """A cut of one source's series.

    Attributes:
        source, place, group, measure, kind, unit: whose series, of what.
        day: the day of the first figure after the cut.
        before, after: the last statement before it and the first after it.
        step: figure after less figure before, in persons.
        because: what settled it, in words.
    """

    source: str
    place: str
    group: str
    measure: Measure
    kind: str | None
    unit: str
    day: date
    before: Statement
    after: Statement
    step: float
    because: str

    def cuts(self, statement: Statement, last: date) -> bool:
        """Whether a statement whose window ends on `last` is of the series after the cut."""
        claim = statement.claim
        series = (claim.source, claim.place, claim.group, claim.measure, claim.kind, claim.unit)
        mine = (self.source, self.place, self.group, self.measure, self.kind, self.unit)
        return last >= self.day and series == mine


def breaks(statements: Sequence[Statement], situation: Situation) -> tuple[Break, ...]:
    """The cuts of all series, in the order of their days.

    Args:
        statements: each saying once, in any order.
        situation: its events are notices of a change, but for the one that the wave began with.
    """
    said = sorted(read_at_face(statements), key=lambda one: one.statement.id)
    found = []
    for finding in find_breaks(context_of(said, situation, None)):
        if reason_of(finding) is not Reason.DEFINITION_CHANGE:
            continue
        before, after = finding.said[0], finding.said[-1]
        assert after.source is not None
        assert after.end is not None
        found.append(
            Break(
                source=after.source,
                place=after.place,
                group=after.group,
                measure=after.measure,
                kind=after.kind,
                unit=after.claim.unit,
                day=after.end,
                before=before.statement,
                after=after.statement,
                step=after.figure - before.figure,
                because=next(trial.assumption for trial in finding.trials if trial.accepted),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.day, one.after.id)))

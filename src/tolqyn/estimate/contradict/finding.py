"""What a search brings: statements that clash, with the reasons tried, on the way to a `Case`."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from tolqyn.claims import Statement
from tolqyn.estimate.case import Case, Reason, Trial
from tolqyn.estimate.contradict.said import Said
from tolqyn.situation import Situation

__all__ = ["SURE", "Finding", "case_of", "importance", "reason_of", "statements_of"]

SURE = 0.75
"""Confidence below which a claim opens no case: a misreading is not a contradiction, and waits for a judgement first."""

_ORDER = {reason: n for n, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class Finding:
    """A clash and what was tried on it.

    Attributes:
        topic: what kind of clash, part of its name.
        said: the statements in conflict.
        residual: the clash at face value, in persons.
        title: one line.
        story: what clashes, in plain sentences.
        trials: the reasons that were tried.
        evidence: other statements that an accepted reason leans on.
        stake: persons that the clash is to be measured against; None for the largest figure.
    """

    topic: str
    said: tuple[Said, ...]
    residual: float
    title: str
    story: str
    trials: tuple[Trial, ...] = ()
    evidence: tuple[Said, ...] = field(default=())
    stake: float | None = None


def case_of(finding: Finding) -> Case:
    """The case that a finding makes: the first accepted reason speaks."""
    accepted = _accepted(finding)
    statements = statements_of([*finding.said, *finding.evidence])
    ending = accepted.assumption if accepted else "None of the reasons tried explains it."
    return Case(
        id=_name(finding.topic, statements),
        statements=statements,
        reason=reason_of(finding),
        title=finding.title,
        explanation=f"{finding.story} {ending}",
        residual_before=finding.residual,
        residual_after=accepted.residual if accepted else finding.residual,
        trials=_in_order(finding),
    )


def statements_of(said: Iterable[Said]) -> tuple[Statement, ...]:
    """The statements, each once, in the order given."""
    return tuple({one.statement.id: one.statement for one in said}.values())


def reason_of(finding: Finding) -> Reason:
    """The reason that its case will give."""
    accepted = _accepted(finding)
    return accepted.reason if accepted else Reason.UNEXPLAINED


def _in_order(finding: Finding) -> tuple[Trial, ...]:
    return tuple(sorted(finding.trials, key=lambda trial: _ORDER[trial.reason]))


def _accepted(finding: Finding) -> Trial | None:
    return next((trial for trial in _in_order(finding) if trial.accepted), None)


def _name(topic: str, statements: tuple[Statement, ...]) -> str:
    """Twelve hex digits; the same statements in conflict have the same name in every run."""
    text = "\n".join([topic, *sorted(statement.id for statement in statements)])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def importance(finding: Finding, situation: Situation) -> float:
    """How much is at stake: the clash as a share of the figures, times its size in persons on a log scale.

    Half as much where it is not about a place and group that the situation studies.
    """
    first = finding.said[0]
    scale = finding.stake or max(abs(said.figure_high) for said in finding.said)
    share = min(1.0, finding.residual / scale) if scale else 0.0
    studied = first.place in situation.places and first.group in situation.groups
    return share * math.log10(1 + finding.residual) * (1.0 if studied else 0.5)

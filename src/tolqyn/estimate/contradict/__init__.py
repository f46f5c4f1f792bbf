"""Statements that cannot all hold, and why: the searches, and one list of cases from all of them.

Pure. What counts as a contradiction, and how each reason is tried: docs/concepts/contradictions.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from tolqyn.claims import Statement
from tolqyn.estimate.case import Case
from tolqyn.estimate.contradict.account import find_account
from tolqyn.estimate.contradict.against import find_against_the_estimate
from tolqyn.estimate.contradict.bounds import find_bounds
from tolqyn.estimate.contradict.context import context_of
from tolqyn.estimate.contradict.denials import find_denials
from tolqyn.estimate.contradict.finding import SURE, Finding, case_of, importance, reason_of
from tolqyn.estimate.contradict.levels import find_levels
from tolqyn.estimate.contradict.mirror import find_mirrors
from tolqyn.estimate.contradict.one_figure import find_one_figure
from tolqyn.estimate.contradict.pace import find_paces
from tolqyn.estimate.contradict.parts import find_parts
from tolqyn.estimate.contradict.rates import find_rates
from tolqyn.estimate.contradict.said import quantity_of, read_as_denied, read_at_face
from tolqyn.estimate.contradict.series import find_breaks
from tolqyn.estimate.contradict.torn import find_torn
from tolqyn.estimate.posterior import Posterior
from tolqyn.situation import Situation

__all__ = ["find_cases"]


def find_cases(
    statements: Sequence[Statement], situation: Situation, posterior: Posterior | None = None
) -> tuple[Case, ...]:
    """The contradictions among statements: what tears the estimate first, then the weightiest.

    Only what counts persons or crossings is compared, what was observed with its like and with what is denied, and only what was read with
    a confidence of at least 0.75. Two statements that can both hold within rounding, qualifiers and
    source noise open no case; nor do echoes of one figure.

    Args:
        statements: each saying once, in any order; the order does not change the cases.
        situation: its events tell where a window may begin and a series may break; its population,
            who was there before.
        posterior: the estimate from the same statements; with it, a statement can also stand
            against the estimate that leaves it out, and ordinary traffic is told apart.
    """
    sure = [statement for statement in statements if statement.confidence >= SURE]
    said = sorted(read_at_face(sure), key=lambda one: one.statement.id)
    context = context_of(said, situation, posterior)
    clashes = [*find_breaks(context), *find_bounds(context)]
    clashes += _not_told_yet(find_one_figure(context), clashes)
    broken = {said.statement.id for finding in clashes if finding.topic == "step" for said in finding.said}
    clashes += [one for one in find_account(context) if one.said[0].statement.id not in broken]
    clashes += [*find_parts(context, clashes), *find_rates(context)]
    clashes += [*find_mirrors(context), *find_paces(context)]
    clashes += find_torn(context)
    clashes += find_denials(sorted(read_as_denied(sure), key=lambda one: one.statement.id), context)
    clashes += [one for one in find_levels(context) if not broken & _ids(one)]
    clashes += _about_others(find_against_the_estimate(context), clashes)
    clashes = _one_for_the_same(clashes)
    # What tears the whole estimate comes first, though its own figures may lie close.
    clashes.sort(key=lambda one: (one.topic != "torn", -importance(one, situation), one.title))
    return tuple(case_of(finding) for finding in clashes)


def _ids(finding: Finding) -> set[str]:
    return {said.statement.id for said in (*finding.said, *finding.evidence)}


def _not_told_yet(findings: list[Finding], told: list[Finding]) -> list[Finding]:
    """Findings about one figure of which no earlier finding tells the same by the same reason."""
    seen = {
        (said.statement.id, reason_of(finding))
        for finding in told
        for said in finding.said
        if said.claim.window == finding.said[0].claim.window
    }
    return [
        finding
        for finding in findings
        if not any((said.statement.id, reason_of(finding)) in seen for said in finding.said)
    ]


def _about_others(findings: list[Finding], told: list[Finding]) -> list[Finding]:
    """Findings whose first statement no earlier one sets against its like, nor one that gives its figure in other words.

    That entries, exits and people present do not add up says nothing of how entries stand to other entries.
    """
    seen = {
        (quantity_of(said), said.figure)
        for one in told
        for said in (*one.said, *one.evidence)
        if said.measure is one.said[0].measure
    }
    return [one for one in findings if (quantity_of(one.said[0]), one.said[0].figure) not in seen]


def _one_for_the_same(findings: list[Finding]) -> list[Finding]:
    """Of findings about exactly the same statements, the first: a break before a plain clash."""
    first: dict[frozenset[str], Finding] = {}
    for finding in findings:
        first.setdefault(frozenset(_ids(finding)), finding)
    return list(first.values())

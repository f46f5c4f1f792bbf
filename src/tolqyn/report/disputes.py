"""The contradictions, in plain words, with the quotes side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tolqyn.estimate.case import Case, Reason, Trial
from tolqyn.report.evidence import Evidence
from tolqyn.report.model import Block, Column, Dispute, Paragraph, Span, Table
from tolqyn.report.words import count, tidy

__all__ = ["dispute_blocks"]

FULL = 8
"""Contradictions that are told in full; the rest stand in a table."""

# Characters. Names that strangers gave are in these words, so they are bounded; ours alone never come near.
_TITLE, _STORY, _TRIED = 600, 3000, 600

_QUOTES = 4
_NAMED = 12
_REASONS = {
    Reason.COPY: "a copy of the other",
    Reason.DEFINITION_CHANGE: "the definition changed",
    Reason.STOCK_VS_FLOW: "a stock read against a flow",
    Reason.NET_VS_GROSS: "a balance read against a total",
    Reason.ARITHMETIC: "the parts do not add up to the whole",
    Reason.WINDOW: "different days",
    Reason.POPULATION: "different people counted",
    Reason.ROUNDING: "rounding",
    Reason.MIRROR: "two sides of one border",
    Reason.REVISION: "a later revision",
    Reason.ERROR: "a slip in the figure",
    Reason.UNEXPLAINED: "not explained",
}


def dispute_blocks(cases: Sequence[Case], evidence: Evidence) -> list[Block]:
    """A block for each of the first contradictions, which are the weightiest; a table of the rest."""
    if not cases:
        return [
            Paragraph(
                (
                    Span(
                        "No two statements of this wave contradict each other beyond what rounding and their own wording allow."
                    ),
                )
            )
        ]
    explained = sum(case.reason is not Reason.UNEXPLAINED for case in cases)
    few = "One contradiction was" if len(cases) == 1 else f"{len(cases)} contradictions were"
    blocks: list[Block] = [
        Paragraph(
            (
                Span(
                    f"{few} found; {explained} of {len(cases)} can be explained. For each: how many persons the "
                    "statements differ by when read at face value, and how many are left once the reason is taken into account."
                ),
            )
        )
    ]
    blocks += [_dispute(case, evidence) for case in cases[:FULL]]
    if cases[FULL:]:
        blocks.append(_rest(cases[FULL:], evidence))
    return blocks


def _dispute(case: Case, evidence: Evidence) -> Dispute:
    before, after = abs(case.residual_before), abs(case.residual_after)
    return Dispute(
        id="case-" + re.sub(r"[^\w-]", "-", tidy(case.id, 40)),
        title=tidy(case.title, _TITLE),
        reason=_REASONS[case.reason],
        explanation=tidy(case.explanation, _STORY),
        before=count(_rounded(before)),
        after=count(_rounded(after)),
        remains=min(after / before, 1.0) if before else 0.0,
        quotes=tuple(evidence.quote(statement) for statement in case.statements[:_QUOTES]),
        others=evidence.numbered(case.statements[_QUOTES:_NAMED], more=len(case.statements) - _NAMED),
        tried=tuple(_tried(trial) for trial in case.trials),
    )


def _tried(trial: Trial) -> str:
    verdict = "accepted" if trial.accepted else "not enough"
    return f"{_REASONS[trial.reason]}: {tidy(trial.assumption, _TRIED)} – leaves {count(_rounded(abs(trial.residual)))}, {verdict}"


def _rounded(persons: float) -> float:
    """Three digits: a residual is not known to the last person."""
    whole = round(persons)
    power = 10 ** max(len(str(whole)) - 3, 0)
    return float(round(persons / power) * power)


def _rest(cases: Sequence[Case], evidence: Evidence) -> Table:
    rows = tuple(
        (
            (Span(tidy(case.title, _TITLE)),),
            (Span(_REASONS[case.reason]),),
            (Span(count(_rounded(abs(case.residual_before)))),),
            (Span(count(_rounded(abs(case.residual_after)))),),
            evidence.numbered(case.statements[:_NAMED], more=len(case.statements) - _NAMED),
        )
        for case in cases
    )
    columns = (
        Column("Contradiction", share=2),
        Column("Reason"),
        Column("Persons before", numeric=True),
        Column("Persons after", numeric=True),
        Column("Statements", share=2),
    )
    return Table("t-cases", "Further contradictions", columns, rows)

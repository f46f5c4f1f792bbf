"""The sources: how many statements each made, how many repeated it, and how it errs."""

from __future__ import annotations

from collections import defaultdict

from tolqyn.claims import Statement
from tolqyn.estimate.posterior import SourceFit
from tolqyn.report.charts import NARROW, WIDE, Range, range_chart
from tolqyn.report.evidence import Evidence
from tolqyn.report.model import Block, Chart, Column, Paragraph, Span, Table, Text
from tolqyn.report.words import count, tidy

__all__ = ["source_blocks"]

_DRAWN = 18
_LISTED = 40


def source_blocks(evidence: Evidence) -> list[Block]:
    """The coverage of each source as a picture, and a table of all of them."""
    said: dict[str, list[Statement]] = defaultdict(list)
    for statement in evidence.statements:
        said[statement.claim.source or ""].append(statement)
    weight: dict[str, int] = defaultdict(int)
    for fit in evidence.posterior.sources:
        weight[fit.source] += fit.statements
    fits = sorted(evidence.posterior.sources, key=lambda fit: (-weight[fit.source], fit.source, fit.measure))
    blocks: list[Block] = [_counts(evidence, said)]
    if fits:
        blocks.append(_chart(fits[:_DRAWN], len(fits)))
    blocks.append(_table(fits, said, evidence))
    return blocks


def _counts(evidence: Evidence, said: dict[str, list[Statement]]) -> Paragraph:
    mentions = sum(statement.mentions for statement in evidence.statements)
    named = len([source for source in said if source])
    alone = len(said.get("", []))
    text = (
        f"{count(mentions)} mentions carry {count(len(evidence.statements))} statements of {count(named)} named sources: "
        "outlets that repeat one briefing are mentions of one statement, and count once."
    )
    if alone:
        text += f" {count(alone)} {'statement names' if alone == 1 else 'statements name'} no source."
    return Paragraph((Span(text),))


def _chart(fits: list[SourceFit], whole: int) -> Chart:
    rows = [
        Range(
            label=tidy(fit.source, 90),
            detail=f"{fit.measure}, {_many(fit.statements)}",
            low=fit.coverage_low,
            middle=fit.coverage,
            high=fit.coverage_high,
            firm=fit.learnt,
            to="#t-sources",
        )
        for fit in fits
    ]
    description = (
        f"For {len(rows)} sources and measures, the share of the true count that each states, with 90 per cent "
        "intervals. The table of sources gives the figures."
    )
    wide, narrow = (
        range_chart(
            rows,
            neutral=1.0,
            axis_name=("states less", "states more"),
            width=width,
            name=f"sources-{width}",
            description=description,
        )
        for width in (WIDE, NARROW)
    )
    note = "A disc: learnt from where this source and others speak of the same days. A ring: too few such days, so what was assumed beforehand still speaks."
    if whole > len(rows):
        note += f" The {len(rows)} with most statements are drawn."
    return Chart(
        "c-sources",
        "What each source sees",
        "Share of the true count that the source states; 100 % is all of it",
        wide,
        narrow,
        description,
        None,
        (Span(note),),
    )


def _table(fits: list[SourceFit], said: dict[str, list[Statement]], evidence: Evidence) -> Table:
    rows: list[tuple[Text, ...]] = []
    fitted = {fit.source for fit in fits}
    for fit in fits[:_LISTED]:
        statements = [s for s in said.get(fit.source, []) if s.claim.measure == fit.measure]
        rows.append(
            (
                (Span(tidy(fit.source, 120)),),
                (Span(fit.measure),),
                (
                    Span(
                        f"{_percent(fit.coverage)} ({fit.coverage_low * 100:.0f}–{_percent(fit.coverage_high)})"
                    ),
                ),
                (Span(f"± {_percent(fit.spread)}"),),
                (Span("learnt" if fit.learnt else "assumed"),),
                (Span(count(fit.statements)),),
                (Span(count(sum(s.mentions for s in statements))),),
                _links(statements, evidence),
            )
        )
    others = sorted(
        (source for source in said if source and source not in fitted),
        key=lambda source: (-len(said[source]), source),
    )
    rows += [_unfitted(source, said[source], evidence) for source in others[: max(_LISTED - len(rows), 0)]]
    left = len(fits) + len(others) - len(rows)
    columns = (
        Column("Source", share=3), Column("Measure"), Column("States, of the true count", numeric=True), Column("Spread", numeric=True),
        Column("From"), Column("Statements", numeric=True), Column("Mentions", numeric=True), Column("Evidence", share=2),
    )  # fmt: skip
    caption = "Sources, and how each errs (90 % intervals)" + (
        f"; {left} more are left out here" if left else ""
    )
    return Table("t-sources", caption, columns, tuple(rows), folded=True)


def _unfitted(source: str, statements: list[Statement], evidence: Evidence) -> tuple[Text, ...]:
    """The row of a source that the estimate learnt nothing of."""
    none = (Span("–"),)
    mentions = sum(statement.mentions for statement in statements)
    return (
        (Span(tidy(source, 120)),),
        none,
        none,
        none,
        (Span("not used"),),
        (Span(count(len(statements))),),
        (Span(count(mentions)),),
        _links(statements, evidence),
    )


def _links(statements: list[Statement], evidence: Evidence, limit: int = 6) -> Text:
    spans: list[Span] = []
    for statement in statements[:limit]:
        spans += [Span(", ")] * bool(spans) + [Span(str(evidence.number(statement)), evidence.to(statement))]
    if len(statements) > limit:
        spans.append(Span(f" and {len(statements) - limit} more"))
    return tuple(spans)


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %" if share >= 0.0995 else f"{share * 100:.1f} %"


def _many(n: int) -> str:
    return f"{n} statement" + ("" if n == 1 else "s")

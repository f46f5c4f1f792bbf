"""Registrations and applications by kind: who was counted as having registered, over which days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tolqyn.claims import Modality, Statement
from tolqyn.report.charts import NARROW, WIDE, Row, row_chart
from tolqyn.report.evidence import Evidence
from tolqyn.report.model import Block, Chart, Column, Paragraph, Span, Table, Text
from tolqyn.report.names import figure, group_name, in_place, kind_name
from tolqyn.report.subject import Subject
from tolqyn.report.words import days

__all__ = ["registration_blocks"]

_MEASURES = ("registrations", "applications")
_DRAWN = 20
"""Rows that a reader can take in; the rest are counted below the chart and stand in the appendix."""


def registration_blocks(subjects: Sequence[Subject], evidence: Evidence) -> list[Block]:
    """What was stated, by kind; and what was estimated, where it was."""
    places = {subject.place for subject in subjects}
    stated = [
        statement
        for statement in evidence.statements
        if statement.claim.measure in _MEASURES
        and statement.claim.place in places
        and statement.claim.unit == "persons"
        and statement.claim.modality is Modality.OBSERVED
    ]
    blocks: list[Block] = list(_estimated(subjects, evidence))
    if stated:
        blocks.append(_chart(stated, subjects[0], evidence, several=len(places) > 1))
    if not blocks:
        blocks.append(Paragraph((Span("No registrations or applications were stated."),)))
    return blocks


def _estimated(subjects: Sequence[Subject], evidence: Evidence) -> list[Block]:
    """A table of the estimated registrations since the first event."""
    rows: list[tuple[Text, ...]] = []
    for subject in subjects:
        kinds = sorted(
            {
                stream.kind or ""
                for stream in subject.posterior.values
                if (stream.measure, stream.place, stream.group)
                == ("registrations", subject.place, subject.group)
            }
        )
        for kind in kinds:
            series = subject.series("registrations", kind or None)
            if series is None:
                continue
            span = days(subject.since, subject.until)
            what = f"registrations ({kind_name(kind or None)}) of {group_name(subject.group)} {in_place(subject.place)}, {span}"
            total = evidence.estimate(
                f"registrations-{kind}", what, subject.sum(series), "registrations", subject.place, subject.group,
                subject.since, subject.until,
            )  # fmt: skip
            rows.append(
                (
                    (Span(kind_name(kind or None)),),
                    (Span(f"{group_name(subject.group)} {in_place(subject.place)}"),),
                    (Span(total.amount.about if total.amount.known else "not known", total.to),),
                    (total.interval(),),
                )
            )
    if not rows:
        return []
    span = days(subjects[0].since, subjects[0].until)
    columns = (
        Column("Kind"),
        Column("Of whom"),
        Column("Estimated", numeric=True),
        Column("90 % interval", numeric=True),
    )
    return [Table("t-registrations", f"Registrations estimated, {span}", columns, tuple(rows))]


def _chart(stated: Sequence[Statement], subject: Subject, evidence: Evidence, *, several: bool) -> Chart:
    ranked = sorted(
        stated, key=lambda s: (not _in_study(s, subject), s.id not in evidence.linked, evidence.number(s))
    )
    drawn = sorted(ranked[:_DRAWN], key=lambda s: (s.claim.measure, s.claim.kind or "", evidence.number(s)))
    rows = [_row(statement, evidence, several=several) for statement in drawn]
    first, last = subject.posterior.days[0], subject.posterior.days[-1]
    starts = [s.claim.window_start for s in drawn if s.claim.window_start]
    # A window may begin long before the study; a season of it is enough to see that it does.
    first = max(min([first, *starts]), first - timedelta(days=(last - first).days))
    description = (
        f"{len(rows)} statements of registrations and applications as bars over the days they cover, by kind."
    )
    wide, narrow = (
        row_chart(rows, first, last, width=width, name=f"registrations-{width}", description=description)
        for width in (WIDE, NARROW)
    )
    left = len(stated) - len(drawn)
    note: Text = (
        Span(
            "Each bar covers the days that the statement speaks of; a pale bar has no stated beginning, an open end "
            "reaches beyond the picture. Bars of one kind cannot be added: later ones include earlier ones."
        ),
    )
    if left:
        note = (
            *note,
            Span(f" {left} further statements stand in the "),
            Span("appendix", "#evidence"),
            Span("."),
        )
    return Chart(
        "c-registrations",
        "What was stated of registrations and applications",
        "Acts counted, over the days they cover",
        wide,
        narrow,
        description,
        None,
        note,
    )


def _in_study(statement: Statement, subject: Subject) -> bool:
    window = statement.claim.window
    return window.overlaps(type(window)(subject.since, subject.posterior.days[-1]))


def _row(statement: Statement, evidence: Evidence, *, several: bool) -> Row:
    claim = statement.claim
    where = f" {in_place(claim.place)}" if several else ""
    return Row(
        group=f"{claim.measure.capitalize()}: {kind_name(claim.kind)}",
        label=group_name(claim.group) + where,
        figure=figure(claim),
        start=claim.window_start,
        end=claim.window_end or _known(statement),
        number=evidence.number(statement),
        to=evidence.to(statement),
        title=evidence.title(statement),
    )


def _known(statement: Statement) -> date | None:
    return statement.claim.known

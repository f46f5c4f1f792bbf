"""Day by day: who came and left, and how many more are there, with the statements as what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Claim, Modality, Qualifier, Statement
from tolqyn.report.charts import NARROW, WIDE, Band, Mark, Panel, time_chart
from tolqyn.report.evidence import Evidence
from tolqyn.report.model import Block, Chart, Column, Heading, Paragraph, Span, Table, Text
from tolqyn.report.names import group_name, in_place, place_name
from tolqyn.report.subject import Subject
from tolqyn.report.words import amount, day, days, tidy

__all__ = ["flow_blocks", "stock_blocks"]

_RATES = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
_BOUNDS = {
    Qualifier.OVER: 1,
    Qualifier.SLIGHTLY_OVER: 1,
    Qualifier.UNDER: -1,
    Qualifier.UP_TO: -1,
    Qualifier.ALMOST: -1,
}
_TELLING = 12
"""Statements of one series that are drawn in full; more would hide the series."""

_HOW_TO_READ = (
    "The line is the middle of the estimate; the true figure lies in the dark band with a chance of one half and in "
    "the light band with 90 %. A black bar is a statement, drawn over the days that it covers at its mean per day; an arrow "
    "marks “more than” or “fewer than”, a box a range, a dashed bar a statement that was set aside. Faint bars moved "
    "the estimate little. A bar or its number opens the sentence."
)


def flow_blocks(subjects: Sequence[Subject], evidence: Evidence) -> list[Block]:
    """Entries, exits and their balance by day, a chart for each subject."""
    blocks: list[Block] = []
    for n, subject in enumerate(subjects, 1):
        panels = [
            Panel(title, paint, Band.of(series), _marks(evidence, subject, measure), _level(subject, measure))
            for measure, title, paint in (
                ("entries", "Entries per day", "entries"),
                ("exits", "Exits per day", "exits"),
            )
            if (series := subject.series(measure)) is not None
        ]
        if not panels:
            continue
        who = f"{group_name(subject.group)}, {place_name(subject.place)}"
        blocks += _heading(subjects, subject)
        sentence = _ordinary_sentence(subject, evidence)
        if sentence:
            blocks.append(Paragraph(sentence))
        description = (
            f"Daily entries and exits of {who}, {days(subject.posterior.days[0], subject.posterior.days[-1])}, "
            "with 50 and 90 per cent bands. The table of the figures by week says the same."
        )
        blocks.append(
            Chart(
                f"c-flows-{n}",
                "Entries and exits, day by day",
                f"Border crossings per day, {who}",
                *_both(panels, subject, f"flows-{n}", description),
                description,
                _weekly_table(subject, evidence, n),
                (
                    Span(_HOW_TO_READ if n == 1 else "Drawn as the first chart."),
                    *_not_drawn(evidence, subject),
                ),
            )
        )
    return blocks


def stock_blocks(subjects: Sequence[Subject], evidence: Evidence) -> list[Block]:
    """What was added since the first event, and who is present where a stock was estimated."""
    blocks: list[Block] = []
    for n, subject in enumerate(subjects, 1):
        panels = []
        if subject.net is not None:
            panels.append(Panel("Entries minus exits, per day", "net", Band.of(subject.net), call=""))
        if subject.added is not None:
            title = f"Added since {day(subject.since)}, in all"
            panels.append(
                Panel(title, "net", Band.of(subject.added), _added_marks(evidence, subject), call="last")
            )
        stock = subject.series("stock")
        if stock is not None:
            marks = _level_marks(evidence, subject)
            panels.append(Panel("Present at the end of the day", "stock", Band.of(stock), marks, call="last"))
        if not panels:
            continue
        who = f"{group_name(subject.group)} {in_place(subject.place)}"
        blocks += _heading(subjects, subject)
        sentence = _height_sentence(subject, evidence)
        if sentence:
            blocks.append(Paragraph(sentence))
        present = ", and persons present" if stock is not None else ""
        description = f"{who}: daily balance, persons added since {day(subject.since)}{present}, by day, with 50 and 90 per cent bands."
        blocks.append(
            Chart(
                f"c-stock-{n}",
                "The balance, and who is present",
                f"Persons, {who}",
                *_both(panels, subject, f"stock-{n}", description),
                description,
                _stock_table(subject, evidence, n),
                (
                    Span(
                        "Drawn as the chart of entries and exits; a statement of people present stands on its day."
                    ),
                ),
            )
        )
    return blocks


def _heading(subjects: Sequence[Subject], subject: Subject) -> list[Block]:
    """A heading for each subject, where there is more than one."""
    if len(subjects) == 1:
        return []
    words = f"{group_name(subject.group)} {in_place(subject.place)}"
    return [Heading(words[:1].upper() + words[1:])]


def _both(panels: Sequence[Panel], subject: Subject, name: str, description: str) -> tuple[str, str]:
    """The chart for a page and for a phone."""
    events = [(event.date, tidy(event.name, 120)) for event in subject.posterior.situation.events]
    wide, narrow = (
        time_chart(
            panels,
            subject.posterior.days,
            events=events,
            told_from=subject.told_from,
            until=subject.until,
            width=width,
            name=f"{name}-{width}",
            description=description,
        )
        for width in (WIDE, NARROW)
    )
    return wide, narrow


def _level(subject: Subject, measure: str) -> NDArray[np.float64] | None:
    ordinary = subject.ordinary.get(measure)
    return None if ordinary is None else np.median(ordinary, axis=0)


def _ordinary_sentence(subject: Subject, evidence: Evidence) -> Text:
    """How much ordinary traffic there is, so that the surge is not read as the whole."""
    entries, ordinary = subject.series("entries"), subject.ordinary.get("entries")
    if entries is None or ordinary is None:
        return ()
    last = subject.index(subject.until)
    ordinary_a_day = ordinary[:, subject.index(subject.since) : last + 1].mean(axis=1)
    level = evidence.estimate(
        "ordinary",
        f"ordinary entries a day of {group_name(subject.group)} to {place_name(subject.place)}, {days(subject.since, subject.until)}",
        ordinary_a_day, "entries", subject.place, subject.group, subject.posterior.days[0], subject.until,
    )  # fmt: skip
    window = entries[:, subject.index(subject.since) : last + 1]
    at = int(np.argmax(np.median(window, axis=0)))
    peak_day = subject.since + timedelta(days=at)
    peak = evidence.estimate(
        "peak",
        f"entries of {group_name(subject.group)} to {place_name(subject.place)}, {day(peak_day)}",
        window[:, at], "entries", subject.place, subject.group, peak_day, peak_day,
    )  # fmt: skip
    times = np.quantile(window[:, at] / np.maximum(ordinary[:, subject.index(peak_day)], 1), [0.05, 0.95])
    return (
        Span("On an ordinary day "),
        *level.told(),
        Span(f" would enter. The highest day is {day(peak_day)}, with "),
        *peak.told(),
        Span(f", {times[0]:.1f}–{times[1]:.1f} times the ordinary."),
    )


def _height_sentence(subject: Subject, evidence: Evidence) -> Text:
    """When the number added was highest, and what it is on the last day with statements."""
    if subject.added is None:
        return ()
    window = subject.added[:, subject.index(subject.since) : subject.index(subject.until) + 1]
    at = int(np.argmax(np.median(window, axis=0)))
    height_day = subject.since + timedelta(days=at)
    if height_day in {subject.since, subject.until}:
        return ()
    group, place = group_name(subject.group), place_name(subject.place)
    height, now = (
        evidence.estimate(
            f"added-{when}", f"entries minus exits of {group}, {place}, {days(subject.since, when)}",
            window[:, (when - subject.since).days], "net", subject.place, subject.group, subject.since, when,
        )
        for when in (height_day, subject.until)
    )  # fmt: skip
    return (
        Span(f"The number added since {day(subject.since)} was highest at the end of {day(height_day)}: "),
        *height.told(),
        Span(f". By {day(subject.until)} it was "),
        *now.told(),
        Span("."),
    )


def _marks(evidence: Evidence, subject: Subject, measure: str) -> tuple[Mark, ...]:
    """The statements of a flow as bars at their mean rate per day."""
    spoken = _spoken(evidence, subject, measure)
    telling = _telling(spoken, evidence, subject)
    marks = []
    for statement in spoken:
        claim = statement.claim
        rate = _per_day(claim)
        if rate is not None and claim.window_start is not None and claim.window_end is not None:
            mark = _mark(evidence, statement, claim.window_start, claim.window_end, rate)
            marks.append(replace(mark, strong=statement.id in telling))
    return tuple(marks)


def _telling(spoken: Sequence[Statement], evidence: Evidence, subject: Subject) -> set[str]:
    """The statements that a reader should see first: used, about these days, and moving the estimate most."""
    first, last = subject.posterior.days[0], subject.posterior.days[-1]

    def share_inside(statement: Statement) -> float:
        window = statement.claim.window.closed(first, last)
        if window.start is None or window.end is None or not window.days:
            return 0.0
        return ((min(window.end, last) - max(window.start, first)).days + 1) / window.days

    worthy = [s for s in spoken if evidence.readings[s.id].used and share_inside(s) >= 0.5]
    worthy.sort(key=lambda s: (-(evidence.readings[s.id].influence or 0), evidence.number(s)))
    return {statement.id for statement in worthy[:_TELLING]}


def _spoken(evidence: Evidence, subject: Subject, measure: str) -> list[Statement]:
    """Statements of the subject that were meant as observed and touch the days of the study."""
    first, last = subject.posterior.days[0], subject.posterior.days[-1]
    return [
        statement
        for statement in evidence.statements
        if (statement.claim.measure, statement.claim.place, statement.claim.group)
        == (measure, subject.place, subject.group)
        and statement.claim.modality is Modality.OBSERVED
        and (statement.claim.window_start or date.min) <= last
        and (statement.claim.window_end or date.max) >= first
        and statement.id in evidence.readings
    ]


def _per_day(claim: Claim) -> float | None:
    """What one unit of the claim's figure is per day; None where no rate can be told."""
    what, _, time = claim.unit.partition("/")
    if what not in {"persons", "crossings"}:
        return None
    if time:
        return 1 / _RATES[time] if time in _RATES else None
    length = claim.window.days
    return 1 / length if length else None


def _mark(evidence: Evidence, statement: Statement, start: date, end: date, share: float) -> Mark:
    claim = statement.claim
    low = claim.value if claim.value is not None else claim.low if claim.low is not None else claim.centre
    high = claim.value if claim.value is not None else claim.high if claim.high is not None else claim.centre
    return Mark(
        start,
        end,
        low * share,
        high * share,
        _BOUNDS.get(claim.qualifier, 0),
        evidence.number(statement),
        evidence.to(statement),
        evidence.title(statement),
        evidence.readings[statement.id].used,
    )


def _level_marks(evidence: Evidence, subject: Subject) -> tuple[Mark, ...]:
    """Statements of stock, on their day."""
    marks = []
    for statement in _spoken(evidence, subject, "stock"):
        when = statement.claim.window_end or statement.claim.known
        if (
            when is not None
            and subject.posterior.days[0] <= when <= subject.posterior.days[-1]
            and statement.claim.unit == "persons"
        ):
            marks.append(_mark(evidence, statement, statement.claim.window_start or when, when, 1))
    return tuple(marks)


def _added_marks(evidence: Evidence, subject: Subject) -> tuple[Mark, ...]:
    """Statements of a balance counted from the very day that the report counts from, on their last day."""
    return tuple(
        _mark(evidence, statement, statement.claim.window_end, statement.claim.window_end, 1)
        for statement in _spoken(evidence, subject, "net")
        if statement.claim.window_start == subject.since
        and statement.claim.window_end is not None
        and statement.claim.unit == "persons"
    )


def _not_drawn(evidence: Evidence, subject: Subject) -> Text:
    """Which flow statements have no place in the chart: no dates to spread them over, or not persons."""
    missing = [
        statement
        for measure in ("entries", "exits")
        for statement in _spoken(evidence, subject, measure)
        if _per_day(statement.claim) is None
        or statement.claim.window_start is None
        or statement.claim.window_end is None
    ]
    if not missing:
        return ()
    return (
        Span(" Not drawn, for want of a first or last day: "),
        *evidence.numbered(missing[:6], more=len(missing) - 6),
        Span("."),
    )


def _weekly_table(subject: Subject, evidence: Evidence, n: int) -> Table:
    """Entries, exits and balance by week from `since`, with 90 % intervals."""
    columns = [Column("Days")]
    wanted = []
    for measure, title in (("entries", "Entries"), ("exits", "Exits"), ("net", "Balance")):
        series = subject.net if measure == "net" else subject.series(measure)
        if series is not None:
            columns += [Column(title, numeric=True), Column("90 % interval", numeric=True)]
            wanted.append(series)
    rows = []
    start = subject.since
    while start <= subject.until:
        end = min(start + timedelta(days=6), subject.until)
        cells: list[Text] = [(Span(days(start, end)),)]
        for series in wanted:
            known = amount(subject.sum(series, start, end))
            cells += [(Span(known.about),), (Span(known.interval),)]
        cells.append(evidence.references("net", subject.place, subject.group, start, end))
        rows.append(tuple(cells))
        start = end + timedelta(days=1)
    columns.append(Column("Rests most on"))
    return Table(f"t-flows-{n}", "The figures by week", tuple(columns), tuple(rows), folded=True)


def _stock_table(subject: Subject, evidence: Evidence, n: int) -> Table:
    """What was added, and who is present, at the end of each week."""
    columns = [Column("At the end of")]
    wanted = []
    for series, title in ((subject.added, "Added"), (subject.series("stock"), "Present")):
        if series is not None:
            columns += [Column(title, numeric=True), Column("90 % interval", numeric=True)]
            wanted.append(series)
    ends = [
        min(subject.since + timedelta(days=6 + 7 * k), subject.until)
        for k in range((subject.until - subject.since).days // 7 + 1)
    ]
    rows = []
    for end in dict.fromkeys([*ends, subject.until]):
        cells: list[Text] = [(Span(day(end)),)]
        for series in wanted:
            known = amount(series[:, subject.index(end)])
            cells += [(Span(known.about),), (Span(known.interval),)]
        cells.append(evidence.references("stock", subject.place, subject.group, subject.since, end))
        rows.append(tuple(cells))
    columns.append(Column("Rests most on"))
    return Table(
        f"t-stock-{n}", "The figures at the end of each week", tuple(columns), tuple(rows), folded=True
    )

"""When the stay rules reach the people of a surge: how many are on their 30th day, or their last lawful one.

Totals of estimated people, never of persons known. It cites the rule and decides nothing; who is past a term is not told,
since nobody knows who left, renewed it or holds a permit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tolqyn.errors import EstimateError
from tolqyn.estimate.cohorts import cohorts
from tolqyn.places import alpha2
from tolqyn.report.charts import NARROW, WIDE, Band, Panel, time_chart
from tolqyn.report.model import Block, Chart, Column, Paragraph, Span, Table
from tolqyn.report.names import group_name, in_place
from tolqyn.report.subject import Subject
from tolqyn.report.words import amount, day, tidy
from tolqyn.stay import Rule, RuleBook, provision
from tolqyn.stay.cohort import Cohort, Milestone, cohort_deadlines

__all__ = ["clock_blocks"]

_AHEAD = 95  # days beyond the last statement: who came last reaches day 90 within them
_LEAST = 500.0  # persons in a week, below which a milestone is not worth a picture
_DAY_NUMBERS = (30,)

Draws = NDArray[np.float64]


def clock_blocks(subjects: Sequence[Subject], book: RuleBook) -> list[Block]:
    """For each place and group under a rule on file: who reaches which day of it when."""
    blocks: list[Block] = []
    for n, subject in enumerate(subjects, 1):
        place, group = alpha2(subject.place), alpha2(subject.group)
        rule = book.find(place, group) if place and group else None
        if rule is None or not rule.versions:
            continue
        try:
            found = cohorts(subject.posterior, subject.place, subject.group, last=subject.until, ahead=_AHEAD)
        except EstimateError:
            continue  # nothing tells a surge apart
        cohort = Cohort(found.first_day, found.present)
        told = [
            one
            for one in cohort_deadlines(cohort, {"": rule}, _DAY_NUMBERS)
            if one.name != "over the limit" and _busiest(one.persons, cohort.days)[1].mean() >= _LEAST
        ]
        if told:
            blocks += _clock(subject, rule, cohort.days, told, n)
    return blocks


def _clock(
    subject: Subject, rule: Rule, days: tuple[date, ...], told: Sequence[Milestone], n: int
) -> list[Block]:
    who = f"{group_name(subject.group)} {in_place(subject.place)}"
    drawn = [one for one in told if not one.name.startswith("duty ")]
    panels = []
    for one in drawn:
        band = Band.of(one.persons)
        soon = days[int(band.q50.argmax())] <= subject.until
        panels.append(Panel(_title(one, rule), "stock", band, call="peak" if soon else ""))
    description = (
        f"{who}: persons of the surge who reach a day of their stay, by day, with 50 and 90 per cent bands. "
        "The table gives the busiest weeks."
    )
    wide, narrow = (
        time_chart(
            panels,
            days,
            events=(),
            until=subject.until,
            width=width,
            name=f"clock-{n}-{width}",
            description=description,
        )
        for width in (WIDE, NARROW)
    )
    came = [when for when in days if when <= subject.until]
    governing = dict.fromkeys(v for when in came if (v := rule.version_on(when)) is not None)
    blocks: list[Block] = [
        Paragraph(
            (
                Span(
                    f"Those of {who} who came above ordinary traffic from {day(days[0])} on, as they reach a day of their stay. "
                    "After the last statement nobody else is taken to come, and those present to leave as they did before. "
                    "Everybody is taken to be on a first visit; who holds a contract or a permit is under other terms."
                ),
            )
        ),
        Chart(
            f"c-clock-{n}",
            "When the stay clock strikes",
            f"Persons per day, {who}",
            wide,
            narrow,
            description,
            _table(told, rule, days, n),
            (Span("Ordinary visitors are not in it: nothing that is said tells how long they stay."),),
        ),
    ]
    blocks += [Paragraph((Span(tidy(provision(rule, version), 900)),), "note") for version in governing]
    return blocks


def _table(told: Sequence[Milestone], rule: Rule, days: tuple[date, ...], n: int) -> Table:
    """The busiest week of each milestone, and how many reach it in all."""
    rows = []
    for one in told:
        first, week = _busiest(one.persons, days)
        whole, busiest = amount(one.persons.sum(axis=1)), amount(week)
        rows.append(
            (
                (Span(_title(one, rule)),),
                (Span(f"{day(first)} to {day(first + timedelta(days=6))}"),),
                (Span(f"{busiest.about} ({busiest.interval})"),),
                (Span(f"{whole.about} ({whole.interval})"),),
            )
        )
    columns = (
        Column("What", share=3), Column("Busiest week", share=2), Column("Persons in it", numeric=True),
        Column("In all", numeric=True),
    )  # fmt: skip
    return Table(f"t-clock-{n}", "Busiest weeks, 90 % intervals", columns, tuple(rows), folded=True)


def _busiest(persons: Draws, days: tuple[date, ...]) -> tuple[date, Draws]:
    """The seven days with most persons on average: their first, and the draws of their sum, (draw,)."""
    sums = np.lib.stride_tricks.sliding_window_view(persons, min(7, len(days)), axis=1).sum(axis=2)
    first = int(sums.mean(axis=0).argmax())
    return days[first], sums[:, first]


def _title(milestone: Milestone, rule: Rule) -> str:
    if milestone.name.startswith("duty "):
        duty = next(one for one in rule.duties if one.id == milestone.name.removeprefix("duty "))
        return f"Last day to {duty.what} ({duty.who})"
    if milestone.name == "last lawful day":
        return "On the last lawful day of the visit"
    return f"On {milestone.name} of the visit"

"""One figure under two labels: other days, other people, or another kind of permit.

A figure that travels keeps its digits and loses its label. Two labels for one figure are a finding when
another statement, or the estimate, says that they cannot both count the same.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import numpy as np

from tolqyn.claims import Measure
from tolqyn.estimate.case import Reason, Trial
from tolqyn.estimate.contradict.context import Context, family
from tolqyn.estimate.contradict.finding import Finding
from tolqyn.estimate.contradict.said import Said, digits_that_count, gap
from tolqyn.estimate.contradict.words import (
    capital,
    count,
    days_text,
    estimated,
    figure_text,
    group_text,
    quantity_text,
    statement_text,
    window_text,
)

__all__ = ["find_one_figure"]

_FEWEST = 1_000.0  # below, equal figures meet by chance
_WINDOWS_ARE_NEAR = 0.2  # windows that differ in less of their days are one window told loosely


def find_one_figure(context: Context) -> list[Finding]:
    """Figures that stand for two counts, one finding for each figure and label."""
    found = []
    for (_, value), same in sorted(context.by_figure.items(), key=str):
        if value < _FEWEST or len(same) < 2:
            continue
        told: set[tuple[str, Measure]] = set()
        labels = _one_of_each_label(same)
        for one, other in combinations(labels, 2):
            if one.measure != other.measure or one.unit != other.unit or one.per_day or other.per_day:
                continue
            if not _may_be_one_saying(one, other, value):
                continue
            finding = _differ(one, other, context)
            if finding is not None and (finding.topic, one.measure) not in told:
                told.add((finding.topic, one.measure))
                found.append(finding)
    return found


def _one_of_each_label(same: list[Said]) -> list[Said]:
    first: dict[tuple[object, ...], Said] = {}
    for said in sorted(same, key=lambda one: (one.known, one.statement.id)):
        first.setdefault((said.measure, said.kind, said.group, said.start, said.end, said.unit), said)
    return list(first.values())


def _may_be_one_saying(one: Said, other: Said, value: float) -> bool:
    """Whether one saying may stand behind two reports: two pages, and one source or digits that do not meet by chance."""
    precise = len(digits_that_count(value)) >= 3
    return one.carrier != other.carrier and (
        precise or (one.source is not None and one.source == other.source)
    )


def _differ(one: Said, other: Said, context: Context) -> Finding | None:
    same_days = (one.start, one.end) == (other.start, other.end) or one.start == other.start
    if one.kind != other.kind:
        return (
            _other_people(one, other)
            if same_days and one.group == other.group and one.kind and other.kind
            else None
        )
    if one.group != other.group:
        return _other_people(one, other) if same_days and (_is_broad(one) or _is_broad(other)) else None
    return _other_days(one, other, context)


def _is_broad(said: Said) -> bool:
    """Whether a group is a citizenship or wider; two narrow names may be two wordings of one group."""
    return said.group in {"any", "foreign"} or (len(said.group) == 3 and said.group.isupper())


def _other_people(one: Said, other: Said) -> Finding:
    """One figure for two groups or two kinds."""
    if one.kind != other.kind:
        what, labels = "kinds", (quantity_text(one), quantity_text(other))
    else:
        what, labels = "groups of people", (group_text(one), group_text(other))
    figure = count(one.figure)
    return Finding(
        "one figure, two peoples",
        (one, other),
        one.figure,
        f"{figure}: {labels[0]}, or {labels[1]}?",
        f"One figure stands for two {what}: {statement_text(one)} ({quantity_text(one)}); "
        f"{statement_text(other)} ({quantity_text(other)}).",
        (
            Trial(
                Reason.WINDOW, "The days are the same or cannot be told apart.", one.figure, accepted=False
            ),
            Trial(
                Reason.POPULATION,
                f"One count under two labels, not {count(2 * one.figure)}: it may be quoted only with the label of its "
                "first source.",
                0.0,
                accepted=True,
            ),
        ),
    )


def _other_days(one: Said, other: Said, context: Context) -> Finding | None:
    """One figure for a window and for a part of it, though people are known to have moved in the rest."""
    if not one.measure.is_flow or not (one.end_known and other.end_known):
        return None
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return None
    long, short = sorted((one, other), key=lambda said: -(said.days or 0))
    assert long.start and long.end and short.start and short.end  # noqa: PT018 - all four were checked above
    if not (long.start <= short.start and short.end <= long.end):
        return None
    spare = (long.days or 0) - (short.days or 0)
    if spare < _WINDOWS_ARE_NEAR * (long.days or 0):
        return None
    rest = [
        (start, end)
        for start, end in (
            (long.start, short.start - timedelta(days=1)),
            (short.end + timedelta(days=1), long.end),
        )
        if start <= end
    ]
    expected, why = _expected_in(rest, long, context)
    if expected <= long.high - short.low:
        return None
    fits = _which_fits(long, short, context)
    figure = count(one.figure)
    spans = " and ".join(days_text(start, end) for start, end in rest)
    return Finding(
        "one figure, two windows",
        (one, other),
        expected,
        f"{figure} {quantity_text(long)}: {window_text(long)}, or {window_text(short)}?",
        f"One figure stands for two windows: {statement_text(long)}; {statement_text(short)}. Both cannot hold: "
        f"nobody would be left for {spans}, where {why}.",
        (Trial(Reason.WINDOW, f"One count told of two windows. {fits}", 0.0, accepted=True),),
    )


def _expected_in(spans: list[tuple[date, date]], said: Said, context: Context) -> tuple[float, str]:
    """Persons who moved in some days, by the estimate or by other statements, and who says so."""
    parts = [context.estimated(said, str(said.measure), start, end) for start, end in spans]
    known = [draws for draws in parts if draws is not None]
    if known and len(known) == len(parts):
        total = np.sum(known, axis=0)
        return float(total.mean()), f"the estimate has {estimated(total.mean(), total.std())}"
    best, why = 0.0, ""
    for other in context.by_family[family(said)]:
        if other.group != said.group or other.claim.value == said.claim.value:
            continue
        for start, end in spans:
            persons = _within_span(other, start, end)
            if persons > best:
                best, why = persons, f"{figure_text(other)} is stated ({statement_text(other)})"
    return best, why


def _within_span(other: Said, start: date, end: date) -> float:
    """Persons that a statement puts into a span: all of a part, or the pace of a rate or of a longer time."""
    if other.per_day:
        applies = (other.start is None or other.start <= start) and (other.end is None or other.end >= end)
        return other.figure_low * ((end - start).days + 1) if applies else 0.0
    if other.start is None or other.end is None or not other.end_known:
        return 0.0
    return max(0.0, other.low) if start <= other.start and other.end <= end else 0.0


def _which_fits(long: Said, short: Said, context: Context) -> str:
    """Which of the two windows holds with all other statements."""
    others = [one for one in context.by_family[family(long)] if one.claim.value != long.claim.value]
    clash = {
        said.statement.id: max((gap(said, other) for other in others), default=0.0) for said in (long, short)
    }
    if clash[long.statement.id] == 0 < clash[short.statement.id]:
        return f"{capital(window_text(long))} holds with the other statements, {window_text(short)} does not."
    if clash[short.statement.id] == 0 < clash[long.statement.id]:
        return f"{capital(window_text(short))} holds with the other statements, {window_text(long)} does not."
    return "The other statements do not tell which."

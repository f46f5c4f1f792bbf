"""Numbers present on two days that no movement of the days between can join.

Refugees who were there before and those who came since, told under one name: 400,000 and, a month later, 60,000.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from tolqyn.claims import Measure
from tolqyn.estimate.case import Reason, Trial
from tolqyn.estimate.contradict.context import Context
from tolqyn.estimate.contradict.finding import Finding
from tolqyn.estimate.contradict.said import Said
from tolqyn.estimate.contradict.words import (
    capital,
    count,
    days_text,
    figure_text,
    quantity_text,
    statement_text,
    window_text,
)

__all__ = ["find_levels"]

_LARGE = 0.1  # of the larger figure: a smaller gap is what sources differ by
_REACH = 12  # levels after each that it is held against: between days far apart much can have moved
_SHOWN = 3


def find_levels(context: Context) -> list[Finding]:
    """Numbers present that the estimate's entries minus exits cannot join, one finding for each odd one out."""
    levels: defaultdict[tuple[object, ...], list[Said]] = defaultdict(list)
    for said in context.said:
        studied = said.place in context.situation.places and said.group in context.situation.groups
        if said.measure is Measure.STOCK and said.end_known and said.end is not None and studied:
            levels[said.place, said.group, said.kind, said.unit].append(said)
    return [
        _tell(odd, others, context) for told in levels.values() for odd, others in _odd_ones(told, context)
    ]


def _odd_ones(levels: Sequence[Said], context: Context) -> list[tuple[Said, list[Said]]]:
    """The fewest levels that, set aside, leave the others to hold together, each with those it clashes with."""
    clashes: defaultdict[str, dict[str, float]] = defaultdict(dict)
    by_id = {said.statement.id: said for said in levels}
    in_time = sorted(levels, key=_day_of)
    for place, one in enumerate(in_time):
        for other in in_time[place + 1 : place + 1 + _REACH]:
            apart = _apart(one, other, context)
            if apart > _LARGE * max(one.figure, other.figure):
                clashes[one.statement.id][other.statement.id] = apart
                clashes[other.statement.id][one.statement.id] = apart
    found = []
    while any(clashes.values()):
        odd = max(clashes, key=lambda name: (len(clashes[name]), sum(clashes[name].values()), name))
        others = sorted(clashes[odd], key=lambda name: (-clashes[odd][name], name))
        found.append((by_id[odd], [by_id[name] for name in others]))
        for name in others:
            del clashes[name][odd]
        del clashes[odd]
    return found


def _day_of(said: Said) -> tuple[date, str]:
    assert said.end is not None
    return said.end, said.statement.id


def _moved(before: Said, after: Said, context: Context) -> tuple[float, float, float] | None:
    """Least, middle and most that the number present can have grown by from one day to the other, at 90 %."""
    assert before.end is not None
    assert after.end is not None
    if before.end >= after.end:
        return None
    draws = context.estimated(before, Measure.NET, before.end + timedelta(days=1), after.end)
    if draws is None:
        return None
    low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95])
    return float(low), float(middle), float(high)


def _apart(before: Said, after: Said, context: Context) -> float:
    """Persons by which two levels miss each other beyond what the days between and the words allow; 0 where they hold."""
    moved = _moved(before, after, context)
    if moved is None:
        return 0.0
    least, _, most = moved
    return max(0.0, before.low + least - after.high, after.low - before.high - most)


def _tell(odd: Said, others: list[Said], context: Context) -> Finding:
    worst = others[0]
    before, after = sorted((odd, worst), key=_day_of)
    moved = _moved(before, after, context)
    assert moved is not None
    least, middle, most = moved
    residual = abs(after.figure - before.figure - middle)
    told = "; ".join(statement_text(said) for said in others[:_SHOWN])
    more = f"; and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
    return Finding(
        "levels",
        (odd, *others),
        residual,
        f"{capital(quantity_text(odd))}: {figure_text(before)} ({window_text(before)}) and {figure_text(after)} "
        f"({window_text(after)}) do not count the same people",
        f"{capital(quantity_text(odd))}: {statement_text(odd)}. Against it: {told}{more}. "
        f"From the first figure to the second {count(abs(after.figure - before.figure))} would have to have "
        f"{'come' if after.figure > before.figure else 'gone'}; the estimate has entries minus exits of "
        f"{_rounded(least)} to {_rounded(most)} for {days_text(before.end, after.end)} (90 % interval).",
        (
            _as_newcomers(odd, others, residual, context),
            _as_flow(odd, others, residual, context),
            _as_redefined(before, after, residual, context),
        ),
    )


def _rounded(persons: float) -> str:
    return count(float(f"{persons:.2g}"))


def _as_newcomers(odd: Said, others: list[Said], residual: float, context: Context) -> Trial:
    """Whether the lower side counts only those who came since the wave began."""
    lower = others if odd.figure > others[0].figure else [odd]
    higher = [odd] if lower is others else others
    first = context.situation.events[0].date if context.situation.events else None
    left = [_from_newcomers(said, first, context) for said in lower]
    if first is None or any(one is None for one in left):
        return Trial(
            Reason.POPULATION,
            "The lower figure is not the number of those who came since the wave began.",
            residual,
            accepted=False,
        )
    return Trial(
        Reason.POPULATION,
        f"{', '.join(figure_text(said) for said in lower[:_SHOWN])}: about as many as came since "
        f"{days_text(first, first)}. Read as those who came since, they hold with "
        f"{', '.join(figure_text(said) for said in higher[:_SHOWN])} of all who are present; the two must not be joined.",
        max(one for one in left if one is not None),
        accepted=True,
    )


def _from_newcomers(said: Said, first: date | None, context: Context) -> float | None:
    """Persons by which a level misses the entries since the first event at 90 %; None where they do not explain it."""
    if first is None or said.end is None or said.end <= first:
        return None
    draws = context.estimated(said, Measure.ENTRIES, first, said.end)
    if draws is None:
        return None
    low, high = np.quantile(draws, [0.05, 0.95])
    return 0.0 if low <= said.high and said.low <= high else None


def _as_flow(odd: Said, others: list[Said], residual: float, context: Context) -> Trial:
    """Whether the figure of one side is stated as movements too."""
    for side in ([odd], others):
        twins = [_twin(said, context) for said in side]
        if all(twin is not None for twin in twins):
            return Trial(
                Reason.STOCK_VS_FLOW,
                "The same figure is stated as movements over a window: "
                + "; ".join(f"{quantity_text(twin)}, {statement_text(twin)}" for twin in twins if twin)
                + ".",
                0.0,
                accepted=True,
            )
    return Trial(Reason.STOCK_VS_FLOW, "Neither figure is stated as movements.", residual, accepted=False)


def _twin(said: Said, context: Context) -> Said | None:
    return next(
        (one for one in context.same_figure(said) if one.measure.is_flow and one.group == said.group), None
    )


def _as_redefined(before: Said, after: Said, residual: float, context: Context) -> Trial:
    """Whether a change other than the one the wave began with falls between two levels of one source."""
    assert before.end is not None
    assert after.end is not None
    first = context.situation.events[0].date if context.situation.events else None
    days = [day for day in context.events_between(before.end, after.end) if day != first]
    if days and before.source is not None and before.source == after.source:
        return Trial(
            Reason.DEFINITION_CHANGE,
            f"A change falls on {days_text(days[0], days[0])}; from then on the source may count something else.",
            0.0,
            accepted=True,
        )
    return Trial(Reason.DEFINITION_CHANGE, "No notice of a change between the two.", residual, accepted=False)

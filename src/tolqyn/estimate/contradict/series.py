"""A series that jumps where nobody moved: a new definition, a register clean-up, a slip.

Two kinds: a headline that goes from crossings to persons, and a stock that steps by far more than
its series ever did or than the flows stated for those days allow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from tolqyn.claims import Measure
from tolqyn.estimate.case import Reason, Trial
from tolqyn.estimate.contradict.context import Context, family
from tolqyn.estimate.contradict.finding import Finding
from tolqyn.estimate.contradict.said import Said
from tolqyn.estimate.contradict.words import (
    capital,
    count,
    days_text,
    figure_text,
    quantity_text,
    source_text,
    statement_text,
    window_text,
)

__all__ = ["find_breaks"]

_FAR = 8.0  # a step this many times the usual one is no ordinary step
_LARGE = 0.05  # of the level
_LONG = 50  # steps, from which a series is long
_NEAR_DAYS = 31  # a headline changes its unit from one issue to the next


def find_breaks(context: Context) -> list[Finding]:
    """Jumps of one source's series."""
    return [*_changes_of_unit(context), *_steps_of_stock(context)]


def _changes_of_unit(context: Context) -> Iterator[Finding]:
    """One source's headline: crossings in one issue, persons in the next."""
    crossings: defaultdict[tuple[object, ...], list[Said]] = defaultdict(list)
    persons: defaultdict[str, list[Said]] = defaultdict(list)
    for said in context.said:
        moves = said.measure in {Measure.ENTRIES, Measure.EXITS, Measure.STOCK}
        if not moves or said.source is None or said.per_day or said.end is None:
            continue
        if said.unit == "crossings":
            crossings[said.source, said.place, said.group].append(said)
        else:
            persons[said.source].append(said)
    for (source, *_), series in crossings.items():
        pair = _headlines(series, persons[str(source)])
        if pair is not None:
            yield _tell_unit(*pair, _way_back(pair[0], series))


def _headlines(crossings: list[Said], persons: list[Said]) -> tuple[Said, Said] | None:
    """The last headline in crossings and the first in persons, if they follow on and are far apart.

    Beside a headline stand smaller figures of the same issue, so the largest of each issue is taken.
    """
    after = [one for one in persons if any(_takes_over(one, other) for other in crossings)]
    first_day = min((one.end for one in after if one.end), default=None)
    before = [one for one in crossings if first_day and one.end and one.end <= first_day]
    if not before or first_day is None:
        return None
    last_day = max(one.end for one in before if one.end)
    last = max((one for one in before if one.end == last_day), key=lambda one: one.figure)
    first = max((one for one in after if one.end == first_day), key=lambda one: one.figure)
    follows = (first_day - last_day).days <= _NEAR_DAYS
    return (last, first) if follows and (first.high < last.low or last.high < first.low) else None


def _takes_over(persons: Said, crossings: Said) -> bool:
    """Whether a count of persons can stand where one of crossings stood: the same total, or those who are away."""
    same_total = (persons.place, persons.measure, persons.start) == (
        crossings.place,
        crossings.measure,
        crossings.start,
    )
    away = persons.measure is Measure.STOCK and persons.group in {crossings.group, crossings.place}
    return same_total or away


def _way_back(last: Said, series: list[Said]) -> Said | None:
    """Movements in the other direction, of the same issue."""
    other = {Measure.ENTRIES: Measure.EXITS, Measure.EXITS: Measure.ENTRIES}.get(last.measure)
    same = [
        said for said in series if said.measure is other and said.unit == last.unit and said.end == last.end
    ]
    return same[0] if same else None


def _tell_unit(last: Said, first: Said, back: Said | None) -> Finding:
    before = abs(first.figure - last.figure)
    after = before if back is None else abs(first.figure - (last.figure - back.figure))
    less = (
        ""
        if back is None
        else f" Crossings less those back, {figure_text(back)}, make {count(last.figure - back.figure)}: "
        f"{count(after)} from the new figure."
    )
    said = (last, first) if back is None else (last, back, first)
    return Finding(
        "unit",
        said,
        before,
        f"{capital(quantity_text(last))}: {figure_text(last)} ({window_text(last)}) became "
        f"{count(first.figure)} persons ({window_text(first)})",
        f"{capital(statement_text(last))}; then {statement_text(first)}: {count(before)} "
        f"{'fewer' if first.figure < last.figure else 'more'} from one to the next.",
        (
            Trial(
                Reason.DEFINITION_CHANGE,
                f"{source_text(first)} went from crossings to persons; one person can cross many times.{less} "
                "The two series must not be joined.",
                0.0 if back is None else min(after, before),
                accepted=True,
            ),
        ),
    )


def _steps_of_stock(context: Context) -> Iterator[Finding]:
    """A stock of one source that steps by far more than it does, or than the flows stated allow."""
    series: defaultdict[tuple[object, ...], list[Said]] = defaultdict(list)
    for said in context.said:
        if said.measure is Measure.STOCK and said.source is not None and said.end is not None:
            series[said.source, said.place, said.group, said.kind, said.unit].append(said)
    for told in series.values():
        levels = _one_a_day(told)
        if len(levels) >= 2:
            yield from _steps(levels, context)


def _one_a_day(levels: list[Said]) -> list[Said]:
    """The level last said for each day, in order of days."""
    last: dict[date, Said] = {}
    for said in sorted(levels, key=lambda one: (one.known, one.statement.id)):
        assert said.end is not None
        last[said.end] = said
    return [last[day] for day in sorted(last)]


def _steps(levels: list[Said], context: Context) -> Iterator[Finding]:
    paces = [(after.figure - before.figure) / _days(before, after) for before, after in pairwise(levels)]
    n = 0
    while n < len(paces):
        before, after = levels[n], levels[n + 1]
        apart = before.low > after.high or after.low > before.high
        large = abs(after.figure - before.figure) > _LARGE * max(before.figure, after.figure)
        # In a long series its own step hardly moves the median, and leaving each out in turn would be slow.
        others = paces if len(paces) > _LONG else [*paces[:n], *paces[n + 1 :]]
        usual = median(others) if others else 0.0
        spread = median(abs(pace - usual) for pace in others) if others else 0.0
        odd = len(others) >= 4 and abs(paces[n] - usual) > _FAR * max(
            spread, 0.001 * before.figure / _days(before, after)
        )
        moved = _stated_net(before, after, context)
        excluded = moved is not None and not (
            after.low - before.high <= moved[2] and moved[0] <= after.high - before.low
        )
        event = _change_between(before, after, context)
        told_by_event = event is not None and moved is None and others == []
        stands_out = large and apart and (odd or excluded or told_by_event)
        if stands_out and not _seen_by_another(before, after, context):
            expected = usual * _days(before, after) if moved is None else moved[1]
            returns = (
                n + 2 < len(levels) and _agree(levels[n + 2], before) and not _agree(levels[n + 2], after)
            )
            yield _tell_step(
                before, after, levels[n + 2 :], expected, event, returns=returns, excluded=excluded
            )
            n += 2 if returns else 1
        else:
            n += 1


def _agree(one: Said, other: Said) -> bool:
    return abs(one.figure - other.figure) <= 0.1 * max(one.figure, other.figure)


def _days(before: Said, after: Said) -> int:
    assert before.end is not None
    assert after.end is not None
    return (after.end - before.end).days


def _stated_net(before: Said, after: Said, context: Context) -> tuple[float, float, float] | None:
    """Least, stated and greatest net flow of the days between two stocks; None where none is."""
    for pair in context.flows.get((before.place, before.group), []):
        entries, exits = pair.said
        if entries.start is None or entries.end is None or before.end is None or after.end is None:
            continue
        starts = abs((entries.start - before.end).days - 1) <= 1
        if starts and abs((entries.end - after.end).days) <= 1 and not entries.per_day and entries.end_known:
            return entries.low - exits.high, pair.net, entries.high - exits.low
    return None


def _seen_by_another(before: Said, after: Said, context: Context) -> bool:
    """Whether another source's stock of the same people steps the same way, by at least half as much, over those days.

    The same figures under another name are an echo and confirm nothing.
    """
    assert before.end is not None
    assert after.end is not None
    step = after.figure - before.figure
    series: defaultdict[str, list[Said]] = defaultdict(list)
    for other in context.by_family[family(before)]:
        if other.source not in {None, before.source} and other.group == before.group and other.end:
            series[str(other.source)].append(other)
    for levels in series.values():
        earlier = [one for one in levels if one.end and one.end <= before.end]
        later = [one for one in levels if one.end and one.end >= after.end]
        if not earlier or not later:
            continue
        was, now = max(earlier, key=_day_of), min(later, key=_day_of)
        echo = (was.figure, now.figure) == (before.figure, after.figure)
        if not echo and (now.figure - was.figure) * step >= 0.5 * step**2:
            return True
    return False


def _day_of(said: Said) -> date:
    assert said.end is not None
    return said.end


def _change_between(before: Said, after: Said, context: Context) -> date | None:
    """A day of an event between two stocks that is not the one the wave began with."""
    assert before.end is not None
    assert after.end is not None
    first = context.situation.events[0].date if context.situation.events else None
    days = context.events_between(before.end - timedelta(days=3), after.end + timedelta(days=3))
    return next((day for day in days if day != first), None)


def _tell_step(
    before: Said,
    after: Said,
    later: list[Said],
    expected: float,
    event: date | None,
    *,
    returns: bool,
    excluded: bool,
) -> Finding:
    step = after.figure - before.figure
    residual = abs(step - expected)
    stays = [one for one in later if _agree(one, after)]
    settled = not returns and (event is not None or (excluded and bool(stays)))
    if event is not None:
        because = (
            f"A change falls on {days_text(event, event)}; the stock counts something else from then on."
        )
    elif settled:
        because = (
            "The flows stated for those days exclude it, and the stock stays at the new level "
            f"({', '.join(figure_text(one) for one in stays[:3])}): the register or its definition changed."
        )
    else:
        because = "No notice of a change, and nothing that excludes that people moved."
    verb = "fell" if step < 0 else "rose"
    return Finding(
        "step",
        (before, after),
        residual,
        f"{capital(quantity_text(before))}: {verb} by {count(abs(step))} from {window_text(before)} to "
        f"{window_text(after)}, more than people moved",
        f"{capital(statement_text(before))}; then {statement_text(after)}. The stock {verb} by {count(abs(step))} where "
        f"{count(expected)} is what its other steps or the stated flows give.",
        (
            Trial(
                Reason.DEFINITION_CHANGE,
                because + (" It must not be read as movement; the series is cut there." if settled else ""),
                0.0 if settled else residual,
                settled,
            ),
            Trial(
                Reason.ERROR,
                f"The figure after it returns to the old level: {figure_text(after)} is a slip."
                if returns
                else "The figure does not return to the old level.",
                0.0 if returns else residual,
                returns,
            ),
        ),
        tuple(stays[:3]) if event is None and settled else (),
    )

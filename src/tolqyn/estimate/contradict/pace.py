"""Two bodies that count one kind of act over growing spans, at paces too unlike to be one count.

Entries may jump from one week to the next: that is what a wave is. Offices register people at a pace set
by their desks, so a jump between two bodies asks whether they count the same acts.
"""

from __future__ import annotations

from tolqyn.claims import Measure
from tolqyn.estimate.case import Reason, Trial
from tolqyn.estimate.contradict.context import Context
from tolqyn.estimate.contradict.finding import Finding
from tolqyn.estimate.contradict.said import Said, gap
from tolqyn.estimate.contradict.words import (
    capital,
    count,
    days_text,
    figure_text,
    group_text,
    quantity_text,
    source_text,
    statement_text,
    window_text,
)

__all__ = ["find_paces"]

_UNLIKE = 4.0
_FEWEST = 1_000.0


def find_paces(context: Context) -> list[Finding]:
    """For each kind of registration, the two bodies whose paces differ most, if by a factor of four."""
    found = []
    for (_, measure, kind, _), members in context.by_family.items():
        if measure not in {Measure.REGISTRATIONS, Measure.APPLICATIONS} or kind is None:
            continue
        pairs = [
            (_jump(short, long), short, long)
            for short in members
            for long in _since_the_same_day(short, members)
            if _jump(short, long) >= _UNLIKE
        ]
        if pairs:
            _, short, long = max(
                pairs, key=lambda pair: (pair[0], pair[1].statement.id, pair[2].statement.id)
            )
            found.append(_tell(short, long))
    return found


def _since_the_same_day(short: Said, members: list[Said]) -> list[Said]:
    """Longer counts of another body that begin on the same day and hold the short one."""
    if short.start is None or short.end is None or not short.end_known or short.figure < _FEWEST:
        return []
    return [
        long
        for long in members
        if long.start == short.start
        and long.end is not None
        and long.end_known
        and short.end < long.end
        and long.source is not None
        and short.source is not None
        and long.source != short.source
        and not gap(short, long)
    ]


def _jump(short: Said, long: Said) -> float:
    """Pace of the days that only the longer count has, against the pace of the shorter one."""
    extra = (long.days or 0) - (short.days or 0)
    if extra <= 0 or short.figure <= 0 or not short.days:
        return 0.0
    return ((long.figure - short.figure) / extra) / (short.figure / short.days)


def _tell(short: Said, long: Said) -> Finding:
    extra = (long.days or 0) - (short.days or 0)
    difference = long.figure - short.figure
    pace, later = short.figure / (short.days or 1), difference / extra
    groups = (
        f"they also name different people ({group_text(short)}, {group_text(long)}), "
        if short.group != long.group
        else ""
    )
    assert short.end is not None
    return Finding(
        "pace",
        (short, long),
        difference,
        f"{capital(quantity_text(short))}: {figure_text(short)} ({window_text(short)}) by one body, "
        f"{figure_text(long)} ({window_text(long)}) by another",
        f"{capital(statement_text(short))}; {statement_text(long)}. The figures are {count(difference)} apart.",
        (
            Trial(
                Reason.WINDOW,
                f"The second count covers {extra} more days, to {days_text(long.end, long.end)}. Both can hold, if after "
                f"{days_text(short.end, short.end)} {count(later)} a day were counted where before there were "
                f"{count(pace)}, {later / pace:.1f} times as many; {groups}so ask whether {source_text(short)} and "
                f"{source_text(long)} count the same acts.",
                0.0,
                accepted=True,
            ),
            Trial(
                Reason.POPULATION,
                f"Different people alone do not explain it: at an even pace the second count would be "
                f"{count(pace * (long.days or 0))}.",
                long.figure - pace * (long.days or 0),
                accepted=False,
            ),
        ),
    )

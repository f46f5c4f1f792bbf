"""Why statements exclude each other: each reason reads one of them otherwise and sees what is left.

A reason never invents its reading: it takes a window, group, measure or figure that some statement,
event or habit of writing gives. The residual under a reason is the gap that its reading leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from tolqyn.claims import Measure, Qualifier
from tolqyn.estimate.case import Reason, Trial
from tolqyn.estimate.contradict.context import Context, family, series
from tolqyn.estimate.contradict.said import Said, digits_that_count, gap, group_within, written_step
from tolqyn.estimate.contradict.words import (
    count,
    country_of_body,
    days_text,
    figure_text,
    group_text,
    quantity_text,
    source_text,
    statement_text,
    window_text,
)

__all__ = ["Clash", "coarsely_rounded", "for_other_days", "slips", "told_for_other_days", "try_reasons"]


@dataclass(frozen=True, slots=True)
class Clash:
    """One quantity against others whose bounds exclude it.

    Attributes:
        odd: statements of one quantity that agree with each other.
        others: the same, for each quantity that it clashes with, worst first.
        residual: the largest gap, in persons.
        speaker: of the odd statements that clash, the one with most digits, then the one said first.
        opponents: of the worst of the other quantities, one statement each: the first said that clashes.
    """

    odd: tuple[Said, ...]
    others: tuple[tuple[Said, ...], ...]
    residual: float
    speaker: Said
    opponents: tuple[Said, ...]

    @classmethod
    def of(cls, odd: Sequence[Said], others: Sequence[Sequence[Said]], residual: float) -> Clash:
        """The clash, with those who speak for either side chosen."""
        worst = others[:_WORST]
        ranked = sorted(
            odd, key=lambda said: (-len(digits_that_count(said.figure)), said.known, said.statement.id)
        )
        speaker = next(
            (said for said in ranked if any(gap(said, other) for node in worst for other in node)), ranked[0]
        )
        opponents = []
        for node in worst:
            first = sorted(node, key=lambda said: (said.known, said.statement.id))
            opponents.append(next((said for said in first if gap(speaker, said)), first[0]))
        return cls(tuple(odd), tuple(tuple(node) for node in others), residual, speaker, tuple(opponents))

    def turned(self) -> Clash:
        """The same clash seen from the other side; only a pair has one."""
        return Clash.of(self.others[0], (self.odd,), self.residual)


_LOOSE = 0.2  # share of its days by which one window may be told in two ways
_WORST = 20  # quantities that a reading is tried on: what explains the worst explains the rest


@dataclass(frozen=True, slots=True)
class _Reading:
    """The odd statement read otherwise.

    `said` None means that under this reading the two are not to be compared at all.
    """

    said: Said | None
    assumption: str
    evidence: tuple[Said, ...] = ()


_Reader = Callable[[Clash, Context], Iterator[_Reading]]


def try_reasons(clash: Clash, context: Context) -> tuple[tuple[Trial, ...], tuple[Said, ...]]:
    """Every reason tried in order, and the statements that the first accepted one leans on."""
    views = [clash, clash.turned()] if len(clash.others) == 1 else [clash]
    trials: list[Trial] = []
    evidence: tuple[Said, ...] = ()
    for reason, reader in _READERS.items():
        options = [
            (_left(view, reading), n, reading)
            for n, view in enumerate(views)
            for reading in reader(view, context)
        ]
        if not options:
            trials.append(Trial(reason, _NOT_MET[reason], clash.residual, accepted=False))
            continue
        left, _, best = min(options, key=lambda option: option[:2])
        accepted = left < 0.1 * clash.residual
        if accepted and not any(trial.accepted for trial in trials):
            evidence = best.evidence
        trials.append(Trial(reason, best.assumption, left, accepted))
    return tuple(trials), evidence


def _left(clash: Clash, reading: _Reading) -> float:
    """Persons that still clash under a reading."""
    if reading.said is None:
        return 0.0
    return max(gap(reading.said, other) for other in clash.opponents)


def _copies(clash: Clash, context: Context) -> Iterator[_Reading]:
    """An older figure repeated as new, or another quantity's figure under this one's name."""
    odd = clash.speaker
    if odd.claim.value is None or len(digits_that_count(odd.figure)) < 2:
        return
    for older in context.same_figure(odd):
        no_own_source = odd.source is None or odd.source == older.source
        if not older.known < odd.known or not no_own_source:
            continue
        stale = (
            (older.measure, older.kind, older.group) == (odd.measure, odd.kind, odd.group)
            and older.start == odd.start
            and older.end_known
            and older.end is not None
            and odd.end is not None
            and older.end < odd.end
        )
        if stale:
            yield _Reading(
                replace(odd, end=older.end),
                f"The figure is a copy of an older one: {statement_text(older)}; it was carried on under a later day.",
                (older,),
            )
        elif older.measure != odd.measure and odd.claim.window == older.claim.window:
            yield _Reading(
                None,
                f"The figure is a copy of another quantity's: {quantity_text(older)}, {statement_text(older)}.",
                (older,),
            )


def _definition_changes(clash: Clash, context: Context) -> Iterator[_Reading]:
    """A running total or a level that starts anew under another definition, and stays there."""
    odd = clash.speaker
    for other in clash.opponents:
        if odd.source is None or odd.source != other.source or odd.start != other.start:
            continue
        before, after = sorted((odd, other), key=lambda said: (said.end or date.max, said.known))
        if before.end is None or after.end is None or not before.figure > after.figure:
            continue
        if before.end == after.end or _is_spike(before, after, context):
            continue
        events = context.events_between(before.end - timedelta(days=3), after.end + timedelta(days=3))
        # The event that began the wave is not a change of definition within it.
        events = [day for day in events if day != context.situation.events[0].date]
        if events:
            yield _Reading(
                None,
                f"A change falls between the two, on {days_text(events[0], events[0])}: from then on the figure "
                "counts something else, and the series must not be joined.",
            )
        later = _continues(after, before, context)
        if len(later) >= 2:
            yield _Reading(
                None,
                f"The series of {source_text(after)} goes on from the lower figure "
                f"({', '.join(figure_text(one) for one in later[:3])}): it was started anew "
                "under another definition, and must not be joined.",
                tuple(later[:3]),
            )


def _is_spike(before: Said, after: Said, context: Context) -> bool:
    """Whether the higher figure stands alone: the series was no higher before it than after it."""
    assert before.end is not None
    earlier = [one for one in context.by_series[series(before)] if one.end and one.end < before.end]
    return bool(earlier) and not any(one.figure > after.figure for one in earlier)


def _continues(after: Said, before: Said, context: Context) -> list[Said]:
    """Later totals of the same series that grow from the lower level and stay below the higher one."""
    assert after.end is not None
    return [
        one
        for one in context.by_series[series(after)]
        if one.end and one.end > after.end and after.low <= one.high and one.figure < before.figure
    ]


def _stocks_for_flows(clash: Clash, context: Context) -> Iterator[_Reading]:
    """A count of people present told as a count of movements, or the reverse."""
    odd = clash.speaker
    for twin in context.same_figure(odd):
        levels = (twin.measure is Measure.STOCK) != (odd.measure is Measure.STOCK)
        if levels and twin.group == odd.group and len(digits_that_count(odd.figure)) >= 2:
            what = "people present" if twin.measure is Measure.STOCK else "movements over a window"
            yield _Reading(
                None,
                f"The same figure is stated as {what}: {quantity_text(twin)}, {statement_text(twin)}.",
                (twin,),
            )


def _nets_for_grosses(clash: Clash, context: Context) -> Iterator[_Reading]:
    """Entries minus exits told as entries, or entries told as the net."""
    odd = clash.speaker
    if odd.measure not in {Measure.ENTRIES, Measure.EXITS, Measure.NET}:
        return
    for pair in context.flows.get((odd.place, odd.group), []):
        if odd in pair.said or (odd.start, odd.end) != (pair.entries.start, pair.entries.end):
            continue
        meant = pair.entries.figure if odd.measure is Measure.NET else abs(pair.net)
        if _near(odd.figure, meant, 0.02):
            other = "all entries" if odd.measure is Measure.NET else "entries minus exits"
            yield _Reading(
                None,
                f"The figure is {other} of the window: {figure_text(pair.entries)} in, "
                f"{figure_text(pair.exits)} out, a difference of {count(pair.net)}.",
                pair.said,
            )


def _sums(clash: Clash, context: Context) -> Iterator[_Reading]:
    """A step of a running total told as the total, so that the sum does not come out."""
    odd = clash.speaker
    key = (odd.place, odd.measure, odd.kind, odd.unit)
    if len(digits_that_count(odd.figure)) < 2:
        return
    totals = [
        one
        for one in context.by_family[key]
        if one.group == odd.group and one.start is not None and one.start == odd.start and one.end_known
    ]
    totals.sort(key=lambda one: (one.end or date.max, one.known))
    for earlier, later in pairwise(totals):
        if odd in (earlier, later) or earlier.end == later.end or later.end != odd.end:
            continue
        if earlier.end is not None and _equal_as_written(odd.figure, later.figure - earlier.figure):
            yield _Reading(
                replace(odd, start=earlier.end + timedelta(days=1)),
                f"The figure is what the running total rose by: {figure_text(later)} minus {figure_text(earlier)}.",
                (earlier, later),
            )


def _windows(clash: Clash, context: Context) -> Iterator[_Reading]:
    """Other days: those that the same figure has elsewhere, or those since an event."""
    odd = clash.speaker
    if odd.start is None or odd.end is None:
        return
    for twin in told_for_other_days(odd, context):
        yield _Reading(replace(odd, start=twin.start, end=twin.end), for_other_days(odd, twin), (twin,))
    for day in context.events_between(odd.start, odd.end):
        clipped = replace(odd, start=day)
        pace = _pace_since(day, odd, context)
        if (clipped.days or 0) <= 0.75 * (odd.days or 0) and pace is not None:
            yield _Reading(
                clipped,
                f"The figure counts from {days_text(day, day)}, the day of an event, not from "
                f"{days_text(odd.start, odd.start)}; so does {statement_text(pace)}, at a like pace. "
                "Read so, it holds with these.",
                (pace,),
            )


def told_for_other_days(odd: Said, context: Context) -> Iterator[Said]:
    """Statements of the same figure and people whose days are others, but share some or touch."""
    for twin in (*context.same_figure(odd), *_in_more_digits(odd, context)):
        same_people = (twin.measure, twin.kind, twin.group) == (odd.measure, odd.kind, odd.group)
        if same_people and twin.end_known and _shares_days(odd, twin):
            yield twin


def for_other_days(odd: Said, twin: Said) -> str:
    """How a reader is told that the same figure is stated for other days."""
    digits = "" if twin.figure == odd.figure else f"in more digits, {figure_text(twin)}, "
    return (
        f"The same figure is stated {digits}for other days, {window_text(twin)}: {source_text(twin)}. "
        "Read so, it holds with these."
    )


def _in_more_digits(odd: Said, context: Context) -> Iterator[Said]:
    """Figures of the same source that this one may be, rounded or cut off: 78,000 of 78,742."""
    if odd.source is None or odd.claim.value is None or len(digits_that_count(odd.figure)) < 2:
        return
    step = written_step(odd.figure)
    for twin in context.by_family[family(odd)]:
        longer = twin.claim.value is not None and written_step(twin.figure) < step
        if longer and twin.source == odd.source and -step / 2 <= twin.figure - odd.figure < step:
            yield twin


def _shares_days(odd: Said, twin: Said) -> bool:
    """Whether two windows are not one, but share days or touch: else equal figures meet by chance."""
    if odd.start is None or odd.end is None or twin.start is None or twin.end is None:
        return False
    near = odd.start <= twin.end + timedelta(days=1) and twin.start <= odd.end + timedelta(days=1)
    return near and (odd.start, odd.end) != (twin.start, twin.end)


def _pace_since(day: date, odd: Said, context: Context) -> Said | None:
    """A statement that counts from an event at about the pace that the odd one would have from there."""
    assert odd.end is not None
    for one in context.by_family[odd.place, odd.measure, odd.kind, odd.unit]:
        if one.statement is odd.statement or one.group != odd.group or one.start is None or not one.end_known:
            continue
        pace = odd.figure / ((odd.end - day).days + 1)
        if abs((one.start - day).days) <= 1 and 1 / 3 <= pace / max(one.figure / (one.days or 1), 1.0) <= 3:
            return one
    return None


def _populations(clash: Clash, context: Context) -> Iterator[_Reading]:
    """Other people: a group that the same or an agreeing figure has elsewhere, or one left unsaid."""
    odd = clash.speaker
    key = (odd.place, odd.measure, odd.kind, odd.unit)
    for twin in [*context.same_figure(odd), *context.by_family[key]]:
        if twin.group == odd.group or (twin.measure, twin.kind) != (odd.measure, odd.kind):
            continue
        same_days = (twin.start, twin.end) == (odd.start, odd.end) and twin.end is not None
        agrees = twin.low <= odd.high and odd.low <= twin.high
        clashes = any(gap(twin, other) for other in clash.opponents)
        if same_days and agrees and not clashes:
            yield _Reading(
                replace(odd, group=twin.group),
                f"An agreeing figure for the same days is stated of other people, {group_text(twin)}: "
                f"{statement_text(twin)}.",
                (twin,),
            )
    part = clash.opponents[0]
    unsaid = odd.group in {"any", "foreign"} and part.group != odd.group
    beside = next((one for one in clash.opponents if _told_beside(odd, one)), None) if unsaid else None
    if beside is not None:
        yield _Reading(
            None,
            f"One sentence gives both figures: {figure_text(odd)} must be {group_text(odd)} other than "
            f"{group_text(beside)}, and is to be added to them.",
        )
    elif unsaid and odd.source != part.source and group_within(part, odd) and part.figure > odd.figure:
        yield _Reading(
            None,
            f"{source_text(odd)} counts fewer people than all who crossed: its figure for {group_text(odd)} is below "
            f"the {figure_text(part)} of {group_text(part)} alone, so it must mean a narrower group than it names.",
        )


def _told_beside(odd: Said, part: Said) -> bool:
    """Whether a text names some people and, in the same words on the same days, "foreigners": the others are meant.

    "40,000 Sudanese and 2,300 foreigners entered": nobody contradicts himself within a sentence.
    """
    one, other = odd.claim, part.claim
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    overlap = one.doc == other.doc and one.start < other.end and other.start < one.end
    return overlap and odd.group != part.group and group_within(part, odd)


def _roundings(clash: Clash, _: Context) -> Iterator[_Reading]:
    """Figures rounded more coarsely than is usual: to the last digit written, or to fives of it."""
    odd = clash.speaker
    rounded = coarsely_rounded(odd)
    if rounded is not None:
        yield _Reading(
            rounded,
            f"{figure_text(odd)} is a round figure: it may stand for anything nearest to it in steps of "
            f"{count(_coarse_step(odd))}.",
        )


def coarsely_rounded(said: Said) -> Said | None:
    """The same read as rounded to its last digit, or to fives of it; None where the figure is not so round."""
    if said.claim.value is None or said.claim.qualifier not in {Qualifier.EXACT, Qualifier.ABOUT}:
        return None
    step = _coarse_step(said)
    if step < 10 or step > said.figure:
        return None
    return replace(
        said, low=min(said.low, said.figure - step / 2), high=max(said.high, said.figure + step / 2)
    )


def _coarse_step(said: Said) -> float:
    step = written_step(said.figure)
    return 5 * step if (said.figure / step) % 5 == 0 else step


def _mirrors(clash: Clash, _: Context) -> Iterator[_Reading]:
    """The other country's report of the same movement, with a coverage of its own."""
    odd = clash.speaker
    if not odd.measure.is_flow:
        return
    for other in clash.opponents:
        theirs, ours = country_of_body(odd.source), country_of_body(other.source)
        if theirs and ours and theirs != ours and ours == other.place:
            yield _Reading(
                None,
                f"{source_text(odd)} sees the movement from the other side of the border, with its own coverage "
                f"and definitions ({figure_text(odd)} against {figure_text(other)}): the two are not averaged.",
            )


def _revisions(clash: Clash, _: Context) -> Iterator[_Reading]:
    """A later count by the same source that replaces an earlier one."""
    odd = clash.speaker
    if any(odd.end == other.end and _is_slip(odd, other) for other in clash.opponents):
        return  # that two figures share their digits is the better reason
    for other in clash.opponents:
        if odd.source is None or odd.source != other.source or odd.start != other.start:
            continue
        earlier, later = sorted((odd, other), key=lambda said: said.known)
        if not earlier.known < later.known or later.known == date.max:
            continue
        near = 2 / 3 <= earlier.figure / max(later.figure, 1.0) <= 3 / 2
        same_days = earlier.end == later.end
        partial = same_days and earlier.days == 1 and earlier.end is not None and earlier.known <= earlier.end
        if near or partial:
            why = "before the day was over" if partial else "first"
            yield _Reading(
                None,
                f"{source_text(later)} revised its count: {figure_text(earlier)} was said {why} on "
                f"{days_text(earlier.known, earlier.known)}, {figure_text(later)} on "
                f"{days_text(later.known, later.known)}. The later one holds.",
            )


def _errors(clash: Clash, _: Context) -> Iterator[_Reading]:
    """A slip of the pen: digits swapped, a zero too many, thousands for millions, one word misheard."""
    odd, other = clash.speaker, clash.opponents[0]
    if odd.claim.value is None:
        return
    same_count = (odd.place, odd.group) == (other.place, other.group) and _same_days(odd, other)
    for value, slip in slips(odd.figure):
        meant = odd.worth(value)
        if same_count:
            swapped = slip == "two digits swapped"
            likely = other.claim.value == value if swapped else _near(value, other.figure, 0.1)
        else:
            precise = len(digits_that_count(odd.figure)) >= 2
            likely = precise and slip != "two digits swapped" and _keeps_pace(meant, clash)
        if likely:
            yield _Reading(meant, f"A slip of the pen: {slip}, {count(odd.figure)} for {count(value)}.")
    tail = _common_tail(odd.figure, other.figure)
    if same_count and other.claim.value is not None and tail:
        yield _Reading(
            odd.worth(other.figure),
            f"A slip in writing or hearing: {count(odd.figure)} and {count(other.figure)} end alike, in {tail}, and "
            "differ only in front. Which one is right these two cannot tell.",
        )


def _same_days(one: Said, other: Said) -> bool:
    """Whether two windows are one, if told a little loosely: a day too many at an end."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return (one.start, one.end) == (other.start, other.end)
    apart = abs((one.start - other.start).days) + abs((one.end - other.end).days)
    return apart < _LOOSE * max(one.days or 1, other.days or 1)


def _is_slip(one: Said, other: Said) -> bool:
    """Whether one figure is the other with digits swapped, a factor, or another beginning."""
    return other.figure in {value for value, _ in slips(one.figure)} or bool(
        _common_tail(one.figure, other.figure)
    )


def slips(value: float) -> Iterator[tuple[float, str]]:
    """Figures for which `value` may have been written by a slip, with the slip's name.

    >>> [(value, slip) for value, slip in slips(174_000) if slip == "two digits swapped"]
    [(714000.0, 'two digits swapped'), (147000.0, 'two digits swapped')]
    """
    digits = digits_that_count(value)
    zeros = 10 ** (len(str(round(value))) - len(digits))
    for n in range(len(digits) - 1):
        swapped = digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :]
        if swapped != digits and swapped[0] != "0":
            yield float(int(swapped) * zeros), "two digits swapped"
    for factor, name in ((10, "a factor of ten"), (1000, "thousands for millions")):
        yield value * factor, name
        yield value / factor, name


def _keeps_pace(meant: Said, clash: Clash) -> bool:
    """Whether the corrected figure makes about as many persons a day as the others do."""
    paces = [said.figure / said.days for said in clash.opponents if said.days and said.figure > 0]
    if not meant.days or not paces:
        return False
    pace = meant.figure / meant.days
    return all(1 / 3 <= pace / other <= 3 for other in paces)


def _common_tail(one: float, other: float) -> str:
    """What two figures of equal length end in alike, if that is three digits or more before any zeros."""
    first, second = str(round(one)), str(round(other))
    if len(first) != len(second):
        return ""
    shared = 0
    while shared < len(first) and first[-1 - shared] == second[-1 - shared]:
        shared += 1
    tail = first[len(first) - shared :]
    return tail if len(tail.rstrip("0")) >= 3 else ""


def _near(one: float, other: float, share: float) -> bool:
    return abs(one - other) <= share * max(abs(one), abs(other))


def _equal_as_written(one: float, other: float) -> bool:
    """Whether a figure is another one rounded to the digits that it is written with."""
    return abs(one - other) <= min(written_step(one) / 2, 0.02 * abs(one))


_READERS: dict[Reason, _Reader] = {
    Reason.COPY: _copies,
    Reason.DEFINITION_CHANGE: _definition_changes,
    Reason.STOCK_VS_FLOW: _stocks_for_flows,
    Reason.NET_VS_GROSS: _nets_for_grosses,
    Reason.ARITHMETIC: _sums,
    Reason.WINDOW: _windows,
    Reason.POPULATION: _populations,
    Reason.ROUNDING: _roundings,
    Reason.MIRROR: _mirrors,
    Reason.REVISION: _revisions,
    Reason.ERROR: _errors,
}

_NOT_MET = {
    Reason.COPY: "No older statement has this figure.",
    Reason.DEFINITION_CHANGE: "No sign that the series was started anew.",
    Reason.STOCK_VS_FLOW: "No count of people present has this figure.",
    Reason.NET_VS_GROSS: "No difference of entries and exits has this figure.",
    Reason.ARITHMETIC: "The figure is no step of a running total.",
    Reason.WINDOW: "No statement or event suggests other days.",
    Reason.POPULATION: "No statement suggests other people.",
    Reason.ROUNDING: "The figure is not round.",
    Reason.MIRROR: "No source is on the other side of the border.",
    Reason.REVISION: "No source took its figure back.",
    Reason.ERROR: "No usual slip turns one figure into the other.",
}

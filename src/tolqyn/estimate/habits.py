"""What a source's own figures tell of its habits: how it corrects itself, and in which units it counts.

Pure. A later figure of the same window replaces the earlier one, unless the two cannot be one count; what a source's
corrections came to so far tells how far its newest figures are still off, by their age (the idea of the chain ladder,
Mack 1993). A body that gives single persons does not mean "12,340" to the nearest ten.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Claim, Measure, Qualifier
from tolqyn.estimate.contradict.finding import SURE
from tolqyn.estimate.contradict.reasons import slips
from tolqyn.estimate.contradict.said import written_step

if TYPE_CHECKING:
    from tolqyn.estimate.reading import Functional, Heard

__all__ = ["Habit", "replaced", "rounding_by_habit", "with_habits"]

Array = NDArray[np.float64]

_NEAR = np.log(1.5)  # a figure further off is no correction of the other, but another count or a slip
_Series = tuple[str, str]  # source and measure

_AGES = (1, 2, 3, 7, 15)  # days, from which on corrections are learnt by themselves
_ENOUGH = 5  # figures of one age, from which the size of corrections is learnt
_ENOUGH_ROUND = 5  # figures from which a habit of rounding is learnt
_SETTLED_DAYS = 7  # after which a figure tells of corrections: most have been made
_THIRDS = 0.861  # standard deviations that hold the middle third of a normal
_SHRUNK = 2.0  # as many figures that were not corrected are held against a source's bias
_STEPS = 10.0 ** np.arange(10)
_UNSEEN = 0.1  # figures that each unit of rounding is credited with beforehand


@dataclass(frozen=True, slots=True)
class Habit:
    """What is known of one figure from others of its source.

    Attributes:
        half: how far rounding may have moved it either way, in its unit; None where nothing was learnt.
        rise: by how much, as a log, its source may be expected to correct it yet. rise_sd: the standard deviation of that.
    """

    half: float | None = None
    rise: float = 0.0
    rise_sd: float = 0.0


class _Telling(NamedTuple):
    """A figure of one quantity as its source gave it on a day.

    `place` is where it stands among what was heard; `sure` whether it was read surely.
    """

    known: date
    value: float
    place: int
    sure: bool


# corrections


def replaced(heard: Sequence[Heard], told: Sequence[Heard]) -> list[Heard]:
    """Those used, less the figures that their source gave anew; and what is left of them read with its habits.

    Args:
        heard: each figure once: what its source said again is set aside.
        told: the same in the same order, with all that was said again.
    """
    out = list(heard)
    for chain in _chains(told):
        rest = chain
        while rest:
            # What the last word does not correct may have been corrected before it was said.
            last = _last(rest)
            others = [one for one in rest if one.value != last.value]
            rest = [one for one in others if not _replaces(last, one, told)]
            for one in others:
                if one not in rest and out[one.place].why_not is None:
                    why = f"its source gives {last.value:,.0f} instead in statement {told[last.place].statement.id}"
                    out[one.place] = replace(out[one.place], why_not=why)
    return out


def with_habits(heard: Sequence[Heard], told: Sequence[Heard]) -> list[Heard]:
    """Those used, with what is known of each from other figures of its source."""
    halves = {source: _halves(steps) for source, steps in _steps_by_source(heard).items()}
    days = _days_of_saying(told)
    rises = _rises(told, days)
    out = []
    for one in heard:
        if one.why_not is not None or one.claim.source is None or one.functional is None:
            out.append(one)
            continue
        half, rise = None, (0.0, 0.0)
        source = one.claim.source.casefold()
        if source in halves and one.claim.value and one.claim.qualifier is Qualifier.EXACT:
            half = float(halves[source][_shown(one.claim.value)])
        key = source, str(one.functional.measure)
        if key in days and _may_be_corrected(one.claim, one.functional):
            rise = rises.get((*key, _age(one.functional.last, days[key][-1])), rise)
        out.append(replace(one, habit=Habit(half, *rise)))
    return out


def _chains(told: Sequence[Heard]) -> list[list[_Telling]]:
    """All that one source told of one quantity, in the order of the days."""
    chains: defaultdict[tuple[object, ...], list[_Telling]] = defaultdict(list)
    for place, one in enumerate(told):
        claim, functional = one.claim, one.functional
        if functional is None or one.why_not is not None or not _may_be_corrected(claim, functional):
            continue
        assert claim.source and claim.known and claim.value is not None  # noqa: PT018 - as told by the line above
        chains[claim.source.casefold(), str(functional), functional.per].append(
            _Telling(claim.known, claim.value, place, one.statement.confidence >= SURE)
        )
    return [sorted(chain) for chain in chains.values()]


def _may_be_corrected(claim: Claim, functional: Functional) -> bool:
    plain = claim.qualifier in {Qualifier.EXACT, Qualifier.ABOUT} and bool(claim.value)
    whole = functional.bound is None and not functional.peak and not functional.usual
    return plain and whole and claim.source is not None and claim.known is not None


def _last(chain: Sequence[_Telling]) -> _Telling:
    """What the source told last; where that was the same count rounded, as it told it most exactly.

    What was likely misread is nobody's last word where other figures were read surely.
    """
    chain = [one for one in chain if one.sure] or chain
    if len(chain) == 1:
        return chain[0]
    newest = max(chain, key=lambda one: (one.known, -written_step(one.value), one.place))
    alike = [one for one in chain if _is_same_count(one.value, newest.value)]
    return min(alike, key=lambda one: (written_step(one.value), -one.known.toordinal(), -one.place))


def _is_same_count(one: float, other: float) -> bool:
    """Whether two figures can be one count, rounded to other digits."""
    return abs(one - other) <= (written_step(one) + written_step(other)) / 2


def _replaces(last: _Telling, one: _Telling, told: Sequence[Heard]) -> bool:
    """Whether the last figure stands in the place of another: the same count, more exact or counted anew."""
    if _is_same_count(one.value, last.value):
        return written_step(last.value) <= written_step(one.value)
    surer = last.sure or told[last.place].statement.confidence >= told[one.place].statement.confidence
    return one.known < last.known and surer and _is_correction(last, one, told)


def _is_correction(last: _Telling, one: _Telling, told: Sequence[Heard]) -> bool:
    """Whether two figures can be one count, taken again: near each other and no slip, or of an unfinished day."""
    functional = told[one.place].read_as
    if one.value * last.value <= 0:
        return False
    if functional.days == 1 and one.known <= functional.last < last.known:
        return True
    slip = any(abs(last.value) == value for value, _ in slips(abs(one.value)))
    return not slip and abs(np.log(last.value / one.value)) < _NEAR


def _days_of_saying(told: Sequence[Heard]) -> dict[_Series, list[date]]:
    """The days on which each source spoke of each measure, in order."""
    days: defaultdict[_Series, set[date]] = defaultdict(set)
    for one in told:
        if one.functional is not None and one.claim.source is not None and one.claim.known is not None:
            days[one.claim.source.casefold(), str(one.functional.measure)].add(one.claim.known)
    return {series: sorted(spoken) for series, spoken in days.items()}


def _age(last: date, day: date) -> int:
    """How long ago a window was over on a day, by the steps of `_AGES`."""
    return bisect_right(_AGES, (day - last).days)


def _rises(
    told: Sequence[Heard], days: Mapping[_Series, Sequence[date]]
) -> Mapping[tuple[str, str, int], tuple[float, float]]:
    """For each source, measure and age: how much its figures of that age rose by what holds now, as a log, and the sd.

    A figure that stands while its source speaks of others is one that was not corrected.
    """
    rises: defaultdict[tuple[str, str, int], list[float]] = defaultdict(list)
    for chain in _chains(told):
        functional, source = told[chain[0].place].read_as, told[chain[0].place].claim.source
        assert source is not None
        series, last = (source.casefold(), str(functional.measure)), _last(chain)
        if (days[series][-1] - functional.last).days < _SETTLED_DAYS:
            continue
        standing: dict[int, _Telling] = {}  # at the first saying of each age
        for day in days[series][bisect_left(days[series], chain[0].known) :]:
            age = _age(functional.last, day)
            if age not in standing:
                standing[age] = _last([one for one in chain if one.known <= day])
            if age == len(_AGES):
                break
        for age, then in standing.items():
            if then.value == last.value or _is_correction(last, then, told):
                rises[*series, age].append(float(np.log(last.value / then.value)))
    learnt = {}
    for key, sizes in rises.items():
        n = len(sizes)
        if n >= _ENOUGH:
            # Most corrections are small and a few are large: those are left to the tails of the source's noise.
            low, middle, high = np.quantile(sizes, [1 / 3, 1 / 2, 2 / 3])
            learnt[key] = float(middle * n / (n + _SHRUNK)), float((high - low) / _THIRDS)
    return learnt


# rounding


def rounding_by_habit(value: float, steps: Array) -> float:
    """How far a figure may have been moved by rounding, either way, on average over the units it may be rounded to.

    Args:
        value: the figure; a whole number.
        steps: chance that its source rounds to 1, 10, 100 and so on.

    >>> only_persons = np.array([1.0, *[0.0] * 9])
    >>> rounding_by_habit(12_340, only_persons)
    0.5
    """
    return float(_halves(steps)[_shown(value)])


def _shown(value: float) -> int:
    """Which of the steps the last digit of a figure that is not a zero stands for."""
    return min(int(np.log10(written_step(abs(value)))), len(_STEPS) - 1)


def _halves(steps: Array) -> Array:
    """The same for a figure whose last digit stands for 1, 10, 100 and so on, (shown,)."""
    halves: Array = (_units(steps) * _STEPS[:, None] / 2).sum(axis=0)
    return halves


def _units(steps: Array) -> Array:
    """Chance of each unit, (unit, shown), given the last digit of a figure that is not a zero."""
    zeros = np.arange(len(_STEPS)) - np.arange(len(_STEPS))[:, None]
    # A count that is rounded to tens ends in a hundred one time in ten.
    by_chance = np.where(zeros >= 0, 0.9 * 10.0 ** -np.maximum(zeros, 0), 0.0)
    joint = steps[:, None] * by_chance
    units: Array = joint / np.maximum(joint.sum(axis=0), 1e-300)
    return units


def _steps_by_source(heard: Sequence[Heard]) -> dict[str, Array]:
    """For each source, the chance that it rounds to 1, 10, 100 and so on (expectation and maximisation)."""
    shown: defaultdict[str, Array] = defaultdict(lambda: np.zeros(len(_STEPS)))
    for source, value in _exact_figures(heard):
        shown[source][_shown(value)] += 1
    learnt = {}
    for source, counts in shown.items():
        if counts.sum() >= _ENOUGH_ROUND:
            steps = np.full(len(_STEPS), 1 / len(_STEPS))
            for _ in range(20):
                steps = (_units(steps) * counts).sum(axis=1) + _UNSEEN
                steps /= steps.sum()
            learnt[source] = steps
    return learnt


def _exact_figures(heard: Sequence[Heard]) -> Iterator[tuple[str, float]]:
    for one in heard:
        claim = one.claim
        plain = claim.qualifier is Qualifier.EXACT and claim.value and float(claim.value).is_integer()
        counts = plain and claim.measure is not Measure.SHARE
        if one.why_not is None and counts and claim.source is not None:
            yield claim.source.casefold(), abs(claim.value or 0.0)

"""How a source has done: how late, how often corrected and which way, how rounded, how far from the settled value.

Pure. From what it said and when, and from an estimate; a number that too few sayings stand behind is not given, and the
card says so. Nothing here is a grade: a late source can be the only exact one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from tolqyn.claims import Modality, Qualifier
from tolqyn.estimate.contradict.said import digits_that_count, written_step
from tolqyn.estimate.model import notes_by_name
from tolqyn.estimate.posterior import Posterior, Reading

__all__ = ["Revision", "Scorecard", "scorecards"]

_ENOUGH = 5  # sayings behind a number
_ENOUGH_REVISIONS = 2
_MISS = 3.0  # standard deviations
_ROUND_DIGITS = 2  # a figure of so few digits that count is a rounded one


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure that its source said again otherwise, of the same quantity and window.

    `size` is the change as a share of the first figure, negative where it fell.
    """

    first: str
    then: str
    days: int
    size: float


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One source on one measure. A number is None where too little stands behind it; `not_enough` says which and why.

    Attributes:
        statements: how many of its figures were compared.
        delay_days, delay_most: median and greatest days from the end of a window to the day it was said.
        revisions: figures it changed, in the order of their days.
        revision_size: median change, as a share, whatever its sign. revised_up: the share that rose.
        rounded: share of its figures with at most two digits that count. digits: their median number.
        bias, bias_low, bias_high: what it states as a share of the settled value, less one, and its 90 % interval.
        spread: standard deviation of its error, as a share.
        misses: figures that the rest excludes by more than three standard deviations.
    """

    source: str
    measure: str
    statements: int
    delay_days: float | None
    delay_most: int | None
    revisions: tuple[Revision, ...]
    revision_size: float | None
    revised_up: float | None
    rounded: float | None
    digits: float | None
    bias: float | None
    bias_low: float | None
    bias_high: float | None
    spread: float | None
    misses: int
    not_enough: tuple[str, ...] = ()


def scorecards(posterior: Posterior) -> tuple[Scorecard, ...]:
    """A card for each source and measure that the estimate read, those with most figures first.

    A source's names are those of its statements, aliases put together by the situation.
    """
    notes = notes_by_name(posterior.situation)
    heard: defaultdict[tuple[str, str], list[Reading]] = defaultdict(list)
    for reading in posterior.readings:
        claim = reading.statement.claim
        if claim.source and reading.functional and claim.modality is Modality.OBSERVED:
            note = notes.get(claim.source.casefold())
            heard[note.name if note else claim.source, str(claim.measure)].append(reading)
    cards = [_card(source, measure, readings, posterior) for (source, measure), readings in heard.items()]
    return tuple(sorted(cards, key=lambda card: (-card.statements, card.source, card.measure)))


def _card(source: str, measure: str, readings: Sequence[Reading], posterior: Posterior) -> Scorecard:
    short: list[str] = []

    def enough(values: Sequence[float], what: str, least: int = _ENOUGH) -> bool:
        if len(values) < least:
            short.append(f"{what}: {len(values)} of at least {least}")
        return len(values) >= least

    delays = _delays(readings)
    late = enough(delays, "figures with the day they were said and the end of their window")
    changed = _revisions(readings)
    revised = enough([one.size for one in changed], "figures said again otherwise", _ENOUGH_REVISIONS)
    digits = [len(digits_that_count(r.statement.claim.value)) for r in readings if r.statement.claim.value]
    counted = enough(digits, "figures")
    fit = next((f for f in posterior.sources if (f.source, f.measure) == (source, measure)), None)
    if fit is None or not fit.learnt:
        short.append("overlap with other sources: the data say next to nothing of its coverage")
        fit = None
    return Scorecard(
        source=source,
        measure=measure,
        statements=len(readings),
        delay_days=median(delays) if late else None,
        delay_most=max(delays) if late else None,
        revisions=tuple(changed),
        revision_size=median(abs(one.size) for one in changed) if revised else None,
        revised_up=sum(one.size > 0 for one in changed) / len(changed) if revised else None,
        rounded=sum(n <= _ROUND_DIGITS for n in digits) / len(digits) if counted else None,
        digits=median(digits) if counted else None,
        bias=fit.coverage - 1 if fit else None,
        bias_low=fit.coverage_low - 1 if fit else None,
        bias_high=fit.coverage_high - 1 if fit else None,
        spread=fit.spread if fit else None,
        misses=sum(abs(r.residual_sd or 0) > _MISS for r in readings),
        not_enough=tuple(short),
    )


def _delays(readings: Sequence[Reading]) -> list[int]:
    """Days from the end of each window to the day on which it was said."""
    claims = [reading.statement.claim for reading in readings]
    return [
        (claim.said - claim.window_end).days
        for claim in claims
        if claim.said and claim.window_end and claim.said >= claim.window_end
    ]


def _revisions(readings: Sequence[Reading]) -> list[Revision]:
    """Each figure of one quantity and window against the next that the source said of it."""
    series: defaultdict[tuple[object, ...], dict[date, Reading]] = defaultdict(dict)
    for reading in sorted(readings, key=lambda r: r.statement.id):
        claim = reading.statement.claim
        exact = claim.qualifier in {Qualifier.EXACT, Qualifier.ABOUT} and claim.value
        if exact and claim.known and claim.window_start and claim.window_end:
            # One figure a day: a source does not revise itself within one statement.
            # Regions and wider groups only bound the account, so its functional does not tell them apart.
            whose = claim.place, claim.group, claim.counterpart
            series[reading.functional, claim.unit, whose].setdefault(claim.known, reading)
    found = []
    for told in series.values():
        for day, then in pairwise(sorted(told)):
            old, new = told[day].statement, told[then].statement
            was, now = old.claim.centre, new.claim.centre
            # Rounding the same count anew is no revision.
            if was and abs(now - was) > (written_step(was) + written_step(now)) / 2:
                found.append((then, Revision(old.id, new.id, (then - day).days, now / was - 1)))
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].first))]

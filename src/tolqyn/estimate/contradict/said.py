"""A statement at face value: the true counts that it allows, over which days, of whom.

Pure. Where the widths come from: docs/concepts/contradictions.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from tolqyn.claims import Claim, Measure, Modality, Qualifier, Statement
from tolqyn.languages import load
from tolqyn.places import settled

__all__ = [
    "COUNTED",
    "Said",
    "as_written",
    "citizenship_of",
    "digits_that_count",
    "gap",
    "group_within",
    "home_of",
    "place_within",
    "quantity_of",
    "read_as_denied",
    "read_at_face",
    "within",
    "written_step",
]

COUNTED = frozenset(
    {
        Measure.ENTRIES,
        Measure.EXITS,
        Measure.NET,
        Measure.STOCK,
        Measure.REGISTRATIONS,
        Measure.APPLICATIONS,
        Measure.DEPORTATIONS,
        Measure.REFUSALS,
        Measure.DETENTIONS,
    }
)
"""Measures of persons that can be set against each other; queues change by the hour, prices are no persons."""

_DAYS_OF_RATE = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}

# Deliberately generous: an interval too narrow accuses, one too wide only waits for better data.
_SOURCE_NOISE = 0.03  # share of the count by which an honest count may be off
_CHANCE = 2.0  # standard deviations of a Poisson count
_ABOUT = 0.10
_OVER = 0.25
_LITTLE = 0.10
_ROUNDING_CAP = 0.10  # nobody calls 149,000 "100,000", though its last digit would allow it


@dataclass(frozen=True, slots=True)
class Said:
    """One statement read at face value.

    Attributes:
        start, end: inclusive days; None where the statement leaves them open.
        counterpart: None also of citizens who come in from their own country: others leave that unsaid.
        end_known: False where `end` is only the day on which it was said: the count stops by then.
        figure_low, figure_high: as stated, in persons over the window (equal for a single figure);
            of a rate without a window, persons a day.
        low, high: the true counts that the words allow, source noise included.
        per_day: a rate whose window is open: the figures are persons a day.
    """

    statement: Statement
    measure: Measure
    kind: str | None
    place: str
    group: str
    counterpart: str | None
    unit: str
    start: date | None
    end: date | None
    end_known: bool
    figure_low: float
    figure_high: float
    low: float
    high: float
    per_day: bool = False

    @property
    def claim(self) -> Claim:
        """The claim that speaks for the statement."""
        return self.statement.claim

    @property
    def figure(self) -> float:
        """The middle of what was stated."""
        return (self.figure_low + self.figure_high) / 2

    @property
    def days(self) -> int | None:
        """Days of the window; None while it is open."""
        return (self.end - self.start).days + 1 if self.start and self.end else None

    @property
    def source(self) -> str | None:
        """Whose figure it is."""
        return self.claim.source

    @property
    def carrier(self) -> str:
        """The page or document that carried it."""
        return self.claim.source_url or self.claim.doc

    @property
    def known(self) -> date:
        """When it could be known; the last of days where nothing is said of it."""
        return self.claim.known or date.max

    def over(self, start: date, end: date) -> Said:
        """A daily rate as the total that it makes over a window."""
        days = (end - start).days + 1
        low, high = _with_noise(self.figure_low * days, self.figure_high * days)
        return replace(
            self,
            start=start,
            end=end,
            end_known=True,
            figure_low=self.figure_low * days,
            figure_high=self.figure_high * days,
            low=low,
            high=high,
            per_day=False,
        )

    def worth(self, value: float) -> Said:
        """The same statement with another figure, said as sharply."""
        claim = replace(self.claim, value=value, low=None, high=None, qualifier=Qualifier.EXACT)
        low, high = _with_noise(*as_written(claim))
        return replace(self, figure_low=value, figure_high=value, low=low, high=high)


def read_at_face(statements: Iterable[Statement]) -> list[Said]:
    """Each statement that counts persons and was observed; the others cannot contradict a count."""
    return [said for statement in statements if (said := _read(statement)) is not None]


def read_as_denied(statements: Iterable[Statement]) -> list[Said]:
    """What sources deny, each read as the count that is said not to be so."""
    read = (_read(statement, Modality.DENIED) for statement in statements)
    return [said for said in read if said is not None]


def _read(statement: Statement, modality: Modality = Modality.OBSERVED) -> Said | None:
    claim = statement.claim
    unit, _, per = claim.unit.partition("/")
    if claim.measure not in COUNTED or claim.modality is not modality:
        return None
    if unit not in {"persons", "crossings"} or (per and per not in _DAYS_OF_RATE):
        return None
    start, end, end_known = claim.window_start, claim.window_end, claim.window_end is not None
    if claim.measure.is_flow and end is None:
        end = claim.known
    if start and end and end < start:
        end = None
    if not claim.measure.is_flow:
        start = end = end or start
    stated_low = claim.low if claim.value is None and claim.low is not None else claim.centre
    stated_high = claim.high if claim.value is None and claim.high is not None else claim.centre
    low, high = _with_noise(*as_written(claim))
    said = Said(
        statement=statement,
        measure=claim.measure,
        kind=claim.kind,
        place=claim.place,
        group=claim.group,
        counterpart=None if _from_home(claim) else claim.counterpart,
        unit=unit,
        start=start,
        end=end,
        end_known=end_known,
        figure_low=stated_low,
        figure_high=stated_high,
        low=low,
        high=high,
    )
    return _as_total(said, _DAYS_OF_RATE[per]) if per else said


def _from_home(claim: Claim) -> bool:
    return claim.measure is Measure.ENTRIES and claim.counterpart == claim.group


def _as_total(said: Said, days_of_rate: float) -> Said:
    """A rate as a total over its window, or as persons a day where the window is open."""
    known = said.start is not None and said.end is not None and said.end_known
    scale = (said.days or 1) / days_of_rate if known else 1 / days_of_rate
    return replace(
        said,
        figure_low=said.figure_low * scale,
        figure_high=said.figure_high * scale,
        low=said.low * scale,
        high=said.high * scale,
        per_day=not known,
    )


def as_written(claim: Claim) -> tuple[float, float]:
    """Least and greatest count that the words and digits allow, in the claim's unit, without source noise."""
    if claim.value is None:
        ends = [end for end in (claim.low, claim.high) if end is not None]
        # "Thousands" is true of two hundred thousand too: an order is a floor.
        return min(ends), math.inf if claim.qualifier is Qualifier.ORDER else max(ends)
    size = abs(claim.value)
    half = min(written_step(size) / 2, _ROUNDING_CAP * size)
    low, high = {
        Qualifier.ABOUT: (size - max(half, _ABOUT * size), size + max(half, _ABOUT * size)),
        Qualifier.OVER: (size, size + max(written_step(size), _OVER * size)),
        Qualifier.SLIGHTLY_OVER: (size, size * (1 + _LITTLE)),
        Qualifier.ALMOST: (size * (1 - _LITTLE), size),
        Qualifier.UNDER: (0.0, size),
        Qualifier.UP_TO: (0.0, size),
    }.get(claim.qualifier, (size - half, size + half))
    return (-high, -low) if claim.value < 0 else (low, high)


def _with_noise(low: float, high: float) -> tuple[float, float]:
    return low - _noise(low), high + _noise(high)


def _noise(count: float) -> float:
    if math.isinf(count):
        return 0.0
    return _SOURCE_NOISE * abs(count) + _CHANCE * math.sqrt(abs(count))


def written_step(value: float) -> float:
    """The unit of the last digit that is not a zero: 1,000 for 98,000; 1 for a figure with a fraction."""
    if value == 0 or not float(value).is_integer():
        return 1.0
    step = 1
    while value % (step * 10) == 0:
        step *= 10
    return float(step)


def digits_that_count(value: float) -> str:
    """The digits before the trailing zeros: "98" for 98,000.

    >>> digits_that_count(98_000), digits_that_count(64_234)
    ('98', '64234')
    """
    return str(round(abs(value))).rstrip("0")


def quantity_of(said: Said) -> tuple[object, ...]:
    """What a statement counts, whoever says it."""
    return (
        said.place, said.measure, said.kind, said.unit, said.group, said.counterpart, said.start, said.end,
    )  # fmt: skip


def group_within(part: Said, whole: Said) -> bool:
    """Whether everybody in the one group is in the other, as far as the names alone can tell.

    "Russian students" are within RUS, and with them within "foreign" anywhere but in Russia.
    """
    if whole.group in {part.group, "any"}:
        return True
    citizenship = citizenship_of(part.group)
    if citizenship is None:
        return False
    return whole.group == citizenship or (whole.group == "foreign" and citizenship != home_of(part.place))


@lru_cache(maxsize=4096)
def citizenship_of(group: str) -> str | None:
    """The alpha-3 code of the citizens whom a group is, or is some of; None where the name does not tell.

    >>> citizenship_of("RUS"), citizenship_of("Russian men of mobilization age"), citizenship_of("ethnic Kazakhs")
    ('RUS', 'RUS', None)
    """
    if len(group) == 3 and group.isupper():
        return group
    if " and " in group or "," in group:
        return None
    return _peoples().get(group.partition(" ")[0])


@lru_cache(maxsize=1)
def _peoples() -> dict[str, str]:
    """English names of peoples, and adjectives of their countries, of one word -> alpha-3 code."""
    english = load("en")
    names: dict[str, set[str]] = {}
    for table in (english.peoples, english.adjectives):
        for code, forms in table.items():
            for form in forms:
                names.setdefault(form, set()).add(code)
    return {form: min(codes) for form, codes in names.items() if len(codes) == 1}


def home_of(place: str) -> str:
    """The country that a region or checkpoint lies in; any other place as it is."""
    known = settled().get(place)
    return place if known is None or known.country is None else known.country


def place_within(part: Said, whole: Said) -> bool:
    """Whether what happens in the one place happens in the other.

    Who leaves a region may stay in the country, so only its entries, stock and acts are the country's too; who passes
    a checkpoint is out of it.
    """
    if part.place == whole.place:
        return True
    return whole.place == home_of(part.place) and (
        part.measure not in {Measure.EXITS, Measure.NET} or settled()[part.place].kind == "checkpoint"
    )


def within(part: Said, whole: Said) -> bool:
    """Whether everything that one statement counts is counted by the other too."""
    if part.per_day or whole.per_day or not whole.end_known:
        return False
    if (part.measure, part.kind, part.unit) != (whole.measure, whole.kind, whole.unit):
        return False
    if part.start is None or part.end is None or whole.start is None or whole.end is None:
        return False
    same_ends = whole.counterpart is None or part.counterpart == whole.counterpart
    # A net flow can be negative, so it is not larger over more days or people.
    signed = part.measure is Measure.NET and (part.place, part.start, part.end, part.group) != (
        whole.place,
        whole.start,
        whole.end,
        whole.group,
    )
    return (
        whole.start <= part.start
        and part.end <= whole.end
        and place_within(part, whole)
        and group_within(part, whole)
        and same_ends
        and not signed
    )


def gap(one: Said, other: Said) -> float:
    """Persons by which two statements cannot both hold as stated; 0 where they can.

    They clash only beyond all that rounding, qualifiers and source noise allow; the gap is then the
    distance of the figures as stated.
    """
    worst = 0.0
    if within(one, other) and one.low > other.high:
        worst = max(worst, one.figure_low - other.figure_high)
    if within(other, one) and other.low > one.high:
        worst = max(worst, other.figure_low - one.figure_high)
    return worst

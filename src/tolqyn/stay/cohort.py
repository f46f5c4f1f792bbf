"""A wave on the stay clock: how many persons reach day 30, day 90, the last lawful day, on each day.

From draws of entries and of how long people stay, so every number has its band. Each entry day is under the version
that governs it, so a rule that changes in the middle of the wave, or one that might, is one more scenario over the same
draws. Everybody is taken to be on a first visit: who came before reaches a rolling limit sooner. Pure: arrays and values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tolqyn.errors import StayError
from tolqyn.stay.days import place
from tolqyn.stay.deadlines import deadline
from tolqyn.stay.rule import Rule, Version, parse_limits
from tolqyn.stay.standing import MISSING, plan
from tolqyn.stay.trips import Trips

__all__ = ["CLOCK_COLUMNS", "Cohort", "Milestone", "clock_table", "cohort_deadlines", "what_if"]

CLOCK_COLUMNS = ("date", "scenario", "milestone", "mean", "sd", "q05", "q25", "q50", "q75", "q95")

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cohort:
    """Persons present, by day and by how long they have been inside.

    Attributes:
        first_day: the first of the days.
        present: persons, shape (draw, day, age): age 0 entered on that day.
    """

    first_day: date
    present: Floats

    def __post_init__(self) -> None:
        if self.present.ndim != 3:
            raise StayError(
                f"a cohort of shape {self.present.shape}",
                hint="draws, days and days since entry, in this order",
            )

    @classmethod
    def from_entries(cls, first_day: date, entries: Floats, staying: Floats) -> Cohort:
        """A cohort from draws of entries and of staying.

        Args:
            first_day: day of the first column of `entries`; who entered before it is not in the cohort.
            entries: persons who entered, (draw, day).
            staying: share of them still inside so many days after the entry day, (draw, age) or (age,); the share at
                age 0 is 1 where everybody stays for the day, and it never rises.

        Raises:
            StayError: shapes that do not fit; shares outside 0 to 1, or that rise.
        """
        shares = np.atleast_2d(np.asarray(staying, dtype=np.float64))
        if entries.ndim != 2 or shares.shape[0] not in {1, entries.shape[0]}:
            raise StayError(
                f"entries of shape {entries.shape} with staying of shape {np.shape(staying)}",
                hint="entries are (draw, day); staying is (draw, age) with as many draws, or (age,)",
            )
        if (shares < 0).any() or (shares > 1).any() or (np.diff(shares, axis=1) > 1e-12).any():
            raise StayError("shares of staying must lie between 0 and 1 and never rise with age")
        draws, days = entries.shape
        ages = shares.shape[1]
        present = np.zeros((draws, days, ages))
        for age in range(min(ages, days)):
            present[:, age:, age] = entries[:, : days - age] * shares[:, age : age + 1]
        return cls(first_day, present)

    @classmethod
    def from_lengths(cls, first_day: date, entries: Floats, lengths: Floats, ages: int) -> Cohort:
        """A cohort from draws of entries and draws of length of stay.

        Args:
            first_day: as in `from_entries`.
            entries: as in `from_entries`.
            lengths: days from entry to exit of persons of each draw, (draw, person); 0 left on the day of entry,
                infinity never leaves.
            ages: how many days since entry to follow.
        """
        stays = np.sort(lengths, axis=1)
        gone = np.stack([np.searchsorted(row, np.arange(ages), side="left") for row in stays])
        return cls.from_entries(first_day, entries, 1 - gone / stays.shape[1])

    @property
    def days(self) -> tuple[date, ...]:
        """The days, in order."""
        return tuple(self.first_day + timedelta(n) for n in range(self.present.shape[1]))

    def reaching(self, numbers: Sequence[int] | NDArray[np.int64]) -> Floats:
        """Persons whose visit reaches its n-th day on each day, (draw, day).

        Args:
            numbers: n for each entry day of `days`; 0 is nobody.

        Raises:
            StayError: a number beyond the ages that the cohort follows.
        """
        draws, days, ages = self.present.shape
        reached = np.zeros((draws, days))
        for entered, number in enumerate(map(int, numbers)):
            at = entered + number - 1
            if 0 < number <= days - entered:
                if number > ages:
                    raise _not_followed(number, ages)
                reached[:, at] += self.present[:, at, number - 1]
        return reached

    def beyond(self, numbers: Sequence[int] | NDArray[np.int64]) -> Floats:
        """Persons present on each day whose visit is past its n-th day, (draw, day).

        Args:
            numbers: n for each entry day of `days`; 0 is nobody.

        Raises:
            StayError: somebody may still be present beyond the ages that the cohort follows.
        """
        draws, days, ages = self.present.shape
        past = np.zeros((draws, days))
        for entered, number in enumerate(map(int, numbers)):
            if not 0 < number < days - entered:
                continue
            if days - entered > ages and self.present[:, entered + ages - 1, ages - 1].any():
                raise _not_followed(days - entered, ages)
            for at in range(entered + number, min(days, entered + ages)):
                past[:, at] += self.present[:, at, at - entered]
        return past


def _not_followed(number: int, ages: int) -> StayError:
    return StayError(
        f"day {number} of a visit falls within the days, and the cohort follows {ages}",
        hint="give shares of staying for more days",
    )


@dataclass(frozen=True, eq=False)
class Milestone:
    """Persons who reach something on each day, (draw, day), under one scenario."""

    scenario: str
    name: str
    persons: Floats


def cohort_deadlines(
    cohort: Cohort, rules: Mapping[str, Rule], day_numbers: Sequence[int] = (30, 90)
) -> tuple[Milestone, ...]:
    """How many persons reach each milestone of their stay, on each day, under each scenario.

    Milestones: `day N` for each of `day_numbers`; `last lawful day` of a first visit; `over the limit`, those present past
    it; `duty ID`, the last day for each duty (the later date where the rule leaves two). Days that the cohort does not
    follow to are an error, never a zero.

    Args:
        cohort: from the estimate.
        rules: scenario -> rule, such as {"now": rule, "from March": what_if(rule, ...)}.
        day_numbers: days of the visit to tell besides.

    Raises:
        StayError: the cohort does not follow its persons long enough.
    """
    days = cohort.days
    found = []
    for scenario, rule in rules.items():
        found += [
            Milestone(scenario, f"day {number}", cohort.reaching([number] * len(days)))
            for number in day_numbers
        ]
        if rule.versions:
            lengths = _lawful_days(rule, days)
            found.append(Milestone(scenario, "last lawful day", cohort.reaching(lengths)))
            found.append(Milestone(scenario, "over the limit", cohort.beyond(lengths)))
        for duty in (each for each in rule.duties if each.from_entry):
            numbers = [
                (deadline(duty, day, rule.destination).last - day).days + 1 if duty.governs(day) else 0
                for day in days
            ]
            found.append(Milestone(scenario, f"duty {duty.id}", cohort.reaching(numbers)))
    return tuple(found)


def clock_table(cohort: Cohort, milestones: Sequence[Milestone]) -> pa.Table:
    """One row a day, scenario and milestone, with the columns of `CLOCK_COLUMNS`."""
    days = cohort.days
    columns: dict[str, list[object]] = {name: [] for name in CLOCK_COLUMNS}
    for milestone in milestones:
        quantiles = np.quantile(milestone.persons, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
        rows = {
            "date": days,
            "scenario": [milestone.scenario] * len(days),
            "milestone": [milestone.name] * len(days),
            "mean": milestone.persons.mean(axis=0),
            "sd": milestone.persons.std(axis=0),
            **dict(zip(("q05", "q25", "q50", "q75", "q95"), quantiles, strict=True)),
        }
        for name, column in rows.items():
            columns[name].extend(column)
    types = [pa.date32(), pa.string(), pa.string(), *[pa.float64()] * 7]
    return pa.table(columns, schema=pa.schema(list(zip(CLOCK_COLUMNS, types, strict=True))))


def what_if(rule: Rule, limits: str, valid_from: date, *, name: str = "what-if") -> Rule:
    """The rule with other limits for entries from a day on: an assumption, marked as one.

    Args:
        rule: as it is.
        limits: such as `rolling:60/180`.
        valid_from: the first entry day under the new limits; later versions are left out.
        name: id of the assumed version.

    Raises:
        StayError: limits that cannot be read.
    """
    before = valid_from - timedelta(days=1)
    kept = [
        replace(v, valid_to=min(v.valid_to or before, before))
        for v in rule.versions
        if v.valid_from is None or v.valid_from <= before
    ]
    assumed = Version(
        id=name,
        limits=parse_limits(limits),
        sources=(),
        valid_from=valid_from,
        note="an assumption, not law",
    )
    return replace(rule, versions=(*kept, assumed))


def _lawful_days(rule: Rule, days: Sequence[date]) -> NDArray[np.int64]:
    """Longest lawful first visit of who enters on each day, in days; 0 where no version governs or none ends it."""
    none = np.zeros(0, dtype=np.int64)
    points = place(np.arange(len(days)), np.array([day.toordinal() for day in days]))
    found = plan(Trips(len(days), none, none), rule, points)
    return np.where(found.longest == MISSING, 0, found.longest)

"""Rules of stay as values: dated versions, each with its limits and its sources.

Pure. How they are written down: parse.py and docs/reference/rules.md; how they count: machines.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from tolqyn.errors import StayError

__all__ = [
    "Conventions",
    "Duty",
    "End",
    "Exemption",
    "Kind",
    "Limit",
    "Rule",
    "Source",
    "Version",
    "parse_limits",
]


MOST_DAYS, MOST_MONTHS = 5000, 160
"""The longest limits and windows: what fits beside the days of one person (days.py)."""


class Kind(StrEnum):
    """The six counting machines."""

    ROLLING = "rolling"
    PER_ENTRY = "per_entry"
    FIRST_ENTRY = "first_entry"
    CALENDAR_YEAR = "calendar_year"
    ABSENCE = "absence"
    FIXED_END = "fixed_end"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read.

    `kind`: law, official, court, law-firm, news. `seen`: full-text, excerpt or secondary, that is, how much of
    the text of the body that speaks was read; a report of it is secondary.
    """

    id: str
    title: str
    kind: str
    where: str
    seen: str
    read_on: date | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit, as numbers.

    Attributes:
        kind: which machine counts.
        days: the most days allowed; None for a limit in months and for a fixed end.
        months: the most calendar months (per_entry only).
        window: days of the window (rolling, first_entry).
        window_months: calendar months of the window (absence).
    """

    kind: Kind
    days: int | None = None
    months: int | None = None
    window: int | None = None
    window_months: int | None = None

    def __post_init__(self) -> None:
        days, months = (self.days or 0, self.window or 0), (self.months or 0, self.window_months or 0)
        if max(days) > MOST_DAYS or max(months) > MOST_MONTHS:
            raise StayError(
                f"a limit of {max(*days, *months)} {'days' if max(days) > MOST_DAYS else 'months'}",
                hint=f"at most {MOST_DAYS} days or {MOST_MONTHS} months can be counted",
            )

    def __str__(self) -> str:
        """As in the `params` of a case: rolling:90/180."""
        length = f"{self.days}" if self.days is not None else f"{self.months}m" if self.months else ""
        window = f"/{self.window}" if self.window else f"/{self.window_months}m" if self.window_months else ""
        return f"{self.kind}:{length}{window}" if length else str(self.kind)

    @property
    def words(self) -> str:
        """As a reader says it."""
        match self.kind:
            case Kind.ROLLING:
                return f"{self.days} days in any {self.window}"
            case Kind.PER_ENTRY:
                return f"{self.days} days per entry" if self.days else f"{self.months} months per entry"
            case Kind.FIRST_ENTRY:
                return f"{self.days} days in the {self.window} from the first entry"
            case Kind.CALENDAR_YEAR:
                return f"{self.days} days in a calendar year"
            case Kind.ABSENCE:
                return f"{self.days} whole days outside in any {self.window_months} months"
            case Kind.FIXED_END:
                return "until a date set by decision"


@dataclass(frozen=True, slots=True)
class End:
    """A last lawful day set by decision, and since when that decision was known."""

    last_day: date
    known_from: date
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """A rule as it stood for a while.

    Attributes:
        valid_from, valid_to: first and last day of the entries (or of the days: `Rule.choose_version_by`) that it
            governs; None is not known, or without end.
        limits: all of them hold at once; the first that counts over visits gives the days used and left.
        ends: for a fixed end, the dates as they were moved.
        count_stays_entered_from: earlier stays are not counted at all; None counts every one.
        known_from: the day on which it became known; None means with `valid_from`.
        conflict: what the sources do not agree on.
        provision: what a reader should look for in the law.
        examples: ids of cases that are run as tests.
    """

    id: str
    limits: tuple[Limit, ...]
    sources: tuple[str, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    ends: tuple[End, ...] = ()
    count_stays_entered_from: date | None = None
    known_from: date | None = None
    conflict: str | None = None
    provision: str | None = None
    note: str | None = None
    examples: tuple[str, ...] = ()

    @property
    def in_force(self) -> str:
        """Its dates, for a reader."""
        match self.valid_from, self.valid_to:
            case None, None:
                return "dates in force not known"
            case None, date() as last:
                return f"in force until {last}; its first day is not known"
            case first, None:
                return f"in force from {first}"
            case first, last:
                return f"in force from {first} to {last}"

    @property
    def words(self) -> str:
        """What it allows, in words."""
        return " and ".join(limit.words for limit in self.limits)

    def governs(self, day: date) -> bool:
        """Whether it governs an entry (or a day) of this date."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def last_day(self, known_on: date | None) -> date | None:
        """The fixed end as it was known on a day, or as it is known now; None where nothing was known yet."""
        known = [end for end in self.ends if known_on is None or end.known_from <= known_on]
        return max(known, key=lambda end: end.known_from).last_day if known else None


@dataclass(frozen=True, slots=True)
class Conventions:
    """What counts as a day.

    Attributes:
        entry_day, exit_day: whether the day of entry, of exit, counts.
        not_counted: bases of stay whose days do not count, such as a residence permit.
        assumed: what the text of the provision was not seen to say, for readers.
    """

    entry_day: bool = True
    exit_day: bool = True
    not_counted: tuple[str, ...] = ()
    assumed: str | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be done by a day counted from entry.

    Attributes:
        who: who owes it: person, host.
        days, unit: the last of so many `calendar_day`s or `working_day`s.
        start: what they run from, in words: crossing, arrival, a change.
        first_day: `arrival` (that day is day 1), `next` (the day after it is) or `unknown`: then both dates are given.
        from_entry: whether it runs from the entry, so that a deadline can be computed from a stay.
    """

    id: str
    what: str
    who: str
    days: int
    unit: str
    start: str
    first_day: str
    sources: tuple[str, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    from_entry: bool = True
    conflict: str | None = None

    def governs(self, day: date) -> bool:
        """Whether it binds who entered on this day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Exemption:
    """A named case in which the limits of the rule are not the answer."""

    id: str
    basis: str
    effect: str
    sources: tuple[str, ...]
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One destination and group of nationals.

    Attributes:
        id: stable; the versions carry the dates.
        destination: ISO 3166-1 alpha-2, or the name of an area such as SCHENGEN; `also` are its other names, and the
            countries that have been in it all along; `joined` are those that came to it, with their first day.
        nationals: ISO 3166-1 alpha-2 of those it is for; "*" is everybody but `not_nationals`.
        question: what it answers.
        choose_version_by: `entry_date` or `query_date` (each day by the version in force on it).
        where: the file it was read from, for messages.
    """

    id: str
    destination: str
    nationals: tuple[str, ...]
    question: str
    versions: tuple[Version, ...]
    sources: Mapping[str, Source]
    choose_version_by: str = "entry_date"
    also: tuple[str, ...] = ()
    joined: Mapping[str, date] = field(default_factory=dict)
    not_nationals: tuple[str, ...] = ()
    conventions: Conventions = field(default_factory=Conventions)
    duties: tuple[Duty, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    assumes: str | None = None
    where: str = ""

    def is_for(self, destination: str, national: str, on: date | None = None) -> bool:
        """Whether it answers for nationals of a country at a destination, on a day if one is given."""
        place = destination.upper()
        joined = self.joined.get(place)
        person = national.upper()
        named = person in self.nationals
        others = "*" in self.nationals and person not in self.not_nationals
        there = place in (self.destination, *self.also) or (
            joined is not None and (on is None or on >= joined)
        )
        return there and (named or others)

    def version_on(self, day: date) -> Version | None:
        """The version that governs a date; None if none does."""
        return next((version for version in self.versions if version.governs(day)), None)

    def version(self, name: str) -> Version | None:
        """The version of an id."""
        return next((version for version in self.versions if version.id == name), None)

    def only(self, name: str) -> Rule:
        """The rule with one version alone, applied to every entry whatever its date.

        Raises:
            StayError: no version has that id.
        """
        version = self.version(name)
        if version is None:
            known = ", ".join(each.id for each in self.versions)
            raise StayError(f"{self.id} has no version {name!r}", self.where, f"its versions are: {known}")
        return replace(self, versions=(replace(version, valid_from=None, valid_to=None),))

    def as_if(self, name: str) -> Rule:
        """The rule as if one version had always been in force, and had always counted every stay.

        Raises:
            StayError: no version has that id.
        """
        alone = self.only(name)
        return replace(alone, versions=(replace(alone.versions[0], count_stays_entered_from=None),))

    def as_known(self, on: date) -> Rule:
        """The rule as it could be known on a day.

        A version that was not yet known is left out, and so is the end that it set to the one before.
        """
        known = [v for v in self.versions if (v.known_from or v.valid_from or on) <= on]
        kept = []
        for version in known:
            later = [v for v in self.versions if version.valid_to and v.valid_from and v.valid_from > version.valid_to]  # fmt: skip
            ended = not later or any(v in known for v in later)
            ends = tuple(end for end in version.ends if end.known_from <= on)
            kept.append(replace(version, ends=ends, valid_to=version.valid_to if ended else None))
        return replace(self, versions=tuple(kept))


def parse_limits(text: str, where: str | None = None) -> tuple[Limit, ...]:
    """Limits written as numbers: `rolling:90/180+per_entry:30`.

    Args:
        text: limits joined by `+`. `rolling:L/W`, `first_entry:L/W`, `per_entry:L` (or `per_entry:6m`, in calendar
            months), `calendar_year:L`, `absence:L/12m`.
        where: file and row, for messages.

    Raises:
        StayError: something else.

    >>> [str(limit) for limit in parse_limits("rolling:90/180+per_entry:6m")]
    ['rolling:90/180', 'per_entry:6m']
    """
    return tuple(_limit(part.strip(), where) for part in text.split("+"))


_SHAPES = (
    (re.compile(r"(rolling|first_entry):(\d+)/(\d+)"), ("days", "window")),
    (re.compile(r"(per_entry|calendar_year):(\d+)"), ("days",)),
    (re.compile(r"(per_entry):(\d+) ?(?:m|months?)"), ("months",)),
    (re.compile(r"(absence):(\d+)/(\d+)m"), ("days", "window_months")),
)


def _limit(text: str, where: str | None) -> Limit:
    for shape, names in _SHAPES:
        found = shape.fullmatch(text)
        if found:
            kind, *numbers = found.groups()
            lengths = dict(zip(names, map(int, numbers), strict=True))
            if min(lengths.values()) > 0:
                return Limit(Kind(kind), **lengths)
    raise StayError(
        f"{text!r} is not a limit",
        where,
        "write rolling:90/180, per_entry:30, per_entry:6m, first_entry:90/180, calendar_year:90 or absence:180/12m, joined by +",
    )

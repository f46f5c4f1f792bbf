"""One person's stay clock: dates in, some of them uncertain; an answer with its provision out.

The answer is worked out for every history that the dates allow, all at once (standing.py). Where the histories agree
the answer is plain; where they do not, it says from when to when, and why. It explains and cites; it decides nothing.
Pure: values.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tolqyn.errors import StayError
from tolqyn.stay.days import FIRST_DAY, Positions, place
from tolqyn.stay.deadlines import Deadline, deadline
from tolqyn.stay.machines import reach
from tolqyn.stay.rule import Duty, Rule, Version
from tolqyn.stay.standing import MISSING, Standings, peak, plan, status
from tolqyn.stay.trips import Trips

__all__ = [
    "Answer",
    "Between",
    "Confidence",
    "Mode",
    "Stay",
    "Verdict",
    "When",
    "answer",
    "parse_stay",
    "parse_when",
]

FURTHER = 40
"""Days to look further back from an entry that is not known at all, to see what depends on it."""

HISTORIES = 100_000
"""The most combinations of uncertain dates that are gone through."""


class Mode(StrEnum):
    """What is asked."""

    STATUS = "status"
    PLAN = "plan"
    CHECK = "check"
    PEAK = "peak"
    ABSENCE = "absence"
    FIXED_END = "fixed_end"


class Verdict(StrEnum):
    """Three values: not knowing is one of them."""

    LAWFUL = "lawful"
    NOT_LAWFUL = "not lawful"
    UNDETERMINED = "undetermined"


class Confidence(StrEnum):
    """What an answer rests on: the text of a provision, reports of it, or sources that disagree."""

    STATED = "stated"
    DERIVED = "derived"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class When:
    """A day that may not be known exactly: some day from `first` to `last`; None is an end that is not known."""

    first: date | None
    last: date | None

    def __post_init__(self) -> None:
        if self.first and self.last and self.last < self.first:
            raise StayError(
                f"{self.first}..{self.last} ends before it begins", hint="the dates may be swapped"
            )

    @property
    def exact(self) -> bool:
        """Whether it is one day."""
        return self.first is not None and self.first == self.last

    def __str__(self) -> str:
        """As it is written: 2022-09-21, 2022-09-21..2022-09-25, 2022-09-21.., or ?."""
        if self.exact:
            return str(self.first)
        return f"{self.first or ''}..{self.last or ''}" if self.first or self.last else "?"


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay. `exit` None is a person who is still inside; an exit that is not known is `When(None, None)`."""

    entry: When
    exit: When | None = None
    basis: str | None = None

    def __post_init__(self) -> None:
        if self.entry.first and self.exit and self.exit.last and self.exit.last < self.entry.first:
            raise StayError(f"{self}: the exit is before the entry", hint="the dates may be swapped")

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.entry}/{self.exit or ''}{f',{self.basis}' if self.basis else ''}"


@dataclass(frozen=True, slots=True)
class Between:
    """The least and the most that a figure can be, or the first and the last day; None is an end that nobody knows."""

    low: Any
    high: Any

    def __str__(self) -> str:
        """One value, or both: 12..15, or 12.. where no most can be told."""
        if self.low == self.high:
            return "?" if self.low is None else str(self.low)
        return "..".join("" if end is None else str(end) for end in (self.low, self.high))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the law makes of some stays, with what it rests on.

    Attributes:
        mode, on: what was asked, of which day.
        verdict, because: three-valued, with the reasons in words.
        rule: id of the version that governs, of both joined by ` or ` where dates leave it open; None if none does.
        figures: days_used, days_left, max_stay, latest_exit, overstay, overstay_days, breach_days, first_breach,
            next_entry; those that do not apply are not there.
        provisions: each version that governs, with its dates in force and its sources.
        deadlines: duties of the current or planned stay.
        notes: assumptions, conflicts, exceptions that could apply.
        missing: facts that would settle what is open.
        histories: how many histories the dates allow.
    """

    mode: Mode
    on: date
    verdict: Verdict
    because: tuple[str, ...]
    rule: str | None
    figures: Mapping[str, Between]
    provisions: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    notes: tuple[str, ...]
    missing: tuple[str, ...]
    confidence: Confidence | None
    histories: int


def parse_when(text: str, where: str | None = None) -> When:
    """A day (2022-09-21), a span (2022-09-21..2022-09-25, either end may be left out), or ? for not known.

    Raises:
        StayError: something else.
    """
    text = text.strip()
    if text in {"?", ".."}:
        return When(None, None)
    first, dots, last = text.partition("..")
    try:
        if not dots:
            return When(date.fromisoformat(first), date.fromisoformat(first))
        return When(*(date.fromisoformat(end) if end else None for end in (first, last)))
    except ValueError:
        raise StayError(
            f"{text!r} is not a day", where, "write 2022-09-21, 2022-09-21..2022-09-25 or ?"
        ) from None


def parse_stay(text: str, where: str | None = None) -> Stay:
    """A stay: ENTRY/EXIT, ENTRY/ for still inside, ENTRY/? for not known, with `,basis` behind it.

    >>> str(parse_stay("2022-09-21..2022-09-25/2022-10-01,work_contract"))
    '2022-09-21..2022-09-25/2022-10-01,work_contract'

    Raises:
        StayError: not a stay, or its exit is before its entry.
    """
    dates, _, basis = text.strip().partition(",")
    entry_text, slash, exit_text = dates.partition("/")
    if not slash:
        raise StayError(f"{text!r} is not a stay", where, "write ENTRY/EXIT, or ENTRY/ for still inside")
    entry = parse_when(entry_text or "?", where)
    leave = parse_when(exit_text, where) if exit_text.strip() else None
    return Stay(entry, leave, basis.strip() or None)


def answer(
    stays: Sequence[Stay], rule: Rule, on: date, mode: Mode = Mode.STATUS, *, known_on: date | None = None
) -> Answer:
    """What a rule makes of some stays on a day.

    Args:
        stays: in any order; they may overlap. Those whose basis the rule does not count are left out.
        rule: its versions are chosen by the entry of the current stay (or as the rule says).
        on: the day asked; in a plan, the day of entry.
        mode: what is asked.
        known_on: answer as it could be known on that day; None is as known now.

    Raises:
        StayError: a date before 1900 or after 2200.
    """
    asked = rule.as_known(known_on) if known_on else rule
    counted = [stay for stay in stays if stay.basis is None or stay.basis not in rule.conventions.not_counted]
    apart = [stay for stay in stays if stay not in counted]
    found = _stand(counted, asked, on, mode, known_on)
    if found is None:
        return _too_many(counted, on, mode)
    governing = [asked.versions[i] for i in np.unique(found.version) if i != MISSING]
    figures = _figures(found, mode)
    if any(stay.entry.first is None for stay in counted):
        # Nobody knows how far back: what grows when one looks further back has no end that can be told.
        more = _stand(counted, asked, on, mode, known_on, further=FURTHER)
        figures = _opened(figures, _figures(more, mode)) if more else {}
    verdict, because = _verdict(found, asked, mode, on, counted)
    because += [f"the days of {stay} are not counted, by their basis" for stay in apart]
    current = _current(stays, on, mode)
    exempt = [
        e
        for e in rule.exemptions
        if current is not None and current.basis == e.basis and (e.valid_from is None or e.valid_from <= on)
    ]
    if exempt:
        verdict = Verdict.UNDETERMINED
        because = [f"{e.id} applies: {e.effect}" for e in exempt] + because
    return Answer(
        mode=mode,
        on=on,
        verdict=verdict,
        because=tuple(because),
        rule=" or ".join(version.id for version in governing) or None,
        figures=figures,
        provisions=tuple(provision(rule, version) for version in governing),
        deadlines=_deadlines(rule, current, mode),
        notes=tuple(_notes(rule, governing, current, known_on)),
        missing=tuple(_missing(counted, found)),
        confidence=_confidence(rule, governing),
        histories=found.used.size,
    )


def provision(rule: Rule, version: Version) -> str:
    """What a version allows, where that stands, when it was in force, and how much of it was read."""
    cited = [rule.sources[name] for name in version.sources]
    if not cited:
        return f"{version.id}: {version.words}, as given with the question; no provision is on file"
    text = version.provision or cited[0].title
    read = any(s.kind in {"law", "official", "court"} and s.seen in {"full-text", "excerpt"} for s in cited)
    sources = "; ".join(f"{s.title} ({s.where})" for s in cited)
    secondary = "" if read else "; based on secondary sources"
    return f"{version.id}: {version.words}, {version.in_force}. {text}. Sources: {sources}{secondary}"


def _stand(
    stays: Sequence[Stay], rule: Rule, on: date, mode: Mode, known_on: date | None, *, further: int = 0
) -> Standings | None:
    """Where every history that the dates allow stands; None if there are more than can be gone through."""
    histories = _histories(stays, rule, on, mode, further)
    if histories is None:
        return None
    points = place(np.arange(histories.size), np.full(histories.size, on.toordinal()))
    return {Mode.PLAN: plan, Mode.PEAK: peak}.get(mode, status)(histories, rule, points, known_on)


def _opened(figures: Mapping[str, Between], more: Mapping[str, Between]) -> dict[str, Between]:
    """Figures with those ends left open that move when one looks further back."""
    return {
        name: Between(
            value.low if more[name].low == value.low else None,
            value.high if more[name].high == value.high else None,
        )
        for name, value in figures.items()
    }


def _histories(stays: Sequence[Stay], rule: Rule, on: date, mode: Mode, further: int) -> Trips | None:
    """Every history that the dates allow, each as a person."""
    choices = [_choices(stay, rule, on, mode, further) for stay in stays]
    size = int(np.prod([len(each) for each in choices], dtype=np.float64)) if choices else 1
    if size > HISTORIES:
        return None
    rows = np.array(list(itertools.product(*choices)), dtype=np.int64).reshape(size, len(stays), 2)
    person = np.repeat(np.arange(size), len(stays))
    entry, leave = rows[:, :, 0].ravel(), rows[:, :, 1].ravel()
    return Trips.of(size, person, entry, np.maximum(leave, entry), leave < 0)


def _choices(stay: Stay, rule: Rule, on: date, mode: Mode, further: int) -> list[tuple[int, int]]:
    """Pairs of entry and exit (`date.toordinal`; -1 goes on) that a stay allows."""
    # Beyond limit and window together, an entry further back no longer changes what a window counts.
    span = timedelta(days=further + max((reach(version) for version in rule.versions), default=0))
    today = on.toordinal()
    leave = stay.exit or When(None, None)
    latest_entry = stay.entry.last or leave.last or on
    earliest_entry = stay.entry.first or max(FIRST_DAY, latest_entry - span)
    entries = range(earliest_entry.toordinal(), max(latest_entry, earliest_entry).toordinal() + 1)
    if stay.exit is None:
        return [(entry, -1) for entry in entries]
    pairs = []
    for entry in entries:
        first = max(entry, (leave.first or date.min).toordinal())
        if leave.last is None:
            # Somebody who may still be inside leaves on some day until today, or goes on.
            last = max(today, first)
            pairs += [(entry, day) for day in range(first, last)] + [(entry, -1 if first <= today else last)]
        else:
            last = leave.last.toordinal()
            # What happens after the day asked matters to plans alone.
            if mode is not Mode.PLAN and first < today < last:
                last = max(today, first)
            pairs += [(entry, day) for day in range(first, last + 1)]
    return pairs


def _figures(found: Standings, mode: Mode) -> dict[str, Between]:
    known = found.version != MISSING
    inside, outside = known & found.inside, known & ~found.inside
    counts = known & (found.used != MISSING)
    broke = known & (found.breach_days > 0)
    figures = {"days_used": _counts(found.used, counts)}
    if mode is Mode.PEAK:
        figures["overstay"] = _counts((found.breach_days > 0).astype(np.int64), known)
        figures["overstay_days"] = _counts(np.maximum(found.over, 0), known)
    else:
        figures["days_left"] = _counts(found.left, counts)
        staying = known if mode is Mode.PLAN else inside
        if mode is not Mode.ABSENCE:
            figures["max_stay"] = _counts(found.longest, staying & (found.longest != MISSING))
            entering = outside if mode is not Mode.PLAN else known
            figures["next_entry"] = _dates(found.next_entry, entering & (found.next_entry != MISSING))
        figures["latest_exit"] = _dates(found.latest, staying & (found.latest != MISSING))
    if mode not in {Mode.PLAN, Mode.PEAK}:
        over = found.breach_days > 0 if mode is Mode.CHECK else found.over > 0
        figures["overstay"] = _counts(over.astype(np.int64), known)
        figures["overstay_days"] = _counts(found.over, known)
    figures["breach_days"] = _counts(found.breach_days, known)
    figures["first_breach"] = _dates(found.first_breach, broke)
    return {name: value for name, value in figures.items() if value is not None}


def _counts(values: Positions, where: NDArray[np.bool_]) -> Any:
    chosen = values[where]
    return Between(int(chosen.min()), int(chosen.max())) if chosen.size else None


def _dates(values: Positions, where: NDArray[np.bool_]) -> Any:
    chosen = values[where]
    if not chosen.size:
        return None
    return Between(date.fromordinal(int(chosen.min())), date.fromordinal(int(chosen.max())))


def _verdict(found: Standings, rule: Rule, mode: Mode, on: date, stays: Sequence[Stay]) -> tuple[Verdict, list[str]]:  # fmt: skip
    unknown = found.version == MISSING
    match mode:
        case Mode.PLAN:
            bad = found.longest == 0
            good_words, bad_words = (
                f"entering on {on} is within the limits",
                f"entering on {on} would exceed a limit",
            )
        case Mode.CHECK | Mode.PEAK:
            bad = found.breach_days > 0
            good_words = f"no day of presence up to {on} exceeds a limit"
            bad_words = f"days of presence up to {on} exceed a limit"
        case _:
            bad = found.inside & (found.over > 0)
            inside = f"inside on {on}, within every limit"
            good_words = inside if found.inside.all() else f"not inside on {on}"
            if found.inside.any() and not found.inside.all():
                good_words = f"whether inside on {on} or not, within every limit"
            bad_words = f"inside on {on}, and a limit is exceeded"
    if unknown.all():
        return Verdict.UNDETERMINED, [f"no version of {rule.id} on file governs this date"]
    if unknown.any() or (bad.any() and not bad.all()):
        open_dates = "; ".join(str(stay) for stay in stays if not _exact(stay)) or "the dates"
        because = [f"it depends on dates that are not known: {open_dates}"]
        if unknown.any():
            because.append(f"for some of them no version of {rule.id} on file governs")
        return Verdict.UNDETERMINED, because
    if bad.all():
        return Verdict.NOT_LAWFUL, [bad_words]
    because = [good_words]
    if mode is not Mode.CHECK and (found.breach_days > 0).all():
        because.append("a limit was exceeded in the past")
    return Verdict.LAWFUL, because


def _too_many(stays: Sequence[Stay], on: date, mode: Mode) -> Answer:
    return Answer(
        mode, on, Verdict.UNDETERMINED,
        (f"the dates allow more than {HISTORIES:,} histories",),
        None, {}, (), (), (), tuple(f"narrow {stay}" for stay in stays if not _exact(stay)), None, 0,
    )  # fmt: skip


def _exact(stay: Stay) -> bool:
    return stay.entry.exact and (stay.exit is None or stay.exit.exact)


def _current(stays: Sequence[Stay], on: date, mode: Mode) -> Stay | None:
    """The stay whose duties and exceptions are told: the last begun by the day, or the planned one."""
    if mode is Mode.PLAN:
        return Stay(When(on, on))
    begun = [stay for stay in stays if stay.entry.first is None or stay.entry.first <= on]
    last = max(begun, key=lambda stay: stay.entry.last or stay.entry.first or on, default=None)
    gone = last is not None and last.exit is not None and last.exit.last is not None and last.exit.last < on
    return None if gone else last


def _deadlines(rule: Rule, current: Stay | None, mode: Mode) -> tuple[Deadline, ...]:
    if (
        current is None
        or mode in {Mode.ABSENCE, Mode.PEAK}
        or not (current.entry.first and current.entry.last)
    ):
        return ()
    first, last = current.entry.first, current.entry.last
    return tuple(
        spread(duty, current.entry, rule.destination)
        for duty in rule.duties
        if duty.from_entry and (duty.governs(first) or duty.governs(last))
    )


def spread(duty: Duty, entry: When, destination: str) -> Deadline:
    """The deadline of a duty from an entry that may not be known exactly: the earliest and the latest.

    Raises:
        StayError: an end of the entry is not known.
    """
    if entry.first is None or entry.last is None:
        raise StayError(
            f"no deadline from an entry on {entry}", hint="give both ends: 2022-09-21..2022-09-25"
        )
    early = deadline(duty, entry.first, destination)
    late = deadline(duty, entry.last, destination)
    return replace(early, last=late.last)


def _notes(
    rule: Rule, governing: Sequence[Version], current: Stay | None, known_on: date | None
) -> list[str]:
    notes = [f"as it was known on {known_on}"] if known_on else []
    notes += [f"assumed: {text}" for text in (rule.assumes, rule.conventions.assumed) if text]
    for version in governing:
        notes += [f"{version.id}: {version.note}"] if version.note else []
        notes += [f"until {end.last_day} as known from {end.known_from} on" for end in version.ends]
        notes += [f"sources disagree on {version.id}: {version.conflict}"] if version.conflict else []
    if current is not None and current.basis is None:
        notes += [f"not so if the basis of stay is {e.basis}: {e.effect}" for e in rule.exemptions]
    return notes


def _missing(stays: Sequence[Stay], found: Standings) -> list[str]:
    missing = [f"the exact dates of {stay}" for stay in stays if not _exact(stay)]
    if (found.version == MISSING).any():
        missing.append("the provision in force on the date")
    return missing


def _confidence(rule: Rule, governing: Sequence[Version]) -> Confidence | None:
    if not governing:
        return None
    if any(version.conflict for version in governing):
        return Confidence.DISPUTED
    cited = [rule.sources[name] for version in governing for name in version.sources]
    stated = any(s.kind in {"law", "official", "court"} and s.seen in {"full-text", "excerpt"} for s in cited)
    return Confidence.STATED if stated else Confidence.DERIVED

"""Where many persons stand under a rule on a day: days used and left, last lawful day, breaches, next entry.

Vectorised over persons; one person is an array of length one, and a person with uncertain dates is one array
of possible histories (person.py). Pure: arrays and values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tolqyn.stay.days import NEVER, STRIDE, Days, Positions, day_of
from tolqyn.stay.machines import FixedEnd, Machine, PerEntry, machines, reach
from tolqyn.stay.rule import Conventions, Rule, Version
from tolqyn.stay.trips import Trips

__all__ = ["MISSING", "Standings", "governing", "peak", "plan", "status"]

MISSING = -1
"""In an array of counts or of days (`date.toordinal`): does not apply."""


@dataclass(frozen=True, eq=False)
class Standings:
    """One number a person, each array of shape (person,); MISSING where it does not apply.

    Attributes:
        version: index in `rule.versions` of the version that governs.
        inside: whether the day asked is a day of the visit.
        used, left: days counted in the window that ends on the day, by the first limit that counts over visits;
            the rest of it, never below 0.
        over: by how many days the limit that is exceeded most is exceeded on the day; 0 if none is.
        longest: longest lawful visit in a row from its entry (planned or present).
        latest: the last lawful day of that visit, `date.toordinal`; MISSING if not even its first day is lawful, or
            if no limit ever ends it.
        breach_days, first_breach: days of presence up to the day on which a limit was exceeded, and the first.
        next_entry: first day on or after the day asked when entering is lawful.
    """

    version: Positions
    inside: NDArray[np.bool_]
    used: Positions
    left: Positions
    over: Positions
    longest: Positions
    latest: Positions
    breach_days: Positions
    first_breach: Positions
    next_entry: Positions


def governing(rule: Rule, ordinals: Positions) -> Positions:
    """Index in `rule.versions` of the version that governs each date; MISSING where none does."""
    which = np.full(ordinals.shape, MISSING, dtype=np.int64)
    for index, version in reversed(list(enumerate(rule.versions))):
        which[_within(version, ordinals)] = index
    return which


def status(trips: Trips, rule: Rule, on: Positions, known_on: date | None = None) -> Standings:
    """Where each person stands on a day. Later stays are ignored; a running stay is taken to go on.

    Args:
        trips: stays; `size` persons.
        rule: each visit is judged by the version of its entry day (or of each day: `choose_version_by`).
        on: the day asked of each person, as points of the line. Shape (person,).
        known_on: for a fixed end, as it was known on that day; None is as known now.
    """
    visits = _counted(trips, rule.conventions).visits().until(on)
    at, inside = visits.last_at(on)
    entry = np.where(at >= 0, visits.entry[at], on) if visits.entry.size else on
    which = governing(rule, day_of(on if rule.choose_version_by == "query_date" else entry))
    # A stay that is running is let run on: nothing before `on` changes, and its last lawful day can be seen.
    leave = visits.exit.copy()
    leave[at[inside]] = on[inside] + _horizon(rule)
    lasting = Trips(visits.size, visits.entry, leave)
    found = _Found.none(on.size)
    broken = Days(on[:0], on[:0])
    for index, version, counting in _versions(rule, lasting, which, known_on):
        mine = which == index
        _fill(found, counting, on, mine)
        _fill_visit(found, counting, entry, mine & inside)
        broken = broken | _broken(rule, version, counting, lasting)
    outside = (which != MISSING) & ~inside
    if outside.any():
        found.next_entry[outside] = _ordinals(_next_entry(lasting, rule, on[outside], known_on))
    return found.standings(which, inside, *_breaches(broken, on))


def plan(trips: Trips, rule: Rule, on: Positions, known_on: date | None = None) -> Standings:
    """How long each person may stay who enters on a day, and when he may enter if not then.

    Recorded stays after the day are kept to: the planned one may make no recorded day unlawful. Days used are those
    before the planned stay.
    """
    trips = _counted(trips, rule.conventions)
    past = trips.visits().until(on)
    which = governing(rule, day_of(on))
    planned = past.with_stays(on, on + _horizon(rule))
    found = _Found.none(on.size)
    for index, version, counting in _versions(rule, planned, which, known_on):
        mine = which == index
        _fill(found, machines(version, past, known_on), on, mine, entering=True)
        _fill_visit(found, counting, on, mine)
    broken = Days(on[:0], on[:0])
    for _, version, counting in _versions(rule, past, which, known_on):
        broken = broken | _broken(rule, version, counting, past)
    known = which != MISSING
    found.next_entry[known] = _ordinals(_next_entry(past, rule, on[known], known_on))
    _keep_bookings(found, trips, rule, on, known_on)
    return found.standings(which, past.last_at(on)[1], *_breaches(broken, on))


def peak(trips: Trips, rule: Rule, on: Positions, known_on: date | None = None) -> Standings:
    """The highest count on any day of presence up to a day (`used`), and by how much it exceeds (`over`)."""
    visits = _counted(trips, rule.conventions).visits().until(on)
    at, inside = visits.last_at(on)
    entry = np.where(at >= 0, visits.entry[at], on) if visits.entry.size else on
    which = governing(rule, day_of(on if rule.choose_version_by == "query_date" else entry))
    found = _Found.none(on.size)
    broken = Days(on[:0], on[:0])
    for index, version, counting in _versions(rule, visits, which, known_on):
        mine = which == index
        found.over[mine] = 0
        for machine in counting:
            ends, counts, allowed = machine.heights()
            person = ends // STRIDE
            excess, most = np.zeros_like(on), np.zeros_like(on)
            np.maximum.at(excess, person, counts - allowed)
            np.maximum.at(most, person, counts)
            found.over[mine] = np.maximum(found.over, excess)[mine]
            if machine is _principal(counting) and not isinstance(machine, FixedEnd):
                found.used[mine] = most[mine]
        broken = broken | _broken(rule, version, counting, visits)
    return found.standings(which, inside, *_breaches(broken, on))


@dataclass(eq=False)
class _Found:
    """Answers while they are being filled in."""

    used: Positions
    left: Positions
    over: Positions
    longest: Positions
    latest: Positions
    next_entry: Positions

    @classmethod
    def none(cls, size: int) -> _Found:
        return cls(*(np.full(size, MISSING, dtype=np.int64) for _ in range(6)))

    def standings(
        self, version: Positions, inside: NDArray[np.bool_], breach_days: Positions, first: Positions
    ) -> Standings:
        return Standings(
            version, inside, self.used, self.left, self.over, self.longest, self.latest,
            breach_days, first, self.next_entry,
        )  # fmt: skip


def _fill(found: _Found, counting: list[Machine], on: Positions, mine: NDArray[np.bool_], *, entering: bool = False) -> None:  # fmt: skip
    """Days used and left by the principal limit, and the excess over any, on the day itself."""
    at = on[mine]
    over = np.zeros_like(at)
    for machine in counting:
        # Who enters begins a new visit, whatever the old one had used.
        anew = entering and isinstance(machine, PerEntry)
        used = np.zeros_like(at) if anew else machine.used(at)
        # Outside, a limit per entry has used nothing of the visit to come.
        allowed = machine.allowed(at)
        over = np.maximum(over, used - allowed)
        if machine is _principal(counting) and not isinstance(machine, FixedEnd):
            found.used[mine] = used
            found.left[mine] = np.maximum(allowed - used, 0)
    found.over[mine] = np.maximum(over, 0)


def _fill_visit(found: _Found, counting: list[Machine], entry: Positions, mine: NDArray[np.bool_]) -> None:
    """The longest lawful visit from each entry, and its last day."""
    lapse = np.minimum.reduce([machine.lapse(entry[mine]) for machine in counting])
    ends = lapse != NEVER
    longest = np.where(ends, lapse - entry[mine], MISSING)
    found.longest[mine] = longest
    found.latest[mine] = np.where(longest > 0, day_of(np.where(ends, lapse, entry[mine])) - 1, MISSING)


def _principal(counting: list[Machine]) -> Machine:
    """The limit whose days used and left are told: one that counts over visits, if there is one."""
    return next((m for m in counting if not isinstance(m, PerEntry | FixedEnd)), counting[0])


def _counted(trips: Trips, conventions: Conventions) -> Trips:
    """The days of the stays that count: without the border days that do not."""
    entry = trips.entry + (not conventions.entry_day)
    leave = np.where(trips.exit == NEVER, NEVER, trips.exit - (not conventions.exit_day))
    return Trips(trips.size, entry, leave).where(entry <= leave)


def _versions(
    rule: Rule, trips: Trips, which: Positions, known_on: date | None
) -> list[tuple[int, Version, list[Machine]]]:
    """The versions that govern somebody or some stay, with their machines over the trips."""
    entered = day_of(trips.entry)
    found = []
    for index, version in enumerate(rule.versions):
        touched = rule.choose_version_by == "query_date" or _within(version, entered).any()
        if touched or (which == index).any():
            found.append((index, version, machines(version, trips, known_on)))
    return found


def _broken(rule: Rule, version: Version, counting: list[Machine], trips: Trips) -> Days:
    """The days of presence that break a version, of those that it governs."""
    first, *others = [machine.breaches for machine in counting]
    broken = first
    for more in others:
        broken = broken | more
    if version.valid_from is None and version.valid_to is None:
        return broken
    if rule.choose_version_by == "entry_date":
        return broken & trips.where(_within(version, day_of(trips.entry))).days()
    persons = np.arange(trips.size, dtype=np.int64) * STRIDE
    low = 0 if version.valid_from is None else _offset(version.valid_from)
    high = STRIDE - 2 if version.valid_to is None else _offset(version.valid_to)
    return broken & Days(persons + low, persons + high)


def _breaches(broken: Days, on: Positions) -> tuple[Positions, Positions]:
    """Number of broken days of each person up to a day, and the first of them."""
    start = on // STRIDE * STRIDE
    first = broken.first_from(start)
    return broken.between(start, on), np.where(first <= on, _ordinals(first), MISSING)


def _next_entry(past: Trips, rule: Rule, on: Positions, known_on: date | None) -> Positions:
    """First point from `on` when entering is within every limit, if no stay is recorded after `on`."""
    earliest = np.full(on.shape, NEVER)
    start = on // STRIDE * STRIDE
    for version in rule.versions:
        low = start + (0 if version.valid_from is None else _offset(version.valid_from))
        high = start + (STRIDE - 1 if version.valid_to is None else _offset(version.valid_to))
        counting = machines(version, past, known_on)
        at = np.maximum(on, low)
        while True:
            # Every limit must agree on the day: one of them may send it on to where another no longer fits.
            still = at <= high
            later = at.copy()
            for machine in counting:
                later[still] = np.maximum(later[still], machine.entry_from(at[still]))
            if (later == at).all():
                break
            at = later
        earliest = np.minimum(earliest, np.where(at <= high, at, NEVER))
    return earliest


def _keep_bookings(found: _Found, trips: Trips, rule: Rule, on: Positions, known_on: date | None) -> None:
    """Shorten the plans of those who have later stays recorded, so that these stay lawful."""
    recorded = trips.closed(on)
    booked = np.zeros(on.shape, dtype=np.bool_)
    booked[recorded.person[recorded.exit > on[recorded.person]]] = True
    lengthy = np.flatnonzero(booked & (found.longest > 0))
    if lengthy.size:
        tried = found.longest[lengthy]
        person, nth = np.repeat(lengthy, tried), _count_up(tried)
        fits = _harmless(recorded, rule, person, on[person], on[person] + nth, known_on)
        longest = np.zeros_like(on)
        np.maximum.at(longest, person, np.where(fits, nth + 1, 0))
        found.longest[lengthy] = longest[lengthy]
        found.latest[lengthy] = np.where(longest[lengthy] > 0, day_of(on[lengthy]) + longest[lengthy] - 1, MISSING)  # fmt: skip
    refused = np.flatnonzero(booked & (found.longest == 0))
    if refused.size:
        # Beyond the last recorded day only the windows have to run out.
        final = on.copy()
        np.maximum.at(final, recorded.person, recorded.exit)
        span = (final - on)[refused] + _horizon(rule)
        person, nth = np.repeat(refused, span), _count_up(span)
        fits = _harmless(recorded, rule, person, on[person] + nth, on[person] + nth, known_on)
        first = np.full(on.shape, NEVER)
        np.minimum.at(first, person[fits], (on[person] + nth)[fits])
        found.next_entry[refused] = _ordinals(first[refused])


def _harmless(
    recorded: Trips, rule: Rule, person: Positions, entry: Positions, leave: Positions, known_on: date | None
) -> NDArray[np.bool_]:
    """Whether each trial stay of a person is lawful itself and makes no recorded day unlawful."""
    count = np.bincount(recorded.person, minlength=recorded.size)[person]
    first = np.searchsorted(recorded.person, person)
    copied = np.repeat(first, count) + _count_up(count)
    trial = np.repeat(np.arange(person.size), count)
    shift = (trial - recorded.person[copied]) * STRIDE
    before = Trips(person.size, recorded.entry[copied] + shift, recorded.exit[copied] + shift)
    shift = (np.arange(person.size) - person) * STRIDE
    after = before.with_stays(entry + shift, leave + shift)
    with_it, without = (_all_broken(each.visits(), rule, known_on) for each in (after, before))
    lawful = with_it.between(entry + shift, leave + shift) == 0
    size = person.size
    harmless: NDArray[np.bool_] = lawful & (with_it.per_person(size) == (with_it & without).per_person(size))
    return harmless


def _all_broken(visits: Trips, rule: Rule, known_on: date | None) -> Days:
    broken = Days(visits.entry[:0], visits.entry[:0])
    for _, version, counting in _versions(rule, visits, visits.entry[:0], known_on):
        broken = broken | _broken(rule, version, counting, visits)
    return broken


def _within(version: Version, ordinals: Positions) -> NDArray[np.bool_]:
    low = -1 if version.valid_from is None else version.valid_from.toordinal()
    high = NEVER if version.valid_to is None else version.valid_to.toordinal()
    return (ordinals >= low) & (ordinals <= high)


def _offset(day: date) -> int:
    return day.toordinal() - int(day_of(np.zeros(1, dtype=np.int64))[0])


def _ordinals(points: Positions) -> Positions:
    return np.where(points == NEVER, MISSING, day_of(np.where(points == NEVER, 0, points)))


def _horizon(rule: Rule) -> int:
    return max((reach(version) for version in rule.versions), default=0)


def _count_up(lengths: Positions) -> Positions:
    """0, 1, ... for each length, one after the other."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)

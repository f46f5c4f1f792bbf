"""Every set of stays of a small calendar, counted day by day, against the machines.

The count here shares no idea with the machines: no intervals, no bisection, a plain look at each day.
"""

from datetime import date, timedelta
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from tolqyn.stay.days import place
from tolqyn.stay.rule import Conventions, Rule, Version, parse_limits
from tolqyn.stay.standing import MISSING, peak, plan, status
from tolqyn.stay.trips import Trips

LENGTH = 8
FAR = 60
# Over a New Year, and over the end of a February without and with a 29th day, which matters to months.
CALENDARS = {
    "new year": date(2022, 12, 28),
    "february": date(2023, 2, 25),
    "leap february": date(2024, 2, 26),
}
LIMITS = [
    "rolling:3/5",
    "rolling:1/3",
    "per_entry:2",
    "first_entry:2/4",
    "calendar_year:3",
    "absence:3/1m",
    "rolling:3/5+per_entry:2",
    "first_entry:3/5+per_entry:2",
    "calendar_year:4+rolling:3/6",
    "per_entry:1m",
]


def all_trip_sets(most):
    stays = [(a, b) for a in range(LENGTH) for b in range(a, LENGTH)]
    return [trips for n in range(most + 1) for trips in combinations(stays, n)]


def a_rule(limits):
    return Rule("r", "", ("*",), "", (Version("v", parse_limits(limits), ()),), {})


IN_CALENDARS = [
    (limits, calendar)
    for limits in LIMITS
    for calendar in CALENDARS
    if calendar != "leap february" or limits.endswith("m")
]


# --- the count, day by day -------------------------------------------------------------------------------------


def visits_of(trips):
    """Stays that overlap by more than a border day, put together until none do."""
    visits = sorted(set(trips))
    while True:
        for one, two in combinations(visits, 2):
            if two[0] < one[1]:
                visits = sorted({v for v in visits if v not in (one, two)} | {(min(one[0], two[0]), max(one[1], two[1]))})  # fmt: skip
                break
        else:
            return visits


def month_before(day, start):
    """The day of the calendar that is one month before."""
    today = start + timedelta(day)
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    last = (date(today.year, today.month, 1) - timedelta(1)).day
    return (date(year, month, min(today.day, last)) - start).days


@cache
def period_starts(present, window):
    starts = []
    for day in present:
        if not starts or day >= starts[-1] + window:
            starts.append(day)
    return starts


def count(limit, day, present, visits, start):
    """Days that a limit has counted by a day."""
    match limit.kind:
        case "rolling":
            return sum(1 for d in present if day - limit.window < d <= day)
        case "absence":
            return sum(1 for d in present if month_before(day, start) < d <= day)
        case "calendar_year":
            return sum(1 for d in present if d <= day and (start + timedelta(d)).year == (start + timedelta(day)).year)  # fmt: skip
        case "first_entry":
            began = [s for s in period_starts(present, limit.window) if s <= day < s + limit.window]
            return sum(1 for d in present if began and began[0] <= d <= day)
        case "per_entry":
            entered = [a for a, b in visits if a <= day <= b]
            return day - max(entered) + 1 if entered else 0


def month_after(day, start):
    first = (start + timedelta(day)).replace(day=1)
    following = (first + timedelta(32)).replace(day=1)
    last = ((following + timedelta(32)).replace(day=1) - timedelta(1)).day
    return (following.replace(day=min((start + timedelta(day)).day, last)) - start).days


def broken_days(limits, trips, start):
    """Days of presence on which some limit is exceeded."""
    visits = visits_of(trips)
    present = tuple(sorted({d for a, b in trips for d in range(a, b + 1)}))
    broken = set()
    for limit in limits:
        if limit.kind == "per_entry":
            for a, b in visits:
                end = a + limit.days if limit.days else month_after(a, start)
                broken |= set(range(end, b + 1))
        else:
            broken |= {d for d in present if count(limit, d, present, visits, start) > limit.days}
    return broken


@cache
def brute_status(limits, past, on, start):
    """Used, breach days, first breach, inside, last lawful day; stays cut at the day asked."""
    visits = visits_of(past)
    present = tuple(sorted({d for a, b in past for d in range(a, b + 1)}))
    principal = next((lim for lim in limits if lim.kind != "per_entry"), limits[0])
    used = count(principal, on, present, visits, start)
    broken = broken_days(limits, past, start)
    inside = [v for v in visits if v[0] <= on <= v[1]]
    latest = None
    if inside:
        entry = max(a for a, _ in inside)
        others = list(visits)
        others.remove(max(inside))
        alone = next((lim for lim in limits if lim.kind == "per_entry"), None)
        for day in range(entry, entry + FAR):
            going = (*others, (entry, max(day, on)))
            bad = broken_days([lim for lim in limits if lim is not alone], going, start)
            bad |= broken_days([alone], ((entry, max(day, on)),), start) if alone else set()
            if day in bad:
                latest = day - 1 if day > entry else "not even the first"
                break
    return used, len(broken), min(broken, default=None), bool(inside), latest


@cache
def brute_plan(limits, trips, on, start):
    """Longest lawful stay from a day, and the first day when entering is lawful."""
    booked = any(b > on for _, b in trips)
    past = tuple((a, min(b, on)) for a, b in visits_of(trips) if a <= on)
    over_visits = tuple(lim for lim in limits if lim.kind != "per_entry")
    of_one_visit = tuple(lim for lim in limits if lim.kind == "per_entry")

    def fits(entry, leave):
        stay = set(range(entry, leave + 1))
        if booked:
            planned = broken_days(limits, (*trips, (entry, leave)), start)
            return not planned & stay and planned <= broken_days(limits, trips, start)
        # A visit that ends on the very day is over: the new one starts its own count.
        planned = broken_days(over_visits, (*past, (entry, leave)), start)
        return not (planned | broken_days(of_one_visit, ((entry, leave),), start)) & stay

    longest = max((n for n in range(1, 14) if fits(on, on + n - 1)), default=0)
    if longest == 13:
        longest = next((n for n in range(14, FAR) if not fits(on, on + n - 1)), FAR) - 1
    return longest, next((e for e in range(on, on + FAR) if fits(e, e)), None)


# --- the machines against it -----------------------------------------------------------------------------------


def lay_out(cases, start):
    """Trips of many persons, one for each (trips, day asked)."""
    flat = [(p, a, b) for p, (trips, _) in enumerate(cases) for a, b in trips]
    person, entry, leave = np.array(flat, dtype=np.int64).reshape(-1, 3).T
    zero = start.toordinal()
    trips = Trips.of(len(cases), person, entry + zero, leave + zero, np.zeros(person.size, dtype=bool))
    on = place(np.arange(len(cases)), np.array([q for _, q in cases], dtype=np.int64) + zero)
    return trips, on


def days_since(values, start):
    return [None if value == MISSING else int(value) - start.toordinal() for value in values]


@pytest.mark.parametrize(("limits", "calendar"), IN_CALENDARS)
def test_where_a_person_stands_is_what_a_look_at_each_day_says(limits, calendar):
    start, parsed = CALENDARS[calendar], parse_limits(limits)
    sets = all_trip_sets(2) + all_trip_sets(3)[7::13]
    cases = [(trips, on) for trips in sets for on in range(1, LENGTH + 2, 2)]
    trips, on = lay_out(cases, start)

    found = status(trips, a_rule(limits), on)
    highest = peak(trips, a_rule(limits), on)

    first, latest = days_since(found.first_breach, start), days_since(found.latest, start)
    for i, (stays, day) in enumerate(cases):
        past = tuple((a, min(b, day)) for a, b in visits_of(stays) if a <= day)
        used, broken, first_broken, inside, last = brute_status(parsed, past, day, start)
        assert (found.used[i], found.breach_days[i], first[i], found.inside[i]) == (used, broken, first_broken, inside), (stays, day)  # fmt: skip
        if last == "not even the first":
            assert (found.longest[i], latest[i]) == (0, None), (stays, day)
        else:
            assert latest[i] == last, (stays, day)
        assert highest.breach_days[i] == broken
        assert (highest.over[i] > 0) == (broken > 0)


@pytest.mark.parametrize(("limits", "calendar"), IN_CALENDARS)
def test_a_plan_is_the_longest_stay_that_breaks_nothing(limits, calendar):
    start, parsed = CALENDARS[calendar], parse_limits(limits)
    sets = all_trip_sets(1) + all_trip_sets(2)[3::7]
    cases = [(trips, on) for trips in sets for on in range(0, LENGTH + 2, 3)]
    trips, on = lay_out(cases, start)

    found = plan(trips, a_rule(limits), on)

    following = days_since(found.next_entry, start)
    for i, (stays, day) in enumerate(cases):
        longest, entry = brute_plan(parsed, stays, day, start)
        assert found.longest[i] == longest, (stays, day)
        assert following[i] == entry or (entry is None and following[i] >= day + FAR), (stays, day)


def test_days_of_the_border_are_left_out_where_the_rule_says_so():
    """Whole days outside: neither the day of leaving nor that of coming back."""
    rule = Rule("r", "", ("*",), "", (Version("v", parse_limits("rolling:3/5"), ()),), {}, conventions=Conventions(entry_day=False, exit_day=False))  # fmt: skip
    sets = all_trip_sets(2)
    trips, on = lay_out([(stays, LENGTH) for stays in sets], CALENDARS["new year"])

    found = status(trips, rule, on)

    for i, stays in enumerate(sets):
        whole = {d for a, b in stays for d in range(a + 1, b)}
        assert found.used[i] == sum(1 for d in whole if LENGTH - 5 < d <= LENGTH)


@pytest.mark.parametrize("first", [date(2023, 1, 25), date(2024, 1, 28), date(2024, 3, 20)])
def test_a_window_in_months_can_lose_days_while_somebody_is_away(first):
    """At the first of March a month back is the first of February: the count falls within one absence."""
    limits, days = parse_limits("absence:30/1m"), 60
    trips, on = lay_out([(((0, days),), days)], first)

    found = status(trips, a_rule("absence:30/1m"), on)

    broken = broken_days(limits, ((0, days),), first)
    assert broken
    assert max(broken) - min(broken) + 1 > len(broken) or max(broken) < days
    assert (found.breach_days[0], days_since(found.first_breach, first)[0]) == (len(broken), min(broken))


@pytest.mark.parametrize("choose", ["entry_date", "query_date"])
@pytest.mark.parametrize(("old", "new"), [("per_entry:2", "rolling:3/5"), ("rolling:2/4", "calendar_year:3")])
@pytest.mark.parametrize("forgives", [True, False])
def test_each_visit_is_judged_by_its_own_version(choose, old, new, forgives):
    """A rule that changes on day 4: by the day of entry, or by the day itself; with or without a clean slate."""
    start, change = CALENDARS["new year"], 4
    turn = start + timedelta(change)
    since = turn if forgives else None
    versions = (
        Version("old", parse_limits(old), (), valid_to=turn - timedelta(1)),
        Version("new", parse_limits(new), (), valid_from=turn, count_stays_entered_from=since),
    )
    rule = Rule("r", "", ("*",), "", versions, {}, choose_version_by=choose)
    sets = all_trip_sets(2) + all_trip_sets(3)[11::29]
    trips, on = lay_out([(stays, LENGTH + 1) for stays in sets], start)

    found = status(trips, rule, on)

    first = days_since(found.first_breach, start)
    for i, stays in enumerate(sets):
        visits = visits_of(stays)
        broken = set()
        for version, early in zip(versions, (True, False), strict=True):
            counted = [v for v in visits if not (forgives and not early) or v[0] >= change]
            governed = {d for a, b in visits for d in range(a, b + 1) if ((a if choose == "entry_date" else d) < change) == early}  # fmt: skip
            broken |= broken_days(version.limits, tuple(counted), start) & governed
        assert (found.breach_days[i], first[i]) == (len(broken), min(broken, default=None)), stays
        last = max(visits, default=(0, 0))[0] if choose == "entry_date" else LENGTH + 1
        assert rule.versions[found.version[i]].id == ("old" if stays and last < change else "new"), stays

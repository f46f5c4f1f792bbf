"""A wave on the stay clock."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tolqyn.errors import StayError
from tolqyn.stay import load_rules
from tolqyn.stay.cohort import CLOCK_COLUMNS, Cohort, clock_table, cohort_deadlines, what_if

KZ = load_rules().rule("kz-eaeu")
FIRST = date(2022, 9, 21)


def cohort(entries, staying, first=FIRST):
    return Cohort.from_entries(first, np.asarray(entries, dtype=float), np.asarray(staying, dtype=float))


def by_name(milestones):
    return {(each.scenario, each.name): each.persons for each in milestones}


def test_those_who_stay_reach_each_milestone_on_its_day():
    entries = np.zeros((2, 130))
    entries[:, 4] = [1000, 2000]  # 25 September
    staying = np.full(130, 0.5)
    staying[0] = 1

    found = by_name(cohort_deadlines(cohort(entries, staying), {"law": KZ}))

    thirty, last = found["law", "day 30"], found["law", "last lawful day"]
    assert thirty.sum(axis=1).tolist() == [500, 1000]
    assert FIRST + timedelta(int(thirty[0].argmax())) == date(2022, 10, 24)
    assert FIRST + timedelta(int(last[0].argmax())) == date(2022, 12, 23)
    assert found["law", "over the limit"][0, -1] == 500
    assert found["law", "over the limit"][0, :94].sum() == 0


def test_each_entry_day_is_under_its_own_version():
    """Before and after a change: a shorter term that begins in the middle of the wave."""
    entries = np.ones((1, 60))
    shorter = what_if(KZ, "per_entry:10", FIRST + timedelta(30))

    found = by_name(cohort_deadlines(cohort(entries, np.ones(60)), {"law": KZ, "shorter": shorter}, ()))

    assert found["law", "last lawful day"].sum() == 0  # nobody has been there for 90 days yet
    assert np.flatnonzero(found["shorter", "last lawful day"][0]).tolist() == list(range(39, 60))
    assert found["shorter", "over the limit"][0, -1] == 20


def test_duties_are_on_the_clock():
    entries = np.zeros((1, 60))
    entries[0, 0] = 10
    first = date(2026, 7, 1)

    found = by_name(cohort_deadlines(cohort(entries, np.ones(60), first), {"law": KZ}, ()))

    assert first + timedelta(int(found["law", "duty kz-register-30"][0].argmax())) == date(2026, 7, 30)
    assert found["law", "duty kz-host-notice"].sum() == 10


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_nobody_reaches_a_day_twice_and_everybody_present_is_before_or_past_it(number, seed):
    rng = np.random.default_rng(seed)
    entries = rng.uniform(0, 100, (3, 50))
    staying = np.sort(rng.uniform(0, 1, (3, 50)), axis=1)[:, ::-1]
    group = cohort(entries, staying)

    reached, past = group.reaching([number] * 50), group.beyond([number] * 50)

    assert (reached.sum(axis=1) <= entries.sum(axis=1) + 1e-9).all()
    assert np.allclose(past + group.present[:, :, :number].sum(axis=2), group.present.sum(axis=2))


def test_shares_follow_from_lengths_of_stay():
    entries, lengths = np.array([[100.0, 0, 0, 0]]), np.array([[0, 1, 2, np.inf]])

    group = Cohort.from_lengths(FIRST, entries, lengths, 4)

    assert [group.present[0, n, n] for n in range(4)] == [100, 75, 50, 25]


def test_the_table_has_bands():
    entries = np.random.default_rng(1).uniform(50, 150, (200, 40))

    group = cohort(entries, np.ones(40))
    table = clock_table(group, cohort_deadlines(group, {"law": KZ}, (30,)))

    assert tuple(table.column_names) == CLOCK_COLUMNS
    day = table.to_pylist()[35]
    assert day["milestone"] == "day 30"
    assert day["q05"] < day["q50"] < day["q95"]


def test_what_the_cohort_does_not_follow_is_an_error_never_a_zero():
    with pytest.raises(StayError, match="day 30 of a visit falls within the days, and the cohort follows 20"):
        cohort_deadlines(cohort(np.ones((1, 100)), np.ones(20)), {"law": KZ})


@pytest.mark.parametrize("staying", [[0.5, 0.6], [1.2], [[1.0]] * 3])
def test_shares_that_cannot_be_are_refused(staying):
    with pytest.raises(StayError):
        cohort(np.ones((2, 10)), staying)


def test_a_what_if_is_marked_and_leaves_the_law_alone():
    assumed = what_if(KZ, "rolling:60/180", date(2023, 6, 1))

    assert [v.id for v in assumed.versions] == ["kz-eaeu-90-per-entry", "kz-eaeu-90-180", "what-if"]
    assert assumed.version_on(date(2023, 5, 31)).id == "kz-eaeu-90-180"
    assert assumed.versions[-1].note == "an assumption, not law"
    assert KZ.version_on(date(2023, 6, 1)).id == "kz-eaeu-90-180"

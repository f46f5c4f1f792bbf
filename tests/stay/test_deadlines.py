"""By when a duty must be done."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tolqyn.stay.deadlines import deadline, works_on
from tolqyn.stay.rule import Duty


def duty(days, unit="calendar_day", first_day="unknown"):
    return Duty("d", "register", "person", days, unit, "crossing", first_day, ("a",))


@pytest.mark.parametrize(
    ("first_day", "expected"), [("arrival", date(2026, 7, 30)), ("next", date(2026, 7, 31))]
)
def test_the_convention_of_day_one_moves_the_deadline_by_a_day(first_day, expected):
    found = deadline(duty(30, first_day=first_day), date(2026, 7, 1), "KZ")

    assert (found.first, found.last) == (expected, expected)


def test_where_the_convention_is_not_known_both_dates_are_given():
    found = deadline(duty(30), date(2026, 7, 1), "KZ")

    assert (found.first, found.last) == (date(2026, 7, 30), date(2026, 7, 31))


def test_working_days_leave_out_weekends_and_public_holidays():
    # Friday 21 October 2022; Tuesday the 25th is Republic Day.
    found = deadline(duty(3, "working_day"), date(2022, 10, 21), "KZ")

    assert (found.first, found.last) == (date(2022, 10, 26), date(2022, 10, 27))


def test_an_arrival_on_a_sunday_begins_to_count_on_monday_either_way():
    found = deadline(duty(3, "working_day"), date(2022, 9, 25), "KZ")

    assert (found.first, found.last) == (date(2022, 9, 28), date(2022, 9, 28))


def test_an_area_without_a_calendar_works_from_monday_to_friday():
    assert [works_on("SCHENGEN")(date(2024, 1, 1) + timedelta(n)) for n in range(7)] == [True] * 5 + [
        False
    ] * 2


@given(st.dates(date(2018, 1, 1), date(2027, 1, 1)), st.integers(1, 40), st.sampled_from(["KZ", "RU", "GE"]))
def test_exactly_so_many_working_days_lie_up_to_the_deadline(start, days, country):
    found = deadline(duty(days, "working_day", "arrival"), start, country)

    span = [start + timedelta(n) for n in range((found.last - start).days + 1)]
    assert sum(works_on(country)(day) for day in span) == days
    assert works_on(country)(found.last)

"""One person: uncertain dates, three values, what an answer carries."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tolqyn.errors import StayError
from tolqyn.stay import Confidence, Mode, Stay, Verdict, When, answer, load_rules, parse_stay, parse_when

BOOK = load_rules()
KZ = BOOK.find("KZ", "RU")


def stays(*texts):
    return [parse_stay(text) for text in texts]


def test_certain_dates_give_certain_answers_with_the_provision_and_its_dates():
    found = answer(stays("2022-09-25/"), KZ, date(2022, 12, 20))

    assert found.verdict is Verdict.LAWFUL
    assert str(found.figures["days_left"]) == "3"
    assert found.rule == "kz-eaeu-90-per-entry"
    assert "in force until 2023-01-26" in found.provisions[0]
    assert "based on secondary sources" in found.provisions[0]
    assert found.missing == ()


def test_a_date_that_decides_and_is_not_known_makes_it_undetermined():
    found = answer(stays("2022-09-21..2022-09-25/"), KZ, date(2022, 12, 22))

    assert found.verdict is Verdict.UNDETERMINED
    assert "2022-09-21..2022-09-25/" in found.because[0]
    assert str(found.figures["latest_exit"]) == "2022-12-19..2022-12-23"
    assert found.missing


def test_a_date_that_does_not_matter_changes_nothing():
    found = answer(stays("2022-09-21..2022-09-25/"), KZ, date(2022, 10, 1))

    assert found.verdict is Verdict.LAWFUL
    assert str(found.figures["days_used"]) == "7..11"


def test_an_exit_that_is_not_known_is_not_an_overstay():
    found = answer(stays("2022-09-25/?"), KZ, date(2023, 6, 1))

    assert found.verdict is Verdict.UNDETERMINED
    assert found.figures["overstay"].low == 0


def test_an_entry_that_is_not_known_at_all_still_has_a_best_case():
    found = answer(stays("?/2024-03-31"), KZ, date(2024, 3, 31))

    assert found.verdict is Verdict.UNDETERMINED
    assert str(found.figures["days_used"]) == "1..180"
    assert str(found.figures["first_breach"]) == "..2024-03-31"
    assert str(found.figures["breach_days"]) == "0.."


def test_an_entry_on_either_side_of_a_change_is_under_either_version():
    found = answer(stays("2023-01-20..2023-01-30/"), KZ, date(2023, 2, 1))

    assert found.rule == "kz-eaeu-90-per-entry or kz-eaeu-90-180"
    assert len(found.provisions) == 2


def test_no_version_on_file_is_not_an_answer():
    found = answer(stays("2022-10-01/"), BOOK.find("UZ", "RU"), date(2022, 10, 10))

    assert found.verdict is Verdict.UNDETERMINED
    assert "no version" in found.because[0]
    assert [each.duty.id for each in found.deadlines] == ["uz-register-15"]


def test_more_histories_than_can_be_gone_through_is_said():
    found = answer(stays(*["2020-01-01..2021-01-01/2021-01-01..2022-01-01"] * 2), KZ, date(2022, 6, 1))

    assert found.verdict is Verdict.UNDETERMINED
    assert "histories" in found.because[0]


def test_an_exception_that_applies_takes_the_answer_away():
    found = answer(stays("2022-09-25/,work_contract"), KZ, date(2023, 3, 1))

    assert found.verdict is Verdict.UNDETERMINED
    assert "the term of stay follows the employment" in found.because[0]


def test_days_under_a_permit_are_not_counted():
    both = stays("2024-01-01/2024-03-01,residence_permit", "2024-04-01/")

    found = answer(both, KZ, date(2024, 4, 10))

    assert str(found.figures["days_used"]) == "10"
    assert any("not counted" in reason for reason in found.because)


def test_a_past_breach_is_told_beside_a_lawful_present():
    found = answer(stays("2022-01-01/2022-05-01", "2022-06-01/"), KZ, date(2022, 6, 10))

    assert found.verdict is Verdict.LAWFUL
    assert "exceeded in the past" in found.because[1]
    assert str(found.figures["first_breach"]) == "2022-04-01"


def test_a_plan_into_a_full_window_says_when():
    found = answer(stays("2023-01-27/2023-04-26"), KZ, date(2023, 4, 27), Mode.PLAN)

    assert found.verdict is Verdict.NOT_LAWFUL
    assert str(found.figures["next_entry"]) == "2023-07-26"


def test_known_on_is_apart_from_valid_on():
    protection = BOOK.rule("eu-temporary-protection")
    ends = [
        str(answer(stays("2022-03-10/"), protection, date(2023, 6, 1), known_on=day).figures["latest_exit"])
        for day in (date(2023, 6, 1), date(2024, 1, 15), date(2024, 12, 1), date(2026, 1, 1))
    ]

    assert ends == ["2024-03-04", "2025-03-04", "2026-03-04", "2027-03-04"]


def test_before_the_decree_was_known_nobody_could_be_told_of_it():
    planned = answer([], KZ, date(2023, 2, 1), Mode.PLAN, known_on=date(2022, 12, 1))

    assert planned.rule == "kz-eaeu-90-per-entry"


def test_sources_that_disagree_are_said():
    assert answer([], KZ, date(2023, 2, 1), Mode.PLAN).confidence is Confidence.DISPUTED
    assert answer([], BOOK.rule("schengen"), date(2024, 2, 1), Mode.PLAN).confidence is Confidence.STATED
    assert answer([], BOOK.rule("us-vwp"), date(2024, 2, 1), Mode.PLAN).confidence is Confidence.DERIVED


@pytest.mark.parametrize(
    "text", ["2022-09-21", "2022-09-21/2022-09-01", "yesterday/", "2022-09-25..2022-09-21/"]
)
def test_what_is_not_a_stay_is_refused(text):
    with pytest.raises(StayError):
        parse_stay(text)


@given(
    st.dates(date(2015, 1, 1), date(2029, 1, 1)), st.integers(0, 400), st.sampled_from(["", "work_contract"])
)
def test_a_stay_is_written_as_it_is_read(entry, length, basis):
    stay = Stay(When(entry, entry), When(entry, entry + timedelta(length)), basis or None)
    assert parse_stay(str(stay)) == stay


@settings(max_examples=40)
@given(st.data())
def test_the_range_holds_every_history(data):
    """Whatever the dates turn out to be, the answer lies within what was said, and a plain verdict stands."""
    day = date(2023, 1, 1) + timedelta(data.draw(st.integers(0, 60)))
    first, later = day, day + timedelta(data.draw(st.integers(0, 6)))
    leave = later + timedelta(data.draw(st.integers(0, 100)))
    on = leave + timedelta(data.draw(st.integers(-10, 20)))
    unsure = [Stay(When(first, later), When(leave, leave + timedelta(5)))]
    entry = first + timedelta(data.draw(st.integers(0, (later - first).days)))
    left = leave + timedelta(data.draw(st.integers(0, 5)))

    said = answer(unsure, KZ, on)
    true = answer([Stay(When(entry, entry), When(left, left))], KZ, on)

    for name, value in true.figures.items():
        assert said.figures[name].low <= value.low <= said.figures[name].high, name
    assert said.verdict in {true.verdict, Verdict.UNDETERMINED}


def test_spans_with_one_end_are_read():
    assert parse_when("2022-09-21..") == When(date(2022, 9, 21), None)
    assert parse_when("..2022-09-21") == When(None, date(2022, 9, 21))

"""The known cases of the product, from the facts as they were stated."""

from datetime import date

import pytest
from waves import BEGUN, table

from tolqyn.claims import Measure
from tolqyn.estimate.case import Reason
from tolqyn.estimate.contradict import find_cases
from tolqyn.situation import Event, Situation

KAZAKHSTAN = Situation(
    title="Russians in Kazakhstan, autumn 2022",
    start=date(2022, 9, 1),
    end=date(2022, 12, 15),
    places=("KAZ",),
    groups=("RUS",),
    events=(Event(BEGUN, "partial mobilization announced in Russia"),),
)


@pytest.fixture(scope="module")
def cases():
    return find_cases(table("kazakhstan-2022"), KAZAKHSTAN)


def about(cases, *figures):
    """The cases with a statement of each of the figures."""
    return [
        case for case in cases if set(figures) <= {statement.claim.value for statement in case.statements}
    ]


def test_case_1_a_weeks_net_is_not_residents(cases):
    (case,) = about(cases, 98_000, 64_234)

    assert case.reason is Reason.STOCK_VS_FLOW
    assert case.residual_before == 33_766
    assert "33,766" in case.title
    assert "net of 21–27 September 2022" in case.explanation
    assert "ordinary days" in case.explanation


def test_case_2_personal_numbers_by_two_bodies(cases):
    (case,) = about(cases, 8_000, 70_000)

    assert case.reason in {Reason.WINDOW, Reason.POPULATION}
    assert case.residual_before == 62_000
    bodies = {statement.claim.organization for statement in case.statements}
    assert bodies == {"Ministry of Internal Affairs of Kazakhstan", "Ministry of Digital Development of Kazakhstan"}  # fmt: skip


def test_case_3_the_sign_turned_inside_a_positive_total(cases):
    (case,) = about(cases, 200_000, 147_000, 7_000, 11_000)

    assert case.reason is Reason.WINDOW
    assert case.residual_before == pytest.approx(53_000 / 14 + 4_000)
    assert "53,000 more came than left" in case.title
    assert "4,000 more left than came on 3 October 2022" in case.title


def test_case_4_in_minus_out_is_not_here(cases):
    (case,) = [case for case in about(cases, 400_000, 320_000, 100_000) if case.reason is Reason.ARITHMETIC]

    assert case.residual_before == 20_000
    assert case.residual_after == 0
    assert "20,000 people present before the window would settle it" in case.explanation
    assert "a difference of 48,000 to 120,000" in case.explanation


def test_case_5_a_ministry_and_the_partners_border_service(cases):
    (case,) = [case for case in cases if case.reason is Reason.MIRROR]

    assert {485_000, 406_000, 1_300_000} == {statement.claim.value for statement in case.statements}
    assert "never averaged" in case.explanation
    window = next(trial for trial in case.trials if trial.reason is Reason.WINDOW)
    assert window.residual == pytest.approx(abs(1_300_000 * 61 / 92 - 891_000))


def test_case_6_a_headline_goes_from_crossings_to_persons():
    wave = Situation("Ukraine 2022", date(2022, 2, 24), None, ("UKR",), ("any",))

    (case,) = [
        case for case in find_cases(table("ukraine-2022"), wave) if case.reason is Reason.DEFINITION_CHANGE
    ]

    assert case.residual_before == 7_300_000 - 4_816_923
    assert case.residual_after == 7_300_000 - 2_313_700 - 4_816_923
    assert "must not be joined" in case.explanation


def test_case_7_a_register_clean_up_is_not_departures():
    wave = Situation(
        "Temporary protection in Germany",
        date(2023, 1, 1),
        None,
        ("DEU",),
        ("UKR",),
        (
            Event(date(2022, 2, 24), "invasion of Ukraine"),
            Event(date(2024, 7, 1), "lapsed protection taken out of the stock"),
        ),
    )

    (case,) = find_cases(table("germany-2024"), wave)

    assert case.reason is Reason.DEFINITION_CHANGE
    assert [statement.claim.value for statement in case.statements] == [1_347_525, 1_110_600]
    assert "fell by 236,925" in case.title
    assert "must not be read as movement" in case.explanation


def test_digits_swapped(cases):
    (case,) = about(cases, 147_000, 174_000)

    assert case.reason is Reason.ERROR
    assert case.residual_before == 27_000


def test_a_head_misheard(cases):
    (case,) = about(cases, 50_928, 15_928)

    assert case.reason is Reason.ERROR
    assert case.residual_before == 35_000


def test_all_of_september_or_its_last_ten_days(cases):
    (case,) = [case for case in about(cases, 406_000) if case.reason is Reason.WINDOW]

    windows = {
        str(statement.claim.window) for statement in case.statements if statement.claim.value == 406_000
    }
    assert windows == {"2022-09-01 to 2022-09-30", "2022-09-21 to 2022-09-30"}


def test_since_january_or_since_september(cases):
    (case,) = [case for case in about(cases, 400_000, 1_700_000) if case.reason is Reason.WINDOW]

    assert {320_000, 1_666_000} <= {statement.claim.value for statement in case.statements}
    assert case.residual_before == 1_666_000 - 320_000


def test_all_russians_or_men_of_mobilization_age(cases):
    (case,) = about(cases, 266_000)

    assert case.reason is Reason.POPULATION


def test_temporary_or_permanent(cases):
    (case,) = [case for case in about(cases, 36_000) if case.reason is Reason.POPULATION]

    assert {statement.claim.kind for statement in case.statements} == {"temporary_stay", "residence"}


def test_one_family_of_statements_is_one_case(cases):
    """Few enough to read: no statement of the wave speaks first in two cases of one kind."""
    assert len(cases) <= 20
    firsts = [(case.reason, case.statements[0].id) for case in cases]
    assert len(firsts) == len(set(firsts))


def test_what_the_wave_is_about_comes_first(cases):
    places = [case.statements[0].claim.place for case in cases]

    assert set(places[:5]) == {"KAZ"}
    assert all(
        statement.claim.measure is not Measure.PRICE for case in cases for statement in case.statements
    )


def test_case_names_are_stable_whatever_the_order(cases):
    again = find_cases(table("kazakhstan-2022")[::-1], KAZAKHSTAN)

    assert again == cases
    assert len({case.id for case in cases}) == len(cases)

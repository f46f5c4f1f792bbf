"""With an estimate, a statement can stand against all the others together."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from waves import BEGUN, say, situation

from tolqyn.estimate.case import Reason
from tolqyn.estimate.contradict import find_cases
from tolqyn.estimate.posterior import Posterior, Reading, SourceFit, Stream, Told, Torn

DAYS = tuple(BEGUN + timedelta(n) for n in range(-20, 40))


def posterior(readings=(), sources=(), entries=14_000.0, excess=9_000.0):
    """Flat draws: so many entries a day, of which so many are the surge."""
    draws = np.full((200, len(DAYS)), 1.0) * np.linspace(0.98, 1.02, 200)[:, None]
    return Posterior(
        situation=situation(),
        as_of=None,
        seed=1,
        days=DAYS,
        values={
            Stream("entries", "FRE", "SYL"): entries * draws,
            Stream("excess_entries", "FRE", "SYL"): excess * draws,
        },
        readings=tuple(readings),
        sources=tuple(sources),
    )


FIRST = say("entries", 98_000, "09-21", "09-27")
FAR = say("entries", 61_000, "09-21", "10-04", organization="Border Service")
NEAR = say("entries", 201_000, "09-21", "10-11", organization="Border Service")


def reading(statement, expected, sd):
    residual = statement.claim.value - expected
    return Reading(
        statement, used=True, expected=expected, expected_sd=sd, residual=residual, residual_sd=residual / sd
    )


def the_case(cases):
    (case,) = [case for case in cases if "make likely" in case.title]
    return case


def test_three_standard_deviations_open_a_case_and_less_does_not():
    far = reading(NEAR, 290_000.0, 20_000.0)
    near = reading(FIRST, 110_000.0, 20_000.0)

    case = the_case(find_cases([FIRST, NEAR], situation(), posterior([far, near])))

    assert case.statements == (NEAR, FIRST)
    assert case.residual_before == 89_000
    assert case.reason is Reason.UNEXPLAINED
    assert "4.5 standard deviations below" in case.explanation
    # Neither is known better than to tens of thousands.
    assert "is 90,000 below" in case.title
    assert "the estimate is 290,000" in case.explanation


def test_before_the_study_nothing_stands_against_the_estimate():
    early = say("entries", 930_000, "04-01", "09-30")

    assert find_cases([FIRST, early], situation(), posterior([reading(early, 100_000.0, 9_000.0)])) == ()


def test_a_slip_is_not_believed_where_the_estimate_is_wide():
    case = the_case(
        find_cases([FIRST, NEAR], situation(), posterior([reading(NEAR, 2_050_000.0, 500_000.0)]))
    )

    assert case.reason is Reason.UNEXPLAINED


def test_a_share_seen_elsewhere_explains_a_low_figure():
    fit = SourceFit("Border Service", "entries", 9, 0.7, 0.65, 0.75, 0.03, learnt=True)

    case = the_case(
        find_cases([FIRST, NEAR], situation(), posterior([reading(NEAR, 290_000.0, 20_000.0)], [fit]))
    )

    assert case.reason is Reason.POPULATION
    assert case.residual_after == pytest.approx(abs(201_000 / 0.7 - 290_000))
    assert "sees 70 % of the count" in case.explanation


def test_a_slip_that_lands_on_the_estimate_is_an_error():
    case = the_case(find_cases([FIRST, NEAR], situation(), posterior([reading(NEAR, 2_050_000.0, 90_000.0)])))

    assert case.reason is Reason.ERROR
    assert "201,000 for 2,010,000" in case.explanation


def test_a_figure_cut_short_and_told_for_other_days_is_read_for_those():
    # 140,742 in ten days at 14,000 a day; the headline's "140,000" has only the last eight of them.
    whole = say("entries", 140_742, "09-19", "09-28", said="09-29")
    headline = say("entries", 140_000, "09-21", "09-28", said="09-29")
    odd = reading(headline, 112_000.0, 2_000.0)

    case = the_case(find_cases([whole, headline, FIRST], situation(), posterior([odd])))

    assert case.reason is Reason.WINDOW
    assert case.residual_after == 0
    assert "in more digits, 140,742, for other days, 19–28 September 2022" in case.explanation


def test_the_like_figure_of_another_source_is_no_other_telling_of_it():
    whole = say("entries", 140_742, "09-19", "09-28", said="09-29", organization="Border Service")
    headline = say("entries", 140_000, "09-21", "09-28", said="09-29")
    odd = reading(headline, 112_000.0, 2_000.0)

    case = the_case(find_cases([whole, headline, FIRST], situation(), posterior([odd])))

    assert case.reason is Reason.UNEXPLAINED


def test_a_statement_in_a_clash_is_not_told_twice():
    cases = find_cases([FIRST, FAR], situation(), posterior([reading(FAR, 190_000.0, 10_000.0)]))

    assert len(cases) == 1
    assert "cannot hold" in cases[0].title


def test_the_ordinary_share_of_entries_comes_from_the_estimate():
    exits = say("exits", 64_234, "09-21", "09-27")

    (case,) = find_cases([FIRST, exits], situation(), posterior())

    assert case.reason is Reason.STOCK_VS_FLOW
    assert "36 % (36 to 36 %, 90 % interval) are ordinary traffic" in case.explanation


def test_what_the_estimate_has_for_the_other_days_tells_two_windows_apart():
    month = say("entries", 406_000, "09-01", "09-30")
    days = say("entries", 406_000, "09-21", "09-30", organization=None, publisher="The Echo", doc="b")

    (case,) = find_cases([month, days], situation(), posterior())

    assert case.reason is Reason.WINDOW
    assert case.residual_before == pytest.approx(14_000 * 20, rel=0.01)
    assert find_cases([month, days], situation()) == ()


def test_what_the_estimate_is_torn_between_opens_a_case_of_its_own():
    """Neither clashes with the other at face value: one window holds the other, and more people."""
    since = say("entries", 400_000, "09-21", "11-29")
    year = say("entries", 2_900_000, "01-01", "12-31", organization="Committee")
    pair = Torn(Told((since.id,), 0.3, 927_000.0), Told((year.id,), 0.15, 2_180_000.0))

    (case,) = find_cases([since, year], situation(), replace(posterior(), torn=(pair,)))

    assert case.statements == (since, year)
    assert case.residual_before == 527_000
    assert "come to about 2,180,000" in case.explanation
    assert "30 chances of a hundred for the first, 15 for the second, 55 for neither" in case.explanation


def test_what_the_estimate_is_torn_between_is_told_before_what_clashes_by_more():
    since = say("entries", 400_000, "09-21", "11-29")
    year = say("entries", 2_900_000, "01-01", "12-31", organization="Committee")
    month = say("exits", 5_000_000, "09-01", "09-30")
    days = say("exits", 400_000, "09-01", "09-30", organization="Committee")
    pair = Torn(Told((since.id,), 0.3, 401_000.0), Told((year.id,), 0.15, 2_180_000.0))

    cases = find_cases([since, year, month, days], situation(), replace(posterior(), torn=(pair,)))

    assert len(cases) > 1
    assert cases[0].statements == (since, year)


def test_a_figure_of_an_account_that_does_not_add_up_may_also_stand_against_the_estimate():
    """That came, left and here do not make an account says nothing of how entries stand to other entries."""
    told = [
        say("entries", 400_000, "09-21", "10-20"),
        say("exits", 320_000, "09-21", "10-20"),
        say("stock", 200_000, "10-20", "10-20"),
    ]
    far = reading(told[0], 650_000.0, 40_000.0)

    cases = find_cases([*told, NEAR], situation(), posterior([far]))

    assert any(case.reason is Reason.ARITHMETIC for case in cases)
    assert the_case(cases).statements == (told[0], NEAR)


def test_what_is_unknown_is_not_said_of_ordinary_traffic():
    exits = say("exits", 64_234, "09-21", "09-27")
    unknown = frozenset({Stream("excess_entries", "FRE", "SYL")})

    (case,) = find_cases([FIRST, exits], situation(), replace(posterior(), unknown=unknown))

    assert case.reason is Reason.STOCK_VS_FLOW
    assert "ordinary traffic" not in case.explanation


def test_two_digits_swapped_are_not_believed_where_the_estimate_is_less_than_sharp():
    """Near any estimate there is some figure that a swap makes: 24,500 is 42,500 by chance too."""
    first = say("entries", 20_000, "09-21", "09-26")
    near = say("entries", 24_500, "09-21", "10-08", organization="Border Service")

    def reason(sd):
        told = posterior([reading(near, 42_387.0, sd)])
        return the_case(find_cases([first, near], situation(), told)).reason

    assert reason(3_650.0) is Reason.UNEXPLAINED
    assert reason(400.0) is Reason.ERROR


def levels(net_a_day, *statements, **more):
    """The cases of numbers present, where entries minus exits are so many a day."""
    told = posterior(entries=net_a_day + 100.0)
    flat = np.full((200, len(DAYS)), 1.0) * np.linspace(0.9, 1.1, 200)[:, None]
    told = replace(told, values={**told.values, Stream("net", "FRE", "SYL"): net_a_day * flat})
    cases = find_cases(statements, situation(**more), told)
    return [case for case in cases if "do not count the same people" in case.title]


THERE = say("stock", 400_000, "09-14", "09-14", "about", organization="Refugee Office")


def test_those_who_came_since_told_as_all_who_are_present_are_other_people():
    here = say("stock", 60_000, "10-20", "10-20")
    later = say("stock", 79_000, "10-29", "10-29", organization="Interior Ministry")

    (case,) = levels(2_000.0, THERE, here, later)

    assert case.statements == (THERE, later, here)
    assert case.reason is Reason.POPULATION
    assert case.residual_after == 0
    assert "about as many as came since 21 September 2022" in case.explanation


def test_numbers_present_that_the_days_between_can_join_open_no_case():
    assert levels(2_000.0, THERE, say("stock", 470_000, "10-20", "10-20")) == []


def test_a_number_present_that_nothing_explains_stays_unexplained():
    (case,) = levels(100.0, THERE, say("stock", 60_000, "10-20", "10-20"))

    assert case.reason is Reason.UNEXPLAINED
    assert case.residual_before == pytest.approx(343_600)


def test_a_number_present_that_is_stated_as_entries_is_a_flow():
    moved = say("entries", 60_000, "09-21", "10-20", doc="b", organization="Border Service")

    (case,) = levels(100.0, THERE, say("stock", 60_000, "10-20", "10-20"), moved)

    assert case.reason is Reason.STOCK_VS_FLOW

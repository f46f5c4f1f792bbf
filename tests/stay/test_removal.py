"""Grounds of removal: explained in order, stopped by fear of return, never decided."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tolqyn.errors import StayError
from tolqyn.stay.removal import Outcome, examine, load_grounds, parse_grounds

GROUNDS = load_grounds()
SAFE = {fact: False for test in GROUNDS.tests for fact in test.any_of}
SURRENDER = SAFE | {
    "criminal_case_opened": True, "on_international_wanted_list": True, "crime_in_both_states": True,
    "punishable_by_one_year": True,
}  # fmt: skip
facts = st.dictionaries(st.sampled_from(GROUNDS.facts), st.sampled_from([True, False, None]))


@pytest.mark.parametrize(
    ("change", "outcome", "last"),
    [
        ({}, Outcome.FOR_A_COURT, "7"),
        ({"asylum_pending": True}, Outcome.STOPPED, "0"),
        ({"fear_of_return": True, "criminal_case_opened": None}, Outcome.STOPPED, "0"),
        ({"citizen_of_the_state": True}, Outcome.BAR, "1"),
        ({"criminal_case_opened": False}, Outcome.NO_GROUND, "2"),
        ({"criminal_case_opened": False, "risk_of_torture": None}, Outcome.NO_GROUND, "2"),
        ({"on_international_wanted_list": False}, Outcome.NO_GROUND, "3"),
        ({"crime_in_both_states": False}, Outcome.BAR, "4"),
        ({"punishable_by_one_year": False}, Outcome.BAR, "5"),
        ({"serious_illness": True}, Outcome.BAR, "6"),
        ({"risk_of_persecution": True}, Outcome.BAR, "7"),
        ({"serious_illness": None, "risk_of_torture": True}, Outcome.BAR, "6"),
        ({"serious_illness": None}, Outcome.CANNOT_SAY, "6"),
        ({"fear_of_return": None}, Outcome.CANNOT_SAY, "0"),
    ],
)
def test_the_tests_are_gone_through_in_order(change, outcome, last):
    found = examine(SURRENDER | change)

    assert found.outcome is outcome
    assert found.fired[-1].row == last
    assert all(row.sources for row in found.fired)


@given(facts)
def test_any_sign_of_fear_stops_it_whatever_else_is_known(known):
    for sign in ("fear_of_return", "asylum_pending"):
        found = examine(known | {sign: True})

        assert found.outcome is Outcome.STOPPED
        assert [row.row for row in found.fired] == ["0"]
        assert (found.tracks, found.missing) == ((), ())


@given(facts)
def test_what_is_said_holds_however_the_unknown_turns_out(known):
    found = examine(known)
    if found.outcome is Outcome.CANNOT_SAY:
        assert len(found.could_be) > 1
        assert found.missing
        return
    unknown = [fact for fact in SAFE if known.get(fact) is None][:5]
    for values in itertools.product([True, False], repeat=len(unknown)):
        assert examine(known | dict(zip(unknown, values, strict=True))).outcome is found.outcome


def test_expulsion_is_told_as_a_track_of_its_own():
    found = examine(SURRENDER | {"criminal_case_opened": False, "unlawful_entry_or_overstay": True})

    assert found.outcome is Outcome.NO_GROUND
    assert found.tracks[0].answer is True
    assert "tests 0 and 7 come first" in found.tracks[0].says


@pytest.mark.parametrize("fact", ["age", "sex", "call_up_status", "opinion", "served", "draft_evasion"])
def test_what_must_not_be_asked_is_refused(fact):
    with pytest.raises(StayError, match="not a fact that the tests use"):
        examine({fact: True})


def test_tests_that_lead_nowhere_are_refused():
    text = """
schema = 1
id = "x"
[[test]]
id = "0"
any_of = ["a"]
ask = "A?"
yes = "go on"
no = "for a court"
says = "a"
sources = ["s"]
[source.s]
title = "S"
kind = "law"
where = "w"
seen = "excerpt"
"""
    with pytest.raises(StayError, match="leads nowhere"):
        parse_grounds(text, "x.toml")

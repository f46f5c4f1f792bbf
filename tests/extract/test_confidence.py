"""Confidence means what it says, gives its reasons, and is low where much had to be supplied."""

import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from calibrate import everything, reliability

from tolqyn.claims import Document
from tolqyn.extract import extract
from tolqyn.extract.confidence import chance

ENOUGH = 60  # claims in a bin, so that chance alone does not move it by more than is allowed
ALLOWED = 0.12


def claim_of(text):
    return extract(Document("a", text, published=date(2022, 10, 4), language="en")).claims[0]


def test_of_claims_marked_so_sure_at_least_as_many_are_right():
    claims = list(everything())

    for seen in (True, False):
        judged = [(claim.marked, claim.right) for claim in claims if claim.seen == seen]
        for low, high, number, marked, right in reliability(judged):
            assert number < ENOUGH or right >= marked - ALLOWED, (seen, low, high, number, marked, right)


def test_of_claims_marked_so_sure_as_many_are_right():
    judged = [(claim.marked, claim.right) for claim in everything()]

    for low, high, number, marked, right in reliability(judged):
        assert number < ENOUGH or abs(marked - right) <= ALLOWED, (low, high, number, marked, right)


def test_what_had_to_be_supplied_is_doubted():
    told = claim_of("From 21 to 27 September 98,000 Russians entered Kazakhstan.")
    supplied = claim_of("Some 98,000 Russians have entered.")

    assert told.confidence > 0.75
    assert supplied.confidence < 0.3


def test_the_reasons_are_given():
    reasons = dict(claim_of("On 3 October 7,000 Russians entered Kazakhstan.").evidence)["confidence"]

    assert "place named" in reasons
    assert "window named" in reasons


@pytest.mark.parametrize("signs", [[], ["unheard of"]])
def test_a_sign_that_was_never_seen_says_nothing(signs):
    assert chance(signs) == chance([])


@given(st.lists(st.sampled_from(["place unknown", "window named", "figures 1", "figures 4", "measure far"])))
def test_confidence_is_a_chance(signs):
    assert 0 < chance(signs) < 1

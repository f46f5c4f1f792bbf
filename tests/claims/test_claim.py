"""A claim says one thing, says it once, and cannot be malformed."""

import json
import pickle
from datetime import date

import pytest
from hypothesis import given
from strategies import claims

from tolqyn.claims import Claim, Measure, Qualifier, Window, claim_from_record, claim_to_record
from tolqyn.errors import ClaimError


@given(claims())
def test_a_claim_survives_its_record(claim):
    record = json.loads(json.dumps(claim_to_record(claim)))

    back = claim_from_record(record)

    assert back == claim
    assert back.id == claim.id


def test_the_name_of_a_claim_does_not_depend_on_the_engine():
    said = {
        "doc": "a",
        "quote": "300",
        "measure": Measure.ENTRIES,
        "place": "KAZ",
        "group": "RUS",
        "value": 300,
    }

    assert Claim(**said).id == Claim(**said, confidence=0.4, evidence=(("place", "named"),)).id


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"window_start": "2022-09-27", "window_end": "2022-09-21"}, "before window_start"),
        ({"value": ""}, "needs a figure"),
        ({"value": "", "low": 9, "high": 5}, "below low"),
        ({"qualifier": "range"}, "needs both low and high"),
        ({"qualifier": "circa"}, "'circa', which cannot be read"),
        ({"measure": "arrivals"}, "'arrivals', which cannot be read"),
        ({"value": "many"}, "'many', which cannot be read"),
        ({"value": "-5"}, "cannot be negative"),
        ({"value": "nan"}, "not a number"),
        ({"window_end": "soon"}, "'soon', which cannot be read"),
        ({"place": ""}, "place is empty"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_its_value_and_place(change, message):
    record = {"measure": "entries", "place": "KAZ", "group": "RUS", "value": 300, **change}

    with pytest.raises(ClaimError, match=message) as caught:
        claim_from_record(record, "official.csv, row 7")

    assert caught.value.where == "official.csv, row 7"


def test_an_error_survives_the_way_back_from_a_worker():
    error = ClaimError("value is 'many'", "a.csv, row 7", "write digits")

    back = pickle.loads(pickle.dumps(error))

    assert str(back) == str(error) == "a.csv, row 7: value is 'many'\n  hint: write digits"


def test_a_range_is_centred_and_a_value_is_itself():
    base = {"doc": "a", "quote": "", "measure": Measure.ENTRIES, "place": "KAZ", "group": "RUS"}

    assert Claim(**base, value=98_000).centre == 98_000
    assert Claim(**base, low=9_000, high=12_000, qualifier=Qualifier.RANGE).centre == 10_500


def test_a_window_counts_both_of_its_ends():
    week = Window(date(2022, 9, 21), date(2022, 9, 27))

    assert week.days == len(list(week)) == 7
    assert date(2022, 9, 21) in week
    assert date(2022, 9, 28) not in week
    assert Window(None, date(2022, 9, 27)).covers(week)
    assert not week.covers(Window(None, date(2022, 9, 27)))
    assert not week.overlaps(Window(date(2022, 9, 28), None))

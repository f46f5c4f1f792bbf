"""Text falls into words, numbers, dates and marks, whatever is in it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tolqyn.languages import itemize, read_digits


@given(st.text(max_size=400), st.booleans())
def test_items_stand_where_they_say_and_in_order(text, join):
    """Any Unicode: no item overlaps the next, and none is empty."""
    items = itemize(text, 0, len(text), decimal=",", join=join)

    at = 0
    for item in items:
        assert at <= item.start < item.end <= len(text)
        at = item.end


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("98,000", ".", 98000),
        ("98.000", ",", 98000),
        ("98,000", ",", 98000),
        ("1 660 000", ",", 1660000),
        ("1\u202f660\u202f000", ",", 1660000),
        ("1\u00a0660\u00a0000,5", ",", 1660000.5),
        ("1'234'567", ".", 1234567),
        ("4,3", ",", 4.3),
        ("1.7", ",", 1.7),
        ("7,591", ",", 7.591),
        ("7,591", ".", 7591),
        ("1,234.5", ".", 1234.5),
        ("1.234,5", ",", 1234.5),
        ("٩٨", ".", 98),
    ],
)
def test_digits_are_read_in_every_grouping(text, decimal, value):
    assert read_digits(text, decimal) == value
    (item,) = itemize(text, 0, len(text), decimal=decimal, join=True)
    assert item.value == value


def test_calendar_dates_and_hours_are_no_numbers():
    text = "21.09.2022 2022-09-21 21/9/2022 14:05 24/7 31.02.2022"

    kinds = [(item.kind, item.value) for item in itemize(text, 0, len(text), decimal=",", join=True)]

    assert [value for kind, value in kinds if kind == "d"] == [(date(2022, 9, 21),) * 2] * 3
    assert not [value for kind, value in kinds if kind == "n"]


def test_an_apostrophe_joins_or_parts_as_the_language_has_it():
    assert [item.text for item in itemize("п’ять", 0, 5, decimal=",", join=True)] == ["п'ять"]
    assert [item.text for item in itemize("l’ONU", 0, 5, decimal=",", join=False)] == ["l", "’", "onu"]


def test_marks_on_letters_do_not_hide_a_word():
    text = "mi\u00adgra\u200bnts"

    assert [item.text for item in itemize(text, 0, len(text), decimal=".", join=True)] == ["migrants"]

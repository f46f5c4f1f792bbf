"""The settings of a wave are read strictly: what is misspelt is said, not skipped."""

from datetime import date

import pytest

from tolqyn.errors import SituationError
from tolqyn.situation import parse_situation

SMALLEST = """
title = "Russians in Kazakhstan, autumn 2022"
start = 2022-09-01
places = ["KAZ"]
groups = ["RUS"]
"""


def test_the_smallest_settings_are_enough():
    situation = parse_situation(SMALLEST)

    assert situation.start == date(2022, 9, 1)
    assert situation.end is None
    assert (situation.places, situation.groups) == (("KAZ",), ("RUS",))


def test_events_come_in_the_order_of_their_days():
    later = '[[event]]\ndate = 2022-10-28\nname = "end"\n[[event]]\ndate = 2022-09-21\nname = "start"\n'

    situation = parse_situation(SMALLEST + later)

    assert [event.name for event in situation.events] == ["start", "end"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "not TOML"),
        (SMALLEST + "plases = []", "unknown key 'plases'"),
        (SMALLEST.replace("2022-09-01", '"1 September"'), "not a date"),
        (SMALLEST + "end = 2022-08-01", "end is 2022-08-01, before start"),
        (SMALLEST.replace('["KAZ"]', "[]"), "places is missing"),
        (SMALLEST + '[[source]]\nname = "x"\ncoverage = [1.05, 0.95]', "not two rising positive shares"),
        (SMALLEST + '[[event]]\nname = "x"', "date is missing"),
        (SMALLEST + "[population]\nKAZ = 5", "not a count of persons"),
    ],
)
def test_a_mistake_is_named_with_its_file(text, message):
    with pytest.raises(SituationError, match=message) as caught:
        parse_situation(text, "kz/situation.toml")

    assert caught.value.where.startswith("kz/situation.toml")

"""What a statement is read as, and the plain words where it cannot be read."""

from dataclasses import replace
from datetime import date

import pytest
from figures import KAZAKHSTAN, said

from tolqyn.claims import Modality, Qualifier
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.reading import Functional, Unread, hear, read_statement

FIRST, LAST = date(2022, 9, 21), date(2022, 9, 27)


def read(measure="entries", value=98_000, first=FIRST, last=LAST, **fields):
    return read_statement(said(measure, value, first, last, **fields), KAZAKHSTAN, Priors())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "entries of RUS to KAZ, 2022-09-21 to 2022-09-27"),
        ({"counterpart": "RUS"}, "entries of RUS to KAZ, 2022-09-21 to 2022-09-27"),
        ({"measure": "stock", "first": LAST}, "stock of RUS in KAZ, 2022-09-27"),
        ({"measure": "registrations", "kind": "iin"}, "iin registrations of RUS in KAZ, 2022-09-21 to 2022-09-27"),
        ({"measure": "exits", "place": "RUS", "counterpart": "KAZ"},
         "entries of RUS to KAZ, 2022-09-21 to 2022-09-27, as the other side counts"),
        ({"unit": "persons/day", "qualifier": Qualifier.UP_TO},
         "highest daily entries of RUS to KAZ, 2022-09-21 to 2022-09-27"),
        ({"place": "Pavlodar Region"}, "at least, a part of the entries of RUS to KAZ, 2022-09-21 to 2022-09-27"),
        ({"measure": "exits", "counterpart": "RUS"},
         "at least, a part of the exits of RUS from KAZ, 2022-09-21 to 2022-09-27"),
        ({"group": "any", "counterpart": "RUS"}, "with some others, the entries of RUS to KAZ, 2022-09-21 to 2022-09-27"),
        ({"group": "any", "measure": "exits", "place": "RUS", "counterpart": "KAZ"},
         "with some others, the entries of RUS to KAZ, 2022-09-21 to 2022-09-27, as the other side counts"),
        ({"group": "foreign"}, "at most, with others, the entries of RUS to KAZ, 2022-09-21 to 2022-09-27"),
        ({"measure": "share", "kind": "exits", "value": 60, "unit": "percent"},
         "exits of RUS from KAZ per hundred entries, 2022-09-21 to 2022-09-27"),
        # Those who came since the event are meant.
        ({"measure": "share", "kind": "exits", "value": 60, "unit": "percent", "window_start": None},
         "exits of RUS from KAZ per hundred entries, 2022-09-21 to 2022-09-27"),
        ({"measure": "share", "kind": "exits", "value": 60, "unit": "percent", "counterpart": "UZB"},
         "at least, a part of the exits of RUS from KAZ per hundred entries, 2022-09-21 to 2022-09-27"),
        # Nobody has counted tomorrow.
        ({"last": date(2022, 12, 31), "said": date(2022, 10, 4)}, "entries of RUS to KAZ, 2022-09-21 to 2022-10-04"),
    ],
)  # fmt: skip
def test_a_statement_is_read_as_a_sum_of_daily_counts(fields, words):
    assert str(read(**fields)) == words


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"group": "Russian workers"}, "group 'Russian workers' is not one of the situation (RUS)"),
        ({"place": "Tbilisi"}, "Tbilisi is not one of the situation's places (KAZ)"),
        (
            {"group": "any", "measure": "exits", "counterpart": "RUS"},
            "others are among them, and those of RUS who go on elsewhere are not",
        ),
        ({"place": "Pavlodar Region", "measure": "exits"}, "those who leave Pavlodar Region may stay in KAZ"),
        ({"measure": "price"}, "price is not estimated"),
        ({"measure": "share", "kind": "entries", "unit": "percent"}, "a share, of entries, is not estimated"),
        (
            {"measure": "share", "kind": "exits", "unit": "percent", "place": "Pavlodar Region"},
            "those who leave Pavlodar Region may stay in KAZ",
        ),
        (
            {"measure": "share", "kind": "exits", "unit": "percent", "group": "any"},
            "it is not said of how many who entered this is a share",
        ),
        (
            {
                "measure": "share",
                "kind": "exits",
                "unit": "percent",
                "window_start": None,
                "window_end": date(2022, 9, 20),
            },
            "the first day of its window is not said",
        ),
        ({"measure": "net", "counterpart": "UZB"}, "only the part to or from UZB is counted"),
        ({"unit": "vehicles"}, "the unit, 'vehicles', does not count persons"),
        ({"measure": "registrations"}, "the kind of registration is not said"),
        ({"window_start": None}, "the first day of its window is not said"),
        (
            {"window_end": None, "said": None},
            "neither the end of its window nor the day it was said is known",
        ),
        ({"window_start": date(2019, 1, 1)}, "its window begins more than 400 days before the study"),
    ],
)
def test_what_cannot_be_read_says_why(fields, why):
    assert read(**fields) == Unread(why)


def test_a_daily_rate_is_the_mean_over_its_window():
    assert read(unit="persons/day").per == 7
    assert read(unit="persons/week").per == 1


def test_a_customary_rate_speaks_of_the_weeks_before_its_end():
    functional = read(unit="persons/day", window_start=None)

    assert isinstance(functional, Functional)
    assert functional.usual
    assert functional.days == 28


def test_only_what_was_observed_is_a_reading():
    spoken = {modality: said("entries", 1_000, FIRST, modality=modality) for modality in Modality}

    heard = {
        one.claim.modality: one.why_not for one in hear(list(spoken.values()), KAZAKHSTAN, None, Priors())
    }

    assert heard[Modality.OBSERVED] is None
    assert all(why for modality, why in heard.items() if modality is not Modality.OBSERVED)


def test_a_source_that_says_a_figure_again_is_read_once_and_less_sharply():
    over = said("entries", 200_000, FIRST, LAST, qualifier=Qualifier.OVER)
    about = said("entries", 200_000, FIRST, LAST, qualifier=Qualifier.ABOUT)
    other = said("entries", 200_000, FIRST, LAST, organization="Somebody else")

    heard = hear([over, about, other], KAZAKHSTAN, None, Priors())

    used = [one for one in heard if one.why_not is None]
    assert len(used) == 2
    assert {one.claim.qualifier for one in used} == {Qualifier.ABOUT, Qualifier.EXACT}


def test_one_who_counts_trips_where_others_count_persons_has_its_own_coverage():
    persons = [said("entries", 1_000 + n, FIRST, LAST) for n in range(2)]
    trips = said("entries", 1_300, FIRST, LAST, unit="crossings", organization="The other side")

    heard = hear([*persons, trips], KAZAKHSTAN, None, Priors())

    assert {one.claim.unit for one in heard if one.functional.mirror} == {"crossings"}
    alone = hear([trips], KAZAKHSTAN, None, Priors())
    assert not alone[0].functional.mirror


def test_what_was_said_later_or_at_no_known_time_is_not_heard():
    early, late = said("entries", 1, FIRST), said("entries", 2, LAST)
    undated = replace(said("entries", 3, FIRST), id="undated")
    undated = replace(undated, claims=(replace(undated.claim, said=None),))

    heard = hear([early, late, undated], KAZAKHSTAN, FIRST, Priors())

    assert [one.claim.value for one in heard] == [1]

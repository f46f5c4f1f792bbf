"""A figure that is stated and denied; the bodies are invented."""

import pytest
from waves import say, situation

from tolqyn.estimate.case import Reason
from tolqyn.estimate.contradict import find_cases

RADIO = {"organization": "Radio Freedonia", "said": "10-03"}


def denied(**more):
    fields = {"modality": "denied", "said": "10-05"} | more
    return say("exits", 5_000, "09-24", "09-30", **fields)


def test_a_figure_that_another_denies_is_a_case_that_nothing_explains():
    stated = say("exits", 5_000, "09-24", "09-30", **RADIO)

    (case,) = find_cases([stated, denied()], situation())

    assert case.reason is Reason.UNEXPLAINED
    assert case.residual_before == case.residual_after == 5_000
    assert "5,000 is denied" in case.title
    assert "Interior Ministry denies 5,000, on 5 October 2022" in case.explanation


def test_a_source_that_takes_back_its_figure_has_revised_it():
    stated = say("exits", 5_000, "09-24", "09-30", said="10-03")

    (case,) = find_cases([stated, denied()], situation())

    assert case.reason is Reason.REVISION
    assert case.residual_after == 0


def test_a_return_that_is_denied_at_the_other_end_of_the_way_is_the_same():
    stated = say("exits", 5_000, "09-24", "09-30", **RADIO)
    back = say("entries", 5_000, "09-24", "09-30", place="SYL", modality="denied", said="10-05")

    assert len(find_cases([stated, back], situation())) == 1


@pytest.mark.parametrize(
    "other",
    [
        denied(group="BLU"),
        say("exits", 6_000, "09-24", "09-30", modality="denied"),
        say("exits", 5_000, "10-08", "10-14", modality="denied"),
        say("entries", 5_000, "10-08", "10-14", place="SYL", modality="denied"),
        say("entries", 5_000, "09-24", "09-30", place="SYL", counterpart="BLU", modality="denied"),
    ],
)
def test_a_denial_of_something_else_denies_nothing_here(other):
    assert find_cases([say("exits", 5_000, "09-24", "09-30", **RADIO), other], situation()) == ()


def test_a_denial_alone_is_no_contradiction():
    assert find_cases([denied()], situation()) == ()

"""Compatible statements open no case, whatever they are; and the search grows with them."""

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from growth import calls
from hypothesis import given, settings
from hypothesis import strategies as st
from waves import BEGUN, say, situation, statement

from tolqyn.claims import Claim, Measure, Qualifier
from tolqyn.estimate.case import Reason
from tolqyn.estimate.contradict import find_cases
from tolqyn.situation import Situation

FIRST = date(2022, 9, 1)
LENGTH = 40


def rounded(count, digits, direction):
    """A count to so many digits; direction -1 down, 0 nearest, 1 up."""
    if count == 0:
        return 0
    step = 10 ** max(0, math.floor(math.log10(count)) + 1 - digits)
    how = {-1: math.floor, 0: round, 1: math.ceil}[direction]
    return how(count / step) * step


@st.composite
def readings(draw, truth, start, end):
    """An honest statement of a true count: rounded to two digits or more, with a qualifier that is true."""
    digits = draw(st.integers(2, 6))
    qualifier = draw(st.sampled_from(Qualifier))
    direction = {"over": -1, "slightly_over": -1, "under": 1, "almost": 1, "up_to": 1}.get(qualifier, 0)
    value, low, high = rounded(truth, digits, direction), None, None
    if qualifier in {Qualifier.RANGE, Qualifier.ORDER}:
        low, high, value = rounded(truth, 1, -1), rounded(truth, 1, 1), None
    source = draw(st.sampled_from(["Interior Ministry", "Border Service", None]))
    return Claim(
        doc=draw(st.sampled_from(["a", "b"])),
        quote=f"{value} {qualifier} {start} {end} {source}",
        measure=Measure.ENTRIES,
        place="FRE",
        group="SYL",
        value=value,
        low=low,
        high=high,
        qualifier=qualifier,
        window_start=start,
        window_end=end,
        organization=source,
        said=end + timedelta(draw(st.integers(0, 20))),
    )


@st.composite
def compatible(draw, most):
    """Honest statements of windows of one true series."""
    daily = draw(st.lists(st.integers(0, 30_000), min_size=LENGTH, max_size=LENGTH))
    said = []
    for _ in range(draw(st.integers(2, most))):
        first, last = sorted((draw(st.integers(0, LENGTH - 1)), draw(st.integers(0, LENGTH - 1))))
        window = FIRST + timedelta(first), FIRST + timedelta(last)
        said.append(statement(draw(readings(sum(daily[first : last + 1]), *window))))
    return said


@settings(max_examples=300)
@given(compatible(2))
def test_two_honest_readings_of_one_series_open_no_case(statements):
    """However rounded, qualified and nested, two readings of one truth can both hold."""
    assert find_cases(statements, situation()) == ()


@settings(max_examples=100)
@given(compatible(12))
def test_many_honest_readings_never_exclude_each_other(statements):
    """One figure for two windows may be asked about; parts that do not make up their whole may not be found."""
    titles = " ".join(case.title for case in find_cases(statements, situation()))

    assert not [words for words in ("cannot hold", "add up to", "make only") if words in titles]


@settings(max_examples=100)
@given(st.lists(st.integers(0, 60_000), min_size=3, max_size=3), st.data())
def test_honest_readings_of_regions_and_their_country_open_no_case(counts, data):
    """However each is rounded and qualified."""
    start, end = BEGUN, BEGUN + timedelta(6)
    places = "Pavlodar Region", "Kostanay Region", "West Kazakhstan Region"
    said = [
        statement(
            replace(data.draw(readings(persons, start, end)), place=place, organization="Border Service")
        )
        for place, persons in zip(("KAZ", *places), (sum(counts), *counts), strict=True)
    ]

    assert find_cases(said, situation(place="KAZ")) == ()


@settings(max_examples=100)
@given(compatible(6), st.randoms(use_true_random=False))
def test_the_order_of_statements_does_not_matter(statements, random):
    wrong = say("entries", 9_000_000, "09-05", "09-06")
    shuffled = [*statements, wrong]
    random.shuffle(shuffled)

    assert find_cases(shuffled, situation()) == find_cases([*statements, wrong], situation())


@settings(max_examples=100)
@given(st.integers(1_000, 10**6), st.floats(1.5, 50))
def test_a_part_far_above_its_whole_is_always_found(whole, factor):
    """The residual is the distance of the figures, and no reason leaves more than it found."""
    part = round(whole * factor)

    cases = find_cases(
        [say("entries", whole, "09-21", "10-04"), say("entries", part, "09-21", "09-27")], situation()
    )

    assert [case.residual_before for case in cases] == [part - whole]
    assert all(0 <= trial.residual <= part - whole for trial in cases[0].trials)


def test_echoes_with_other_qualifiers_open_no_case():
    echoes = [
        say("registrations", 70_000, "09-21", "10-04", qualifier, kind="iin", publisher=qualifier)
        for qualifier in ("over", "about", "almost", "exact", "slightly_over", "up_to")
    ]

    assert find_cases(echoes, situation()) == ()


def test_only_what_was_observed_can_clash():
    said = [
        say("entries", 98_000, "09-21", "09-27"),
        *(
            say("entries", 500_000, "09-21", "09-27", modality=modality)
            for modality in ("denied", "forecast", "hypothetical", "capacity")
        ),
    ]

    assert find_cases(said, situation()) == ()


def test_an_honest_daily_table_with_its_running_total_opens_no_case():
    daily = np.random.default_rng(1).negative_binomial(3, 0.0003, size=120)
    said = []
    for n, persons in enumerate(daily):
        day = FIRST + timedelta(n)
        for start, value in ((day, persons), (FIRST, daily[: n + 1].sum())):
            said.append(
                statement(
                    Claim(doc="t", quote=f"{start} {day}", measure=Measure.ENTRIES, place="FRE", group="SYL",
                          value=float(value), window_start=start, window_end=day, organization="Border Service",
                          said=day + timedelta(1))
                )
            )  # fmt: skip

    assert find_cases(said, situation()) == ()


def test_no_statements_no_cases():
    assert find_cases([], situation()) == ()


def told(series):
    """So many series of fifty days, each with a running total, and in each one slip of a factor of ten."""
    random = np.random.default_rng(2)
    said = []
    for place in range(series):
        daily = random.integers(1_000, 20_000, 50)
        for n in range(50):
            day = BEGUN + timedelta(n)
            for start, value in ((day, daily[n] * (10 if n == 20 else 1)), (BEGUN, daily[: n + 1].sum())):
                said.append(
                    statement(
                        Claim(doc="t", quote=f"{place} {start} {day}", measure=Measure.ENTRIES, place=f"P{place}",
                              group="SYL", value=float(value), window_start=start, window_end=day,
                              organization="Border Service", said=day + timedelta(1))
                    )
                )  # fmt: skip
    return said


def test_every_slip_among_thousands_of_statements_is_found_with_work_that_grows_as_they_do():
    few, many = told(4), told(20)
    large = Situation("large", BEGUN, None, ("P0",), ("SYL",))

    cases = find_cases(many, large)

    assert {f"P{n}" for n in range(20)} == {
        place for case in cases if case.reason is Reason.ERROR for place in [case.statements[0].claim.place]
    }
    assert calls(lambda: find_cases(many, large)) < 6 * calls(lambda: find_cases(few, large))

"""Whoever tells a figure again of nearly the same days is no second witness of it."""

from datetime import date, timedelta

import numpy as np
import pytest
from figures import KAZAKHSTAN, said

from tolqyn.estimate import estimate
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.reading import hear
from tolqyn.estimate.retold import retold

NEW_YEAR, LATE = date(2022, 1, 1), date(2022, 12, 1)


def heard(statements):
    return hear(statements, KAZAKHSTAN, None, Priors())


def total(value, last, first=NEW_YEAR, **fields):
    return said("entries", value, first, last, **fields)


def values(statements):
    """Sources of each chain, in order."""
    told = heard(statements)
    return [[told[place].claim.source for place in chain] for chain in retold(told)]


def test_a_total_that_another_body_tells_a_week_later_is_told_again():
    first = total(2_900_000, LATE, organization="Committee")
    again = total(2_900_000, LATE + timedelta(10), organization="Ministry")

    assert values([again, first]) == [["Committee", "Ministry"]]


def test_the_surest_reading_leads():
    unsure = total(2_900_000, LATE, organization="Committee", confidence=0.6)
    again = total(2_900_000, LATE + timedelta(10), organization="Ministry")

    assert values([unsure, again]) == [["Ministry", "Committee"]]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(total(2_900_000, LATE, date(2022, 9, 1), organization="Ministry"), id="of other days"),
        pytest.param(total(2_890_000, LATE, organization="Ministry"), id="another figure"),
        pytest.param(said("exits", 2_900_000, NEW_YEAR, LATE, organization="Ministry"), id="another measure"),
    ],
)
def test_what_is_not_one_figure_is_not_told_again(other):
    assert not retold(heard([total(2_900_000, LATE, organization="Committee"), other]))


def test_three_tellings_of_one_wrong_total_outweigh_the_days_no_more_than_one():
    """Every fifth day is told, and a total that is twice their sum: once, and by three bodies."""
    days = [date(2022, 9, 1) + timedelta(n) for n in range(30)]
    daily = [
        said("entries", 5_000 + 37 * n, day, organization="Border Service") for n, day in enumerate(days)
    ]
    once = [said("entries", 330_000, days[0], days[-1], organization="Ministry")]
    more = [
        said("entries", 330_000, days[0], days[-1], organization=body) for body in ("Committee", "Agency")
    ]

    alone, thrice = (
        estimate([*daily[::5], *told], KAZAKHSTAN, draws=300).window(
            "entries", "KAZ", "RUS", days[0], days[-1]
        )
        for told in (once, once + more)
    )

    assert np.median(thrice) == pytest.approx(np.median(alone), rel=0.03)

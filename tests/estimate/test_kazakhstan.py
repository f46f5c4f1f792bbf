"""The wave that Tolqyn was made for, from the figures that officials stated."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from figures import KAZAKHSTAN, official_statements

from tolqyn.claims import Statement
from tolqyn.estimate import estimate

WEEK = (date(2022, 9, 21), date(2022, 9, 27))


@pytest.fixture(scope="module")
def statements():
    return official_statements()


@pytest.fixture(scope="module")
def posterior(statements):
    return estimate(statements, KAZAKHSTAN)


def within(draws):
    return tuple(np.quantile(draws, [0.05, 0.95]))


def bytes_of(posterior):
    return b"".join(series.tobytes() for series in posterior.values.values())


def test_entries_of_the_first_week(posterior):
    low, high = within(posterior.window("entries", "KAZ", "RUS", *WEEK))

    assert 93_000 < low < 98_000 < high < 103_000


def test_exits_of_the_first_week(posterior):
    low, high = within(posterior.window("exits", "KAZ", "RUS", *WEEK))

    assert 62_000 < low < 64_234 < high < 67_000


def test_the_net_of_3_october_is_negative_inside_a_positive_cumulative(posterior):
    day = date(2022, 10, 3)

    assert np.quantile(posterior.window("net", "KAZ", "RUS", day, day), 0.95) < 0
    assert np.quantile(posterior.window("net", "KAZ", "RUS", WEEK[0], day), 0.05) > 0


def test_the_surge_of_the_first_week_is_well_below_all_entries(posterior):
    excess = posterior.window("excess_entries", "KAZ", "RUS", *WEEK)
    entries = posterior.window("entries", "KAZ", "RUS", *WEEK)

    assert np.quantile(excess, 0.95) < 0.5 * np.quantile(entries, 0.05)
    assert excess.std() > 3_000


def test_the_account_balances_on_every_draw(posterior):
    entries, exits, stock = (posterior.draws(m, "KAZ", "RUS") for m in ("entries", "exits", "stock"))

    assert np.array_equal(stock[:, 1:], stock[:, :-1] + entries[:, 1:] - exits[:, 1:])
    assert stock.min() >= 0


def test_the_swapped_digits_are_set_apart_not_averaged(posterior):
    """147,000 exits by one account, 174,000 by another of the same day."""
    low, high = within(posterior.window("exits", "KAZ", "RUS", WEEK[0], date(2022, 10, 4)))
    swapped = next(r for r in posterior.readings if r.statement.claim.value == 174_000 and r.used)

    assert 140_000 < low < 147_000 < high < 153_000
    assert swapped.residual > 20_000
    assert swapped.residual_sd > 4


def test_an_estimate_as_of_a_day_knows_nothing_said_later(statements):
    day = date(2022, 10, 4)
    earlier = [s for s in statements if s.claim.known is not None and s.claim.known <= day]

    of_all, of_earlier = estimate(statements, KAZAKHSTAN, as_of=day), estimate(earlier, KAZAKHSTAN, as_of=day)

    assert bytes_of(of_all) == bytes_of(of_earlier)
    assert of_all.readings == of_earlier.readings
    assert of_all.days[-1] == day


def test_the_same_seed_gives_the_same_bytes_in_any_order(statements, posterior):
    again = estimate(statements[::-1], KAZAKHSTAN)

    assert bytes_of(again) == bytes_of(posterior)
    assert bytes_of(estimate(statements, KAZAKHSTAN, seed=1)) != bytes_of(posterior)


def test_ten_echoes_change_nothing(statements, posterior):
    echoed = []
    for statement in statements:
        echoes = tuple(replace(statement.claim, doc=f"outlet {n}") for n in range(10))
        echoed.append(Statement(statement.id, statement.claims + echoes, statement.origins))

    assert bytes_of(estimate(echoed, KAZAKHSTAN)) == bytes_of(posterior)


def test_every_statement_is_accounted_for(statements, posterior):
    assert len(posterior.readings) == len(statements)
    for reading in posterior.readings:
        assert reading.used == (reading.why_not is None)
        assert not reading.used or reading.fitted_low <= reading.fitted <= reading.fitted_high


def test_a_bound_that_holds_leaves_no_residual(posterior):
    over = next(r for r in posterior.readings if r.used and r.statement.claim.value == 7_000)

    assert over.statement.claim.qualifier == "over"
    assert over.expected > 7_000
    assert over.residual == 0


def test_trips_counted_by_the_other_side_have_a_coverage_of_their_own(posterior):
    mirror = [s for s in posterior.sources if s.source == "Federal Security Service of Russia"]

    assert [s.measure for s in mirror] == ["entries"]
    assert 0.85 < mirror[0].coverage_low < mirror[0].coverage_high < 1.25

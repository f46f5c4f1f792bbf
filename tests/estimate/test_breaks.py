"""A series that jumps where nobody moved is cut, and the estimate does not read the jump as movement."""

from datetime import date, timedelta

import numpy as np
import pytest
from figures import said

from tolqyn.estimate import breaks, estimate
from tolqyn.situation import Event, Situation

FIRST = date(2024, 4, 1)
CLEAN_UP = date(2024, 7, 1)
WAVE = Situation(
    "made-up register", FIRST, date(2024, 9, 1), ("KAZ",), ("RUS",), (Event(date(2024, 4, 8), "made up"),)
)


def level(day, value, body="Register Office", **fields):
    return said("stock", float(value), day, organization=body, **fields)


def register(step=-237_000, body="Register Office", start=1_300_000):
    """A stock told every week that grows by some 2,000 a week, but for one step."""
    days = [FIRST + timedelta(7 * n) for n in range(20)]
    rng = np.random.default_rng(3)
    return [
        level(day, start + 2000 * n + rng.integers(-300, 300) + (step if day >= CLEAN_UP else 0), body)
        for n, day in enumerate(days)
    ]


def flows():
    """The border counts as many in as out but for those 2,000, all the while, with the ups and downs of weeks."""
    rng = np.random.default_rng(5)
    for n in range(19):
        day = FIRST + timedelta(7 * n + 1)
        busy = float(np.exp(0.15 * rng.standard_normal()))
        yield said("entries", round(20_000 * busy) + 2_000.0, day, day + timedelta(6))
        yield said("exits", float(round(20_000 * busy)), day, day + timedelta(6))


def test_a_clean_up_is_a_cut_on_its_day():
    (cut,) = breaks([*register(), *flows()], WAVE)

    assert (cut.source, cut.measure, cut.day) == ("Register Office", "stock", CLEAN_UP)
    assert cut.step == pytest.approx(-235_000, abs=1000)
    assert "excluded" in cut.because or "exclude" in cut.because


def test_a_clean_up_moves_nobody():
    posterior = estimate([*register(), *flows()], WAVE, draws=300)

    week = posterior.window("net", "KAZ", "RUS", CLEAN_UP - timedelta(6), CLEAN_UP)
    assert np.quantile(week, 0.05) > -30_000
    assert any("counts something else" in note for note in posterior.notes)


def test_after_the_cut_the_series_still_tells_of_changes():
    """From August on only the register speaks, and it grows by 20,000 a week."""
    august = date(2024, 8, 1)
    told = [one for one in flows() if one.claim.said < august]
    told += [one for one in register() if one.claim.said < august]
    late = [FIRST + timedelta(7 * n) for n in range(18, 22)]
    told += [level(day, 1_099_000 + 20_000 * (n + 1)) for n, day in enumerate(late)]

    stock = estimate(told, WAVE, draws=300).draws("stock", "KAZ", "RUS")

    grown = stock[:, (late[-1] - FIRST).days] - stock[:, (late[0] - FIRST).days]
    assert np.median(grown) == pytest.approx(60_000 * 1.21, rel=0.3)


def test_a_step_that_two_independent_bodies_see_is_no_break():
    told = [*register(), *register(-210_000, "Statistics Office", 1_250_000)]

    assert breaks(told, WAVE) == ()


def test_an_echo_of_the_step_confirms_nothing():
    echo = [
        level(one.claim.window_end, one.claim.value, "News Agency", said=one.claim.said + timedelta(1))
        for one in register()
    ]

    assert {cut.day for cut in breaks([*register(), *echo, *flows()], WAVE)} == {CLEAN_UP}


def test_a_quiet_series_has_no_break():
    assert breaks([*register(0), *flows()], WAVE) == ()

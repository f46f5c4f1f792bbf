"""The referee's own instruments are right: scores, simple methods, and the statements that are drawn."""

from datetime import date

import numpy as np
import pytest
from scipy import integrate, stats

from studies.rivals import RIVALS, Said, last_value, linear, pchip, uniform
from studies.said import FAMILIES, grouped
from studies.scores import crps, crps_log_normal, interval_score, interval_score_log_normal


def test_crps_of_one_draw_is_the_absolute_error():
    assert crps(np.array([[3.0, 10.0]]), np.array([5.0, 4.0])).tolist() == [2.0, 6.0]


def test_crps_of_draws_is_that_of_their_law():
    draws = np.exp(np.random.default_rng(0).normal(8, 0.3, (20_000, 1)))

    drawn = crps(draws, np.array([4_000.0]))[0]

    assert drawn == pytest.approx(
        crps_log_normal(np.array([np.exp(8)]), 0.3, np.array([4_000.0]))[0], rel=0.02
    )


@pytest.mark.parametrize("truth", [0.0, 900.0, 2_000.0])
def test_crps_of_a_log_normal_is_its_integral(truth):
    law = stats.lognorm(0.4, scale=1_000)
    below, _ = integrate.quad(lambda x: law.cdf(x) ** 2, 0, truth)
    above, _ = integrate.quad(lambda x: law.sf(x) ** 2, truth, 60_000, limit=200)

    assert crps_log_normal(np.array([1_000.0]), 0.4, np.array([truth]))[0] == pytest.approx(
        below + above, rel=1e-4
    )


def test_the_interval_score_is_width_and_what_lies_outside():
    draws = np.linspace(0, 100, 1001)[:, None]

    assert interval_score(draws, np.array([50.0]))[0] == pytest.approx(90)
    assert interval_score(draws, np.array([97.0]))[0] == pytest.approx(90 + 20 * 2)


def test_without_a_spread_the_interval_score_is_twenty_times_the_error():
    assert interval_score_log_normal(np.array([10.0]), 0.0, np.array([13.0]))[0] == pytest.approx(60)


SAID = [Said(0, 3, 40.0), Said(0, 9, 160.0), Said(6, 6, 30.0), Said(0, 13, 200.0)]


@pytest.mark.parametrize("method", [linear, pchip])
def test_totals_and_stated_days_are_kept(method):
    days = method(SAID, 14)

    assert days[:4].sum() == pytest.approx(40)
    assert days[4:10].sum() == pytest.approx(120)
    assert days[6] == 30


def test_a_total_far_out_of_line_is_left_out_by_all():
    wrong = [*SAID, Said(0, 5, 1_600.0)]

    assert np.allclose(linear(wrong, 14), linear(SAID, 14))


def test_uniform_takes_the_shortest_window():
    assert uniform([Said(0, 9, 100.0), Said(0, 4, 20.0)], 10).tolist() == [4.0] * 5 + [10.0] * 5


def test_the_last_value_goes_on():
    assert last_value(SAID, 16)[14:].tolist() == [10.0, 10.0]


def test_denton_is_the_smoothest_series_with_these_sums():
    pytest.importorskip("tempdisagg")
    days = RIVALS["denton"](SAID, 14)
    sums = np.zeros((4, 14))
    sums[0, :4], sums[1, [4, 5, 7, 8, 9]], sums[2, 6], sums[3, 10:] = 1, 1, 1, 1
    steps = np.diff(np.eye(14), axis=0)
    corner = np.zeros((4, 4))
    both = np.block([[steps.T @ steps, sums.T], [sums, corner]])

    smoothest = np.linalg.solve(both, np.r_[np.zeros(14), 40, 90, 30, 40])[:14]

    assert days == pytest.approx(smoothest, abs=1e-6)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_said_is_said_after_its_days_and_near_the_truth(family):
    rng = np.random.default_rng(3)
    truth = {("entries", "AAA", "BBB"): rng.poisson(5_000, 120).astype(float)}

    claims = FAMILIES[family](rng, truth, date(2031, 3, 1))

    assert all(claim.said > claim.window_end for claim in claims)
    off = [
        claim.value
        / truth[claim.measure.value, "AAA", "BBB"][
            (claim.window_start - date(2031, 3, 1)).days : (claim.window_end - date(2031, 3, 1)).days + 1
        ].sum()
        for claim in claims
    ]
    assert np.median(np.abs(np.log(off))) < (0.01 if family == "clean" else 0.12)
    assert len(grouped(claims)) <= len(claims)

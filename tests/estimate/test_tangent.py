"""The linear map from unknowns to cells: right, its transpose right, and its covariance its own square."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tolqyn.claims import Measure
from tolqyn.estimate.account import Account, Roughness
from tolqyn.estimate.filters import Leaving, revert
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.quantities import Quantities, Quantity
from tolqyn.estimate.system import BlockSystem
from tolqyn.estimate.tangent import Tangent, cells


def account(level=5_000, stray=1.0, days=45, alone=3):
    day = np.arange(days)
    return Account(
        days=days, weekday=3, events=(12,), kinds=("iin", "permit"), level=level, stock=100_000,
        roughness=Roughness(2.0, 0.5, True, stray), priors=Priors(), alone=(day % alone == 0, day % 5 == 0),
    )  # fmt: skip


# Traffic as on a road, of a few persons, and at sea.
KINDS = [(5_000, 1.0), (4, 2.0), (200, 32.0)]


@settings(max_examples=6)
@given(st.integers(0, 2**32 - 1), st.sampled_from(KINDS))
def test_forward_agrees_with_small_steps_and_back_is_its_transpose(seed, kind):
    one, rng = account(*kind), np.random.default_rng(seed)
    z, directions = 0.5 * rng.standard_normal(one.size), rng.standard_normal((30, one.size))
    point = Tangent(one, z)

    moved = point.forward(directions)

    step = 1e-5
    there, here = (cells(one, one.streams(z + sign * step * directions)) for sign in (1, -1))
    assert moved == pytest.approx((there - here) / (2 * step), rel=1e-4, abs=1e-4 * np.abs(moved).max())
    weights = rng.standard_normal(moved.shape)
    assert (weights * moved).sum() == pytest.approx((point.back(weights) * directions).sum(), rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_the_kernel_of_any_sums_is_their_slopes_times_their_transpose(kind):
    one = account(*kind)
    flows = [
        (Measure.ENTRIES, None), (Measure.EXITS, None),
        (Measure.REGISTRATIONS, "iin"), (Measure.REGISTRATIONS, "permit"),
    ]  # fmt: skip
    sums = (
        [
            Quantity(measure, kind, first, first + days, True, 1.0)
            for measure, kind in flows
            for first in range(0, 30, 4)
            for days in (0, 11)
        ]
        + [
            Quantity(measure, None, 0 if measure is Measure.STOCK else day - 3, day, False, 100.0)
            for measure in (Measure.NET, Measure.STOCK)
            for day in range(3, 40, 5)
        ]
        + [Quantity(Measure.ENTRIES, None, 4, 30, True, 1.0, peak=True)]
    )
    about = Quantities(one, sums).about(0.4 * np.random.default_rng(2).standard_normal(one.size))

    slopes = about.back(np.eye(len(sums)))

    wanted = slopes @ slopes.T
    assert about.kernel == pytest.approx(wanted, rel=1e-7, abs=1e-9 * wanted.max())


@pytest.mark.parametrize("days", [45, 50])
def test_a_kernel_that_goes_on_from_fewer_sums_is_that_of_all(days):
    sums = [Quantity(Measure.ENTRIES, None, day, day + 4, True, 1.0) for day in range(0, 40, 3)]
    new = Quantity(Measure.EXITS, None, days - 9, days - 1, True, 1.0)
    then, now = account(), account(5_500, days=days)
    z = 0.2 * np.random.default_rng(7).standard_normal(then.size)
    before = Quantities(then, sums).about(z)
    assert before.kernel.shape == (len(sums),) * 2
    known = np.arange(1, len(sums) + 1), np.arange(len(sums))

    there = Quantities(now, [new, *sums])
    about, held = there.resumed(now.resumed(z, then), before, known)

    assert [list(one) for one in held] == [list(one) for one in known]
    assert about.kernel == pytest.approx(there.about(now.resumed(z, then)).kernel, rel=1e-6, abs=1e-9)


def test_a_kernel_does_not_go_on_where_days_that_are_now_told_alone_bend():
    told, others = account(200, 32.0, alone=5), account(200, 32.0, alone=3)
    sums = [Quantity(Measure.ENTRIES, None, day, day, True, 1.0) for day in range(0, 40, 3)]
    z, rows = np.zeros(told.size), np.arange(len(sums))
    before = Quantities(told, sums).about(z)
    assert len(before.kernel) == len(sums)

    about, (held, _) = Quantities(others, sums).resumed(z, before, (rows, rows))

    assert not len(held)
    assert not about.has_kernel


def test_the_covariance_of_days_of_next_to_nobody_does_not_drown_in_the_totals():
    one = account(20_000, 64.0).exact()
    z = np.zeros(one.size)
    z[one.at["day_entries"]][::3] = -3.0
    quantities = [Quantity(Measure.ENTRIES, None, day, day, True, 1.0) for day in range(one.days)]

    kernel = Quantities(one, quantities).about(z).kernel

    assert np.linalg.eigvalsh(kernel / np.sqrt(np.outer(np.diag(kernel), np.diag(kernel)))).min() > 0


def test_whether_those_who_came_are_enough_for_those_who_left_is_positive_where_the_stock_is():
    one, rng = account().exact(), np.random.default_rng(5)
    quantities = Quantities(
        one, [Quantity(Measure.STOCK, None, 0, day, True, 1.0, enough=True) for day in (0, 20, 44)]
    )
    z, directions = 2.0 * rng.standard_normal((40, one.size)), rng.standard_normal((5, one.size))

    values, stock = quantities.values(z), one.streams(z).stock[:, [0, 20, 44]]

    assert ((values >= 0) == (stock >= 0)).all()
    assert (stock < 0).any()
    step = 1e-5
    there, here = (quantities.values(z[0] + sign * step * directions) for sign in (1, -1))
    assert quantities.about(z[0]).forward(directions) == pytest.approx(
        (there - here) / (2 * step), rel=1e-4, abs=1e-5
    )


def test_the_share_that_left_is_exits_over_entries_and_linear_about_a_point():
    one, rng = account().exact(), np.random.default_rng(6)
    quantities = Quantities(one, [Quantity(Measure.SHARE, None, 5, day, True, 0.01) for day in (5, 20, 44)])
    z, directions = 0.5 * rng.standard_normal((3, one.size)), rng.standard_normal((5, one.size))
    streams = one.streams(z)

    percent = 100 * streams.exits[:, 5:21].sum(axis=1) / streams.entries[:, 5:21].sum(axis=1)

    assert np.exp(quantities.values(z))[:, 1] == pytest.approx(percent)
    assert quantities.quantities[1].value(streams) == pytest.approx(quantities.values(z)[:, 1])
    step = 1e-5
    there, here = (quantities.values(z[0] + sign * step * directions) for sign in (1, -1))
    assert quantities.about(z[0]).forward(directions) == pytest.approx(
        (there - here) / (2 * step), rel=1e-4, abs=1e-5
    )


def test_few_and_many_columns_are_filtered_alike():
    rng = np.random.default_rng(3)
    series = rng.standard_normal((60, 40))
    leaving = Leaving.of(*(np.array([x]) for x in (0.4, 3.0, 0.3, 20.0)))

    assert revert(series, 0.9)[:, :5] == pytest.approx(revert(series[:, :5], 0.9))
    assert leaving.act(series)[:, :5] == pytest.approx(leaving.act(series[:, :5]))


def test_an_inverse_updated_by_rank_is_the_inverse():
    rng = np.random.default_rng(4)
    half = rng.standard_normal((30, 40))
    kernel, variance, coverage = half @ half.T, rng.uniform(0.1, 1, 30), rng.standard_normal((30, 2))
    other = variance.copy()
    other[[3, 17]] = 0.05, 4.0

    updated = BlockSystem.of(kernel, variance, coverage).changed(other)

    assert list(updated.which) == [3, 17]
    assert updated.solve(np.eye(30)) == pytest.approx(
        np.linalg.inv(kernel + np.diag(other)), rel=1e-6, abs=1e-9
    )
    assert updated.log_determinant == pytest.approx(np.linalg.slogdet(kernel + np.diag(other))[1])


def test_a_factored_matrix_with_some_figures_more_is_factored():
    rng = np.random.default_rng(5)
    half = rng.standard_normal((30, 40))
    kernel, coverage = half @ half.T, rng.standard_normal((30, 2))
    new = np.array([4, 18])
    known = np.setdiff1d(np.arange(30), new)
    before = BlockSystem.of(kernel[np.ix_(known, known)], rng.uniform(0.1, 1, 28), coverage[known])
    variance = np.full(30, 1e6)  # nothing is known of what the new ones say
    variance[known] = before.variance
    then = np.arange(28)

    grown = before.grown(kernel, variance, coverage, known, then)
    told = variance.copy()
    told[new], told[7] = 1e-3, 4.0
    heard = grown.changed(told)

    for system, sites in ((grown, variance), (heard, told)):
        whole = kernel + np.diag(sites)
        assert system.solve(np.eye(30)) == pytest.approx(np.linalg.inv(whole), rel=1e-6, abs=1e-9)
        assert system.log_determinant == pytest.approx(np.linalg.slogdet(whole)[1])
        assert system.through == pytest.approx(np.linalg.solve(whole, coverage), rel=1e-6, abs=1e-9)
    assert heard.whole.edge.root is grown.whole.edge.root  # nothing was factored anew

"""The account of one place and group: conservation, and derivatives that are right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tolqyn.estimate.account import Account, Roughness, Slopes
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.tangent import Tangent


def account(days=40, events=(12,), kinds=("iin",), level=5_000, stray=1.0, untold=False):
    return Account(
        days=days, weekday=3, events=events, kinds=kinds, level=level, stock=100_000,
        roughness=Roughness(stray=stray), priors=Priors(), alone=(np.arange(days) % 3 == 0, np.arange(days) % 5 == 0),
        untold=untold,
    )  # fmt: skip


@given(st.integers(0, 2**32 - 1))
def test_stock_tomorrow_is_stock_today_plus_entries_minus_exits(seed):
    one = account()
    streams = one.streams(np.random.default_rng(seed).standard_normal((3, one.size)))

    change = np.diff(streams.stock, axis=1)

    assert np.allclose(change, streams.entries[:, 1:] - streams.exits[:, 1:], rtol=1e-9, atol=1e-4)
    assert (streams.exits > 0).all()


@settings(max_examples=12)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([(5_000, 1.0), (5, 1.0), (200, 32.0), (3, 16.0)]),
    st.booleans(),
)
def test_the_derivatives_agree_with_small_steps(seed, kind, untold):
    one = account(level=kind[0], stray=kind[1], untold=untold)
    rng = np.random.default_rng(seed)
    z, direction = 0.5 * rng.standard_normal(one.size), rng.standard_normal(one.size)
    weights = rng.standard_normal((4, one.days))

    def total(at):
        s = one.streams(at[None])
        return (weights[0] * s.entries + weights[1] * s.exits + weights[2] * s.registrations["iin"]
                + weights[3] * s.ordinary_entries).sum() + s.stock_before[0]  # fmt: skip

    slopes = Slopes(weights[:1], weights[1:2], np.ones(1), {"iin": weights[2:3]}).with_ordinary(weights[3:])
    got = float(Tangent(one, z).gradient(slopes)[0] @ direction)

    step = 1e-5
    wanted = (total(z + step * direction) - total(z - step * direction)) / (2 * step)
    assert got == pytest.approx(wanted, rel=1e-4, abs=1e-3)


def test_before_the_first_event_all_traffic_is_ordinary():
    one = account()
    streams = one.streams(np.random.default_rng(1).standard_normal((5, one.size)))

    assert np.array_equal(streams.entries[:, :12], streams.ordinary_entries[:, :12])
    assert not np.allclose(streams.entries[:, 12:], streams.ordinary_entries[:, 12:])


def test_on_days_of_nobody_exits_do_not_stray_for_want_of_a_share():
    one = account(level=5.0)
    streams = one.streams(np.random.default_rng(3).standard_normal((4, one.size)))
    nobody = streams.mapped(np.zeros_like)

    assert np.array_equal(one.astray(nobody), np.zeros((4, one.days)))


def test_a_surge_leaves_by_its_stays_and_the_rest_stays_on():
    """With no walk of their own, surplus exits are surplus entries after a stay, less those who stay on."""
    one = account(days=400, kinds=())
    z = np.zeros((1, one.size))
    z[0, one.at["surge"].start + 3] = 6.0

    streams = one.streams(z)

    surplus = (streams.entries - streams.ordinary_entries).sum()
    gone = (streams.exits - streams.ordinary_exits).sum()
    stays_on = one.staying(streams.stay, 4000)[0, -1]
    assert gone == pytest.approx((1 - stays_on) * surplus, rel=0.01)


@pytest.mark.parametrize("untold", [False, True])
def test_unknowns_that_are_resumed_come_to_nearly_the_same_counts(untold):
    """A figure of ordinary days that is new, or gone, changes what the unknowns are measured from."""
    before, after = account(untold=not untold), account(days=50, level=3_000, untold=untold)
    z = 0.5 * np.random.default_rng(5).standard_normal(before.size)

    here, there = before.streams(z[None]), after.streams(after.resumed(z, before)[None])

    upto = slice(0, 13)  # from here on the walks fall back at another pace
    assert there.ordinary_entries[0, upto] == pytest.approx(here.ordinary_entries[0, upto], rel=1e-6)
    assert there.entries[0, upto] == pytest.approx(here.entries[0, upto], rel=1e-6)

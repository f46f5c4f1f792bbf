"""One more statement: fast, near to a whole estimate, and whole where it must be."""

import numpy as np
import pytest
from simulated import simulate

from tolqyn.estimate import estimate, update


@pytest.fixture(scope="module")
def wave():
    return simulate(3)


def far_apart(one, other):
    """Distance of the means of every day, in standard deviations of the first."""
    gaps = []
    for measure in ("entries", "exits", "stock"):
        a, b = one.draws(measure, "AAA", "BBB"), other.draws(measure, "AAA", "BBB")
        gaps += list(np.abs(a.mean(axis=0) - b.mean(axis=0)) / a.std(axis=0))
    return np.array(gaps)


def test_one_more_statement_comes_to_what_a_whole_estimate_does(wave):
    moved = []
    for n in range(8, len(wave.statements)):
        before = estimate(wave.statements[:n] + wave.statements[n + 1 :], wave.situation)
        after = update(before, wave.statements)
        if after.working.moved:
            moved.append(np.quantile(far_apart(estimate(wave.statements, wave.situation), after), 0.9))
        if len(moved) == 3:
            break

    assert len(moved) == 3
    assert np.median(moved) < 0.4
    assert max(moved) < 0.7


def test_the_account_balances_after_an_update(wave):
    after = update(estimate(wave.statements[:-1], wave.situation, draws=300), wave.statements)

    entries, exits, stock = (after.draws(m, "AAA", "BBB") for m in ("entries", "exits", "stock"))
    assert np.array_equal(stock[:, 1:], stock[:, :-1] + entries[:, 1:] - exits[:, 1:])
    assert len(after.readings) == len(wave.statements)


def test_a_statement_taken_away_is_estimated_anew(wave):
    fewer = wave.statements[:-1]

    after = update(estimate(wave.statements, wave.situation, draws=300), fewer)

    anew = estimate(fewer, wave.situation, draws=300)
    assert after.working.moved == 0
    assert np.array_equal(after.draws("stock", "AAA", "BBB"), anew.draws("stock", "AAA", "BBB"))


def test_nothing_new_changes_nothing(wave):
    before = estimate(wave.statements, wave.situation, draws=300)

    after = update(before, wave.statements[::-1])

    assert np.array_equal(after.draws("entries", "AAA", "BBB"), before.draws("entries", "AAA", "BBB"))
    assert after.working.moved == 0

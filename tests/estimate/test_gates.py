"""Figures that one event strikes alike are blunders together as often as all their states come to."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tolqyn.estimate.gates import gated, log_prior
from tolqyn.estimate.likelihood import Figures
from tolqyn.estimate.priors import Priors

SHARED = Priors().blunder_chance * Priors().blunder_breath_share
densities = st.floats(0.01, 50)


@given(st.data(), st.integers(2, 4))
def test_the_gate_of_an_event_is_that_of_all_its_states(data, count):
    """Chances and evidence of some figures, some of them decided, against the sum over their states."""

    def some(of):
        return np.array(data.draw(st.lists(of, min_size=count, max_size=count)))

    chance, right, wrong = some(st.floats(0.04, 0.6)), some(densities), some(densities)
    verdict = some(st.sampled_from([-1, -1, 0, 1]))
    figures = Figures(*np.zeros((4, count)), chance, event=np.zeros(count, dtype=int), verdict=verdict)
    used = figures.decided(chance)
    for _ in range(30):
        told = used * wrong / (used * wrong + (1 - used) * right)
        used = gated(figures, used, told, Priors())
    told = used * wrong / (used * wrong + (1 - used) * right)

    own = 1 - (1 - chance) / (1 - SHARED)
    weights = {}
    for state in product((False, True), repeat=count):
        if all(v in (-1, int(s)) for v, s in zip(verdict, state, strict=True)):
            prior = SHARED * all(state) + (1 - SHARED) * np.where(state, own, 1 - own).prod()
            weights[state] = prior * np.where(state, wrong, right).prod()
    total = sum(weights.values())
    for n in range(count):
        assert told[n] == pytest.approx(sum(w for state, w in weights.items() if state[n]) / total)
    each = np.log(used * wrong + (1 - used) * right).sum()
    assert each + log_prior(figures, used, told, Priors()) == pytest.approx(np.log(total))


def test_what_is_decided_of_a_figure_alone_costs_its_prior():
    figures = Figures(*np.zeros((4, 3)), np.array([0.05, 0.2, 0.3])).with_verdicts({0: True, 1: False})
    used = figures.decided(figures.blunder)

    assert log_prior(figures, used, used, Priors()) == pytest.approx(np.log(0.05 * 0.8))


@given(st.floats(0.01, 0.99))
def test_events_of_others_change_no_chance(told):
    """Two events side by side: neither knows of the other."""
    chance = np.array([0.05, 0.2, 0.05, 0.2])
    both = Figures(*np.zeros((4, 4)), chance, event=np.array([7, 7, 3, 3]))
    one = both.part(np.array([0, 1]))
    found = np.array([told, 0.3, 0.9, 0.1])

    assert gated(both, chance, found, Priors())[:2] == pytest.approx(
        gated(one, chance[:2], found[:2], Priors())
    )

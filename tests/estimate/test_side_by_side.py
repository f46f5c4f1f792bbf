"""Accounts worked on in two processes come to what one process makes of them."""

from dataclasses import replace

import numpy as np
import pytest
from simulated import simulate

from tolqyn.claims import Statement
from tolqyn.estimate import estimate, model
from tolqyn.estimate.side_by_side import side_by_side


def elsewhere(statement):
    claim = replace(statement.claim, place="CCC")
    return Statement("s" + claim.id, (claim,), 1)


def test_results_come_in_order_and_the_error_of_an_item_is_raised():
    def half(number):
        if number > 5:
            raise np.linalg.LinAlgError(number)
        return number / 2

    assert side_by_side(half, range(6), much=True) == [0, 0.5, 1, 1.5, 2, 2.5]
    with pytest.raises(np.linalg.LinAlgError):
        side_by_side(half, range(8), much=True)


def test_an_estimate_is_the_same_in_one_process_and_in_two(monkeypatch):
    here, there = simulate(3), simulate(4)
    both = [*here.statements, *map(elsewhere, there.statements)]
    situation = replace(here.situation, places=("AAA", "CCC"))
    found = []

    for much in (1, 1_000_000):
        monkeypatch.setattr(model, "_MUCH", much)
        found.append(estimate(both, situation, draws=50))

    one, other = found
    assert all(np.array_equal(one.values[stream], other.values[stream]) for stream in one.values)
    assert (one.readings, one.sources) == (other.readings, other.sources)

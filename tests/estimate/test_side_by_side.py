"""Accounts worked on in two processes come to what one process makes of them."""

import multiprocessing
import os
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


def test_what_a_process_leaves_undone_is_done_by_the_other(monkeypatch):
    monkeypatch.setattr("tolqyn.estimate.side_by_side._may_fork", lambda: True)
    here = os.getpid()
    began = multiprocessing.Value("i", 0)

    def half(number):
        if os.getpid() != here:
            began.value = 1
            os._exit(1)  # as if for want of memory
        return number / 2

    assert side_by_side(half, range(5), much=True) == [0, 0.5, 1, 1.5, 2]
    assert began.value == 1


def test_an_estimate_is_the_same_in_one_process_and_in_two(monkeypatch):
    here, there = simulate(3), simulate(4)
    both = [*here.statements, *map(elsewhere, there.statements)]
    situation = replace(here.situation, places=("AAA", "CCC"))
    found = []

    for much in (1, 1_000_000):
        monkeypatch.setattr(model, "_MUCH", much)
        monkeypatch.setattr("tolqyn.estimate.side_by_side._may_fork", lambda: True)
        found.append(estimate(both, situation, draws=50))

    one, other = found
    assert all(np.array_equal(one.values[stream], other.values[stream]) for stream in one.values)
    assert (one.readings, one.sources) == (other.readings, other.sources)

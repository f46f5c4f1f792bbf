"""Who was there before: as the exact belief has it where nobody can tell them from those who came."""

from datetime import timedelta

import numpy as np
import pytest
from figures import said
from scipy.stats import norm
from simulated import DAYS, EVENT_DAY, START, simulate

from tolqyn.estimate import Priors, estimate

EVENT, LAST = START + timedelta(EVENT_DAY), START + timedelta(DAYS - 1)
CAME, LEFT, COVERAGE = 100_000, 20_000, Priors().coverage_stock_sd


def told(measure, value, first, last, **fields):
    return said(measure, value, first, last, **{"place": "AAA", "group": "BBB", **fields})


def flows():
    """A quiet border, over which many come and few leave, as one body has it; who is present is told by another."""
    before = START, EVENT - timedelta(1)
    return [
        *(told(measure, 4_000, *before) for measure in ("entries", "exits")),
        told("entries", CAME, EVENT, LAST),
        told("exits", LEFT, EVENT, LAST),
    ]


@pytest.fixture(scope="module")
def situation():
    return simulate(3).situation


@pytest.mark.parametrize("present", [84_000, 100_000, 160_000])
def test_those_present_are_as_likely_as_the_prior_and_the_figure_make_them(situation, present):
    posterior = estimate([*flows(), told("stock", present, LAST, LAST, organization="Census")], situation)

    stock = posterior.draws("stock", "AAA", "BBB")[:, -1]
    model = posterior.working.model
    logs = np.linspace(0, 16, 20_000)
    there = np.exp(logs) + CAME - LEFT
    centre, sd = np.log(model._stocks["AAA", "BBB"]), model.priors.stock_sd
    belief = norm.pdf(logs, centre, sd) * norm.pdf(np.log(there), np.log(present), COVERAGE)
    chance = np.cumsum(belief) / belief.sum()
    for share in (0.1, 0.5, 0.9):
        exact = there[np.searchsorted(chance, share)]
        assert np.quantile(stock, share) == pytest.approx(exact, rel=0.03)


def test_what_a_source_sees_follows_those_who_are_there(situation):
    posterior = estimate([*flows(), told("stock", 100_000, LAST, LAST, organization="Census")], situation)

    work = posterior.working
    seen = work.drawn.coverages(work.model)[:, work.model.cover.index(("Census", "stock"))]
    stock = posterior.draws("stock", "AAA", "BBB")[:, -1]
    right = np.abs(np.log(stock) + seen - np.log(100_000)) < 0.04
    assert right.mean() > 0.8
    assert np.corrcoef(np.log(stock)[right], seen[right])[0, 1] < -0.9


def test_the_account_balances_and_nobody_is_fewer_than_none(situation):
    posterior = estimate(
        [*flows(), told("stock", 100_000, LAST, LAST, organization="Census")], situation, draws=300
    )

    entries, exits, stock = (posterior.draws(m, "AAA", "BBB") for m in ("entries", "exits", "stock"))
    assert np.array_equal(stock[:, 1:], stock[:, :-1] + entries[:, 1:] - exits[:, 1:])
    assert stock.min() >= 0

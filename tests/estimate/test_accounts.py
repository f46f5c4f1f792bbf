"""Several accounts at once: what no source ties together is estimated as it is alone."""

from dataclasses import replace

import numpy as np
from simulated import simulate

from tolqyn.claims import Statement
from tolqyn.estimate import estimate


def elsewhere(statement):
    claim = replace(statement.claim, place="CCC", organization=f"{statement.claim.organization} of CCC")
    return Statement("s" + claim.id, (claim,), 1)


def test_an_account_of_its_own_sources_is_estimated_as_if_alone():
    here, there = simulate(3), simulate(4)
    both = [*here.statements, *map(elsewhere, there.statements)]

    together = estimate(both, replace(here.situation, places=("AAA", "CCC")), draws=400)

    alone = estimate(here.statements, here.situation, draws=400)
    for measure in ("entries", "exits", "stock"):
        one, other = (posterior.draws(measure, "AAA", "BBB") for posterior in (together, alone))
        gap = np.abs(one.mean(axis=0) - other.mean(axis=0)) / other.std(axis=0)
        assert np.quantile(gap, 0.9) < 0.1

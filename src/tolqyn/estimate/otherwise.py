"""Which sources count otherwise than the rest: by rules of their own, a tenth too many or too few.

Pure. The prior of a source's coverage is narrow and normal, so where two bodies agree and a third is off by a tenth, all three
would be moved alike. It has a heavy tail instead, as a mixture of two normals (Gelman et al. 2013, section 17.2), of
which the wide one is chosen for whole sources, by evidence. Where the figures do not tell which of two bodies is the
odd one, both are given the wide one, so that what they count may lie with either.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.account import Account
from tolqyn.estimate.inference import Fit, fit
from tolqyn.estimate.mixture import Weighed
from tolqyn.estimate.model import Model

__all__ = ["counting_otherwise"]

Array = NDArray[np.float64]

_FAR = 2.0  # standard deviations of the narrow prior from which a source is suspected
_WRONG = 0.3  # share of its figures that are taken for blunders from which it is suspected too
_FEWEST = 3  # figures from which a source can be told from its blunders
_MOST = 3  # sources that are tried
_UNDECIDED = 0.1  # weight, against the best answer's, from which another is not ruled out


def counting_otherwise(model: Model, best: Weighed) -> frozenset[str]:
    """The sources whose coverage is better read as wide, given the best fit in which none is.

    Costs a fit for each source that the best fit makes suspicious, and nothing where there is none.
    """
    odd: frozenset[str] = frozenset()
    suspects = _suspects(model, best.fitted)
    here = _fit(model, best.accounts) if suspects else best.fitted
    chance = model.priors.coverage_odd_chance
    while suspects:
        tried = {name: _fit(model.with_odd(odd | {name}), best.accounts) for name in suspects}
        gains = {
            name: one.log_evidence - here.log_evidence + float(np.log(chance / (1 - chance)))
            for name, one in tried.items()
        }
        top = max(gains.values())
        if top <= 0:
            break
        chosen = {name for name, gain in gains.items() if gain > max(0.0, top + np.log(_UNDECIDED))}
        odd |= chosen
        model = model.with_odd(odd)
        here = tried[chosen.pop()] if len(chosen) == 1 else _fit(model, best.accounts)
        suspects = _suspects(model, here)
    return odd


def _suspects(model: Model, fitted: Fit) -> list[str]:
    """Sources of several figures that lie far from the rest, those that stray most first."""
    strayed = np.abs(fitted.coverages @ model.cover_parts) / model.cover_sds
    found = []
    for number, name in enumerate(model.sources.names):
        rows = np.flatnonzero(model.sources.group == number)
        mine = [n for n, (source, _) in enumerate(model.cover) if source == name]
        narrow = model.cover_sds[mine].max() < model.priors.coverage_odd_sd
        far = float(strayed[mine].max()) / _FAR
        wrong = float(fitted.tilted.blunder[rows].mean()) / _WRONG
        if len(rows) >= _FEWEST and narrow and max(far, wrong) > 1:
            found.append((-max(far, wrong), name))
    return [name for _, name in sorted(found)[:_MOST]]


def _fit(model: Model, accounts: Sequence[Account]) -> Fit:
    """All figures under some roughness, none of them decided yet."""
    return fit(model.problem(accounts))

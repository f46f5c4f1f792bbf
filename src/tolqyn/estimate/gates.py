"""Which figures are blunders together.

Pure. Some figures are heard only if others are blunders; and those of one event are often blunders together: a wrong
window, group or unit strikes all that is told in one breath, and whoever tells a figure again tells its blunder again.
Each figure learns of the others' chances, exactly (the message of a gate, Minka and Winn 2008).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.likelihood import Figures
from tolqyn.estimate.priors import Priors

__all__ = ["gated", "log_prior", "unheard"]

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

_NIL = 1e-6  # least chance of a blunder of a figure's own, beside those that strike all of its event
_STEEPEST = 500.0  # as a log: so much likelier than any number can be


def gated(figures: Figures, used: Array, blunder: Array, priors: Priors) -> Array:
    """Chance of a blunder before each figure itself is weighed, given what was found of the others, (m,).

    Args:
        figures: m of them.
        used: the chances that were used last, (m,).
        blunder: what they came to, (m,).
        priors: the share of blunders that strike all of an event.
    """
    chance = unheard(figures, blunder)
    struck = _struck(figures, used, blunder, priors)
    chance[struck.rows] = struck.chance()
    return figures.decided(chance)


def unheard(figures: Figures, blunder: Array) -> Array:
    """Chance that each figure is a blunder, or not heard since others are none, by their chances of being one, (m,)."""
    if figures.only_if is None:
        return figures.blunder.copy()
    off = np.where(figures.only_if >= 0, blunder[figures.only_if], 1.0).prod(axis=1)
    out: Array = 1 - (1 - figures.blunder) * off
    return out


def log_prior(figures: Figures, used: Array, blunder: Array, priors: Priors) -> float:
    """What the log chances of all figures lack, or have too much: the prior of what is decided, and events told once.

    Each figure of an event is told by its chance given the others; together they are one event. Arguments as for `gated`.
    """
    prior = _struck(figures, used, blunder, priors).correction()
    if figures.verdict is not None:
        alone = figures.verdict if figures.event is None else np.where(figures.event < 0, figures.verdict, -1)
        wrong, right = figures.blunder[alone == 1], figures.blunder[alone == 0]
        prior += float(np.log(wrong).sum() + np.log1p(-right).sum())
    return prior


class _Struck(NamedTuple):
    """Figures that an event may strike alike.

    Attributes:
        rows: which they are, (n,). event: the number of each one's event, from 0, (n,).
        shared: chance that an event strikes. own: that a figure is a blunder where none did, (n,).
        odds: how much likelier each is if it is none than if it is one, (n,).
        used: the chance that it was read with, (n,). verdict: as in `Figures`, (n,).
    """

    rows: Indices
    event: Indices
    shared: float
    own: Array
    odds: Array
    used: Array
    verdict: Indices

    def chance(self) -> Array:
        """Chance that each is a blunder, given the others of its event, (n,)."""
        spared, unspared = self._spared()
        others = self._by_event(spared)[self.event] - spared
        may_strike = self._by_event(unspared)[self.event] == unspared
        struck = self.shared * np.exp(np.minimum(-others, _STEEPEST)) * may_strike
        wrong = struck + (1 - self.shared) * self.own
        out: Array = wrong / (wrong + (1 - self.shared) * (1 - self.own))
        return out

    def correction(self) -> float:
        """Log chance of all events less those of their figures, one by one."""
        spared, unspared = self._spared()
        with np.errstate(divide="ignore"):
            struck = np.where(self._by_event(unspared) > 0, -np.inf, np.log(self.shared))
        together = np.logaddexp(struck, np.log1p(-self.shared) + self._by_event(spared))
        each = np.log(self.used + (1 - self.used) * self.odds)
        return float(together.sum() - each[self.verdict < 0].sum())

    def _spared(self) -> tuple[Array, Array]:
        """Log chance of each where its event did not strike; and 1 where it cannot have, 0 elsewhere."""
        open_ = self.own + (1 - self.own) * self.odds
        decided = np.where(self.verdict == 1, self.own, 1 - self.own)
        return np.log(np.where(self.verdict < 0, open_, decided)), (self.verdict == 0).astype(float)

    def _by_event(self, each: Array) -> Array:
        """Sums over the figures of each event."""
        out: Array = np.bincount(self.event, each).astype(float)
        return out


def _struck(figures: Figures, used: Array, blunder: Array, priors: Priors) -> _Struck:
    """The figures that are of an event with others."""
    numbers = np.full(len(figures), -1, dtype=np.intp) if figures.event is None else figures.event
    rows = np.flatnonzero(numbers >= 0)
    shared = priors.blunder_chance * priors.blunder_breath_share
    own = np.clip(1 - (1 - figures.blunder[rows]) / (1 - shared), _NIL, 1 - _NIL)
    verdict = np.full(len(rows), -1, dtype=np.intp) if figures.verdict is None else figures.verdict[rows]
    used, blunder = np.clip(used[rows], 1e-9, 1 - 1e-9), np.clip(blunder[rows], 1e-12, 1 - 1e-12)
    odds = (1 - blunder) / blunder * used / (1 - used)
    event = np.unique(numbers[rows], return_inverse=True)[1].astype(np.intp).reshape(-1)
    return _Struck(rows, event, shared, own, odds, used, verdict)

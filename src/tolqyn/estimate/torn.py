"""Between which statements an estimate is torn: each may be right, and both together not.

Pure. What was told together or more than once stands or falls together in every hypothesis that the estimate is drawn from
(see `weighing`); two such sets that no hypothesis believes both exclude each other, given all else that was said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Measure
from tolqyn.estimate.mixture import Weighed
from tolqyn.estimate.model import Model
from tolqyn.estimate.posterior import Told, Torn

__all__ = ["torn"]

Array = NDArray[np.float64]

_OPEN = 0.02  # chance of being right from which a statement is not set aside: as a hypothesis is kept
_TOGETHER = 0.1  # of what the chances would be if the two had nothing to do with each other


def torn(model: Model, parts: Sequence[Sequence[Weighed]]) -> tuple[Torn, ...]:
    """All pairs of sets that exclude each other.

    Args:
        model: whose statements.
        parts: the hypotheses of each account, with their weights.
    """
    return tuple(pair for number, part in enumerate(parts) for pair in _of_account(model, number, part))


def _of_account(model: Model, number: int, part: Sequence[Weighed]) -> Iterator[Torn]:
    weights = np.array([one.weight for one in part])
    right = 1 - np.array([one.fitted.tilted.blunder for one in part])
    sets = [(rows, right[:, rows[0]]) for rows in _told_as_one(model, number)]
    open_ = [(rows, holds) for rows, holds in sets if weights @ holds > _OPEN]
    for (one, holds), (other, others) in combinations(open_, 2):
        chances = float(weights @ holds), float(weights @ others)
        if weights @ (holds * others) < _TOGETHER * chances[0] * chances[1]:
            yield Torn(
                _told(model, number, part, one, chances[0], weights * others),
                _told(model, number, part, other, chances[1], weights * holds),
            )


def _told_as_one(model: Model, number: int) -> list[list[int]]:
    """Rows of an account that were told together or more than once: entries first, and of those the surest."""
    event = model.figures.event
    rows = model.rows_of(number)
    sets: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        if event is not None and event[row] >= 0:
            sets.setdefault(int(event[row]), []).append(place)

    def rank(place: int) -> tuple[bool, float, str]:
        heard = model.heard[rows[place]]
        return heard.claim.measure is not Measure.ENTRIES, -heard.statement.confidence, heard.statement.id

    return [sorted(places, key=rank) for places in sets.values() if len(places) > 1]


def _told(
    model: Model, number: int, part: Sequence[Weighed], places: Sequence[int], chance: float, otherwise: Array
) -> Told:
    """One side: its rows in the account, the chance that it is right, and how much each hypothesis in which the other is right weighs."""
    rows = model.rows_of(number)[list(places)]
    value = otherwise @ [one.fitted.mean[places[0]] for one in part] / otherwise.sum()
    persons = float(model.quantities[rows[0]].to_persons(np.array(value)))
    return Told(
        tuple(model.heard[row].statement.id for row in rows),
        chance,
        persons / model.heard[rows[0]].read_as.per,
    )

"""One figure told again of nearly the same days: a running total that is still quoted weeks later, or taken over by another body.

Pure. Whoever tells a figure again tells its blunder again, so such tellings are no witnesses of each other.
docs/concepts/method.md, section "How a figure is read".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from tolqyn.estimate.reading import Heard

__all__ = ["likeness", "retold"]

_SAME_DAYS = 0.9  # share of the days of the longer of two windows that make them nearly one


def retold(heard: Sequence[Heard]) -> list[list[int]]:
    """Places, among what was heard, of tellings of one figure: the surest and earliest first, then those that tell it again."""
    same: dict[tuple[object, ...], list[int]] = {}
    for place, one in enumerate(heard):
        f, claim = one.functional, one.claim
        if f is not None and f.bound is None and not (f.peak or f.usual):
            key = (
                f.place,
                f.group,
                f.measure,
                f.kind,
                f.mirror,
                f.since,
                claim.unit,
                claim.value,
                claim.low,
                claim.high,
            )
            same.setdefault(key, []).append(place)
    chains: list[list[int]] = []
    for places in same.values():
        mine: list[list[int]] = []
        for place in sorted(places, key=lambda place: _order(heard[place])):
            told = next(
                (chain for chain in mine if _days_in_common(heard[chain[0]], heard[place]) >= _SAME_DAYS),
                None,
            )
            if told is None:
                mine.append([place])
            else:
                told.append(place)
        chains += [chain for chain in mine if len(chain) > 1]
    return chains


def _order(one: Heard) -> tuple[float, date, str]:
    return -one.statement.confidence, one.claim.known or date.max, one.statement.id


def _days_in_common(one: Heard, other: Heard) -> float:
    """Days that two windows share, of those of the longer."""
    first, second = one.read_as, other.read_as
    shared = (min(first.last, second.last) - max(first.first, second.first)).days + 1
    return shared / max(first.days, second.days)


def likeness(one: Heard, again: Heard, sds: Sequence[float]) -> float:
    """Density of a figure that is told again, given its first telling, be that right or not.

    Args:
        one: the first telling.
        again: the other.
        sds: standard deviations of all that may set them apart but their days, on the scale on which they are read.
    """
    apart = np.log(one.read_as.days / again.read_as.days)
    return float(1 / (np.sqrt(2 * np.pi) * np.linalg.norm([*sds, apart])))

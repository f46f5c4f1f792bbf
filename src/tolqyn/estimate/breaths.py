"""What a body says in one breath: who came, who left and who is here, of the same days and people.

Pure. Said together, such figures err together: a body that counts persons where others count
crossings, or one road of two, does so for both directions. Then neither figure is what it seems, and
their difference still is, nearly. docs/concepts/method.md, section "How a figure is read".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tolqyn.claims import Claim, Measure, Qualifier
from tolqyn.estimate.likelihood import looseness, rounding
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.reading import Heard

__all__ = ["Breath", "breaths", "difference", "remaining"]

_ANYWHERE = 1.0  # log sd of all people present about a difference of flows that has nothing to do with them


@dataclass(frozen=True, slots=True)
class Breath:
    """Places, among what was heard, of entries and exits of one window, and of the stock at its end.

    `stock` is None where none was told with them that could be those who remain of the ones who
    came; `tellings` counts the windows and sources that are
    reported for these two figures; `confidence` is that both were read rightly.
    """

    entries: int
    exits: int
    stock: int | None
    tellings: int
    confidence: float


def breaths(heard: Sequence[Heard]) -> list[Breath]:
    """All pairs of entries and exits that one source gave on one day for the same window."""
    flows: dict[tuple[object, ...], dict[Measure, int]] = {}
    stocks: dict[tuple[object, ...], int] = {}
    for row, one in enumerate(heard):
        claim, f = one.claim, one.functional
        if f is None or f.bound or claim.source is None or claim.known is None or claim.value is None:
            continue
        teller = (claim.source.casefold(), claim.known, f.place, f.group)
        if f.measure in {Measure.ENTRIES, Measure.EXITS} and not (f.peak or f.usual):
            flows.setdefault((*teller, f.first, f.last, f.per), {}).setdefault(f.measure, row)
        elif f.measure is Measure.STOCK:
            stocks.setdefault((*teller, f.last), row)
    pairs = []
    for key, pair in flows.items():
        if len(pair) == 2:
            stock = stocks.get((*key[:4], key[5]))
            if stock is not None and heard[stock].claim.centre > heard[pair[Measure.ENTRIES]].claim.centre:
                stock = None
            pairs.append((pair[Measure.ENTRIES], pair[Measure.EXITS], stock))
    tellings = Counter((heard[i].claim.value, heard[j].claim.value) for i, j, _ in pairs)
    return [
        Breath(
            i,
            j,
            stock,
            tellings[heard[i].claim.value, heard[j].claim.value],
            heard[i].statement.confidence * heard[j].statement.confidence,
        )
        for i, j, stock in pairs
    ]


def difference(entries: Claim, exits: Claim, priors: Priors) -> tuple[float, float, float] | None:
    """What two figures of one breath say of the net, if both leave out the same people.

    Those who are left out are taken to come and go as ordinary traffic does: their net is nought to
    within `ratio_sd` of the stated flows.

    Returns:
        The difference in persons, how far rounding may have moved it either way, and the standard
        deviation of the rest; None where the two are equal.
    """
    assert entries.value is not None
    assert exits.value is not None
    net = entries.value - exits.value
    if not net:
        return None
    both = (entries, exits)
    half = sum(rounding(abs(claim.centre), priors.rounding_cap) for claim in both)
    words = [abs(claim.centre) * _wording(claim, priors) for claim in both]
    left_out = priors.ratio_sd * (abs(entries.value) + abs(exits.value)) / 2
    return net, half, float(np.linalg.norm([*words, left_out]))


def remaining(entries: Claim, exits: Claim, stock: Claim, priors: Priors) -> tuple[float, float]:
    """Chance that people present, told with entries and exits, are those who remain of the ones who came.

    By Bayes: they would then equal the difference but for rounding, words and what the body misses of either; people
    present in all would lie anywhere about it on the logarithm.

    Returns:
        The chance, and the density on the logarithm of what lies anywhere: with that chance, it is what such a figure says of
        all who are present, which is nothing.
    """
    told, present = difference(entries, exits, priors), abs(stock.centre)
    if told is None or not present:
        return 0.0, 0.0
    half = told[1] + rounding(present, priors.rounding_cap)
    words = [abs(claim.centre) * _wording(claim, priors) for claim in (entries, exits, stock)]
    # What a body misses of both flows alike cancels in their difference but for their difference's own share.
    apart = np.hypot(priors.spread, priors.coverage_sd * np.sqrt(1 - priors.coverage_common))
    missed = [abs(claim.centre) * apart for claim in (entries, exits)]
    sd = float(np.linalg.norm([half / np.sqrt(3), *words, *missed, priors.coverage_sd * told[0]]))
    alike = np.exp(-0.5 * ((present - told[0]) / sd) ** 2) / sd
    anywhere = np.exp(-0.5 * (np.log(present / abs(told[0])) / _ANYWHERE) ** 2) / _ANYWHERE
    odds = priors.remaining_chance / (1 - priors.remaining_chance) * alike / (anywhere / present)
    return float(odds / (1 + odds)), float(anywhere / np.sqrt(2 * np.pi))


def _wording(claim: Claim, priors: Priors) -> float:
    """Relative standard deviation that a figure's words leave."""
    return {
        Qualifier.OVER: priors.over_scale,
        Qualifier.SLIGHTLY_OVER: priors.slightly_scale,
        Qualifier.ALMOST: priors.slightly_scale,
        Qualifier.UNDER: priors.under_scale,
        Qualifier.UP_TO: priors.up_to_scale,
    }.get(claim.qualifier, looseness(claim, priors))

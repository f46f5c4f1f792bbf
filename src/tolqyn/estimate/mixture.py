"""Hypotheses side by side: which believe the same, and what share of the posterior each has.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tolqyn.estimate.account import Account
from tolqyn.estimate.inference import Fit
from tolqyn.estimate.problem import Problem

__all__ = [
    "DOUBTED", "LEAST_WEIGHT", "Scored", "Weighed", "alike", "gap", "kept", "likeliest_first", "log_odds", "shared_out",
]  # fmt: skip

Array = NDArray[np.float64]

LEAST_WEIGHT = 0.02  # a hypothesis below this share of the posterior is left out
DOUBTED = 0.5  # chance of a blunder from which a figure is not believed
# Standard deviation of an evidence, in nats, for each figure that is believed here and not there: fits of one picture that
# came to rest by different ways differ by one to three nats.
_NOISE = 1.0
_ANOTHER = 2.0  # figures that are believed otherwise in another picture, at least


@dataclass(frozen=True, slots=True)
class Weighed:
    """A fit under some roughness of each account of its problem, with its share of the posterior.

    `verdicts` are the rows whose figures are decided: whether each is taken for a blunder.
    """

    problem: Problem
    accounts: tuple[Account, ...]
    fitted: Fit
    weight: float
    verdicts: Mapping[int, bool]


class Scored(NamedTuple):
    """A fit of one account, and its log posterior up to a constant."""

    weighed: Weighed
    score: float


def shared_out(candidates: Sequence[Scored]) -> list[Weighed]:
    """Hypotheses of one account with their weights, the best first."""
    shares = np.exp(log_odds(candidates))
    weighed = [
        replace(one.weighed, weight=float(share))
        for one, share in zip(candidates, shares / shares.sum(), strict=True)
    ]
    return sorted(weighed, key=lambda one: -one.weight)


def log_odds(candidates: Sequence[Scored]) -> Array:
    """Log odds of hypotheses against the likeliest, as far as their evidences can be trusted.

    Evidences are approximate, by so much the more as other figures are believed; and log odds that are themselves known
    to a variance v tell as much as 1 / √(1 + πv/8) of them would (MacKay 1992). So that a picture does not gain by being put
    in many parts, that holds for whole pictures: hypotheses that believe the same figures but for one or so.
    """
    scores = np.array([one.score for one in candidates])
    believed = [one.weighed.fitted.tilted.blunder for one in candidates]
    picture, leaders = np.zeros(len(candidates), dtype=int), list[int]()
    for place in np.argsort(-scores):
        turned = [np.abs(believed[place] - believed[leader]).sum() for leader in leaders]
        near = np.array(turned) < _ANOTHER
        if not near.any():
            leaders.append(int(place))
        picture[place] = near.argmax() if near.any() else len(leaders) - 1
    whole = np.array([np.logaddexp.reduce(scores[picture == number]) for number in range(len(leaders))])
    likeliest = leaders[int(whole.argmax())]
    apart = np.array([np.abs(believed[leader] - believed[likeliest]).sum() for leader in leaders])
    odds = (whole - whole.max()) / np.sqrt(1 + np.pi / 8 * _NOISE**2 * apart)
    each: Array = odds[picture] + scores - whole[picture]
    return each - np.max(each)


def likeliest_first(candidates: Sequence[Scored]) -> list[Scored]:
    """The candidates in order."""
    return sorted(candidates, key=lambda one: -one.score)


def kept(candidates: Sequence[Scored]) -> list[Scored]:
    """The candidates that matter."""
    weights = np.exp(log_odds(candidates))
    return [
        one for one, weight in zip(candidates, weights, strict=True) if weight >= LEAST_WEIGHT * weights.sum()
    ]


def alike(one: Weighed, other: Weighed) -> bool:
    """Whether two fits believe the same figures."""
    return bool(np.abs(one.fitted.tilted.blunder - other.fitted.tilted.blunder).max(initial=0) < DOUBTED)


def gap(one: Scored, other: Scored) -> float:
    """By how much two fits of the same figures differ in any quantity, in standard deviations of the less sure."""
    here, there = one.weighed.fitted, other.weighed.fitted
    moved = np.abs(here.mean - there.mean) / np.sqrt(np.maximum(here.variance, there.variance))
    wider = 0.5 * np.abs(np.log(here.variance / there.variance))
    return float(np.maximum(moved, wider).max(initial=0))

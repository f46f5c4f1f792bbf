"""The grid of roughness over which an account's fits are sought: places, steps between them, and how likely each is.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tolqyn.estimate.account import Roughness
from tolqyn.estimate.mixture import Scored, Weighed
from tolqyn.estimate.priors import Priors

__all__ = [
    "EXIT_SURGE", "FURTHEST", "MOVES", "OUT_OF_REACH", "SEASON", "Place", "log_prior", "moved_by", "place_of", "roughness_at", "within_reach",
]  # fmt: skip

Place = tuple[int, int, int, int]  # log2 of stray, season, factor; whether exits have a surge of their own
SEASON, EXIT_SURGE = 1, 3  # of a place
MOVES: list[Place] = [
    (1, 0, 0, 0), (-1, 0, 0, 0), (0, 1, 0, 0), (0, -1, 0, 0), (0, 0, 1, 0), (0, 0, -1, 0), (0, 0, 0, 1),
]  # fmt: skip
FURTHEST = 6  # log2 of stray, season and factor, either way
# By so much less likely a step was, as a log, for no change of beliefs to make up for it.
OUT_OF_REACH = 12.0


def place_of(weighed: Weighed) -> Place:
    """Where the roughness of an account alone stands on the grid."""
    roughness = weighed.accounts[0].roughness
    scales = np.log2([roughness.stray, roughness.season, roughness.factor]).round().astype(int)
    return int(scales[0]), int(scales[1]), int(scales[2]), int(roughness.exit_surge)


def roughness_at(place: Place) -> Roughness:
    """The roughness at a place of the grid."""
    stray, season, factor = (2.0 ** place[axis] for axis in range(3))
    return Roughness(factor, season, bool(place[3]), stray)


def moved_by(place: Place, move: Place) -> Place:
    """The place one step on."""
    return place[0] + move[0], place[1] + move[1], place[2] + move[2], place[3] + move[3]


def within_reach(climbed: Sequence[Scored], moves: Sequence[Place]) -> list[Place]:
    """The steps that were not far worse where they were tried last, nearest to the best place."""
    scores = {place_of(one.weighed): one.score for one in climbed}
    best = place_of(climbed[0].weighed)

    def gain(move: Place) -> float:
        tried = [place for place in scores if moved_by(place, move) in scores]
        nearest = min(
            tried, key=lambda place: sum(abs(a - b) for a, b in zip(place, best, strict=True)), default=None
        )
        return 0.0 if nearest is None else scores[moved_by(nearest, move)] - scores[nearest]

    return [move for move in moves if gain(move) > -OUT_OF_REACH]


def log_prior(roughness: Roughness, priors: Priors) -> float:
    """Log prior of a roughness, up to a constant."""
    chance = priors.exit_surge_chance if roughness.exit_surge else 1 - priors.exit_surge_chance
    steps = (
        np.log(roughness.factor) / priors.roughness_sd,
        np.log(roughness.season) / priors.season_sd,
        np.log(roughness.stray) / priors.stray_sd,
    )
    return float(np.log(chance) - 0.5 * np.square(steps).sum())

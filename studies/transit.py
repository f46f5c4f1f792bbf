"""Transit told from stay: an invented border with commuters, people in transit, visitors and stayers.

Commuters return the same day and are ordinary traffic; of a surge some pass through within days,
some visit for weeks, some stay on. Three situations of what is said: entries, exits and now and
then the stock; entries and exits; entries alone. In the last nothing tells transit from stay, and
the intervals must be as wide as that.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from studies import pictures, table
from studies.invented import BODIES, DAYS, EVENT_DAY, PRIORS, Truth, Voice, alone, situation
from studies.work import each
from tolqyn.claims import Claim
from tolqyn.estimate import Posterior, cohorts, estimate

__all__ = ["SAID", "Border", "border", "run"]

Array = NDArray[np.float64]

DRAWS = 400
SOON = 7  # days within which somebody in transit is gone
LEVELS = (0.5, 0.8, 0.9, 0.95)
SAID = {
    "entries, exits, stock": ("entries", "exits", "stock"),
    "entries, exits": ("entries", "exits"),
    "entries": ("entries",),
}
HEAD = (
    "said", "thing", "borders", *(f"inside_{level:g}" for level in LEVELS), "width_90", "width_90_entries_alone", "median_error",
)  # fmt: skip


class Border:
    """One invented border: daily counts, and what became of those who came in the surge.

    Attributes:
        truth: entries, exits and stock, each (day,).
        ordinary: entries of commuters and ordinary visitors, (day,).
        surge: entries of the surge, (day,).
        left_soon: share of the surge that left within `SOON` days.
        here: people of the surge inside at the end of the last day.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        before = 60
        days = DAYS + before
        level = float(np.exp(rng.normal(np.log(4_000), 0.6)))
        weekday = np.exp(0.1 * rng.standard_normal(7))[np.arange(days) % 7]
        noise = np.exp(0.06 * rng.standard_normal((2, days)))
        commuters = rng.poisson(level * rng.uniform(0.3, 0.8) * weekday * noise[0])
        visitors = rng.poisson(0.4 * level * weekday * noise[1])
        since = np.arange(days) - before - EVENT_DAY
        shape = np.where(since >= 0, 0.5 ** (since / rng.uniform(8, 25)) * (1 - 0.6 ** (since + 1.0)), 0)
        surge = rng.poisson(level * rng.uniform(0.5, 2.5) * shape * noise[0])
        lengths = float(rng.uniform(2, 5)), float(rng.uniform(12, 30))  # mean days of transit and of a visit
        gone_visitors, _ = _leaving(rng, visitors, np.array([0.2, 0.8, 0.0]), lengths)
        gone_surge, soon = _leaving(rng, surge, rng.dirichlet([3, 3, 3]), lengths)
        exits = commuters + gone_visitors + gone_surge
        entries = commuters + visitors + surge
        stock = int(rng.uniform(10, 40) * level) + np.cumsum(entries - exits)
        seen = slice(before, None)
        self.truth: Truth = {
            "entries": entries[seen].astype(float),
            "exits": exits[seen].astype(float),
            "stock": stock[seen].astype(float),
        }
        self.ordinary = (commuters + visitors)[seen].astype(float)
        self.surge = surge[seen].astype(float)
        self.left_soon = soon / surge.sum()
        self.here = float(surge.sum() - gone_surge.sum())


def _leaving(
    rng: np.random.Generator, came: NDArray[np.int64], shares: Array, lengths: tuple[float, float]
) -> tuple[NDArray[np.int64], int]:
    """Exits per day of those in transit, on a visit, or staying on; and how many leave within `SOON` days."""
    out, soon = np.zeros(len(came), dtype=int), 0
    for day, count in enumerate(came):
        transit, visit, _ = rng.multinomial(count, shares)
        stays = np.r_[
            rng.geometric(1 / lengths[0], transit) - 1, rng.gamma(2, lengths[1] / 2, visit).astype(int)
        ]
        soon += int((stays <= SOON).sum())
        gone = (day + stays)[day + stays < len(came)]
        out += np.bincount(gone, minlength=len(came))
    return out, soon


def border(seed: int) -> tuple[Border, np.random.Generator]:
    """A border and the generator that goes on to what is said of it."""
    rng = np.random.default_rng([71, seed])
    return Border(rng), rng


def run(waves: int) -> None:
    """Decompose `waves` / 2 borders under each kind of saying; write transit.csv and transit.svg."""
    jobs = [(words, seed) for seed in range(max(waves // 2, 2)) for words in SAID]
    asked: dict[tuple[str, str], list[list[float]]] = defaultdict(list)
    for (words, _), answers in zip(jobs, each("transit", _judged, jobs), strict=True):
        for thing, *scores in answers:
            asked[words, thing].append(scores)
    alone_widths = {thing: np.array(asked["entries", thing])[:, 1] for _, thing in asked}
    rows: list[list[str | int]] = []
    for (words, thing), scores in asked.items():
        rank, width, error = np.array(scores).T
        inside = [float((np.abs(rank - 0.5) <= level / 2).mean()) for level in LEVELS]
        rows.append(
            [
                words,
                thing,
                len(rank),
                *(f"{share:.3f}" for share in inside),
                f"{np.median(width):.3f}",
                f"{np.median(alone_widths[thing]):.3f}",
                f"{np.median(error):.3f}",
            ]
        )
    table.write("transit", HEAD, rows)
    as_coverage = [
        {**row, "family": row["said"]} for row in table.read("transit") if row["thing"] != "ordinary entries"
    ]
    pictures.save("transit", pictures.coverage(as_coverage, LEVELS))


def _judged(job: tuple[str, int]) -> list[tuple[str, float, float, float]]:
    """thing, rank of the truth, width of the 90 % interval, error of the median: shares in points, persons relative."""
    words, seed = job
    here, rng = border(seed)
    claims = _briefings(Voice(rng, here.truth, PRIORS.coverage_sd), SAID[words])
    posterior = estimate(alone(claims), situation(), draws=DRAWS, seed=seed)
    return [_answer(*asked) for asked in _asked(posterior, here)]


def _answer(thing: str, draws: Array, truth: float) -> tuple[str, float, float, float]:
    low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95])
    size = 1.0 if truth < 1 else truth
    return thing, float((draws < truth).mean()), float((high - low) / size), float(abs(middle - truth) / size)


def _asked(posterior: Posterior, here: Border) -> Iterator[tuple[str, Array, float]]:
    after = slice(EVENT_DAY, None)

    def total(measure: str) -> Array:
        return np.asarray(posterior.draws(measure, "AAA", "BBB")[:, after].sum(axis=1))

    yield "ordinary entries", total("ordinary_entries"), float(here.ordinary[after].sum())
    yield "surge entries", total("excess_entries"), float(here.surge[after].sum())
    came = cohorts(posterior, "AAA", "BBB", draws=DRAWS)
    present = came.present[:, -1].sum(axis=1)
    yield "of the surge still here", present, here.here
    # Who left within a week, of those who came at least a week before the end.
    days = came.entries.shape[1]
    waited = np.stack([came.present[:, day + SOON, SOON] for day in range(days - SOON)], axis=1)
    share = 1 - waited.sum(axis=1) / np.maximum(came.entries[:, : days - SOON].sum(axis=1), 1.0)
    yield "left within a week", share, here.left_soon


def _briefings(voice: Voice, measures: tuple[str, ...]) -> Iterator[Claim]:
    """A usual month, then totals and single days since the event, of the measures that are told."""
    rng = voice.rng
    flows = [measure for measure in measures if measure != "stock"]
    for measure in flows:
        yield voice.says(measure, EVENT_DAY - 30, EVENT_DAY - 1, BODIES[0])
    if "stock" in measures:
        yield voice.says("stock", EVENT_DAY - 10, EVENT_DAY - 10, BODIES[1])
    for day in np.sort(rng.choice(np.arange(EVENT_DAY + 3, DAYS), 10, replace=False)):
        for measure in flows:
            yield voice.says(measure, EVENT_DAY, int(day), BODIES[0])
            if rng.random() < 0.5:
                yield voice.says(measure, int(day) - 1, int(day) - 1, BODIES[0])
        if "stock" in measures and rng.random() < 0.4:
            yield voice.says("stock", int(day), int(day), BODIES[1])

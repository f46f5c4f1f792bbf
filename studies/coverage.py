"""Do stated intervals hold? Coverage by day, window and stock on invented waves."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from studies import pictures, table
from studies.invented import DAYS, EVENT_DAY, FAMILIES, Invented, invent
from studies.work import each
from tolqyn.estimate import Posterior, estimate

__all__ = ["run"]

Array = NDArray[np.float64]
Row = list[str | int]
Judged = dict[
    str, list[tuple[float, float]]
]  # thing -> rank of the truth, and relative width of the 90 % interval

LEVELS = (0.5, 0.8, 0.9, 0.95)
THINGS = ("day entries", "day exits", "window entries", "window exits", "stock")
DRAWS = 400
HEAD = (
    "family", "thing", "waves", "intervals", *(f"inside_{level:g}" for level in LEVELS),
    *(f"error_{level:g}" for level in LEVELS), "width_90",
)  # fmt: skip


def run(waves: int) -> None:
    """Estimate `waves` waves of every family; write coverage.csv and coverage.svg."""
    jobs = [(family, seed) for seed in range(waves) for family in FAMILIES]
    judged = each("coverage", _judged, jobs)
    rows: list[Row] = []
    for family in FAMILIES:
        mine = [one for (name, _), one in zip(jobs, judged, strict=True) if name == family]
        rows += [_row(family, thing, mine) for thing in THINGS]
    table.write("coverage", HEAD, rows)
    pictures.save("coverage", pictures.coverage(table.read("coverage"), LEVELS))


def _judged(job: tuple[str, int]) -> Judged:
    wave = invent(*job)
    posterior = estimate(wave.statements, wave.situation, draws=DRAWS)
    judged: Judged = {thing: [] for thing in THINGS}
    unknown = {stream.measure for stream in posterior.unknown}  # of these no figure is given
    for thing, draws, truth in _asked(posterior, wave):
        if thing.split()[-1] in unknown:
            continue
        low, high = np.quantile(draws, [0.05, 0.95])
        rank = (draws < truth).mean() + 0.5 * (draws == truth).mean()
        judged[thing].append((float(rank), float((high - low) / max(truth, 1.0))))
    return judged


def _row(family: str, thing: str, waves: list[Judged]) -> Row:
    """Share of intervals that hold, and its standard error: the intervals of one wave hang together.

    A wave in which nothing tells the size of the thing counts for nothing.
    """
    inside, errors = [], []
    for level in LEVELS:
        shares = [
            np.mean([abs(rank - 0.5) <= level / 2 for rank, _ in wave[thing]])
            for wave in waves
            if wave[thing]
        ]
        inside.append(float(np.mean(shares)))
        errors.append(float(np.std(shares, ddof=1) / np.sqrt(len(shares))) if len(shares) > 1 else np.nan)
    widths = [width for wave in waves for _, width in wave[thing]]
    return [
        family, thing, sum(bool(wave[thing]) for wave in waves), len(widths), *(f"{share:.3f}" for share in inside),
        *(f"{error:.3f}" for error in errors), f"{np.median(widths):.3f}",
    ]  # fmt: skip


def _asked(posterior: Posterior, wave: Invented) -> Iterator[tuple[str, Array, float]]:
    """What is asked of each wave: every third day, weeks and totals since the event, the stock."""
    for day in range(2, DAYS, 3):
        for measure in ("entries", "exits"):
            yield (
                f"day {measure}",
                posterior.draws(measure, "AAA", "BBB")[:, day],
                getattr(wave, measure)[day],
            )
        yield "stock", posterior.draws("stock", "AAA", "BBB")[:, day], wave.stock[day]
    for first, last in [*((n, n + 6) for n in range(1, DAYS - 7, 14)), (EVENT_DAY, 60), (EVENT_DAY, 90)]:
        for measure in ("entries", "exits"):
            draws = posterior.draws(measure, "AAA", "BBB")[:, first : last + 1].sum(axis=1)
            yield f"window {measure}", draws, getattr(wave, measure)[first : last + 1].sum()

"""Whether overstays are found whatever share of exits is missed, and whether the interval holds.

A hundred invented registers of 20,000 people, 2 to 10 % of exits missing, with second scans, wrong
clocks and missing entries. For each: persons beyond their term as estimated, and in truth.
"""

import tempfile
from pathlib import Path

import numpy as np
from pyarrow import parquet

from studies import table
from studies.work import each
from tolqyn.register import Recipe, open_register, overstays, register_batch

COLUMNS = ("seed", "missing_exits", "truth", "mean", "q05", "q95", "unmatched")


def run(waves: int) -> None:
    """Judge `waves` / 2 registers; write overstays.csv."""
    runs = max(waves // 2, 2)
    missing = np.linspace(0.02, 0.10, runs)
    rows = each("overstays", _judged, [(seed, f"{share:.6f}") for seed, share in enumerate(missing)])
    table.write("overstays", COLUMNS, rows)
    truth, mean, low, high, unmatched = np.array(rows, float)[:, 2:].T
    error = mean - truth
    print(f"runs {runs}, truth {truth.mean():.0f} persons on average")
    print(f"error {error.mean():.1f} persons on average, standard error {error.std(ddof=1) / runs**0.5:.1f}")
    print(f"90 % interval holds in {int(((low <= truth) & (truth <= high)).sum())} of {runs}")
    print(f"unmatched entries taken for overstays would be wrong by {(unmatched - truth).mean():.0f}")


def _judged(job: tuple[int, str]) -> tuple[float, ...]:
    return judge(job[0], float(job[1]))


def judge(seed: int, missing: float) -> tuple[float, ...]:
    events, truth = register_batch(Recipe(missing_exits=missing), seed, 0, 20_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.parquet"
        parquet.write_table(events, path)
        with open_register(path) as register:
            found = overstays(register, seed=seed)
    spread = (round(figure, 1) for figure in found.present)
    return (seed, round(float(missing), 4), truth.overstaying, *spread, found.unmatched)

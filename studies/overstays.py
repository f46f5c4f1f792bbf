"""Whether overstays are found whatever share of exits is missed: `python -m studies.overstays`.

A hundred invented registers of 20,000 people, 2 to 10 % of exits missing, with second scans, wrong
clocks and missing entries. For each: persons beyond their term as estimated, and in truth.
"""

import csv
import tempfile
from pathlib import Path

import numpy as np
from pyarrow import parquet

from tolqyn.register import Recipe, open_register, overstays, register_batch

RUNS = 100
RESULTS = Path(__file__).parent / "results"
COLUMNS = ("seed", "missing_exits", "truth", "mean", "q05", "q95", "unmatched")


def main() -> None:
    rows = [judge(seed, missing) for seed, missing in enumerate(np.linspace(0.02, 0.10, RUNS))]
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "overstays.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    table = np.array(rows, float)
    truth, mean, low, high, unmatched = table[:, 2:].T
    error = mean - truth
    print(f"runs {RUNS}, truth {truth.mean():.0f} persons on average")
    print(f"error {error.mean():.1f} persons on average, standard error {error.std(ddof=1) / RUNS**0.5:.1f}")
    print(f"90 % interval holds in {int(((low <= truth) & (truth <= high)).sum())} of {RUNS}")
    print(f"unmatched entries taken for overstays would be wrong by {(unmatched - truth).mean():.0f}")


def judge(seed: int, missing: float) -> tuple[float, ...]:
    events, truth = register_batch(Recipe(missing_exits=missing), seed, 0, 20_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.parquet"
        parquet.write_table(events, path)
        with open_register(path) as register:
            found = overstays(register, seed=seed)
    spread = (round(figure, 1) for figure in found.present)
    return (seed, round(float(missing), 4), truth.overstaying, *spread, found.unmatched)


if __name__ == "__main__":
    main()

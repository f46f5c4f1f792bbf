"""How fast an estimate is, whole and with one statement more: `python -m bench estimate [DAYS FIGURES PLACES]`.

Invented figures on single days, weeks and months of places that share two sources; one place has two
flows and a stock. Processor time, since other work on the machine does not count; and since even that
hangs on what else runs, the ratio of one statement more to the whole, in the same run.
"""

import resource
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from studies import invented
from tolqyn.claims import Statement
from tolqyn.estimate import estimate, update
from tolqyn.situation import Situation


def main(argv: list[str]) -> None:
    days, figures, places = map(int, argv or ["200", "300", "1"])
    invented.DAYS = days
    statements, situation = said(days, figures, places)
    began = time.process_time()
    whole = estimate(statements, situation)
    seconds = time.process_time() - began
    print(f"{len(statements)} statements, {days} days, {places} places: {seconds:.2f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    if figures * places > 1_000:
        return
    for n in range(0, len(statements), len(statements) // 3):
        before = estimate(statements[:n] + statements[n + 1 :], situation)
        began = time.process_time()
        after = update(before, statements)
        took = time.process_time() - began
        gaps = np.concatenate([_gap(whole.values[stream], after.values[stream]) for stream in whole.values])
        print(
            f"one statement more: {took:.2f} s, {took / seconds:.2f} of the whole; nine days of ten within "
            f"{np.quantile(gaps, 0.9):.2f} sd of it"
        )


def _gap(whole: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Distance of the means of each day that is not certain, in standard deviations."""
    spread = whole.std(axis=0)
    known = spread > 0
    return np.abs(whole.mean(axis=0) - after.mean(axis=0))[known] / spread[known]


def said(days: int, figures: int, places: int) -> tuple[list[Statement], Situation]:
    claims = []
    names = tuple(f"P{n:02d}" for n in range(places))
    for seed, place in enumerate(names):
        rng = np.random.default_rng(seed)
        voice = invented.Voice(rng, invented.of_the_model(rng), invented.PRIORS.coverage_sd)
        for _ in range(figures):
            measure = str(rng.choice(["entries", "exits", "stock"], p=[0.5, 0.4, 0.1]))
            last = int(rng.integers(1, days))
            length = 1 if measure == "stock" else int(rng.choice([1, 7, 30], p=[0.6, 0.2, 0.2]))
            body = invented.BODIES[int(rng.integers(2))]
            claims.append(replace(voice.says(measure, max(0, last - length + 1), last, body), place=place))
    situation = replace(invented.situation(), end=invented.START + timedelta(days - 1), places=names)
    return invented.alone(iter(claims)), situation


if __name__ == "__main__":
    main(sys.argv[1:])

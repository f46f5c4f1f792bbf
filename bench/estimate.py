"""How fast an estimate is, whole and with one statement more: `python bench/estimate.py [DAYS FIGURES PLACES]`.

Invented figures on single days, weeks and months of places that share two sources. Processor time,
since other work on the machine does not count.
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


def main(days: int = 200, figures: int = 300, places: int = 1) -> None:
    invented.DAYS = days
    statements, situation = said(days, figures, places)
    began = time.process_time()
    estimate(statements, situation)
    print(f"{len(statements)} statements, {days} days, {places} places: {time.process_time() - began:.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MiB")
    if places > 1:
        return
    for n in range(0, len(statements), len(statements) // 5):
        before = estimate(statements[:n] + statements[n + 1 :], situation)
        began = time.process_time()
        after = update(before, statements)
        how = "moved" if after.working.moved else "estimated anew"
        print(f"one statement more: {time.process_time() - began:.2f} s, {how}")


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


main(*map(int, sys.argv[1:]))

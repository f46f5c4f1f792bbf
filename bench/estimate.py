"""How fast an estimate is, whole and with one statement more: `python -m bench estimate [DAYS FIGURES PLACES]`.

Invented figures on single days, weeks and months of places that share two sources; one place has two
flows and a stock. Processor time, since other work on the machine does not count; and since even that
hangs on what else runs, the ratio of one statement more to the whole, in the same run.

`python -m bench estimate growth` tells how time and memory grow with the streams (two of each place, entries and
exits), each size in a process of its own, beside straight lines between the days that were stated, which know no
windows, no words and no intervals. `growth full` goes to 50 streams of 1,000 days with 20,000 statements.
"""

import os
import resource
import subprocess
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

SMALL, FULL = (150, 30, (2, 4, 8)), (1_000, 400, (4, 10, 20, 50))  # days, statements of a stream, streams


def main(argv: list[str]) -> None:
    if argv[:1] == ["growth"]:
        growth(*FULL if "full" in argv else SMALL)
    elif argv[:1] == ["size"]:
        print(*size(*map(int, argv[1:])))
    else:
        whole_and_one_more(*map(int, argv or ["200", "300", "1"]))


def whole_and_one_more(days: int, figures: int, places: int) -> None:
    statements, situation = said(days, figures, places)
    began = _processor()
    whole = estimate(statements, situation)
    seconds = _processor() - began
    print(f"{len(statements)} statements, {days} days, {places} places: {seconds:.2f} s")
    print(f"peak memory {_peak():.0f} MiB")
    if figures * places > 1_000:
        return
    for n in range(0, len(statements), len(statements) // 3):
        before = estimate(statements[:n] + statements[n + 1 :], situation)
        began = _processor()
        after = update(before, statements)
        took = _processor() - began
        gaps = np.concatenate([_gap(whole.values[stream], after.values[stream]) for stream in whole.values])
        print(
            f"one statement more: {took:.2f} s, {took / seconds:.2f} of the whole; nine days of ten within "
            f"{np.quantile(gaps, 0.9):.2f} sd of it"
        )


def growth(days: int, figures: int, streams: tuple[int, ...]) -> None:
    """Each number of streams in a process of its own, so that each has its own peak of memory."""
    print(f"{days} days, {figures} statements of each stream")
    print("streams statements processor s  clock s  peak MiB  straight lines s")
    spent = []
    for count in streams:
        asked = [sys.executable, "-m", "bench", "estimate", "size", str(days), str(figures), str(count)]
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()[-5:]
        said_, processor, clock, peak, lines = map(float, told)
        spent.append((processor, peak))
        print(
            f"{count:7d} {said_:10.0f} {processor:11.1f} {clock:8.1f} {peak:9.0f} {lines:17.4f}", flush=True
        )
    for name, values in zip(("processor time", "peak memory"), np.log(spent).T, strict=True):
        slope = np.polyfit(np.log(streams), values, 1)[0]
        print(f"{name} grows with the power {slope:.2f} of the streams")


def size(days: int, figures: int, streams: int) -> tuple[int, float, float, float, float]:
    """Statements, processor and clock seconds, peak MiB, and the seconds of straight lines."""
    statements, situation = said(days, 2 * figures, streams // 2)
    began, at = _processor(), time.perf_counter()
    estimate(statements, situation)
    processor, clock = _processor() - began, time.perf_counter() - at
    peak = _peak()
    began = _processor()
    straight_lines(statements, situation)
    return len(statements), processor, clock, peak, _processor() - began


def straight_lines(statements: list[Statement], situation: Situation) -> dict[tuple[str, str], np.ndarray]:
    """Daily counts between the figures of single days, which is what a spreadsheet gives."""
    stated: dict[tuple[str, str], dict[int, float]] = {}
    for statement in statements:
        claim = statement.claims[0]
        if claim.window_start == claim.window_end and claim.window_end is not None:
            day = (claim.window_end - situation.start).days
            stated.setdefault((str(claim.measure), str(claim.place)), {})[day] = claim.centre
    days = np.arange((situation.end - situation.start).days + 1)
    return {
        key: np.interp(days, sorted(one), [one[day] for day in sorted(one)]) for key, one in stated.items()
    }


def _processor() -> float:
    """Processor seconds so far, of this process and of those that it began."""
    return sum(os.times()[:4])


def _peak() -> float:
    """MiB that this process and the largest that it began held, at most: what both share counts twice."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(one).ru_maxrss for one in who) / 1024


def _gap(whole: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Distance of the means of each day that is not certain, in standard deviations."""
    spread = whole.std(axis=0)
    known = spread > 0
    return np.abs(whole.mean(axis=0) - after.mean(axis=0))[known] / spread[known]


def said(days: int, figures: int, places: int) -> tuple[list[Statement], Situation]:
    invented.DAYS = days
    claims = []
    names = tuple(f"P{n:02d}" for n in range(places))
    for seed, place in enumerate(names):
        rng = np.random.default_rng(seed)
        voice = invented.Voice(rng, invented.of_the_model(rng, untold=False), invented.PRIORS.coverage_sd)
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

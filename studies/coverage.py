"""Do stated intervals hold? Coverage by day, window and stock on invented waves."""

import csv
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studies.invented import DAYS, EVENT_DAY, FAMILIES, Invented, invent
from tolqyn.estimate import Posterior, estimate

__all__ = ["run"]

Array = NDArray[np.float64]
Row = list[str | int]

RESULTS = Path(__file__).parent / "results"
LEVELS = (0.5, 0.8, 0.9, 0.95)
THINGS = ("day entries", "day exits", "window entries", "window exits", "stock")
DRAWS = 400


def run(waves: int) -> None:
    """Estimate `waves` waves of every family; write coverage.csv and coverage.svg."""
    rows: list[Row] = []
    for family in FAMILIES:
        ranks: dict[str, list[float]] = defaultdict(list)
        widths: dict[str, list[float]] = defaultdict(list)
        began = time.process_time()
        for seed in range(waves):
            wave = invent(family, seed)
            posterior = estimate(wave.statements, wave.situation, draws=DRAWS)
            for thing, draws, truth in _asked(posterior, wave):
                ranks[thing].append(float((draws < truth).mean()))
                low, high = np.quantile(draws, [0.05, 0.95])
                widths[thing].append(float((high - low) / max(truth, 1.0)))
        spent = (time.process_time() - began) / waves
        for thing in THINGS:
            inside = [np.mean(np.abs(np.array(ranks[thing]) - 0.5) <= level / 2) for level in LEVELS]
            rows.append([family, thing, waves, len(ranks[thing]), *(f"{share:.3f}" for share in inside),
                         f"{np.median(widths[thing]):.3f}"])  # fmt: skip
            print(*rows[-1], sep="\t", file=sys.stderr)
        print(f"{family}: {spent:.2f} s a wave", file=sys.stderr)
    _write(rows)


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


def _write(rows: list[Row]) -> None:
    head = ["family", "thing", "waves", "intervals", *(f"inside_{level:g}" for level in LEVELS), "width_90"]
    with (RESULTS / "coverage.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])
    (RESULTS / "coverage.svg").write_text(_picture(rows), encoding="utf-8")


def _picture(rows: list[Row]) -> str:
    """Stated against held, a small square for each family; the diagonal is right."""
    colours = dict(zip(THINGS, ("#1b6ca8", "#c1440e", "#6fa8d6", "#e59a73", "#4a7c3a"), strict=True))
    side, gap = 150, 30
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(FAMILIES) * (side + gap) + gap} 260" '
            'font-family="sans-serif" font-size="11"><title>Share of intervals that hold the truth, by the '
            "share that they state</title>"
        )
    ]
    for n, family in enumerate(FAMILIES):
        left = gap + n * (side + gap)
        parts.append(f'<text x="{left}" y="20">{family}</text>')
        parts.append(f'<rect x="{left}" y="30" width="{side}" height="{side}" fill="none" stroke="#bbb"/>')
        parts.append(f'<line x1="{left}" y1="{30 + side}" x2="{left + side}" y2="30" stroke="#bbb"/>')
        for row in (one for one in rows if one[0] == family):
            points = [
                f"{left + side * level:.1f},{30 + side * (1 - float(held)):.1f}"
                for level, held in zip(LEVELS, row[4:8], strict=True)
            ]
            parts.append(
                f'<polyline points="{" ".join(points)}" fill="none" stroke="{colours[row[1]]}" stroke-width="1.8"/>'
            )
    for n, (thing, colour) in enumerate(colours.items()):
        x = gap + n * 150
        parts.append(f'<line x1="{x}" y1="215" x2="{x + 18}" y2="215" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="{x + 24}" y="219">{thing}</text>')
    parts.append(
        f'<text x="{gap}" y="245">Across: share stated (50, 80, 90, 95 %). Up: share that held.</text>'
    )
    return "\n".join([*parts, "</svg>\n"])

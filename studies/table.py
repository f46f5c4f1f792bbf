"""Results on disk: a table as CSV."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

__all__ = ["RESULTS", "read", "write"]

RESULTS = Path(__file__).parent / "results"


def write(name: str, head: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> None:
    """`studies/results/NAME.csv`, whole or not at all."""
    path = RESULTS / f"{name}.csv"
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])
    part.replace(path)


def read(name: str) -> list[dict[str, str]]:
    """The rows of such a table."""
    with (RESULTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

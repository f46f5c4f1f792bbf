"""How well each language was read when it was last measured.

Pure but for one table, data/scores.csv, read once; `python tests/extract/language_scores.py --write` measures anew.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Score", "scores"]


@dataclass(frozen=True, slots=True)
class Score:
    """Agreement with texts that were annotated by hand and not looked at while the language was written.

    Attributes:
        texts, claims: how many texts, and how many claims are annotated in them.
        found, core, full: F1; core is measure, place and both days, full also group, counterpart, qualifier,
            modality and organization.
    """

    texts: int
    claims: int
    found: float
    core: float
    full: float


@cache
def scores() -> Mapping[str, Score]:
    """Code of a language -> its score; a language that was not measured is left out."""
    table = files("tolqyn.languages").joinpath("data", "scores.csv").read_text(encoding="utf-8")
    return {
        row["language"]: Score(
            int(row["texts"]), int(row["claims"]), float(row["found"]), float(row["core"]), float(row["full"])
        )
        for row in csv.DictReader(table.splitlines())
    }

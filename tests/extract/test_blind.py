"""Passages that others wrote and annotated are read as well as was reached, seen and unseen.

Raise the floors when the engine or a language gets better: `python tests/extract/blind.py` prints
what is reached.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from blind import HALVES, measure, read
from scoring import f1

# language -> least share of passages wholly right, and least core F1, of the half that was read while
# the rules were written and of the blind half.
FLOORS = {
    "en": {"dev": (0.78, 0.86), "blind": (0.40, 0.71)},
    "ru": {"dev": (0.82, 0.87), "blind": (0.56, 0.72)},
    "de": {"dev": (0.78, 0.86), "blind": (0.48, 0.68)},
    "es": {"dev": (0.80, 0.92), "blind": (0.62, 0.80)},
    "fr": {"dev": (0.88, 0.92), "blind": (0.58, 0.76)},
    "kk": {"dev": (0.78, 0.90), "blind": (0.42, 0.71)},
    "pl": {"dev": (0.26, 0.60), "blind": (0.28, 0.45)},
    "uk": {"dev": (0.78, 0.86), "blind": (0.40, 0.63)},
}


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("code", FLOORS)
def test_passages_are_read_as_well_as_was_reached(code, half):
    result = measure(code, half)

    share, core = FLOORS[code][half]
    assert result.share >= share, result
    assert f1(result.counts, "core") >= core, result


@pytest.mark.parametrize("code", FLOORS)
def test_quotes_of_the_passages_stand_in_them(code):
    for half in HALVES:
        for document, _, claims in read(code, half):
            for claim in claims:
                assert document.text[claim["start"] : claim["end"]] == claim["quote"]

"""Passages that others wrote and annotated are read as well as was reached, read and unread.

Raise the floors when the engine or a language gets better: `python tests/extract/passages.py` prints
what is reached.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from passages import PASSAGES, UNREAD, measure, passages
from scoring import f1

# language -> least share of passages wholly right, and least core F1, of those read while the rules were
# written and of those unread.
FLOORS = {
    "de": {"sentences": (0.62, 0.71), "unread": (0.47, 0.65)},
    "en": {"sentences": (0.62, 0.77), "unread": (0.57, 0.78)},
    "es": {"sentences": (0.64, 0.74), "unread": (0.57, 0.87)},
    "fr": {"sentences": (0.63, 0.70), "unread": (0.32, 0.64)},
    "kk": {"sentences": (0.66, 0.74), "unread": (0.72, 0.85)},
    "pl": {"sentences": (0.62, 0.73), "unread": (0.62, 0.80)},
    "ru": {"sentences": (0.71, 0.82), "unread": (0.57, 0.82)},
    "uk": {"sentences": (0.71, 0.79), "unread": (0.42, 0.64)},
}


@pytest.mark.parametrize("folder", [PASSAGES, UNREAD], ids=lambda folder: folder.name)
@pytest.mark.parametrize("code", FLOORS)
def test_passages_are_read_as_well_as_was_reached(code, folder):
    result = measure(code, folder)

    share, core = FLOORS[code][folder.name]
    assert result.share >= share, result
    assert f1(result.counts, "core") >= core, result


@pytest.mark.parametrize("code", FLOORS)
def test_quotes_of_the_passages_stand_in_them(code):
    for document, _, claims in passages(code):
        for claim in claims:
            assert document.text[claim["start"] : claim["end"]] == claim["quote"]

"""Passages that others wrote and annotated are read as well as was reached, read and unread.

Raise the floors when the engine or a language gets better: `python tests/extract/passages.py` prints
what is reached.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from passages import ODD, PASSAGES, UNREAD, measure, passages
from scoring import f1

# language -> least share of passages wholly right, and least core F1, of those read while the rules were
# written, of those of odd wording (unread once, read since) and of those unread.
FLOORS = {
    "de": {"sentences": (0.87, 0.89), "odd": (0.12, 0.51), "unread": (0.57, 0.77)},
    "en": {"sentences": (0.87, 0.91), "odd": (0.27, 0.56), "unread": (0.67, 0.83)},
    "es": {"sentences": (0.81, 0.86), "odd": (0.40, 0.67), "unread": (0.72, 0.95)},
    "fr": {"sentences": (0.87, 0.94), "odd": (0.02, 0.35), "unread": (0.42, 0.83)},
    "kk": {"sentences": (0.87, 0.88), "odd": (0.32, 0.47), "unread": (0.72, 0.87)},
    "pl": {"sentences": (0.85, 0.89), "odd": (0.22, 0.61), "unread": (0.67, 0.85)},
    "ru": {"sentences": (0.87, 0.93), "odd": (0.37, 0.79), "unread": (0.62, 0.84)},
    "uk": {"sentences": (0.87, 0.92), "odd": (0.32, 0.53), "unread": (0.57, 0.82)},
}


@pytest.mark.parametrize("folder", [PASSAGES, ODD, UNREAD], ids=lambda folder: folder.name)
@pytest.mark.parametrize("code", FLOORS)
def test_passages_are_read_as_well_as_was_reached(code, folder):
    result = measure(code, folder)

    share, core = FLOORS[code][folder.name]
    assert result.share >= share, result
    assert f1(result.counts, "core") >= core, result


@pytest.mark.parametrize("folder", [PASSAGES, ODD], ids=lambda folder: folder.name)
@pytest.mark.parametrize("code", FLOORS)
def test_quotes_of_the_passages_stand_in_them(code, folder):
    for document, _, claims in passages(code, folder):
        for claim in claims:
            assert document.text[claim["start"] : claim["end"]] == claim["quote"]

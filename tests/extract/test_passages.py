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
    "de": {"sentences": (0.69, 0.76), "unread": (0.02, 0.26)},
    "en": {"sentences": (0.68, 0.81), "unread": (0.12, 0.29)},
    "es": {"sentences": (0.70, 0.77), "unread": (0.12, 0.35)},
    "fr": {"sentences": (0.76, 0.83), "unread": (0.02, 0.27)},
    "kk": {"sentences": (0.71, 0.80), "unread": (0.27, 0.42)},
    "pl": {"sentences": (0.67, 0.76), "unread": (0.12, 0.32)},
    "ru": {"sentences": (0.76, 0.86), "unread": (0.07, 0.42)},
    "uk": {"sentences": (0.77, 0.84), "unread": (0.17, 0.36)},
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

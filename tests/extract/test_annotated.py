"""Agreement with annotated texts does not fall below what was reached.

The texts are retold or invented in our own words; their quotations are not sources. Those marked
`held_out` in articles.csv were not read while the rules were written.
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from corpus import FOLDERS, annotated, extracted, is_invented, text_of
from scoring import f1, score

from tolqyn.claims import claim_to_record

LEVELS = ("found", "core", "full")
# (texts, language, held out) -> least F1 of found, core, full. Raise them when the engine gets better.
FLOORS = {
    ("wave", "en", False): (0.98, 0.77, 0.55),
    ("wave", "ru", False): (0.95, 0.81, 0.61),
    ("wave", "en", True): (0.84, 0.30, 0.08),
    ("wave", "ru", True): (0.64, 0.25, 0.08),
    ("invented", "en", False): (0.89, 0.31, 0.10),
    ("invented", "en", True): (0.87, 0.31, 0.10),
    ("invented", "kk", False): (0.96, 0.56, 0.37),
    ("invented", "kk", True): (0.94, 0.58, 0.31),
    ("invented", "pl", False): (0.88, 0.52, 0.22),
    ("invented", "pl", True): (0.93, 0.55, 0.28),
    ("invented", "ar", False): (0.90, 0.55, 0.28),
    ("invented", "az", False): (0.90, 0.55, 0.50),
    ("invented", "cs", False): (0.88, 0.58, 0.10),
    ("invented", "fi", False): (0.90, 0.72, 0.55),
    ("invented", "hy", False): (0.90, 0.70, 0.60),
    ("invented", "id", False): (0.88, 0.58, 0.20),
    ("invented", "ka", False): (0.90, 0.58, 0.45),
    ("invented", "lt", False): (0.88, 0.55, 0.28),
    ("invented", "lv", False): (0.90, 0.70, 0.25),
    ("invented", "no", False): (0.88, 0.35, 0.20),
    ("invented", "sk", False): (0.88, 0.48, 0.20),
    ("invented", "tr", False): (0.90, 0.55, 0.18),
    ("invented", "ru", False): (0.94, 0.66, 0.36),
    ("invented", "ru", True): (0.96, 0.41, 0.19),
    ("invented", "uk", False): (0.94, 0.38, 0.11),
    ("invented", "uk", True): (0.93, 0.45, 0.22),
    ("invented", "de", False): (0.94, 0.68, 0.32),
    ("invented", "de", True): (0.93, 0.20, 0.00),
    ("invented", "fr", False): (0.95, 0.50, 0.11),
    ("invented", "fr", True): (0.90, 0.37, 0.10),
    ("invented", "es", False): (0.92, 0.36, 0.06),
    ("invented", "es", True): (0.86, 0.22, 0.10),
    ("invented", "it", False): (0.94, 0.40, 0.07),
    ("invented", "it", True): (0.90, 0.20, 0.00),
    ("invented", "pt", False): (0.94, 0.35, 0.11),
    ("invented", "pt", True): (0.90, 0.40, 0.20),
    ("invented", "ro", False): (0.96, 0.44, 0.02),
    ("invented", "ro", True): (0.86, 0.12, 0.00),
}


@pytest.fixture(scope="module")
def totals():
    languages = {language for _, language, _ in FLOORS}
    counts = defaultdict(Counter)
    for folder in FOLDERS:
        gold = annotated(folder)
        texts = "invented" if is_invented(folder) else "wave"
        for document, held, found in extracted(folder, languages):
            records = [claim_to_record(claim) for claim in found.claims]
            counts[texts, document.language, held] += score(gold[document.doc], records)
    return counts


@pytest.mark.parametrize(("texts", "language", "held"), FLOORS)
def test_agreement_stays_above_the_floor(totals, texts, language, held):
    counts = totals[texts, language, held]

    reached = {level: round(f1(counts, level), 3) for level in LEVELS}

    for level, floor in zip(LEVELS, FLOORS[texts, language, held], strict=True):
        assert reached[level] >= floor, reached


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_quotes_of_the_annotations_stand_in_the_texts(folder):
    """The floor means something only while texts and annotations belong together."""
    for doc, records in annotated(folder).items():
        text = text_of(folder, doc)
        for record in records:
            assert text[record["start"] : record["end"]] == record["quote"]

"""Agreement with annotated texts does not fall below what was reached.

The texts are retold or invented in our own words; their quotations are not sources.
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
# (texts, language) -> least F1 of found, core, full. Raise them when the engine gets better.
FLOORS = {
    ("wave", "de"): (0.97, 0.82, 0.45),
    ("wave", "en"): (0.95, 0.76, 0.46),
    ("wave", "es"): (0.97, 0.82, 0.66),
    ("wave", "fr"): (0.97, 0.81, 0.24),
    ("wave", "id"): (0.97, 0.90, 0.63),
    ("wave", "ka"): (0.97, 0.93, 0.93),
    ("wave", "kk"): (0.97, 0.94, 0.47),
    ("wave", "pl"): (0.94, 0.20, 0.20),
    ("wave", "ru"): (0.95, 0.80, 0.53),
    ("invented", "ar"): (0.96, 0.62, 0.41),
    ("invented", "az"): (0.97, 0.77, 0.73),
    ("invented", "cs"): (0.95, 0.74, 0.50),
    ("invented", "de"): (0.96, 0.67, 0.43),
    ("invented", "en"): (0.91, 0.56, 0.33),
    ("invented", "es"): (0.92, 0.59, 0.31),
    ("invented", "fi"): (0.97, 0.85, 0.75),
    ("invented", "fr"): (0.95, 0.59, 0.31),
    ("invented", "hy"): (0.97, 0.97, 0.75),
    ("invented", "id"): (0.95, 0.72, 0.53),
    ("invented", "it"): (0.94, 0.54, 0.19),
    ("invented", "ka"): (0.97, 0.97, 0.70),
    ("invented", "kk"): (0.97, 0.73, 0.50),
    ("invented", "lt"): (0.97, 0.92, 0.66),
    ("invented", "lv"): (0.97, 0.97, 0.88),
    ("invented", "no"): (0.97, 0.64, 0.59),
    ("invented", "pl"): (0.94, 0.72, 0.53),
    ("invented", "pt"): (0.97, 0.64, 0.32),
    ("invented", "ro"): (0.96, 0.64, 0.28),
    ("invented", "ru"): (0.97, 0.74, 0.48),
    ("invented", "sk"): (0.92, 0.82, 0.53),
    ("invented", "tr"): (0.97, 0.75, 0.43),
    ("invented", "uk"): (0.97, 0.70, 0.52),
    ("news", "ar"): (0.96, 0.89, 0.68),
    ("news", "az"): (0.97, 0.51, 0.36),
    ("news", "cs"): (0.97, 0.97, 0.84),
    ("news", "de"): (0.95, 0.53, 0.32),
    ("news", "en"): (0.93, 0.53, 0.31),
    ("news", "es"): (0.96, 0.62, 0.32),
    ("news", "fi"): (0.97, 0.66, 0.41),
    ("news", "fr"): (0.96, 0.49, 0.21),
    ("news", "hy"): (0.96, 0.68, 0.33),
    ("news", "id"): (0.97, 0.92, 0.85),
    ("news", "it"): (0.96, 0.66, 0.38),
    ("news", "ka"): (0.97, 0.84, 0.70),
    ("news", "kk"): (0.94, 0.48, 0.27),
    ("news", "lt"): (0.97, 0.72, 0.45),
    ("news", "lv"): (0.95, 0.88, 0.73),
    ("news", "no"): (0.88, 0.73, 0.73),
    ("news", "pl"): (0.96, 0.57, 0.22),
    ("news", "pt"): (0.95, 0.55, 0.31),
    ("news", "ro"): (0.97, 0.85, 0.49),
    ("news", "ru"): (0.91, 0.46, 0.27),
    ("news", "sk"): (0.92, 0.85, 0.63),
    ("news", "tr"): (0.90, 0.64, 0.54),
    ("news", "uk"): (0.93, 0.52, 0.35),
}


@pytest.fixture(scope="module")
def totals():
    languages = {language for _, language in FLOORS}
    counts = defaultdict(Counter)
    for folder in FOLDERS:
        gold = annotated(folder)
        texts = folder.name.partition("-")[0] if is_invented(folder) else "wave"
        for document, found in extracted(folder, languages):
            records = [claim_to_record(claim) for claim in found.claims]
            counts[texts, document.language] += score(gold[document.doc], records)
    return counts


@pytest.mark.parametrize(("texts", "language"), FLOORS)
def test_agreement_stays_above_the_floor(totals, texts, language):
    counts = totals[texts, language]

    reached = {level: round(f1(counts, level), 3) for level in LEVELS}

    for level, floor in zip(LEVELS, FLOORS[texts, language], strict=True):
        assert reached[level] >= floor, reached


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_quotes_of_the_annotations_stand_in_the_texts(folder):
    """The floor means something only while texts and annotations belong together."""
    for doc, records in annotated(folder).items():
        text = text_of(folder, doc)
        for record in records:
            assert text[record["start"] : record["end"]] == record["quote"]

"""How well each language is read, on texts not looked at while it was written: what `tolqyn languages` tells.

    python tests/extract/language_scores.py             the table
    python tests/extract/language_scores.py --write     and written to the package

The held-out texts of texts/ and the odd passages of sentences/ together.
"""

import csv
import io
import sys
from collections import Counter, defaultdict
from pathlib import Path

from blind import languages as languages_of_passages
from blind import read
from corpus import FOLDERS, annotated, extracted
from scoring import f1, score

from tolqyn.claims import claim_to_record
from tolqyn.extract import extract
from tolqyn.languages import codes

TABLE = Path(__file__).parents[2] / "src" / "tolqyn" / "languages" / "data" / "scores.csv"


def measure():
    """Language -> counts of texts and of claims annotated, predicted, found, core and full."""
    counts = defaultdict(Counter)
    for folder in FOLDERS:
        gold = annotated(folder)
        for document, held, found in extracted(folder, codes()):
            if held:
                records = [claim_to_record(claim) for claim in found.claims]
                counts[document.language] += score(gold[document.doc], records) + Counter(texts=1)
    for code in languages_of_passages():
        for document, near, gold in read(code, "blind"):
            records = [claim_to_record(claim) for claim in extract(document, near=near).claims]
            counts[code] += score(gold, records) + Counter(texts=1)
    return counts


def table(counts):
    """The table as CSV."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(("language", "texts", "claims", "found", "core", "full"))
    for code, count in sorted(counts.items()):
        levels = [f"{f1(count, level):.2f}" for level in ("found", "core", "full")]
        writer.writerow((code, count["texts"], count["gold"], *levels))
    return lines.getvalue()


if __name__ == "__main__":
    measured = table(measure())
    print(measured, end="")
    if "--write" in sys.argv[1:]:
        TABLE.write_text(measured, encoding="utf-8")

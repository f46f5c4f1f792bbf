"""How well each language is read, on texts not looked at while it was written: what `tolqyn languages` tells.

    python tests/extract/language_scores.py             the table
    python tests/extract/language_scores.py --write     and written to the package

The passages and the texts of unread/ together.
"""

import csv
import io
import sys
from collections import Counter, defaultdict
from pathlib import Path

from passages import UNREAD, languages, measure, measure_unread_texts
from scoring import f1

TABLE = Path(__file__).parents[2] / "src" / "tolqyn" / "languages" / "data" / "scores.csv"


def unread():
    """Language -> counts of texts and of claims annotated, predicted, found, core and full."""
    counts = defaultdict(Counter)
    passages = ((code, measure(code, UNREAD)) for code in languages(UNREAD))
    for code, result in (*passages, *measure_unread_texts(()).items()):
        counts[code] += result.counts + Counter(texts=result.passages)
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
    measured = table(unread())
    print(measured, end="")
    if "--write" in sys.argv[1:]:
        TABLE.write_text(measured, encoding="utf-8")

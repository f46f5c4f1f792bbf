"""The passages of sentences/ scored: how many are wholly right, and how often each field is.

    python tests/extract/blind.py [LANGUAGE ...]        the table, for all languages without one

Passages with an even number are there to be read while rules are written; of those with an odd number
only the score may be looked at, so that it stays a test of texts never seen.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from scoring import agree, f1, pairs, score

from tolqyn.claims import Document, claim_to_record
from tolqyn.extract import extract

PASSAGES = Path(__file__).parent / "sentences"
HALVES = {"dev": 0, "blind": 1}
FIELDS = (
    "measure", "place", "counterpart", "group", "unit", "qualifier", "window_start", "window_end",
    "modality", "organization",
)  # fmt: skip


@dataclass
class Result:
    """One half of one language: passages wholly right, agreement of claims, and by field."""

    passages: int = 0
    right: int = 0
    counts: Counter = field(default_factory=Counter)
    fields: Counter = field(default_factory=Counter)

    @property
    def share(self):
        """The part of the passages that is wholly right."""
        return self.right / max(self.passages, 1)


def languages():
    """The codes of the languages that have passages."""
    return sorted(path.stem for path in PASSAGES.glob("*.jsonl"))


def read(code, half):
    """The passages of a half: (document, near, annotated claims)."""
    for line in (PASSAGES / f"{code}.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if int(entry["id"].rpartition("-")[2]) % 2 == HALVES[half]:
            day = date.fromisoformat(entry["published"])
            document = Document(entry["id"], entry["text"], published=day, language=code)
            yield document, entry.get("near", ()), entry["claims"]


def measure(code, half):
    """The result of a half."""
    result = Result()
    for document, near, gold in read(code, half):
        found = [claim_to_record(claim) for claim in extract(document, near=near).claims]
        matched = pairs(gold, found)
        whole = len(matched) == len(gold) == len(found)
        for i, j in matched:
            agreed = {name: agree(name, gold[i], found[j]) for name in FIELDS}
            result.fields += Counter(name for name in FIELDS if agreed[name])
            whole = whole and all(agreed.values())
        result.counts += score(gold, found)
        result.passages += 1
        result.right += whole
    return result


def main(codes):
    """Print the table."""
    print(f"{'':10}{'whole':>6}{'found':>7}{'core':>6}{'full':>6}  right among found")
    for code in codes or languages():
        for half in HALVES:
            result = measure(code, half)
            levels = "".join(f"{f1(result.counts, level):6.2f}" for level in ("found", "core", "full"))
            found = max(result.counts["found"], 1)
            rates = " ".join(f"{name} {result.fields[name] / found:.2f}" for name in FIELDS)
            print(f"{code} {half:7}{result.share:6.2f} {levels}  {rates}")


if __name__ == "__main__":
    main(sys.argv[1:])

"""The passages of sentences/ scored: how many are wholly right, and how often each field is.

    python tests/extract/passages.py [LANGUAGE ...]        the table, for all languages without one
    python tests/extract/passages.py --unread [LANGUAGE ...]       the same of unread/, passages and longer texts

Those of sentences/ are there to be read while rules are written; of those in unread/ only the score may be
looked at, so that it stays a test of texts never seen.
"""

import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from corpus import annotated, extracted
from scoring import agree, f1, pairs, score

from tolqyn.claims import Document, claim_to_record
from tolqyn.extract import extract
from tolqyn.languages import codes

PASSAGES = Path(__file__).parent / "sentences"
ODD = Path(__file__).parent / "odd"
UNREAD = Path(__file__).parent / "unread"
UNREAD_TEXTS = UNREAD / "invented-texts"
FIELDS = (
    "measure", "place", "counterpart", "group", "unit", "qualifier", "window_start", "window_end",
    "modality", "organization",
)  # fmt: skip


@dataclass
class Result:
    """Texts of one language: passages wholly right, agreement of claims, and by field."""

    passages: int = 0
    right: int = 0
    counts: Counter = field(default_factory=Counter)
    fields: Counter = field(default_factory=Counter)

    @property
    def share(self):
        """The part of the passages that is wholly right."""
        return self.right / max(self.passages, 1)

    def add(self, gold, found):
        """Count one passage in, with its annotated and its extracted claims."""
        matched = pairs(gold, found)
        whole = len(matched) == len(gold) == len(found)
        for i, j in matched:
            agreed = {name: agree(name, gold[i], found[j]) for name in FIELDS}
            self.fields += Counter(name for name in FIELDS if agreed[name])
            whole = whole and all(agreed.values())
        self.counts += score(gold, found)
        self.passages += 1
        self.right += whole


def languages(folder=PASSAGES):
    """The codes of the languages that have passages."""
    return sorted(path.stem for path in folder.glob("*.jsonl"))


def passages(code, folder=PASSAGES):
    """The passages of a language: (document, near, annotated claims)."""
    for line in (folder / f"{code}.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        day = date.fromisoformat(entry["published"])
        document = Document(entry["id"], entry["text"], published=day, language=code)
        yield document, entry.get("near", ()), entry["claims"]


def measure(code, folder=PASSAGES):
    """The result of the passages of a language."""
    result = Result()
    for document, near, gold in passages(code, folder):
        result.add(gold, [claim_to_record(claim) for claim in extract(document, near=near).claims])
    return result


def measure_unread_texts(asked):
    """Language -> result of its longer unread texts, for the languages asked for or all."""
    results = defaultdict(Result)
    gold = annotated(UNREAD_TEXTS)
    for document, found in extracted(UNREAD_TEXTS, asked or codes()):
        results[document.language].add(gold[document.doc], [claim_to_record(claim) for claim in found.claims])
    return results


def main(asked, unread):
    """Print the table."""
    print(f"{'':11}{'whole':>6}{'found':>7}{'core':>6}{'full':>6}  right among found")
    if unread:
        for code in languages(UNREAD):
            if not asked or code in asked:
                print_result(code, "passages", measure(code, UNREAD))
        for code, result in sorted(measure_unread_texts(asked).items()):
            print_result(code, "text", result)
    else:
        for code in asked or languages():
            print_result(code, "passages", measure(code))


def print_result(code, what, result):
    """Print one line of the table."""
    levels = "".join(f"{f1(result.counts, level):6.2f}" for level in ("found", "core", "full"))
    found = max(result.counts["found"], 1)
    rates = " ".join(f"{name} {result.fields[name] / found:.2f}" for name in FIELDS)
    print(f"{code} {what:8}{result.share:6.2f} {levels}  {rates}")


if __name__ == "__main__":
    words = sys.argv[1:]
    main([word for word in words if not word.startswith("-")], "--unread" in words)

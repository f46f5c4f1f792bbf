"""Time phrases and verbs of all languages: one short sentence each, with the days or the measure that it gives.

The sentences of phrases.jsonl are invented for this test; all are as if written on Wednesday, 18 October 2023,
and count 12,400 people. Each has either the window (`start`, `end`) or the `measure` of that figure.
"""

import json
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from tolqyn.claims import Document, claim_to_record
from tolqyn.extract import extract

WRITTEN = date(2023, 10, 18)
FIGURE = 12400


def _phrases():
    by_language = defaultdict(list)
    path = Path(__file__).with_name("phrases.jsonl")
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        by_language[entry["language"]].append(entry)
    return by_language


PHRASES = _phrases()


def _said(entry):
    """What is read of the figure: the window or the measure, as the entry asks."""
    document = Document("phrase", entry["text"], published=WRITTEN, language=entry["language"])
    records = [claim_to_record(claim) for claim in extract(document).claims]
    record = next((record for record in records if record["value"] == FIGURE), None)
    if record is None:
        return None
    if "measure" in entry:
        return record["measure"]
    return record["window_start"], record["window_end"]


@pytest.mark.parametrize("language", sorted(PHRASES))
def test_each_phrase_is_read_as_what_it_means(language):
    entries = PHRASES[language]

    wrong = [
        (entry["text"], said)
        for entry in entries
        if (said := _said(entry)) != (entry.get("measure") or (entry["start"], entry["end"]))
    ]

    assert wrong == []

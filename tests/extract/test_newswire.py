"""Reports in the manner of news agencies, of a dozen waves: who counts whom, where and who says so.

The reports of newswire.jsonl were written for this test, their expectations before they were first read; their persons
and most of their figures are invented: never cite them. Each has the claims that are read as they should be, not all of its claims.
"""

import json
from datetime import date
from pathlib import Path

import pytest

from tolqyn.claims import Document, claim_to_record
from tolqyn.extract import extract

REPORTS = [
    json.loads(line)
    for line in Path(__file__).with_name("newswire.jsonl").read_text(encoding="utf-8").splitlines()
]


def _found(report):
    """The claims of a report, of each what an expected one may say."""
    day = date.fromisoformat(report["published"])
    document = Document("report", report["text"], published=day, language=report["language"])
    return [claim_to_record(claim) for claim in extract(document).claims]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["text"][:40])
def test_a_report_is_read_as_it_is_meant(report):
    found = _found(report)

    missed = [
        claim
        for claim in report["claims"]
        if not any({name: record[name] for name in claim} == claim for record in found)
    ]

    assert missed == []

"""The unread passages and texts are well formed: quotes stand where they say, every record is a claim."""

import csv
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from corpus import annotated, text_of
from passages import UNREAD, UNREAD_TEXTS, languages, passages

from tolqyn.claims import claim_from_record


def claims_of_passages(code):
    for document, _, claims in passages(code, UNREAD):
        for claim in claims:
            yield document.text, {"doc": document.doc, **claim}


def claims_of_texts():
    for doc, claims in annotated(UNREAD_TEXTS).items():
        for claim in claims:
            yield text_of(UNREAD_TEXTS, doc), claim


def stands(text, record):
    """Whether a record is a claim whose quote stands in the text at its offsets."""
    claim = claim_from_record(record)
    return claim.quote != "" and text[claim.start : claim.end] == claim.quote


@pytest.mark.parametrize("code", languages(UNREAD))
def test_quotes_of_passages_stand_in_their_texts(code):
    read = list(passages(code, UNREAD))

    assert [document.doc for document, _, _ in read] == [
        f"u-{code}-{number:03}" for number in range(1, len(read) + 1)
    ]
    assert [record["quote"] for text, record in claims_of_passages(code) if not stands(text, record)] == []


def test_quotes_of_longer_texts_stand_in_them():
    assert [record["quote"] for text, record in claims_of_texts() if not stands(text, record)] == []


def test_every_longer_text_is_in_the_table_and_has_claims():
    rows = list(csv.DictReader((UNREAD_TEXTS / "articles.csv").read_text(encoding="utf-8").splitlines()))

    docs = {row["doc"] for row in rows}
    assert (
        docs == {path.stem for path in (UNREAD_TEXTS / "articles").iterdir()} == set(annotated(UNREAD_TEXTS))
    )

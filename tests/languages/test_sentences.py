"""Ordinary sentences of the press, invented, mechanism by mechanism, in each language.

The tables are in sentences/<code>.toml; a linguist adds to them without Python.
"""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from tolqyn.claims import Document
from tolqyn.extract import extract

PUBLISHED = date(2022, 11, 9)
CASES = [
    pytest.param(path.stem, entry["text"], entry["want"], id=f"{path.stem}: {entry['text'][:60]}")
    for path in sorted((Path(__file__).parent / "sentences").glob("*.toml"))
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["sentence"]
]


@pytest.mark.parametrize(("code", "text", "want"), CASES)
def test_a_sentence_says_what_a_reader_finds_in_it(code, text, want):
    found = extract(Document("invented", text, published=PUBLISHED, language=code))

    got = [
        {field: getattr(claim, field) for field in wanted}
        for claim, wanted in zip(found.claims, want, strict=False)
    ]
    assert len(found.claims) == len(want), [claim.quote for claim in found.claims]
    assert got == want
    assert not found.problems

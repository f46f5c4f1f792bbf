"""Ordinary sentences of the press, invented, mechanism by mechanism, in each language.

The tables are in sentences/<code>.toml; a linguist adds to them without Python. `published` is the day of the article,
9 November 2022 where it is left out; `unknown` names fields that must stay unknown; `{}` stands for one more claim of
which nothing is asked.
"""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from tolqyn.claims import Document
from tolqyn.extract import extract
from tolqyn.languages import codes

PUBLISHED = date(2022, 11, 9)
TABLES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["sentence"]
    for path in sorted((Path(__file__).parent / "sentences").glob("*.toml"))
}
CASES = [
    pytest.param(code, entry, id=f"{code}: {entry['text'][:60]}")
    for code, entries in TABLES.items()
    for entry in entries
]


@pytest.mark.parametrize(("code", "entry"), CASES)
def test_a_sentence_says_what_a_reader_finds_in_it(code, entry):
    day = entry.get("published", PUBLISHED)
    found = extract(Document("invented", entry["text"], published=day, language=code))
    want = [wanted_of(claim) for claim in entry["want"]]

    got = [
        {field: getattr(claim, field) for field in wanted}
        for claim, wanted in zip(found.claims, want, strict=False)
    ]
    assert len(found.claims) == len(want), [claim.quote for claim in found.claims]
    assert got == want
    assert not found.problems


def wanted_of(claim):
    """The fields of a claim in a table, those that must stay unknown among them."""
    fields = dict(claim)
    return {**dict.fromkeys(fields.pop("unknown", ())), **fields}


@pytest.mark.parametrize("code", codes())
def test_every_language_reads_at_least_a_handful_of_sentences_rightly(code):
    assert len(TABLES.get(code, ())) >= 5

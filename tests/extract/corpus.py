"""The annotated texts of texts/: folders of articles with their claims.

A folder is a wave, whose texts are read together, or is named `invented-<language>` or `news-<language>`: then each text is about
a crisis of its own and is read alone.
"""

import csv
import json
from collections import defaultdict
from datetime import date
from pathlib import Path

from tolqyn.claims import Document
from tolqyn.extract import extract, extract_all

TEXTS = Path(__file__).parent / "texts"
FOLDERS = sorted(TEXTS.iterdir())


def is_invented(folder):
    """Whether the texts of a folder are invented, each about a crisis of its own."""
    return folder.name.startswith(("invented-", "news-"))


def annotated(folder):
    """The claims annotated in each text of a folder: name of the text -> records."""
    gold = defaultdict(list)
    for line in (folder / "claims.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        gold[record["doc"]].append(record)
    return gold


def text_of(folder, doc):
    """The text of an article as it stands in its file."""
    return (folder / "articles" / f"{doc}.txt").read_bytes().decode("utf-8")


def extracted(folder, languages):
    """(document, extraction) of every text of a folder in one of some languages."""
    rows = list(csv.DictReader((folder / "articles.csv").read_text(encoding="utf-8").splitlines()))
    documents = [
        Document(
            row["doc"],
            text_of(folder, row["doc"]),
            published=date.fromisoformat(row["published"]) if row["published"] else None,
            language=row["language"],
        )
        for row in rows
        if row["language"] in languages
    ]
    if is_invented(folder):
        return ((document, extract(document)) for document in documents)
    return extract_all(documents)

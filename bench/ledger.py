"""How fast the ledger takes in and gives back: `python -m bench ledger`.

A thousand documents with ten invented claims each are added, each in a transaction of its own; then a
ledger of 20,000 claims is read, and its claims are put together to statements, once as they are and
once all alike.
"""

import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from tolqyn.claims import Claim, Document, Measure
from tolqyn.ledger import group_echoes, near_duplicates, open_ledger

DOCUMENTS = 1000
SOURCES = [*(f"Agency {letter} of Kazakhstan" for letter in "ABCDEFGHIJ"), None, None, None]
WORDS = [f"word{n}" for n in range(3000)]


def main(_argv: list[str]) -> None:
    chance = random.Random(1)
    documents = [invented(chance, n) for n in range(DOCUMENTS)]
    claims = [[claim(chance, document.doc, n) for n in range(20)] for document in documents]
    with tempfile.TemporaryDirectory() as folder:
        with open_ledger(Path(folder) / "ten.sqlite") as ledger:
            with timed("add 1,000 documents with 10 claims each"):
                for document, found in zip(documents, claims, strict=True):
                    ledger.add_document(document, document.text.encode(), found[:10], engine="bench 1")
            with timed("add the same again"):
                for document, found in zip(documents, claims, strict=True):
                    ledger.add_document(document, document.text.encode(), found[:10], engine="bench 1")
        with open_ledger(Path(folder) / "twenty.sqlite") as ledger:
            for document, found in zip(documents, claims, strict=True):
                ledger.add_document(document, document.text.encode(), found, engine="bench 1")
            with timed("read 20,000 claims"):
                read = ledger.claims()
    with timed("group 20,000 claims to statements"):
        group_echoes(read)
    storm = [replace(read[0], doc=f"echo {n}") for n in range(len(read))]
    with timed("group 20,000 echoes of one statement"):
        group_echoes(storm)
    with timed("near-duplicates among 1,000 documents of 300 words"):
        near_duplicates(documents)


@contextmanager
def timed(what: str) -> Iterator[None]:
    wall, processor = time.perf_counter(), time.process_time()
    yield
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{what:<52} {wall:6.2f} s, {processor:6.2f} s of processor")


def invented(chance: random.Random, number: int) -> Document:
    text = " ".join(chance.choices(WORDS, k=300))
    return Document(f"d{number}", text, published=date(2022, 9, 27))


def claim(chance: random.Random, doc: str, number: int) -> Claim:
    start = date(2022, 9, 1) + timedelta(chance.randrange(200))
    end = start + timedelta(chance.choice([0, 0, 6, 13, 30]))
    return Claim(
        doc=doc,
        quote=f"row {number}",
        measure=chance.choice([Measure.ENTRIES, Measure.EXITS]),
        place=chance.choice(["KAZ", "GEO", "KGZ", "Almaty"]),
        group=chance.choice(["RUS", "any"]),
        value=float(f"{chance.lognormvariate(8, 2):.{chance.choice([1, 2, 3, 5])}g}"),
        window_start=start,
        window_end=end,
        organization=chance.choice(SOURCES),
        published=end + timedelta(chance.randrange(4)),
        evidence=(("place", "named"), ("window", "since")),
        confidence=0.8,
    )


if __name__ == "__main__":
    main([])

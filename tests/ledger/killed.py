"""Kill a writer a hundred times at random moments, and look after each time at what it left.

Run by test_crash.py: python killed.py LEDGER KILLS SEED. One process forks the writers, so that each
need not import everything anew; SIGKILL leaves a writer no time to tidy up.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import date

from tolqyn.claims import Claim, Document, Measure
from tolqyn.ledger import open_ledger

CLAIMS = 40
DOCUMENTS = 6  # that a writer adds, at most, before it is killed


def document(number):
    """A document with so many claims that adding it takes a while."""
    name = f"d{number}"
    sentences = [f"{name}: {n} people came. " for n in range(100, 100 + CLAIMS)]
    text, claims = "".join(sentences), []
    for n, sentence in enumerate(sentences):
        start = text.index(sentence)
        claims.append(
            Claim(
                doc=name, quote=sentence, start=start, end=start + len(sentence), measure=Measure.ENTRIES,
                place="KAZ", group="RUS", value=100 + n, published=date(2022, 9, 27),
            )
        )  # fmt: skip
    return Document(name, text, published=date(2022, 9, 27)), text.encode(), claims


def write(path, first, told):
    """Add documents until the end comes, telling of each when it is begun and when it is done."""
    with open_ledger(path) as ledger:
        os.write(told, b"open 0\n")
        for number in range(first, first + 1000):
            made = document(number)
            os.write(told, f"begun {number}\n".encode())
            ledger.add_document(*made, engine="rules 1")
            os.write(told, f"done {number}\n".encode())


def pace(path):
    """Seconds that a document takes on this machine now, once everything is imported."""
    with open_ledger(path) as ledger:
        ledger.add_document(*document(0), engine="rules 1")
        start = time.perf_counter()
        for number in range(1, DOCUMENTS):
            ledger.add_document(*document(number), engine="rules 1")
    return (time.perf_counter() - start) / (DOCUMENTS - 1)


def main(path, kills, seed):
    chance = random.Random(seed)
    promised, interrupted, torn = set(), 0, []
    patience = DOCUMENTS * pace(f"{path}.warm")
    for kill in range(kills):
        reads, tells = os.pipe()
        child = os.fork()
        if child == 0:
            write(path, kill * 1000, tells)
            os._exit(0)
        os.close(tells)
        with os.fdopen(reads) as lines:
            # The first writers die while the ledger itself is being made.
            if kill >= kills // 10:
                lines.readline()
            time.sleep(chance.uniform(0, patience))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            heard = [line.split() for line in lines]
        done = {number for word, number in heard if word == "done"}
        interrupted += len({number for word, number in heard if word == "begun"} - done)
        promised |= done
    with open_ledger(path) as ledger:
        kept = {found.doc: found for found in ledger.documents()}
        claims = {}
        for claim in ledger.claims():
            claims.setdefault(claim.doc, []).append(claim)
        for name, as_kept in kept.items():
            wanted, content, found = document(int(name[1:]))
            if as_kept != wanted or claims.get(name) != found or ledger.content(name) != content:
                torn.append(name)
    lost = sorted(number for number in promised if f"d{number}" not in kept)
    stray = sorted(claims.keys() - kept.keys())
    print(
        json.dumps(
            {"kept": len(kept), "interrupted": interrupted, "torn": torn, "lost": lost, "stray": stray}
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

"""Confidence fitted to annotated texts, and how well it holds on texts left out of the fit.

    python tests/extract/calibrate.py            how often claims marked so and so sure are right
    python tests/extract/calibrate.py --write    fit the table of weights anew first

It is a logistic regression with a ridge on the signs of each claim (`tolqyn.extract.confidence`). Texts
that were read while the rules were written are easier for the engine than others will be, so all of them
together count a third of what the few unread do. Only whether a claim is right goes in, never what is in it. How it holds is told by cross-validation:
each fifth of the texts is judged by weights fitted to the other four.
"""

import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from corpus import FOLDERS, annotated, extracted
from passages import ODD, PASSAGES, UNREAD, UNREAD_TEXTS, languages, passages
from scoring import CORE, agree, pairs

from tolqyn.claims import claim_to_record
from tolqyn.extract import extract
from tolqyn.languages import codes

TABLE = Path(__file__).parents[2] / "src" / "tolqyn" / "extract" / "data" / "confidence.toml"
RIDGE = 1.5
FOLDS = 5
BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 1.01)


@dataclass(frozen=True)
class Judged:
    """A claim of an annotated text: its signs, how sure the engine was, and whether it is right."""

    doc: str
    seen: bool
    signs: tuple
    marked: float
    right: bool


def judge(doc, seen, gold, claims):
    """Every claim of a text, judged: right is found with measure, place and window as annotated."""
    records = [claim_to_record(claim) for claim in claims]
    right = {j for i, j in pairs(gold, records) if all(agree(name, gold[i], records[j]) for name in CORE)}
    for j, claim in enumerate(claims):
        signs = tuple(dict(claim.evidence)["confidence"].split("; "))
        yield Judged(doc, seen, signs, claim.confidence, j in right)


def everything():
    """Every judged claim there is: of texts and passages that were read while the rules were written, and unread."""
    for folder in (*FOLDERS, UNREAD_TEXTS):
        gold = annotated(folder)
        for document, found in extracted(folder, codes()):
            yield from judge(document.doc, folder != UNREAD_TEXTS, gold[document.doc], found.claims)
    for folder in (PASSAGES, ODD, UNREAD):
        for code in languages(folder):
            for document, near, gold in passages(code, folder):
                yield from judge(document.doc, folder != UNREAD, gold, extract(document, near=near).claims)


def fit(claims):
    """Weights in log odds: sign -> weight, "all" for the level."""
    names = ["all", *sorted({sign for claim in claims for sign in claim.signs})]
    at = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(claims), len(names)))
    x[:, 0] = 1
    for n, claim in enumerate(claims):
        x[n, [at[sign] for sign in claim.signs]] = 1
    y = np.array([claim.right for claim in claims], dtype=float)
    seen = np.array([claim.seen for claim in claims])
    counts = np.where(seen, (~seen).sum() / max(3 * seen.sum(), 1), 1.0)
    penalty = np.full(len(names), RIDGE)
    penalty[0] = 1e-6
    weights = np.zeros(len(names))
    for _ in range(50):
        chance = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (counts * (y - chance)) - penalty * weights
        curve = (x * (counts * chance * (1 - chance))[:, None]).T @ x + np.diag(penalty)
        weights += np.linalg.solve(curve, slope)
    return dict(zip(names, weights.round(2).tolist(), strict=True))


def left_out(claims):
    """(chance, claim) of every claim, from weights fitted to the folds that its text is not in."""
    folds = [crc32(claim.doc.encode()) % FOLDS for claim in claims]
    for fold in range(FOLDS):
        weights = fit([claim for claim, of in zip(claims, folds, strict=True) if of != fold])
        for claim, of in zip(claims, folds, strict=True):
            if of == fold:
                odds = weights["all"] + sum(weights.get(sign, 0.0) for sign in claim.signs)
                yield 1 / (1 + np.exp(-odds)), claim


def write(weights):
    """Put the table where the engine reads it."""
    lines = ["# Written by `python tests/extract/calibrate.py --write`.", "[weights]"]
    lines += [f'"{name}" = {weight:g}' for name, weight in weights.items()]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def reliability(judged):
    """(low, high, number, mean chance, share right) of each bin of (chance, right) that holds any."""
    for low, high in pairwise(BINS):
        inside = [pair for pair in judged if low <= pair[0] < high]
        if inside:
            chance, right = np.mean(inside, axis=0)
            yield low, min(high, 1.0), len(inside), float(chance), float(right)


def show(title, judged):
    """Print how often claims of each bin are right."""
    print(title)
    for low, high, number, chance, right in reliability(judged):
        print(f"  {low:.1f} to {high:.1f}: {number:4} claims, marked {chance:.2f}, right {right:.2f}")


def main(argv):
    """Fit if asked to, and print the tables."""
    claims = list(everything())
    if "--write" in argv:
        write(fit(claims))
    judged = [(float(chance), claim) for chance, claim in left_out(claims)]
    for seen, title in ((False, "never read"), (True, "read while the rules were written")):
        show(title, [(chance, claim.right) for chance, claim in judged if claim.seen is seen])
    show("all", [(chance, claim.right) for chance, claim in judged])


if __name__ == "__main__":
    main(sys.argv[1:])

"""How well extracted claims agree with annotated ones: found, core, full.

A predicted claim is *found* when an annotated one of the same document has the same figure and
overlapping offsets; *core* when measure, place and both window dates agree too; *full* when group,
counterpart, qualifier, modality and organization do as well. Each annotated claim is used once.
"""

import re
from collections import Counter

CORE = ("measure", "place", "window_start", "window_end")
FULL = (*CORE, "group", "counterpart", "qualifier", "modality", "organization")


def pairs(annotated, predicted):
    """(annotated, predicted) numbers of the claims that are found, best agreement first."""
    ways = sorted(
        (
            (sum(agree(name, gold, claim) for name in FULL), -abs(gold["start"] - claim["start"]), i, j)
            for i, gold in enumerate(annotated)
            for j, claim in enumerate(predicted)
            if same_figure(gold, claim) and claim["start"] < gold["end"] and gold["start"] < claim["end"]
        ),
        reverse=True,
    )
    used_gold, used_claims = set(), set()
    matched = []
    for _, _, i, j in ways:
        if i not in used_gold and j not in used_claims:
            used_gold.add(i)
            used_claims.add(j)
            matched.append((i, j))
    return matched


def score(annotated, predicted):
    """Counts of gold, predicted, found, core and full over one document's records."""
    counts = Counter(gold=len(annotated), predicted=len(predicted))
    for i, j in pairs(annotated, predicted):
        counts["found"] += 1
        counts["core"] += all(agree(name, annotated[i], predicted[j]) for name in CORE)
        counts["full"] += all(agree(name, annotated[i], predicted[j]) for name in FULL)
    return counts


def f1(counts, level):
    return 2 * counts[level] / max(counts["gold"] + counts["predicted"], 1)


def same_figure(gold, claim):
    one_figure = gold.get("value") is not None or claim.get("value") is not None
    names = ("value",) if one_figure else ("low", "high")
    return all(close(gold.get(name), claim.get(name)) for name in names)


def close(one, other):
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 0.005 * max(abs(one), abs(other), 1e-9)


def agree(name, gold, claim):
    one, other = gold.get(name), claim.get(name)
    if not one or not other:
        return not one and not other
    if name == "organization":
        a, b = words(one), words(other)
        return len(a & b) >= 0.5 * len(a | b) or a <= b or b <= a
    return str(one).casefold() == str(other).casefold()


def words(text):
    return set(re.findall(r"\w+", text.casefold())) - {"the", "of", "and", "for", "in"}

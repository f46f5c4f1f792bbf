"""Figures that need their neighbours: pairs told "respectively", what the next sentence denies.

It changes drafts made before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tolqyn.claims import Measure, Modality
from tolqyn.extract.course import Course
from tolqyn.extract.draft import Draft
from tolqyn.extract.groups import find_groups
from tolqyn.extract.reading import Reading

__all__ = ["deny", "pair", "sum_up"]

_NEAR = 8  # items from the last of two names to the word that gives each its figure
_APART = 5  # items from one figure of a pair to the other, at most
_SHORT = 24  # items of a sentence that does no more than deny the one before


def deny(course: Course, n: int, reading: Reading) -> None:
    """Make what a sentence says denied where the next begins with a denial: "That is not true"."""
    hit = next(iter(reading.of("modality.denied")), None)
    if hit is None:
        return
    after = reading.items[hit.last : hit.last + 1]
    alone = hit.first <= 2 and hit.last - hit.first >= 2 and all(item.kind == "p" for item in after)
    if not alone and (reading.figures or reading.of("measures") or len(reading.items) > _SHORT):
        return
    for draft in course.drafts:
        if draft.at == n - 1 and draft.modality is Modality.OBSERVED:
            draft.modality = Modality.DENIED
            draft.evidence["modality"] = reading.words(hit.first, hit.last)


def sum_up(made: Sequence[Draft]) -> None:
    """Give a balance the people of the two movements that its sentence names behind it.

    "The balance was minus 48,000: 203,000 Russians came, 251,000 left".
    """
    for n, whole in enumerate(made):
        parts = [draft for draft in made[n + 1 :] if draft.cue.measure in {Measure.ENTRIES, Measure.EXITS}]
        peoples = {draft.group for draft in parts}
        if whole.cue.measure is Measure.NET and whole.group == "any" and len(parts) > 1 and len(peoples) == 1:
            whole.group, whole.base = parts[0].group, parts[0].base
            whole.evidence["group"] = "of its parts"


def pair(course: Course, reading: Reading, made: Sequence[Draft]) -> None:
    """Pair "1.7 and 1.666 million respectively": figures go one by one with what was named or counted before."""
    marks = reading.of("pair")
    if len(made) < 2 or not (marks or _repeats_pair(course, reading, made)):
        return
    near = sorted(made, key=lambda draft: abs(draft.item - marks[0].first)) if marks else made
    pair = sorted(near[:2], key=lambda draft: draft.item)
    if pair[1].item - pair[0].item > _APART:
        return
    if marks and _with_names(reading, pair, marks[0].first):
        _share_verb(reading, pair)
        return
    earlier = [draft for draft in course.drafts if draft not in pair][-2:]
    if len(earlier) == 2 and earlier[0].cue.measure is not earlier[1].cue.measure:
        for draft, model in zip(pair, earlier, strict=True):
            draft.cue = replace(model.cue, first=draft.item, last=draft.item)
            draft.evidence["measure"] = model.cue.words + " (respectively)"


def _share_verb(reading: Reading, pair: Sequence[Draft]) -> None:
    """Give the first of two figures the verb behind both, where its clause tells none: "300 and 200, respectively, left"."""
    one, other = pair
    begin, _ = reading.clause(one.item)
    if begin < one.cue.last or other.cue.first < other.item:
        return
    words = one.evidence.get("measure")
    one.cue = replace(other.cue, distance=one.cue.distance)
    if words is not None:
        one.evidence["measure"] = other.cue.words


def _repeats_pair(course: Course, reading: Reading, made: Sequence[Draft]) -> bool:
    """Whether two figures alone repeat the two flows of the sentence before: "On Monday it was 700 and 800"."""
    before = [draft for draft in course.recent() if draft.at == made[0].at - 1]
    if not len(before) == len(made) == len(reading.figures) == 2 or made[0].head.what:
        return False
    told = any(hit.value not in {"there", "again"} for hit in reading.of("measures"))
    named = reading.named or reading.has("documents", "group")
    return not (told or named) and all(draft.cue.measure.is_flow for draft in before)


def _with_names(reading: Reading, pair: Sequence[Draft], mark: int) -> bool:
    """Give each of two figures its group or place, where the sentence names two; whether it does."""
    named = [group for group in find_groups(reading, None) if group.last <= pair[0].item and group.base]
    if len(named) >= 2 and 0 < named[-1].first - named[-2].last <= 2:
        for draft, group in zip(pair, named[-2:], strict=True):
            draft.group, draft.base = group.name, group.base
            draft.evidence["group"] = group.words + " (respectively)"
        return True
    ends = [
        named
        for named in reading.named
        if named.form == "name" and "to" in named.roles and named.first > mark - _NEAR
    ]
    if len(ends) == 2 and all(draft.cue.measure is Measure.ENTRIES for draft in pair):
        for draft, end in zip(pair, ends, strict=True):
            draft.place = end.place
            draft.evidence["place"] = reading.words(end.first, end.last) + " (respectively)"
        return True
    return False

"""A document's claims in the making: the order of the steps, sentence by sentence and figure by figure.

What is carried from one to the next is in the course (course.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from tolqyn.claims import Document, Measure, Modality, Qualifier
from tolqyn.extract.counting import FAR, count_at, count_of, recalls, signed
from tolqyn.extract.course import Count, Course, begin
from tolqyn.extract.covering import find_span, is_to_come
from tolqyn.extract.currencies import settle_currency
from tolqyn.extract.dating import date_speech, give_month, windows_of
from tolqyn.extract.draft import Draft, kind_and_unit
from tolqyn.extract.ends import find_ends
from tolqyn.extract.figures import Figure
from tolqyn.extract.groups import Group, find_group, find_groups
from tolqyn.extract.headings import heads_list, is_heading, is_lone_name, is_title
from tolqyn.extract.measures import topic_cue
from tolqyn.extract.members import (
    applicants_from,
    citizens_here,
    fellow_citizens,
    lists_places,
    plain_group,
    settle_group,
)
from tolqyn.extract.neighbours import deny, pair, sum_up
from tolqyn.extract.origins import listed_end, supplied_end
from tolqyn.extract.reading import Reading
from tolqyn.extract.scene import Scene
from tolqyn.extract.settling import section_place
from tolqyn.extract.sources import find_source
from tolqyn.extract.spans import LASTING, Span, Window
from tolqyn.extract.wording import find_modality, find_qualifier, find_rate
from tolqyn.places import place

__all__ = ["draft_claims"]

_MOVED = {Measure.ENTRIES, Measure.EXITS, Measure.REFUSALS, Measure.DETENTIONS}
_HEAD = 4  # sentences at the head of a report that may say which days it covers


def draft_claims(document: Document, scene: Scene, events: Mapping[str, date]) -> list[Draft]:
    """The drafts of all claims of a document, in the order of the text.

    Args:
        document: as given.
        scene: what holds for all of it.
        events: kind of event -> its day, where the document itself does not tell.
    """
    course = begin(document, scene, events)
    for n, reading in enumerate(scene.readings):
        for i in reading.dates:
            give_month(course, reading, i)
        date_speech(course, n, reading)
        deny(course, n, reading)
        windows = windows_of(course, reading)
        made = []
        for at in reading.figures:
            count = count_at(course, n, reading, at, windows)
            if count is not None:
                made.append(_draft(course, count))
                course.drafts.append(made[-1])
        pair(course, reading, made)
        sum_up(made)
        if not made:
            _remember(course, n, reading, windows)
    _complete_headlines(course)
    return sorted(course.drafts, key=lambda draft: (draft.at, draft.item))


def _draft(course: Course, count: Count) -> Draft:
    """The claim in the making that a figure stands for."""
    reading, at, head, linked = count.reading, count.at, count.head, count.linked
    group, base, taken = _whose(course, count)
    ends = find_ends(course, count, base=base, taken=taken)
    spot, counterpart, cue = ends.place, ends.counterpart, count.cue
    origin = listed_end(course, count, spot)
    if origin is not None:
        cue, counterpart = replace(cue, measure=Measure.ENTRIES), origin.code
        count.evidence["counterpart"] = "of the heading"
    name = settle_group(course, count, group, spot, told=ends.told and not count.carried)
    source = find_source(course, count, spot, base)
    qualifier, words, *worded = find_qualifier(reading, at)
    if words and worded[0] == cue.first and worded[1] == cue.last:
        qualifier, words, worded = Qualifier.EXACT, "", [0, 0]  # Polish "przeszło" is "went", and "over"
    if words:
        count.evidence["qualifier"] = words
    modality, span = _sense(course, count)
    if counterpart is None:
        counterpart = supplied_end(course, count, base or name, spot, span)
    kind, unit = kind_and_unit(reading, at, head, cue, find_rate(reading, at), linked)
    if cue.measure is Measure.PRICE:
        other = place(counterpart) if counterpart is not None else None
        unit = settle_currency(unit, spot, other, course.scene.focus)
    first, last = _extent(count, group, (worded[0], worded[1]))
    draft = Draft(
        at=count.n,
        reading=reading,
        item=at,
        figure=signed(reading, at, count.figure, cue, kind),
        head=head,
        cue=cue,
        group=name,
        base=None if group is not None and group.form == "label" else base,
        place=spot,
        counterpart=counterpart,
        span=span,
        attribution=source,
        qualifier=qualifier,
        modality=modality,
        kind=kind,
        unit=unit,
        first=first,
        last=last,
        evidence=count.evidence,
        said=course.said,
    )
    draft.aside = count.aside or recalls(draft, linked) or span.kind in _BEFORE
    return draft


_BEFORE = {"week_before", "month_before", "year_before", "same_of"}  # only set beside what is told


def _sense(course: Course, count: Count) -> tuple[Modality, Span]:
    """In what sense a figure is meant, and the days that it covers."""
    modality, words = find_modality(count.reading, count.at, count.cue)
    if words:
        count.evidence["modality"] = words
    span = find_span(course, count, modality)
    priced = count.cue.measure is Measure.PRICE  # a seat for a day to come is sold at its price now
    if modality is Modality.OBSERVED and not priced and is_to_come(course, span):
        modality = Modality.FORECAST
        count.evidence["modality"] = "days still to come"
    return modality, span


def _whose(course: Course, count: Count) -> tuple[Group | None, str | None, frozenset[int]]:
    """The group that the sentence names, the citizenship counted, and the items that are no places."""
    reading, linked = count.reading, count.linked
    skipped = _no_groups(course, count)
    group = find_group(reading, count.at, plain_group(course, linked), skipped)
    group = group or citizens_here(reading, count.at, course.home(count.attribution))
    group = group or applicants_from(reading, count) or fellow_citizens(course, count)
    taken = count.attribution.taken if count.attribution else frozenset[int]()
    for named in find_groups(reading, None):
        if named.form not in skipped:
            taken |= frozenset(range(named.first, named.last))
    if group is not None and _is_of_other(count, group):
        return None, None, taken
    if group is not None:
        return group, group.base, taken
    return None, linked.base if linked is not None and linked.group != "any" else None, taken


def _no_groups(course: Course, count: Count) -> set[str]:
    """Forms of groups that are none for a figure.

    The percentage of a part is one of the whole; names that head a list of destinations are places; and
    people from a country who moved, or were kept from it, came from there, whoever they are.
    """
    skipped: set[str] = set()
    if lists_places(course, count.n) or _is_gapped(count):
        skipped.add("label")
    if count.cue.measure in _MOVED:
        skipped.add("origin")
    return skipped


def _is_of_other(count: Count, group: Group) -> bool:
    """Whether a people before a figure with a noun of its own is that of the clause before, which counts something else."""
    mate, reading = count.linked, count.reading
    if mate is None or mate.at != count.n or group.last > count.at or count.head.what != "persons":
        return False
    other = mate.cue.measure is not count.cue.measure and {mate.cue.measure, count.cue.measure} - _MOVED
    return bool(other) and group.last > mate.item and reading.parted(group.last, count.at)


def _is_gapped(count: Count) -> bool:
    """Whether a country with a figure stands for the one that the clause before tells of: "Poland took 98,425 Ukrainians, Czechia - 34,880"."""
    mate = count.linked
    if mate is None or mate.at != count.n or mate.base is None or mate.place is None:
        return False
    labels = [group.base for group in find_groups(count.reading, None) if group.form == "label"]
    return mate.place.kind == "country" and mate.place.code != mate.base and mate.base not in labels


def _remember(course: Course, n: int, reading: Reading, windows: Sequence[Window]) -> None:
    """A sentence without claims may be the heading of those that follow."""
    if is_lone_name(reading) and n not in course.datelines:
        course.section = reading.sentence.line, section_place(course, reading.named[0].place)
    elif is_heading(reading):
        course.regional = bool(reading.of("role.regions"))
    if n < _HEAD:
        covered = {"span", "by"} if heads_list(reading) else {"span"}
        course.covered = next((span.end for _, _, span in windows if span.kind in covered), course.covered)
    cue = topic_cue(reading)
    if cue is not None:
        course.topic = n, cue
    heads = is_title(reading)
    # "On Monday the guards recorded 612 attempts. They detained 19."
    tried = bool(reading.figures) and any(hit.value == "nothing" for hit in reading.of("measures"))
    for _, _, span in windows:
        told = span.start is not None or (heads and span.kind == "by")
        if told and (span.kind in LASTING or ((heads or tried) and span.kind not in {"now", "same"})):
            course.span = n, span


def _complete_headlines(course: Course) -> None:
    """A headline takes what it leaves out from the claim below that has the same figure."""
    for n, reading, at, head in course.waiting:
        figure = reading.items[at].value
        below = (draft for draft in course.drafts if draft.at > n and _agree(draft.figure, figure))
        body = next(below, None)
        if body is not None:
            cue = replace(body.cue, first=at, last=at, distance=15.0)
            count = count_of(
                course, n, reading, at, head, cue, windows_of(course, reading), None, carried=True
            )
            course.drafts.append(_draft(course, count))
    for draft in course.drafts:
        if draft.at > 0 and not _is_headline(draft):
            continue
        same = (
            other
            for other in course.drafts
            if other.at > draft.at
            and other.cue.measure is draft.cue.measure
            and (_agree(other.figure, draft.figure) or _rounds(draft.figure, other.figure))
        )
        body = next(same, None)
        if body is not None:
            draft.complete(body)


def _is_headline(draft: Draft) -> bool:
    """Whether a claim stands in a headline: in the text's, or in a title below a menu, which orders of size repeat by chance."""
    line = draft.reading.sentence
    return line.headline or (is_title(draft.reading) and not line.bullet and not draft.figure.order)


def _extent(count: Count, group: Group | None, qualifier: tuple[int, int]) -> tuple[int, int]:
    """The items that the quotation spans: what decided the claim, within reach of the figure."""
    at, cue = count.at, count.cue
    begin, end = at, max(count.head.last, at + 1)
    whose = (group.first, group.last) if group is not None else (0, 0)
    for first, last in ((cue.first, cue.last), whose, qualifier):
        if last and abs(first - at) <= FAR:
            begin, end = min(begin, first), max(end, last)
    return begin, min(end, len(count.reading.items))


def _rounds(headline: Figure, body: Figure) -> bool:
    """Whether a headline gives the figure of the text below rounded down: "over 20,000" of 20,700."""
    return headline.size <= body.size <= 1.08 * headline.size and headline.size % 100 == 0


def _agree(one: Figure, other: Figure) -> bool:
    return abs(one.size - other.size) <= 0.03 * max(one.size, other.size)

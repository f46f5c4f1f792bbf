"""Where people came from, or went to, whose own words do not say it: as the text tells it elsewhere.

It reads the course and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from tolqyn.claims import Measure
from tolqyn.extract.course import BACK, Count, Course
from tolqyn.extract.draft import Draft
from tolqyn.extract.ends import is_bridge, same_paragraph
from tolqyn.extract.members import lists_places
from tolqyn.extract.reading import Reading
from tolqyn.extract.settling import is_yearly
from tolqyn.extract.spans import Span
from tolqyn.places import Place, neighbours, place

__all__ = ["listed_end", "supplied_end"]

_FLOWS = {Measure.ENTRIES, Measure.EXITS}
_BESIDE = "the country next to it"  # evidence of a counterpart that no word tells, and that is not carried
_ALPHA3 = 3  # letters of the code of a country
_RULING = 0.6  # share of all origins named that is the one of a text
_LEFT = 3  # claims back to those who left, at most


def supplied_end(course: Course, count: Count, who: str, spot: Place | None, span: Span) -> str | None:
    """The other end of a movement that its own words leave to the text."""
    measure, percent, linked = count.cue.measure, count.head.what == "percent", count.linked
    told = None
    if spot is not None and measure is Measure.ENTRIES and not percent:
        told = _whence(course, count, who, spot, span)
        if told == spot.country and spot.kind == "region":
            told = None  # nobody comes to a region from the country that it lies in
        # Of a whole that is told without its other end a part has none either.
        whole = linked is not None and linked.at == count.n and linked.place == spot and linked.group == "any"
        beside = None if told or whole else _from_beside(course, who, spot, span)
        if beside is not None:
            count.evidence["counterpart"] = _BESIDE
            return beside
    elif spot is not None and measure is Measure.REFUSALS and not percent:
        told = _turned_from(course, count, who, spot)
    elif spot is not None and measure is Measure.EXITS and not percent:
        told = _gone_back(count, spot)
    if told is not None:
        count.evidence["counterpart"] = "where the text says that they come from"
        return told
    if percent and linked is not None and linked.place == spot and linked.cue.measure is measure:
        told = linked.counterpart  # a share of those
    return told or _other_side(course, count, spot)


def _gone_back(count: Count, spot: Place) -> str | None:
    """Where those went who left the other way than those came who were counted before: "900 went back on Tuesday"."""
    came = count.linked
    if came is None or came.cue.measure is not Measure.ENTRIES or came.place != spot:
        return None
    begin, end = count.reading.clause(count.cue.first)
    back = any(
        hit.value in {"back", "out"} and begin <= hit.first < end for hit in count.reading.of("directions")
    )
    return came.counterpart if back else None


def _whence(course: Course, count: Count, who: str, spot: Place, span: Span) -> str | None:
    """Where entries come from that their sentence does not tell; None where the text does not say.

    Bare people come from where those came that were counted before, or left, or whence the text lets people
    come again and again, or the headline and the paragraph do; so do citizens of a third country in the same paragraph. Of citizens whose own country
    that is the text says it each time, or leaves it unsaid: they are only said to come from there where the
    paragraph says so.
    """
    yearly = is_yearly(span)  # who is counted over a whole year are visitors of all kinds
    model = _entries_before(course, spot)
    away = False  # another country, in another paragraph of a text that knows several origins
    origins = course.scene.origins.keys() - {spot.country}
    if model is not None and model.counterpart is not None:
        near = same_paragraph(model, count)
        away = (
            not near and len(origins) > 1 and model.place is not None and model.place.country != spot.country
        )
        third = who not in model.counterpart or (model.place is spot and who in {model.group, model.base})
        if not (yearly or away) if who == "any" else (near and third):
            return _seen_from(spot, model)
    ruling = _ruling_origin(course, spot)
    label = _labelled(course, count)
    if label is not None and spot.kind != "checkpoint" and label.country not in {None, spot.country}:
        return label.country  # "Lebanon: 110,000 walked to Syria"
    if who == "any":
        said = (None if away else _left_before(course, spot)) or (None if yearly else ruling)
        return said or (None if yearly or away else _origin_nearby(course, count, spot))
    if spot.country == who or len(who) != _ALPHA3 or yearly:
        return None
    if who == ruling:
        return who
    if _left_just_before(course, count) == who:
        return who  # "740,000 have fled Sudan, 255,500 Sudanese came to Egypt"
    told = [
        named.place.country
        for other in (count.reading, *_paragraph_before(course, count.n))
        for named in other.named
        if named.form == "name" and "from" in named.roles
    ]
    return who if who in told else None


def _from_beside(course: Course, who: str, spot: Place, span: Span) -> str | None:
    """The country of citizens who come over its own border, or to the one next to it where no title tells yet who moves.

    Who is counted over a whole year is a visitor, and may come from anywhere.
    """
    untitled = who in neighbours(spot.country or "") and who not in course.scene.titled
    return who if (spot.across == who or untitled) and not is_yearly(span) else None


def _seen_from(spot: Place, model: Draft) -> str | None:
    """The other end of the movement told before: of those who come to another country the country, and no town."""
    other = place(model.counterpart or "")
    away = model.place is not None and model.place.country != spot.country and spot.kind == "country"
    return other.country if away and other is not None and other.kind == "city" else model.counterpart


def _origin_nearby(course: Course, count: Count, spot: Place) -> str | None:
    """The one country or region that the headline and the paragraph before a sentence let people come from."""
    told = (*course.scene.readings[:1], *_paragraph_before(course, count.n))
    return _sole_origin([other for other in told if other is not count.reading], spot)


def _sole_origin(readings: Iterable[Reading], spot: Place) -> str | None:
    """The one country or region, but that of a place, that some sentences let people come from."""
    names = [
        named.place
        for reading in readings
        for named in reading.named
        if named.form == "name" and named.roles == {"from"}
    ]
    codes = {name.code if name.apart else name.country for name in names} - {spot.country, None}
    return codes.pop() if len(codes) == 1 else None


def _turned_from(course: Course, count: Count, who: str, spot: Place) -> str | None:
    """Where those came from who were kept out: the other side of the border named, or that of those turned back before."""
    reading = count.reading
    for border in reading.of("role.frontier"):
        beyond = next((named for named in reading.named if 0 <= named.first - border.last <= 1), None)
        if beyond is not None and beyond.place.country not in {None, spot.country}:
            mate = count.linked  # of borders that are listed all are the other end, as for who came over them
            shared = mate is not None and mate.at == count.n and beyond.place.code in (mate.counterpart or "")
            return mate.counterpart if mate is not None and shared else beyond.place.country
    kin = (draft for draft in course.recent() if draft.cue.measure is Measure.REFUSALS)
    before = next((draft for draft in kin if draft.place is not None), None)
    here = before is not None and before.place is not None and before.place.country == spot.country
    if here and before is not None and before.counterpart and spot.code not in before.counterpart:
        return before.counterpart
    return _ruling_origin(course, spot) if who == "any" else None


def _labelled(course: Course, count: Count) -> Place | None:
    """The country that a text of one paragraph begins with, before a colon."""
    first = course.scene.readings[0].sentence
    return course.scene.label if first.paragraph == count.reading.sentence.paragraph else None


def _ruling_origin(course: Course, spot: Place) -> str | None:
    """The country that most people of a text come from, if it says so more than once."""
    told = {code: times for code, times in course.scene.origins.items() if code != spot.country}
    code = max(told, key=told.__getitem__, default=None)
    ruling = code is not None and told[code] > 1 and told[code] >= _RULING * sum(told.values())
    return code if ruling else None


def _other_side(course: Course, count: Count, spot: Place | None) -> str | None:
    """The other side of the checkpoint that a sentence says people came in or went out through."""
    if count.cue.kind == "fare" and count.head.what == "money":
        return _departure(course, count, spot)
    if spot is None or count.cue.measure not in _FLOWS:
        return None
    wilds = (named.place for named in count.reading.named if named.place.kind == "region")
    beyond = next((wild.across for wild in wilds if wild.country == spot.country and wild.across), None)
    if beyond is not None:
        return beyond  # "40,000 crossed the jungle of Darién": it has one other end
    bridges = (named.place for named in count.reading.named if is_bridge(named.place))
    spot = next((bridge for bridge in bridges if spot.code in {bridge.country, bridge.across}), spot)
    if spot.across is None:
        return None
    if all(named.place is not spot for named in count.reading.named):
        return None
    count.evidence["counterpart"] = "other side of the checkpoint"
    focus = course.scene.focus
    return spot.country if focus is not None and focus.code == spot.across else spot.across


def _departure(course: Course, count: Count, spot: Place | None) -> str | None:
    """The town that a paragraph has spoken of, where a fare is told with its end alone: "a seat to Istanbul"."""
    to = any(named.place is spot and "to" in named.roles for named in count.reading.named)
    for reading in reversed(_paragraph_before(course, count.n)) if to else ():
        for named in reversed(reading.named):
            town = named.place.kind == "city" and named.form == "name" and "to" not in named.roles
            if town and named.place is not spot:
                count.evidence["counterpart"] = "town named before"
                return named.place.code
    return _left_by_fares(course, count, spot)


def _left_by_fares(course: Course, count: Count, spot: Place | None) -> str | None:
    """The one country that the sentences on fares so far tell to be left: "it is cheaper to fly out of Russia"."""
    told = course.scene.readings[: count.n + 1]
    fares = [reading for reading in told if any(hit.value == "fare" for hit in reading.of("measures"))]
    code = _sole_origin(fares, spot) if spot is not None else None
    if code is not None:
        count.evidence["counterpart"] = "left by the fares told"
    return code


def _entries_before(course: Course, spot: Place) -> Draft | None:
    """The last entries whose other end is known and is not where these come to."""
    entries = (
        draft
        for draft in course.recent()
        if draft.cue.measure is Measure.ENTRIES
        and draft.counterpart
        and spot.code not in draft.counterpart
        and draft.evidence.get("counterpart") != _BESIDE
    )
    return next(entries, None)


def _left_before(course: Course, spot: Place) -> str | None:
    """Where those who are counted just before left from: "512,000 fled Sudan; 255,000 came to Egypt"."""
    for draft in islice(course.recent(), _LEFT):
        left = draft.place if draft.cue.measure is Measure.EXITS else None
        if left is None or left is spot:
            continue
        if left.country != spot.country or spot.kind == "city":
            return left.code
    return None


def _left_just_before(course: Course, count: Count) -> str | None:
    """The place that the claim before in the sentence lets people leave."""
    left = course.last(count.n)
    if left is None or left.at != count.n or left.cue.measure is not Measure.EXITS or left.place is None:
        return None
    return left.place.code


def _paragraph_before(course: Course, n: int) -> list[Reading]:
    """The sentences of a paragraph before one of it."""
    readings = course.scene.readings
    first = n
    while (
        first > max(n - BACK, 0) and readings[first - 1].sentence.paragraph == readings[n].sentence.paragraph
    ):
        first -= 1
    return list(readings[first:n])


def listed_end(course: Course, count: Count, spot: Place | None) -> Place | None:
    """Where those came from who are counted by country where they went: "512,000 fled abroad: Egypt 255,500, Chad 121,000".

    None where a figure is no such line of a list.
    """
    listed = count.carried and count.reading.sentence.bullet and spot is not None and spot.kind == "country"
    if not listed or not lists_places(course, count.n):
        return None
    left = next((draft for draft in course.recent() if not draft.reading.sentence.bullet), None)
    if left is None or left.cue.measure is not Measure.EXITS or left.place == spot:
        return None
    return left.place

"""The two ends of a movement: the place that a figure is about, and the counterpart.

What the sentence says stands first (whereabouts.py); then what the course supplies. It writes nothing there.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from tolqyn.claims import Measure
from tolqyn.extract.course import BACK, Count, Course
from tolqyn.extract.draft import Draft
from tolqyn.extract.measures import Cue
from tolqyn.extract.members import lists_places
from tolqyn.extract.reading import Reading
from tolqyn.extract.settling import is_yearly, settle_place
from tolqyn.extract.spans import Span
from tolqyn.extract.whereabouts import Whereabouts, find_whereabouts
from tolqyn.places import Place, neighbours, place
from tolqyn.values import value

__all__ = ["BESIDE", "Ends", "find_ends", "from_beside", "listed_end", "other_side", "whence"]

_OPPOSITE = {Measure.ENTRIES: Measure.EXITS, Measure.EXITS: Measure.ENTRIES}
_MADE = {Measure.DETENTIONS, Measure.DEPORTATIONS, Measure.REFUSALS}
_DECIDED = {Measure.APPLICATIONS, Measure.REGISTRATIONS}
_THERE = {"in", "via"}
BESIDE = "the country next to it"  # evidence of a counterpart that no word tells, and that is not carried
_TITLE = 2  # sentences at the head that say where the people of a text come from
_ADVERB = 3  # items between "left" and "their country", at most
_ALPHA3 = 3  # letters of the code of a country
_RULING = 0.6  # share of all origins named that is the one of a text
_LEFT = 3  # claims back to those who left, at most


@value
class Ends:
    """The two ends of a movement.

    Attributes:
        place: that the figure is about; None where nothing tells.
        counterpart: codes of the other end, joined; None where the text does not say.
        told: whether the sentence itself says the counterpart.
    """

    place: Place | None
    counterpart: str | None
    told: bool


def find_ends(course: Course, count: Count, *, base: str | None, taken: frozenset[int]) -> Ends:
    """Place and counterpart of a figure; what it counts is set as seen from there.

    Args:
        course: what has been told so far.
        count: the figure; what decided goes to its evidence.
        base: the citizenship counted; None without one.
        taken: items that name a group or a source, and no place.
    """
    where = _by_the_source(
        count, find_whereabouts(count.reading, count.at, count.cue, group=base, taken=taken)
    )
    home = course.home(count.attribution)
    cue, spot, counterpart = _turned(count, where, home)
    if spot is not None and (beyond := _gone_beyond(course, count, cue, spot)) is not None:
        cue, counterpart = replace(cue, measure=Measure.EXITS), beyond
    count.cue = cue
    counterpart = counterpart or _of_balance(course, count, spot)
    own = _own_country(count, base, spot)
    if own is not None:
        spot = own
        count.evidence["place"] = "their own country"
    elif spot is not None:
        count.evidence["place"] = where.words or ""
    else:
        spot = settle_place(course, count, base)
        if spot is not None and counterpart is not None and spot.code in counterpart:
            spot, counterpart = _apart(course, cue, base, home, spot, counterpart, where)
    if own is not None and counterpart is None:
        counterpart = _returned_from(count, own)
    sent = _sent_back(count)
    if sent is not None:
        spot, counterpart = sent
    if spot is not None:
        spot = _over_bridge(course, count, spot, counterpart)
    ends = Ends(spot, _as_country(spot, counterpart, count.cue), where.counterpart is not None)
    return _as_left(course, count, ends, base)


def _returned_from(count: Count, own: Place) -> str | None:
    """The country whose body says that people have gone home: "25,000 Syrians have returned, said Turkey's minister"."""
    said = count.attribution
    if count.cue.view != "returns" or count.cue.measure is not Measure.ENTRIES or said is None:
        return None
    return said.country if said.taken and said.country != own.code else None


def _gone_beyond(course: Course, count: Count, cue: Cue, spot: Place) -> str | None:
    """The other side of a checkpoint, where a text about this side lets people go there: "crossed into Chad at Adré"."""
    here = course.scene.owner
    if cue.measure is not Measure.ENTRIES or here is None or spot.across is None or spot.country != here.code:
        return None
    begin, end = count.reading.clause(cue.first)
    inside = (named for named in count.reading.named if begin <= named.first < end and named.roles == {"to"})
    return spot.across if any(named.place.code == spot.across for named in inside) else None


def _over_bridge(course: Course, count: Count, spot: Place, counterpart: str | None) -> Place:
    """The country that people come to or leave over a bridge, on which nobody stays: the side that the text is about."""
    if count.cue.measure not in _OPPOSITE or not _is_bridge(spot):
        return spot
    other = place(counterpart or "")
    beyond = other.country if other is not None else None
    about = course.scene.focus.code if course.scene.focus is not None else None
    comes = count.cue.measure is Measure.ENTRIES
    role = "to" if comes else "from"
    ends = {named.place.code for named in count.reading.named if role in named.roles}
    sides = [side for side in (spot.country, spot.across) if side is not None]
    near = min(
        sides,
        key=lambda side: (
            side not in ends,
            side == beyond,
            (side in course.scene.origins) is comes,
            side != about,
        ),
    )
    return place(near) or spot


def _is_bridge(spot: Place) -> bool:
    return spot.across is not None and spot.country is not None and spot.name.endswith(" Bridge")


def _of_balance(course: Course, count: Count, spot: Place | None) -> str | None:
    """The other end of a balance that the sentence told before, for its two parts.

    "Net migration into Poland from Ukraine was minus 12,300, with 214,000 arrivals and 226,300 departures".
    """
    if count.cue.measure not in _OPPOSITE:
        return None
    before = (draft for draft in course.recent() if draft.at == count.n and draft.cue.measure is Measure.NET)
    whole = next(before, None)
    return whole.counterpart if whole is not None and spot in {None, whole.place} else None


def _sent_back(count: Count) -> tuple[Place, str] | None:
    """A country or its police that returned people to another removed them: "Norway has returned 70 to Russia"."""
    cue, reading = count.cue, count.reading
    if cue.view != "returns" or cue.measure is not Measure.ENTRIES:
        return None
    begin, end = reading.clause(cue.first)
    lands = [
        named
        for named in reading.named
        if begin <= named.first < end and named.form == "name" and named.place.kind == "country"
    ]
    to = next((named.place for named in lands if named.roles == {"to"}), None)
    said = any(begin <= hit.first < end for hit in reading.of("speech.verbs"))
    doer = next((named.place for named in lands if not named.roles and not said), None)
    if doer is None and not said and count.attribution is not None and count.attribution.acts:
        doer = place(count.attribution.country or "")
    if doer is None or to is None or doer is to:
        return None
    count.cue = replace(cue, measure=Measure.DEPORTATIONS)
    return doer, to.code


def _as_left(course: Course, count: Count, ends: Ends, base: str | None) -> Ends:
    """Those who go home, as a text sees it that has just counted where they came.

    "5,300 entered Brazil, 2,120 went home" tells of leaving Brazil.
    """
    if count.cue.view != "returns" or count.cue.measure is not Measure.ENTRIES or ends.counterpart:
        return ends
    home = ends.place
    if home is None or any("from" in named.roles for named in count.reading.named if named.form == "name"):
        return ends
    here = _come_to(course, count)
    source = count.attribution
    if here is not None and source is not None and course.scene.heard[count.n] == count.n:
        said = place(source.country or "")  # "Minsk says that it has sent 430 Iraqis home"
        if said is not None and said.country == home.country:
            return ends  # "Ukraine's border guard added that 66,000 had returned"
        here = said if said is not None and said.country != here.country else here
    if here is not None and here is home and base is not None:
        home = place(base) or home  # the name is that of the clause before
    if here is None or here.country == home.country:
        return ends
    count.cue = replace(count.cue, measure=Measure.EXITS)
    count.evidence["place"] = "where the text counted them"
    return Ends(here, home.code, ends.told)


_BEING_HERE = {Measure.ENTRIES, Measure.SHELTER, Measure.APPLICATIONS, Measure.REGISTRATIONS}


def _come_to(course: Course, count: Count) -> Place | None:
    """Where those came whom the paragraph has just counted."""
    before = course.last(count.n)
    if before is None or before.cue.measure not in _BEING_HERE or before.cue.view == "returns":
        return None
    return before.place if _same_paragraph(before, count) else None


def _as_country(spot: Place | None, counterpart: str | None, cue: Cue) -> str | None:
    """The other end of a movement over a border, its regions and checkpoints taken for their country."""
    if spot is None or counterpart is None or not cue.measure.is_flow:
        return counterpart
    codes: list[str] = []
    for code in counterpart.split(", "):
        other = place(code)
        if other is None or other.kind in {"country", "city"} or other.apart or other.country is None:
            codes.append(code)
        elif other.country != spot.country:
            codes.append(other.country)
        elif other.kind == "region":
            codes.append(code)
    return ", ".join(sorted(set(codes))) or None


def _by_the_source(count: Count, where: Whereabouts) -> Whereabouts:
    """A body turns back, detains and removes people in its own country: the one that they come from is none."""
    source, place = count.attribution, where.place
    decides = count.cue.measure in _MADE or count.cue.measure in _DECIDED
    if not decides or source is None or not source.taken or place is None:
        return where
    roles = [named.roles for named in count.reading.named if named.place is place]
    abroad = source.country is not None and place.country != source.country
    if not abroad or any(not role or role & _THERE for role in roles):
        return where
    return replace(where, place=None)


def whence(course: Course, count: Count, who: str, spot: Place, span: Span) -> str | None:
    """Where entries come from that their sentence does not tell; None where the text does not say.

    Bare people come from where those came that were counted before, or left, or whence the text lets people
    come again and again, or the headline and the paragraph do; so do citizens of a third country in the same paragraph. Of citizens whose own country
    that is the text says it each time, or leaves it unsaid: they are only said to come from there where the
    paragraph or the headline says so, or where they come to a town or region across its border.
    """
    yearly = is_yearly(span)  # who is counted over a whole year are visitors of all kinds
    model = _entries_before(course, spot)
    if model is not None and model.counterpart is not None:
        near = _same_paragraph(model, count)
        third = who not in model.counterpart or (model.place is spot and who in {model.group, model.base})
        if (who == "any" and not yearly) or (near and third):
            return _seen_from(spot, model)
    ruling = _ruling_origin(course, spot)
    label = _labelled(course, count)
    if label is not None and spot.kind != "checkpoint" and label.country not in {None, spot.country}:
        return label.country  # "Lebanon: 110,000 walked to Syria"
    if who == "any":
        said = _left_before(course, spot) or ruling
        return said or (None if yearly else _origin_nearby(course, count, spot))
    if spot.country == who or len(who) != _ALPHA3 or yearly:
        return None
    if who == ruling:
        return who
    if _left_just_before(course, count) == who:
        return who  # "740,000 have fled Sudan, 255,500 Sudanese came to Egypt"
    head = [other for other in course.scene.readings[:_TITLE] if other is not count.reading]
    told = [
        named.place.country
        for other in (count.reading, *_paragraph_before(course, count.n), *head)
        for named in other.named
        if named.form == "name" and "from" in named.roles
    ]
    across = spot.kind != "country" and who == course.scene.origin
    return who if who in told or across else None


def from_beside(course: Course, who: str, spot: Place, span: Span) -> str | None:
    """The country of citizens who come to the one next to it, in a text whose title does not tell yet who moves.

    Who is counted over a whole year is a visitor, and may come from anywhere.
    """
    told = who in course.scene.titled or is_yearly(span)
    return who if who in neighbours(spot.country or "") and not told else None


def _seen_from(spot: Place, model: Draft) -> str | None:
    """The other end of the movement told before: of those who come to another country the country, and no town."""
    other = place(model.counterpart or "")
    away = model.place is not None and model.place.country != spot.country and spot.kind == "country"
    return other.country if away and other is not None and other.kind == "city" else model.counterpart


def _origin_nearby(course: Course, count: Count, spot: Place) -> str | None:
    """The one country or region that the headline and the paragraph before a sentence let people come from."""
    names = [
        named.place
        for other in (*course.scene.readings[:1], *_paragraph_before(course, count.n))
        for named in other.named
        if other is not count.reading and named.form == "name" and named.roles == {"from"}
    ]
    codes = {name.code if name.apart else name.country for name in names} - {spot.country, None}
    return codes.pop() if len(codes) == 1 else None


def turned_from(course: Course, count: Count, who: str, spot: Place) -> str | None:
    """Where those came from who were kept out: the other side of the border named, or that of those turned back before."""
    reading = count.reading
    for border in reading.of("role.frontier"):
        beyond = next((named for named in reading.named if 0 <= named.first - border.last <= 1), None)
        if beyond is not None and beyond.place.country not in {None, spot.country}:
            return beyond.place.country
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


def other_side(course: Course, count: Count, spot: Place | None) -> str | None:
    """The other side of the checkpoint that a sentence says people came in or went out through."""
    if count.cue.kind == "fare" and count.head.what == "money":
        return _departure(course, count, spot)
    if spot is None or count.cue.measure not in _OPPOSITE:
        return None
    bridges = (named.place for named in count.reading.named if _is_bridge(named.place))
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
    return None


def _entries_before(course: Course, spot: Place) -> Draft | None:
    """The last entries whose other end is known and is not where these come to."""
    entries = (
        draft
        for draft in course.recent()
        if draft.cue.measure is Measure.ENTRIES
        and draft.counterpart
        and spot.code not in draft.counterpart
        and draft.evidence.get("counterpart") != BESIDE
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


def _same_paragraph(draft: Draft, count: Count) -> bool:
    return draft.reading.sentence.paragraph == count.reading.sentence.paragraph


def _turned(count: Count, where: Whereabouts, home: Place | None) -> tuple[Cue, Place | None, str | None]:
    """What a figure counts, where and from or to where, once the way back and the source's side are seen."""
    cue, reading, linked = count.cue, count.reading, count.linked
    spot, counterpart = where.place, where.counterpart
    mate = linked if linked is not None and linked.at == count.n and linked.place is not None else None
    bare = count.head.what != "people" or all(named.form != "name" for named in reading.named)
    bare = bare and linked is not None and _same_paragraph(linked, count)
    there = mate if mate is not None else linked if bare else None
    if cue.view == "back" and there is not None and there.cue.measure in _OPPOSITE:
        cue = replace(cue, measure=_OPPOSITE[there.cue.measure])
        spot, counterpart = there.place, there.counterpart
    elif (
        mate is not None
        and counterpart is None
        and (_continues(mate, cue, spot) or _leads_back(reading, mate, cue))
    ):
        counterpart = mate.counterpart
    elif mate is not None and spot is not None and _is_part_of_exits(count, mate):
        cue = replace(cue, measure=Measure.EXITS)
        counterpart, spot = spot.code, mate.place
    elif mate is not None and cue.view == "moves" and _goes_back(mate, spot, counterpart):
        cue = replace(cue, measure=_OPPOSITE[mate.cue.measure])
        spot, counterpart = mate.place, mate.counterpart
    if mate is not None and mate.place is not None and _is_share_of_gone(count, mate):
        cue = replace(cue, measure=Measure.EXITS)
        counterpart = spot.code if spot is not None else counterpart
        spot = mate.place
    if mate is not None and mate.cue.measure is cue.measure is Measure.DEPORTATIONS and _is_of_them(count):
        spot = mate.place  # "eleven were expelled, nine of them after a brawl in Oral"
    if mate is not None and spot is None and _leaves_again(mate, cue, counterpart):
        spot, counterpart = mate.place, None
    if cue.view == "moves" and cue.measure is Measure.EXITS and spot is not None and counterpart is None:
        # "142,300 crossed from Ukraine, Poland's border guard said": they came to Poland.
        origin = any(named.place is spot and "from" in named.roles for named in reading.named)
        if origin and home is not None and home.code != spot.country:
            cue = replace(cue, measure=Measure.ENTRIES)
            spot, counterpart = home, spot.country
    if cue.view == "hosts" and home is not None and _goes_out(reading, home):
        # "From Poland to Ukraine 21,800 were checked", its border guard said: they left.
        cue = replace(cue, measure=Measure.EXITS)
        ends = (other for other in reading.named if "to" in other.roles and other.form == "name")
        spot, counterpart = home, next((other.place.code for other in ends), None)
    return cue, spot, counterpart


def _apart(
    course: Course,
    cue: Cue,
    base: str | None,
    home: Place | None,
    spot: Place,
    counterpart: str,
    where: Whereabouts,
) -> tuple[Place | None, str | None]:
    """A supplied place and a counterpart that are the same: nobody comes from where they come to.

    One of the two is another place. Who leaves for elsewhere leaves, failing all else, their own country.
    """
    own = place(base) if base and cue.measure is Measure.EXITS else None
    for other in (home, course.scene.focus, own):
        if other is not None and other.code not in counterpart:
            return other, counterpart
    said_so = counterpart == where.counterpart and cue.measure is Measure.EXITS
    return (None, counterpart) if said_so else (spot, None)


def _own_country(count: Count, base: str | None, spot: Place | None) -> Place | None:
    """The group's own country, where "their country" or "home" stands for it."""
    beside = [hit for hit in count.reading.of("group") if hit.value[0] == "own"]
    if base is not None and count.cue.measure is Measure.EXITS and spot is not None and spot.code != base:
        left = any(0 <= hit.first - count.cue.last <= _ADVERB for hit in beside)
        return place(base) if left else None  # "Jordanians left their country to visit relatives in Syria"
    if base is None or (spot is not None and count.cue.view != "returns"):
        return None
    said = any(-4 <= hit.first - count.cue.last <= 4 for hit in beside)
    said = said or (count.cue.measure is Measure.EXITS and bool(count.reading.of("role.abroad")))
    if count.cue.view == "returns" and spot is None:
        return place(base)
    return (
        place(base)
        if said and count.cue.measure in {Measure.ENTRIES, Measure.EXITS} and spot is None
        else None
    )


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


def _continues(mate: Draft, cue: Cue, spot: Place | None) -> bool:
    """Whether a movement is that of the claim before in the sentence, at the same place.

    Who comes after those who left comes from where they went; who leaves may go anywhere.
    """
    back = cue.measure is Measure.ENTRIES and mate.cue.measure is Measure.EXITS
    moved = mate.cue.measure is cue.measure or back
    return moved and (spot is None or spot == mate.place) and "counterpart" not in mate.evidence


def _is_part_of_exits(count: Count, mate: Draft) -> bool:
    """Whether a figure is of those who just left, and says where some went: "113,000 left, 30,000 of them fled to Chad"."""
    if mate.cue.measure is not Measure.EXITS or count.cue.measure is not Measure.ENTRIES:
        return False
    reading, at = count.reading, count.at
    fled = reading.at("measures", count.cue.first)
    begin, _ = reading.clause(at)
    parts = (hit for hit in reading.of("group") if hit.value[0] == "carried")
    of_them = any(hit.first in {begin, at + 1} or hit.last in {at, at + 3} for hit in parts)
    return of_them and fled is not None and fled.value == "flees"


def _goes_back(mate: Draft, spot: Place | None, counterpart: str | None) -> bool:
    """Whether a movement goes the way of the claim before, back: "from A to B 3,500 crossed, from B to A 4,000"."""
    if mate.cue.view != "moves" or mate.cue.measure not in _OPPOSITE or mate.place is None or spot is None:
        return False
    return spot.code == mate.counterpart and counterpart == mate.place.code


def _leads_back(reading: Reading, mate: Draft, cue: Cue) -> bool:
    """Whether who leaves goes where those came from whom the clause before counts: "7 million left for it"."""
    thither = any(0 <= hit.first - cue.last <= 1 for hit in reading.of("role.thither"))
    return thither and (mate.cue.measure, cue.measure) == (Measure.ENTRIES, Measure.EXITS)


def _is_share_of_gone(count: Count, mate: Draft) -> bool:
    """Whether a percentage tells where those went who are counted as gone: "1.8 million fled, 28 percent went to Egypt"."""
    moved = (mate.cue.measure, count.cue.measure) == (Measure.EXITS, Measure.ENTRIES)
    whither = any("to" in named.roles and named.first > count.cue.first for named in count.reading.named)
    return moved and whither and count.head.what == "percent" and mate.at == count.n


def _is_of_them(count: Count) -> bool:
    """Whether a figure is a part of those counted before: "nine of them"."""
    return any(hit.first == count.at + 1 and hit.value[0] == "carried" for hit in count.reading.of("group"))


def _leaves_again(mate: Draft, cue: Cue, counterpart: str | None) -> bool:
    """Whether people leave where the clause before counts them come: "96,812 moved to Saxony and 82,420 away"."""
    came = (mate.cue.measure, cue.measure) == (Measure.ENTRIES, Measure.EXITS)
    return came and mate.place is not None and counterpart == mate.place.code and "," not in counterpart


def _goes_out(reading: Reading, home: Place) -> bool:
    """Whether a sentence says from a country whither, and so speaks of leaving it."""
    away = any(named.place is home and named.roles == {"from"} for named in reading.named)
    return away and any(named.roles == {"to"} and named.place is not home for named in reading.named)

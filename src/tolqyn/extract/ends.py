"""The two ends of a movement: the place that a figure is about, and the counterpart.

What the sentence says stands first (whereabouts.py); then what the course supplies. It writes nothing there.
"""

from __future__ import annotations

from dataclasses import replace

from tolqyn.claims import Measure
from tolqyn.extract.course import Count, Course
from tolqyn.extract.draft import Draft
from tolqyn.extract.measures import Cue
from tolqyn.extract.reading import Named, Reading
from tolqyn.extract.settling import settle_place
from tolqyn.extract.whereabouts import Whereabouts, find_whereabouts
from tolqyn.languages import Hit
from tolqyn.places import Place, place
from tolqyn.values import value

__all__ = ["Ends", "find_ends", "is_bridge", "same_paragraph"]

_OPPOSITE = {Measure.ENTRIES: Measure.EXITS, Measure.EXITS: Measure.ENTRIES}
_STOPPED = {*_OPPOSITE, Measure.REFUSALS}
_SIDES = 2  # items from the adjective of a country to its border, at most
_MADE = {Measure.DETENTIONS, Measure.DEPORTATIONS, Measure.REFUSALS}
_DECIDED = {Measure.APPLICATIONS, Measure.REGISTRATIONS}
_THERE = {"in", "via"}
_ADVERB = 3  # items between "left" and "their country", at most


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
    sent = None if count.linked is not None and _came_back(count, count.linked) else _sent_back(count)
    if sent is not None:
        spot, counterpart = sent
    if spot is not None:
        spot = _over_bridge(course, count, spot, counterpart)
    if spot is not None and counterpart is None:
        counterpart = _over_border(count, spot, taken)
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
    if count.cue.measure not in _OPPOSITE or not is_bridge(spot):
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


def is_bridge(spot: Place) -> bool:
    """Whether a place is a bridge from one country to another."""
    return spot.across is not None and spot.country is not None and spot.name.endswith(" Bridge")


def _over_border(count: Count, spot: Place, taken: frozenset[int]) -> str | None:
    """The other side of a border that a clause names by it: "came over the Ukrainian border", "the Polish-Ukrainian border"."""
    cue, reading = count.cue, count.reading
    if cue.measure not in _STOPPED:
        return None
    clauses = {reading.clause(at) for at in (count.at, count.cue.first)}
    for border in reading.of("role.limit"):
        near = cue.measure is Measure.REFUSALS or any(begin <= border.first < end for begin, end in clauses)
        if not near or _in_body(reading, border):
            continue
        if cue.measure is Measure.EXITS and not _is_approached(reading, border):
            continue  # "27,000 were taken out of villages on the Tajik border"
        sides = {
            named.place.country
            for named in _sides_of(reading, border)
            if taken.isdisjoint(range(named.first, named.last))
            and not (named.form == "name" and named.roles & {"to", "in"})
        }
        beyond = sides - {spot.country, None}
        if len(beyond) == 1:
            return beyond.pop()
    return None


def _sides_of(reading: Reading, border: Hit) -> list[Named]:
    """The countries whose names or adjectives stand right beside a border."""
    lands = [named for named in reading.named if named.place.kind == "country"]
    beside = [named for named in lands if named.first == border.last]
    first = border.first
    for named in reversed(lands):
        if named.last == first or (named.last == first - 1 and reading.items[named.last].text in _HYPHENS):
            beside.append(named)
            first = named.first
    return beside


_HYPHENS = {"-", "–", "/"}


def _is_approached(reading: Reading, border: Hit) -> bool:
    """Whether people go to or over a border: a word for that stands before it and its adjective."""
    starts = range(border.first - _SIDES, border.first + 1)
    return any(reading.ending(role, at) is not None for role in ("role.to", "role.via") for at in starts)


def _in_body(reading: Reading, hit: Hit) -> bool:
    """Whether a phrase stands inside the name of a body: the Polish Border Guard is no border."""
    return any(body.first <= hit.first < body.last for body in reading.of("source"))


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
    return before.place if same_paragraph(before, count) else None


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


def same_paragraph(draft: Draft, count: Count) -> bool:
    """Whether a claim was made in the paragraph that a figure stands in."""
    return draft.reading.sentence.paragraph == count.reading.sentence.paragraph


def _came_back(count: Count, mate: Draft) -> bool:
    """Whether a bare figure is of those who came back whence the sentence let them go: "900 left Jordan for Iraq and 400 came back"."""
    cue = count.cue
    if cue.view != "returns" or cue.measure is not Measure.ENTRIES or count.at < mate.item:
        return False
    gone = mate.cue.measure is Measure.EXITS and count.head.what in {"", "measure"} and mate.at == count.n
    ends = {named.place.code for named in count.reading.named if named.form == "name"}
    named_after = any(named.form == "name" and named.first > count.at for named in count.reading.named)
    sides = {mate.place.code if mate.place is not None else None, mate.counterpart}
    return gone and not named_after and len(ends) > 1 and ends <= sides


def _turned(count: Count, where: Whereabouts, home: Place | None) -> tuple[Cue, Place | None, str | None]:
    """What a figure counts, where and from or to where, once the way back and the source's side are seen."""
    cue, reading, linked = count.cue, count.reading, count.linked
    spot, counterpart = where.place, where.counterpart
    mate = linked if linked is not None and linked.at == count.n and linked.place is not None else None
    bare = count.head.what != "people" or all(named.form != "name" for named in reading.named)
    bare = bare and linked is not None and same_paragraph(linked, count)
    there = mate if mate is not None else linked if bare else None
    if cue.view == "back" and there is not None and there.cue.measure in _OPPOSITE:
        # "The number going the other way rose from 100 to 116": both went that way.
        along = there.reading is reading and there.cue.first == cue.first
        cue = replace(cue, measure=there.cue.measure if along else _OPPOSITE[there.cue.measure])
        spot, counterpart = there.place, there.counterpart
    elif mate is not None and _came_back(count, mate):
        spot, counterpart = mate.place, mate.counterpart
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

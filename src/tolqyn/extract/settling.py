"""Where a figure is counted whose own sentence names no place: head of the sentence, source, claims before.

It reads the course and writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection

from tolqyn.claims import Measure
from tolqyn.extract.asides import heads_report, is_seat, tells_where
from tolqyn.extract.attribution import Attribution, is_local
from tolqyn.extract.course import BACK, Count, Course, is_linked
from tolqyn.extract.draft import Draft
from tolqyn.extract.headings import is_heading
from tolqyn.extract.reading import Named, Reading
from tolqyn.extract.seats import SEATS
from tolqyn.extract.spans import Span
from tolqyn.places import Place, capital, place, region_of

__all__ = ["is_yearly", "section_place", "settle_place"]

_MADE = {Measure.DETENTIONS, Measure.DEPORTATIONS, Measure.REFUSALS}  # by a body, in its own country
_HELD = {Measure.SHELTER, Measure.STOCK, Measure.ENTRIES}
_TAKEN_IN = {Measure.ENTRIES, Measure.REGISTRATIONS, Measure.APPLICATIONS}
_LOCAL = {Measure.SHELTER, Measure.PRICE, Measure.QUEUE}  # of one town or checkpoint
# Counted by a country's own bodies, for all of it.
_NATIONAL = {
    Measure.APPLICATIONS, Measure.REGISTRATIONS, Measure.DEPORTATIONS, Measure.REFUSALS, Measure.NET,
}  # fmt: skip
_DECIDED = {Measure.APPLICATIONS, Measure.REGISTRATIONS}  # by the country whose bodies count them
_YEARS = {"this_year", "last_year", "first_months", "past_year", "year_to", "first_half"}
_YEAR = 360  # days of a year or of twelve months, at least
_AWAY = {"fare", "exits", "sends", "transfers"}
_TOWN_HALLS = ("City of ", "Municipality of ")
_OF_REGIONS = {"Prefecture", "Sub-Prefecture", "Police Headquarters", "Governorate"}
_OF = 2  # items between a body and the place whose it is, at most
_LEVEL = {Measure.STOCK, Measure.SHELTER, Measure.PRICE, Measure.QUEUE}
_WIDE = {"most spoken of", "of the source"}
_AT_HOME = {
    Measure.ENTRIES, Measure.STOCK, Measure.REGISTRATIONS, Measure.APPLICATIONS, Measure.SHELTER,
}  # fmt: skip


def settle_place(course: Course, count: Count, base: str | None) -> Place | None:
    """The place of a figure whose sentence names none."""
    found = _settled(course, count, base)
    wide = found is not None and found.kind == "country" and count.evidence["place"] in _WIDE
    if found is None or not wide:
        return found
    town = _only_town(course, count.n, found)
    if town is not None and count.cue.measure in _NATIONAL and _speaks_for_country(count, town):
        return found
    if town is not None:
        count.evidence["place"] = "only town named"
    return town or found


def _is_whither(count: Count, frame: Named) -> bool:
    """Whether a name at the head of a sentence is where people left for: "в Ош уехали", "Грузия – туда уехали"."""
    exits = count.cue.measure is Measure.EXITS and "to" in frame.roles
    there = count.reading.ending("role.thither", count.cue.first)
    return exits and 0 <= (count.cue.first if there is None else there.first) - frame.last <= 1


def _speaks_for_country(count: Count, town: Place) -> bool:
    """Whether a body of a country speaks, and none of a town."""
    said = count.attribution
    return (
        said is not None
        and said.country is not None
        and not is_local(said)
        and all(named.place is not town for named in count.reading.named if named.first in _beside(said))
    )


def _beside(said: Attribution) -> frozenset[int]:
    """The items of a body's name, and the one behind it: "das Ausländeramt Chemnitz"."""
    return said.taken | {item + 1 for item in said.taken}


def _only_town(course: Course, n: int, land: Place) -> Place | None:
    """The one town or region of a country that a text has named so far, if it never names the country."""
    if land.code in course.scene.lands:
        return None
    towns: dict[str, Place] = {}
    for reading in course.scene.readings[: min(n + 1, BACK)]:
        if reading.of("role.country"):
            return None
        for named in reading.named:
            if named.form == "name" and named.place.country == land.code:
                towns[named.place.code] = named.place
    town = next(iter(towns.values())) if len(towns) == 1 else None
    # From its capital a text may tell of the whole country.
    return town if town is not None and not town.is_capital_of(land) else None


def _settled(course: Course, count: Count, base: str | None) -> Place | None:
    # Exits from their own country are no sign of where the next figure is counted.
    model = _draft_before(course, count)
    before = model.place if model is not None else None
    if before is not None and model is not None and model.counterpart and _after_leaving(model, count):
        before = place(model.counterpart) or before
    goes_on = model is not None and model.at == count.n and model.cue.measure is count.cue.measure
    said = count.attribution
    removes = count.cue.measure is Measure.DEPORTATIONS and _is_national(said)
    acts = said is not None and (said.acts or (removes and said.country != base))
    if not goes_on and count.cue.measure in _MADE and said is not None and acts:
        count.evidence["place"] = "of the source"
        return place(said.country) if said.country else course.scene.owner
    names = [named for named in count.reading.named if not heads_report(count.reading, named)]
    if count.cue.measure in _DECIDED and count.attribution is not None and count.attribution.taken:
        land = place(count.attribution.country or "")
        if land is not None and land.code != base and not is_local(count.attribution):
            count.evidence["place"] = "of the source"
            return land
    subject = next((named for named in names if named.form == "name" and not named.roles), None)
    away = {None, base, course.scene.people}
    if subject is not None and count.reading.of("role.country") and subject.place.country not in away:
        count.evidence["place"] = "subject of the sentence"
        return subject.place
    frame = names[0] if names else None
    if (
        frame is not None
        and frame.first <= 2
        and ({"in", "to"} & frame.roles or _set_off(count.reading, frame))
        and frame.place.country != base
        and not _is_whither(count, frame)
    ):
        # "In Kazakhstan, ..." at its head is where the sentence plays; "Kazakhstan, Almaty: ..." is the town.
        count.evidence["place"] = "head of the sentence"
        towns = (named.place for named in names[1:2] if named.first == frame.last + 1)
        return next((town for town in towns if town.country == frame.place.code), frame.place)
    if (
        count.attribution is not None
        and count.attribution.country
        and count.attribution.taken
        and (count.attribution.country != base or count.cue.measure is Measure.EXITS)
        and count.reading.of("role.country")
    ):
        count.evidence["place"] = "country of the source"
        return place(count.attribution.country)
    if before is not None and before.country not in {None, base} and count.reading.of("role.country"):
        # A town or region holds on, but not where "the country" is spoken of.
        before = place(before.country or "")
    if before is not None and model is not None and _widens(course, count, model):
        before = place(before.country or "") or before
    local = _local(course, count) or _capital_spoken_of(course, count)
    if local is not None:
        count.evidence["place"] = "named before"
        return local
    town = _town(course, count, model)
    if town is not None:
        count.evidence["place"] = "of the headline"
        return town
    hall = _of_town_hall(count)
    if hall is not None and (before is None or before.kind == "country" or _speaks_of_its_town(count)):
        count.evidence["place"] = "of the source"
        return hall
    region = _of_regional_body(count)
    if region is not None:
        count.evidence["place"] = "of the source"
        return region
    kept = model is not None and model.cue.measure is count.cue.measure
    national = _of_another_land(count, before, base) or _back_home(course, count, model, base)
    if national is not None:
        count.evidence["place"] = "of the source"
        return national
    framed = _framed(course, count, model)
    if framed is not None:
        count.evidence["place"] = "named before"
        return framed
    if before is not None and (before.country != base or kept or count.cue.measure not in _AT_HOME):
        count.evidence["place"] = "carried"
        return before
    if count.attribution is not None and count.attribution.country and count.attribution.country != base:
        count.evidence["place"] = "of the source"
        return place(count.attribution.country)
    count.evidence["place"] = "most spoken of"
    if (
        course.scene.focus is None
        and count.cue.measure is Measure.EXITS
        and base is not None
        and model is None
    ):
        return place(base)
    return course.scene.focus


def _after_leaving(model: Draft, count: Count) -> bool:
    """Whether people are taken in or registered after they left elsewhere, and so where they went."""
    return model.cue.measure is Measure.EXITS and count.cue.measure in {*_DECIDED, Measure.SHELTER}


def _of_town_hall(count: Count) -> Place | None:
    """The town whose hall a sentence names as its source: "Trafford council has registered 1,340 children"."""
    said = count.attribution
    if said is None or not said.taken or not (said.organization or "").startswith(_TOWN_HALLS):
        return None
    seat = place((said.organization or "").partition(" of ")[2])
    return seat if seat is not None and seat.kind in SEATS else None


def _of_regional_body(count: Count) -> Place | None:
    """The region whose body a sentence names as its source, where it speaks of "the province"."""
    said = count.attribution
    if said is None or not said.taken or count.cue.view == "moves" or not count.reading.of("role.area"):
        return None
    seat = place((said.organization or "").partition(" of ")[2].removeprefix("the "))
    return seat if seat is not None and seat.kind == "region" else None


def _speaks_of_its_town(count: Count) -> bool:
    """Whether a sentence speaks of "the city" whose hall it names."""
    named = count.attribution is not None and count.attribution.country is not None
    return named and bool(count.reading.of("role.town"))


def _of_another_land(count: Count, before: Place | None, base: str | None) -> Place | None:
    """The country whose body a sentence names, where the claim before was told of another: it counts its own."""
    source = count.attribution
    if before is None or source is None or not source.taken or is_local(source) or source.country is None:
        return None
    return None if source.country in {base, before.country} else place(source.country)


def _back_home(course: Course, count: Count, model: Draft | None, base: str | None) -> Place | None:
    """The country whose bodies need no name, where one of them speaks in the paragraph after a round of other countries."""
    said, owner = count.attribution, course.scene.owner
    if model is None or model.place is None or said is None or owner is None or owner.code == base:
        return None
    if model.reading.sentence.paragraph == count.reading.sentence.paragraph or is_local(said):
        return None
    round_ = {draft.place.country for draft in course.recent() if draft.at == model.at and draft.place}
    told = said.taken and said.body and model.place.country != owner.code
    return owner if told and len(round_) > 1 else None


def _framed(course: Course, count: Count, model: Draft | None) -> Place | None:
    """The one place that the paragraph has named before it counts anybody, in another country than the paragraph before.

    "In Bujumbura the minister disputes the figures. Four thousand have come back."
    """
    before = course.scene.focus if model is None else model.place
    if before is None or (model is not None and model.reading.sentence.headline):
        return None
    if model is not None and model.reading.sentence.paragraph == count.reading.sentence.paragraph:
        return None
    places = {
        named.place.code: named.place
        for n, reading in enumerate(course.scene.readings[: count.n])
        if reading.sentence.paragraph == count.reading.sentence.paragraph and n not in course.datelines
        for named in reading.named
        if named.form == "name" and named.place.country is not None and "from" not in named.roles
        if reading.ending("role.frontier", named.first) is None
    }
    spot = next(iter(places.values())) if len(places) == 1 else None
    if spot is None or spot.country == before.country:
        return None
    land = place(spot.country or "")
    return land if land is not None and spot.governs(land) else spot


def _town(course: Course, count: Count, model: Draft | None) -> Place | None:
    """The town that the text is about, where neither a country nor its bodies are spoken of just here."""
    town = course.scene.town or (course.scene.seat if count.cue.measure in _LOCAL else None)
    if town is None or count.cue.measure in _NATIONAL or _speaks_widely(count):
        return None
    reading = count.reading
    if any(named.place.code == town.country and not tells_where(reading, named) for named in reading.named):
        return None
    if model is not None and model.place is not None:
        here = model.at == count.n or model.reading.sentence.paragraph == count.reading.sentence.paragraph
        if model.place.kind != "country" or (here and count.cue.measure not in _LOCAL):
            return None
    said = count.attribution
    national = said is not None and said.country is not None and _is_national(said)
    return None if national else town


def _is_national(said: Attribution | None) -> bool:
    """Whether a sentence names a body of a country, and none of a town or region, as its source."""
    named = said is not None and said.taken and not is_local(said)
    return said is not None and bool(named and (said.country or said.body))


def _widens(course: Course, count: Count, model: Draft) -> bool:
    """Whether a figure is one of a country, after one of a town or region in it: one of a whole year."""
    focus, spot = course.scene.focus, model.place
    if spot is None or spot.kind == "country" or focus is None or spot.country != focus.code:
        return False
    if model.at == count.n or count.cue.measure in _LOCAL or course.scene.town is not None:
        return False
    return any(is_yearly(span) or (span.length or 0) >= _YEAR for _, _, span in count.windows)


def is_yearly(span: Span) -> bool:
    """Whether days are those of a whole year, or of one up to a day: what is counted over them is traffic of all kinds."""
    return span.accuracy == "year" or span.kind in _YEARS


def _speaks_widely(count: Count) -> bool:
    """Whether a sentence speaks of a country, of a whole year or of what is to come, and so of no town alone."""
    reading = count.reading
    if reading.of("role.country") or any(hit.value == "forecast" for hit in reading.of("modality")):
        return True
    return any(is_yearly(span) for _, _, span in count.windows)


def _draft_before(course: Course, count: Count) -> Draft | None:
    """The claim before, whose place holds on; what happens in one town does not move the rest there."""
    here = count.cue.measure in _LOCAL
    for draft in course.recent():
        if not is_linked(draft, count.n, count.reading):
            return None
        if not here and draft.cue.measure in _LOCAL:
            continue
        if draft.at == count.n or here:
            return draft
        if not _in_passing(course, draft, count.reading) and not _is_part(course, draft):
            return draft
    return None


def _is_part(course: Course, draft: Draft) -> bool:
    """Whether a claim only says where a part went of those counted before in its sentence: "3,262 came to Germany, 1,566 of them to Brandenburg"."""
    spot = draft.place
    if spot is None or spot.kind == "country":
        return False

    wholes = (other for other in course.recent() if other.at == draft.at and other.item < draft.item)
    return any(
        other.place is not None
        and other.place.kind == "country"
        and spot.country in {other.place.code, None}
        and other.cue.measure is draft.cue.measure
        for other in wholes
    )


def _in_passing(course: Course, draft: Draft, reading: Reading) -> bool:
    """Whether the place of a claim before was only one spot of a country that the text counts as a whole."""
    if draft.place is None or draft.place.kind == "country" or not _counts_a_country(course):
        return False
    same = draft.reading.sentence.paragraph == reading.sentence.paragraph
    return draft.place.kind == "checkpoint" or not same


def _counts_a_country(course: Course) -> bool:
    """Whether the first claim is about a whole country: then towns count only where they are named."""
    first = course.drafts[0].place if course.drafts else None
    return first is not None and first.kind == "country"


def _local(course: Course, count: Count) -> Place | None:
    """The town or checkpoint named last, for what happens in one: queues, shelter, rents."""
    wide = False
    said_here = bool(count.reading.among("role.town", "role.area"))
    held = _held_before(course, count)
    if held is not None:
        return held
    if count.cue.view == "transfers":
        return _left_on_from(course, count)
    if count.reading.of("role.town"):
        kinds, back = {"city"}, 8
    elif _is_here(count) and not (count.cue.measure is Measure.STOCK and _counts_a_country(course)):
        kinds, back, wide = {"city", "checkpoint"}, 8, True
    elif count.reading.of("role.area"):
        around = _around_town(course, count)
        if around is not None:
            return around
        kinds, back = {"region"}, count.n
    elif course.section is not None and course.section[0] == course.scene.readings[count.n].sentence.line:
        return course.section[1]
    elif count.cue.measure in {Measure.SHELTER, Measure.PRICE}:
        kinds, back = {"city", "region"}, 8
        wide = _counts_a_country(course) or course.scene.town is not None
    elif count.cue.measure is Measure.QUEUE or count.cue.view == "moves":
        kinds, back = {"checkpoint"}, 3 if count.cue.view == "moves" else 8
    else:
        return None
    # "The enclave" may be where those come from who are counted, but not where they are taken in.
    said = count.reading.among("role.town", "role.area") and count.cue.measure not in _TAKEN_IN
    origins = set() if said else {draft.counterpart for draft in course.recent()}
    moves = count.cue.view == "moves" and not said_here
    since = course.last(count.n) if moves else None
    for at in range(count.n - moves, max(count.n - back, 0) - 1, -1):
        other = course.scene.readings[at]
        if since is not None and since.at >= at and since.place is not None and since.place.kind == "country":
            return None  # "38,600 have come to Uganda since March; on the busiest day 10,200 crossed"
        if other is not count.reading and is_heading(other):
            return None
        if wide and other.sentence.paragraph != count.reading.sentence.paragraph:
            return None
        found = _named_in(course, at, kinds, origins)
        if found is not None:
            return found
    seat = course.scene.seat
    island = seat is not None and seat.kind == "region" and bool(count.reading.of("role.town"))
    return seat if island else None  # "LAMPEDUSA - 5,100 people reached the island"


def _held_before(course: Course, count: Count) -> Place | None:
    """The town or camp whose people the sentence has counted just before: "2,700 live in Pournara; it is made for 1,000"."""
    mate = course.last(count.n)
    if mate is None or mate.at != count.n or {mate.cue.measure, count.cue.measure} != {Measure.SHELTER}:
        return None
    anew = any(mate.item < named.first < count.at for named in count.reading.named)
    return mate.place if mate.place is not None and mate.place.kind != "country" and not anew else None


def _around_town(course: Course, count: Count) -> Place | None:
    """The region whose seat the sentence before has counted people in: "90 sleep in a school in Uralsk", "in the region"."""
    mate = course.last(count.n - 1)
    if mate is None or mate.at != count.n - 1 or mate.cue.measure is Measure.PRICE or mate.place is None:
        return None
    apart = mate.reading.sentence.paragraph != count.reading.sentence.paragraph
    return None if apart else region_of(mate.place)


def _left_on_from(course: Course, count: Count) -> Place | None:
    """The camp or town whose people the paragraph has counted, from which they are taken on: "760 were transferred to Catania"."""
    paragraph = count.reading.sentence.paragraph
    for draft in course.recent():
        if draft.reading.sentence.paragraph != paragraph:
            return None
        if draft.place is not None and draft.place.kind != "country" and draft.cue.measure in _HELD:
            return draft.place
    return None


def _is_here(count: Count) -> bool:
    """Whether "here" or "there" stands in the clause of what is counted: the town or camp named last is meant."""
    begin, end = count.reading.clause(count.cue.first)
    return any(begin <= hit.first < end for hit in count.reading.of("role.here"))


def _capital_spoken_of(course: Course, count: Count) -> Place | None:
    """The capital of the country that the claims before, or else the text, are about, where a sentence speaks of it."""
    if count.cue.measure not in _LEVEL or not count.reading.of("role.capital"):
        return None
    model = _draft_before(course, count)
    land = model.place.country if model is not None and model.place is not None else None
    focus = course.scene.focus
    return capital(land or (focus.code if focus is not None else ""))


def _named_in(
    course: Course, at: int, kinds: Collection[str], origins: Collection[str | None]
) -> Place | None:
    """The last place of some kinds that a sentence tells to be where something happens, and not whence people came."""
    reading = course.scene.readings[at]
    if at in course.datelines:
        return None
    away = any(hit.value in _AWAY for hit in reading.of("measures"))
    focus = course.scene.focus
    for named in reversed(reading.named):
        adjective = named.form == "adjective" and named.place.kind == "region"  # "the Canarian president"
        if named.place.kind not in kinds or named.place.code in origins:
            continue
        if named.form != "name" and not adjective:
            continue
        if away and named.roles == {"to"}:
            continue  # where people go on to, or a ticket leads to
        if focus is not None and named.place.country not in {focus.country, None}:
            continue
        if _names_body(reading, named):
            continue
        if not (heads_report(reading, named) or is_seat(reading, named) or tells_where(reading, named)):
            return named.place
    return None


def _names_body(reading: Reading, named: Named) -> bool:
    """Whether a town only gives a body of its whole region its name: "the prefecture of Crotone"."""
    return any(
        0 <= named.first - hit.last <= _OF and hit.value[1] in _OF_REGIONS for hit in reading.of("source")
    )


def section_place(course: Course, named: Place) -> Place:
    """The place that a section is about; in a list of regions a town stands for its region."""
    region = place(f"{named.name} Region") if course.regional and named.kind == "city" else None
    return region if region is not None and region.country == named.country else named


def _set_off(reading: Reading, frame: Named) -> bool:
    """Whether the country that a sentence begins with is set off by a mark: "Ecuador, for its part, ..."."""
    marked = frame.last < len(reading.items) and reading.items[frame.last].text in {",", ":"}
    return marked and not frame.roles and frame.form == "name" and frame.place.kind == "country"

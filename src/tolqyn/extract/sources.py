"""Whether the source that a text named before still speaks in a figure's sentence.

It reads the course and writes nothing. Who speaks in a sentence: speakers.py and scene.py.
"""

from __future__ import annotations

from dataclasses import replace

from tolqyn.claims import Measure
from tolqyn.extract.attribution import Attribution
from tolqyn.extract.course import LEVELS, SUPPLIED, Count, Course
from tolqyn.places import Place, place

__all__ = ["find_source"]

# What a body counts in its own country, as it hardly counts those who left another.
_HERE = {
    Measure.ENTRIES, Measure.STOCK, Measure.SHELTER, Measure.REGISTRATIONS, Measure.APPLICATIONS,
}  # fmt: skip
# What one body sees at its borders.
_AT_BORDERS = {
    Measure.ENTRIES, Measure.EXITS, Measure.NET, Measure.REFUSALS, Measure.DETENTIONS, Measure.DEPORTATIONS,
}  # fmt: skip
# What a body does itself: that of the country that the language is spoken in may do it to those of another.
_DONE = {Measure.DETENTIONS, Measure.DEPORTATIONS, Measure.REFUSALS}


def find_source(course: Course, count: Count, spot: Place | None, base: str | None) -> Attribution | None:
    """Who states a figure about a place and a citizenship; None where nobody does."""
    source = count.attribution or _of_price_before(course, count)
    if source is None or not _still_speaks(course, count, source, spot):
        return None
    count.evidence["organization"] = source.words or source.speaker or ""
    owner = _owner(course, count, spot, base)
    return source.owned_by(owner) if owner is not None else source


def _of_price_before(course: Course, count: Count) -> Attribution | None:
    """The portal that told of the price which the sentence before has, where this one goes on with it."""
    last = course.drafts[-1] if course.drafts else None
    if last is None or {last.cue.measure, count.cue.measure} != {Measure.PRICE} or last.attribution is None:
        return None
    same = last.reading.sentence.paragraph == count.reading.sentence.paragraph
    return replace(last.attribution, taken=frozenset()) if same and count.n - last.at <= 1 else None


def _owner(course: Course, count: Count, spot: Place | None, base: str | None) -> Place | None:
    """The country of a body named without one: the first that it counts arrivals or presence in, by name.

    "33,800 came to Poland, the border guard said" is Poland's, whoever writes it. What it says next is of the
    same country. None where the sentence leaves the place to the context as well, for those who
    go home, and for its own citizens who live abroad or are turned back there. Where the language tells the country, only a name in the sentence speaks against it.
    """
    at = course.scene.heard[count.n]
    if at is None:
        return None
    if at not in course.owners:
        own = (
            count.cue.measure in _DONE | {Measure.STOCK}
            and course.scene.owner is not None
            and base == course.scene.owner.code
        )
        at_home = course.scene.at_home
        own = own or (at_home and count.cue.view == "returns")
        supplied = SUPPLIED if at_home else SUPPLIED - {"named before", "carried"}
        told = (
            not own
            and count.evidence.get("place") not in supplied
            and count.cue.measure in (_HERE if at_home else _HERE | _DONE)
            and at >= count.n
        )
        land = place(spot.country) if told and spot is not None and spot.country else None
        if spot is not None and spot.across is not None and _runs(course, spot):
            land = course.scene.owner
        course.owners[at] = land
    return course.owners[at]


def _runs(course: Course, spot: Place) -> bool:
    """Whether the country that a text writes from lies on one side of a checkpoint: its guards count there."""
    owner = course.scene.owner
    return owner is not None and owner.code in {spot.country, spot.across}


def _still_speaks(course: Course, count: Count, source: Attribution, spot: Place | None) -> bool:
    """Whether a source named in another paragraph is still the source.

    It is for the movement that it told of; what the text adds on its own are levels, rents, shelter and
    other places. The only source of a text is that of its levels and of other places as well.
    """
    at = course.scene.heard[count.n]
    if at is not None and at != count.n and _prices_anew(course, count, source):
        return False
    narrow = (source.local or source.acts) and not course.scene.sole
    if at is not None and at < count.n and narrow and not _counts_on(course, count, source):
        return False
    if at is not None and at < count.n and source.local and _is_elsewhere(count, source, spot):
        return False
    if at is None or at > count.n or count.reading.sentence.bullet:
        return True
    if course.scene.readings[at].sentence.paragraph == count.reading.sentence.paragraph:
        return True
    if course.scene.sole and not _tells_anew(count):
        return True
    if count.cue.measure in LEVELS or count.cue.measure is Measure.PRICE:
        return False
    told = (
        draft.place
        for draft in course.recent()
        if draft.at >= at and draft.attribution and draft.attribution.organization == source.organization
    )
    last = next(told, None)
    if last is None or spot is None:
        return True
    return last.country == spot.country and last.kind in {"country", spot.kind}


def _tells_anew(count: Count) -> bool:
    """Whether a text tells a figure of its own: rents, shelter, how many a country has ("Georgia counts 3.7 million")."""
    first = count.reading.named[0] if count.reading.named else None
    country = first is not None and first.first == 0 and first.place.kind == "country" and not first.roles
    has = country and count.cue.measure is Measure.STOCK
    return has or count.cue.measure in {Measure.PRICE, Measure.SHELTER}


def _prices_anew(course: Course, count: Count, source: Attribution) -> bool:
    """Whether a figure is a rent or a fare in money, of which who spoke before told none."""
    if count.cue.measure is not Measure.PRICE or count.head.what == "percent":
        return False
    said = (
        draft
        for draft in course.recent()
        if draft.attribution and draft.attribution.organization == source.organization
    )
    last = next(said, None)
    return last is not None and last.cue.measure is not Measure.PRICE


def _counts_on(course: Course, count: Count, source: Attribution) -> bool:
    """Whether a figure is of what a body told of before: a town hall, or who only acted, speaks of nothing else."""
    said = {
        draft.cue.measure
        for draft in course.recent()
        if draft.attribution and draft.attribution.organization == source.organization
    }
    measure = count.cue.measure
    return measure in said or (measure in _AT_BORDERS and not said.isdisjoint(_AT_BORDERS))


def _is_elsewhere(count: Count, source: Attribution, spot: Place | None) -> bool:
    """Whether a figure is about another town or region than the one whose body spoke before."""
    if spot is None or spot.kind == "country" or count.evidence.get("place") in SUPPLIED:
        return False
    return spot.name.split()[0] not in (source.organization or "")

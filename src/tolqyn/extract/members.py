"""Whose movement a figure is, where its sentence does not name the group: carried, or most spoken of.

It reads the course and writes nothing.
"""

from __future__ import annotations

from tolqyn.claims import Measure
from tolqyn.extract.course import Count, Course
from tolqyn.extract.draft import Draft
from tolqyn.extract.groups import Group
from tolqyn.extract.reading import Reading
from tolqyn.places import Place

__all__ = ["citizens_here", "lists_places", "plain_group", "settle_group"]

_ALPHA3 = 3  # letters of the code of a country


def settle_group(course: Course, count: Count, group: Group | None, spot: Place | None, *, told: bool) -> str:
    """Whose movement a figure is.

    Bare people are everybody where the sentence says anew whence or where they move (`told`).
    """
    if count.cue.measure is Measure.PRICE:
        return "any"
    if group is not None:
        count.evidence["group"] = group.words
        return group.name
    linked, cue = count.linked, count.cue
    if count.head.what in {"vehicles", "crossings"} or cue.measure is Measure.QUEUE:
        return "any"
    moved = linked is not None and linked.place != spot and count.evidence.get("place") != "carried"
    persons = count.head.what == "persons"
    if persons and (linked is None or moved or told or cue.view == "back"):
        return "any"
    if linked is not None and linked.group != "any":
        name = linked.group if linked.group == "foreign" else linked.base or linked.group
        if _may_supply(course, count, name):
            count.evidence["group"] = "carried"
            return name
        return "any"
    if linked is not None and not moved and linked.cue.measure is cue.measure:
        count.evidence["group"] = "carried"
        return linked.group
    people = course.scene.people
    if people is None or not _may_supply(course, count, people):
        return "any"
    count.evidence["group"] = "most spoken of"
    return people


def _may_supply(course: Course, count: Count, name: str) -> bool:
    """Whether a figure without a group is of a citizenship: of one that the head of the text names.

    Else of the one named with the figure before; bare "people" are of it only where the very title names it.
    What is no citizenship holds on.
    """
    if not (len(name) == _ALPHA3 and name.isupper()):
        return True
    if count.head.what == "persons":
        return name in course.scene.titled
    before = count.linked.evidence.get("group", "carried") if count.linked is not None else "carried"
    return name in course.scene.led or before not in {"carried", "most spoken of"}


def plain_group(course: Course, linked: Draft | None) -> str | None:
    """The citizenship spoken of: of the claim before, else of the document."""
    if linked is not None and linked.base is not None:
        return linked.base
    return course.scene.people


def lists_places(course: Course, n: int) -> bool:
    """Whether the list that a sentence stands in goes through the places that people came to."""
    readings = course.scene.readings
    heading = n
    while heading > 0 and readings[heading].sentence.bullet and not readings[heading].of("measures"):
        heading -= 1
    return bool(readings[heading].of("role.abroad"))


def citizens_here(reading: Reading, at: int, home: Place | None) -> Group | None:
    """The citizens of "the republic": of the country that speaks."""
    for hit in reading.of("group"):
        land = reading.at("role.country", hit.last) or reading.ending("role.country", hit.first)
        if home is None or home.kind != "country" or land is None or hit.value[0] != "citizens":
            continue
        if 0 <= hit.first - at <= 3:
            return Group(
                home.code, home.code, reading.words(hit.first, hit.last), hit.first, hit.last, "citizens"
            )
    return None

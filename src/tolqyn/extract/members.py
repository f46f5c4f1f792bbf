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


def settle_group(course: Course, count: Count, group: Group | None, spot: Place | None, *, told: bool) -> str:
    """Whose movement a figure is.

    Bare people are everybody where the sentence says anew whence or where they move (`told`).
    """
    if count.cue.measure is Measure.PRICE:
        return "any"
    if group is not None:
        count.evidence["group"] = group.words
        return group.name
    moved = (
        count.linked is not None and count.linked.place != spot and count.evidence.get("place") != "carried"
    )
    if count.head.what == "persons" and (count.linked is None or moved or told or count.cue.view == "back"):
        return "any"
    if count.linked is not None and count.linked.group != "any":
        count.evidence["group"] = "carried"
        return (
            count.linked.group if count.linked.group == "foreign" else count.linked.base or count.linked.group
        )
    if count.linked is not None and not moved and count.linked.cue.measure is count.cue.measure:
        count.evidence["group"] = "carried"
        return count.linked.group
    if course.scene.people is None:
        return "any"
    count.evidence["group"] = "most spoken of"
    return course.scene.people


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

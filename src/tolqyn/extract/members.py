"""Whose movement a figure is, where its sentence does not name the group: carried, or most spoken of.

It reads the course and writes nothing.
"""

from __future__ import annotations

from tolqyn.claims import Measure
from tolqyn.extract.course import Count, Course
from tolqyn.extract.draft import Draft
from tolqyn.extract.groups import Group, find_groups
from tolqyn.extract.reading import Reading
from tolqyn.places import Place

__all__ = [
    "applicants_from",
    "citizens_here",
    "fellow_citizens",
    "lists_places",
    "plain_group",
    "settle_group",
]

_ALPHA3 = 3  # letters of the code of a country
_DECIDED = {Measure.APPLICATIONS, Measure.REGISTRATIONS}
_OFTEN = 2  # times that a text names a people that is meant where it names none, at least
_NEXT = 2  # items from a figure to its noun, at most
_RULING = 0.7  # share of all peoples named that are the one a text is about


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
    share = linked is not None and linked.head.what == "percent" and linked.evidence.get("group") != "carried"
    plain = linked is not None and linked.base is None and linked.group[:1].islower()
    if share and plain and linked is not None and linked.group != "foreign":
        return "any"  # "half of them are children" tells of no child what comes next
    if linked is not None and linked.group != "any":
        name = linked.group if linked.group == "foreign" else linked.base or linked.group
        if _may_supply(course, count, name):
            count.evidence["group"] = "carried"
            return name
        return "any"
    if linked is not None and not moved and linked.cue.measure is cue.measure:
        count.evidence["group"] = "carried"
        return linked.group
    headed = _of_topic(course, count)
    if headed is not None:
        count.evidence["group"] = "of the heading"
        return headed
    people = course.scene.people
    if people is None or not _is_subject(course, people) or not _may_supply(course, count, people):
        return "any"
    count.evidence["group"] = "most spoken of"
    return people


def _of_topic(course: Course, count: Count) -> str | None:
    """The one people that a heading names whose measure a bare figure takes: "Where are the Ukrainians? Poland 1.5 million"."""
    if not count.carried or course.topic is None or count.linked is not None or count.head.what:
        return None
    groups = find_groups(course.scene.readings[course.topic[0]], None)
    names = {
        group.base for group in groups if group.base is not None and group.form in {"people", "citizens"}
    }
    return names.pop() if len(names) == 1 else None


def _may_supply(course: Course, count: Count, name: str) -> bool:
    """Whether a figure without a group is of the one named before, or of those most spoken of.

    The people that a text is about from its title on hold on through it, for bare "persons" too where it
    names them again and again. Others hold on for a bare figure in their paragraph: "Hondurans: 2,397
    entered, 1,500 left". A noun of its own ("refugees", "people") begins anew.
    """
    linked, scene = count.linked, course.scene
    before = linked.evidence.get("group", "carried") if linked is not None else "carried"
    told = before not in {"carried", "most spoken of"}
    near = linked is not None and linked.reading.sentence.paragraph == count.reading.sentence.paragraph
    bare = count.head.what not in {"persons", "people"}
    if not (len(name) == _ALPHA3 and name.isupper()):
        same = linked is not None and linked.at == count.n
        people = name.startswith("ethnic ")
        return bare and near and (same or (told and (people or not _is_part_of_others(course, linked))))
    if not bare and _fled_elsewhere(count.reading, name):
        return False
    ruling = scene.peoples.get(name, 0) >= _RULING * sum(scene.peoples.values())
    if ruling and name in scene.titled:
        return count.head.what != "persons" or scene.peoples[name] >= _OFTEN
    listed = linked is not None and linked.reading.sentence.bullet and count.reading.sentence.bullet
    return ruling and (near or listed) and (bare or (told and count.head.what == "people"))


def _is_part_of_others(course: Course, linked: Draft | None) -> bool:
    """Whether a sentence told a part of those it counted before: "10,167 are housed, 3,000 of them children"."""
    before = (draft for draft in course.recent() if linked is not None and draft.at == linked.at)
    return any(draft is not linked and draft.group != linked.group for draft in before if linked is not None)


def _fled_elsewhere(reading: Reading, people: str) -> bool:
    """Whether "refugees" came from one country to another, and neither is that of a people: "from Sudan to Egypt"."""
    ends = [named for named in reading.named if named.form == "name" and named.roles & {"to", "from"}]
    away = any(named.roles == {"from"} for named in ends)
    return away and len(ends) > 1 and all(named.place.country not in {people, None} for named in ends)


def _is_subject(course: Course, people: str) -> bool:
    """Whether a text is about a people: its title names it, and what follows names it again."""
    return people in course.scene.titled and course.scene.peoples[people] >= _OFTEN


def plain_group(course: Course, linked: Draft | None) -> str | None:
    """The citizenship spoken of: of the claim before, else of the document."""
    if linked is not None and linked.base is not None:
        return linked.base
    if linked is not None and linked.group.istitle() and " " not in linked.group:
        return linked.group  # "Rohingya"
    return course.scene.people


def lists_places(course: Course, n: int) -> bool:
    """Whether the list that a sentence stands in goes through the places that people came to."""
    readings = course.scene.readings
    heading = n
    while heading > 0 and readings[heading].sentence.bullet and not readings[heading].of("measures"):
        heading -= 1
    if heading > 0 and readings[heading].items[-1].text == ":" and not readings[heading].of("measures"):
        heading -= 1  # "By country:" says nothing of the movement
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


def fellow_citizens(course: Course, count: Count) -> Group | None:
    """Citizens of no country named: those of the country that acts, or whose body or minister speaks."""
    source, reading = count.attribution, count.reading
    land = None if source is None else source.country
    if source is not None and source.body and land is None and course.scene.owner is not None:
        land = course.scene.owner.code
    acting = (
        named.place.code
        for named in reading.named
        if named.form == "name"
        and named.place.kind == "country"
        and not named.roles
        and named.last <= count.at
    )
    land = next(acting, land)
    fellow = next((hit for hit in reading.of("group.fellow") if 1 <= hit.first - count.at <= _NEXT), None)
    if fellow is None or land is None:
        return None
    return Group(land, land, reading.words(fellow.first, fellow.last), fellow.first, fellow.last, "citizens")


def applicants_from(reading: Reading, count: Count) -> Group | None:
    """The people of the country that applications and permits are said to be from: "88,900 requests from Hong Kong"."""
    if count.cue.measure not in _DECIDED:
        return None
    begin, end = reading.clause(count.at)
    for named in reading.named:
        land = named.place.kind == "country" and named.form == "name" and named.roles == {"from"}
        if land and count.at < named.first and begin <= named.first < end:
            code = named.place.code
            return Group(
                code, code, reading.words(named.first, named.last), named.first, named.last, "origin"
            )
    return None

"""Whether a figure counts people, and what, where its own clause does not say: the measure that goes on.

It reads the course and writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from tolqyn.claims import Measure
from tolqyn.extract.course import LEVELS, Count, Course, is_linked
from tolqyn.extract.draft import Draft
from tolqyn.extract.figures import Figure
from tolqyn.extract.groups import find_groups
from tolqyn.extract.heads import Head, becomes, find_head
from tolqyn.extract.measures import Cue, find_cue, last_movement
from tolqyn.extract.reading import Reading
from tolqyn.extract.spans import Window
from tolqyn.extract.wording import find_rate

__all__ = ["FAR", "compares", "count_at", "count_of", "recalls", "signed"]

FAR = 24.0  # beyond this many words a cue in the sentence is weighed against what was said before

_DASHES = {":", "—", "–", "-"}
_LONG_AGO = timedelta(180)  # days behind those spoken of that are only recalled
_FALL = 6.0  # how near "fell", "fewer" stands to the percentage that it makes a fall
_LABELLED = 6  # items before a figure that its label alone takes, at most
_THOUSAND = 1000
_NO_PEOPLE = {"money", "percent", "decoy", "vehicles"}
_SMALL = 13  # figures below this count only with a noun beside them
_DEEDS = {"deportations", "refusals", "detentions"}
_NEAR = 8  # items between a sum and what it is in another currency
_STRONG = {"USD", "EUR", "GBP", "CHF"}
_DEAREST = 100_000  # of these, what no rent or fare comes to
_OLDEST = 100  # years of an age are fewer
_WAY = 14  # items from a figure to the names that say whence and whither
_TO, _FROM = frozenset({"to"}), frozenset({"from"})
_AGO = {"days_ago", "weeks_ago", "months_ago", "years_ago"}
_SUM = 6  # items from a percentage to the sum that it is of
_CLAUSE = 5  # items from a figure to the verb of its own relative clause
_VERBS = {"entries", "exits", "returns"}


def count_at(course: Course, n: int, reading: Reading, at: int, windows: Sequence[Window]) -> Count | None:
    """The figure at an item as a count of people; None where it counts none, or nothing says what.

    A figure of a headline that nothing explains yet waits in the course for the text below.
    """
    if any(first <= at < last for first, last, _ in windows) or _of_a_time(reading, at):
        return None
    head = find_head(reading, at)
    figure = _figure_at(course, reading, at, head)
    if figure is None or _counts_nothing(reading, at, head, figure, windows):
        return None
    last = course.last(n)
    linked = last if last is not None and is_linked(last, n, reading) else None
    cue = find_cue(reading, at, head.what)
    announced = (
        _announced(reading, at, head, windows) if cue is None or cue.view in {"there", "again"} else None
    )
    if announced is not None:
        cue = announced
    elif cue is not None and cue.view in {"there", "again"}:
        topic = course.topic[1] if course.topic is not None and course.topic[0] == n - 1 else None
        cue = _counted_again(reading, cue, linked, topic)
    cue = _goes_the_same_way(course, reading, _goes_on_housed(reading, cue, linked))
    compared = _compared_with(course, n, reading, at, head) if not _names_own(reading, cue, at) else None
    if compared is not None:
        cue, linked = replace(compared.cue, first=at, last=at, distance=8.0), compared
    carried = compared is not None
    if head.what == "percent" and not _is_share(reading, head, cue):
        return None
    cue = cue or _presence(reading, at, head, windows) or _passage(reading, at, head)
    cue = cue or _rent_told(course, n, reading, at, head)
    if _goes_on_in_money(n, head, cue, linked):
        cue = None  # "is let for 600,000 tenge, in summer they asked 350,000"
    if cue is None or cue.distance > FAR:
        borrowed = _borrow(course, n, reading, at, head, linked, windows)
        if borrowed is None and cue is None:
            if n < 2 and (head.what == "people" or figure.size >= 100) and not _is_uncounted(reading):
                course.waiting.append((n, reading, at, head))
            return None
        carried = borrowed is not None
        cue = borrowed or cue
    assert cue is not None
    mated = linked is not None and linked.at == n and windows
    bare = not head.what and not carried and not mated and figure.size < 100 and cue.distance > 3
    if bare and find_rate(reading, at) is None:
        return None
    count = count_of(course, n, reading, at, head, cue, windows, linked, carried=carried)
    count.aside = compared is not None
    return count


def _figure_at(course: Course, reading: Reading, at: int, head: Head) -> Figure | None:
    """The figure at an item; of "as many again" that of the claim before, if there is one."""
    item = reading.items[at]
    if item.value.same and not course.drafts:
        return None
    if item.value.same:
        item.value = replace(course.drafts[-1].figure, same=True)
    elif not head.what:
        item.value = _as_large(reading, at, item.value)
    figure: Figure = item.value
    return figure


def _as_large(reading: Reading, at: int, figure: Figure) -> Figure:
    """A figure in the thousands that the list it goes on with has told: "98 thousand to Kazakhstan, 53 to Georgia"."""
    before = [other for other in reading.figures if other < at]
    scale = reading.items[before[-1]].value.scale if before else 1
    if scale < _THOUSAND or not figure.plain or figure.size >= _THOUSAND or reading.bracketed(at):
        return figure
    begin, end = reading.clause(at)
    told = any(max(begin, before[-1]) <= hit.first < end for hit in reading.of("measures"))
    if told or not any(named.roles and abs(named.first - at) <= 2 for named in reading.named):
        return figure
    if find_head(reading, before[-1]).what in _NO_PEOPLE:
        return figure
    return replace(figure, value=figure.size * scale, scale=scale, plain=False)


def _counts_nothing(reading: Reading, at: int, head: Head, figure: Figure, windows: Sequence[Window]) -> bool:
    """Whether a figure counts no people whatever its sentence tells: a year, an age, a budget, what is not counted."""
    small = _of_a_deed(reading, at, head) or _of_a_day(reading, at, head, windows)
    if head.what == "decoy" or not (small or _may_count(figure, head, reading.items[at].text)):
        return True
    if head.what == "money" and (_is_conversion(reading, at, head) or _is_budget(figure, head)):
        return True
    return _begins_name(reading, at, head) or _is_age(reading, at, figure) or _of_uncounted(reading, at, head)


def _is_share(reading: Reading, head: Head, cue: Cue | None) -> bool:
    """Whether a percentage is one of people or of a price, and of no other sum."""
    priced = cue is not None and cue.measure is Measure.PRICE
    if _of_money(reading, head) and not priced:
        return False
    return reading.has("changes", "group") or _names_peoples(reading) or _of_persons(reading, head)


def count_of(
    course: Course,
    n: int,
    reading: Reading,
    at: int,
    head: Head,
    cue: Cue,
    windows: Sequence[Window],
    linked: Draft | None,
    *,
    carried: bool,
) -> Count:
    """A figure with what it counts (`cue`), whether said in its sentence or before (`carried`)."""
    return Count(
        n=n,
        reading=reading,
        at=at,
        figure=reading.items[at].value,
        head=head,
        cue=cue,
        windows=windows,
        linked=linked,
        attribution=course.scene.source_at(n, at),
        carried=carried,
        evidence={"measure": cue.words + (" (carried)" if carried else "")},
    )


def _goes_on_housed(reading: Reading, cue: Cue | None, linked: Draft | None) -> Cue | None:
    """A presence in a camp that the paragraph has just counted: "it has 2,000 places, on Tuesday 1,780 lived there"."""
    if cue is None or cue.view not in {"stock", "there"} or linked is None:
        return cue
    near = linked.reading.sentence.paragraph == reading.sentence.paragraph
    same = linked.reading is reading
    begin = linked.item if same else -1
    elsewhere = not same and any(named.form == "name" for named in reading.named)
    others = reading.among("role.country", "role.area", "role.town", "role.homes")
    elsewhere = elsewhere or any(hit.first > begin for hit in others)
    if linked.cue.measure is not Measure.SHELTER or not near or elsewhere:
        return cue
    return replace(cue, measure=Measure.SHELTER, view="shelter")


def _goes_the_same_way(course: Course, reading: Reading, cue: Cue | None) -> Cue | None:
    """A movement that says no direction as those counted before: "79,000 left the country; on Monday 11,000 crossed"."""
    if cue is None or cue.view != "moves" or cue.measure is not Measure.ENTRIES:
        return cue
    told = reading.of("directions") or any({"to", "from"} & set(named.roles) for named in reading.named)
    paragraph = reading.sentence.paragraph
    before = {draft.cue.measure for draft in course.recent() if draft.reading.sentence.paragraph == paragraph}
    left = Measure.EXITS in before and not before & {Measure.ENTRIES, Measure.NET}
    return replace(cue, measure=Measure.EXITS) if left and not told else cue


def _may_count(figure: Figure, head: Head, text: str) -> bool:
    """Whether a figure may be a count of people at all."""
    if figure.plain and text.startswith("0"):
        return False  # half of a date: "2022-09"
    told = head.what not in {"", "measure", "crossings"}
    if figure.plain and not told and figure.value is not None and 1900 <= figure.value <= 2100:
        return False
    if figure.size < _SMALL and not told:
        return False
    return 0 < figure.size < 1e10


def _goes_on_in_money(n: int, head: Head, cue: Cue | None, linked: Draft | None) -> bool:
    """Whether a bare figure that people only live by goes on with the prices of its sentence."""
    priced = linked is not None and linked.at == n and linked.head.what == "money"
    return priced and not head.what and (cue is None or cue.measure is Measure.STOCK)


def _of_a_time(reading: Reading, at: int) -> bool:
    """Whether a figure says how long ago something was, be it before the calendar: "5,000 years ago"."""
    return any(hit.value in _AGO and at in hit.slots for hit in reading.of("windows"))


def _of_a_deed(reading: Reading, at: int, head: Head) -> bool:
    """Whether a small figure alone stands right behind what was done to people: "turned back: 9"."""
    if head.what:
        return False
    deed = reading.ending("measures", at - 1 if reading.items[at - 1].text in _DASHES else at)
    return deed is not None and deed.value in _DEEDS


def _of_a_day(reading: Reading, at: int, head: Head, windows: Sequence[Window]) -> bool:
    """Whether a figure alone is set behind a day and a dash, after one that was counted: "1,478; on Tuesday - 9"."""
    if head.what or reading.items[at - 1].text not in _DASHES:
        return False
    return any(last in {at - 1, at} for _, last, _ in windows) and any(
        other < at for other in reading.figures
    )


def _is_budget(figure: Figure, head: Head) -> bool:
    """Whether a sum is too large for a rent or a fare: "199 million dollars"."""
    return head.unit in _STRONG and figure.size >= _DEAREST


def _is_conversion(reading: Reading, at: int, head: Head) -> bool:
    """Whether a sum only says the one before it in another currency: "200 dollars (96,000 tenge)"."""
    before = [other for other in reading.figures if at - _NEAR <= other < at]
    if not before or head.unit == "":
        return False  # what is itself said once more behind it
    first = find_head(reading, before[-1])
    between = reading.items[first.last : at]
    other = first.what == "money" and first.unit != head.unit
    return other and not any(item.kind == "d" for item in between) and len(between) <= _CLAUSE


def _of_uncounted(reading: Reading, at: int, head: Head) -> bool:
    """Whether a figure is a part of what is not counted: "300,000 are called up, 9,000 of them were sent home"."""
    part = reading.ending("group", head.last)
    if part is None or part.value[0] != "carried":
        return False
    whole = any(other < at for other in reading.figures)
    return whole and any(hit.value == "nothing" and hit.last <= at for hit in reading.of("measures"))


def _begins_name(reading: Reading, at: int, head: Head) -> bool:
    """Whether digits are written onto a word that is no noun of theirs: "47news"."""
    behind = reading.items[at + 1 : at + 2]
    return not head.what and any(item.kind == "w" and item.start == reading.items[at].end for item in behind)


def _is_age(reading: Reading, at: int, figure: Figure) -> bool:
    """Whether a small figure stands alone in brackets after a name that is no people's: "Anna Test (29)"."""
    items = reading.items
    if figure.size >= _OLDEST or not 1 < at < len(items) - 1:
        return False
    if items[at - 1].text != "(" or items[at + 1].text != ")" or items[at - 2].kind != "w":
        return False
    ends = {named.last for named in reading.named}
    return at - 1 not in ends | {hit.last for hit in reading.among("group", "units", "measures")}


def _passage(reading: Reading, at: int, head: Head) -> Cue | None:
    """A movement whose verb no list has: "in two days 40,000 people were bused from Skopje to Albania"."""
    if head.what not in {"people", "persons"} or reading.has(
        "measures", "documents", "money", "decoys.after"
    ):
        return None
    near = [
        named
        for named in reading.named
        if named.form == "name" and abs(named.first - at) <= _WAY and named.roles in (_TO, _FROM)
    ]
    ends = {
        role: named for named in near for role in named.roles if named.first > head.last or named.last < at
    }
    if "to" not in ends:
        return None
    to = ends["to"]
    words = reading.words(min(end.first for end in ends.values()), max(end.last for end in ends.values()))
    return Cue(Measure.ENTRIES, "moves", None, to.first, to.last, words, 8.0)


def _compared_with(course: Course, n: int, reading: Reading, at: int, head: Head) -> Draft | None:
    """The claim that a figure is set against: "943 in November, against 441 in September"."""
    bare = reading.ending("against", at) is not None
    mates = (draft for draft in course.recent() if draft.at == n and _alike(draft.head, head, bare=bare))
    last = next(mates, None)
    if last is None or becomes(reading, at) is not None:
        return None
    first = min([at, *(hit.first for hit in reading.of("qualifiers") if hit.last == at)])
    if reading.bracketed(at) and not any(reading.bracketed(hit.first) for hit in reading.of("measures")):
        return last  # "1,008 asked for it (394 in September)"
    return last if reading.ending("against", first) is not None else None


def _alike(one: Head, other: Head, *, bare: bool) -> bool:
    """Whether two figures count the same kind of thing; a bare one goes on with the money before it."""
    kinds = {"percent", "money"}
    return (one.what in kinds) == (other.what in kinds) or (bare and one.what == "money" and not other.what)


def _counted_again(reading: Reading, cue: Cue, linked: Draft | None, topic: Cue | None) -> Cue | None:
    """What "there were 65,500" and "80 more are to follow" count: what was counted before.

    Where "there" is a place with people in it, they are present.
    """
    inside = any("in" in named.roles and not reading.parted(named.last, cue.first) for named in reading.named)
    if linked is not None and linked.cue.measure.is_flow and not (cue.view == "there" and inside):
        return replace(linked.cue, first=cue.first, last=cue.last, distance=cue.distance)
    if linked is None and topic is not None and topic.measure.is_flow and not inside:
        # "People come by train. Yesterday there were 4,500 of them."
        return replace(topic, first=cue.first, last=cue.last, distance=cue.distance)
    return cue if cue.view == "there" else None


def _announced(reading: Reading, at: int, head: Head, windows: Sequence[Window]) -> Cue | None:
    """The movement that the words before a colon speak of: "arrivals have fallen: yesterday there were 60"."""
    if at != reading.figures[0] or head.what not in {"", "people", "persons"}:
        return None
    colon = next((i for i in reversed(range(at)) if reading.items[i].text == ":"), None)
    if colon is None or not any(colon < first < at for first, _, _ in windows):
        return None
    cue = last_movement(reading, colon)
    return replace(cue, first=at, last=at, distance=2.0) if cue is not None and cue.measure.is_flow else None


def _rent_told(course: Course, n: int, reading: Reading, at: int, head: Head) -> Cue | None:
    """Rents that the sentence before speaks of: "Rents do not ebb. They have leapt by 43 percent"."""
    before = course.scene.readings[n - 1] if n else reading
    near = before is not reading and before.sentence.paragraph == reading.sentence.paragraph
    if head.what != "percent" or not near or before.figures or not compares(reading, at):
        return None
    told = [hit for hit in before.of("measures") if hit.value != "nothing"]
    if not told or any(hit.value != "rent" for hit in told):
        return None
    return Cue(Measure.PRICE, "rent", "rent_level", at, at, before.words(told[0].first, told[0].last), 8.0)


def _presence(reading: Reading, at: int, head: Head, windows: Sequence[Window]) -> Cue | None:
    """Presence said without a verb: "Ukrainians in Poland on 9 May: 993,775", "in the camp now 900 people"."""
    if head.what not in {"", "people", "persons"} or reading.has("measures", "documents", "money"):
        return None
    who = [group for group in find_groups(reading, None) if group.form in {"people", "citizens"}]
    where = [named for named in reading.named if "in" in named.roles]
    begin = min([at, *(hit.first for hit in reading.of("qualifiers") if hit.last == at)])
    marked = any(item.text in _DASHES for item in reading.items[max(begin - 2, 0) : begin])
    beside = any(0 <= named.first - head.last <= 1 for named in where) and head.what == "people"
    now = head.what == "people" and any(span.kind == "now" for _, _, span in windows)
    if not where or not ((who and (marked or beside)) or now):
        return None
    return Cue(Measure.STOCK, "there", None, where[0].first, where[0].last, "people in a place", 8.0)


def _borrow(
    course: Course,
    n: int,
    reading: Reading,
    at: int,
    head: Head,
    linked: Draft | None,
    windows: Sequence[Window],
) -> Cue | None:
    """The measure spoken of before, for a figure whose own sentence does not say it."""
    if _is_uncounted(reading):
        return None
    before = _kin_before(course, n, reading, at, head, linked)
    cue = before.cue if before is not None and is_linked(before, n, reading) else None
    if course.topic is not None and (linked is None or course.topic[0] > linked.at):
        heading = course.scene.readings[course.topic[0]]
        text = heading.items[-1].text if heading.items else ""
        same = heading.sentence.paragraph == reading.sentence.paragraph
        if n - course.topic[0] <= 2 or same or text == ":":
            cue = course.topic[1]
    if cue is None:
        return None
    vehicles = before is not None and before.head.what == "vehicles"
    moved = vehicles or cue.measure is Measure.QUEUE or reading.has("speech.counted", "role.via")
    if head.what == "vehicles" and not moved:
        return None  # "100,000 have walked home. The state laid on 1,000 buses"
    price = cue.measure is Measure.PRICE
    if price != (head.what == "money") and not (price and head.what in {"percent", ""}):
        return None
    told = windows or head.what in {"people", "persons", "percent", "money", "vehicles", "crossings"}
    corrected = linked is not None and bool(reading.of("modality.denied_near"))  # "not 500, but 150"
    mated = before is not None and before.at == n
    if told or corrected or _is_labelled(reading, at, mated=mated):
        return replace(cue, first=at, last=at, distance=15.0)
    return None


def _kin_before(
    course: Course, n: int, reading: Reading, at: int, head: Head, linked: Draft | None
) -> Draft | None:
    """The claim before that counts what a figure may count: money or people, who move or are somewhere."""
    if head.what == "percent" and linked is not None:
        return linked
    # "220,000 tenge a month, in Astana 180,000": what is bare goes on with the money before.
    priced = linked is not None and linked.at == n and linked.head.what == "money"
    money = head.what == "money" or (priced and not head.what)
    # "Room for 300 ... we expect 2,500 a month": a rate is of those who move, not of those who are housed.
    moving = find_rate(reading, at) is not None and not money
    kin = (
        draft
        for draft in course.recent()
        if (draft.cue.measure is Measure.PRICE) == money and not (moving and draft.cue.measure in LEVELS)
    )
    return next(kin, None)


def _is_labelled(reading: Reading, at: int, *, mated: bool) -> bool:
    """Whether a name says what a bare figure is of: in a list, in brackets, or beside it after another figure (`mated`)."""
    leads = reading.sentence.bullet or at <= _LABELLED
    bracketed = reading.items[max(at - 1, 0)].text == "("
    return any(
        (leads and named.last <= at)
        or (bracketed and named.last == at - 1)  # "Guineans (14,500), Ivorians (14,300)"
        or (mated and abs(named.first - at) <= 2)
        for named in reading.named
    )


def recalls(draft: Draft, before: Draft | None) -> bool:
    """Whether a figure only recalls an earlier year: "7,270 in January; in January of last year 566"."""
    if (
        before is None
        or before.cue.measure is not draft.cue.measure
        or draft.evidence.get("window") == "carried"
    ):
        return False
    now, then = before.span.end, draft.span.end
    return now is not None and then is not None and now - then >= _LONG_AGO


def signed(reading: Reading, at: int, figure: Figure, cue: Cue, kind: str | None) -> Figure:
    """A figure with its sign: below zero for a loss of people, a fall, or after "minus"."""
    if figure.value is None:
        return figure
    falls = (kind or "").endswith("change_percent") and any(
        hit.value == "fall" and reading.apart(at, hit.first, hit.last) <= _FALL
        for hit in reading.of("changes")
    )
    minus = cue.measure is Measure.NET and reading.ending("minus", at) is not None
    return replace(figure, value=-figure.value) if falls or minus or cue.view == "net_loss" else figure


def _names_own(reading: Reading, cue: Cue | None, at: int) -> bool:
    """Whether a figure has a noun or verb of movement of its own after it, in its own clause.

    "Against 1,856 arrivals"; "against 6,200 who had left it".
    """
    if cue is None or cue.first <= at:
        return False
    if cue.first - at <= 2:
        return True
    clause = cue.first - at <= _CLAUSE and not reading.parted(at + 1, cue.first)
    return clause and cue.view in _VERBS and not any(at < other < cue.first for other in reading.figures)


def _is_uncounted(reading: Reading) -> bool:
    """Whether a sentence speaks of what is not counted: attempts, fines, casualties."""
    return any(hit.value == "nothing" for hit in reading.of("measures"))


def _of_persons(reading: Reading, head: Head) -> bool:
    """Whether a percentage is one of people: "41 % of the persons who came"."""
    return any(hit.value == "persons" and 0 <= hit.first - head.last <= 2 for hit in reading.of("units"))


def _of_money(reading: Reading, head: Head) -> bool:
    """Whether a percentage is one of a sum: "18 percent of the $2.57 billion it asked for"."""
    ends = head.last + _SUM
    return any(head.last <= hit.first < ends and hit.value for hit in reading.of("money")) and any(
        head.last <= other < ends for other in reading.figures
    )


def _names_peoples(reading: Reading) -> bool:
    return any(named.form == "people" for named in reading.named)


def compares(reading: Reading, at: int) -> bool:
    """Whether a percentage is said to be a change, right beside it."""
    return any(reading.apart(at, hit.first, hit.last) <= _FALL for hit in reading.of("changes"))

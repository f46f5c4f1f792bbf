"""The spans of days that a sentence names, and the day on which its source spoke.

It writes down in the course what later sentences point back to: "the same period", "that day".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tolqyn.extract.appositions import join_appositions
from tolqyn.extract.course import STORY, Course
from tolqyn.extract.dates import When
from tolqyn.extract.days import resolve, sided
from tolqyn.extract.fiscal import fiscal_year
from tolqyn.extract.headings import dateline_end
from tolqyn.extract.reading import Reading, kept
from tolqyn.extract.spans import BEGINNINGS, Span, Window, months_back
from tolqyn.extract.windows import EVENTS, POINTED, span_of, winter_between, year_in
from tolqyn.languages import Hit

__all__ = [
    "BESIDE",
    "counts_on",
    "date_speech",
    "give_month",
    "is_set_beside",
    "telling",
    "windows_of",
    "year_before",
]

BESIDE = {"last_year", "year_before", "same_of", "month_before", "week_before"}
_TIMES = (*EVENTS, "windows", "slept")
_CLAUSE = 14  # items between "since" and the day that its clause ends with
_SPOKE = 12  # items between a date and the verb of speech that it dates


def windows_of(course: Course, reading: Reading) -> list[Window]:
    """Every span of days that a sentence names: (first item, item after, days)."""
    if not (reading.dates or reading.has(*_TIMES)):
        return []
    forecasts = _forecasts(reading)
    average = bool(reading.of("average"))
    phrases = reading.among(*EVENTS, "windows")
    phrases = [
        hit
        for hit in phrases
        if hit.value not in {"both_days", "span"} or _phrase(course, reading, hit, ahead=bool(forecasts))
    ]
    since = {hit.first for hit in phrases if hit.category == "events.since"}
    phrases = [
        hit
        for hit in phrases
        if hit.category != "events.before" or since.isdisjoint(range(hit.first + 1, hit.last))
    ]  # "to Moldova, since the beginning of the war": not "to ... the war"
    covered = {i for hit in phrases for i in range(hit.first, hit.last) if hit.value != "last_day"}
    starts: list[tuple[int, Hit | None]] = [(hit.first, hit) for hit in phrases]
    starts += [(i, None) for i in reading.dates if i not in covered]
    found: list[Window] = []
    free = dateline_end(reading)
    for first, hit in sorted(starts, key=_by_place):
        if first < free or (hit is not None and average and _is_mean(reading, hit)):
            continue
        if hit is not None and (hit.value in {"issued", "not_when"} or not _tells_when(reading, hit)):
            free = hit.last
            continue
        ahead = _looks_ahead(reading, forecasts, first) or _supposes(reading, hit)
        if hit is None:
            when, last = reading.items[first].value, first + 1
            span = sided(when, resolve(when, course.hint, ahead=ahead), course.hint)
        elif hit.value == "by" and _is_compared(reading, hit):
            when, last = reading.items[hit.slots[0]].value, hit.last
            span = resolve(when, course.hint) if isinstance(when, When) else None
        else:
            named = winter_between(hit, reading.items)
            span, last = named or (_phrase(course, reading, hit, ahead=ahead), hit.last)
        if span is not None:
            found.append((first, last, _dated(course, span)))
            if not is_set_beside(reading, first):
                _mention(course, _bounded(span, [window[2] for window in found[:-1]]))
            free = last
    for hit in reading.of("slept"):
        night = span_of(hit, reading.items, course.hint)
        if night is not None and not any(first < hit.last and hit.first < last for first, last, _ in found):
            found.append((hit.first, hit.last, night))
    told = [_since_clause(course, reading, window) for window in sorted(found, key=_order)]
    held = [(since, part) for since in told for part in told if _holds(reading, since, part)]
    rough = [part if _finer(since, part) is since else since for since, part in held]
    told = [way for way in told if way not in rough]
    joined = join_appositions(reading, _without_dates_of_events(course, reading, told))
    if len(joined) < len(found):
        for first, _, span in joined:
            if not is_set_beside(reading, first):
                _mention(course, span)
    return joined


def _holds(reading: Reading, since: Window, part: Window) -> bool:
    """Whether a clause of "since" with its own date holds a shorter phrase: "since violence erupted in late August"."""
    if since[2].kind != "since" or part[2].kind != "event":
        return False
    return since[0] <= part[0] and part[1] <= since[1] and not reading.parted(part[1], since[1])


def _finer(since: Window, part: Window) -> Window:
    """The clause of "since", or the event in it, whose day is known, where the clause names its month."""
    told, known = since[2].start, part[2].start
    if since[2].accuracy != "month" or told is None or known is None:
        return since
    return part if (told.year, told.month) == (known.year, known.month) else since


def _without_dates_of_events(course: Course, reading: Reading, told: Sequence[Window]) -> list[Window]:
    """The spans but the dates that only say when an event began, from which people have moved since.

    "Since the war began, on 24 February, ...", "have fled the fighting that broke out in late November".
    """
    kept: list[Window] = []
    for window in told:
        first, last, span = window
        event = _begun_on(reading, first, last) if span.kind in _ON and span.accuracy != "year" else None
        if event is None or span.start is None:
            kept.append(window)
            continue
        since = next(
            (way for way in kept if way[2].kind == "event" and way[0] <= event[0].first < way[1]), None
        )
        if since is not None and (since[2].start in {span.start, span.end} or _finer(window, since) is since):
            continue
        if event[1] and course.hint is not None and span.start <= course.hint:
            kept = [way for way in kept if not way[0] <= event[0].first < way[1]]
            span = _dated(course, Span(span.start, course.hint, span.accuracy, "event"))
        kept.append((min(first, event[0].first), last, span))
    return kept


def _is_comma(reading: Reading, at: int) -> bool:
    return at < len(reading.items) and reading.items[at].text == ","


_ON = {"date", "on", "night_to", "days_ago", "weeks_ago"}  # kinds of windows of a day or month
_PARTING = {":", ";", "(", "."}


def _begun_on(reading: Reading, first: int, last: int) -> tuple[Hit, bool] | None:
    """The event that a date stands behind in its clause, and whether a word between says that it began then.

    Before it, a word that says so joins them: Turkish "15 Nisan'da başlayan çatışmalar".
    """
    begun = reading.of("events.begin")
    for event in reversed(reading.of("event")):
        if event.first >= last:
            if any(last == hit.first and hit.last == event.first for hit in begun):
                return event, True
            continue
        between = reading.items[event.last : first]
        if (
            event.last > first
            or len(between) > _CLAUSE
            or any(item.text in _PARTING for item in between)
            or any(event.last <= other < first for other in reading.figures)
            or any(event.last <= verb.first < first for verb in reading.of("speech.verbs"))
        ):
            return None
        # "Since the fighting resumed, last Thursday, ..."
        inset = [item.text for item in between] == [","] and _is_comma(reading, last)
        since = any(hit.last == event.last for hit in reading.of("events.since"))
        return event, (inset and since) or any(event.last <= hit.first < first for hit in begun)
    return None


def _is_mean(reading: Reading, hit: Hit) -> bool:
    """Whether a phrase is of an average, "on average 300 over the past day", and Finnish "keskimäärin 50 päivässä" is 50 a day."""
    means = any(word.last in hit.slots for word in reading.of("average"))
    return hit.value == "last_day" or (means and hit.value in {"last_days", "last_weeks", "last_months"})


def _tells_when(reading: Reading, hit: Hit) -> bool:
    """Whether a phrase such as "two years ago" is of a count: it opens its clause, or stands behind a figure.

    "Two years ago 3,000 came", "up from 3,000 two years ago"; but "a camp opened two years ago holds 3,000".
    """
    if hit.value not in {"months_ago", "years_ago"}:
        return True
    opens = hit.first - reading.clause(hit.first)[0] <= 1
    return opens or any(0 < hit.first - figure <= _NOUN for figure in reading.figures)


_NOUN = 4  # items from a figure to what stands behind its noun


def _supposes(reading: Reading, hit: Hit | None) -> bool:
    """Whether a day is one up to which something could come: "if they close it, 200,000 could leave by November"."""
    return hit is not None and hit.value in {"by", "until"} and bool(reading.of("modality.hypothetical"))


def _is_compared(reading: Reading, hit: Hit) -> bool:
    """Whether the preposition of a date is that of a comparison: "more than in 2022", Italian "rispetto al 2022"."""
    return bool(hit.slots) and any(
        other.first < hit.first <= other.last and other.last <= hit.slots[0]
        for other in reading.of("against")
    )


def _forecasts(reading: Reading) -> list[Hit]:
    """The words that say that something is to come, but those that a measure holds."""
    forecasts = reading.of("modality.forecast")
    if not forecasts:
        return forecasts
    told = [hit for hit in reading.of("measures") if hit.value != "again"]
    return [
        hit for hit in forecasts if not any(hit.within(other) and other.first < hit.first for other in told)
    ]


def _order(window: Window) -> tuple[int, int]:
    return window[:2]


def _since_clause(course: Course, reading: Reading, window: Window) -> Window:
    """A day that ends a clause of "since" as all days since it: "since the border was reopened on Sunday"."""
    first, last, span = window
    inset = first > 0 and _is_comma(reading, first - 1) and _is_comma(reading, last)
    if span.kind == "by" and span.start is None and inset:
        # "Desde que começou a ponte aérea, a 17 de julho, ..."
        span = replace(span, start=span.end, kind="date")
    if (
        span.kind not in {"date", "on", "season"}
        or span.start is None
        or course.hint is None
        or span.start > course.hint
    ):
        return window
    for hit in reading.of("since_clause"):
        if 0 <= first - hit.last <= _CLAUSE and not any(
            hit.last <= figure < first for figure in reading.figures
        ):
            return hit.first, last, _dated(course, Span(span.start, course.hint, span.accuracy, "since"))
    return window


def _looks_ahead(reading: Reading, forecasts: Sequence[Hit], at: int) -> bool:
    """Whether an item stands in a sentence about what is to come, and not in a clause of it that tells what was.

    "120 left on Tuesday, and 80 more are to follow on Friday".
    """
    if not forecasts:
        return False
    begin, end = reading.clause(at)

    def inside(hits: Sequence[Hit]) -> bool:
        return any(begin <= hit.first < end for hit in hits)

    told = any(begin <= figure < end for figure in reading.figures) and inside(reading.of("measures"))
    own = [reading.clause(hit.first) for hit in forecasts]
    counts = any(first <= figure < last for first, last in own for figure in reading.figures)
    return inside(forecasts) or not told or not counts


def date_speech(course: Course, n: int, reading: Reading) -> None:
    """Find the day on which the source spoke: a date with nothing counted before its verb of speech.

    It holds for the rest of the paragraph: "On 29 November the minister spoke of 400,000 arrivals
    since September" counts them to that day, whenever the article appeared.
    """
    last = course.drafts[-1].reading.sentence.paragraph if course.drafts else None
    if last != reading.sentence.paragraph:
        course.said, course.teller = course.covered or course.document.published, None
    teller = course.scene.attributions[n]
    if course.teller is not None and teller is not None and teller != course.teller and teller.taken:
        # Somebody else: long after, when they spoke, the text does not say.
        told, published = course.said, course.document.published
        recent = told is None or published is None or published - told <= STORY
        course.said, course.teller = (published if recent else None), None
    if not reading.dates:
        return
    busy = [*reading.figures, *(hit.first for hit in reading.of("measures"))]
    inside = {
        slot
        for hit in reading.of("windows")
        if hit.value not in {"on", "by", "last_of"}
        for slot in hit.slots
    }
    for hit in reading.of("windows"):
        issued = reading.items[hit.slots[0]].value if hit.value == "issued" else None
        span = resolve(issued, course.hint) if isinstance(issued, When) else None
        if span is not None and span.end is not None:
            course.said, course.teller = span.end, teller
            return
    for i in reading.dates:
        when = reading.items[i].value
        if i in inside or when.offset is not None:
            continue
        span = resolve(when, course.hint)
        if span is None or span.start is None or span.start != span.end or span.accuracy != "day":
            continue
        if counts_on(reading, i + 1):
            continue
        for verb in telling(reading):
            first, end = (i + 1, verb.first) if verb.first > i else (verb.last, i)
            if verb.first < i and reading.at("speech.that", verb.last) is not None:
                continue  # "reported that on Thursday 87,300 came"
            if (verb.first < i or when.weekday is not None) and reading.parted(first, end):
                continue  # "the service said; on Tuesday 117,600 did", "80 are to leave on Friday, it said"
            if verb.first > i and reading.parted(first, end) and any(other < i for other in busy):
                continue  # "24,300 came on 3 November, the agency said"
            if 0 <= end - first <= _SPOKE and not any(first <= other < end for other in busy):
                course.said, course.teller = span.start, teller
                course.spoken = n, i
                return
        if _announces(reading, i):
            course.said, course.teller = span.start, teller
            course.spoken = n, i
            return


def _announces(reading: Reading, day: int) -> bool:
    """Whether a day is that of figures set behind a colon: "on 29 November the minister gave this account: ..."."""
    colon = next((i for i in range(day, len(reading.items)) if reading.items[i].text == ":"), None)
    if colon is None or not reading.figures or reading.figures[0] < colon:
        return False
    told = any(hit.first < colon for hit in reading.among("measures", "documents"))
    return not told and any(hit.last <= colon for hit in reading.of("source"))


def counts_on(reading: Reading, last: int) -> bool:
    """Whether what is counted stands right behind a date that ends before an item: "put Tuesday's arrivals at 7,800"."""
    return reading.at("measures", last) is not None


@kept
def telling(reading: Reading) -> list[Hit]:
    """The verbs of speech, but those that count, or cite who stands before them.

    The day beside "counted", or after Turkish "göre", is that of what was counted.
    """
    verbs = reading.of("speech.verbs")
    counted = {hit.first for hit in reading.of("speech.counted")} if verbs else ()
    cited = {hit.last for hit in reading.of("speech.behind")} if verbs else ()
    if not (counted or cited):
        return verbs
    return [hit for hit in verbs if hit.first not in counted and hit.last not in cited]


def give_month(course: Course, reading: Reading, i: int) -> None:
    """A bare day of the month takes the month spoken of, which a full date sets."""
    item = reading.items[i]
    if item.value.month is None and item.value.day:
        month = course.month or _month_of(item.value.day, course.hint)
        if month is not None:
            item.value = replace(item.value, year=month[0], month=month[1])
        return
    if item.value.year is not None and item.value.month is None:
        item.value = replace(item.value, month=_headed_by_month(reading, i))
    if item.value.year is not None and item.value.month is not None:
        lasting = any(hit.value in {"since", "from"} and i in hit.slots for hit in reading.of("windows"))
        course.year = course.year if lasting else (reading, item.value.year)
    elif item.value.year is None and item.value.month is not None and course.year is not None:
        before, year = course.year
        # "In January 2021 ...; on New Year's Eve there were 1,120": of the year before, as that day is not over.
        written = resolve(replace(item.value, year=year), course.hint)
        today = course.hint if course.hint is not None and course.hint.year == year else None
        over = today is None or written is None or written.start is None or written.start <= today
        if before.sentence.paragraph == reading.sentence.paragraph and over:
            item.value = replace(item.value, year=year)
    if item.value.month is not None:
        span = resolve(item.value, course.hint)
        if span is not None and span.start is not None:
            course.month = span.start.year, span.start.month


def _headed_by_month(reading: Reading, i: int) -> int | None:
    """The month that years behind a colon are of: "511% more than last September: 222,274 in 2022, 36,407 in 2021"."""
    colon = next((at for at in range(i) if reading.items[at].text == ":"), None)
    if colon is None:
        return None
    before = [reading.items[at].value for at in reading.dates if at < colon]
    years = [reading.items[at].value for at in reading.dates if at > colon]
    alone = all(when.year and not when.day for when in years)
    months = {when.month for when in before} if len(years) > 1 and alone else set()
    return months.pop() if len(months) == 1 and not any(when.day for when in before) else None


def _phrase(course: Course, reading: Reading, hit: Hit, *, ahead: bool) -> Span | None:
    """The days that a phrase of a window or an event means."""
    if hit.value == "year_before":
        # Nothing counted yet: the claim before may still come in this sentence.
        return year_before(course) or Span(
            None, course.hint and months_back(course.hint, 12), kind="year_before"
        )
    if str(hit.value) in _FISCAL:
        return _fiscal(course, reading, hit)
    before = _pointed_at(course, str(hit.value))
    if hit.value in {"first_week", "early"} and (before is None or reading.of("event")):
        before = _begun(course, reading) or before
    elif hit.value == "first_week" and before is not None and before.kind not in BEGINNINGS:
        before = course.begun or before
    if hit.value == "same_of" and before is not None and before.accuracy == "year" and before.kind == "date":
        # "For comparison he took 2019": its days are those counted before.
        counted = (draft.span for draft in course.recent() if draft.cue.measure.is_flow and not draft.aside)
        before = next(counted, before)
    if hit.value == "since_then":
        return _since_then(course)
    event = None
    if hit.category in EVENTS:
        named = [other for other in reading.of("event") if hit.first <= other.first <= hit.last]
        days = (course.day_of(str(other.value)) for other in named)
        event = next((day for day in days if day is not None), None)
    return span_of(hit, reading.items, course.hint, ahead=ahead, before=before, event=event)


_FISCAL = {"fiscal_year", "fiscal_years", "this_fiscal_year", "last_fiscal_year"}


def _fiscal(course: Course, reading: Reading, hit: Hit) -> Span | None:
    """A fiscal year: of the country that the sentence names first, else of the one that the document is about."""
    named = next((named.place.country for named in reading.named if named.form != "people"), None)
    country = named or (course.scene.focus.code if course.scene.focus is not None else None)
    year = year_in(reading.items[hit.slots[0]].value) if hit.slots else None
    if hit.slots and year is None:
        return None
    back = 1 if hit.value == "last_fiscal_year" else 0
    return fiscal_year(country, year, course.hint, back=back, first=hit.value == "fiscal_years")


_FROM_LATEST = {
    "week_before", "month_before", "week_ago", "month_ago", "previous_week", "previous_month", "earlier_of", "that_year",
}  # fmt: skip


def _pointed_at(course: Course, key: str) -> Span | None:
    """The days named before that a phrase counts from."""
    if key in {"same_day", "day_before", "days_earlier", "weeks_earlier"}:
        return course.day
    if key in _FROM_LATEST or key in POINTED:
        return course.latest
    if key == "that_month":
        return course.latest or _span_before(course)
    return _span_before(course)


def _begun(course: Course, reading: Reading) -> Span | None:
    """The first day of the event that the sentence names, else of that which the text is about."""
    kinds = [str(hit.value) for hit in reading.of("event")] or [course.story or ""]
    day = next((day for kind in kinds if (day := course.day_of(kind)) is not None), None)
    return Span(day, day) if day is not None else None


def _since_then(course: Course) -> Span | None:
    """From the last day named, or the first of the span named, to the day of the article."""
    if course.then is None or course.hint is None or course.then > course.hint:
        return None
    return Span(course.then, course.hint, kind="since")


def year_before(course: Course) -> Span | None:
    """The days of the claim before, in the year before: "in May, down from 900 in April and 700 a year earlier" is May."""
    last = course.drafts[-1] if course.drafts else None
    if last is not None and last.aside:
        last = next((draft for draft in course.recent() if draft.at == last.at and not draft.aside), last)
    before = last.span if last is not None else course.latest
    if before is None or before.end is None:
        return None
    start = before.start and months_back(before.start, 12)
    return replace(before, start=start, end=months_back(before.end, 12), kind="year_before")


def is_set_beside(reading: Reading, first: int) -> bool:
    """Whether a span is only what is compared with: "than in May"; its preposition may be part of the comparison.

    Words that say that all of it is meant may stand between: "than in all of 2021".
    """
    return any(
        not _opens_relative(reading, hit.first)
        and (hit.first <= first <= hit.last or _all_between(reading, hit.last, first))
        for hit in reading.of("against")
    )


def _all_between(reading: Reading, last: int, first: int) -> bool:
    return last < first <= last + _ALL_OF and all(item.kind == "w" for item in reading.items[last:first])


_ALL_OF = 5  # words of "in the whole of the year"


def _opens_relative(reading: Reading, first: int) -> bool:
    """Whether a word of comparison is one that tells more of a name here: Spanish "la pieza, que en mayo costaba 300"."""
    comma = first > 0 and reading.items[first - 1].text == ","
    return comma and reading.at("role.relative", first) is not None


def _mention(course: Course, span: Span) -> None:
    if span.kind == "before" and span.end is None:
        return
    if span.kind in {"since", "event"}:
        course.begun = span
    if span.end is not None and (span.start == span.end or span.kind == "by"):
        course.day = course.latest = span if span.start == span.end else replace(span, start=span.end)
        course.then = span.end
        if span.kind == "by" and span.start is None:
            course.mentioned = span  # "200,000 came by 4 October, 53,000 more than left in that time"
    elif span.kind not in {"now", "earlier", "usual", "recent", "so_far"}:
        # "18,000 in all of last year" is only set beside the period that is told.
        course.mentioned = course.mentioned if span.kind in BESIDE and course.mentioned else span
        course.latest = span
        course.then = span.start or span.end


def _bounded(span: Span, told: Sequence[Span]) -> Span:
    """A beginning with the end that the sentence names apart: "this year to the end of September", for what follows."""
    for other in told:
        start, end = (span, other) if span.kind in BEGINNINGS else (other, span)
        ends = start.kind in BEGINNINGS and end.kind in {"by", "until"}
        if ends and start.start and end.end and start.start <= end.end:
            return replace(start, end=end.end)
    return span


def _dated(course: Course, span: Span) -> Span:
    """An end at the day of an article that has none is open."""
    if span.end != course.hint or span.kind in {"span", "date"}:
        return span
    if span.kind in {"now", "this_day"}:
        return span if course.document.published is not None else Span(None, None, kind=span.kind)
    end = course.said
    if end == span.end:
        return span
    if end is None or span.start is None:
        return replace(span, end=end)
    if span.kind in _BACK_FROM and span.end is not None:
        # The week up to the day on which the source spoke.
        return replace(span, start=span.start - (span.end - end), end=end)
    return span if end < span.start else replace(span, end=end)


_BACK_FROM = {"past_week", "last_days", "last_weeks"}  # so many days, counted back


def _span_before(course: Course) -> Span | None:
    """What "the same period" points back to: the last span of days rather than a day."""
    told = [draft.span for draft in course.recent() if draft.span.start or draft.span.end]
    return course.mentioned or next(
        (span for span in told if span.start != span.end), told[0] if told else None
    )


def _month_of(day: int, hint: date | None) -> tuple[int, int] | None:
    """The month of a bare day of the month: that of the text, or the one before if it is still to come."""
    if hint is None:
        return None
    point = hint if day <= hint.day else months_back(hint, 1)
    return point.year, point.month


def _by_place(start: tuple[int, Hit | None]) -> tuple[int, int]:
    """In the order of the sentence, and of phrases that begin together the longest first."""
    first, hit = start
    return first, -hit.last if hit is not None else 0

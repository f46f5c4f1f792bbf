"""Text to claims: the order of the steps, and what is carried from sentence to sentence.

Pure but for the language files and names, which are read once. How it works and how far to trust it:
docs/concepts/extraction.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice, pairwise

from tolqyn.claims import Claim, Document, Measure, Modality
from tolqyn.errors import ClaimError, Problem, TolqynError
from tolqyn.extract.confidence import chance, signs
from tolqyn.extract.detect import detect_language
from tolqyn.extract.draft import Draft, kind_and_unit, to_claim
from tolqyn.extract.events import day_of
from tolqyn.extract.figures import Figure
from tolqyn.extract.groups import Group, find_group, find_groups
from tolqyn.extract.heads import Head, find_head
from tolqyn.extract.measures import Cue, find_cue, topic_cue
from tolqyn.extract.reading import Named, Reading
from tolqyn.extract.scene import Scene, set_scene
from tolqyn.extract.speakers import Attribution
from tolqyn.extract.whereabouts import find_whereabouts, heads_report
from tolqyn.extract.windows import Span, When, months_back, resolve, sided, span_of
from tolqyn.extract.wording import find_modality, find_qualifier, find_rate
from tolqyn.languages import Hit, load
from tolqyn.places import Place, place

__all__ = ["Extraction", "extract", "extract_all", "learn_events"]

_FAR = 24.0  # beyond this many words a cue in the sentence is weighed against what was said before
# Kinds of windows that a sentence may set for those after it; a single date tells when it was said.
# Kinds of windows that say little: what a total covers is then told elsewhere.
_LOOSE = {"so_far", "next_days", "next_week", "now"}
# Measures of one town or checkpoint.
_OPPOSITE = {Measure.ENTRIES: Measure.EXITS, Measure.EXITS: Measure.ENTRIES}
_DASHES = {":", "—", "–", "-"}
_MOVEMENTS = {Measure.ENTRIES, Measure.EXITS, Measure.NET}
_MADE = {Measure.DETENTIONS, Measure.DEPORTATIONS, Measure.REFUSALS}  # by a body, in its own country
_LEVELS = {Measure.STOCK, Measure.QUEUE, Measure.SHELTER}
_LOCAL = {Measure.SHELTER, Measure.PRICE, Measure.QUEUE}
_LASTING = {
    "span", "since", "event", "this_year", "last_days", "last_weeks", "last_months", "full_months", "last_week", "last_month",
    "past_week", "past_month", "past_year", "first_half", "first_months", "first_quarter", "first_week",
}  # fmt: skip
_TERMS = {"first_quarter", "second_quarter", "third_quarter", "fourth_quarter", "first_half", "second_half"}
_RUNNING = {"since", "event", "this_year", "by"}  # what a total that still grows is counted over
# Days over which a rent has changed, rather than those that it is compared with.
_UNTIL_NOW = {"past_week", "past_month", "past_year", "last_days", "last_weeks", "last_months", "full_months"}
_BACK = 60  # claims or sentences that are looked back to, at most
_HEAD = 4  # sentences at the head of a report that may say which days it covers
_HEADING = 6  # words of a heading, at most
_LONG_AGO = timedelta(180)  # days behind those spoken of that are only recalled
_STORY = timedelta(45)  # how long after an event bare counts still run from it
_FALL = 6.0  # how near "fell", "fewer" stands to the percentage that it makes a fall
_TITLE = 2  # sentences at the head that say where the people of a text come from
_ALPHA3 = 3  # letters of the code of a country
_SPOKE = 12  # items between a date and the verb of speech that it dates
_SMALL = 13  # figures below this count only with a noun beside them


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found in a document.

    Attributes:
        claims: in the order of the text.
        problems: what was set aside.
        language: the language that the text was read in; None where it could not be read.
    """

    claims: tuple[Claim, ...]
    problems: tuple[Problem, ...]
    language: str | None


def extract(
    document: Document, *, near: Collection[str] = (), events: Mapping[str, date] | None = None
) -> Extraction:
    """The claims that a document makes.

    Args:
        document: its `language` may be None; then it is found out from the text.
        near: alpha-3 codes; of places that share a name, one there is meant.
        events: kind of event -> its day, where the document itself does not tell (`learn_events`).
    """
    try:
        code, scene = _scene(document, near)
    except TolqynError as error:
        return Extraction((), (Problem.of(error, document.doc),), None)
    if scene is None:
        problem = Problem(
            document.doc, "the language of the text could not be told", "give it with the document"
        )
        return Extraction((), (problem,), None)
    claims: list[Claim] = []
    problems: list[Problem] = []
    for draft in _Drafting(document, scene, events or {}).run():
        try:
            told = signs(draft, len(scene.readings))
            claims.append(to_claim(draft, document, chance(told), "; ".join(told)))
        except ClaimError as error:
            problems.append(Problem.of(error, document.doc))
    return Extraction(tuple(claims), tuple(problems), code)


def extract_all(
    documents: Iterable[Document],
    *,
    near: Collection[str] = (),
    events: Mapping[str, date] | None = None,
) -> Iterator[tuple[Document, Extraction]]:
    """Each document with its claims, one by one; days of events are learnt from all of them first."""
    kept = list(documents)
    known = {**learn_events(kept, near=near), **(events or {})}
    for document in kept:
        yield document, extract(document, near=near, events=known)


def learn_events(documents: Iterable[Document], *, near: Collection[str] = ()) -> dict[str, date]:
    """Kind of event -> the day that most documents of a wave give for it."""
    seen: dict[str, Counter[date]] = {}
    for document in documents:
        try:
            _, scene = _scene(document, near)
        except TolqynError:
            continue  # extract() reports it
        for kind, day in scene.events.items() if scene else ():
            seen.setdefault(kind, Counter())[day] += 1
    return {kind: days.most_common(1)[0][0] for kind, days in seen.items()}


def _scene(document: Document, near: Collection[str]) -> tuple[str | None, Scene | None]:
    code = document.language or detect_language(document.text)
    return code, set_scene(document, load(code), near) if code else None


_Window = tuple[int, int, Span]


class _Drafting:
    """One document on its way to claims; made for it and thrown away."""

    def __init__(self, document: Document, scene: Scene, events: Mapping[str, date]) -> None:
        self.document = document
        self.scene = scene
        self.events = {**events, **scene.events}
        self.hint = scene.hint or max(self.events.values(), default=None)
        self.drafts: list[Draft] = []
        self.waiting: list[tuple[int, Reading, int, Head]] = []
        self.month: tuple[int, int] | None = None
        # What the last sentence without a figure of its own was about.
        self.topic: tuple[int, Cue] | None = None
        self.span: tuple[int, Span] | None = None
        # The last span of days and the last single day named, for "the same period" and "that day".
        self.mentioned: Span | None = None
        self.day: Span | None = None
        # The last of either, for "since then".
        self.then: date | None = None
        # A place that heads a line or list ("Aktobe. From 23 to 29 September ...").
        self.section: tuple[int, Place] | None = None
        # Sentences that are but the town where the report was written.
        self.datelines = _datelines(scene.readings)
        # The day on which the source of the sentence spoke, where the text says it.
        self.said: date | None = document.published
        self.teller: Attribution | None = None
        # The sentence and item of the date on which it spoke.
        self.spoken = -1, -1
        self.year: tuple[Reading, int] | None = None
        # The last day that a report says at its head that it covers.
        self.covered: date | None = None
        # Whether the sections that follow are regions.
        self.regional = False
        # The kind of event that the text speaks of most.
        told = Counter(str(hit.value) for reading in scene.readings for hit in reading.of("event"))
        self.story = told.most_common(1)[0][0] if told else None

    def run(self) -> list[Draft]:
        """The drafts of all claims, in the order of the text."""
        for n, reading in enumerate(self.scene.readings):
            for i, item in enumerate(reading.items):
                if isinstance(item.value, When):
                    self._give_month(reading, i)
            self._date_speech(n, reading)
            self._deny(n, reading)
            windows = self._windows(reading)
            made = [
                draft
                for figure in reading.figures
                if (draft := self._draft(n, reading, figure, windows)) is not None
            ]
            self._pair(reading, made)
            if not made:
                self._remember(n, reading, windows)
        self._complete_headlines()
        return sorted(self.drafts, key=lambda draft: (draft.at, draft.item))

    def _remember(self, n: int, reading: Reading, windows: Sequence[_Window]) -> None:
        """A sentence without claims may be the heading of those that follow."""
        if _is_lone_name(reading) and n not in self.datelines:
            self.section = reading.sentence.line, self._section_place(reading.named[0].place)
        elif _is_heading(reading):
            self.regional = bool(reading.of("role.regions"))
        if n < _HEAD:
            covered = {"span", "by"} if _heads_list(reading) else {"span"}
            self.covered = next((span.end for _, _, span in windows if span.kind in covered), self.covered)
        cue = topic_cue(reading)
        if cue is not None:
            self.topic = n, cue
        heads = reading.sentence.headline or (reading.items and reading.items[-1].text == ":")
        for _, _, span in windows:
            if span.start is not None and (
                span.kind in _LASTING or (heads and span.kind not in {"now", "same"})
            ):
                self.span = n, span

    def _deny(self, n: int, reading: Reading) -> None:
        """Make what a sentence says denied where the next begins with a denial: "That is not true"."""
        hit = next((hit for hit in reading.of("modality.denied") if hit.first <= 2), None)
        after = reading.items[hit.last : hit.last + 1] if hit is not None else []
        if hit is None or any(item.kind != "p" for item in after) or hit.last - hit.first < 2:
            return
        for draft in self.drafts:
            if draft.at == n - 1 and draft.modality is Modality.OBSERVED:
                draft.modality = Modality.DENIED
                draft.evidence["modality"] = reading.words(hit.first, hit.last)

    def _section_place(self, named: Place) -> Place:
        """The place that a section is about; in a list of regions a town stands for its region."""
        region = place(f"{named.name} Region") if self.regional and named.kind == "city" else None
        return region if region is not None and region.country == named.country else named

    # ---- windows

    def _windows(self, reading: Reading) -> list[_Window]:
        """Every span of days that a sentence names: (first item, item after, days)."""
        told = [hit for hit in reading.of("measures") if hit.value != "again"]
        ahead = any(not any(hit.within(other) for other in told) for hit in reading.of("modality.forecast"))
        average = bool(reading.of("average"))
        phrases = reading.of("events.since", "events.before", "windows")
        phrases = [
            hit
            for hit in phrases
            if hit.value not in {"both_days", "span"} or self._phrase(reading, hit, ahead=ahead)
        ]
        covered = {i for hit in phrases for i in range(hit.first, hit.last) if hit.value != "last_day"}
        starts: list[tuple[int, Hit | None]] = [(hit.first, hit) for hit in phrases]
        starts += [
            (i, None)
            for i, item in enumerate(reading.items)
            if isinstance(item.value, When) and i not in covered
        ]
        found: list[_Window] = []
        free = 0
        for first, hit in sorted(starts, key=_by_place):
            if first < free or (hit is not None and average and hit.value == "last_day"):
                continue
            if hit is None:
                when, last = reading.items[first].value, first + 1
                span = sided(when, resolve(when, self.hint, ahead=ahead), self.hint)
            else:
                span, last = self._phrase(reading, hit, ahead=ahead), hit.last
            if span is not None:
                found.append((first, last, self._dated(span)))
                if reading.ending("against", first) is None:
                    self._mention(span)
                free = last
        return found

    def _date_speech(self, n: int, reading: Reading) -> None:
        """Find the day on which the source spoke: a date with nothing counted before its verb of speech.

        It holds for the rest of the paragraph: "On 29 November the minister spoke of 400,000 arrivals
        since September" counts them to that day, whenever the article appeared.
        """
        last = self.drafts[-1].reading.sentence.paragraph if self.drafts else None
        if last != reading.sentence.paragraph:
            self.said, self.teller = self.covered or self.document.published, None
        teller = self.scene.attributions[n]
        if self.teller is not None and teller is not None and teller != self.teller and teller.taken:
            # Somebody else: long after, when they spoke, the text does not say.
            told, published = self.said, self.document.published
            recent = told is None or published is None or published - told <= _STORY
            self.said, self.teller = (published if recent else None), None
        busy = [*reading.figures, *(hit.first for hit in reading.of("measures"))]
        inside = {
            slot for hit in reading.of("windows") if hit.value not in {"on", "by"} for slot in hit.slots
        }
        for i, item in enumerate(reading.items):
            when = item.value
            if not isinstance(when, When) or i in inside or when.offset is not None:
                continue
            span = resolve(when, self.hint)
            if span is None or span.start is None or span.start != span.end or span.accuracy != "day":
                continue
            for verb in reading.of("speech.verbs"):
                first, end = (i + 1, verb.first) if verb.first > i else (verb.last, i)
                if verb.first < i and reading.at("speech.that", verb.last) is not None:
                    continue  # "reported that on Thursday 87,300 came"
                if (verb.first < i or when.weekday is not None) and reading.parted(first, end):
                    continue  # "the service said; on Tuesday 117,600 did", "80 are to leave on Friday, it said"
                if 0 <= end - first <= _SPOKE and not any(first <= other < end for other in busy):
                    self.said, self.teller = span.start, teller
                    self.spoken = n, i
                    return

    def _phrase(self, reading: Reading, hit: Hit, *, ahead: bool) -> Span | None:
        """The days that a phrase of a window or an event means."""
        if hit.value == "year_before":
            return self._year_before()
        points = hit.value in {"same_day", "day_before", "week_before", "month_before"}
        before = self.day if points else self._span_before()
        if hit.value == "same_of" and before is not None and before.accuracy == "year":
            # "For comparison he took 2019": its days are those counted before.
            counted = (
                draft.span for draft in self._recent() if draft.cue.measure.is_flow and not draft.aside
            )
            before = next(counted, before)
        if hit.value == "since_then":
            return self._since_then()
        event = None
        if hit.category in {"events.since", "events.before"}:
            named = [other for other in reading.of("event") if hit.first <= other.first <= hit.last]
            days = (self._day_of(str(other.value)) for other in named)
            event = next((day for day in days if day is not None), None)
        return span_of(hit, reading.items, self.hint, ahead=ahead, before=before, event=event)

    def _since_then(self) -> Span | None:
        """From the last day named, or the first of the span named, to the day of the article."""
        if self.then is None or self.hint is None or self.then > self.hint:
            return None
        return Span(self.then, self.hint, kind="since")

    def _year_before(self) -> Span | None:
        """The days of the claim before, in the year before."""
        before = self.drafts[-1].span if self.drafts else None
        if before is None or before.end is None:
            return None
        start = before.start and months_back(before.start, 12)
        return replace(before, start=start, end=months_back(before.end, 12), kind="year_before")

    def _day_of(self, kind: str) -> date | None:
        return day_of(kind, self.events, self.scene.countries, self.hint)

    def _mention(self, span: Span) -> None:
        if span.end is not None and (span.start == span.end or span.kind == "by"):
            self.day = replace(span, start=span.end)
            self.then = span.end
        elif span.kind not in {"now", "earlier", "recent", "so_far"}:
            self.mentioned = span
            self.then = span.start or span.end

    def _dated(self, span: Span) -> Span:
        """An end at the day of an article that has none is open."""
        if span.end != self.hint or span.kind in {"span", "date"}:
            return span
        if span.kind in {"now", "this_day"}:
            return span if self.document.published is not None else Span(None, None, kind=span.kind)
        end = self.said
        return (
            span
            if end is not None and span.start is not None and end < span.start
            else replace(span, end=end)
        )

    def _span_before(self) -> Span | None:
        """What "the same period" points back to."""
        return self.mentioned or (self.drafts[-1].span if self.drafts else None)

    def _give_month(self, reading: Reading, i: int) -> None:
        """A bare day of the month takes the month spoken of, which a full date sets."""
        item = reading.items[i]
        if item.value.month is None and item.value.day:
            month = self.month or _month_of(item.value.day, self.hint)
            if month is not None:
                item.value = replace(item.value, year=month[0], month=month[1])
            return
        if item.value.year is not None and item.value.month is not None:
            lasting = any(hit.value == "since" and i in hit.slots for hit in reading.of("windows"))
            self.year = self.year if lasting else (reading, item.value.year)
        elif item.value.year is None and item.value.month is not None and self.year is not None:
            before, year = self.year
            if before.sentence.paragraph == reading.sentence.paragraph:
                item.value = replace(item.value, year=year)
        if item.value.month is not None:
            span = resolve(item.value, self.hint)
            if span is not None and span.start is not None:
                self.month = span.start.year, span.start.month

    # ---- one figure

    def _draft(self, n: int, reading: Reading, at: int, windows: Sequence[_Window]) -> Draft | None:
        figure = reading.items[at].value
        if any(first <= at < last for first, last, _ in windows):
            return None
        if figure.same:
            if not self.drafts:
                return None
            figure = replace(self.drafts[-1].figure, same=True)
            reading.items[at].value = figure
        head = find_head(reading, at)
        if (
            head.what == "decoy"
            or not _may_count(figure, head, reading.items[at].text)
            or _is_age(reading, at, figure)
        ):
            return None
        last = self._last(n)
        linked = last if last is not None and _linked(last, n, reading) else None
        cue = find_cue(reading, at, head.what)
        carried = False
        if cue is not None and cue.view in {"there", "again"}:
            cue = self._again(reading, cue, linked)
        compared = self._compared(n, reading, at, head) if not _names_own(reading, cue, at) else None
        if compared is not None:
            carried, cue = True, replace(compared.cue, first=at, last=at, distance=8.0)
            linked = compared
        if head.what == "percent" and not (
            reading.of("changes", "group") or _peoples(reading) or _of_persons(reading, head)
        ):
            return None
        if cue is None:
            cue = self._presence(reading, at, head)
        if cue is None or cue.distance > _FAR:
            borrowed = self._borrow(n, reading, at, head, linked, windows)
            if borrowed is None and cue is None:
                if n < 2 and (head.what == "people" or figure.size >= 100) and not _uncounted(reading):
                    self.waiting.append((n, reading, at, head))
                return None
            carried = borrowed is not None
            cue = borrowed or cue
        assert cue is not None
        mated = linked is not None and linked.at == n and windows
        if not head.what and not carried and not mated and figure.size < 100 and cue.distance > 3:
            return None
        draft = self._fill(n, reading, at, figure, head, cue, windows, linked, carried=carried)
        draft.aside = draft.aside or compared is not None or _recalls(draft, linked)
        self.drafts.append(draft)
        return draft

    def _recent(self) -> Iterator[Draft]:
        """The claims before, the last first; not without end, so that time stays linear in the text."""
        return islice(reversed(self.drafts), _BACK)

    def _last(self, n: int) -> Draft | None:
        """The claim before; of another sentence, the last that was not only set against another."""
        return next((draft for draft in self._recent() if draft.at == n or not draft.aside), None)

    def _again(self, reading: Reading, cue: Cue, linked: Draft | None) -> Cue | None:
        """What "there were 65,500" and "80 more are to follow" count: what was counted before.

        Where "there" is a place with people in it, they are present.
        """
        inside = any(
            "in" in named.roles and not reading.parted(named.last, cue.first) for named in reading.named
        )
        if linked is not None and linked.cue.measure.is_flow and not (cue.view == "there" and inside):
            return replace(linked.cue, first=cue.first, last=cue.last, distance=cue.distance)
        return cue if cue.view == "there" else None

    def _presence(self, reading: Reading, at: int, head: Head) -> Cue | None:
        """Presence said without a verb: "Ukrainians in Poland on 9 May: 993,775"."""
        if head.what not in {"", "people", "persons"} or reading.of("measures", "documents", "money"):
            return None
        who = [group for group in find_groups(reading, None) if group.form in {"people", "citizens"}]
        where = [named for named in reading.named if "in" in named.roles]
        marked = any(item.text in _DASHES for item in reading.items[max(at - 2, 0) : at])
        if not who or not where or not marked:
            return None
        return Cue(Measure.STOCK, "there", None, where[0].first, where[0].last, "people in a place", 8.0)

    def _compared(self, n: int, reading: Reading, at: int, head: Head) -> Draft | None:
        """The claim that a figure is set against: "943 in November, against 441 in September"."""
        last = self.drafts[-1] if self.drafts else None
        if (
            last is None
            or last.at != n
            or (last.head.what in {"percent", "money"}) != (head.what in {"percent", "money"})
        ):
            return None
        first = min([at, *(hit.first for hit in reading.of("qualifiers") if hit.last == at)])
        if reading.bracketed(at) and not any(reading.bracketed(hit.first) for hit in reading.of("measures")):
            return last  # "1,008 asked for it (394 in September)"
        return last if reading.ending("against", first) is not None else None

    def _borrow(
        self, n: int, reading: Reading, at: int, head: Head, linked: Draft | None, windows: Sequence[_Window]
    ) -> Cue | None:
        """The measure spoken of before, for a figure whose own sentence does not say it."""
        if _uncounted(reading):
            return None
        # "220,000 tenge a month, in Astana 180,000": what is bare goes on with the money before.
        priced = linked is not None and linked.at == n and linked.head.what == "money"
        money = head.what == "money" or (priced and not head.what)
        kin = (draft for draft in self._recent() if (draft.cue.measure is Measure.PRICE) == money)
        before = next(kin, None)
        if head.what == "percent" and linked is not None:
            before = linked
        cue = before.cue if before is not None and _linked(before, n, reading) else None
        if self.topic is not None and (linked is None or self.topic[0] > linked.at):
            heading = self.scene.readings[self.topic[0]]
            text = heading.items[-1].text if heading.items else ""
            same = heading.sentence.paragraph == reading.sentence.paragraph
            if n - self.topic[0] <= 2 or same or text == ":":
                cue = self.topic[1]
        if cue is None:
            return None
        price = cue.measure is Measure.PRICE
        if price != (head.what == "money") and not (price and head.what in {"percent", ""}):
            return None
        told = head.what in {"people", "persons", "percent", "money", "vehicles", "crossings"}
        labelled = any(named.last <= at for named in reading.named)
        beside = (
            before is not None
            and before.at == n
            and any(abs(named.first - at) <= 2 for named in reading.named)
        )
        counted = reading.items[max(at - 1, 0)].text == "(" and any(
            named.last == at - 1 for named in reading.named
        )  # "Guineans (14,500), Ivorians (14,300)"
        corrected = linked is not None and bool(reading.of("modality.denied_near"))  # "not 500, but 150"
        if (
            told
            or windows
            or beside
            or counted
            or corrected
            or (labelled and (reading.sentence.bullet or at <= 6))
        ):
            return replace(cue, first=at, last=at, distance=15.0)
        return None

    def _fill(
        self,
        n: int,
        reading: Reading,
        at: int,
        figure: Figure,
        head: Head,
        cue: Cue,
        windows: Sequence[_Window],
        linked: Draft | None,
        *,
        carried: bool,
    ) -> Draft:
        evidence = {"measure": cue.words + (" (carried)" if carried else "")}
        attribution = self.scene.attributions[n]
        labels = not self._lists_places(n)
        group = find_group(
            reading, at, self._plain_group(linked), parts=head.what != "percent", labels=labels
        )
        home = self._home(attribution)
        group = group or _citizens_here(reading, at, home)
        taken = attribution.taken if attribution else frozenset[int]()
        for named in find_groups(reading, None):
            if named.form == "label" and not labels:
                continue
            taken |= frozenset(range(named.first, named.last))
        if group is not None:
            base = group.base
        else:
            base = linked.base if linked is not None and linked.group != "any" else None
        where = find_whereabouts(reading, at, cue, group=base, taken=taken)
        spot, counterpart = where.place, where.counterpart
        mate = linked if linked is not None and linked.at == n and linked.place is not None else None
        if cue.view == "back" and mate is not None and mate.cue.measure in _OPPOSITE:
            cue = replace(cue, measure=_OPPOSITE[mate.cue.measure])
            spot, counterpart = mate.place, mate.counterpart
            evidence["place"] = "the other way"
        elif mate is not None and counterpart is None and _continues(mate, cue, spot):
            counterpart = mate.counterpart
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
        own = self._own_country(reading, cue, base, spot)
        if own is not None:
            spot = own
            evidence["place"] = "their own country"
        elif spot is not None:
            evidence["place"] = where.words or ""
        else:
            spot = self._place(n, reading, attribution, base, cue, evidence)
            if spot is not None and counterpart is not None and spot.code in counterpart:
                # Nobody comes from where they come to: one of the two is another place.
                # Who leaves for elsewhere leaves, failing all else, their own country.
                own_land = place(base) if base and cue.measure is Measure.EXITS else None
                others = [
                    other
                    for other in (home, self.scene.focus, own_land)
                    if other is not None and other.code not in counterpart
                ]
                said_so = counterpart == where.counterpart and cue.measure is Measure.EXITS
                spot, counterpart = (
                    (others[0], counterpart) if others else (None, counterpart) if said_so else (spot, None)
                )
        told = where.counterpart is not None and not carried
        name = self._group(group, head, linked, cue, spot, evidence, told=told)
        if attribution is not None and not self._still_speaks(n, reading, attribution, cue, spot):
            attribution = None
        if attribution is not None:
            evidence["organization"] = attribution.words or attribution.speaker or ""
        qualifier, words, q_first, q_last = find_qualifier(reading, at)
        if words:
            evidence["qualifier"] = words
        modality, words = find_modality(reading, at, cue)
        if words:
            evidence["modality"] = words
        span = self._span(n, reading, at, head, cue, windows, linked, modality, evidence)
        if modality is Modality.OBSERVED and self._is_to_come(span):
            modality = Modality.FORECAST
            evidence["modality"] = "days still to come"
        if (
            counterpart is None
            and spot is not None
            and cue.measure is Measure.ENTRIES
            and head.what != "percent"
        ):
            counterpart = self._whence(n, reading, base or name, spot, span)
            if counterpart is not None:
                evidence["counterpart"] = "where the text says that they come from"
        kind, unit = kind_and_unit(reading, at, head, cue, find_rate(reading, at), linked)
        figure = _signed(reading, at, figure, cue, kind)
        first, last = _extent(at, head, cue, group, (q_first, q_last), len(reading.items))
        return Draft(
            at=n,
            reading=reading,
            item=at,
            figure=figure,
            head=head,
            cue=cue,
            group=name,
            base=None if group is not None and group.form == "label" else base,
            place=spot,
            counterpart=counterpart,
            span=span,
            attribution=attribution,
            qualifier=qualifier,
            modality=modality,
            kind=kind,
            unit=unit,
            first=first,
            last=last,
            evidence=evidence,
            said=self.said,
        )

    def _still_speaks(
        self, n: int, reading: Reading, source: Attribution, cue: Cue, spot: Place | None
    ) -> bool:
        """Whether a source named in another paragraph is still the source.

        It is for the movement that it told of; what the text adds on its own are levels, rents, shelter and
        other countries.
        """
        at = self.scene.heard[n]
        if at is None or reading.sentence.bullet:
            return True
        if self.scene.readings[at].sentence.paragraph == reading.sentence.paragraph:
            return True
        if at > n:
            return True
        if cue.measure in _LEVELS or cue.measure is Measure.PRICE:
            return False
        told = (
            draft.place
            for draft in self._recent()
            if draft.at >= at and draft.attribution and draft.attribution.organization == source.organization
        )
        last = next(told, None)
        return last is None or spot is None or last.country == spot.country

    def _whence(self, n: int, reading: Reading, who: str, spot: Place, span: Span) -> str | None:
        """Where entries come from that their sentence does not tell.

        From where those came that the paragraph counted before; from their own country, where the paragraph or
        the headline says that they come from there, or where they come to a town or region: across its border.
        """
        before = (
            draft
            for draft in self._recent()
            if draft.reading.sentence.paragraph == reading.sentence.paragraph
            and draft.cue.measure is Measure.ENTRIES
            and draft.place is spot
            and draft.counterpart is not None
        )
        model = next(before, None)
        if model is not None and who in {"any", model.group, model.base}:
            return model.counterpart
        if spot.country == who or len(who) != _ALPHA3:
            return None
        head = [other for other in self.scene.readings[:_TITLE] if other is not reading]
        told = [
            named.place.country
            for other in (reading, *self._paragraph_before(n), *head)
            for named in other.named
            if named.form == "name" and "from" in named.roles
        ]
        # Who is counted over a whole year are visitors of all kinds.
        across = spot.kind != "country" and who == self.scene.origin and span.accuracy != "year"
        return who if who in told or (across and span.kind != "this_year") else None

    def _paragraph_before(self, n: int) -> list[Reading]:
        """The sentences of a paragraph before one of it."""
        readings = self.scene.readings
        first = n
        while (
            first > max(n - _BACK, 0)
            and readings[first - 1].sentence.paragraph == readings[n].sentence.paragraph
        ):
            first -= 1
        return list(readings[first:n])

    def _lists_places(self, n: int) -> bool:
        """Whether the list that a sentence stands in goes through the places that people came to."""
        readings = self.scene.readings
        heading = n
        while heading > 0 and readings[heading].sentence.bullet and not readings[heading].of("measures"):
            heading -= 1
        return bool(readings[heading].of("role.abroad"))

    def _home(self, attribution: Attribution | None) -> Place | None:
        """The country of whoever speaks, else the one that the document is about."""
        if attribution is not None and attribution.country:
            return place(attribution.country)
        return self.scene.focus

    def _own_country(self, reading: Reading, cue: Cue, base: str | None, spot: Place | None) -> Place | None:
        """The group's own country, where "their country" or "home" stands for it."""
        if base is None or (spot is not None and cue.view != "returns"):
            return None
        said = any(hit.value[0] == "own" and -4 <= hit.first - cue.last <= 4 for hit in reading.of("group"))
        if cue.view == "returns" and spot is None:
            return place(base)
        return (
            place(base) if said and cue.measure in {Measure.ENTRIES, Measure.EXITS} and spot is None else None
        )

    def _plain_group(self, linked: Draft | None) -> str | None:
        """The citizenship spoken of: of the claim before, else of the document."""
        if linked is not None and linked.base is not None:
            return linked.base
        return self.scene.people

    def _group(
        self,
        group: Group | None,
        head: Head,
        linked: Draft | None,
        cue: Cue,
        spot: Place | None,
        evidence: dict[str, str],
        *,
        told: bool,
    ) -> str:
        """Whose movement a figure is.

        Bare people are everybody where the sentence says anew whence or where they move (`told`).
        """
        if cue.measure is Measure.PRICE:
            return "any"
        if group is not None:
            evidence["group"] = group.words
            return group.name
        moved = linked is not None and linked.place != spot and evidence.get("place") != "carried"
        if head.what == "persons" and (linked is None or moved or told or cue.view == "back"):
            return "any"
        if linked is not None and linked.group != "any":
            evidence["group"] = "carried"
            return linked.group if linked.group == "foreign" else linked.base or linked.group
        if linked is not None and not moved and linked.cue.measure is cue.measure:
            evidence["group"] = "carried"
            return linked.group
        if self.scene.people is None:
            return "any"
        evidence["group"] = "most spoken of"
        return self.scene.people

    def _place(
        self,
        n: int,
        reading: Reading,
        attribution: Attribution | None,
        base: str | None,
        cue: Cue,
        evidence: dict[str, str],
    ) -> Place | None:
        """The place of a figure whose sentence names none."""
        flow_home = {
            Measure.ENTRIES,
            Measure.STOCK,
            Measure.REGISTRATIONS,
            Measure.APPLICATIONS,
            Measure.SHELTER,
        }
        # Exits from their own country are no sign of where the next figure is counted.
        model = self._draft_before(n, reading, cue)
        before = model.place if model is not None else None
        if cue.measure in _MADE and attribution is not None and attribution.acts:
            evidence["place"] = "of the source"
            return place(attribution.country) if attribution.country else self.scene.owner
        subject = next((named for named in reading.named if named.form == "name" and not named.roles), None)
        away = {None, base, self.scene.people}
        if subject is not None and reading.of("role.country") and subject.place.country not in away:
            evidence["place"] = "subject of the sentence"
            return subject.place
        frame = reading.named[0] if reading.named else None
        if (
            frame is not None
            and frame.first <= 2
            and ({"in", "to"} & frame.roles or _set_off(reading, frame))
            and frame.place.country != base
        ):
            # "In Kazakhstan, ..." at its head is where the sentence plays.
            evidence["place"] = "head of the sentence"
            return frame.place
        if (
            attribution is not None
            and attribution.country
            and attribution.taken
            and (attribution.country != base or cue.measure is Measure.EXITS)
            and reading.of("role.country")
        ):
            evidence["place"] = "country of the source"
            return place(attribution.country)
        if before is not None and before.country not in {None, base} and reading.of("role.country"):
            # A town or region holds on, but not where "the country" is spoken of.
            before = place(before.country or "")
        local = self._local(n, reading, cue)
        if local is not None:
            evidence["place"] = "named before"
            return local
        kept = model is not None and model.cue.measure is cue.measure
        if before is not None and (before.country != base or kept or cue.measure not in flow_home):
            evidence["place"] = "carried"
            return before
        if attribution is not None and attribution.country and attribution.country != base:
            evidence["place"] = "of the source"
            return place(attribution.country)
        evidence["place"] = "most spoken of"
        if self.scene.focus is None and cue.measure is Measure.EXITS and base is not None and model is None:
            return place(base)
        return self.scene.focus

    def _draft_before(self, n: int, reading: Reading, cue: Cue) -> Draft | None:
        """The claim before, whose place holds on; what happens in one town does not move the rest there."""
        here = cue.measure in _LOCAL
        for draft in self._recent():
            if not _linked(draft, n, reading):
                return None
            if not here and draft.cue.measure in _LOCAL:
                continue
            if draft.at == n or here or not self._in_passing(draft, reading):
                return draft
        return None

    def _in_passing(self, draft: Draft, reading: Reading) -> bool:
        """Whether the place of a claim before was only one spot of a country that the text counts as a whole."""
        if draft.place is None or draft.place.kind == "country" or not self._counts_a_country():
            return False
        same = draft.reading.sentence.paragraph == reading.sentence.paragraph
        return draft.place.kind == "checkpoint" or not same

    def _counts_a_country(self) -> bool:
        """Whether the first claim is about a whole country: then towns count only where they are named."""
        first = self.drafts[0].place if self.drafts else None
        return first is not None and first.kind == "country"

    def _local(self, n: int, reading: Reading, cue: Cue) -> Place | None:
        """The town or checkpoint named last, for what happens in one: queues, shelter, rents."""
        wide = False
        if reading.of("role.town"):
            kinds, back = {"city"}, 8
        elif reading.of("role.area"):
            kinds, back = {"region"}, n
        elif self.section is not None and self.section[0] == self.scene.readings[n].sentence.line:
            return self.section[1]
        elif cue.measure in {Measure.SHELTER, Measure.PRICE}:
            kinds, back, wide = {"city", "region"}, 8, self._counts_a_country()
        elif cue.measure is Measure.QUEUE or cue.view == "moves":
            kinds, back = {"checkpoint"}, 3 if cue.view == "moves" else 8
        else:
            return None
        for at in range(n, max(n - back, 0) - 1, -1):
            other = self.scene.readings[at]
            if other is not reading and _is_heading(other):
                return None
            if wide and other.sentence.paragraph != reading.sentence.paragraph:
                return None
            for named in reversed(other.named) if at not in self.datelines else ():
                elsewhere = self.scene.focus is not None and named.place.country != self.scene.focus.country
                if named.place.kind not in kinds or named.form != "name" or elsewhere:
                    continue
                if not heads_report(other, named):
                    return named.place
        return None

    def _span(
        self,
        n: int,
        reading: Reading,
        at: int,
        head: Head,
        cue: Cue,
        windows: Sequence[_Window],
        linked: Draft | None,
        modality: Modality,
        evidence: dict[str, str],
    ) -> Span:
        if len(windows) > 1 and self.spoken[0] == n:
            # When somebody spoke is not when people moved, if the sentence says that as well.
            windows = [way for way in windows if not way[0] <= self.spoken[1] < way[1]] or windows
        chosen = _nearest(reading, at, cue, windows)
        if chosen is not None and cue.view == "capacity" and reading.parted(*sorted((at, chosen[0]))):
            chosen = None  # there is room now, whenever people slept there
        # A share said without a window is of what the same sentence counts, or of the whole.
        flow = cue.measure.is_flow and head.what != "percent"
        vague = chosen is not None and chosen[2].kind in _LOOSE
        supposed = chosen is None or vague or chosen[2].kind in {"past_week", "past_month", "past_year"}
        if modality is Modality.HYPOTHETICAL and supposed:
            return Span(None, None)
        change = head.what == "percent" and linked is not None and linked.at == n
        risen = cue.measure is Measure.PRICE and chosen is not None and chosen[2].kind in _UNTIL_NOW
        if change and chosen is not None and not risen and linked is not None and _compares(reading, at):
            # "12 % more than in May": the window named is that of the other figure.
            evidence["window"] = "carried"
            return linked.span
        part = head.what == "percent" and evidence["measure"].endswith("(carried)")
        if part and chosen is None and linked is not None and linked.cue.measure is cue.measure:
            # "70 percent of them were children": of those counted before.
            evidence["window"] = "carried"
            return linked.span
        daily = chosen is not None and chosen[2].kind == "now" and find_rate(reading, at) is not None
        if chosen is not None and (daily or chosen[2].kind == "so_far") and flow:
            chosen = None
        if chosen is not None and vague and cue.measure is Measure.PRICE and head.what == "percent":
            chosen = None
        if chosen is not None:
            first, last, span = chosen
            evidence["window"] = reading.words(first, last)
            if span.kind == "year_before" and linked is not None and linked.at == n:
                span = self._year_before() or span
            if flow and span.kind == "by":
                span = self._running(reading.items[at].value, cue, span)
        else:
            evidence["window"], span = self._supplied_span(n, reading, cue, linked, modality, flow=flow)
        if cue.measure in _LEVELS or (cue.kind == "rent_level" and head.what != "percent"):
            return self._as_of(span, spread=chosen is not None)
        return span

    def _running(self, figure: Figure, cue: Cue, span: Span) -> Span:
        """A total reached by a day, from where the running total before it runs.

        A total grows: of two, the later one is the larger.
        """
        for draft in self._recent():
            total = draft.span
            if draft.cue.measure is not cue.measure or total.start is None or total.end is None:
                continue
            grows = (span.end is None or span.end >= total.end) == (figure.size >= draft.figure.size)
            if total.kind in _RUNNING and grows and (span.end is None or span.end >= total.start):
                return replace(span, start=total.start)
        return span

    def _supplied_span(
        self, n: int, reading: Reading, cue: Cue, linked: Draft | None, modality: Modality, *, flow: bool
    ) -> tuple[str, Span]:
        """The days of a figure whose sentence names none, and where they are taken from."""
        headed = self.span is not None and n - self.span[0] <= 2
        if flow and self.span is not None and headed and (linked is None or self.span[0] > linked.at):
            return "of the heading", self.span[1]
        if linked is not None and self._span_goes_on(linked, n, reading, cue, flow=flow):
            return "carried", linked.span
        flows = (draft.span for draft in self._recent() if draft.cue.measure.is_flow and not draft.aside)
        carried = next(flows, None) if flow and reading.sentence.bullet else None
        if carried is not None:
            return "carried", carried
        observed = flow and modality is Modality.OBSERVED
        return "day of the article", self._since_event(self.said) if observed else Span(None, self.said)

    def _span_goes_on(self, linked: Draft, n: int, reading: Reading, cue: Cue, *, flow: bool) -> bool:
        """Whether a figure is counted over the days of the claim before: flows in a paragraph, levels in a list."""
        before = linked.reading.sentence
        if flow:
            near = before.paragraph == reading.sentence.paragraph or reading.sentence.bullet
            kin = linked.cue.measure is cue.measure or {linked.cue.measure, cue.measure} <= _MOVEMENTS
            lasting = linked.span.start != linked.span.end
            return linked.cue.measure.is_flow and (kin or lasting) and (near or (n - linked.at <= 1 and kin))
        listed = linked.at == n or (reading.sentence.bullet and before.bullet)
        told = linked.evidence.get("window") != "day of the article"
        return linked.cue.measure is cue.measure and listed and told

    def _as_of(self, span: Span, *, spread: bool) -> Span:
        """The days of a level: the last of the span, or all of it where a month or year was named."""
        said = self.said
        if span.kind == "year_end":
            return Span(span.end, span.end)
        lasting = span.kind in _LASTING or span.kind in {"recent", "earlier", "same", "so_far"}
        lasting = lasting or (span.accuracy == "year" and span.end == said)
        if span.kind in _TERMS and said is not None and span.end is not None and span.end < said:
            lasting = False  # a quarter that is over is as of all of it, as a month is
        if lasting and span.start != span.end:
            return Span(said, said)
        end = span.end or said
        whole = spread and span.accuracy in {"month", "year"}
        return Span(span.start or end if whole else end, end, span.accuracy, span.kind)

    def _since_event(self, said: date | None) -> Span:
        """A count of a text about one event, with no days of its own, runs from that event."""
        event = self._day_of(self.story) if self.story else None
        if event is None or said is None or not timedelta(0) <= said - event <= _STORY:
            return Span(None, said)
        return Span(event, said, "week")

    def _is_to_come(self, span: Span) -> bool:
        """Whether days lie after the one on which the text speaks."""
        if span.kind in {"year_end", "next_week", "next_month", "next_year"}:
            return True
        days = [day for day in (self.said, self.document.published) if day is not None]
        return bool(days) and span.start is not None and span.start > max(days)

    # ---- figures that need their neighbours

    def _pair(self, reading: Reading, made: Sequence[Draft]) -> None:
        """Pair "1.7 and 1.666 million respectively": figures go one by one with what was named before."""
        if not reading.of("pair") or len(made) < 2:
            return
        mark = reading.of("pair")[0].first
        pair = sorted(
            sorted(made, key=lambda draft: abs(draft.item - mark))[:2], key=lambda draft: draft.item
        )
        if pair[1].item - pair[0].item > 5:
            return
        named = [group for group in find_groups(reading, None) if group.last <= pair[0].item and group.base]
        if len(named) >= 2 and 0 < named[-1].first - named[-2].last <= 2:
            for draft, group in zip(pair, named[-2:], strict=True):
                draft.group, draft.base = group.name, group.base
                draft.evidence["group"] = group.words + " (respectively)"
            return
        earlier = [draft for draft in self.drafts if draft not in pair][-2:]
        if len(earlier) == 2 and earlier[0].cue.measure is not earlier[1].cue.measure:
            for draft, model in zip(pair, earlier, strict=True):
                draft.cue = replace(model.cue, first=draft.item, last=draft.item)
                draft.evidence["measure"] = model.cue.words + " (respectively)"

    def _complete_headlines(self) -> None:
        """A headline takes what it leaves out from the claim below that has the same figure."""
        for n, reading, at, head in self.waiting:
            figure = reading.items[at].value
            body = next(
                (draft for draft in self.drafts if draft.at > n and _agree(draft.figure, figure)), None
            )
            if body is not None:
                windows = self._windows(reading)
                cue = replace(body.cue, first=at, last=at, distance=15.0)
                self.drafts.append(self._fill(n, reading, at, figure, head, cue, windows, None, carried=True))
        for draft in self.drafts:
            if draft.at > 0 and not draft.reading.sentence.headline:
                continue
            body = next(
                (
                    other
                    for other in self.drafts
                    if other.at > draft.at
                    and other.cue.measure is draft.cue.measure
                    and _agree(other.figure, draft.figure)
                ),
                None,
            )
            if body is not None:
                draft.complete(body)


def _signed(reading: Reading, at: int, figure: Figure, cue: Cue, kind: str | None) -> Figure:
    """A figure with its sign: below zero for a loss of people, a fall, or after "minus"."""
    if figure.value is None:
        return figure
    falls = (kind or "").endswith("change_percent") and any(
        hit.value == "fall" and reading.apart(at, hit.first, hit.last) <= _FALL
        for hit in reading.of("changes")
    )
    minus = cue.measure is Measure.NET and reading.ending("minus", at) is not None
    return replace(figure, value=-figure.value) if falls or minus or cue.view == "net_loss" else figure


def _recalls(draft: Draft, before: Draft | None) -> bool:
    """Whether a figure only recalls an earlier year: "7,270 in January; in January of last year 566"."""
    if (
        before is None
        or before.cue.measure is not draft.cue.measure
        or draft.evidence.get("window") == "carried"
    ):
        return False
    now, then = before.span.end, draft.span.end
    return now is not None and then is not None and now - then >= _LONG_AGO


def _citizens_here(reading: Reading, at: int, home: Place | None) -> Group | None:
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


def _continues(mate: Draft, cue: Cue, spot: Place | None) -> bool:
    """Whether a movement is that of the claim before in the sentence, or its reverse, at the same place."""
    moved = mate.cue.measure in _OPPOSITE and cue.measure in _OPPOSITE
    return moved and (spot is None or spot is mate.place) and "counterpart" not in mate.evidence


def _is_lone_name(reading: Reading) -> bool:
    """Whether a sentence is but the name of a place."""
    alone = len(reading.named) == 1 and all(item.kind in "lp" for item in reading.items)
    return alone and reading.named[0].form == "name"


def _datelines(readings: Sequence[Reading]) -> frozenset[int]:
    """The sentence that only says where the report was written: "Rome. In a week ...".

    Of several lines that begin with the name of a place, each is about its own.
    """
    heads = [
        n
        for n, (reading, following) in enumerate(pairwise(readings))
        if _is_lone_name(reading) and following.sentence.line == reading.sentence.line
    ]
    first = [n for n in heads if all(reading.sentence.headline for reading in readings[:n])]
    return frozenset(first if len(heads) == 1 else ())


def _is_heading(reading: Reading) -> bool:
    """Whether a line is the heading of what follows: a few words without a stop and without a figure."""
    items = reading.items
    return len(items) <= _HEADING and not reading.figures and all(item.kind in "wl" for item in items)


def _heads_list(reading: Reading) -> bool:
    """Whether a line says as of when the figures below it hold: "Key figures as of 31 July 2023"."""
    return len(reading.items) <= _HEADING + 2 and not reading.figures and reading.items[-1].kind in "dp"


def _month_of(day: int, hint: date | None) -> tuple[int, int] | None:
    """The month of a bare day of the month: that of the text, or the one before if it is still to come."""
    if hint is None:
        return None
    point = hint if day <= hint.day else months_back(hint, 1)
    return point.year, point.month


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


_CLAUSE = 5  # items from a figure to the verb of its own relative clause
_VERBS = {"entries", "exits", "returns"}


def _uncounted(reading: Reading) -> bool:
    """Whether a sentence speaks of what is not counted: attempts, fines, casualties."""
    return any(hit.value == "nothing" for hit in reading.of("measures"))


def _of_persons(reading: Reading, head: Head) -> bool:
    """Whether a percentage is one of people: "41 % of the persons who came"."""
    return any(hit.value == "persons" and 0 <= hit.first - head.last <= 2 for hit in reading.of("units"))


def _peoples(reading: Reading) -> bool:
    return any(named.form == "people" for named in reading.named)


def _linked(last: Draft, n: int, reading: Reading) -> bool:
    """Whether what was said before still holds: the same paragraph, list, or the sentence before."""
    before = last.reading.sentence
    return (
        before.paragraph == reading.sentence.paragraph
        or n - last.at <= 2
        or (reading.sentence.bullet and before.bullet)
    )


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


def _is_age(reading: Reading, at: int, figure: Figure) -> bool:
    """Whether a small figure stands alone in brackets after a name that is no people's: "Anna Test (29)"."""
    items = reading.items
    if figure.size >= _OLDEST or not 1 < at < len(items) - 1:
        return False
    alone = items[at - 1].text == "(" and items[at + 1].text == ")"
    ends = {named.last for named in reading.named}
    ends |= {hit.last for hit in reading.of("group", "units", "measures")}
    return alone and items[at - 2].kind == "w" and at - 1 not in ends


_OLDEST = 100


def _set_off(reading: Reading, frame: Named) -> bool:
    """Whether the country that a sentence begins with is set off by a mark: "Ecuador, for its part, ..."."""
    marked = frame.last < len(reading.items) and reading.items[frame.last].text in {",", ":"}
    return marked and not frame.roles and frame.form == "name" and frame.place.kind == "country"


def _compares(reading: Reading, at: int) -> bool:
    """Whether a percentage is said to be a change, right beside it."""
    return any(reading.apart(at, hit.first, hit.last) <= _FALL for hit in reading.of("changes"))


def _nearest(reading: Reading, at: int, cue: Cue, windows: Sequence[_Window]) -> _Window | None:
    """The span of days that belongs to a figure: the nearest, words of the present last.

    A day that only says when somebody spoke is no window, unless it stands at the movement itself.
    """
    ways = []
    windows = [
        (first, last, span)
        for first, last, span in windows
        if not _dates_speech(reading, first, last) or span.start != span.end or abs(first - cue.last) <= 2
    ]
    windows = [
        window
        for window in windows
        if reading.ending("against", window[0]) is None or (window[1] <= at and reading.bracketed(at))
    ] or windows  # "more than in May" is when the other figure was counted
    windows = [
        window
        for window in windows
        if not _apart_with_figure(reading, at, cue, window[0])
        and not _in_relative(reading, at, cue, window[0])
    ]
    own = reading.own(at, [first for first, _, span in windows if span.kind not in _FAINT])
    for n, (first, last, span) in enumerate(windows):
        distance = reading.apart(at, first, last) + _FAINT.get(span.kind, 0.0)
        distance += reading.elsewhere(at, first) + (_OTHERS if own and first not in own else 0.0)
        ways.append((distance, n))
    return windows[min(ways)[1]] if ways else None


def _apart_with_figure(reading: Reading, at: int, cue: Cue, first: int) -> bool:
    """Whether a span stands after a mark that begins another statement, with a figure of its own there.

    "The ministry denies that 300,000 live there: on 6 October they were 68,000." A comma is enough where
    the span leads the other figure ("70,000 came, on Sunday 9,000 left"), and for a level: what another
    figure counts over days says nothing of when people were present.
    """
    items = reading.items

    def clause(marks: set[str]) -> tuple[int, int] | None:
        """The clause that the span stands in, if marks part it from the figure."""
        begin = next((i for i in range(at + 1, first) if items[i].text in marks), None)
        if begin is None:
            return None
        return begin, next((i for i in range(first, len(items)) if items[i].text in marks), len(items))

    wide, narrow = clause({";", ":"}), clause({";", ":", ","})
    if narrow is None:
        return False
    if cue.measure in _LEVELS and any(narrow[0] < other < narrow[1] for other in reading.figures):
        return True
    if wide is not None and any(wide[0] < other < wide[1] for other in reading.figures):
        return True
    return any(first < other < narrow[1] for other in reading.figures)


def _in_relative(reading: Reading, at: int, cue: Cue, first: int) -> bool:
    """Whether a span stands in a clause that tells more of a name: "from Tunisia, with which ... in July"."""
    return any(
        max(at, cue.first) < opened.first < first
        and reading.parted(max(at, cue.first), opened.first)
        and not any(opened.first < other < first for other in reading.figures)
        for opened in reading.of("role.relative")
    )


# Words that hardly say when: any other span of days in the sentence stands before them.
_OTHERS = 5.0  # what it costs that the order of figures and spans gives it to another figure
_FAINT = {"now": 8.0, "earlier": 2.0, "so_far": 9.0, "recent": 2.0, "same": 1.0}


def _dates_speech(reading: Reading, first: int, last: int) -> bool:
    """Whether a date says when it was said: at a verb of speech with no mark between, or right before "that"."""
    verbs = reading.of("speech.verbs")
    if any(0 <= that.first - last <= 1 for that in reading.of("speech.that")) and any(
        hit.last <= first for hit in verbs
    ):
        return True  # "the agency said, on Tuesday, that ..."
    return any(
        0 <= hit.first - last <= 1 and not _marked(reading, last, hit.first)
        if hit.first >= last
        else 0 <= first - hit.last <= 1 and not _marked(reading, hit.last, first)
        for hit in verbs
    )


def _goes_out(reading: Reading, home: Place) -> bool:
    """Whether a sentence says from a country whither, and so speaks of leaving it."""
    away = any(named.place is home and named.roles == {"from"} for named in reading.named)
    return away and any(named.roles == {"to"} and named.place is not home for named in reading.named)


def _by_place(start: tuple[int, Hit | None]) -> tuple[int, int]:
    """In the order of the sentence, and of phrases that begin together the longest first."""
    first, hit = start
    return first, -hit.last if hit is not None else 0


def _marked(reading: Reading, first: int, last: int) -> bool:
    return any(item.kind == "p" for item in reading.items[first:last]) or (
        reading.at("speech.that", first) is not None
    )


def _extent(
    at: int, head: Head, cue: Cue, group: Group | None, qualifier: tuple[int, int], size: int
) -> tuple[int, int]:
    """The items that the quotation spans: what decided the claim, within reach of the figure."""
    ends = [(at, max(head.last, at + 1)), (cue.first, cue.last)]
    if group is not None:
        ends.append((group.first, group.last))
    if qualifier[1]:
        ends.append(qualifier)
    near = [(first, last) for first, last in ends if abs(first - at) <= _FAR]
    return min(first for first, _ in near), min(max(last for _, last in near), size)


def _agree(one: Figure, other: Figure) -> bool:
    return abs(one.size - other.size) <= 0.03 * max(one.size, other.size)

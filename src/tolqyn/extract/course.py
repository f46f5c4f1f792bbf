"""What has been told so far: the claims made, and what a text leaves to its next sentences.

One document has one course; the steps write into it as they go, in the order of the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from tolqyn.claims import Document, Measure
from tolqyn.extract.attribution import Attribution
from tolqyn.extract.draft import Draft
from tolqyn.extract.events import day_of
from tolqyn.extract.figures import Figure
from tolqyn.extract.headings import datelines
from tolqyn.extract.heads import Head
from tolqyn.extract.measures import Cue
from tolqyn.extract.reading import Reading
from tolqyn.extract.scene import Scene
from tolqyn.extract.spans import Span, Window
from tolqyn.places import Place, place

__all__ = ["BACK", "LEVELS", "STORY", "SUPPLIED", "Count", "Course", "begin", "is_linked"]

BACK = 60  # claims or sentences that are looked back to, at most
STORY = timedelta(45)  # how long after an event bare counts still run from it
# How a place may be supplied: `evidence` of a place that the sentence does not name itself.
SUPPLIED = frozenset({"most spoken of", "of the source", "country of the source", "carried", "named before"})
LEVELS = frozenset({Measure.STOCK, Measure.QUEUE, Measure.SHELTER})


@dataclass(slots=True)
class Course:
    """What has been told of a document so far.

    Attributes:
        events: kind of event -> its day. story: the kind that the text speaks of most.
        hint: a day near that of the document, to tell years.
        drafts: the claims made, in the order in which they were.
        waiting: figures of headlines that wait for their claim in the text: sentence, its number, item, noun.
        month: year and month that a bare day of the month is of.
        topic: the last sentence without a figure of its own, and what it was about.
        span: the last sentence without a figure that set a window for those after it, and the window.
        mentioned: the last span of days named, for "the same period"; day: the last single day, for "that
            day"; latest: the last of either, for "a week before"; then: its day, for "since then"; begun: the
            last span that runs since a day or an event, for "in the first week".
        section: line that a place heads ("Aktobe. From 23 to 29 September ..."), and the place.
        datelines: sentences that are but the town where the report was written.
        said: the day on which the source of the sentence spoke, where the text says it; teller: who spoke;
            spoken: the sentence and item of that date.
        year: the last sentence with a year, and the year.
        covered: the last day that a report says at its head that it covers.
        owners: sentence that names a body without its country -> the country, where the figures tell.
        regional: whether the sections that follow are regions.
    """

    document: Document
    scene: Scene
    events: Mapping[str, date]
    story: str | None
    hint: date | None
    datelines: frozenset[int]
    said: date | None
    drafts: list[Draft] = field(default_factory=list)
    waiting: list[tuple[int, Reading, int, Head]] = field(default_factory=list)
    month: tuple[int, int] | None = None
    topic: tuple[int, Cue] | None = None
    span: tuple[int, Span] | None = None
    mentioned: Span | None = None
    day: Span | None = None
    latest: Span | None = None
    then: date | None = None
    begun: Span | None = None
    section: tuple[int, Place] | None = None
    teller: Attribution | None = None
    spoken: tuple[int, int] = (-1, -1)
    year: tuple[Reading, int] | None = None
    covered: date | None = None
    owners: dict[int, Place | None] = field(default_factory=dict)
    regional: bool = False

    def recent(self) -> Iterator[Draft]:
        """The claims before, the last first; not without end, so that time stays linear in the text."""
        return islice(reversed(self.drafts), BACK)

    def last(self, n: int) -> Draft | None:
        """The claim before; of another sentence, the last that was not only set against another."""
        for draft in self.recent():
            if draft.at == n or not draft.aside:
                return draft
        return None

    def day_of(self, kind: str) -> date | None:
        """The day of an event; None where it is not known."""
        return day_of(kind, self.events, self.scene.countries, self.hint)

    def home(self, attribution: Attribution | None) -> Place | None:
        """The country of whoever speaks, else the one that the document is about."""
        if attribution is not None and attribution.country:
            return place(attribution.country)
        return self.scene.focus


@dataclass(slots=True)
class Count:
    """One figure that counts people, on its way to a claim.

    Attributes:
        n: number of its sentence. at: its item in it.
        cue: what it counts. carried: whether that was said before.
        windows: the spans of days that the sentence names.
        linked: the claim before, where what it said still holds.
        attribution: who speaks in the sentence.
        evidence: field -> the phrase that decided, or how it was supplied; each step adds its own.
    """

    n: int
    reading: Reading
    at: int
    figure: Figure
    head: Head
    cue: Cue
    windows: Sequence[Window]
    linked: Draft | None
    attribution: Attribution | None
    carried: bool = False
    aside: bool = False
    evidence: dict[str, str] = field(default_factory=dict)


def begin(document: Document, scene: Scene, events: Mapping[str, date]) -> Course:
    """The course of a document of which nothing is told yet.

    Args:
        document: as given.
        scene: what holds for all of it.
        events: kind of event -> its day, where the document itself does not tell.
    """
    days = {**events, **scene.events}
    events_told = (str(hit.value) for reading in scene.readings for hit in reading.of("event"))
    told = Counter(
        kind for kind in events_told if kind != "unrest"
    )  # a word for anything: no story of its own
    return Course(
        document=document,
        scene=scene,
        events=days,
        story=told.most_common(1)[0][0] if told else None,
        hint=scene.hint or max(days.values(), default=None),
        datelines=datelines(scene.readings),
        said=document.published,
    )


def is_linked(last: Draft, n: int, reading: Reading) -> bool:
    """Whether what was said before still holds: the same paragraph, list, or the sentence before."""
    before = last.reading.sentence
    return (
        before.paragraph == reading.sentence.paragraph
        or n - last.at <= 2
        or (reading.sentence.bullet and before.bullet)
    )

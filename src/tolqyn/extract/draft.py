"""A claim in the making, and how it becomes one.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tolqyn.claims import Claim, Document, Measure, Modality, Qualifier
from tolqyn.extract.attribution import Attribution
from tolqyn.extract.figures import Figure
from tolqyn.extract.heads import Head
from tolqyn.extract.measures import Cue
from tolqyn.extract.reading import Reading
from tolqyn.extract.spans import Span
from tolqyn.places import Place

__all__ = ["Draft", "kind_and_unit", "to_claim"]


@dataclass(slots=True)
class Draft:
    """A claim in the making.

    Attributes:
        at: number of the sentence. item: of the figure in it.
        said: the day on which the source spoke, where the text says it.
        group: name of the group; base: the citizenship behind it, None without one.
        first, last: items that the quotation spans, last excluded.
        evidence: field -> the phrase that decided, or how it was supplied.
        aside: whether it is only what another figure is set against: nothing is carried from it.
    """

    at: int
    reading: Reading
    item: int
    figure: Figure
    head: Head
    cue: Cue
    group: str
    base: str | None
    place: Place | None
    counterpart: str | None
    span: Span
    attribution: Attribution | None
    qualifier: Qualifier
    modality: Modality
    kind: str | None
    unit: str
    first: int
    last: int
    evidence: dict[str, str]
    said: date | None = None
    aside: bool = False

    def complete(self, body: Draft) -> None:
        """Take from the claim below a headline what the headline leaves out."""
        vague = self.evidence.get("window") in {"day of the article", "carried"} or self.span.kind in _VAGUE
        growing = self.span.start is not None and self.span.start == body.span.start  # to the day told below
        if (growing and body.span.end) or (
            vague
            and body.evidence.get("window") != "day of the article"
            and (body.span.kind not in _VAGUE or (self.span.start is None and body.span.start is not None))
            and _alike(self.span, body.span)
        ):
            self.span, self.evidence["window"] = body.span, "from the text below"
        if self.evidence.get("place") in _SUPPLIED and body.place is not None:
            self.place, self.evidence["place"] = body.place, "from the text below"
        if self.counterpart is None and self.place == body.place and self.cue.measure is body.cue.measure:
            self.counterpart, self.evidence["counterpart"] = body.counterpart, "from the text below"
        if self.evidence.get("group") in {None, "most spoken of"}:
            self.group, self.evidence["group"] = body.group, "from the text below"
        self.attribution = body.attribution or self.attribution


# How a place was supplied that the text below may tell.
_SUPPLIED = frozenset({"most spoken of", "of the source", "carried", "named before"})
# Kinds of windows that a headline counts back roughly, where the text below may give the days.
_VAGUE = frozenset({
    "now", "recent", "last_days", "last_full_days", "last_weeks", "last_months", "full_months",
    "past_week", "past_month", "past_year",
})  # fmt: skip


def _alike(rough: Span, exact: Span) -> bool:
    """Whether days counted back may be the days told exactly: about as many, where both have two ends."""
    days, told = rough.length, exact.length
    return days is None or told is None or days == 1 or abs(told - days) <= days / 2


def to_claim(draft: Draft, document: Document, chance: float, signs: str) -> Claim:
    """The claim that a draft stands for.

    Args:
        draft: the claim in the making.
        document: whose it is.
        chance: how likely it is to be right.
        signs: what that was judged from.

    Raises:
        ClaimError: fields that do not fit together.
    """
    items = draft.reading.items
    start, end = items[draft.first].start, items[draft.last - 1].end
    figure = draft.figure
    ranged = draft.qualifier in {Qualifier.RANGE, Qualifier.ORDER}
    source = draft.attribution
    share = draft.head.what == "percent" and draft.cue.measure is not Measure.PRICE
    return Claim(
        doc=document.doc,
        quote=document.text[start:end],
        start=start,
        end=end,
        measure=Measure.SHARE if share else draft.cue.measure,
        kind=draft.kind,
        place=draft.place.code if draft.place else "unknown",
        counterpart=draft.counterpart,
        group=draft.group,
        value=None if ranged else figure.value,
        low=figure.low if ranged else None,
        high=figure.high if ranged else None,
        unit=draft.unit,
        qualifier=draft.qualifier,
        window_start=draft.span.start,
        window_end=draft.span.end,
        speaker=source.speaker if source else None,
        organization=source.organization if source else None,
        modality=draft.modality,
        said=draft.said or document.published,
        published=document.published,
        publisher=document.publisher,
        source_url=document.url,
        confidence=chance,
        evidence=(*draft.evidence.items(), ("confidence", signs)),
    )


_UNITS = frozenset({"crossings", "vehicles", "households"})


def kind_and_unit(
    reading: Reading, at: int, head: Head, cue: Cue, rate: str | None, linked: Draft | None
) -> tuple[str | None, str]:
    """The kind of a claim and the unit of its figure.

    Args:
        reading: the sentence.
        at: the item of the figure.
        head: its noun.
        cue: what it counts.
        rate: "day", "week" ... where it is one.
        linked: the claim before, whose currency goes on.
    """
    if head.what == "percent":
        if cue.measure is Measure.PRICE:
            return "rent_change_percent", "percent"
        changed = any(
            reading.between(*sorted((at + 1, hit.first)) if hit.first > at else (hit.last, at)) <= 6
            for hit in reading.of("changes")
            if not any(
                hit.first < word.last and word.first < hit.last and word.last in reading.figures
                for word in reading.of("qualifiers")
            )
        )
        return f"{cue.measure}_change_percent" if changed else str(cue.measure), "percent"
    if cue.measure is Measure.PRICE:
        if cue.kind == "fare" and rate is None and head.unit:
            return cue.kind, head.unit  # paid once
        before = linked.unit.partition("/") if linked and linked.cue.kind == cue.kind else ("", "", "")
        if cue.kind == "fare" and rate is None and before[0]:
            return cue.kind, before[0]
        return cue.kind, f"{head.unit or before[0] or 'unknown'}/{rate or before[2] or 'month'}"
    unit = head.what if head.what in _UNITS else "persons"
    bare = not head.what or (head.what == "measure" and cue.measure is Measure.QUEUE)  # "and 210 wait"
    if bare and linked is not None and linked.reading is reading:
        # "1,100 lorries stood there, a week before 650": what is bare counts the same.
        counted = linked.unit.partition("/")[0]
        alike = linked.cue.measure is cue.measure or cue.measure is Measure.QUEUE
        unit = counted if counted in _UNITS and alike else unit
    if rate is None and linked is not None and linked.reading is reading and linked.cue.first == cue.first:
        rate = linked.unit.partition("/")[2] or None  # "41,000 people and 9,400 cars a day"
    kind = cue.kind
    if kind is None and linked is not None and linked.cue.measure is cue.measure:
        kind = linked.cue.kind  # "640 asked for asylum. Most applications, 210, came from Syrians"
    return kind, f"{unit}/{rate}" if rate and cue.measure.is_flow else unit

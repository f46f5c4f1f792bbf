"""A model's record becomes a claim only where the text bears it out, field by field.

Nothing is mended: a field that fails sets the whole record aside, with the reason. Offsets are found
here and never taken from the model. Pure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from tolqyn.claims import KINDS, Claim, Measure, Modality, Qualifier
from tolqyn.errors import ClaimError, ExtractError
from tolqyn.extract.model.ground import Ground, Mark
from tolqyn.extract.model.pieces import Piece
from tolqyn.extract.model.request import WORDS
from tolqyn.places import place

__all__ = ["Verified", "verify"]

_LONGEST_QUOTE = 600
_LONGEST_NAME = 120
# Letters, digits and the marks of names; no markup, no control characters, nothing that a page or a
# terminal would obey.
_NAME = re.compile(r"[\w .,'’ʼ`()/&«»“”„\"№+–—-]+")
_UNIT = re.compile(
    r"(?:(?:persons|crossings|vehicles|households)(?:/(?:day|week|month|year))?"
    r"|percent|[A-Z]{3}(?:/(?:day|week|month|year|night))?)"
)
_PRICE_KINDS = ("rent_level", "rent_change_percent", "fare")
_MEASURED = [measure for measure in Measure if measure not in {Measure.SHARE, Measure.PRICE}]
_SHARE_KINDS = (*map(str, _MEASURED), *(f"{measure}_change_percent" for measure in _MEASURED))
_SIGNED = frozenset({Measure.NET, Measure.SHARE, Measure.PRICE})
_FIRST_DAY = date(1900, 1, 1)
_AHEAD = timedelta(400)  # how far after all its dates a text is taken to look forward
_CHANCE = 0.9  # of a record of which every field was found in the text; a guess, not calibrated
_DOUBT = {"place": 0.12, "group": 0.06, "window": 0.12, "measure": 0.06}

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Verified:
    """A claim and the figure that it reads.

    Attributes:
        mark: the first figure of the quote that bears the value out.
    """

    claim: Claim
    mark: Mark

    @property
    def start(self) -> int:
        """Where the quote begins."""
        assert self.claim.start is not None
        return self.claim.start

    @property
    def end(self) -> int:
        """Where it ends."""
        assert self.claim.end is not None
        return self.claim.end


def verify(
    candidate: Any, ground: Ground, piece: Piece, engine: str, taken: Collection[tuple[int, int]]
) -> Verified:
    """The claim that a record makes.

    Args:
        candidate: what the model wrote, of any form.
        ground: the document.
        piece: the part that the model was shown.
        engine: written into the claim's evidence.
        taken: offsets at which the same record was given before; of two places with the same words the
            next one free is meant.

    Raises:
        ExtractError: the first field that the text does not bear out, and why.
        ClaimError: fields that do not fit together.
    """
    if not isinstance(candidate, Mapping):
        raise ExtractError(f"a record is no object: {candidate!r:.80}")
    start, end = _quote(candidate, ground, piece, taken)
    try:
        return _verify(candidate, ground, engine, start, end)
    except (ExtractError, ClaimError) as error:
        where = f"{ground.document.doc}:{start}-{end}"
        raise ExtractError(error.message, where, error.hint) from None


def _verify(candidate: Mapping[str, Any], ground: Ground, engine: str, start: int, end: int) -> Verified:
    words = _words(candidate, ground)
    measure = _word(candidate, "measure", Measure)
    qualifier = _word(candidate, "qualifier", Qualifier)
    modality = _word(candidate, "modality", Modality)
    doubts: dict[str, str] = {}
    where = _place(candidate, "place", ground, words, doubts)
    if where is None:
        raise ExtractError("place is not given")
    value, low, high = (_number(candidate, name) for name in ("value", "low", "high"))
    mark = _figure(ground, start, end, value, low, high, signed=measure in _SIGNED)
    window = _window(candidate, ground, words, modality, doubts)
    speaker, organization = _source(candidate, ground, words)
    if words["measure"] is None:
        doubts["measure"] = "no words given"
    document = ground.document
    claim = Claim(
        doc=document.doc,
        quote=document.text[start:end],
        start=start,
        end=end,
        measure=measure,
        kind=_kind(candidate, measure),
        place=where,
        counterpart=_place(candidate, "counterpart", ground, words, {}),
        group=_group(candidate, ground, words, doubts),
        value=value,
        low=low,
        high=high,
        unit=_unit(candidate, measure),
        qualifier=qualifier,
        window_start=window[0],
        window_end=window[1],
        speaker=speaker,
        organization=organization,
        modality=modality,
        said=_said(candidate, ground) or document.published,
        published=document.published,
        publisher=document.publisher,
        source_url=document.url,
        confidence=round(_CHANCE - sum(_DOUBT[field] for field in doubts), 2),
        evidence=_evidence(engine, words, doubts),
    )
    return Verified(claim, mark)


def _evidence(
    engine: str, words: Mapping[str, str | None], doubts: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """For each field the words that decided it, and what could not be found of it."""
    told = {field: given for field, given in words.items() if given}
    for field, doubt in doubts.items():
        told[field] = f"{told[field]} ({doubt})" if field in told else doubt
    return (*told.items(), ("engine", engine))


def _quote(
    candidate: Mapping[str, Any], ground: Ground, piece: Piece, taken: Collection[tuple[int, int]]
) -> tuple[int, int]:
    """Where the quote stands in the piece."""
    quote = candidate.get("quote")
    if not isinstance(quote, str) or not quote.strip():
        raise ExtractError(f"quote is {quote!r:.80}, not words of the text")
    if len(quote) > _LONGEST_QUOTE:
        raise ExtractError(
            f"the quote has {len(quote):,} characters, above the limit of {_LONGEST_QUOTE}: {quote[:80]!r}"
        )
    last: tuple[int, int] | None = None
    for span in ground.find(quote, piece):
        last = span
        if span not in taken:
            return span
    if last is None:
        raise ExtractError(f"the quote is not in the text: {quote[:160]!r}")
    return last


def _words(candidate: Mapping[str, Any], ground: Ground) -> dict[str, str | None]:
    """The words given for each field; all of them stand in the text."""
    given = candidate.get("words")
    if given is None:
        given = {}
    if not isinstance(given, Mapping):
        raise ExtractError(f"words is {given!r:.80}, not an object")
    words: dict[str, str | None] = {}
    for field in WORDS:
        said = given.get(field)
        if said is not None and not isinstance(said, str):
            raise ExtractError(f"the words for {field} are {said!r:.80}, not text")
        said = " ".join((said or "").split()) or None
        if said is not None and (len(said) > _LONGEST_QUOTE or not ground.has(said)):
            raise ExtractError(f"the words given for {field} are not in the text: {said[:160]!r}")
        words[field] = said
    return words


def _word(candidate: Mapping[str, Any], name: str, kind: type[Word]) -> Word:
    """A word of the vocabulary."""
    given = candidate.get(name)
    if not isinstance(given, str) or given not in set(kind):
        raise ExtractError(
            f"{name} is {given!r:.80}, which is not in the vocabulary", hint=f"one of: {', '.join(kind)}"
        )
    return kind(given)


def _text(candidate: Mapping[str, Any], name: str) -> str | None:
    """A name or short word; None where none is given."""
    given = candidate.get(name)
    if given is None or given == "":
        return None
    if not isinstance(given, str) or len(given) > _LONGEST_NAME or not _NAME.fullmatch(given):
        raise ExtractError(f"{name} is {given!r:.160}, which is no name")
    return " ".join(given.split())


def _number(candidate: Mapping[str, Any], name: str) -> float | None:
    given = candidate.get(name)
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or abs(given) > 1e15:
        raise ExtractError(f"{name} is {given!r:.80}, not a figure")
    if not math.isfinite(given):
        raise ExtractError(f"{name} is {given}, not a figure")
    return float(given)


def _figure(
    ground: Ground,
    start: int,
    end: int,
    value: float | None,
    low: float | None,
    high: float | None,
    *,
    signed: bool,
) -> Mark:
    """The figure of the quote that the record reads, as our own reader reads it."""
    text = ground.document.text
    # The full stop of "4,1 млн." belongs to the figure and need not be quoted.
    marks = [
        mark
        for mark in ground.marks
        if start <= mark.start and (mark.end <= end or text[end : mark.end] == ".")
    ]
    given = [number for number in (value, low, high) if number is not None]
    if not given:
        raise ExtractError("no figure is given: neither value, nor low and high")
    first: Mark | None = None
    for number in given:
        size = abs(number) if signed else number
        read = next((mark for mark in marks if _reads(mark, size)), None)
        if read is None:
            seen = ", ".join(text[mark.start : mark.end] for mark in marks) or "none"
            raise ExtractError(f"the figure {number:.15g} is not in the quote; the figures there: {seen!r}")
        first = first or read
    assert first is not None
    return first


def _reads(mark: Mark, number: float) -> bool:
    figure = mark.figure
    return any(
        said is not None and math.isclose(said, number, rel_tol=1e-6)
        for said in (figure.value, figure.low, figure.high)
    )


def _place(
    candidate: Mapping[str, Any],
    name: str,
    ground: Ground,
    words: Mapping[str, str | None],
    doubts: dict[str, str],
) -> str | None:
    """The place under the name of our own table, or under one that the text itself uses."""
    given = _text(candidate, name)
    if given is None:
        return None
    codes = []
    for part in given.split(", "):
        found = place(part)
        if found is None and not ground.has(part):
            raise ExtractError(f"{name} is {part!r}: no place that is known, and not in the text")
        code = found.code if found else part
        if found is not None and code not in ground.places and not ground.has(part):
            doubts["place"] = "supplied" if words["place"] else "not named in the text"
        codes.append(code)
    return ", ".join(codes)


def _group(
    candidate: Mapping[str, Any], ground: Ground, words: Mapping[str, str | None], doubts: dict[str, str]
) -> str:
    given = _text(candidate, "group")
    if given is None:
        raise ExtractError("group is not given", hint='"any" is everybody')
    if given in {"any", "foreign"}:
        return given
    if re.fullmatch(r"[A-Z]{3}", given):
        found = place(given)
        if found is None or found.kind != "country":
            raise ExtractError(f"group is {given!r}, which is no country's code")
        if given not in ground.places:
            doubts["group"] = "not named in the text"
    elif words["group"] is None:
        raise ExtractError(f"group is {given!r}, and no words of the text are given for it")
    return given


def _day(candidate: Mapping[str, Any], name: str) -> date | None:
    given = candidate.get(name)
    if given is None or given == "":
        return None
    try:
        day = date.fromisoformat(given)
    except (TypeError, ValueError):
        raise ExtractError(
            f"{name} is {given!r:.80}, not a day", hint="days are written 2022-09-21"
        ) from None
    if day < _FIRST_DAY:
        raise ExtractError(f"{name} is {day}, before any count of people at a border")
    return day


def _window(
    candidate: Mapping[str, Any],
    ground: Ground,
    words: Mapping[str, str | None],
    modality: Modality,
    doubts: dict[str, str],
) -> tuple[date | None, date | None]:
    """The days covered; what was seen cannot lie after the text."""
    days = [_day(candidate, name) for name in ("window_start", "window_end")]
    published = ground.document.published
    seen = modality in {Modality.OBSERVED, Modality.DENIED}
    last = max([*ground.days, *([ground.latest] if ground.latest else [])], default=None)
    limit = ground.latest if seen else last and min(last, date.max - _AHEAD) + _AHEAD
    for name, day in zip(("window_start", "window_end"), days, strict=True):
        if day is None:
            continue
        if limit is not None and day > limit:
            raise ExtractError(f"{name} is {day}, after {limit}, the last day that the text allows")
        if words["window"] is None and day != published:
            raise ExtractError(f"{name} is {day}, and no words of the text are given for it")
        if day not in ground.days:
            doubts["window"] = "days not confirmed"
    return days[0], days[1]


def _said(candidate: Mapping[str, Any], ground: Ground) -> date | None:
    day = _day(candidate, "said")
    if day is not None and ground.latest is not None and day > ground.latest:
        raise ExtractError(f"said is {day}, after {ground.latest}, the last day that the text allows")
    return day


def _source(
    candidate: Mapping[str, Any], ground: Ground, words: Mapping[str, str | None]
) -> tuple[str | None, str | None]:
    speaker, organization = _text(candidate, "speaker"), _text(candidate, "organization")
    if speaker is not None and not ground.names(speaker):
        raise ExtractError(f"speaker is {speaker!r}, a name that is not in the text")
    # The body's name is a translation, so what is held to the text is the words that it translates.
    if organization is not None and words["source"] is None and not ground.has(organization):
        raise ExtractError(f"organization is {organization!r}, and no words of the text are given for it")
    return speaker, organization


def _kind(candidate: Mapping[str, Any], measure: Measure) -> str | None:
    given = _text(candidate, "kind")
    known: tuple[str, ...] = ()
    if measure in {Measure.REGISTRATIONS, Measure.APPLICATIONS}:
        known = KINDS
    elif measure is Measure.SHARE:
        known = _SHARE_KINDS
    elif measure is Measure.PRICE:
        known = _PRICE_KINDS
    if given is None:
        return None
    if given not in known:
        hint = f"one of: {', '.join(known)}" if known else f"{measure} has no kinds"
        raise ExtractError(f"kind is {given!r}, which {measure} does not have", hint=hint)
    return given


def _unit(candidate: Mapping[str, Any], measure: Measure) -> str:
    given = _text(candidate, "unit") or "persons"
    if not _UNIT.fullmatch(given):
        raise ExtractError(f"unit is {given!r}, which is not in the vocabulary")
    money = given[:3].isupper()
    fits = {
        Measure.SHARE: given == "percent",
        Measure.PRICE: money or given == "percent",
    }.get(measure, not money and given != "percent")
    if not fits:
        raise ExtractError(f"unit is {given!r}, which does not go with {measure}")
    return given

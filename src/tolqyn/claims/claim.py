"""One statement of one quantity, made by somebody, about a place, a group and a span of time.

The fields and their conventions are described in docs/reference/claims.md.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from tolqyn.claims.measure import Measure, Modality, Qualifier
from tolqyn.claims.window import Window
from tolqyn.errors import ClaimError

__all__ = ["RECORD_FIELDS", "Claim", "claim_from_record", "claim_to_record"]

# A fall is negative; people present, entering or registered are not.
_SIGNED = frozenset({Measure.NET, Measure.SHARE, Measure.PRICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody said of one quantity. Unknown is None, never zero.

    Attributes:
        doc: the document or table it stands in; `quote` is its text[start:end], in code points.
            For a table row `quote` is the row as written and start, end are None.
        measure, kind: what is counted; `kind` refines registrations, applications, share, price.
        place: ISO 3166-1 alpha-3 of a country, else the English name of region, city, checkpoint.
        counterpart: the other end of the movement, if said.
        group: whose movement: alpha-3 citizenship, "foreign", "any", or another short name.
        value: the figure as stated; None where only `low` and `high` are.
        unit: "persons", "crossings", "persons/day", "percent", ...; a rate is never a total.
        window_start, window_end: inclusive days; a level has its day in both; None is open.
        speaker, organization: who states it. publisher: who carried it.
        said: the day the source said it. published: the day the document appeared.
        confidence: chance that the record says what the text says, 0 to 1; None if not judged.
        evidence: (field, what decided it) pairs, for the reader.
    """

    doc: str
    quote: str
    measure: Measure
    place: str
    group: str
    start: int | None = None
    end: int | None = None
    kind: str | None = None
    counterpart: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = "persons"
    qualifier: Qualifier = Qualifier.EXACT
    window_start: date | None = None
    window_end: date | None = None
    speaker: str | None = None
    organization: str | None = None
    modality: Modality = Modality.OBSERVED
    said: date | None = None
    published: date | None = None
    publisher: str | None = None
    source_url: str | None = None
    confidence: float | None = None
    evidence: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        try:
            Window(self.window_start, self.window_end)
        except ClaimError as error:
            raise ClaimError(error.message, self.where, error.hint) from None
        if self.value is None and self.low is None and self.high is None:
            raise ClaimError("a claim needs a figure: value, or low and high", self.where)
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ClaimError(
                f"high is {self.high:g}, below low, {self.low:g}", self.where, "the two may be swapped"
            )
        if self.qualifier in {Qualifier.RANGE, Qualifier.ORDER} and (self.low is None or self.high is None):
            raise ClaimError(f"qualifier {self.qualifier} needs both low and high", self.where)
        signed = self.measure in _SIGNED
        for name, figure in (("value", self.value), ("low", self.low), ("high", self.high)):
            if figure is not None and not math.isfinite(figure):
                raise ClaimError(f"{name} is {figure}, not a number", self.where)
            if figure is not None and figure < 0 and not signed:
                raise ClaimError(f"{name} is {figure:g}; {self.measure} cannot be negative", self.where)
        if not (self.doc and self.place and self.group and self.unit):
            name = next(name for name in ("doc", "place", "group", "unit") if not getattr(self, name))
            raise ClaimError(f"{name} is empty", self.where)
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise ClaimError(f"confidence is {self.confidence:g}, outside 0 to 1", self.where)

    @property
    def window(self) -> Window:
        """The days that the figure covers."""
        return Window(self.window_start, self.window_end)

    @property
    def where(self) -> str:
        """The document and characters that it stands at."""
        return self.doc if self.start is None else f"{self.doc}:{self.start}-{self.end}"

    @property
    def source(self) -> str | None:
        """Whose figure it is: the body, else the person; None where the text names neither."""
        return self.organization or self.speaker

    @property
    def known(self) -> date | None:
        """The first day on which it could be known: said, else published; None if neither is."""
        return self.said or self.published

    @property
    def centre(self) -> float:
        """One number for the figure: the value, else the middle of low and high."""
        if self.value is not None:
            return self.value
        ends = [end for end in (self.low, self.high) if end is not None]
        return sum(ends) / len(ends)

    @property
    def id(self) -> str:
        """Sixteen hex digits that name the claim by what it says and where; the same in every run.

        Confidence and evidence are left out: they belong to the engine, not to the sentence.
        """
        record = {k: v for k, v in claim_to_record(self).items() if k not in {"confidence", "evidence"}}
        text = json.dumps(record, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


RECORD_FIELDS: tuple[str, ...] = (
    "doc", "quote", "start", "end", "measure", "kind", "place", "counterpart", "group", "value",
    "low", "high", "unit", "qualifier", "window_start", "window_end", "speaker", "organization",
    "modality", "said", "published", "publisher", "source_url", "confidence", "evidence",
)  # fmt: skip
"""The fields of a record, in the order in which they are written."""

assert set(RECORD_FIELDS) == {field.name for field in fields(Claim)}

_DATES = frozenset({"window_start", "window_end", "said", "published"})
_FIGURES = frozenset({"value", "low", "high", "confidence"})
_WORDS = {"measure": Measure, "qualifier": Qualifier, "modality": Modality}


def claim_to_record(claim: Claim) -> dict[str, Any]:
    """The claim as plain values for JSON: dates as ISO text, whole figures as integers."""
    record: dict[str, Any] = {}
    for name in RECORD_FIELDS:
        value = getattr(claim, name)
        if isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, float) and value.is_integer() and name != "confidence":
            value = int(value)
        elif name == "evidence":
            value = dict(value)
        elif name in _WORDS:
            value = str(value)
        record[name] = value
    return record


def claim_from_record(record: Mapping[str, Any], where: str | None = None) -> Claim:
    """The claim that a JSON object or a table row describes.

    Args:
        record: names and values; text is read as the field's type, "" as unknown. Names that are
            not fields of a claim are ignored.
        where: file and row, for messages.

    Raises:
        ClaimError: a value that cannot be read, or fields that do not fit together.
    """
    values: dict[str, Any] = {}
    for name in RECORD_FIELDS:
        raw = record.get(name)
        if raw is None or raw == "":
            continue
        values[name] = _read_field(name, raw, where)
    for name in ("measure", "place", "group"):
        if name not in values:
            raise ClaimError(f"{name} is empty", where, "every claim names its measure, place and group")
    values.setdefault("doc", where or "record")
    values.setdefault("quote", "")
    try:
        return Claim(**values)
    except ClaimError as error:
        raise ClaimError(error.message, where or error.where, error.hint) from None


def _read_field(name: str, raw: Any, where: str | None) -> Any:
    """One field's value from text, number or date."""
    try:
        if name in _DATES:
            return raw if isinstance(raw, date) else date.fromisoformat(str(raw).strip()[:10])
        if name in _FIGURES:
            return float(raw)
        if name in {"start", "end"}:
            return int(raw)
        if name in _WORDS:
            return _WORDS[name](str(raw).strip())
        if name == "evidence":
            return tuple(dict(raw).items())
        return str(raw).strip() if name != "quote" else str(raw)
    except (TypeError, ValueError):
        known = ", ".join(_WORDS[name]) if name in _WORDS else None
        hint = f"one of: {known}" if known else "dates are written 2022-09-21" if name in _DATES else None
        raise ClaimError(f"{name} is {raw!r}, which cannot be read", where, hint) from None

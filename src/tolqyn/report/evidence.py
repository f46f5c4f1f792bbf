"""What every figure rests on: statements get numbers and anchors, estimated figures get letters.

A figure stated by a source opens its statement. A figure estimated from several opens an entry that
names it, gives its intervals, and lists the statements it rests on, the most telling first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Claim, Document, Modality, Statement
from tolqyn.estimate.posterior import Posterior, Reading
from tolqyn.ledger import retellings
from tolqyn.report.model import Entry, Quote, Span, Text
from tolqyn.report.names import figure, subject_of
from tolqyn.report.words import Amount, amount, count, day, safe_url, signed, tidy

__all__ = ["Estimate", "Evidence"]

APPENDIX_LIMIT = 600
"""Statements printed in full; beyond it those that nothing links to are counted only."""

_RESTS_ON = 12
_TOLD_AGAIN = 8
_FAMILY: dict[str, tuple[str, ...]] = {
    "entries": ("entries", "net"),
    "exits": ("exits", "net"),
    "net": ("entries", "exits", "net", "stock"),
    "stock": ("stock", "entries", "exits", "net"),
    "registrations": ("registrations", "applications"),
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated figure: its amount, and the anchor of what it rests on."""

    amount: Amount
    to: str

    def about(self) -> Span:
        """The middle, as a link: "78,000"."""
        return Span(self.amount.magnitude.about, self.to, strong=True)

    def interval(self) -> Span:
        """The interval, as a link: "60,000–97,000"."""
        return Span(self.amount.interval, self.to)

    def told(self) -> tuple[Span, ...]:
        """Middle and interval: "about 78,000 (60,000–97,000)"; the interval alone where the middle says little."""
        if self.amount.poor:
            return (Span(self.amount.interval, self.to, strong=True),)
        return (
            Span("about "),
            Span(self.amount.about, self.to, strong=True),
            Span(" ("),
            self.interval(),
            Span(")"),
        )

    def between(self) -> tuple[Span, ...]:
        """Both ends in words: "between 60,000 and 97,000", of the size without the sign."""
        low, high = self.amount.magnitude.spare_ends
        return (
            Span("between "),
            Span(low, self.to, strong=True),
            Span(" and "),
            Span(high, self.to, strong=True),
        )


@dataclass(slots=True)
class Evidence:
    """The register of what was linked while a report is put together."""

    posterior: Posterior
    statements: Sequence[Statement]
    documents: Mapping[str, Document]
    readings: dict[str, Reading] = field(init=False)
    numbers: dict[str, int] = field(init=False)
    linked: set[str] = field(init=False, default_factory=set)
    entries: list[Entry] = field(init=False, default_factory=list)
    known: dict[tuple[str, str], Estimate] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.readings = {reading.statement.id: reading for reading in self.posterior.readings}
        self.statements = sorted(self.statements, key=_in_time)
        self.numbers = {statement.id: n for n, statement in enumerate(self.statements, 1)}

    def number(self, statement: Statement) -> int:
        """The statement's number in the appendix."""
        return self.numbers[statement.id]

    def to(self, statement: Statement) -> str:
        """The link to a statement; from now on it is sure to be printed."""
        self.linked.add(statement.id)
        return f"#s-{self.number(statement)}"

    def stated(self, statement: Statement) -> Span:
        """The stated figure, opening its sentence."""
        return Span(figure(statement.claim), self.to(statement))

    def title(self, statement: Statement) -> str:
        """One line that says a statement: for a mark in a chart, and for its link."""
        claim = statement.claim
        said = f" on {day(claim.known)}" if claim.known else ""
        return tidy(
            f"Statement {self.number(statement)}: {figure(claim)}, {subject_of(claim)}; "
            f"{claim.source or 'source not named'}{said}",
            300,
        )

    def quote(self, statement: Statement) -> Quote:
        """The statement's words beside who said them; a table's row has none that can be quoted."""
        claim = statement.claim
        document = self.documents.get(claim.doc)
        said = f", {day(claim.known)}" if claim.known else ""
        row = "" if claim.start is not None else f", {tidy(claim.doc, 80)}"
        return Quote(
            text=tidy(claim.quote, 280) if claim.start is not None else "",
            credit=tidy(claim.source or claim.publisher or "source not named", 120) + said + row,
            figure=f"{figure(claim)}, {subject_of(claim)}",
            to=self.to(statement),
            language=document.language if document else None,
        )

    def used(self, *measures: str, place: str | None = None, group: str | None = None) -> list[Statement]:
        """The statements of these measures that entered the estimate, in the order of time."""
        return [
            statement
            for statement in self.statements
            if statement.claim.measure in measures
            and place in {None, statement.claim.place}
            and group in {None, statement.claim.group}
            and (reading := self.readings.get(statement.id)) is not None
            and reading.used
        ]

    def estimate(
        self,
        key: str,
        what: str,
        draws: NDArray[np.float64],
        measure: str,
        place: str,
        group: str,
        start: date,
        end: date,
    ) -> Estimate:
        """Register an estimated figure, and give its link.

        Args:
            key: names the figure; the same key and place and group are registered once.
            what: what the figure counts, for the appendix.
            draws: (draw,), persons.
            measure: of the statements that it rests on.
            place: where.
            group: whose.
            start: first day.
            end: last day.
        """
        name = (key, f"{place} {group}")
        if name not in self.known:
            anchor = f"f-{len(self.entries) + 1}"
            self.known[name] = Estimate(amount(draws), f"#{anchor}")
            basis = self._basis(measure, place, group, start, end)
            self.entries.append(self._figure_entry(anchor, what, draws, basis))
        return self.known[name]

    def _basis(self, measure: str, place: str, group: str, start: date, end: date) -> list[Statement]:
        """The used statements that speak of the figure's days, the most telling first.

        Telling is what moved the estimate, in so far as its own days are those of the figure: a year's
        total says less of one day than that day's count.
        """
        family = _FAMILY.get(measure, (measure,))
        speaking = [
            statement
            for statement in self.used(*family, place=place, group=group)
            if (statement.claim.window_start or date.min) <= end
            and (statement.claim.window_end or statement.claim.known or date.max) >= start
        ]

        def telling(statement: Statement) -> float:
            moved = (self.readings[statement.id].influence or 0) + 0.01
            return moved * _common_share(statement.claim, start, end)

        return sorted(speaking, key=lambda statement: (-telling(statement), self.number(statement)))

    def _figure_entry(
        self, anchor: str, what: str, draws: NDArray[np.float64], basis: Sequence[Statement]
    ) -> Entry:
        whole = amount(draws)
        low, high = (float(q) for q in np.quantile(draws, [0.25, 0.75]))
        half = Amount(whole.middle, low, high, whole.step)
        facts: list[tuple[str, Text]] = [
            ("90 % interval", (Span(whole.interval),)),
            ("50 % interval", (Span(half.interval),)),
        ]
        if basis:
            facts.append(("Rests on", self.numbered(basis[:_RESTS_ON], more=len(basis) - _RESTS_ON)))
        else:
            facts.append(("Rests on", (Span("no statement of these days: the model's assumptions speak"),)))
        head = (Span(whole.about, strong=True), Span(f" · {what}"))
        return Entry(anchor, f"F{len(self.entries) + 1}", head, "", None, tuple(facts))

    def references(
        self, measure: str, place: str, group: str, start: date, end: date, limit: int = 5
    ) -> Text:
        """The numbers of the statements that a figure rests on most, linked: "12, 13, 40"."""
        basis = self._basis(measure, place, group, start, end)[:limit]
        spans: list[Span] = []
        for statement in basis:
            spans += [Span(", ")] * bool(spans) + [Span(str(self.number(statement)), self.to(statement))]
        return tuple(spans) or (Span("no statement"),)

    def numbered(self, statements: Iterable[Statement], *, more: int = 0) -> Text:
        """Statements as a line of figures with links: "entries about 98,000 [12], exits 64,234 [13]"."""
        spans: list[Span] = []
        for statement in statements:
            if spans:
                spans.append(Span(", "))
            words = f"{statement.claim.measure} {figure(statement.claim)}"
            spans += [Span(words), Span(f" [{self.number(statement)}]", self.to(statement))]
        if more > 0:
            spans.append(Span(f", and {more} more"))
        return tuple(spans)

    def appendix(self) -> tuple[list[Entry], int]:
        """An entry for each statement, in the order of time, and how many are left out for length."""
        shown = self.statements
        if len(shown) > APPENDIX_LIMIT:
            wanted = sorted(
                shown, key=lambda s: (s.id not in self.linked, not self._is_used(s), self.number(s))
            )
            keep = max(APPENDIX_LIMIT, len(self.linked))
            chosen = {statement.id for statement in wanted[:keep]}
            shown = [statement for statement in shown if statement.id in chosen]
        return [self._entry(statement) for statement in shown], len(self.statements) - len(shown)

    def _is_used(self, statement: Statement) -> bool:
        reading = self.readings.get(statement.id)
        return reading is not None and reading.used

    def _entry(self, statement: Statement) -> Entry:
        claim = statement.claim
        document = self.documents.get(claim.doc)
        quoted = claim.start is not None
        facts: list[tuple[str, Text]] = [
            ("Row", () if quoted else (Span(tidy(claim.quote)),)),
            ("Said by", _said_by(claim)),
            ("Read in", self._read_in(claim, document)),
            ("Mentions", _mentions(statement)),
            ("Told again", self._told_again(statement)),
            ("Use", _use(self.readings.get(statement.id))),
        ]
        return Entry(
            id=f"s-{self.number(statement)}",
            label=str(self.number(statement)),
            head=(Span(figure(claim), strong=True), Span(f" · {subject_of(claim)}")),
            quote=tidy(claim.quote) if quoted else "",
            language=document.language if document else None,
            facts=tuple((name, text) for name, text in facts if any(span.text for span in text)),
        )

    def _told_again(self, statement: Statement) -> Text:
        """Who else carried it, in order of time, with the figure where it is put otherwise: "as up to 20,000"."""
        first = statement.claim
        told: dict[tuple[str, str], str] = {}
        for one in retellings(statement)[1:]:
            claim, said = one.claim, figure(one.claim)
            altered = {"figure", "qualifier"} & set(one.changed)
            if claim.doc == first.doc and not altered:
                continue
            document = self.documents.get(claim.doc)
            carrier = tidy((document.publisher if document else None) or claim.publisher or claim.doc, 80)
            when = f", {day(claim.known)}" if claim.known else ""
            told.setdefault((carrier, said), f"{carrier}{when}{f', as {said}' if altered else ''}")
        more = f"; and {len(told) - _TOLD_AGAIN} more" if len(told) > _TOLD_AGAIN else ""
        words = "; ".join(list(told.values())[:_TOLD_AGAIN])
        return (Span(words + more),) if words else ()

    def _read_in(self, claim: Claim, document: Document | None) -> Text:
        url = safe_url((document.url if document else None) or claim.source_url)
        title = tidy((document.title if document else None) or claim.doc, 160)
        publisher = (document.publisher if document else None) or claim.publisher
        published = (document.published if document else None) or claim.published
        spans = [Span(title, url)]
        if publisher:
            spans.append(Span(f", {tidy(publisher, 80)}"))
        if published:
            spans.append(Span(f", {day(published)}"))
        if claim.start is not None:
            spans.append(Span(f", characters {claim.start:,}–{claim.end:,}"))
        if document is not None and document.retold:
            spans.append(Span(" · retold: the words are not the publisher's", strong=True))
        return tuple(spans)


def _common_share(claim: Claim, start: date, end: date) -> float:
    """Days that a claim and a figure share, of the days that either has; 1 for a level, which has no span."""
    if not claim.measure.is_flow:
        return 1.0
    first, last = claim.window_start or start, claim.window_end or claim.known or end
    shared = (min(last, end) - max(first, start)).days + 1
    return max(shared, 0) / ((max(last, end) - min(first, start)).days + 1)


def _in_time(statement: Statement) -> tuple[date, str, str, str, float, str]:
    claim = statement.claim
    return (claim.known or date.max, claim.measure, claim.place, claim.group, claim.centre, statement.id)


def _said_by(claim: Claim) -> Text:
    who = " for ".join(tidy(name, 120) for name in (claim.speaker, claim.organization) if name)
    words = who or "not named"
    if claim.said:
        words += f", {day(claim.said)}"
    if claim.modality is not Modality.OBSERVED:
        words += f" ({claim.modality})"
    return (Span(words),)


def _mentions(statement: Statement) -> Text:
    if statement.mentions == 1 and statement.origins == 1:
        return ()
    origins = {0: "no named origin", 1: "1 independent origin"}.get(
        statement.origins, f"{statement.origins} independent origins"
    )
    return (Span(f"{statement.mentions} {'mention' if statement.mentions == 1 else 'mentions'}, {origins}"),)


def _use(reading: Reading | None) -> Text:
    """How the estimate read a statement, and how far the statement lies from the rest."""
    if reading is None:
        return (Span("not offered to the estimate"),)
    if not reading.used:
        return (Span(f"set aside: {tidy(reading.why_not or 'no reason given', 200)}"),)
    words = f"read as {tidy(reading.functional, 200)}" if reading.functional else "used"
    if reading.expected is not None:
        words += f"; without it the others give {count(_known_digits(reading.expected, reading.expected_sd))}"
    if reading.residual is not None:
        words += f", a difference of {signed(_known_digits(reading.residual, reading.expected_sd))}"
        if reading.residual_sd is not None:
            words += f" ({signed(round(reading.residual_sd, 1))} standard deviations)"
    return (Span(words),)


def _known_digits(value: float, sd: float | None) -> float:
    """A value rounded to a tenth of its uncertainty's power of ten; to three digits without one."""
    scale = abs(sd) if sd else abs(value) / 100
    if scale < 10:
        return float(round(value))
    power = 10 ** (len(str(int(scale))) - 1)
    return float(round(value / power) * power)

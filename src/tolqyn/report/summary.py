"""The head of a report: the sentence to quote, the key figures, what changed last, how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from tolqyn.claims import Claim, Measure, Statement
from tolqyn.report.evidence import Estimate, Evidence
from tolqyn.report.model import Block, Card, Cards, Column, Paragraph, Span, Table, Text
from tolqyn.report.names import group_name, in_place, place_name
from tolqyn.report.subject import Subject
from tolqyn.report.words import Amount, amount, count, day, days, short_day

__all__ = ["Totals", "headline", "summary", "totals"]


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of one subject from `since` to `until`; None where the stream was not estimated."""

    subject: Subject
    entries: Estimate | None
    exits: Estimate | None
    net: Estimate | None
    excess: Estimate | None
    stock: Estimate | None


def totals(subject: Subject, evidence: Evidence) -> Totals:
    """Register the figures of one subject."""
    group, place = group_name(subject.group), place_name(subject.place)
    span = days(subject.since, subject.until)

    def total(measure: str, what: str) -> Estimate | None:
        series = subject.net if measure == "net" else subject.series(measure)
        if series is None:
            return None
        draws = series[:, subject.index(subject.until)] if measure == "stock" else subject.sum(series)
        return evidence.estimate(
            f"total-{measure}",
            what,
            draws,
            measure,
            subject.place,
            subject.group,
            subject.since,
            subject.until,
        )

    return Totals(
        subject,
        total("entries", f"entries of {group} to {place}, {span}"),
        total("exits", f"exits of {group} from {place}, {span}"),
        total("net", f"entries minus exits of {group}, {place}, {span}"),
        _excess(subject, evidence, f"entries of {group} to {place} above ordinary traffic, {span}"),
        total("stock", f"{group} present in {place} at the end of {day(subject.until)}"),
    )


def _excess(subject: Subject, evidence: Evidence, what: str) -> Estimate | None:
    entries, ordinary = subject.series("entries"), subject.ordinary.get("entries")
    if entries is None or ordinary is None:
        return None
    draws = subject.sum(entries - ordinary)
    return evidence.estimate(
        "excess-entries", what, draws, "entries", subject.place, subject.group, subject.since, subject.until
    )


def headline(found: Totals) -> Text:
    """The sentence to quote, with its interval; each figure opens its evidence."""
    subject = found.subject
    group, place = group_name(subject.group), place_name(subject.place)
    if found.net is not None:
        if found.net.amount.sign == 0:
            return _undecided(found, found.net)
        more = "more" if found.net.amount.sign > 0 else "fewer"
        return _told(found.net, f" {more} {group} are in {place} than before {day(subject.since)}")
    for flow, verb in ((found.entries, "entered"), (found.exits, "left")):
        if flow is not None:
            span = days(subject.since, subject.until)
            return (Span(f"{_upper(group)} {verb} {place} "), *flow.between(), Span(f" times, {span}"))
    if found.stock is not None:
        return _told(found.stock, f" {group} are {in_place(subject.place)}")
    return (Span(f"{_upper(group)} {in_place(subject.place)}"),)


def _told(known: Estimate, words: str) -> Text:
    """A figure with words of what it counts; its interval leads where the middle says little."""
    first, *ends = known.between()
    if known.amount.poor:
        return Span(_upper(first.text)), *ends, Span(words)
    return Span("About "), known.about(), Span(f"{words}: "), first, *ends


def _undecided(found: Totals, net: Estimate) -> Text:
    """The headline where the balance may lie on either side of zero."""
    subject = found.subject
    group, place, since = group_name(subject.group), place_name(subject.place), day(subject.since)
    low, high = net.amount.ends
    return (
        Span(f"Whether more {group} are in {place} than before {since} is not known: between "),
        Span("as many" if low == "0" else low.removeprefix("−"), net.to),
        Span(" and " if low == "0" else " fewer and "),
        Span("as many" if high == "0" else high, net.to),
        Span("" if high == "0" else " more"),
    )


def summary(every: Sequence[Totals], evidence: Evidence) -> list[Block]:
    """What stands under the headline."""
    first = every[0]
    blocks: list[Block] = [Paragraph(text, "lead") for text in [_flows_sentence(first)] if text]
    cards = _cards(first)
    if cards:
        blocks.append(Cards(tuple(cards)))
    blocks += [
        Paragraph(text)
        for text in (
            _last_change(first, evidence),
            _how_sure(first, evidence),
            *_torn(first, evidence),
            _set_aside(first, evidence),
        )
        if text
    ]
    if len(every) > 1:
        blocks.append(_all_subjects(every))
    return blocks


def _flows_sentence(found: Totals) -> Text:
    subject = found.subject
    group, place = group_name(subject.group), place_name(subject.place)
    if found.entries is None or found.exits is None:
        return ()
    entries, exits = subject.series("entries"), subject.series("exits")
    assert entries is not None
    assert exits is not None
    ratio = amount(subject.sum(exits) / subject.sum(entries) * 100)
    spans = [
        Span(f"From {day(subject.since)}" + (f" ({subject.event})" if subject.event else "")),
        Span(f" to {day(subject.until)}, {group} entered {place} "),
        *found.entries.between(),
        Span(" times and left it "),
        *found.exits.between(),
        Span(f" times: {ratio.interval} exits for every 100 entries."),
    ]
    if found.excess is not None:
        before, after = _AGAINST_ORDINARY[found.excess.amount.sign]
        spans += [Span(before), *_against(found.excess), Span(after)]
    return tuple(spans)


_AGAINST_ORDINARY = {
    1: (" Of the entries, ", " are above what ordinary traffic would have brought."),
    0: (
        " Whether the entries are more than ordinary traffic would have brought is not clear: between ",
        " above it.",
    ),
    -1: (" That is less than ordinary traffic would have brought: ", " against it."),
}
"""What is said of entries beyond ordinary traffic, by the sign of all of their interval."""


def _against(excess: Estimate) -> Text:
    """The interval of what is beyond ordinary traffic; where its sign is open, with words for it."""
    low, high = excess.amount.ends
    if excess.amount.sign:
        return (excess.interval(),)
    return (
        Span(low.removeprefix("−"), excess.to),
        Span(" and " if low == "0" else " below and "),
        Span(high, excess.to),
    )


def _cards(found: Totals) -> list[Card]:
    subject = found.subject
    span = f"{short_day(subject.since)} – {short_day(subject.until)}"
    wanted = [
        (found.entries, "Entries", f"border crossings, {span}"),
        (found.excess, "Above ordinary", "of the entries, beyond ordinary traffic"),
        (found.exits, "Exits", f"border crossings, {span}"),
        (found.net, "Added", f"entries minus exits, {span}"),
        (found.stock, "Present", f"at the end of {short_day(subject.until)}"),
    ]
    return [
        Card(
            label,
            None if entry.amount.poor else entry.amount.about,
            f"{entry.amount.interval}",
            note,
            entry.to,
        )
        for entry, label, note in wanted
        if entry is not None
    ]


def _last_change(found: Totals, evidence: Evidence) -> Text:
    """When the daily balance turned, else how the last week differs from the one before."""
    subject = found.subject
    turn = subject.turn()
    entries, exits = subject.series("entries"), subject.series("exits")
    if turn is None or entries is None or exits is None:
        return _last_week(found)
    here, where = turn.day, (subject.place, subject.group, turn.day, turn.day)
    came, left = (
        evidence.estimate(
            f"turn-{measure}",
            f"{measure} of {group_name(subject.group)}, {place_name(subject.place)}, {day(here)}",
            series[:, subject.index(here)],
            measure,
            *where,
        )
        for measure, series in (("entries", entries), ("exits", exits))
    )
    more = "more leave than enter" if turn.sign < 0 else "more enter than leave"
    return (
        Span("What changed last. ", strong=True),
        Span(f"The daily balance turned on {day(here)}: {more}. On that day there were "),
        *came.told(),
        Span(" entries and "),
        *left.told(),
        Span(" exits."),
    )


def _last_week(found: Totals) -> Text:
    subject = found.subject
    series = subject.series("entries")
    measure = "entries"
    if series is None:
        series, measure = subject.series("exits"), "exits"
    if series is None or subject.index(subject.until) - subject.index(subject.since) < 13:
        return ()
    week = timedelta(days=7)
    late = subject.sum(series, subject.until - week + timedelta(days=1), subject.until)
    early = subject.sum(series, subject.until - 2 * week + timedelta(days=1), subject.until - week)
    change = amount((late / np.maximum(early, 1) - 1) * 100)
    words = {1: "rose", -1: "fell", 0: "did not clearly change"}[change.sign]
    return (
        Span("What changed last. ", strong=True),
        Span(
            f"In the seven days to {day(subject.until)}, {measure} {words} against the seven days before "
            f"({change.interval} %, 90 % interval)."
        ),
    )


def _how_sure(found: Totals, evidence: Evidence) -> Text:
    """How wide each interval is, in words, and on how much it rests."""
    subject = found.subject
    parts = []
    for entry, name in (
        (found.entries, "entries"),
        (found.exits, "exits"),
        (found.net, "the balance"),
        (found.stock, "the number present"),
    ):
        if entry is not None:
            verb = "are" if name in {"entries", "exits"} else "is"
            parts.append(f"{name} {verb} {_sureness(entry.amount)}")
    silent = [
        words
        for entry, words in (
            (found.entries, "how many came"), (found.exits, "how many left"), (found.stock, "how many are present"),
        )
        if entry is None
    ]  # fmt: skip
    if silent and parts:
        parts.append(f"{' and '.join(silent)} {'is' if len(silent) == 1 else 'are'} unknown")
    used = evidence.used(*_OF_HOW_MANY, place=subject.place, group=subject.group)
    sources = {statement.claim.source for statement in used if statement.claim.source}
    mentions = sum(statement.mentions for statement in used)
    words = "; ".join(parts)
    return (
        Span("How sure. ", strong=True),
        Span(f"{_upper(words)}. " if words else ""),
        Span(
            f"This rests on {_many(len(used), 'statement')} of flows and stock by {_many(len(sources), 'named source')}, "
            f"carried in {_many(mentions, 'mention')}."
        ),
    )


def _torn(found: Totals, evidence: Evidence) -> list[Text]:
    """Statements that cannot both be right, of which the intervals hold each."""
    subject = found.subject
    ours = {one.id: one for one in evidence.used(*_OF_HOW_MANY, place=subject.place, group=subject.group)}
    return [
        (
            Span("Torn. ", strong=True),
            Span("Given all else that was said, at most one of these can be right: "),
            *_side(ours[pair.one.ids[0]], pair.one.chance, evidence),
            Span(" or "),
            *_side(ours[pair.other.ids[0]], pair.other.chance, evidence),
            Span(". The intervals hold each by its chance."),
        )
        for pair in subject.posterior.torn
        if pair.one.ids[0] in ours and pair.other.ids[0] in ours
    ]


def _side(statement: Statement, chance: float, evidence: Evidence) -> Text:
    """What one side says, of which days, and the chance that it is right."""
    claim = statement.claim
    when = days(claim.window_start, claim.window_end)
    return (*evidence.numbered([statement]), Span(f" ({when}; {100 * chance:.0f} chances in a hundred)"))


def _set_aside(found: Totals, evidence: Evidence) -> Text:
    """What was said of the very days of the headline, and the estimate does not believe."""
    subject = found.subject
    torn = {name for pair in subject.posterior.torn for side in (pair.one, pair.other) for name in side.ids}
    against = [
        statement
        for statement in evidence.used(*_OF_HOW_MANY, place=subject.place, group=subject.group)
        if _is_of_these_days(statement.claim, subject)
        and statement.id not in torn
        and abs(evidence.readings[statement.id].residual_sd or 0.0) > _FAR
    ]
    if not against:
        return ()
    return (
        Span("Set aside. ", strong=True),
        Span("Of the same days was also said: "),
        *evidence.numbered(against),
        Span(
            ". The other statements together make that unlikely, and the intervals above leave it out: whoever believes it "
            "must doubt them."
        ),
    )


def _is_of_these_days(claim: Claim, subject: Subject) -> bool:
    """Whether a figure covers the days of the report, or tells who is present on the last of them."""
    last = claim.window_end == subject.until
    return last and (claim.measure is Measure.STOCK or claim.window_start == subject.since)


_OF_HOW_MANY = ("entries", "exits", "net", "stock")
_FAR = 3.0  # standard deviations, as where a statement against the estimate opens a case


def _sureness(known: Amount) -> str:
    """How far the interval lets the figure be known, in words with the share."""
    if known.sign == 0:
        return "unknown even in sign"
    share = known.half_width
    words = (
        "well known"
        if share <= 0.05
        else "fairly well known"
        if share <= 0.15
        else "roughly known"
        if not known.poor
        else "poorly known"
    )
    return f"{words} (± {count(max(round(share * 100), 1))} %)"


def _all_subjects(every: Sequence[Totals]) -> Table:
    def cell(entry: Estimate | None) -> Text:
        return (
            (Span("not estimated"),)
            if entry is None
            else (Span(f"{entry.amount.about} (", entry.to), entry.interval(), Span(")"))
        )

    rows = tuple(
        (
            (Span(place_name(found.subject.place)),),
            (Span(group_name(found.subject.group)),),
            (Span(days(found.subject.since, found.subject.until)),),
            cell(found.entries),
            cell(found.exits),
            cell(found.net),
        )
        for found in every
    )
    columns = (
        Column("Place"),
        Column("Group"),
        Column("Days"),
        Column("Entries", numeric=True),
        Column("Exits", numeric=True),
        Column("Balance", numeric=True),
    )
    return Table("t-subjects", "Every place and group that was estimated, with 90 % intervals", columns, rows)


def _many(n: int, noun: str) -> str:
    return f"{count(n)} {noun}" + ("" if n == 1 else "s")


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]

"""Entries, exits and people present: what the account of a place must add up to.

stock = stock before + entries - exits. Three findings follow from it: the three figures do not add up;
the difference of two flows is taken for people present; the net of a day has another sign than the
total that it lies in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tolqyn.claims import Measure
from tolqyn.estimate.case import Reason, Trial
from tolqyn.estimate.contradict.context import Context, Flows, same_saying
from tolqyn.estimate.contradict.finding import Finding
from tolqyn.estimate.contradict.said import Said, as_written, group_within, written_step
from tolqyn.estimate.contradict.words import (
    capital,
    count,
    days_text,
    figure_text,
    group_text,
    place_name,
    quantity_text,
    source_text,
    statement_text,
    window_text,
)

__all__ = ["find_account"]


def find_account(context: Context) -> list[Finding]:
    """Everything that the account of a place and group brings to light."""
    sums = _sums(context)
    findings = [finding for told in sums if (finding := _tell_sum(told, context)) is not None]
    with_stock = {flow.statement.id for told in sums for one in told for flow in one.flows.said}
    return [*_once_each(findings), *_nets(context), *_turns(context), *_residents(context, with_stock)]


# in, out, here


@dataclass(frozen=True, slots=True)
class _Sum:
    """Entries and exits of a window, and the people present at its end."""

    flows: Flows
    stock: Said


def _sums(context: Context) -> list[list[_Sum]]:
    """For each stock, the flows that were given in one breath with it."""
    sums: defaultdict[str, list[_Sum]] = defaultdict(list)
    for pairs in context.flows.values():
        for pair in pairs:
            key = (pair.entries.place, Measure.STOCK, None, "persons")
            for stock in context.by_family.get(key, []):
                if stock.group == pair.entries.group and _told_with(stock, pair):
                    sums[stock.statement.id].append(_Sum(pair, stock))
    return list(sums.values())


def _told_with(stock: Said, pair: Flows) -> bool:
    """Whether a stock was given with a pair of flows, as of the end of their window."""
    if pair.entries.days is not None and pair.entries.days < 2:
        return False
    at_end = stock.end in (None, pair.entries.end, pair.entries.claim.known)
    return at_end and any(same_saying(stock, flow) for flow in pair.said)


def _once_each(findings: list[Finding]) -> list[Finding]:
    """Of findings about the same figures (echoes that stayed apart), the one with most statements."""
    best: dict[tuple[object, ...], Finding] = {}
    for finding in sorted(findings, key=lambda one: -len(one.said)):
        first = finding.said[0]
        key = (finding.topic, first.place, first.group, finding.title)
        best.setdefault(key, finding)
    return list(best.values())


def _tell_sum(group: list[_Sum], context: Context) -> Finding | None:
    first, stock = group[0], group[0].stock
    net, prior = first.flows.net, _known_prior(first, context)
    if prior is not None and _holds(first, prior):
        return None
    residual = abs(stock.figure - net)
    entries, exits = first.flows.said
    least, most = _difference_as_written(entries, exits)
    if abs(net) < (most - least) / 2:
        return None  # figures so round that their difference says nothing
    told = (
        f"{source_text(stock)}: {figure_text(entries)} came and {figure_text(exits)} left "
        f"({window_text(entries)}), and {figure_text(stock)} are present."
    )
    place = f"{capital(group_text(stock))} in {place_name(stock.place)}"
    if residual <= 0.02 * abs(net):
        title = f"{place}: the difference of entries and exits, {count(net)}, is given as people present"
        story = f"{told} In minus out is {count(net)}, the very figure given as people present."
        residual = abs(net)
    else:
        verdict = "repeats the entries" if _repeats_entries(first) else "does not add up"
        title = (
            f"{place}: {count(entries.figure)} in, {count(exits.figure)} out, "
            f"{count(stock.figure)} here {verdict}"
        )
        story = (
            f"{told} In minus out is {count(net)}, {count(residual)} {_than(net, stock.figure)} than that."
        )
    said = _distinct([stock, *(flow for one in group for flow in one.flows.said)])
    trials = _sum_trials(first, residual, context)
    return Finding("sum", said, residual, title, story, trials, stake=max(abs(net), stock.figure))


def _repeats_entries(one: _Sum) -> bool:
    """Whether the people present are all who came, though some have left."""
    entries, exits = one.flows.said
    return abs(one.stock.figure - entries.figure) <= 0.01 * entries.figure < 0.1 * exits.figure


def _than(one: float, other: float) -> str:
    return "fewer" if one < other else "more"


def _known_prior(one: _Sum, context: Context) -> Said | float | None:
    """People present before the window: stated within two weeks of its start, else the settings' figure."""
    start, stock = one.flows.entries.start, one.stock
    key = (stock.place, Measure.STOCK, None, stock.unit)
    near = [
        said
        for said in context.by_family.get(key, [])
        if said.group == stock.group and said.end and start and 0 <= (start - said.end).days <= 14
    ]
    if near:
        return max(near, key=lambda said: said.end or date.min)
    return context.situation.population.get(stock.place, {}).get(stock.group)


def _holds(one: _Sum, prior: Said | float) -> bool:
    """Whether the account can hold with so many present before."""
    low, high = (prior.low, prior.high) if isinstance(prior, Said) else (0.9 * prior, 1.1 * prior)
    least = low + one.flows.entries.low - one.flows.exits.high
    most = high + one.flows.entries.high - one.flows.exits.low
    return least <= one.stock.high and one.stock.low <= most


def _sum_trials(one: _Sum, residual: float, context: Context) -> tuple[Trial, ...]:
    entries, exits, stock = one.flows.entries, one.flows.exits, one.stock
    net, prior = one.flows.net, stock.figure - one.flows.net
    least, most = _difference_as_written(entries, exits)
    off = max(0.0, least - stock.high, stock.low - most)
    is_net = abs(prior) <= 0.02 * abs(net)
    is_gross = _repeats_entries(one)
    known = _known_prior(one, context)
    before = known.figure if isinstance(known, Said) else known
    note = "" if before is None else f" ({count(before)} is the figure known for before)"
    arithmetic = (
        f"Neither wrong nor complete: {count(prior)} people present before the window would settle it{note}; "
        f"as written, rounding and qualifiers allow a difference of {count(least)} to {count(most)}."
        if prior >= 0
        else f"Nobody present before can settle it: {count(-prior)} of those who came are missing."
    )
    return (
        Trial(
            Reason.STOCK_VS_FLOW,
            f"{count(net)} is the net flow of the window, not a count of people present: it leaves out whoever was "
            f"there before{note}, and part of it is ordinary traffic."
            if is_net
            else "The people present are not the difference of the flows.",
            0.0 if is_net else residual,
            is_net,
        ),
        Trial(
            Reason.NET_VS_GROSS,
            f"The people present repeat the entries, {figure_text(entries)}, as if nobody had left; the net is {count(net)}."
            if is_gross
            else "The people present do not repeat the entries.",
            0.0 if is_gross else residual,
            is_gross,
        ),
        Trial(Reason.ARITHMETIC, arithmetic, 0.0 if prior >= 0 else residual, prior >= 0),
        Trial(
            Reason.ROUNDING,
            f"As written, the flows allow a difference of {count(least)} to {count(most)}.",
            off,
            off == 0,
        ),
    )


def _difference_as_written(entries: Said, exits: Said) -> tuple[float, float]:
    """Least and greatest difference of two flows by their words and digits."""
    (in_low, in_high), (out_low, out_high) = as_written(entries.claim), as_written(exits.claim)
    return in_low - out_high, in_high - out_low


def _distinct(said: Iterable[Said]) -> tuple[Said, ...]:
    return tuple({one.statement.id: one for one in said}.values())


# a stated net against the flows


def _nets(context: Context) -> list[Finding]:
    """A stated net that is not entries minus exits of its window."""
    found = []
    for pairs in context.flows.values():
        for pair in pairs:
            key = (pair.entries.place, Measure.NET, None, pair.entries.unit)
            for net in context.by_family.get(key, []):
                same = (net.group, net.start, net.end) == (
                    pair.entries.group,
                    pair.entries.start,
                    pair.entries.end,
                )
                if not same or net.per_day or net.end is None:
                    continue
                if (
                    net.low > pair.entries.high - pair.exits.low
                    or net.high < pair.entries.low - pair.exits.high
                ):
                    found.append(_tell_net(net, pair))
    return _once_each(found)


def _tell_net(net: Said, pair: Flows) -> Finding:
    residual = abs(net.figure - pair.net)
    repeats = next(
        (flow for flow in pair.said if abs(flow.figure - abs(net.figure)) <= 0.02 * flow.figure), None
    )
    swapped = abs(net.figure + pair.net) <= 0.02 * abs(pair.net)
    gross = (
        f"The figure is that of all {repeats.measure}, not of entries minus exits."
        if repeats
        else "The figure repeats neither entries nor exits."
    )
    turned = (
        f"The sign is turned: exits minus entries is {count(-pair.net)}."
        if swapped
        else f"Entries minus exits is {count(pair.net)}; the sum was done wrong, or on other figures."
    )
    return Finding(
        "net",
        (net, *pair.said),
        residual,
        f"{capital(quantity_text(net))}, {window_text(net)}: {figure_text(net)} is not "
        f"{count(pair.entries.figure)} minus {count(pair.exits.figure)}",
        f"{capital(statement_text(net))}. {figure_text(pair.entries)} came and {figure_text(pair.exits)} left: "
        f"a difference of {count(pair.net)}, {count(residual)} persons apart.",
        (
            Trial(Reason.NET_VS_GROSS, gross, 0.0 if repeats else residual, bool(repeats)),
            Trial(Reason.ARITHMETIC, turned, 0.0 if swapped else residual, swapped),
        ),
    )


# the difference of flows is not residents


def _residents(context: Context, with_stock: set[str]) -> list[Finding]:
    """Entries and exits since an event, told without the people present: their difference misleads.

    Readers take it for people who stayed. One finding for each place studied, group and event: the pair that
    was said first. Without events, the first pair over a week or more.
    """
    found = []
    for (place, _), pairs in context.flows.items():
        if place not in context.situation.places:
            continue
        events = [event.date for event in context.situation.events]
        firsts: dict[date | None, Flows] = {}
        for pair in pairs:
            days = pair.entries.days
            if days is None or days < 3 or not pair.entries.end_known or pair.net <= 0:
                continue
            if any(flow.statement.id in with_stock for flow in pair.said):
                continue
            near = next((day for day in events if _starts_at(pair, day)), None)
            if (events and near is None) or (not events and days < 7):
                continue
            firsts.setdefault(near, pair)
        found += [_tell_residents(pair, context) for pair in firsts.values()]
    return found


def _starts_at(pair: Flows, event: date) -> bool:
    return pair.entries.start is not None and abs((pair.entries.start - event).days) <= 3


def _tell_residents(pair: Flows, context: Context) -> Finding:
    entries, exits = pair.said
    stocks = [
        said
        for said in context.by_family.get((entries.place, Measure.STOCK, None, entries.unit), [])
        if said.group == entries.group and said.figure > 0 and abs(said.figure - pair.net) <= 0.02 * pair.net
    ]
    gross = [
        said
        for said in context.by_family.get((entries.place, Measure.STOCK, None, entries.unit), [])
        if said.group == entries.group
        and abs(said.figure - entries.figure) <= 0.01 * entries.figure
        and said.end == entries.end
    ]
    people = f"{group_text(entries)} in {place_name(entries.place)}"
    return Finding(
        "residents",
        _distinct([entries, exits, *gross, *stocks]),
        pair.net,
        f"{capital(people)}: {count(entries.figure)} in minus {count(exits.figure)} out leaves "
        f"{count(pair.net)}, which is a net flow, not residents",
        f"{source_text(entries)}: {figure_text(entries)} came and {figure_text(exits)} left, "
        f"{window_text(entries)}. The difference, {count(pair.net)}, is easily read as people who stayed.",
        (
            Trial(
                Reason.STOCK_VS_FLOW,
                f"It is the net of {days_text(entries.start, entries.end)}: it does not count who was there before, "
                f"nor tell who is passing through. {_ordinary_text(pair, context)}".rstrip(),
                0.0,
                not gross,
            ),
            Trial(
                Reason.NET_VS_GROSS,
                "All entries are told as people present: " + "; ".join(statement_text(said) for said in gross)
                if gross
                else "Nobody tells all entries as people present.",
                0.0 if gross else pair.net,
                bool(gross),
            ),
        ),
        stake=pair.net,
    )


def _ordinary_text(pair: Flows, context: Context) -> str:
    """How much of the entries would have come in any case: by the estimate, else by an earlier pace."""
    entries = pair.entries
    assert entries.start is not None
    assert entries.end is not None
    every = context.estimated(entries, "entries", entries.start, entries.end)
    excess = context.estimated(entries, "excess_entries", entries.start, entries.end)
    if every is not None and excess is not None:
        low, middle, high = np.quantile(
            np.clip(1 - excess / np.maximum(every, 1.0), 0.0, 1.0), [0.05, 0.5, 0.95]
        )
        return (
            f"Of the entries, {100 * middle:.0f} % ({100 * low:.0f} to {100 * high:.0f} %, 90 % interval) "
            "are ordinary traffic by the estimate."
        )
    pace = context.ordinary_a_day(entries)
    if pace is None:
        return ""
    days = entries.days or 1
    share = min(1.0, pace * days / entries.figure)
    return (
        f"At the pace stated for ordinary days, {count(pace)} a day, {count(pace * days)} of the "
        f"{count(entries.figure)} would have come in any case ({100 * share:.0f} %)."
    )


# the sign of a day against the sign of the total


def _turns(context: Context) -> list[Finding]:
    """A net that has turned: positive over a span, negative at its end, or the reverse.

    One finding for each place studied and group: the total most carried, with the days that turn it.
    """
    found = []
    for (place, _), pairs in context.flows.items():
        if place not in context.situation.places:
            continue
        spans = [
            pair for pair in pairs if _sign(pair) and (pair.entries.days or 0) >= 5 and pair.entries.end_known
        ]
        ways = [(span, turned) for span in spans if (turned := [p for p in pairs if _turns_against(p, span)])]
        if ways:
            # Of several totals the one that most carry: a slip of one writer must not tell the story.
            span, turned = max(ways, key=lambda way: sum(said.statement.mentions for said in way[0].said))
            found.append(_tell_turn(span, turned))
    return found


def _sign(pair: Flows) -> int:
    """The sign of the net where the words leave no doubt, else 0."""
    if pair.entries.per_day:
        return 0
    # Both figures come from one source on one day, so that its habits of counting cancel: only rounding counts.
    slack = sum(min(written_step(flow.figure) / 2, 0.1 * flow.figure) for flow in pair.said)
    return 0 if abs(pair.net) <= slack else 1 if pair.net > 0 else -1


def _turns_against(pair: Flows, span: Flows) -> bool:
    """Whether a short window in the last half of a span has a net of the other sign."""
    if not (pair.entries.start and pair.entries.end and span.entries.start and span.entries.end):
        return False
    middle = span.entries.start + timedelta(days=(span.entries.days or 0) // 2)
    inside = middle <= pair.entries.start and pair.entries.end <= span.entries.end
    short = (pair.entries.days or 0) <= (span.entries.days or 0) / 4
    return inside and short and _sign(pair) * _sign(span) == -1 and group_within(pair.entries, span.entries)


def _tell_turn(span: Flows, turned: list[Flows]) -> Finding:
    first = min(turned, key=lambda pair: (pair.entries.end or date.max, pair.entries.known))
    days, length = span.entries.days or 1, first.entries.days or 1
    even = span.net / days * length
    residual = abs(first.net - even)
    when = window_text(first.entries)
    words = _direction(span.net), _direction(first.net)
    before = (span.net - first.net) / (days - length)
    people = f"{group_text(span.entries)}, {place_name(span.entries.place)}"
    return Finding(
        "turn",
        _distinct([*span.said, *(flow for pair in turned for flow in pair.said)]),
        residual,
        f"The sign has turned ({people}): {count(abs(span.net))} more {words[0]} over "
        f"{window_text(span.entries)}, but {count(abs(first.net))} more {words[1]} on {when}",
        f"{source_text(span.entries)}: {figure_text(span.entries)} came and {figure_text(span.exits)} left, "
        f"{window_text(span.entries)}: a net of {count(span.net)}, or {count(span.net / days)} a day. "
        f"{source_text(first.entries)}: {figure_text(first.entries)} came and {figure_text(first.exits)} left "
        f"on {when}: a net of {count(first.net)}.",
        (
            Trial(
                Reason.WINDOW,
                "Both can hold: the total covers the days before the turn. "
                f"Those other {days - length} days had a net of {count(span.net - first.net)}, "
                f"{count(before)} a day; the total no longer tells which way people move.",
                0.0,
                accepted=True,
            ),
        ),
        stake=residual,
    )


def _direction(net: float) -> str:
    return "came than left" if net > 0 else "left than came"

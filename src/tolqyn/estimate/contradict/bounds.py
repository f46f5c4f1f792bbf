"""Statements whose bounds exclude each other: a part larger than its whole, two figures for one count.

Counts over time are additive and not negative, so a window within a window, a group within a
group, or a region within its country cannot hold more people than the whole. Each odd one out makes one finding, however many
statements it clashes with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from tolqyn.claims import Measure
from tolqyn.estimate.case import Reason
from tolqyn.estimate.contradict.context import Context
from tolqyn.estimate.contradict.finding import Finding, reason_of
from tolqyn.estimate.contradict.reasons import Clash, try_reasons
from tolqyn.estimate.contradict.said import Said, gap, home_of
from tolqyn.estimate.contradict.words import (
    capital,
    count,
    figure_text,
    quantity_text,
    statement_text,
    window_text,
)

__all__ = ["find_bounds"]

_SHOWN = 3  # statements quoted in full in one explanation


@dataclass(slots=True, eq=False)
class _Node:
    """Statements of one quantity that agree with each other."""

    members: list[Said]
    clashes: dict[_Node, float]

    @property
    def speaker(self) -> Said:
        return min(self.members, key=lambda said: (said.known, said.statement.id))


def find_bounds(context: Context) -> list[Finding]:
    """Statements that cannot hold together with the bounds that others set, odd one out first."""
    clashes: list[Clash] = []
    for members in _within_one_country(context):
        closed = [one for one in members if one.start is not None and not one.per_day]
        for batch in (closed, *_open_windows(members)):
            nodes = _nodes(batch)
            _join_clashing(nodes)
            clashes += _odd_ones_out(nodes)
    return _join_sayings([_tell(clash, context) for clash in _join_twins(clashes)])


def _within_one_country(context: Context) -> Iterable[list[Said]]:
    """Statements of one measure, kind and unit, of a country and its regions and checkpoints."""
    batches: defaultdict[tuple[object, ...], list[Said]] = defaultdict(list)
    for (place, *what), members in context.by_family.items():
        batches[home_of(place), *what] += members
    return batches.values()


def _open_windows(members: list[Said]) -> list[list[Said]]:
    """Statements in one breath whose windows have one end and no start: whatever it is, it is one window.

    They are put on one day, so that they can be set against each other and nothing else.
    """
    batches: dict[tuple[object, ...], list[Said]] = {}
    for said in members:
        day = said.end
        if said.start is None and day is not None and not said.per_day:
            key = (said.source or said.carrier, said.claim.known, day, said.end_known)
            batches.setdefault(key, []).append(replace(said, start=day, end_known=True))
    return [batch for batch in batches.values() if len(batch) > 1]


def _nodes(members: Iterable[Said]) -> list[_Node]:
    """Agreeing statements of one quantity, joined."""
    quantities: defaultdict[tuple[object, ...], list[_Node]] = defaultdict(list)
    for said in sorted(members, key=lambda one: (one.figure, one.known, one.statement.id)):
        quantity = (said.place, said.group, said.counterpart, said.start, said.end, said.end_known)
        for node in quantities[quantity]:
            if all(said.low <= other.high and other.low <= said.high for other in node.members):
                node.members.append(said)
                break
        else:
            quantities[quantity].append(_Node([said], {}))
    return [node for nodes in quantities.values() for node in nodes]


def _join_clashing(nodes: list[_Node]) -> None:
    """Enter each clash in both its nodes.

    Sorted by least count, so that a whole is set only against parts that could exceed it.
    """
    speakers = sorted(
        ((said, node) for node in nodes for said in node.members), key=lambda pair: -pair[0].low
    )
    closed = [(said, node) for said, node in speakers if said.start and said.end]
    lows = np.array([-said.low for said, _ in closed])
    starts = np.array([said.start.toordinal() for said, _ in closed if said.start])
    ends = np.array([said.end.toordinal() for said, _ in closed if said.end])
    for whole, node in closed:
        assert whole.start is not None
        assert whole.end is not None
        larger = int(np.searchsorted(lows, -whole.high, side="left"))
        inside = (starts[:larger] >= whole.start.toordinal()) & (ends[:larger] <= whole.end.toordinal())
        for n in np.flatnonzero(inside):
            part, other = closed[n]
            _enter(node, other, gap(part, whole))


def _enter(one: _Node, other: _Node, persons: float) -> None:
    if persons > 0 and one is not other:
        one.clashes[other] = other.clashes[one] = max(persons, one.clashes.get(other, 0.0))


def _odd_ones_out(nodes: list[_Node]) -> list[Clash]:
    """The fewest statements that, set aside, leave no clash: each time the one that clashes most."""
    clashes = []
    open_nodes = [node for node in nodes if node.clashes]
    while open_nodes:
        odd = max(
            open_nodes,
            key=lambda node: (len(node.clashes), sum(node.clashes.values()), node.speaker.statement.id),
        )
        others = sorted(odd.clashes, key=lambda node: (-odd.clashes[node], node.speaker.statement.id))
        clashes.append(Clash.of(odd.members, [node.members for node in others], max(odd.clashes.values())))
        for node in others:
            del node.clashes[odd]
        odd.clashes.clear()
        open_nodes = [node for node in open_nodes if node.clashes]
    return clashes


def _join_twins(clashes: list[Clash]) -> list[Clash]:
    """Clashes that are one story: two odd figures for one count, set against the same statements."""
    joined: dict[tuple[object, ...], Clash] = {}
    for clash in clashes:
        others = frozenset(said.statement.id for node in clash.others for said in node)
        odd = clash.odd[0]
        key = (odd.place, odd.group, odd.statement.claim.unit, odd.statement.claim.window, others)
        first = joined.get(key)
        joined[key] = (
            clash
            if first is None
            else Clash.of(first.odd + clash.odd, first.others, max(first.residual, clash.residual))
        )
    return list(joined.values())


def _join_sayings(findings: list[Finding]) -> list[Finding]:
    """One finding for what is one story: entries and exits of one saying, or a source's unfinished days."""
    stories: defaultdict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        stories[_story_of(finding)].append(finding)
    return [_as_one(alike) for alike in stories.values()]


def _story_of(finding: Finding) -> tuple[object, ...]:
    odd, reason = finding.said[0], reason_of(finding)
    if (
        odd.source is None
        or odd.measure not in {Measure.ENTRIES, Measure.EXITS}
        or reason is Reason.UNEXPLAINED
    ):
        return (odd.statement.id,)
    if reason is Reason.REVISION and odd.days == 1:
        return odd.place, odd.group, odd.source, reason
    return odd.place, odd.group, odd.source, odd.claim.known, odd.claim.window, reason


def _as_one(alike: list[Finding]) -> Finding:
    """The largest clash, which names the smaller ones too."""
    large, *small = sorted(alike, key=lambda finding: (-finding.residual, finding.title))
    if not small:
        return large
    named = "; ".join(finding.title for finding in small[:_SHOWN])
    more = f"; and {len(small) - _SHOWN} more" if len(small) > _SHOWN else ""
    return replace(
        large,
        title=f"{large.title}, and {len(small)} more like it",
        said=tuple(said for finding in (large, *small) for said in finding.said),
        story=f"{large.story} The same goes for: {named}{more}.",
        evidence=tuple(said for finding in (large, *small) for said in finding.evidence),
    )


def _tell(clash: Clash, context: Context) -> Finding:
    """The finding in words, with its reasons tried."""
    odd = clash.speaker
    others = clash.opponents
    trials, evidence = try_reasons(clash, context)
    same = _one_quantity(odd, others[0])
    if same:
        title = (
            f"{capital(quantity_text(odd))}, {window_text(odd)}: "
            f"{figure_text(odd)} or {figure_text(others[0])}?"
        )
        link = "Both are said of the same people and the same days; the figures are"
    else:
        whose = "" if _same_people(odd, others[0]) else f"{quantity_text(others[0])}, "
        title = (
            f"{capital(quantity_text(odd))}: {figure_text(odd)} ({window_text(odd)}) "
            f"cannot hold with {whose}{figure_text(others[0])} ({window_text(others[0])})"
        )
        link = "One count lies within the other, and a part cannot exceed its whole; the figures are"
    told = "; ".join(
        statement_text(said) if _same_people(odd, said) else f"{quantity_text(said)}: {statement_text(said)}"
        for said in others[:_SHOWN]
    )
    more = f"; and {len(clash.others) - _SHOWN} more" if len(clash.others) > _SHOWN else ""
    story = (
        f"{capital(quantity_text(odd))}: {statement_text(odd)}. Against it: {told}{more}. "
        f"{link} {count(clash.residual)} persons apart."
    )
    said = (
        odd,
        *(one for one in clash.odd if one is not odd),
        *(one for node in clash.others for one in node),
    )
    return Finding("bounds", said, clash.residual, title, story, trials, evidence)


def _one_quantity(one: Said, other: Said) -> bool:
    return _same_people(one, other) and (one.start, one.end) == (other.start, other.end)


def _same_people(one: Said, other: Said) -> bool:
    return (one.place, one.group) == (other.place, other.group)

"""What every search and every reason may look at: all statements, indexed, and the estimate if there is one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Measure, Qualifier
from tolqyn.errors import EstimateError
from tolqyn.estimate.contradict.said import Said
from tolqyn.estimate.posterior import Posterior, Stream
from tolqyn.situation import Situation

__all__ = ["Context", "Flows", "context_of", "family", "same_saying", "series"]

Family = tuple[str, Measure, str | None, str]
Series = tuple[Family, str | None, str, date | None]


@dataclass(frozen=True, slots=True)
class Flows:
    """Entries and exits of one group over one window, stated together."""

    entries: Said
    exits: Said

    @property
    def net(self) -> float:
        """Entries minus exits as stated."""
        return self.entries.figure - self.exits.figure

    @property
    def said(self) -> tuple[Said, Said]:
        """Both statements."""
        return self.entries, self.exits


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """All statements read at face value, indexed so that no search looks at every pair.

    Attributes:
        by_family: statements of one place, measure, kind and unit.
        by_figure: statements of one place and one stated figure.
        by_series: one source's statements of one quantity since one day, in order of their ends.
        flows: entries and exits stated together, by place and group, earliest said first.
    """

    said: tuple[Said, ...]
    situation: Situation
    posterior: Posterior | None
    by_family: dict[Family, list[Said]]
    by_figure: dict[tuple[str, float], list[Said]]
    by_series: dict[Series, list[Said]]
    flows: dict[tuple[str, str], list[Flows]]

    def same_figure(self, said: Said) -> list[Said]:
        """Other statements about the place with the very same figure."""
        if said.claim.value is None:
            return []
        return [other for other in self.by_figure[said.place, said.claim.value] if other is not said]

    def estimated(self, said: Said, measure: str, start: date, end: date) -> NDArray[np.float64] | None:
        """Draws of a flow of the statement's people over a window; None where it was not estimated or is unknown."""
        if self.posterior is None:
            return None
        if Stream(measure, said.place, said.group, kind=said.kind) in self.posterior.unknown:
            return None
        try:
            return self.posterior.window(measure, said.place, said.group, start, end, kind=said.kind)
        except EstimateError:
            return None

    def events_between(self, start: date, end: date) -> list[date]:
        """Days of the situation's events within a span."""
        return [event.date for event in self.situation.events if start <= event.date <= end]

    def ordinary_a_day(self, said: Said) -> float | None:
        """Persons a day before the first event, from the longest window stated; None if none was.

        A window counts if nine tenths of its days lie before the event and it spans at least 30.
        """
        first = self.situation.events[0].date if self.situation.events else None
        best: tuple[int, float] | None = None
        for other in self.by_family[family(said)]:
            days = other.days
            if first is None or days is None or days < 30 or not other.end_known or other.group != said.group:
                continue
            assert other.start is not None
            before = min(days, (first - other.start).days)
            if before >= 0.9 * days and (best is None or days > best[0]):
                best = days, other.figure / days
        return best[1] if best else None


def family(said: Said) -> Family:
    """What must agree before two statements can be set against each other."""
    return said.place, said.measure, said.kind, said.unit


def series(said: Said) -> Series:
    """What one source goes on counting from one day."""
    return family(said), said.source, said.group, said.start


def same_saying(one: Said, other: Said) -> bool:
    """Whether two figures were given in one breath: by one source on one day, or on one page.

    Any mention tells: of two that carry the figure, one may have the day of saying wrong.
    """
    days = {claim.known for claim in one.statement.claims} & {c.known for c in other.statement.claims}
    if one.source != other.source or not days:
        return False
    return one.carrier == other.carrier or (one.source is not None and days != {None})


def context_of(said: Sequence[Said], situation: Situation, posterior: Posterior | None) -> Context:
    """The statements, indexed."""
    by_family: defaultdict[Family, list[Said]] = defaultdict(list)
    by_figure: defaultdict[tuple[str, float], list[Said]] = defaultdict(list)
    by_series: defaultdict[Series, list[Said]] = defaultdict(list)
    for one in sorted(said, key=lambda each: (each.end or date.max, each.known, each.statement.id)):
        by_series[series(one)].append(one)
    for one in said:
        by_family[family(one)].append(one)
        if one.claim.value is not None:
            by_figure[one.place, one.claim.value].append(one)
    return Context(tuple(said), situation, posterior, by_family, by_figure, by_series, _flows(said))


def _flows(said: Sequence[Said]) -> dict[tuple[str, str], list[Flows]]:
    exits: defaultdict[object, list[Said]] = defaultdict(list)
    for one in said:
        if one.measure is Measure.EXITS and _is_count(one):
            exits[_place_of_flow(one)].append(one)
    found: defaultdict[tuple[str, str], list[Flows]] = defaultdict(list)
    for one in said:
        if one.measure is not Measure.ENTRIES or not _is_count(one):
            continue
        together = [other for other in exits[_place_of_flow(one)] if same_saying(one, other)]
        if together:
            found[one.place, one.group].append(
                Flows(one, min(together, key=lambda other: _apart(one, other)))
            )
    for pairs in found.values():
        pairs.sort(key=lambda pair: (pair.entries.known, pair.entries.statement.id))
    return found


def _apart(one: Said, other: Said) -> tuple[bool, bool, int, int, str]:
    """How far apart two figures were given: another speaker, another page, characters between them.

    Of figures equally near the one that most carry is meant, not a slip of one writer.
    """
    elsewhere = one.carrier != other.carrier
    between = 0 if elsewhere else abs((one.claim.start or 0) - (other.claim.start or 0))
    another = one.claim.speaker != other.claim.speaker
    return another, elsewhere, between, -other.statement.mentions, other.statement.id


def _is_count(said: Said) -> bool:
    """Whether a figure can be added and subtracted: a count or the rate of one day, not a mere limit."""
    is_rate = "/" in said.claim.unit
    limit = said.claim.qualifier in {Qualifier.UP_TO, Qualifier.UNDER, Qualifier.ORDER}
    return not limit and (not is_rate or said.days == 1)


def _place_of_flow(said: Said) -> tuple[object, ...]:
    return said.place, said.group, said.unit, said.start, said.end, said.end_known, said.per_day

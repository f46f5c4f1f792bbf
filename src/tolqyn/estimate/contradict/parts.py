"""Parts that do not make up their whole: days, regions, checkpoints, groups or destinations against all of them.

Nobody is counted in two of the parts, so together they cannot exceed the whole. They can fall short of it only where
nothing is left over: days that fill the window, own citizens and foreigners of everybody, or a list of regions that
its source has shown to be all of them, by a sum that came out for other days.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tolqyn.claims import Measure
from tolqyn.estimate.case import Reason, Trial
from tolqyn.estimate.contradict.context import Context
from tolqyn.estimate.contradict.finding import Finding
from tolqyn.estimate.contradict.reasons import coarsely_rounded, slips
from tolqyn.estimate.contradict.said import (
    Said,
    citizenship_of,
    digits_that_count,
    gap,
    group_within,
    home_of,
    place_within,
    quantity_of,
)
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
from tolqyn.places import settled

__all__ = ["find_parts"]

_Key = tuple[str, str | None]

_SHOWN = 3  # parts named in one explanation
_LEFT = 0.1  # share of the clash that an accepted reason may leave
_COMES_OUT = 0.03  # of the whole: so near is a list that names all parts
_MENDED = 0.005  # and so near a sum in which the one wrong figure was found: among many some slip fits nearly


@dataclass(frozen=True, slots=True)
class _Sum:
    """Parts beside their whole.

    `axis` is what tells the parts apart: days, regions, checkpoints, groups or destinations; `full`
    is whether nothing of the whole is left beside them.
    """

    whole: Said
    parts: tuple[Said, ...]
    axis: str
    full: bool

    @property
    def figure(self) -> float:
        """What the parts add up to as stated."""
        return sum(part.figure for part in self.parts)

    @property
    def excess(self) -> float:
        """Persons by which the parts exceed the whole, or fall short of it; 0 where they can make it up."""
        least = sum(part.low for part in self.parts)
        most = sum(part.high for part in self.parts)
        if least > self.whole.high or (self.full and most < self.whole.low):
            return abs(self.figure - self.whole.figure)
        return 0.0

    @property
    def comes_out(self) -> bool:
        """Whether the parts make up the whole, so that they are all of it."""
        return not self.excess and abs(self.figure - self.whole.figure) <= _COMES_OUT * self.whole.figure


def find_parts(context: Context, told: Sequence[Finding]) -> list[Finding]:
    """Wholes that their parts exceed, or do not reach though nothing else is left; one finding for each whole.

    A figure that another finding is about is neither part nor whole here.
    """
    odd = {quantity_of(finding.said[0]) for finding in told}
    counts = [one for one in context.said if _adds_up(one) and quantity_of(one) not in odd]
    sums = [*_over_days(counts), *_side_by_side(counts)]
    worst: dict[str, _Sum] = {}
    for one in sums:
        alone = any(gap(part, one.whole) for part in one.parts)
        before = worst.get(one.whole.statement.id)
        if one.excess and not alone and (before is None or one.excess > before.excess):
            worst[one.whole.statement.id] = one
    return [_tell(one) for one in worst.values()]


def _adds_up(said: Said) -> bool:
    """Whether a count can be added to others: never negative, of days that are known."""
    return said.measure is not Measure.NET and said.start is not None and said.end_known and not said.per_day


# days


def _over_days(counts: Iterable[Said]) -> Iterator[_Sum]:
    """For each window, the windows within it that share no day and hold the most people, and those that fill it."""
    series: defaultdict[tuple[object, ...], list[Said]] = defaultdict(list)
    for said in counts:
        if said.measure is not Measure.STOCK:
            series[quantity_of(said)[:-2]].append(said)
    for told in series.values():
        told.sort(key=lambda one: (_end(one), -_start(one).toordinal(), one.known, one.statement.id))
        starts = {_start(one) for one in told if (one.days or 0) > 1}
        for start in sorted(starts):
            yield from _from_one_day(start, [one for one in told if _start(one) >= start])


def _from_one_day(start: date, told: Sequence[Said]) -> Iterator[_Sum]:
    """The sums of all windows that begin on a day.

    Args:
        start: the day.
        told: statements that begin no earlier, in the order of their ends, of those that end together the longest last.
    """
    most, filled = _Chains(start, full=False), _Chains(start, full=True)
    same: list[Said] = []  # of one whole window, which is no part of itself
    for said in told:
        if same and (_start(said) != start or _end(said) != _end(same[0])):
            most.add(same)
            filled.add(same)
            same = []
        if _start(said) != start:
            most.add([said])
            filled.add([said])
            continue
        same.append(said)
        for chosen, full in ((most.within(said), False), (filled.within(said), True)):
            if len(chosen) > 1:
                yield _Sum(said, chosen, "days", full)


class _Chains:
    """The best chain of windows from one day on, none sharing a day with the next.

    Args:
        start: where chains begin.
        full: whether they must leave out no day; then the greatest count that they allow is kept, else the
            greatest of their least counts.
    """

    def __init__(self, start: date, *, full: bool) -> None:
        self._start, self._full = start, full
        self._ends: list[date] = []
        self._best: list[tuple[float, Said, int]] = []  # worth, last link, place of the one before it

    def _before(self, day: date) -> int:
        """Place of the best chain that ends before a day, on its eve if none may be left out; -1 where there is none."""
        at = bisect_left(self._ends, day) - 1
        return at if at < 0 or not self._full or self._ends[at] == day - timedelta(1) else -1

    def _worth(self, said: Said) -> tuple[float, int] | None:
        """Of the best chain that ends in a statement, and where the rest of it stands; None if there is no such chain."""
        at = self._before(_start(said))
        if self._full and at < 0 and _start(said) != self._start:
            return None
        own = said.high if self._full else said.low
        return own + (self._best[at][0] if at >= 0 else 0.0), at

    def add(self, told: Iterable[Said]) -> None:
        """More statements; none ends before those that are there."""
        for said in told:
            end, found = _end(said), self._worth(said)
            if found is None:
                continue
            worth, at = found
            if self._ends and self._ends[-1] == end:
                if worth > self._best[-1][0]:
                    self._best[-1] = worth, said, at
            elif self._full or not self._best or worth > self._best[-1][0]:
                self._ends.append(end)
                self._best.append((worth, said, at))

    def within(self, whole: Said) -> tuple[Said, ...]:
        """The links of the best chain within a window, of the statements that are there."""
        at = self._before(_end(whole) + timedelta(1))
        links = []
        while at >= 0:
            _, said, at = self._best[at]
            links.append(said)
        return tuple(reversed(links))


def _start(said: Said) -> date:
    assert said.start is not None
    return said.start


def _end(said: Said) -> date:
    assert said.end is not None
    return said.end


# regions, groups, destinations


def _side_by_side(counts: Sequence[Said]) -> Iterator[_Sum]:
    """For each whole, its parts of the same days that nobody can be in two of."""
    same_days: defaultdict[tuple[object, ...], list[Said]] = defaultdict(list)
    for said in counts:
        same_days[home_of(said.place), said.measure, said.kind, said.unit, said.start, said.end].append(said)
    sums = [one for told in same_days.values() if len(told) > 2 for one in _divided(told)]
    complete = _complete_lists(sums)
    for one in sums:
        key = one.axis, *quantity_of(one.whole)[:-2], one.whole.source
        names = {_name(part, one.axis) for part in one.parts}
        full = one.full or any(listed <= names for listed in complete.get(key, ()))
        yield replace(one, full=full)


def _divided(told: Sequence[Said]) -> Iterator[_Sum]:
    """The sums by which statements of the same days are divided: by regions, checkpoints, groups and destinations."""
    by_place, by_group, by_end = (
        _alike(told, lambda one: (one.group, one.counterpart)),
        _alike(told, lambda one: (one.place, one.counterpart)),
        _alike(told, lambda one: (one.place, one.group)),
    )
    for whole in told:
        if whole.place == home_of(whole.place):
            inside = [
                one
                for one in by_place[whole.group, whole.counterpart]
                if one.place != whole.place and place_within(one, whole)
            ]
            for kind in ("region", "checkpoint"):
                yield from _sum_of(
                    whole, [one for one in inside if settled()[one.place].kind == kind], f"{kind}s"
                )
        if whole.group in {"any", "foreign"}:
            groups = [
                one
                for one in by_group[whole.place, whole.counterpart]
                if one.group != whole.group
                and group_within(one, whole)
                and one.group in {"foreign", citizenship_of(one.group)}
            ]
            yield from _sum_of(whole, groups, "groups")
        if whole.counterpart is None:
            ends = [
                one
                for one in by_end[whole.place, whole.group]
                if one.counterpart and citizenship_of(one.counterpart) == one.counterpart
            ]
            yield from _sum_of(whole, ends, "destinations")


def _alike(told: Iterable[Said], key: Callable[[Said], _Key]) -> defaultdict[_Key, list[Said]]:
    found: defaultdict[_Key, list[Said]] = defaultdict(list)
    for said in told:
        found[key(said)].append(said)
    return found


def _sum_of(whole: Said, parts: Iterable[Said], axis: str) -> Iterator[_Sum]:
    chosen = _one_of_each(parts, axis)
    names = {_name(part, axis) for part in chosen}
    everybody = axis == "groups" and whole.group == "any" and names == {"foreign", home_of(whole.place)}
    if len(chosen) > 1:
        yield _Sum(whole, chosen, axis, everybody)


def _name(part: Said, axis: str) -> str:
    """What tells a part from the others."""
    return {"groups": part.group, "destinations": part.counterpart or ""}.get(axis, part.place)


def _one_of_each(parts: Iterable[Said], axis: str) -> tuple[Said, ...]:
    """For each part the figure that claims least; of foreigners and their citizenships either the one or the others."""
    least: dict[str, Said] = {}
    for part in parts:
        name = _name(part, axis)
        if name not in least or (part.low, part.statement.id) < (least[name].low, least[name].statement.id):
            least[name] = part
    if axis == "groups" and "foreign" in least:
        home = home_of(least["foreign"].place)
        least = {name: part for name, part in least.items() if name in {"foreign", home}}
    return tuple(sorted(least.values(), key=lambda part: (-part.figure, part.statement.id)))


def _complete_lists(sums: Iterable[_Sum]) -> Mapping[tuple[object, ...], list[set[str]]]:
    """Lists of parts that are all of their whole, since one source's sum of them came out."""
    found: defaultdict[tuple[object, ...], list[set[str]]] = defaultdict(list)
    for one in sums:
        of_one = one.whole.source is not None and {part.source for part in one.parts} == {one.whole.source}
        if of_one and one.comes_out:
            key = one.axis, *quantity_of(one.whole)[:-2], one.whole.source
            found[key].append({_name(part, one.axis) for part in one.parts})
    return found


# in words


def _tell(one: _Sum) -> Finding:
    whole, parts, residual = one.whole, one.parts, one.excess
    above = one.figure > whole.figure
    side = "more than the whole" if above else "short of the whole, though nothing else is left"
    largest = sorted(parts, key=lambda part: (-part.figure, part.statement.id))
    named = "; ".join(_part_text(part, one.axis) for part in largest[:_SHOWN])
    more = f"; and {len(parts) - _SHOWN} more" if len(parts) > _SHOWN else ""
    what = {"days": "shorter windows"}.get(one.axis, one.axis)
    verb = "add up to" if above else "make only"
    return Finding(
        "parts",
        (whole, *largest),
        residual,
        f"{capital(quantity_text(whole))}, {window_text(whole)}: {figure_text(whole)} in all, but {len(parts)} {what} "
        f"{verb} {count(one.figure)}",
        f"{capital(statement_text(whole))}. Its parts: {named}{more}. Together they are {count(one.figure)}, "
        f"{count(residual)} persons {side}.",
        _trials(one),
    )


def _part_text(part: Said, axis: str) -> str:
    """A part in a clause: its name, its figure, who says it."""
    name = {
        "days": days_text(part.start, part.end),
        "groups": group_text(part),
        "destinations": place_name(part.counterpart or ""),
    }.get(axis, part.place)
    return f"{name} {figure_text(part)}, {source_text(part)}"


def _trials(one: _Sum) -> tuple[Trial, ...]:
    """What may explain that the parts do not make up the whole, each with what it leaves."""
    return tuple(
        Trial(reason, *(best or (none, one.excess)), bool(best and best[1] < _LEFT * one.excess))
        for reason, none, options in (
            (Reason.ARITHMETIC, "No part is told twice.", _told_twice(one)),
            (Reason.ROUNDING, "The figures are not so round.", _rounded(one)),
            (Reason.REVISION, "No source took its figure back.", _revised(one)),
            (Reason.ERROR, "No usual slip in one figure makes the sum come out.", _slipped(one)),
        )
        for best in [min(options, key=lambda option: option[1], default=None)]
    )


def _told_twice(one: _Sum) -> Iterator[tuple[str, float]]:
    """A part that is itself a sum of others, or of which they are parts: without it the sum comes out."""
    if one.figure < one.whole.figure or len(one.parts) < 3:
        return
    for part in one.parts:
        rest = one.figure - part.figure
        if abs(rest - one.whole.figure) > _MENDED * one.whole.figure:
            continue
        yield (
            (
                f"Without {_part_text(part, one.axis)}, the parts make {count(rest)}: it is told twice, or is itself the sum "
                "of others."
            ),
            abs(rest - one.whole.figure),
        )


def _rounded(one: _Sum) -> Iterator[tuple[str, float]]:
    """All figures rounded more coarsely than is usual."""
    figures = [coarsely_rounded(said) or said for said in (one.whole, *one.parts)]
    if figures != [one.whole, *one.parts]:
        coarse = replace(one, whole=figures[0], parts=tuple(figures[1:]))
        yield "The figures are round, and may stand for anything nearest to them.", coarse.excess


def _revised(one: _Sum) -> Iterator[tuple[str, float]]:
    """The whole said again, as a sum of parts, by its source; or parts that a later whole takes in."""
    sources = {said.source for said in (one.whole, *one.parts)}
    known = [part.known for part in one.parts]
    later = min(known) > one.whole.known or max(known) < one.whole.known
    near = 2 / 3 <= one.figure / max(one.whole.figure, 1.0) <= 3 / 2
    if None in sources or len(sources) > 1 or not later or not near or date.max in (*known, one.whole.known):
        return
    first, then = ("the whole", "its parts") if min(known) > one.whole.known else ("the parts", "their whole")
    yield (
        (
            f"{source_text(one.whole)} gave {first} first and {then} later, and may have counted anew in between. "
            "The later one holds."
        ),
        0.0,
    )


def _slipped(one: _Sum) -> Iterator[tuple[str, float]]:
    """One figure written wrongly."""
    for said in (one.whole, *one.parts):
        if len(digits_that_count(said.figure)) < 2:
            continue
        others = one.figure - one.whole.figure - (0.0 if said is one.whole else said.figure)
        for value, slip in slips(said.figure):
            left = abs(one.figure - value if said is one.whole else others + value)
            if left > _MENDED * one.figure:
                continue
            yield (
                (
                    f"A slip of the pen: {slip}, {count(said.figure)} for {count(value)} ({_slip_text(said, one)}). "
                    "With it the sum comes out."
                ),
                left,
            )


def _slip_text(said: Said, one: _Sum) -> str:
    return "the whole" if said is one.whole else _part_text(said, one.axis)
